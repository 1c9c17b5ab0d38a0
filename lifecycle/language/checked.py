"""A workflow with everything that is to be said about it: read, defined, compiled and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lifecycle.core.workflow import Workflow
from lifecycle.language.carried import Way, carried_table
from lifecycle.language.check import all_problems
from lifecycle.language.compile import Compilation, compile_workflow
from lifecycle.language.folders import Folder
from lifecycle.language.loading import Loaded, load
from lifecycle.problems import InvalidWorkflow, Problem, UnknownWorkflow


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One workflow file. problems: all of them, in file order."""

    file: str
    loaded: Loaded
    compilation: Compilation | None
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        """Whether it can be published: no error."""
        return not any(problem.level == "error" for problem in self.problems)

    @property
    def digest(self) -> str:
        return self.loaded.bundle.digest

    @property
    def titles(self) -> Mapping[str, str]:
        return self.loaded.definition.text.titles if self.loaded.definition else {}

    @property
    def version(self) -> int:
        return self.loaded.definition.text.version if self.loaded.definition else 0

    def workflow_or_problems(self) -> Workflow:
        """Return the compiled workflow.

        Raises  InvalidWorkflow with every problem, when one is an error
        """
        if not self.sound or self.compilation is None or self.compilation.workflow is None:
            raise InvalidWorkflow(self.problems)
        return self.compilation.workflow

    def carried(self, lang: str) -> list[tuple[str, str, Way | str, str, str]]:
        """Return rows (rule, its title, way, path, the element's title): how each declared rule is carried."""
        return list(carried_table(self.loaded.definition, lang)) if self.loaded.definition else []

    @cached_property
    def texts(self) -> dict[str, str]:
        return dict(self.loaded.bundle.texts)


def check_workflow(name_or_path: str, folder: Folder) -> Checked:
    """Return a workflow of a folder, or a file by its path, with all its problems.

    Raises  UnknownWorkflow
    """
    loaded = load(name_or_path, folder)
    file = folder.file(loaded.bundle.name)
    if loaded.definition is None:
        return Checked(file=file, loaded=loaded, compilation=None, problems=loaded.problems)
    compilation = compile_workflow(loaded.definition, loaded.bundle.digest)
    problems = all_problems(loaded, compilation, misnamed(loaded))
    return Checked(file=file, loaded=loaded, compilation=compilation, problems=problems)


def misnamed(loaded: Loaded) -> list[Problem]:
    """Return the problem of a workflow whose name is not its file's: it could never be found by its name."""
    definition = loaded.definition
    if definition is None or definition.is_broken("workflow") or definition.text.workflow == loaded.bundle.name:
        return []
    values = {"workflow": definition.text.workflow, "file": loaded.bundle.name}
    return [Problem(code="workflow-misnamed", where=definition.place("workflow"), values=values)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Publishable:
    """A sound workflow with the text that would be published."""

    workflow: Workflow
    digest: str
    files: dict[str, str]


def publishable(name: str, folder: Folder) -> Publishable | None:
    """Return a workflow as it would be published; None when the folder has none of that name.

    Raises  InvalidWorkflow with every problem: an error of the check, or a title that is missing
    """
    try:
        checked = check_workflow(name, folder)
    except UnknownWorkflow:
        return None
    untitled = [
        Problem(code=p.code, level="error", where=p.where, values=p.values)
        for p in checked.problems
        if p.code == "title-missing"
    ]
    if untitled:
        raise InvalidWorkflow([*(p for p in checked.problems if p.code != "title-missing"), *untitled])
    return Publishable(workflow=checked.workflow_or_problems(), digest=checked.digest, files=checked.texts)

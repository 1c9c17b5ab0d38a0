"""A published workflow, compiled again from its texts; it was checked when it was published."""

from __future__ import annotations

from collections.abc import Mapping

from lifecycle.core.workflow import Workflow
from lifecycle.language.compile import compile_workflow
from lifecycle.language.folders import Bundle
from lifecycle.language.loading import load_bundle
from lifecycle.problems import InvalidWorkflow, Place, Problem


def compile_published(name: str, files: Mapping[str, str]) -> Workflow:
    """Return the compiled workflow of a published text.

    files   file name -> text, as they were published

    Raises  InvalidWorkflow when this program cannot read it any more
    """
    bundle = Bundle(name=name, texts=files)
    loaded = load_bundle(bundle)
    if loaded.definition is None:
        raise InvalidWorkflow(loaded.problems)
    compilation = compile_workflow(loaded.definition, bundle.digest)
    if compilation.workflow is None:
        raise InvalidWorkflow(loaded.problems or [Problem(code="workflow-unreadable", where=Place(file=name))])
    return compilation.workflow

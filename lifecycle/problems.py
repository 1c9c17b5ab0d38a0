"""What can be wrong: faults in documents and input, causes of a business no, broken promises.

A problem carries a stable code and the values of its sentence, never the sentence itself: the
outermost room words it from `lifecycle.texts`, in Chinese or English.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

Level = Literal["error", "warning", "note"]
Text = Mapping[str, str]
"""One text in each language: {"zh": ..., "en": ...}."""


class ExitCode(IntEnum):
    """How a command ended (design, section 9)."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    CONFLICT = 3
    UNKNOWN = 4
    DAMAGED = 5
    UNREACHABLE = 6
    INTERRUPTED = 130


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where something stands: a place in a file, a path in its document, or a field of a form.

    line, column  from 1; 0 when the place has no line (a form field, a command line option)
    path          dotted path in the document, "machines.repair.states.reported", or a field's name
    source        the offending line itself, without its newline; "" when unknown
    """

    file: str = ""
    line: int = 0
    column: int = 0
    path: str = ""
    source: str = ""

    def __str__(self) -> str:
        if self.file and self.line:
            return f"{self.file}:{self.line}:{self.column}"
        return self.file or self.path


NOWHERE = Place()


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """A fault in a document or an input.

    code    kebab-case, listed in docs/reference/problems.md
    values  fill the placeholders of the code's text and hint in `lifecycle/texts/{zh,en}.toml`
    hint    a key of its own hint text when it differs from the code's; "" takes the code's hint, if any
    """

    code: str
    level: Level = "error"
    where: Place = NOWHERE
    values: Mapping[str, object] = field(default_factory=dict)
    hint: str = ""
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One cause of a refusal.

    code              "wrong-state", "wrong-role", "field-missing", "guard" ...
    text              a designer's own words (the guard's `else`); None when the code's catalogue text speaks
    where             place in the workflow file, or the form's field
    actual, required  the value found and the one wanted, as JSON values; never a personal one
    values            fill the placeholders of the catalogue text
    """

    code: str
    text: Text | None = None
    where: Place = NOWHERE
    values: Mapping[str, object] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    actual: object = None
    required: object = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """A business no, with every reason in the order of the file.

    reasons  never empty
    winner   the event (its JSON form) that was committed first, when this command lost a race
    """

    reasons: tuple[Reason, ...]
    winner: Mapping[str, object] | None = None


class LifecycleError(Exception):
    """The base of this program's exceptions: a promise that could not be kept.

    code, values  word it from the catalogue, like a problem
    exit_code     what the command line answers
    """

    code = "failed"
    exit_code = ExitCode.REFUSED

    def __init__(self, **values: object) -> None:
        super().__init__(self.code + "".join(f" {name}={value!r}" for name, value in values.items()))
        self.values = values


class InvalidWorkflow(LifecycleError):
    """A workflow text that cannot be used.

    problems  all of them, in file order
    """

    code = "invalid-workflow"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems=len(problems))
        self.problems = tuple(problems)


class InvalidInput(LifecycleError):
    """An input that cannot be read: a bad time, a bad option value."""

    code = "invalid-input"
    exit_code = ExitCode.USAGE

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems=len(problems))
        self.problems = tuple(problems)


class RevisionConflict(LifecycleError):
    """The stream is not at the revision that the caller expected."""

    code = "revision-conflict"
    exit_code = ExitCode.CONFLICT

    def __init__(self, *, stream: str, expected: int, actual: int) -> None:
        super().__init__(stream=stream, expected=expected, actual=actual)
        self.expected = expected
        self.actual = actual


class CommandIdReused(LifecycleError):
    """A command id that stands for another body or another actor."""

    code = "command-id-reused"
    exit_code = ExitCode.CONFLICT


class EventTooLarge(LifecycleError):
    """An event beyond the size that a store keeps. Nothing was written.

    size, limit  bytes
    """

    code = "event-too-large"


class UnknownCase(LifecycleError):
    """No case, instance or workflow of that name is here."""

    code = "unknown-case"
    exit_code = ExitCode.UNKNOWN


class UnknownWorkflow(LifecycleError):
    """No workflow of that name or version is here."""

    code = "unknown-workflow"
    exit_code = ExitCode.UNKNOWN


class DamagedHistory(LifecycleError):
    """A stored event that is not what was written, or that this program is too old to read.

    position  of the first event concerned
    """

    code = "damaged-history"
    exit_code = ExitCode.DAMAGED


class NewerShape(DamagedHistory):
    """An event, head or store written by a newer program; nothing is guessed."""

    code = "newer-shape"


class StoreUnreachable(LifecycleError):
    """The store cannot be opened, is full, read-only or locked for too long. Nothing was written."""

    code = "store-unreachable"
    exit_code = ExitCode.UNREACHABLE


class OutcomeUnknown(StoreUnreachable):
    """The commit's answer was lost: ask again with the same command id."""

    code = "outcome-unknown"


class StoreStopped(StoreUnreachable):
    """A flush to disk failed once: this process writes no more (reliability, section 4.5)."""

    code = "store-stopped"

"""Decides conditions over the finite domains of what they read: booleans, choices, decisions, null, steps taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from math import prod

from lifecycle.core.workflow.papers import VOID
from lifecycle.expressions import BOOLEAN, TEXT, Compiled, Environment, Quiet, ValueType, choice, compile
from lifecycle.language.checks.subject import Subject
from lifecycle.language.sites import ExpressionSite

MOST = 10_000
"""Combinations that are tried; beyond, nothing is said."""

Value = str | bool | None
_TAKEN = (datetime(2000, 1, 1, tzinfo=UTC), "somebody")
_SOMETHING = "x"


@dataclass(frozen=True, kw_only=True, slots=True)
class Domains:
    """What a group of conditions reads. names: values of each; steps, plurals: asked by functions."""

    names: Mapping[str, tuple[ValueType, tuple[Value, ...]]]
    steps: tuple[str, ...]
    plurals: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many combinations there are."""
        return prod(len(values) for _, values in self.names.values()) << (len(self.steps) + len(self.plurals))


Outcome = tuple[bool | None, ...]
"""One combination's answers, condition by condition; None: the condition has no answer there."""


def outcomes(subject: Subject, sites: Sequence[ExpressionSite]) -> list[Outcome] | None:
    """Return the answers of some conditions of one step for every combination of what they read.

    Returns  None when a domain is not finite, too large, or a condition does not compile
    """
    domains = _domains(subject, sites)
    if domains is None:
        return None
    names = {name: of for name, (of, _) in domains.names.items()}
    never_null = [name for name, (_, values) in domains.names.items() if None not in values]
    environment = Environment(names, never_null)
    compiled = [compile(site.text, environment, BOOLEAN) for site in sites]
    ready = [one for one in compiled if isinstance(one, Compiled)]
    size = domains.size * len(sites)
    if len(ready) != len(sites) or not subject.may_spend(size):
        return None
    return [
        tuple(answer if isinstance(answer := one.holds(values, context), bool) else None for one in ready)
        for values, context in _combinations(domains)
    ]


def _combinations(domains: Domains) -> Iterator[tuple[dict[str, Value], Quiet]]:
    for values in product(*(values for _, values in domains.names.values())):
        given = dict(zip(domains.names, values, strict=True))
        for taken in product((False, True), repeat=len(domains.steps)):
            for ended in product((False, True), repeat=len(domains.plurals)):
                yield (
                    given,
                    Quiet(
                        taken={step: _TAKEN for step, was in zip(domains.steps, taken, strict=True) if was},
                        unfinished=frozenset(p for p, done in zip(domains.plurals, ended, strict=True) if not done),
                    ),
                )


def _domains(subject: Subject, sites: Sequence[ExpressionSite]) -> Domains | None:
    names: dict[str, tuple[ValueType, tuple[Value, ...]]] = {}
    steps: list[str] = []
    plurals: list[str] = []
    for site in sites:
        if site.row or (not site.reading.reads and not site.reading.functions):
            return None
        for function, _, _ in site.reading.functions:
            if function not in ("done", "ever", "all_final"):
                return None
        for found in site.reading.arguments:
            (plurals if found.function == "all_final" else steps).append(found.literal)
        for name in site.names:
            tests = [read.only_tested for other in sites for read in other.reading.reads if read.name == name]
            domain = _domain(subject, name, site, only_tested=all(tests))
            if domain is None:
                return None
            names[name] = domain
    steps, plurals = list(dict.fromkeys(steps)), list(dict.fromkeys(plurals))
    domains = Domains(names=names, steps=tuple(steps), plurals=tuple(plurals))
    return domains if domains.size <= MOST else None


def _domain(
    subject: Subject, name: str, site: ExpressionSite, *, only_tested: bool
) -> tuple[ValueType, tuple[Value, ...]] | None:
    head, _, rest = name.partition(".")
    if head in ("data", "case", "form"):
        return _field_domain(subject, name, rest, site, only_tested=only_tested)
    if head == "decision":
        return _decision_domain(subject, rest)
    if head == "paper":
        return _paper_domain(subject, rest)
    if head == "settings" and rest in subject.text.settings:
        return (BOOLEAN, (False, True)) if subject.text.settings[rest].is_ == "boolean" else None
    return None


def _field_domain(
    subject: Subject, name: str, field: str, site: ExpressionSite, *, only_tested: bool
) -> tuple[ValueType, tuple[Value, ...]] | None:
    entry = subject.text.fields.get(field)
    if entry is None:
        return None
    form = site.step.form if site.step is not None else {}
    surely = (field in form and form[field].needed) or name in subject.known(site)
    null: tuple[Value, ...] = () if surely else (None,)
    if entry.is_ == "boolean":
        return BOOLEAN, (False, True, *null)
    if entry.is_ in subject.text.types:
        values = tuple(subject.text.types[entry.is_])
        return choice(values), (*values, *null)
    return (TEXT, (_SOMETHING, *null)) if only_tested else None


def _paper_domain(subject: Subject, dotted: str) -> tuple[ValueType, tuple[Value, ...]] | None:
    name, _, word = dotted.partition(".")
    paper = subject.text.papers.get(name)
    if paper is None or word != "stage":
        return None
    stages = (*paper.stages, VOID)
    return choice(stages), (*stages, None)


def _decision_domain(subject: Subject, dotted: str) -> tuple[ValueType, tuple[Value, ...]] | None:
    table_name, _, output = dotted.partition(".")
    table = subject.text.tables.get(table_name)
    if table is None or table.hit in ("collect", "max"):
        return None
    given = [row.then.get(output) for row in table.rows]
    if table.default is not None:
        given.append(table.default.get(output))
    if not all(isinstance(value, bool) for value in given) and not all(isinstance(value, str) for value in given):
        return None
    if any(isinstance(value, str) and value.startswith("=") for value in given):
        return None
    values = tuple(value for value in dict.fromkeys(given) if isinstance(value, bool | str))
    return (BOOLEAN if isinstance(values[0], bool) else TEXT), (*values, None)

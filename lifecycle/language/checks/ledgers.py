"""Ledgers: verbs and amounts in their unit, accounts that somebody names, what is never posted, asked or settled."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.core.case.accounts import OWN
from lifecycle.core.workflow.ledgers import COUNT_VERBS, MONEY_VERBS, is_currency
from lifecycle.language.checks.subject import Subject
from lifecycle.language.ledgers import LedgerEntry
from lifecycle.language.posts import PostBody
from lifecycle.language.sites import place_inside
from lifecycle.problems import Problem


def posts(subject: Subject) -> Iterator[Problem]:
    """Yield `post-wrong-verb`, `post-needs-key` and `ledger-unit-mismatch`: entries that could never be made."""
    for effect in subject.outline.effects:
        ledger = subject.text.ledgers.get(effect.name)
        if ledger is None or not isinstance(effect.body, PostBody):
            continue
        body, name = effect.body, effect.name
        verbs = MONEY_VERBS if is_currency(ledger.unit) else COUNT_VERBS
        if body.verb not in verbs:
            at = f"{effect.at}.{body.verb}"
            yield subject.problem("post-wrong-verb", at, key=True, verb=body.verb, ledger=name, unit=ledger.unit)
            continue
        if ledger.of not in OWN and body.key_ is None and ledger.key_ is None:
            yield subject.problem("post-needs-key", effect.at, key=True, ledger=name, of=ledger.of)
        yield from _unit(subject, f"{effect.at}.{body.verb}", body.amount, name, ledger)
    for name, ledger in subject.text.ledgers.items():
        for key, written in (("floor", ledger.floor), ("ceiling", ledger.ceiling)):
            yield from _unit(subject, f"ledgers.{name}.{key}", written, name, ledger)


def consented(subject: Subject) -> Iterator[Problem]:
    """Yield `ceiling-without-consent`: a ceiling is read from a paper that nobody ever signs."""
    for site in subject.expressions:
        section, _, key = site.at.rpartition(".")
        if key != "ceiling" or not section.startswith("ledgers."):
            continue
        for read in site.reading.reads:
            head, _, rest = read.name.partition(".")
            paper = subject.text.papers.get(rest.partition(".")[0]) if head == "paper" else None
            if paper is not None and not any(stage.signed_by for stage in paper.stages.values()):
                where = place_inside(subject.outline, site, read.offset)
                values = {"ledger": section.partition(".")[2], "paper": rest.partition(".")[0]}
                yield Problem(code="ceiling-without-consent", where=where, values=values)


def _unit(subject: Subject, at: str, written: object, name: str, ledger: LedgerEntry) -> Iterator[Problem]:
    """Yield the problem of an amount that is a field of another unit, which the numbers alone do not show."""
    if not isinstance(written, str) or not written.startswith("="):
        return
    head, _, rest = written[1:].strip().partition(".")
    word = rest.rpartition(".")[2]
    entries = subject.text.settings if head == "settings" else subject.text.fields
    entry = entries.get(word) if head in ("data", "form", "case", "settings", "paper") else None
    if entry is None or entry.is_ not in ("money", "integer"):  # other types are a fault of the expression
        return
    wanted = ledger.unit if is_currency(ledger.unit) else "integer"
    actual = (entry.currency or "CNY") if entry.is_ == "money" else entry.is_
    if actual != wanted:
        yield subject.problem(
            "ledger-unit-mismatch", at, name=written[1:], actual=actual, ledger=name, unit=ledger.unit
        )


def balancing(subject: Subject) -> Iterator[Problem]:
    """Yield `ledger-never-settled`, `ledger-never-filled` and `ledger-only-read`: accounts that no step can balance."""
    if subject.definition.broken:
        return
    made: dict[str, set[str]] = {name: set() for name in subject.text.ledgers}
    for effect in subject.outline.effects:
        if isinstance(effect.body, PostBody) and effect.name in made:
            made[effect.name].add(effect.body.verb)
    asked = {name for _, name in subject.arguments("balance")}
    for name, ledger in subject.text.ledgers.items():
        at, verbs = f"ledgers.{name}", made[name]
        if subject.from_part(at):
            continue
        if not verbs and name in asked:
            yield subject.problem("ledger-only-read", at, key=True, ledger=name)
        elif is_currency(ledger.unit) and "owe" in verbs and not verbs & {"pay", "waive"}:
            yield subject.problem("ledger-never-settled", at, key=True, level="warning", ledger=name)
        elif "take" in verbs and not verbs & {"add", "recount"} and ledger.renew is None and ledger.floor is not None:
            yield subject.problem("ledger-never-filled", at, key=True, level="warning", ledger=name)

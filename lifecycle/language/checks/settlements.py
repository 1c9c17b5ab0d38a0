"""Settlements: every column knows whose row it fills, and reads nothing that is not its event's own case."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.language.checks.subject import Subject
from lifecycle.language.settlements import COMPANY, ROW_WORDS, SettlementEntry
from lifecycle.problems import Problem

BESIDE = ("balance", "covered")
"""Functions that ask beside the case: what they say now is not what they said when the event happened."""


def settlements(subject: Subject) -> Iterator[Problem]:
    """Yield `settlement-needs-key`, `settlement-other-holder`, `settlement-reads-beside`, `settlement-column-twice`,
    `settlement-not-counted`: columns that could not be filled for sure.
    """
    for name, entry in subject.text.settlements.items():
        yield from _holders(subject, name, entry)
        yield from _outputs(subject, name, entry)
    for site in subject.expressions:
        if not site.at.startswith("settlements.") or site.row:
            continue
        asked = [function for function, _, _ in site.reading.functions if function in BESIDE]
        linked = [read for read in site.names if read.partition(".")[0] in ("link", "settlement")]
        for found in dict.fromkeys((*asked, *linked)):
            yield subject.problem("settlement-reads-beside", site.at, name=found)


def _holders(subject: Subject, name: str, entry: SettlementEntry) -> Iterator[Problem]:
    for one, column in entry.columns.items():
        at = f"settlements.{name}.columns.{one}"
        if entry.per == COMPANY or column.value is not None or column.key_ is not None:
            continue
        if column.events and entry.key_ is None:
            yield subject.problem("settlement-needs-key", at, key=True, column=one, per=entry.per)
        ledger = subject.text.ledgers.get(column.ledger or "")
        if ledger is not None and ledger.of != entry.per:
            yield subject.problem(
                "settlement-other-holder",
                f"{at}.ledger",
                column=one,
                per=entry.per,
                ledger=column.ledger,
                of=ledger.of,
            )
    for one, column in entry.columns.items():
        for key, events in (("count", column.count), ("of", column.of)):
            for mention in subject.outline.mentions(events, f"settlements.{name}.columns.{one}.{key}"):
                owner = mention.name.partition(".")[0]
                if mention.name == "removed" or owner == "received" or owner in subject.text.pools:
                    yield subject.problem("settlement-not-counted", mention.path, name=mention.name)


def _outputs(subject: Subject, name: str, entry: SettlementEntry) -> Iterator[Problem]:
    taken = {"key", *ROW_WORDS, *entry.columns}
    for table in entry.decide:
        declared = subject.text.tables.get(table)
        for output in declared.outputs if declared is not None else ():
            if output in taken:
                at = f"settlements.{name}.decide.{table}"
                yield subject.problem("settlement-column-twice", at, key=True, name=output, table=table)
            taken.add(output)

"""Ledgers: their holders, borders, renewal, and the effects of their ladders."""

from __future__ import annotations

from lifecycle.core import workflow as core
from lifecycle.language.compile_effects import ROLE, amount_type, entries_of
from lifecycle.language.compiling import Compiler, Written
from lifecycle.language.fieldtypes import unit_titles
from lifecycle.language.ledgers import MARK, VALIDITY, LedgerEntry
from lifecycle.language.names import Site


def posting_site(compiler: Compiler, ledger: str) -> Site:
    """Return where a ledger's own formulas stand: in the one machine that posts to it, else where openings do."""
    posting = [machine for machine, posted in compiler.relations.posts.items() if ledger in posted]
    if len(posting) == 1:
        return Site(machine=posting[0], kinds=compiler.relations.kinds[posting[0]])
    return Site(kinds=tuple(compiler.text.cases), opening=True)


def ledger_of(compiler: Compiler, name: str, entry: LedgerEntry) -> core.Ledger:
    """Return a ledger; its formulas see the one machine that posts to it, or what openings see."""
    path = f"ledgers.{name}"
    site = posting_site(compiler, name)
    around, unit = compiler.around(site), amount_type(entry.unit)

    def amount(written: Written | None, at: str) -> core.Formula | None:
        return None if written is None else compiler.formula(written, unit, around, f"{path}.{at}")

    def role(written: str | None, at: str) -> core.Formula | None:
        return None if written is None else compiler.formula(written, ROLE, around, f"{path}.{at}")

    length = VALIDITY.fullmatch(entry.valid) if entry.valid else None
    renewed = entry.renew
    to = amount(renewed.to, "renew.to") if renewed else None
    return core.Ledger(
        name=name,
        titles=entry.titles,
        of=entry.of,
        key=None if entry.key_ is None else compiler.expression(entry.key_, None, around, f"{path}.key"),
        unit=entry.unit,
        unit_titles=unit_titles(compiler.definition, entry.unit),
        payer=role(entry.payer, "payer"),
        payee=role(entry.payee, "payee"),
        floor=amount(entry.floor, "floor"),
        ceiling=amount(entry.ceiling, "ceiling"),
        renew=core.Renewal(every=renewed.every, to=to) if renewed and to else None,
        valid=(length[2], int(length[1])) if length else None,
        ladder=tuple(
            core.Mark(
                at=int(mark.removeprefix("<")),
                falling=mark.startswith("<"),
                effects=entries_of(compiler, effects, site, f"{path}.ladder.{mark}"),
            )
            for mark, effects in entry.ladder.items()
            if MARK.fullmatch(mark)
        ),
        rules=entry.rules,
        where=compiler.definition.key_place(path),
    )

"""Posting: an entry in an account, within its borders, in the commit of what caused it; and taking it back exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lifecycle.core.case.accounts import figure, holder_of, renewals, standing
from lifecycle.core.case.refused import Refused
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.events import Json, stamp
from lifecycle.core.ledger import LEDGER, Account, Lots, charges, name_of, said, units_of, until, used, with_lot
from lifecycle.core.showing import unit_behind
from lifecycle.core.workflow.conditions import Failure, Formula
from lifecycle.core.workflow.ledgers import COUNT_VERBS, MONEY_VERBS, Ledger, Post
from lifecycle.problems import Reason

if TYPE_CHECKING:
    from lifecycle.core.case.effects import Changes


def post(changes: Changes, effect: Post) -> None:
    """Carry out the effect, for each row where there are rows.

    Raises  Refused for an amount that is none, a holder that nobody names, a border that would be crossed
    """
    ledger = changes.scope.workflow.ledgers[effect.ledger]
    outer = changes.scope
    for row in rows_of(effect, outer):
        changes.scope = outer if effect.each is None else outer.with_item(row)
        units = figure(effect.amount, changes.scope, effect.where)
        if units is None or units < 0:
            raise Refused(
                reason("post-no-amount", ledger, effect, actual=None if units is None else _said(units, ledger))
            )
        key = asked(effect.key, effect, changes.scope)
        holder = holder_of(ledger, key, changes.scope)
        if not holder:
            raise Refused(reason("post-no-holder", ledger, effect))
        payer, payee = (party(own, of, effect, changes.scope) for own, of in (
            (effect.payer, ledger.payer), (effect.payee, ledger.payee)
        ))  # fmt: skip
        if (units == 0 and effect.verb != "recount") or (payer and payer == payee):
            continue
        enter(changes, ledger, effect, holder, units, {"payer": payer, "payee": payee})
    if effect.each is not None:
        changes.scope = outer


def rows_of(effect: Post, scope: Snapshot) -> list[Json]:
    return [None] if effect.each is None else list(asked(effect.each, effect, scope) or ())


def asked(formula: Formula | None, effect: Post, scope: Snapshot) -> Json:
    """Return the value of a formula; None without one.

    Raises  Refused when it cannot be worked out
    """
    if formula is None:
        return None
    value = formula.value(scope)
    if isinstance(value, Failure):
        values = {"formula": formula.text, "failure": value.text}
        raise Refused(Reason(code="effect-failed", where=effect.where, values=values))
    return value


def party(own: Formula | None, of_ledger: Formula | None, effect: Post, scope: Snapshot) -> str:
    return str(asked(own or of_ledger, effect, scope) or "")


def enter(changes: Changes, ledger: Ledger, effect: Post, holder: str, units: int, parties: Mapping[str, str]) -> None:
    """Record one entry of more than nothing, and what the ladder has for the balance that it brings."""
    account = brought_up(changes, ledger, holder)
    balance = units if effect.verb == "recount" else account.balance + sign(effect.verb) * units
    charged = account.charged + charges(effect.verb, units, ledger)
    bounds(changes.scope, ledger, effect, account, replace(account, balance=balance, charged=charged))
    entry: dict[str, Json] = {
        "id": f"{changes.scope.case.number}@{changes.scope.case.revision + 1}/{len(changes.more.get('posts', ())) + 1}",
        "ledger": ledger.name,
        "of": holder,
        "verb": effect.verb,
        "amount": _said(units, ledger),
        **{name: who for name, who in parties.items() if who},
    }
    if effect.verb == "recount":
        entry["change"] = balance - account.balance
    lots = account.lots
    if ledger.valid is not None:
        if balance >= account.balance:
            end = until(ledger.valid, changes.scope.now, changes.scope.workflow.zone)
            lots = with_lot(lots, {"id": entry["id"], "left": balance - account.balance, "until": end})
            entry["until"] = end
        else:
            lots, parts = used(lots, account.balance - balance)
            entry["used"] = list(parts)
    record(changes, ledger, "posted", entry, replace(account, balance=balance, charged=charged, lots=lots))
    climb(changes, ledger, account.balance, balance)


def sign(verb: str) -> int:
    return {**MONEY_VERBS, **COUNT_VERBS}[verb]


def brought_up(changes: Changes, ledger: Ledger, holder: str) -> Account:
    """Record what time has done to an account, and return it."""
    account = standing(ledger, holder, changes.scope)
    name = name_of(changes.scope.workflow.name, ledger.name, holder)
    for happening, after, change in renewals(ledger, account, changes.scope):
        changes.record_beside(LEDGER, name, happening, {"ledger": {"ledger": ledger.name, "of": holder, **change}})
        account = after
    return account


def record(changes: Changes, ledger: Ledger, happening: str, entry: Mapping[str, Json], after: Account) -> None:
    """Record an entry in its account and leave it in the event that causes it."""
    told: dict[str, Json] = {**entry, "balance": _said(after.balance, ledger)}
    if ledger.is_money:
        told["charged"] = _said(after.charged, ledger)
    if ledger.valid is not None:
        told["lots"] = list(after.lots)
    if ledger.renew is not None:
        told["period"] = after.period
    name = name_of(changes.scope.workflow.name, ledger.name, entry["of"])
    changes.record_beside(LEDGER, name, happening, {"ledger": told})
    changes.leave("posts", {name: value for name, value in told.items() if name not in ("lots", "charged")})


def bounds(scope: Snapshot, ledger: Ledger, effect: Post, before: Account, after: Account) -> None:
    """Refuse what would cross a border; what only brings an account nearer to it is never refused.

    A ceiling of money is compared with all that was charged, for paying makes no room to charge more.
    """
    if effect.verb == "recount":
        return
    if ledger.floor is not None and after.balance < before.balance:
        floor = figure(ledger.floor, scope, ledger.where)
        if floor is not None and after.balance < floor:
            raise Refused(
                reason(
                    "ledger-below-floor",
                    ledger,
                    effect,
                    actual=_said(before.balance, ledger),
                    required=_said(floor, ledger),
                    asked=_said(before.balance - after.balance, ledger),
                )
            )
    was, now = (before.charged, after.charged) if ledger.is_money else (before.balance, after.balance)
    if ledger.ceiling is not None and now > was:
        ceiling = figure(ledger.ceiling, scope, ledger.where)
        if ceiling is None or now > ceiling:
            raise Refused(
                reason(
                    "ledger-no-ceiling" if ceiling is None else "ledger-above-ceiling",
                    ledger,
                    effect,
                    actual=_said(was, ledger),
                    required=None if ceiling is None else _said(ceiling, ledger),
                    asked=_said(now - was, ledger),
                )
            )


def climb(changes: Changes, ledger: Ledger, before: int, after: int) -> None:
    """Run the effects of the marks that a balance came to; what they cause climbs no ladder of the same ledger."""
    if ledger.name in changes.climbing:
        return
    changes.climbing.append(ledger.name)
    for mark in ledger.ladder:
        if (before >= mark.at > after) if mark.falling else (before < mark.at <= after):
            changes.run(mark.effects)
    changes.climbing.remove(ledger.name)


def reverse_entries_caused_by(changes: Changes, event: str) -> None:
    """Take back every entry that an event of this case caused and that still counts, in the commit of `changes`.

    event  "<case>@<revision>" of the event whose entries fall away: of a breach that is withdrawn

    The opposite of each entry is recorded as `ledger.reversed`, naming it; no border and no ladder is asked, and what
    was already taken back is not taken back again.
    """
    workflow = changes.scope.workflow
    gone = {entry["reverses"] for entry in changes.more.get("posts", ()) if "reverses" in entry}
    for id_, entry in reversed(tuple(changes.scope.case.posts.items())):
        if not id_.startswith(f"{event}/") or id_ in gone or entry["ledger"] not in workflow.ledgers:
            continue
        ledger = workflow.ledgers[entry["ledger"]]
        account = brought_up(changes, ledger, entry["of"])
        units = units_of(entry["amount"])
        change = 0 if lapsed(ledger, account, entry, changes.scope) else effect_of(entry, units)
        after = replace(
            account,
            balance=account.balance - change,
            charged=account.charged - charges(entry["verb"], units, ledger),
            lots=unused(account, id_, entry),
        )
        number = len(changes.more.get("posts", ())) + 1
        taken_back: dict[str, Any] = {
            "id": f"{changes.scope.case.number}@{changes.scope.case.revision + 1}/{number}",
            "reverses": id_,
            **{name: entry[name] for name in ("ledger", "of", "verb", "amount", "payer", "payee") if name in entry},
        }
        record(changes, ledger, "reversed", taken_back, after)


def effect_of(entry: Mapping[str, Json], units: int) -> int:
    """Return what an entry did to the balance."""
    return int(entry["change"]) if "change" in entry else sign(entry["verb"]) * units


def lapsed(ledger: Ledger, account: Account, entry: Mapping[str, Json], scope: Snapshot) -> bool:
    """Return whether time has taken an entry out of the balance: its period is over, what it added has ended."""
    if ledger.renew is not None:
        return bool(entry.get("period") != account.period)
    return "until" in entry and entry["until"] <= stamp(scope.now)


def unused(account: Account, id_: str, entry: Mapping[str, Json]) -> Lots:
    """Return the lots of an account as if an entry had not been."""
    lots = tuple(lot for lot in account.lots if lot["id"] != id_)
    for part in entry.get("used", ()):
        lots = with_lot(lots, part)
    return lots


def balances_read(scope: Snapshot) -> dict[str, Json]:
    """Return the balances that a decision has looked at, with the revision of each account, in order of name."""
    return {name: scope.balances[name] for name in sorted(scope.balances)}


def open_accounts(posts: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Yield (ledger, holder) of every account that a case has posted to, once."""
    yield from dict.fromkeys((entry["ledger"], entry["of"]) for entry in posts.values())


def _said(units: int, ledger: Ledger) -> Json:
    return said(units, ledger.unit)


def reason(
    code: str, ledger: Ledger, effect: Post, *, actual: Json = None, required: Json = None, asked: Json = None
) -> Reason:
    values = {
        "ledger": ledger.titles or ledger.name,
        "verb": effect.verb,
        "amount": effect.amount.text,
        "asked": asked,
        "unit": "" if ledger.is_money else unit_behind(ledger.unit, ledger.unit_titles),
    }
    return Reason(code=code, where=effect.where, rules=ledger.rules, actual=actual, required=required, values=values)

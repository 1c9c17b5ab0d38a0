"""Steps about notices: who was told what, and which customers as members of an audience."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from lifecycle.core.case.notifying import said
from lifecycle.core.events import Json
from lifecycle.core.notices import AUDIENCE, each_told
from tests.scenarios.phrases import phrase
from tests.scenarios.stage import Stage


def told(stage: Stage, who: str) -> Iterator[str]:
    """Yield what somebody was told: the name of each text, and its words in both languages.

    who  title or name of a role, or a person
    """
    roles = [role.name for role in stage.workflow.roles.values() if who in role.titles.values()]
    for notice in stage.case.notices:
        if any(name in (who, *roles) for one in notice["to"] for name in one.values()):
            yield from readings(stage, notice)


def readings(stage: Stage, notice: Mapping[str, Json]) -> Iterator[str]:
    """Yield the name of a notice's text, and its words in both languages."""
    zone = ZoneInfo(stage.workflow.zone)
    opened = {**notice, "values": stage.engine.store.open(notice.get("values", {}))}
    yield notice.get("text", "")
    yield from (said(opened, stage.case.number, stage.workflow, lang, zone) for lang in ("zh", "en"))


def members_told(stage: Stage, text: str) -> list[tuple[str, str]]:
    """Return (audience, case) of every member of an audience who was told something by the case."""
    return [
        (to.name, to.case)
        for recorded in stage.history
        for entry, to in each_told(recorded.event.changes)
        if to.kind == AUDIENCE and text in readings(stage, entry)
    ]


def customers_told(stage: Stage, text: str) -> set[str]:
    """Return the subjects of those members."""
    return {stage.engine.case(number)[0].subject for _, number in members_told(stage, text)}


@phrase('"<谁>"收到通知"<通知>"', '"<who>" was notified: "<text>"')
def was_notified(stage: Stage, who: str, text: str) -> None:
    found = list(told(stage, who))
    assert text in found, f"{who} was told: {found}"


@phrase('"<谁>"没有收到通知"<通知>"', '"<who>" was not notified: "<text>"')
def was_not_notified(stage: Stage, who: str, text: str) -> None:
    found = list(told(stage, who))
    assert text not in found, f"{who} was told: {found}"


@phrase(
    '受众"<受众>"的<数>位客户收到通知"<通知>"',
    '<number> customers of the audience "<audience>" were notified: "<text>"',
)
def members_were_notified(stage: Stage, audience: str, number: str, text: str) -> None:
    known = stage.workflow.audiences.values()
    named = [one.name for one in known if audience in (one.name, *one.titles.values())]
    assert named, f"no audience is called {audience!r}; known: {[one.titles for one in known]}"
    found = [case for name, case in members_told(stage, text) if name in named]
    assert len(found) == int(number), f"{audience} had {len(found)} members: {found}"


@phrase('案件"<名>"的客户收到通知"<通知>"', 'the customer of the case "<name>" was notified: "<text>"')
def customer_was_notified(stage: Stage, name: str, text: str) -> None:
    subject = stage.engine.case(stage.names[name])[0].subject
    assert subject in customers_told(stage, text), f"the customer of {name} was not told: {members_told(stage, text)}"


@phrase('案件"<名>"的客户没有收到通知"<通知>"', 'the customer of the case "<name>" was not notified: "<text>"')
def customer_was_not_notified(stage: Stage, name: str, text: str) -> None:
    subject = stage.engine.case(stage.names[name])[0].subject
    assert subject not in customers_told(stage, text), f"the customer of {name} was told: {members_told(stage, text)}"

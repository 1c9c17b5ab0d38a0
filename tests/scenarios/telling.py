"""Steps about notices: who was told what."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from lifecycle.core.case.notifying import said
from tests.scenarios.phrases import phrase
from tests.scenarios.stage import Stage


def told(stage: Stage, who: str) -> Iterator[str]:
    """Yield what somebody was told: the name of each text, and its words in both languages.

    who  title or name of a role, or a person
    """
    roles = [role.name for role in stage.workflow.roles.values() if who in role.titles.values()]
    zone = ZoneInfo(stage.workflow.zone)
    for notice in stage.case.notices:
        if any(name in (who, *roles) for one in notice["to"] for name in one.values()):
            opened = {**notice, "values": stage.engine.store.open(notice.get("values", {}))}
            yield notice.get("text", "")
            yield from (said(opened, stage.case.number, stage.workflow, lang, zone) for lang in ("zh", "en"))


@phrase('"<谁>"收到通知"<通知>"', '"<who>" was notified: "<text>"')
def was_notified(stage: Stage, who: str, text: str) -> None:
    found = list(told(stage, who))
    assert text in found, f"{who} was told: {found}"


@phrase('"<谁>"没有收到通知"<通知>"', '"<who>" was not notified: "<text>"')
def was_not_notified(stage: Stage, who: str, text: str) -> None:
    found = list(told(stage, who))
    assert text not in found, f"{who} was told: {found}"

"""Corrections and notes: what is put right later, and what is only remarked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from lifecycle.core.case.commands import Correct, Facts, Note
from lifecycle.core.case.remarks import remark
from lifecycle.core.case.state import Case
from lifecycle.core.events import Event, Json, Personal, Recorded, changed_values, stamp
from lifecycle.core.parsing import accept
from lifecycle.core.values import Misfit
from lifecycle.core.workflow import Workflow
from lifecycle.problems import Place, Reason, Refusal

LONGEST_NOTE = 4000
"""Characters of a note or of the reason of a correction."""


def correct(workflow: Workflow, case: Case, command: Correct, now: datetime, facts: Facts) -> Event | Refusal:
    """Return the event `<kind>.corrected`, or why the entry may not be corrected so.

    The role that made the entry may correct it, and a role marked `corrects: true`; always with a written reason.
    """
    target = next((recorded for recorded in facts.history if recorded.revision == command.revision), None)
    if target is None:
        return Refusal(
            reasons=(Reason(code="no-such-revision", values={"revision": command.revision, "newest": case.revision}),)
        )
    reasons = [*text_reasons("reason", command.reason)]
    role = workflow.roles.get(command.actor.role)
    by = target.event.by
    if role is None:
        reasons.append(Reason(code="unknown-role", values={"role": command.actor.role, "known": tuple(workflow.roles)}))
    elif not (role.corrects or command.actor.role == by.role or command.actor.role in by.helpers):
        allowed = [by.role, *by.helpers, *(name for name, each in workflow.roles.items() if each.corrects)]
        reasons.append(
            Reason(
                code="wrong-role",
                actual=command.actor.role,
                required=allowed,
                values={
                    "role": role.titles,
                    "allowed": [workflow.roles[n].titles for n in allowed if n in workflow.roles],
                },
            )
        )
    given = changed_values(target.event)
    values, misfits = read_values(workflow, given, command.form)
    reasons.extend(misfits)
    if not values and not misfits and not (command.withdraw and target.event.machine):
        reasons.append(Reason(code="nothing-to-correct", values={"known": tuple(given)}))
    if reasons:
        return Refusal(reasons=tuple(reasons))
    corrects: dict[str, Json] = {
        "revision": command.revision,
        "type": target.event.type,
        "values": values,
        "before": {name: given[name] for name in values},
    }
    if command.withdraw and target.event.machine:
        corrects["withdrawn"] = True
        corrects["taken"] = {target.event.machine: evidence_without(target, facts)}
    return remark(
        workflow,
        case,
        command,
        now,
        "corrected",
        {
            "corrects": {name: value for name, value in corrects.items() if value},
            "reason": Personal(command.reason.strip()),
        },
    )


def read_values(
    workflow: Workflow, given: Mapping[str, Json], typed: Mapping[str, Json]
) -> tuple[dict[str, Json], list[Reason]]:
    """Return the accepted new values and what stands against the others."""
    values: dict[str, Json] = {}
    reasons: list[Reason] = []
    for name, raw in typed.items():
        if name not in given or name not in workflow.fields:
            reasons.append(
                Reason(code="field-unknown", where=Place(path=name), values={"field": name, "known": tuple(given)})
            )
            continue
        wanted = workflow.fields[name]
        value = accept(wanted.type, raw, ZoneInfo(workflow.zone))
        if isinstance(value, Misfit):
            reasons.append(
                Reason(
                    code=value.code,
                    where=Place(path=name),
                    values={"field": name, "title": wanted.titles, **value.values},
                )
            )
        else:
            values[name] = Personal(value) if wanted.pii else value
    return values, reasons


def evidence_without(target: Recorded, facts: Facts) -> dict[str, Json]:
    """Return what is remembered of a step when one taking of it, and those withdrawn before, do not count."""
    step = target.event.type.partition(".")[2]
    withdrawn = {
        recorded.event.changes["corrects"]["revision"]
        for recorded in facts.history
        if recorded.event.changes.get("corrects", {}).get("withdrawn")
    }
    counted = [
        recorded
        for recorded in facts.history
        if recorded.event.type == target.event.type
        and recorded.event.machine == target.event.machine
        and recorded.revision not in (withdrawn | {target.revision})
    ]
    if not counted:
        return {step: None}
    last = counted[-1]
    entry: dict[str, Json] = {
        "n": len(counted),
        "rev": last.revision,
        "at": stamp(last.event.occurred_at),
        "role": last.event.by.role,
    }
    if last.event.by.person:
        entry["person"] = last.event.by.person
    return {step: entry}


def note(workflow: Workflow, case: Case, command: Note, now: datetime) -> Event | Refusal:
    """Return the event `<kind>.noted`."""
    reasons = [*text_reasons("text", command.text)]
    if command.actor.role not in workflow.roles:
        reasons.append(Reason(code="unknown-role", values={"role": command.actor.role, "known": tuple(workflow.roles)}))
    if reasons:
        return Refusal(reasons=tuple(reasons))
    return remark(workflow, case, command, now, "noted", {"note": Personal(command.text.strip())})


def text_reasons(name: str, text: str) -> list[Reason]:
    if not text.strip():
        return [Reason(code="field-missing", where=Place(path=name), values={"field": name}, required="text")]
    if len(text) > LONGEST_NOTE:
        return [Reason(code="text-too-long", where=Place(path=name), values={"field": name, "longest": LONGEST_NOTE})]
    return []

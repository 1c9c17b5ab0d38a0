"""What a paper of a case is, folded from its events; what expressions see of it.

A paper is kept as JSON:

    number    of the paper, and its series in the register; absent when it has none
    revision  the latest one, from 1; force: the one in force, 0 before the first is
    stage     of the latest revision; "" before its first signature is complete, "void" once it counts no more
    holder    the role that has it
    signed    signatures of the latest revision: {"role", "person", "with", "stage", "at"}
    signers   signed stage -> the roles that had to sign it, as they were when the last one had
    at        stage -> stored instant at which the latest revision came to it
    values    what stands on the revision in force, personal values sealed
    kept      the stage, holder, signatures and instants of the revision in force while a next one is open
    printed   how often the latest revision was printed
    before    earlier papers of the same name, without what stood on them
"""

from __future__ import annotations

from collections.abc import Mapping

from lifecycle.core.events import Json
from lifecycle.core.workflow.papers import VOID

Issued = Mapping[str, Json]
"""A paper that was issued."""

KEPT_OF_EARLIER = ("number", "series", "revision", "stage", "holder", "signed", "at", "printed")

OF_A_REVISION = ("stage", "holder", "signed", "signers", "at", "printed")
WORDS = ("number", "stage", "holder", "revision")
"""What every paper says of itself, as expressions name it; no field of a paper may bear one of these names."""


def after(paper: Issued | None, entry: Mapping[str, Json], at: str) -> Issued:
    """Return a paper after one entry of an event's `papers`. at: stored instant of the event."""
    now = begun(paper) if entry["is"] == "issued" else dict(paper or {})
    match entry["is"]:
        case "printed":
            return {**now, "printed": now["printed"] + 1}
        case "voided":
            return {**now, "stage": VOID, "at": {**now["at"], VOID: at}}
        case "restored":
            return dict(entry["as"])
        case "declined":
            kept = now.pop("kept", {})
            return {**now, **kept, "revision": now["force"]}
        case "revised":
            if entry["revision"] > now["revision"]:
                now["kept"] = {name: now[name] for name in OF_A_REVISION if name in now}
            now.update(revision=entry["revision"], stage="", signed=[], signers={}, at={}, printed=0)
    for name in ("number", "series", "stage", "holder"):
        if name in entry:
            now[name] = entry[name]
    if "stage" in entry:
        now["at"] = {**now["at"], entry["stage"]: at}
    if "signed" in entry:
        now["signed"] = [*now["signed"], *({**one, "stage": entry["signing"], "at": at} for one in entry["signed"])]
    if "signers" in entry:
        now["signers"] = {**now["signers"], entry["signing"]: entry["signers"]}
    if "values" in entry:
        now.update(values=entry["values"], force=now["revision"])
        now.pop("kept", None)
    return now


def begun(before: Issued | None) -> dict[str, Json]:
    """Return a paper that is being issued, with what is known of those of its name before it."""
    now: dict[str, Json] = {"revision": 1, "force": 0, "stage": "", "signed": [], "signers": {}, "at": {}, "printed": 0}
    if before:
        told = {name: before[name] for name in KEPT_OF_EARLIER if name in before}
        now["before"] = [*before.get("before", ()), told]
    return now


def lives(paper: Issued | None) -> bool:
    """Return whether there is a paper that counts."""
    return paper is not None and paper["stage"] != VOID


def proposes(paper: Issued | None) -> bool:
    """Return whether a revision is open that is not in force."""
    return paper is not None and paper["stage"] != VOID and paper["force"] != paper["revision"]


def said(paper: Issued | None, name: str) -> Json:
    """Return what a paper says: one of WORDS, or a field of the revision in force; None when there is none."""
    if paper is None:
        return None
    if name in ("number", "stage", "holder"):
        return paper.get(name) or None
    if paper["stage"] == VOID:
        return None
    return paper["force"] or None if name == "revision" else paper.get("values", {}).get(name)

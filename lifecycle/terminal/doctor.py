"""Is everything here that the program needs, and is the store in order?"""

from __future__ import annotations

import platform
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import click

from lifecycle import __version__
from lifecycle.problems import ExitCode, LifecycleError
from lifecycle.terminal.completion import existing
from lifecycle.terminal.door import Door
from lifecycle.terminal.root import spoken

PACKAGES = (
    "eventsourcing",
    "transitions",
    "pydantic",
    "click",
    "apsw",
    "cryptography",
    "cel-expr-python",
    "PyYAML",
    "orjson",
    "weasyprint",
    "segno",
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of the doctor. ok None: only told."""

    name: str
    value: str
    ok: bool | None = None


@click.command("doctor", help=spoken("doctor"))
@click.pass_obj
def doctor(door: Door) -> None:
    findings = [*program(), *printing(door), *settings_shown(door), *store(door)]
    if door.as_json:
        door.put_json([{"name": f.name, "value": f.value, "ok": f.ok} for f in findings])
    for finding in findings:
        mark = {None: " ", True: "✓", False: "✗"}[finding.ok]
        door.put(f"{mark} {finding.name}: {finding.value}")
    bad = [finding for finding in findings if finding.ok is False]
    door.say("doctor.bad" if bad else "doctor.well", count=len(bad))
    if bad:
        door.leave(ExitCode.REFUSED)


def program() -> Iterator[Finding]:
    yield Finding(name="lifecycle", value=__version__)
    yield Finding(name="python", value=platform.python_version(), ok=sys.version_info >= (3, 11))
    for package in PACKAGES:
        yield Finding(name=package, value=metadata.version(package))


def printing(door: Door) -> Iterator[Finding]:
    """Yield what slips are set with. What is missing keeps nothing else from working."""
    try:
        from lifecycle.papers.printer import font_for_chinese, subsets_fonts

        font, subsets = font_for_chinese(), subsets_fonts()
    except OSError as error:
        yield Finding(name="papers.pdf", value=door.words.say("doctor.no-pdf", cause=str(error).splitlines()[0]))
        return
    yield Finding(name="papers.font", value=font or door.words.say("doctor.no-font"), ok=True if font else None)
    missing = door.words.say("doctor.no-subset")
    yield Finding(
        name="papers.subset", value="libharfbuzz-subset" if subsets else missing, ok=True if subsets else None
    )


def settings_shown(door: Door) -> Iterator[Finding]:
    for name, value in door.settings.shown().items():
        yield Finding(name=f"settings.{name}", value=value)


def store(door: Door) -> Iterator[Finding]:
    """Yield what is to be said of the store; one that is not there yet is not made."""
    if not existing(door.settings):
        yield Finding(name="store", value=door.words.say("doctor.no-store"))
        return
    try:
        meta = door.app.store.meta
        facts = door.app.store.facts()
        verified = door.app.store.verify()
    except LifecycleError as error:
        yield Finding(name="store", value=door.words.error(error), ok=False)
        return
    yield Finding(name="store.id", value=str(meta.id))
    yield Finding(name="store.epoch", value=meta.epoch)
    for name, value, ok in facts:
        yield Finding(name=f"store.{name}", value=value, ok=ok)
    keys = Path(door.settings.keys) if door.settings.keys else door.app.store.keys_path
    mode = stat.S_IMODE(keys.stat().st_mode)
    yield Finding(name="store.keys", value=f"{keys} {mode:04o}", ok=mode & 0o077 == 0)
    yield Finding(name="store.events", value=str(verified.events), ok=not verified.findings)
    yield Finding(name="store.pending-sends", value=str(len(door.app.store.pending_sends())))
    notices = door.app.store.notices.count()
    for state in ("pending", "dead"):
        yield Finding(name=f"store.{state}-notices", value=str(notices.get(state, 0)))

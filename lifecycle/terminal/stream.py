"""The stream of events on standard output."""

from __future__ import annotations

import json
import select
import sys
from fnmatch import fnmatchcase

import click

from lifecycle.core.events import Recorded
from lifecycle.problems import InvalidInput, Problem
from lifecycle.terminal.door import Door
from lifecycle.terminal.root import spoken

POLL_MILLISECONDS = 200
"""How long `--follow` waits before it asks the store again."""


@click.command("stream", help=spoken("stream"))
@click.option("--from", "start", metavar="POSITION|TIME", default="", help=spoken("option.from"))
@click.option("--follow", is_flag=True, help=spoken("option.follow"))
@click.option("--type", "types", metavar="GLOB", multiple=True, help=spoken("option.type"))
@click.option(
    "--format", "form", type=click.Choice(["ndjson", "cloudevents"]), default="ndjson", help=spoken("option.format")
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help=spoken("option.limit"))
@click.pass_obj
def stream(door: Door, start: str, follow: bool, types: tuple[str, ...], form: str, limit: int | None) -> None:
    from lifecycle.clocks.typed import read_time
    from lifecycle.stream.cursor import position_of
    from lifecycle.stream.envelope import cloud_event, plain_line

    store = door.app.store
    position = position_of(start, store, lambda typed: read_time(typed, door.settings.zone, path="--from"))
    if isinstance(position, Problem):
        door.fail(InvalidInput([position]))
    meta = store.meta
    written = 0
    while True:
        for recorded in store.feed(position):
            position = recorded.position
            if not wanted(recorded, types):
                continue
            document = (
                cloud_event(recorded, meta.id, meta.epoch)
                if form == "cloudevents"
                else plain_line(recorded, meta.epoch)
            )
            click.echo(json.dumps(document, ensure_ascii=False))
            written += 1
            if limit is not None and written >= limit:
                return
        if not follow or reader_gone():
            return


def reader_gone() -> bool:
    """Wait a moment; return whether whoever reads our output has closed its end meanwhile."""
    output = select.poll()
    output.register(sys.stdout.fileno(), 0)  # asks for nothing but errors and hang-ups, which are always told
    return bool(output.poll(POLL_MILLISECONDS))


def wanted(recorded: Recorded, types: tuple[str, ...]) -> bool:
    """Return whether an event's type matches a pattern: "repair.*", or with its workflow "furniture.repair.*"."""
    event = recorded.event
    names = (event.type, f"{event.workflow[0]}.{event.type}")
    return not types or any(fnmatchcase(name, pattern) for pattern in types for name in names)

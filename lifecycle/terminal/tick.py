"""Run what is due: deliver what cases have sent to each other, forget refused attempts past their time."""

from __future__ import annotations

import click

from lifecycle.terminal.door import Door
from lifecycle.terminal.root import spoken


@click.command("tick", help=spoken("tick"))
@click.pass_obj
def tick(door: Door) -> None:
    delivered = door.app.engine.deliver()
    forgotten = door.app.store.prune_journal(door.settings.clock() - door.settings.journal)
    if door.as_json:
        door.put_json({"delivered": delivered, "forgotten": forgotten})
    else:
        door.say("tick.done", delivered=delivered, forgotten=forgotten)

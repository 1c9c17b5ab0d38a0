"""Run what is due: today, what cases have sent to each other and nobody has delivered yet."""

from __future__ import annotations

import click

from lifecycle.terminal.door import Door
from lifecycle.terminal.root import spoken


@click.command("tick", help=spoken("tick"))
@click.pass_obj
def tick(door: Door) -> None:
    delivered = door.app.engine.deliver()
    if door.as_json:
        door.put_json({"delivered": delivered})
    else:
        door.say("tick.done", delivered=delivered)

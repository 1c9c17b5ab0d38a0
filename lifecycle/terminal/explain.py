"""What a code means."""

from __future__ import annotations

import click

from lifecycle.problems import ExitCode
from lifecycle.terminal.door import Door
from lifecycle.terminal.root import spoken
from lifecycle.texts import catalogue
from lifecycle.texts.nearest import did_you_mean


@click.command("explain", help=spoken("explain"))
@click.argument("code")
@click.pass_obj
def explain(door: Door, code: str) -> None:
    texts = catalogue(door.lang)
    found = [
        (section, texts[section][code])
        for section in ("problems", "reasons", "errors")
        if code in texts.get(section, {})
    ]
    if not found:
        known = sorted({name for section in ("problems", "reasons", "errors") for name in texts.get(section, {})})
        nearest = did_you_mean(code, known)
        if door.as_json:
            door.put_json({"code": code, "known": False, "nearest": nearest})
        else:
            door.say("explain.unknown", code=code)
            if nearest:
                door.say("explain.nearest", code=nearest)
        door.leave(ExitCode.UNKNOWN)
    if door.as_json:
        door.put_json({"code": code, "texts": [{"section": section, **words} for section, words in found]})
        return
    for section, words in found:
        door.put(f"{code} ({section})")
        for kind in ("text", "explain", "hint"):
            if words.get(kind):
                door.put(f"  {words[kind]}")

"""What people type: who acts, which instance, which values."""

from __future__ import annotations

from collections.abc import Sequence

from lifecycle.core.events import Actor
from lifecycle.terminal.door import Door


def actor_of(door: Door, typed: str | None, helpers: Sequence[str] = ()) -> Actor | None:
    """Return the actor of `--as ROLE[:PERSON]` and `--with ROLE:PERSON`; None when nobody is named."""
    if typed is None:
        return None
    role, _, person = typed.partition(":")
    if not role.strip():
        door.fail_usage("actor-unreadable", "--as", typed=typed)
    recorded: dict[str, str] = {}
    for helper in helpers:
        helper_role, colon, helper_person = helper.partition(":")
        if not colon or not helper_role.strip():
            door.fail_usage("helper-unreadable", "--with", typed=helper)
        recorded[helper_role.strip()] = helper_person.strip()
    return Actor(role=role.strip(), person=person.strip(), helpers=recorded)


def pairs_of(door: Door, option: str, typed: Sequence[str]) -> dict[str, str]:
    """Return the values of `--set k=v` or `--reason guard=text`."""
    found: dict[str, str] = {}
    for pair in typed:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            door.fail_usage("pair-unreadable", option, typed=name)
        if name.strip() in found:
            door.fail_usage("pair-twice", option, typed=name.strip())
        found[name.strip()] = value
    return found


def step_of(typed: str) -> tuple[str, str]:
    """Return (instance address, step) of "repair/1.confirmed", "repair.confirmed" or "confirmed"."""
    machine, _, step = typed.rpartition(".")
    return machine, step

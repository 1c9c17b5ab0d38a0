"""Shell completion of case numbers, steps and workflow names; silent when there is no store yet."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from lifecycle.problems import LifecycleError
from lifecycle.settings import Settings, read_settings

MOST = 50


def complete_case(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(number) for number in islice(numbers(ctx, incomplete), MOST)]


def complete_step(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    case = ctx.params.get("case", "")
    try:
        from lifecycle.app import build

        settings = settings_of(ctx)
        if not existing(settings):
            return []
        offers = build(settings).engine.offers(case)
    except LifecycleError:
        return []
    names = (f"{offer.instance}.{offer.step.name}" for offer in offers if offer.allowed)
    return [CompletionItem(name) for name in names if name.startswith(incomplete)][:MOST]


def complete_paper(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    try:
        from lifecycle.app import build
        from lifecycle.core.case.printing import meant_all

        settings = settings_of(ctx)
        if not existing(settings):
            return []
        case, _ = build(settings).engine.case(ctx.params.get("case", ""))
    except LifecycleError:
        return []
    names = (f"{instance}.{name}" if instance else name for name, instance, _ in meant_all(case))
    return [CompletionItem(name) for name in names if name.startswith(incomplete)][:MOST]


def complete_workflow(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from lifecycle.app import folders

    return [CompletionItem(name) for name in folders(settings_of(ctx)).names() if name.startswith(incomplete)]


def numbers(ctx: click.Context, incomplete: str) -> Iterator[str]:
    try:
        from lifecycle.app import build

        settings = settings_of(ctx)
        if existing(settings):
            for entry in build(settings).store.cases():
                if entry.number.startswith(incomplete):
                    yield entry.number
    except LifecycleError:
        return


def settings_of(ctx: click.Context) -> Settings:
    """Return the settings of the command that is being typed."""
    options = ctx.find_root().params
    return read_settings(store=options.get("store"), workflows=options.get("workflows"))


def existing(settings: Settings) -> bool:
    """Return whether there is a store to ask: completion makes none."""
    return Path(settings.store.partition(":")[2].removeprefix("//")).is_file()

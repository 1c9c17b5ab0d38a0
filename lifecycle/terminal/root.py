"""The root command and how it finds its groups."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping
from typing import Any, ClassVar, cast

import click

from lifecycle import __version__
from lifecycle.problems import ExitCode, InvalidInput, LifecycleError
from lifecycle.settings import read_settings
from lifecycle.terminal import GROUPS
from lifecycle.terminal.door import Door, languages_of
from lifecycle.texts import say


class Speaking(click.Group):
    """A group whose commands are loaded when they are called, and whose help speaks the person's language.

    Promises broken below it become exit codes here: this is the outermost room.
    """

    lazy: ClassVar[Mapping[str, str]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        where = self.lazy.get(cmd_name)
        if where is None:
            return super().get_command(ctx, cmd_name)
        module, _, name = where.partition(":")
        return cast(click.Command, getattr(importlib.import_module(module), name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        door = ctx.find_object(Door)
        lang = door.lang if door else languages_of(())
        path = ctx.command_path.split(" ")[1:]
        rows = [(name, say(".".join([*path, name]), lang, {}, section="help")) for name in self.list_commands(ctx)]
        with formatter.section(say("commands", lang, {}, section="labels")):
            formatter.write_dl(rows)


class Root(Speaking):
    lazy = GROUPS

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except LifecycleError as error:
            door = ctx.find_object(Door)
            if door is None:
                raise
            door.fail(error)
        except BrokenPipeError:
            # The reader of our output has gone; nobody is left to be told, and the flush at exit must not try again.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(int(ExitCode.DONE)) from None


def spoken(key: str) -> str:
    """Return a help text in the language of the arguments; help is written when the command is built."""
    return say(key, languages_of(sys.argv[1:]), {}, section="help")


@click.command(
    cls=Root,
    help=spoken("lifecycle"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option("--store", metavar="URL", help=spoken("option.store"))
@click.option("--workflows", metavar="DIR", help=spoken("option.workflows"))
@click.option("--now", metavar="TIME", help=spoken("option.now"))
@click.option("--json", "as_json", is_flag=True, default=None, help=spoken("option.json"))
@click.option("--lang", type=click.Choice(["zh", "en"]), help=spoken("option.lang"))
@click.option("--quiet", is_flag=True, default=None, help=spoken("option.quiet"))
@click.option("--color/--no-color", default=None, help=spoken("option.color"))
@click.version_option(__version__, prog_name="lifecycle", help=spoken("option.version"))
@click.pass_context
def root(
    ctx: click.Context,
    /,
    store: str | None,
    workflows: str | None,
    now: str | None,
    lang: str | None,
    **options: Any,
) -> None:
    door = ctx.obj
    assert isinstance(door, Door)
    try:
        settings = read_settings(store=store, workflows=workflows, now=now, lang=lang)
    except InvalidInput as error:
        door.with_options(**options).fail(error)
    ctx.obj = door.with_options(settings=settings, lang=settings.lang, **options)

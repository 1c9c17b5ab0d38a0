"""The door that a command came through: its settings, its language, where its words go."""

from __future__ import annotations

import getpass
import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn, cast
from zoneinfo import ZoneInfo

import click

from lifecycle.problems import ExitCode, InvalidInput, LifecycleError, Problem, UnknownCase
from lifecycle.settings import Settings, spoken_by_default
from lifecycle.texts import LANGUAGES, Lang
from lifecycle.texts.nearest import did_you_mean
from lifecycle.texts.wording import Wording

if TYPE_CHECKING:
    from lifecycle.app import App


NUMBERS_COMPARED = 2000
"""Case numbers that a mistyped one is compared with."""


@dataclass(kw_only=True)
class Door:
    """What every command shares."""

    lang: Lang
    settings: Settings = field(default_factory=Settings)
    as_json: bool = False
    quiet: bool = False
    color: bool | None = None

    @cached_property
    def words(self) -> Wording:
        return Wording(lang=self.lang)

    @cached_property
    def app(self) -> App:
        """The engine on its store, opened at the first use."""
        from lifecycle.app import build

        return build(self.settings)

    @property
    def via(self) -> str:
        """Which door a command came through, with the system's user: "cli:root"."""
        return f"cli:{getpass.getuser()}"

    def say(self, key: str, **values: object) -> None:
        """Print a sentence of the catalogue for people; silent with --json or --quiet."""
        if not self.as_json and not self.quiet:
            click.echo(self.words.say(key, **values), color=self.color)

    def put(self, text: str) -> None:
        """Print a result for people."""
        if not self.as_json:
            click.echo(text, color=self.color)

    def put_json(self, document: Any) -> None:
        """Print the one JSON document of a command."""
        click.echo(json.dumps(document, ensure_ascii=False, default=str))

    def leave(self, code: ExitCode) -> NoReturn:
        raise click.exceptions.Exit(int(code))

    def fail(self, error: LifecycleError) -> NoReturn:
        """Say which promise was broken, and leave with its exit code."""
        if isinstance(error, UnknownCase) and "suggestion" not in error.values:
            self._suggest_case(error)
        problems: Sequence[Problem] = getattr(error, "problems", ())
        if self.as_json:
            document = {"error": error.code, "text": self.words.error(error), "hint": self.words.error_hint(error)}
            if problems:
                from lifecycle.language.reports import as_json

                document["problems"] = cast(Any, as_json(problems, self.words))
            self.put_json(document)
        else:
            click.echo(f"{self.words.label('error')}: {self.words.error(error)}", err=True)
            if problems:
                from lifecycle.language.reports import as_text

                click.echo(as_text(problems, self.words), err=True, nl=False)
            hint = self.words.error_hint(error)
            if hint:
                click.echo(f"  {self.words.label('hint')}: {hint}", err=True)
        self.leave(error.exit_code)

    def _suggest_case(self, error: UnknownCase) -> None:
        """Add the case number that a person probably meant, from the newest ones."""
        newest = deque((entry.number for entry in self.app.store.cases()), maxlen=NUMBERS_COMPARED)
        typed = str(error.values.get("case", ""))
        if nearest := did_you_mean(typed, reversed(newest)):
            error.values["suggestion"] = nearest

    def misused(self, misuse: click.ClickException) -> None:
        """Say what click found wrong with a command line: for programs as one document, for people with the usage."""
        if self.as_json:
            self.put_json({"error": "wrong-usage", "text": misuse.format_message()})
        else:
            misuse.show()

    def fail_usage(self, code: str, path: str, **values: object) -> NoReturn:
        """Say what is wrong with an option's value, and leave with the exit code of wrong usage."""
        from lifecycle.problems import Place

        self.fail(InvalidInput([Problem(code=code, where=Place(path=path), values=values)]))

    def instant(self, typed: str, path: str, zone: str = "") -> Any:
        """Return the instant that a person typed, or leave with what is wrong with it."""
        from lifecycle.clocks.typed import read_time

        found = read_time(typed, ZoneInfo(zone) if zone else self.settings.zone, path=path)
        if isinstance(found, Problem):
            self.fail(InvalidInput([found]))
        return found

    def with_options(self, **options: Any) -> Door:
        return replace(self, **{name: value for name, value in options.items() if value is not None})


def languages_of(arguments: Sequence[str]) -> Lang:
    """Return the language that help and errors speak, before the arguments are parsed."""
    for before, value in zip(("", *arguments), (*arguments, ""), strict=True):
        typed = before.partition("=")[2] if before.startswith("--lang=") else value if before == "--lang" else ""
        if typed in LANGUAGES:
            return typed
    return spoken_by_default()

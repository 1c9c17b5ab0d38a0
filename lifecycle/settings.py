"""The settings of the program, and the one place that reads the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from lifecycle.clocks.clock import Clock, fixed_clock, system_clock
from lifecycle.clocks.typed import read_time
from lifecycle.problems import InvalidInput, Place, Problem

Lang = Literal["zh", "en"]

DEFAULT_STORE: Final = "sqlite:lifecycle.db"
DEFAULT_ZONE: Final = "Asia/Shanghai"
"""In which a time without a zone is read where no workflow says otherwise: the zone of the shipped ones."""

JOURNAL_DAYS: Final = 90
LONGEST_JOURNAL_DAYS: Final = 3650
PASSWORD: Final = re.compile(r"(?<=://)([^:/@]*):[^@]*@")


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What an operator chooses for the whole program.

    store            URL, "sqlite:<path>"; a relative path is of the working folder
    workflows        folder with workflow files beside the published and the shipped ones; None for none
    now              the fixed clock; None for the machine's
    lang             in which the program speaks
    keys             file of the key store; None for its default place beside the store
    master_key_file  file that holds the key that wraps the keys; None keeps them unwrapped
    journal          how long refused attempts are kept
    zone             in which a typed time is read where no workflow says otherwise
    notify           file that says how those whom workflows tell are reached; None: notices wait
    smtp_password    of the mail server that it names; "" when the file names a file of its own
    """

    store: str = DEFAULT_STORE
    workflows: Path | None = None
    now: datetime | None = None
    lang: Lang = "en"
    keys: Path | None = None
    master_key_file: Path | None = None
    journal: timedelta = timedelta(days=JOURNAL_DAYS)
    zone: tzinfo = field(default_factory=lambda: ZoneInfo(DEFAULT_ZONE))
    notify: Path | None = None
    smtp_password: str = field(default="", repr=False)

    @property
    def clock(self) -> Clock:
        """The clock that everything is judged by."""
        return system_clock if self.now is None else fixed_clock(self.now)

    def shown(self) -> dict[str, str]:
        """Return every setting in words, without secrets: a password in the store's URL is struck out."""
        return {
            "store": PASSWORD.sub(r"\1:***@", self.store),
            "workflows": str(self.workflows or ""),
            "now": self.now.isoformat() if self.now else "",
            "lang": self.lang,
            "keys": str(self.keys or ""),
            "master_key_file": str(self.master_key_file or ""),
            "journal": f"{self.journal.days}d",
            "zone": str(self.zone),
            "notify": str(self.notify or ""),
            "smtp_password": "***" if self.smtp_password else "",
        }


def read_settings(
    environ: Mapping[str, str] | None = None,
    *,
    store: str | None = None,
    workflows: str | None = None,
    now: str | None = None,
    lang: str | None = None,
) -> Settings:
    """Return the settings of this run: an option given on the command line, else the environment, else the default.

    environ  None reads the process's own; a variable that is set but empty counts as not set
    now      as typed; without a zone it is read in `DEFAULT_ZONE`
    Raises   InvalidInput with every value that cannot be read
    """
    given = {name: value for name, value in (os.environ if environ is None else environ).items() if value}
    problems: list[Problem] = []
    settings = Settings(
        store=store or given.get("LIFECYCLE_STORE", DEFAULT_STORE),
        workflows=_path(workflows or given.get("LIFECYCLE_WORKFLOWS")),
        now=_now(now, given, problems),
        lang=_lang(lang, given, problems),
        keys=_path(given.get("LIFECYCLE_KEYS")),
        master_key_file=_path(given.get("LIFECYCLE_MASTER_KEY_FILE")),
        journal=_journal(given, problems),
        notify=_path(given.get("LIFECYCLE_NOTIFY")),
        smtp_password=given.get("LIFECYCLE_SMTP_PASSWORD", ""),
    )
    if problems:
        raise InvalidInput(problems)
    return settings


def spoken_by_default() -> Lang:
    """Return the language in which the program speaks before anything was typed; a wrong one is told later."""
    chosen = os.environ.get("LIFECYCLE_LANG") or os.environ.get("LANG", "")
    return "zh" if chosen.lower().startswith("zh") else "en"


def _path(typed: str | None) -> Path | None:
    return Path(typed).expanduser() if typed else None


def _now(option: str | None, given: Mapping[str, str], problems: list[Problem]) -> datetime | None:
    typed = option or given.get("LIFECYCLE_NOW")
    if not typed:
        return None
    read = read_time(typed, ZoneInfo(DEFAULT_ZONE), path="--now" if option else "LIFECYCLE_NOW")
    if isinstance(read, Problem):
        problems.append(read)
        return None
    return read


def _lang(option: str | None, given: Mapping[str, str], problems: list[Problem]) -> Lang:
    typed = option or given.get("LIFECYCLE_LANG")
    if typed:
        if typed in ("zh", "en"):
            return "zh" if typed == "zh" else "en"
        setting = "--lang" if option else "LIFECYCLE_LANG"
        values: dict[str, object] = {"setting": setting, "typed": typed, "known": ("zh", "en")}
        problems.append(Problem(code="setting-unreadable", where=Place(path=setting), values=values))
    return "zh" if given.get("LANG", "").lower().startswith("zh") else "en"


def _journal(given: Mapping[str, str], problems: list[Problem]) -> timedelta:
    setting = "LIFECYCLE_JOURNAL_DAYS"
    typed = given.get(setting, str(JOURNAL_DAYS))
    if re.fullmatch(r"\d{1,4}", typed, re.ASCII) and int(typed) <= LONGEST_JOURNAL_DAYS:
        return timedelta(days=int(typed))
    values: dict[str, object] = {"setting": setting, "typed": typed, "minimum": 0, "maximum": LONGEST_JOURNAL_DAYS}
    problems.append(Problem(code="number-unreadable", where=Place(path=setting), values=values))
    return timedelta(days=JOURNAL_DAYS)

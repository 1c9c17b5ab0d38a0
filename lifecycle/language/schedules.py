"""What a workflow text says of schedules: when they occur, for whom, and what they open or send."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.clocks.hours import WEEKDAYS, parse_days, parse_time
from lifecycle.clocks.recurrence import Recurrence
from lifecycle.core.lengths import parse_length
from lifecycle.language.behaviour import Opens
from lifecycle.language.calendars import DateText
from lifecycle.language.dictionary import Rules
from lifecycle.language.vocabulary import Cel, FieldName, Name, Titled, Value, key, many, rules_key

EVERY = re.compile(r"(?:([1-9]\d{0,2}) )?(day|week|month|quarter|half_year|year)s?")
NTH = re.compile(r"(-?[1-5])([a-z]{3})")
MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
BY_DAY = ("months", "days", "weekdays")


def _every(value: str) -> str:
    length = parse_length(value)
    if not EVERY.fullmatch(value) and (length is None or not length):
        raise PydanticCustomError("bad-every", "no recurrence", {"name": value[:80]})
    return value


def _weekday(value: str) -> str:
    if not weekdays_of(value):
        raise PydanticCustomError("bad-weekday", "no weekday", {"name": value[:80]})
    return value


def _time(value: str) -> str:
    second = parse_time(value)
    if second is None or second >= 86_400:
        raise PydanticCustomError("bad-time", "no time of day", {"name": value[:80]})
    return value


def _monthday(value: int) -> int:
    if not 1 <= abs(value) <= 31:
        raise PydanticCustomError("bad-monthday", "no day of a month", {"name": str(value)})
    return value


def weekdays_of(text: str) -> tuple[tuple[int, int], ...]:
    """Return the weekdays that a text names: "mon-fri" each of them, "1mon" the first, "-1fri" the last of a month."""
    nth = NTH.fullmatch(text)
    if nth and nth[2] in WEEKDAYS:
        return ((int(nth[1]), WEEKDAYS.index(nth[2])),)
    return tuple((0, day) for day in parse_days(text) or ())


MonthDays = Annotated[
    tuple[Annotated[int, AfterValidator(_monthday)], ...],
    BeforeValidator(many, json_schema_input_type=int | tuple[int, ...]),
]
Weekdays = Annotated[
    tuple[Annotated[str, AfterValidator(_weekday)], ...],
    BeforeValidator(many, json_schema_input_type=str | tuple[str, ...]),
]
PeriodMonths = Annotated[
    tuple[Annotated[int, Field(ge=1, le=12)], ...],
    BeforeValidator(many, json_schema_input_type=int | tuple[int, ...]),
]


class ScheduleEntry(Titled):
    """Something that comes again. At least one of `open` and `send`."""

    every: Annotated[str, AfterValidator(_every)] = key(
        "day, week, month, quarter, half_year, year, several of them, or a length",
        "周期：day、week、month、quarter、half_year、year，或若干个，或一段时长",
        examples=["quarter", "2 weeks", "36h"],
    )
    months: PeriodMonths = key(
        "which months of the period, from 1; its first when not given", "周期内的第几个月；不写则为首月", ()
    )
    days: MonthDays = key(
        "days of the month; -1 is the last; the first when not given",
        "每月的哪几日；-1 为最后一日；不写则为 1 日",
        (),
        examples=[[10, 20, 30]],
    )
    weekdays: Weekdays = key(
        "days of the week; of a month also 1mon, -1fri; Monday when not given",
        "星期几；按月时可写 1mon、-1fri；不写则为周一",
        (),
        examples=["mon-fri", "1mon"],
    )
    time: Annotated[str, AfterValidator(_time)] | None = key(
        "time of day; midnight when not given", "时刻；不写则为零点", None, examples=["09:00"]
    )
    missing_day: Literal["last", "skip", "next"] = key(
        "what a day that the month lacks becomes: its last day, nothing, the first of the next month",
        "当月无此日时：改为月末日、跳过或次月 1 日",
        "last",
    )
    anchor: Literal["calendar", "start", "last"] | None = key(
        "counted by the calendar, from the start, or from the last occurrence",
        "按日历、自起始日或自上一次起计算",
        None,
    )
    from_: DateText | None = key(
        "first day; when the workflow is published when not given", "起始日；不写则自流程发布起", None, alias="from"
    )
    until: DateText | None = key("last day", "截止日", None)
    calendar: Name | None = key("calendar to whose days with hours it keeps", "须落在其工作日的日历", None)
    closed: Literal["next", "previous", "skip"] = key(
        "where an occurrence on a day without hours goes", "遇非工作日时：顺延、提前或跳过", "next"
    )
    missed: Literal["run", "skip", "latest"] = key(
        "occurrences that nobody ran in time: all are run, none, or the latest",
        "错过的各次：全部补办、不补或只补最近一次",
        "run",
    )
    per: Name | None = key("keyed kind; each of its cases is a member", "逐个办理的档案类案件种类", None)
    where: Cel | None = key("which of them are members", "仅限满足此条件的案件", None, examples=["case.active == true"])
    open: Opens = key("new cases", "新建的案件", (), examples=[{"inspection": {"opening": "planned"}}])
    send: dict[Name, dict[FieldName, Value]] = key(
        "commands to each member, with their forms; received as received.x", "发往每个成员的指令及其表单", {}
    )
    rules: Rules = rules_key()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.open and not self.send:
            raise PydanticCustomError("schedule-does-nothing", "nothing", {})
        if (self.where is not None or self.send) and self.per is None:
            raise PydanticCustomError("key-missing", "nobody", {"key": "per"})
        if "closed" in self.model_fields_set and self.calendar is None:
            raise PydanticCustomError("key-missing", "no calendar", {"key": "calendar"})
        wrong = next((name for name in BY_DAY if getattr(self, name) and name not in self.words), None)
        if wrong is not None:
            raise PydanticCustomError("schedule-key-not-with", "not with", {"key": wrong, "every": self.every})
        if self.anchor == "calendar" and not EVERY.fullmatch(self.every):
            raise PydanticCustomError("schedule-key-not-with", "not with", {"key": "anchor", "every": self.every})
        if any(month > self.period for month in self.months):
            raise PydanticCustomError("schedule-month", "too late", {"every": self.every, "months": self.period})
        if any(self.every_unit == "weeks" and nth for text in self.weekdays for nth, _ in weekdays_of(text)):
            raise PydanticCustomError("schedule-key-not-with", "not with", {"key": "weekdays", "every": self.every})
        return self

    @property
    def every_unit(self) -> Literal["days", "weeks", "months", "length"]:
        found = EVERY.fullmatch(self.every)
        if found is None:
            return "length"
        return "months" if found[2] in MONTHS else "weeks" if found[2] == "week" else "days"

    @property
    def period(self) -> int:
        """How many days, weeks or months it lasts."""
        found = EVERY.fullmatch(self.every)
        return int(found[1] or 1) * MONTHS.get(found[2], 1) if found else 1

    @property
    def words(self) -> tuple[str, ...]:
        """Which of the keys that name days it may have."""
        if self.anchor in ("start", "last"):
            return ()
        return {"months": BY_DAY, "weeks": ("weekdays",)}.get(self.every_unit, ())


def recurrence_of(entry: ScheduleEntry, zone: str) -> Recurrence:
    """Return when a schedule occurs. zone: of the workflow."""
    length = parse_length(entry.every)
    unit = entry.every_unit
    return Recurrence(
        unit=unit,
        count=entry.period,
        **({"length": length} if unit == "length" and length is not None else {}),
        months=tuple(sorted(set(entry.months))),
        days=tuple(dict.fromkeys(entry.days)),
        weekdays=tuple(dict.fromkeys(day for text in entry.weekdays for day in weekdays_of(text))),
        second=None if entry.time is None else parse_time(entry.time),
        missing=entry.missing_day,
        anchor=entry.anchor or ("start" if unit == "length" else "calendar"),
        closed=entry.closed,
        since=date.fromisoformat(entry.from_) if entry.from_ else None,
        until=date.fromisoformat(entry.until) if entry.until else None,
        zone=zone,
    )

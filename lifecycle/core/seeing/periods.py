"""Days, weeks, months, quarters and years of a zone, as figures are kept by."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lifecycle.core.workflow.seeing import Per

MONTHS = {"month": 1, "quarter": 3, "year": 12}


def start_of(per: Per, at: datetime, zone: ZoneInfo) -> date:
    """Return the first day of the period in which an instant lies, as the clocks of a zone show it."""
    return first_day(per, at.astimezone(zone).date())


def first_day(per: Per, day: date) -> date:
    """Return the first day of the period of a day; weeks begin on Monday."""
    if per == "day":
        return day
    if per == "week":
        return day - timedelta(days=day.weekday())
    months = MONTHS[per]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def moved(per: Per, first: date, count: int) -> date:
    """Return the first day of the period so many later; earlier ones when count is below 0."""
    if per in ("day", "week"):
        return first + timedelta(days=count * (7 if per == "week" else 1))
    year, month = divmod(first.year * 12 + first.month - 1 + count * MONTHS[per], 12)
    return date(year, month + 1, 1)


def a_year_before(per: Per, first: date) -> date:
    """Return the first day of the same period of the year before; of weeks and days, 52 weeks before."""
    return first - timedelta(weeks=52) if per in ("day", "week") else date(first.year - 1, first.month, 1)


def label(per: Per, first: date) -> str:
    """Return what a period is called: 2026-03-02, 2026-W10, 2026-03, 2026-Q1, 2026."""
    match per:
        case "day":
            return first.isoformat()
        case "week":
            year, week, _ = first.isocalendar()
            return f"{year}-W{week:02}"
        case "month":
            return f"{first:%Y-%m}"
        case "quarter":
            return f"{first.year}-Q{(first.month + 2) // 3}"
        case _:
            return str(first.year)

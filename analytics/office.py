"""The office's own calendar: its clock, and the day on which its weeks begin. Both are settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from analytics.errors import UserError

ZONE_SETTING = "FIVE_COLOUR_TIME_ZONE"
WEEK_SETTING = "FIVE_COLOUR_WEEK_BEGINS"
WEEK_DAYS = 7
SATURDAY = 5
NATIONAL_DAYS = (1, 2, 3)
"""Of October: by law nobody works on them, whatever a year's own arrangement is."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def time_zone() -> tzinfo | None:
    """The zone of the office's clock; None, where none is set, stands for that of this machine.

    Raises :class:`UserError` for a name that no zone has.
    """
    written = os.environ.get(ZONE_SETTING, "").strip()
    return _zone(written) if written else None


@cache
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UserError.because("office.no_such_zone", setting=ZONE_SETTING, usual="Asia/Shanghai") from None


def local_time(moment: datetime) -> datetime:
    """A moment by the office's clock."""
    return moment.astimezone(time_zone())


def now() -> datetime:
    """This moment by the office's clock."""
    return local_time(datetime.now(UTC))


def today() -> date:
    """The office's own day."""
    return now().date()


def holidays_known_until(told: Mapping[date, bool]) -> date | None:
    """The last day of which a table of holidays says whether it is one; None for an empty table. ``told``: of its days,
    whether they are worked.

    Holidays are announced for a year, of which the National Day's is the last: a year with all of its statutory days
    off, 1 to 3 October, is told whole, any other up to its last row."""
    if not told:
        return None
    last = max(told)
    whole = all(told.get(last.replace(month=10, day=day)) is False for day in NATIONAL_DAYS)
    return last.replace(month=12, day=31) if whole else last


def week_begins() -> int:
    """The day on which a week begins, 0 for Monday as in Python; raises :class:`UserError` for a word that is none."""
    written = os.environ.get(WEEK_SETTING, "").strip().casefold() or WEEKDAYS[0]
    if written not in WEEKDAYS:
        raise UserError.because("office.no_such_weekday", setting=WEEK_SETTING, known=list(WEEKDAYS))
    return WEEKDAYS.index(written)


def week_end(day: date) -> date:
    """The last day of the week in which ``day`` lies.

    >>> week_end(date(2026, 10, 31)), week_end(date(2026, 11, 1))
    (datetime.date(2026, 11, 1), datetime.date(2026, 11, 1))
    """
    return day + timedelta(days=(week_begins() - 1 - day.weekday()) % WEEK_DAYS)


def working_days_after(day: date, n: int, told: Mapping[date, bool]) -> date:
    """The ``n``-th (from 1) working day after ``day``; ``told``: of some days, whether they are worked. Of all others
    Saturdays and Sundays are free.

    >>> working_days_after(date(2026, 10, 30), 1, {}), working_days_after(date(2026, 10, 30), 6, {})
    (datetime.date(2026, 11, 2), datetime.date(2026, 11, 9))
    """
    while n > 0:
        day += timedelta(days=1)
        n -= told.get(day, day.weekday() < SATURDAY)
    return day

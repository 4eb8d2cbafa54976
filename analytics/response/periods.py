"""Periods up to a day, and those that one may be held against: the one before (环比), the same a year before (同比)."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from analytics.office import WEEK_DAYS

PeriodKind = Literal["week", "month", "quarter"]
PERIOD_KINDS: tuple[PeriodKind, ...] = get_args(PeriodKind)

WEEKS_OF_A_YEAR = 52
MONTHS_OF_A_QUARTER = 3
MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True)
class Period:
    """The days from ``first`` to ``last``, both in it. ``over``: they are a whole week, month or quarter; else they are
    its first days."""

    kind: PeriodKind
    first: date
    last: date
    over: bool

    @property
    def days(self) -> int:
        """How many days they are."""
        return (self.last - self.first).days + 1


def period_to(kind: PeriodKind, day: date) -> Period:
    """The week that ends with ``day``; or the month or quarter in which it lies, from its first day to ``day``.

    >>> period_to("quarter", date(2026, 10, 31))
    Period(kind='quarter', first=datetime.date(2026, 10, 1), last=datetime.date(2026, 10, 31), over=False)
    """
    if kind == "week":
        return Period(kind, day - timedelta(days=WEEK_DAYS - 1), day, over=True)
    months = _months(kind)
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(kind, first, day, over=day == _last_of(first, months))


def period_before(period: Period) -> Period | None:
    """The period just before; of one that is not over as many days of it, None where it has fewer."""
    if period.kind == "week":
        return _week_earlier(period, 1)
    return _months_earlier(period, _months(period.kind))


def same_period_last_year(period: Period) -> Period | None:
    """The same month or quarter a year before, or as many days of it; the week 52 weeks before, on like weekdays."""
    if period.kind == "week":
        return _week_earlier(period, WEEKS_OF_A_YEAR)
    return _months_earlier(period, MONTHS_OF_A_YEAR)


def _week_earlier(period: Period, weeks: int) -> Period:
    earlier = timedelta(weeks=weeks)
    return Period("week", period.first - earlier, period.last - earlier, over=True)


def _months_earlier(period: Period, months: int) -> Period | None:
    year, month = divmod(period.first.year * MONTHS_OF_A_YEAR + period.first.month - 1 - months, MONTHS_OF_A_YEAR)
    first = date(year, month + 1, 1)
    end = _last_of(first, _months(period.kind))
    last = end if period.over else first + timedelta(days=period.days - 1)
    return Period(period.kind, first, last, over=period.over) if last <= end else None


def _months(kind: PeriodKind) -> int:
    return MONTHS_OF_A_QUARTER if kind == "quarter" else 1


def _last_of(first: date, months: int) -> date:
    """The last day of so many months that begin on the day ``first``; they lie in one year."""
    month = first.month + months - 1
    return date(first.year, month, calendar.monthrange(first.year, month)[1])

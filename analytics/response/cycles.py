"""Cycles of checks: from when to when each object of an area is to be checked, as its tier asks.

Cycles go by the calendar: one of whole weeks ends with a week of the office, and which of the weeks is told by the
area, so that they do not all fall due at once. A due day that is not worked moves to the next that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from analytics.office import WEEK_DAYS, week_begins
from analytics.tiers import UNKNOWN_RANK

MONDAY = 4
"""The first Monday since 1970-01-01, in days."""

LONGEST_WITHOUT_WORK = 15
"""The most days in a row that may be holidays, so that a due day finds the next one that is worked."""

LONGEST_CYCLE = 3660
"""Days of a cycle at most: what is asked for once in more than ten years is asked for then."""

HOLIDAY_DAYS = 3
"""Days off in a row that are a holiday, where one of them is no weekend's."""

NO_DAY = np.iinfo("int64").max
"""Later than every day."""


@dataclass(frozen=True, eq=False)
class Cycles:
    """Cycles, each (cycles,), of one area after the other and in the order of their days: the position of the ``area``,
    the first day (``start``) and the day on which each object is ``due``, both as days since 1970 and included, and how
    many ``times`` each object is to be checked in it."""

    area: np.ndarray
    start: np.ndarray
    due: np.ndarray
    times: np.ndarray

    def __len__(self) -> int:
        return len(self.area)


@dataclass(frozen=True, eq=False)
class Asked:
    """How often objects are to be checked, by the rank of the tier and last for unknown, each (6,): the ``length`` of a
    cycle in days, 0 for none, the ``times`` in each, and ``first_within`` how many days the first check has to follow
    a rise, 0 where nothing is said of it."""

    length: np.ndarray
    times: np.ndarray
    first_within: np.ndarray


def cycles_of(final: np.ndarray, first_day: int, asked: Asked, worked: np.ndarray, areas: Sequence[str]) -> Cycles:
    """The cycles that end within some days, and those that are under way in the morning after, as if it went on.

    ``final`` (days, areas): the rank of the tier in force on each day from ``first_day`` on. ``worked`` (days + longest
    cycle + `LONGEST_WITHOUT_WORK`,): whether each day from then on is. ``areas``: their ids.

    A tier that worsens shortens the cycle that is under way, one that improves leaves it as it is: a check that was
    made in it before the rise counts. While the tier is unknown what was under way goes on and nothing new begins; what
    comes after it is held against the tier that was known last.

    What is under way has to be looked at where a tier changes; as long as one lasts, the calendar says the rest.
    """
    rows = np.arange(len(worked))
    rolled = np.minimum.accumulate(np.where(worked, rows, len(worked))[::-1])[::-1]
    calendar = _calendar_of(asked.length, first_day, len(final), rolled, areas)
    spells = _spells_of(final)
    kind = calendar.kind[spells.rank, spells.area]
    first = _under_way(spells, asked, calendar, kind, rolled)
    # Of each spell those that follow until it is over: positions in the days of the calendar, from one to another.
    then = calendar.ends[kind, np.minimum(first.due, len(final) - 1) + 1]
    begins = calendar.before[kind, np.minimum(then, spells.until)]
    ended = (first.due < spells.until) | (spells.last & (first.due != NO_DAY))
    count = ended + calendar.before[kind, spells.until] - begins
    head = count.cumsum() - count
    due = calendar.day[np.repeat(begins - head, count) + np.arange(count.sum())]
    due[head[ended]] = first.due[ended]
    start = np.append(0, due[:-1] + 1)[: len(due)]
    start[head[ended]] = first.start[ended]
    times = np.repeat(asked.times[spells.rank], count)
    times[head[ended]] = first.times[ended]
    return Cycles(np.repeat(spells.area, count), start + first_day, due + first_day, times)


def cycles_before_holidays(
    final: np.ndarray, first_day: int, within: int, worked: np.ndarray, told_off: np.ndarray
) -> Cycles:
    """One cycle before each holiday, of the ``within`` days before it: due on the last day that is worked.

    A holiday is a run of `HOLIDAY_DAYS` or more days that are not ``worked`` (days,), of which one is ``told_off`` by
    the office's table. Other arguments as of :func:`cycles_of`; an area whose tier is unknown on all days of a cycle is
    asked nothing. Holidays to come are there as far as ``worked`` goes.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[1], worked.astype("int8"), [1]])))
    runs = [(first, last) for first, last in edges.reshape(-1, 2).tolist() if told_off[first:last].any()]
    due = np.array([first - 1 for first, last in runs if last - first >= HOLIDAY_DAYS and first > 0], dtype="int64")
    # A day that has two holidays within reach is for the first.
    start = np.maximum(due - within + 1, np.append(0, due[:-1] + 1)[: len(due)])
    told = final != UNKNOWN_RANK
    days = np.stack([start, due + 1]).clip(0, len(final) - 1)
    known = np.array([told[first : max(last, first + 1)].any(axis=0) for first, last in days.T.tolist()], dtype=bool)
    area, which = np.nonzero(known.reshape(len(due), final.shape[1]).T)
    return Cycles(area, start[which] + first_day, due[which] + first_day, np.ones(len(area), dtype="int64"))


@dataclass(frozen=True, eq=False)
class _Spells:
    """Spells of one tier, each (spells,), one area after the other: the ``area``, the first day (``row``), the day on
    which the next begins (``until``) and the ``rank``. The ``last`` of each area is the morning after all days."""

    area: np.ndarray
    row: np.ndarray
    until: np.ndarray
    rank: np.ndarray
    last: np.ndarray

    def in_turn(self) -> list[np.ndarray]:
        """The positions of the first spells of all areas, of the second and so on."""
        number = np.arange(len(self.row)) - np.flatnonzero(self.row == 0)[self.area]
        return np.split(np.argsort(number, kind="stable"), np.bincount(number).cumsum()[:-1])


def _spells_of(final: np.ndarray) -> _Spells:
    days, areas = final.shape
    new = np.ones((areas, days + 1), dtype=bool)
    new[:, 1:-1] = (final[1:] != final[:-1]).T
    area, row = np.divmod(np.flatnonzero(new), days + 1)
    last = row == days
    until = np.where(last, days, np.append(row[1:], days))
    return _Spells(area, row, until, final[np.minimum(row, days - 1), area].astype("int64"), last)


@dataclass(frozen=True, eq=False)
class _Calendar:
    """Cycles as the calendar has them, by kind: one for each length and shift; days are told from the first on.

    ``kind`` of the rank of a tier and an area, (6, areas). ``ends`` (kinds, days + 1): on which day a cycle ends that
    begins on a day, `NO_DAY` where nothing is asked. ``day``: all days on which one ends, of one kind after the other,
    each with -1 in front; ``before`` (kinds, days + 1): where the last one before a day stands there.
    """

    kind: np.ndarray
    ends: np.ndarray
    day: np.ndarray
    before: np.ndarray

    def under_way(self, kind: np.ndarray, since: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """First day and end of the cycle that is under way in the morning of a ``day`` where one has followed the other
        ``since`` then; one that begins on that day has no end yet."""
        last = self.day[self.before[kind, day]]
        start = np.where(last >= self.ends[kind, since], last + 1, since)
        return start, np.where(start < day, self.ends[kind, start], NO_DAY)


def _calendar_of(lengths: np.ndarray, first_day: int, days: int, rolled: np.ndarray, areas: Sequence[str]) -> _Calendar:
    """By how many days a cycle is shifted is told by the area's id, so that an area's cycles stay as they are when
    others come or go. ``rolled``: of each day the next that is worked."""
    told = np.array([crc32(area.encode()) for area in areas], dtype="int64")
    monday, row = MONDAY + week_begins(), np.arange(days + 1)
    kind, ends, kinds = [], [], 0
    for length in lengths.tolist():
        step = max(length, 1)
        whole_weeks = length > 0 and length % WEEK_DAYS == 0
        shifts = monday + np.arange(0, length, WEEK_DAYS) if whole_weeks else np.arange(step)
        found = rolled[row + step - 1 - (first_day + row - shifts[:, None]) % step]
        ends.append(found if length else np.full_like(found, NO_DAY))
        kind.append(kinds + told % len(shifts))
        kinds += len(shifts)
    every = np.concatenate(ends)
    # A column a day, and in front that before the first.
    one_ends = np.zeros(every.shape, dtype=bool)
    one_ends[:, 0] = True
    of, begins = np.nonzero(every < days)
    one_ends[of, every[of, begins] + 1] = True
    before = one_ends.ravel().cumsum().reshape(every.shape) - 1
    return _Calendar(np.stack(kind), every, np.nonzero(one_ends)[1] - 1, before)


def _under_way(spells: _Spells, asked: Asked, calendar: _Calendar, kind: np.ndarray, rolled: np.ndarray) -> Cycles:
    """The cycle that is under way once each spell has begun, as days from the first on; `NO_DAY` is due where none."""
    row, rank = spells.row, spells.rank
    start, due, times, set_by, known = row.copy(), calendar.ends[kind, row], asked.times[rank], rank.copy(), rank.copy()
    for at in spells.in_turn()[1:]:
        was, begins, now = at - 1, row[at], rank[at]
        known[at] = np.where(now < 0, known[was], now)
        # In the morning, as the spell before leaves it.
        over = due[was] < begins
        begun, ends = calendar.under_way(kind[was], np.minimum(due[was] + over, begins), begins)
        ends = np.where(over, ends, due[was])
        often, by = np.where(over, asked.times[rank[was]], times[was]), np.where(over, rank[was], set_by[was])
        fresh = ends == NO_DAY
        start[at] = np.where(fresh, begins, np.where(over, begun, start[was]))
        # And as the tier that comes asks for it.
        within = np.where(now > known[was], asked.first_within[now], 0)
        limit = np.where(within > 0, rolled[begins + np.maximum(within, 1) - 1], NO_DAY)
        wanted = np.minimum(calendar.ends[kind[at], begins], limit)
        sooner = (wanted < ends) & (fresh | (now > by))
        due[at], set_by[at] = np.where(sooner, wanted, ends), np.where(sooner, now, by)
        times[at] = np.where(sooner, asked.times[now], np.maximum(asked.times[now], often))
    return Cycles(spells.area, start, due, times)

"""What tiers ask for and whether it was done: due, done on time, late and overdue, by cycles of checks.

In a cycle every object of an area is to be checked as often as its tier asks. Cycles go by the calendar: one of whole
weeks ends with a week of the office, and which of the weeks is told by the area, so that they do not all fall due at
once. A due day that is not worked moves to the next that is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from zlib import crc32

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.office import WEEK_DAYS, week_begins
from analytics.scheme import Indicator, Scheme
from analytics.scheme.model import Duty
from analytics.scoring.area_counts import AreaCounts, day_numbers
from analytics.scoring.calendar import working_days

DONE = ("done",)
"""Outcomes that count: the object was met and checked. Nobody home, refused and partly done are not."""

MONDAY = 4
"""The first Monday since 1970-01-01, in days."""

LONGEST_WITHOUT_WORK = 15
"""The most days in a row that may be holidays, so that a due day finds the next one that is worked."""

LONGEST_CYCLE = 3660
"""Days of a cycle at most: what is asked for once in more than ten years is asked for then."""

_NEVER = np.iinfo("int64").max


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


def asked_by(scheme: Scheme, duty: Duty) -> Asked:
    """What a duty asks of each tier. It is never less than the scheme says: 3.5 days are a cycle of 3, and five checks
    in two days are three a day."""
    every = [every_of(scheme, duty, tier) for tier in tiers.RANKED] + [0.0]
    within = [scheme.measures[tier].first_within_days if tier in scheme.measures else None for tier in tiers.RANKED]
    return Asked(
        length=np.array([min(max(1, floor(days)), LONGEST_CYCLE) if days else 0 for days in every], dtype="int64"),
        times=np.array([ceil(1 / days) if 0 < days < 1 else 1 for days in every], dtype="int64"),
        first_within=np.array([*(days or 0 for days in within), 0], dtype="int64"),
    )


def every_of(scheme: Scheme, duty: Duty, tier: tiers.Tier) -> float:
    """Of how many days a cycle of the tier is; 0 where nothing is asked of it."""
    if duty.every_days:
        return duty.every_days.get(tier, 0.0)
    return scheme.measures[tier].cadence_days if tier in scheme.measures else 0.0


def cycles_of(final: np.ndarray, first_day: int, asked: Asked, worked: np.ndarray, areas: Sequence[str]) -> Cycles:
    """The cycles that end within some days, and those that are under way in the morning after, as if it went on.

    ``final`` (days, areas): the rank of the tier in force on each day from ``first_day`` on. ``worked`` (days + longest
    cycle + `LONGEST_WITHOUT_WORK`,): whether each day from then on is. ``areas``: their ids.

    A tier that worsens shortens the cycle that is under way, one that improves leaves it as it is: a check that was
    made in it before the rise counts. While the tier is unknown what was under way goes on and nothing new begins.
    """
    rows = np.arange(len(worked))
    rolled = np.minimum.accumulate(np.where(worked, rows, len(worked))[::-1])[::-1]
    shift = _shifts(asked.length, areas)
    every = np.arange(final.shape[1])
    due = np.full(final.shape[1], _NEVER)
    start = np.zeros(final.shape[1], dtype="int64")
    times = np.ones(final.shape[1], dtype="int64")
    found: list[tuple[np.ndarray, ...]] = []
    set_by = before = final[0]
    for row, rank in enumerate([*final, final[-1]]):
        length = asked.length[rank]
        step = np.maximum(length, 1)
        ends = row + step - 1 - (first_day + row - shift[rank, every]) % step
        ends = np.where(length > 0, rolled[ends], _NEVER)
        fresh = due == _NEVER
        start[fresh] = row
        within = np.where(rank > before, asked.first_within[rank], 0)
        ends = np.where(within > 0, np.minimum(ends, rolled[row + np.maximum(within, 1) - 1]), ends)
        sooner = (ends < due) & (fresh | (rank > set_by))
        due, set_by = np.where(sooner, ends, due), np.where(sooner, rank, set_by)
        times = np.where(sooner | (asked.times[rank] > times), asked.times[rank], times)
        if row == len(final):  # the morning after, on which what comes next begins
            break
        over = np.flatnonzero(due == row)
        found.append((over, start[over] + first_day, np.full(len(over), row + first_day), times[over]))
        due[over] = _NEVER
        times[over] = 1
        before = rank
    going_on = np.flatnonzero(due != _NEVER)
    found.append((going_on, start[going_on] + first_day, due[going_on] + first_day, times[going_on]))
    area, begun, ended, often = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((ended, area))
    return Cycles(area[order], begun[order], ended[order], often[order])


def _shifts(lengths: np.ndarray, areas: Sequence[str]) -> np.ndarray:
    """By how many days the cycles of a tier's length begin after day 0, (6, areas). They are told by the area's id, so
    that an area's cycles stay as they are when others come or go."""
    told = np.array([crc32(area.encode()) for area in areas], dtype="int64")
    monday = MONDAY + week_begins()
    shifts = []
    for length in lengths.tolist():
        if length and length % WEEK_DAYS == 0:
            shifts.append(monday + WEEK_DAYS * (told % (length // WEEK_DAYS)))
        else:
            shifts.append(told % max(length, 1))
    return np.stack(shifts)


@dataclass(frozen=True, eq=False)
class Done:
    """What was done in each of ``cycles``, each (cycles,): checks that were ``due`` (objects × times, NaN where the
    objects are not known), done ``on_time`` and done ``late``; and which cycles are ``judged``: they begin when checks
    of this kind were on record. Of the others it is not known what was done."""

    cycles: Cycles
    due: np.ndarray
    on_time: np.ndarray
    late: np.ndarray
    judged: np.ndarray

    def by_area(self, first: int, last: int, areas: pd.Index) -> pd.DataFrame:
        """What fell due from one day to another, both included (index: ``areas``): ``due``, ``on_time``, ``late``,
        ``overdue``, which add up, and ``oldest``, the earliest day of which something is overdue, -1 for none.

        NaN where the objects are not known, and all but ``due`` where it is not known what was done. Nothing due is 0.
        Of the newest cycle that had ended by then, whenever: ``last_due``, ``last_overdue`` and ``last_day``; NaN and
        -1 where there is none of which it is known what was done, though something is ``asked``.
        """
        chosen = (self.cycles.due >= first) & (self.cycles.due <= last)
        area, due = self.cycles.area[chosen], self.due[chosen]
        judged = np.where(self.judged[chosen], 0.0, np.nan)
        on_time, late = self.on_time[chosen] + judged, self.late[chosen] + judged
        overdue = due - on_time - late
        columns = {"due": due, "on_time": on_time, "late": late, "overdue": overdue}
        table = pd.DataFrame(
            {name: np.bincount(area, weights=held, minlength=len(areas)) for name, held in columns.items()}, index=areas
        )
        oldest = np.full(len(areas), _NEVER)
        late_ones = overdue > 0
        np.minimum.at(oldest, area[late_ones], self.cycles.due[chosen][late_ones])
        return table.assign(oldest=np.where(oldest == _NEVER, -1, oldest), **self._newest(last, len(areas)))

    def _newest(self, last: int, areas: int) -> dict[str, np.ndarray]:
        told = np.flatnonzero((self.cycles.due <= last) & self.judged)
        held = np.full((3, areas), [[np.nan], [np.nan], [-1]])
        # Sorted by their days within an area, so that the newest one stays.
        for row, of in enumerate((self.due, self.due - self.on_time - self.late, self.cycles.due)):
            held[row, self.cycles.area[told]] = of[told]
        asked = np.isin(np.arange(areas), self.cycles.area)
        return {**dict(zip(("last_due", "last_overdue", "last_day"), held, strict=True)), "asked": asked}


def done(facts: AreaCounts, scheme: Scheme, duty: Duty, cycles: Cycles, until: int) -> Done:
    """What the checks up to the day ``until`` did of what was due.

    A check does the cycle that it falls into. One that is more than the cycle asks of its object makes up for one that
    was missed in the cycle before, which then is late and no longer overdue. Places are told apart; of people and
    areas the number of checks counts. A check with a finding was done; one that met nobody was not.
    """
    where = {**duty.where, "outcome": DONE}
    known_from = _known_from(facts, where)
    judged = (cycles.start >= known_from) if known_from is not None else np.zeros(len(cycles), dtype=bool)
    days, row = np.unique(cycles.due, return_inverse=True)
    objects = objects_on(facts, scheme, duty, days)[row, cycles.area]
    at = _cycle_by_day(cycles, len(facts.areas), until)
    due = objects * cycles.times
    if duty.source == "places":
        on_time, surplus = _by_place(facts, duty, where, cycles, at)
    else:
        on_time, surplus = _by_number(facts, where, due, cycles, at)
    on_time = np.fmin(on_time, due)
    late = np.fmin(surplus, due - on_time)
    return Done(cycles, due, np.nan_to_num(on_time), np.nan_to_num(late), judged)


def _known_from(facts: AreaCounts, where: Mapping[str, object]) -> int | None:
    """The first day with a check of the kind, of whatever outcome; None where there is none."""
    kinds = {column: held for column, held in where.items() if column != "outcome"}
    day = facts.counts.daily("checks", "checked_at", kinds).day if facts.has("checks") else np.empty(0)
    day = day[day > np.iinfo("int32").min]
    return int(day[0]) if len(day) else None


def objects_on(facts: AreaCounts, scheme: Scheme, duty: Duty, days: np.ndarray | int) -> np.ndarray:
    """How many objects of a duty each area has on some days (sorted, days since 1970), NaN where nobody knows or it may
    not be told: (days, areas), or (areas,) of one day."""
    wanted = np.atleast_1d(days)
    shape = (len(wanted), len(facts.areas))
    if duty.source == "areas":
        held = np.ones(shape)
    elif not facts.has(duty.source) or not len(wanted):
        held = np.full(shape, np.nan)
    else:
        facts = facts.shown_by([*scheme.indicators, _counted(duty)])
        # The list of places is of no day.
        of_days = wanted[-1:] if duty.source == "places" else wanted
        counted, small = facts.stock(duty.source, duty.of, {}, of_days)
        # What may be told as fewer than so many alone is no number that visits could be held against.
        held = np.broadcast_to(np.where(small, np.nan, counted), shape)
    return held if np.ndim(days) else held[0]


def _counted(duty: Duty) -> Indicator:
    """The objects of a duty as an indicator counts them, so that people and households are protected as there."""
    told = {"id": duty.id, "from": duty.source, "where": dict(duty.of), "measure": "stock", "weight": 1}
    return Indicator.model_validate(told | {"points": {"method": "none"}})


@dataclass(frozen=True, eq=False)
class _CycleByDay:
    """The number of the cycle of an area on a day (days, areas), -1 for none, from ``first`` on."""

    first: int
    number: np.ndarray

    def of(self, area: np.ndarray, day: np.ndarray) -> np.ndarray:
        row = day - self.first
        inside = (row >= 0) & (row < len(self.number)) & (area >= 0)
        return np.where(inside, self.number[np.where(inside, row, 0), np.where(inside, area, 0)], -1)


def _cycle_by_day(cycles: Cycles, areas: int, until: int) -> _CycleByDay:
    first = int(cycles.start.min()) if len(cycles) else until
    number = np.full((max(until - first + 1, 1), max(areas, 1)), -1, dtype="int64")
    if not len(cycles):
        return _CycleByDay(first, number)
    begun = np.flatnonzero(cycles.start <= until)
    number[cycles.start[begun] - first, cycles.area[begun]] = begun
    # A cycle goes on until the next one of its area begins; days between two, while nothing is asked, are in none.
    np.maximum.accumulate(number, axis=0, out=number)
    gap = np.flatnonzero((cycles.area[1:] == cycles.area[:-1]) & (cycles.start[1:] > cycles.due[:-1] + 1))
    last = np.flatnonzero(np.append(cycles.area[1:] != cycles.area[:-1], True))
    for at in np.union1d(gap, last).tolist():
        stops = cycles.due[at] + 1 - first
        if stops < len(number):
            column = number[stops:, cycles.area[at]]
            column[column == at] = -1
    return _CycleByDay(first, number)


def _by_place(
    facts: AreaCounts, duty: Duty, where: Mapping[str, object], cycles: Cycles, at: _CycleByDay
) -> tuple[np.ndarray, np.ndarray]:
    """Checks of places that count in each cycle, and those of the cycle after that make up for it."""
    if not (facts.has("places") and facts.has("checks") and len(cycles)):
        return np.zeros(len(cycles)), np.zeros(len(cycles))
    visits = facts.counts.visits(where, duty.of)
    cycle = at.of(facts.positions()[visits.area], visits.day.astype("int64"))
    kept = cycle >= 0
    width = np.int64(len(cycles) + 1)
    pair, n = _summed(visits.place[kept] * width + cycle[kept], visits.n[kept])
    of = pair % width
    counted = np.minimum(n, cycles.times[of])
    # Sorted as they are, the same place in the cycle before stands right before, where it was seen then.
    after = pair[1:] == pair[:-1] + 1
    before = np.maximum(of - 1, 0)
    follows = (of > 0) & (cycles.area[before] == cycles.area[of])
    seen = np.zeros_like(n)
    seen[1:][after] = n[:-1][after]
    made_up = np.where(follows, np.minimum(n - counted, np.maximum(cycles.times[before] - seen, 0)), 0)
    return (
        np.bincount(of, weights=counted, minlength=len(cycles)),
        np.bincount(before, weights=made_up, minlength=len(cycles)),
    )


def _summed(keys: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different keys, sorted, and the sum of ``n`` of each. They come sorted unless checks of one place lie in
    several areas."""
    if not len(keys):
        return keys, n
    if (keys[1:] < keys[:-1]).any():
        order = np.argsort(keys, kind="stable")
        keys, n = keys[order], n[order]
    first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    return keys[first], np.add.reduceat(n, first)


def _by_number(
    facts: AreaCounts, where: Mapping[str, object], due: np.ndarray, cycles: Cycles, at: _CycleByDay
) -> tuple[np.ndarray, np.ndarray]:
    """Checks in each cycle, and those of the cycle after that are more than it asks for."""
    if not (facts.has("checks") and len(cycles)):
        return np.zeros(len(cycles)), np.zeros(len(cycles))
    tally = facts.counts.daily("checks", "checked_at", where)
    cycle = at.of(facts.positions()[tally.area], tally.day.astype("int64"))
    kept = cycle >= 0
    n = np.bincount(cycle[kept], weights=tally.n[kept], minlength=len(cycles))
    more = np.fmax(n - due, 0)
    follows = np.append(cycles.area[1:] == cycles.area[:-1], False)
    return n, np.where(follows, np.append(more[1:], 0), 0)


def worked_from(facts: AreaCounts, first: int, days: int) -> np.ndarray:
    """Whether each of so many days from one on is worked: by the office's table of holidays, else all but weekends."""
    start = pd.Timestamp("1970-01-01") + pd.Timedelta(days=first)
    return working_days(facts.counts, pd.date_range(start, periods=days, freq="D"))


def duty_done(facts: AreaCounts, scheme: Scheme, duty: Duty, final: np.ndarray, days: pd.DatetimeIndex) -> Done:
    """What was due in some ``days`` and what the checks up to the last of them did of it; ``final`` (days, areas) is
    the rank of the tier that was in force on each."""
    asked, numbers = asked_by(scheme, duty), day_numbers(days)
    ahead = int(max(asked.length.max(), asked.first_within.max())) + LONGEST_WITHOUT_WORK
    worked = worked_from(facts, int(numbers[0]), len(days) + ahead)
    worked[-1] = True
    cycles = cycles_of(final, int(numbers[0]), asked, worked, facts.areas.index.tolist())
    return done(facts, scheme, duty, cycles, int(numbers[-1]))


@dataclass(frozen=True, eq=False)
class DutyWeek:
    """A duty: what fell due in the ``week`` that is shown and in the one ``before`` it, and what was done of it (as
    :meth:`Done.by_area`); ``days``, the same of each day of the week; and the ``next`` day on which something falls due
    (days since 1970, -1 for none), by area."""

    duty: Duty
    week: pd.DataFrame
    before: pd.DataFrame
    days: tuple[pd.DataFrame, ...]
    next: pd.Series


def week_of(duty: Duty, found: Done, last: int, areas: pd.Index) -> DutyWeek:
    """The week that ends with the day ``last`` (days since 1970)."""
    first = last - WEEK_DAYS + 1
    ahead = found.cycles.due > last
    nearest = np.full(len(areas), _NEVER)
    np.minimum.at(nearest, found.cycles.area[ahead], found.cycles.due[ahead])
    return DutyWeek(
        duty,
        found.by_area(first, last, areas),
        found.by_area(first - WEEK_DAYS, first - 1, areas),
        tuple(found.by_area(day, day, areas) for day in range(first, last + 1)),
        pd.Series(np.where(nearest == _NEVER, -1, nearest), index=areas),
    )

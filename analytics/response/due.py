"""What tiers ask for and whether it was done: due, done on time, late and overdue, by cycles of checks.

In a cycle (see `cycles`) every object of an area is to be checked as often as its tier asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.office import SATURDAY, WEEK_DAYS, holidays_known_until
from analytics.response.cycles import (
    HOLIDAY_DAYS,
    LONGEST_CYCLE,
    LONGEST_WITHOUT_WORK,
    NO_DAY,
    Asked,
    Cycles,
    cycles_before_holidays,
    cycles_of,
)
from analytics.scheme import Scheme
from analytics.scheme.duties import Duty
from analytics.scoring.area_counts import AreaCounts, day_numbers
from analytics.scoring.calendar import told_days, working_days
from analytics.store.place_rows import places_and_checks

DONE = ("done",)
"""Outcomes that count: the object was met and checked. Nobody home, refused and partly done are not."""

EPOCH = date(1970, 1, 1)

TRIED = ("nobody_home", "refused", "partly")
"""Outcomes of a check that does not count, for which somebody had come."""


TO_A_HOLIDAY = 80
"""Days for which a holiday to come is looked for, with `LONGEST_WITHOUT_WORK` more: from the National Day's to New
Year's, the longest way from one to the next, are 86."""


def asked_by(scheme: Scheme, duty: Duty) -> Asked:
    """What a duty asks of each tier. It is never less than the scheme says: 3.5 days are a cycle of 3, and five checks
    in two days are three a day. Before holidays it asks the same of all, as often as there are any."""
    if duty.before_holidays_days:
        whatever = np.full(len(tiers.RANKED) + 1, TO_A_HOLIDAY)
        return Asked(whatever, np.ones_like(whatever), np.zeros_like(whatever))
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
        Of the newest cycle that had ended by then, whenever, and those that ended less than a week before it:
        ``last_due``, ``last_overdue`` and ``last_day``; NaN and -1 where there is none of which it is known what was
        done, though something is ``asked``.
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
        oldest = np.full(len(areas), NO_DAY)
        late_ones = overdue > 0
        np.minimum.at(oldest, area[late_ones], self.cycles.due[chosen][late_ones])
        return table.assign(oldest=np.where(oldest == NO_DAY, -1, oldest), **self._newest(last, len(areas)))

    def _newest(self, last: int, areas: int) -> dict[str, np.ndarray]:
        told = np.flatnonzero((self.cycles.due <= last) & self.judged)
        day = np.full(areas, -1)
        # Sorted by their days within an area, so that the newest one stays.
        day[self.cycles.area[told]] = self.cycles.due[told]
        # Short cycles of the days before a holiday are as new as a long one is.
        told = told[self.cycles.due[told] > day[self.cycles.area[told]] - WEEK_DAYS]
        held = {"last_due": self.due[told], "last_overdue": (self.due - self.on_time - self.late)[told]}
        sums = {name: np.bincount(self.cycles.area[told], of, areas) for name, of in held.items()}
        # Not what begins later, as before a holiday to come; the next cycle begins in the morning after.
        begun = self.cycles.area[self.cycles.start <= last + 1]
        told_of = {name: np.where(day < 0, np.nan, of) for name, of in sums.items()}
        return {**told_of, "last_day": day, "asked": np.isin(np.arange(areas), begun)}


def done(facts: AreaCounts, duty: Duty, cycles: Cycles, until: int) -> Done:
    """What the checks up to the day ``until`` did of what was due.

    A check does the cycle that it falls into. One that is more than the cycle asks of its object, or falls between two
    cycles, makes up for one that was missed in the cycle before, which then is late and no longer overdue. Places are
    told apart; of people and areas the number of checks counts. A check with a finding was done; one that met nobody
    was not.
    """
    where = {**duty.where, "outcome": DONE}
    known_from = _known_from(facts, where)
    judged = (cycles.start >= known_from) if known_from is not None else np.zeros(len(cycles), dtype=bool)
    days, row = _different(cycles.due)
    objects = objects_on(facts, duty, days)[row, cycles.area]
    at = _cycle_by_day(cycles, len(facts.areas), until)
    due = objects * cycles.times
    if duty.source == "places":
        on_time, surplus = _by_place(facts, duty, where, cycles, at)
    else:
        on_time, surplus = _by_number(facts, where, due, cycles, at)
    on_time = np.fmin(on_time, due)
    late = np.fmin(surplus, due - on_time)
    return Done(cycles, due, on_time, late, judged)


def _known_from(facts: AreaCounts, where: Mapping[str, object]) -> int | None:
    """The first day with a check of the kind, of whatever outcome; None where there is none."""
    kinds = {column: held for column, held in where.items() if column != "outcome"}
    day = facts.counts.daily("checks", "checked_at", kinds).day if facts.has("checks") else np.empty(0)
    day = day[day > np.iinfo("int32").min]
    return int(day[0]) if len(day) else None


def objects_on(facts: AreaCounts, duty: Duty, days: np.ndarray | int) -> np.ndarray:
    """How many objects of a duty each area has on some days (sorted, days since 1970), NaN where nobody knows:
    (days, areas), or (areas,) of one day."""
    wanted = np.atleast_1d(days)
    shape = (len(wanted), len(facts.areas))
    if duty.source == "areas":
        held = np.ones(shape)
    elif not facts.has(duty.source) or not len(wanted):
        held = np.full(shape, np.nan)
    else:
        # The list of places is of no day.
        of_days = wanted[-1:] if duty.source == "places" else wanted
        held = np.broadcast_to(facts.stock(duty.source, duty.of, {}, of_days), shape)
    return held if np.ndim(days) else held[0]


def _different(days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different days, sorted, and which of them each is. There are few, and so nothing is sorted."""
    if not len(days):
        return days, days
    there = np.bincount(days - days.min()) > 0
    return np.flatnonzero(there) + days.min(), (there.cumsum() - 1)[days - days.min()]


@dataclass(frozen=True, eq=False)
class _CycleByDay:
    """The ``number`` of the cycle of each area, and of none after the last, on each of ``days`` days from ``first`` on,
    one area after the other. It is below 0 for none, as on the first and the last day, which stand for all beyond: -1,
    or -2 less the number of the cycle that ended last, which may be one of the area before."""

    first: int
    days: int
    number: np.ndarray

    def of(self, area: np.ndarray, day: np.ndarray) -> np.ndarray:
        return self.number[area * self.days + (day.clip(self.first, self.first + self.days - 1) - self.first)]

    def between(
        self, cycles: Cycles, area: np.ndarray, day: np.ndarray, number: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Which checks lie in no cycle but after one of their area, and the number of that which ended last."""
        rows = np.flatnonzero((number < -1) & (day < self.first + self.days - 1))
        last = -2 - number[rows]
        own = cycles.area[last] == area[rows]
        return rows[own], last[own]


def _cycle_by_day(cycles: Cycles, areas: int, until: int) -> _CycleByDay:
    first = int(cycles.start.min(initial=until)) - 1
    days = until - first + 2
    begun = np.flatnonzero(cycles.start <= until)
    day = cycles.area[begun] * days - first
    # What is in no cycle, the first cycle, what is in none, the second and so on.
    bounds = np.zeros(2 * len(begun) + 2, dtype="int64")
    bounds[1:-1:2] = day + cycles.start[begun]
    bounds[2:-1:2] = day + np.minimum(cycles.due[begun], until) + 1
    bounds[-1] = (areas + 1) * days
    number = np.full(2 * len(begun) + 1, -1, dtype="int32")
    number[1::2] = begun
    number[2::2] = -2 - begun
    return _CycleByDay(first, days, np.repeat(number, np.diff(bounds)))


def _by_place(
    facts: AreaCounts, duty: Duty, where: Mapping[str, object], cycles: Cycles, at: _CycleByDay
) -> tuple[np.ndarray, np.ndarray]:
    """Checks of places that count in each cycle of the area in which the place lies, whatever area a check names, and
    those of the cycle after that make up for it."""
    if not (facts.has("places") and facts.has("checks") and len(cycles)):
        return np.zeros(len(cycles)), np.zeros(len(cycles))
    visits = facts.counts.visits(where, duty.of)
    area = facts.positions()[visits.home]
    number = at.of(area, visits.day)
    place, of, n = _summed(visits.place, number, visits.n)
    # Between two cycles there is nothing else that a check could do.
    rows, last = at.between(cycles, area, visits.day, number)
    between = _made_up(_Tally(place, of, n), _Tally(*_summed(visits.place[rows], last, visits.n[rows])), cycles.times)
    follows = np.append(False, cycles.area[1:] == cycles.area[:-1])
    # One check counts wherever one is asked for; what is more may, or makes up for the cycle before.
    many = np.flatnonzero(n > 1)
    cycle, before = of[many], of[many] - 1
    counted = np.minimum(n[many], cycles.times[cycle])
    # Sorted as they are, the same place in the cycle before stands right before, where it was seen then.
    seen = np.where((place[many - 1] == place[many]) & (of[many - 1] == before), n[many - 1], 0)
    if len(rows):
        seen += between.of(place[many], before)
    made_up = np.minimum(n[many] - counted, np.maximum(cycles.times[before] - seen, 0)) * follows[cycle]
    return (
        np.bincount(of, minlength=len(cycles)) + np.bincount(cycle, weights=counted - 1, minlength=len(cycles)),
        np.bincount(between.cycle, weights=between.n, minlength=len(cycles))
        + np.bincount(cycle, weights=made_up, minlength=len(cycles) + 1)[1:],
    )


@dataclass(frozen=True, eq=False)
class _Tally:
    """``n`` checks of a ``place`` in a ``cycle``, sorted by both."""

    place: np.ndarray
    cycle: np.ndarray
    n: np.ndarray

    def of(self, place: np.ndarray, cycle: np.ndarray) -> np.ndarray:
        """How many there are of some places in some cycles."""
        if not len(self.n):
            return np.zeros(len(place), dtype="int64")
        step = int(max(self.cycle.max(), cycle.max(initial=0))) + 1
        keys, asked = self.place * step + self.cycle, place * step + cycle
        at = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
        return np.where(keys[at] == asked, self.n[at], 0)


def _made_up(held: _Tally, more: _Tally, times: np.ndarray) -> _Tally:
    """What of ``more`` makes up for what was missed in its cycle, in which a place is to be checked so many ``times``
    and was as ``held`` says."""
    missed = np.maximum(times[more.cycle] - held.of(more.place, more.cycle), 0)
    return _Tally(more.place, more.cycle, np.minimum(more.n, missed))


def _summed(place: np.ndarray, cycle: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The different places and cycles, sorted, and the sum of ``n`` of each; what is in no cycle is left out. They come
    sorted, unless checks of one place lie in several areas, whose cycles are mixed then."""
    kept = cycle >= 0
    if not kept.all():
        place, cycle, n = place[kept], cycle[kept], n[kept]
    same = place[1:] == place[:-1]
    if (same & (cycle[1:] < cycle[:-1])).any():
        order = np.lexsort((cycle, place))
        place, cycle, n = place[order], cycle[order], n[order]
    last = np.flatnonzero(np.append(~same | (cycle[1:] != cycle[:-1]), len(place) > 0))
    summed = n.cumsum()[last]
    summed[1:] -= summed[:-1].copy()
    return place[last], cycle[last], summed


def _by_number(
    facts: AreaCounts, where: Mapping[str, object], due: np.ndarray, cycles: Cycles, at: _CycleByDay
) -> tuple[np.ndarray, np.ndarray]:
    """Checks in each cycle; and those that come between it and the next one, or are more than that asks for."""
    if not (facts.has("checks") and len(cycles)):
        return np.zeros(len(cycles)), np.zeros(len(cycles))
    tally = facts.counts.daily("checks", "checked_at", where)
    area = facts.positions()[tally.area]
    number = at.of(area, tally.day)
    kept = number >= 0
    n = np.bincount(number[kept], weights=tally.n[kept], minlength=len(cycles))
    rows, last = at.between(cycles, area, tally.day, number)
    between = np.bincount(last, weights=tally.n[rows], minlength=len(cycles))
    more = np.fmax(n - due, 0)
    follows = np.append(cycles.area[1:] == cycles.area[:-1], False)
    return n, between + np.where(follows, np.append(more[1:], 0), 0)


def worked_from(facts: AreaCounts, first: int, days: int) -> np.ndarray:
    """Whether each of so many days from one on is worked: by the office's table of holidays, else all but weekends."""
    start = pd.Timestamp("1970-01-01") + pd.Timedelta(days=first)
    return working_days(facts.counts, pd.date_range(start, periods=days, freq="D"))


def holidays_from(facts: AreaCounts, first: int, days: int) -> np.ndarray:
    """Whether each of so many days from one on is off by the office's table of holidays, and no weekend."""
    start = EPOCH + timedelta(days=first)
    told = told_days(facts.counts)
    each = (start + timedelta(days=at) for at in range(days))
    return np.array([not told.get(day, True) and day.weekday() < SATURDAY for day in each], dtype=bool)


def holidays_known(facts: AreaCounts) -> int:
    """The last day (days since 1970) of which the office's table says whether it is a holiday; -1 without one."""
    until = holidays_known_until(told_days(facts.counts))
    return (until - EPOCH).days if until else -1


def duty_done(facts: AreaCounts, scheme: Scheme, duty: Duty, final: np.ndarray, days: pd.DatetimeIndex) -> Done:
    """What was due in some ``days`` and what the checks up to the last of them did of it; ``final`` (days or one more,
    areas) is the rank of the tier that was in force on each, and that which is in force on the day after."""
    numbers = day_numbers(days)
    return done(facts, duty, duty_cycles(facts, scheme, duty, final, int(numbers[0])), int(numbers[-1]))


def duty_cycles(facts: AreaCounts, scheme: Scheme, duty: Duty, final: np.ndarray, first: int) -> Cycles:
    """The cycles of a duty from the day ``first`` (days since 1970) on, where ``final`` (days, areas) is the rank of
    the tier in force on each."""
    asked = asked_by(scheme, duty)
    ahead = int(max(asked.length.max(), asked.first_within.max())) + LONGEST_WITHOUT_WORK
    worked = worked_from(facts, first, len(final) + ahead)
    worked[-1] = True
    if duty.before_holidays_days:
        told_off = holidays_from(facts, first, len(worked))
        return cycles_before_holidays(final, first, duty.before_holidays_days, worked, told_off)
    return cycles_of(final, first, asked, worked, facts.areas.index.tolist())


@dataclass(frozen=True, eq=False)
class DutyWeek:
    """A duty: what fell due in the ``week`` that is shown, in the one ``before`` it and in the ``month`` up to its last
    day, and what was done of it (as :meth:`Done.by_area`); ``days``, the same of each day of the week; the ``next`` day
    on which something falls due (days since 1970, -1 for none), by area; and the checks of the week that were ``tried``
    and did none of it (as of :func:`tried`), None where no checks are known."""

    duty: Duty
    week: pd.DataFrame
    before: pd.DataFrame
    days: tuple[pd.DataFrame, ...]
    next: pd.Series
    tried: pd.DataFrame | None = None
    month: pd.DataFrame | None = None


def tried(facts: AreaCounts, duty: Duty, first: int, last: int) -> pd.DataFrame | None:
    """How many checks of what a duty is about met nobody, were not agreed to or were done in part, from one day to
    another (days since 1970, both included): `TRIED` by area. None where nobody knows. They are numbers of checks, not
    of objects: one that was done at a later check is among them."""
    if not facts.has("checks") or (duty.source == "places" and not facts.has("places")):
        return None
    where = {**duty.where, "outcome": TRIED}
    if duty.source == "places":
        days = [EPOCH + timedelta(days=day) for day in (first, last)]
        held, called = places_and_checks(facts.counts, duty.of, where, *days)
        home = held.drop_duplicates("place_id").set_index("place_id")["area_id"]
        area = facts.counts.areas.index.get_indexer(pd.Index(called["place_id"].map(home)))
        rows = pd.DataFrame({"area": area, "kind": called["outcome"].to_numpy(), "n": 1})[area >= 0]
    else:
        rows = facts.counts.daily_by("checks", "outcome", where)
        rows = rows[rows["day"].between(first, last)]
    at, n = facts.positions()[rows["area"]], rows["n"].to_numpy()
    masks = {one: (rows["kind"] == one).to_numpy() & (at >= 0) for one in TRIED}
    table = {one: np.bincount(at[mask], n[mask], len(facts.areas)).astype(int) for one, mask in masks.items()}
    return pd.DataFrame(table, index=facts.areas.index)


def week_of(facts: AreaCounts, duty: Duty, found: Done, last: int, tried: pd.DataFrame | None = None) -> DutyWeek:
    """The week that ends with the day ``last`` (days since 1970), and what was ``tried`` in it. Where it is not known
    whether a holiday is near, it is not known either whether something was due before one."""
    areas = facts.areas.index
    first = last - WEEK_DAYS + 1
    ahead = found.cycles.due > last
    nearest = np.full(len(areas), NO_DAY)
    np.minimum.at(nearest, found.cycles.area[ahead], found.cycles.due[ahead])
    untold = bool(duty.before_holidays_days) and not ahead.any() and last + HOLIDAY_DAYS > holidays_known(facts)

    def by_area(start: int, end: int) -> pd.DataFrame:
        table = found.by_area(start, end, areas)
        if untold:
            columns = ["due", "on_time", "late", "overdue"]
            table[columns] = table[columns].mask(table["due"] == 0)
        return table

    return DutyWeek(
        duty,
        by_area(first, last),
        by_area(first - WEEK_DAYS, first - 1),
        tuple(by_area(day, day) for day in range(first, last + 1)),
        pd.Series(np.where(nearest == NO_DAY, -1, nearest), index=areas),
        tried,
        by_area((EPOCH + timedelta(days=last)).replace(day=1).toordinal() - EPOCH.toordinal(), last),
    )

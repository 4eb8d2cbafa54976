"""AreaCounts: daily counts at one level of area, which is all that the measures see.

Arrays are (days, areas). Windows, balances and gaps come from cumulative sums, so that one date and a whole history
cost about the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from datetime import date, timedelta
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from analytics.scheme import Table, Where
from analytics.scheme.model import Level
from analytics.scoring.people import Chosen, columns_told
from analytics.scoring.reporting import everywhere
from analytics.store.counts import DATE_COLUMN, Counts
from analytics.store.sources import Only, OpenOn
from analytics.store.tallies import NEVER, NOWHERE, Tally
from analytics.store.words import Doubt

LEVELS: tuple[Level, ...] = ("street", "community", "grid")  # from the widest to the finest
PEOPLE = ("population", "households", "on_site")
"""Columns of the areas that count people or households."""
INSTEAD: Mapping[str, tuple[str, ...]] = {"population": ("on_site",), "households": ("buildings", "shops")}
"""What stands for the people or households of an area where nobody lives: staff and pupils for the people, and places
for the households."""

Kept = TypeVar("Kept")


class AreaCounts:
    """Counts seen at one level of area. What is looked up in them once is kept, so that another day costs little.

    ``areas`` is indexed by ``area_id`` and its order is the order of every array's last axis. Days are passed as whole
    days since 1970-01-01 (:func:`day_numbers`), sorted.

    All counts are true ones; small ones of people are dealt with where something leaves for the public (`disclosure`).
    """

    def __init__(self, counts: Counts, areas: pd.DataFrame) -> None:
        self.counts = counts
        self.areas = areas
        self._let_in: tuple[Doubt, ...] = ()
        self._kept: dict[tuple[object, ...], Any] = {}

    def letting_in(self, *doubts: Doubt) -> AreaCounts:
        """The same, with the rows of which it is in doubt whether they count, for one of these reasons."""
        other = copy(self)
        other._let_in = doubts
        return other

    def uncached_copy(self) -> AreaCounts:
        """The same facts for one use: what is looked up anew is not kept."""
        other = copy(self)
        other._kept = dict(self._kept)
        return other

    def memoize(self, key: tuple[object, ...], make: Callable[[], Kept]) -> Kept:
        """What ``make`` makes, from the first time on."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def has(self, table: Table) -> bool:
        """Whether the table was loaded."""
        return self.counts.has(table)

    def occurs(self, table: Table, *wheres: Where, only: Only | None = None) -> bool:
        """Whether any record of the table, of whatever area and day, meets every condition of all ``wheres``, and is
        one of ``only`` those (see :meth:`Counts.daily`)."""
        return bool(self.counts.by_area(table, *wheres, only=only).any())

    def recorded_days(self, table: Table) -> np.ndarray:
        """The days on which the table has a record, of whatever area and kind, or a zero report of the whole table and
        office says that there was none: sorted, each once."""
        days = self.counts.days(table)
        return self.memoize(("recorded", table), lambda: np.union1d(days, reported_everywhere(self.counts, table)))

    def in_window(self, table: Table, wheres: Iterable[Where], window_days: int, days: np.ndarray) -> np.ndarray:
        """How many records that meet all ``wheres`` fell into the ``window_days`` days that end with each day, that
        day included."""
        start = int(days[0]) - window_days + 1
        tally = self.counts.daily(table, DATE_COLUMN[table], *wheres, let_in=self._let_in)
        daily = self._daily(tally.area, tally.day, tally.n, start, int(days[-1]))
        total = np.vstack([np.zeros((1, daily.shape[1]), dtype=daily.dtype), daily.cumsum(axis=0)])
        ends = days - start + 1
        return total[ends] - total[ends - window_days]

    def overdue(self, where: Where, days: np.ndarray) -> np.ndarray:
        """How many incidents that meet ``where`` were past their due day and not closed at the end of each day."""
        due, closed = (
            self.counts.daily("incidents", column, where, only="late", let_in=self._let_in)
            for column in ("due_at", "closed_at")
        )
        # An incident that was due on a day is late from the next one on.
        return self._so_far(due.area, due.day + 1, due.n, days) - self._closed(closed, days)

    def falling_due(self, where: Where, day: int, ahead: int) -> np.ndarray:
        """How many incidents that meet ``where`` and were open at the end of ``day`` are due on it and on each of the
        days after it: (ahead, areas). Each is overdue from the next day on."""
        due = self.counts.daily("incidents", "due_at", where, only=OpenOn(_date(day)))
        return self._daily(due.area, due.day, due.n, day, day + ahead - 1)

    def open_on(self, wheres: Iterable[Where], day: int, since: int = 0, *, overdue: bool) -> np.ndarray:
        """How many incidents that meet all ``wheres`` and occurred from the day ``since`` on were open at the end of
        ``day``, or ``overdue``: (areas,)."""
        only = OpenOn(_date(day), overdue)
        held = self.counts.daily("incidents", DATE_COLUMN["incidents"], *wheres, only=only)
        kept = held.day >= since
        return self._so_far(held.area[kept], held.day[kept], held.n[kept], np.array([day]))[0]

    def balance(self, where: Where, days: np.ndarray) -> np.ndarray:
        """How many incidents that meet ``where`` had occurred and were not closed at the end of each day."""
        opened, closed = (
            self.counts.daily("incidents", column, where, only="dated", let_in=self._let_in)
            for column in ("occurred_at", "closed_at")
        )
        return self._so_far(opened.area, opened.day, opened.n, days) - self._closed(closed, days)

    def _closed(self, closed: Tally, days: np.ndarray) -> np.ndarray:
        ever = slice(np.searchsorted(closed.day, NEVER, side="right"), None)
        return self._so_far(closed.area[ever], closed.day[ever], closed.n[ever], days)

    def covered(self, checks: Where, places: Where, window_days: int, days: np.ndarray) -> np.ndarray:
        """How many places that meet ``places`` had at least one check that meets ``checks`` in the ``window_days`` days
        that end with each day.

        A place counts once however often it was checked: each of its checks covers the days from itself until the
        window has passed or the place's next check, whichever comes first.
        """
        visits = self.counts.visits(checks, places, self._let_in)
        order = np.lexsort((visits.day, visits.place))
        area, place, day = visits.area[order], visits.place[order], visits.day[order]
        end = day + window_days
        same = place[1:] == place[:-1]
        end[:-1][same] = np.minimum(end[:-1][same], day[1:][same])
        one = np.ones(len(day), dtype="int64")
        begun, ended = np.argsort(day, kind="stable"), np.argsort(end, kind="stable")
        return self._so_far(area[begun], day[begun], one, days) - self._so_far(area[ended], end[ended], one, days)

    def quiet_days(self, table: Table, where: Where, cap: int, days: np.ndarray) -> np.ndarray:
        """Days since the last record that meets ``where``, at most ``cap``: 0 on the day itself."""
        start = int(days[0]) - cap
        tally = self.counts.daily(table, DATE_COLUMN[table], where, let_in=self._let_in)
        daily = self._daily(tally.area, tally.day, tally.n, start, int(days[-1]))
        number = np.arange(len(daily), dtype="int64")[:, None]
        last = np.maximum.accumulate(np.where(daily > 0, number, -(10**9)), axis=0)
        return np.minimum(number - last, cap)[days - start]

    def unplaced(self) -> dict[str, int]:
        """For each table, how many of its records name an area above the scored level, and so count nowhere."""
        above = (self.positions()[:-1] == NOWHERE) & ~self._apart()
        lost = {table: int(self.counts.by_area(table)[:-1][above].sum()) for table in self._counted()}
        return {table: count for table, count in lost.items() if count}

    def unscored(self) -> dict[str, int]:
        """The areas that are neither scored, nor within a scored one, nor above any: their level is unknown, or what
        they lie in. By code, with how many records each has."""
        apart = self._apart()
        if not apart.any():
            return {}
        records = sum(
            (self.counts.by_area(table)[:-1] for table in self._counted()), np.zeros(len(apart), dtype="int64")
        )
        return dict(zip(self.counts.areas.index[apart].tolist(), records[apart].astype("int64").tolist(), strict=True))

    def _apart(self) -> np.ndarray:
        return self.memoize(("apart",), self._looked_up_apart)

    def _looked_up_apart(self) -> np.ndarray:
        every, nowhere = self.counts.areas, self.positions()[:-1] == NOWHERE
        levels = self.areas["level"].dropna().unique()
        wider = LEVELS[: LEVELS.index(levels[0])] if len(levels) == 1 and levels[0] in LEVELS else ()
        above = set(self.areas["parent_id"].dropna())
        for _ in LEVELS:
            above |= set(every["parent_id"].reindex(sorted(above)).dropna())
        return nowhere & ~every["level"].isin(wider).to_numpy() & ~every.index.isin(above)

    def former_areas(self) -> dict[str, Mapping[str, int]]:
        """For each table, by code, how many of its records lie in areas that are no longer in the list of areas."""
        found = {table: self.counts.of_no_area(table) for table in self._counted()}
        return {table: by_code for table, by_code in found.items() if by_code}

    def _counted(self) -> list[Table]:
        counted: tuple[Table, ...] = ("residents", "incidents", "places", "checks")
        return [table for table in counted if self.has(table)]

    def known_from(self) -> np.ndarray:
        """For each scored area the first day from which its records can be told, ``NEVER`` where always: (areas,).

        That is so for an area that got a part of another which was split, and for one that is new in a list of areas.
        An area above them has what lies below as a whole, unless a part went to another one above.
        """
        return self.counts.known_since()[self._places()]

    def stock_exactly(
        self, table: Table, wheres: Iterable[Where], told_by: Iterable[Iterable[str]], days: np.ndarray
    ) -> np.ndarray:
        """What the newest snapshots not after each day hold: the sum over rows that meet all ``wheres``; NaN without
        a snapshot.

        A snapshot of an area is made of its rows in which every column that ``told_by`` names is filled in. An area
        without any has no snapshot: it is not zero. Areas below a scored one each have snapshots of their own.
        """
        found = self.counts.stock(table, wheres, columns_told(*told_by), self._let_in)
        told = np.flatnonzero((found.told > 0) & (found.area != NOWHERE))
        order = told[np.lexsort((found.day[told], found.area[told]))]
        area, day, held = found.area[order], found.day[order], found.n[order]
        first = np.ones(len(order), dtype=bool)  # of an area's rows of one day
        first[1:] = (area[1:] != area[:-1]) | (day[1:] != day[:-1])
        held = np.add.reduceat(held, np.flatnonzero(first)) if len(held) else held
        area, day = area[first], day[first]
        again = np.zeros(len(area), dtype=bool)  # a snapshot takes the place of the area's one before
        again[1:] = area[1:] == area[:-1]
        change = held.copy()
        change[1:] -= np.where(again[1:], held[:-1], 0)
        order = np.argsort(day, kind="stable")
        area, day = area[order], day[order]
        total = self._so_far(area, day, change[order], days)
        return np.where(self._so_far(area, day, ~again[order] * 1, days) > 0, total, np.nan)

    def stock(self, table: Table, where: Where, of: Where, days: np.ndarray) -> np.ndarray:
        """What the newest snapshots not after each day hold of those who meet ``where`` and ``of``: NaN without one."""
        return self._held(Chosen.by(table, where, of), days)

    def denominator(self, table: Table, where: Where, of: Where, days: np.ndarray) -> np.ndarray:
        """Of how many :meth:`stock` is a part: those who meet ``of`` in the same snapshots. NaN without one."""
        return self._held(Chosen.by(table, where, of).whole, days)

    def listed(self, table: Table, where: Where, days: np.ndarray) -> np.ndarray:
        """Where there is such a snapshot, whoever stands in it: bool."""
        return ~np.isnan(self.denominator(table, where, {}, days))

    def _held(self, chosen: Chosen, days: np.ndarray) -> np.ndarray:
        held = self.stock_exactly(chosen.table, [chosen.where, chosen.of], [chosen.told], days)
        if chosen.table != "residents":
            return held
        # No group is reported where nobody lives, and there are none. Where rows cannot be told it is not known.
        if (empty := self.nobody_lives()).any():
            empty = empty & (self.counts.by_area("residents")[self._places()] == 0)
            return np.where(np.isnan(held) & empty, 0.0, held)
        return held

    def _places(self) -> np.ndarray:
        """The positions of the scored areas in the file."""
        return self.memoize(("places",), lambda: self.counts.areas.index.get_indexer(self.areas.index))

    def dated_columns(self) -> tuple[str, ...]:
        """The columns of which there are values by day."""
        return dated_columns(self.counts)

    def dated(self, column: str, days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The newest value of ``column`` not after each day, and how many days old it is; NaN where there is none."""
        known, values, since = self.memoize(("dated", column), lambda: self._dated(column))
        at = np.searchsorted(known, days, side="right")
        return values[at], days[:, None] - since[at]

    def _dated(self, column: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The days with values, and after each of them, and first before them all, what each area's newest value is and
        of which day: (days + 1, areas)."""
        held = self.counts.small["given_values"].dropna(subset=[column])
        known = dated_days(self.counts, column)
        place = self.areas.index.get_indexer(pd.Index(held["area_id"]))
        row = np.searchsorted(known, day_numbers(pd.DatetimeIndex(held["day"]))) + 1
        values, since = np.full((2, len(known) + 1, len(self.areas)), np.nan)
        inside = place >= 0
        values[row[inside], place[inside]] = held[column].to_numpy("float64")[inside]
        since[row[inside], place[inside]] = known[row[inside] - 1]
        filled = [pd.DataFrame(one).ffill().to_numpy() for one in (values, since)]
        return known, filled[0], filled[1]

    def own_column(self, column: str) -> np.ndarray:
        """The areas' own numeric ``column``: (areas,)."""
        return self.areas[column].to_numpy("float64", copy=True)

    def rate_denominator(self, column: str) -> np.ndarray:
        """The areas' own ``column``; where an area has none, the sum of the areas below it when all of them have it;
        where nobody lives, what stands for it (`INSTEAD`)."""
        return self.memoize(("rate_denominator", column), lambda: self._rate_denominator(column))

    def nobody_lives(self) -> np.ndarray:
        """Where nobody lives, as at a school, a market or in a park: (areas,) bool. The list of areas says so: it has
        no people, no households, and how many are there for their work or their lessons. Without the last a nought may
        as well stand for what nobody filled in, as it may for an area that has others below it."""
        if "on_site" not in self.areas:
            return np.zeros(len(self.areas), dtype=bool)
        told = self.areas[["population", "households", "on_site"]].to_numpy("float64")
        finest = ~self.areas.index.isin(self.counts.areas["parent_id"])
        return finest & (told[:, 0] == 0) & ~(told[:, 1] > 0) & (told[:, 2] > 0)

    def _rate_denominator(self, column: str) -> np.ndarray:
        every, own = self.counts.areas, self.own_column(column)
        place = self.positions()[:-1]
        finest = ~np.isin(every.index, every["parent_id"].dropna()) & (place != NOWHERE)
        values = every[column].to_numpy("float64")
        below, known = (np.bincount(place[rows], minlength=len(own)) for rows in (finest, finest & ~np.isnan(values)))
        summed = np.bincount(place[finest], weights=values[finest], minlength=len(own))
        usual = np.where(np.isnan(own) & (below > 0) & (below == known), summed, own)
        instead = [self.own_column(name) for name in INSTEAD.get(column, ()) if name in self.areas]
        if len(instead) < len(INSTEAD.get(column, ())) or not instead:
            return usual
        whole = np.sum(instead, axis=0)  # not known where one of them is not
        return np.where(self.nobody_lives() & ~np.isnan(whole), whole, usual)

    def positions(self) -> np.ndarray:
        """For each area of the file, and last for none: the position of it or its ancestor among the scored."""
        return self.memoize(("position",), self._looked_up_position)

    def _looked_up_position(self) -> np.ndarray:
        every = self.counts.areas
        position = pd.Series(NOWHERE, index=every.index, dtype="int64")
        position.loc[self.areas.index] = np.arange(len(self.areas))
        for _ in LEVELS[1:]:  # as many steps up as there are levels
            lost = position.index[position == NOWHERE]
            above = every["parent_id"].loc[lost].map(position)
            position.loc[lost] = above.fillna(NOWHERE).astype("int64")
        return np.append(position.to_numpy(), NOWHERE)

    def _so_far(self, area: np.ndarray, day: np.ndarray, n: np.ndarray, days: np.ndarray) -> np.ndarray:
        """Sums of ``n`` over all days up to each of ``days``; rows are sorted by ``day``."""
        start, last = int(days[0]), int(days[-1])
        at = int(np.searchsorted(day, start))
        before = np.bincount(area[:at] + 1, weights=n[:at], minlength=len(self.counts.areas) + 1)
        later = self._daily(area[at:], day[at:], n[at:], start, last).cumsum(axis=0)[days - start]
        return later + self._scored(before)

    def _daily(self, area: np.ndarray, day: np.ndarray, n: np.ndarray, start: int, last: int) -> np.ndarray:
        """Sums of ``n`` per day from ``start`` to ``last`` and per scored area; rows are sorted by ``day``."""
        span, width = last - start + 1, len(self.areas)
        rows = slice(*np.searchsorted(day, np.array([start, last + 1], dtype=day.dtype)))
        place = self.positions()[area[rows]]
        inside = place != NOWHERE
        cell = (day[rows][inside] - start) * np.int64(width) + place[inside]
        # As float64, which holds every whole number that people and their incidents reach.
        counted = np.bincount(cell, weights=n[rows][inside], minlength=span * width)
        return counted.astype("int64").reshape(span, width)

    def _scored(self, of_file: np.ndarray) -> np.ndarray:
        """Sums by area of the file, after that of no area → sums (areas,) by scored area, int64."""
        position = self.positions()[:-1]
        placed = position != NOWHERE
        sums = np.bincount(position[placed], weights=of_file[1:][placed], minlength=len(self.areas))
        return sums.astype("int64")


def reported_everywhere(counts: Counts, table: Table) -> np.ndarray:
    """The days on which zero reports say that the table had no record in the whole office: sorted, each once."""
    rows = counts.small.get("reports")
    rows = rows[(rows["table"] == table) & rows["feed"].isna()] if rows is not None else pd.DataFrame()
    if rows.empty:
        return np.empty(0, dtype="int64")
    first, last = (day_numbers(pd.DatetimeIndex(rows[name])) for name in ("from_day", "to_day"))
    dates = np.arange(first.min(), last.max() + 1)
    return dates[everywhere(counts.areas, rows, dates)]


def day_numbers(days: pd.DatetimeIndex) -> np.ndarray:
    """Days at midnight as whole days since 1970-01-01."""
    return days.to_numpy("datetime64[D]").astype("int64")


def day_number(day: date) -> int:
    """A day as whole days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def dated_columns(counts: Counts) -> tuple[str, ...]:
    """The columns of the table of values by day that have any value."""
    held = counts.small.get("given_values")
    if held is None:
        return ()
    numbers = held.drop(columns=["area_id", "day", "value_id"])
    return tuple(numbers.columns[numbers.notna().any()])


def dated_days(counts: Counts, column: str) -> np.ndarray:
    """The days of which one of them has a value, of whatever area: sorted, each once."""
    held = counts.small["given_values"].dropna(subset=[column])
    return np.unique(day_numbers(pd.DatetimeIndex(held["day"])))


def _date(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=number)

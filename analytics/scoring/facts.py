"""Facts: records as integer counts per day and area, which is all that the measures see.

Arrays are (days, areas). Windows, balances and gaps come from cumulative sums, so that one date and a whole history
cost about the same and a record is looked at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pandas as pd

from analytics.loaders import Records
from analytics.scheme import Where
from analytics.scheme.model import Compared

DATE_COLUMN = {"incidents": "occurred_at", "checks": "checked_at"}
LEVELS = ("street", "community", "grid")  # from the widest to the finest
Kept = TypeVar("Kept")
NOWHERE = -1
NEVER = -(2**31)


class Facts:
    """Records seen at one level of area. What is looked up in them once is kept, so that another day costs little.

    ``areas`` is indexed by ``area_id`` and its order is the order of every array's last axis. Days are passed as whole
    days since 1970-01-01 (:func:`day_numbers`), sorted.
    """

    def __init__(self, records: Records, areas: pd.DataFrame) -> None:
        self.records = records
        self.areas = areas
        self._kept: dict[tuple[object, ...], object] = {}

    def once(self, key: tuple[object, ...], make: Callable[[], Kept]) -> Kept:
        """What ``make`` makes, from the first time on."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def table(self, name: str) -> pd.DataFrame:
        """A table of the records, which must be loaded."""
        return getattr(self.records, name)

    def has(self, table: str) -> bool:
        """Whether the table was loaded."""
        return getattr(self.records, table) is not None

    def rows_where(self, table: str, where: Where) -> np.ndarray:
        """The positions of the rows of ``table`` that meet every condition of ``where``."""
        return self.once(("where", table, repr(where)), lambda: self._rows_where(table, where))

    def _rows_where(self, table: str, where: Where) -> np.ndarray:
        frame = self.table(table)
        mask = np.ones(len(frame), dtype=bool)
        for column, wanted in where.items():
            mask &= _meets(frame[column], wanted)
        return np.flatnonzero(mask)

    def recorded_days(self, table: str) -> np.ndarray:
        """The days of all of the table's records, of whatever area and kind, sorted."""
        return self.once(("recorded", table), lambda: np.sort(self._day_of(table, DATE_COLUMN[table])))

    def in_window(self, table: str, rows: np.ndarray, window_days: int, days: np.ndarray) -> np.ndarray:
        """How many of ``rows`` fell into the ``window_days`` days that end with each day, that day included."""
        start = int(days[0]) - window_days + 1
        daily = self._daily(table, rows, self._day_of(table, DATE_COLUMN[table])[rows], start, int(days[-1]))
        total = np.vstack([np.zeros((1, daily.shape[1]), dtype=daily.dtype), daily.cumsum(axis=0)])
        ends = days - start + 1
        return total[ends] - total[ends - window_days]

    def overdue(self, rows: np.ndarray, days: np.ndarray) -> np.ndarray:
        """How many incidents among ``rows`` were past their due day and not closed at the end of each day."""
        start, last = int(days[0]), int(days[-1])
        due, closing = self._day_of("incidents", "due_at")[rows], self._day_of("incidents", "closed_at")[rows]
        late = (due != NEVER) & ((closing == NEVER) | (closing > due))
        rows, due, closing = rows[late], due[late] + 1, closing[late]
        ended = closing != NEVER
        change = self._daily("incidents", rows, np.maximum(due, start), start, last)
        change -= self._daily("incidents", rows[ended], np.maximum(closing[ended], start), start, last)
        return change.cumsum(axis=0)[days - start]

    def covered(self, checks: np.ndarray, places: np.ndarray, window_days: int, days: np.ndarray) -> np.ndarray:
        """How many of ``places`` had at least one of ``checks`` in the ``window_days`` days that end with each day.

        A place counts once however often it was checked: each of its checks covers the days from itself until the
        window has passed or the place's next check, whichever comes first.
        """
        start, last = int(days[0]), int(days[-1])
        wanted = pd.Index(self.table("places")["place_id"].iloc[places])
        checked = self.table("checks")["place_id"].iloc[checks]
        known = checked.isin(wanted).to_numpy(bool)
        rows = checks[known]
        place = wanted.get_indexer(checked[known])
        day = self._day_of("checks", DATE_COLUMN["checks"])[rows]
        order = np.lexsort((day, place))
        rows, place, day = rows[order], place[order], day[order]
        end = day + window_days
        same = place[1:] == place[:-1]
        end[:-1][same] = np.minimum(end[:-1][same], day[1:][same])
        living = end > start
        rows, day, end = rows[living], day[living], end[living]
        change = self._daily("checks", rows, np.maximum(day, start), start, last)
        change -= self._daily("checks", rows, end, start, last)
        return change.cumsum(axis=0)[days - start]

    def balance(self, table: str, rows: np.ndarray, opened: str, closed: str, days: np.ndarray) -> np.ndarray:
        """How many of ``rows`` were opened and not yet closed at the end of each day."""
        start, last = int(days[0]), int(days[-1])
        opening, closing = self._day_of(table, opened)[rows], self._day_of(table, closed)[rows]
        ended = closing != NEVER
        change = self._daily(table, rows, np.maximum(opening, start), start, last)
        change -= self._daily(table, rows[ended], np.maximum(closing[ended], start), start, last)
        return change.cumsum(axis=0)[days - start]

    def quiet_days(self, table: str, rows: np.ndarray, cap: int, days: np.ndarray) -> np.ndarray:
        """Days since the last of ``rows``, at most ``cap``: 0 on the day itself."""
        start = int(days[0]) - cap
        daily = self._daily(table, rows, self._day_of(table, DATE_COLUMN[table])[rows], start, int(days[-1]))
        number = np.arange(len(daily), dtype="int64")[:, None]
        last = np.maximum.accumulate(np.where(daily > 0, number, -(10**9)), axis=0)
        return np.minimum(number - last, cap)[days - start]

    def rows_told(self, table: str, where: Where) -> np.ndarray:
        """The positions of the rows in which every column that ``where`` names is filled in."""
        columns = list(where)
        return np.flatnonzero(self.table(table)[columns].notna().all(axis=1).to_numpy(bool))

    def unplaced(self) -> dict[str, int]:
        """For each table, how many of its records name an area above the scored level, and so count nowhere."""
        tables = [table for table in ("residents", "incidents", "places", "checks") if self.has(table)]
        lost = {table: int((self._place_of(table) == NOWHERE).sum()) for table in tables}
        return {table: count for table, count in lost.items() if count}

    def stock(self, table: str, rows: np.ndarray, days: np.ndarray, told: np.ndarray) -> np.ndarray:
        """What the newest snapshot not after each day holds: the sum over ``rows``; NaN without a snapshot.

        A snapshot of an area is made of its rows among ``told``. An area without any has no snapshot: it is not zero.
        """
        frame = self.table(table)
        weight = frame["count"].to_numpy("float64") if "count" in frame else np.ones(len(frame))
        taken = self._day_of(table, "as_of") if "as_of" in frame else np.full(len(frame), NEVER)
        places = self._place_of(table)
        snapshots, number = np.unique(taken, return_inverse=True)
        inside = np.zeros(len(frame), dtype=bool)
        inside[told] = places[told] != NOWHERE
        chosen = rows[inside[rows]]
        shape = (len(snapshots), len(self.areas))
        held = np.zeros(shape)
        mentioned = np.zeros(shape, dtype=bool)
        np.add.at(held, (number[chosen], places[chosen]), weight[chosen])
        mentioned[number[inside], places[inside]] = True
        newest = np.where(mentioned, np.arange(len(snapshots))[:, None], -1)
        newest = np.maximum.accumulate(newest, axis=0)
        held_then = np.where(newest >= 0, np.take_along_axis(held, np.maximum(newest, 0), axis=0), np.nan)
        at = np.searchsorted(snapshots, days, side="right") - 1
        return np.where((at >= 0)[:, None], held_then[np.maximum(at, 0)], np.nan)

    def base(self, column: str) -> np.ndarray:
        """The areas' own ``column``; where an area has none, the sum of the areas below it when all of them have it."""
        return self.once(("base", column), lambda: self._base(column))

    def _base(self, column: str) -> np.ndarray:
        own = self.areas[column].to_numpy("float64", copy=True)
        empty = np.isnan(own)
        if empty.any():
            every = self.records.areas
            finest = ~every.index.isin(every["parent_id"].dropna())
            below = pd.DataFrame({"at": self._position(), "value": every[column].to_numpy()}, index=every.index)[finest]
            below = below[(below["at"] != NOWHERE) & ~below.index.isin(self.areas.index)]
            sums = below.groupby("at")["value"].agg(lambda values: values.sum(skipna=False))
            own[empty] = sums.reindex(range(len(own))).to_numpy()[empty]
        return own

    def _position(self) -> np.ndarray:
        """For each area of the file, the position of itself or of its ancestor among the scored ones."""
        every = self.records.areas
        position = pd.Series(NOWHERE, index=every.index, dtype="int64")
        position.loc[self.areas.index] = np.arange(len(self.areas))
        for _ in LEVELS[1:]:  # as many steps up as there are levels
            lost = position.index[position == NOWHERE]
            above = every["parent_id"].loc[lost].map(position)
            position.loc[lost] = above.fillna(NOWHERE).astype("int64")
        return position.to_numpy()

    def _place_of(self, table: str) -> np.ndarray:
        """For each row of ``table``, the position of its area, or ``NOWHERE``."""

        def looked_up() -> np.ndarray:
            row = self.records.areas.index.get_indexer(self.table(table)["area_id"])
            return np.where(row >= 0, self._position()[row], NOWHERE)

        return self.once(("place", table), looked_up)

    def _day_of(self, table: str, column: str) -> np.ndarray:
        """The day of each row; ``NEVER`` where the date is missing."""

        def looked_up() -> np.ndarray:
            dates = self.table(table)[column]
            return np.where(dates.isna().to_numpy(), NEVER, dates.to_numpy("datetime64[D]").astype("int64"))

        return self.once(("day", table, column), looked_up)

    def _daily(self, table: str, rows: np.ndarray, days: np.ndarray, start: int, last: int) -> np.ndarray:
        """Counts of ``rows``, which happened on ``days``, per day from ``start`` to ``last`` and per area."""
        span, width = last - start + 1, len(self.areas)
        places = self._place_of(table)[rows]
        inside = (places != NOWHERE) & (days >= start) & (days <= last)
        cell = (days[inside] - start) * width + places[inside]
        return np.bincount(cell, minlength=span * width).reshape(span, width)


def day_numbers(days: pd.DatetimeIndex) -> np.ndarray:
    """Days at midnight as whole days since 1970-01-01."""
    return days.to_numpy("datetime64[D]").astype("int64")


def _meets(column: pd.Series, wanted: object) -> np.ndarray:
    if isinstance(wanted, Compared):
        numbers = pd.to_numeric(column, errors="coerce").to_numpy("float64", na_value=np.nan)
        return compare(numbers, wanted.op, wanted.value)
    allowed = wanted if isinstance(wanted, tuple) else (wanted,)
    if isinstance(column.dtype, pd.BooleanDtype):
        return column.isin([value for value in allowed if isinstance(value, bool)]).fillna(False).to_numpy(bool)
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.isin(list(allowed)).to_numpy(bool)
    return column.isin([str(value) for value in allowed]).to_numpy(bool)


_COMPARE = {
    ">=": np.greater_equal,
    ">": np.greater,
    "<=": np.less_equal,
    "<": np.less,
    "==": np.equal,
    "!=": np.not_equal,
}


def compare(values: np.ndarray, op: str, wanted: float) -> np.ndarray:
    """``values op wanted``; a missing value (NaN) meets no condition, ``!=`` included."""
    return _COMPARE[op](values, wanted) & ~np.isnan(values)

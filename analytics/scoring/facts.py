"""Facts: records as integer counts per day and area, which is all that the measures see.

Arrays are (days, areas). Windows, balances and gaps come from cumulative sums, so that one date and a whole history
cost about the same and a record is looked at once.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd

from analytics.loaders import Records
from analytics.scheme import Where
from analytics.scheme.model import Compared

DATE_COLUMN = {"incidents": "occurred_at", "checks": "checked_at"}
LEVELS = ("street", "community", "grid")  # from the widest to the finest
NOWHERE = -1


class Facts:
    """The records of one run, seen at the level of area that is scored.

    ``areas`` is indexed by ``area_id`` and its order is the order of every array's last axis; ``days`` is a sorted
    ``DatetimeIndex`` of days at midnight.
    """

    def __init__(self, records: Records, areas: pd.DataFrame, days: pd.DatetimeIndex) -> None:
        self.records = records
        self.areas = areas
        self.days = days

    @cached_property
    def _position(self) -> pd.Series:
        """For each area of the file, the position of itself or of its ancestor among the scored ones."""
        every = self.records.areas
        position = pd.Series(NOWHERE, index=every.index, dtype="int64")
        position.loc[self.areas.index] = np.arange(len(self.areas))
        parent = every["parent_id"]
        for _ in LEVELS[1:]:  # as many steps up as there are levels
            lost = position.index[position == NOWHERE]
            above = parent.loc[lost].map(position)
            position.loc[lost] = above.fillna(NOWHERE).astype("int64")
        return position

    def place_of(self, table: str) -> np.ndarray:
        """For each row of ``table``, the position of its area, or ``NOWHERE``."""
        return self._position.reindex(self.table(table)["area_id"]).fillna(NOWHERE).to_numpy("int64")

    def table(self, name: str) -> pd.DataFrame:
        """A table of the records, which must be loaded."""
        return getattr(self.records, name)

    def has(self, table: str) -> bool:
        """Whether the table was loaded."""
        return getattr(self.records, table) is not None

    def rows_where(self, table: str, where: Where) -> np.ndarray:
        """A mask of the rows of ``table`` that meet every condition of ``where``."""
        frame = self.table(table)
        mask = np.ones(len(frame), dtype=bool)
        for column, wanted in where.items():
            mask &= _meets(frame[column], wanted)
        return mask

    def day_numbers(self, table: str, column: str | None = None) -> np.ndarray:
        """The day of each row as days since 1970-01-01; ``-2**31`` where the date is missing."""
        dates = self.table(table)[column or DATE_COLUMN[table]]
        numbers = dates.to_numpy("datetime64[D]").astype("int64")
        return np.where(dates.isna().to_numpy(), -(2**31), numbers)

    @cached_property
    def wanted_days(self) -> np.ndarray:
        """``days`` as days since 1970-01-01."""
        return self.days.to_numpy("datetime64[D]").astype("int64")

    def in_window(self, table: str, rows: np.ndarray, window_days: int) -> np.ndarray:
        """How many of ``rows`` fell into the ``window_days`` days that end with each day, that day included."""
        start = int(self.wanted_days[0]) - window_days + 1
        daily = self._daily(self.day_numbers(table)[rows], self.place_of(table)[rows], start)
        total = np.vstack([np.zeros((1, daily.shape[1]), dtype=daily.dtype), daily.cumsum(axis=0)])
        ends = self.wanted_days - start + 1
        return total[ends] - total[ends - window_days]

    def balance(self, table: str, rows: np.ndarray, opened: str, closed: str) -> np.ndarray:
        """How many of ``rows`` were opened and not yet closed at the end of each day."""
        start = int(self.wanted_days[0])
        places = self.place_of(table)[rows]
        opening = self.day_numbers(table, opened)[rows]
        closing = self.day_numbers(table, closed)[rows]
        is_closed = closing != -(2**31)
        change = self._daily(np.maximum(opening, start), places, start)
        change -= self._daily(np.maximum(closing[is_closed], start), places[is_closed], start)
        return change.cumsum(axis=0)[self.wanted_days - start]

    def quiet_days(self, table: str, rows: np.ndarray, cap: int) -> np.ndarray:
        """Days since the last of ``rows``, at most ``cap``: 0 on the day itself."""
        start = int(self.wanted_days[0]) - cap
        daily = self._daily(self.day_numbers(table)[rows], self.place_of(table)[rows], start)
        number = np.arange(len(daily), dtype="int64")[:, None]
        last = np.maximum.accumulate(np.where(daily > 0, number, -(10**9)), axis=0)
        return np.minimum(number - last, cap)[self.wanted_days - start]

    def stock(self, table: str, rows: np.ndarray) -> np.ndarray:
        """What the newest snapshot not after each day holds: the sum over ``rows``; NaN without a snapshot.

        An area that the table does not mention at all has no snapshot: it is not zero.
        """
        frame = self.table(table)
        weight = frame["count"].to_numpy("float64") if "count" in frame else np.ones(len(frame))
        taken = self.day_numbers(table, "as_of") if "as_of" in frame else np.full(len(frame), -(2**31))
        places = self.place_of(table)
        snapshots, number = np.unique(taken, return_inverse=True)
        inside = places != NOWHERE
        shape = (len(snapshots), len(self.areas))
        held = np.zeros(shape)
        mentioned = np.zeros(shape, dtype=bool)
        np.add.at(held, (number[inside & rows], places[inside & rows]), weight[inside & rows])
        mentioned[number[inside], places[inside]] = True
        newest = np.where(mentioned, np.arange(len(snapshots))[:, None], -1)
        newest = np.maximum.accumulate(newest, axis=0)
        held_then = np.where(newest >= 0, np.take_along_axis(held, np.maximum(newest, 0), axis=0), np.nan)
        at = np.searchsorted(snapshots, self.wanted_days, side="right") - 1
        return np.where((at >= 0)[:, None], held_then[np.maximum(at, 0)], np.nan)

    def base(self, column: str) -> np.ndarray:
        """The areas' own ``column``; where an area has none, the sum of the areas below it when all of them have it."""
        own = self.areas[column].to_numpy("float64", copy=True)
        empty = np.isnan(own)
        if empty.any():
            every = self.records.areas
            finest = ~every.index.isin(every["parent_id"].dropna())
            below = pd.DataFrame({"at": self._position, "value": every[column]})[finest]
            below = below[(below["at"] != NOWHERE) & ~below.index.isin(self.areas.index)]
            sums = below.groupby("at")["value"].agg(lambda values: values.sum(skipna=False))
            own[empty] = pd.Series(own).where(~empty, sums.reindex(range(len(own))).to_numpy())[empty]
        return own

    def _daily(self, days: np.ndarray, places: np.ndarray, start: int) -> np.ndarray:
        """Counts per day from ``start`` to the last wanted day, and per area."""
        span, width = int(self.wanted_days[-1]) - start + 1, len(self.areas)
        inside = (places != NOWHERE) & (days >= start) & (days < start + span)
        cell = (days[inside] - start) * width + places[inside]
        return np.bincount(cell, minlength=span * width).reshape(span, width)


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

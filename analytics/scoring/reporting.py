"""What the office has agreed about its feeds: how often they report, and whether they say so when nothing happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analytics.loaders.reporting import WORKING_DAY_EVERY
from analytics.scheme import Table
from analytics.scheme.tables import EVENT_TABLES
from analytics.scoring.calendar import working_days
from analytics.scoring.silence_rule import NOT_DUE
from analytics.store.counts import DATE_COLUMN, Counts
from analytics.store.tallies import NEVER

_NO_REPORTS = pd.DataFrame(columns=["table", "column", "feed", "area_id", "from_day", "to_day"])

AGREED_TABLES: tuple[Table, ...] = ("residents", "places")
"""Tables of which it may be agreed for how long what is known is valid."""


@dataclass(frozen=True)
class Agreement:
    """A feed (``code`` of ``column``, "" for all of ``table``) and what was agreed.

    ``every`` how many days it reports, 0 for every working day; ``by_hour`` ("17:00"); ``zero_report``: it says so when
    nothing happened; ``unit``: who reports; ``post``: whom to ask. "" stands for what was not said. Of people and
    places ``every`` is for how many days what is known of them is valid. It holds from the day ``since`` on.
    """

    table: Table
    column: str
    code: str
    every: int
    by_hour: str
    zero_report: bool
    unit: str
    post: str
    since: date

    def means(self, table: str, column: str, code: str) -> bool:
        """Whether it is of this feed."""
        return (self.table, self.column, self.code) == (table, column, code)


def agreements_of(counts: Counts) -> tuple[Agreement, ...]:
    """The agreements that were loaded, the oldest first: of one feed the later one holds from its day on, and of those
    of one day the one that asks for more."""
    rows = counts.small.get("agreements")
    if rows is None:
        return ()
    found = (
        Agreement(
            table=row["table"],
            column=_text(row["column"]),
            code=_text(row["feed"]),
            every=int(row["every_days"]),
            by_hour=_text(row["by_hour"]),
            zero_report=bool(row["zero_report"]) if row["zero_report"] is not pd.NA else False,
            unit=_text(row["unit"]),
            post=_text(row["post"]),
            since=row["since"].date(),
        )
        for row in rows.to_dict("records")
    )
    return tuple(sorted(found, key=lambda one: (one.since, one.zero_report, -(one.every or WORKING_DAY_EVERY))))


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


def reported_days(counts: Counts, table: Table, named: Sequence[tuple[str, str]], dates: np.ndarray) -> np.ndarray:
    """Where zero reports of the whole office, or of each of its areas, cover a feed: bool, (days, feeds). A report of a
    whole table speaks for all its feeds."""
    found = np.zeros((len(dates), len(named)), dtype=bool)
    rows = zero_reports(counts, table)
    for at, (_, code) in enumerate(named):
        own = rows[rows["feed"].isna() | (rows["feed"] == code)]
        found[:, at] = everywhere(counts.areas, own, dates)
    return found


def zero_reports(counts: Counts, table: Table) -> pd.DataFrame:
    """The zero reports of a table of events, as loaded, each of the days on which it may be so: one of the whole table
    says nothing, of any feed, on a day of which there are records in the areas that it is of."""

    def make() -> pd.DataFrame:
        rows = counts.small.get("reports", _NO_REPORTS)
        rows = rows[rows["table"] == table]
        if rows.empty or not counts.has(table):
            return rows
        recorded = _RecordedDays(counts, table)
        found = [
            {**row, "from_day": first, "to_day": last}
            for row in rows.to_dict("records")
            for first, last in _without(
                row["from_day"], row["to_day"], recorded.of(row["area_id"]) if pd.isna(row["feed"]) else None
            )
        ]
        return pd.DataFrame(found, columns=rows.columns)

    return counts.once(("zero reports", table), make)


def contradicted(counts: Counts, reports: pd.DataFrame) -> Mapping[tuple[Table, str], np.ndarray]:
    """The days, sorted, of zero reports of whole tables on which there are records all the same, by the table and the
    area of the report, "" for all."""
    found: dict[tuple[Table, str], np.ndarray] = {}
    for table in EVENT_TABLES:
        rows = reports[(reports["table"] == table) & reports["feed"].isna()]
        if rows.empty or not counts.has(table):
            continue
        recorded = _RecordedDays(counts, table)
        for row in rows.to_dict("records"):
            days = recorded.of(row["area_id"])
            days = days[(days >= np.datetime64(row["from_day"], "D")) & (days <= np.datetime64(row["to_day"], "D"))]
            if len(days):
                area = _text(row["area_id"])
                found[table, area] = np.union1d(found.get((table, area), days), days)
    return found


class _RecordedDays:
    """The days, as datetime64, on which a table has records in an area or one below it, or anywhere."""

    def __init__(self, counts: Counts, table: Table) -> None:
        self._everywhere = _as_days(counts.days(table))
        tally = counts.daily(table, DATE_COLUMN[table])
        kept = (tally.day != NEVER) & (tally.area >= 0)
        self._areas = counts.areas.index[tally.area[kept]].to_numpy()
        self._days = _as_days(tally.day[kept])
        self._parents = counts.areas["parent_id"]
        self._found: dict[str, np.ndarray] = {}

    def of(self, area: object) -> np.ndarray:
        """Sorted, each once."""
        if not isinstance(area, str):
            return self._everywhere
        if area not in self._found:
            inside = inside_of(self._parents, area)
            self._found[area] = np.unique(self._days[np.isin(self._areas, list(inside))])
        return self._found[area]


def inside_of(parents: pd.Series, area: str) -> frozenset[str]:
    """An area and all that lie in it, at whatever height; ``parents`` says in which area each lies."""
    inside, below = {area}, pd.Index([area])
    while len(below := parents.index[parents.isin(below)].difference(list(inside))):
        inside |= {*below}
    return frozenset(inside)


def _as_days(numbers: np.ndarray) -> np.ndarray:
    return numbers.astype("int64").astype("datetime64[D]")


def _without(first: pd.Timestamp, last: pd.Timestamp, days: np.ndarray | None) -> Iterator[tuple[object, object]]:
    """The spans of days from ``first`` to ``last`` that none of ``days`` (sorted) lies in."""
    if days is None:
        yield first, last
        return
    begin, end, day = np.datetime64(first, "D"), np.datetime64(last, "D"), np.timedelta64(1, "D")
    inside = days[(days >= begin) & (days <= end)]
    for before, after in zip([begin - day, *inside], [*inside, end + day], strict=True):
        if after - before > day:
            yield pd.Timestamp(before + day), pd.Timestamp(after - day)


def everywhere(areas: pd.DataFrame, reports: pd.DataFrame, dates: np.ndarray) -> np.ndarray:
    """On which of ``dates`` (whole days since 1970-01-01) the ``reports`` speak for the whole office: bool, (days,).
    One without an area does, and so do those of all the smallest areas, or of areas above them."""
    whole = np.zeros(len(dates), dtype=bool)
    if reports.empty:
        return whole
    days = dates.astype("datetime64[D]")
    by_area: dict[object, np.ndarray] = {}
    for row in reports.to_dict("records"):
        inside = (days >= np.datetime64(row["from_day"], "D")) & (days <= np.datetime64(row["to_day"], "D"))
        if row["area_id"] is pd.NA or not isinstance(row["area_id"], str):
            whole |= inside
        else:
            by_area[row["area_id"]] = by_area.get(row["area_id"], np.zeros(len(dates), dtype=bool)) | inside
    if not by_area:
        return whole
    parents = areas["parent_id"]
    smallest = areas.index.difference(pd.Index(parents.dropna().unique()))
    each = np.ones(len(dates), dtype=bool)
    for area in smallest:
        spoken_for, at, seen = np.zeros(len(dates), dtype=bool), area, set()
        while isinstance(at, str) and at in parents.index and at not in seen:
            seen.add(at)
            spoken_for |= by_area.get(at, False)
            at = parents[at]
        each &= spoken_for
    return whole | (each & (len(smallest) > 0))


def due_days(agreement: Agreement, dates: np.ndarray, counts: Counts) -> np.ndarray:
    """For each day the position of the first day that the report due on it may cover, ``NOT_DUE`` where none is due."""
    places = np.arange(len(dates))
    if agreement.every:
        return places - agreement.every + 1
    return np.where(_not_worked(counts, dates), NOT_DUE, places)


def resting_days(counts: Counts, dates: np.ndarray) -> np.ndarray:
    """Which days (whole days since 1970-01-01) are not worked, by the office's table; empty where it has none."""
    if counts.small.get("holidays") is None:
        return np.empty(0, dtype=bool)
    return _not_worked(counts, dates)


def valid_days(counts: Counts, table: Table) -> int | None:
    """For how many days what is known of people or places is valid, as agreed; None where nothing was."""
    return next((one.every for one in reversed(agreements_of(counts)) if one.table == table), None)


def _not_worked(counts: Counts, dates: np.ndarray) -> np.ndarray:
    return ~working_days(counts, pd.DatetimeIndex(dates.astype("datetime64[D]")))

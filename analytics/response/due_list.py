"""The due list of a day (8:00): open incidents that are overdue, due on the day, within 24 hours and within three
working days; and those that came again, were sent back, or left somebody dissatisfied.

An incident is overdue once its due moment has passed; where only the day is told that is the end of the day. Within 24
hours holds what is due on the day, and within three working days holds both. Cases, what clinics report
and channels of which no closing is ever told stand apart, as in `closing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

from analytics.office import working_days_after
from analytics.scoring import AreaCounts, first_days
from analytics.scoring.area_counts import day_number
from analytics.scoring.calendar import told_days
from analytics.store.closings import NOT_CLOSED_CHANNELS, NOT_CLOSED_KINDS, closing_channels
from analytics.store.due_incidents import open_incidents, rated_incidents
from analytics.store.tallies import NOWHERE

DAY_BEGINS = time(8)
"""When the list of a day is read."""

WORKING_DAYS = 3
REPEATS = 3
REPEAT_DAYS = 30
"""So many incidents of one kind, in one area and so many days, came again. And of how many days ratings are told."""

DUE = ("overdue", "today", "within_24h", "within_days")
MARKS = ("repeated", "returned", "reopened", "extended")


@dataclass(frozen=True, eq=False)
class DueList:
    """What was open at the end of ``day``, as of a ``moment``; ``until``: the last of the three working days.

    ``open``: a row for incidents that are alike, ``n`` of them: ``area_id`` (None: in no scored area), ``kind``,
    ``due`` (NaT for none), whether they are each of `DUE` and `MARKS`; with ``number``, where it may be told.
    ``dissatisfied``: those closed in `REPEAT_DAYS` days that left somebody dissatisfied, with ``area_id``, ``kind``,
    ``n`` and ``number``; of ``rated`` ones. ``returned_told``, ``reopened_told``, ``extended_told``: whether
    records tell that at all.
    ``unclosed``: the channels left out, of which no closing is ever told; ``told``: whether one is told of any at all.
    ``begins``: the day of the first record.
    """

    day: date
    moment: datetime
    until: date
    open: pd.DataFrame
    dissatisfied: pd.DataFrame
    rated: int
    returned_told: bool
    reopened_told: bool
    extended_told: bool
    unclosed: tuple[str | None, ...]
    told: bool
    begins: date

    @property
    def numbered(self) -> bool:
        """Whether numbers may be told."""
        return "number" in self.open

    def sums(self, rows: pd.Series | None = None) -> dict[str, int]:
        """Of some rows of ``open``, else of all: how many are ``open``, each of `DUE` and `MARKS`, and ``undated``."""
        chosen = self.open if rows is None else self.open[rows.to_numpy()]
        flags = {name: chosen[name] for name in (*DUE, *MARKS)} | {"undated": chosen["due"].isna()}
        counted = {name: int(chosen["n"][flag.to_numpy(bool)].sum()) for name, flag in flags.items()}
        return {"open": int(chosen["n"].sum()), **counted}


def moment_of(day: date, now: datetime) -> datetime:
    """When the list on what was known at the end of ``day`` is read: at 8:00 of the next day; ``now``, by the office's
    clock, where the day is not over."""
    if day >= now.date():
        return now.replace(tzinfo=None)
    return datetime.combine(day + timedelta(days=1), DAY_BEGINS)


def due_list(facts: AreaCounts, day: date, moment: datetime, *, numbered: bool) -> DueList | None:
    """The list of ``moment`` on what was open at the end of ``day``; None where no incidents are known by then.
    ``numbered``: with the numbers of incidents."""
    begins = first_days(facts.counts).get("incidents")
    if begins is None or day < begins:
        return None
    until = working_days_after(moment.date(), WORKING_DAYS, told_days(facts.counts))
    first = day - timedelta(days=REPEAT_DAYS - 1)
    held, unclosed = _own(facts, open_incidents(facts.counts, day, numbered=numbered))
    rated, _ = _own(facts, rated_incidents(facts.counts, first, day, numbered=numbered))
    again = _came_again(facts, held, first, day)
    shown = held.assign(
        **due_in(held["due"], moment, until),
        repeated=again | held["repeated"].eq(other=True).to_numpy(bool, na_value=False),
        returned=held["returned"].eq(other=True).to_numpy(bool, na_value=False),
        extended=held["extended"].eq(other=True).to_numpy(bool, na_value=False),
        reopened=held["rated"].eq(other=False).to_numpy(bool, na_value=False),
    )
    number = ["number"] if numbered else []
    shown = shown[["area_id", "kind", "due", *DUE, *MARKS, "n", *number]]
    bad = rated[~rated["satisfied"].astype(bool)]
    return DueList(
        day=day,
        moment=moment,
        until=until,
        open=shown.sort_values(["due", "area_id", "kind", *number], na_position="last", ignore_index=True),
        dissatisfied=bad[["area_id", "kind", "n", *number]].reset_index(drop=True),
        rated=int(rated["n"].sum()),
        returned_told=bool(held["returned"].notna().any()),
        reopened_told=bool(held["rated"].notna().any() or len(rated)),
        extended_told=bool(held["extended"].notna().any()),
        unclosed=unclosed,
        told=len(closing_channels(facts.counts)) > 0,
        begins=begins,
    )


def due_in(due: pd.Series, moment: datetime, until: date) -> dict[str, np.ndarray]:
    """Which due moments are each of `DUE` at a ``moment``, of which ``until`` is the last of the working days."""
    at = due.to_numpy("datetime64[us]")
    of_day, soon = at.astype("datetime64[D]"), np.datetime64(moment) + np.timedelta64(1, "D")
    today = np.datetime64(moment.date())
    # The end of a day of which no hour is told.
    ends = np.where(at == of_day, (of_day + 1).astype("datetime64[us]"), at)
    overdue = ends < np.datetime64(moment)
    ahead = ~np.isnat(at) & ~overdue
    return {
        "overdue": overdue,
        "today": ahead & (of_day == today),
        "within_24h": ahead & (ends <= soon),
        "within_days": ahead & (of_day <= np.datetime64(until)),
    }


def _own(facts: AreaCounts, held: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str | None, ...]]:
    """Those that the office closes, with their ``area_id`` and ``kind``; and the channels of the others, of which no
    closing is told."""
    apart = held["category"].isin(NOT_CLOSED_KINDS) | held["channel"].isin(NOT_CLOSED_CHANNELS)
    told = held["channel"].isin(closing_channels(facts.counts))
    named = held.assign(area_id=scored_ids(facts, held["area"]), kind=held["category"])
    silent = set(held["channel"][~apart & ~told])
    return named[~apart & told], tuple(sorted(silent, key=lambda one: one or ""))


def scored_ids(facts: AreaCounts, area: pd.Series) -> pd.Series:
    """The ids of the scored areas in which areas of the records lie, given as positions; None where in none."""
    ids = np.append(facts.areas.index.to_numpy(object), None)
    return pd.Series(ids[facts.positions()[area]], area.index, dtype=object)


def _came_again(facts: AreaCounts, held: pd.DataFrame, first: date, last: date) -> np.ndarray:
    """Which rows are of a kind that came `REPEATS` times in their own area from ``first`` to ``last``. It is the area
    of the record, whatever is scored: of a wide one most kinds would."""
    every = facts.counts.daily_by("incidents", "category")
    days = every[(every["day"] >= day_number(first)) & (every["day"] <= day_number(last))]
    often = days[days["area"] != NOWHERE].groupby(["area", "kind"])["n"].sum()
    keys = pd.MultiIndex.from_arrays([held["area"], held["kind"]])
    return (often.reindex(keys).fillna(0) >= REPEATS).to_numpy(bool)

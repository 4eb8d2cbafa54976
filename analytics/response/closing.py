"""Closing of incidents: how many of those that came in were closed, how many of those due in time, and what is open.

办结率 is, of those received in the period, the part that was closed by its end; 按期办结率, of those due in the period,
the part that was closed no later than on the due day. What is not yet due is in neither part of the second. Each period
is taken as its own last day told it, so that an earlier one has had no more time to close. It is held against an
earlier one by the channels alone that were on record from its first day. A rate is never without its two numbers. Cases
and what clinics report are not closed by the office: they stand apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Literal, get_args

import numpy as np
import pandas as pd

from analytics.loaders.records import FLAGS
from analytics.response.periods import (
    PERIOD_KINDS,
    Period,
    PeriodKind,
    period_before,
    period_to,
    same_period_last_year,
)
from analytics.scoring import AreaCounts, first_days
from analytics.scoring.area_counts import day_number
from analytics.scoring.silence import silent_days
from analytics.store.closings import AGES, NOT_CLOSED_CHANNELS, NOT_CLOSED_KINDS, closing_channels, closings
from analytics.store.tallies import NOWHERE

By = Literal["channel", "kind", "area"]
BY: tuple[By, ...] = get_args(By)

Rate = Literal["closed", "on_time", "satisfied", "repeated", "returned", "signed_for"]
RATES: tuple[Rate, ...] = get_args(Rate)


@dataclass(frozen=True)
class Ratio:
    """``n`` of ``of``."""

    n: int = 0
    of: int = 0

    @property
    def share(self) -> float:
        """From 0 to 1; NaN of none."""
        return self.n / self.of if self.of else float("nan")

    def __add__(self, other: Ratio) -> Ratio:
        return Ratio(self.n + other.n, self.of + other.of)


@dataclass(frozen=True)
class Figures:
    """Incidents of one row in one period.

    ``received`` in it; of these ``unclear`` ones cannot be told closed or open, since they are called closed without a
    date or come by a channel of which no closing is ever told: they are in no rate and not among the open. ``closed``
    of the other received; ``on_time`` of those due; ``satisfied`` of the closed that were rated; ``repeated``,
    ``returned`` and ``signed_for`` of those received of which it is told. ``open`` at the end of the period by how
    long (`OPEN_DAYS` of `closings`), and ``overdue`` of them.
    """

    received: int = 0
    unclear: int = 0
    closed: Ratio = Ratio()
    on_time: Ratio = Ratio()
    satisfied: Ratio = Ratio()
    repeated: Ratio = Ratio()
    returned: Ratio = Ratio()
    signed_for: Ratio = Ratio()
    open: tuple[int, ...] = (0,) * len(AGES)
    overdue: int = 0

    def __add__(self, other: Figures) -> Figures:
        ages = tuple(one + more for one, more in zip(self.open, other.open, strict=True))
        rest = {
            part.name: getattr(self, part.name) + getattr(other, part.name)
            for part in fields(self)
            if part.name != "open"
        }
        return Figures(open=ages, **rest)

    @property
    def open_in_all(self) -> int:
        """However long."""
        return sum(self.open)


@dataclass(frozen=True)
class Held:
    """An ``earlier`` period, and what of ``now`` is held against it: both of the same channels."""

    now: Figures
    earlier: Figures


@dataclass(frozen=True)
class ClosingRow:
    """What has one ``key`` (a channel, a kind or the id of an area; None where nobody says): in the period; held
    against the one ``before`` and the same one a ``year_before``, None where that is not to be had whole."""

    key: str | None
    now: Figures
    before: Held | None
    year_before: Held | None

    def change(self, rate: Rate, *, year: bool = False) -> float:
        """By how many percentage points a rate is above that of the period before, or of the ``year`` before; NaN where
        one of the two is not to be had."""
        held = self.year_before if year else self.before
        if held is None:
            return float("nan")
        return 100 * (getattr(held.now, rate).share - getattr(held.earlier, rate).share)


@dataclass(frozen=True)
class Closing:
    """How incidents were closed in a ``period``, in ``rows`` (most received first) and in ``total``, beside the
    ``compared`` periods: the one before and that of a year before, None where the records or the calendar have none.

    ``apart``: cases and reports of clinics received in it, which no figure counts. ``unclosed``: the channels of which
    no closing is ever told; ``told``: whether one is told of any; ``undated``: what is unclear of the others.
    ``begins``: the day of the first record. ``begun_later``: for each of ``compared`` the channels whose own first
    record is of a later day than its first: nothing of them is held against it. ``interrupted``: the periods in which a
    feed of incidents was silent for some days.
    """

    by: By
    period: Period
    compared: tuple[Period | None, Period | None]
    rows: tuple[ClosingRow, ...]
    total: ClosingRow
    apart: int
    unclosed: tuple[str | None, ...]
    told: bool
    undated: int
    begins: date
    begun_later: tuple[tuple[str | None, ...], tuple[str | None, ...]]
    interrupted: tuple[Period, ...]


def choice_in(text: str | None) -> tuple[PeriodKind, By, bool]:
    """The period and the rows that a text asks for, ``week`` or ``week-kind``, the month by channel where it asks for
    none; and whether it asks for something that there is not.

    >>> choice_in("quarter-area"), choice_in("week"), choice_in(None), choice_in("year-area")
    (('quarter', 'area', False), ('week', 'channel', False), ('month', 'channel', False), ('month', 'area', True))
    """
    kind, dash, by = (text or "").partition("-")
    period = next((one for one in PERIOD_KINDS if one == kind), None)
    rows = next((one for one in BY if one == by), None)
    return period or "month", rows or BY[0], text is not None and (period is None or (rows is None and bool(dash)))


def closing(facts: AreaCounts, day: date, kind: PeriodKind, by: By) -> Closing | None:
    """The closing of incidents in the week, month or quarter up to ``day``; None where none are known by then."""
    begins = first_days(facts.counts).get("incidents")
    if begins is None or day < begins:
        return None
    period = period_to(kind, day)
    compared = [
        one if one is not None and one.first >= begins else None
        for one in (period_before(period), same_period_last_year(period))
    ]
    counted = {one: _counted(facts, one) for one in (period, *compared) if one is not None}
    now = _sums(facts, counted[period], by)
    before, year_before = (None if one is None else _held(facts, counted, period, one, by) for one in compared)
    keys = [str(one) for one in facts.areas.index] if by == "area" else []
    rows = [
        ClosingRow(key, now.rows.get(key, Figures()), *(one and one.rows.get(key) for one in (before, year_before)))
        for key in dict.fromkeys([*keys, *now.rows, *(key for one in (before, year_before) if one for key in one.rows)])
    ]
    rows.sort(key=lambda row: (row.key is None, -row.now.received, -row.now.open_in_all, row.key or ""))
    shown = [one for one in (period, *compared) if one is not None]
    return Closing(
        by=by,
        period=period,
        compared=(compared[0], compared[1]),
        rows=tuple(rows),
        total=ClosingRow(None, _total(now.rows.values()), *(one and one.total for one in (before, year_before))),
        apart=now.apart,
        unclosed=now.unclosed,
        told=len(closing_channels(facts.counts)) > 0,
        undated=now.undated,
        begins=begins,
        begun_later=(before.begun_later if before else (), year_before.begun_later if year_before else ()),
        interrupted=tuple(one for one in shown if _silent(facts, one, begins)),
    )


@dataclass(frozen=True)
class _Sums:
    rows: dict[str | None, Figures]
    apart: int
    unclosed: tuple[str | None, ...]
    undated: int


@dataclass(frozen=True)
class _HeldRows:
    """An earlier period: what is held against it, by key and in all, and the channels that began too late for it."""

    rows: dict[str | None, Held]
    total: Held
    begun_later: tuple[str | None, ...]


def _counted(facts: AreaCounts, period: Period) -> pd.DataFrame:
    """Its incidents as of its last day."""
    return closings(facts.counts, period.first, period.last)


def _held(facts: AreaCounts, counted: Mapping[Period, pd.DataFrame], now: Period, earlier: Period, by: By) -> _HeldRows:
    """``now`` against an ``earlier`` period, by the channels that were on record from its first day; without the rows
    whose own first record is of a later one: of days before it nobody knows whether there was nothing."""
    first = day_number(earlier.first)
    begun = _first_days(facts, "channel")
    later = [channel for channel, day in begun.items() if day > first]
    tables = [frame[~frame["channel"].isin(later)] for frame in (counted[now], counted[earlier])]
    of_now, of_earlier = (_sums(facts, frame, by).rows for frame in tables)
    own = _first_days(facts, by)
    areas = [str(one) for one in facts.areas.index] if by == "area" else []
    whole = [key for key in dict.fromkeys([*areas, *of_now, *of_earlier]) if key in own and own[key] <= first]
    # What brought nothing in either period changes neither.
    brought = set(pd.concat([counted[now], counted[earlier]])["channel"])
    missed = [channel for channel in later if channel in brought and channel not in NOT_CLOSED_CHANNELS]
    return _HeldRows(
        rows={key: Held(of_now.get(key, Figures()), of_earlier.get(key, Figures())) for key in whole},
        total=Held(_total(of_now.values()), _total(of_earlier.values())),
        begun_later=tuple(sorted(missed, key=lambda one: one or "")),
    )


def _first_days(facts: AreaCounts, by: By) -> dict[str | None, int]:
    """The day of the first record of each key."""
    column = "channel" if by == "channel" else "category"
    days = facts.counts.daily_by("incidents", column).rename(columns={"kind": column})
    keyed = pd.Series(list(_keys(facts, days, by)), index=days.index, dtype=object)
    found = days["day"].groupby(keyed, dropna=False).min()
    return {None if pd.isna(key) else str(key): int(day) for key, day in found.items()}


def _sums(facts: AreaCounts, counted: pd.DataFrame, by: By) -> _Sums:
    apart = counted["category"].isin(NOT_CLOSED_KINDS) | counted["channel"].isin(NOT_CLOSED_CHANNELS)
    own = counted[~apart]
    told = own["channel"].isin(closing_channels(facts.counts)).to_numpy()
    sums = _by_key(own, told, _keys(facts, own, by))
    silent = own["channel"][~told & (own["received"] > 0).to_numpy()]
    return _Sums(
        rows=sums,
        apart=int(counted["received"][apart].sum()),
        unclosed=tuple(sorted(set(silent), key=lambda one: one or "")),
        undated=int((own["received"] - own["dated"])[told].sum()),
    )


def _keys(facts: AreaCounts, counted: pd.DataFrame, by: By) -> Sequence[str | None]:
    if by != "area":
        return counted["channel" if by == "channel" else "category"].tolist()
    ids = facts.areas.index
    return [None if at == NOWHERE else str(ids[at]) for at in facts.positions()[counted["area"]]]


def _by_key(counted: pd.DataFrame, told: np.ndarray, keys: Sequence[str | None]) -> dict[str | None, Figures]:
    """The figures of each key; ``told``: the rows of channels of which closings are told."""
    numbers = counted.drop(columns=["area", "channel", "category"])
    whole = ["received", *(name for flag in FLAGS for name in (flag, f"{flag}_told"))]
    numbers = numbers.where(told[:, None] | numbers.columns.isin(whole), 0)
    keyed = pd.Series(list(keys), index=numbers.index, dtype=object)
    summed = numbers.groupby(keyed, dropna=False, sort=True).sum()
    return {None if pd.isna(key) else str(key): _figures(row) for key, row in summed.iterrows()}


def _figures(row: pd.Series) -> Figures:
    n = {str(name): int(value) for name, value in row.items()}
    return Figures(
        received=n["received"],
        unclear=n["received"] - n["dated"],
        closed=Ratio(n["closed"], n["dated"]),
        on_time=Ratio(n["on_time"], n["due"]),
        satisfied=Ratio(n["satisfied"], n["rated"]),
        repeated=Ratio(n["repeated"], n["repeated_told"]),
        returned=Ratio(n["returned"], n["returned_told"]),
        signed_for=Ratio(n["signed_for"], n["signed_for_told"]),
        open=tuple(n[age] for age in AGES),
        overdue=n["overdue"],
    )


def _total(rows: Iterable[Figures]) -> Figures:
    return sum(rows, Figures())


def _silent(facts: AreaCounts, period: Period, begins: date) -> bool:
    """Whether a feed, or an area, that ever brought anything was silent on some of the days."""
    _, silent = silent_days(facts, "incidents", begins, period.last)
    return bool(silent[-period.days :, ~silent.all(axis=0)].any())

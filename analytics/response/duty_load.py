"""Load of duty (减负账): the minutes a week that a scheme's duties ask of each area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.response.due import EPOCH, DutyWeek, asked_by, duty_cycles, holidays_known, objects_on
from analytics.response.team_hours import minutes_of
from analytics.response.workload import WEEK_DAYS
from analytics.scheme import Scheme
from analytics.scheme.duties import Duty
from analytics.scoring.area_counts import AreaCounts

WEEKS_AHEAD = 12
"""Over so many weeks, or over two cycles where these are longer, what falls due is counted."""


@dataclass(frozen=True)
class UntoldHolidays:
    """That minutes of duties before holidays are too few: holidays after ``until`` are not known (None: nor any)."""

    until: date | None


@dataclass(frozen=True)
class DutyChange:
    """Minutes a week that duties ask under the scheme in use (``before``) and under a draft (``after``), each over the
    areas of which both are known; of how many areas that is not so (``untold``). NaN where it is so of none.
    ``holidays``: what either lacks of them."""

    before: float
    after: float
    untold: int
    holidays: UntoldHolidays | None = None


def change_of(before: pd.Series, after: pd.Series, holidays: UntoldHolidays | None = None) -> DutyChange:
    """The change between the minutes of the same areas."""
    both = (before.notna() & after.notna()).to_numpy()
    sums = [float(one[both].sum()) if both.any() else np.nan for one in (before, after)]
    return DutyChange(*sums, int((~both).sum()), holidays)


def untold_holidays(facts: AreaCounts, scheme: Scheme, day: int) -> UntoldHolidays | None:
    """What :func:`weekly_minutes` of ``day`` lack for holidays that are not known; None where they lack nothing."""
    last = max((day + _span(scheme, duty) for duty in scheme.duties if duty.before_holidays_days), default=day)
    known = holidays_known(facts)
    if last <= max(day, known):
        return None
    return UntoldHolidays(EPOCH + timedelta(days=known) if known >= 0 else None)


def _span(scheme: Scheme, duty: Duty) -> int:
    """Over how many days what falls due of a duty is counted."""
    how = asked_by(scheme, duty)
    return max(WEEKS_AHEAD * WEEK_DAYS, 2 * int(max(how.length.max(), how.first_within.max())))


def minutes_by_tier(facts: AreaCounts, scheme: Scheme, day: int) -> pd.DataFrame:
    """:func:`weekly_minutes` of each area (rows) were it of each tier (columns: its rank, and that of unknown). What a
    draft asks that differs in weights and cut-offs alone is looked up in it."""
    areas = len(facts.areas)
    return pd.DataFrame(
        {
            rank: weekly_minutes(facts, scheme, np.full(areas, rank), day)
            for rank in (*range(len(tiers.RANKED)), tiers.UNKNOWN_RANK)
        }
    )


def looked_up(by_tier: pd.DataFrame, ranks: np.ndarray) -> pd.Series:
    """The minutes of areas of some tiers (``ranks``, in their order) in a table of :func:`minutes_by_tier`."""
    found = by_tier.to_numpy()[np.arange(len(by_tier)), by_tier.columns.get_indexer(ranks)]
    return pd.Series(found, index=by_tier.index)


def weekly_minutes(facts: AreaCounts, scheme: Scheme, ranks: np.ndarray, day: int) -> pd.Series:
    """Minutes a week that all duties together ask of each area (index ``area_id``), were the tiers ``ranks`` (areas,)
    of the end of ``day`` (days since 1970) to stay: checks that fall due, as :func:`duty_cycles` has them, × objects ×
    minutes × people who go together.

    NaN where the tier or the number of objects is not known, a duty says no minutes, or the scheme has no duty. What is
    due before holidays that are not known is not in it (see :func:`untold_holidays`).
    """
    asked = np.where((ranks == tiers.UNKNOWN_RANK) | (not scheme.duties), np.nan, 0.0)
    for duty in scheme.duties:
        span = _span(scheme, duty)
        found = duty_cycles(facts, scheme, duty, np.tile(ranks, (span, 1)), day + 1)
        inside = found.due <= day + span
        times = np.bincount(found.area[inside], weights=found.times[inside], minlength=len(ranks))
        a_week = times / (span / WEEK_DAYS)
        minutes = minutes_of(scheme, duty)[ranks] * duty.people_per_check
        asked = asked + np.where(a_week > 0, objects_on(facts, duty, day) * a_week * minutes, 0.0)
    return pd.Series(asked, index=facts.areas.index)


def overdue_minutes(scheme: Scheme, duties: Sequence[DutyWeek], ranks: np.ndarray, areas: pd.Index) -> pd.DataFrame:
    """Minutes that it takes to make up for what is overdue at the end of a week, by area (index: ``areas``, ``ranks``
    their tiers): ``minutes`` of the duties of which that is known, and whether there are others (``untold``).

    Overdue is what the newest cycle of a duty left, as `Done.by_area` has it: what may still be made up for.
    """
    minutes, untold = np.zeros(len(areas)), np.zeros(len(areas), dtype=bool)
    for one in duties:
        left, asked = one.week["last_overdue"].to_numpy(), one.week["asked"].to_numpy()
        each = minutes_of(scheme, one.duty)[ranks] * one.duty.people_per_check
        took = np.where(left == 0, 0.0, left * each)
        minutes += np.nan_to_num(took)
        untold |= np.isnan(took) & asked
    return pd.DataFrame({"minutes": minutes, "untold": untold}, index=areas)

"""What an assessment says at a glance: who comes first, who changed, and how many incidents there were."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.marks import MARKS
from analytics.office import WEEK_DAYS, week_end
from analytics.scoring.area_counts import day_numbers
from analytics.scoring.assess import NO_OVERRIDE, Assessment
from analytics.scoring.orders import NOT_ORDERED
from analytics.store.counts import Counts


def ranking(assessment: Assessment) -> pd.DataFrame:
    """Areas on the assessment's last day, most work first: by tier, then score, then code; unknown last.

    Index ``area_id``; columns ``rank`` (from 1), ``name``, ``tier`` as shown, whether it is ``carried`` on, and
    ``computed``, whether a ``floor`` rule computed it, ``score``, and ``leads`` (ids of the indicators that add to the
    score, largest first).
    """
    everywhere = np.arange(len(assessment.areas))
    table = pd.DataFrame(
        {
            "name": assessment.areas["name"],
            "tier": tiers.names(assessment.shown[-1]),
            "carried": carried_areas(assessment),
            "computed": tiers.names(assessment.computed[-1]),
            "floor": assessment.decided[-1] >= 0,
            "score": assessment.score[-1],
            "leads": _leads(assessment, everywhere),
            "by_tier": -assessment.shown[-1].astype(int),
            "by_score": -assessment.score[-1],
            "by_code": assessment.areas.index,
        },
        index=assessment.areas.index,
    ).sort_values(["by_tier", "by_score", "by_code"], na_position="last")
    table.insert(0, "rank", range(1, len(table) + 1))
    return table.drop(columns=["by_tier", "by_score", "by_code"])


def leading_indicators(assessment: Assessment, area_id: str) -> tuple[str, ...]:
    """The ids of the indicators that add to an area's score on the last day, largest first: the ``leads`` of its row in
    :func:`ranking`, without ranking all the others."""
    return _leads(assessment, np.array([assessment.areas.index.get_loc(area_id)]))[0]


def _leads(assessment: Assessment, at: np.ndarray) -> list[tuple[str, ...]]:
    """Of the areas at some places, the ids of what adds to their score on the last day, largest first."""
    parts = assessment.parts[-1, at]
    ids = np.array(assessment.indicator_ids, dtype=object)
    order = np.argsort(-parts, axis=1, kind="stable")
    return [tuple(ids[row[part[row] > 0]]) for row, part in zip(order, parts, strict=True)]


def shown_tiers(assessment: Assessment) -> np.ndarray:
    """The tier (name) of every area as shown on the last day, in the order of the areas."""
    return tiers.names(assessment.shown[-1])


def interrupted_others(assessment: Assessment, area_id: str) -> int:
    """How many of the areas that an area is compared with have data that are interrupted on the last day; none where
    it is judged by itself."""
    if not assessment.scheme.is_relative():
        return 0
    stopped = assessment.interrupted[-1].any(axis=-1)
    return int(stopped.sum() - stopped[assessment.areas.index.get_loc(area_id)])


def carried_areas(assessment: Assessment, day: int = -1) -> np.ndarray:
    """Where the tier that is shown on a day, by its place, is the last published one carried on; bool, (areas,). What a
    person decided is that person's, and what an order raised is the order's."""
    known = (assessment.shown[day] != tiers.UNKNOWN_RANK) & ~ordered_areas(assessment, day)
    return known & (assessment.carried[day] > 0) & (assessment.override_left[day] == NO_OVERRIDE)


def ordered_areas(assessment: Assessment, day: int = -1) -> np.ndarray:
    """Where an order in force raised the tier that is shown on a day, by its place; bool, (areas,)."""
    return assessment.without_order[day] != NOT_ORDERED


def area_marks(assessment: Assessment, changed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Which marks every area has on the last day; bool, index ``area_id``, a column for each of ``marks.MARKS``.

    ``raised`` and ``lowered`` are those of ``changed`` (:func:`changes`; None: held against nothing); the others are
    what ``reasons.ShownTier`` gives as why a tier is shown.
    """
    areas = assessment.areas.index
    ways = pd.Series(pd.NA, index=areas, dtype="boolean")
    if changed is not None:
        ways.update(changed["raised"])
    ordered = ordered_areas(assessment)
    decided = (assessment.override_left[-1] != NO_OVERRIDE) & ~ordered
    carried = carried_areas(assessment)
    known = assessment.shown[-1] != tiers.UNKNOWN_RANK
    held = known & ~decided & ~carried & ~ordered & (assessment.published[-1] != assessment.computed[-1])
    marks = {
        "raised": ways.fillna(value=False).to_numpy(bool),
        "lowered": (~ways).fillna(value=False).to_numpy(bool),
        "held": held,
        "carried": carried,
        "override": decided,
        "order": ordered,
    }
    return pd.DataFrame({mark: marks[mark] for mark in MARKS}, index=areas)


def taken_back(then: Assessment, now: Assessment, day: int = -1) -> pd.Series:
    """Where (index: the areas of both, in the order of ``now``) the tier that ``now`` shows on its last day is harder
    than that of ``then`` on a ``day``, by its place, though nothing that still reports asks for it.

    On that day nobody could tell yet that a feed was silent, and its tier fell; now it is told, and the tier of before
    the silence is carried on: that one was too mild, and not that things got worse since.
    """
    both = now.areas.index.intersection(then.areas.index)
    at, there = now.areas.index.get_indexer(both), then.areas.index.get_indexer(both)
    gap = (now.days[-1].normalize() - then.days[day].normalize()).days
    was, found = then.shown[day, there], now.shown[-1, at]
    silent_then = (then.carried[day, there] == 0) & (now.carried[-1, at] > gap)
    harder = (was != tiers.UNKNOWN_RANK) & (found > was) & (now.least[-1, at] <= was)
    decided = (then.override_left[day, there] != NO_OVERRIDE) | ~carried_areas(now)[at]
    return pd.Series(silent_then & harder & ~decided, index=both)


def carried_counts(assessment: Assessment, day: int = -1) -> pd.Series:
    """How many of the areas in each tier (index, as `tiers.SHOWN`) are carried on; zeros are there."""
    held = tiers.names(assessment.shown[day])[carried_areas(assessment, day)]
    return pd.Series(held, dtype=object).value_counts().reindex(tiers.SHOWN, fill_value=0)


def changes(assessment: Assessment) -> pd.DataFrame:
    """Areas whose tier as shown differs between the first and the last day of the assessment.

    Index ``area_id``; columns ``name``, ``before``, ``after`` (tier names) and ``raised``: True, False, or NA when one
    side is unknown, or the tier is a lower one and either is carried on: that data stopped, or came again, is not that
    things got better. Nor did they get worse where a tier was :func:`taken_back`. Heaviest moves first, then by name.
    """
    before, after = assessment.shown[0], assessment.shown[-1]
    both_known = (before != tiers.UNKNOWN_RANK) & (after != tiers.UNKNOWN_RANK)
    carried = carried_areas(assessment, 0) | carried_areas(assessment)
    raised = pd.array(after > before, dtype="boolean")
    told = both_known & ~(carried & (after < before)) & ~taken_back(assessment, assessment, 0).to_numpy()
    raised[~told] = pd.NA
    table = pd.DataFrame(
        {
            "name": assessment.areas["name"],
            "before": tiers.names(before),
            "after": tiers.names(after),
            "raised": raised,
            "step": -np.where(told, after.astype(int) - before, -9),
            "to": -after.astype(int),
        },
        index=assessment.areas.index,
    )
    return table[before != after].sort_values(["step", "to", "name"]).drop(columns=["step", "to"])


def transitions(changed: pd.DataFrame) -> pd.DataFrame:
    """:func:`changes` grouped by kind of move, in its order: ``before``, ``after``, ``raised``, ``areas`` (ids)."""
    groups = changed.reset_index().groupby(["before", "after", "raised"], sort=False, dropna=False)
    return groups.agg(areas=("area_id", list)).reset_index()


def weekly_incidents(
    counts: Counts, last: date, weeks: int, by: str, areas: Collection[str] | None = None
) -> pd.DataFrame:
    """Incidents up to ``last`` in each of the ``weeks`` weeks of the office of which the last one holds that day, or a
    column of zeros for a quiet week. That last one may not be over yet (:func:`complete_weeks`).

    One row a week (index: its last day), one column for each value of ``by``, a column of the incidents table or
    ``community``, the most frequent first. ``areas`` keeps the matters of these areas only. Weeks before the first
    record are left out: nothing is known of them.
    """
    ends = pd.date_range(end=week_end(last), periods=weeks, freq=f"{WEEK_DAYS}D")
    daily = counts.daily_by("incidents", "category" if by == "community" else by)
    if areas is not None:
        kept = np.append(counts.areas.index.isin(list(areas)), False)
        daily = daily[kept[daily["area"]]]
    week = -((day_numbers(ends)[0] - daily["day"]) // WEEK_DAYS)
    kind = daily["kind"].to_numpy()
    if by == "community":
        kind = np.append(community_of(counts).to_numpy(object), np.nan)[daily["area"]]
    inside = ((week >= 0) & (week < weeks) & (daily["day"] <= day_numbers(pd.DatetimeIndex([last]))[0])).to_numpy()
    counted = pd.DataFrame({"week": week, "kind": kind, "n": daily["n"]})[inside]
    counted = counted.pivot_table("n", "week", "kind", aggfunc="sum", fill_value=0)
    counted = counted.reindex(range(weeks), fill_value=0).set_index(ends)
    recorded = counts.days("incidents")
    begun = day_numbers(ends) - (WEEK_DAYS - 1) >= recorded[0] if len(recorded) else np.zeros(weeks, dtype=bool)
    return counted[begun].sort_index(axis=1, key=lambda columns: -counted[columns].sum())


def complete_weeks(weekly: pd.DataFrame, complete_to: date) -> pd.DataFrame:
    """The weeks (index: their last days) of which every day is there: those alone can be held against each other."""
    return weekly[weekly.index <= pd.Timestamp(complete_to)]


def community_of(counts: Counts) -> pd.Series:
    """For each area of the file, the id of the community that it is or lies in; NA where there is none."""
    areas = counts.areas
    own = pd.Series(areas.index, index=areas.index).where(areas["level"] == "community")
    return own.fillna(areas["parent_id"].map(own))

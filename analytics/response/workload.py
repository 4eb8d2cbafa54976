"""What a map costs: the checks that its tiers ask for, in team-days a week, beside those that there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scheme import Scheme, Table
from analytics.scoring import AreaCounts, Assessment
from analytics.scoring.area_counts import day_numbers

DAYS_WORKED = 5
"""Days a week on which a team is out. Ours."""

HOURS_ASSUMED = 8.0
"""A team's day where no team's hours are known. Ours."""

WEEK_DAYS = 7
MINUTES_AN_HOUR = 60


@dataclass(frozen=True, eq=False)
class InspectionLoad:
    """``checks`` (by ``area_id``) that one round of an area takes: one for each of its ``places`` or ``people``, or one
    for the area as a whole. ``estimated`` areas have no count of their own and stand at the mean of the others."""

    checks: pd.Series
    what: Literal["places", "people", "area"]
    estimated: int


@dataclass(frozen=True)
class TeamCapacity:
    """``teams``, and the ``hours_a_day`` of one: the mean of those that are known, ``assumed`` where none is.

    ``team_days`` a week that they have; None where no team is known.
    """

    teams: int
    hours_a_day: float
    assumed: bool
    team_days: int | None


@dataclass(frozen=True, eq=False)
class WorkloadChange:
    """What another map of the same areas costs, in team-days a week.

    ``tiers`` has one row a tier (index as `tiers.SHOWN`): ``areas_before``, ``areas_after``, ``areas`` (the change),
    and ``before``, ``after``, ``change`` in team-days, NaN where the scheme has no measure for the tier. ``before``
    and ``after`` are the totals without those, NaN where there is no measure at all; ``capacity`` is None where no team
    is known. ``lacking``: the tiers, unknown among them, that hold areas of which nothing is counted.
    ``withheld``: how many areas go from a tier with a measure to unknown: their work is in ``before`` and no longer in
    ``after``, though nobody knows that it is less.
    """

    tiers: pd.DataFrame
    before: float
    after: float
    capacity: int | None
    lacking: tuple[str, ...]
    withheld: int


def rounds(facts: AreaCounts, scheme: Scheme, day: date) -> InspectionLoad:
    """The checks of one round: a check visits one of the places, or people, that the first indicator with any aims at.

    Where nothing says who or what is visited, because no indicator does or none of them is loaded, a round is one check
    of the area.
    """
    areas = facts.areas.index
    aims = (item for item in scheme.indicators if item.spec.is_place_coverage or item.spec.of == "residents")
    target = next(aims, None)
    table: Table = "residents" if target and target.spec.of == "residents" else "places"
    if target and facts.has(table):
        days = day_numbers(pd.DatetimeIndex([pd.Timestamp(day)]))
        chosen = (target.of, {}) if table == "residents" else ({}, target.of)
        held = facts.stock(table, *chosen, days)
        checks = pd.Series(held[0], index=areas)
        if (checks > 0).any():
            what: Literal["places", "people"] = "people" if table == "residents" else "places"
            return InspectionLoad(checks.fillna(checks.mean()), what, int(checks.isna().sum()))
    return InspectionLoad(pd.Series(1.0, index=areas), "area", 0)


def crew_of(teams: pd.DataFrame | None) -> TeamCapacity:
    """The hands that a table of teams (as in `Records`) gives."""
    if teams is None or teams.empty:
        return TeamCapacity(0, HOURS_ASSUMED, assumed=True, team_days=None)
    hours = teams["hours_per_day"].where(teams["hours_per_day"] > 0).mean()
    assumed = bool(np.isnan(hours))
    return TeamCapacity(len(teams), HOURS_ASSUMED if assumed else float(hours), assumed, len(teams) * DAYS_WORKED)


def days_a_check(scheme: Scheme, crew: TeamCapacity) -> np.ndarray:
    """Team-days a week for each check of a round, (6,), at the rank of the tier and last for unknown; NaN without a
    measure."""
    asked = [scheme.measures.get(tier) for tier in (*tiers.RANKED, tiers.UNKNOWN)]
    minutes = [WEEK_DAYS / one.cadence_days * one.minutes_per_check if one else np.nan for one in asked]
    return np.array(minutes) / MINUTES_AN_HOUR / crew.hours_a_day


def team_days(assessment: Assessment, rounds: InspectionLoad, crew: TeamCapacity) -> pd.Series:
    """Team-days a week that the tiers shown on the last day ask for, by tier (index as `tiers.SHOWN`).

    NaN where the scheme has no measure, as it has none for unknown areas: what they would take is not guessed.
    """
    each = days_a_check(assessment.scheme, crew)
    rank, checks = assessment.shown[-1], rounds.checks.loc[assessment.areas.index].to_numpy()
    asked = {tier: each[tiers.RANK[tier]] * checks[rank == tiers.RANK[tier]].sum() for tier in tiers.SHOWN}
    return pd.Series(asked, dtype=float)


def price(before: Assessment, after: Assessment, rounds: InspectionLoad, crew: TeamCapacity) -> WorkloadChange:
    """What the last day's map of ``after`` costs beside that of ``before``."""
    ranks = [tiers.RANK[tier] for tier in tiers.SHOWN]
    areas = [np.count_nonzero(run.shown[-1] == np.array(ranks)[:, None], axis=1) for run in (before, after)]
    asked = [team_days(run, rounds, crew).to_numpy() for run in (before, after)]
    columns = {
        "areas_before": areas[0],
        "areas_after": areas[1],
        "areas": areas[1] - areas[0],
        "before": asked[0],
        "after": asked[1],
        "change": asked[1] - asked[0],
    }
    totals = [np.nan if np.isnan(days).all() else float(np.nansum(days)) for days in asked]
    uncounted = np.any([np.isnan(days) & (number > 0) for days, number in zip(asked, areas, strict=True)], axis=0)
    counted = ~np.isnan(days_a_check(before.scheme, crew))[before.shown[-1]]
    return WorkloadChange(
        tiers=pd.DataFrame(columns, index=list(tiers.SHOWN)),
        before=totals[0],
        after=totals[1],
        capacity=crew.team_days,
        lacking=tuple(tier for tier, lacks in zip(tiers.SHOWN, uncounted, strict=True) if lacks),
        withheld=int(np.count_nonzero(counted & (after.shown[-1] == tiers.UNKNOWN_RANK))),
    )

"""What each team did in some days, and how many of its hours that took."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.response.due import DONE, EPOCH
from analytics.response.workload import DAYS_WORKED, MINUTES_AN_HOUR
from analytics.scheme import Scheme
from analytics.scheme.duties import Duty
from analytics.scoring.area_counts import AreaCounts
from analytics.store.place_rows import checks_between, places_and_checks


def team_hours(
    facts: AreaCounts, scheme: Scheme, teams: pd.DataFrame | None, shown: np.ndarray, first: int, last: int
) -> pd.DataFrame | None:
    """The teams (index ``team_id``): ``name``, ``department``, the ``home`` area that they are tied to, the post that
    leads them (``lead``, missing where none is told), ``checks`` that they completed for the scheme's duties from one
    day to another (days since 1970, both included), the person-hours ``used`` for them and the ``hours`` that their
    members have in a week of `DAYS_WORKED` days; NaN where these are not known. None where no team is known.

    A check that several duties count is one check. How long it takes is told by its duty, else by the tier of its area
    (``shown``, the ranks now): the longest of its duties, not known where one of them is not.
    """
    if teams is None or teams.empty or not facts.has("checks"):
        return None
    made = [
        rows.assign(minutes=(minutes_of(scheme, duty)[shown] * duty.people_per_check)[rows["at"]])
        for duty in scheme.duties
        for rows in [_made(facts, duty, first, last)]
    ]
    ids = pd.Index(teams["team_id"])
    checks, used = (pd.Series(0.0, index=ids) for _ in range(2))
    if made:
        # What is not known sorts last, and so stays.
        each = pd.concat(made).sort_values("minutes", kind="stable").drop_duplicates("check", keep="last")
        by_team = each[each["team"].isin(ids)].groupby("team", observed=True)
        checks = by_team.size().reindex(ids, fill_value=0).astype(float)
        used = by_team["minutes"].sum(skipna=False).reindex(ids, fill_value=0.0) / MINUTES_AN_HOUR
    told = teams.set_index("team_id")
    hours = told["members"] * told["hours_per_day"] * DAYS_WORKED
    return pd.DataFrame(
        {
            "name": told["name"],
            "department": told["department"],
            "home": told["home_area_id"],
            "lead": told.get("lead_post"),
            "checks": checks,
            "used": used,
            "hours": hours,
        }
    )


def _made(facts: AreaCounts, duty: Duty, first: int, last: int) -> pd.DataFrame:
    """The checks that were completed of what a duty is about: ``check`` (its id), ``team``, and ``at``, the position of
    the area."""
    where = {**duty.where, "outcome": DONE}
    days = [EPOCH + timedelta(days=day) for day in (first, last)]
    if duty.source == "places":
        held, called = places_and_checks(facts.counts, duty.of, where, *days)
        called = called[called["place_id"].isin(held["place_id"])]
    else:
        called = checks_between(facts.counts, where, *days)
    at = facts.positions()[facts.counts.areas.index.get_indexer(pd.Index(called["area_id"]))]
    found = pd.DataFrame({"check": called["check_id"].to_numpy(), "team": called["team_id"].to_numpy(), "at": at})
    return found[at >= 0]


def minutes_of(scheme: Scheme, duty: Duty) -> np.ndarray:
    """Minutes of one check of a duty by the rank of the tier, and last for unknown: (6,), NaN where nobody says. Where
    all tiers take the same, so does an area whose tier is not known."""
    by_tier = [scheme.measures[tier].minutes_per_check if tier in scheme.measures else np.nan for tier in tiers.RANKED]
    whatever = by_tier[0] if len(set(by_tier)) == 1 else np.nan
    return np.array([duty.minutes_per_check or minutes for minutes in [*by_tier, whatever]])

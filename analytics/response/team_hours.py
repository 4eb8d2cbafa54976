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
from analytics.store.place_rows import places_and_checks


def team_hours(
    facts: AreaCounts, scheme: Scheme, teams: pd.DataFrame | None, shown: np.ndarray, first: int, last: int
) -> pd.DataFrame | None:
    """The teams (index ``team_id``): ``name``, ``department``, the ``home`` area that they are tied to, the post that
    leads them (``lead``, missing where none is told), ``checks`` that they completed for the scheme's duties from one
    day to another (days since 1970, both included), the person-hours ``used`` for them and the ``hours`` that their
    members have in a week of `DAYS_WORKED` days; NaN where these are not known. None where no team is known.

    How long a check takes is told by its duty, else by the tier of its area (``shown``, the ranks now).
    """
    if teams is None or teams.empty or not facts.has("checks"):
        return None
    checks, used = (pd.Series(0.0, index=pd.Index(teams["team_id"])) for _ in range(2))
    for duty in scheme.duties:
        minutes = minutes_of(scheme, duty)[shown] * duty.people_per_check
        rows = _made(facts, duty, first, last)
        rows = rows.assign(minutes=rows["n"] * minutes[rows["at"]])
        found = rows.groupby("team", observed=True)[["n", "minutes"]].sum(min_count=1)
        found = found[found.index.isin(checks.index)]
        none = pd.Series(0.0, index=checks.index.difference(found.index))
        checks = checks + pd.concat([found["n"], none]).reindex(checks.index)
        used = used + pd.concat([found["minutes"] / MINUTES_AN_HOUR, none]).reindex(checks.index)
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
    """The checks that were completed of what a duty is about: ``team``, ``n``, and ``at``, the position of the area."""
    where = {**duty.where, "outcome": DONE}
    if duty.source != "places":
        rows = facts.counts.daily_by("checks", "team_id", where)
        at = facts.positions()[rows["area"]]
        found = pd.DataFrame({"team": rows["kind"], "n": rows["n"], "at": at})
        return found[rows["day"].between(first, last).to_numpy() & (at >= 0)]
    days = [EPOCH + timedelta(days=day) for day in (first, last)]
    held, called = places_and_checks(facts.counts, duty.of, where, *days)
    called = called[called["place_id"].isin(held["place_id"])]
    at = facts.positions()[facts.counts.areas.index.get_indexer(pd.Index(called["area_id"]))]
    return pd.DataFrame({"team": called["team_id"].to_numpy(), "n": 1, "at": at})[at >= 0]


def minutes_of(scheme: Scheme, duty: Duty) -> np.ndarray:
    """Minutes of one check of a duty by the rank of the tier, and last for unknown: (6,), NaN where nobody says."""
    by_tier = [scheme.measures[tier].minutes_per_check if tier in scheme.measures else np.nan for tier in tiers.RANKED]
    return np.array([duty.minutes_per_check or minutes for minutes in [*by_tier, np.nan]])

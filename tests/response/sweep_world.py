"""A street of two areas for sweeps, and what people did in it household by household, of which the product sees
counts."""

from datetime import date, datetime

import numpy as np
import pandas as pd

from analytics.response.campaign import campaign_from
from analytics.response.sweep import register_of
from analytics.response.sweep_rounds import CALL_COLUMNS

FIRST = date(2026, 10, 20)
"""A Tuesday."""

CAMPAIGN = """
format: 1
id: small
name: {zh: 小行动, en: Small sweep}
basis: {zh: 演练, en: rehearsal}
from: 2026-10-20
to: 2026-10-29
areas: [A, B]
minutes: {household: 8, shop: 15, venue: 15}
hours_a_day: 3
not_at_home: 0.35
teams:
  - {team: T1, pairs: 2}
  - {team: T2, pairs: 1}
recheck: {sample: 10, seed: 7}
destroy_on: 2026-11-30
"""


def campaign(**changes):
    """The small campaign, some of its fields changed."""
    made = campaign_from(CAMPAIGN.encode(), "campaign.yaml")
    return made.model_copy(update=changes)


BUILDINGS = (("P1", "A", 10), ("P2", "A", 20), ("P3", "B", 15))


def register(buildings=BUILDINGS, shops=("S1",), venues=("V1",)):
    """Buildings (number, area, households), shops of A and venues of B."""
    rows = [(area, place, "building", units) for place, area, units in buildings]
    rows += [("A", place, "shop", 5) for place in shops] + [("B", place, "venue", 300) for place in venues]
    places = pd.DataFrame(rows, columns=["area_id", "place_id", "kind", "capacity"]).astype({"capacity": "float64"})
    columns = {"name": ["甲网格", "乙网格"], "population": [70.0, 40.0], "households": [30.0, 15.0]}
    return register_of(campaign(), pd.DataFrame(columns, index=["A", "B"]), places)


def row(place, moment, call, called, met=0, recorded=None, not_agreed=0, vacant=0, team="T1", persons=np.nan):
    """A row of calls; who is met is recorded, unless something else is said."""
    when = datetime.fromisoformat(moment)
    return (place, when, team, call, called, met, met if recorded is None else recorded, not_agreed, vacant, persons)


def calls(*rows):
    """A frame of calls."""
    made = pd.DataFrame(rows, columns=list(CALL_COLUMNS))
    return made.astype({"checked_at": "datetime64[us]", "persons": "float64", "place_id": "str", "team_id": "str"})


def checks(*rows):
    """A frame of checks: place, moment, outcome, team."""
    made = pd.DataFrame(rows, columns=["place_id", "checked_at", "outcome", "team_id"])
    return made.assign(checked_at=pd.to_datetime(made["checked_at"]).astype("datetime64[us]"))


def played(rng, buildings, days=9):
    """Rounds as households lived them: in each round a pair calls some of those of one kind (called so often before)
    and each answers, is out, is vacant or does not agree. Returns the frame of calls, and by building and household
    what became of it and the moments of its calls in vain: the truth, which the product does not see."""
    rows, truth = [], {}
    moment = pd.Timestamp("2026-10-20 09:00")
    for place, _, units in buildings:
        homes = [{"state": "not_called", "moments": []} for _ in range(units + int(rng.integers(0, 2)))]
        truth[place] = homes
        times = sorted(rng.integers(0, days * 24 * 60, int(rng.integers(0, 9))).tolist())
        for at, minutes in enumerate(times):
            when = moment + pd.Timedelta(minutes=minutes + at)
            level = int(rng.integers(0, 5))
            able = [one for one in homes if one["state"] in ("not_called", "waiting") and len(one["moments"]) == level]
            chosen = able[: int(rng.integers(0, len(able) + 1))]
            if not chosen:
                continue
            counts = dict.fromkeys(("met", "recorded", "not_agreed", "vacant"), 0)
            for one in chosen:
                fate = rng.choice(["out", "recorded", "met", "not_agreed", "vacant"], p=[0.6, 0.25, 0.05, 0.05, 0.05])
                if fate == "out":
                    one["state"] = "waiting"
                    one["moments"].append(when)
                    continue
                one["state"] = fate
                counts["met"] += fate in ("recorded", "met")
                counts["recorded"] += fate == "recorded"
                counts["not_agreed"] += fate == "not_agreed"
                counts["vacant"] += fate == "vacant"
            rows.append((place, when, "T1", level + 1, len(chosen), *counts.values(), np.nan))
    return calls(*rows), truth

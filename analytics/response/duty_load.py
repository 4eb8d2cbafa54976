"""Load of duty (减负账): the minutes a week that a scheme's duties ask of each area."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.response.due import every_of, objects_on
from analytics.response.team_hours import minutes_of
from analytics.response.workload import WEEK_DAYS
from analytics.scheme import Scheme
from analytics.scoring.area_counts import AreaCounts


def weekly_minutes(facts: AreaCounts, scheme: Scheme, ranks: np.ndarray, day: int) -> pd.Series:
    """Minutes a week that all duties together ask of each area (index ``area_id``), by the tiers ``ranks`` (areas,):
    objects on ``day`` (days since 1970) × checks a week × minutes × people who go together.

    NaN where the tier or the number of objects is not known, or a duty says no minutes.
    """
    asked = np.where(ranks == tiers.UNKNOWN_RANK, np.nan, 0.0)
    for duty in scheme.duties:
        every = np.array([every_of(scheme, duty, tier) for tier in tiers.RANKED] + [np.nan])
        a_week = np.where(every > 0, WEEK_DAYS / np.where(every > 0, every, 1), 0.0)[ranks]
        minutes = minutes_of(scheme, duty)[ranks] * duty.people_per_check
        asked = asked + np.where(a_week > 0, objects_on(facts, scheme, duty, day) * a_week * minutes, 0.0)
    return pd.Series(asked, index=facts.areas.index)

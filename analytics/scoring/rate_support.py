"""Small numbers: how many incidents are behind a rate, and the rate that borrows strength from the other areas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analytics.scheme import Scheme
from analytics.scheme.basics import required
from analytics.scheme.measures import MINIMUM_BASE
from analytics.scoring.area_counts import AreaCounts, day_numbers

FEW_EVENTS = 10
"""Under this many incidents a rate's standard error is more than about a third of it (1/√10)."""


@dataclass(frozen=True, eq=False)
class RateSupport:
    """What is behind the rate of one indicator on one day, each (areas,): ``events``, and ``smoothed``, the empirical
    Bayes rate in the indicator's unit, NaN where there is no rate. It is shown beside the raw rate, never instead."""

    events: np.ndarray
    smoothed: np.ndarray


def rate_support(facts: AreaCounts, scheme: Scheme, day: date) -> dict[str, RateSupport]:
    """For every indicator of events over a denominator whose table is loaded, what is behind it on ``day``."""
    days = day_numbers(pd.DatetimeIndex([pd.Timestamp(day)]))
    found = {}
    for item in scheme.indicators:
        spec = item.spec
        if spec.events and spec.denominator and facts.has(item.source):
            events = spec.events(facts, item, days)[0]
            base = spec.denominator(facts, item)
            found[item.id] = RateSupport(events, empirical_bayes(events, base) * required(item.per).scale)
    return found


def empirical_bayes(events: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Rates drawn towards the mean of all areas, the more the smaller the base; NaN where the base is too small.

    The global moment estimator of R. J. Marshall, Mapping disease and mortality rates using empirical Bayes
    estimators, Applied Statistics 40 (1991): with the overall rate m and the variance between areas A = max(0, s² −
    m / mean base), the weight of an area's own rate is A / (A + m / base).

    Of 0, 10 and 20 incidents among 1,000 residents each, and 5 among 20, who are too few for a rate:

    >>> empirical_bayes(np.array([0.0, 10.0, 20.0, 5.0]), np.array([1000.0, 1000.0, 1000.0, 20.0])).round(4).tolist()
    [0.0015, 0.01, 0.0185, nan]
    """
    usable = base >= MINIMUM_BASE
    if not usable.any():
        return np.full(len(base), np.nan)
    own = np.where(usable, events / np.where(usable, base, 1), np.nan)
    total = base[usable].sum()
    mean = events[usable].sum() / total
    spread = (base[usable] * (own[usable] - mean) ** 2).sum() / total
    between = max(0.0, spread - mean / base[usable].mean())
    if mean == 0:
        return own
    weight = between / (between + mean / np.where(usable, base, np.nan))
    return weight * own + (1 - weight) * mean

"""An indicator of the scheme → its value for each day and area, or why there is none, by its measure."""

from __future__ import annotations

import numpy as np

from analytics.scheme import Indicator
from analytics.scheme.measures import Gap
from analytics.scoring.area_counts import AreaCounts
from analytics.scoring.doubt import doubted

DECIMALS = 9
LARGEST_ROUNDED = 1e6


def measured(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values (float, NaN where missing) and gaps (int8, :class:`Gap`), each (days, areas).

    Counts of people and households are protected (:meth:`AreaCounts.stock`): what hangs on a small one is made of the
    number that stands for all small ones, and :func:`small_count_mask` says where. A part that a whole of a few people
    would give away is a base too small. Event measures look at the ``window_days`` days that end with the date. A table
    that holds no record of any area in the window has stopped reporting: its values are missing, not zero. So are those
    that hang on a word that nobody knows (`doubt`).
    """
    shape = (len(days), len(facts.areas))
    if not facts.has(indicator.source):
        return np.full(shape, np.nan), np.full(shape, Gap.TABLE_NOT_LOADED, dtype=np.int8)
    values, gaps = indicator.spec.value(facts, indicator, days)
    gaps = doubted(facts, indicator, days, np.broadcast_to(gaps, shape)).astype(np.int8)
    found = np.where(gaps == Gap.NONE, np.broadcast_to(values, shape), np.nan)
    # Rounded, so that a value that is on a step by its arithmetic is on it in the machine too: 29 of 100 is 29 %. A
    # number too large to have such decimals stays as it is.
    plain = np.abs(found) < LARGEST_ROUNDED
    found[plain] = found[plain].round(DECIMALS)
    return found, gaps


def small_count_mask(facts: AreaCounts, indicator: Indicator, days: np.ndarray) -> np.ndarray:
    """Where the people or households that an indicator counts are fewer than may be told: bool, (days, areas)."""
    shape = (len(days), len(facts.areas))
    small_counts = indicator.spec.small_counts
    if small_counts is None or not facts.has(indicator.source):
        return np.zeros(shape, dtype=bool)
    return np.broadcast_to(small_counts(facts, indicator, days), shape)

"""Points: a value → 0 to 100, 100 being the hardest."""

from __future__ import annotations

import numpy as np

from analytics.scheme import BandsPoints, Indicator, LinearPoints


def points(values: np.ndarray, indicator: Indicator) -> np.ndarray:
    """Points of ``values`` (any shape, NaN stays NaN) by the indicator's own rule.

    ``bands``: the points of the last ``from`` ≤ value, 0 below the first. ``linear``: 0 at ``low``, 100 at ``high``,
    clipped. ``harder_when: low`` turns the scale round (100 − points).
    """
    rule = indicator.points
    match rule:
        case BandsPoints():
            begins = np.array([start for start, _ in rule.bands])
            given = np.array([0.0, *(gained for _, gained in rule.bands)])
            raw = given[np.searchsorted(begins, values, side="right")]
        case LinearPoints():
            low, high = rule.linear.low, rule.linear.high
            raw = np.clip((values - low) / (high - low), 0, 1) * 100
    turned = 100 - raw if indicator.harder_when == "low" else raw
    return np.where(np.isnan(values), np.nan, turned)

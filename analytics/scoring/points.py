"""Points: a value → how hard it makes things, by a fixed rule or by an area's place among the areas of the day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from analytics.scheme import BandsPoints, Indicator, LinearPoints
from analytics.scheme.model import Relative

EXPONENT = 23.0
"""Of the exponential transformation of the English Indices of Deprivation: the top tenth takes half of the scale."""


def points(values: np.ndarray, indicator: Indicator) -> np.ndarray:
    """Points of ``values`` (days, areas) by the indicator's own rule, the same shape; NaN stays NaN.

    ``bands``: the points of the last ``from`` ≤ value, 0 below the first. ``linear``: 0 at ``low``, 100 at ``high``,
    clipped. ``harder_when: low`` turns these two round (100 − points) and the relative ones by ranking −value.
    """
    rule, low_is_hard = indicator.points, indicator.harder_when == "low"
    match rule:
        case BandsPoints():
            begins = np.array([start for start, _ in rule.bands])
            given = np.array([0.0, *(gained for _, gained in rule.bands)])
            raw = given[np.searchsorted(begins, values, side="right")]
        case LinearPoints():
            low, high = rule.linear.low, rule.linear.high
            raw = np.clip((values - low) / (high - low), 0, 1) * 100
        case _:
            return relative(rule.method, -values if low_is_hard else values)
    return np.where(np.isnan(values), np.nan, 100 - raw if low_is_hard else raw)


def relative(method: Literal["none"] | Relative, values: np.ndarray) -> np.ndarray:
    """``values`` (…, areas) by their place among the areas, along the last axis; NaN stays NaN and counts for nothing.
    Where all that are known are equal, a place tells nothing: NaN.

    - ``none``: the value itself.
    - ``percent_rank``: Excel's PERCENTRANK.INC × 100: the share of the other areas that are lower.
    - ``min_max``: (x − min) / (max − min) × 100.
    - ``z_score``: (x − mean) / sample standard deviation, its own scale.
    - ``rank``: average rank from the lowest, as a share of the number of areas, × 100.
    - ``rank_exponential``: −23 ln(1 − R (1 − e^(−100/23))) with R that share: the English Indices of Deprivation.

    >>> areas = np.array([1.0, 2.0, 2.0, 5.0, np.nan])
    >>> relative("percent_rank", areas).round(1).tolist()
    [0.0, 33.3, 33.3, 100.0, nan]
    >>> relative("min_max", areas).tolist()
    [0.0, 25.0, 25.0, 100.0, nan]
    >>> relative("rank", areas).tolist()
    [25.0, 62.5, 62.5, 100.0, nan]
    >>> relative("z_score", np.array([1.0, 2.0, 3.0])).tolist()
    [-1.0, 0.0, 1.0]
    >>> relative("rank", np.array([2.0, 2.0, np.nan])).tolist()
    [nan, nan, nan]
    """
    if method == "none" or values.shape[-1] == 0:
        return values
    known = ~np.isnan(values)
    number = known.sum(axis=-1, keepdims=True)
    low, high = _least(values, known, np.inf, np.min), _least(values, known, -np.inf, np.max)
    width = high - low
    known = known & (width > 0)
    match method:
        case "min_max":
            placed = (values - low) / np.where(width > 0, width, 1) * 100
        case "z_score":
            filled = np.where(known, values, 0.0)
            mean = filled.sum(axis=-1, keepdims=True) / np.maximum(number, 1)
            spread = (np.where(known, values - mean, 0.0) ** 2).sum(axis=-1, keepdims=True) / np.maximum(number - 1, 1)
            placed = (values - mean) / np.where(spread > 0, np.sqrt(spread), 1)
        case _:
            lower, equal = _counts_below(values)
            if method == "percent_rank":
                placed = lower / np.maximum(number - 1, 1) * 100
            else:
                share = np.minimum((lower + (equal + 1) / 2) / np.maximum(number, 1), 1.0)
                if method == "rank_exponential":
                    share = -EXPONENT * np.log(1 - share * (1 - np.exp(-100 / EXPONENT))) / 100
                placed = share * 100
    return np.where(known, placed, np.nan)


def _least(values: np.ndarray, known: np.ndarray, instead: float, pick: Callable[..., np.ndarray]) -> np.ndarray:
    found = pick(np.where(known, values, instead), axis=-1, keepdims=True)
    return np.where(np.isinf(found), 0.0, found)


def _counts_below(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each value how many of its row are lower, and how many equal, itself included; NaN sorts last."""
    order = np.argsort(values, axis=-1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=-1)
    place = np.arange(values.shape[-1])
    begins = np.concatenate([np.ones_like(ordered[..., :1], bool), ordered[..., 1:] != ordered[..., :-1]], axis=-1)
    lower = np.maximum.accumulate(np.where(begins, place, 0), axis=-1)
    ends = np.concatenate([begins[..., 1:], np.ones_like(begins[..., :1])], axis=-1)
    upper = np.flip(np.minimum.accumulate(np.flip(np.where(ends, place, values.shape[-1]), -1), axis=-1), -1)
    back = np.empty_like(order)
    np.put_along_axis(back, order, np.broadcast_to(place, order.shape), axis=-1)
    lower, upper = (np.take_along_axis(found, back, axis=-1) for found in (lower, upper))
    return lower, upper - lower + 1

"""Points: a value → how hard it makes things, by a fixed rule or by an area's place among the areas of the day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from analytics.scheme import BandsPoints, Indicator, LinearPoints
from analytics.scheme.model import Relative

_RANKS = ("percent_rank", "rank", "rank_exponential")

EXPONENT = 23.0
"""Of the exponential transformation of the English Indices of Deprivation: the top tenth takes half of the scale."""


def points(values: np.ndarray, indicator: Indicator, interrupted: np.ndarray | None = None) -> np.ndarray:
    """Points of ``values`` (days, areas) by the indicator's own rule, the same shape; NaN stays NaN. ``interrupted``:
    see :func:`relative`.

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
            return relative(rule.method, -values if low_is_hard else values, interrupted)
    return np.where(np.isnan(values), np.nan, 100 - raw if low_is_hard else raw)


def relative(
    method: Literal["none"] | Relative, values: np.ndarray, interrupted: np.ndarray | None = None
) -> np.ndarray:
    """``values`` (…, areas) by their place among the areas, along the last axis; NaN stays NaN and counts for nothing.
    Where all that are known are equal, a place tells nothing: NaN.

    Where values are ``interrupted`` (of the same shape), of areas that had some, the others would move without doing
    anything. By rank they stay where they are among those that are known, and :func:`place_ends` says what that leaves
    open; by ``min_max`` and ``z_score`` there are no such ends, and nothing is told of any area: NaN.

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
    if interrupted is not None and method not in _RANKS:
        known = known & ~interrupted.any(axis=-1, keepdims=True)
    match method:
        case "min_max":
            placed = (values - low) / np.where(width > 0, width, 1) * 100
        case "z_score":
            filled = np.where(known, values, 0.0)
            mean = filled.sum(axis=-1, keepdims=True) / np.maximum(number, 1)
            spread = (np.where(known, values - mean, 0.0) ** 2).sum(axis=-1, keepdims=True) / np.maximum(number - 1, 1)
            placed = (values - mean) / np.where(spread > 0, np.sqrt(spread), 1)
        case _:
            placed = _by_rank(method, *_counts_below(values), number)
    return np.where(known, placed, np.nan)


def _by_rank(method: str, lower: np.ndarray, equal: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Places of those that have so many others ``lower``, and so many ``equal``, themselves included."""
    if method == "percent_rank":
        return lower / np.maximum(number - 1, 1) * 100
    share = np.minimum((lower + (equal + 1) / 2) / np.maximum(number, 1), 1.0)
    if method == "rank_exponential":
        share = -EXPONENT * np.log(1 - share * (1 - np.exp(-100 / EXPONENT))) / 100
    return share * 100


def place_ends(
    method: Literal["none"] | Relative, least: np.ndarray, most: np.ndarray, untold: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The least and the greatest place of areas whose values lie somewhere from ``least`` to ``most`` (…, areas), and
    of which areas nothing can be told.

    ``untold`` are the areas whose values are interrupted: among the others they may be anything. The least place is
    what the method would give with all of them above the area, and the other areas as high as they may be; the
    greatest place that with all below. ``min_max`` and ``z_score`` have no such ends: nothing is told of any area.

    >>> areas, silent = np.array([1.0, 2.0, 3.0, np.nan]), np.array([False, False, False, True])
    >>> lower, upper, _ = place_ends("percent_rank", areas, areas, silent)
    >>> lower[:3].round(1).tolist(), upper[:3].round(1).tolist()
    ([0.0, 33.3, 66.7], [33.3, 66.7, 100.0])
    """
    if method == "none":
        return least, most, untold
    if method not in _RANKS:
        open_somewhere = (untold | (least < most)).any(axis=-1, keepdims=True)
        placed = relative(method, least)
        return placed, placed, np.broadcast_to(open_somewhere, untold.shape)
    told = ~untold & ~np.isnan(least)
    low, high = np.where(untold, -np.inf, least), np.where(untold, np.inf, most)
    number = (told | untold).sum(axis=-1, keepdims=True)
    lower, upper = (_by_rank(method, *beside(*ends), number) for ends in ((low, high), (high, low)))
    # Where all that is told is equal a place tells nothing, and what is not told might make it tell something.
    same = ~(_least(most, told, -np.inf, np.max) > _least(least, told, np.inf, np.min))
    lower, upper = (np.where(told & ~same, end, np.nan) for end in (lower, upper))
    return lower, upper, untold | (same & untold.any(axis=-1, keepdims=True))


def beside(own: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For the ``own`` value of each area (…, areas) how many of the other areas, held at ``others`` (…, areas), are
    lower, and how many equal, itself included; NaN counts for nothing."""
    counts = [
        [np.searchsorted(ordered, row, side) for side in ("left", "right")]
        for row, ordered in zip(
            own.reshape(-1, own.shape[-1]), np.sort(others.reshape(-1, own.shape[-1]), axis=-1), strict=True
        )
    ]
    lower, upper = np.moveaxis(np.array(counts).reshape(*own.shape[:-1], 2, own.shape[-1]), -2, 0)
    return lower - (others < own), upper - lower - (others == own) + 1


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

"""The measure ``coverage``: what part of the places was visited."""

from __future__ import annotations

import numpy as np

from analytics.scheme.basics import required
from analytics.scheme.measures.gaps import Gap, feed_gaps
from analytics.scheme.measures.spec import (
    CountsView,
    Documentation,
    Group,
    IndicatorView,
    Measured,
    MeasureSpec,
    WholeNumbers,
)
from analytics.scheme.measures.units import PERCENT


def value(counts: CountsView, indicator: IndicatorView, days: np.ndarray) -> Measured:
    """Places with a check in the window, of those that are to be visited."""
    if not counts.has("places"):
        return np.zeros((1, 1)), np.full((1, 1), Gap.TABLE_NOT_LOADED)
    target = counts.stock("places", {}, indicator.of, days)
    window_days = required(indicator.window_days)
    done = counts.covered(indicator.where, indicator.of, window_days, days)
    silent = feed_gaps(counts, indicator, [indicator.where], window_days, days)
    gaps = np.broadcast_to(silent, target.shape)
    gaps = np.where((gaps == Gap.NONE) & np.isnan(target), Gap.AREA_NOT_IN_TABLE, gaps)
    gaps = np.where((gaps == Gap.NONE) & (target == 0), Gap.NOTHING_TO_SHARE, gaps)
    return share_of_places(indicator, done, target), gaps


def share_of_places(indicator: IndicatorView, part: np.ndarray, whole: np.ndarray) -> np.ndarray:  # noqa: ARG001 - the same for all
    """The part of the places that was visited."""
    # A check may name another area than its place does.
    return np.minimum(part / np.where(whole > 0, whole, np.nan), 1.0)


def groups(indicator: IndicatorView) -> tuple[Group, ...]:
    """The places that are to be visited."""
    return (Group("places", {}, indicator.of),)


MEASURE = MeasureSpec(
    id="coverage",
    sources={"checks": ("window_days",)},
    value=value,
    events=None,
    denominator=None,
    sums_as=None,
    smallest_change=None,
    groups=groups,
    made_of=WholeNumbers("covered_places", "places", share_of_places),
    unit=PERCENT,
    of="places",
    is_place_coverage=True,
    documentation=Documentation(
        formula="places that meet of with a check that meets where in the window_days days that end with the day / all "
        "places that meet of",
        unit="a share from 0 to 1",
        source="Ours.",
    ),
)

"""The measure ``visit_rate``: how many of the people who are to be visited were, by the number of visits."""

from __future__ import annotations

import numpy as np

from analytics.scheme.basics import required
from analytics.scheme.measures.gaps import Gap, feed_gaps
from analytics.scheme.measures.spec import CountsView, Documentation, Group, IndicatorView, Measured, MeasureSpec
from analytics.scheme.measures.units import PERCENT


def value(counts: CountsView, indicator: IndicatorView, days: np.ndarray) -> Measured:
    """Checks in the window for each of the people, at most 1.

    No person is told apart, so who was visited twice counts twice: it is the most that can have been reached.
    """
    if not counts.has("residents"):
        return np.zeros((1, 1)), np.full((1, 1), Gap.TABLE_NOT_LOADED)
    people = counts.stock("residents", indicator.of, {}, days)
    window_days = required(indicator.window_days)
    made = counts.in_window("checks", [indicator.where], window_days, days)
    gaps = np.broadcast_to(feed_gaps(counts, indicator, [indicator.where], window_days, days), people.shape)
    gaps = np.where((gaps == Gap.NONE) & np.isnan(people), Gap.AREA_NOT_IN_TABLE, gaps)
    gaps = np.where((gaps == Gap.NONE) & (people == 0), Gap.NOTHING_TO_SHARE, gaps)
    return np.minimum(made / np.where(people > 0, people, np.nan), 1.0), gaps


def groups(indicator: IndicatorView) -> tuple[Group, ...]:
    """The people who are to be visited."""
    return (Group("residents", indicator.of, {}),)


MEASURE = MeasureSpec(
    id="visit_rate",
    sources={"checks": ("window_days",)},
    value=value,
    events=None,
    denominator=None,
    sums_as=None,
    smallest_change=None,
    groups=groups,
    made_of=None,  # that one visit more reaches somebody else is not known
    unit=PERCENT,
    of="residents",
    documentation=Documentation(
        formula="checks that meet where in the window_days days that end with the day / people who meet of; at most 1",
        unit="a share from 0 to 1",
        source="The visiting rate (探访率) of offices of civil affairs, by numbers of visits instead of persons: ours.",
    ),
)

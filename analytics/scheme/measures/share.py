"""The measure ``share``: what part of the records, people or places meets a condition."""

from __future__ import annotations

import numpy as np

from analytics.scheme.basics import required
from analytics.scheme.measures.gaps import MINIMUM_BASE, Gap, feed_gaps, or_never_seen
from analytics.scheme.measures.groups import groups_of_source
from analytics.scheme.measures.spec import CountsView, Documentation, IndicatorView, Measured, MeasureSpec, WholeNumbers
from analytics.scheme.measures.units import PERCENT
from analytics.scheme.tables import EVENT_TABLES, STOCK_TABLES


def value(counts: CountsView, indicator: IndicatorView, days: np.ndarray) -> Measured:
    """Those who meet ``where`` and ``of``, of those who meet ``of``; missing where these are none, or few people."""
    both = (indicator.where, indicator.of)
    if indicator.source in EVENT_TABLES:
        window_days = required(indicator.window_days)
        part, whole = (counts.in_window(indicator.source, wheres, window_days, days) for wheres in (both, both[1:]))
        gaps = feed_gaps(counts, indicator, both, window_days, days)
        least = 1
    else:
        part = counts.stock(indicator.source, *both, days)
        whole = counts.denominator(indicator.source, *both, days)
        gaps = or_never_seen(counts, indicator, both, np.where(np.isnan(whole), Gap.AREA_NOT_IN_TABLE, Gap.NONE))
        least = MINIMUM_BASE
    gaps = np.where((gaps == Gap.NONE) & (whole == 0), Gap.NOTHING_TO_SHARE, gaps)
    gaps = np.where((gaps == Gap.NONE) & (whole < least), Gap.BASE_TOO_SMALL, gaps)
    return share_of(indicator, part, np.where(gaps == Gap.NONE, whole, np.nan)), gaps


def share_of(indicator: IndicatorView, part: np.ndarray, whole: np.ndarray) -> np.ndarray:  # noqa: ARG001 - the same for all
    """A part of a whole."""
    return part / np.where(whole > 0, whole, np.nan)


MEASURE = MeasureSpec(
    id="share",
    sources=dict.fromkeys(EVENT_TABLES, ("where", "window_days")) | dict.fromkeys(STOCK_TABLES, ("where",)),
    value=value,
    events=None,
    denominator=None,
    sums_as=None,
    smallest_change=None,
    groups=groups_of_source,
    made_of=WholeNumbers("records", "records", share_of),
    unit=PERCENT,
    of="source",
    more_records="either",
    documentation=Documentation(
        formula="those who meet where and of / those who meet of: records of the window, or people or places as of the "
        "newest snapshot not after the day; none of people or places where they are under 30",
        unit="a share from 0 to 1",
        source="The proportion: M. Porta (ed.), A Dictionary of Epidemiology, Oxford University Press (2014). That "
        "denominators under 30 are left out is ours.",
    ),
)

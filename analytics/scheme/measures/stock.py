"""The measure ``stock``: residents or places that there are at the day."""

from __future__ import annotations

import numpy as np

from analytics.scheme.measures.gaps import Gap, or_never_seen
from analytics.scheme.measures.groups import groups_of_source
from analytics.scheme.measures.spec import CountsView, Documentation, IndicatorView, Measured, MeasureSpec
from analytics.scheme.measures.units import WHOLE_NUMBER
from analytics.scheme.tables import STOCK_TABLES


def value(counts: CountsView, indicator: IndicatorView, days: np.ndarray) -> Measured:
    """What the newest snapshot holds; missing without one."""
    held = counts.stock(indicator.source, indicator.where, {}, days)
    gaps = np.where(np.isnan(held), Gap.AREA_NOT_IN_TABLE, Gap.NONE)
    return held, or_never_seen(counts, indicator, [indicator.where], gaps)


MEASURE = MeasureSpec(
    id="stock",
    sources=dict.fromkeys(STOCK_TABLES, ()),
    value=value,
    events=None,
    denominator=None,
    sums_as="stock",
    smallest_change=1,
    groups=groups_of_source,
    made_of=None,  # no visit and no day changes it
    unit=WHOLE_NUMBER,
    documentation=Documentation(
        formula="people or places that meet where in the newest snapshot not after the day",
        unit="people or places",
        source="A plain count.",
    ),
)

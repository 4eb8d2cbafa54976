"""The measure ``count``: how many records fell into the window."""

from __future__ import annotations

import numpy as np

from analytics.scheme.basics import required
from analytics.scheme.measures.gaps import feed_gaps
from analytics.scheme.measures.spec import CountsView, Documentation, IndicatorView, Measured, MeasureSpec, WholeNumbers
from analytics.scheme.measures.units import WHOLE_NUMBER
from analytics.scheme.tables import EVENT_TABLES


def events(counts: CountsView, indicator: IndicatorView, days: np.ndarray) -> np.ndarray:
    """(days, areas) records that meet ``where`` in the window that ends with each day."""
    return counts.in_window(indicator.source, [indicator.where], required(indicator.window_days), days)


def value(counts: CountsView, indicator: IndicatorView, days: np.ndarray) -> Measured:
    """The events; missing where the table has stopped, or never had one."""
    gaps = feed_gaps(counts, indicator, [indicator.where], required(indicator.window_days), days)
    return events(counts, indicator, days), gaps


MEASURE = MeasureSpec(
    id="count",
    sources=dict.fromkeys(EVENT_TABLES, ("window_days",)),
    value=value,
    events=events,
    denominator=None,
    sums_as="count",
    smallest_change=1,
    groups=None,
    made_of=WholeNumbers("records", "nothing", lambda _, part, __: part),
    unit=WHOLE_NUMBER,
    documentation=Documentation(
        formula="records that meet where in the window_days days that end with the day, that day included",
        unit="records",
        source="A plain count.",
    ),
)

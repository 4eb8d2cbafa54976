"""The measure ``days_since``: quiet days since the last record."""

from __future__ import annotations

import numpy as np

from analytics.scheme.basics import required
from analytics.scheme.measures.gaps import feed_gaps
from analytics.scheme.measures.spec import CountsView, Documentation, IndicatorView, Measured, MeasureSpec, WholeNumbers
from analytics.scheme.measures.units import DAYS_TO_CAP
from analytics.scheme.tables import EVENT_TABLES


def value(counts: CountsView, indicator: IndicatorView, days: np.ndarray) -> Measured:
    """Days since the last record, 0 on its day, at most the cap; missing where the table was silent for as long."""
    cap = required(indicator.days_since).cap
    quiet = counts.quiet_days(indicator.source, indicator.where, cap, days)
    return quiet, feed_gaps(counts, indicator, [indicator.where], cap, days)


def capped(indicator: IndicatorView, part: np.ndarray, whole: np.ndarray) -> np.ndarray:  # noqa: ARG001 - divided by nothing
    """Days up to the cap."""
    return np.minimum(part, required(indicator.days_since).cap)


MEASURE = MeasureSpec(
    id="days_since",
    sources=dict.fromkeys(EVENT_TABLES, ("days_since",)),
    value=value,
    events=None,
    denominator=None,
    sums_as=None,
    smallest_change=1,
    groups=None,
    made_of=WholeNumbers("quiet_days", "nothing", capped),
    unit=DAYS_TO_CAP,
    more_records="lower",
    documentation=Documentation(
        formula="the day − the day of the last record that meets where, at most days_since.cap",
        unit="days",
        source="As the State Council's county rule of February 2020 asks for days without a new case "
        "(packs/reference/national_county_2020.yaml). The cap is ours.",
    ),
)

"""The measure ``open``: incidents that are not closed at the end of the day."""

from __future__ import annotations

import numpy as np

from analytics.scheme.measures.gaps import begun_gaps
from analytics.scheme.measures.spec import CountsView, Documentation, IndicatorView, Measured, MeasureSpec, WholeNumbers
from analytics.scheme.measures.units import WHOLE_NUMBER


def value(counts: CountsView, indicator: IndicatorView, days: np.ndarray) -> Measured:
    """The balance of what occurred and what was closed; missing before the first record."""
    return counts.balance(indicator.where, days), begun_gaps(counts, indicator, days)


MEASURE = MeasureSpec(
    id="open",
    sources={"incidents": ()},
    value=value,
    events=None,
    denominator=None,
    sums_as="open",
    smallest_change=1,
    groups=None,
    made_of=WholeNumbers("open_incidents", "nothing", lambda _, part, __: part),
    unit=WHOLE_NUMBER,
    needs_status=True,
    documentation=Documentation(
        formula="incidents that meet where and occurred by the day − those of them closed by the day; closed ones "
        "without a date of closing and void ones are left out",
        unit="incidents",
        source="Ours.",
    ),
)

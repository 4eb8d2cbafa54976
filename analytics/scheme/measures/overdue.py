"""The measure ``overdue``: incidents that are past their due day and not closed at the end of the day."""

from __future__ import annotations

import numpy as np

from analytics.scheme.measures.gaps import Gap, begun_gaps
from analytics.scheme.measures.spec import CountsView, Documentation, IndicatorView, Measured, MeasureSpec, WholeNumbers
from analytics.scheme.measures.units import WHOLE_NUMBER


def value(counts: CountsView, indicator: IndicatorView, days: np.ndarray) -> Measured:
    """What is late; missing where no incident has a due day, and before the first record."""
    if not counts.occurs(indicator.source, only="due"):
        return np.zeros((1, 1)), np.full((1, 1), Gap.NO_DUE_DATES)
    return counts.overdue(indicator.where, days), begun_gaps(counts, indicator, days)


MEASURE = MeasureSpec(
    id="overdue",
    sources={"incidents": ()},
    value=value,
    events=None,
    denominator=None,
    sums_as="overdue",
    smallest_change=1,
    groups=None,
    made_of=WholeNumbers("overdue_incidents", "nothing", lambda _, part, __: part),
    unit=WHOLE_NUMBER,
    needs_status=True,
    needs_due_dates=True,
    documentation=Documentation(
        formula="incidents that meet where, were due before the day and are not closed by its end; closed ones "
        "without a date of closing and void ones are left out",
        unit="incidents",
        source="Ours.",
    ),
)

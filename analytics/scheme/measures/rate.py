"""The measure ``rate``: records in the window per so many people, households, buildings or shops."""

from __future__ import annotations

import numpy as np

from analytics.scheme.measures import count
from analytics.scheme.measures.denominators import denominator, over_denominator, per_scale
from analytics.scheme.measures.spec import CountsView, Documentation, IndicatorView, Measured, MeasureSpec, WholeNumbers
from analytics.scheme.measures.units import PER_DENOMINATOR
from analytics.scheme.tables import EVENT_TABLES


def value(counts: CountsView, indicator: IndicatorView, days: np.ndarray) -> Measured:
    """The count per ``per.scale`` of the denominator."""
    return over_denominator(counts, indicator, *count.value(counts, indicator, days))


MEASURE = MeasureSpec(
    id="rate",
    sources=dict.fromkeys(EVENT_TABLES, ("window_days", "per")),
    value=value,
    events=count.events,
    denominator=denominator,
    sums_as="count",
    smallest_change=None,
    groups=None,
    made_of=WholeNumbers("records", "denominator", per_scale),
    unit=PER_DENOMINATOR,
    documentation=Documentation(
        formula="count / per.base × per.scale; none where the denominator is under 30",
        unit="records per per.scale of per.base, over the whole window",
        source="The crude rate: M. Porta (ed.), A Dictionary of Epidemiology, Oxford University Press (2014). That "
        "denominators under 30 are left out is ours.",
    ),
)

"""The measure ``stock_rate``: residents or places at the day per so many people, households, buildings or shops."""

from __future__ import annotations

import numpy as np

from analytics.scheme.measures import stock
from analytics.scheme.measures.denominators import denominator, over_denominator
from analytics.scheme.measures.groups import groups_of_source
from analytics.scheme.measures.spec import CountsView, Documentation, IndicatorView, Measured, MeasureSpec
from analytics.scheme.measures.units import PER_DENOMINATOR
from analytics.scheme.tables import STOCK_TABLES


def value(counts: CountsView, indicator: IndicatorView, days: np.ndarray) -> Measured:
    """The stock per ``per.scale`` of the denominator."""
    return over_denominator(counts, indicator, *stock.value(counts, indicator, days))


MEASURE = MeasureSpec(
    id="stock_rate",
    sources=dict.fromkeys(STOCK_TABLES, ("per",)),
    value=value,
    events=None,
    denominator=denominator,
    sums_as="stock",
    smallest_change=None,
    groups=groups_of_source,
    made_of=None,  # no visit and no day changes it
    unit=PER_DENOMINATOR,
    documentation=Documentation(
        formula="stock / per.base × per.scale; none where the denominator is under 30",
        unit="people or places per per.scale of per.base",
        source="The prevalence: M. Porta (ed.), A Dictionary of Epidemiology, Oxford University Press (2014). That "
        "denominators under 30 are left out is ours.",
    ),
)

"""The measure ``given``: a column of the areas file, for an indicator that was computed elsewhere."""

from __future__ import annotations

import numpy as np

from analytics.errors import ScoringError
from analytics.scheme.basics import required
from analytics.scheme.measures.gaps import Gap
from analytics.scheme.measures.spec import CountsView, Documentation, IndicatorView, Measured, MeasureSpec
from analytics.scheme.measures.units import FIGURE


def value(counts: CountsView, indicator: IndicatorView, days: np.ndarray) -> Measured:  # noqa: ARG001 - true on every day
    """The column, missing where its cell is empty; raises :class:`ScoringError` where there is no such column."""
    column = required(indicator.given).column
    numeric = counts.areas.select_dtypes("number")
    if column not in numeric:
        raise ScoringError.because(
            "scoring.no_column", indicator=indicator.id, column=column, there=list(numeric.columns)
        )
    values = counts.own_column(column)[0][None, :]
    return values, np.where(np.isfinite(values), Gap.NONE, Gap.EMPTY_CELL)


def small_counts(counts: CountsView, indicator: IndicatorView, days: np.ndarray) -> np.ndarray:  # noqa: ARG001 - as above
    """(areas,) where the column counts people or households and they are few."""
    return counts.own_column(required(indicator.given).column)[1]


MEASURE = MeasureSpec(
    id="given",
    sources={"areas": ("given",)},
    value=value,
    events=None,
    denominator=None,
    sums_as=None,
    smallest_change=None,
    groups=None,  # a column of people or households is protected by itself
    small_counts=small_counts,
    unit=FIGURE,
    documentation=Documentation(
        formula="the areas' column that given.column names, the same on every day; people and households protected",
        unit="as whoever computed it says",
        source="As whoever computed it says.",
    ),
)

"""The measure ``given``: an indicator that was computed elsewhere, a column of the areas file or of values by day."""

from __future__ import annotations

import numpy as np

from analytics.errors import ScoringError
from analytics.scheme.basics import required
from analytics.scheme.measures.gaps import Gap
from analytics.scheme.measures.spec import CountsView, Documentation, IndicatorView, Measured, MeasureSpec
from analytics.scheme.measures.units import FIGURE


def value(counts: CountsView, indicator: IndicatorView, days: np.ndarray) -> Measured:
    """The newest value not after each day, where the column is one of values by day; else the areas' own, which is true
    on every day. Missing where there is none; raises :class:`ScoringError` where there is no such column."""
    column = required(indicator.given).column
    if column in counts.dated_columns():
        values, _ = counts.dated(column, days)
        return values, np.where(np.isfinite(values), Gap.NONE, Gap.NO_VALUE_YET)
    numeric = counts.areas.select_dtypes("number")
    if column not in numeric:
        raise ScoringError.because(
            "scoring.no_column",
            indicator=indicator.id,
            column=column,
            there=[*numeric.columns, *counts.dated_columns()],
        )
    values = counts.own_column(column)[None, :]
    return values, np.where(np.isfinite(values), Gap.NONE, Gap.EMPTY_CELL)


def ages(counts: CountsView, indicator: IndicatorView, days: np.ndarray) -> np.ndarray | None:
    """(days, areas): days since the value; None for a column of the areas, which has no day."""
    column = required(indicator.given).column
    return counts.dated(column, days)[1] if column in counts.dated_columns() else None


MEASURE = MeasureSpec(
    id="given",
    sources={"areas": ("given",)},
    value=value,
    events=None,
    denominator=None,
    sums_as=None,
    smallest_change=None,
    groups=None,
    ages=ages,
    made_of=None,  # no visit and no day changes it
    unit=FIGURE,
    documentation=Documentation(
        formula="the column that given.column names: of values by day the newest one not after the day, else of the "
        "areas, the same on every day",
        unit="as whoever computed it says",
        source="As whoever computed it says.",
    ),
)

"""The people and places that measures of tables of people and places count, for their protection."""

from __future__ import annotations

import numpy as np

from analytics.scheme.measures.spec import CountsView, Group, IndicatorView
from analytics.scheme.tables import STOCK_TABLES


def groups_of_source(indicator: IndicatorView) -> tuple[Group, ...]:
    """Those of the indicator's own table who meet its ``where`` and ``of``; none for a table of events."""
    if indicator.source not in STOCK_TABLES:
        return ()
    return (Group(indicator.source, indicator.where, indicator.of),)


def small_of_source(counts: CountsView, indicator: IndicatorView, days: np.ndarray) -> np.ndarray:
    """Where those are fewer than may be shown: bool, (days, areas); nowhere for a table of events."""
    if indicator.source not in STOCK_TABLES:
        return np.zeros((1, 1), dtype=bool)
    return counts.stock(indicator.source, indicator.where, indicator.of, days)[1]

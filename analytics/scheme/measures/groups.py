"""The people and places that measures of tables of people and places count."""

from __future__ import annotations

from analytics.scheme.measures.spec import Group, IndicatorView
from analytics.scheme.tables import STOCK_TABLES


def groups_of_source(indicator: IndicatorView) -> tuple[Group, ...]:
    """Those of the indicator's own table who meet its ``where`` and ``of``; none for a table of events."""
    if indicator.source not in STOCK_TABLES:
        return ()
    return (Group(indicator.source, indicator.where, indicator.of),)

"""The closing of incidents up to a day, for a page and a command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from analytics.response.closing import By, Closing, closing
from analytics.response.periods import PeriodKind
from analytics.scheme import Scheme
from analytics.workspace.datasets import Dataset
from analytics.workspace.door import Workspace, door
from analytics.workspace.runs import area_counts, assessed


@dataclass(frozen=True, eq=False)
class ClosingView:
    """``found``: None where no incidents are known by the day. ``names`` of the areas, by id, where it
    is by area."""

    found: Closing | None
    names: Mapping[str, str]


@door("read")
def closing_view(
    ws: Workspace, data: Dataset, scheme: Scheme, day: date, period: PeriodKind, by: By = "channel"
) -> ClosingView:
    """Of the week, month or quarter up to ``day``, by channel, kind, or area of the scheme's level, from the records of
    now as their dates tell them."""
    facts = area_counts(ws, data, scheme)
    found = data.results.get(("closing", scheme.level, day, period, by), lambda: closing(facts, day, period, by))
    called = assessed(ws, data, scheme, [day]).areas["name"].items() if by == "area" else ()
    return ClosingView(found, {str(area_id): name for area_id, name in called})

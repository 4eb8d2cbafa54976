"""The records behind an indicator of one area on one day, as counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from analytics.scheme import Indicator
from analytics.scheme.tables import EVENT_TABLES, STOCK_TABLES
from analytics.scoring.area_counts import PEOPLE, AreaCounts, day_numbers

OPEN_DAYS = 28
"""The window of an indicator that has none of its own."""

What = Literal["now", "earlier", "among", "places", "reached", "base", "own_base", "held", "whole"]


@dataclass(frozen=True)
class Behind:
    """One count. ``what``: records of the window that ends with the day (``now``), of the one before it (``earlier``),
    or of all ``among`` which the indicator takes a share; ``places`` that are to be visited and those that were
    ``reached``; people or places ``held`` and the ``whole`` that they are a part of; the ``base`` of a rate, or
    what stands for it where nobody lives (``own_base``).

    ``days``: the length of the window, 0 where there is none. ``value`` is None where it is not known.
    """

    what: What
    value: float | None
    days: int = 0


def behind(facts: AreaCounts, indicator: Indicator, area_id: str, day: date) -> list[Behind]:
    """What an indicator of an area is made of; nothing where its table is not loaded, or it was computed elsewhere."""
    if not facts.has(indicator.source):
        return []
    at, spec = facts.areas.index.get_loc(area_id), indicator.spec
    days = day_numbers(pd.DatetimeIndex([day]))
    found: list[Behind] = []
    if indicator.source in EVENT_TABLES:
        cap = indicator.days_since.cap if indicator.days_since else OPEN_DAYS
        window = indicator.window_days or cap

        def counted(what: What, table: str, wheres: tuple[object, ...], back: int = 0) -> Behind:
            n = facts.in_window(table, wheres, window, days - back)[0, at]  # type: ignore[arg-type]
            return Behind(what, float(n), window)

        wheres = spec.conditions(indicator)
        found += [counted("now", indicator.source, wheres), counted("earlier", indicator.source, wheres, window)]
        if spec.of == "source":
            found.append(counted("among", indicator.source, (indicator.of,)))
        elif spec.of == "checks" and facts.has("checks"):
            found.append(counted("among", "checks", (indicator.of,)))
        elif spec.is_place_coverage and facts.has("places"):
            target = facts.stock("places", {}, indicator.of, days)[0, at]
            reached = facts.covered(indicator.where, indicator.of, window, days)[0, at]
            found += [_told("reached", min(float(reached), float(target)), window), _told("places", float(target))]
    elif indicator.source in STOCK_TABLES:
        held = facts.stock(indicator.source, indicator.where, indicator.of, days)
        found.append(_told("held", float(held[0, at])))
        if spec.of:
            whole = facts.denominator(indicator.source, indicator.where, indicator.of, days)[0, at]
            found.append(_told("whole", float(whole)))
    if spec.denominator:
        base = spec.denominator(facts, indicator)[at]
        people = indicator.per is not None and indicator.per.base in PEOPLE
        own = people and base > 0 and bool(facts.nobody_lives()[at])
        found.append(_told("own_base" if own else "base", float(base)))
    return found


def _told(what: What, value: float, days: int = 0) -> Behind:
    return Behind(what, None if np.isnan(value) else float(value), days)

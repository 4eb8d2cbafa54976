"""Orders in force: they raise what is shown to at least a tier, for a time, and leave everything else as it is.

An order is no evidence: it changes no score, and neither the computed nor the published tier, so that the day after it
ends an area shows what it would have shown without. It holds whether data are in or not: an area that has none is shown
in the order's tier, and its computed tier stays unknown beside that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.office import WEEK_DAYS
from analytics.scheme import Scheme
from analytics.scoring.area_counts import AreaCounts
from analytics.scoring.reporting import inside_of

NOT_ORDERED = -2
"""Stands for no tier at all: an order did not raise what is shown."""


@dataclass(frozen=True)
class Order:
    """Areas are shown at least in the tier ``at_least`` from ``first`` to ``last``, both included, by the authority of
    ``basis``; ``measure`` is what is to be done, "" where that was not said. ``number`` is the row's own.

    ``area_id``: the area that it names, "" for all. ``areas``: the scored ones that are meant by that, none for all.
    """

    number: str
    at_least: str
    basis: str
    first: date
    last: date
    measure: str
    area_id: str
    areas: tuple[str, ...]

    @property
    def content(self) -> tuple[str, str, date, date, str]:
        """What it says but for its areas: rows that are alike in it are one order of several areas."""
        return self.basis, self.at_least, self.first, self.last, self.measure

    def is_of(self, area_id: str) -> bool:
        """Whether it is of this scored area."""
        return not self.areas or area_id in self.areas

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.first <= day <= self.last

    def ended_before(self, day: date) -> bool:
        """Whether it ended within the week before a day, so that a milder tier may have come of that alone."""
        return self.last < day <= self.last + timedelta(days=WEEK_DAYS)


def orders_of(facts: AreaCounts, scheme: Scheme, days: pd.DatetimeIndex) -> tuple[Order, ...]:
    """The orders of a scheme that are in force on any of ``days``, or ended within the week before the first of them,
    the oldest first."""
    rows = facts.counts.small.get("orders")
    if rows is None or rows.empty or not len(days):
        return ()
    earliest, latest = days[0].normalize() - pd.Timedelta(days=WEEK_DAYS), days[-1]
    rows = rows[(rows["from_day"] <= latest) & (rows["to_day"] >= earliest)]
    scored, parents = facts.areas.index, facts.counts.areas["parent_id"]
    found = []
    for row in rows.to_dict("records"):
        named = _text(row["area_id"])
        areas = tuple(str(code) for code in scored[_inside(scored, parents, named)]) if named else ()
        if _names(_text(row["scheme"]), scheme) and (areas or not named):
            found.append(
                Order(
                    number=row["order_id"],
                    at_least=row["at_least"],
                    basis=row["basis"],
                    first=row["from_day"].date(),
                    last=row["to_day"].date(),
                    measure=_text(row["measure"]),
                    area_id=named,
                    areas=areas,
                )
            )
    return tuple(sorted(found, key=lambda one: (one.first, one.last, one.number)))


def raised(
    shown: np.ndarray, orders: Sequence[Order], days: pd.DatetimeIndex, areas: pd.Index
) -> tuple[np.ndarray, np.ndarray]:
    """The ranks (days, areas) that would be ``shown``, or harder ones where an order demands them; and what they would
    be without, ``NOT_ORDERED`` where they are that."""
    found = shown
    dates = days.normalize()
    for order in orders:
        in_force = (dates >= pd.Timestamp(order.first)) & (dates <= pd.Timestamp(order.last))
        meant = areas.isin(order.areas) if order.areas else np.ones(len(areas), dtype=bool)
        rank = np.int8(tiers.RANK[order.at_least])
        found = np.where(np.outer(in_force, meant), np.maximum(found, rank), found)
    return found, np.where(found > shown, shown, NOT_ORDERED).astype(np.int8)


def in_force(orders: Sequence[Order], area_id: str, day: date) -> Order | None:
    """The order that demands most of an area on a day: of several the one that lasts longest; None for none."""
    held = [one for one in orders if one.holds(day) and one.is_of(area_id)]
    return max(held, key=lambda one: (tiers.RANK[one.at_least], one.last, one.number), default=None)


def just_ended(orders: Sequence[Order], area_id: str, day: date, tier: str) -> Order | None:
    """The order of an area that ended last, within the week before a day, and demanded more than the ``tier`` that is
    shown now; None for none."""
    ended = [
        one
        for one in orders
        if one.ended_before(day) and one.is_of(area_id) and tiers.RANK[one.at_least] > tiers.RANK[tier]
    ]
    return max(ended, key=lambda one: (one.last, tiers.RANK[one.at_least], one.number), default=None)


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


def _names(written: str, scheme: Scheme) -> bool:
    """Whether a cell means the scheme: its id, or its name in any language; a blank one means every scheme."""
    return not written or written.strip().casefold() in {
        name.casefold() for name in (scheme.id, scheme.name.zh, scheme.name.en)
    }


def _inside(scored: pd.Index, parents: pd.Series, named: str) -> np.ndarray:
    """Which of the scored areas are the one that is named, or lie in it at whatever height."""
    return scored.isin(list(inside_of(parents, named)))

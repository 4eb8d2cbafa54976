"""What the bulletin says of orders: which are in force and whom they raise, and which came to their end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from analytics import tiers
from analytics.releases.compare import ReleaseContent
from analytics.releases.sentences import CitedFigure, FarDay, Sentence, areas, sentence
from analytics.scoring.orders import NOT_ORDERED, Order
from analytics.scoring.reasons import DAYS_OF_YEAR
from analytics.words import Phrase, phrase

Group = Sequence[int]
"""The places, among the orders of a release, of rows that are one order of several areas."""


def ordered(before: ReleaseContent | None, after: ReleaseContent) -> Iterator[Sentence]:
    """The orders in force on the release's day, and those that held ``before``, or until lately, and hold no more: a
    tier that is milder for that is no news of the area."""
    held, day = after.assessment.orders, after.day
    standing = _groups(held, [at for at, one in enumerate(held) if one.holds(day)])
    for group in standing:
        yield _in_force(after, group)
    ended = _groups(held, [at for at, one in enumerate(held) if one.ended_before(day)])
    for group in ended:
        yield _over("after", after, group, day)
    told = {held[group[0]].content for group in (*standing, *ended)}
    if before is None:
        return
    then = before.assessment.orders
    for group in _groups(then, [at for at, one in enumerate(then) if one.holds(before.day)]):
        if then[group[0]].content not in told:
            yield _over("before", before, group, day)


def until(order: Order, name: str, day: date, rows: tuple[str, ...] = ()) -> CitedFigure:
    """The last day of an order, with its year where that is far."""
    return (FarDay if abs((order.last - day).days) >= DAYS_OF_YEAR else CitedFigure)(name, order.last, "orders", rows)


def _groups(orders: Sequence[Order], chosen: Sequence[int]) -> list[Group]:
    found: dict[tuple[object, ...], list[int]] = {}
    for at in chosen:
        found.setdefault(orders[at].content, []).append(at)
    return list(found.values())


def _in_force(told: ReleaseContent, group: Group) -> Sentence:
    held, (at, *_) = told.assessment, group
    order = held.orders[at]
    meant = {area for one in group for area in held.orders[one].areas or held.areas.index}
    raised = [
        (str(area), int(without))
        for area, shown, without in zip(held.areas.index, held.shown[-1], held.without_order[-1], strict=True)
        if without != NOT_ORDERED and shown == tiers.RANK[order.at_least] and area in meant
    ]
    rows = tuple(area for area, _ in raised)
    lacking = tuple(area for area, without in raised if without == tiers.UNKNOWN_RANK)
    unrated: str | Phrase = ""
    if lacking:
        figure = CitedFigure(f"ordered_unrated.{at}", len(lacking), "tiers", lacking)
        unrated = phrase("bulletin.order_unrated", areas=areas(figure))
    measure: str | Phrase = ""
    if order.measure:
        measure = phrase(
            "bulletin.order_measure", measure=CitedFigure(f"order_measure.after.{at}", order.measure, "orders")
        )
    return sentence(
        "bulletin.order_in_force",
        **_said("after", told, group, told.day),
        first=CitedFigure(f"order_first.after.{at}", order.first, "orders"),
        raised=areas(CitedFigure(f"ordered.{at}", len(rows), "tiers", rows)),
        unrated=unrated,
        measure=measure,
    )


def _over(when: str, told: ReleaseContent, group: Group, day: date) -> Sentence:
    """One that ended, or was taken back before its last day."""
    ended = told.assessment.orders[group[0]].last < day
    return sentence(f"bulletin.order_{'ended' if ended else 'taken_back'}", **_said(when, told, group, day))


def _said(when: str, told: ReleaseContent, group: Group, day: date) -> Mapping[str, object]:
    orders, at = told.assessment.orders, group[0]
    order = orders[at]
    named = [one for one in group if orders[one].area_id]
    scope = phrase("bulletin.order_all")
    if len(named) == len(group):
        names = [CitedFigure(f"order_area.{when}.{one}", told.called(orders[one].area_id), "orders") for one in named]
        scope = phrase("bulletin.order_areas", areas=names)
    return {
        "basis": CitedFigure(f"order_basis.{when}.{at}", order.basis, "orders"),
        "scope": scope,
        "tier": CitedFigure(f"order_tier.{when}.{at}", phrase(f"bulletin.tier_{order.at_least}"), "orders"),
        "last": until(order, f"order_last.{when}.{at}", day),
    }

"""Orders in words: which are in force, for whom, until when and what is to be done; and which came to their end."""

from __future__ import annotations

from collections.abc import Sequence

from analytics import tiers
from analytics.scoring import Assessment
from analytics.scoring.orders import Order
from analytics.scoring.summary import ordered_areas
from analytics.wording.areas import names_text
from analytics.wording.dates import day_near
from analytics.words import Language, say

ORDERS_NAMED = 3
AREAS_NAMED = 3


def order_parts(lang: Language, assessment: Assessment) -> tuple[str, str] | None:
    """The orders in force on the last day, and those that ended within the week before, as the label of a banner and
    what stands in it; None where there are none."""
    day = assessment.days[-1].date()
    found: dict[tuple[object, ...], list[Order]] = {}
    for one in assessment.orders:
        if one.holds(day) or one.ended_before(day):
            found.setdefault(one.content, []).append(one)
    if not found:
        return None
    # What is in force first, and of that what demands most.
    orders = sorted(found.values(), key=lambda rows: (not rows[0].holds(day), -tiers.RANK[rows[0].at_least]))
    told = [_told(lang, assessment, rows) for rows in orders[:ORDERS_NAMED]]
    if len(orders) > ORDERS_NAMED:
        told.append(say(lang, "order.more", n=len(orders) - ORDERS_NAMED))
    return say(lang, "order.label"), say(lang, "reason.separator").join(told)


def order_line(lang: Language, assessment: Assessment) -> str:
    """:func:`order_parts` as one sentence; nothing where there are none."""
    told = order_parts(lang, assessment)
    return say(lang, "silence.sentence", label=told[0], told=told[1]) if told else ""


def _told(lang: Language, assessment: Assessment, rows: Sequence[Order]) -> str:
    order, day = rows[0], assessment.days[-1].date()
    words = {
        "basis": order.basis,
        "scope": _scope(lang, assessment, rows),
        "tier": say(lang, f"bulletin.tier_{order.at_least}"),
        "until": day_near(lang, order.last, day),
    }
    if not order.holds(day):
        return say(lang, "order.ended", **words)
    held = ordered_areas(assessment) & (assessment.shown[-1] == tiers.RANK[order.at_least])
    meant = [any(one.is_of(area) for one in rows) for area in assessment.areas.index]
    lacking = int((held & meant & (assessment.without_order[-1] == tiers.UNKNOWN_RANK)).sum())
    unrated = say(lang, "order.unrated", n=lacking) if lacking else ""
    measure = say(lang, "order.measure", measure=order.measure) if order.measure else ""
    return say(lang, "order.in_force", unrated=unrated, measure=measure, **words)


def _scope(lang: Language, assessment: Assessment, rows: Sequence[Order]) -> str:
    if not all(one.area_id for one in rows):
        return say(lang, "bulletin.order_all")
    return names_text(lang, [assessment.parents.get(one.area_id, one.area_id) for one in rows], AREAS_NAMED)

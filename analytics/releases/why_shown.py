"""Why a bulletin's area is shown in another tier than the day's records give: an order, a person, or what holds it."""

from __future__ import annotations

from collections.abc import Mapping

from analytics.releases.ordered import until
from analytics.releases.recount_finders import tier_phrase
from analytics.releases.sentences import CitedFigure, FarDay
from analytics.scoring import Assessment
from analytics.scoring.reasons import ShownTier
from analytics.words import Phrase, phrase


def why_shown(held: Assessment, told: ShownTier, tier: Mapping[str, CitedFigure], area: str) -> Phrase | None:
    """What keeps the tier of an area, with the figures of the ``tier`` that is shown, computed and published; None
    where the day's records give it, or nothing does."""
    if told.why == "order":
        return _by_order(held, told, tier, area)
    by = {"override": _by_a_person, "carried": _carried, "held": _held}.get(told.why)
    return by(told, tier, area) if by else None


def _carried(told: ShownTier, tier: Mapping[str, CitedFigure], area: str) -> Phrase:
    """That nothing can be computed and the last tier stands, and until when."""
    words = {"tier": tier["shown"], "n": CitedFigure("carried_days", told.carried, "tiers", (area,))}
    if told.carried_until is None:
        return phrase("reason.carried", **words)
    until = CitedFigure("carried_until", told.carried_until, "tiers", (area,))
    return phrase("reason.carried_until", until=until, **words)


def _held(told: ShownTier, tier: Mapping[str, CitedFigure], area: str) -> Phrase:
    """What the stability rule holds, and until when."""
    waiting = {"day": CitedFigure("next_change", told.next_change, "tiers", (area,))}
    if told.way.endswith("_to"):
        waiting["next"] = CitedFigure("tier.waiting.after", tier_phrase(told.waiting_for), "tiers", (area,))
    return phrase(f"reason.held_{told.way}", tier=tier["shown"], computed=tier["computed"], **waiting)


def _by_a_person(told: ShownTier, tier: Mapping[str, CitedFigure], area: str) -> Phrase:
    """What a person decided, and until when where that is on record."""
    words = {"tier": tier["shown"], "computed": tier["computed"]}
    words["by_rule"] = ""
    if told.published != told.computed:
        words["by_rule"] = phrase("reason.published_is", published=tier["published"])
    if told.override_until is None:
        return phrase("reason.set", **words)
    figure = FarDay if told.override_is_far else CitedFigure
    until = figure("override_until", told.override_until, "tiers", (area,))
    return phrase("reason.set_until", until=until, **words)


def _by_order(held: Assessment, told: ShownTier, tier: Mapping[str, CitedFigure], area: str) -> Phrase:
    """The order that raised a tier, until when, and what would be shown without."""
    order = told.order
    at = held.orders.index(order)
    return phrase(
        "reason.ordered",
        basis=CitedFigure(f"order_basis.after.{at}", order.basis, "orders"),
        until=until(order, f"order_last.after.{at}", told.day),
        tier=tier["shown"],
        computed=tier["computed"],
        by_rule=phrase(
            "reason.without_order",
            without=CitedFigure("tier_without_order", tier_phrase(told.without), "tiers", (area,)),
        )
        if told.without != told.computed
        else "",
    )

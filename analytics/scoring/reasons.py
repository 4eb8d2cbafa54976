"""Reasons: why an area has its colour, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scheme import CutOffs, Decision, FloorRule, Scheme
from analytics.scheme.measures import Gap
from analytics.scoring.assess import NO_OVERRIDE, Assessment
from analytics.scoring.decide import BY_DECISION, BY_MISSING, BY_SCORE
from analytics.scoring.orders import NOT_ORDERED, Order, in_force, just_ended
from analytics.scoring.stability import NO_CHANGE

DAYS_OF_YEAR = 365

Why = Literal["computed", "carried", "held", "override", "order", "missing"]


@dataclass(frozen=True)
class ShownTier:
    """The tier that is shown for an area on a ``day``, and why it is that one.

    ``why``: ``order``, an ``order`` in force raised it from the tier ``without``;
    ``override``, a person decided it, until ``override_until`` (None: not on record); ``carried``, the last
    published tier stands since no tier can be computed, for ``carried`` days by now and, if nothing comes, up to
    ``carried_until`` (None: that is not limited); ``held``, the stability
    rule keeps the ``published`` tier although another one is ``computed``; ``missing``, too little is known for any;
    ``computed``, it is what the day's records give.
    ``ended``: an order that demanded more than is shown, and came to its end within the week before: that the tier is
    milder now is no evidence.
    What is missing leaves open the tiers from ``least`` to ``most``.
    Evidence for ``waiting_for`` has been held for ``days_held`` of ``days_needed`` days, and ``next_change`` is the
    earliest day on which the rule lets it change, if today's computed tier goes on; None where nothing is waited for.
    """

    day: date
    tier: str
    why: Why
    computed: str
    published: str
    least: str
    most: str
    carried: int
    carried_until: date | None
    waiting_for: str
    days_held: int
    days_needed: int
    next_change: date | None
    override_until: date | None
    order: Order | None = None
    without: str = ""
    ended: Order | None = None

    @property
    def override_is_far(self) -> bool:
        """Whether the decision ends so far ahead that, told without its year, an earlier day would be meant."""
        return self.override_until is not None and (self.override_until - self.day).days >= DAYS_OF_YEAR

    @property
    def way(self) -> Literal["rise", "rise_to", "fall", "fall_to"]:
        """Of a tier that is held: whether it waits to be raised or lowered; with ``to`` where the next step is another
        tier than the computed one."""
        rises = tiers.RANK[self.computed] > tiers.RANK[self.published]
        if self.waiting_for == self.computed:
            return "rise" if rises else "fall"
        return "rise_to" if rises else "fall_to"


@dataclass(frozen=True, eq=False)
class Reason:
    """Why one area has its tier on one day.

    ``shown`` is the tier and why it is shown. What gave the computed tier: ``floor`` or ``line`` of ``decide``, where
    one did, else the score, or (``lacks_data``) that too little is known; ``holding`` are all floor rules that hold.
    ``parts`` has one row an indicator (index: its id): ``dimension``, ``value``, ``small`` (whether it is told as fewer
    than the smallest count), ``points``, ``weight`` (after sharing out), ``contribution`` (they sum to ``score``) and
    ``gap`` (a :class:`Gap`).
    ``to_harder`` and ``to_easier`` are the points of score from the shown tier's own upper and lower cut-off: positive
    where the score lies between the two, negative where it lies beyond; None where there is no such cut-off, or the
    score is not what the tier hangs on.
    """

    area_id: str
    shown: ShownTier
    score: float
    floor: FloorRule | None
    line: Decision | None
    holding: tuple[FloorRule, ...]
    lacks_data: bool
    known: float
    parts: pd.DataFrame
    to_harder: float | None
    to_easier: float | None


def shown_tier(assessment: Assessment, area_id: str) -> ShownTier:
    """The tier that is shown for an area on the last day of the assessment, and why it is that one."""
    at = assessment.areas.index.get_loc(area_id)
    tier, computed, published, least, most, waiting_for = (
        str(tiers.names(getattr(assessment, name)[-1, at]))
        for name in ("shown", "computed", "published", "least", "most", "waiting_for")
    )
    carried, carry_left = int(assessment.carried[-1, at]), int(assessment.carry_left[-1, at])
    left = int(assessment.override_left[-1, at])
    last, wait = assessment.days[-1].date(), int(assessment.next_change[-1, at])
    without = int(assessment.without_order[-1, at])
    why: Why = "computed"
    if without != NOT_ORDERED:
        why = "order"
    elif left != NO_OVERRIDE:
        why = "override"
    elif tier == tiers.UNKNOWN:
        why = "missing"
    elif carried:
        why = "carried"
    elif published != computed:
        why = "held"
    return ShownTier(
        day=last,
        tier=tier,
        why=why,
        computed=computed,
        published=published,
        least=least,
        most=most,
        carried=carried,
        carried_until=None if carry_left == NO_CHANGE else last + timedelta(days=carry_left),
        waiting_for=waiting_for,
        days_held=int(assessment.days_held[-1, at]),
        days_needed=int(assessment.days_needed[-1, at]),
        next_change=None if wait == NO_CHANGE else last + timedelta(days=wait),
        override_until=last + timedelta(days=left) if left >= 0 else None,
        order=in_force(assessment.orders, area_id, last) if why == "order" else None,
        without=str(tiers.names(assessment.without_order[-1, at])) if why == "order" else tier,
        ended=just_ended(assessment.orders, area_id, last, tier),
    )


def reason_for(assessment: Assessment, area_id: str) -> Reason:
    """The reason of one area on the last day of the assessment."""
    at = assessment.areas.index.get_loc(area_id)
    scheme = assessment.scheme
    shown = shown_tier(assessment, area_id)
    decided = int(assessment.decided[-1, at])
    score = float(assessment.score[-1, at])
    parts = pd.DataFrame(
        {
            "dimension": [dimension.id for dimension in scheme.dimensions for _ in dimension.every_indicator()],
            "value": assessment.values[-1, at],
            "small": assessment.small[-1, at],
            "points": assessment.points[-1, at],
            "weight": assessment.weights[-1, at],
            "contribution": assessment.parts[-1, at],
            "gap": np.array([Gap(code) for code in assessment.gaps[-1, at]], dtype=object),
        },
        index=pd.Index(assessment.indicator_ids, name="indicator"),
    )
    by_score = decided == BY_SCORE and shown.why in ("computed", "held")
    to_harder, to_easier = _distances(scheme, shown.tier, score) if by_score else (None, None)
    return Reason(
        area_id=area_id,
        shown=shown,
        score=score,
        floor=scheme.floors[decided] if decided >= 0 else None,
        line=scheme.decide[BY_DECISION - decided] if decided <= BY_DECISION else None,
        holding=tuple(floor for floor, held in zip(scheme.floors, assessment.holding[-1, at], strict=True) if held),
        lacks_data=decided == BY_MISSING,
        known=float(assessment.known[-1, at]),
        parts=parts,
        to_harder=to_harder,
        to_easier=to_easier,
    )


def _distances(scheme: Scheme, tier: str, score: float) -> tuple[float | None, float | None]:
    """Points of score from the upper and the lower cut-off of a tier."""
    if not isinstance(scheme.tiers, CutOffs) or tier == tiers.UNKNOWN:
        return None, None
    cuts, rank = scheme.tiers.ascending(), tiers.RANK[tier]
    return cuts[rank] - score if rank < len(cuts) else None, score - cuts[rank - 1] if rank else None

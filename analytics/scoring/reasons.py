"""Reasons: why an area has its colour, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scheme import CutOffs, Decision, FloorRule
from analytics.scheme.measures import Gap
from analytics.scoring.assess import Assessment
from analytics.scoring.decide import BY_DECISION, BY_MISSING, BY_SCORE
from analytics.scoring.stability import NO_CHANGE


@dataclass(frozen=True, eq=False)
class Reason:
    """Why one area has its tier on one day.

    ``parts`` has one row an indicator (index: its id): ``dimension``, ``value``, ``small`` (whether it is told as fewer
    than the smallest count), ``points``, ``weight`` (after sharing out), ``contribution`` (they sum to ``score``) and
    ``gap`` (a :class:`Gap`).
    ``floor`` or ``line`` of ``decide`` is what decided, where one did; ``holding`` are all floor rules that hold.
    ``tier`` is the one shown, beside the ``computed`` and the ``published`` one; evidence for ``waiting_for`` has been
    held for ``days_held`` of ``days_needed`` days, and ``next_change`` is the earliest day of the change.
    ``to_harder`` and ``to_easier`` are the points of score to the neighbouring tiers' cut-offs, None where there is
    none or the score did not decide.
    """

    area_id: str
    score: float
    tier: str
    computed: str
    published: str
    waiting_for: str
    days_held: int
    days_needed: int
    next_change: date | None
    by_score: str | None
    floor: FloorRule | None
    line: Decision | None
    holding: tuple[FloorRule, ...]
    lacks_data: bool
    known: float
    parts: pd.DataFrame
    to_harder: float | None
    to_easier: float | None


def reason_for(assessment: Assessment, area_id: str) -> Reason:
    """The reason of one area on the last day of the assessment."""
    at = assessment.areas.index.get_loc(area_id)
    scheme = assessment.scheme
    decided = int(assessment.decided[-1, at])
    score = float(assessment.score[-1, at])
    cuts = np.array(scheme.tiers.ascending()) if isinstance(scheme.tiers, CutOffs) else None
    by_score = int(np.searchsorted(cuts, score, side="right")) if cuts is not None and score == score else None
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
    scored = decided == BY_SCORE and by_score is not None
    return Reason(
        area_id=area_id,
        score=score,
        tier=str(tiers.names(assessment.shown[-1, at])),
        computed=str(tiers.names(assessment.computed[-1, at])),
        published=str(tiers.names(assessment.published[-1, at])),
        waiting_for=str(tiers.names(assessment.waiting_for[-1, at])),
        days_held=int(assessment.days_held[-1, at]),
        days_needed=int(assessment.days_needed[-1, at]),
        next_change=_day_after(assessment.days[-1], int(assessment.next_change[-1, at])),
        by_score=str(tiers.names(np.int8(by_score))) if scored else None,
        floor=scheme.floors[decided] if decided >= 0 else None,
        line=scheme.decide[BY_DECISION - decided] if decided <= BY_DECISION else None,
        holding=tuple(floor for floor, held in zip(scheme.floors, assessment.holding[-1, at], strict=True) if held),
        lacks_data=decided == BY_MISSING,
        known=float(assessment.known[-1, at]),
        parts=parts,
        to_harder=float(cuts[by_score] - score) if scored and by_score < len(cuts) else None,
        to_easier=float(score - cuts[by_score - 1]) if scored and by_score > 0 else None,
    )


def _day_after(last: date, days: int) -> date | None:
    return None if days == NO_CHANGE else last + timedelta(days=days)

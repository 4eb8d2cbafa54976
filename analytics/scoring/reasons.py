"""Reasons: why an area has its colour, as data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scheme import FloorRule
from analytics.scoring.assess import BY_MISSING, Assessment
from analytics.scoring.measures import Gap


@dataclass(frozen=True, eq=False)
class Reason:
    """Why one area has its tier on one day.

    ``parts`` has one row an indicator (index: its id): ``dimension``, ``value``, ``points``, ``weight`` (0–1, as it was
    after sharing out), ``contribution`` (points × weight; they sum to ``score``) and ``gap`` (a :class:`Gap`).
    ``to_harder`` and ``to_easier`` are the points of score to the neighbouring tiers' cut-offs, None where there is
    none or the score did not decide.
    """

    area_id: str
    score: float
    tier: str
    by_score: str
    floor: FloorRule | None
    lacks_data: bool
    known: float
    parts: pd.DataFrame
    to_harder: float | None
    to_easier: float | None


def contributions(assessment: Assessment) -> np.ndarray:
    """Each indicator's share of the score, (days, areas, indicators); 0 for a missing one. They sum to the score."""
    return assessment.effective * np.nan_to_num(assessment.points)


def reason_for(assessment: Assessment, area_id: str) -> Reason:
    """The reason of one area on the last day of the assessment."""
    at = assessment.areas.index.get_loc(area_id)
    scheme = assessment.scheme
    decided = int(assessment.decided[-1, at])
    score = float(assessment.score[-1, at])
    cuts = np.array(scheme.tiers.ascending())
    by_score = int(np.searchsorted(cuts, score, side="right")) if not np.isnan(score) else tiers.UNKNOWN_RANK
    parts = pd.DataFrame(
        {
            "dimension": [dimension.id for dimension in scheme.dimensions for _ in dimension.indicators],
            "value": assessment.values[-1, at],
            "points": assessment.points[-1, at],
            "weight": assessment.effective[-1, at],
            "contribution": contributions(assessment)[-1, at],
            "gap": np.array([Gap(code) for code in assessment.gaps[-1, at]], dtype=object),
        },
        index=pd.Index(assessment.indicator_ids, name="indicator"),
    )
    scored = decided != BY_MISSING and not np.isnan(score)
    return Reason(
        area_id=area_id,
        score=score,
        tier=str(tiers.names(assessment.published[-1, at])),
        by_score=str(tiers.names(np.int8(by_score))),
        floor=scheme.floors[decided] if decided >= 0 else None,
        lacks_data=decided == BY_MISSING,
        known=float(assessment.known[-1, at]),
        parts=parts,
        to_harder=float(cuts[by_score] - score) if scored and by_score < len(cuts) else None,
        to_easier=float(score - cuts[by_score - 1]) if scored and by_score > 0 else None,
    )

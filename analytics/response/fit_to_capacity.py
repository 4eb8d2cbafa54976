"""Cut-offs that fit a capacity: tiers drawn where the hands run out, and the first areas that are left out by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analytics import tiers
from analytics.errors import ScoringError
from analytics.response.workload import InspectionLoad, TeamCapacity, days_a_check, team_days
from analytics.scheme import CutOffs, Scheme
from analytics.scheme.editing import recut
from analytics.scoring import Assessment, reassess
from analytics.scoring.combine import DECIMALS, combine
from analytics.scoring.decide import decided_tiers, extreme_scores
from analytics.scoring.goal_seek import CUTOFF_STEP, just_above, score_to_tenth


@dataclass(frozen=True)
class CapacityCutoffs:
    """Cut-offs by tier that lie ``raised`` points above the present ones, and the ``team_days`` a week of their map.

    ``raised`` is 0 where nothing is moved: because the present map costs no more than there is, or ``cannot``.
    ``left_out``: by tier as it is without the raise, hardest first, the areas that fall out of it, those nearest to
    staying (the highest score) first. ``unknown``: the areas among them of which, by the new cut-offs, too little is
    known; no check is counted for them. ``cannot``: even with nobody above green by score, the floors and the green
    areas cost more than there is; the cut-offs are then those of that map, and nobody is listed, since to leave them
    all out is no answer.
    """

    cutoffs: Mapping[str, float]
    raised: float
    team_days: float
    left_out: Mapping[str, tuple[str, ...]]
    unknown: tuple[str, ...]
    cannot: bool


def fit(assessment: Assessment, rounds: InspectionLoad, crew: TeamCapacity, capacity: float) -> CapacityCutoffs:
    """The smallest raise under which the last day's map, as computed, costs at most ``capacity`` team-days a week.

    All four cut-offs rise by the same points, in steps of `CUTOFF_STEP`: the order of areas and the room between the
    tiers stay as the scheme has them, each tier lets go of those that were nearest to its line, and areas of one score
    stay together. (Raising red alone first would take the checks from the hardest areas and leave the others theirs.) A
    line goes no further than out of every area's reach, and none stops just above a score that is shown
    (:func:`score_to_tenth`) as the line itself. Floors hold. Where the present map costs no more than there is,
    nothing is moved. Raises :class:`ScoringError` for a scheme without cut-offs in points, or without measures.
    """
    scheme = assessment.scheme
    if not isinstance(scheme.tiers, CutOffs):
        raise ScoringError.because("workload.no_cutoffs", scheme=scheme.id)
    if not scheme.measures:
        raise ScoringError.because("workload.no_measures", scheme=scheme.id)
    present = assessment.on(assessment.days[-1])
    steps = _fewest_steps(present, rounds, crew, capacity)
    after = reassess(present, _raised(present, steps))
    cost = float(team_days(after, rounds, crew).sum())
    cannot = round(cost, DECIMALS) > capacity
    before, now, score = present.computed[0], after.computed[0], present.score[0]
    ids = present.areas.index
    fallen = [] if cannot else sorted(np.flatnonzero(now < before), key=lambda at: (-score[at], ids[at]))
    left_out = {tier: tuple(ids[at] for at in fallen if before[at] == tiers.RANK[tier]) for tier in tiers.SHOWN}
    return CapacityCutoffs(
        cutoffs=after.scheme.tiers.model_dump(),
        raised=round(steps * CUTOFF_STEP, 1),
        team_days=cost,
        left_out={tier: areas for tier, areas in left_out.items() if areas},
        unknown=tuple(ids[at] for at in fallen if now[at] == tiers.UNKNOWN_RANK),
        cannot=cannot,
    )


def _fewest_steps(present: Assessment, rounds: InspectionLoad, crew: TeamCapacity, capacity: float) -> int:
    """Each raise by which another area falls below a line, or does so as it is shown or as mild or hard as it could be,
    is tried in turn: between two of them no map gets cheaper, and it need not with each. Where none is enough, the
    last."""
    checks = rounds.checks.loc[present.areas.index].to_numpy()
    each = days_a_check(present.scheme, crew)
    combined = combine(present.points, present.scheme)
    extremes = extreme_scores(present.points, present.scheme, combined, present.holes)
    score = present.score[present.score == present.score]
    if not len(score):
        return 0
    shown = np.array([score_to_tenth(value) for value in score])
    ends = np.concatenate([extremes.least[0], extremes.most[0]])
    every = np.concatenate([score, shown, ends[np.isfinite(ends)]])
    above = np.subtract.outer(every, present.scheme.tiers.ascending())
    crossings = np.unique(np.floor(above[above >= 0] / CUTOFF_STEP + 1e-9).astype(int) + 1)
    steps = 0
    for steps in (0, *crossings.tolist()):
        scheme = _raised(present, steps)
        cuts = np.array(scheme.tiers.ascending())[:, np.newaxis]
        if steps and ((score < cuts) & (shown >= cuts)).any():
            continue
        rank = decided_tiers(scheme, combined, extremes, present.values, present.holes).rank[0]
        if np.nansum(each[rank] * checks).round(DECIMALS) <= capacity:
            break
    return steps


def _raised(present: Assessment, steps: int) -> Scheme:
    cuts = np.array(present.scheme.tiers.ascending())
    if not np.isfinite(present.score).any():
        return present.scheme
    out_of_reach = just_above(float(np.nanmax(present.score))) + CUTOFF_STEP * np.arange(len(cuts))
    raised = np.maximum(cuts, np.minimum(cuts + steps * CUTOFF_STEP, out_of_reach)).round(DECIMALS)
    return recut(present.scheme, dict(zip(tiers.RANKED[1:], raised.tolist(), strict=True)))

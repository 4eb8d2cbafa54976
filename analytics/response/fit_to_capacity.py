"""Cut-offs that fit a capacity: tiers drawn where the hands run out, and the first areas that are left out by it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
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

HIGHEST_SCORE = 100.0
"""Of a weighted mean of points."""


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


def fit(
    assessment: Assessment,
    rounds: InspectionLoad,
    crew: TeamCapacity,
    capacity: float,
    under: Callable[[Scheme], Assessment] | None = None,
) -> CapacityCutoffs:
    """The smallest raise under which the last day's map, as computed, costs at most ``capacity`` team-days a week.

    ``under``: what is shown of that day under another scheme, where more than its records decide it; then it is that
    map's cost. It is found by halves, and is the smallest where more is never dearer, which stability rules that act at
    once on a large rise do not promise; that it costs no more is so in any case.

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
    if under is None:
        present = reassess(present, scheme)
        steps = _fewest_steps(present, rounds, crew, capacity)
        after = reassess(present, _raised(present, steps))
    else:
        steps, after = _fewest_shown(present, rounds, crew, capacity, under)
    cost = float(team_days(after, rounds, crew).sum())
    cannot = round(cost, DECIMALS) > capacity
    before, now, score = present.shown[0], after.shown[0], present.score[0]
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


def _fewest_shown(
    present: Assessment,
    rounds: InspectionLoad,
    crew: TeamCapacity,
    capacity: float,
    under: Callable[[Scheme], Assessment],
) -> tuple[int, Assessment]:
    """The raise, and what is shown under it; where none is enough, the last."""
    score = present.score[present.score == present.score]
    shown = np.array([score_to_tenth(value) for value in score])
    # On days before, scores were higher than today's highest: what they gave is held, too.
    top = float(score.max(initial=HIGHEST_SCORE))

    def run_at(steps: int) -> Assessment:
        return under(_raised(present, steps, top)) if steps else present

    def is_enough(steps: int) -> bool:
        return round(float(team_days(run_at(steps), rounds, crew).sum()), DECIMALS) <= capacity

    def seems_reached(steps: int) -> bool:
        cuts = np.array(_raised(present, steps, top).tiers.ascending())[:, np.newaxis]
        return bool(steps and ((score < cuts) & (shown >= cuts)).any())

    if is_enough(0):
        return 0, present
    reach = max(0.0, top - present.scheme.tiers.ascending()[0])
    every = range(int(reach / CUTOFF_STEP) + len(tiers.RANKED) + 1)
    first = bisect_left(every, True, key=is_enough)
    steps = next((at for at in every[first:] if not seems_reached(at) and is_enough(at)), every[-1])
    return steps, run_at(steps)


def _raised(present: Assessment, steps: int, top: float | None = None) -> Scheme:
    """The cut-offs so many steps higher, none far beyond the ``top`` score: the highest of the day, or a given one."""
    cuts = np.array(present.scheme.tiers.ascending())
    if not np.isfinite(present.score).any():
        return present.scheme
    top = float(np.nanmax(present.score)) if top is None else top
    out_of_reach = just_above(top) + CUTOFF_STEP * np.arange(len(cuts))
    raised = np.maximum(cuts, np.minimum(cuts + steps * CUTOFF_STEP, out_of_reach)).round(DECIMALS)
    return recut(present.scheme, dict(zip(tiers.RANKED[1:], raised.tolist(), strict=True)))

"""Tiers: from the score by cut-offs, or from conditions; then floors. Conditions know true, false and not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analytics import tiers
from analytics.scheme import CutOffs, Scheme, ShareCutOffs
from analytics.scheme.conditions import AllOf, AnyOf, BeingKnown, Comparing, ComparingDimension, Not
from analytics.scheme.model import AnyCutOffs
from analytics.scoring.combine import Scores, scores
from analytics.store.conditions import compare

BY_SCORE, BY_MISSING, BY_DECISION = -1, -2, -3
"""What decided a tier, beside the number of a floor rule; a line of ``decide`` is ``BY_DECISION`` minus its number."""

_UNKNOWN = np.int8(tiers.UNKNOWN_RANK)


def tier_by_cutoffs(score: np.ndarray, cuts: CutOffs | ShareCutOffs) -> np.ndarray:
    """Ranks (int8) of scores (…, areas), -1 where NaN. A score on a cut-off has the tier that begins there.

    By shares, areas of equal score share the tier of the first of them, so that the order of areas changes nothing.

    >>> cuts = CutOffs(blue=9, yellow=16, orange=35, red=55)
    >>> tiers.names(tier_by_cutoffs(np.array([8.99, 9, 54.9, 55, np.nan]), cuts)).tolist()
    ['green', 'blue', 'orange', 'red', 'unknown']

    By shares, the hardest fifth of the areas is red here, and the next two fifths are orange:

    >>> shares = ShareCutOffs(by="share", red=0.2, orange=0.4)
    >>> tiers.names(tier_by_cutoffs(np.array([10.0, 20.0, 30.0, 40.0, 50.0]), shares)).tolist()
    ['green', 'green', 'orange', 'orange', 'red']
    """
    if isinstance(cuts, CutOffs):
        # Green begins at -inf, which a score that is not known does not reach either: none reached is one below green.
        begins = np.array([-np.inf, *cuts.ascending()]).reshape(-1, *[1] * score.ndim)
        # Counting what is reached is quicker than looking for a place among four.
        return np.add.reduce((score >= begins).view(np.int8), axis=0, dtype=np.int8, initial=tiers.UNKNOWN_RANK)
    known = ~np.isnan(score)
    number = np.maximum(known.sum(axis=-1, keepdims=True), 1)
    ordered = np.sort(np.where(known, -score, np.inf), axis=-1)
    flat_order, flat_score = ordered.reshape(-1, score.shape[-1]), np.where(known, -score, np.inf)
    harder = np.stack(
        [np.searchsorted(row, own) for row, own in zip(flat_order, flat_score.reshape(flat_order.shape), strict=True)]
    ).reshape(score.shape)
    begins = np.cumsum([getattr(cuts, tier) for tier in reversed(tiers.RANKED[1:])])
    # An area is in the hardest tenth when it and the harder ones are no more than a tenth of the areas.
    rank = ((harder[..., None] + 1) / number[..., None] <= begins + 1e-12).sum(axis=-1, dtype=np.int8)
    return np.where(known, rank, _UNKNOWN)


class ConditionEvaluator:
    """Conditions on one run: ``values`` (days, areas, indicators) and the dimensions' values."""

    def __init__(self, scheme: Scheme, values: np.ndarray, dimensions: Mapping[str, np.ndarray]) -> None:
        self._values = {item.id: values[..., number] for number, item in enumerate(scheme.indicators)}
        self._dimensions = dimensions

    def of(self, when: object) -> tuple[np.ndarray, np.ndarray]:
        """Where the condition surely holds, and where it surely does not; neither where that is not known."""
        match when:
            case Comparing() | ComparingDimension():
                held = self._values[when.indicator] if isinstance(when, Comparing) else self._dimensions[when.dimension]
                holds = compare(held, when.op, when.value)
                return holds, ~holds & ~np.isnan(held)
            case BeingKnown():
                missing = np.isnan(self._values[when.indicator])
                return (missing, ~missing) if when.state == "missing" else (~missing, missing)
            case Not():
                holds, fails = self.of(when.inner)
                return fails, holds
            case AllOf():
                found = [self.of(inner) for inner in when.all]
                return np.all([holds for holds, _ in found], axis=0), np.any([fails for _, fails in found], axis=0)
            case AnyOf():
                found = [self.of(inner) for inner in when.any]
                return np.any([holds for holds, _ in found], axis=0), np.all([fails for _, fails in found], axis=0)
        raise TypeError(when)


@dataclass(frozen=True, eq=False)
class TierDecision:
    """Computed ranks (int8) and what decided them (int16), (days, areas), and which floors hold, (days, areas, floors).
    ``floor`` (int8, days × areas) is the highest rank that a floor demands, -1 where none holds.

    ``by`` is the number of a floor rule, ``BY_SCORE``, ``BY_MISSING``, or ``BY_DECISION`` minus the number of the line.
    """

    rank: np.ndarray
    by: np.ndarray
    holding: np.ndarray
    floor: np.ndarray


def tiers_from(points: np.ndarray, scheme: Scheme, values: np.ndarray) -> TierDecision:
    """The tiers of ``points`` and the ``values`` that gave them, both (days, areas, indicators), for those who need no
    parts: a whole history, a changed weight, values that someone supposes."""
    found = scores(points, scheme)
    return decided_tiers(scheme, found, worst_score(points, scheme, found), values)


def worst_score(points: np.ndarray, scheme: Scheme, found: Scores) -> np.ndarray | None:
    """The score if every missing indicator stood at its hardest; None where points have no hardest.

    ``found`` are the scores of ``points``, which are the worst ones as well where nothing is missing.
    """
    if scheme.decide or scheme.is_relative() or any(item.points.method == "none" for item in scheme.indicators):
        return None
    missing = np.isnan(points)
    return scores(np.where(missing, 100.0, points), scheme).score if missing.any() else found.score


def decided_tiers(scheme: Scheme, combined: Scores, worst: np.ndarray | None, values: np.ndarray) -> TierDecision:
    """The tier of every day and area, floors applied.

    ``worst`` is the score if everything missing were as hard as can be, None where no score can say that. Green says
    "no work needed"; where the missing part could say otherwise, that is not known. A floor only raises, and raises an
    unknown area too: what it names is a fact.
    """
    truth = ConditionEvaluator(scheme, values, combined.dimensions)
    unknown = combined.known < scheme.missing.minimum_known_weight
    if scheme.decide:
        rank, by = _by_conditions(scheme, truth, combined.score.shape)
    else:
        rank = tier_by_cutoffs(combined.score, _cutoffs(scheme))
        by = np.full(rank.shape, BY_SCORE, dtype=np.int16)
        unknown |= _doubtful_green(scheme, rank, worst, combined.score, values)
    floors = [truth.of(rule.when) for rule in scheme.floors]
    for holds, fails in floors:  # a floor that hangs on a missing value could take green away
        unknown |= (rank == tiers.RANK["green"]) & ~holds & ~fails
    unknown |= rank == _UNKNOWN
    rank = np.where(unknown, _UNKNOWN, rank)
    by = np.where(unknown, np.int16(BY_MISSING), by)
    holding = np.zeros((*rank.shape, len(scheme.floors)), dtype=bool)
    floor = np.full(rank.shape, _UNKNOWN)
    for number, rule in enumerate(scheme.floors):
        least = np.int8(tiers.RANK[rule.at_least])
        holding[..., number] = floors[number][0]
        floor = np.where(holding[..., number], np.maximum(floor, least), floor)
        raised = holding[..., number] & (rank < least)
        rank[raised] = least
        by[raised] = number
    return TierDecision(rank, by, holding, floor)


def _cutoffs(scheme: Scheme) -> AnyCutOffs:
    """Of a scheme without ``decide``, which always has them."""
    found: AnyCutOffs | None = scheme.tiers
    assert found is not None
    return found


def _doubtful_green(
    scheme: Scheme, rank: np.ndarray, worst: np.ndarray | None, score: np.ndarray, values: np.ndarray
) -> np.ndarray | bool:
    """Where an area is green by what is known of it, and what is missing could make it harder."""
    if worst is score:
        return False
    harder = True if worst is None else tier_by_cutoffs(worst, _cutoffs(scheme)) > rank
    return (rank == tiers.RANK["green"]) & harder & np.isnan(values).any(axis=-1)


def _by_conditions(scheme: Scheme, truth: ConditionEvaluator, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """The tier of the first line that holds, and its code; unknown where a line that might hold says something else."""
    least, most = np.full(shape, len(tiers.RANKED)), np.full(shape, tiers.UNKNOWN_RANK)
    by = np.full(shape, BY_MISSING, dtype=np.int16)
    still_open = np.ones(shape, dtype=bool)
    for number, line in enumerate(scheme.decide):
        holds, fails = truth.of(line.when) if line.when else (np.ones(shape, bool), np.zeros(shape, bool))
        possible, rank = still_open & ~fails, tiers.RANK[line.tier]
        least = np.where(possible, np.minimum(least, rank), least)
        most = np.where(possible, np.maximum(most, rank), most)
        by = np.where(still_open & holds, BY_DECISION - number, by)
        still_open &= ~holds
    return np.where(least == most, most, _UNKNOWN).astype(np.int8), by

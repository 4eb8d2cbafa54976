"""A proposal of weights: those that past outcomes would have given, and how it fares on later ones that it never saw.

Least squares with weights that are not negative (C. L. Lawson & R. J. Hanson, Solving Least Squares Problems, 1974):
every indicator is made so that more points mean more work, and a negative weight would turn that round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import UserError
from analytics.evidence.backtest import (
    NOTHING_LEFT_OUT,
    WEEK_DAYS,
    CaptureStats,
    LeftOut,
    Verdict,
    capture,
    following,
    incidents_to,
    order,
    shown_in,
    verdict,
)
from analytics.scheme import Dimension, Indicator, Scheme
from analytics.scheme.editing import levels, set_percent, whole_percent
from analytics.scoring import AreaCounts, Assessment
from analytics.scoring.combine import combine, scores

FEWEST_MOMENTS = 8
TRAINED_ON = 2 / 3
TOP = 0.2


class FittingError(UserError):
    """No weights can be fitted to these records."""


@dataclass(frozen=True, eq=False)
class ValidationResult:
    """How an order of the areas fared on the test moments: ``caught`` with as many areas as the map flagged, and
    ``top_fifth``, the share of all incidents in its first fifth of the areas."""

    caught: CaptureStats
    top_fifth: float


@dataclass(frozen=True, eq=False)
class FittedWeights:
    """A proposal, never applied by itself.

    ``present`` and ``weights``: overall weights by indicator, each summing to 1. ``scheme``: the scheme in which every
    level has its part of them in whole percent, at least 1. ``train`` and ``test``: the moments that were learned from
    and the later ones that were not; no outcome of the first falls after the second begin. ``fared``: of ``present``,
    ``fitted`` (both by the score alone, without floors and stability) and ``last_counts`` on the test moments.
    ``left_out``: moments that were neither.
    """

    scheme: Scheme
    present: Mapping[str, float]
    weights: Mapping[str, float]
    train: pd.DatetimeIndex
    test: pd.DatetimeIndex
    fared: Mapping[str, ValidationResult]
    left_out: LeftOut = NOTHING_LEFT_OUT

    @property
    def verdict(self) -> Verdict:
        """Whether the fitted weights caught more on the test moments than the present ones, less, or about as much."""
        return verdict(self.fared["fitted"].caught, self.fared["present"].caught)


def require_moments(days: pd.DatetimeIndex) -> None:
    """Raise :class:`FittingError` for fewer moments than can be learned from and tested on."""
    if len(days) < FEWEST_MOMENTS:
        raise FittingError.because("evidence.too_few_moments", found=len(days), fewest=FEWEST_MOMENTS)


def fit_to_past(facts: AreaCounts, run: Assessment, weeks: int) -> FittedWeights:
    """:func:`fit` to the records: the scheme's own incidents in the ``weeks`` after each day of ``run``."""
    after = following(facts, run.scheme, run.days, weeks)
    return fit(run, after, incidents_to(facts, run.scheme, run.days, WEEK_DAYS * weeks), weeks)


def fit(run: Assessment, after: np.ndarray, before: np.ndarray, weeks: int) -> FittedWeights:
    """Fit weights to the incidents in the ``weeks`` ``after`` each day of ``run``, (days, areas); ``before`` are those
    of as many weeks before it.

    Raises :class:`FittingError` where the scheme's score is no weighted mean, or there is too little to learn from.
    """
    scheme = run.scheme
    if not _is_mean(scheme):
        raise FittingError.because("evidence.not_a_mean")
    require_moments(run.days)
    train, test = split(run.days, weeks)
    if not after[train].any() or not after[test].any():
        raise FittingError.because("evidence.no_matters")
    found = fitted_weights(run.points[train], after[train])
    if not found.any():
        raise FittingError.because("evidence.nothing_fits")
    weights = dict(zip(run.indicator_ids, found.tolist(), strict=True))
    proposal = _carried(scheme, weights)
    shown = shown_in(run.on(*run.days[test]))

    def fared(key: np.ndarray) -> ValidationResult:
        held = capture(shown.days, order(key), after[test], shown.flagged, np.full(after.shape[1], np.nan))
        return ValidationResult(held, float(np.interp(TOP, np.linspace(0, 1, len(held.curve)), held.curve)))

    points = run.points[test]
    return FittedWeights(
        scheme=proposal,
        present=dict(zip(run.indicator_ids, _overall(scheme).tolist(), strict=True)),
        weights=weights,
        train=run.days[train],
        test=run.days[test],
        fared={
            "present": fared(_last_where_unknown(scores(points, scheme).score)),
            "fitted": fared(_last_where_unknown(scores(points, proposal).score)),
            "last_counts": fared(before[test]),
        },
    )


def split(days: pd.DatetimeIndex, weeks: int) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the earlier two thirds and of the later third of ``days`` (ascending), without those of the first
    whose following ``weeks`` reach beyond the day on which the second begin."""
    begin = int(np.ceil(len(days) * TRAINED_ON))
    learned = np.flatnonzero(days[:begin] + pd.Timedelta(weeks, "W") <= days[begin])
    return learned, np.arange(begin, len(days))


def fitted_weights(points: np.ndarray, incidents: np.ndarray) -> np.ndarray:
    """Weights (indicators,), 0 or more, summing to 1; all 0 where no indicator rises with what followed.

    ``points`` (moments, areas, indicators), NaN where missing, which is taken as the moment's mean; ``incidents``
    (moments, areas). Both are centred within each moment: what moves all areas at once teaches nothing about areas.
    The square root of a count has about the same spread at every level (M. S. Bartlett, The square root transformation
    in analysis of variance, 1936), so that the fit is not led by the few largest; unlike a rate it needs no base, and
    a small area is not made to look hard by one incident.
    """
    from scipy.optimize import nnls  # takes long to import, and few ask for this

    known = ~np.isnan(points)
    mean = np.where(known, points, 0.0).sum(axis=1, keepdims=True) / np.maximum(known.sum(axis=1, keepdims=True), 1)
    centred = np.where(known, points - mean, 0.0)
    followed = np.sqrt(incidents)
    followed = followed - followed.mean(axis=1, keepdims=True)
    found, _ = nnls(centred.reshape(-1, points.shape[-1]), followed.reshape(-1))
    return found / found.sum() if found.sum() > 0 else found


def _is_mean(scheme: Scheme) -> bool:
    """Whether the score is a weighted mean of points at every level."""
    every = [inner for dimension in scheme.dimensions for inner in dimension.every_dimension()]
    return not scheme.decide and all(item.aggregate == "arithmetic" and item.then is None for item in (scheme, *every))


def _overall(scheme: Scheme) -> np.ndarray:
    """The weight of each indicator in a score of which nothing is missing, (indicators,)."""
    return combine(np.zeros((1, 1, len(scheme.indicators))), scheme).weights[0, 0]


def _carried(scheme: Scheme, weights: Mapping[str, float]) -> Scheme:
    """The scheme whose levels carry overall ``weights``; a level of which all are 0 keeps its own."""
    for level in levels(scheme):
        own = {child.id: _sum(child, weights) for child in level.children}
        if any(own.values()):
            scheme = set_percent(scheme, level.id, whole_percent(own))
    return scheme


def _sum(child: Dimension | Indicator, weights: Mapping[str, float]) -> float:
    inside = child.every_indicator() if isinstance(child, Dimension) else (child,)
    return sum(weights[item.id] for item in inside)


def _last_where_unknown(score: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(score), -np.inf, score)

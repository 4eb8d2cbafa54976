"""Combining: points of indicators → dimensions → one score, with the weights of missing indicators shared out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.scheme import Scheme

DECIMALS = 9
"""Scores are rounded here, so that a score that is on a cut-off by its arithmetic is on it in the machine too."""


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights that sum to 1 at each level: ``within`` (indicators,) in their dimension, ``dimension`` (dimensions,),
    ``member`` (indicators, dimensions) with 1 where the indicator belongs."""

    within: np.ndarray
    dimension: np.ndarray
    member: np.ndarray

    @classmethod
    def of(cls, scheme: Scheme) -> Weights:
        """The weights of a scheme, made to sum to 1."""
        member = np.array(
            [[item in dimension.indicators for dimension in scheme.dimensions] for item in scheme.indicators],
            dtype=float,
        )
        weight = np.array([item.weight for item in scheme.indicators])
        total = np.array([dimension.weight for dimension in scheme.dimensions])
        return cls(weight / (member @ (weight @ member)), total / total.sum(), member)


@dataclass(frozen=True, eq=False)
class Combined:
    """``score`` 0–100 (NaN when nothing is known), ``known`` share of weight 0–1, ``worst`` the score if everything
    missing were at 100; each of the shape of the points without their last axis. ``effective`` is the weight that each
    indicator really had, of the points' shape: ``(effective * points).sum(-1) == score``."""

    score: np.ndarray
    known: np.ndarray
    worst: np.ndarray
    effective: np.ndarray


def combine(points: np.ndarray, weights: Weights) -> Combined:
    """Arithmetic mean over two levels. ``points`` is (…, indicators) with NaN where missing.

    The weight of a missing indicator goes to the known ones of its dimension; that of a wholly missing dimension to the
    other dimensions.
    """
    known = ~np.isnan(points)
    value = np.where(known, points, 0.0)
    within = known * weights.within
    known_within = within @ weights.member
    some = known_within > 0
    dimension = some * weights.dimension
    known_dimensions = dimension.sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(some, dimension / known_dimensions / known_within, 0.0)
    effective = within * (share @ weights.member.T)
    score = (effective * value).sum(axis=-1)
    overall = weights.within * (weights.member @ weights.dimension)
    return Combined(
        score=np.where(known.any(axis=-1), score.round(DECIMALS), np.nan),
        known=(known * overall).sum(axis=-1).round(DECIMALS),
        worst=(np.where(known, points, 100.0) * overall).sum(axis=-1).round(DECIMALS),
        effective=effective,
    )

"""Proposals: other weights for one level of a scheme, and what they would change. Nothing is applied."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scheme import Scheme
from analytics.scheme.editing import LEAST, Level, levels, percentages, set_percent, whole_percent
from analytics.scoring.assess import Assessment, reassess
from analytics.scoring.combine import DECIMALS, combine
from analytics.scoring.weights import Weighting, WeightsError, critic, entropy, equal

DataMethod = Literal["equal", "entropy", "critic"]
"""Methods that need nothing but the scheme and the areas."""


@dataclass(frozen=True, eq=False)
class Proposal:
    """Weights for the children of one level, beside those of the assessment's own scheme.

    ``weighting`` as its method gave it; ``percents`` in whole percent by id, each at least ``LEAST``: what is locked as
    it is, and the others by the ``weighting`` in what that leaves; ``scheme`` the whole scheme with them. ``changes``:
    the areas whose computed tier of the last day would be another: index ``area_id``, columns ``before`` and ``after``
    (tier names), in the areas' order.

    Where the areas were compared: ``areas_used``, and ``areas_left_out`` since something of the level is missing there;
    ``unvarying`` names the children that are the same in all that were used, and so could be given no weight but the
    least. Otherwise 0, 0 and none.
    """

    level: str
    percents: Mapping[str, int]
    weighting: Weighting
    scheme: Scheme
    changes: pd.DataFrame
    areas_used: int = 0
    areas_left_out: int = 0
    unvarying: Sequence[str] = ()


def proposal(
    assessment: Assessment, level_id: str, method: DataMethod, locked: Collection[str] = frozenset()
) -> Proposal:
    """Weights for one level (an id of `editing`) by what its children are worth in telling the areas apart.

    What is compared are the points of indicators and the values of dimensions on the last day, all of them hardness, in
    the areas that know every one of them. Raises :class:`WeightsError` when fewer than two areas do, or when nothing
    differs between them.
    """
    level = _level(assessment.scheme, level_id)
    if method == "equal":
        return proposed(assessment, level_id, equal(child.id for child in level.children), locked)
    known = _table(assessment, level).dropna()
    if len(known) < 2:
        raise WeightsError.because("weights.too_few_areas", found=len(known))
    weighting = {"entropy": entropy, "critic": critic}[method](known, ())
    return replace(
        proposed(assessment, level_id, weighting, locked),
        areas_used=len(known),
        areas_left_out=len(assessment.areas) - len(known),
        unvarying=tuple(known.columns[known.min() == known.max()]),
    )


def proposed(
    assessment: Assessment, level_id: str, weighting: Weighting, locked: Collection[str] = frozenset()
) -> Proposal:
    """What weights by id, wherever they came from (judges, say), would change at one level.

    The weights of ``locked`` ids stay, and all of them where fewer than two others could move, or where the others have
    no weight to be told apart by.
    """
    present = percentages(_level(assessment.scheme, level_id))
    percents = _beside(present, weighting.weights, locked)
    scheme = assessment.scheme if percents == present else set_percent(assessment.scheme, level_id, percents)
    last = assessment.on(assessment.days[-1])
    before, after = last.computed[0], reassess(last, scheme).computed[0]
    changes = pd.DataFrame({"before": tiers.names(before), "after": tiers.names(after)}, index=assessment.areas.index)
    return Proposal(level_id, percents, weighting, scheme, changes[before != after])


def _level(scheme: Scheme, level_id: str) -> Level:
    return next(level for level in levels(scheme) if level.id == level_id)


def _beside(present: Mapping[str, int], weights: Mapping[str, float], locked: Collection[str]) -> dict[str, int]:
    """Whole percent: those of ``present`` that are locked, and the ``weights`` of the others in what these leave."""
    free = [name for name in present if name not in locked]
    if len(free) == len(present):
        return whole_percent(weights)
    total = sum(weights[name] for name in free)
    if len(free) < 2 or total == 0:
        return dict(present)
    left = sum(present[name] for name in free)
    wanted = {name: weights[name] / total * left for name in free}
    if min(wanted.values()) < LEAST:
        over = left - LEAST * len(free)
        wanted = {name: LEAST + weights[name] / total * over for name in free}
    # With the locked ones beside them, which are whole already: only the others are rounded.
    return whole_percent({name: wanted.get(name, percent) for name, percent in present.items()})


def _table(assessment: Assessment, level: Level) -> pd.DataFrame:
    """Areas × children of the level, NaN where missing."""
    points = assessment.points[-1:]
    by_indicator = dict(zip(assessment.indicator_ids, np.moveaxis(points, -1, 0), strict=True))
    found = by_indicator | dict(combine(points, assessment.scheme).dimensions)
    # What differs in the last bit does not differ: ranges are stretched to 0–1.
    columns = {child.id: found[child.id][0].round(DECIMALS) for child in level.children}
    return pd.DataFrame(columns, index=assessment.areas.index)

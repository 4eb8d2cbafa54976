"""Goal seek: the smallest change of weights or cut-offs that takes an area out of its tier, and what else it moves."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scheme import Scheme
from analytics.scheme.basics import required
from analytics.scheme.editing import LEAST, Level, levels, percentages, recut, set_percent
from analytics.scoring.assess import Assessment, reassess
from analytics.scoring.combine import DECIMALS, combine
from analytics.scoring.decide import BY_MISSING, extreme_scores

CUTOFF_STEP = 0.1
"""The steps in which cut-offs move, in points: those in which scores are shown."""

Because = Literal["decide", "relative", "missing", "green", "floor"]


@dataclass(frozen=True)
class SettingChange:
    """A weight in whole percent, or a cut-off in points, by the id of the indicator, dimension or tier."""

    id: str
    before: float
    after: float


@dataclass(frozen=True, eq=False)
class TierChangePlan:
    """A ``scheme`` under which the easier ``tier`` is computed for the area, with this ``score``, and ``shown`` for it.

    ``changes`` of the weights of one ``level`` (see `editing`), or of cut-offs, where ``level`` is None. ``size``: the
    percent that go from some weights to others, or the points by which cut-offs rise, all together. ``others``: the
    other areas whose tier it changes, as :func:`side_effects` has them.
    """

    kind: Literal["weights", "cutoffs"]
    level: str | None
    changes: tuple[SettingChange, ...]
    size: float
    scheme: Scheme
    score: float
    tier: str
    shown: str
    others: pd.DataFrame


@dataclass(frozen=True, eq=False)
class GoalSeek:
    """The ``ways``, first those that change the fewest other areas, of these the smallest; where there are none, why:
    ``because``

    - ``decide``: the tier is no matter of weights, or ``relative``: one of the other areas;
    - ``missing``: too little is known for a tier, or what is not known could keep the area from an easier one;
    - ``green``: there is no easier tier; ``floor``: a red line holds the tier, and stands whatever the weights.
    """

    ways: tuple[TierChangePlan, ...]
    because: Because | None


def find_tier_changes(assessment: Assessment, area_id: str, locked: Collection[str] = frozenset()) -> GoalSeek:
    """What takes the area out of the tier that is computed for it on the last day, into an easier one that is known.

    For each level of weights the smallest shift in whole percent, every weight staying at ``LEAST`` or more and those
    of the ``locked`` ids as they are; and the smallest rise of the tier's own cut-off, and of those above it that would
    not stay above. The area's score lies below the tier's cut-off to the tenth (:func:`score_to_tenth`) too, so
    that it can be read.

    No smaller shift of that level does it: a level's value falls fastest, percent for percent, from the hardest child
    that may move to the easiest (for a child that is missing, which may be the hardest, every place in that order but
    the last is tried). Two cases are left out of that promise: children of which a part is missing; and floors that
    hang on a dimension's value.

    Every way is verified by :func:`analytics.scoring.reassess`.
    """
    whole = assessment.on(assessment.days[-1])
    alone = whole.of_areas(pd.Index([area_id]))
    because = _nothing_to_move(alone)
    if because:
        return GoalSeek((), because)
    ways = []
    for level in levels(alone.scheme):
        found = _reweighted(alone, level, locked)
        if found:
            ways.append(_way(whole, area_id, "weights", level.id, *found))
    scheme, changes = _recut(alone)
    if _is_easier(alone, reassess(alone, scheme)):
        ways.append(_way(whole, area_id, "cutoffs", None, scheme, changes))
    return GoalSeek(_ordered(ways), None if ways else "missing")


def as_shown(found: GoalSeek, before: Assessment, area_id: str, after: Callable[[Scheme], Assessment]) -> GoalSeek:
    """The same ways with the tiers that are shown, of the area and of the others: of the run ``before``, and of what
    each way's scheme makes of it ``after``."""
    ways = []
    for way in found.ways:
        run = after(way.scheme)
        shown = str(tiers.names(run.shown[-1, run.areas.index.get_loc(area_id)]))
        others = _differing(before, before.shown, run.shown).drop(area_id, errors="ignore")
        ways.append(replace(way, shown=shown, others=others))
    return replace(found, ways=_ordered(ways))


def _ordered(ways: Iterable[TierChangePlan]) -> tuple[TierChangePlan, ...]:
    """What disturbs least comes first; of as many others, weights before cut-offs, and the smaller change."""
    return tuple(sorted(ways, key=lambda way: (len(way.others), way.kind == "cutoffs", way.size)))


def side_effects(before: Assessment, after: Assessment) -> pd.DataFrame:
    """Areas whose computed tier on the last day differs between two runs of the same areas.

    Index ``area_id``; columns ``name``, ``before``, ``after`` (tier names).
    """
    return _differing(before, before.computed, after.computed)


def _differing(run: Assessment, before: np.ndarray, after: np.ndarray) -> pd.DataFrame:
    table = pd.DataFrame(
        {"name": run.areas["name"], "before": tiers.names(before[-1]), "after": tiers.names(after[-1])},
        index=run.areas.index,
    )
    return table[table["before"] != table["after"]]


def score_to_tenth(score: float) -> float:
    """The score with one decimal, as it is mostly printed; numpy rounds 0.15 otherwise."""
    return float(f"{score:.1f}")


def just_above(score: float) -> float:
    """The first step of a cut-off that ``score`` does not reach to the tenth (:func:`score_to_tenth`)."""
    return round(score_to_tenth(score) + CUTOFF_STEP, 1)


def _nothing_to_move(alone: Assessment) -> Because | None:
    if alone.scheme.decide:
        return "decide"
    if alone.scheme.is_relative():
        return "relative"
    if alone.decided[0, 0] == BY_MISSING:
        return "missing"
    rank = alone.computed[0, 0]
    if rank == tiers.RANK["green"]:
        return "green"
    # Also where the score alone reaches the tier: the floor would hold it there.
    holding = zip(alone.scheme.floors, alone.holding[0, 0], strict=True)
    return "floor" if any(held and tiers.RANK[rule.at_least] >= rank for rule, held in holding) else None


def _way(
    whole: Assessment,
    area_id: str,
    kind: Literal["weights", "cutoffs"],
    level: str | None,
    scheme: Scheme,
    changes: tuple[SettingChange, ...],
) -> TierChangePlan:
    after = reassess(whole, scheme)
    at = whole.areas.index.get_loc(area_id)
    rises = sum(max(change.after - change.before, 0) for change in changes)
    return TierChangePlan(
        kind=kind,
        level=level,
        changes=changes,
        size=round(rises, DECIMALS),
        scheme=scheme,
        score=float(after.score[0, at]),
        tier=str(tiers.names(after.computed[0, at])),
        shown=str(tiers.names(after.computed[0, at])),
        others=side_effects(whole, after).drop(area_id),
    )


def _recut(alone: Assessment) -> tuple[Scheme, tuple[SettingChange, ...]]:
    """The tier's own cut-off just above the score, or what it is at most where something is missing; and those after
    it a step apart where they would not rise."""
    cuts = required(alone.scheme.tiers).model_dump()
    raised: dict[str, float] = {}
    ends = extreme_scores(alone.points, alone.scheme, combine(alone.points, alone.scheme), alone.holes)
    last = just_above(float(ends.most[0, 0]))
    for tier in tiers.RANKED[alone.computed[0, 0] :]:
        if raised and cuts[tier] > last:
            break
        last = round(last + CUTOFF_STEP, 1) if raised else last
        raised[tier] = last
    return recut(alone.scheme, raised), tuple(SettingChange(tier, cuts[tier], cut) for tier, cut in raised.items())


def _reweighted(
    alone: Assessment, level: Level, locked: Collection[str]
) -> tuple[Scheme, tuple[SettingChange, ...]] | None:
    """The smallest shift of one level that does it; None where none does."""
    before = percentages(level)
    cut = alone.scheme.cutoffs[alone.computed[0, 0] - 1]

    def under_shift(order: Sequence[str], percent: int) -> tuple[dict[str, int], Assessment]:
        after = _shifted(before, order, percent)
        return after, reassess(alone, set_percent(alone.scheme, level.id, after))

    def is_below(order: Sequence[str], percent: int) -> bool:
        return score_to_tenth(under_shift(order, percent)[1].score[0, 0]) < cut

    found: list[tuple[int, dict[str, int], Scheme]] = []
    for order in _orders(level, alone, locked):
        most = sum(before[name] - LEAST for name in order[:-1])
        sizes = range(1, most + 1)
        # The score only falls on the way. Below the cut-off it may yet be unknown whether the area is green.
        first = bisect_left(sizes, True, key=partial(is_below, order))
        for percent in sizes[first:]:
            after, run = under_shift(order, percent)
            if score_to_tenth(run.score[0, 0]) < cut and _is_easier(alone, run):
                found.append((percent, after, run.scheme))
                break
    if not found:
        return None
    _, after, scheme = min(found, key=lambda one: one[0])
    return scheme, tuple(
        SettingChange(name, before[name], after[name]) for name in before if after[name] != before[name]
    )


def _orders(level: Level, alone: Assessment, locked: Collection[str]) -> Iterator[tuple[str, ...]]:
    """The children that may move, from the first to give weight to the one that takes it; none where no two may."""
    points = dict(zip(alone.indicator_ids, alone.points[0, 0], strict=True))
    dimensions = {name: value[0, 0] for name, value in combine(alone.points, alone.scheme).dimensions.items()}
    value = {child.id: (points | dimensions)[child.id] for child in level.children if child.id not in locked}
    if len(value) < 2:
        return
    missing = [name for name in value if np.isnan(value[name])]
    known = sorted((name for name in value if name not in missing), key=lambda name: -value[name])
    # What a missing child stands at no value of its own says. It takes no weight: it may be the hardest.
    for place in range(len(known) if missing else 1):
        yield *known[:place], *missing, *known[place:]


def _shifted(percents: Mapping[str, int], order: Sequence[str], percent: int) -> dict[str, int]:
    """The weights after ``percent`` went from the first ones, down to ``LEAST`` each, to the last one."""
    after, left = dict(percents), percent
    for name in order[:-1]:
        given = min(left, after[name] - LEAST)
        after[name] -= given
        left -= given
    after[order[-1]] += percent
    return after


def _is_easier(before: Assessment, after: Assessment) -> bool:
    return tiers.RANK["green"] <= after.computed[0, 0] < before.computed[0, 0]

"""Influence: what a weight is really worth, which indicators say the same, and which of them decide nothing.

All of it speaks of an assessment's last day. Points are hardness, so two indicators that say the same rise together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, zip_longest

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scheme import Dimension, Indicator, Scheme
from analytics.scheme.conditions import named_in
from analytics.scheme.editing import TOP, levels
from analytics.scoring.assess import Assessment
from analytics.scoring.combine import DECIMALS, combine, scores
from analytics.scoring.decide import decided_tiers, extreme_scores
from analytics.scoring.weights import effective_weights

CLOSE = 0.9
"""Two indicators whose points correlate like this may count one thing twice."""

FEWEST_AREAS = 10
"""Of fewer areas no two indicators are called close: of five, one pair in fifty is by chance alone."""

SAME = 0.85
"""An indicator that gives this share of the areas the same points tells few of them apart."""

FEW_CHANGES = 0.05
"""Of the areas. What changes more tiers than this when it is taken away decides something."""

LACKING = 0.5
"""Of the areas. Of what so many lack it is no finding that it changes little: its weight is one of doubt."""

MOST_FINDINGS = 6
"""More than this nobody reads."""


@dataclass(frozen=True)
class Removal:
    """What happens when a dimension or indicator is taken out of the scheme: ``changed`` areas get another tier.

    Of these ``withheld`` are unknown with it and green without: it is missing, or more than it, and could make them
    harder. ``missing`` is the share (0–1) of the areas that lack it, a dimension where nothing in it is known.
    ``nominal`` and ``effective`` are its shares of the whole score, as in :func:`shares`. ``in_rules``: a floor or a
    line of ``decide`` names it, or something in it; the rules still ask for it after the removal, which is of its
    weight alone.
    """

    id: str
    changed: int
    withheld: int
    missing: float
    nominal: float
    effective: float
    in_rules: bool


@dataclass(frozen=True)
class IncompleteIndicator:
    """A dimension or indicator that ``areas_missing`` of the ``areas`` lack: there it says nothing, and by its weight
    alone it keeps ``greens_withheld`` areas from being green, since what is missing could be hard."""

    id: str
    areas_missing: int
    areas: int
    greens_withheld: int


@dataclass(frozen=True)
class ClosePair:
    """Two indicators whose points correlate by ``r`` over ``areas`` areas that know both."""

    first: str
    second: str
    r: float
    areas: int


@dataclass(frozen=True)
class Uniform:
    """An indicator that gives ``same`` of the ``areas`` areas that know it the same ``points``."""

    id: str
    points: float
    same: int
    areas: int


@dataclass(frozen=True, eq=False)
class Correlations:
    """Indicator ids on both axes. ``r``: Pearson's, NaN where one of the two does not vary, or fewer than three areas
    know both; ``areas``: how many know both."""

    r: pd.DataFrame
    areas: pd.DataFrame


def shares(assessment: Assessment) -> pd.DataFrame:
    """What every dimension and indicator is meant to weigh in the whole score, beside what it does weigh.

    Index ``id``, level by level as in `editing`; columns ``level`` (the dimension that holds it, ``""`` at the top),
    ``nominal`` (0–1: the product of its shares from the top down, when nothing is missing) and ``effective``
    (of the score's variance over the areas that have one, as in `effective_weights`; a dimension's is the sum of what
    is in it; NaN where the score does not vary). Both sum to 1 over the top, and over all indicators.
    """
    ids, *columns = zip(*_shares(assessment), strict=True)
    named = dict(zip(("level", "nominal", "effective"), columns, strict=True))
    return pd.DataFrame(named, index=pd.Index(ids, name="id"))


def effective_within_level(assessment: Assessment) -> Mapping[str, pd.Series]:
    """For every level its children's effective shares by id, in percent that sum to 100: what stands beside a slider.

    At the top they are shares of the variance of the score; in a dimension, of that dimension's own value, over the
    areas that have one. All NaN where it does not vary.
    """
    scheme, points = assessment.scheme, assessment.points[-1:]
    place = {name: number for number, name in enumerate(assessment.indicator_ids)}
    found = {}
    for level in levels(scheme):
        if level.dimension is None:
            inside, parts, value = list(place), assessment.parts[-1], assessment.score[-1]
        else:
            inside = _indicators_in(level.dimension)
            # A scheme of this dimension alone, whose score is its value.
            only = {"dimensions": (level.dimension,), "aggregate": "arithmetic", "then": None}
            alone = scheme.model_copy(update=only)
            combined = combine(points[..., [place[name] for name in inside]], alone)
            parts, value = combined.parts[0], combined.score[0]
        by_indicator = _by_id(inside, 100 * _effective(parts, value))
        found[level.id] = pd.Series({child.id: _sum_in(child, by_indicator) for child in level.children})
    return found


def correlations(assessment: Assessment) -> Correlations:
    """How the indicators' points go together over the areas, pair by pair."""
    points = pd.DataFrame(assessment.points[-1].round(DECIMALS), columns=list(assessment.indicator_ids))
    known = points.notna().astype(int)
    return Correlations(points.corr(min_periods=3), known.T @ known)


def close_pairs(found: Correlations, least: float = CLOSE) -> list[ClosePair]:
    """Pairs of indicators that rise together, r ≥ ``least``, the strongest first; see :data:`FEWEST_AREAS`.

    Two that work against each other (r ≤ −``least``) are no such pair: neither counts the other's thing again.
    """
    r, areas = found.r.to_numpy(), found.areas.to_numpy()
    rows, columns = np.nonzero(np.triu((r >= least) & (areas >= FEWEST_AREAS), 1))
    names = list(found.r.columns)
    pairs = [
        ClosePair(names[row], names[column], float(r[row, column]), int(areas[row, column]))
        for row, column in zip(rows, columns, strict=True)
    ]
    return sorted(pairs, key=lambda pair: -pair.r)


def uniform_indicators(assessment: Assessment) -> list[Uniform]:
    """Indicators that give at least :data:`SAME` of the areas that know them the same points, the most uniform first.

    One area alone is not uniform.
    """
    found = []
    for name, column in zip(assessment.indicator_ids, assessment.points[-1].round(DECIMALS).T, strict=True):
        known = column[~np.isnan(column)]
        if len(known) < 2:
            continue
        points, times = np.unique(known, return_counts=True)
        most = int(times.argmax())
        if times[most] >= SAME * len(known):
            found.append(Uniform(name, float(points[most]), int(times[most]), len(known)))
    return sorted(found, key=lambda item: -item.same / item.areas)


def removals(assessment: Assessment) -> list[Removal]:
    """Every dimension and indicator that has others beside it, taken out of the scheme by itself, level by level.

    Its weight goes to those beside it in proportion, as in a scheme that was written without it. Compared are computed
    tiers, unknown among them.
    """
    scheme, named = assessment.scheme, _named_in_rules(assessment.scheme)
    weighed = {name: (nominal, effective) for name, _, nominal, effective in _shares(assessment)}
    present, without = assessment.computed[-1], _Without(assessment)
    unknown = dict(zip(assessment.indicator_ids, np.isnan(assessment.points[-1]).T, strict=True))
    found = []
    for child in _removable(scheme):
        ranks = without.ranks(child, named)
        withheld = (present == tiers.UNKNOWN_RANK) & (ranks == tiers.RANK["green"])
        found.append(
            Removal(
                id=child.id,
                changed=int((ranks != present).sum()),
                withheld=int(withheld.sum()),
                missing=float(np.all([unknown[name] for name in _indicators_in(child)], axis=0).mean()),
                nominal=weighed[child.id][0],
                effective=weighed[child.id][1],
                in_rules=not named.isdisjoint(_ids_in(child)),
            )
        )
    return found


def incomplete_indicators(assessment: Assessment, tried: Sequence[Removal]) -> list[IncompleteIndicator]:
    """What at least :data:`LACKING` of the areas lack, of what was ``tried``; what is in it is not told again. First
    what withholds most greens, and of equal ones the heaviest."""
    inside: set[str] = set()
    children = {child.id: child for child in _removable(assessment.scheme)}
    outermost = []
    for item in tried:
        if item.missing >= LACKING and item.id not in inside:
            inside |= _ids_in(children[item.id])
            outermost.append(item)
    areas = len(assessment.areas)
    return [
        IncompleteIndicator(item.id, round(item.missing * areas), areas, item.withheld)
        for item in sorted(outermost, key=lambda item: (-item.withheld, -item.nominal))
    ]


def redundant_indicators(assessment: Assessment) -> list[IncompleteIndicator | Removal | ClosePair | Uniform]:
    """What could be asked of a scheme before its weights are: does it all incident?

    :data:`MOST_FINDINGS` at most, of four kinds that take turns, the most telling of each first:

    - what most areas lack (:func:`incomplete_indicators`), which then is of no other kind;
    - what changes no tier when it is taken away, or, where everything changes one, what changes the fewest
      (:data:`FEW_CHANGES` at most), the heaviest first;
    - close pairs;
    - uniform indicators.

    A rule that names an indicator lets it decide whatever it weighs, so what is named in rules is neither of the second
    nor of the last kind.
    """
    every = removals(assessment)
    unknown = {item.id for item in every if item.missing >= LACKING}
    tried = [item for item in every if not item.in_rules and item.id not in unknown]
    fewest = min((item.changed for item in tried), default=0)
    few = fewest <= FEW_CHANGES * len(assessment.areas)
    idle = [item for item in tried if few and item.changed == fewest]
    named = _named_in_rules(assessment.scheme)
    kinds = (
        incomplete_indicators(assessment, every),
        sorted(idle, key=lambda item: -item.nominal),
        close_pairs(correlations(assessment)),
        [item for item in uniform_indicators(assessment) if item.id not in named | unknown],
    )
    in_turn = chain.from_iterable(zip_longest(*kinds))
    return list(islice((item for item in in_turn if item), MOST_FINDINGS))


def _removable(scheme: Scheme) -> list[Dimension | Indicator]:
    """What has others beside it, level by level."""
    return [child for level in levels(scheme) if len(level.children) > 1 for child in level.children]


class _Without:
    """Tiers of the last day under the scheme without one of its dimensions or indicators."""

    def __init__(self, assessment: Assessment) -> None:
        self._scheme = assessment.scheme
        last = assessment.on(assessment.days[-1])
        self._points, self._values, self._holes = last.points, last.values, last.holes
        found = scores(self._points, self._scheme)
        self._dimensions = extreme_scores(self._points, self._scheme, found, self._holes).dimensions

    def ranks(self, gone: Dimension | Indicator, named: Collection[str]) -> np.ndarray:
        """Computed ranks, (areas,), without ``gone``; the rules that name it (``named``) still see its value."""
        left = self._scheme.model_copy(update={"dimensions": _kept(self._scheme.dimensions, gone.id)})
        inside = set(_indicators_in(gone))
        at = [number for number, item in enumerate(self._scheme.indicators) if item.id not in inside]
        points = self._points[..., at]
        found = scores(points, left)
        holes = self._holes.each(lambda held: held[..., at])
        extremes = extreme_scores(points, left, found, holes)
        if _ids_in(gone).isdisjoint(named):
            return decided_tiers(left, found, extremes, self._values[..., at], holes).rank[0]
        extremes = replace(extremes, dimensions={**self._dimensions, **extremes.dimensions})
        return decided_tiers(self._scheme, found, extremes, self._values, self._holes).rank[0]


def _named_in_rules(scheme: Scheme) -> set[str]:
    return {name for when in scheme.conditions() for _, name in named_in(when)}


def _kept(dimensions: tuple[Dimension, ...], gone: str) -> tuple[Dimension, ...]:
    return tuple(
        dimension.model_copy(
            update={
                "indicators": tuple(item for item in dimension.indicators if item.id != gone),
                "dimensions": _kept(dimension.dimensions, gone),
            }
        )
        for dimension in dimensions
        if dimension.id != gone
    )


def _indicators_in(child: Dimension | Indicator) -> list[str]:
    return [item.id for item in child.every_indicator()] if isinstance(child, Dimension) else [child.id]


def _ids_in(child: Dimension | Indicator) -> set[str]:
    """Its own id and those of everything in it."""
    inner = {item.id for item in child.every_dimension()} if isinstance(child, Dimension) else set()
    return inner | set(_indicators_in(child))


def _shares(assessment: Assessment) -> list[tuple[str, str, float, float]]:
    """The rows of :func:`shares`."""
    by_indicator = _by_id(assessment.indicator_ids, _effective(assessment.parts[-1], assessment.score[-1]))
    nominal, rows = {TOP: 1.0}, []
    for level in levels(assessment.scheme):
        total = sum(child.weight for child in level.children)
        for child in level.children:
            nominal[child.id] = nominal[level.id] * child.weight / total
            rows.append((child.id, level.id, nominal[child.id], _sum_in(child, by_indicator)))
    return rows


def _by_id(ids: Sequence[str], numbers: np.ndarray) -> dict[str, float]:
    return dict(zip(ids, numbers.tolist(), strict=True))


def _sum_in(child: Dimension | Indicator, by_indicator: Mapping[str, float]) -> float:
    return sum(by_indicator[name] for name in _indicators_in(child))


def _effective(parts: np.ndarray, value: np.ndarray) -> np.ndarray:
    return effective_weights(parts[~np.isnan(value)])

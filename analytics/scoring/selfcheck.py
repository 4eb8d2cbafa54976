"""The eight laws of the method, tried on the records and the scheme that are in use.

A law that holds for every scheme of the tests can still be broken by a scheme that someone writes (a floor that lets go
when things get worse) or by data nobody thought of. So each law is tried here on the user's own, by cases drawn from a
seed, and a law that does not hold is told with the area that breaks it.

Supposed values take the place of days: arrays are (cases, areas) or (cases, areas, indicators), and each case is
the chosen day with something changed in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Self, TypeVar

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scheme import BandsPoints, CutOffs, Dimension, Indicator, LinearPoints, Scheme
from analytics.scheme.basics import Bilingual, required
from analytics.scheme.tables import STOCK_TABLES
from analytics.scoring.area_counts import LEVELS, AreaCounts, day_numbers
from analytics.scoring.assess import Assessment, area_counts_for, assess, first_days
from analytics.scoring.combine import combine, scores
from analytics.scoring.decide import TierDecision, tiers_from
from analytics.scoring.measures import measured
from analytics.scoring.points import points as points_of
from analytics.scoring.stability import publish
from analytics.store.counts import Counts
from analytics.words import Language, Phrase, phrase, say

SEED = 2020
ROUNDS = 6
"""How often each indicator is worsened, and a sixth of the times that holes are made."""

ALONE = 240
"""Cases where places among the areas count: only one area may change in each."""

CELLS_AT_ONCE = 2_000_000
COLUMNS_TO_PUBLISH = 4_000
"""Areas, in all cases together, whose changed day is also put behind their whole past."""

DAYS_AT_ONCE = 64
DAYS_APART = 5
TOLERANCE = 1e-7
"""Scores are rounded at nine decimals; sums of a few parts of them are the same to seven."""

JUST_BELOW = 1e-6
UNKNOWN, GREEN = tiers.UNKNOWN_RANK, tiers.RANK["green"]


@dataclass(frozen=True)
class LawResult:
    """Whether a law held in the ``checked`` cases that were tried; 0 where it has nothing to say of the scheme.

    ``law`` is its number in the method, 1 to 8. Where it does not hold, ``area_id`` is the first area that breaks it,
    None where it is none in particular, and ``detail`` is what happened there.
    """

    law: int
    name: Phrase
    holds: bool
    checked: int
    area_id: str | None = None
    detail: Phrase | None = None


@dataclass(frozen=True)
class _Broken:
    """A case against a law."""

    area_id: str | None
    detail: Phrase


_Found = tuple[int, _Broken | None]
"""Cases that were tried, and the first that breaks the law."""

_Item = TypeVar("_Item")


def selfcheck(facts: AreaCounts, scheme: Scheme, day: date, seed: int = SEED) -> tuple[LawResult, ...]:
    """The eight laws, in their order, for the areas of ``facts`` on ``day`` and the history up to it.

    Raises :class:`ScoringError` where the records and the scheme do not fit, as `assess` does.
    """
    world = _World.of(facts, scheme, day, seed)
    laws = (_worse, _order, _missing, _parts, _cut_offs, _counts, _groups, _history)
    found = [law(world) for law in laws]
    return tuple(
        LawResult(
            law=number,
            name=phrase(f"selfcheck.law_{number}"),
            holds=broken is None,
            checked=checked,
            area_id=broken.area_id if broken else None,
            detail=broken.detail if broken else None,
        )
        for number, (checked, broken) in enumerate(found, start=1)
    )


def selfcheck_report(results: Sequence[LawResult], lang: Language) -> str:
    """One line a law: its mark, its words, how many cases were tried; below it, what broke it and where."""
    lines = []
    for result in results:
        mark = "✘" if not result.holds else "✔" if result.checked else "–"
        key = "selfcheck.line" if result.checked else "selfcheck.line_none"
        lines.append(say(lang, key, mark=mark, law=result.law, name=result.name, n=f"{result.checked:,}"))
        if result.detail and result.area_id:
            lines.append(say(lang, "selfcheck.line_area", area=result.area_id, detail=result.detail))
        elif result.detail:
            lines.append(say(lang, "selfcheck.line_detail", detail=result.detail))
    broken = sum(not result.holds for result in results)
    lines.append(say(lang, "selfcheck.broken", n=broken) if broken else say(lang, "selfcheck.all_hold"))
    return "\n".join(lines)


@dataclass(frozen=True, eq=False)
class _World:
    """What the laws are tried on. ``values`` (areas, indicators) are those of ``day``; ``ranks`` and ``floors`` (days,
    areas) are computed for every day from the first record to ``day``, as `stability` takes them."""

    facts: AreaCounts
    scheme: Scheme
    day: date
    seed: int
    run: Assessment
    values: np.ndarray
    ranks: np.ndarray
    floors: np.ndarray

    @classmethod
    def of(cls, facts: AreaCounts, scheme: Scheme, day: date, seed: int) -> Self:
        run = assess(facts, scheme, pd.DatetimeIndex([day]))
        first = min([day, *first_days(facts.counts).values()])
        days = day_numbers(pd.date_range(first, day, freq="D"))
        pieces = [
            _decided(_values(facts, scheme, days[start : start + DAYS_AT_ONCE]), scheme)
            for start in range(0, len(days), DAYS_AT_ONCE)
        ]
        ranks, floors = (np.concatenate([getattr(piece, name) for piece in pieces]) for name in ("rank", "floor"))
        return cls(facts, scheme, day, seed, run, run.values[0], ranks, floors)

    def random(self, law: int) -> np.random.Generator:
        """Each law draws its own cases, whichever others are tried."""
        return np.random.default_rng([self.seed, law])

    def area(self, at: int) -> str:
        return str(self.facts.areas.index[at])


def _values(facts: AreaCounts, scheme: Scheme, days: np.ndarray) -> np.ndarray:
    facts = facts.shown_by(scheme.indicators)
    return np.stack([measured(facts, item, days)[0] for item in scheme.indicators], axis=-1)


def _points(values: np.ndarray, scheme: Scheme) -> np.ndarray:
    return np.stack([points_of(values[..., at], item) for at, item in enumerate(scheme.indicators)], axis=-1)


def _decided(values: np.ndarray, scheme: Scheme) -> TierDecision:
    return tiers_from(_points(values, scheme), scheme, values)


def _worse(world: _World) -> _Found:
    """Law 1: with one indicator or all of them worse, no known tier is lower, neither computed nor published."""
    before = world.ranks[-1]
    tried: list[tuple[np.ndarray, ...]] = []
    checked = 0
    for values, changed in _pieces(world, _worsened(world, world.random(1))):
        after = _decided(values, world.scheme)
        counted = changed.any(axis=-1) & (before != UNKNOWN)
        checked += int(counted.sum())
        fallen = np.where(after.rank == UNKNOWN, before > GREEN, after.rank < before) & counted
        for case, at in np.argwhere(fallen)[:1]:
            ranks = before[at], after.rank[case, at]
            return checked, _changed(world, at, changed[case, at], ranks, "selfcheck.worse_lowers")
        case, at = np.nonzero(counted)
        tried.append((at, after.rank[case, at], after.floor[case, at], changed[case, at]))
    if world.scheme.stability is None or not checked:
        return checked, None
    published, broken = _worse_published(world, *(np.concatenate(part) for part in zip(*tried, strict=True)))
    return checked + published, broken


def _worse_published(world: _World, at: np.ndarray, rank: np.ndarray, floor: np.ndarray, changed: np.ndarray) -> _Found:
    """The same past with a worse last day: ``rank`` and ``floor`` of areas ``at``, one column each."""
    chosen = np.sort(world.random(1).permutation(len(at))[:COLUMNS_TO_PUBLISH])
    at, changed = at[chosen], changed[chosen]
    ranks, floors = world.ranks[:, at], world.floors[:, at]
    ranks[-1], floors[-1] = rank[chosen], floor[chosen]
    rule = required(world.scheme.stability)
    before = publish(world.ranks, world.floors, rule).tier[-1][at]
    after = publish(ranks, floors, rule).tier[-1]
    for one in np.flatnonzero((after < before) & (after != UNKNOWN))[:1]:
        found = _changed(world, at[one], changed[one], (before[one], after[one]), "selfcheck.worse_lowers_published")
        return len(at), found
    return len(at), None


def _worsened(world: _World, random: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Values (areas, indicators) in which something is worse, and where: each indicator in turn, then all at random."""
    indicators = world.scheme.indicators
    known = ~np.isnan(world.values)
    spans = [_span(item, world.values[:, at]) for at, item in enumerate(indicators)]
    for wanted in _turns(world, len(indicators), known, random):
        worse = world.values.copy()
        for at, item in enumerate(indicators):
            # From hardly worse to far beyond the scale, so that every step of points and every floor is passed.
            step = spans[at] * random.choice([0.001, 0.1, 0.5, 1.0, 3.0], size=len(worse)) * random.random(len(worse))
            if smallest := item.spec.smallest_change:
                step = np.ceil(step / smallest) * smallest
            moved = worse[:, at] + step if item.harder_when == "high" else worse[:, at] - step
            # No measure goes below zero of itself.
            worse[:, at] = np.where(wanted[:, at], np.maximum(moved, np.minimum(worse[:, at], 0.0)), worse[:, at])
        yield worse, known & (worse != world.values)


def _turns(world: _World, indicators: int, known: np.ndarray, random: np.random.Generator) -> Iterator[np.ndarray]:
    """Which cells (areas, indicators) change in each case; one cell where an area's change moves the others' places."""
    if world.scheme.is_relative():
        cells = np.argwhere(known)
        for area, at in random.permutation(cells)[:ALONE]:
            wanted = np.zeros(known.shape, dtype=bool)
            wanted[area, at] = True
            yield wanted
        return
    for _ in range(ROUNDS):
        for at in range(indicators):
            wanted = np.zeros(known.shape, dtype=bool)
            wanted[:, at] = True
            yield wanted
        yield random.random(known.shape) < random.random()


def _span(indicator: Indicator, values: np.ndarray) -> float:
    """How far the indicator's scale reaches, in its own unit: by its points, else by what there is of it."""
    rule = indicator.points
    if isinstance(rule, BandsPoints) and len(rule.bands) > 1:
        return rule.bands[-1][0] - rule.bands[0][0]
    if isinstance(rule, LinearPoints):
        return rule.linear.high - rule.linear.low
    known = values[~np.isnan(values)]
    return float(np.ptp(known)) if len(known) and np.ptp(known) > 0 else 1.0


def _pieces(world: _World, cases: Iterator[tuple[np.ndarray, np.ndarray]]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Cases stacked (cases, areas, indicators), as many at once as fit the memory."""
    size = max(1, CELLS_AT_ONCE // max(1, world.values.size))
    held: list[tuple[np.ndarray, np.ndarray]] = []
    for case in cases:
        held.append(case)
        if len(held) == size:
            yield np.stack([values for values, _ in held]), np.stack([changed for _, changed in held])
            held = []
    if held:
        yield np.stack([values for values, _ in held]), np.stack([changed for _, changed in held])


def _changed(world: _World, at: int, changed: np.ndarray, ranks: tuple[int, int], key: str) -> _Broken:
    """A case against a law: the area, which of its indicators were changed, and its rank before and after."""
    names = [_named(item.name) for item, is_it in zip(world.scheme.indicators, changed, strict=True) if is_it]
    before, after = map(_tier, ranks)
    return _Broken(world.area(at), phrase(key, indicators=names, before=before, after=after))


def _named(name: Bilingual) -> Phrase:
    return phrase("selfcheck.name", zh=name.zh, en=name.en)


def _tier(rank: int) -> Phrase:
    return phrase(f"tiers.{tiers.names(np.asarray(rank))}")


def _order(world: _World) -> _Found:
    """Law 2: rows, areas, dimensions and indicators in another order give the same scores and tiers."""
    random = world.random(2)
    facts, scheme = world.facts, world.scheme
    other = facts.counts.reordered(random)
    places = random.permutation(len(facts.areas))
    turned = scheme.model_copy(update={"dimensions": _reordered(scheme.dimensions, random)})
    found = assess(AreaCounts(other, facts.areas.iloc[places]), turned, world.run.days)
    same = np.isclose(found.score, world.run.score[:, places], rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
    for name in ("computed", "published"):
        same &= getattr(found, name) == getattr(world.run, name)[:, places]
    if same.all():
        return len(places), None
    at = int(np.argwhere(~same[0])[0, 0])
    return len(places), _Broken(
        world.area(places[at]),
        phrase(
            "selfcheck.order_matters",
            before=_shown(world.run, 0, places[at]),
            after=_shown(found, 0, at),
        ),
    )


def _reordered(dimensions: Sequence[Dimension], random: np.random.Generator) -> tuple[Dimension, ...]:
    return tuple(
        dimension.model_copy(
            update={
                "indicators": _permuted(dimension.indicators, random),
                "dimensions": _reordered(dimension.dimensions, random),
            }
        )
        for dimension in _permuted(dimensions, random)
    )


def _permuted(items: Sequence[_Item], random: np.random.Generator) -> tuple[_Item, ...]:
    return tuple(items[at] for at in random.permutation(len(items)))


def _shown(run: Assessment, day: int, at: int) -> Phrase:
    """Score, computed and published tier of one area, as one phrase."""
    return phrase(
        "selfcheck.shown",
        score=_number(run.score[day, at]),
        computed=_tier(run.computed[day, at]),
        published=_tier(run.published[day, at]),
    )


def _number(value: float) -> str:
    return "—" if np.isnan(value) else f"{value:.9g}"


def _missing(world: _World) -> _Found:
    """Law 3: an area that is not green is not green either when some of its values are gone."""
    checked = 0
    before = world.ranks[-1]
    for values, gone in _pieces(world, _holed(world, world.random(3))):
        after = _decided(values, world.scheme).rank
        counted = gone.any(axis=-1) & (before != GREEN)
        checked += int(counted.sum())
        for case, at in np.argwhere(counted & (after == GREEN))[:1]:
            ranks = before[at], after[case, at]
            return checked, _changed(world, at, gone[case, at], ranks, "selfcheck.missing_greens")
    return checked, None


def _holed(world: _World, random: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Values with some of them gone, and which; one area's only where that moves the others' places."""
    known = ~np.isnan(world.values)
    alone = world.scheme.is_relative()
    for _ in range(ALONE if alone else ROUNDS * len(world.scheme.indicators)):
        gone = known & (random.random(known.shape) < random.choice([0.1, 0.3, 0.6]))
        if alone and len(known):
            gone[np.arange(len(known)) != random.integers(len(known))] = False
        yield np.where(gone, np.nan, world.values), gone


def _parts(world: _World) -> _Found:
    """Law 4: what the indicators add sums to the score, on the day as it is and with some values gone."""
    holed = [values for values, _ in islice(_holed(world, world.random(4)), ROUNDS)]
    found = combine(_points(np.stack(holed), world.scheme), world.scheme)
    parts = np.concatenate([world.run.parts, found.parts])
    score = np.concatenate([world.run.score, found.score])
    known, sums = ~np.isnan(score), parts.sum(axis=-1)
    apart = known & ~np.isclose(sums, score, rtol=TOLERANCE, atol=TOLERANCE)
    for case, at in np.argwhere(apart)[:1]:
        said = phrase("selfcheck.parts_apart", sum=_number(sums[case, at]), score=_number(score[case, at]))
        return int(known.sum()), _Broken(world.area(at), said)
    return int(known.sum()), None


def _cut_offs(world: _World) -> _Found:
    """Law 5: a score on a cut-off has the tier that begins there, one just below has not; steps of points likewise."""
    checked = 0
    for indicator in world.scheme.indicators:
        for value, wanted in _steps(indicator):
            found = float(points_of(np.array([[value]]), indicator)[0, 0])
            checked += 1
            if found != wanted:
                said = {"value": _number(value), "wanted": _number(wanted), "found": _number(found)}
                return checked, _Broken(None, phrase("selfcheck.step_missed", name=_named(indicator.name), **said))
    cuts, scheme = world.scheme.tiers, world.scheme.model_copy(update={"floors": ()})
    if not isinstance(cuts, CutOffs) or scheme.is_relative():
        return checked, None
    for tier in tiers.RANKED[1:]:
        for score, reached in ((getattr(cuts, tier), True), (getattr(cuts, tier) - JUST_BELOW, False)):
            if score < 0 and _has_geometric(scheme):  # a mean of powers is never below zero
                continue
            points = _points_that_score(score, scheme)
            found = tiers_from(points, scheme, points).rank[0, 0]
            checked += 1
            if (found == tiers.RANK[tier]) != reached:
                key = "selfcheck.cut_off_missed" if reached else "selfcheck.cut_off_early"
                named = {"tier": _tier(tiers.RANK[tier]), "found": _tier(found)}
                return checked, _Broken(None, phrase(key, score=_number(score), **named))
    return checked, None


def _steps(indicator: Indicator) -> list[tuple[float, float]]:
    """Values that are exactly on a step of the indicator's points, and the points that the scheme's file says."""
    rule = indicator.points
    steps = rule.bands if isinstance(rule, BandsPoints) else ()
    if isinstance(rule, LinearPoints):
        steps = ((rule.linear.low, 0.0), (rule.linear.high, 100.0))
    return [(value, 100 - gained if indicator.harder_when == "low" else gained) for value, gained in steps]


def _has_geometric(scheme: Scheme) -> bool:
    every = [item for dimension in scheme.dimensions for item in dimension.every_dimension()]
    return "geometric" in (scheme.aggregate, *(dimension.aggregate for dimension in every))


def _points_that_score(score: float, scheme: Scheme) -> np.ndarray:
    """The same points for every indicator (1, 1, indicators) with which an area has this score.

    Every way of combining gives twice the score for twice the points. The unit is large, since scores are rounded.
    """
    unit = 1e6
    points = np.full((1, 1, len(scheme.indicators)), unit)
    return points * (score / scores(points, scheme).score[0, 0])


def _counts(world: _World) -> _Found:
    """Law 6: the legend's counts are those of the table, and no area is left out."""
    legend = world.run.counts().iloc[0]
    listed = world.run.table()["published_tier"].value_counts()
    for tier in tiers.SHOWN:
        if legend[tier] != listed.get(tier, 0):
            said = {"tier": phrase(f"tiers.{tier}"), "legend": int(legend[tier]), "table": int(listed.get(tier, 0))}
            return len(tiers.SHOWN), _Broken(None, phrase("selfcheck.counts_differ", **said))
    if legend.sum() != len(world.facts.areas):
        said = {"legend": int(legend.sum()), "areas": len(world.facts.areas)}
        return len(tiers.SHOWN), _Broken(None, phrase("selfcheck.counts_short", **said))
    return len(tiers.SHOWN), None


def _groups(world: _World) -> _Found:
    """Law 7: for the areas above, the same scheme gives from their records what the records of their parts add up to.

    Only records that name a scored area or one below it are looked at: others have a place above alone. What is shown
    of people may differ from what their records add up to by as much as protects them (see `disclosure`).
    """
    facts, day = world.facts, day_numbers(world.run.days)
    counted = [(at, item) for at, item in enumerate(world.scheme.indicators) if item.spec.sums_as]
    kept = _placed(facts)
    below = AreaCounts(kept, facts.areas).shown_by(world.scheme.indicators)
    checked = 0
    for level in LEVELS[: LEVELS.index(world.scheme.level)]:
        if not counted or level not in set(facts.counts.areas["level"].dropna()):
            continue
        scheme = world.scheme.model_copy(update={"level": level, "stability": None})
        above = area_counts_for(kept, scheme).shown_by(scheme.indicators)
        group = above.areas.index.get_indexer(pd.Index(_ancestors(facts, above.areas.index)))
        run = assess(above, scheme, world.run.days)
        for at, item in counted:
            added = item.model_copy(update={"measure": item.spec.sums_as, "per": None})
            parts, off = measured(below, added, day)[0][0], np.zeros(len(above.areas))
            if item.source in STOCK_TABLES:
                parts = below.stock_exactly(item.source, [item.where], [item.where], day)[0]
                off = np.nan_to_num(above.off_by(item.source, item.where, day)[0])
            inside = (group >= 0) & ~np.isnan(parts)
            expected = np.bincount(group[inside], weights=parts[inside], minlength=len(above.areas))
            if item.spec.denominator:
                denominator = item.spec.denominator(above, item)
                with np.errstate(divide="ignore", invalid="ignore"):
                    expected, off = (found * required(item.per).scale / denominator for found in (expected, off))
            value = run.values[0, :, at]
            known = ~np.isnan(value) & (np.bincount(group[inside], minlength=len(above.areas)) > 0)
            checked += int(known.sum())
            apart = known & ~(np.abs(value - expected) <= off + TOLERANCE * np.maximum(1, np.abs(expected)))
            for place in np.flatnonzero(apart)[:1]:
                # Of people no more is said than that, and what is shown.
                wanted = "—" if off[place] else _number(expected[place])
                said = {"found": _number(value[place]), "wanted": wanted}
                detail = phrase("selfcheck.group_apart", indicator=_named(item.name), **said)
                return checked, _Broken(str(above.areas.index[place]), detail)
    return checked, None


def _placed(facts: AreaCounts) -> Counts:
    """The counts of the scored areas and of those below them, and all areas."""
    every = facts.counts.areas
    placed = set(facts.areas.index)
    for _ in LEVELS[1:]:
        placed |= set(every.index[every["parent_id"].isin(placed)])
    return facts.counts.restricted(placed)


def _ancestors(facts: AreaCounts, groups: pd.Index) -> pd.Series:
    """For each scored area the one of ``groups`` that it lies in; NaN where there is none."""
    parent = facts.counts.areas["parent_id"]
    found = parent.reindex(facts.areas.index)
    for _ in LEVELS[1:]:
        found = found.where(found.isin(groups) | found.isna(), found.map(parent))
    return found


def _history(world: _World) -> _Found:
    """Law 8: what was published does not hang on the days that came after, or on how many days are asked for."""
    random = world.random(8)
    checked = 0
    if world.scheme.stability is not None:
        whole = publish(world.ranks, world.floors, world.scheme.stability).tier
        for length in random.integers(1, len(whole), size=ROUNDS, endpoint=True):
            again = publish(world.ranks[:length], world.floors[:length], world.scheme.stability).tier
            checked += again.size
            for back, at in np.argwhere(again != whole[:length])[:1]:
                shown = _tier(whole[back, at]), _tier(again[back, at])
                return checked, _rewritten(world, len(whole) - 1 - back, at, shown)
    span = min(len(world.ranks), 2 * DAYS_APART)
    days = pd.date_range(end=pd.Timestamp(world.day), periods=span, freq="D")
    together = assess(world.facts, world.scheme, days)
    for at_day in sorted({0, int(random.integers(span)), span - 1}):
        alone = assess(world.facts, world.scheme, days[[at_day]])
        same = np.isclose(alone.score[0], together.score[at_day], rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
        same &= alone.published[0] == together.published[at_day]
        same &= alone.computed[0] == together.computed[at_day]
        same &= alone.computed[0] == world.ranks[at_day - span]
        checked += same.size
        for at in np.flatnonzero(~same)[:1]:
            shown = _shown(together, at_day, at), _shown(alone, 0, at)
            return checked, _rewritten(world, span - 1 - at_day, at, shown)
    return checked, None


def _rewritten(world: _World, days_back: int, at: int, shown: tuple[Phrase, Phrase]) -> _Broken:
    day = world.day - timedelta(days=int(days_back))
    return _Broken(world.area(at), phrase("selfcheck.rewritten", day=day, whole=shown[0], alone=shown[1]))

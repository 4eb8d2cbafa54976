"""The laws of whole runs, tried on runs made again: 2 (order), 6 (counts), 7 (groups) and 8 (history)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scheme import Dimension
from analytics.scheme.basics import required
from analytics.scheme.tables import STOCK_TABLES
from analytics.scoring.area_counts import LEVELS, AreaCounts, day_numbers
from analytics.scoring.assess import area_counts_for, assess
from analytics.scoring.law_world import (
    ROUNDS,
    TOLERANCE,
    Broken,
    Found,
    World,
    name_phrase,
    number_text,
    tier_named,
    tier_shown,
)
from analytics.scoring.measures import measured
from analytics.store.counts import Counts
from analytics.words import Phrase, phrase

DAYS_APART = 5

_Item = TypeVar("_Item")


def law_order(world: World) -> Found:
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
    return len(places), Broken(
        world.area(places[at]),
        phrase(
            "selfcheck.order_matters",
            before=tier_shown(world.run, 0, places[at]),
            after=tier_shown(found, 0, at),
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


def law_counts(world: World) -> Found:
    """Law 6: the legend's counts are those of the table, and no area is left out."""
    legend = world.run.counts().iloc[0]
    listed = world.run.table()["published_tier"].value_counts()
    for tier in tiers.SHOWN:
        if legend[tier] != listed.get(tier, 0):
            said = {"tier": phrase(f"tiers.{tier}"), "legend": int(legend[tier]), "table": int(listed.get(tier, 0))}
            return len(tiers.SHOWN), Broken(None, phrase("selfcheck.counts_differ", **said))
    if legend.sum() != len(world.facts.areas):
        said = {"legend": int(legend.sum()), "areas": len(world.facts.areas)}
        return len(tiers.SHOWN), Broken(None, phrase("selfcheck.counts_short", **said))
    return len(tiers.SHOWN), None


def law_groups(world: World) -> Found:
    """Law 7: for the areas above, the same scheme gives from their records what the records of their parts add up to.

    Only records that name a scored area or one below it are looked at: others have a place above alone.
    """
    facts, day = world.facts, day_numbers(world.run.days)
    counted = [(at, item) for at, item in enumerate(world.scheme.indicators) if item.spec.sums_as]
    kept = _placed(facts)
    below = AreaCounts(kept, facts.areas)
    checked = 0
    for level in LEVELS[: LEVELS.index(world.scheme.level)]:
        if not counted or level not in set(facts.counts.areas["level"].dropna()):
            continue
        scheme = world.scheme.model_copy(update={"level": level, "stability": None})
        above = area_counts_for(kept, scheme)
        group = above.areas.index.get_indexer(pd.Index(_ancestors(facts, above.areas.index)))
        run = assess(above, scheme, world.run.days)
        for at, item in counted:
            added = item.model_copy(update={"measure": item.spec.sums_as, "per": None})
            parts = measured(below, added, day).values[0]
            if item.source in STOCK_TABLES:
                parts = below.stock_exactly(item.source, [item.where], [item.where], day)[0]
            inside = (group >= 0) & ~np.isnan(parts)
            expected = np.bincount(group[inside], weights=parts[inside], minlength=len(above.areas))
            if item.spec.denominator:
                denominator = item.spec.denominator(above, item)
                with np.errstate(divide="ignore", invalid="ignore"):
                    expected = expected * required(item.per).scale / denominator
            value = run.values[0, :, at]
            known = ~np.isnan(value) & (np.bincount(group[inside], minlength=len(above.areas)) > 0)
            checked += int(known.sum())
            apart = known & ~(np.abs(value - expected) <= TOLERANCE * np.maximum(1, np.abs(expected)))
            for place in np.flatnonzero(apart)[:1]:
                said = {"found": number_text(value[place]), "wanted": number_text(expected[place])}
                detail = phrase("selfcheck.group_apart", indicator=name_phrase(item.name), **said)
                return checked, Broken(str(above.areas.index[place]), detail)
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


def law_history(world: World) -> Found:
    """Law 8: what was published does not hang on the days that came after, or on how many days are asked for."""
    random = world.random(8)
    checked = 0
    whole = world.published(len(world.ranks))
    for length in random.integers(1, len(whole), size=ROUNDS, endpoint=True):
        again = world.published(length)
        checked += again.size
        for back, at in np.argwhere(again != whole[:length])[:1]:
            shown = tier_named(whole[back, at]), tier_named(again[back, at])
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
            shown = tier_shown(together, at_day, at), tier_shown(alone, 0, at)
            return checked, _rewritten(world, span - 1 - at_day, at, shown)
    return checked, None


def _rewritten(world: World, days_back: int, at: int, shown: tuple[Phrase, Phrase]) -> Broken:
    day = world.day - timedelta(days=int(days_back))
    return Broken(world.area(at), phrase("selfcheck.rewritten", day=day, whole=shown[0], alone=shown[1]))

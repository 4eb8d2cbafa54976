"""What the laws of the method are tried on, and what is said of a case that breaks one.

Supposed values take the place of days: arrays are (cases, areas) or (cases, areas, indicators), and each case is
the chosen day with something changed in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scheme import Scheme
from analytics.scheme.basics import Bilingual
from analytics.scoring.area_counts import AreaCounts, day_numbers
from analytics.scoring.assess import Assessment, assess, published_from
from analytics.scoring.decide import TierDecision, points_from, tiers_from
from analytics.scoring.history import computed_history
from analytics.scoring.scope import first_days
from analytics.scoring.stability import Carrying
from analytics.words import Phrase, phrase

ROUNDS = 6
"""How often each indicator is worsened, and a sixth of the times that holes are made."""

ALONE = 240
"""Cases where places among the areas count: only one area may change in each."""

CELLS_AT_ONCE = 2_000_000

TOLERANCE = 1e-7
"""Scores are rounded at nine decimals; sums of a few parts of them are the same to seven."""

UNKNOWN, GREEN = tiers.UNKNOWN_RANK, tiers.RANK["green"]


@dataclass(frozen=True)
class Broken:
    """A case against a law."""

    area_id: str | None
    detail: Phrase


Found = tuple[int, Broken | None]
"""Cases that were tried, and the first that breaks the law."""


@dataclass(frozen=True, eq=False)
class World:
    """What the laws are tried on. ``values`` (areas, indicators) are those of ``day``; ``ranks`` and ``floors`` (days,
    areas) are computed for every day from the first record to ``day``, and ``carrying`` is what is known where none
    are, as `stability` takes them."""

    facts: AreaCounts
    scheme: Scheme
    day: date
    seed: int
    run: Assessment
    values: np.ndarray
    ranks: np.ndarray
    floors: np.ndarray
    carrying: Carrying

    @classmethod
    def of(cls, facts: AreaCounts, scheme: Scheme, day: date, seed: int) -> Self:
        run = assess(facts, scheme, pd.DatetimeIndex([day]))
        first, last = day_numbers(pd.DatetimeIndex([min([day, *first_days(facts.counts).values()]), day]))
        history = computed_history(facts, scheme, int(first), int(last))
        return cls(facts, scheme, day, seed, run, run.values[0], *history)

    def decided(self, values: np.ndarray, gone: np.ndarray | None = None) -> TierDecision:
        """The tiers of supposed values (cases, areas, indicators) of the day, of which some are ``gone`` that there
        were."""
        holes = self.run.holes.each(lambda held: np.broadcast_to(held, values.shape))
        if gone is not None:
            holes = holes._replace(interrupted=holes.interrupted | gone)
        return tiers_from(points_from(values, self.scheme, holes), self.scheme, values, holes)

    def published(self, days: int) -> np.ndarray:
        """What is published on each of the first ``days``, as ranks (days, areas)."""
        least, limited, back = (getattr(self.carrying, name)[:days] for name in ("least", "limited", "back"))
        carrying = Carrying(least, limited, back, self.carrying.days)
        return published_from(self.scheme, self.ranks[:days], self.floors[:days], carrying).tier

    def published_if(self, at: np.ndarray, rank: np.ndarray, floor: np.ndarray, least: np.ndarray) -> np.ndarray:
        """What is published on the last day in areas ``at`` after the past as it was, if on that day these were
        computed, demanded by floors, and the least ranks; each (cases,)."""
        ranks, floors = self.ranks[:, at], self.floors[:, at]
        leasts, limited, back = (getattr(self.carrying, name)[:, at] for name in ("least", "limited", "back"))
        ranks[-1], floors[-1], leasts[-1] = rank, floor, least
        limited[-1] |= rank == UNKNOWN
        carrying = Carrying(leasts, limited, back, self.carrying.days)
        return published_from(self.scheme, ranks, floors, carrying).tier[-1]

    def random(self, law: int) -> np.random.Generator:
        """Each law draws its own cases, whichever others are tried."""
        return np.random.default_rng([self.seed, law])

    def area(self, at: int) -> str:
        return str(self.facts.areas.index[at])


def pieces(world: World, cases: Iterator[tuple[np.ndarray, np.ndarray]]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
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


def tier_changed(world: World, at: int, changed: np.ndarray, ranks: tuple[int, int], key: str) -> Broken:
    """A case against a law: the area, which of its indicators were changed, and its rank before and after."""
    names = [name_phrase(item.name) for item, is_it in zip(world.scheme.indicators, changed, strict=True) if is_it]
    before, after = map(tier_named, ranks)
    return Broken(world.area(at), phrase(key, indicators=names, before=before, after=after))


def name_phrase(name: Bilingual) -> Phrase:
    """A name of the scheme, in both languages."""
    return phrase("selfcheck.name", zh=name.zh, en=name.en)


def tier_named(rank: int) -> Phrase:
    """The word of a rank."""
    return phrase(f"tiers.{tiers.names(np.asarray(rank))}")


def tier_shown(run: Assessment, day: int, at: int) -> Phrase:
    """Score, computed and published tier of one area, as one phrase."""
    return phrase(
        "selfcheck.shown",
        score=number_text(run.score[day, at]),
        computed=tier_named(run.computed[day, at]),
        published=tier_named(run.published[day, at]),
    )


def number_text(value: float) -> str:
    """A score or value with all its digits."""
    return "—" if np.isnan(value) else f"{value:.9g}"

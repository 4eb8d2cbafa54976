"""How fast the scoring is, against what it could be: ``python -m analytics bench scoring``.

Everything is timed in one process, the ways in turns, and the median is told: a machine that is busy for a while slows
all of them alike. The areas are drawn; nothing is read, since what is timed is what follows a change of a weight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scheme import CutOffs, Scheme
from analytics.scoring.combine import DECIMALS, scores
from analytics.scoring.decide import tier_by_cutoffs, tiers_from
from analytics.scoring.noise import RECOMMENDED, SETTINGS
from analytics.scoring.stability import publish
from analytics.words import Language, say

AREAS, DAYS = 5000, 365
DIMENSIONS, INDICATORS_EACH = 3, 4
TURNS, TIMES_A_TURN = 15, 20
HISTORY_TURNS = 5
DAYS_AT_ONCE = 64  # as in a history that is assessed
SEED = 2020


@dataclass(frozen=True)
class Rescoring:
    """Median seconds of one rescoring after a change of weights, points known.

    ``score``: our scores; ``tier``: our scores and the tiers by cut-offs; ``decided``: the whole decision, with the
    rules for missing values and floors; ``pandas``: score and tier, row by row; ``product``: points @ weights alone.
    """

    score: float
    tier: float
    decided: float
    pandas: float
    product: float


@dataclass(frozen=True)
class History:
    """Median seconds for ``days`` × ``areas``: from points to computed tiers, and from those to published ones."""

    days: int
    areas: int
    decided: float
    published: float


def bench_scoring(lang: Language) -> str:
    """The measured times as text."""
    rescored = rescoring(AREAS, TURNS)
    sizes = ((DAYS, AREAS), (2 * DAYS, AREAS), (DAYS, 2 * AREAS))
    published = histories(sizes, HISTORY_TURNS)
    single = published[0].decided + published[0].published
    rows = [("score", rescored.score), ("tier", rescored.tier), ("decided", rescored.decided)]
    return "\n".join(
        [
            say(lang, "bench.rescoring", areas=f"{AREAS:,}", indicators=DIMENSIONS * INDICATORS_EACH, turns=TURNS),
            *(
                say(
                    lang,
                    "bench.ours",
                    what=say(lang, f"bench.what_{name}"),
                    microseconds=f"{seconds * 1e6:,.0f}",
                    pandas=f"{rescored.pandas / seconds:,.0f}",
                    product=f"{seconds / rescored.product:.1f}",
                )
                for name, seconds in rows
            ),
            say(lang, "bench.pandas", microseconds=f"{rescored.pandas * 1e6:,.0f}"),
            say(lang, "bench.product", microseconds=f"{rescored.product * 1e6:,.1f}"),
            "",
            say(lang, "bench.history", turns=HISTORY_TURNS),
            *(
                say(
                    lang,
                    "bench.history_row",
                    days=f"{found.days:,}",
                    areas=f"{found.areas:,}",
                    decided=f"{found.decided:.2f}",
                    published=f"{found.published:.2f}",
                    times=f"{(found.decided + found.published) / single:.1f}",
                )
                for found in published
            ),
        ]
    )


def rescoring(areas: int, turns: int) -> Rescoring:
    """Time the ways against one another on ``areas`` areas; each of the ``turns`` has other weights."""
    points = drawn_points(1, areas)
    table = pd.DataFrame(points[0])
    schemes = [scheme_of(weights) for weights in drawn_weights(turns)]

    def product(scheme: Scheme) -> Callable[[], object]:
        weights = overall_weights(scheme)
        return lambda: points @ weights

    ways: Mapping[str, Callable[[Scheme], Callable[[], object]]] = {
        "score": lambda scheme: lambda: scores(points, scheme),
        "tier": lambda scheme: lambda: tier_by_cutoffs(scores(points, scheme).score, scheme.tiers),
        "decided": lambda scheme: lambda: tiers_from(points, scheme, points, None),
        "pandas": lambda scheme: lambda: rescored_by_rows(table, scheme),
        "product": product,
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for scheme in schemes:
        for name, way in ways.items():
            seconds[name].append(_seconds(way(scheme), 1 if name == "pandas" else TIMES_A_TURN))
    return Rescoring(**{name: median(found) for name, found in seconds.items()})


def histories(sizes: Sequence[tuple[int, int]], turns: int) -> list[History]:
    """Time histories of (days, areas) in turns: nothing is kept but the tiers, the rule is the recommended one."""
    scheme, rule = scheme_of(drawn_weights(1)[0]), SETTINGS[RECOMMENDED[0]]
    drawn = [drawn_points(min(days, DAYS_AT_ONCE), areas) for days, areas in sizes]
    found: list[list[tuple[float, float]]] = [[] for _ in sizes]
    # The first turn also pays for memory that the others find ready.
    for turn in range(turns + 1):
        for times, (days, _), points in zip(found, sizes, drawn, strict=True):
            begun = perf_counter()
            # The same points serve every piece: to draw years of them would take longer than what is timed.
            lengths = [min(DAYS_AT_ONCE, days - start) for start in range(0, days, DAYS_AT_ONCE)]
            pieces = [tiers_from(points[:length], scheme, points[:length], None) for length in lengths]
            ranks = np.concatenate([piece.rank for piece in pieces])
            floors = np.concatenate([piece.floor for piece in pieces])
            decided = perf_counter()
            publish(ranks, floors, rule)
            if turn:
                times.append((decided - begun, perf_counter() - decided))
    return [
        History(days, areas, *map(median, zip(*times, strict=True)))
        for (days, areas), times in zip(sizes, found, strict=True)
    ]


def rescored_by_rows(table: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """Score and rank of each row of points, one row after another, as one writes it without thinking of speed."""
    weights, cuts = overall_weights(scheme), scheme.tiers.ascending()
    score = table.apply(lambda row: round(row @ weights, DECIMALS), axis=1)
    return pd.DataFrame({"score": score, "rank": score.map(lambda own: sum(own >= cut for cut in cuts))})


def overall_weights(scheme: Scheme) -> np.ndarray:
    """Each indicator's weight in the score, for a scheme of dimensions that hold only indicators."""
    every = sum(dimension.weight for dimension in scheme.dimensions)
    return np.array(
        [
            dimension.weight / every * indicator.weight / sum(other.weight for other in dimension.indicators)
            for dimension in scheme.dimensions
            for indicator in dimension.indicators
        ]
    )


def scheme_of(weights: Sequence[float]) -> Scheme:
    """A scheme of means of means, its indicators having these weights."""
    names = [f"indicator_{number}" for number in range(len(weights))]
    goalposts = {"method": "linear", "linear": {"low": 0, "high": 100}}
    indicators = [
        {
            "id": name,
            "from": "areas",
            "measure": "given",
            "given": {"column": name},
            "points": goalposts,
            "weight": weight,
        }
        for name, weight in zip(names, weights, strict=True)
    ]
    label = {"zh": "bench", "en": "bench"}
    return Scheme.model_validate(
        {
            "id": "bench",
            "name": label,
            "version": 1,
            "level": "grid",
            "dimensions": [
                {"id": f"dimension_{start}", "weight": start + 1, "indicators": indicators[start::DIMENSIONS]}
                for start in range(DIMENSIONS)
            ],
            "tiers": CutOffs(**{tier: 20 * rank for rank, tier in enumerate(tiers.RANKED) if rank}),
        }
    )


def drawn_weights(number: int) -> np.ndarray:
    """Weights (number, indicators) between 1 and 10."""
    return np.random.default_rng(SEED).uniform(1, 10, (number, DIMENSIONS * INDICATORS_EACH))


def drawn_points(days: int, areas: int) -> np.ndarray:
    """Points (days, areas, indicators), 0–100."""
    return np.random.default_rng(SEED).uniform(0, 100, (days, areas, DIMENSIONS * INDICATORS_EACH))


def _seconds(work: Callable[[], object], times: int) -> float:
    begun = perf_counter()
    for _ in range(times):
        work()
    return (perf_counter() - begun) / times

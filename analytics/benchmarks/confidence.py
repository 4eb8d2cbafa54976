"""How fast the draws of the confidence page are, against what they cannot do without: the products of points and
weights. ``python -m analytics bench confidence``.

Both ways in one process, in turns, medians, on one core: on several, whatever else the machine does makes them wait
for one another, which slows the bare products most. The points are drawn; what is timed begins where values are known.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import product
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd

from analytics.benchmarks.scoring import DIMENSIONS, INDICATORS_EACH, drawn_weights, scheme_of
from analytics.evidence.confidence import Case, CaseMeasures, overall_weights, simulated
from analytics.evidence.sampling import WINDOWS, UncertaintyRanges, sample
from analytics.scheme import Scheme
from analytics.words import Language, say

DRAWS, AREAS, TURNS = 1000, 5000, 9
SEED = 2020
CORES_SETTINGS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")
MISSING = 0.2
"""The share of areas that lack two of the indicators, as those do that a table leaves out."""


@dataclass(frozen=True)
class Drawing:
    """Median seconds for ``sets`` of draws (a first, a second, and one for each assumption): ``ours`` draws, scores,
    decides and counts; ``bare`` is weights @ points alone, for the same weights and points."""

    sets: int
    ours: float
    bare: float


def bench_confidence(lang: Language) -> str:
    """The measured times as text."""
    blanks = {"draws": f"{DRAWS:,}", "areas": f"{AREAS:,}", "indicators": DIMENSIONS * INDICATORS_EACH, "turns": TURNS}
    lines = [say(lang, "bench.confidence", **blanks)]
    for entry, missing in (("bench.confidence_known", 0.0), ("bench.confidence_missing", MISSING)):
        found = _alone(DRAWS, AREAS, missing, TURNS)
        lines.append(
            say(
                lang,
                entry,
                sets=found.sets,
                ours=f"{found.ours * 1e3:,.0f}",
                bare=f"{found.bare * 1e3:,.0f}",
                times=f"{found.ours / found.bare:.2f}",
            )
        )
    return "\n".join(lines)


def _alone(*asked: float) -> Drawing:
    """:func:`drawing` in a process of its own that multiplies on one core."""
    command = [sys.executable, "-m", __name__, *map(str, asked)]
    one_core = {**os.environ, **dict.fromkeys(CORES_SETTINGS, "1")}
    told = subprocess.run(command, env=one_core, capture_output=True, text=True, check=True)
    return Drawing(**json.loads(told.stdout))


def drawing(draws: int, areas: int, missing: float, turns: int) -> Drawing:
    """Time both ways; ``missing`` is the share of areas that lack their first two indicators."""
    scheme, assumed = _scheme(), UncertaintyRanges()
    seen = _seen(scheme, areas, missing)
    index = pd.RangeIndex(areas)
    pairs = _weights_and_points(scheme, assumed, draws, seen)
    sets = len(pairs) // len(seen)
    times: list[tuple[float, float]] = []
    # The first turn also pays for memory that the others find ready.
    for turn in range(turns + 1):
        ours = _seconds(lambda: simulated(scheme, index, seen, assumed, draws, SEED))
        bare = _seconds(lambda: [weights @ points for weights, points in pairs])
        if turn:
            times.append((ours, bare))
    return Drawing(sets, *map(median, zip(*times, strict=True)))


def _scheme() -> Scheme:
    """As for the scoring, but with windows, so that all four assumptions vary."""
    scheme = scheme_of(drawn_weights(1)[0])
    dated = {"source": "incidents", "measure": "count", "window_days": 14, "given": None}
    dimensions = tuple(
        dimension.model_copy(
            update={"indicators": tuple(item.model_copy(update=dated) for item in dimension.indicators)}
        )
        for dimension in scheme.dimensions
    )
    return scheme.model_copy(update={"dimensions": dimensions})


def _seen(scheme: Scheme, areas: int, missing: float) -> dict[Case, CaseMeasures]:
    """Points 0–100 for each case, which serve as values too."""
    random = np.random.default_rng(SEED)
    found = {}
    for case in product((False, True), range(len(WINDOWS))):
        points = random.uniform(0, 100, (areas, len(scheme.indicators)))
        points[: int(missing * areas), :2] = np.nan
        found[case] = CaseMeasures(points, points)
    return found


def _weights_and_points(
    scheme: Scheme, assumed: UncertaintyRanges, draws: int, seen: dict[Case, CaseMeasures]
) -> list[tuple[np.ndarray, np.ndarray]]:
    """What the bare products are of: for each set of draws and case its weights, and the points of that case."""
    first, second = (sample(scheme, assumed, draws, (SEED, number)) for number in range(2))
    groups = ("weights", "cutoffs", "points", "window")
    known = np.ones(len(scheme.indicators), dtype=bool)
    pairs = []
    for held in (first, second, *(first.with_group(group, second) for group in groups)):
        weights, _ = overall_weights(scheme, held, known)
        for (sibling, window), own in seen.items():
            rows = (held.points == sibling) & (held.window == window)
            pairs.append((weights[rows], np.nan_to_num(own.points).T.copy()))
    return pairs


def _seconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


if __name__ == "__main__":
    draws, areas, missing, turns = sys.argv[1:]
    print(json.dumps(asdict(drawing(int(draws), int(areas), float(missing), int(turns)))))

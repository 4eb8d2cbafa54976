"""How long the stability rule would hold a tier, if another one were computed from now on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.scheme import Scheme
from analytics.scoring.area_counts import AreaCounts
from analytics.scoring.assess import history_up_to
from analytics.scoring.stability import Carrying, publish


@dataclass(frozen=True, eq=False)
class TierPath:
    """What would be computed for the area at ``place``: ranks and those that floors demand, each (days,), of today
    (``from_today``) or of tomorrow on; the last of them goes on for good. Its published rank ``was`` harder."""

    place: int
    was: int
    ranks: np.ndarray
    floors: np.ndarray
    from_today: bool


def published_after(
    facts: AreaCounts, scheme: Scheme, day: int, paths: Sequence[TierPath]
) -> list[tuple[int, int] | None]:
    """For each path after how many days from ``day`` on the published tier is milder than it was, and which it is then;
    None where that is not within the days for which the rule can hold it, or there is no such rule."""
    rule = scheme.stability
    if rule is None or not paths:
        return [None] * len(paths)
    computed, floors, carrying = history_up_to(facts, scheme, day)
    longest = max(len(path.ranks) for path in paths) + rule.confirm_down_days + rule.minimum_stay_days + 1
    known = len(computed)

    def joined(before: np.ndarray, follows: Sequence[np.ndarray]) -> np.ndarray:
        held = np.empty((known + longest, len(paths)), dtype=before.dtype)
        for at, (path, then) in enumerate(zip(paths, follows, strict=True)):
            kept = known - path.from_today
            held[:kept, at] = before[:kept, path.place]
            held[kept : kept + len(then), at] = then
            held[kept + len(then) :, at] = then[-1]
        return held

    ranks, demanded = [path.ranks for path in paths], [path.floors for path in paths]
    nothing = [np.zeros(1)] * len(paths)
    carried = Carrying(
        joined(carrying.least, ranks), joined(carrying.limited, nothing), joined(carrying.back, nothing), carrying.days
    )
    tier = publish(joined(computed, ranks), joined(floors, demanded), rule, carried).tier[known - 1 :]
    found: list[tuple[int, int] | None] = []
    for at, path in enumerate(paths):
        milder = np.flatnonzero((tier[:, at] < path.was) & (tier[:, at] >= 0))
        found.append((int(milder[0]), int(tier[milder[0], at])) if len(milder) else None)
    return found

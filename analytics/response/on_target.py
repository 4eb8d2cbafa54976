"""Whether an area is on target: red and orange with nothing overdue, the others by the share that was done."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics import tiers

ENOUGH = 0.8
"""The share of what was due that has to be done where the tier is yellow or milder. Ours."""

STATES = ("covered", "behind", "untold")
"""On target; not; and nobody knows, since the tier, the objects or the checks are not known."""


def states(shown: np.ndarray, weeks: Sequence[pd.DataFrame]) -> np.ndarray:
    """Of each area one of the `STATES`, (areas,), by the rank of its tier (``shown``) and what was due and done of each
    duty (as :meth:`Done.by_area` tells it). Where nothing was due it is on target; unknown is never judged."""
    elevated = np.isin(shown, [tiers.RANK[tier] for tier in tiers.ELEVATED])
    behind, untold = (np.zeros(len(shown), dtype=bool) for _ in range(2))
    for week in weeks:
        due, overdue = week["due"].to_numpy(), week["overdue"].to_numpy()
        untold |= np.isnan(due) | ((due > 0) & np.isnan(overdue))
        with np.errstate(invalid="ignore"):
            behind |= np.where(elevated, overdue > 0, overdue > (1 - ENOUGH) * due + 1e-9)
    untold &= ~behind
    untold |= shown == tiers.UNKNOWN_RANK
    return np.select([untold, behind], ["untold", "behind"], "covered")


def by_tier(shown: np.ndarray, held: np.ndarray) -> pd.DataFrame:
    """How many areas of each tier (index as `tiers.SHOWN`) are in each of the `STATES`."""
    names = tiers.names(shown)
    counted = pd.crosstab(pd.Series(names), pd.Series(held))
    return counted.reindex(index=list(tiers.SHOWN), columns=list(STATES), fill_value=0)

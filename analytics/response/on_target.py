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
    duty (as :meth:`Done.by_area` tells it). Unknown is never judged.

    Where nothing fell due in the week the newest cycle counts, and of red and orange in any case: what is overdue stays
    so when the week is over. Where none has been followed to its end, or nothing at all is asked, nobody knows; nor of
    red and orange of which nothing is asked.
    """
    elevated = np.isin(shown, [tiers.RANK[tier] for tier in tiers.ELEVATED])
    behind, untold = (np.zeros(len(shown), dtype=bool) for _ in range(2))
    for week in weeks:
        nothing = (week["due"] == 0).to_numpy()
        due = np.where(nothing, week["last_due"], week["due"])
        overdue = np.where(nothing, week["last_overdue"], week["overdue"])
        asked = week["asked"].to_numpy(bool)
        untold |= asked & (np.isnan(due) | np.isnan(overdue))
        with np.errstate(invalid="ignore"):
            late = (overdue > 0) | (week["last_overdue"] > 0).to_numpy()
            behind |= np.where(elevated, late, overdue > (1 - ENOUGH) * due + 1e-9)
    untold &= ~behind
    asked = np.any([week["asked"].to_numpy(bool) for week in weeks], axis=0) if weeks else np.zeros(len(shown), bool)
    untold |= (shown == tiers.UNKNOWN_RANK) | (not weeks) | (elevated & ~asked)
    return np.select([untold, behind], ["untold", "behind"], "covered")


def by_tier(shown: np.ndarray, held: np.ndarray) -> pd.DataFrame:
    """How many areas of each tier (index as `tiers.SHOWN`) are in each of the `STATES`."""
    names = tiers.names(shown)
    counted = pd.crosstab(pd.Series(names), pd.Series(held))
    return counted.reindex(index=list(tiers.SHOWN), columns=list(STATES), fill_value=0)

"""What of two days may be held against each other: areas that came or went with the list, tiers that came or went with
the data, and tiers that were corrected since are no change of this time."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.releases.compare import ReleaseContent
from analytics.releases.revision import Revision, revision_of
from analytics.scoring.assess import Assessment
from analytics.scoring.summary import carried_areas, taken_back

Apart = Literal["areas", "revised", "interrupted"]


def corrects(before: ReleaseContent, after: ReleaseContent) -> Revision | None:
    """What ``after`` corrects of the tiers of ``before``; None where that is nothing."""
    revision = revision_of(before, after)
    return revision if revision and revision.tiers else None


def tiers_then_and_now(before: ReleaseContent, after: ReleaseContent) -> pd.DataFrame:
    """Of the areas in both (index) the tier shown before (``then``), as it was corrected since, and ``now``."""
    then, now = (
        pd.Series(tiers.names(told.assessment.shown[-1]), index=told.assessment.areas.index, dtype=object)
        for told in (before, after)
    )
    both = pd.DataFrame({"then": then, "now": now}).loc[now.index.intersection(then.index)]
    if revision := corrects(before, after):
        pairs = [revision.tiers.get(str(area), ("", "")) for area in both.index]
        was, right = ([pair[at] for pair in pairs] for at in (0, 1))
        # What a person decided is not corrected by records.
        both["then"] = np.where(both["then"] == was, right, both["then"])
    return both


def why_apart(now: Assessment, then: Assessment, at: int, *, fewer: bool, revised: bool) -> Apart | None:
    """Why the share of red and orange areas on the last day of ``now`` is not held against day ``at`` of ``then``.

    ``fewer``: it is smaller, and ``revised``: the day was corrected since.
    """
    if not np.array_equal(_rated(now, -1), _rated(then, at)):
        return "areas"
    if revised:
        return "revised"
    if fewer and (carried_areas(now).any() or carried_areas(then, at).any()):
        return "interrupted"
    if not fewer and taken_back(then, now, at).any():
        return "interrupted"
    return None


def alike(before: ReleaseContent, after: ReleaseContent) -> bool:
    """Whether how many areas are in a tier may be held against the release before."""
    revised = corrects(before, after) is not None
    return why_apart(after.assessment, before.assessment, -1, fewer=False, revised=revised) is None


def _rated(held: Assessment, at: int) -> np.ndarray:
    return np.sort(held.areas.index[held.shown[at] != tiers.UNKNOWN_RANK].to_numpy(dtype=object))

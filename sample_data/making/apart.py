"""What some of the checks were about. It knows no tiers, and leaves every other draw as it is."""

from __future__ import annotations

import numpy as np
import pandas as pd

AT_HOME = 0.35
"""The share of the contacts with older people living alone that were visits at home; the others were by telephone."""

RECORDS_LOOKED_AT = 0.45
"""The share of the patrols of venues at which the venue's own patrol records were looked at."""


def told_apart(checks: pd.DataFrame, places: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The checks, with home visits (``elder_visit``) apart from telephone calls, and checks of the patrol records of a
    venue on the spot (``record_check``) apart from other patrols."""
    drawn = rng.random(len(checks))
    venues = checks["place_id"].isin(places.loc[places["kind"] == "venue", "place_id"])
    kind = checks["kind"].mask((checks["kind"] == "call") & (drawn < AT_HOME), "elder_visit")
    kind = kind.mask((checks["kind"] == "patrol") & venues & (drawn < RECORDS_LOOKED_AT), "record_check")
    return checks.assign(kind=kind)

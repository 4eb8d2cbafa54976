"""What became of incidents on their way: reported again, or sent back by whoever was to deal with them.

It knows no tiers, and has random numbers of its own, so that every other draw stays as it is.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

REPEATED, RETURNED = 0.05, 0.03
"""The share of the hotline's orders that ask again what another one asked, and of those that were sent back."""


def followed(incidents: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The incidents with ``repeated`` and ``returned``, 0 or 1; of those that came by the hotline alone, as its export
    is the only one that tells it."""
    hotline = incidents["channel"] == "12345"
    again, back = rng.random((2, len(incidents)))
    told = {"repeated": again < REPEATED, "returned": back < RETURNED}
    return incidents.assign(
        **{name: pd.array(np.where(hotline, held.astype(float), np.nan), dtype="Int64") for name, held in told.items()}
    )

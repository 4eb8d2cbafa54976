"""What became of incidents on their way: reported again, sent back, put off, signed for.

It knows no tiers, and has random numbers of its own, so that every other draw stays as it is.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

REPEATED, RETURNED, EXTENDED, SIGNED_FOR = 0.05, 0.03, 0.04, 0.97
"""The shares of the hotline's orders that ask again what another one asked, were sent back, were marked as put off,
and were signed for by the department."""


def followed(incidents: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The incidents with ``repeated``, ``returned``, ``extended`` and ``signed_for``, 0 or 1; of those that came by the
    hotline alone, as its export is the only one that tells it."""
    hotline = incidents["channel"] == "12345"
    again, back, later, signed = rng.random((4, len(incidents)))
    told = {"repeated": again < REPEATED, "returned": back < RETURNED, "extended": later < EXTENDED}
    told["signed_for"] = signed < SIGNED_FOR
    return incidents.assign(
        **{name: pd.array(np.where(hotline, held.astype(float), np.nan), dtype="Int64") for name, held in told.items()}
    )

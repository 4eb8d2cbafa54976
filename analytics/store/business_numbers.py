"""The numbers by which the office itself knows its incidents, places and checks: ids as its files give them."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

_NO_NUMBER = r"^(?:fc-[0-9a-f]{6}-[0-9a-f]{26}|row-[0-9a-f]+)$"
"""Ids that are hashes, or made of what a record says (see `loaders.own_ids`): nobody knows anything by these."""


def business_numbers(ids: pa.ChunkedArray) -> pd.Series:
    """A column of ids as numbers that can be told, None where a record has none."""
    told = ids.cast(pa.string()).to_pandas().astype(object)
    return told.mask(told.isna() | told.str.match(_NO_NUMBER, na=False).to_numpy(bool), None)

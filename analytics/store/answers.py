"""Columns of the answers to queries, as arrays."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.store.tallies import NEVER


def days_in(found: pa.Table) -> np.ndarray:
    """The column ``day`` of an answer as day numbers, ``NEVER`` where it says none."""
    return found.column("day").cast(pa.int32()).fill_null(NEVER).to_numpy()


def cells_in(column: pa.ChunkedArray) -> pd.Series:
    """A column of text, of yes and no, or of numbers as pandas has it in `Records`."""
    kept = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    dtype = "boolean" if pa.types.is_boolean(kept) else "float64" if _is_number(kept) else "str"
    return column.cast(kept).to_pandas().astype(dtype)


def _is_number(kept: pa.DataType) -> bool:
    return pa.types.is_integer(kept) or pa.types.is_floating(kept)


def numbers_in(found: pa.Table, column: str) -> np.ndarray:
    """A column of whole numbers of an answer."""
    return found.column(column).cast(pa.int64()).to_numpy()

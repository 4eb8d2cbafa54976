"""Whether a column counts the rows of a file, whatever its header says: see :mod:`analytics.loaders.own_ids`."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.loaders import values
from analytics.loaders.sheet import SHEET_STEP

_GAPS = 10


def counts_rows(cells: pd.Series, unread: int = 0) -> bool:
    """Whether the cells (cleaned, by row of a sheet) are numbers of rows; ``unread`` rows are missing among them."""
    texts = values.arrow_of(cells)
    blank = texts.null_count
    if blank == len(texts):
        return False
    filled = texts.drop_null()
    if not filled[0].as_py().isdigit():
        return False
    try:
        numbers = pc.cast(filled, pa.int64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return False
    gaps = max(unread + blank, len(numbers) // _GAPS)
    if numbers.min() not in (0, 1) or numbers.max() > len(numbers) + gaps:
        return False
    index = cells.index[texts.is_valid().to_numpy(zero_copy_only=False)] if blank else cells.index
    sheets = np.asarray(index) // SHEET_STEP
    # In the order of the file, within each worksheet, or all together.
    return (
        _counts(numbers, gaps)
        or _counts(numbers[np.lexsort((numbers, sheets))], gaps)
        or _counts(np.sort(numbers), gaps)
    )


def _counts(numbers: np.ndarray, gaps: int) -> bool:
    steps = np.diff(numbers)
    anew = steps <= 0
    begins = np.append(numbers[0], numbers[1:][anew])
    return bool((begins <= 1).all() and (steps[~anew] - 1).sum() <= gaps)

"""One column of one file as values: what cannot be read refuses its row, or is left blank and noted."""

from __future__ import annotations

import pandas as pd

from analytics.loaders import values
from analytics.loaders.columns import column_label
from analytics.loaders.rows import Rows


def quantity(rows: Rows, column: str) -> pd.Series:
    """Numbers (float64), none of them negative; a row with anything else is refused."""
    cells = rows.cells(column)
    numbers = values.numbers(cells)
    label = column_label(column)
    rows.refuse(cells.notna() & numbers.isna(), column, "loading.not_a_number", column=label, value=cells)
    rows.refuse(numbers < 0, column, "loading.negative", column=label, value=cells)
    return numbers


def moment(rows: Rows, column: str, *, may_lie_ahead: bool = False) -> pd.Series:
    """Times (datetime64[us], local wall time); a row with no date, or one after today, is refused."""
    cells = rows.cells(column)
    moments = values.moments(cells)
    label = column_label(column)
    rows.refuse(cells.notna() & moments.isna(), column, "loading.not_a_date", column=label, value=cells)
    if not may_lie_ahead:
        ahead = moments.dt.normalize() > pd.Timestamp(rows.today)
        rows.refuse(ahead, column, "loading.after_today", column=label, day=moments, today=rows.today)
    return moments


def code(rows: Rows, column: str) -> pd.Series:
    """Codes of a closed list; another word is left blank and noted."""
    return _noted(rows, column, values.closed_codes(rows.cells(column), column))


def flag(rows: Rows, column: str) -> pd.Series:
    """Yes or no (nullable boolean); another word is left blank and noted."""
    return _noted(rows, column, values.flags(rows.cells(column)))


def age_band(rows: Rows) -> pd.Series:
    """Age bands as text; what is no band is left blank and noted."""
    return _noted(rows, "age_band", values.age_bands(rows.cells("age_band")))


def word(rows: Rows, column: str) -> pd.Series:
    """Codes of an open list; another word stays as it is."""
    return values.open_codes(rows.written(column), column)


def _noted(rows: Rows, column: str, read: pd.Series) -> pd.Series:
    rows.left_blank(column, rows.cells(column).notna() & read.isna())
    return read

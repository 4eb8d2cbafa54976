"""Conditions of a scheme, held against values as they stand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analytics.scheme.basics import Operator
from analytics.scheme.conditions import Compared


def meets(values: pd.Series, wanted: object) -> np.ndarray:
    """Where values meet what a scheme's condition wants of their column; a missing one meets nothing."""
    if isinstance(wanted, Compared):
        numbers = pd.to_numeric(values, errors="coerce").to_numpy("float64", na_value=np.nan)
        return compare(numbers, wanted.op, wanted.value)
    allowed = wanted if isinstance(wanted, tuple) else (wanted,)
    if isinstance(values.dtype, pd.BooleanDtype):
        return values.isin([value for value in allowed if isinstance(value, bool)]).to_numpy(bool)
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.isin(list(allowed)).to_numpy(bool)
    return values.isin([str(value) for value in allowed]).to_numpy(bool)


_COMPARE: Mapping[Operator, np.ufunc] = {
    ">=": np.greater_equal,
    ">": np.greater,
    "<=": np.less_equal,
    "<": np.less,
    "==": np.equal,
    "!=": np.not_equal,
}


def compare(values: np.ndarray, op: Operator, wanted: float) -> np.ndarray:
    """``values op wanted``; a missing value (NaN) meets no condition, ``!=`` included."""
    return _COMPARE[op](values, wanted) & ~np.isnan(values)

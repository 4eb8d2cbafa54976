"""Sources: a table's rows, in memory or of one load, that answer questions; what was answered once is kept.

The SQL is what every engine of today understands alike: SUM(CASE WHEN), COUNT, GROUP BY, CAST(x AS DATE) and literals
made here. There is no date arithmetic, no division, no window and no function of one engine's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.scheme import Table, Where
from analytics.scheme.basics import Operator
from analytics.scheme.conditions import Compared
from analytics.store.answer_cache import AnswerCache
from analytics.store.engine import Engine
from analytics.store.parts import Part


class Source:
    """Rows of one table. Threads may share a source: at worst a question is asked twice."""

    def __init__(self, table: Table, engine: Engine) -> None:
        self.table = table
        self._engine = engine
        self._answers: dict[str, pa.Table] = {}

    @property
    def engine(self) -> Engine:
        """What counts the rows."""
        return self._engine

    def answer(self, sql: str) -> pa.Table:
        """The answer to a query on the table, each text column a dictionary."""
        if sql not in self._answers:
            self._answers[sql] = self._answered(sql)
        return self._answers[sql]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that the rows have: those of an older load may be fewer."""
        return tuple(self.answer(f"SELECT * FROM {self.table} WHERE 1 = 0").column_names)

    def _answered(self, sql: str) -> pa.Table:
        found = self.engine.query(sql)
        for at, column in enumerate(found.schema):
            if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
                coded = found.column(at).combine_chunks().dictionary_encode()
                found = found.set_column(at, column.name, coded)
        return found

    def condition(self, wheres: Iterable[Where]) -> str:
        """The rows that meet every condition of every one of ``wheres``, as SQL."""
        parts = [self._meeting(column, wanted) for where in wheres for column, wanted in where.items()]
        return " AND ".join(parts) or "1 = 1"

    def _meeting(self, column: str, wanted: object) -> str:
        # Which of the values that are there meet a condition is decided here, so that no engine has a say in it, and no
        # text of a scheme becomes part of a query.
        there = self._values(column)
        chosen = there[meets(there, wanted)]
        return f"{column} IN ({', '.join(sorted(map(literal, chosen.tolist())))})" if len(chosen) else "1 = 0"

    def _values(self, column: str) -> pd.Series:
        """The different values of a column, as its own type."""
        found = self.answer(f"SELECT {column} FROM {self.table} WHERE {column} IS NOT NULL GROUP BY {column}")
        values = found.column(0)
        kept = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
        dtype = "boolean" if pa.types.is_boolean(kept) else "str" if not pa.types.is_floating(kept) else "float64"
        dtype = "int64" if pa.types.is_integer(kept) else dtype
        return pd.Series(values.to_pylist(), dtype=dtype)


class PartSource(Source):
    """The rows of one load. What ``cache`` holds of them need not be counted again."""

    def __init__(self, table: Table, part: Part, cache: AnswerCache) -> None:
        self.table = table
        self.part = part
        self._cache = cache
        self._answers: dict[str, pa.Table] = {}

    @cached_property
    def engine(self) -> Engine:
        """What counts the rows; made when there is a question that no file answers."""
        return Engine({self.table: (self.part,)})

    @cached_property
    def fingerprint(self) -> str:
        """What the answers hang on beside the question: the rows of the load, and which of them are left out."""
        without = [_state(file) for file in self.part.without]
        said = repr((self.table, self.part.digest, self.part.key, without))
        return sha256(said.encode()).hexdigest()[:32]

    def _answered(self, sql: str) -> pa.Table:
        found = self._cache.read(self.fingerprint, sql)
        if found is None:
            found = super()._answered(sql)
            self._cache.write(self.fingerprint, sql, found)
        return found


def literal(value: str | bool | int | float) -> str:  # noqa: FBT001 - a value, and no switch
    """A value as SQL. Numbers are written as approximate ones, which all engines read as the nearest float64."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        written = repr(float(value))
        return written if "e" in written else f"{written}e0"
    return "'" + value.replace("'", "''") + "'"


def _state(file: Path) -> tuple[object, ...]:
    """What tells one version of a file from another without reading it."""
    try:
        return file.name, file.stat().st_size, file.stat().st_mtime_ns
    except OSError:  # the engine says which file cannot be read
        return file.name, None


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

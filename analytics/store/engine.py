"""The engine that counts: plain SQL in, an Arrow table out. No other module knows which engine it is.

What is asked is plain enough for any engine (see `sources`). Another engine needs the same two methods: take tables in
by name, and answer a query.
"""

from __future__ import annotations

import glob
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import TypeVar

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from analytics.errors import StoreError
from analytics.store.parts import Part

Found = TypeVar("Found")

SETTINGS: Mapping[str, str | bool] = {
    # No network: nothing is fetched, whatever a query names.
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    # A query sees the tables that it was given and no variable of Python, and leaves no records beside the store.
    "python_enable_replacements": False,
    "temp_directory": "",
    "preserve_insertion_order": False,
}


@cache
def _database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config={**SETTINGS})


class Engine:
    """Tables by name, each in memory or the parts of a store, which are read anew with every query.

    Rows of a part whose key is in one of its ``without`` files are not there. ``files`` are those that queries name
    themselves. Threads may share an engine.
    Raises :class:`StoreError` for a file that cannot be read, here or in :meth:`query`.
    """

    def __init__(self, tables: Mapping[str, pa.Table | tuple[Part, ...]], files: Sequence[Path] = ()) -> None:
        self._files = [*files, *(file for held in tables.values() if isinstance(held, tuple) for file in _files(held))]
        self._lock = Lock()
        # A cursor has views of its own and shares everything else, so that one costs next to nothing.
        self._connection = _database().cursor()
        for name, held in tables.items():
            if isinstance(held, tuple):
                rows = " UNION ALL BY NAME ".join(_rows_of(part) for part in held)
                self._tried(partial(self._connection.execute, f"CREATE TEMP VIEW {name} AS {rows}"))
            else:
                self._connection.register(name, held)

    def query(self, sql: str) -> pa.Table:
        """The answer; whole numbers are int64, which a sum must fit."""

        def answered() -> pa.Table:
            with self._lock:
                return self._connection.sql(sql).to_arrow_table()

        found = self._tried(answered)
        # Sums come as decimals of 38 digits.
        whole = [pa.int64() if pa.types.is_decimal(column.type) else column.type for column in found.schema]
        return found.cast(pa.schema(zip(found.column_names, whole, strict=True)))

    def _tried(self, work: Callable[[], Found]) -> Found:
        try:
            return work()
        except duckdb.Error as error:
            for file in self._files:
                try:
                    pq.read_table(file, partitioning=None)
                except (OSError, pa.ArrowException) as cause:
                    raise StoreError.because("store.file_damaged", file=file.name) from cause
            raise error


def rows_in_common(new: Path, older: Sequence[Path], keys: Sequence[str]) -> pa.Table:
    """The rows of ``older`` files that a row of the ``new`` file has the same ``keys`` as, missing ones included: each
    once a file, with ``file``, its position among ``older``. One question, however many files there are.

    Raises :class:`StoreError` for a file that cannot be read.
    """
    columns = ", ".join(keys)
    same = " AND ".join(f"newer.{key} IS NOT DISTINCT FROM older.{key}" for key in keys)
    numbered = ", ".join(f"({at}, {_quoted(file)})" for at, file in enumerate(older))
    sql = (
        f"SELECT DISTINCT CAST(listed.place AS BIGINT) AS file, {', '.join(f'older.{key}' for key in keys)} "
        f"FROM {_read(*older, named=True)} AS older JOIN (VALUES {numbered}) AS listed(place, path) "
        f"ON listed.path = older.filename SEMI JOIN (SELECT {columns} FROM {_read(new)}) AS newer ON {same}"
    )
    return Engine({}, (new, *older)).query(sql)


def _files(parts: tuple[Part, ...]) -> list[Path]:
    return [file for part in parts for file in (part.file, *part.without)]


def _rows_of(part: Part) -> str:
    rows = f"SELECT * FROM {_read(part.file)} AS part"
    if not part.without:
        return rows
    taken_over = f"SELECT 1 FROM {_read(*part.without)} AS newer WHERE newer.{part.key} = part.{part.key}"
    return f"{rows} WHERE NOT EXISTS ({taken_over})"


def _read(*files: Path, named: bool = False) -> str:
    # Neither a star nor a "name=value" in the name of somebody's folder means anything.
    listed = ", ".join(_quoted(glob.escape(str(file))) for file in files)
    told = ", union_by_name = true, filename = true" if named else ""
    return f"read_parquet([{listed}], hive_partitioning = false{told})"


def _quoted(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"

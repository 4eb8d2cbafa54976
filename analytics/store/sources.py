"""Sources: a table's rows, in memory or of one load, that answer questions; what was answered once is kept.

The SQL is what every engine of today understands alike: SUM(CASE WHEN), COUNT, GROUP BY, CAST(x AS DATE) and literals
made here. There is no date arithmetic, no division, no window and no function of one engine's own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Literal, NamedTuple

import pandas as pd
import pyarrow as pa

from analytics.scheme import Table, Where
from analytics.scheme.tables import MAY_BE_UNTOLD
from analytics.store.answer_cache import AnswerCache
from analytics.store.engine import Engine
from analytics.store.parts import Part
from analytics.store.words import PLAIN, Doubt, DoubtfulWord, Vocabulary


class OpenOn(NamedTuple):
    """Incidents that had occurred and were not closed at the end of ``day``; or those of them that were due before."""

    day: date
    overdue: bool = False


Only = Literal["dated", "due", "late"] | OpenOn
"""Which incidents: those that are not closed on no day; those with a due day; those of them not closed on it; or those
open at the end of a day."""


class Source:
    """Rows of one table, whose words mean what ``vocabulary`` says; they were ``loaded`` on a day, None unknown.

    Threads may share a source: at worst a question is asked twice.
    """

    def __init__(self, table: Table, engine: Engine, vocabulary: Vocabulary = PLAIN) -> None:
        self.table = table
        self.vocabulary = vocabulary
        self.loaded: date | None = None
        self._engine = engine
        self._answers: dict[str, pa.Table] = {}
        self._there: dict[str, pd.Series] = {}

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

    def condition(self, wheres: Iterable[Where], only: Only | None = None, let_in: Collection[Doubt] = ()) -> str:
        """The rows that meet every condition of every one of ``wheres``, as SQL; a void incident is none.

        ``only``: as in `Counts.daily`. ``let_in``: rows of which it is in doubt are taken, for these reasons.
        """
        parts = [self._meeting(column, wanted, let_in) for where in wheres for column, wanted in where.items()]
        if self.table == "incidents":
            parts += self._incidents(only, let_in)
        return " AND ".join(parts) or "1 = 1"

    def doubtful(self, wheres: Iterable[Where]) -> list[DoubtfulWord]:
        """The words of which it is in doubt whether they meet a condition; and that some group has no number."""
        found = []
        for column, wanted in (one for where in wheres for one in where.items()):
            there = self.values(column)
            for doubt, rows in self.vocabulary.judged(self.table, column, there, wanted)[1].items():
                found += [DoubtfulWord(self.table, column, word, doubt) for word in there[rows]]
            if (
                column in MAY_BE_UNTOLD
                and self.answer(f"SELECT 1 AS one FROM {self.table} WHERE {self.untold(column)} LIMIT 1").num_rows
            ):
                found.append(DoubtfulWord(self.table, column, "", "untold"))
        if self.table == "residents" and self.answer("SELECT area_id FROM residents WHERE count IS NULL").num_rows:
            found.append(DoubtfulWord("residents", "count", "", "size"))
        return found

    def unknown(self, column: str) -> list[str]:
        """The words of a coded column that nobody knows."""
        return [word for word in self.values(column) if self.vocabulary.meaning(self.table, column, word) is None]

    def _meeting(self, column: str, wanted: object, let_in: Collection[Doubt]) -> str:
        # Which of the values that are there meet a condition is decided here, so that no engine has a say in it, and no
        # text of a scheme becomes part of a query.
        there = self.values(column)
        taken, doubts = self.vocabulary.judged(self.table, column, there, wanted)
        for doubt in let_in:
            taken = taken | doubts.get(doubt, False)
        chosen = there[taken]
        meets = f"{column} IN ({_listed(chosen.tolist())})" if len(chosen) else "1 = 0"
        return f"({meets} OR {self.untold(column)})" if column in MAY_BE_UNTOLD and "untold" in let_in else meets

    def untold(self, column: str) -> str:
        """The rows that do not say what a column asks, as SQL: all of a load that does not have it."""
        return f"{column} IS NULL" if self.has(column) else "1 = 1"

    def has(self, column: str) -> bool:
        """Whether the rows have a column: only those that came later may be absent."""
        return column not in MAY_BE_UNTOLD or column in self.columns

    def _incidents(self, only: Only | None, let_in: Collection[Doubt]) -> Iterator[str]:
        words = {meaning: self._statuses(meaning) for meaning in ("void", "closed", None)}
        if words["void"]:
            yield _none_of(words["void"])
        if "status" in let_in and words[None]:
            yield _none_of(words[None])
        # An incident that is called closed without a date cannot be placed in time: the load report counts such rows.
        # One whose status nobody knows may be closed.
        ended = words["closed"] + ([] if "word" in let_in else words[None])
        still = _none_of(ended) if ended else "1 = 1"
        if only == "dated" or isinstance(only, OpenOn):
            yield f"({still} OR closed_at IS NOT NULL)"
        if isinstance(only, OpenOn):
            end = f"CAST('{only.day}' AS DATE)"
            if only.overdue:
                yield f"due_at IS NOT NULL AND CAST(due_at AS DATE) < {end}"
            yield f"CAST(occurred_at AS DATE) <= {end} AND (closed_at IS NULL OR CAST(closed_at AS DATE) > {end})"
        if only in ("due", "late"):
            yield "due_at IS NOT NULL"
        if only == "late":
            late = "CAST(closed_at AS DATE) > CAST(due_at AS DATE)"
            yield f"((closed_at IS NULL AND {still}) OR {late})"

    def _statuses(self, meaning: str | None) -> list[str]:
        return [
            word for word in self.values("status") if self.vocabulary.meaning(self.table, "status", word) == meaning
        ]

    def values(self, column: str) -> pd.Series:
        """The different values of a column, as its own type."""
        if column not in self._there:
            self._there[column] = self._read_values(column)
        return self._there[column]

    def _read_values(self, column: str) -> pd.Series:
        if not self.has(column):
            return pd.Series(dtype="str")
        found = self.answer(f"SELECT {column} FROM {self.table} WHERE {column} IS NOT NULL GROUP BY {column}")
        values = found.column(0)
        kept = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
        dtype = "boolean" if pa.types.is_boolean(kept) else "str" if not pa.types.is_floating(kept) else "float64"
        dtype = "int64" if pa.types.is_integer(kept) else dtype
        return pd.Series(values.to_pylist(), dtype=dtype)


class PartSource(Source):
    """The rows of one load. What ``cache`` holds of them need not be counted again."""

    def __init__(self, table: Table, part: Part, cache: AnswerCache, vocabulary: Vocabulary = PLAIN) -> None:
        self.table = table
        self.vocabulary = vocabulary
        self.part = part
        self.loaded = part.loaded
        self._cache = cache
        self._answers: dict[str, pa.Table] = {}
        self._there: dict[str, pd.Series] = {}

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


def _listed(values: Iterable[str | bool | int | float]) -> str:
    return ", ".join(sorted(map(literal, values)))


def _none_of(statuses: Iterable[str]) -> str:
    return f"(status IS NULL OR status NOT IN ({_listed(statuses)}))"


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

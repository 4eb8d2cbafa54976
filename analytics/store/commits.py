"""The log of the store: a load, a mapping of words, or the undoing of one, is one commit, and a commit is one file that
never changes.

What is live follows from the log alone. A load is undone when a later commit undoes it, and replaced when a load that
is not undone replaces it; all others are live.

Each file says its own format, since those of older programs stay as they are: they are brought to today's format when
they are read, one step at a time (``UPGRADES``). Files without a format are of the first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from analytics import __version__
from analytics.errors import StoreError
from analytics.loaders.coded import OTHER
from analytics.loaders.columns import full_key
from analytics.store.disk import create
from analytics.store.home import STORE_FORMAT
from analytics.store.words import Vocabulary

_NAME = re.compile(r"(\d{6,})\.json")


class StoredFile(BaseModel):
    """A Parquet file of the store: ``file`` is its name in the folder of its table, ``size`` in bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    rows: int
    size: int
    sha256: str


class Load(BaseModel):
    """One load: who loaded what, in which role (None: not recorded) and when, how it was read, and what became of its
    rows.

    ``digest``: sha256 of the source file. ``datum``, ``columns``, ``values``: how it was read. ``read`` rows =
    ``accepted`` + ``repaired`` + ``refused``. ``replaces``: loads that this one replaces whole, with all that these had
    replaced.
    ``takes_over``: earlier load -> how many of its ids are in this load too; ``taken`` holds these ids. ``superseded``:
    rows that this load took the place of when it was made. ``report``: what was said of its rows, as many as it names;
    None: not kept. ``when`` is in UTC.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["load"] = "load"
    number: int
    table: str
    who: str
    role: str | None
    when: datetime
    source: str
    digest: str
    datum: str
    columns: Mapping[str, str | None]
    read: int
    accepted: int
    repaired: int
    refused: int
    first_day: date | None
    last_day: date | None
    held: StoredFile
    replaces: tuple[int, ...] = ()
    takes_over: Mapping[int, int] = {}
    taken: StoredFile | None = None
    superseded: int = 0
    report: StoredFile | None = None
    values: Mapping[str, Mapping[str, str]] = {}
    status: Literal["live", "undone", "replaced"] = Field(default="live", exclude=True)

    @property
    def rows(self) -> int:
        """How many rows were kept."""
        return self.held.rows

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """All files of rows of this load."""
        return (self.held,) if self.taken is None else (self.held, self.taken)


class Words(BaseModel):
    """What words of a column mean in all loads of a table: word as written -> code, or `OTHER`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["words"] = "words"
    number: int
    who: str
    role: str | None
    when: datetime
    table: str
    column: str
    words: Mapping[str, str]


class Undo(BaseModel):
    """The undoing of load, or mapping of words, ``undoes``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["undo"] = "undo"
    number: int
    who: str
    role: str | None
    when: datetime
    undoes: int


Commit = Load | Words | Undo
_COMMIT = TypeAdapter(Annotated[Commit, Field(discriminator="kind")])


@dataclass(frozen=True)
class Log:
    """All commits there are, the oldest first."""

    commits: tuple[Commit, ...]
    digests: tuple[str, ...] = ()
    """The SHA-256 of each commit, as its file says it."""

    @property
    def next(self) -> int:
        """The number of the commit to come."""
        return len(self.commits) + 1

    @cached_property
    def loads(self) -> tuple[Load, ...]:
        """All loads, the oldest first, each with its status."""
        undone = self._undone
        loads = [commit for commit in self.commits if isinstance(commit, Load)]
        replaced = {number for load in loads if load.number not in undone for number in load.replaces}

        def status(number: int) -> str:
            return "undone" if number in undone else "replaced" if number in replaced else "live"

        return tuple(load.model_copy(update={"status": status(load.number)}) for load in loads)

    @cached_property
    def _undone(self) -> frozenset[int]:
        return frozenset(commit.undoes for commit in self.commits if isinstance(commit, Undo))

    @cached_property
    def words(self) -> tuple[Words, ...]:
        """All mappings of words that were not undone, the oldest first."""
        return tuple(one for one in self.commits if isinstance(one, Words) and one.number not in self._undone)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What words mean: as they were mapped after their load; and those that mean none of the codes, as they were
        mapped at it, since they stand in the rows as they were. The newest mapping of a word counts."""
        said: list[tuple[int, str, str, Mapping[str, str]]] = [
            (one.number, one.table, one.column, one.words) for one in self.words
        ]
        for load in self.loads:
            if load.status == "live":
                for column, words in load.values.items():
                    none = {word: code for word, code in words.items() if code == OTHER}
                    said.append((load.number, load.table, column, none))
        mapped: dict[str, dict[str, dict[str, str]]] = {}
        for _, table, column, words in sorted(said, key=lambda one: one[0]):
            known = mapped.setdefault(table, {}).setdefault(column, {})
            known.update({full_key(word): code for word, code in words.items()})
        return Vocabulary(mapped)

    @cached_property
    def digest(self) -> str:
        """Of the rows that count: the same loads are live, each with the same rows, and their words mean the same."""
        tables = {load.table for load in self.loads if load.status == "live"}
        rows = {table: [load.held.sha256 for load in self.live(table)] for table in tables}
        return _digest([rows, self.vocabulary.key] if self.vocabulary.key else rows)

    def done(self, number: int) -> Load | Words | None:
        """The load or the mapping of words of this number."""
        there = (one for one in (*self.loads, *self.commits) if one.number == number and not isinstance(one, Undo))
        return next(there, None)

    def is_undone(self, number: int) -> bool:
        """Whether the commit was taken back."""
        return number in self._undone

    def live(self, table: str) -> tuple[Load, ...]:
        """The loads whose rows count, the oldest first."""
        return tuple(load for load in self.loads if load.table == table and load.status == "live")

    def standing(self, table: str) -> tuple[Load, ...]:
        """The live loads, and the replaced ones, which may come back."""
        return tuple(load for load in self.loads if load.table == table and load.status != "undone")


class Commits:
    """The folder of the log. Threads and processes may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._log = Log(())

    def log(self) -> Log:
        """What is there now. Raises :class:`StoreError` that names a commit which is damaged or missing."""
        there = set(self._numbers())
        if missing := set(range(1, max(there, default=0) + 1)) - there:
            raise StoreError.because("store.commit_damaged", file=self.file(min(missing)).name)
        log = self._log
        if len(there) != len(log.commits):
            # Fewer than before: somebody has put an older copy of the folder in its place.
            known = log if len(there) > len(log.commits) else Log(())
            new = [_read(self.file(number)) for number in range(len(known.commits) + 1, len(there) + 1)]
            commits, digests = zip(*new, strict=True) if new else ((), ())
            log = self._log = Log((*known.commits, *commits), (*known.digests, *digests))
        return log

    def publish(self, commit: Commit) -> bool:
        """Add the commit; False if another process has already used its number."""
        body = json.loads(commit.model_dump_json())
        said = {"format": STORE_FORMAT, "program": __version__, "commit": body, "sha256": _digest(body)}
        content = json.dumps(said, ensure_ascii=False, indent=1)
        return create(self.file(commit.number), content.encode())

    def file(self, number: int) -> Path:
        """Where the commit of this number lies, or would lie."""
        return self._folder / f"{number:06d}.json"

    def _numbers(self) -> Iterator[int]:
        for file in self._folder.iterdir():
            if named := _NAME.fullmatch(file.name):
                yield int(named[1])


def _from_1(body: dict[str, object]) -> dict[str, object]:
    """Roles were not recorded."""
    return {**body, "role": None}


def _from_2(body: dict[str, object]) -> dict[str, object]:
    """Every id was a hash, which is told from an id by itself. Reports were not kept, and no words were mapped."""
    return body if body["kind"] == "undo" else {**body, "report": None}


UPGRADES: Mapping[int, Callable[[dict[str, object]], dict[str, object]]] = {2: _from_1, 3: _from_2}
"""By the format that a step leads to: what a commit of the format before it says in the new one."""


def _read(file: Path) -> tuple[Commit, str]:
    try:
        found = json.loads(file.read_bytes())
        body, written = found["commit"], found.get("format", 1)
        if written > STORE_FORMAT:
            program = found.get("program", "?")
            raise StoreError.because("store.newer_version", folder=file.parent.parent.name, program=program)
        if _digest(body) != found["sha256"]:
            raise ValueError
        for number in range(written + 1, STORE_FORMAT + 1):
            body = UPGRADES[number](body)
        return _COMMIT.validate_python(body), found["sha256"]
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise StoreError.because("store.commit_damaged", file=file.name) from error


def _digest(body: object) -> str:
    return sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

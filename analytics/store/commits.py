"""The log of the store: whatever is done to it is one commit, and a commit is one file that never changes.

What is live follows from the log alone. A load is undone when a later commit undoes it, replaced when a load that is
not undone replaces it, and folded when a compact commit that is not undone has its rows; all others are live.

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


class _Made(BaseModel):
    """Who did something, in which role (None: not recorded) and when (in UTC), and the files that it has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    who: str
    role: str | None
    when: datetime

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """All files of rows of this commit."""
        return ()


class Load(_Made):
    """One load: how a file was read, and what became of its rows.

    ``digest``: sha256 of the source file. ``datum``, ``columns``, ``values``: how it was read. ``read`` rows =
    ``accepted`` + ``repaired`` + ``refused``. ``replaces``: loads that this one replaces whole, with all that these had
    replaced.
    ``takes_over``: earlier load -> how many of its ids are in this load too; ``taken`` holds these ids. ``superseded``:
    rows that this load took the place of when it was made. ``report``: what was said of its rows, as many as it names;
    None: not kept.
    ``areas_left``: areas of earlier loads that are no longer in the list which this load is; ``areas_new``: those that
    no earlier list had (see `area_lists`).
    """

    kind: Literal["load"] = "load"
    table: str
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
    areas_left: tuple[str, ...] = ()
    areas_new: tuple[str, ...] = ()
    status: Literal["live", "undone", "replaced", "folded"] = Field(default="live", exclude=True)

    @property
    def rows(self) -> int:
        """How many rows were kept."""
        return self.held.rows

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """All files of rows of this load."""
        return (self.held,) if self.taken is None else (self.held, self.taken)


class Words(_Made):
    """What words of a column mean in all loads of a table: word as written -> code, or `OTHER`."""

    kind: Literal["words"] = "words"
    table: str
    column: str
    words: Mapping[str, str]


class Undo(_Made):
    """The undoing of commit ``undoes``."""

    kind: Literal["undo"] = "undo"
    undoes: int


class Void(_Made):
    """One record of a table that counts no longer, whichever load has it or will bring it again; ``held`` is a file of
    its id, as the store has it, and ``record`` is that id."""

    kind: Literal["void"] = "void"
    table: str
    record: str
    reason: str
    held: StoredFile

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """All files of this commit."""
        return (self.held,)


class AreaChange(_Made):
    """What became of areas on ``day``: ``moves`` are pairs of an old code and a new one. An old code with one new one
    was renamed or merged, and its records follow; one with several was split, and they cannot."""

    kind: Literal["area_change"] = "area_change"
    day: date
    moves: tuple[tuple[str, str], ...]


class Compact(_Made):
    """Old loads of a table, folded into one file: ``folds`` are their numbers, those that were replaced among them, and
    ``digests`` the SHA-256 of the rows of those that counted, in their order. What one took over from another is gone.

    The files of the loads stay, so that a compact commit can be undone like any other.
    """

    kind: Literal["compact"] = "compact"
    table: str
    folds: tuple[int, ...]
    digests: tuple[str, ...]
    held: StoredFile

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """All files of this commit."""
        return (self.held,)

    def as_load(self) -> Load:
        """The folded rows as one load, whose source has no name: no file of a later day is taken for the same."""
        return Load(
            **{name: getattr(self, name) for name in ("number", "table", "who", "role", "when", "held")},
            source="", digest="", datum="", columns={}, read=self.held.rows, accepted=self.held.rows,
            repaired=0, refused=0, first_day=None, last_day=None,
        )  # fmt: skip


Commit = Load | Words | Undo | Void | AreaChange | Compact
_COMMIT: TypeAdapter[Commit] = TypeAdapter(Annotated[Commit, Field(discriminator="kind")])


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
    def undone(self) -> frozenset[int]:
        """The numbers of the commits that were undone."""
        return frozenset(commit.undoes for commit in self.commits if isinstance(commit, Undo))

    @cached_property
    def loads(self) -> tuple[Load, ...]:
        """All loads, the oldest first, each with its status."""
        loads = [commit for commit in self.commits if isinstance(commit, Load)]
        replaced = {number for load in loads if load.number not in self.undone for number in load.replaces}

        def status(number: int) -> str:
            if number in self.undone:
                return "undone"
            return "replaced" if number in replaced else "folded" if number in self.folded else "live"

        return tuple(load.model_copy(update={"status": status(load.number)}) for load in loads)

    @cached_property
    def words(self) -> tuple[Words, ...]:
        """All mappings of words that were not undone, the oldest first."""
        return tuple(one for one in self.commits if isinstance(one, Words) and one.number not in self.undone)

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
    def voids(self) -> tuple[Void, ...]:
        """The records that were voided."""
        return tuple(one for one in self.commits if isinstance(one, Void) and one.number not in self.undone)

    @cached_property
    def area_changes(self) -> tuple[AreaChange, ...]:
        """What became of areas, the oldest first."""
        return tuple(one for one in self.commits if isinstance(one, AreaChange) and one.number not in self.undone)

    @cached_property
    def _compacts(self) -> Mapping[int, Compact]:
        return {one.number: one for one in self.commits if isinstance(one, Compact) and one.number not in self.undone}

    @cached_property
    def folded(self) -> Mapping[int, int]:
        """A load, or an earlier compact, -> the compact that has its rows."""
        return {number: one.number for one in self._compacts.values() for number in one.folds}

    @cached_property
    def digest(self) -> str:
        """Of the rows that count: the same loads are live, each with the same rows, and nothing else was decided."""
        tables = {load.table for load in self.loads if load.status in ("live", "folded")}
        said: dict[str, object] = {}
        for table in tables:
            said[table] = [sha for load in self.live(table) for sha in self.shas(load)]
        if self.voids:
            said["voids"] = sorted([void.table, void.record] for void in self.voids)
        if self.area_changes:
            said["area_changes"] = [[f"{change.day}", change.moves] for change in self.area_changes]
        if self.vocabulary.key:
            said["words"] = self.vocabulary.key
        if left := [load.areas_left for load in self.live("areas") if load.areas_left]:
            said["areas_left"] = left
        return _digest(said)

    def live(self, table: str) -> tuple[Load, ...]:
        """The loads whose rows count, and what folded ones became, the oldest first."""
        return self._live.get(table, ())

    @cached_property
    def _live(self) -> Mapping[str, tuple[Load, ...]]:
        found: dict[str, list[Load]] = {}
        folded = (one.as_load() for one in self._compacts.values() if one.number not in self.folded)
        for load in (*(load for load in self.loads if load.status == "live"), *folded):
            found.setdefault(load.table, []).append(load)
        return {table: tuple(sorted(loads, key=self._place)) for table, loads in found.items()}

    def _place(self, load: Load) -> int:
        """Where a load stands among others: a compact where the newest of its loads stood."""
        number = load.number
        while number in self._compacts:
            number = max(self._compacts[number].folds)
        return number

    def standing(self, table: str) -> tuple[Load, ...]:
        """The live loads, and the replaced ones that may come back: not those whose replacing is folded for good."""
        replaced = (load for load in self.loads if load.status == "replaced" and load.number not in self.folded)
        replaced = (load for load in replaced if load.table == table)
        return tuple(sorted((*self.live(table), *replaced), key=self._place))

    def loaded(self, load: Load) -> datetime:
        """When the rows of a load came, or the oldest of those that were folded into it."""
        return min(self._whens[number] for number in self._aliases(load.number) if number in self._whens)

    @cached_property
    def _whens(self) -> Mapping[int, datetime]:
        return {one.number: one.when for one in self.loads}

    def shas(self, load: Load) -> tuple[str, ...]:
        """The SHA-256 of the rows of a load, or of each of those that were folded into it."""
        found = self._compacts.get(load.number)
        return found.digests if found else (load.held.sha256,)

    def takes_from(self, later: Load, load: Load) -> bool:
        """Whether ``later`` took rows over from ``load``, from one that it was folded into, or one folded into it."""
        return bool(self._aliases(load.number) & later.takes_over.keys())

    def _aliases(self, number: int) -> frozenset[int]:
        if number not in self._of_alias:
            found, waiting = {number}, [number]
            while waiting:
                compact = self._compacts.get(waiting.pop())
                waiting += compact.folds if compact else ()
                found.update(compact.folds if compact else ())
            above = number
            while above in self.folded:
                above = self.folded[above]
                found.add(above)
            self._of_alias[number] = frozenset(found)
        return self._of_alias[number]

    @cached_property
    def _of_alias(self) -> dict[int, frozenset[int]]:
        return {}


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
    """Every id was a hash, which is told from an id by itself. Reports were not kept, no words were mapped, and no
    lists of areas were compared."""
    return {**body, "report": None} if body["kind"] == "load" else body


def _from_3(body: dict[str, object]) -> dict[str, object]:
    """There were no orders. A commit says what it said; an older program would take no notice of an order that it was
    given, and show tiers that are too mild."""
    return body


def _from_4(body: dict[str, object]) -> dict[str, object]:
    """Nothing was told of what became of a finding. A commit says what it said; an older program would take no notice
    of a deadline, and go on counting as open what was handed over."""
    return body


UPGRADES: Mapping[int, Callable[[dict[str, object]], dict[str, object]]] = {
    2: _from_1,
    3: _from_2,
    4: _from_3,
    5: _from_4,
}
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

"""The store: records on disk, one load one commit; the same file twice counts once, and what was done can be undone.

A home folder holds ``key/`` (for hashing ids that look personal), ``records/<table>/`` (Parquet files that never
change), ``commits/`` (the log, which alone says what counts), ``reports/`` (what each load said of its rows),
``columns/`` (how headers were put right) and ``counts/`` (see `counts`).
Several processes may read and write at once without a lock: a commit is made by giving a whole file the next number,
which one of them gets, and the others look at the log anew and try the number after.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Self

import pandas as pd

from analytics.access import LOCAL, Actor
from analytics.errors import StoreError
from analytics.loaders import TABLES, Datum, IdHash, Known, Loaded, LoadReport, UploadedBytes
from analytics.loaders.coded import require_codes
from analytics.loaders.files import file_name
from analytics.loaders.load import file_digest
from analytics.office import local_time
from analytics.store.adding import Added, add, now
from analytics.store.answer_cache import AnswerCache
from analytics.store.area_history import AreaHistory, area_history, overlaps
from analytics.store.arrivals import MOST_LOADS
from analytics.store.commits import AreaChange, Commit, Commits, Compact, Load, Log, Undo, Void, Words
from analytics.store.context import AS_THEY_ARE, Context
from analytics.store.corrections import change_areas, compact, void
from analytics.store.counts import DATE_COLUMN, Counts
from analytics.store.disk import disk_troubles, replace
from analytics.store.earlier import parts_of, table_of
from analytics.store.export import Exported, export
from analytics.store.frames import KEY, read_frame, verified
from analytics.store.home import home_folder, open_home, raise_format
from analytics.store.ledger_entries import CommitEntry
from analytics.store.parts import Part
from analytics.store.plan import Seen, seen
from analytics.store.reports import kept_report
from analytics.store.undoing import UndoOutcome, undoing
from analytics.store.words import Vocabulary
from analytics.words import Phrase, phrase


class Store:
    """The records of one home folder. Threads and processes may share it.

    Every method raises :class:`StoreError` where the disk refuses, or a file is damaged or lost.
    """

    def __init__(self, home: Path, key: bytes) -> None:
        self.home = home
        self.ids = IdHash(key)
        self.answer_cache = AnswerCache(home / "counts", key)
        self._records = home / "records"
        self._commits = Commits(home / "commits")

    @classmethod
    def open(cls, home: Path | None = None) -> Self:
        """The store in ``home``, else where the setting says, else in the user's data folder; made on first use."""
        folder = home_folder(home)
        return cls(folder, open_home(folder))

    def add(self, loaded: Loaded, actor: Actor, confirmed: str = "") -> Added:
        """Commit what was loaded, all of it or nothing.

        What is loaded already changes nothing. A file of an earlier load's name, with at least half of its ids (or, of
        people, the same days), and the same file read in another way, replace that load; otherwise the newest row of an
        id counts, and people add up. A newer list of areas ends the areas that it no longer has (see `area_lists`).

        Raises :class:`HeldLoadError`, with nothing written, where more is gone than chance takes, or where it has to be
        said whether two loads add up; one of its ``codes`` as ``confirmed`` goes on.
        """
        with disk_troubles(self.home):
            return add(self.home, self._commits, loaded, actor, self.ids, confirmed)

    def map_words(self, table: str, column: str, words: Mapping[str, str], actor: Actor) -> int:
        """Have ``words`` (as written -> code, or `OTHER`) mean that in all loads of ``table``, those to come too.

        Returns the number of the commit. Raises ``LoadError`` for a column without codes, and for what is none.
        """
        if table == "areas":
            raise StoreError.because("store.words_of_areas")
        require_codes(table, column, words)
        with disk_troubles(self.home):
            while True:
                raise_format(self.home)
                number = self._commits.log().next
                said = {"who": actor.name, "role": actor.role, "when": now(), "table": table, "column": column}
                if self._commits.publish(Words(number=number, words=words, **said)):
                    return number

    def void(self, table: str, number: str, reason: str, actor: Actor) -> Void:
        """Let one record of ``table`` count no longer, in whichever load it is; raises :class:`StoreError` where none
        has this number, or where it is void already."""
        with disk_troubles(self.home):
            return void(self.home, self._commits, self.ids, table, number, reason, actor)

    def change_areas(self, moves: Sequence[tuple[str, str]], day: date, actor: Actor) -> AreaChange:
        """Say what became of areas on ``day``, as pairs of an old code and a new one; raises :class:`StoreError` for
        what cannot be."""
        with disk_troubles(self.home):
            return change_areas(self.home, self._commits, moves, day, actor)

    def compact(self, actor: Actor) -> tuple[Compact, ...]:
        """Fold the old loads of each table into one file; the newest stay as they are, and can be undone."""
        with disk_troubles(self.home):
            return compact(self.home, self._commits, self.ids, actor)

    def undo(self, number: int, actor: Actor) -> tuple[Phrase, ...]:
        """Take commit ``number`` back; what a load replaced or superseded counts again.

        Returns what was done, and then what the user should know: that rows of other loads have lost their areas.
        """
        with disk_troubles(self.home):
            while True:
                log = self._commits.log()
                found = log.commits[number - 1] if 0 < number < log.next else None
                if found is None or isinstance(found, Undo):
                    raise StoreError.because("store.no_such_load", number=number)
                if number in log.undone:
                    raise StoreError.because("store.already_undone", number=number)
                if number in log.folded:
                    raise StoreError.because("store.folded", number=number, compact=log.folded[number])
                raise_format(self.home)
                undo = Undo(number=log.next, who=actor.name, role=actor.role, when=now(), undoes=number)
                if self._commits.publish(undo):
                    if isinstance(found, Words):
                        return (phrase("store.words_undone", number=number, words=list(found.words)),)
                    return self._undone(found, log, self._commits.log())

    def undoing(self, number: int) -> UndoOutcome:
        """What undoing a load would do; raises :class:`StoreError` where it cannot be undone."""
        return undoing(self._log(), number)

    def loads(self) -> tuple[Load, ...]:
        """All loads, the newest first, each live, undone or replaced."""
        return tuple(reversed(self._log().loads))

    def seen(self, table: str, file: Path | UploadedBytes, datum: Datum) -> Seen | None:
        """The load of this very file by its name and content, where to load it once more brings nothing; see `seen`.
        Raises ``LoadError`` for a file that cannot be read."""
        name = file_name(file[0] if isinstance(file, tuple) else file.name)
        return seen(self._log(), table, name, file_digest(file), datum)

    def report(self, number: int) -> LoadReport:
        """What load ``number`` said of its rows. Raises :class:`StoreError` where there is no such load or report."""
        found = next((load for load in self._log().loads if load.number == number), None)
        if found is None:
            raise StoreError.because("store.no_such_load", number=number)
        with disk_troubles(self.home):
            return kept_report(self.home, found)

    def vocabulary(self) -> Vocabulary:
        """What the words of the records mean."""
        return self._log().vocabulary

    def mappings(self) -> tuple[Words, ...]:
        """All mappings of words that count, the oldest first."""
        return self._log().words

    def corrections(self) -> tuple[Void | AreaChange | Compact, ...]:
        """The commits that are neither loads nor undos and were not undone, the newest first."""
        log = self._log()
        kept = (one for one in log.commits if isinstance(one, Void | AreaChange | Compact))
        return tuple(reversed([one for one in kept if one.number not in log.undone]))

    def area_history(self) -> AreaHistory:
        """What became of the areas that there are."""
        log = self._log()
        return area_history(self.table("areas"), log.area_changes, log.live("areas"))

    def offered_moves(self) -> tuple[tuple[str, str], ...]:
        """Areas that left the list, each with those of today whose shapes lie in it: what may have become of them."""
        log = self._log()
        said = {old for change in log.area_changes for old, _ in change.moves}
        with disk_troubles(self.home):
            former = [
                read_frame(verified(self._records, load, load.held)).set_index("area_id")
                for load in log.loads
                if load.table == "areas" and load.status in ("live", "replaced")
            ]
        return overlaps(self.table("areas"), former, said)

    def commits(self) -> tuple[CommitEntry, ...]:
        """All commits, the oldest first, as the ledger takes them down."""
        log = self._log()
        return tuple(_entry(commit, digest) for commit, digest in zip(log.commits, log.digests, strict=True))

    def tables(self) -> tuple[str, ...]:
        """The tables that have rows, in the order of ``TABLES``."""
        log = self._log()
        return tuple(table for table in TABLES if log.live(table))

    def table(self, name: str) -> pd.DataFrame:
        """The rows that count of a table, as in `Records`, each word as what it means.

        Areas have all columns that any load gave them.

        Raises :class:`StoreError` if there are none, ``ValueError`` for a table that does not exist.
        """
        if name not in TABLES:
            raise ValueError(f"no such table: {name}")
        with disk_troubles(self.home):
            frame = table_of(self._records, self._commits.log(), name)
        if frame is None:
            raise StoreError.because("store.table_empty", table=phrase(f"tables.{name}"))
        return frame

    def known(self) -> Known:
        """What a file is read against: the areas, and the area of each place."""
        there = self.tables()
        places = self.table("places").set_index("place_id")["area_id"] if "places" in there else None
        return Known(self.table("areas") if "areas" in there else None, places, self.vocabulary().mapped)

    def parts(self) -> Mapping[str, tuple[Part, ...]]:
        """The live loads of each table that has rows, the oldest first, as files that were found undamaged."""
        log = self._log()
        with disk_troubles(self.home):
            return {table: parts_of(self._records, log, table) for table in TABLES if log.live(table)}

    def newest_loads(self) -> Mapping[str, tuple[Part, ...]]:
        """The newest loads of the tables of events, the oldest first, each with its day: replaced ones too, so that it
        can be told which of them brought a record first."""
        log = self._log()
        return {
            table: tuple(
                Part(
                    self._records / table / load.held.file,
                    load.held.sha256,
                    KEY[table],
                    (),
                    local_time(load.when).date(),
                )
                for load in log.standing(table)[-MOST_LOADS:]
            )
            for table in DATE_COLUMN
        }

    def digest(self) -> str:
        """Of the rows that count: the same again after something was added and undone."""
        return self._log().digest

    def columns_for(self, source_key: str) -> Mapping[str, str | None] | None:
        """How the user put the headers of files like this one right: canonical column -> header; None if never."""
        found = self._remembered(source_key)
        return None if found is None else found["columns"]

    def values_for(self, source_key: str) -> Mapping[str, Mapping[str, str]]:
        """What the user said that words of files like this one mean: canonical column -> word -> code."""
        found = self._remembered(source_key)
        return {} if found is None else found["values"]

    def remember(
        self, source_key: str, columns: Mapping[str, str | None], values: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        """Keep the ``columns``, and what words mean (``values``), for the next file like this one."""
        file = self._columns_file(source_key)
        told = {column: dict(words) for column, words in (values or {}).items()}
        content = json.dumps({"columns": dict(columns), "values": told}, ensure_ascii=False).encode()
        with disk_troubles(self.home):
            replace(file, lambda out: out.write(content))

    def _remembered(self, source_key: str) -> dict[str, dict[str, Any]] | None:
        file = self._columns_file(source_key)
        with disk_troubles(self.home):
            try:
                found = dict(json.loads(file.read_bytes()))
                # Until format 3 of the store a file held the columns alone, each with its header.
                told = found if isinstance(found.get("columns"), dict) else {"columns": found, "values": {}}
                return {"columns": dict(told["columns"]), "values": dict(told["values"])}
            except FileNotFoundError:
                return None
            except (ValueError, TypeError, KeyError) as error:
                raise StoreError.because("store.columns_damaged", file=file.name) from error

    def export(self, folder: Path, *, ids_in_clear: bool = True) -> Exported:
        """Write all rows that count into ``folder`` as files that can be loaded again; see :func:`export`.

        Without ``ids_in_clear`` every id is written as its hash. Raises :class:`StoreError` if there are no rows.
        """
        there = self.tables()
        if not there:
            raise StoreError.because("store.nothing_to_export")
        with disk_troubles(folder):
            tables = {table: self.table(table) for table in there}
            return export(tables if ids_in_clear else self._hashed(tables), folder)

    def _hashed(self, tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
        columns = {KEY[table] for table in KEY if table not in ("areas", "holidays", "given_values", "orders")}
        return {
            table: frame.assign(**{column: self.ids.of(frame[column]) for column in columns.intersection(frame)})
            for table, frame in tables.items()
        }

    def _log(self) -> Log:
        with disk_troubles(self.home):
            return self._commits.log()

    def _undone(self, undone: Commit, before: Log, after: Log) -> tuple[Phrase, ...]:
        """What to say of a load that counted ``before``, or did not, and is undone ``after``; or of another commit."""
        if not isinstance(undone, Load):
            return (phrase(f"store.undone_{undone.kind}", number=undone.number),)
        live = {load.number for load in after.live(undone.table)}
        back = live - {load.number for load in before.live(undone.table)}
        moved = undone.number in {load.number for load in before.live(undone.table)} and any(
            after.takes_from(undone, load) for load in after.live(undone.table)
        )
        said = [phrase("store.undone_restored" if back or moved else "store.undone", number=undone.number)]
        # The load is undone by now, whatever else is damaged: that is told when it is read.
        with suppress(StoreError):
            if undone.table == "areas" and (lost := self._without_areas(after)):
                said.append(phrase("store.areas_gone", loads=lost))
        return tuple(said)

    def _without_areas(self, log: Log) -> tuple[int, ...]:
        """The live loads that have rows in areas which no live load holds."""
        areas = table_of(self._records, log, "areas")
        there = pd.Index([]) if areas is None else areas.index
        return tuple(
            load.number
            for load in log.loads
            if load.status == "live"
            and load.table not in ("areas", "holidays")
            and not self._area_ids(load).dropna().isin(there).all()
        )

    def _area_ids(self, load: Load) -> pd.Series:
        column = "home_area_id" if load.table == "teams" else "area_id"
        return read_frame(verified(self._records, load, load.held), [column])[column]

    def _columns_file(self, source_key: str) -> Path:
        if not re.fullmatch(r"\w+", source_key, re.ASCII):
            raise ValueError("a source key is made of letters and digits")
        return self.home / "columns" / f"{source_key}.json"


def _entry(commit: Commit, digest: str) -> CommitEntry:
    role = commit.role or LOCAL  # before roles were recorded there was one person at one computer
    return CommitEntry(commit.number, digest, commit.kind, _subject(commit), commit.who, role, commit.when.isoformat())


def _subject(commit: Commit) -> str:
    """What a commit is about, as the ledger says it: of a record that was voided with the reason."""
    if isinstance(commit, Undo):
        return f"{commit.undoes}"
    if isinstance(commit, Words):
        return f"{commit.table}.{commit.column}"
    if isinstance(commit, Void):
        return f"{commit.table} {commit.record}: {commit.reason}"
    if isinstance(commit, AreaChange):
        return f"{commit.day} " + ", ".join(f"{old} > {new}" for old, new in commit.moves)
    return commit.table


def counts_of(store: Store) -> Counts:
    """What scoring sees of a store: its areas and the counts of its live loads, which are kept in the home folder; with
    the digest of the very rows that were counted, though somebody may be loading."""
    while True:
        digest = store.digest()
        parts, loads = store.parts(), store.newest_loads()
        small = {table: store.table(table) for table in AS_THEY_ARE if table in parts}
        context = Context(loads, small, store.ids, store.vocabulary(), store.area_history())
        counts = Counts.of_parts(store.table("areas"), parts, store.answer_cache, digest, context)
        if store.digest() == digest:
            return counts

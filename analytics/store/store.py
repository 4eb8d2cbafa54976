"""The store: records on disk, one load one commit; the same file twice counts once, and what was done can be undone.

A home folder holds ``key/`` (for hashing ids), ``records/<table>/`` (Parquet files that never change), ``commits/``
(the log, which alone says what counts), ``columns/`` (how headers were put right) and ``counts/`` (see `counts`).
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
from typing import Self

import pandas as pd

from analytics.access import LOCAL, Actor
from analytics.errors import StoreError
from analytics.loaders import TABLES, IdHash, Known, Loaded
from analytics.store.adding import Added, add, now
from analytics.store.answer_cache import AnswerCache
from analytics.store.area_history import AreaHistory, area_history, overlaps
from analytics.store.commits import AreaChange, Commit, Commits, Compact, Load, Log, Undo, Void
from analytics.store.corrections import change_areas, compact, void
from analytics.store.counts import Counts
from analytics.store.disk import disk_troubles, replace
from analytics.store.earlier import parts_of, table_of
from analytics.store.export import Exported, export
from analytics.store.frames import read_frame, verified
from analytics.store.home import home_folder, open_home, raise_format
from analytics.store.ledger_entries import CommitEntry
from analytics.store.parts import Part
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
            return add(self.home, self._commits, loaded, actor, confirmed)

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
            return compact(self.home, self._commits, actor)

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
                    return self._undone(found, log, self._commits.log())

    def loads(self) -> tuple[Load, ...]:
        """All loads, the newest first, each live, undone or replaced."""
        return tuple(reversed(self._log().loads))

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
        """The rows that count of a table, as in `Records`; of areas with all columns that any load gave them.

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
        return Known(self.table("areas") if "areas" in there else None, places)

    def parts(self) -> Mapping[str, tuple[Part, ...]]:
        """The live loads of each table that has rows, the oldest first, as files that were found undamaged."""
        log = self._log()
        with disk_troubles(self.home):
            return {table: parts_of(self._records, log, table) for table in TABLES if log.live(table)}

    def digest(self) -> str:
        """Of the rows that count: the same again after something was added and undone."""
        return self._log().digest

    def columns_for(self, source_key: str) -> Mapping[str, str | None] | None:
        """How the user put the headers of files like this one right: canonical column -> header; None if never."""
        file = self._columns_file(source_key)
        with disk_troubles(self.home):
            try:
                return dict(json.loads(file.read_bytes()))
            except FileNotFoundError:
                return None
            except (ValueError, TypeError) as error:
                raise StoreError.because("store.columns_damaged", file=file.name) from error

    def remember(self, source_key: str, columns: Mapping[str, str | None]) -> None:
        """Keep the ``columns`` for the next file like this one."""
        file = self._columns_file(source_key)
        content = json.dumps(dict(columns), ensure_ascii=False).encode()
        with disk_troubles(self.home):
            replace(file, lambda out: out.write(content))

    def export(self, folder: Path) -> Exported:
        """Write all rows that count into ``folder`` as files that can be loaded again; see :func:`export`.

        Raises :class:`StoreError` if there are none.
        """
        there = self.tables()
        if not there:
            raise StoreError.because("store.nothing_to_export")
        with disk_troubles(folder):
            return export({table: self.table(table) for table in there}, folder)

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
            if load.status == "live" and load.table != "areas" and not self._area_ids(load).dropna().isin(there).all()
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
        areas, history = store.table("areas"), store.area_history()
        counts = Counts.of_parts(areas, store.parts(), store.answer_cache, digest, history)
        if store.digest() == digest:
            return counts

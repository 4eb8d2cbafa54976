"""What is decided about records that are there, each one commit: a record that is void, areas that changed, old loads
that are folded into one file."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import pandas as pd

from analytics.access import Actor
from analytics.errors import StoreError
from analytics.loaders import IdHash
from analytics.loaders.sheet import shown
from analytics.store.adding import now, remove
from analytics.store.area_history import require_moves
from analytics.store.commits import AreaChange, Commits, Compact, Load, Log, StoredFile, Void
from analytics.store.disk import partial_of, sync_folder, write_new
from analytics.store.earlier import EarlierLoads, table_of
from analytics.store.frames import KEY, held, read_frame, verified, write_frame, write_ids
from analytics.store.free_text import require_reason
from analytics.store.home import raise_format
from analytics.words import phrase

Made = TypeVar("Made", Void, Compact)

KEPT_APART = 20
"""So many of the newest loads of a table are not folded: each can still be undone by itself."""

VOIDED = ("incidents", "places", "checks")
"""Tables whose records have a number that a person can name."""


def void(home: Path, commits: Commits, ids: IdHash, table: str, number: str, reason: str, actor: Actor) -> Void:
    """Let the record with this number, as its source writes it or as the store has it, count no longer."""
    if not reason.strip():
        raise StoreError.because("store.void_reason")
    require_reason(reason, StoreError)
    records = home / "records"
    while True:
        log = commits.log()
        record = _record(records, log, ids, table, number.strip())
        draft = partial_of(records / table / "void")
        try:
            write_new(draft, partial(_write_id, KEY[table], record))
            described = held(draft, 1)

            def commit(file: StoredFile, number: int = log.next, record: str = record) -> Void:
                return Void(number=number, table=table, **_by(actor), record=record, reason=reason.strip(), held=file)

            made = _with_file(home, commits, draft, described, log.next, commit)
        finally:
            remove(draft)
        if made:
            return made


def _write_id(column: str, record: str, out: BinaryIO) -> None:
    write_ids(column, pd.Index([record], dtype="str"), out)


def _record(records: Path, log: Log, ids: IdHash, table: str, number: str) -> str:
    """The id of the record as the store has it: in clear, or hashed."""
    if table not in VOIDED:
        raise StoreError.because("store.void_table", tables=[phrase(f"tables.{name}") for name in VOIDED])
    forms = [number, str(ids.of(pd.Series([number], dtype="str")).iloc[0])]
    if any(one.table == table and one.record in forms for one in log.voids):
        raise StoreError.because("store.void_before", record=shown(number))
    column = KEY[table]
    for load in log.live(table):
        there = read_frame(verified(records, load, load.held), [column])[column]
        for form in forms:
            if (there == form).any():
                return form
    raise StoreError.because("store.no_such_record", record=shown(number), table=phrase(f"tables.{table}"))


def change_areas(home: Path, commits: Commits, moves: Sequence[tuple[str, str]], day: date, actor: Actor) -> AreaChange:
    """Say what became of areas on ``day``; see :class:`AreaChange`."""
    while True:
        log = commits.log()
        require_moves(moves, table_of(home / "records", log, "areas"), log.area_changes)
        change = AreaChange(number=log.next, **_by(actor), day=day, moves=tuple(moves))
        raise_format(home)
        if commits.publish(change):
            return change


def compact(home: Path, commits: Commits, ids: IdHash, actor: Actor) -> tuple[Compact, ...]:
    """Fold the old loads of each table but areas into one file, where there is more than one to fold."""
    made = []
    for table in ("residents", "incidents", "places", "checks", "teams"):
        while True:
            log = commits.log()
            folds = to_fold(log, table)
            if sum(load.status == "live" for load in folds) < 2:
                break
            if done := _folded(home, commits, log, ids, table, folds, actor):
                made.append(done)
                break
    return tuple(made)


def to_fold(log: Log, table: str) -> tuple[Load, ...]:
    """The oldest standing loads, without the newest; all or none of a chain of loads that replaced each other, so that
    what can still be undone finds what it brings back."""
    standing = log.standing(table)
    oldest = list(standing[:-KEPT_APART])
    newest_first = {
        number: load.number for load in reversed(log.loads) if load.status != "undone" for number in load.replaces
    }
    while oldest:
        inside = {load.number for load in oldest}
        if all(newest_first[load.number] in inside for load in oldest if load.status == "replaced"):
            break
        oldest.pop()
    return tuple(oldest)


def _folded(
    home: Path, commits: Commits, log: Log, ids: IdHash, table: str, folds: Sequence[Load], actor: Actor
) -> Compact | None:
    records = home / "records"
    earlier = EarlierLoads(records, log, records, ids)
    live = [load for load in folds if load.status == "live"]
    frames = [earlier.rows(load) for load in live]
    frame = pd.concat(frames, ignore_index=True)
    if table in KEY:
        # An older home may know a record by the hash of its id.
        (named,) = ids.comparable(frame[KEY[table]])
        frame = frame[~named.duplicated(keep="last")].reset_index(drop=True)
    digests = tuple(sha for load in live for sha in log.shas(load))
    draft = partial_of(records / table / "rows")

    def commit(file: StoredFile) -> Compact:
        numbers = tuple(load.number for load in folds)
        return Compact(number=log.next, table=table, **_by(actor), folds=numbers, digests=digests, held=file)

    try:
        write_new(draft, lambda out: write_frame(table, frame, out))
        return _with_file(home, commits, draft, held(draft, len(frame)), log.next, commit)
    finally:
        remove(draft)


def _with_file(
    home: Path, commits: Commits, draft: Path, described: StoredFile, number: int, commit: Callable[[StoredFile], Made]
) -> Made | None:
    """Give the draft a name and publish the commit that describes it; None, with all as it was, if its number is
    taken."""
    main = draft.with_name(f"{number:06d}-{secrets.token_hex(4)}.parquet")
    raise_format(home)
    draft.replace(main)
    sync_folder(main.parent)
    try:
        made = commit(described.model_copy(update={"file": main.name}))
        if commits.publish(made):
            return made
    except BaseException:
        if not commits.file(number).exists():
            remove(main)
        raise
    remove(main)
    return None


def _by(actor: Actor) -> dict[str, Any]:
    return {"who": actor.name, "role": actor.role, "when": now()}

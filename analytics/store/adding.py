"""Adding a load: its rows are written and described, and one commit makes them count, all at once."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from analytics.access import Actor
from analytics.errors import StoreError
from analytics.loaders import IdHash, Loaded
from analytics.scheme.basics import required
from analytics.store.commits import Commits, Load, StoredFile
from analytics.store.disk import PARTIAL, partial_of, sync_folder, write_new
from analytics.store.earlier import EarlierLoads
from analytics.store.frames import KEY, held, verified, write_frame, write_ids
from analytics.store.guarding import questions
from analytics.store.home import raise_format
from analytics.store.plan import Plan, plan
from analytics.store.reports import FOLDER, report_bytes
from analytics.words import Phrase, phrase

_ORPHAN_SECONDS = 24 * 3600
"""A file that was begun longer ago than this, and is in no commit, belongs to a process that is no more."""


@dataclass(frozen=True)
class Added:
    """What became of a load: ``number`` is its own, or ``already`` that of the live load that is the same.

    ``replaced``: loads that it replaces whole. ``superseded``: single rows of other loads that it takes the place of.
    ``doubled``: areas of which another load holds people as of the same day. ``notes`` say what the user should know.
    """

    number: int | None
    already: int | None
    replaced: tuple[int, ...] = ()
    superseded: int = 0
    doubled: int = 0
    notes: tuple[Phrase, ...] = ()


def add(home: Path, commits: Commits, loaded: Loaded, actor: Actor, ids: IdHash, confirmed: str = "") -> Added:
    """Commit what was loaded to the store in ``home``, whose key is in ``ids``; see ``Store.add``.

    Raises ``OSError`` where the disk refuses.
    """
    records, reports = home / "records", home / FOLDER
    folder = records / loaded.table
    for wanted in (folder, reports):
        if not wanted.is_dir():
            wanted.mkdir(exist_ok=True)
            sync_folder(wanted.parent)
    draft, report = partial_of(folder / "rows"), partial_of(reports / "report")
    try:
        write_new(draft, lambda out: write_frame(loaded.table, loaded.frame, out))
        rows = held(draft, len(loaded.frame))
        while True:
            log = commits.log()
            earlier = EarlierLoads(records, log, draft, ids)
            areas = earlier.areas() if loaded.table == "areas" else None
            todo = plan(loaded, rows.sha256, earlier, areas, confirmed)
            if todo.already:
                verified(records, todo.already, todo.already.held)
                return Added(None, todo.already.number)
            told = questions(loaded, todo, earlier, areas, confirmed)
            raise_format(home)
            if not report.exists():
                write_new(report, lambda out: out.write(report_bytes(loaded.report)))
            if _committed(commits, loaded, actor, log.next, todo, (draft, report), rows):
                _sweep(home, commits)
                return _added(log.next, todo, told)
    finally:
        remove(draft, report)


def _committed(
    commits: Commits, loaded: Loaded, actor: Actor, number: int, todo: Plan, drafts: tuple[Path, Path], rows: StoredFile
) -> bool:
    """Give the files their names and publish the commit; False, with all as it was, if its number is taken.

    ``drafts``: the rows, and the report of them.
    """
    draft, report = drafts
    # Two processes that want the same number must never mean the same file.
    name = f"{number:06d}-{secrets.token_hex(4)}"
    main = draft.with_name(f"{name}.parquet")
    without = draft.with_name(f"{name}-without.parquet")
    named_report = report.with_name(f"{name}.json")
    taken = None
    try:
        if todo.takes_over:
            ids = required(todo.taken)
            write_new(without, lambda out: write_ids(KEY[loaded.table], ids, out))
            taken = held(without, len(ids))
        draft.replace(main)
        sync_folder(main.parent)
        report.replace(named_report)
        sync_folder(named_report.parent)
        described = rows.model_copy(update={"file": main.name})
        notes = held(named_report, len(loaded.report.refused) + len(loaded.report.repaired))
        load = _load(loaded, actor, number, todo, described, taken)
        if commits.publish(load.model_copy(update={"report": notes})):
            return True
    except BaseException:
        # Whether the commit was made before the failure is known by its file alone.
        if not commits.file(number).exists():
            remove(main, without, named_report)
        raise
    main.replace(draft)
    named_report.replace(report)
    remove(without)
    return False


def _sweep(home: Path, commits: Commits) -> None:
    """Remove what processes that are no more have left behind."""
    old = time.time() - _ORPHAN_SECONDS
    # The commit is made: nothing that goes wrong here is the caller's trouble.
    with suppress(OSError, StoreError):
        done = commits.log()
        named = {held_file.file for commit in done.commits for held_file in commit.files}
        named |= {load.report.file for load in done.loads if load.report}
        files = (*(home / "records").glob("*/*.parquet"), *(home / FOLDER).glob("*.json"))
        orphans = [file for file in files if file.name not in named]
        for file in (*orphans, *home.glob(f"**/*{PARTIAL}")):
            if file.stat().st_mtime < old:
                remove(file)


def _load(loaded: Loaded, actor: Actor, number: int, todo: Plan, rows: StoredFile, taken: StoredFile | None) -> Load:
    report = loaded.report
    return Load(
        number=number,
        table=loaded.table,
        who=actor.name,
        role=actor.role,
        when=now(),
        source=report.source,
        digest=loaded.digest,
        datum=loaded.reading.datum,
        columns=dict(loaded.reading.columns),
        values={column: dict(words) for column, words in loaded.reading.values.items()},
        read=report.read,
        accepted=report.accepted,
        repaired=report.repaired_rows,
        refused=len(report.refused),
        first_day=report.first_day,
        last_day=report.last_day,
        held=rows,
        replaces=todo.replaces,
        takes_over=todo.takes_over,
        taken=taken,
        superseded=todo.superseded,
        areas_left=todo.areas.left,
        areas_new=todo.areas.new,
    )


def _added(number: int, todo: Plan, told: Iterable[Phrase]) -> Added:
    notes = []
    if todo.replaced:
        notes.append(phrase("store.replaced", loads=todo.replaced, number=number))
    if todo.superseded:
        notes.append(phrase("store.superseded", n=todo.superseded, number=number))
    doubled = 0 if set(todo.doubled) & set(todo.replaced) else todo.doubled_areas
    if doubled:
        notes.append(phrase("store.doubled", n=doubled, loads=todo.doubled, number=number))
    return Added(number, None, todo.replaced, todo.superseded, doubled, (*notes, *told))


def now() -> datetime:
    """The time to the second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def remove(*files: Path) -> None:
    """Remove files that nothing names any more; one that cannot be removed is swept on a later day."""
    for file in files:
        with suppress(OSError):
            file.unlink()

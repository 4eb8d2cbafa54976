"""A home as one archive, made while others work in it, and put in place again on a folder of its own.

What is in the archive fits together: the ledger is copied first, then the log of the store, then the files that the log
names. A release that became known after the ledger was copied is left out, a load that did is in the log alone and is
told to the ledger again when the home is opened, as after a power cut.
"""

from __future__ import annotations

import glob
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from analytics import office
from analytics.errors import BackupError, StoreError
from analytics.releases import issued_folders
from analytics.releases.issued import PENDING
from analytics.releases.release import FOLDER as RELEASES
from analytics.store.archive import (
    KEY_FILE,
    Archive,
    BackupManifest,
    GoneError,
    Source,
    opened_archive,
    write_archive,
)
from analytics.store.commits import Commits, Compact, Load, Void
from analytics.store.disk import PARTIAL, disk_troubles, partial_of, sync_folder, write_new
from analytics.store.home import DESCRIPTION, is_home, require_key_of
from analytics.store.ledger import LEDGER_SETTING
from analytics.store.ledger_copy import anchor_restored, copy_ledger, copy_sqlite, is_newer, known_releases, put_ledger
from analytics.store.ledger_database import LEDGER_FILE
from analytics.store.reports import FOLDER as REPORTS
from analytics.workspace.door import Workspace, door

_TRIES = 5
"""A release may get its name while it is copied: the archive is then begun anew."""
_CACHES = ("counts",)
"""What can be deleted at any time."""
_LEFT_BEHIND_SECONDS = 24 * 3600
_DATABASE = ".sqlite"
_BESIDE_A_DATABASE = ("-journal", "-wal", "-shm")
_COMMITS, _RECORDS = "commits", "records"


@dataclass(frozen=True)
class Backup:
    """What was written: the manifest, and which files of it are not as their imports say (damaged or lost before)."""

    manifest: BackupManifest
    damaged: tuple[str, ...]


@dataclass(frozen=True)
class Restored:
    """What was put in place. ``has_key``: without it the home does not open. ``ledger_elsewhere``: the setting names
    another ledger than the one that was restored."""

    manifest: BackupManifest
    has_key: bool
    ledger_elsewhere: bool


@door("load")
def backup(ws: Workspace, out: Path, *, with_key: bool = False) -> Backup:
    """Write the home into the archive ``out``, whole and read again before it takes the place of an older one.

    Raises :class:`BackupError` where there is no home, or ``out`` lies in it; ``LedgerError`` where the ledger cannot
    be read, and :class:`StoreError` where the disk refuses: an older archive of that name is then as it was.
    """
    if not is_home(ws.home):
        raise BackupError.because("upkeep.no_home", folder=ws.home.name)
    if out.resolve().is_relative_to(ws.home.resolve()):
        raise BackupError.because("upkeep.inside", file=out.name)
    for left in reversed(range(_TRIES)):
        try:
            return _written(ws.home, out, with_key=with_key)
        except GoneError:
            if not left:
                raise BackupError.because("upkeep.busy") from None
    raise AssertionError


@door("load")
def restore(ws: Workspace, file: Path, key: Path | None = None, *, to_ledger: bool = False) -> Restored:
    """Put what is in the archive ``file`` in place as the home of ``ws``, which must not be there yet or be empty.

    ``key``: the file of the installation's key where it is not in the archive. ``to_ledger``: put the ledger into the
    empty database that the setting names, else it is the file in the home.
    Raises :class:`BackupError`, ``LedgerError`` or :class:`StoreError`, each with nothing put in place.
    """
    folder = ws.home
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError.because("upkeep.not_empty", folder=folder.name)
    address = os.environ.get(LEDGER_SETTING)
    if to_ledger and not address:
        raise BackupError.because("upkeep.no_address", setting=LEDGER_SETTING)
    with opened_archive(file) as archive:
        archive.verify()
        held_key = _key_of(archive, key)
        with disk_troubles(folder.parent):
            folder.parent.mkdir(parents=True, exist_ok=True)
            _require_room(folder.parent, archive.manifest.size)
            _sweep(folder)
            staged = partial_of(folder)
            try:
                archive.unpack(staged)
                if key and held_key:
                    (staged / KEY_FILE).parent.mkdir(mode=0o700)
                    write_new(staged / KEY_FILE, lambda out: out.write(held_key), 0o600)
                    sync_folder((staged / KEY_FILE).parent)
                _put_ledger(staged / LEDGER_FILE, address if to_ledger else None)
                sync_folder(staged)
                if folder.exists():
                    folder.rmdir()
                staged.rename(folder)
                sync_folder(folder.parent)
            finally:
                shutil.rmtree(staged, ignore_errors=True)
        has_ledger = archive.manifest.ledger is not None
        return Restored(archive.manifest, held_key is not None, bool(address) and not to_ledger and has_ledger)


def _written(home: Path, out: Path, *, with_key: bool) -> Backup:
    with disk_troubles(out.parent), TemporaryDirectory(PARTIAL, f"{out.name}-", out.parent) as aside:
        _sweep(out)
        released = frozenset(issued_folders(home))
        copied = Path(aside) / LEDGER_FILE
        kind = copy_ledger(os.environ.get(LEDGER_SETTING), home, copied)
        known = known_releases(copied) if kind else frozenset()
        sources = _sources(home, Path(aside), released | known, with_key=with_key)
        written: list[BackupManifest] = []
        made = office.now().isoformat(timespec="seconds")
        draft = partial_of(out)
        try:
            fill = partial(write_archive, sources=sources, made=made, ledger=kind)
            write_new(draft, lambda opened: written.append(fill(opened)), 0o600)
            with opened_archive(draft) as archive:
                archive.verify()
            draft.replace(out)
            sync_folder(out.parent)
        finally:
            draft.unlink(missing_ok=True)
    (manifest,) = written
    return Backup(manifest, tuple(_damaged(home, manifest)))


def _sweep(beside: Path) -> None:
    """Remove what processes that died have left beside a backup or a restored home."""
    for left in beside.parent.glob(f"{glob.escape(beside.name)}-*{PARTIAL}"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND_SECONDS:
                shutil.rmtree(left) if left.is_dir() else left.unlink()


def _sources(home: Path, aside: Path, releases: frozenset[str], *, with_key: bool) -> Iterator[Source]:
    """The files of a home in the order in which they fit together; copies of databases lie ``aside``."""
    copied = aside / LEDGER_FILE
    if copied.exists():
        yield Source(LEDGER_FILE, copied)
    yield Source(DESCRIPTION, home / DESCRIPTION)
    for file in sorted((home / _COMMITS).glob("*.json")):
        yield Source(f"{_COMMITS}/{file.name}", file)
    if with_key:
        yield Source(KEY_FILE, home / KEY_FILE)
    walked = (Path(folder) / name for folder, _, names in os.walk(home) for name in names)
    for file in sorted(walked):
        name = file.relative_to(home).as_posix()
        if not file.is_file() or not _belongs(name, releases):
            continue
        if file.suffix == _DATABASE:
            copy = aside / sha256(name.encode()).hexdigest()
            copy_sqlite(file, copy)
            yield Source(name, copy)
        else:
            yield Source(name, file, may_go=not name.startswith(f"{RELEASES}/"))


def _belongs(name: str, releases: frozenset[str]) -> bool:
    """Whether a file of a home is one to keep that `_sources` has not given yet; ``releases``: the folders that the
    ledger of the archive may know."""
    first, *inner = name.split("/")
    if first in (_COMMITS, DESCRIPTION, KEY_FILE.split("/")[0]) or first.startswith(LEDGER_FILE):
        return False
    if {first, *inner[1:-1]} & {*_CACHES} or name.endswith(_BESIDE_A_DATABASE):
        return False
    if any(part.endswith(PARTIAL) for part in (first, *inner)):
        return False
    if first == RELEASES and len(inner) > 1:
        return inner[0] in releases if not inner[0].startswith(".") else inner[0].startswith(PENDING)
    return True


def _damaged(home: Path, manifest: BackupManifest) -> Iterator[str]:
    """The files that imports name, and that are not in the archive as these say."""
    try:
        commits = Commits(home / _COMMITS).log().commits
    except StoreError:
        yield _COMMITS
        return
    for commit in commits:
        if f"{_COMMITS}/{commit.number:06d}.json" not in manifest.files:
            continue  # made since
        if not isinstance(commit, Load | Void | Compact):
            continue
        told = {f"{_RECORDS}/{commit.table}/{one.file}": one for one in commit.files}
        if isinstance(commit, Load) and commit.report:
            told[f"{REPORTS}/{commit.report.file}"] = commit.report
        for name, one in told.items():
            held = manifest.files.get(name)
            if held is None or held.sha256 != one.sha256:
                yield name


def _key_of(archive: Archive, key: Path | None) -> bytes | None:
    """The key of the home: from the file, or the archive; raises where it is not the home's own, or the home is of a
    newer program."""
    description = archive.read(DESCRIPTION) if DESCRIPTION in archive.manifest.files else b""
    if key is None:
        content = archive.read(KEY_FILE) if archive.manifest.with_key else None
    elif archive.manifest.with_key:
        raise BackupError.because("upkeep.key_is_there", file=archive.file.name)
    else:
        try:
            content = key.read_bytes()
        except OSError as error:
            raise BackupError.because("upkeep.no_key_file", file=key.name) from error
    require_key_of(description, content, archive.file, key.name if key else Path(KEY_FILE).name)
    return content


def _require_room(folder: Path, size: int) -> None:
    if shutil.disk_usage(folder).free < size:
        raise BackupError.because("upkeep.no_room", megabytes=-(-size // 2**20), folder=folder.name)


def _put_ledger(file: Path, address: str | None) -> None:
    """Refuse a ledger of a newer program, and put it into the database at ``address`` where there is one;
    the anchor tells of it from now on."""
    if not file.exists():
        return
    if is_newer(file):
        raise BackupError.because("upkeep.newer_ledger")
    if address:
        put_ledger(file, address)
        file.unlink()
    else:
        anchor_restored(file.parent)

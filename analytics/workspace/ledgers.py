"""The ledger of some data: opened with care, and looked at again whenever it or the releases beside it changed."""

from __future__ import annotations

import os
from collections.abc import Hashable
from pathlib import Path

from analytics.errors import LedgerError
from analytics.releases import open_ledger
from analytics.releases import rebuild as rebuild_ledger
from analytics.releases.issued import folders_that_say
from analytics.releases.release import FOLDER
from analytics.store import Store
from analytics.store.ledger import LEDGER_SETTING, Ledger
from analytics.store.ledger_database import LEDGER_FILE, AuditEntry
from analytics.store.ledger_entries import ReleaseEntry
from analytics.store.writing import writing
from analytics.workspace.datasets import OWN, Dataset, store
from analytics.workspace.door import OBEYED, Workspace, door
from analytics.workspace.recent import Recent

_ledgers = Recent(16)


@door("read")
def ledger(ws: Workspace, data: Dataset) -> Ledger:
    """Releases, decisions and the audit trail of these data."""
    return _opened(data.home, data.ledger_url)


@door("read")
def own_ledger(ws: Workspace) -> Ledger:
    """The ledger of the office's own data, whether or not any are loaded."""
    return _opened(ws.home, os.environ.get(LEDGER_SETTING))


def _opened(home: Path, url: str | None) -> Ledger:
    # One that was lost or exchanged while the server runs is noticed by the times of the files.
    seen = (home, url, _state(home / LEDGER_FILE) if url is None else None, _state(home / FOLDER))
    return _ledgers.get(seen, lambda: open_ledger(url, home))


def _state(path: Path) -> Hashable:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


@door("release")
def rebuild(ws: Workspace) -> tuple[ReleaseEntry, ...]:
    """Take releases that the ledger does not know in from their manifests, and the loads from the store; returns the
    releases, the oldest first."""
    entries = rebuild_ledger(os.environ.get(LEDGER_SETTING), ws.home, ws.actor)
    own_ledger(ws).record_commits(store(ws).commits())
    return entries


@door("configure")
def redact(ws: Workspace, number: int, field: str, why: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Take a text that says something of a person out of an entry of the office's audit trail; returns the numbers of
    all entries that told it, and the names of releases whose files still do: these are never changed."""
    done = own_ledger(ws).redact(ws.actor, number, field, why)
    return done.entries, folders_that_say(ws.home, done.removed)


@door("read")
def audit_trail(ws: Workspace, data: Dataset | None = None) -> tuple[AuditEntry, ...]:
    """All entries of the audit trail of these data, or of the office's own, the oldest first."""
    return (ledger(ws, data) if data else own_ledger(ws)).audit()


@door("read")
def verify_audit(ws: Workspace, data: Dataset | None = None) -> int:
    """The number of entries, after every one was found as it was written, every table as the entries say, and every
    load and undo that they tell of in the store, as it was.

    Raises ``LedgerError`` that names what is not as it was.
    """
    book = ledger(ws, data) if data else own_ledger(ws)
    number = book.verify_audit()
    if data is None or data.id == OWN:
        # Read anew: what was read once is not looked at again as long as there is nothing to add.
        there = {commit.number: commit.digest for commit in Store.open(ws.home).commits()}
        for entry in book.commits():
            if there.get(entry.number) != entry.digest:
                raise LedgerError.because("ledger.load_differs", number=entry.number)
    return number


@door("load")
def record_loads(ws: Workspace) -> None:
    """Write loads and undos that the audit trail does not tell of yet into it: those just made, and those of a process
    that died in between, or of a program that kept none."""
    own_ledger(ws).record_commits(store(ws).commits())


@door("read", OBEYED, public=True)
def log_sign_in(ws: Workspace) -> None:
    """Tell in the office's audit trail that the actor came in."""
    _log(ws, None, "sign_in", ws.actor.name)


@door("read", OBEYED, public=True)
def log_sign_out(ws: Workspace) -> None:
    """Tell in the office's audit trail that the actor went."""
    _log(ws, None, "sign_out", ws.actor.name)


@door("read", OBEYED)
def log_taken(ws: Workspace, data: Dataset | None, what: str, digest: str) -> None:
    """Tell in the audit trail of these data, or of the office's own, that the actor took the file ``what`` along, whose
    content has this SHA-256 (hex)."""
    _log(ws, data, "take", what, sha256=digest)


@door("read", OBEYED)
def log_looked(ws: Workspace, data: Dataset | None, page: str) -> None:
    """Tell in the audit trail that the actor looked at a page that not everybody may see."""
    _log(ws, data, "look", page)


def _log(ws: Workspace, data: Dataset | None, action: str, subject: str, **detail: str) -> None:
    home, url = (data.home, data.ledger_url) if data else (ws.home, os.environ.get(LEDGER_SETTING))
    with writing():
        _opened(home, url).log(ws.actor, action, subject, detail)

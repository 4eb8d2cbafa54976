"""The folders of a home's releases, and what the ledger knows of them.

Both have to say the same: a ledger that was lost, or that is an older copy, would give numbers a second time and call
folders unknown that were handed out. So it is refused beside folders that it does not know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from analytics.access import Actor
from analytics.errors import LedgerError, ReleaseError
from analytics.releases.release import FOLDER, MANIFEST, Release
from analytics.store.disk import sync_folder
from analytics.store.ledger import Ledger
from analytics.store.ledger_entries import ReleaseEntry

PENDING = ".pending-"
_NAME = re.compile(r"D?[0-9]{6,}")
_DIGITS = 16


def issued_folders(home: Path) -> tuple[str, ...]:
    """The names of the folders that are releases or drafts, in their order."""
    folder = home / FOLDER
    there = folder.iterdir() if folder.is_dir() else ()
    return tuple(sorted(each.name for each in there if _NAME.fullmatch(each.name) and (each / MANIFEST).exists()))


def folders_that_say(home: Path, text: str) -> tuple[str, ...]:
    """The names of the folders of releases and drafts in whose manifest or tables a text stands."""
    return tuple(name for name in issued_folders(home) if any(_says(file, text) for file in _files(home, name)))


def _files(home: Path, name: str) -> list[Path]:
    return sorted(file for file in (home / FOLDER / name).iterdir() if file.suffix in (".json", ".parquet"))


def _says(file: Path, text: str) -> bool:
    if file.suffix == ".json":
        try:
            said = json.loads(file.read_text(encoding="utf-8"))
        except ValueError:  # what `verify` names
            return False
        return json.dumps(text)[1:-1] in json.dumps(said)
    frame = pd.read_parquet(file)
    cells = (cell for column in frame for cell in (frame[column] if frame[column].dtype.kind == "O" else ()))
    return any(isinstance(cell, str) and text in cell for cell in cells)


def unknown_folders(ledger: Ledger, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the folders that the ledger does not know. A draft's may be left over from when it was published."""
    known = set(_known(ledger.releases()))
    return tuple(name for name in names if name not in known)


def _known(entries: Iterable[ReleaseEntry]) -> Iterator[str]:
    for entry in entries:
        yield entry.name
        if entry.draft is not None:
            yield f"D{entry.draft:06}"


def open_ledger(url: str | None, home: Path) -> Ledger:
    """The ledger of a home, at ``url`` or in its own file.

    Raises :class:`LedgerError` where it is missing, empty or an older copy: that it does not know a release which lies
    there, by name, and how to make it again.
    """
    names = issued_folders(home)
    ledger = Ledger.open(url, home, names)
    if unknown := unknown_folders(ledger, names):
        raise LedgerError.because("ledger.older", place=ledger.database.place, releases=unknown)
    return ledger


def rebuild(url: str | None, home: Path, actor: Actor) -> tuple[ReleaseEntry, ...]:
    """Take the releases that lie in the home, and that its ledger does not know, in from their manifests: all or none.

    What no manifest says does not come back: overrides, saved schemes, check codes of views, withdrawals. Raises
    ``AccessError``, :class:`LedgerError`, and :class:`ReleaseError` for a folder that is not as it was written.
    """
    actor.require("release")
    _require_names(home)
    ledger = Ledger.open(url, home)
    entries = [_entry(Release.open(home, name)) for name in unknown_folders(ledger, issued_folders(home))]
    published = {entry.draft for entry in entries if entry.number}
    # The folder of a draft may be left over from when it was published.
    entries = [entry for entry in entries if entry.number or entry.draft not in published]
    entries.sort(key=lambda entry: (entry.at, entry.number or 0))
    numbers = {entry.number: entry for entry in ledger.releases() if entry.number}
    for entry in entries:
        if entry.number in numbers:
            raise ReleaseError.because("releases.number_taken", release=entry.name)
    ledger.take_in(actor, entries)
    return tuple(entries)


def _require_names(home: Path) -> None:
    """Raise :class:`ReleaseError` for a folder with a manifest that has another name than a release can have, and for
    one of a published release that has none: whose number it is could not be told, and would be given again."""
    folder = home / FOLDER
    for each in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not each.is_dir() or each.name.startswith("."):
            continue
        named, told = _NAME.fullmatch(each.name), (each / MANIFEST).exists()
        if told and not named:
            raise ReleaseError.because("releases.misnamed", folder=each.name)
        if named and not told and not each.name.startswith("D"):
            raise ReleaseError.because("releases.without_manifest", folder=each.name, file=MANIFEST)


def _entry(release: Release) -> ReleaseEntry:
    held = release.manifest
    return ReleaseEntry(
        number=held.number,
        number_of_year=held.number_of_year,
        year=held.year,
        draft=held.draft,
        scheme_id=held.scheme.id,
        day=held.day,
        status="draft" if held.is_draft else "published",
        digest=release.digest,
        author=held.author,
        role=held.role,
        reason=held.reason,
        at=held.at,
    )


def pending_folder(home: Path, name: str, digest: str) -> Path:
    """Where a release lies that the ledger is about to know, or knows and that has not got its name yet."""
    return home / FOLDER / f"{PENDING}{name}-{digest[:_DIGITS]}"


def settle(home: Path, entry: ReleaseEntry) -> None:
    """Give the folder of a release that the ledger knows its name, where whoever made it did not come to that."""
    pending, target = pending_folder(home, entry.name, entry.digest), home / FOLDER / entry.name
    if target.exists() or not pending.exists():
        return
    try:
        pending.rename(target)
    except FileNotFoundError:  # somebody else was faster
        return
    sync_folder(target.parent)

"""Whether a release is what was published: against its own digests, against the ledger, and by a check code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from analytics.access import Actor
from analytics.errors import ReleaseError
from analytics.releases.codes import check_code, read_code
from analytics.releases.issued import settle
from analytics.releases.release import Release, name_of
from analytics.store.ledger import Ledger
from analytics.store.ledger_entries import ReleaseEntry
from analytics.words import phrase


def verify_folder(folder: Path) -> Release:
    """The release in a folder from anywhere, after every file was found as it was written.

    Raises :class:`ReleaseError`. That it was published at all, only the ledger of its own home can say: :func:`verify`.
    """
    return Release.in_folder(folder)


def verify(home: Path, ledger: Ledger, number: int | str) -> Release:
    """The release of this number or draft, found as it was written and as the ledger knows it.

    Raises :class:`ReleaseError` where a file was changed, where the ledger does not know the release, and where the
    whole release was exchanged for another, and where the two disagree on who published it, in which role and why.
    """
    name = name_of(number)
    entries = {entry.name: entry for entry in ledger.releases()}
    if name not in entries:
        raise ReleaseError.because("releases.not_there", release=name)
    entry = entries[name]
    settle(home, entry)
    release = Release.open(home, name)
    if release.digest != entry.digest:
        raise ReleaseError.because("releases.not_in_ledger", release=name)
    held = release.manifest
    said = {part: (getattr(held, part), getattr(entry, part)) for part in _SIGNED}
    said |= {"scheme": (held.scheme.id, entry.scheme_id), "status": (held.is_draft, entry.status == "draft")}
    for part, (one, other) in said.items():
        if one != other:
            raise ReleaseError.because("releases.ledger_disagrees", release=name, part=phrase(f"releases.part_{part}"))
    return release


_SIGNED = ("author", "role", "reason", "at", "day", "number_of_year", "year", "draft")
"""What manifest and ledger both say, by the same name."""


@dataclass(frozen=True)
class CodeLookup:
    """What a check code leads to: the published release and the view of it.

    ``status`` is unchanged; superseded where a newer one of the same scheme was published: ``newest``, its number; or
    withdrawn, where it was taken back.
    Of an unknown code, which no release of this home has, the rest is empty.
    """

    status: Literal["unchanged", "superseded", "withdrawn", "unknown"]
    number: int | None = None
    view: Mapping[str, str] | None = None
    newest: int | None = None


def keep_view(ledger: Ledger, actor: Actor, release: Release, view: Mapping[str, str]) -> str:
    """The check code of a view of a release, which :func:`status` will lead back to it from now on."""
    code = check_code(release.digest, view)
    if view:
        ledger.add_code(actor, code, release.digest, view)
    return code


def status(home: Path, ledger: Ledger, code: str) -> CodeLookup:
    """What a check code leads to, after the release was found unchanged.

    Raises :class:`ReleaseError` for a code that was mistyped, and for a release that :func:`verify` refuses.
    """
    wanted = read_code(code)
    published = [entry for entry in ledger.releases() if entry.number]
    found = _meant(wanted, published, ledger)
    if found is None:
        return CodeLookup("unknown")
    entry, view = found
    verify(home, ledger, entry.name)
    standing = [other.number for other in published if other.scheme_id == entry.scheme_id and other.stands]
    newest = max(standing, default=None)
    if not entry.stands:
        return CodeLookup("withdrawn", entry.number, view, newest)
    return CodeLookup("unchanged" if newest == entry.number else "superseded", entry.number, view, newest)


def _meant(code: str, published: list[ReleaseEntry], ledger: Ledger) -> tuple[ReleaseEntry, Mapping[str, str]] | None:
    by_digest = {entry.digest: entry for entry in published}
    kept = [(digest, view) for digest, view in ledger.views_of(code) if digest in by_digest]
    whole = [(digest, {}) for digest in by_digest if check_code(digest, {}) == code]
    return next(((by_digest[digest], view) for digest, view in (*reversed(kept), *whole)), None)

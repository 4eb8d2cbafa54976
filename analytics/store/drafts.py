"""Drafts of schemes: what an analyst has not saved yet, kept on disk so that closing the browser loses nothing.

A draft belongs to a seat, the random token of one browser, and to a scheme: two seats never see each other's. A file is
there whole or not at all, and names neither seat nor scheme. No draft is removed for its age: it is small, and a clock
that is wrong must not cost anyone's work. What a killed process left unfinished is swept after a day.

A file says its format; one of an older program is brought to today's when it is read, one step at a time
(``UPGRADES``). Files without a format are of the first.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from analytics import __version__
from analytics.errors import SchemeError, StoreError
from analytics.scheme.digest import scheme_digest_version_1
from analytics.scheme.reading import scheme_from
from analytics.store.disk import PARTIAL, disk_troubles, partial_of, sync_folder, write_new
from analytics.store.ledger_tables import canonical

FOLDER = "drafts"
DRAFT_FORMAT = 2
"""Goes up with every change of what a file holds; ``UPGRADES`` then has one more step."""

_SEAT = re.compile(r"[A-Za-z0-9]{8,64}")
_DAMAGED = ".damaged"
_LEFT_BEHIND_SECONDS = 24 * 3600


class Draft(BaseModel):
    """A scheme that is being worked on.

    ``yaml_text`` says the scheme, and ``file_text`` is the file that it is written back into when it is saved.
    ``begun_from``: digest of the scheme that it was begun from. ``locked``: ids whose weights stay. ``judgements``:
    what the judges said, and ``floors_off``: floors that can be switched on again, both as the caller has them.
    ``changed``: the moment of the last change, to the microsecond, set when it is kept.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    yaml_text: str
    file_text: str = ""
    begun_from: str
    locked: tuple[str, ...] = ()
    judgements: JsonValue = None
    floors_off: JsonValue = None
    changed: str = ""


class DraftSummary(BaseModel):
    """What is told of a draft without whose it is: its scheme, when it was changed, and the name of its file."""

    model_config = ConfigDict(frozen=True)

    scheme_id: str
    changed: str
    file: str


class Drafts:
    """The drafts of one home folder. Threads and processes may share it; of two changes at once the later one stays.

    Every method raises :class:`StoreError` where the disk refuses, and for a seat that is none.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folder = home / FOLDER

    def keep(self, seat: str, scheme_id: str, draft: Draft) -> Draft:
        """Keep a draft in the place of the one before, and return it with the moment."""
        file = self._file(seat, scheme_id)
        kept = draft.model_copy(update={"changed": datetime.now(UTC).isoformat()})
        content = canonical({"format": DRAFT_FORMAT, "program": __version__, **kept.model_dump(mode="json")})
        raw = f"{sha256(content.encode()).hexdigest()}\n{content}\n".encode()
        with disk_troubles(self._folder):
            for folder in (self._home, self._folder):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            partial = partial_of(file)
            try:
                write_new(partial, lambda out: out.write(raw), 0o600)
                partial.replace(file)
            finally:
                partial.unlink(missing_ok=True)
            sync_folder(self._folder)
            self._sweep()
        return kept

    def of(self, seat: str, scheme_id: str) -> Draft | None:
        """The draft of a seat, None where there is none.

        One that is not as it was written is moved aside, and a :class:`StoreError` says so, once. One of a newer
        program stays where it is, and the error names the version that can open it.
        """
        file = self._file(seat, scheme_id)
        with disk_troubles(self._folder):
            try:
                raw = file.read_bytes()
            except FileNotFoundError:
                return None
            try:
                return _draft(_content(raw), scheme_id)
            except (ValueError, ValidationError):
                aside = self._put_aside(file)
        raise StoreError.because("scheme.draft_damaged", scheme=scheme_id, folder=FOLDER, file=aside)

    def summaries(self) -> tuple[DraftSummary, ...]:
        """All drafts that can be read, the one changed last first."""
        found = []
        with disk_troubles(self._home):
            for file in self._folder.glob("*.json"):
                with suppress(ValueError, ValidationError, StoreError, SchemeError):
                    draft = _draft(_content(file.read_bytes()), "")
                    scheme = scheme_from(draft.yaml_text.encode(), "scheme.yaml")
                    found.append(DraftSummary(scheme_id=scheme.id, changed=draft.changed, file=file.name))
        return tuple(sorted(found, key=lambda one: one.changed, reverse=True))

    def put_aside(self, seat: str, scheme_id: str) -> str:
        """Take a draft that nobody can use out of the way without deleting it; returns the name of its file."""
        with disk_troubles(self._folder):
            return self._put_aside(self._file(seat, scheme_id))

    def _put_aside(self, file: Path) -> str:
        aside = partial_of(file).with_suffix(_DAMAGED)
        file.replace(aside)
        return aside.name

    def forget(self, seat: str, scheme_id: str) -> None:
        """Remove a draft, where there is one."""
        file = self._file(seat, scheme_id)
        with disk_troubles(self._folder), suppress(FileNotFoundError):
            file.unlink()
            sync_folder(self._folder)

    def _file(self, seat: str, scheme_id: str) -> Path:
        if not _SEAT.fullmatch(seat):
            raise StoreError.because("scheme.seat_wrong")
        return self._folder / f"{sha256(f'{seat} {scheme_id}'.encode()).hexdigest()}.json"

    def _sweep(self) -> None:
        for file in self._folder.glob(f"*{PARTIAL}"):
            with suppress(FileNotFoundError):
                if time.time() - file.stat().st_mtime > _LEFT_BEHIND_SECONDS:
                    file.unlink()


def _content(raw: bytes) -> dict[str, JsonValue]:
    """What is written in a file; raises ValueError where it is not as it was written."""
    digest, _, content = raw.decode("utf-8").removesuffix("\n").partition("\n")
    if digest != sha256(content.encode()).hexdigest():
        raise ValueError
    found: dict[str, JsonValue] = json.loads(content)
    return found


def _draft(content: dict[str, JsonValue], scheme_id: str) -> Draft:
    written, program = content.pop("format", 1), content.pop("program", "?")
    if not isinstance(written, int):
        raise ValueError
    if written > DRAFT_FORMAT:
        raise StoreError.because("scheme.draft_newer", scheme=scheme_id, program=program)
    for number in range(written + 1, DRAFT_FORMAT + 1):
        content = UPGRADES[number](content)
    return Draft.model_validate(content)


def _from_1(content: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Digests of schemes hashed every default: where the draft still holds what it was begun from, it gets the digest
    of today, so that it is known as untouched; else it was touched, and stays as it is."""
    for text in (content["file_text"], content["yaml_text"]):
        try:
            scheme = scheme_from(str(text).encode(), "scheme.yaml")
        except SchemeError:
            continue
        if scheme_digest_version_1(scheme) == content["begun_from"]:
            return {**content, "begun_from": scheme.digest()}
    return content


UPGRADES: Mapping[int, Callable[[dict[str, JsonValue]], dict[str, JsonValue]]] = {2: _from_1}
"""By the format that a step leads to."""

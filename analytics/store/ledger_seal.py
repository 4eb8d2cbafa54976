"""What holds the audit trail fast against whoever may write in the database and has not the installation's key.

Entries of format 5 and later are keyed: their digest is an HMAC-SHA-256 under a key that is derived from the
installation's own. Entries from before stay plain; one row of the ledger, sealed by that key, says which entry is the
first that is keyed and which digest comes before it, so that no keyed entry passes for a plain one.

A trail whose end was cut off, or an older copy of a ledger, is sound in itself. The **anchor** tells it: a file beside
the key that holds number and digest of the newest entry. It is written after the entry, so that a ledger may be ahead
of it after a crash, and never behind.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Row, select

from analytics.errors import LedgerError
from analytics.store.disk import disk_troubles, replace
from analytics.store.home import KEY_FOLDER, installation_key
from analytics.store.ledger_tables import AUDIT, KEYED, NOTHING, canonical

KEYED_SINCE = 5
"""The format of the ledger from which on entries are keyed."""

_LABEL = b"five-colour: audit trail of the ledger"
"""What the key of the ledger is derived with: that of ids and of answers must not be the same."""

_ROW = 1


@dataclass(frozen=True)
class Link:
    """An entry of the audit trail by its number, and its digest; 0 is what is before the first."""

    number: int
    digest: str


@dataclass(frozen=True, eq=False)
class Seal:
    """The key of a ledger, None where it is lost, and its anchor; ``place`` names the ledger."""

    key: bytes | None
    anchor: Path
    place: str

    @classmethod
    def of(cls, home: Path, place: str, *, make: bool) -> Seal:
        """That of the ledger ``place`` of a home; ``make``: a key where none was needed yet."""
        found = installation_key(home, make=make)
        key = None if found is None else hmac.digest(found, _LABEL, "sha256")
        return cls(key, home / KEY_FOLDER / f"{quote(place, safe='')}.anchor", place)

    def bind(self, connection: Connection) -> None:
        """Let the entries that come now be keyed, where none is yet; the anchor is there from then on."""
        if connection.execute(select(KEYED)).one_or_none() is not None:
            return
        key, before = self._key(), newest(connection)
        first = before.number + 1
        row = {"key": _ROW, "first": first, "mark": _mark(key), "seal": _sealed(key, "first", first, before.digest)}
        connection.execute(KEYED.insert().values(row))
        if not self.anchor.exists():  # one that is there knows more than a ledger that begins
            self.put(before)

    def require_key(self, connection: Connection) -> tuple[bytes, Row[tuple[int, int, str, str]]]:
        """The key, and the row of the ledger that tells of it. Raises :class:`LedgerError` where the key is lost or
        another, by which nothing can be said of the trail, or the row is gone."""
        row = connection.execute(select(KEYED)).one_or_none()
        if row is None:
            raise LedgerError.because("ledger.row_changed", table=KEYED.name, number=_ROW, place=self.place)
        key = self._key()
        if row.mark != _mark(key):
            raise LedgerError.because("ledger.key_lost", place=self.place)
        return key, row

    def require_first(self, connection: Connection) -> None:
        """Raise :class:`LedgerError` where another entry is told to be the first keyed one than was, or where what was
        before it is not."""
        key, row = self.require_key(connection)
        before = digest_at(connection, row.first - 1)
        if before is None or not hmac.compare_digest(row.seal, _sealed(key, "first", row.first, before)):
            raise LedgerError.because("ledger.row_changed", table=KEYED.name, number=_ROW, place=self.place)

    def anchored(self) -> Link | None:
        """The newest entry as the anchor tells of it; None where there is none. Raises :class:`LedgerError` for one
        that was not written by this key."""
        try:
            told = json.loads(self.anchor.read_text(encoding="ascii"))
            link, seal = Link(int(told["number"]), str(told["digest"])), str(told["seal"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._no_anchor() from error
        if not hmac.compare_digest(seal.encode(), self._seal_of(link).encode()):
            raise self._no_anchor()
        return link

    def require_anchored(self, connection: Connection) -> None:
        """Raise :class:`LedgerError` where the ledger is behind its anchor or another at that entry: its end was cut
        off, or it is an older copy; or where there is no anchor to tell that by."""
        self.require_key(connection)
        link = self.anchored()
        if link is None:
            raise self._no_anchor()
        found = digest_at(connection, link.number)
        if found is None:
            told = {"place": self.place, "number": newest(connection).number, "anchored": link.number}
            raise LedgerError.because("ledger.behind", **told)
        if found != link.digest:
            raise LedgerError.because("ledger.another", place=self.place, number=link.number)

    def lost(self, connection: Connection) -> str | None:
        """What the anchor says of a ledger that this one is not; None where it is this one."""
        try:
            self.require_anchored(connection)
        except LedgerError:
            return self.anchor.read_text(encoding="utf-8", errors="replace") if self.anchor.exists() else ""
        return None

    def put(self, link: Link) -> None:
        """Write the anchor, and wait until it is on the disk."""
        told = {"number": link.number, "digest": link.digest, "seal": self._seal_of(link)}
        with disk_troubles(self.anchor.parent):
            replace(self.anchor, lambda out: out.write(canonical(told).encode()))

    def _key(self) -> bytes:
        if self.key is None:
            raise LedgerError.because("ledger.key_lost", place=self.place)
        return self.key

    def _seal_of(self, link: Link) -> str:
        return _sealed(self._key(), "anchor", link.number, link.digest)

    def _no_anchor(self) -> LedgerError:
        return LedgerError.because("ledger.no_anchor", place=self.place, file=f"{KEY_FOLDER}/{self.anchor.name}")


def newest(connection: Connection) -> Link:
    """The last entry of the audit trail."""
    row = connection.execute(
        select(AUDIT.c.number, AUDIT.c.digest).order_by(AUDIT.c.number.desc()).limit(1)
    ).one_or_none()
    return Link(row.number, row.digest) if row else Link(0, NOTHING)


def digest_at(connection: Connection, number: int) -> str | None:
    """The digest of an entry of the audit trail; None where there is none of that number."""
    return connection.scalar(select(AUDIT.c.digest).where(AUDIT.c.number == number)) if number else NOTHING


def _mark(key: bytes) -> str:
    """By which a key is known again, and from which nothing of it can be told."""
    return sha256(b"mark" + key).hexdigest()[:16]


def _sealed(key: bytes, *content: object) -> str:
    return hmac.digest(key, canonical(list(content)).encode(), "sha256").hex()

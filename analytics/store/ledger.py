"""The ledger: releases, overrides, scheme versions and check codes, and the audit trail that proves them.

A file of SQLite in the home, or PostgreSQL by one setting. Every write is one transaction with its entry of the audit
trail, and writers wait for each other, so that numbers are given in order and none twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, select

from analytics import tiers
from analytics.access import require
from analytics.errors import LedgerError
from analytics.scheme import Scheme
from analytics.scheme.builtin import builtin_scheme
from analytics.scheme.content import same_rules
from analytics.scheme.reading import scheme_from
from analytics.scheme.writing import yaml_with
from analytics.store.ledger_database import (
    AuditEntry,
    Database,
    audit,
    last,
    now,
    open_database,
    verify_audit,
    write,
)
from analytics.store.ledger_tables import AUDIT, CODES, OVERRIDES, RELEASES, SCHEME_VERSIONS, canonical

LEDGER_SETTING = "FIVE_COLOUR_LEDGER"

Entry = TypeVar("Entry")


@dataclass(frozen=True)
class ReleaseEntry:
    """A release as the ledger knows it: ``number`` is 总第M期, over all schemes, ``number_of_year`` 第N期 of ``year``.

    A draft has ``draft`` instead, until it is published. ``digest`` is the manifest's; ``day`` the day it speaks of.
    """

    number: int | None
    number_of_year: int | None
    year: int | None
    draft: int | None
    scheme_id: str
    day: date
    status: Literal["draft", "published"]
    digest: str
    author: str
    role: str
    reason: str
    at: str

    @property
    def name(self) -> str:
        """The name of its folder: 000012, or D000003 for a draft."""
        return f"{self.number:06}" if self.number else f"D{self.draft:06}"


@dataclass(frozen=True)
class OverrideEntry:
    """A person's decision on an area's tier, from ``starts`` to ``expires``, both included."""

    number: int
    scheme_id: str
    area_id: str
    tier: str
    reason: str
    who: str
    role: str
    starts: date
    expires: date
    at: str
    withdrawn: str | None


@dataclass(frozen=True)
class SchemeVersion:
    """A scheme as it was saved; ``adopted`` is the number of the audit entry that last put it to use."""

    number: int
    scheme_id: str
    version: int
    digest: str
    yaml_text: str
    author: str
    role: str
    reason: str
    at: str
    adopted: int | None


@dataclass(frozen=True, eq=False)
class Ledger:
    """The one place for what people decide. Every method raises :class:`LedgerError` where the ledger cannot be read
    or written, and one that writes ``AccessError`` for a role that may not."""

    database: Database

    @classmethod
    def open(cls, url: str | None, home: Path) -> Ledger:
        """The ledger at ``url``, else in the file of ``home``; made on first use."""
        return cls(open_database(url, home))

    def audit(self) -> tuple[AuditEntry, ...]:
        """The audit trail, the oldest entry first."""
        return audit(self.database)

    def verify_audit(self) -> int:
        """The number of entries, after every one was found as it was written, and every table as the entries say.

        Raises :class:`LedgerError` that names the first entry that is not as it was written, or the row.
        """
        return verify_audit(self.database)

    # Overrides

    def override(
        self,
        area_id: str,
        scheme_id: str,
        tier: str,
        reason: str,
        who: str,
        role: str,
        starts: date,
        expires: date,
    ) -> int:
        """Show ``tier`` for the area from ``starts`` to ``expires``, both included; returns the override's number."""
        require(role, "override")
        if tier not in tiers.RANKED:
            raise LedgerError.because("ledger.override_tier", tier=tier, allowed=tiers.RANKED)
        if not reason.strip() or expires < starts:
            raise LedgerError.because("ledger.override_reason", area=area_id)
        row = {"scheme_id": scheme_id, "area_id": area_id, "tier": tier, "reason": reason, "who": who, "role": role,
               "starts": starts, "expires": expires, "at": now()}  # fmt: skip
        with self.database.writing() as connection:
            return write(connection, OVERRIDES, row, who, role, "override", f"{scheme_id}/{area_id}")

    def withdraw(self, number: int, who: str, role: str) -> None:
        """End an override before it expires."""
        require(role, "override")
        with self.database.writing() as connection:
            found = connection.execute(select(OVERRIDES).where(OVERRIDES.c.key == number)).mappings().one_or_none()
            if found is None or found["withdrawn"]:
                raise LedgerError.because("ledger.no_override", number=number)
            subject = f"{found['scheme_id']}/{found['area_id']}"
            write(connection, OVERRIDES, {"withdrawn": now()}, who, role, "withdraw", subject, number)

    def overrides(self, scheme_id: str | None = None, on: date | None = None) -> tuple[OverrideEntry, ...]:
        """The overrides that were not withdrawn, in the order in which they were made: of several the last one counts.

        Those of a scheme or of all, that hold on a day or whenever.
        """
        table = OVERRIDES.c
        chosen = table.withdrawn.is_(None)
        if scheme_id is not None:
            chosen &= table.scheme_id == scheme_id
        if on is not None:
            chosen &= (table.starts <= on.isoformat()) & (table.expires >= on.isoformat())
        return self._rows(OverrideEntry, OVERRIDES, chosen)

    # Schemes

    def save_scheme(self, yaml_text: str, author: str, role: str, reason: str) -> SchemeVersion:
        """Keep a scheme as the next version of its id, which is written into its text.

        Raises ``SchemeError`` for one that is wrong, and refuses one without a reason, and one that says what a saved
        version, or the one that ships and is in use, says already.
        """
        require(role, "draft")
        scheme = scheme_from(yaml_text.encode(), "scheme.yaml")
        if not reason.strip():
            raise LedgerError.because("ledger.scheme_reason")
        shipped = builtin_scheme(scheme.id)
        with self.database.writing() as connection:
            saved = _versions_of(connection, scheme.id)
            _require_news(scheme, shipped, saved)
            scheme = scheme.model_copy(update={"version": next_version(scheme, shipped, saved)})
            row = {"scheme_id": scheme.id, "version": scheme.version, "digest": scheme.digest(),
                   "yaml_text": yaml_with(yaml_text, scheme), "author": author, "role": role, "reason": reason,
                   "at": now()}  # fmt: skip
            number = write(connection, SCHEME_VERSIONS, row, author, role, "save_scheme", scheme.id)
        return SchemeVersion(number=number, adopted=None, **row)

    def adopt_scheme(self, number: int, who: str, role: str) -> None:
        """Put a saved scheme to use, until another of the same id is."""
        require(role, "adopt")
        with self.database.writing() as connection:
            table = SCHEME_VERSIONS.c
            scheme_id = connection.scalar(select(table.scheme_id).where(table.key == number))
            if scheme_id is None:
                raise LedgerError.because("ledger.no_scheme", number=number)
            row = {"adopted": last(connection, AUDIT.c.number) + 1}
            write(connection, SCHEME_VERSIONS, row, who, role, "adopt_scheme", scheme_id, number)

    def scheme_versions(self, scheme_id: str | None = None) -> tuple[SchemeVersion, ...]:
        """All that were saved, the oldest first, of one id or of all; of an id the one in use is the one with the
        greatest ``adopted``."""
        with self.database.reading() as connection:
            return _versions_of(connection, scheme_id)

    # Releases

    def add_release(
        self,
        put: Callable[[ReleaseEntry], str],
        *,
        scheme_id: str,
        day: date,
        author: str,
        role: str,
        reason: str,
        publish: bool,
        draft: int | None = None,
    ) -> ReleaseEntry:
        """Number a release, or turn ``draft`` into one; while others wait, ``put`` lays its folder where it belongs.

        ``put`` gets the entry with its numbers, and returns the manifest's digest; when it fails, nothing is numbered.
        """
        require(role, "release" if publish else "draft")
        with self.database.writing() as connection:
            at = now()
            table = RELEASES.c
            key = None
            if draft is not None:
                waits = (table.draft == draft) & (table.status == "draft")
                key = connection.scalar(select(table.key).where(waits))
                if key is None:
                    raise LedgerError.because("ledger.no_draft", draft=f"D{draft:06}")
            number = number_of_year = year = None
            if publish:
                year = int(at[:4])
                number = last(connection, table.number) + 1
                number_of_year = last(connection, table.number_of_year, table.year == year) + 1
            else:
                draft = last(connection, table.draft) + 1
            entry = ReleaseEntry(
                number=number,
                number_of_year=number_of_year,
                year=year,
                draft=draft,
                scheme_id=scheme_id,
                day=day,
                status="published" if publish else "draft",
                digest="",
                author=author,
                role=role,
                reason=reason,
                at=at,
            )
            entry = replace(entry, digest=put(entry))
            action = "publish" if publish else "draft"
            write(connection, RELEASES, vars(entry), author, role, action, entry.name, key)
        return entry

    def releases(self, scheme_id: str | None = None) -> tuple[ReleaseEntry, ...]:
        """Published releases, the newest first, and before them the drafts that wait; of one scheme or of all."""
        chosen = RELEASES.c.scheme_id == scheme_id if scheme_id else RELEASES.c.scheme_id.is_not(None)
        found = self._rows(ReleaseEntry, RELEASES, chosen)
        return tuple(sorted(found, key=lambda entry: (entry.number is None, entry.number or entry.draft), reverse=True))

    # Check codes

    def add_code(self, code: str, digest: str, view: Mapping[str, str], who: str, role: str) -> None:
        """Keep the view that a check code stands for; one that is kept already is not kept twice."""
        require(role, "read")
        if (digest, dict(view)) in self.views_of(code):
            return
        with self.database.writing() as connection:
            row = {"code": code, "digest": digest, "view": canonical(dict(view))}
            write(connection, CODES, row, who, role, "code", code)

    def views_of(self, code: str) -> tuple[tuple[str, dict[str, str]], ...]:
        """The manifest's digest and the view of every time that this code was given."""
        with self.database.reading() as connection:
            rows = connection.execute(select(CODES).where(CODES.c.code == code).order_by(CODES.c.key)).all()
        return tuple((row.digest, json.loads(row.view)) for row in rows)

    def _rows(self, kind: type[Entry], table: Table, chosen: ColumnElement[bool]) -> tuple[Entry, ...]:
        with self.database.reading() as connection:
            return _read(connection, kind, table, chosen)


def next_version(scheme: Scheme, shipped: Scheme | None, saved: Sequence[SchemeVersion]) -> int:
    """The version that a scheme gets when it is saved; its own where none of its id is known yet."""
    known = [version.version for version in saved] + ([shipped.version] if shipped else [])
    return max(known) + 1 if known else scheme.version


def _require_news(scheme: Scheme, shipped: Scheme | None, saved: Sequence[SchemeVersion]) -> None:
    for version in saved:
        if scheme.model_copy(update={"version": version.version}).digest() == version.digest:
            told = {"number": version.number, "version": version.version, "scheme": scheme.id}
            raise LedgerError.because("scheme.saved_before", **told)
    adopted = any(version.adopted for version in saved)
    if shipped and not adopted and same_rules(scheme, shipped):
        raise LedgerError.because("scheme.nothing_changed", scheme=scheme.id, version=shipped.version)


def _versions_of(connection: Connection, scheme_id: str | None) -> tuple[SchemeVersion, ...]:
    table = SCHEME_VERSIONS.c.scheme_id
    chosen = table == scheme_id if scheme_id else table.is_not(None)
    return _read(connection, SchemeVersion, SCHEME_VERSIONS, chosen)


def _read(connection: Connection, kind: type[Entry], table: Table, chosen: ColumnElement[bool]) -> tuple[Entry, ...]:
    rows = connection.execute(select(table).where(chosen).order_by(table.c.key)).mappings().all()
    return tuple(_entry(kind, row) for row in rows)


def _entry(kind: type[Entry], row: Mapping[str, Any]) -> Entry:
    told = {"number": row["key"], **row}
    days = {name: date.fromisoformat(told[name]) for name in ("day", "starts", "expires") if name in told}
    return kind(**{field.name: (told | days)[field.name] for field in fields(kind)})

"""The ledger: releases, overrides, scheme versions, loads and check codes, and the audit trail that proves them.

A file of SQLite in the home, or PostgreSQL by one setting. Every write is one transaction with its entry of the audit
trail, and writers wait for each other, so that numbers are given in order and none twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, Table, func, select

from analytics import tiers
from analytics.access import Actor
from analytics.errors import LedgerError, SchemeError
from analytics.scheme import Scheme
from analytics.scheme.builtin import builtin_scheme
from analytics.scheme.content import same_rules
from analytics.scheme.reading import scheme_from
from analytics.scheme.writing import yaml_with
from analytics.store import ledger_assignments, ledger_release_steps
from analytics.store.free_text import require_posts, require_reason
from analytics.store.ledger_assignments import Held
from analytics.store.ledger_database import (
    LOGGED,
    AuditEntry,
    Database,
    Deed,
    add_entry,
    audit,
    last,
    now,
    open_database,
    require_clock,
    require_seen,
    verify_audit,
    write,
)
from analytics.store.ledger_entries import (
    AssignmentEntry,
    CommitEntry,
    Entry,
    OverrideEntry,
    ReleaseEntry,
    ReleaseStepEntry,
    SchemeVersion,
    StepEntry,
    entry_from,
)
from analytics.store.ledger_redaction import Redaction, redact
from analytics.store.ledger_tables import AUDIT, CODES, LOADS, OVERRIDES, RELEASES, SCHEME_VERSIONS, SETTINGS, canonical
from analytics.store.office_settings import OfficeSettings

COPY = "#"
"""What the numbers of copies begin with among the codes; no check code has it."""
LEDGER_SETTING = "FIVE_COLOUR_LEDGER"

NOTHING_CONFIRMED: Collection[str] = ()


@dataclass(frozen=True, eq=False)
class Ledger:
    """The one place for what people decide. Every method raises :class:`LedgerError` where the ledger cannot be read
    or written, and one that writes ``AccessError`` for an actor whose role may not. One by which somebody decides
    something raises ``UnconfirmedError`` where the clock went back, unless that is ``confirmed``."""

    database: Database

    @classmethod
    def open(cls, url: str | None, home: Path, issued: Collection[str] = ()) -> Self:
        """The ledger at ``url``, else in the file of ``home``; made on first use, but not beside releases that were
        ``issued`` (names of folders) by one that is no longer there."""
        return cls(open_database(url, home, issued))

    def audit(self) -> tuple[AuditEntry, ...]:
        """The audit trail, the oldest entry first."""
        return audit(self.database)

    def verify_audit(self) -> int:
        """The number of entries, after every one was found as it was written, and every table as the entries say.

        Raises :class:`LedgerError` that names the first entry that is not as it was written, or the row.
        """
        return verify_audit(self.database)

    def log(self, actor: Actor, action: str, subject: str, detail: Mapping[str, str]) -> None:
        """Tell in the audit trail, and nowhere else, that somebody signed in or out, took something along or looked at
        what not everybody may: ``action`` is one of `LOGGED`."""
        actor.require("read")
        if action not in LOGGED:
            raise ValueError(action)
        with self.database.writing() as connection:
            add_entry(connection, Deed(actor, action, subject), {"of": dict(detail)})

    def redact(self, actor: Actor, number: int, field: str, why: str) -> Redaction:
        """Take a text of somebody that slipped into an entry, and the row that it tells of, out of both."""
        return redact(self.database, actor, number, field, why)

    # Overrides

    def override(self, actor: Actor, decision: OverrideEntry, confirmed: Collection[str] = NOTHING_CONFIRMED) -> int:
        """Show the tier of ``decision`` for its area on its days; returns the override's number.

        Of the decision, its number, author, role and moment are set here.
        """
        actor.require("override")
        if decision.tier not in tiers.RANKED:
            raise LedgerError.because("ledger.override_tier", tier=decision.tier, allowed=tiers.RANKED)
        if not decision.reason.strip() or decision.expires < decision.starts:
            raise LedgerError.because("ledger.override_reason", area=decision.area_id)
        require_seen(decision.reason)
        require_reason(decision.reason)
        with self.database.writing() as connection:
            require_clock(connection, confirmed)
            made = replace(decision, who=actor.name, role=actor.role, at=now(), withdrawn=None)
            row = {name: value for name, value in vars(made).items() if name != "number"}
            deed = Deed(actor, "override", f"{made.scheme_id}/{made.area_id}", confirmed)
            return write(connection, deed, OVERRIDES, row)

    def withdraw(self, actor: Actor, number: int, confirmed: Collection[str] = NOTHING_CONFIRMED) -> None:
        """End an override before it expires."""
        actor.require("override")
        with self.database.writing() as connection:
            found = connection.execute(select(OVERRIDES).where(OVERRIDES.c.key == number)).mappings().one_or_none()
            if found is None or found["withdrawn"]:
                raise LedgerError.because("ledger.no_override", number=number)
            require_clock(connection, confirmed)
            deed = Deed(actor, "withdraw", f"{found['scheme_id']}/{found['area_id']}", confirmed)
            write(connection, deed, OVERRIDES, {"withdrawn": now()}, number)

    def overrides(self, scheme_id: str | None = None, on: date | None = None) -> tuple[OverrideEntry, ...]:
        """The overrides that were not withdrawn, in the order in which they were made: of several the last one counts.

        Those of a scheme or of all, that hold on a day or whenever.
        """
        table = OVERRIDES.c
        chosen: ColumnElement[bool] = table.withdrawn.is_(None)
        if scheme_id is not None:
            chosen &= table.scheme_id == scheme_id
        if on is not None:
            chosen &= (table.starts <= on.isoformat()) & (table.expires >= on.isoformat())
        return self._rows(OverrideEntry, OVERRIDES, chosen)

    # Schemes

    def save_scheme(
        self, actor: Actor, yaml_text: str, reason: str, confirmed: Collection[str] = NOTHING_CONFIRMED
    ) -> SchemeVersion:
        """Keep a scheme as the next version of its id, which is written into its text.

        Raises ``SchemeError`` for one that is wrong, and refuses one without a reason, and one that says what a saved
        version, or the one that ships and is in use, says already.
        """
        actor.require("draft")
        scheme = scheme_from(yaml_text.encode(), "scheme.yaml", impersonal=True)
        require_posts(scheme)
        if not reason.strip():
            raise LedgerError.because("ledger.scheme_reason")
        require_seen(reason)
        require_reason(reason)
        builtin = builtin_scheme(scheme.id)
        with self.database.writing() as connection:
            require_clock(connection, confirmed)
            saved = _versions_of(connection, scheme.id)
            _require_news(scheme, builtin, saved)
            scheme = scheme.model_copy(update={"version": next_version(scheme, builtin, saved)})
            row: dict[str, Any] = {
                "scheme_id": scheme.id, "version": scheme.version, "digest": scheme.digest(),
                "yaml_text": yaml_with(yaml_text, scheme), "author": actor.name, "role": actor.role,
                "reason": reason, "at": now(),
            }  # fmt: skip
            number = write(connection, Deed(actor, "save_scheme", scheme.id, confirmed), SCHEME_VERSIONS, row)
        return SchemeVersion(number=number, adopted=None, **row)

    def adopt_scheme(self, actor: Actor, number: int, confirmed: Collection[str] = NOTHING_CONFIRMED) -> None:
        """Put a saved scheme to use, until another of the same id is."""
        actor.require("adopt")
        with self.database.writing() as connection:
            table = SCHEME_VERSIONS.c
            scheme_id = connection.scalar(select(table.scheme_id).where(table.key == number))
            if scheme_id is None:
                raise LedgerError.because("ledger.no_scheme", number=number)
            require_clock(connection, confirmed)
            row = {"adopted": last(connection, AUDIT.c.number) + 1}
            write(connection, Deed(actor, "adopt_scheme", scheme_id, confirmed), SCHEME_VERSIONS, row, number)

    def scheme_versions(self, scheme_id: str | None = None) -> tuple[SchemeVersion, ...]:
        """All that were saved, the oldest first, of one id or of all; of an id the one in use is the one with the
        greatest ``adopted``."""
        with self.database.reading() as connection:
            return _versions_of(connection, scheme_id)

    # Releases

    def add_release(
        self,
        actor: Actor,
        planned: ReleaseEntry,
        put: Callable[[ReleaseEntry], str],
        confirmed: Collection[str] = NOTHING_CONFIRMED,
    ) -> ReleaseEntry:
        """Number a release, or turn a draft into one; while others wait, ``put`` makes its folder ready.

        ``planned`` says the scheme, the day, the reason, whether it is a draft or published, and which ``draft`` it was
        before; numbers, author and moment are set here. ``put`` gets the entry with its numbers, and returns the
        manifest's digest; when it fails, nothing is numbered. Raises :class:`LedgerError` where two people publish and
        something is missing.
        """
        publish = planned.status == "published"
        actor.require("release" if publish else "draft")
        with self.database.writing() as connection:
            require_clock(connection, confirmed)
            at = now()
            table = RELEASES.c
            key = None
            if planned.draft is not None:
                waits = (table.draft == planned.draft) & (table.status == "draft")
                key = connection.scalar(select(table.key).where(waits))
                if key is None:
                    raise LedgerError.because("ledger.no_draft", draft=f"D{planned.draft:06}")
            entry = replace(planned, author=actor.name, role=actor.role, at=at)
            if publish:
                two = bool(_settings_of(connection).two_hands)
                drafted, approved = ledger_release_steps.hands(connection, planned) if two else (None, None)
                entry = replace(entry, drafted_role=drafted, approved_role=approved)
                year = int(at[:4])
                number = last(connection, table.number) + 1
                number_of_year = last(connection, table.number_of_year, table.year == year) + 1
                entry = replace(entry, number=number, number_of_year=number_of_year, year=year)
            else:
                entry = replace(entry, draft=last(connection, table.draft) + 1)
            entry = replace(entry, digest=put(entry))
            action = "publish" if publish else "draft"
            write(connection, Deed(actor, action, entry.name, confirmed), RELEASES, vars(entry), key)
        return entry

    def withdraw_release(
        self, actor: Actor, number: int, reason: str, confirmed: Collection[str] = NOTHING_CONFIRMED
    ) -> None:
        """Take a published release back: it stays readable, and nothing is held against it any more."""
        actor.require("release")
        if not reason.strip():
            raise LedgerError.because("ledger.withdraw_reason")
        require_seen(reason)
        require_reason(reason)
        with self.database.writing() as connection:
            table = RELEASES.c
            found = connection.execute(select(RELEASES).where(table.number == number)).mappings().one_or_none()
            if found is None or found["withdrawn"]:
                raise LedgerError.because("ledger.no_release", number=number)
            require_clock(connection, confirmed)
            row = {"withdrawn": now(), "withdrawn_by": actor.name, "withdrawn_role": actor.role,
                   "withdrawn_reason": reason}  # fmt: skip
            deed = Deed(actor, "withdraw_release", f"{number:06}", confirmed)
            write(connection, deed, RELEASES, row, found["key"])

    def take_in(self, actor: Actor, entries: Iterable[ReleaseEntry]) -> None:
        """Add releases as their manifests tell of them, those of the ledger that was lost: all of them or none. A draft
        that waits here, and was published since, becomes what it was published as. An anchor of a ledger that is no
        longer there gives way to this one, and an entry keeps what it said."""
        actor.require("release")
        with self.database.writing(again=True) as connection:
            if (lost := self.database.seal.lost(connection)) is not None:
                add_entry(connection, Deed(actor, "anchor", ""), {"anchor": lost})
            for entry in entries:
                waits = (RELEASES.c.draft == entry.draft) & (RELEASES.c.status == "draft")
                key = connection.scalar(select(RELEASES.c.key).where(waits)) if entry.draft is not None else None
                write(connection, Deed(actor, "rebuild", entry.name), RELEASES, vars(entry), key)

    def releases(self, scheme_id: str | None = None) -> tuple[ReleaseEntry, ...]:
        """Published releases, the newest first, and before them the drafts that wait; of one scheme or of all."""
        chosen = RELEASES.c.scheme_id == scheme_id if scheme_id else RELEASES.c.scheme_id.is_not(None)
        found = self._rows(ReleaseEntry, RELEASES, chosen)
        return tuple(sorted(found, key=lambda entry: (entry.number is None, entry.number or entry.draft), reverse=True))

    def require_publishable(self, draft: ReleaseEntry | None) -> None:
        """Raise :class:`LedgerError` that says what is missing where two people publish; for None, what is no draft."""
        if self.settings().two_hands:
            ledger_release_steps.require_two_hands(self.database, draft)

    def take_release_step(
        self, actor: Actor, wanted: ReleaseStepEntry, confirmed: Collection[str] = NOTHING_CONFIRMED
    ) -> ReleaseStepEntry:
        """Add a step to a draft that waits, if it may come next by this hand; returns it with its number."""
        return ledger_release_steps.take_release_step(self.database, actor, wanted, confirmed)

    def release_steps(self) -> tuple[ReleaseStepEntry, ...]:
        """All steps of all drafts, the oldest first, those of drafts that were published since too."""
        return ledger_release_steps.release_steps(self.database)

    # Loads

    def record_commits(self, commits: Sequence[CommitEntry]) -> int:
        """Add the commits of the store that the ledger does not know yet, and return how many these were.

        Who loaded something was asked for the role that it takes when it was loaded.
        """
        if not set(commits) - set(self.commits()):
            return 0
        with self.database.writing() as connection:
            known = {number for (number,) in connection.execute(select(LOADS.c.number))}
            new = [commit for commit in commits if commit.number not in known]
            for commit in new:
                deed = Deed(Actor(commit.who, commit.role), commit.kind, commit.subject)
                write(connection, deed, LOADS, vars(commit))
        return len(new)

    def commits(self) -> tuple[CommitEntry, ...]:
        """The commits of the store that the ledger knows, the oldest first."""
        return self._rows(CommitEntry, LOADS, LOADS.c.number.is_not(None))

    # Settings

    def settings(self) -> OfficeSettings:
        """What the office says of itself."""
        with self.database.reading() as connection:
            return _settings_of(connection)

    def save_settings(
        self, actor: Actor, values: Mapping[str, str], confirmed: Collection[str] = NOTHING_CONFIRMED
    ) -> tuple[str, ...]:
        """Set some of the settings anew, by the names of their fields; returns those that are other than before.

        Raises :class:`LedgerError` for a name or a text that cannot be.
        """
        actor.require("configure")
        with self.database.writing() as connection:
            held = _settings_of(connection)
            wanted = vars(held.changed(values))
            news = {name: text for name, text in wanted.items() if text != vars(held)[name]}
            if news:
                require_clock(connection, confirmed)
                key = last(connection, SETTINGS.c.key) or None
                write(connection, Deed(actor, "settings", ", ".join(news), confirmed), SETTINGS, news, key)
        return tuple(news)

    # Assignments

    def assign(self, actor: Actor, wanted: AssignmentEntry, confirmed: Collection[str] = NOTHING_CONFIRMED) -> int:
        """Enter an assignment (交办); returns its number. One that is there and not signed off is not entered twice."""
        return ledger_assignments.assign(self.database, actor, wanted, confirmed)

    def take_step(self, actor: Actor, wanted: StepEntry, confirmed: Collection[str] = NOTHING_CONFIRMED) -> None:
        """Add a step to an assignment, if it may come next by this hand."""
        ledger_assignments.take_step(self.database, actor, wanted, confirmed)

    def assignments(self) -> tuple[Held, ...]:
        """All assignments by their numbers, each with its steps, the oldest first."""
        return ledger_assignments.assignments(self.database)

    # Check codes

    def add_code(self, actor: Actor, code: str, digest: str, view: Mapping[str, str]) -> None:
        """Keep the view that a check code stands for; one that is kept already is not kept twice."""
        actor.require("read")
        if (digest, dict(view)) in self.views_of(code):
            return
        with self.database.writing() as connection:
            row = {"code": code, "digest": digest, "view": canonical(dict(view))}
            write(connection, Deed(actor, "code", code), CODES, row)

    def require_kept(self) -> None:
        """Raise :class:`LedgerError` where nothing would be written now, since this is not the ledger that was last
        written: for whoever offers what has to be logged when it is taken."""
        with self.database.reading() as connection:
            self.database.seal.require_anchored(connection)

    def add_copy(self, actor: Actor, digest: str, taken: Mapping[str, str]) -> int:
        """Log that a copy of something internal was taken along, and what it was; returns its number (份号), from 1 on.

        ``digest``: of the release or records that it was made of. A copy stands among the codes, under a sign that no
        check code has.
        """
        actor.require("read")
        with self.database.writing() as connection:
            copies = select(func.count()).select_from(CODES).where(CODES.c.code.startswith(COPY))
            number = int(connection.execute(copies).scalar_one()) + 1
            row = {"code": f"{COPY}{number:07d}", "digest": digest, "view": canonical(dict(taken))}
            write(connection, Deed(actor, "copy", row["code"]), CODES, row)
        return number

    def views_of(self, code: str) -> tuple[tuple[str, dict[str, str]], ...]:
        """The manifest's digest and the view of every time that this code was given."""
        with self.database.reading() as connection:
            rows = connection.execute(select(CODES).where(CODES.c.code == code).order_by(CODES.c.key)).all()
        return tuple((row.digest, json.loads(row.view)) for row in rows)

    def _rows(self, kind: type[Entry], table: Table, chosen: ColumnElement[bool]) -> tuple[Entry, ...]:
        with self.database.reading() as connection:
            return _read(connection, kind, table, chosen)


def next_version(scheme: Scheme, builtin: Scheme | None, saved: Sequence[SchemeVersion]) -> int:
    """The version that a scheme gets when it is saved; its own where none of its id is known yet."""
    known = [version.version for version in saved] + ([builtin.version] if builtin else [])
    return max(known) + 1 if known else scheme.version


def says_the_same(scheme: Scheme, version: SchemeVersion) -> bool:
    """Whether a saved version has the rules of ``scheme``.

    Read from its text: the digest beside it is of the day on which it was saved. One that today's program cannot read
    is compared by that.
    """
    numbered = scheme.model_copy(update={"version": version.version})
    try:
        return same_rules(scheme_from(version.yaml_text.encode(), "scheme.yaml"), numbered)
    except SchemeError:
        return numbered.digest() == version.digest


def _require_news(scheme: Scheme, builtin: Scheme | None, saved: Sequence[SchemeVersion]) -> None:
    for version in saved:
        if says_the_same(scheme, version):
            told = {"number": version.number, "version": version.version, "scheme": scheme.id}
            raise LedgerError.because("scheme.saved_before", **told)
    adopted = any(version.adopted for version in saved)
    if builtin and not adopted and same_rules(scheme, builtin):
        raise LedgerError.because("scheme.nothing_changed", scheme=scheme.id, version=builtin.version)


def _versions_of(connection: Connection, scheme_id: str | None) -> tuple[SchemeVersion, ...]:
    table = SCHEME_VERSIONS.c.scheme_id
    chosen = table == scheme_id if scheme_id else table.is_not(None)
    return _read(connection, SchemeVersion, SCHEME_VERSIONS, chosen)


def _settings_of(connection: Connection) -> OfficeSettings:
    row: Mapping[Any, Any] = connection.execute(select(SETTINGS)).mappings().one_or_none() or {}
    return OfficeSettings(**{field.name: row.get(field.name) or "" for field in fields(OfficeSettings)})


def _read(connection: Connection, kind: type[Entry], table: Table, chosen: ColumnElement[bool]) -> tuple[Entry, ...]:
    rows = connection.execute(select(table).where(chosen).order_by(table.c.key)).all()
    return tuple(entry_from(kind, row._asdict()) for row in rows)

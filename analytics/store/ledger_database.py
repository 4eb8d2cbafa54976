"""The ledger's database: transactions in which writers wait for each other, and the audit trail that each adds to."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import ColumnElement, Connection, Engine, NullPool, Table, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from analytics import __version__, office
from analytics.access import Actor
from analytics.errors import LedgerError, UnconfirmedError
from analytics.hidden_signs import hidden_signs
from analytics.scheme.basics import required
from analytics.store.ledger_migrations import format_of, migrate, program_of
from analytics.store.ledger_seal import KEYED_SINCE, Seal, newest
from analytics.store.ledger_tables import (
    AUDIT,
    LEDGER_FORMAT,
    NOTHING,
    REDACTION,
    STATE,
    as_written,
    canonical,
    digest_of,
)
from analytics.words import phrase

LEDGER_FILE = "ledger.sqlite"
LONGEST_WAIT_SECONDS = 30
_POSTGRESQL_LOCK = 0x66697665
"""What writers wait for in PostgreSQL: any number will do that no other program in that database locks."""

_NO_SUCH = ("42P01", "42703")
"""What PostgreSQL says of a table and of a column that are not there."""

CLOCK = "clock"
"""What has to be confirmed where the clock is behind the newest decision."""
CLOCK_TOLERANCE = timedelta(minutes=5)
"""Two computers of an office may differ by so much, and a clock that is set by the network goes back by less."""

LOGGED = ("sign_in", "sign_out", "take", "look")
"""What is told in the audit trail alone, with no row that it writes."""

NOT_DECIDED = (
    *("load", "words", "undo", "void", "area_change", "compact", "code", "copy", "rebuild", "anchor", "upgrade"),
    REDACTION,
    *LOGGED,
)
"""What is taken down without anybody being asked about the clock: it says nothing of whether the clock is right."""

UPGRADED_BY = Actor("", "")
"""The program itself, which nobody asked."""


def now() -> str:
    """This moment by the office's own clock, with its distance from UTC, to the second."""
    return office.now().isoformat(timespec="seconds")


Row = dict[str, Any]
"""Columns and what they hold."""


@dataclass(frozen=True)
class AuditEntry:
    """One entry of the audit trail; ``detail`` says which row of which table was written, and what was."""

    number: int
    at: str
    who: str
    role: str
    action: str
    subject: str
    detail: Mapping[str, Any]
    before_digest: str
    digest: str


@dataclass(frozen=True)
class Deed:
    """What the entry of a write says: who did what, to what, and what was asked about and ``confirmed``."""

    actor: Actor
    action: str
    subject: str
    confirmed: Collection[str] = ()


@dataclass(frozen=True, eq=False)
class Database:
    """Where the tables are; ``place`` names it in sentences, ``seal`` holds the audit trail fast."""

    engine: Engine
    place: str
    seal: Seal

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read by. Raises :class:`LedgerError` for what cannot be read."""
        with self._told(), self.engine.connect() as connection:
            try:
                yield connection
            except ValueError as error:  # a day or a detail that is none
                raise LedgerError.because("ledger.damaged", place=self.place) from error

    @contextmanager
    def writing(self, *, again: bool = False) -> Iterator[Connection]:
        """One transaction, begun when no other writer is in one: all of it is written, or nothing; then the anchor.

        Raises :class:`LedgerError` where the ledger is not the one that the anchor tells of, unless it is to be made
        ``again`` knowingly: a further entry must not cover that the end was cut off.
        """
        with self.transaction() as connection:
            self.seal.require_key(connection)
            if not again:
                self.seal.require_anchored(connection)
            before = newest(connection)
            yield connection
            after = newest(connection)
        if after != before:
            self._anchor(after.number, again=again)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction as of :meth:`writing`, whatever the anchor says, which stays as it is."""
        with self._told(), self.engine.connect() as connection:
            connection.execution_options(writing=True, key=self.seal.key)
            with connection.begin():
                yield connection

    def _anchor(self, least: int, *, again: bool) -> None:
        """Bring the anchor to the newest entry, which may be that of somebody who wrote since."""
        held = None if again else self.seal.anchored()
        if held is None or held.number < least:
            with self.reading() as connection:
                self.seal.put(newest(connection))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise _error(error, self.place) from error


def _error(error: SQLAlchemyError, place: str) -> LedgerError:
    detail = str(getattr(error, "orig", None) or error).splitlines()[0]
    if "readonly" in detail or "read-only" in detail:
        return LedgerError.because("ledger.read_only", place=place)
    if "locked" in detail or "lock timeout" in detail:
        return LedgerError.because("ledger.busy", place=place, seconds=LONGEST_WAIT_SECONDS)
    lacks = getattr(getattr(error, "orig", None), "sqlstate", None) in _NO_SUCH
    if lacks or any(sign in detail for sign in ("not a database", "malformed", "no such", "duplicate column")):
        return LedgerError.because("ledger.damaged", place=place)
    return LedgerError.because("ledger.unreachable", place=place, detail=detail)


def open_database(address: str | None, home: Path, issued: Collection[str] = ()) -> Database:
    """The database at ``address``, PostgreSQL or SQLite, else the file in ``home``, with the tables of today's format:
    made where it has none, and brought there step by step where it has older ones.

    ``issued``: what the folders of releases beside it are called. Raises :class:`LedgerError`: where a ledger without
    tables lies beside such folders, since it can only be that theirs was lost; and for one of a newer program.
    """
    url = _url_of(address) if address else _file_in(home)
    file = Path(url.database or "") if url.get_backend_name() == "sqlite" and "uri" not in url.query else None
    if file is not None and issued and not file.exists():
        raise _lost(file.name, issued)
    database = _database(url, home)
    if file is not None:
        _make(file, database.place)
    with database.reading() as connection:
        found = format_of(connection)
        if found is None:
            raise LedgerError.because("ledger.damaged", place=database.place)
        newer = program_of(connection) if found > LEDGER_FORMAT else ""
    if newer:
        raise LedgerError.because("ledger.newer", place=database.place, program=newer)
    if found == 0 and issued:
        raise _lost(database.place, issued)
    if found < KEYED_SINCE:
        database = replace(database, seal=Seal.of(home, database.place, make=True))
    if found < LEDGER_FORMAT:
        with database.transaction() as connection:
            steps = migrate(connection, __version__)
            database.seal.bind(connection)
            database.seal.require_key(connection)
            if steps:
                subject = f"{steps[0]} → {steps[1]}"
                add_entry(connection, Deed(UPGRADED_BY, "upgrade", subject), {"program": __version__})
        # One that the anchor does not know is opened all the same: it can be read, and is refused where it is written.
        with suppress(LedgerError), database.reading() as connection:
            database.seal.require_anchored(connection)
            database.seal.put(newest(connection))
    return database


def as_it_is(address: str | None, home: Path) -> Database | None:
    """The database of :func:`open_database` with nothing made and nothing upgraded; None where its file is not there.

    Raises :class:`LedgerError` for an address that is none.
    """
    url = _url_of(address) if address else URL.create("sqlite", database=str(home / LEDGER_FILE))
    is_file = url.get_backend_name() == "sqlite" and "uri" not in url.query
    return None if is_file and not Path(required(url.database)).is_file() else _database(url, home)


def _lost(place: str, issued: Collection[str]) -> LedgerError:
    return LedgerError.because("ledger.lost", place=place, releases=sorted(issued))


def _file_in(home: Path) -> URL:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError.because("ledger.unreachable", place=LEDGER_FILE, detail=error.strerror) from error
    return URL.create("sqlite", database=str(home / LEDGER_FILE))


def _make(file: Path, place: str) -> None:
    """An empty file where there is none: from then on, one that has gone is missed and not made anew in silence."""
    try:
        file.touch(exist_ok=False)  # the time of one that is there says when it was written
    except OSError as error:
        if not file.exists():
            raise LedgerError.because("ledger.unreachable", place=place, detail=error.strerror) from error


def _url_of(address: str) -> URL:
    """The address as SQLAlchemy reads it; none of it is quoted in a sentence, since it may hold a password."""
    try:
        url = make_url(address)
    except ArgumentError:
        raise LedgerError.because("ledger.address_wrong") from None
    nowhere = url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")
    if url.get_backend_name() not in ("sqlite", "postgresql") or nowhere:
        raise LedgerError.because("ledger.address_wrong")
    return url.set(drivername="postgresql+psycopg") if url.get_backend_name() == "postgresql" else url


def _database(url: URL, home: Path) -> Database:
    place = Path(url.database or "").name
    seal = Seal.of(home, place, make=False)
    # A connection is opened for each use: none outlives a fork, and no thread meets another's.
    if url.get_backend_name() == "sqlite":
        if "uri" not in url.query:  # a connection alone must not make the file anew
            file = f"file:{quote(str(Path(required(url.database)).absolute()))}"
            url = url.set(database=file).update_query_dict({"mode": "rw", "uri": "true"})
        engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": LONGEST_WAIT_SECONDS})
        event.listen(engine, "connect", _leave_transactions_to_us)
        event.listen(engine, "begin", _begin_in_a_file)
        return Database(engine, place, seal)
    try:
        engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": LONGEST_WAIT_SECONDS})
    except ImportError:
        raise LedgerError.because("ledger.no_driver") from None
    event.listen(engine, "begin", _begin_in_postgresql)
    return Database(engine, place, seal)


def _leave_transactions_to_us(connection: Any, _record: object) -> None:
    connection.isolation_level = None


def _is_writing(connection: Connection) -> bool:
    return connection.get_execution_options().get("writing", False)


def _begin_in_a_file(connection: Connection) -> None:
    # One that only turns into a writer later could not wait: what it has read would be out of date.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _is_writing(connection) else "BEGIN")


def _begin_in_postgresql(connection: Connection) -> None:
    if _is_writing(connection):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LONGEST_WAIT_SECONDS}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_POSTGRESQL_LOCK})")
    else:
        # Else the trail and the tables could be read at two moments, with a write between them.
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def last(connection: Connection, column: ColumnElement[int], *chosen: ColumnElement[bool]) -> int:
    """The greatest number in a column; 0 where there is none."""
    return connection.scalar(select(func.max(column)).where(*chosen)) or 0


def require_clock(connection: Connection, confirmed: Collection[str]) -> None:
    """Raise :class:`UnconfirmedError` where the clock is behind the newest decision, unless that was ``confirmed``:
    what is decided now would stand before what was decided earlier, and a release could get the wrong year."""
    decided = select(AUDIT.c.at).where(AUDIT.c.action.not_in(NOT_DECIDED))
    newest = connection.scalar(decided.order_by(AUDIT.c.number.desc()).limit(1))
    if newest is None or CLOCK in confirmed:
        return
    moment = now()
    if datetime.fromisoformat(moment) < datetime.fromisoformat(newest) - CLOCK_TOLERANCE:
        raise UnconfirmedError(CLOCK, phrase("ledger.clock_back", now=readable(moment), newest=readable(newest)))


def readable(moment: str) -> str:
    """A moment of the ledger by the clock that wrote it, to the minute."""
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M}"


def require_seen(text: str) -> None:
    """Refuse a text of a person with :func:`hidden_signs`: it could not be taken out again."""
    if hidden := hidden_signs([text]):
        raise LedgerError.because("ledger.hidden_sign", signs=hidden)


def write(connection: Connection, deed: Deed, table: Table, row: Mapping[str, object], key: int | None = None) -> int:
    """Write the columns of a row, a new one where there is no ``key``, and the entry that says so; returns its key."""
    told = as_written({**row, "entry": last(connection, AUDIT.c.number) + 1})
    if key is None:
        key = last(connection, table.c.key) + 1
        told["key"] = key
        connection.execute(table.insert().values(told))
    else:
        connection.execute(table.update().where(table.c.key == key).values(told))
    add_entry(connection, deed, {"table": table.name, "key": key, "row": told})
    return key


def add_entry(connection: Connection, deed: Deed, detail: Mapping[str, object]) -> None:
    """Add an entry to the audit trail. ``detail`` names the row that it tells of, unless it tells of none."""
    before, key = newest(connection), connection.get_execution_options()["key"]
    confirmed = {"confirmed": sorted(deed.confirmed)} if deed.confirmed else {}
    entry = {
        "number": before.number + 1,
        "at": now(),
        "who": deed.actor.name,
        "role": deed.actor.role,
        "action": deed.action,
        "subject": deed.subject,
        "detail": canonical({**detail, **confirmed}),
        "before_digest": before.digest,
    }
    connection.execute(AUDIT.insert().values(**entry, digest=digest_of(entry, key)))


def audit(database: Database) -> tuple[AuditEntry, ...]:
    """All entries of the audit trail, the oldest first."""
    with database.reading() as connection:
        rows = connection.execute(select(AUDIT).order_by(AUDIT.c.number)).mappings()
        return tuple(AuditEntry(**{**row, "detail": json.loads(row["detail"])}) for row in rows)


def verify_audit(database: Database) -> int:
    """The number of entries, after every one was found as it was written, every table as the entries say, and the end
    where the anchor says.

    Raises :class:`LedgerError` that names the first entry that is not as it was written, or the row; and where the key
    is lost, by which nothing could be said.
    """
    told: dict[str, dict[int, Row]] = {table.name: {} for table in STATE}
    number, before = 0, NOTHING
    with database.reading() as connection:
        key, keyed = database.seal.require_key(connection)
        redacted = _redacted(connection, keyed.first)
        for row in connection.execute(select(AUDIT).order_by(AUDIT.c.number)).mappings():
            entry = {name: value for name, value in row.items() if name != "digest"}
            number += 1
            digest = digest_of(entry, key if number >= keyed.first else None)
            if number in redacted:
                by, left = redacted[number]
                digest = by if digest_of(entry, key) == left else ""
            if (entry["number"], entry["before_digest"], row["digest"]) != (number, before, digest):
                raise LedgerError.because("ledger.entry_changed", number=number, place=database.place)
            before = row["digest"]
            detail = json.loads(entry["detail"])
            if "table" in detail:
                rows = told[detail["table"]]
                rows[detail["key"]] = rows.get(detail["key"], {}) | detail["row"]
        for table in STATE:
            held = {row.key: as_written(row._asdict()) for row in connection.execute(select(table))}
            _compare(table.name, held, told[table.name], number, database.place)
        database.seal.require_first(connection)
        database.seal.require_anchored(connection)
    return number


def _redacted(connection: Connection, first: int) -> dict[int, tuple[str, str]]:
    """By the numbers of entries of which something was taken out: the digest of each, and that of what is left of it.
    Told by keyed entries alone, from the ``first`` on, of which each is held against its own digest too."""
    chosen = (AUDIT.c.action == REDACTION) & (AUDIT.c.number >= first)
    details = connection.scalars(select(AUDIT.c.detail).where(chosen).order_by(AUDIT.c.number))
    told = (one for detail in details for one in json.loads(detail).get("redacted", ()))
    return {one["entry"]: (one["digest"], one["left"]) for one in told}


def _compare(table: str, held: Mapping[int, Row], told: Mapping[int, Row], entries: int, place: str) -> None:
    for key in sorted(held.keys() | told.keys()):
        if held.get(key) == told.get(key):
            continue
        # The entries at the end leave no gap when they are taken away, but the rows that they wrote name them.
        entry = held.get(key, {}).get("entry", 0)
        if isinstance(entry, int) and entry > entries:
            raise LedgerError.because("ledger.entry_changed", number=entries + 1, place=place)
        raise LedgerError.because("ledger.row_changed", table=table, number=key, place=place)

"""The ledger's database: transactions in which writers wait for each other, and the audit trail that each adds to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, NullPool, Table, create_engine, event, func, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from analytics.errors import LedgerError
from analytics.store.ledger_tables import AUDIT, METADATA, NOTHING, STATE, as_written, canonical, digest_of

LEDGER_FILE = "ledger.sqlite"
LONGEST_WAIT_SECONDS = 30
_POSTGRESQL_LOCK = 0x66697665
"""What writers wait for in PostgreSQL: any number will do that no other program in that database locks."""


def now() -> str:
    """This moment by the office's own clock, with its distance from UTC, to the second."""
    return datetime.now(UTC).astimezone().isoformat(timespec="seconds")


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


@dataclass(frozen=True, eq=False)
class Database:
    """Where the tables are; ``place`` names it in sentences."""

    engine: Engine
    place: str

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read by. Raises :class:`LedgerError` for what cannot be read."""
        with self._told(), self.engine.connect() as connection:
            try:
                yield connection
            except ValueError as error:  # a day or a detail that is none
                raise LedgerError.because("ledger.damaged", place=self.place) from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, begun when no other writer is in one: all of it is written, or nothing."""
        with self._told(), self.engine.connect() as connection:
            connection.execution_options(writing=True)
            with connection.begin():
                yield connection

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
    if "locked" in detail:
        return LedgerError.because("ledger.busy", place=place, seconds=LONGEST_WAIT_SECONDS)
    if any(sign in detail for sign in ("not a database", "malformed", "no such")):
        return LedgerError.because("ledger.damaged", place=place)
    return LedgerError.because("ledger.unreachable", place=place, detail=detail)


def open_database(address: str | None, home: Path) -> Database:
    """The database at ``address``, PostgreSQL or SQLite, else the file in ``home``; its tables are made where it has
    none. Raises :class:`LedgerError`."""
    database = _database(_url_of(address) if address else _file_in(home))
    with database.reading() as connection:
        made = inspect(connection).has_table(AUDIT.name)
    if not made:
        with database.writing() as connection:
            METADATA.create_all(connection)
    return database


def _file_in(home: Path) -> URL:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError.because("ledger.unreachable", place=LEDGER_FILE, detail=error.strerror) from error
    return URL.create("sqlite", database=str(home / LEDGER_FILE))


def _url_of(address: str) -> URL:
    """The address as SQLAlchemy reads it; none of it is quoted in a sentence, since it may hold a password."""
    try:
        url = make_url(address)
    except ArgumentError:
        raise LedgerError.because("ledger.address_wrong") from None
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise LedgerError.because("ledger.address_wrong")
    return url.set(drivername="postgresql+psycopg") if url.get_backend_name() == "postgresql" else url


def _database(url: URL) -> Database:
    file = url.get_backend_name() == "sqlite"
    try:
        # A connection is opened for each use: none outlives a fork, and no thread meets another's.
        engine = create_engine(
            url, poolclass=NullPool, connect_args={"timeout" if file else "connect_timeout": LONGEST_WAIT_SECONDS}
        )
    except ImportError:
        raise LedgerError.because("ledger.no_driver") from None
    if file:
        event.listen(engine, "connect", _leave_transactions_to_us)
    event.listen(engine, "begin", _begin_in_a_file if file else _begin_in_postgresql)
    return Database(engine, Path(url.database or "").name)


def _leave_transactions_to_us(connection: Any, _record: object) -> None:
    connection.isolation_level = None


def _is_writing(connection: Connection) -> bool:
    return connection.get_execution_options().get("writing", False)


def _begin_in_a_file(connection: Connection) -> None:
    # One that only turns into a writer later could not wait: what it has read would be out of date.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _is_writing(connection) else "BEGIN")


def _begin_in_postgresql(connection: Connection) -> None:
    if _is_writing(connection):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_POSTGRESQL_LOCK})")
    else:
        # Else the trail and the tables could be read at two moments, with a write between them.
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def last(connection: Connection, column: ColumnElement[int], *chosen: ColumnElement[bool]) -> int:
    """The greatest number in a column; 0 where there is none."""
    return connection.scalar(select(func.max(column)).where(*chosen)) or 0


def write(
    connection: Connection,
    table: Table,
    row: Mapping[str, object],
    who: str,
    role: str,
    action: str,
    subject: str,
    key: int | None = None,
) -> int:
    """Write the columns of a row, a new one where there is no ``key``, and the entry that says so; returns its key."""
    before = connection.execute(
        select(AUDIT.c.number, AUDIT.c.digest).order_by(AUDIT.c.number.desc()).limit(1)
    ).one_or_none()
    number = before.number + 1 if before else 1
    told = as_written({**row, "entry": number})
    if key is None:
        key = last(connection, table.c.key) + 1
        told["key"] = key
        connection.execute(table.insert().values(told))
    else:
        connection.execute(table.update().where(table.c.key == key).values(told))
    entry = {
        "number": number,
        "at": now(),
        "who": who,
        "role": role,
        "action": action,
        "subject": subject,
        "detail": canonical({"table": table.name, "key": key, "row": told}),
        "before_digest": before.digest if before else NOTHING,
    }
    connection.execute(AUDIT.insert().values(**entry, digest=digest_of(entry)))
    return key


def audit(database: Database) -> tuple[AuditEntry, ...]:
    """All entries of the audit trail, the oldest first."""
    with database.reading() as connection:
        rows = connection.execute(select(AUDIT).order_by(AUDIT.c.number)).mappings()
        return tuple(AuditEntry(**{**row, "detail": json.loads(row["detail"])}) for row in rows)


def verify_audit(database: Database) -> int:
    """The number of entries, after every one was found as it was written, and every table as the entries say.

    Raises :class:`LedgerError` that names the first entry that is not as it was written, or the row.
    """
    told: dict[str, dict[int, dict]] = {table.name: {} for table in STATE}
    number, before = 0, NOTHING
    with database.reading() as connection:
        for row in connection.execute(select(AUDIT).order_by(AUDIT.c.number)).mappings():
            entry = {name: value for name, value in row.items() if name != "digest"}
            number += 1
            if (entry["number"], entry["before_digest"], row["digest"]) != (number, before, digest_of(entry)):
                raise LedgerError.because("ledger.entry_changed", number=number, place=database.place)
            before = row["digest"]
            detail = json.loads(entry["detail"])
            rows = told[detail["table"]]
            rows[detail["key"]] = rows.get(detail["key"], {}) | detail["row"]
        for table in STATE:
            held = {row["key"]: as_written(row) for row in connection.execute(select(table)).mappings()}
            _compare(table.name, held, told[table.name], number, database.place)
    return number


def _compare(table: str, held: Mapping[int, dict], told: Mapping[int, dict], entries: int, place: str) -> None:
    for key in sorted(held.keys() | told.keys()):
        if held.get(key) == told.get(key):
            continue
        # The entries at the end leave no gap when they are taken away, but the rows that they wrote name them.
        entry = held.get(key, {}).get("entry", 0)
        if isinstance(entry, int) and entry > entries:
            raise LedgerError.because("ledger.entry_changed", number=entries + 1, place=place)
        raise LedgerError.because("ledger.row_changed", table=table, number=key, place=place)

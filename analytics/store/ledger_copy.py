"""The ledger as one file: a copy as it is at one moment, from wherever it lies, and the way back into a database."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Literal, cast

from sqlalchemy import insert, inspect, select

from analytics.errors import LedgerError
from analytics.scheme.basics import required
from analytics.store.ledger_database import Database, as_it_is, open_database
from analytics.store.ledger_migrations import format_of
from analytics.store.ledger_seal import newest
from analytics.store.ledger_tables import LEDGER_FORMAT, METADATA

Kind = Literal["sqlite", "postgresql"]

_AT_ONCE = 1000
"""Rows that are taken from one database to the other at a time."""


def ledger_format(address: str | None, home: Path) -> int:
    """The format of the tables; 0 where there is no ledger yet. Nothing is made or upgraded.

    Raises :class:`LedgerError` where it cannot be reached or is damaged.
    """
    database = as_it_is(address, home)
    if database is None:
        return 0
    with database.reading() as connection:
        found = format_of(connection)
    if found is None:
        raise LedgerError.because("ledger.damaged", place=database.place)
    return found


def copy_ledger(address: str | None, home: Path, out: Path) -> Kind | None:
    """Write the ledger, as it is at one moment whoever writes meanwhile, into the new SQLite file ``out``; returns
    where it lies, None where there is none yet and nothing is written.

    A file is copied page by page, in whatever format it is; the tables of a server have to be of today's.
    Raises :class:`LedgerError` where it cannot be read.
    """
    database = as_it_is(address, home)
    if database is None:
        return None
    if database.engine.dialect.name == "postgresql":
        with database.reading() as source:
            if format_of(source) == 0:
                return None
        _copy_rows(open_database(address, home), out)
        return "postgresql"
    with database.reading() as source:
        format_of(source)  # from here on no writer changes the file, and one that keeps it busy is waited for
        _copy(cast(sqlite3.Connection, source.connection.dbapi_connection), out, database.place)
    return "sqlite"


def copy_sqlite(file: Path, out: Path) -> None:
    """Copy a SQLite database into the new file ``out``, as it is at one moment; raises :class:`LedgerError` for one
    that is damaged."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as opened:
        _copy(opened, out, file.name)


def _copy(source: sqlite3.Connection, out: Path, place: str) -> None:
    try:
        with closing(sqlite3.connect(out)) as target:
            source.backup(target)
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            raise OSError(errno.ENOSPC, str(error)) from error
        raise LedgerError.because("ledger.unreachable", place=place, detail=str(error)) from error
    except sqlite3.DatabaseError as error:
        raise LedgerError.because("ledger.damaged", place=place) from error


def put_ledger(copy: Path, address: str) -> None:
    """Fill the empty database at ``address`` with the ledger in the SQLite file ``copy``: all of it or nothing. A copy
    of an older format is brought to today's first.

    Raises :class:`LedgerError` where the database has a ledger already, or cannot be written.
    """
    target = as_it_is(address, copy.parent)
    if target is None:
        raise LedgerError.because("ledger.address_wrong")
    here = f"sqlite:///{copy.absolute()}"
    if ledger_format(here, copy.parent) < LEDGER_FORMAT:
        open_database(here, copy.parent)  # which brings it to today's
    source = required(as_it_is(here, copy.parent))
    with source.reading() as held, target.transaction() as connection:
        if format_of(connection) != 0:
            raise LedgerError.because("upkeep.ledger_not_empty", place=target.place)
        METADATA.create_all(connection)
        for table in METADATA.sorted_tables:
            for rows in held.execution_options(yield_per=_AT_ONCE).execute(select(table)).mappings().partitions():
                connection.execute(insert(table), [dict(row) for row in rows])
    _anchor(target)


def anchor_restored(home: Path) -> None:
    """Let the file of a restored ledger be the one that the anchor of its home tells of: the copy is older than what
    the home that it was made of has written since. Without the key nothing is told, and nothing can be."""
    if ledger_format(None, home) == LEDGER_FORMAT:
        _anchor(required(as_it_is(None, home)))


def _anchor(database: Database) -> None:
    if database.seal.key is not None:
        with database.reading() as connection:
            database.seal.put(newest(connection))


def is_newer(copy: Path) -> bool:
    """Whether the ledger in a SQLite file is of a newer program."""
    return ledger_format(f"sqlite:///{copy.absolute()}", copy.parent) > LEDGER_FORMAT


def _copy_rows(database: Database, out: Path) -> None:
    """All tables of a server, read at one moment, as a file with the same tables."""
    out.touch()
    target = as_it_is(f"sqlite:///{out.absolute()}", out.parent)
    if target is None:
        raise FileNotFoundError(out)
    with database.reading() as source, target.transaction() as connection:
        there = set(inspect(source).get_table_names())
        METADATA.create_all(connection)
        for table in METADATA.sorted_tables:
            if table.name not in there:
                raise LedgerError.because("ledger.damaged", place=database.place)
            for rows in source.execution_options(yield_per=_AT_ONCE).execute(select(table)).mappings().partitions():
                connection.execute(insert(table), [dict(row) for row in rows])


def known_releases(copy: Path) -> frozenset[str]:
    """The names of the folders of releases and drafts that a copied ledger tells of, of whatever format it is."""
    with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as opened:
        if not opened.execute("SELECT name FROM sqlite_master WHERE name = 'releases'").fetchall():
            return frozenset()
        rows = opened.execute("SELECT number, draft FROM releases").fetchall()
    numbers = {f"{number:06}" for number, _ in rows if number is not None}
    return frozenset(numbers | {f"D{draft:06}" for _, draft in rows if draft is not None})

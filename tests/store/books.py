"""Where a ledger can lie: in a file of the home, or in PostgreSQL."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from analytics.store.ledger import Ledger
from tests.store.postgres import Server

TABLES = (
    *("audit", "releases", "overrides", "scheme_versions", "codes", "loads", "settings", "assignments"),
    *("assignment_steps", "release_steps", "ledger_format", "ledger_key"),
)


@dataclass(frozen=True)
class FileBook:
    """A ledger in the file of ``home``."""

    home: Path
    url: None = None
    kind: str = "sqlite"
    refusal = sqlite3.IntegrityError

    def open(self, *issued: str) -> Ledger:
        """The ledger, as whoever comes next opens it."""
        return Ledger.open(None, self.home, issued)

    def copied(self, home: Path) -> FileBook:
        """The same in another home."""
        home.mkdir(exist_ok=True)
        shutil.copy(self.home / "ledger.sqlite", home)
        shutil.copytree(self.home / "key", home / "key")
        return FileBook(home)

    def raw(self, *statements: str, protected: bool = False) -> None:
        """Edit it behind the ledger's back."""
        with closing(sqlite3.connect(self.home / "ledger.sqlite")) as connection:
            if not protected:
                names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
                for (name,) in names:
                    connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.execute(statement)
            connection.commit()


@dataclass(frozen=True)
class ServerBook:
    """A ledger in a database of a server."""

    home: Path
    server: Server
    database: str
    kind: str = "postgresql"
    refusal = psycopg.errors.RaiseException

    @property
    def url(self) -> str:
        """Its address."""
        return self.server.url(self.database)

    def open(self, *issued: str) -> Ledger:
        """The ledger, as whoever comes next opens it."""
        return Ledger.open(self.url, self.home, issued)

    def copied(self, home: Path) -> ServerBook:
        """The same in another database."""
        found = ServerBook(home, self.server, self.server.made(like=self.database))
        shutil.copytree(self.home / "key", home / "key")
        (home / "key" / f"{self.database}.anchor").rename(home / "key" / f"{found.database}.anchor")
        return found

    def raw(self, *statements: str, protected: bool = False) -> None:
        """Edit it behind the ledger's back."""
        off = [f"ALTER TABLE IF EXISTS {table} DISABLE TRIGGER USER" for table in TABLES if not protected]
        self.server.execute(*off, *statements, database=self.database)


Book = FileBook | ServerBook
KINDS = ("sqlite", "postgresql")


def empty_book(kind: str, home: Path, request: pytest.FixtureRequest) -> Book:
    """A place where no ledger is yet."""
    if kind == "sqlite":
        return FileBook(home)
    server = request.getfixturevalue("postgres")
    return ServerBook(home, server, server.made())


@pytest.fixture(params=KINDS)
def book(request, tmp_path) -> Iterator[Book]:
    """A place where no ledger is yet, of each kind."""
    return empty_book(request.param, tmp_path, request)


@pytest.fixture
def ledger(book) -> Ledger:
    """A ledger in which nothing is written yet, of each kind."""
    return book.open()

"""The tables of the ledger, and how an entry of the audit trail is chained to the one before.

What a table says is nothing but what the audit trail's entries say, one after the other: an entry's detail is
``{table, key, row}``, the columns that it wrote. So the trail proves the tables too. Days are text, as ISO 8601 writes
them, which is in the order of time: a database does not get to interpret them.

These are the tables of ``LEDGER_FORMAT``; `ledger_migrations` brings the tables of older ledgers here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from hashlib import sha256
from typing import Any

from sqlalchemy import DDL, Column, Integer, MetaData, String, Table, Text, event

from analytics.store.office_settings import OfficeSettings

LEDGER_FORMAT = 5
"""Goes up with every change of a table; `ledger_migrations` then has one more step."""

METADATA = MetaData()

NOTHING = "0" * 64
"""The digest before the first entry."""

FORMAT = Table(
    "ledger_format",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("program", Text, nullable=False),
)
"""One row for each format that this ledger had from the second on, with the version of the program that brought it."""

AUDIT = Table(
    "audit",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("before_digest", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
)


def _state(name: str, *columns: Column[Any]) -> Table:
    """A table whose rows are written together with an entry of the audit trail: ``entry`` is the last that did."""
    key = Column("key", Integer, primary_key=True, autoincrement=False)
    return Table(name, METADATA, key, *columns, Column("entry", Integer, nullable=False))


RELEASES = _state(
    "releases",
    Column("number", Integer, unique=True),
    Column("number_of_year", Integer),
    Column("year", Integer),
    Column("draft", Integer, unique=True),
    Column("scheme_id", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("author", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("withdrawn", Text),
    Column("withdrawn_by", Text),
    Column("withdrawn_role", Text),
    Column("withdrawn_reason", Text),
)

OVERRIDES = _state(
    "overrides",
    Column("scheme_id", Text, nullable=False),
    Column("area_id", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("starts", Text, nullable=False),
    Column("expires", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("withdrawn", Text),
)

SCHEME_VERSIONS = _state(
    "scheme_versions",
    Column("scheme_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", String(80), nullable=False),
    Column("yaml_text", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("adopted", Integer),
)

CODES = _state(
    "codes",
    Column("code", String(8), nullable=False, index=True),
    Column("digest", String(64), nullable=False),
    Column("view", Text, nullable=False),
)

LOADS = _state(
    "loads",
    Column("number", Integer, nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("at", Text, nullable=False),
)
"""The commits of the store, by their numbers: ``digest`` is that of the commit, ``subject`` the table of a load or the
load that was undone, ``at`` when the commit was made."""

SETTINGS = _state("settings", *(Column(field.name, Text) for field in fields(OfficeSettings)))
"""What the office says of itself: one row, NULL where it says nothing."""

ASSIGNMENTS = _state(
    "assignments",
    Column("source", Text, nullable=False),
    Column("area_id", Text),
    Column("content", Text, nullable=False),
    Column("post", Text, nullable=False),
    Column("working_days", Integer, nullable=False),
    Column("assigned", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("at", Text, nullable=False),
)

ASSIGNMENT_STEPS = _state(
    "assignment_steps",
    Column("assignment", Integer, nullable=False),
    Column("step", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("due", Text),
    Column("post", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("at", Text, nullable=False),
)
"""What was done about each assignment: rows are added and never changed, so that an earlier due day stays."""

STATE = (RELEASES, OVERRIDES, SCHEME_VERSIONS, CODES, LOADS, SETTINGS, ASSIGNMENTS, ASSIGNMENT_STEPS)


def canonical(content: object) -> str:
    """JSON that is the same text for the same content; dates as ISO 8601."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest_of(entry: Mapping[str, object]) -> str:
    """The SHA-256 (hex) of an entry without its own digest, and so of all entries before it."""
    return sha256(canonical(dict(entry)).encode()).hexdigest()


def as_written(row: Mapping[str, object]) -> dict[str, object]:
    """A row as it is stored and as an audit entry's detail tells it: dates as text, and what is NULL left out, so that
    a column which a ledger had not yet is as if it had always been empty."""
    return json.loads(canonical({name: value for name, value in row.items() if value is not None}))


_REFUSED = "the audit trail is append-only"
_TRIGGER_SQLITE = "CREATE TRIGGER {name} BEFORE {when} ON {table} {only} BEGIN SELECT RAISE(ABORT, '{refused}'); END"
_FUNCTION_POSTGRESQL = """
CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{refused}'; END $$
"""
_TRIGGER_POSTGRESQL = "CREATE TRIGGER {name} BEFORE {when} ON {table} EXECUTE FUNCTION ledger_refuse()"


def refuse(table: Table, when: str, only: str = "") -> None:
    """Let the database itself refuse a statement; an error of it reads `_REFUSED`."""
    name = f"{table.name}_no_{when.lower()}"
    sqlite = _TRIGGER_SQLITE.format(name=name, when=when, table=table.name, only=only, refused=_REFUSED)
    event.listen(table, "after_create", DDL(sqlite).execute_if(dialect="sqlite"))
    if not only:
        also = when.replace("DELETE", "DELETE OR TRUNCATE")
        postgresql = _TRIGGER_POSTGRESQL.format(name=name, when=also, table=table.name)
        event.listen(table, "after_create", DDL(postgresql).execute_if(dialect="postgresql"))


event.listen(
    METADATA, "before_create", DDL(_FUNCTION_POSTGRESQL.format(refused=_REFUSED)).execute_if(dialect="postgresql")
)
refuse(AUDIT, "UPDATE")
# SQLite's INSERT OR REPLACE deletes without asking the trigger of DELETE.
refuse(AUDIT, "INSERT", "WHEN EXISTS (SELECT 1 FROM audit WHERE number = NEW.number)")
for _table in (AUDIT, *STATE):
    refuse(_table, "DELETE")

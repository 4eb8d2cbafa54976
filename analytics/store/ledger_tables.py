"""The tables of the ledger, and how an entry of the audit trail is chained to the one before.

What a table says is nothing but what the audit trail's entries say, one after the other: an entry's detail is
``{table, key, row}``, the columns that it wrote. So the trail proves the tables too. Days are text, as ISO 8601 writes
them, which is in the order of time: a database does not get to interpret them.

These are the tables of ``LEDGER_FORMAT``; `ledger_migrations` brings the tables of older ledgers here.
"""

from __future__ import annotations

import hmac
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

KEYED = Table(
    "ledger_key",
    METADATA,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("first", Integer, nullable=False),
    Column("mark", String(16), nullable=False),
    Column("seal", String(64), nullable=False),
)
"""One row: the first entry that is keyed, by which key (see `ledger_seal`), and the seal over that and all before."""

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
    Column("drafted_role", Text),
    Column("approved_role", Text),
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

RELEASE_STEPS = _state(
    "release_steps",
    Column("draft", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("step", Text, nullable=False),
    Column("community", Text),
    Column("objection", Integer),
    Column("text", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("at", Text, nullable=False),
)
"""What communities and leaders said of each draft: rows are added and never changed."""

STATE = (RELEASES, OVERRIDES, SCHEME_VERSIONS, CODES, LOADS, SETTINGS, ASSIGNMENTS, ASSIGNMENT_STEPS, RELEASE_STEPS)


def canonical(content: object) -> str:
    """JSON that is the same text for the same content; dates as ISO 8601."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest_of(entry: Mapping[str, object], key: bytes | None = None) -> str:
    """The digest (hex) of an entry without its own, and so of all entries before it: HMAC-SHA-256 under the ledger's
    ``key`` (RFC 2104), which nobody without it can make anew; SHA-256 of entries from before format 5."""
    told = canonical(dict(entry)).encode()
    return sha256(told).hexdigest() if key is None else hmac.digest(key, told, "sha256").hex()


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

REDACTION = "redact"
"""The action of the entries by which something was taken out of others, which their subject names by their numbers."""

_SAME = " AND ".join(f"NEW.{column.name} = OLD.{column.name}" for column in AUDIT.c if column.name != "detail")
_NAMED = (
    f"EXISTS (SELECT 1 FROM audit WHERE number = (SELECT max(number) FROM audit) AND action = '{REDACTION}' "
    "AND {finds}(', ' || subject || ', ', ', ' || CAST(OLD.number AS TEXT) || ', ') > 0)"
)
CHANGE_TRIGGER: Mapping[str, tuple[str, ...]] = {
    "sqlite": (
        f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit WHEN NOT ({_SAME} AND {_NAMED.format(finds='instr')}) "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {_SAME} AND {_NAMED.format(finds='strpos')} THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{_REFUSED}'; END $$",
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change()",
    ),
}
"""By dialect, what refuses every change of an entry but one: of the detail of an entry that the newest one, a
redaction, names. What is left of it then is proved by that one (see `ledger_redaction`)."""


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
for _dialect, _statements in CHANGE_TRIGGER.items():
    for _statement in _statements:
        event.listen(AUDIT, "after_create", DDL(_statement).execute_if(dialect=_dialect))
refuse(KEYED, "UPDATE")
# SQLite's INSERT OR REPLACE deletes without asking the trigger of DELETE.
refuse(AUDIT, "INSERT", "WHEN EXISTS (SELECT 1 FROM audit WHERE number = NEW.number)")
for _table in (AUDIT, KEYED, *STATE):
    refuse(_table, "DELETE")

"""How the tables of older ledgers become today's: one step from each format to the next, never back.

Format 1 is that of programs without a version number: it has no table ``ledger_format``. Alembic was weighed: it keeps
one revision table and a folder of scripts for what are a few statements here, which have to run under the ledger's own
write lock and leave an entry in its audit trail.

A step says itself what it makes: the tables of today are not those that the next step expects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, Text, func, inspect, select

from analytics.scheme.basics import required
from analytics.store.ledger_tables import CHANGE_TRIGGER, FORMAT, LEDGER_FORMAT, METADATA, refuse

Migration = Callable[[Connection], None]

_OF_2 = MetaData()

Table(
    "ledger_format",
    _OF_2,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("program", Text, nullable=False),
)
_LOADS_OF_2 = Table(
    "loads",
    _OF_2,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
    *(Column(name, Text, nullable=False) for name in ("kind", "subject", "who", "role", "at")),
    Column("entry", Integer, nullable=False),
)
refuse(_LOADS_OF_2, "DELETE")


def _to_2(connection: Connection) -> None:
    """A release can be withdrawn, digests of schemes say their version, and loads have entries."""
    for column in ("withdrawn", "withdrawn_by", "withdrawn_role", "withdrawn_reason"):
        connection.exec_driver_sql(f"ALTER TABLE releases ADD COLUMN {column} TEXT")
    if connection.dialect.name == "postgresql":  # SQLite keeps no text to a length
        connection.exec_driver_sql("ALTER TABLE scheme_versions ALTER COLUMN digest TYPE VARCHAR(80)")
    _OF_2.create_all(connection)


_OF_3 = MetaData()

_SETTINGS_OF_3 = Table(
    "settings",
    _OF_3,
    Column("key", Integer, primary_key=True, autoincrement=False),
    *(
        Column(f"{name}_{lang}", Text)
        for name in ("office", "letterhead", "signature", "report_to", "copy_to", "base_map")
        for lang in ("zh", "en")
    ),
    Column("first_scheme", Text),
    Column("entry", Integer, nullable=False),
)
refuse(_SETTINGS_OF_3, "DELETE")


def _to_3(connection: Connection) -> None:
    """An office says its name, what its papers print, and which scheme opens first."""
    _OF_3.create_all(connection)


_OF_4 = MetaData()

_ASSIGNMENTS_OF_4 = Table(
    "assignments",
    _OF_4,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("area_id", Text),
    *(Column(name, Text, nullable=False) for name in ("content", "post")),
    Column("working_days", Integer, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("assigned", "due", "who", "role", "at")),
    Column("entry", Integer, nullable=False),
)
_STEPS_OF_4 = Table(
    "assignment_steps",
    _OF_4,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("assignment", Integer, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("step", "day", "text")),
    Column("due", Text),
    *(Column(name, Text, nullable=False) for name in ("post", "who", "role", "at")),
    Column("entry", Integer, nullable=False),
)
for _table in (_ASSIGNMENTS_OF_4, _STEPS_OF_4):
    refuse(_table, "DELETE")


def _to_4(connection: Connection) -> None:
    """What posts and departments were told to do, and what was done about it."""
    _OF_4.create_all(connection)


_OF_5 = MetaData()

_RELEASE_STEPS_OF_5 = Table(
    "release_steps",
    _OF_5,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("draft", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("step", Text, nullable=False),
    Column("community", Text),
    Column("objection", Integer),
    *(Column(name, Text, nullable=False) for name in ("text", "who", "role", "at")),
    Column("entry", Integer, nullable=False),
)
_KEYED_OF_5 = Table(
    "ledger_key",
    _OF_5,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("first", Integer, nullable=False),
    Column("mark", String(16), nullable=False),
    Column("seal", String(64), nullable=False),
)
refuse(_KEYED_OF_5, "UPDATE")
for _table in (_RELEASE_STEPS_OF_5, _KEYED_OF_5):
    refuse(_table, "DELETE")

SETTINGS_OF_5 = ("two_hands", "map_approval", "map_exemption", "map_exempted_by")
"""The columns of ``settings`` that format 5 adds."""


def _to_5(connection: Connection) -> None:
    """Two people publish where the office says so: what was said of each draft, and which roles drafted and approved.
    An office says by which approval its maps may leave for the public. Entries are keyed from here on: `ledger_seal`
    fills in by which key."""
    for column in SETTINGS_OF_5:
        connection.exec_driver_sql(f"ALTER TABLE settings ADD COLUMN {column} TEXT")
    for column in ("drafted_role", "approved_role"):
        connection.exec_driver_sql(f"ALTER TABLE releases ADD COLUMN {column} TEXT")
    where = " ON audit" if connection.dialect.name == "postgresql" else ""
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS audit_no_update{where}")
    for statement in CHANGE_TRIGGER[connection.dialect.name]:
        connection.exec_driver_sql(statement)
    _OF_5.create_all(connection)


MIGRATIONS: Mapping[int, Migration] = {2: _to_2, 3: _to_3, 4: _to_4, 5: _to_5}
"""By the format that a step leads to."""


def format_of(connection: Connection) -> int | None:
    """The format of the ledger's tables; 0 where there are none, and None where it was taken out of them."""
    tables = inspect(connection)
    if not tables.has_table("audit"):
        return 0
    return connection.scalar(select(func.max(FORMAT.c.number))) if tables.has_table(FORMAT.name) else 1


def program_of(connection: Connection) -> str:
    """The version of the program that brought the ledger to the format that it has."""
    return connection.execute(select(FORMAT.c.program).order_by(FORMAT.c.number.desc()).limit(1)).scalar_one()


def migrate(connection: Connection, program: str) -> tuple[int, int] | None:
    """Bring the tables to ``LEDGER_FORMAT``, or make them; (from, to) where an older ledger was changed, else None.

    To be called under the write lock; what the steps do is written with the transaction or not at all.
    """
    found = required(format_of(connection))
    if found >= LEDGER_FORMAT:
        return None
    if found == 0:
        METADATA.create_all(connection)
    for number in range(max(found, 1) + 1, LEDGER_FORMAT + 1):
        if found:
            MIGRATIONS[number](connection)
        connection.execute(FORMAT.insert().values(number=number, program=program))
    return (found, LEDGER_FORMAT) if found else None

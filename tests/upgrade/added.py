"""Programs of a later day, made here: today's with one thing more. Each changes modules for good, and so runs in a
process of its own: ``python -m tests.upgrade.added WHAT HOME``, which prints what it found as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pydantic.fields import FieldInfo
from sqlalchemy import Column, Text

from analytics.errors import LedgerError
from analytics.scheme import Scheme, pack_ids, scheme_named
from analytics.scheme.digest import scheme_digest_version_1
from analytics.scheme.model import Dimension, Indicator

KEY = "since_when"


def with_a_key() -> None:
    """An indicator may have one more key."""
    Indicator.model_fields[KEY] = FieldInfo(annotation=int, default=3)
    Indicator.__annotations__[KEY] = int
    for changed in (Indicator, Dimension, Scheme):
        changed.model_rebuild(force=True)


def digests() -> dict[str, object]:
    """The digests of the packs, of one that uses the key, and what an empty place for it means."""
    packs = {name: [scheme_named(name).digest(), scheme_digest_version_1(scheme_named(name))] for name in pack_ids()}
    return {"packs": packs}


def key_of_an_indicator(home: Path) -> dict[str, object]:
    """What a home is under a program whose indicators may have one more key."""
    with_a_key()
    from analytics.access import Actor
    from analytics.releases import open_ledger, verify
    from analytics.scheme.reading import scheme_from
    from analytics.store.current_schemes import current_scheme
    from analytics.store.drafts import Drafts
    from analytics.store.ledger import says_the_same
    from analytics.store.ledger_database import CLOCK
    from tests.upgrade.old_homes import SEAT

    ledger = open_ledger(None, home)
    (version,) = ledger.scheme_versions("epidemic")
    used = current_scheme(ledger, "epidemic")
    try:
        ledger.save_scheme(Actor("丙", "analyst"), version.yaml_text, "再存一次", {CLOCK})
        saved = True
    except LedgerError:
        saved = False
    text = version.yaml_text.encode()
    lines = version.yaml_text.splitlines()
    at = next(number for number, line in enumerate(lines) if line.lstrip().startswith("- id: new_cases_14d"))
    indent = " " * (lines[at].index("-") + 2)
    using = "\n".join([*lines[: at + 1], f"{indent}{KEY}: 9", *lines[at + 1 :]]).encode()
    releases = {entry.name: verify(home, ledger, entry.name) for entry in ledger.releases()}
    drafts = {name: Drafts(home).of(SEAT, name) for name in ("epidemic", "elders")}
    return digests() | {
        "the key is there": getattr(scheme_from(text, "scheme.yaml").indicators[0], KEY),
        "same": says_the_same(used.scheme, version),
        "adopted": used.adopted == version,
        "saved again": saved,
        "begun from what is in use": drafts["epidemic"].begun_from == used.scheme.digest(),
        "untouched": {
            name: scheme_from(draft.yaml_text.encode(), "scheme.yaml").digest() == draft.begun_from
            for name, draft in drafts.items()
        },
        "a scheme that uses it is another": scheme_from(using, "x").digest() != scheme_from(text, "x").digest(),
        "releases": {name: release.digest for name, release in releases.items()},
        "shown": {name: release.assessment().shown[-1].tolist() for name, release in releases.items()},
    }


def column_of_the_ledger(home: Path, *tables: str) -> dict[str, object]:
    """What a ledger is under a program whose tables have one more column each."""
    from analytics.store import ledger_database, ledger_migrations, ledger_tables

    later = ledger_tables.LEDGER_FORMAT + 1
    for module in (ledger_tables, ledger_migrations, ledger_database):
        module.LEDGER_FORMAT = later
    for table in tables:
        ledger_tables.METADATA.tables[table].append_column(Column("remark", Text))

    def step(connection: object) -> None:
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN remark TEXT")

    ledger_migrations.MIGRATIONS = {**ledger_migrations.MIGRATIONS, later: step}
    from analytics.releases import open_ledger
    from analytics.store import Store
    from analytics.store.ledger_database import CLOCK, Deed, write
    from analytics.store.ledger_tables import METADATA
    from tests.releases.frozen import KEEPER
    from tests.store.test_ledger import YAML, shown

    ledger = open_ledger(None, home)
    before = ledger.verify_audit()
    steps = [entry.subject for entry in ledger.audit() if entry.action == "upgrade"]
    shown(ledger, confirmed={CLOCK})
    ledger.save_scheme(KEEPER, YAML, "试行", {CLOCK})
    recorded = ledger.record_commits(Store.open(home).commits()) if (home / "home.json").exists() else 0
    with ledger.database.writing() as connection:
        for table in tables:
            key = ledger_database.last(connection, METADATA.tables[table].c.key)
            write(connection, Deed(KEEPER, "remark", table), METADATA.tables[table], {"remark": "补充"}, key or None)
    return {
        "steps": steps,
        "added": ledger.verify_audit() - before,
        "recorded": recorded,
        "opened again": open_ledger(None, home).verify_audit() - before,
    }


if __name__ == "__main__":
    what = {"key": key_of_an_indicator, "column": column_of_the_ledger}[sys.argv[1]]
    print(json.dumps(what(Path(sys.argv[2]), *sys.argv[3:])))

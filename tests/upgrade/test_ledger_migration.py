"""A ledger of an older format becomes today's where it lies, in a file and in PostgreSQL alike, once and wholly."""

import threading

import pytest
from sqlalchemy import inspect

from analytics import __version__
from analytics.access import Actor
from analytics.errors import LedgerError
from analytics.releases import open_ledger, status, verify
from analytics.releases.publishing import entry_of
from analytics.scheme.reading import scheme_from
from analytics.store import ledger_database, ledger_migrations
from analytics.store.ledger import says_the_same
from analytics.store.ledger_database import CLOCK
from analytics.store.ledger_migrations import format_of
from analytics.store.ledger_tables import LEDGER_FORMAT
from tests.store.books import KINDS, empty_book
from tests.store.test_assignments import entry, step
from tests.store.test_ledger import YAML, shown
from tests.upgrade.old_homes import in_postgresql, unpacked

ENTRIES = 9
"""Of the audit trail before."""


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def old(tmp_path):
    return unpacked("before-12", tmp_path)


@pytest.fixture
def url(kind, old, request):
    return in_postgresql(old, request.getfixturevalue("postgres")) if kind == "postgresql" else None


def format_now(ledger):
    with ledger.database.reading() as connection:
        return format_of(connection)


def test_it_is_brought_to_todays_format_once_and_the_trail_says_so(old, url):
    ledger = open_ledger(url, old.folder)
    assert format_now(ledger) == LEDGER_FORMAT
    assert ledger.verify_audit() == ENTRIES + 1
    added = ledger.audit()[-1]
    assert (added.action, added.subject, added.who, added.role) == ("upgrade", f"1 → {LEDGER_FORMAT}", "", "")
    assert added.detail == {"program": __version__}
    assert open_ledger(url, old.folder).verify_audit() == ENTRIES + 1


def test_all_that_it_held_is_there_and_all_that_is_new_can_be_written(old, url):
    ledger = open_ledger(url, old.folder)
    assert [entry.name for entry in ledger.releases()] == ["D000001", "000002", "000001"]
    assert [entry.number for entry in ledger.overrides()] == [1]
    for number in (1, 2, "D1"):
        verify(old.folder, ledger, number)
    (version,) = ledger.scheme_versions()
    assert len(version.digest) == 64
    ledger.withdraw_release(Actor("甲", "keeper"), 2, "数据有误", {CLOCK})
    assert entry_of(ledger, 2).withdrawn_by == "甲"
    saved = ledger.save_scheme(Actor("丙", "analyst"), YAML, "试行", {CLOCK})
    assert len(saved.digest) == 66
    assert says_the_same(scheme_from(YAML.encode(), "scheme.yaml"), saved)
    assert shown(ledger, confirmed={CLOCK}) == 3
    assert status(old.folder, ledger, old.listed["2"]).status == "withdrawn"
    assert ledger.assignments() == ()
    assert ledger.assign(Actor("甲", "keeper"), entry(), {CLOCK}) == 1
    ledger.take_step(Actor("甲", "keeper"), step("report"), {CLOCK})
    assert open_ledger(url, old.folder).verify_audit() == ENTRIES + 6


def test_several_that_open_it_at_once_bring_it_there_once(old, url):
    failed = []

    def opened():
        try:
            open_ledger(url, old.folder).verify_audit()
        except LedgerError as error:
            failed.append(error)

    threads = [threading.Thread(target=opened) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert open_ledger(url, old.folder).verify_audit() == ENTRIES + 1


def test_a_step_that_fails_leaves_it_as_it_was(old, url, monkeypatch):
    def half(connection):
        ledger_migrations._to_2(connection)
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(ledger_migrations, "MIGRATIONS", {2: half})
        with pytest.raises(RuntimeError, match="killed"):
            open_ledger(url, old.folder)
    address = ledger_database._url_of(url or f"sqlite:///{old.folder}/ledger.sqlite")
    with ledger_database._database(address, old.folder).reading() as connection:
        assert format_of(connection) == 1
        assert not inspect(connection).has_table("loads")
    assert open_ledger(url, old.folder).verify_audit() == ENTRIES + 1


def made_of(ledger):
    """What the database says of each table: columns, what is unique, indexes and triggers."""
    with ledger.database.reading() as connection:
        seen = inspect(connection)
        triggers = {
            "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
            "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
        }[connection.dialect.name]

        def kind_of(column):
            told = f"{column['type']}"  # SQLite keeps no text to a length
            return told.partition("(")[0] if connection.dialect.name == "sqlite" else told

        tables = {
            table: (
                sorted((column["name"], kind_of(column), column["nullable"]) for column in seen.get_columns(table)),
                sorted(tuple(one["column_names"]) for one in seen.get_unique_constraints(table)),
                sorted(tuple(one["column_names"]) for one in seen.get_indexes(table)),
                seen.get_pk_constraint(table)["constrained_columns"],
            )
            for table in seen.get_table_names()
        }
        return tables, sorted(connection.exec_driver_sql(triggers).scalars())


def test_it_is_then_made_like_one_of_today(old, url, kind, tmp_path, request):
    new = empty_book(kind, tmp_path / "new", request).open()
    assert made_of(open_ledger(url, old.folder)) == made_of(new)

"""The audit trail against whoever writes in the database without the installation's key, in both kinds."""

import json
import shutil
import sqlite3

import psycopg
import pytest
from sqlalchemy import select

from analytics.access import Actor
from analytics.errors import AccessError, LedgerError
from analytics.store.home import open_home
from analytics.store.ledger import Ledger
from analytics.store.ledger_tables import AUDIT, digest_of
from tests.store.books import TABLES
from tests.store.test_ledger import ADMIN, filled, shown
from tests.upgrade.old_homes import in_postgresql, unpacked

KEEPER = Actor("丁", "keeper")


@pytest.fixture
def six(book):
    filled(book.open())
    return book


def refused(act, match):
    with pytest.raises(LedgerError, match=match) as raised:
        act()
    (problem,) = raised.value.problems
    assert problem.text("zh").endswith("。")
    assert "pytest" not in problem.text("en")


def chained_anew(book, first, **changed):
    """Change an entry and the rows it tells of, and chain all entries from it on, as can be done without the key."""
    with book.open().database.reading() as connection:
        rows = [dict(row) for row in connection.execute(select(AUDIT).order_by(AUDIT.c.number)).mappings()]
    done = []
    for row in rows[first - 1 :]:
        entry = {name: value for name, value in row.items() if name != "digest"}
        entry |= changed if row["number"] == first else {"before_digest": done[-1]}
        done.append(digest_of(entry))
        assigned = ", ".join(f"{name} = '{value}'" for name, value in {**entry, "digest": done[-1]}.items())
        book.raw(f"UPDATE audit SET {assigned} WHERE number = {row['number']}")


def test_a_chain_that_is_computed_anew_without_the_key_is_found(six):
    chained_anew(six, 2, who="戊")
    refused(six.open().verify_audit, "^Entry 2 of the audit trail")


@pytest.mark.parametrize("first", [7, 99])
def test_and_is_when_the_entries_are_told_to_be_of_before_there_was_a_key(six, first):
    chained_anew(six, 1, who="戊")
    six.raw(f"UPDATE ledger_key SET first = {first}")
    refused(six.open().verify_audit, "row 1 of the table ledger_key")


def test_the_row_that_tells_of_the_key_cannot_be_taken_away(six):
    six.raw("DELETE FROM ledger_key")
    refused(six.open().verify_audit, "row 1 of the table ledger_key")


@pytest.mark.parametrize("statement", ["UPDATE ledger_key SET first = 9", "DELETE FROM ledger_key"])
def test_the_database_itself_refuses_that(six, statement):
    with pytest.raises(six.refusal, match="append-only"):
        six.raw(statement, protected=True)


def cut(book, entries):
    """Cut the end off, with the rows that it wrote, so that what is left is sound in itself."""
    tables = [table for table in TABLES if table not in ("audit", "ledger_format", "ledger_key")]
    book.raw(
        f"DELETE FROM audit WHERE number > {entries}",
        *(f"DELETE FROM {table} WHERE entry > {entries}" for table in tables),
    )


def test_an_end_that_was_cut_off_is_found_and_nothing_is_written_over_it(book):
    for _ in range(3):
        shown(book.open())
    cut(book, 2)
    ledger = book.open()
    assert len(ledger.overrides()) == 2
    for act in (ledger.verify_audit, lambda: shown(ledger)):
        refused(act, "ends with entry 2, but this computer has seen entry 3")
    assert len(ledger.audit()) == 2


def test_an_end_that_was_written_anew_after_it_was_cut_off_is_found(six):
    """By another program with the key, on a copy: sound, and not the one."""
    anchor = next((six.home / "key").glob("*.anchor"))
    before = anchor.read_bytes()
    shown(six.open())
    real = anchor.read_bytes()
    cut(six, 6)
    anchor.write_bytes(before)
    shown(six.open(), area="B")
    assert six.open().verify_audit() == 7
    anchor.write_bytes(real)
    ledger = six.open()
    for act in (ledger.verify_audit, lambda: shown(ledger)):
        refused(act, "Entry 7 of the audit trail .* is not the one this computer has seen")


def test_a_ledger_that_is_ahead_of_its_anchor_is_that_of_a_crash_and_goes_on(six):
    anchor = next((six.home / "key").glob("*.anchor"))
    before = anchor.read_bytes()
    shown(six.open())
    anchor.write_bytes(before)
    ledger = six.open()
    assert ledger.verify_audit() == 7
    shown(ledger)
    assert ledger.verify_audit() == json.loads(anchor.read_text())["number"] == 8


def test_an_older_ledger_goes_on_when_that_is_said_and_the_trail_tells_of_it(book):
    for _ in range(3):
        shown(book.open())
    cut(book, 2)
    book.open().take_in(KEEPER, [])
    ledger = book.open()
    assert ledger.verify_audit() == 3
    told = ledger.audit()[-1]
    assert (told.action, told.who) == ("anchor", "丁")
    assert json.loads(told.detail["anchor"])["number"] == 3
    book.open().take_in(KEEPER, [])
    assert ledger.verify_audit() == 3


@pytest.mark.parametrize("damage", [None, b"", b"{}", b'{"digest":"0","number":1,"seal":"0"}', b"\xff", b"[]"])
def test_without_its_anchor_nobody_can_tell_whether_the_end_is_there(six, damage):
    anchor = next((six.home / "key").glob("*.anchor"))
    anchor.unlink() if damage is None else anchor.write_bytes(damage)
    ledger = six.open()
    for act in (ledger.verify_audit, lambda: shown(ledger)):
        refused(act, r"The file key/.*\.anchor that proves the end")
    ledger.take_in(KEEPER, [])
    assert six.open().verify_audit() == 7


def test_a_lost_or_foreign_key_is_no_damage_and_what_is_written_can_be_read(six):
    key = six.home / "key" / "installation.key"
    own = key.read_bytes()
    for other in (None, b"", b"ab" * 32):
        key.unlink(missing_ok=True)
        if other is not None:
            key.write_bytes(other)
        ledger = six.open()
        assert len(ledger.releases()) == 1
        for act in (ledger.verify_audit, lambda ledger=ledger: shown(ledger), lambda ledger=ledger: take(ledger)):
            refused(act, "cannot be verified, and nothing was written; this does not mean that it is damaged")
        assert not key.exists() or key.read_bytes() == other
    key.write_bytes(own)
    assert six.open().verify_audit() == 6


def take(ledger):
    ledger.take_in(KEEPER, [])


def test_the_ledger_and_the_records_share_one_key_whichever_is_there_first(tmp_path):
    shown(Ledger.open(None, tmp_path))
    key = open_home(tmp_path)
    assert key.hex() == (tmp_path / "key" / "installation.key").read_text()
    assert (tmp_path / "key" / "installation.key").stat().st_mode & 0o777 == 0o600
    assert Ledger.open(None, tmp_path).verify_audit() == 1


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_entries_of_an_older_ledger_stay_plain_and_are_held_fast_by_the_first_keyed_one(kind, tmp_path, request):
    old = unpacked("before-12", tmp_path)
    url = in_postgresql(old, request.getfixturevalue("postgres")) if kind == "postgresql" else None
    ledger = Ledger.open(url, old.folder)
    entries = ledger.audit()
    assert [entry.action for entry in entries].count("upgrade") == 1
    assert entries[-1].action == "upgrade"
    plain = [digest_of(in_the_table(ledger, entry.number)) == entry.digest for entry in entries]
    assert plain == [True] * (len(entries) - 1) + [False]
    ledger.verify_audit()
    last = entries[-2].number
    entry = in_the_table(ledger, last) | {"who": "戊"}
    change = f"UPDATE audit SET who = '戊', digest = '{digest_of(entry)}' WHERE number = {last}"
    after = f"UPDATE audit SET before_digest = '{digest_of(entry)}' WHERE number = {last + 1}"
    if url:
        off = "ALTER TABLE audit DISABLE TRIGGER USER"
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in (off, change, after):
                connection.execute(statement)
    else:
        with sqlite3.connect(old.folder / "ledger.sqlite") as connection:
            connection.execute("DROP TRIGGER audit_no_update")
            connection.execute(change)
            connection.execute(after)
        connection.close()
    refused(Ledger.open(url, old.folder).verify_audit, f"^Entry {last + 1} of the audit trail")


def in_the_table(ledger, number):
    with ledger.database.reading() as connection:
        row = connection.execute(select(AUDIT).where(AUDIT.c.number == number)).mappings().one()
    return {name: value for name, value in row.items() if name != "digest"}


def test_an_older_ledger_moved_in_beside_the_anchor_of_a_newer_one_is_not_gone_on_with(tmp_path):
    old = unpacked("17", tmp_path)
    shutil.copy(old.folder / "ledger.sqlite", tmp_path / "older.sqlite")
    shown(Ledger.open(None, old.folder), confirmed={"clock"})
    shutil.copy(tmp_path / "older.sqlite", old.folder / "ledger.sqlite")
    ledger = Ledger.open(None, old.folder)
    refused(lambda: ledger.withdraw(ADMIN, 1, {"clock"}), "ends with entry")
    refused(ledger.verify_audit, "ends with entry")


# What is told in the trail alone


def test_what_writes_no_row_is_told_in_the_trail_alone(six):
    ledger = six.open()
    ledger.log(Actor("乙", "leader"), "take", "简报.pdf", {"sha256": "1" * 64})
    told = ledger.audit()[-1]
    assert (told.action, told.who, told.subject, told.detail) == (
        "take",
        "乙",
        "简报.pdf",
        {"of": {"sha256": "1" * 64}},
    )
    assert ledger.verify_audit() == 7
    six.raw("UPDATE audit SET subject = '别的.pdf' WHERE number = 7")
    refused(six.open().verify_audit, "^Entry 7 of the audit trail")


def test_what_is_decided_is_not_told_so_and_nobody_without_a_role_tells_anything(six):
    with pytest.raises(ValueError, match="override"):
        six.open().log(ADMIN, "override", "x", {})
    with pytest.raises(AccessError):
        six.open().log(Actor("戊", "root"), "take", "x", {})
    assert six.open().verify_audit() == 6

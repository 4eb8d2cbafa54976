"""A text of somebody is taken out of the ledger, and the audit trail still proves all the rest: in both kinds."""

import sqlite3

import pytest
from sqlalchemy import select

from analytics.access import Actor
from analytics.errors import AccessError, LedgerError
from analytics.releases import Intent, open_ledger
from analytics.releases.freeze import publish_draft
from analytics.releases.issued import folders_that_say
from analytics.store.ledger_redaction import redacted_in, removed_mark
from analytics.store.ledger_tables import AUDIT, STATE
from tests.releases.frozen import KEEPER, frozen, run
from tests.store.test_ledger import ADMIN, DAY, filled, shown
from tests.upgrade.old_homes import in_postgresql, unpacked

SLIP = "联合检查（王小明家）"
WHY = "误填姓名"


@pytest.fixture
def slipped(book):
    """Six entries of every kind, of which the first tells of somebody, and a seventh of the same row."""
    ledger = book.open()
    shown(ledger, reason=SLIP)
    shown(ledger, area="B", reason=SLIP)
    ledger.withdraw(ADMIN, 2)
    return book


def everything(ledger):
    """All that the ledger holds, as text."""
    with ledger.database.reading() as connection:
        return "".join(f"{row}" for table in (AUDIT, *STATE) for row in connection.execute(select(table)))


def refused(act, match):
    with pytest.raises(LedgerError, match=match) as raised:
        act()
    assert raised.value.text("zh").endswith("。")


def test_the_text_goes_from_row_and_entry_and_the_trail_is_whole(slipped):
    ledger = slipped.open()
    before = ledger.audit()
    done = ledger.redact(ADMIN, 1, "reason", WHY)
    assert (done.entries, done.removed) == ((1,), SLIP)
    ledger = slipped.open()
    assert ledger.verify_audit() == 4
    assert ledger.overrides("made", DAY)[0].reason == removed_mark() == "（个人信息已删除） · (personal data removed)"
    now = ledger.audit()
    assert [entry.digest for entry in now[:3]] == [entry.digest for entry in before]
    assert now[1:3] == before[1:]
    told = now[-1]
    assert (told.action, told.who, told.subject, told.detail["field"], told.detail["why"]) == (
        *("redact", "乙", "1", "reason"),
        WHY,
    )
    assert redacted_in(now) == {1}
    # The other row said the same of its own accord, and is taken out by itself.
    assert everything(ledger).count("王小明") == 2
    ledger.redact(ADMIN, 2, "reason", WHY)
    assert "王小明" not in everything(ledger)
    shown(ledger, area="C")
    assert slipped.open().verify_audit() == 6
    assert redacted_in(ledger.audit()) == {1, 2}


def test_all_entries_that_told_the_same_of_a_row_lose_it_and_two_fields_of_one_can_go(book, tmp_path):
    ledger = book.open()
    frozen(tmp_path, ledger, run(), publish=False)
    publish_draft(tmp_path, ledger, KEEPER, 1, Intent(SLIP, publish=True))
    ledger.withdraw_release(KEEPER, 1, SLIP)
    assert ledger.redact(ADMIN, 2, "reason", WHY).entries == (2,)
    assert ledger.redact(ADMIN, 3, "withdrawn_reason", WHY).entries == (3,)
    assert book.open().verify_audit() == 5
    assert "王小明" not in everything(ledger)
    assert folders_that_say(tmp_path, SLIP) == ("000001",)
    assert folders_that_say(tmp_path, "李四") == ()


@pytest.mark.parametrize("first", [1, 4])
def test_what_is_left_of_it_cannot_be_changed_unnoticed_and_nothing_else_passes_for_taken_out(slipped, first):
    ledger = slipped.open()
    ledger.redact(ADMIN, 1, "reason", WHY)
    change = {1: "replace(detail, 'red', 'blue')", 4: "replace(detail, '误填', '其他')"}[first]
    slipped.raw(f"UPDATE audit SET detail = {change} WHERE number = {first}")
    refused(slipped.open().verify_audit, f"^Entry {first} of the audit trail")


def test_an_entry_that_nobody_took_anything_out_of_cannot_be_made_to_look_so(slipped):
    slipped.raw(
        f"UPDATE audit SET detail = replace(detail, '{SLIP}', '{removed_mark()}') WHERE number = 1",
        f"UPDATE overrides SET reason = '{removed_mark()}' WHERE key = 1",
    )
    refused(slipped.open().verify_audit, "^Entry 1 of the audit trail")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET who = 'x' WHERE number = 1",
        "UPDATE audit SET digest = 'x', detail = 'x' WHERE number = 1",
        "UPDATE audit SET detail = 'x' WHERE number = 2",
        "UPDATE audit SET detail = 'x' WHERE number = 4",
        "DELETE FROM audit WHERE number = 1",
    ],
)
def test_the_database_lets_through_nothing_but_that(slipped, statement):
    ledger = slipped.open()
    ledger.redact(ADMIN, 1, "reason", WHY)
    with pytest.raises(slipped.refusal, match="append-only"):
        slipped.raw(statement, protected=True)
    shown(ledger)
    with pytest.raises(slipped.refusal, match="append-only"):
        slipped.raw("UPDATE audit SET detail = 'x' WHERE number = 1", protected=True)
    assert slipped.open().verify_audit() == 5


def test_what_cannot_be_taken_out_is_refused_and_leaves_no_entry(slipped):
    ledger = slipped.open()
    with pytest.raises(AccessError):
        ledger.redact(Actor("丁", "keeper"), 1, "reason", WHY)
    for number, field, why, match in (
        (9, "reason", WHY, "has no entry 9"),
        (1, "tier", WHY, "has no text “tier” that can be removed. It has: reason"),
        (3, "reason", WHY, "has no text “reason”"),
        (1, "reason", " ", "needs a reason"),
        (1, "reason", "身份证 11010519491231002X", "."),
    ):
        refused(lambda number=number, field=field, why=why: ledger.redact(ADMIN, number, field, why), match)
    assert len(ledger.audit()) == 3
    ledger.redact(ADMIN, 1, "reason", WHY)
    refused(lambda: ledger.redact(ADMIN, 1, "reason", WHY), "has been removed already")
    assert len(ledger.audit()) == 4


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_text_of_before_entries_were_keyed_can_be_taken_out_too(kind, tmp_path, request):
    old = unpacked("before-12", tmp_path)
    url = in_postgresql(old, request.getfixturevalue("postgres")) if kind == "postgresql" else None
    ledger = open_ledger(url, old.folder)
    count = ledger.verify_audit()
    number = next(entry.number for entry in ledger.audit() if entry.action == "override")
    ledger.redact(ADMIN, number, "reason", WHY)
    ledger = open_ledger(url, old.folder)
    assert ledger.verify_audit() == count + 1
    assert removed_mark() in everything(ledger)
    if url is None:
        with sqlite3.connect(old.folder / "ledger.sqlite") as connection:
            connection.execute("DROP TRIGGER audit_no_update")
            connection.execute(
                "UPDATE audit SET detail = replace(detail, 'orange', 'blue') WHERE number = ?", (number,)
            )
        connection.close()
        refused(open_ledger(None, old.folder).verify_audit, f"^Entry {number} of the audit trail")


def test_the_whole_of_a_ledger_of_every_kind_of_entry_stays_proved(book):
    ledger = filled(book.open())
    for number, field in ((1, "reason"), (3, "reason")):
        ledger.redact(ADMIN, number, field, WHY)
    assert book.open().verify_audit() == 8

"""A ledger that cannot be read, written or reached: one sentence, with nothing in it that is secret."""

import shutil
import sys

import pytest

from analytics.errors import LedgerError
from analytics.store import ledger_database
from analytics.store.ledger import Ledger
from tests.store.test_ledger import filled, shown


def read_only(path):
    """A database opened in this way refuses writing, even to the superuser of a test machine."""
    return f"sqlite:///file:{path}?mode=ro&uri=true"


def test_a_read_only_ledger_is_read_and_says_that_nothing_was_written(tmp_path):
    filled(Ledger.open(None, tmp_path))
    ledger = Ledger.open(read_only(tmp_path / "ledger.sqlite"), tmp_path)
    assert ledger.verify_audit() == 6
    with pytest.raises(LedgerError, match=r"is read-only; nothing was written\. Allow") as refused:
        shown(ledger)
    assert len(refused.value.problems) == 1
    assert "ledger.sqlite" in str(refused.value)
    assert str(tmp_path) not in str(refused.value)


@pytest.mark.parametrize("content", [b"no database at all" * 500, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_ledger_gives_one_sentence(tmp_path, content):
    (tmp_path / "ledger.sqlite").write_bytes(content)
    with pytest.raises(LedgerError, match="is damaged or is not a ledger") as refused:
        Ledger.open(None, tmp_path)
    assert len(refused.value.problems) == 1


def test_a_ledger_that_others_keep_busy_says_so_after_a_while(book, monkeypatch):
    monkeypatch.setattr(ledger_database, "LONGEST_WAIT_SECONDS", 1)
    ledger, other = book.open(), book.open()
    with (
        ledger.database.writing(),
        pytest.raises(LedgerError, match="was locked for more than 1 seconds; nothing was written"),
    ):
        shown(other)
    assert shown(other) == 1


def test_a_ledger_that_cannot_be_made_gives_one_sentence(tmp_path):
    (tmp_path / "home").write_text("a file, no folder")
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger.open(None, tmp_path / "home")
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger.open(f"sqlite:///{tmp_path}/nowhere/ledger.sqlite", tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        "mysql://u:secret@h/d",
        "nothing",
        "oracle+x://u:secret@h/d",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_an_address_that_is_no_ledger_is_refused_without_its_password(tmp_path, address):
    with pytest.raises(LedgerError, match="FIVE_COLOUR_LEDGER") as refused:
        Ledger.open(address, tmp_path)
    assert "secret" not in str(refused.value)
    assert not list(tmp_path.iterdir())


def test_a_server_that_does_not_answer_is_told_without_its_password(tmp_path):
    with pytest.raises(LedgerError, match="cannot be opened") as refused:
        Ledger.open("postgresql://keeper:secret@127.0.0.1:1/ledger", tmp_path)
    assert len(refused.value.problems) == 1
    assert "secret" not in str(refused.value)
    assert "“ledger”" in str(refused.value)


def test_without_the_driver_of_postgresql_it_is_told_which_one_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LedgerError, match="Install psycopg"):
        Ledger.open("postgresql://keeper:secret@127.0.0.1:1/ledger", tmp_path)


def test_an_address_puts_the_ledger_elsewhere(tmp_path):
    shared = f"sqlite:///{tmp_path}/shared.sqlite"
    shown(Ledger.open(shared, tmp_path / "home"))
    shutil.copytree(tmp_path / "home" / "key", tmp_path / "another" / "key")
    assert Ledger.open(shared, tmp_path / "another").verify_audit() == 1
    assert list(tmp_path.rglob("*.sqlite")) == [tmp_path / "shared.sqlite"]

"""A server that runs for weeks notices that its ledger was lost or exchanged, and sees what others write."""

import os
from datetime import date

import pytest

from analytics.access import Actor
from analytics.errors import LedgerError
from analytics.releases import open_ledger
from analytics.workspace import Workspace, ledgers, published
from tests.releases.frozen import KEEPER, frozen, run


@pytest.fixture
def ws(home):
    frozen(home, open_ledger(None, home), run())
    return Workspace(Actor("甲", "local"), home, date(2026, 3, 1))


def test_what_others_write_is_seen(ws):
    assert [entry.number for entry in published.own_releases(ws)] == [1]
    frozen(ws.home, open_ledger(None, ws.home), run())
    assert [entry.number for entry in published.own_releases(ws)] == [2, 1]


def test_a_ledger_that_is_lost_while_the_server_runs_is_missed(ws):
    assert ledgers.verify_audit(ws) == 1
    (ws.home / "ledger.sqlite").unlink()
    for _ in range(2):
        with pytest.raises(LedgerError, match="missing or empty"):
            published.own_releases(ws)
    assert not (ws.home / "ledger.sqlite").exists()
    ledgers.rebuild(ws)
    assert [entry.number for entry in published.own_releases(ws)] == [1]


def test_a_ledger_that_is_exchanged_for_an_older_copy_is_missed(ws):
    file = ws.home / "ledger.sqlite"
    older = file.read_bytes()
    frozen(ws.home, ledgers.own_ledger(ws), run())
    assert len(published.own_releases(ws)) == 2
    state = file.stat()
    file.write_bytes(older)
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns + 1))
    with pytest.raises(LedgerError, match="000002"):
        published.own_releases(ws)


def test_a_ledger_that_is_opened_once_is_not_opened_anew_for_every_question(ws, monkeypatch):
    first = ledgers.own_ledger(ws)
    monkeypatch.setattr(ledgers, "open_ledger", lambda *_: pytest.fail("opened anew"))
    assert ledgers.own_ledger(ws) is first


def test_a_setting_puts_the_ledger_of_the_office_elsewhere(ws, monkeypatch, tmp_path):
    monkeypatch.setenv("FIVE_COLOUR_LEDGER", f"sqlite:///{tmp_path}/shared.sqlite")
    with pytest.raises(LedgerError, match=r"shared\.sqlite"):
        ledgers.own_ledger(ws)
    assert [entry.name for entry in ledgers.rebuild(ws)] == ["000001"]
    assert [entry.who for entry in ledgers.audit_trail(ws)] == ["甲"]
    monkeypatch.delenv("FIVE_COLOUR_LEDGER")
    assert [entry.who for entry in ledgers.audit_trail(ws)] == [KEEPER.name]
    assert [entry.action for entry in ledgers.audit_trail(ws)] == ["publish"]

"""Every load and undo has its entry in the audit trail, and the records are what the entries say."""

import json
import shutil
from datetime import date

import pytest

from analytics.access import Actor
from analytics.errors import AccessError, LedgerError, LoadError
from analytics.releases import open_ledger
from analytics.store import Store
from analytics.store.commits import _digest
from analytics.workspace import Workspace, ledgers, loads
from tests.releases.frozen import frozen, run

KEEPER = Actor("甲", "keeper")


@pytest.fixture
def ws(home):
    return Workspace(KEEPER, home, date(2026, 3, 1))


def areas(*ids):
    return ("areas.csv", ("area_id,name\n" + "".join(f"{one},区{one}\n" for one in ids)).encode())


def incidents(*ids):
    rows = "".join(f"{one},A1,2026-02-01,fever\n" for one in ids)
    return (f"{ids[0]}.csv", f"incident_id,area_id,occurred_at,category\n{rows}".encode())


def load(ws, table, file):
    return loads.load_file(ws, loads.Incoming(table, file))[1].number


def entries(ws):
    return [(entry.action, entry.subject, entry.who, entry.role) for entry in ledgers.audit_trail(ws)]


def test_a_load_and_an_undo_are_entries_that_say_what_was_done_and_by_whom(ws):
    load(ws, "areas", areas("A1"))
    load(ws, "incidents", incidents("i1"))
    other = Workspace(Actor("乙", "local"), ws.home, ws.today)
    loads.undo(other, 2)
    assert entries(ws) == [
        ("load", "areas", "甲", "keeper"),
        ("load", "incidents", "甲", "keeper"),
        ("undo", "2", "乙", "local"),
    ]
    told = ledgers.audit_trail(ws)[1].detail["row"]
    (found,) = [one for one in Store.open(ws.home).loads() if one.number == 2]
    assert told["number"] == 2
    assert told["digest"] == json.loads((ws.home / "commits" / "000002.json").read_text())["sha256"]
    assert told["at"] == found.when.isoformat()
    assert ledgers.verify_audit(ws) == 3


def test_what_is_loaded_already_is_no_second_entry(ws):
    for _ in range(2):
        loads.load_file(ws, loads.Incoming("areas", areas("A1")))
    assert len(entries(ws)) == 1


def test_a_process_that_dies_between_the_load_and_its_entry_is_caught_up_by_the_next(ws, monkeypatch):
    class Killed(BaseException):
        """The process ends here."""

    def killed(_):
        raise Killed

    load(ws, "areas", areas("A1"))
    with monkeypatch.context() as patched:
        patched.setattr(loads, "record_loads", killed)
        with pytest.raises(Killed):
            load(ws, "incidents", incidents("i1"))
        with pytest.raises(Killed):
            loads.undo(Workspace(Actor("乙", "local"), ws.home, ws.today), 2)
    assert len(entries(ws)) == ledgers.verify_audit(ws) == 1
    load(ws, "incidents", incidents("i2"))
    assert entries(ws) == [
        ("load", "areas", "甲", "keeper"),
        ("load", "incidents", "甲", "keeper"),
        ("undo", "2", "乙", "local"),
        ("load", "incidents", "甲", "keeper"),
    ]
    assert [commit.number for commit in ledgers.own_ledger(ws).commits()] == [1, 2, 3, 4]
    assert ledgers.verify_audit(ws) == 4


def assert_told(ws, number):
    with pytest.raises(LedgerError) as told:
        ledgers.verify_audit(ws)
    (problem,) = told.value.problems
    assert f"{number}" in problem.text("zh")
    assert f"{number}" in problem.text("en")
    assert "pytest" not in problem.text("en")


def test_an_older_copy_of_the_commits_is_told_and_so_is_what_is_loaded_after_it(ws, tmp_path):
    load(ws, "areas", areas("A1"))
    shutil.copytree(ws.home / "commits", tmp_path / "backup")
    load(ws, "incidents", incidents("i1"))
    assert ledgers.verify_audit(ws) == 2
    shutil.rmtree(ws.home / "commits")
    shutil.copytree(tmp_path / "backup", ws.home / "commits")
    assert_told(ws, 2)
    load(ws, "incidents", incidents("i2"))  # takes the number that the lost one had
    assert_told(ws, 2)
    assert ledgers.own_ledger(ws).verify_audit() == len(entries(ws)) == 2


def test_a_commit_that_was_exchanged_for_a_whole_one_is_told(ws):
    load(ws, "areas", areas("A1"))
    file = ws.home / "commits" / "000001.json"
    said = json.loads(file.read_text())
    said["commit"]["who"] = "乙"
    file.write_text(json.dumps(said | {"sha256": _digest(said["commit"])}))
    assert Store.open(ws.home).loads()[0].who == "乙"
    assert_told(ws, 1)


@pytest.mark.parametrize("number", [1, 2])
def test_where_the_ledger_is_lost_nothing_is_loaded_or_undone(ws, number):
    load(ws, "areas", areas("A1"))
    frozen(ws.home, open_ledger(None, ws.home), run())
    (ws.home / "ledger.sqlite").unlink()
    before = Store.open(ws.home).commits()
    with pytest.raises(LedgerError, match="ledger rebuild"):
        load(ws, "incidents", incidents("i1")) if number == 1 else loads.undo(ws, 1)
    assert Store.open(ws.home).commits() == before
    assert not (ws.home / "ledger.sqlite").exists()


@pytest.mark.parametrize("role", ["leader", "analyst", "admin"])
def test_who_may_not_load_leaves_neither_a_load_nor_an_entry(ws, role):
    load(ws, "areas", areas("A1"))
    other = Workspace(Actor("丙", role), ws.home, ws.today)
    with pytest.raises(AccessError):
        load(other, "incidents", incidents("i1"))
    with pytest.raises(AccessError):
        loads.undo(other, 1)
    assert len(Store.open(ws.home).commits()) == len(entries(ws)) == 1


def test_a_file_that_is_none_leaves_no_entry(ws):
    with pytest.raises(LoadError):
        load(ws, "areas", ("areas.csv", b"nothing"))
    assert entries(ws) == []

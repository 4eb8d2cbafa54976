"""Faults in the middle of the work: each ends in a sentence, and in a state that is the old one or the new one."""

import resource
import signal
import sys
import time
from datetime import date

import pytest

from analytics.access import Actor
from analytics.errors import LedgerError, LoadError, UserError
from analytics.loaders import apart
from analytics.releases import Intent, open_ledger, verify
from analytics.store import Store, ledger_database
from analytics.store.commits import Commits, Log
from analytics.workspace import Workspace, ledgers, loads, published, schemes
from tests.releases.small_office import Office, material, world
from tests.store.processes import CONTEXT
from tests.test_command_line import STREET
from tests.workspace.test_recorded_loads import areas, incidents, load

TODAY, LATER = date(2026, 3, 1), date(2026, 11, 28)


@pytest.fixture
def ws(home):
    return Workspace(Actor("甲", "local"), home, TODAY)


def whole(home, url=None):
    """What is in a home, after every part was found as it was written."""
    found = Workspace(Actor("甲", "local"), home, TODAY)
    ledgers.record_loads(found)
    ledgers.verify_audit(found)
    ledger = open_ledger(url, home)
    for entry in ledger.releases():
        verify(home, ledger, entry.name)
    return Store.open(home).digest(), len(ledger.releases())


# A disk that is full: no file may grow beyond what the system grants.


def with_little_room(home, room, told):
    """Load and publish where files may have so many bytes; tell the sentence."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    found = Workspace(Actor("甲", "local"), home, TODAY)
    file = incidents(*(f"n{number}" for number in range(400)))
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        load(found, "incidents", file)
        Office(home).publish(material(world(a=3)))
    except UserError as error:
        told.put([problem.text("en") for problem in error.problems])
    else:
        told.put([])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of file sizes to fill a disk with")
@pytest.mark.parametrize("room", [0, 300, 2000, 6000, 20_000, 10_000_000])
def test_a_file_that_cannot_grow_ends_in_a_sentence_and_the_old_state_or_the_new_one(ws, room):
    load(ws, "areas", areas("A1"))
    load(ws, "incidents", incidents("i1"))
    Office(ws.home).publish(material(world()))
    before = whole(ws.home)
    told = CONTEXT.Queue()
    process = CONTEXT.Process(target=with_little_room, args=(ws.home, room, told))
    process.start()
    said = told.get(timeout=120)
    process.join(60)
    assert process.exitcode == 0
    assert bool(said) == (room < 10_000_000)
    assert all(text.endswith(".") and len(text) > 40 for text in said)
    after = whole(ws.home)
    assert after[1] in (before[1], before[1] + 1)
    assert load(ws, "incidents", incidents("i2"))


# A server of the ledger that goes away in the middle of a write.


@pytest.fixture
def postgres_ws(ws, postgres, monkeypatch):
    database = postgres.made()
    monkeypatch.setenv("FIVE_COLOUR_LEDGER", postgres.url(database))
    load(ws, "areas", areas("A1"))
    return ws, postgres, database


def gone_at(monkeypatch, postgres, database, when):
    """Have the server end every connection to this database at the ``when``-th entry that is written."""
    real, seen = ledger_database.add_entry, []

    def add_entry(connection, *further):
        seen.append(1)
        if len(seen) == when:
            postgres.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")
        real(connection, *further)

    monkeypatch.setattr(ledger_database, "add_entry", add_entry)
    monkeypatch.setattr("analytics.store.ledger.add_entry", add_entry, raising=False)


def test_a_ledger_server_that_goes_in_mid_write_loses_no_load_and_has_no_half_entry(postgres_ws, monkeypatch):
    ws, postgres, database = postgres_ws
    with monkeypatch.context() as patch:
        gone_at(patch, postgres, database, 1)
        with pytest.raises(LedgerError, match="cannot be opened") as told:
            load(ws, "incidents", incidents("i1"))
        assert len(told.value.problems) == 1
        assert postgres.url(database) not in str(told.value)
    # The load is there, whole, and the trail tells of it once somebody writes again.
    assert [one.number for one in Store.open(ws.home).loads()] == [2, 1]
    load(ws, "incidents", incidents("i2"))
    assert [entry.action for entry in ledgers.audit_trail(ws)] == ["load"] * 3
    assert ledgers.verify_audit(ws) == 3


def test_a_ledger_server_that_goes_while_a_release_is_published_numbers_nothing(postgres_ws, monkeypatch):
    ws, postgres, database = postgres_ws
    url = postgres.url(database)

    class OfServer(Office):
        ledger = property(lambda self: open_ledger(url, self.home))

    office = OfServer(ws.home)
    with monkeypatch.context() as patch:
        gone_at(patch, postgres, database, 1)
        with pytest.raises(UserError):
            office.publish(material(world()))
    assert open_ledger(url, ws.home).releases() == ()
    assert office.publish(material(world())).number == 1
    assert whole(ws.home, url)[1] == 1


# A browser that is closed, and a file that is too much, in the middle of an upload.


class GoneError(BaseException):
    """What ends the thread of a page is no ``Exception``."""


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_browser_that_is_closed_in_mid_upload_leaves_nothing_of_it(ws, at):
    load(ws, "areas", areas("A1"))
    before, shares = whole(ws.home), []

    def progress(share):
        shares.append(share)
        if len(shares) == at:
            raise GoneError

    with pytest.raises(GoneError):
        loads.load_file(ws, loads.Incoming("incidents", incidents("i1")), progress)
    assert whole(ws.home) == before
    assert not list(ws.home.rglob("*.partial"))
    assert load(ws, "incidents", incidents("i1")) == 2


@pytest.mark.skipif(
    not apart.limits_hold(),
    reason="only Linux can limit a process's memory; elsewhere doctor says so",
)
def test_an_upload_that_is_too_much_leaves_nothing_of_it_and_the_next_one_loads(ws, monkeypatch):
    load(ws, "areas", areas("A1"))
    before = whole(ws.home)
    name, content = incidents("i1")
    with monkeypatch.context() as patch:
        patch.setenv(apart.MEMORY_SETTING, "100")
        with pytest.raises(LoadError, match=f"“{name}” needed more than 100 MB"):
            load(ws, "incidents", (name, content + b"i2,A1,2026-02-01,fever\n" * 4_000_000))
    assert whole(ws.home) == before
    assert load(ws, "incidents", (name, content)) == 2


def test_a_page_asks_once_what_a_file_is_that_reaches_a_limit(ws, monkeypatch):
    asked = []

    def guess(*_):
        asked.append(1)
        raise LoadError.because("apart.broke", file="a.csv")

    monkeypatch.setattr(loads, "guess_apart", guess)
    for _ in range(3):
        with pytest.raises(LoadError, match="broke the process"):
            loads.guessed(ws, "an upload of this test", None, ("a.csv", b"x"))
    assert len(asked) == 1


# A release while others load.


def load_for_ever(home):
    """One load after the other."""
    found = Workspace(Actor("乙", "local"), home, LATER)
    for number in range(10_000):
        row = f"n{number},DS-06-04,2026-10-30,fever"
        load(found, "incidents", (f"n{number}.csv", f"incident_id,area_id,occurred_at,category\n{row}\n".encode()))


def test_a_release_while_others_load_is_of_one_state_of_the_records(home):
    ws = Workspace(Actor("甲", "local"), home, LATER)
    for table, file in (("areas", "areas.geojson"), ("residents", "residents.csv"), ("incidents", "incidents.csv")):
        loads.load_file(ws, loads.Incoming(table, STREET / file))
    scheme = schemes.own_current(ws, "elders").scheme
    loader = CONTEXT.Process(target=load_for_ever, args=(home,))
    loader.start()
    try:
        wait_for_loads(home, 5)
        intent = Intent("例会", publish=True, confirmed=("again",))
        made = [published.own_release(ws, scheme, None, intent) for _ in range(2)]
        wait_for_loads(home, len(Store.open(home).loads()) + 1)
    finally:
        loader.kill()
        loader.join()
    commits = Commits(home / "commits").log().commits
    states = {Log(commits[:number]).digest for number in range(4, len(commits) + 1)}
    for entry in made:
        assert published.own_verified(ws, entry).provenance.records in states
    assert whole(home)[1] == len(made)


def wait_for_loads(home, number):
    """Until there are so many."""
    until = time.monotonic() + 120
    while len(Store.open(home).loads()) < number:
        assert time.monotonic() < until
        time.sleep(0.05)

"""A file that would take all memory, never ends or breaks its parser ends in one sentence, and the next file loads."""

import ctypes
import os
import resource
import signal
import sys
import threading
import time
from datetime import date

import pytest

from analytics.errors import LoadError
from analytics.loaders import apart as reading
from analytics.loaders import guess
from analytics.loaders.apart import apart, guess_apart, load_table_apart, warm
from analytics.loaders.ids import IdHash
from analytics.loaders.load import Known, load_table
from analytics.words import LANGUAGES
from tests.test_command_line import STREET

TODAY, KEY = date(2026, 11, 28), IdHash(bytes(32))
FILE = ("事件.csv", b"x")
only_linux = pytest.mark.skipif(
    not reading.limits_hold(),
    reason="only Linux can limit a process's memory; elsewhere doctor says so",
)


def hang(_file):
    """A parser that never finishes."""
    time.sleep(600)


def spin(_file):
    """One that does not let another thread come to a word."""
    while True:
        ctypes.pythonapi.PyGILState_Check()


def devour(_file):
    """One that takes what it can get."""
    held = []
    while True:
        held.append(bytearray(2**24))


def devour_natively(_file):
    """One that is not Python's, and ends the process where it gets no more."""
    while ctypes.CDLL(None).malloc(2**24):
        pass
    os.abort()


def fall_over(_file):
    """One that touches memory that is not its own."""
    os.kill(os.getpid(), signal.SIGSEGV)


def be_wrong(_file):
    """A programmer's mistake."""
    raise KeyError("column")


def said(error):
    """The one sentence of an error, in English."""
    for lang in LANGUAGES:
        assert len(error.text(lang).splitlines()) == 1
    return error.text("en")


def whose(_file):
    """The process that reads."""
    return os.getpid(), dict(os.environ)


def shouting(_file):
    """A library that prints."""
    print("not a message" * 1000)
    os.write(1, b"nor this" * 1000)
    return "quiet"


def peak():
    """Bytes that this process has taken at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def test_a_load_is_the_same_as_in_this_process():
    areas = load_table("areas", STREET / "areas.geojson", TODAY, KEY).frame
    for table in ("incidents", "residents", "places"):
        told = []
        file = STREET / f"{table}.csv"
        mine = load_table(table, file, TODAY, KEY, Known(areas))
        theirs = load_table_apart(table, file, TODAY, KEY, Known(areas), progress=told.append)
        assert mine.frame.equals(theirs.frame)
        assert (mine.frame.dtypes == theirs.frame.dtypes).all()
        assert (mine.digest, mine.table, mine.reading) == (theirs.digest, theirs.table, theirs.reading)
        assert mine.report.refused == theirs.report.refused
        assert (told[-1], told == sorted(told)) == (1.0, True)
    assert guess_apart(STREET / "incidents.csv").source_key == guess(STREET / "incidents.csv").source_key
    assert areas.equals(load_table_apart("areas", STREET / "areas.geojson", TODAY, KEY, Known()).frame)


def test_a_file_that_is_refused_here_is_refused_there_in_the_same_words():
    for content in (b"", b"PK\x03\x04" + bytes(50), b"%PDF-1.4", b"PAR1" + bytes(20)):
        with pytest.raises(LoadError) as here:
            load_table("areas", ("a.csv", content), TODAY, KEY)
        with pytest.raises(LoadError) as there:
            load_table_apart("areas", ("a.csv", content), TODAY, KEY, Known())
        assert said(here.value) == said(there.value)


@pytest.mark.parametrize("work", [hang, spin])
def test_what_never_ends_is_stopped(monkeypatch, work):
    monkeypatch.setenv(reading.SECONDS_SETTING, "2")
    with pytest.raises(LoadError) as stopped:
        apart(work, FILE)
    assert "took more than 2 seconds" in said(stopped.value)
    assert "“事件.csv”" in said(stopped.value)


@only_linux
@pytest.mark.parametrize("work", [devour, devour_natively])
def test_what_takes_all_memory_is_stopped_and_takes_none_of_this_process(monkeypatch, work):
    monkeypatch.setenv(reading.MEMORY_SETTING, "300")
    before = peak()
    with pytest.raises(LoadError) as stopped:
        apart(work, FILE)
    assert "more than 300 MB of memory" in said(stopped.value)
    assert peak() - before < 50 * 2**20


def test_what_breaks_the_parser_ends_in_a_sentence():
    with pytest.raises(LoadError) as broken:
        apart(fall_over, FILE)
    assert "broke the process" in said(broken.value)


def test_a_mistake_of_the_program_is_told_as_what_it_is():
    with pytest.raises(KeyError, match="column"):
        apart(be_wrong, FILE)


def test_the_process_is_kept_but_not_after_a_limit_was_reached(monkeypatch):
    first, _ = apart(whose, FILE)
    assert apart(whose, FILE)[0] == first != os.getpid()
    monkeypatch.setenv(reading.SECONDS_SETTING, "1")
    with pytest.raises(LoadError):
        apart(hang, FILE)
    monkeypatch.delenv(reading.SECONDS_SETTING)
    assert apart(whose, FILE)[0] != first


@only_linux
def test_a_process_that_kept_much_memory_reads_no_further_file(monkeypatch):
    first, _ = apart(whose, FILE)
    monkeypatch.setattr(reading, "_MOST_KEPT", 1)
    assert apart(whose, FILE)[0] == first
    assert apart(whose, FILE)[0] != first


def test_a_process_that_was_killed_while_idle_is_not_missed():
    process, _ = apart(whose, FILE)
    os.kill(process, signal.SIGKILL)
    for _ in range(200):
        if not any(worker.is_mine() and worker._process.pid == process for worker in reading._idle):
            break
        time.sleep(0.05)
    assert apart(whose, FILE)[0] != process


def test_the_settings_are_those_of_now(monkeypatch):
    warm()
    monkeypatch.setenv("FIVE_COLOUR_TIME_ZONE", "Asia/Shanghai")
    assert apart(whose, FILE)[1]["FIVE_COLOUR_TIME_ZONE"] == "Asia/Shanghai"
    monkeypatch.delenv("FIVE_COLOUR_TIME_ZONE")
    assert "FIVE_COLOUR_TIME_ZONE" not in apart(whose, FILE)[1]


def test_what_a_library_prints_is_no_answer():
    assert apart(shouting, FILE) == "quiet"


class GoneError(BaseException):
    """A browser was closed: what streamlit raises in the thread of a page is no ``Exception``."""


def hang_watched(_file, progress=None):
    """Says that it has begun, and no more."""
    progress(0.1)
    time.sleep(600)


def test_whoever_asked_can_go_in_the_middle_and_the_process_is_ended():
    told = []

    def tell(share):
        told.append(share)
        # Between two words of the parser itself: the share is told again.
        if len(told) == 3:
            raise GoneError

    process, _ = apart(whose, FILE)
    with pytest.raises(GoneError):
        reading._asked(hang_watched, (FILE,), "a.csv", tell)
    assert told == [0.1, 0.1, 0.1]
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_several_threads_read_at_once_and_each_gets_its_own():
    found = {}

    def read(name):
        content = f"网格编码,网格名称,层级\n{name},{name},网格\n".encode()
        loaded = load_table_apart("areas", (f"{name}.csv", content), TODAY, KEY, Known())
        found[name] = list(loaded.frame.index if loaded.frame.index.name else loaded.frame["area_id"])

    threads = [threading.Thread(target=read, args=(f"A{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert found == {f"A{number}": [f"A{number}"] for number in range(6)}


@pytest.mark.parametrize("written", ["0", "-1", "many", "1.5"])
@pytest.mark.parametrize("setting", [reading.MEMORY_SETTING, reading.SECONDS_SETTING])
def test_a_setting_that_is_no_number_is_named(monkeypatch, setting, written):
    monkeypatch.setenv(setting, written)
    with pytest.raises(LoadError, match=f"{setting} must be a whole number"):
        apart(whose, FILE)


@only_linux
def test_a_real_bomb_is_stopped_by_the_limit_where_no_rule_knows_it(monkeypatch):
    """A parser's own rules keep most bombs shut; what they let pass still cannot take more than the limit."""
    monkeypatch.setenv(reading.MEMORY_SETTING, "150")
    rows = b"G1,1\n" * 12_000_000
    with pytest.raises(LoadError) as stopped:
        load_table_apart("residents", ("a.csv", "网格编码,人数\n".encode() + rows), TODAY, KEY, Known(areas()))
    assert "more than 150 MB" in said(stopped.value)


def areas():
    """One area."""
    content = "网格编码,网格名称,层级\nG1,甲,网格\n".encode()
    return load_table("areas", ("a.csv", content), TODAY, KEY).frame

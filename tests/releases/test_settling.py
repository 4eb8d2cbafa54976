"""A process that dies while it freezes: what the ledger has heard of is a release, whoever finds it; what it has not
heard of never was one."""

import os
import time
from contextlib import contextmanager

import pytest

from analytics.releases import Intent, open_ledger, status, verify
from analytics.releases.freeze import publish_draft
from analytics.releases.issued import PENDING
from analytics.releases.publishing import entry_of, predecessor, report
from analytics.store import ledger as ledger_module
from analytics.store.ledger import Ledger
from tests.releases.frozen import KEEPER, assert_same, frozen, run


class Killed(BaseException):
    """The process ends here."""


def killed(*_, **__):
    raise Killed


@pytest.fixture
def ledger(tmp_path):
    ledger = open_ledger(None, tmp_path)
    frozen(tmp_path, ledger, run())
    return ledger


@contextmanager
def dying(told):
    """Whoever freezes in here dies, when the ledger was ``told`` of it or just before."""
    real = Ledger.add_release

    def after(*arguments):
        real(*arguments)
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(*((Ledger, "add_release", after) if told else (ledger_module, "write", killed)))
        with pytest.raises(Killed):
            yield


def folders(home):
    return sorted(folder.name.split("-")[0] for folder in (home / "releases").iterdir())


def grow_old(home):
    """As if a day and an hour had gone by."""
    for folder in (home / "releases").iterdir():
        os.utime(folder, (time.time() - 25 * 3600,) * 2)


def end_of(home, ledger, how):
    return {
        "verify": lambda: verify(home, ledger, 2),
        "status": lambda: status(home, ledger, verify(home, ledger, 2).code),
        "report": lambda: report(home, ledger, entry_of(ledger, 1), entry_of(ledger, 2)),
        "the next release": lambda: frozen(home, ledger, run()),
        "whoever opens the ledger anew": lambda: verify(home, open_ledger(None, home), 2),
    }[how]


@pytest.mark.parametrize("how", ["verify", "status", "report", "the next release", "whoever opens the ledger anew"])
@pytest.mark.parametrize("later", [lambda _: None, grow_old])
def test_what_the_ledger_knows_is_found_by_whoever_looks_next(tmp_path, ledger, how, later):
    with dying(told=True):
        frozen(tmp_path, ledger, run(last="2026-02-10"))
    assert folders(tmp_path) == [PENDING.removesuffix("-"), "000001"]
    later(tmp_path)
    end_of(tmp_path, ledger, how)()
    assert "000002" in folders(tmp_path)
    assert PENDING.removesuffix("-") not in folders(tmp_path)
    assert_same(verify(tmp_path, ledger, 2).assessment(), run(last="2026-02-10"))
    assert frozen(tmp_path, ledger, run()).manifest.number == (4 if how == "the next release" else 3)
    assert ledger.verify_audit() == len(ledger.releases())


def test_what_the_ledger_knows_is_there_after_a_day_and_a_sweep(tmp_path, ledger):
    with dying(told=True):
        frozen(tmp_path, ledger, run())
    with dying(told=True):
        frozen(tmp_path, ledger, run(), publish=False)
    grow_old(tmp_path)
    frozen(tmp_path, ledger, run())
    assert folders(tmp_path) == ["000001", "000002", "000003", "D000001"]


def test_a_draft_and_its_publishing_are_found_too(tmp_path, ledger):
    with dying(told=True):
        frozen(tmp_path, ledger, run(last="2026-02-10"), publish=False)
    with dying(told=True):
        publish_draft(tmp_path, ledger, KEEPER, 1, Intent("发布", publish=True))
    assert [entry.name for entry in ledger.releases()] == ["000002", "000001"]
    assert open_ledger(None, tmp_path).releases() == ledger.releases()
    assert_same(verify(tmp_path, ledger, 2).assessment(), run(last="2026-02-10"))
    assert predecessor(ledger, entry_of(ledger, 2)).number == 1


def test_what_the_ledger_has_not_heard_of_is_not_there_and_the_next_number_is_the_same(tmp_path, ledger):
    before = ledger.releases()
    for publish in (True, False):
        with dying(told=False):
            frozen(tmp_path, ledger, run(), publish=publish)
    assert ledger.releases() == before == open_ledger(None, tmp_path).releases()
    assert ledger.verify_audit() == 1
    assert frozen(tmp_path, ledger, run()).manifest.number == 2
    assert frozen(tmp_path, ledger, run(), publish=False).manifest.draft == 1
    grow_old(tmp_path)
    frozen(tmp_path, ledger, run())
    assert folders(tmp_path) == ["000001", "000002", "000003", "D000001"]

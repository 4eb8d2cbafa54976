"""A clock that went back is asked about before anything is decided, once; who confirms it is written down."""

from datetime import datetime, timedelta

import pytest

from analytics.access import Actor
from analytics.errors import UnconfirmedError
from analytics.store import ledger as ledger_module
from analytics.store import ledger_database
from analytics.store.ledger_database import CLOCK, CLOCK_TOLERANCE
from analytics.store.ledger_entries import CommitEntry
from tests.store.test_ledger import ADMIN, ANALYST, DAY, YAML, released, shown

THEN = datetime.fromisoformat("2026-03-01T08:00:00+08:00")
BACK = timedelta(days=400)


@pytest.fixture
def set_clock(monkeypatch):
    def to(moment):
        for module in (ledger_module, ledger_database):
            monkeypatch.setattr(module, "now", lambda: moment.isoformat(timespec="seconds"))

    return to


@pytest.fixture
def filled(ledger, set_clock):
    """A ledger in which everything can be decided, written at one moment."""
    set_clock(THEN)
    shown(ledger)
    ledger.save_scheme(ANALYST, YAML, "试行")
    released(ledger)
    released(ledger, publish=False)
    return ledger


DECISIONS = {
    "override": lambda book, confirmed: shown(book, confirmed=confirmed),
    "withdraw": lambda book, confirmed: book.withdraw(ADMIN, 1, confirmed),
    "save_scheme": lambda book, confirmed: book.save_scheme(ANALYST, YAML.replace("80", "81"), "改", confirmed),
    "adopt_scheme": lambda book, confirmed: book.adopt_scheme(ADMIN, 1, confirmed),
    "publish": lambda book, confirmed: released(book, confirmed=confirmed),
    "draft": lambda book, confirmed: released(book, publish=False, confirmed=confirmed),
    "withdraw_release": lambda book, confirmed: book.withdraw_release(Actor("甲", "keeper"), 1, "有误", confirmed),
}


@pytest.mark.parametrize("action", DECISIONS)
def test_a_clock_that_went_back_is_asked_about_and_who_confirms_it_is_written_down(filled, set_clock, action):
    set_clock(THEN - BACK)
    before = filled.audit()
    with pytest.raises(UnconfirmedError) as asked:
        DECISIONS[action](filled, ())
    assert asked.value.code == CLOCK
    (problem,) = asked.value.problems
    for lang in ("zh", "en"):
        assert "2025-01-25 08:00" in problem.text(lang)
        assert "2026-03-01 08:00" in problem.text(lang)
    with pytest.raises(UnconfirmedError):
        DECISIONS[action](filled, {"again"})
    assert filled.audit() == before
    DECISIONS[action](filled, {CLOCK, "again"})
    done = filled.audit()[-1]
    assert (done.action, done.at) == (action, "2025-01-25T08:00:00+08:00")
    assert done.detail["confirmed"] == ["again", CLOCK]
    assert filled.verify_audit() == len(before) + 1


def test_it_is_asked_once(filled, set_clock):
    set_clock(THEN - BACK)
    shown(filled, confirmed={CLOCK})
    for decide in DECISIONS.values():
        decide(filled, ())
    assert "confirmed" not in filled.audit()[-1].detail
    set_clock(THEN - 2 * BACK)
    with pytest.raises(UnconfirmedError):
        shown(filled)


@pytest.mark.parametrize("action", DECISIONS)
def test_a_clock_that_is_behind_by_a_little_or_goes_on_is_not_asked_about(filled, set_clock, action):
    set_clock(THEN - CLOCK_TOLERANCE)
    DECISIONS[action](filled, ())
    set_clock(THEN + BACK)
    shown(filled)
    set_clock(THEN + BACK - CLOCK_TOLERANCE - timedelta(seconds=1))
    with pytest.raises(UnconfirmedError):
        shown(filled)


def test_the_same_moment_told_from_another_distance_to_utc_is_not_earlier(filled, set_clock):
    set_clock(datetime.fromisoformat("2026-03-01T00:00:00+00:00"))
    shown(filled)
    set_clock(datetime.fromisoformat("2026-03-01T08:00:00+09:00"))
    with pytest.raises(UnconfirmedError):
        shown(filled)


def test_what_is_taken_down_without_being_asked_about_answers_nothing(filled, set_clock):
    """Loads come before the release of a day: they would answer for it."""
    set_clock(THEN - BACK)
    filled.record_commits([CommitEntry(1, "0" * 64, "load", "areas", "甲", "keeper", THEN.isoformat())])
    filled.add_code(ANALYST, "00000000", "0" * 64, {"lang": "zh"})
    with pytest.raises(UnconfirmedError):
        released(filled)
    set_clock(THEN + 2 * BACK)
    filled.add_code(ANALYST, "00000001", "0" * 64, {"lang": "zh"})
    set_clock(THEN + timedelta(days=1))
    assert released(filled).year == 2026


def test_the_first_decision_of_a_ledger_is_not_asked_about(ledger, set_clock):
    set_clock(THEN - 20 * BACK)
    shown(ledger, starts=DAY)
    assert ledger.verify_audit() == 1

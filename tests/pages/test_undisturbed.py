"""What was begun goes on to its end beside the run of the page."""

import threading

import pytest

from analytics.errors import LedgerError
from pages.parts.undisturbed import undisturbed


def test_it_runs_in_another_thread_and_returns_what_was_made():
    assert undisturbed(threading.get_ident) != threading.get_ident()
    assert undisturbed(lambda: "made") == "made"


def test_what_is_refused_there_is_refused_here():
    def refused():
        raise LedgerError.because("ledger.no_release", number=9)

    with pytest.raises(LedgerError):
        undisturbed(refused)

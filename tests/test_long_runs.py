"""The long runs: each works, and what it makes longer is in the suite."""

from collections import Counter

import pytest

from tests.long.__main__ import main, tried
from tests.long.runs import RUNS
from tests.long.sizes import SEED, TIMES, many, seeds, whole


def test_every_long_run_works_at_a_tiny_size():
    """In one process, which is most of what each would take."""
    assert tried(tuple(test for one in RUNS.values() for test in one.tests), times=0.01, seed=3) == 0


def test_without_a_name_the_runs_are_listed(capsys):
    assert main([]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(RUNS)


def test_no_test_is_in_two_runs():
    assert max(Counter(test for one in RUNS.values() for test in one.tests).values()) == 1


def test_a_name_that_is_none_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["nothing"])
    assert "nothing" in capsys.readouterr().err


def test_sizes_and_seeds_are_those_of_the_suite_unless_more_are_asked_for(monkeypatch):
    assert (many(40), list(seeds(3)), whole()) == (40, [0, 1, 2], True)
    monkeypatch.setenv(TIMES, "2.5")
    monkeypatch.setenv(SEED, "7")
    assert (many(40), list(seeds(2)), whole()) == (100, [7, 8, 9, 10, 11], True)
    monkeypatch.setenv(TIMES, "0.001")
    assert (many(40), list(seeds(2)), whole()) == (1, [7], False)

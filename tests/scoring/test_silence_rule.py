"""The rules that take a feed to be silent: how often they are wrong, how soon they tell, and each clause by hand."""

from collections import Counter

import numpy as np
import pytest

from analytics.scoring.silence_rule import NEVER_ENDED, NOT_DUE, by_agreement, guessed
from tests.long.sizes import many, seeds, whole
from tests.scoring.made_offices import BEFORE, made_office
from tests.wording.second_silence import silent_days

NONE = np.empty(0, dtype=bool)
OFF = NOT_DUE


def judged(n, first_weekday=0, feeds=50, kinds=None, resting=NONE, heard=None):
    n = np.asarray(n, dtype=float).reshape(len(n), -1)
    heard = np.zeros(n.shape, dtype=bool) if heard is None else np.asarray(heard, dtype=bool).reshape(n.shape)
    kinds = None if kinds is None else np.full(n.shape[1], kinds)
    return guessed(n, first_weekday, resting, heard, feeds, kinds)


def alarms(office):
    """How many silences of a year begin, by the sort of feed."""
    named = guessed(office.named, 0, NONE, np.zeros(office.named.shape, dtype=bool), office.feeds, office.kinds)
    areas = guessed(office.areas, None, NONE, np.zeros(office.areas.shape, dtype=bool), office.feeds)
    own = guessed(office.own, None, NONE, np.zeros(office.own.shape, dtype=bool), office.feeds)
    began, began_areas, began_own = (now[BEFORE:] & ~now[BEFORE - 1 : -1] for now in (named.now, areas.now, own.now))
    ends = office.channels + 1
    parts = {
        "table": began[:, :1], "channel": began[:, 1:ends], "kind": began[:, ends:],
        "area": began_areas[:, : office.grids], "area above": began_areas[:, office.grids :],
        "channel in an area": began_own,
    }  # fmt: skip
    return Counter({sort: int(part.sum()) for sort, part in parts.items()})


def test_an_office_that_loses_nothing_has_at_most_one_false_alarm_a_year(capsys):
    every, by_office = Counter(), []
    for seed in seeds(40):
        found = alarms(made_office(np.random.default_rng([13, seed]), 1 + seed % 2))
        every += found
        by_office.append(found.total())
    with capsys.disabled():
        print(
            f"\nfalse alarms in {len(by_office)} offices and as many years: {every.total()} ({dict(every)}), "
            f"{np.mean(by_office):.2f} an office and year, at most {max(by_office)}"
        )
    assert np.mean(by_office) <= 1
    # Offices with two are rare.
    assert np.mean(np.array(by_office) > 1) <= 0.1


RATES = (0.5, 0.7, 1, 1.5, 1.75, 2, 2.25, 2.5, 2.75, 3, 4, 6, 8, 12, 16, 24, 32)
SORTS = {"table": (0, False), "channel": (0, False), "kind": (0, True), "area": (None, False)}
"""For each sort of feed whether its week is looked at, and whether it is a kind."""


def told_within(sort, rate, variance, random, days=14):
    """The share of feeds of such a steady rate of which it is told within so many days that they stopped."""
    weekday, kind = SORTS[sort]
    number, length = many(60), 200 + days
    mean = np.full((length, number), float(rate))
    if variance > 1:
        mean = random.gamma(mean / (variance - 1), variance - 1)
    n = random.poisson(mean)
    n[-days:] = 0
    return judged(n, weekday, feeds=60, kinds=kind).now[-1].mean()


def test_the_smallest_rate_whose_stop_is_told_within_two_weeks(capsys):
    """Of an office of 60 feeds, without a table of holidays; told of nine in ten."""
    least = {}
    for sort in SORTS:
        for variance in (1, 2):
            random = np.random.default_rng([14, seeds(1).start, variance])
            told = [rate for rate in RATES if told_within(sort, rate, variance, random) >= 0.9]
            least[sort, variance] = min(told, default=None)
    with capsys.disabled():
        print("\nrecords a day from which a stop is told within 14 days (variance 1 and 2 times the mean):")
        for sort in SORTS:
            print(f"  {sort}: {least[sort, 1]} and {least[sort, 2]}")
    assert all(rate is not None and rate <= 6 for rate in least.values()), least


@pytest.mark.parametrize("sort", SORTS)
def test_the_rule_is_what_a_second_way_makes_of_it(sort):
    weekday, kind = SORTS[sort]
    seen = 0
    for seed in seeds(12):
        random = np.random.default_rng([15, seed])
        n = random.poisson(random.choice([0.2, 1, 4, 20]), 420)
        for _ in range(3):
            first = random.integers(40, 400)
            n[first : first + random.integers(2, 40)] = 0
        found = judged(n, weekday, kinds=kind)
        assert found.back[:, 0].tolist() == silent_days(n.tolist(), weekday, 50, is_kind=kind)
        np.testing.assert_array_equal(found.now, found.back > 0)
        seen += int(found.now.sum())
    assert seen or not whole()


def test_a_silence_goes_back_to_the_last_record_and_is_over_when_a_record_comes():
    found = judged([5] * 60 + [0] * 10 + [5] * 5)
    silent = np.flatnonzero(found.now[:, 0])
    assert silent[-1] == 69
    # It was told some days later, from when on it reaches back to the first day without a record.
    assert found.back[silent, 0].tolist() == [int(day) - 59 for day in silent]
    assert 60 < silent[0] < 69
    assert set(found.over[:70, 0]) == {NEVER_ENDED}
    assert set(found.over[70:, 0]) == {69}


def test_no_day_hangs_on_a_later_one():
    random = np.random.default_rng(4)
    n = random.poisson(3, (150, 5)) * (random.random((150, 5)) < 0.9)
    n[100:120, :3] = 0
    whole_history = judged(n)
    for length in (60, 101, 110, 119, 121, 150):
        for held, every in zip(judged(n[:length]), whole_history, strict=True):
            np.testing.assert_array_equal(held, every[:length])


def test_a_pause_that_is_usual_is_no_silence():
    week = [6] * 5 + [0, 0]
    assert not judged(week * 20).now.any()
    # Of a channel that rests at weekends the working days of a stop count, not the weekend.
    stopped = judged(week * 20 + [0] * 14)
    assert np.flatnonzero(stopped.now[:, 0])[0] % 7 < 5


def test_a_run_that_was_no_silence_is_a_rhythm_to_remember():
    # Of six a day nine days without any are no chance, of two a day thirteen may be.
    for pause, told in ((0, 9), (13, 14)):
        before = [*[2] * 60, *[0] * pause, *[6] * 120]
        found = judged([*before, *[0] * 20])
        assert np.flatnonzero(found.now[:, 0])[0] == len(before) + told - 1


def test_a_holiday_of_the_office_is_expected_to_be_quiet_and_no_other_day():
    n, resting = [6] * 80 + [0] * 7, np.zeros(87, dtype=bool)
    resting[80:87] = True
    known, not_known = judged(n, resting=resting), judged(n, resting=np.zeros(87, dtype=bool))
    assert np.flatnonzero(known.now[:, 0]).tolist()[:1] != np.flatnonzero(not_known.now[:, 0]).tolist()[:1]
    # Without a table the first days of a pause might be a holiday; with one they are none.
    without = judged(n)
    assert not_known.now.sum() > without.now.sum()
    np.testing.assert_array_equal(without.now, known.now)


def test_a_zero_report_is_heard():
    heard = np.zeros(100, dtype=bool)
    heard[60:] = True
    assert judged([5] * 60 + [0] * 40).now.any()
    assert not judged([5] * 60 + [0] * 40, heard=heard).now.any()


def test_a_feed_is_judged_from_four_weeks_on():
    assert not judged([20] * 27 + [0] * 30).now.any()
    assert judged([20] * 28 + [0] * 30).now.any()


def test_a_kind_whose_season_ends_is_not_silent():
    season = [8] * 40 + [4] * 15 + [2] * 10 + [1, 0, 0, 1, 0, 0, 0, 0, 1, *[0] * 9, 1]
    assert not judged(season + [0] * 60, kinds=True).now.any()
    assert judged([8] * 80 + [0] * 10, kinds=True).now.any()
    # An outbreak of two weeks that ends is no feed that stops.
    assert not judged([0] * 20 + [1] + [0] * 40 + [9] * 14 + [0] * 60, kinds=True).now.any()


@pytest.mark.parametrize(
    ("here", "due", "silent", "back"),
    [
        pytest.param("1101", [0, 1, 2, 3], [0, 0, 1, 0], [0, 0, 1, 0], id="daily_on_its_first_day"),
        pytest.param("110001", [0, 1, 2, 3, 4, 5], [0, 0, 1, 1, 1, 0], [0, 0, 1, 2, 3, 0], id="until_one_comes"),
        pytest.param("110001", [0, 1, OFF, OFF, 4, 5], [0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 3, 0], id="not_while_it_rests"),
        pytest.param("1" + 8 * "0", [d - 6 for d in range(9)], [0] * 7 + [1] * 2, [*range(9)], id="beyond_its_week"),
    ],
)  # fmt: skip
def test_silence_by_agreement(here, due, silent, back):
    found = by_agreement(np.array([letter == "1" for letter in here]), np.array(due), 0)
    assert (found[0] & ~found[3]).tolist() == [bool(one) for one in silent]
    assert found[1].tolist() == back


@pytest.mark.parametrize(
    ("here", "due", "waits"),
    [
        pytest.param("10010010", [d - 2 for d in range(8)], [0, 1, 1, 0, 1, 1, 0, 1], id="every_three_days"),
        pytest.param("11000100", [0, 1, OFF, OFF, 4, 5, OFF, OFF], [0] * 8, id="a_weekend_brings_nothing"),
        pytest.param("1100001", [0, 1, *[OFF] * 4, 6], [0, 0, 0, 0, 1, 1, 0], id="a_long_holiday"),
        pytest.param("1000", [0, 1, OFF, OFF], [0] * 4, id="late_already"),
    ],
)
def test_days_that_only_the_next_report_will_cover_are_waited_for(here, due, waits):
    found = by_agreement(np.array([letter == "1" for letter in here]), np.array(due), 0)
    assert found[3].tolist() == [bool(one) for one in waits]
    assert not (found[3] & ~found[0]).any()


def test_a_silence_goes_on_though_something_is_agreed_in_it():
    silent, back, over, waits = by_agreement(np.array([1, 0, 0, 0, 1, 1], dtype=bool), np.arange(6), 3, 2)
    assert silent.tolist() == [False, False, False, True, False, False]
    assert (back[3], over[4], waits.any()) == (3, 3, False)

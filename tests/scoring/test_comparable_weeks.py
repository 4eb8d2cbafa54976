"""Weeks of which one lacks a feed are not held against each other; those that both lack it are."""

from datetime import date, timedelta

import numpy as np
import pytest

from analytics.scoring import area_counts_for
from analytics.scoring.comparable_weeks import weeks_interrupted
from analytics.store.counts import Counts
from tests.long.sizes import seeds
from tests.scoring.test_silence import COUNTED, GROUPS, world

FIRST, WEEKS = date(2019, 9, 30), 20  # a Monday


def facts_of(seed, gone=(0, 0), feed="clinic", **tables):
    """Records of two channels in four areas; ``feed``, a channel or an area, is ``gone`` from one day to another."""
    random = np.random.default_rng([23, seed])
    sent = [
        (area, f"{FIRST + timedelta(days=day)}", channel)
        for day in range(WEEKS * 7)
        for area in "ABCD"
        for channel in ("hotline", "clinic")
        for _ in range(random.poisson(3))
        if not (feed in (area, channel) and gone[0] <= day < gone[1])
    ]
    return area_counts_for(Counts.of_records(world(sent, areas=GROUPS, **tables)), COUNTED)


def last_two(facts, back=1):
    ends = [FIRST + timedelta(days=7 * week - 1) for week in (WEEKS - back, WEEKS)]
    return weeks_interrupted(facts, ends, ends[-1])


@pytest.mark.parametrize("feed", ["clinic", "A"])
@pytest.mark.parametrize(
    ("gone", "told", "told_of_year"),
    [
        ((0, 0), False, False),
        ((WEEKS * 7 - 10, WEEKS * 7 + 1), True, True),  # it stopped in the week before
        ((WEEKS * 7 - 30, WEEKS * 7 - 10), True, False),  # it came again in it
        ((WEEKS * 7 - 30, WEEKS * 7 + 1), False, True),  # neither week has it
        ((WEEKS * 7 - 60, WEEKS * 7 - 20), False, False),  # both have it, and so has that of ten weeks ago
    ],
)
def test_two_weeks_are_alike_where_the_same_feeds_brought_something(feed, gone, told, told_of_year):
    for seed in seeds(3):
        facts = facts_of(seed, gone, feed)
        assert last_two(facts) == told
        assert last_two(facts, back=10) == told_of_year


def test_weeks_without_any_feed_are_not_held_against_each_other():
    facts = facts_of(0, (WEEKS * 7 - 30, WEEKS * 7 + 1), "hotline")
    both = facts_of(0, (WEEKS * 7 - 30, WEEKS * 7 + 1), "none")
    assert not last_two(facts)
    later = FIRST + timedelta(days=WEEKS * 7 + 20)
    assert weeks_interrupted(both, [later - timedelta(days=7), later], later)


def test_weeks_before_the_first_record_or_without_a_table_are_nothing_special():
    facts = facts_of(0)
    assert not weeks_interrupted(facts, [FIRST - timedelta(days=15), FIRST - timedelta(days=8)], FIRST)

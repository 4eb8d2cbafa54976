"""Several exports of a platform in one: each is its word on the places and days that it names."""

from datetime import date

import pytest

from analytics.response.sweep import tally
from analytics.response.sweep_rounds import Before, merged, told_twice, what_becomes_of
from tests.response.sweep_world import FIRST, calls, campaign, register, row

END = date(2026, 10, 29)
TUESDAY_NOON, TUESDAY_EVENING = "2026-10-20 12:00", "2026-10-20 19:00"
SATURDAY_NOON, MONDAY_NOON = "2026-10-24 12:00", "2026-10-26 12:00"


def line(state, name):
    return next(one for one in state.lines() if one.line == name)


EARLIER = (
    row("P1", TUESDAY_NOON, 1, called=10, met=4),
    row("P2", TUESDAY_EVENING, 1, called=20, met=9),
    row("P1", SATURDAY_NOON, 2, called=6, met=2),
)


@pytest.mark.parametrize(
    "corrected",
    [
        row("P1", TUESDAY_EVENING, 1, called=10, met=4),  # another time
        row("P1", "2026-10-21 12:00", 1, called=10, met=4),  # another day
        row("P1", TUESDAY_NOON, 1, called=10, met=4, team="T2"),  # another team
        row("P1", "2026-10-21 19:00", 1, called=10, met=5, team="T2"),  # all of it
    ],
)
def test_a_round_that_was_corrected_in_a_later_export_counts_once(corrected):
    found = merged([calls(*EARLIER), calls(corrected, *EARLIER[1:])])
    assert len(found) == 3
    assert found.loc[found["place_id"] == "P1", "called"].tolist() == [10, 6]
    assert line(tally(campaign(), register(), found, None, END), "household").called == 30


def test_an_export_of_new_rounds_alone_takes_nothing_away():
    new = [row("P1", MONDAY_NOON, 3, called=4, met=1), row("P3", MONDAY_NOON, 1, called=3, met=3)]
    found = merged([calls(*EARLIER), calls(*new)])
    assert len(found) == 5
    by_place = merged([calls(EARLIER[0]), calls(EARLIER[1])])
    assert sorted(by_place["place_id"]) == ["P1", "P2"]


def test_an_older_export_loaded_late_leaves_the_later_days_alone():
    found = merged([calls(*EARLIER), calls(*EARLIER[:2])])
    assert len(found) == 3


def test_what_a_later_export_does_to_the_rows_before_it_is_counted():
    kept = merged([calls(*EARLIER)])
    corrected = calls(row("P1", TUESDAY_NOON, 1, called=10, met=5), EARLIER[2])
    assert what_becomes_of(kept, corrected) == Before(same=1, replaced=1, gone=0, beside=1, places=1)
    struck_out = calls(EARLIER[0], row("P2", SATURDAY_NOON, 2, called=0))
    assert what_becomes_of(kept, struck_out) == Before(same=1, replaced=2, gone=2, beside=0, places=0)
    assert merged([kept, struck_out])["place_id"].tolist() == ["P1"]
    assert what_becomes_of(merged([]), kept) == Before(0, 0, 0, 0, 0)


def test_a_round_told_again_on_a_day_that_the_file_does_not_reach_is_doubtful():
    kept = merged([calls(*EARLIER)])
    moved = calls(row("P2", "2026-10-21 19:00", 1, called=20, met=9))
    assert told_twice(kept, moved) == {"P2": FIRST}
    assert told_twice(kept, calls(EARLIER[0], row("P2", "2026-10-21 19:00", 1, called=20, met=9))) == {}
    assert told_twice(kept, calls(row("P2", "2026-10-21 19:00", 1, called=20, met=8))) == {}

"""Hazards from the finding to a later check that found nothing, held against a walk through each place's checks."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.response.hazards import OLD_DAYS, hazards
from analytics.scoring import area_counts_for
from analytics.store import Counts
from tests.scoring.small_world import indicator, records, scheme, three_areas

DAY = date(2020, 2, 29)
PLACES = [{"place_id": f"P{at}", "area_id": "ABC"[at], "kind": "shop"} for at in range(3)]


def check(number, place, at, outcome="finding", **columns):
    of = {"area_id": None if place else "A", "place_id": place}  # a check of a place lies where the place does
    return {"check_id": f"K{number}", **of, "kind": "inspection", "checked_at": at, "outcome": outcome, **columns}


def found_in(*checks, day=DAY, numbered=True):
    held = records(areas=three_areas(), places=PLACES, checks=list(checks))
    return hazards(area_counts_for(Counts.of_records(held), scheme([indicator()])), day, numbered=numbered)


def told(found):
    return [(row["check"], row["place"], row["days"]) for row in found.open.to_dict("records")]


def test_a_hazard_is_open_from_its_first_finding_until_a_later_check_finds_nothing():
    found = found_in(
        check(1, "P0", "2020-01-10 09:00"),
        check(2, "P0", "2020-02-10 09:00"),  # found again: the same hazard
        check(3, "P1", "2020-01-10 09:00"),
        check(4, "P1", "2020-02-10 09:00", "done"),
        check(5, "P1", "2020-02-20 09:00"),  # another one
    )
    assert told(found) == [("K1", "P0", 50), ("K5", "P1", 9)]
    assert (found.closed, found.old, found.placeless) == (1, 1, 0)
    assert found.open["area_id"].tolist() == ["A", "B"]


@pytest.mark.parametrize(("when", "old"), [("2020-01-30", 0), ("2020-01-29", 1)])
def test_older_than_thirty_days_is_thirty_one(when, old):
    assert (DAY - date.fromisoformat(when)).days - OLD_DAYS == old
    assert found_in(check(1, "P0", when)).old == old


@pytest.mark.parametrize("outcome", ["partly", "nobody_home", "refused", "not_applicable"])
def test_what_was_not_done_closes_nothing(outcome):
    found = found_in(check(1, "P0", "2020-02-01"), check(2, "P0", "2020-02-10", outcome))
    assert (len(found.open), found.closed) == (1, 0)


@pytest.mark.parametrize(
    ("finding", "later", "still"),
    [
        ("2020-02-10 09:00", "2020-02-10 15:00", 0),
        ("2020-02-10 15:00", "2020-02-10 09:00", 1),
        ("2020-02-10 09:00", "2020-02-10 09:00", 1),
        ("2020-02-10", "2020-02-10 15:00", 1),  # nobody knows which came first
        ("2020-02-10 09:00", "2020-02-10", 1),
        ("2020-02-10", "2020-02-10", 1),
        ("2020-02-10", "2020-02-11", 0),
    ],
)
def test_a_check_of_the_same_day_closes_only_where_it_is_known_to_be_later(finding, later, still):
    assert len(found_in(check(1, "P0", finding), check(2, "P0", later, "done")).open) == still


def test_what_comes_after_the_day_is_not_known_on_it():
    rows = [check(1, "P0", "2020-02-01"), check(2, "P0", "2020-02-20", "done")]
    assert len(found_in(*rows, day=date(2020, 2, 19)).open) == 1
    assert len(found_in(*rows, day=date(2020, 2, 20)).open) == 0
    assert found_in(*rows, day=date(2020, 1, 31)) is None


def test_closed_are_told_of_thirty_days():
    rows = [check(1, "P0", "2020-01-02"), check(2, "P0", "2020-01-20", "done")]
    assert [found_in(*rows, day=date(2020, 2, day)).closed for day in (18, 19)] == [1, 0]


def test_findings_without_a_place_are_counted_apart():
    found = found_in(check(1, None, "2020-02-01"), check(2, "P0", "2020-02-01"), check(3, None, "2020-02-02", "done"))
    assert (found.placeless, told(found)) == (1, [("K2", "P0", 28)])


def test_where_no_check_ever_found_anything_nobody_tells_of_hazards():
    assert found_in(check(1, "P0", "2020-02-01", "done")) is None
    bare = area_counts_for(Counts.of_records(records(areas=three_areas())), scheme([indicator()]))
    assert hazards(bare, DAY, numbered=True) is None


def test_numbers_are_read_only_where_they_are_asked_for_and_hashes_are_none():
    rows = [check(1, "P0", "2020-02-01"), check(2, "P1", "2020-02-01", check_id="13800009999")]
    assert set(found_in(*rows, numbered=False).open) == {"area_id", "found", "days"}
    assert told(found_in(*rows)) == [("K1", "P0", 28), (None, "P1", 28)]


def test_a_word_of_the_office_counts_as_what_it_means():
    assert len(found_in(check(1, "P0", "2020-02-01", "存在隐患")).open) == 1


HOURS = st.integers(0, 24 * 40).map(lambda hours: datetime.fromisoformat("2020-01-20") + timedelta(hours=hours))
CHECKS = st.tuples(st.sampled_from(["P0", "P1"]), HOURS, st.sampled_from(["finding", "done", "refused"]))


def walked(rows, day):
    """Open hazards as (place, day found), and how many were closed in thirty days, a check at a time."""
    opened, closed = [], 0
    for place in ("P0", "P1"):
        own = [(at, outcome) for where, at, outcome in rows if where == place and at.date() <= day]
        own = [(at, outcome) for at, outcome in own if outcome != "refused"]

        def moment(one):
            at, outcome = one
            if outcome == "finding" and (at.hour, at.minute) == (0, 0):
                at += timedelta(hours=23, minutes=59)
            return at, outcome == "finding"

        since = None
        for at, outcome in sorted(own, key=moment):
            if outcome == "finding":
                since = since or at.date()
            elif since:
                closed += (day - at.date()).days < OLD_DAYS
                since = None
        if since:
            opened.append((place, since))
    return sorted(opened), closed


@settings(max_examples=30)
@given(st.lists(CHECKS, min_size=1, max_size=14), st.dates(date(2020, 2, 1), DAY))
def test_they_are_those_of_a_walk_through_each_place(rows, day):
    found = found_in(*(check(at, place, f"{when}", kind) for at, (place, when, kind) in enumerate(rows)), day=day)
    if found is None:
        assert not [row for row in rows if row[2] == "finding" and row[1].date() <= day]
        return
    opened, closed = walked(rows, day)
    assert sorted((row["place"], row["found"].date()) for row in found.open.to_dict("records")) == opened
    assert found.closed == closed
    assert all(row["days"] == (day - row["found"].date()).days for row in found.open.to_dict("records"))

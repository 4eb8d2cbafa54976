"""Hazards from the finding to a later check that found nothing, held against a walk through each place's checks."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.response.hazards import OLD_DAYS, found_by_checks, hazards
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
    facts = area_counts_for(Counts.of_records(held), scheme([indicator()]))
    return hazards(facts, day, day + timedelta(days=1), numbered=numbered)


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
    assert hazards(bare, DAY, DAY, numbered=True) is None


def test_numbers_are_read_only_where_they_are_asked_for_and_hashes_are_none():
    rows = [check(1, "P0", "2020-02-01"), check(2, "P1", "2020-02-01", check_id="13800009999")]
    plain = {"area_id", "found", "days", "told", "fix_by", "late_days", "again", "half"}
    assert set(found_in(*rows, numbered=False).open) == plain
    handed = found_in(check(1, "P0", "2020-02-01", handed_to="消防", handed_number="街移〔2020〕3号"), numbered=False)
    assert "街移" not in f"{handed.handed.to_dict()}"
    assert told(found_in(*rows)) == [("K1", "P0", 28), (None, "P1", 28)]


def test_a_word_of_the_office_counts_as_what_it_means():
    assert len(found_in(check(1, "P0", "2020-02-01", "存在隐患")).open) == 1


# ---------------------------------------------------------------- what can see a hazard closes it


@pytest.mark.parametrize(
    ("finding", "later", "still"),
    [
        ("inspection", "inspection", 0),
        ("patrol", "inspection", 0),
        ("patrol", "复查", 0),  # a word of the office is what it means
        ("building_round", "building_round", 0),
        ("inspection", "building_round", 1),
        ("inspection", "call", 1),
        ("inspection", "visit", 1),
        ("patrol", "round", 1),
        ("某种检查", "某种检查", 0),  # of a kind that nobody knows, but the same
        ("inspection", "某种检查", 1),
    ],
)
def test_a_hazard_is_closed_only_by_a_check_of_its_kind_or_an_inspection(finding, later, still):
    found = found_in(check(1, "P0", "2020-02-01", kind=finding), check(2, "P0", "2020-02-10", "done", kind=later))
    assert (len(found.open), found.closed) == (still, 1 - still)


def test_found_by_two_kinds_it_is_one_hazard_which_ends_when_both_have_seen_that_it_is_gone():
    rows = [
        check(1, "P0", "2020-02-01", kind="patrol"),
        check(2, "P0", "2020-02-05", kind="inspection"),
        check(3, "P0", "2020-02-10", "done", kind="patrol"),
        check(4, "P0", "2020-02-20", "done", kind="inspection"),
    ]
    assert told(found_in(*rows, day=date(2020, 2, 12))) == [("K1", "P0", 11)]
    last = found_in(*rows)
    assert (len(last.open), last.closed) == (0, 1)


# ---------------------------------------------------------------- told, deadline, found again, handed over


def one_of(found):
    (row,) = found.open.to_dict("records")
    return row


def test_a_hazard_carries_when_its_party_was_told_and_by_when_it_has_to_be_right():
    row = one_of(found_in(check(1, "P0", "2020-02-01", told_at="2020-02-03", fix_by="2020-02-20")))
    assert (row["told"].date(), row["fix_by"].date()) == (date(2020, 2, 3), date(2020, 2, 20))
    assert (row["late_days"], row["again"], row["half"]) == (10, False, False)


@pytest.mark.parametrize(("deadline", "late"), [("2020-02-29", 1), ("2020-03-01", 0), ("2020-02-28", 2)])
def test_a_deadline_is_over_from_the_day_after_it(deadline, late):
    """The list of 29 February is read at 8:00 of 1 March."""
    found = found_in(check(1, "P0", "2020-02-01", fix_by=deadline))
    assert (one_of(found)["late_days"], found.late) == (late, int(late > 0))


def test_what_is_told_later_is_not_told_yet():
    rows = [check(1, "P0", "2020-02-01", told_at="2020-02-05")]
    assert [found_in(*rows, day=date(2020, 2, day)).untold for day in (4, 5)] == [1, 0]


def test_found_again_it_is_open_since_the_first_time_and_a_deadline_that_had_passed_stays_missed():
    rows = [
        check(1, "P0", "2020-01-20", told_at="2020-01-20", fix_by="2020-02-01"),
        check(2, "P0", "2020-02-10", fix_by="2020-03-15"),
        check(3, "P0", "2020-02-20"),
    ]
    row = one_of(found_in(*rows))
    assert (row["check"], row["days"], row["again"], row["late_days"]) == ("K1", 40, True, 29)
    assert (row["told"].date(), row["fix_by"].date()) == (date(2020, 1, 20), date(2020, 2, 1))
    assert one_of(found_in(*rows, day=date(2020, 2, 9)))["late_days"] == 9


def test_a_deadline_that_has_not_passed_is_moved_by_the_finding_that_names_another():
    first = check(1, "P0", "2020-01-20", fix_by="2020-02-10")
    row = one_of(found_in(first, check(2, "P0", "2020-02-10", fix_by="2020-03-15"), check(3, "P0", "2020-02-20")))
    assert (row["fix_by"].date(), row["late_days"]) == (date(2020, 3, 15), 0)


def test_two_places_stay_two_hazards_whatever_the_year():
    rows = [check(1, "P0", "1969-03-01"), check(2, "P1", "1969-04-01", handed_to="消防救援站", handed_number="3号")]
    found = found_in(*rows)
    assert len(found.open) + len(found.handed) == 2


def test_handed_over_with_department_and_number_it_is_open_no_more_but_counted():
    handed = {"handed_to": "消防救援站", "handed_number": "街移〔2020〕3号"}
    found = found_in(check(1, "P0", "2020-01-01", **handed), check(2, "P1", "2020-02-01"))
    assert told(found) == [("K2", "P1", 28)]
    (row,) = found.handed.to_dict("records")
    assert (row["place"], row["department"], row["number"], row["days"]) == ("P0", *handed.values(), 59)
    assert (found.old, found.closed) == (0, 0)


@pytest.mark.parametrize("half", [{"handed_to": "消防救援站"}, {"handed_number": "街移〔2020〕3号"}])
def test_without_department_or_number_nothing_is_handed_over(half):
    found = found_in(check(1, "P0", "2020-01-01", **half))
    assert (one_of(found)["half"], len(found.handed), found.old) == (True, 0, 1)


def test_what_was_handed_over_and_is_found_again_is_open_again():
    handed = {"handed_to": "消防救援站", "handed_number": "街移〔2020〕3号"}
    rows = [check(1, "P0", "2020-01-01", **handed), check(2, "P0", "2020-02-10")]
    assert len(found_in(*rows, day=date(2020, 2, 9)).open) == 0
    assert told(found_in(*rows)) == [("K1", "P0", 59)]
    assert len(found_in(rows[0], rows[1] | handed).open) == 0


def test_handed_over_and_then_put_right_it_is_closed():
    handed = {"handed_to": "消防救援站", "handed_number": "街移〔2020〕3号"}
    found = found_in(check(1, "P0", "2020-02-01", **handed), check(2, "P0", "2020-02-10", "done"))
    assert (len(found.open), len(found.handed), found.closed) == (0, 0, 1)


def test_what_no_record_tells_is_not_known_and_never_none():
    bare = found_in(check(1, "P0", "2020-02-01"))
    assert (bare.untold, bare.late, bare.handed_over) == (None, None, None)
    some = found_in(
        check(1, "P0", "2020-02-01"),
        check(2, "P1", "2020-02-01", told_at="2020-02-01", fix_by="2020-02-10"),
        check(3, "P2", "2020-02-01", handed_to="消防救援站", handed_number="1号"),
    )
    assert (some.untold, some.late, some.handed_over) == (1, 1, 1)


HOURS = st.integers(0, 24 * 40).map(lambda hours: datetime.fromisoformat("2020-01-20") + timedelta(hours=hours))
KINDS = st.sampled_from(["inspection", "patrol", "round"])
CHECKS = st.tuples(st.sampled_from(["P0", "P1"]), HOURS, st.sampled_from(["finding", "done", "refused"]), KINDS)


def walked(rows, day):
    """Open hazards as (place, day found), and how many were closed in thirty days, a check at a time: what each kind of
    check has found is put right where that kind, or an inspection, finds nothing."""
    opened, closed = [], 0
    for place in ("P0", "P1"):
        own = [(at, outcome, kind) for where, at, outcome, kind in rows if where == place and at.date() <= day]
        own = [one for one in own if one[1] != "refused"]

        def moment(one):
            at, outcome, _ = one
            if outcome == "finding" and (at.hour, at.minute) == (0, 0):
                at += timedelta(hours=23, minutes=59)
            return at, outcome == "finding"

        since, pending = None, set()
        for at, outcome, kind in sorted(own, key=moment):
            if outcome == "finding":
                since = since or at.date()
                pending.add(kind)
            elif since:
                pending = set() if kind == "inspection" else pending - {kind}
                if not pending:
                    closed += (day - at.date()).days < OLD_DAYS
                    since = None
        if since:
            opened.append((place, since))
    return sorted(opened), closed


@settings(max_examples=60)
@given(st.lists(CHECKS, min_size=1, max_size=14), st.dates(date(2020, 2, 1), DAY))
def test_they_are_those_of_a_walk_through_each_place(rows, day):
    made = [check(at, place, f"{when}", out, kind=kind) for at, (place, when, out, kind) in enumerate(rows)]
    found = found_in(*made, day=day)
    if found is None:
        assert not [row for row in rows if row[2] == "finding" and row[1].date() <= day]
        return
    opened, closed = walked(rows, day)
    assert sorted((row["place"], row["found"].date()) for row in found.open.to_dict("records")) == opened
    assert found.closed == closed
    assert all(row["days"] == (day - row["found"].date()).days for row in found.open.to_dict("records"))


def test_what_checks_found_in_some_days_is_each_hazard_once_as_it_stands_now():
    over = {"handed_to": "消防救援大队", "handed_number": "街移〔2020〕1号", "told_at": "2020-02-12"}
    held = records(
        areas=three_areas(),
        places=PLACES,
        checks=[
            check(1, "P0", "2020-02-01 09:00"),  # before the days, and found again in them
            check(2, "P0", "2020-02-12 09:00", **over),
            check(3, "P1", "2020-02-11 09:00"),
            check(4, "P1", "2020-02-12 09:00", "done"),
            check(5, "P1", "2020-02-20 09:00"),  # another one, after the days
            check(6, "P2", "2020-02-01 09:00"),  # before and after the days, not in them
            check(7, "P2", "2020-02-20 09:00"),
            check(8, None, "2020-02-13 09:00"),
        ],
    )
    counts, days = Counts.of_records(held), (date(2020, 2, 10), date(2020, 2, 15))
    found = found_by_checks(counts, ["A", "B", "C"], days, DAY, numbered=True)
    told = found.rows[["area_id", "place", "found", "handed", "closed"]].to_numpy().tolist()
    assert told == [["A", "P0", date(2020, 2, 1), True, False], ["B", "P1", date(2020, 2, 11), False, True]]
    assert found.rows[["department", "number"]].dropna().to_numpy().tolist() == [["消防救援大队", "街移〔2020〕1号"]]
    assert found.placeless == 1
    assert found_by_checks(counts, ["B"], days, date(2020, 2, 11), numbered=False).rows["closed"].tolist() == [False]
    assert found_by_checks(counts, ["C"], days, DAY, numbered=True).rows.empty
    assert found_by_checks(counts, ["A"], days, date(2020, 1, 31), numbered=True) is None

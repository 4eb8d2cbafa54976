"""The due list of a day, held against a second reckoning row by row, on the sample and on made-up worlds."""

from datetime import date, datetime, timedelta
from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.loaders import load_records, sample_datasets
from analytics.response.closing import closing
from analytics.response.due_list import DUE, MARKS, due_in, due_list, moment_of
from analytics.scheme import scheme_named
from analytics.scoring import area_counts_for
from analytics.store import Counts
from tests.office import LAST, SAMPLES
from tests.scoring.small_world import incident, indicator, records, scheme, three_areas

DAY = date(2020, 2, 20)  # a Thursday
EIGHT = datetime.fromisoformat("2020-02-21T08:00")
LATER = datetime.fromisoformat("2027-01-01T09:00")


@cache
def sample():
    (info,) = (found for found in sample_datasets(SAMPLES) if found.id == "demo_street")
    held, _ = load_records({name: info.folder / info.files[name] for name in ("areas", "incidents")}, LAST)
    return held, area_counts_for(Counts.of_records(held), scheme_named("epidemic"))


def own(rows):
    ill = ("confirmed_case", "suspected_case", "close_contact", "fever")
    return rows[~rows["category"].isin(ill) & (rows["channel"] != "clinic")]


@pytest.mark.parametrize("day", ["2026-10-31", "2026-10-14", "2026-02-28", "2025-12-31", "2025-08-20"])
def test_the_sample_says_what_a_second_reckoning_says(day):
    held, facts = sample()
    day = pd.Timestamp(day)
    every = held.incidents
    end = day + pd.Timedelta(days=1)
    known = own(every)[own(every)["occurred_at"] < end]
    still = known[~(known["closed_at"] < end) & ~((known["status"] == "closed") & known["closed_at"].isna())]
    found = due_list(
        facts, day.date(), datetime.combine(end.date(), datetime.min.time().replace(hour=8)), numbered=True
    )
    until = end + pd.offsets.BDay(3)
    eight = end + pd.Timedelta(hours=8)
    timed = still["due_at"] != still["due_at"].dt.normalize()
    over = (still["due_at"] < end) | (timed & (still["due_at"] < eight))
    ahead = still[~over & still["due_at"].notna()]
    wanted = {
        "overdue": still[over],
        "today": ahead[ahead["due_at"].dt.normalize() == end],
        "within_24h": ahead[ahead["due_at"] <= end + pd.Timedelta(hours=32)],
        "within_days": ahead[ahead["due_at"].dt.normalize() <= until],
    }
    month = every[(every["occurred_at"] >= end - pd.Timedelta(days=30)) & (every["occurred_at"] < end)]
    often = month.groupby(["area_id", "category"]).size()
    again = [often.get((row.area_id, row.category), 0) >= 3 for row in still.itertuples()]
    wanted["repeated"] = still[
        pd.Series(again, still.index, dtype=bool) | still["repeated"].eq(other=True).fillna(False)
    ]
    wanted["returned"] = still[still["returned"].eq(other=True).fillna(False)]
    assert set(found.open["number"]) == set(still["incident_id"])
    for name, rows in wanted.items():
        assert set(found.open["number"][found.open[name]]) == set(rows["incident_id"]), name
    assert found.until == until.date()
    rated = known[(known["closed_at"] < end) & (known["closed_at"] >= end - pd.Timedelta(days=30))]
    rated = rated[rated["satisfied"].notna()]
    assert found.rated == len(rated)
    assert set(found.dissatisfied["number"]) == set(rated["incident_id"][~rated["satisfied"].astype(bool)])
    assert set(found.open["area_id"]) <= set(facts.areas.index)
    assert (found.returned_told, found.sums()["undated"]) == (still["returned"].notna().any(), 0)


@pytest.mark.parametrize("day", ["2026-10-31", "2026-03-15"])
def test_it_agrees_with_the_closing_of_incidents(day):
    _, facts = sample()
    day = date.fromisoformat(day)
    sums = due_list(facts, day, moment_of(day, LATER), numbered=False).sums()
    figures = closing(facts, day, "month", "channel").total.now
    assert sums["open"] == figures.open_in_all
    # What was due on the last day of the period is overdue in the morning after it.
    assert sums["overdue"] >= figures.overdue


@pytest.mark.parametrize("day", ["2026-10-31", "2026-02-28"])
def test_numbers_change_no_count(day):
    _, facts = sample()
    day = date.fromisoformat(day)
    with_numbers, without = (due_list(facts, day, moment_of(day, LATER), numbered=one) for one in (True, False))
    assert with_numbers.sums() == without.sums()
    assert without.dissatisfied["n"].sum() == len(with_numbers.dissatisfied)
    assert "number" not in without.open
    assert "number" not in without.dissatisfied
    assert (with_numbers.numbered, without.numbered) == (True, False)


# The clock


@pytest.mark.parametrize(
    ("due", "of"),
    [
        ("2020-02-28 23:59", "overdue"),
        ("2020-02-28", "overdue"),
        ("2020-02-29", "today within_24h within_days"),
        ("2020-02-29 07:59", "overdue"),  # at 8:00 its moment has passed
        ("2020-02-29 08:00", "today within_24h within_days"),
        ("2020-02-29 23:59", "today within_24h within_days"),
        ("2020-03-01 08:00", "within_24h within_days"),
        ("2020-03-01 08:01", "within_days"),
        ("2020-03-01", "within_days"),  # of which no hour is told: to the end of that day
        ("2020-03-04 23:59", "within_days"),
        ("2020-03-05 00:01", ""),
        (None, ""),
    ],
)
def test_due_moments_over_the_end_of_a_month(due, of):
    moment = datetime.fromisoformat(
        "2020-02-29T08:00"
    )  # a Saturday: the third working day after it is Wednesday the 4th
    told = due_in(pd.Series([pd.Timestamp(due) if due else pd.NaT]), moment, date(2020, 3, 4))
    assert [name for name in DUE if told[name][0]] == of.split()


def test_the_list_is_read_at_eight_of_the_next_day_or_now():
    now = datetime.fromisoformat("2020-03-01T14:30")
    assert moment_of(date(2020, 2, 29), now) == datetime.fromisoformat("2020-03-01T08:00")
    assert moment_of(date(2019, 12, 31), now) == datetime.fromisoformat("2020-01-01T08:00")
    assert moment_of(date(2020, 3, 1), now) == now


def test_working_days_leave_out_holidays_and_take_in_weekends_that_are_worked():
    holidays = [
        {"day": "2020-02-24", "working": "否"}, {"day": "2020-02-25", "working": "否"},
        {"day": "2020-02-23", "working": "是"},
    ]  # fmt: skip
    rows = [noise(1, "2020-02-18", due_at="2020-02-27"), noise(2, "2020-02-18", due_at="2020-02-26"), *told_closing()]
    plain, told = (listed(*rows, **tables) for tables in ({}, {"holidays": holidays}))
    # After Friday the 21st: Monday, Tuesday, Wednesday; or the Sunday, Wednesday, Thursday.
    assert (plain.until, told.until) == (date(2020, 2, 26), date(2020, 2, 27))
    assert (plain.sums()["within_days"], told.sums()["within_days"]) == (1, 2)


# Small worlds


def noise(number, day, area="A", **columns):
    usual = {"category": "noise", "channel": "12345", "status": "open", "due_at": None, "closed_at": None}
    return incident(f"N{number}", area, day, **{**usual, "satisfied": None, **columns})


def told_closing(channel="12345"):
    """Of the channel it is told when one is closed."""
    return [
        noise(
            f"C{channel}", "2020-01-01", "C", channel=channel, status="closed", closed_at="2020-01-02",
            category="elder_help",
        )
    ]  # fmt: skip


def facts_of(*rows, areas=None, **tables):
    held = records(areas=areas or three_areas(), incidents=list(rows), **tables)
    return area_counts_for(Counts.of_records(held), scheme([indicator()]))


def listed(*rows, day=DAY, moment=EIGHT, **tables):
    return due_list(facts_of(*rows, **tables), day, moment, numbered=True)


def marked(found, name):
    return numbers(found.open[found.open[name]])


def numbers(rows):
    return sorted(number.removeprefix("N") for number in rows["number"])


def noises(*days, area="A"):
    return [noise(f"{area}{at}", day, area) for at, day in enumerate(days)]


def test_three_of_a_kind_in_an_area_and_thirty_days_came_again():
    found = listed(
        *noises("2020-01-22", "2020-02-01", "2020-02-20"),  # the first on the first of the thirty days
        *noises("2020-01-21", "2020-02-01", "2020-02-20", area="B"),
        *told_closing(),
    )
    assert marked(found, "repeated") == ["A0", "A1", "A2"]


def test_what_came_again_counts_with_those_that_are_closed_and_without_void_ones():
    done = {"status": "closed", "closed_at": "2020-02-12"}
    first = listed(noise(1, "2020-02-10", **done), noise(2, "2020-02-11", **done), noise(3, "2020-02-12"))
    assert marked(first, "repeated") == ["3"]
    second = listed(noise(1, "2020-02-10", **done), noise(2, "2020-02-11", status="void"), noise(3, "2020-02-12"))
    assert marked(second, "repeated") == []


def test_what_the_records_call_repeated_or_sent_back_is():
    found = listed(
        noise(1, "2020-02-10", repeated="是", returned="否"), noise(2, "2020-02-10", "B", repeated="否", returned="是"),
        *told_closing(),
    )  # fmt: skip
    assert (marked(found, "repeated"), marked(found, "returned"), found.returned_told) == (["1"], ["2"], True)


def test_what_records_do_not_tell_is_not_told():
    found = listed(noise(1, "2020-02-10"), *told_closing())
    assert (found.returned_told, found.reopened_told, found.rated) == (False, False, 0)


def test_dissatisfied_are_those_closed_in_thirty_days_and_reopened_those_open_again():
    bad = {"satisfied": "否"}
    found = listed(
        noise(1, "2020-01-10", status="closed", closed_at="2020-01-21", **bad),
        noise(2, "2020-01-10", status="closed", closed_at="2020-01-22", **bad),
        noise(3, "2020-01-10", status="closed", closed_at="2020-02-20", **bad),
        noise(4, "2020-01-10", status="closed", closed_at="2020-02-20", satisfied="是"),
        noise(5, "2020-01-10", status="closed", closed_at="2020-02-21", **bad),  # open on the day, rated after it
        noise(6, "2020-01-10", **bad),
        noise(
            7, "2020-01-10", status="重新办理", closed_at="2020-02-10", **bad
        ),  # with the date of its earlier closing
    )
    assert numbers(found.dissatisfied) == ["2", "3"]
    assert (found.rated, marked(found, "reopened"), found.reopened_told) == (3, ["6", "7"], True)
    assert numbers(found.open) == ["5", "6", "7"]


def test_cases_clinics_void_ones_and_channels_without_closings_stand_apart():
    rows = [
        noise(1, "2020-02-10"), noise(2, "2020-02-10", channel="clinic"), noise(3, "2020-02-10", status="void"),
        noise(4, "2020-02-10", channel="grid"), incident(5, "A", "2020-02-10", "fever", channel="12345"),
        noise(6, "2020-02-10", status="closed"), *told_closing(), *told_closing("clinic"),
    ]  # fmt: skip
    found = listed(*rows)
    assert numbers(found.open) == ["1"]
    assert found.unclosed == ("grid",)


def test_areas_that_are_not_scored_are_told_as_none_and_no_due_day_as_that():
    areas = [
        {"area_id": "X", "name": "X", "level": "community"},
        {"area_id": "A", "name": "A", "level": "grid", "parent_id": "X"},
    ]
    found = listed(
        noise(1, "2020-02-10"), noise(2, "2020-02-10", "X", due_at="2020-02-11"),
        noise(3, "2020-01-01", status="closed", closed_at="2020-01-02"), areas=areas,
    )  # fmt: skip
    rows = {row["number"]: row for row in found.open.to_dict("records")}
    assert (rows["N1"]["area_id"], rows["N2"]["area_id"]) == ("A", None)
    assert (found.sums()["undated"], found.sums()["overdue"]) == (1, 1)


def test_before_the_first_record_there_is_no_list():
    facts = facts_of(noise(1, "2020-02-10"))
    assert due_list(facts, date(2020, 2, 9), datetime.fromisoformat("2020-02-10T08:00"), numbered=False) is None
    without = area_counts_for(Counts.of_records(records(areas=three_areas())), scheme([indicator()]))
    assert due_list(without, DAY, EIGHT, numbered=False) is None


def test_ids_that_are_no_numbers_of_the_office_are_not_told():
    held = [{**noise(1, "2020-02-10"), "incident_id": "13800009999"}, *told_closing()]
    assert listed(*held).open["number"].tolist() == [None]
    bare = [{name: value for name, value in row.items() if name != "incident_id"} for row in held]
    assert listed(*bare).open["number"].tolist() == [None]


MOMENTS = st.datetimes(datetime.fromisoformat("2020-01-25T00:00"), datetime.fromisoformat("2020-03-10T00:00")).map(
    lambda at: at.replace(microsecond=0)
)
DUES = st.none() | MOMENTS | MOMENTS.map(lambda at: datetime.combine(at.date(), datetime.min.time()))


@settings(max_examples=60)
@given(st.lists(DUES, max_size=12), MOMENTS, st.integers(3, 12))
def test_parts_hold_one_another_and_are_those_of_a_second_reckoning(dues, moment, ahead):
    until = moment.date() + timedelta(days=ahead)
    told = due_in(
        pd.Series([pd.Timestamp(due) if due else pd.NaT for due in dues], dtype="datetime64[us]"), moment, until
    )
    for at, due in enumerate(dues):
        overdue, today, soon, later = (bool(told[name][at]) for name in DUE)
        assert today <= soon <= later
        assert not (overdue and later)
        if due is None:
            assert (overdue, later) == (False, False)
            continue
        midnight = due.time() == datetime.min.time()
        ends = due + timedelta(days=1) if midnight else due
        assert overdue == (ends < moment)
        assert today == (not overdue and due.date() == moment.date())
        assert soon == (not overdue and ends <= moment + timedelta(hours=24))
        assert later == (not overdue and due.date() <= until)


@settings(max_examples=10)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 50), DUES, st.booleans()), min_size=1, max_size=20))
def test_rows_add_up_whether_numbers_are_read_or_not(rows):
    made = [
        noise(
            at, f"{date(2020, 1, 1) + timedelta(days=day)}", area, due_at=None if due is None else f"{due}",
            status="closed" if over else "open", closed_at="2020-02-20" if over else None,
        )
        for at, (area, day, due, over) in enumerate(rows)
    ]  # fmt: skip
    facts = facts_of(*made, *told_closing())
    found, plain = (due_list(facts, DAY, EIGHT, numbered=one) for one in (True, False))
    assert found.sums() == plain.sums()
    assert found.sums()["open"] == sum(not over for *_, over in rows)
    by_area = [found.sums(found.open["area_id"] == area) for area in "ABC"]
    assert {name: sum(one[name] for one in by_area) for name in found.sums()} == found.sums()
    assert all(found.sums()[name] <= found.sums()["open"] for name in (*DUE, *MARKS, "undated"))

"""The closing of incidents, held against a second reckoning row by row, on the sample and on made-up worlds."""

import math
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.loaders import load_records, sample_datasets
from analytics.response.closing import BY, RATES, Figures, Ratio, choice_in, closing
from analytics.response.periods import PERIOD_KINDS, period_before, period_to, same_period_last_year
from analytics.scheme import scheme_named
from analytics.scoring import area_counts_for
from analytics.store import Counts
from tests.office import LAST, SAMPLES
from tests.scoring.small_world import incident, indicator, records, scheme, three_areas

ILL = ("confirmed_case", "suspected_case", "close_contact", "fever")
COLUMN = {"channel": "channel", "kind": "category", "area": "area_id"}
DAY = date(2020, 2, 29)


@cache
def sample():
    (info,) = (found for found in sample_datasets(SAMPLES) if found.id == "demo_street")
    held, _ = load_records({name: info.folder / info.files[name] for name in ("areas", "incidents")}, LAST)
    return held, area_counts_for(Counts.of_records(held), scheme_named("epidemic"))


def second_reckoning(rows, first, last):
    """The figures of some rows, by the definition of each, an incident at a time."""
    made = dict.fromkeys(("received", "closed", "due", "on_time", "rated", "satisfied", "open", "overdue"), 0)
    ages = [0] * 5
    for row in rows.itertuples():
        came = (row.occurred_at if pd.isna(row.reported_at) else row.reported_at).date()
        due = None if pd.isna(row.due_at) else row.due_at.date()
        closed = None if pd.isna(row.closed_at) else row.closed_at.date()
        if came > last:
            continue
        ended = closed is not None and closed <= last
        if came >= first:
            made["received"] += 1
            made["closed"] += ended
            if ended and not pd.isna(row.satisfied):
                made["rated"] += 1
                made["satisfied"] += bool(row.satisfied)
        if due is not None and first <= due <= last:
            made["due"] += 1
            timed = due is not None and row.due_at != row.due_at.normalize()
            made["on_time"] += ended and (row.closed_at <= row.due_at if timed and closed == due else closed <= due)
        if not ended:
            made["open"] += 1
            made["overdue"] += due is not None and due <= last
            days = (last - came).days
            ages[sum(days > edge for edge in (3, 7, 15, 30))] += 1
    return made, tuple(ages)


def as_reckoned(figures):
    pairs = {"closed": figures.closed, "due": figures.on_time, "rated": figures.satisfied}
    assert figures.closed.of == figures.received - figures.unclear
    made = {
        "received": figures.received,
        "closed": pairs["closed"].n,
        "due": pairs["due"].of,
        "on_time": pairs["due"].n,
        "rated": pairs["rated"].of,
        "satisfied": pairs["rated"].n,
        "open": figures.open_in_all,
        "overdue": figures.overdue,
    }
    return made, figures.open


def figures_of(row, name):
    return row.now if name == "now" else getattr(row, name) and getattr(row, name).earlier


def closable(rows):
    return rows[~rows["category"].isin(ILL) & (rows["channel"] != "clinic")]


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("kind", PERIOD_KINDS)
@pytest.mark.parametrize("day", ["2026-10-31", "2026-10-14", "2026-02-28", "2025-08-01", "2025-12-31"])
def test_the_sample_says_what_a_second_reckoning_says(by, kind, day):
    held, facts = sample()
    found, day = closing(facts, date.fromisoformat(day), kind, by), date.fromisoformat(day)
    period = period_to(kind, day)
    wanted = {"now": period, "before": period_before(period), "year_before": same_period_last_year(period)}
    assert found.period == period
    begins = held.incidents["occurred_at"].min().date()
    for name, one in wanted.items():
        if name != "now" and (one is None or one.first < begins):
            assert all(getattr(row, name) is None for row in (*found.rows, found.total))
            continue
        own = closable(held.incidents)
        if name != "now":
            began = held.incidents.groupby("channel")["occurred_at"].min().dt.date
            own = own[~own["channel"].isin(began.index[began > one.first])]
        assert as_reckoned(figures_of(found.total, name)) == second_reckoning(own, one.first, one.last)
        for row in found.rows:
            rows = own[own[COLUMN[by]] == row.key]
            if getattr(row, name) is None:
                mine = held.incidents[held.incidents[COLUMN[by]] == row.key]
                assert len(rows) == 0 or mine["occurred_at"].min().date() > one.first
                continue
            assert as_reckoned(figures_of(row, name)) == second_reckoning(rows, one.first, one.last)
    incidents = held.incidents
    inside = incidents["occurred_at"].dt.date.between(period.first, period.last)
    assert found.apart == inside.sum() - inside[closable(incidents).index].sum()


def test_every_area_of_every_channel_adds_up():
    held, facts = sample()
    by_area, by_channel = (closing(facts, LAST, "quarter", by) for by in ("area", "channel"))
    assert by_area.total == by_channel.total
    assert {row.key for row in by_area.rows} == set(facts.areas.index)
    for row in by_channel.rows:
        of_channel = held.incidents[held.incidents["channel"] == row.key]
        alone = Counts.of_records(replace(held, incidents=of_channel.reset_index(drop=True)))
        parts = closing(area_counts_for(alone, scheme_named("epidemic")), LAST, "quarter", "area")
        assert sum((one.now for one in parts.rows), Figures()) == row.now


def world(*incidents, **tables):
    return area_counts_for(
        Counts.of_records(records(areas=three_areas(), incidents=list(incidents), **tables)), scheme([indicator()])
    )


def noise(number, day, area="A", category="noise", **columns):
    return incident(number, area, day, category, **{"channel": "12345", "status": "open", **columns})


def closed(number, day, by, area="A", **columns):
    return noise(number, day, area, status="closed", closed_at=by, **columns)


def total(facts, day=DAY, kind="month", by="channel"):
    return closing(facts, day, kind, by).total.now


def test_a_rate_is_of_those_received_and_another_of_those_due():
    facts = world(
        closed(1, "2020-02-03", "2020-02-10", due_at="2020-02-10"),  # in time, on the last day
        closed(2, "2020-02-03", "2020-02-11", due_at="2020-02-10"),  # late
        noise(3, "2020-02-20", due_at="2020-02-29"),  # open on its due day, which is over
        noise(4, "2020-02-25", due_at="2020-03-05"),  # not due yet
        closed(5, "2020-01-20", "2020-02-02", due_at="2020-02-05"),  # received before, due now
    )
    figures = total(facts)
    assert (figures.received, figures.closed, figures.on_time) == (4, Ratio(2, 4), Ratio(2, 4))
    assert (figures.open, figures.overdue) == ((0, 1, 1, 0, 0), 1)


def test_what_is_closed_after_the_day_is_open_on_it_whatever_its_status_says_today():
    facts = world(closed(1, "2020-02-03", "2020-02-20", due_at="2020-02-10", satisfied="是"), noise(2, "2020-02-02"))
    early, late = (total(facts, date(2020, 2, day)) for day in (19, 20))
    assert (early.closed, early.on_time, early.satisfied, early.overdue) == (Ratio(0, 2), Ratio(0, 1), Ratio(), 1)
    assert (late.closed, late.on_time, late.satisfied, late.overdue) == (Ratio(1, 2), Ratio(0, 1), Ratio(1, 1), 0)


def test_what_was_reopened_is_open_and_was_not_closed_in_time():
    facts = world(
        noise(1, "2020-02-03", status="重办", closed_at="2020-02-05", due_at="2020-02-10"),
        closed(2, "2020-02-03", "2020-02-05", due_at="2020-02-10"),
    )
    figures = total(facts)
    assert (figures.closed, figures.on_time, figures.open_in_all, figures.overdue) == (Ratio(1, 2), Ratio(1, 2), 1, 1)


def test_an_incident_is_received_on_the_day_that_it_became_known():
    facts = world(
        noise(1, "2020-01-30", reported_at="2020-02-02"),
        closed(2, "2020-01-05", "2020-01-06"),
        noise(3, "2020-02-28", reported_at="2020-03-01"),
    )
    assert (total(facts).received, total(facts).open_in_all) == (1, 1)
    assert total(facts, date(2020, 1, 31)).received == 1


def test_void_incidents_are_none_and_those_called_closed_without_a_date_are_in_no_rate():
    facts = world(
        closed(1, "2020-02-03", "2020-02-04"),
        noise(2, "2020-02-03", status="void"),
        noise(3, "2020-02-03", status="closed", due_at="2020-02-09"),
        noise(4, "2020-02-03", status="甲状态"),
    )
    found = closing(facts, DAY, "month", "channel")
    figures = found.total.now
    assert (figures.received, figures.unclear, figures.closed, figures.on_time) == (3, 2, Ratio(1, 1), Ratio())
    assert (figures.open_in_all, found.undated, found.unclosed) == (0, 2, ())


def test_a_channel_of_which_no_closing_is_ever_told_has_no_rate():
    facts = world(
        closed(1, "2020-02-03", "2020-02-04"), *(noise(at, "2020-02-05", channel="grid") for at in range(2, 5)),
        noise(9, "2020-02-05", channel=None, due_at="2020-02-06"),
    )  # fmt: skip
    found = closing(facts, DAY, "month", "channel")
    rates = {row.key: (row.now.received, row.now.closed, row.now.on_time, row.now.open_in_all) for row in found.rows}
    assert rates == {
        "12345": (1, Ratio(1, 1), Ratio(), 0), "grid": (3, Ratio(), Ratio(), 0), None: (1, Ratio(), Ratio(), 0)
    }  # fmt: skip
    assert math.isnan(found.rows[0].now.closed.share)
    assert (found.unclosed, found.undated, found.total.now.closed) == ((None, "grid"), 0, Ratio(1, 1))
    assert [row.key for row in found.rows] == ["grid", "12345", None]


def test_a_closing_that_came_later_still_tells_that_a_channel_tells_them():
    facts = world(closed(1, "2020-02-03", "2020-02-29"))
    assert total(facts, date(2020, 2, 10)).closed == Ratio(0, 1)


@pytest.mark.parametrize("category", ILL)
def test_cases_stand_apart_whatever_channel_brought_them(category):
    facts = world(closed(1, "2020-02-03", "2020-02-04"), incident(2, "A", "2020-02-05", category, channel="grid"))
    found = closing(facts, DAY, "month", "kind")
    assert (found.total.now.received, found.apart) == (1, 1)
    assert [row.key for row in found.rows] == ["noise"]


def test_what_a_clinic_reports_stands_apart_whatever_it_is():
    facts = world(closed(1, "2020-02-03", "2020-02-04"), noise(2, "2020-02-05", channel="clinic"))
    found = closing(facts, DAY, "month", "channel")
    assert (found.total.now.received, found.apart, len(found.rows)) == (1, 1, 1)


def test_a_word_of_the_office_counts_as_what_it_means():
    facts = world(closed(1, "2020-02-03", "2020-02-04", channel="12345热线"), noise(2, "2020-02-05"))
    assert [row.key for row in closing(facts, DAY, "month", "channel").rows] == ["12345"]


def test_periods_before_the_records_are_none_and_never_zero():
    facts = world(closed(1, "2020-01-01", "2020-01-02"), noise(2, "2020-02-05"))
    found = closing(facts, DAY, "month", "channel")
    assert (found.compared[0].first, found.compared[1], found.total.year_before) == (date(2020, 1, 1), None, None)
    assert found.total.change("closed") == -100
    assert math.isnan(found.total.change("closed", year=True))
    assert closing(facts, date(2019, 12, 31), "month", "channel") is None
    first = closing(facts, date(2020, 1, 1), "month", "channel")
    assert (first.compared, first.total.now.received) == ((None, None), 1)


def test_a_month_of_which_only_a_part_is_on_record_is_held_against_nothing():
    facts = world(closed(1, "2020-01-02", "2020-01-02"), noise(2, "2020-02-05"))
    assert closing(facts, DAY, "month", "channel").compared == (None, None)


def test_a_channel_that_began_in_the_earlier_period_is_not_held_against_it():
    """One record on its last day but one would make it 1/1."""
    hotline = [
        *(closed(f"a{at}", f"2020-01-{at + 1:02}", f"2020-01-{at + 1:02}") for at in range(10)),
        *(noise(f"b{at}", "2020-02-03") for at in range(2)),
        *(closed(f"c{at}", "2020-02-03", "2020-02-04") for at in range(8)),
    ]
    platform = [
        closed("p", "2020-01-30", "2020-01-30", channel="platform", category="sanitation", area="B"),
        *(noise(f"q{at}", "2020-02-03", channel="platform", category="sanitation", area="B") for at in range(10)),
    ]
    facts = world(*hotline, *platform)
    found = closing(facts, DAY, "month", "channel")
    rows = {row.key: row for row in found.rows}
    assert (rows["platform"].before, rows["platform"].now.closed) == (None, Ratio(0, 10))
    assert math.isnan(rows["platform"].change("closed"))
    assert found.total.now.closed == Ratio(8, 20)
    assert (found.total.before.now.closed, found.total.before.earlier.closed) == (Ratio(8, 10), Ratio(10, 10))
    assert found.total.change("closed") == pytest.approx(-20)
    assert found.begun_later == (("platform",), ())
    for by, gone in (("kind", "sanitation"), ("area", "B")):
        other = closing(facts, DAY, "month", by)
        assert (other.total.before, other.begun_later) == (found.total.before, found.begun_later)
        assert next(row for row in other.rows if row.key == gone).before is None
    # A month later it has a whole one behind it.
    assert closing(facts, date(2020, 3, 1), "month", "channel").begun_later == ((), ())


def test_a_row_whose_own_records_begin_in_the_earlier_period_is_not_held_against_it():
    facts = world(
        closed(1, "2020-01-01", "2020-01-02"), closed(2, "2020-01-30", "2020-01-30", "B", category="fire_hazard"),
        noise(3, "2020-02-05"), noise(4, "2020-02-05", "B", category="fire_hazard"),
    )  # fmt: skip
    for by, late, whole in (("kind", "fire_hazard", "noise"), ("area", "B", "A")):
        rows = {row.key: row for row in closing(facts, DAY, "month", by).rows}
        assert rows[late].before is None
        assert rows[whole].change("closed") == -100


def test_a_row_that_had_none_before_has_no_change():
    facts = world(
        closed(1, "2020-01-01", "2020-01-02"), closed(2, "2020-02-05", "2020-02-06", channel="grid"),
        noise(3, "2020-02-05"),
    )  # fmt: skip
    rows = {row.key: row for row in closing(facts, DAY, "month", "channel").rows}
    assert math.isnan(rows["grid"].change("closed"))
    assert rows["12345"].change("closed") == -100
    # What came before and does not come now is told as none.
    week = closing(facts, date(2020, 1, 31), "month", "channel")
    assert {row.key: row.now.received for row in week.rows} == {"12345": 1}


def test_a_source_that_fell_silent_is_told_of_the_periods_in_which_it_was():
    brought = {"12345": 40, "grid": 60}
    facts = world(
        *(
            closed(f"{channel}-{day}-{at}", f"{date(2020, 1, 1) + timedelta(days=day)}", "2020-02-29", channel=channel)
            for channel, days in brought.items()
            for day in range(days)
            for at in range(5)
        ),
        reports=[],
    )
    found = closing(facts, DAY, "month", "channel")
    assert found.interrupted == (found.period,)
    assert closing(facts, date(2020, 1, 31), "month", "channel").interrupted == ()


def test_without_incidents_there_is_nothing_to_say():
    assert closing(world(), DAY, "month", "channel") is None


def test_repeated_and_sent_back_are_of_those_of_which_it_is_told():
    facts = world(
        closed(1, "2020-02-03", "2020-02-04", repeated="是", returned="否"),
        noise(2, "2020-02-03", repeated="否"),
        noise(3, "2020-02-03", repeated=None, returned="是"),
    )
    figures = total(facts)
    assert (figures.repeated, figures.returned) == (Ratio(1, 2), Ratio(1, 2))
    assert total(world(noise(1, "2020-02-03"))).repeated == Ratio()


def test_areas_that_are_not_scored_have_a_row_of_their_own():
    areas = [
        {"area_id": "X", "name": "X", "level": "community"},
        {"area_id": "A", "name": "A", "level": "grid", "parent_id": "X"},
    ]
    held = records(areas=areas, incidents=[closed(1, "2020-02-03", "2020-02-04"), noise(2, "2020-02-05", "X")])
    facts = area_counts_for(Counts.of_records(held), scheme([indicator()]))
    rows = {row.key: row.now.received for row in closing(facts, DAY, "month", "area").rows}
    assert rows == {"A": 1, None: 1}


def test_every_area_has_a_row_though_nothing_came():
    rows = closing(world(closed(1, "2020-02-03", "2020-02-04")), DAY, "month", "area").rows
    assert [(row.key, row.now.received) for row in rows] == [("A", 1), ("B", 0), ("C", 0)]
    assert math.isnan(rows[1].now.closed.share)


def test_a_choice_is_read_from_a_link():
    assert choice_in("month-area") == ("month", "area", False)
    assert choice_in("year-people") == ("month", "channel", True)


DAYS = st.integers(0, 59).map(lambda number: date(2020, 1, 1) + timedelta(days=number))


@st.composite
def made(draw):
    came = draw(DAYS)
    last = date(2020, 2, 29)
    row = {
        "day": f"{came}",
        "area": draw(st.sampled_from("ABC")),
        "channel": draw(st.sampled_from(["12345", "grid", "clinic", None])),
        "category": draw(st.sampled_from(["noise", "fire_hazard", "fever"])),
        "due_at": draw(st.none() | st.integers(0, 20).map(lambda days: f"{came + timedelta(days=days)}")),
        "status": draw(st.sampled_from(["open", "closed", "void"])),
        "satisfied": draw(st.sampled_from([None, "是", "否"])),
    }
    if row["status"] == "closed" and draw(st.booleans()):
        row["closed_at"] = f"{min(last, came + timedelta(days=draw(st.integers(0, 30))))}"
    known = draw(st.none() | st.integers(0, 5))
    if known is not None:
        row["reported_at"] = f"{min(last, came + timedelta(days=known))}"
    return row


@settings(max_examples=12)
@given(
    st.lists(made(), min_size=1, max_size=25),
    st.dates(date(2020, 1, 1), DAY),
    st.sampled_from(PERIOD_KINDS),
)
def test_parts_add_up_and_no_part_is_larger_than_its_whole(rows, day, kind):
    rows = [{"closed_at": None, "reported_at": None, **row} for row in rows]
    # One that every file has: the columns are there.
    always = {"status": "closed", "satisfied": "是", "channel": "12345", "category": "noise", "due_at": "2020-01-02"}
    rows.append({**rows[0], **always, **dict.fromkeys(("day", "closed_at", "reported_at"), "2020-01-01")})
    apart = ("area", "day", "category")
    world_rows = [
        incident(at, row["area"], row["day"], row["category"], **{key: row[key] for key in row if key not in apart})
        for at, row in enumerate(rows)
    ]
    held = records(areas=three_areas(), incidents=world_rows)
    facts = area_counts_for(Counts.of_records(held), scheme([indicator()]))
    found = {by: closing(facts, day, kind, by) for by in BY}
    period = found["channel"].period
    assert len({str(one.total) for one in found.values()}) == 1
    for one in found.values():
        for when in ("now", "before", "year_before"):
            # A kind or an area whose own records begin later has no earlier figures of its own.
            if getattr(one.total, when) is not None and (when == "now" or one.by == "channel"):
                parts = [figures_of(row, when) for row in one.rows if getattr(row, when) is not None]
                assert sum(parts, Figures()) == figures_of(one.total, when)
        for row in (*one.rows, one.total):
            for rate in RATES:
                ratio = getattr(row.now, rate)
                assert 0 <= ratio.n <= ratio.of
            assert row.now.closed.of + row.now.unclear == row.now.received
            assert row.now.overdue <= row.now.open_in_all
            assert row.now.satisfied.of <= row.now.closed.n
    own = closable(held.incidents)
    every = held.incidents
    told = every.loc[every["closed_at"].notna() & (every["status"] != "void"), "channel"].fillna("").unique()
    sure = own[
        (own["status"] != "void")
        & ((own["status"] != "closed") | own["closed_at"].notna())
        & own["channel"].fillna("").isin(told)
    ]
    reckoned, ages = second_reckoning(sure, period.first, period.last)
    ours, open_ages = as_reckoned(found["channel"].total.now)
    assert {**ours, "received": found["channel"].total.now.closed.of} == reckoned
    assert open_ages == ages

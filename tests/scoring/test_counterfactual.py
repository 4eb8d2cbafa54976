"""What is said to lower a tier does so: it is applied to the records, and they are assessed again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import hypothesis
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from analytics import tiers
from analytics.loaders import Records, load_records, sample_datasets
from analytics.scheme import Scheme, pack_ids, scheme_named
from analytics.scheme.reading import reference_ids
from analytics.scoring import Assessment, area_counts_for, assess, fits, reassess
from analytics.scoring.amounts import AreaAmounts
from analytics.scoring.area_counts import day_numbers
from analytics.scoring.counterfactual import LONGEST_WAIT, all_smallest_changes, are_known, smallest_changes
from analytics.store.counts import Counts
from tests.long.sizes import many
from tests.scoring.changes_applied import applied, new_elsewhere
from tests.scoring.small_world import assessed, days, given, incident, indicator, records, scheme, three_areas

DAY = days("2020-02-15")
SAMPLES = Path(__file__).parents[2] / "sample_data"


@cache
def sample(name: str) -> tuple[Records, Counts, pd.Timestamp]:
    """A sample's records, their counts, and its newest day; what it did not send did not happen, as an office says of
    days that are waited for."""
    (info,) = (found for found in sample_datasets(SAMPLES) if found.id == name)
    files = {table: info.folder / file for table, file in info.files.items()}
    records, _ = load_records(files, info.default_date)
    newest = pd.Timestamp(info.default_date)
    records = reported(records, newest)
    return records, Counts.of_records(records), newest


def reported(records: Records, newest: pd.Timestamp) -> Records:
    """The records with zero reports of each area and table up to ``newest``."""
    first = records.incidents["occurred_at"].min().normalize() - pd.Timedelta(days=LONGEST_WAIT)
    told = [("incidents", area_id) for area_id in (None, *records.areas.index)]
    told += [("checks", None)] if records.checks is not None else []
    reports = pd.DataFrame(told, columns=["table", "area_id"])
    reports = reports.assign(column=None, feed=None, from_day=first, to_day=newest)
    # An area's own are needed for the days that it waits, and cost time.
    reports.loc[reports["area_id"].notna(), "from_day"] = newest - pd.Timedelta(days=LONGEST_WAIT)
    return replace(records, reports=reports)


CASES = [
    (data, name)
    for data in ("demo_street", "trafford")
    for name in (*pack_ids(), *reference_ids())
    if fits(sample(data)[1], scheme_named(name))
]


def rated(counts: Counts, chosen: Scheme, day: pd.Timestamp) -> Assessment:
    """By what is computed alone: the stability rule has a part of its own below."""
    chosen = chosen.model_copy(update={"stability": None})
    return assess(area_counts_for(counts, chosen), chosen, pd.DatetimeIndex([day]))


@pytest.mark.parametrize(("data", "name"), CASES)
def test_every_change_of_a_sample_gives_the_tier_and_the_score_that_were_said(data, name):
    records, counts, day = sample(data)
    tried = applied_as_said(records, rated(counts, scheme_named(name), day), day)
    assert tried or data != "demo_street"


def applied_as_said(records: Records, run: Assessment, day: pd.Timestamp, *, whichever: bool = False) -> int:
    """Apply the first, second and third change of each area to the records, and hold what scoring says of them then
    against what was said; returns how many changes were tried.

    What is said of some of several incidents holds whichever they are. `applied` takes those that fewest indicators
    count, which are those that lower the score least unless two kinds weigh differently: ``whichever`` allows for that.
    """
    found, tried = all_smallest_changes(run).by_area, 0
    for number in range(3):
        changes = {area_id: ways[number] for area_id, ways in found.items() if len(ways) > number}
        if not changes:
            continue
        after = rated(Counts.of_records(applied(records, run.scheme, day, changes)), run.scheme, day)
        for area_id, change in changes.items():
            at = run.areas.index.get_loc(area_id)
            said = (area_id, change)
            tried += 1
            tier, enough = after.computed[-1, at], 0 <= after.computed[-1, at] < run.computed[-1, at]
            if whichever and any(step.kind in ("fewer", "close") for step in change.steps):
                assert 0 <= tier <= tiers.RANKED.index(change.tier), said
                assert after.score[-1, at] <= change.score + 1e-6, said
                assert enough or not change.enough, said
                continue
            assert tiers.names(tier) == change.tier, said
            # Which of several incidents do not happen is left open: of those that weigh least it is the most.
            # And where each place that can be visited is new to another indicator too, that gets better as well.
            least = any(step.kind == "fewer" for step in change.steps)
            most = 0 if least or new_elsewhere(records, run.scheme, day, area_id, change) else change.score
            assert most - 1e-6 <= after.score[-1, at] <= change.score + 1e-6, said
            assert change.enough == enough, said
    return tried


KINDS = ("fever", "noise")
linear = st.builds(
    lambda low, by: {"method": "linear", "linear": {"low": low, "high": low + by}},
    st.integers(0, 2),
    st.integers(1, 12),
)
bands = st.just({"method": "bands", "bands": [[0, 0], [1, 30], [3, 60], [6, 100]]})
kinds = st.sampled_from([["fever"], ["noise"], ["fever", "noise"]])


def _item(name, draw, measures):
    """An indicator of what an office can change, of one of the measures of incidents or of visits."""
    measure = draw(st.sampled_from(measures))
    settings = {"actionable": True, "weight": draw(st.integers(1, 5)), "points": draw(st.one_of(linear, bands))}
    if measure == "coverage":
        return covered(id=name, window_days=draw(st.sampled_from([14, 30])), weight=settings["weight"])
    settings |= {"measure": measure, "where": {"category": draw(kinds)}}
    settings["window_days"] = draw(st.sampled_from([7, 14])) if measure in ("count", "rate") else None
    if measure == "rate":
        settings["per"] = {"base": "population", "scale": 1000}
    if measure == "days_since":
        quiet = {"method": "bands", "bands": [[0, 0], [15, 100]]}
        settings |= {"days_since": {"cap": 28}, "harder_when": "low", "points": quiet}
    return indicator(name, **settings)


@st.composite
def offices(draw):
    """Three areas with incidents, places and visits, and a scheme of two dimensions over them."""
    rows = [
        incident(
            number, draw(st.sampled_from("AAB")), f"{DAY[0] - pd.Timedelta(days=draw(st.integers(0, 20))):%Y-%m-%d}",
            draw(st.sampled_from(KINDS)),
            due_at=f"{DAY[0] + pd.Timedelta(days=draw(st.integers(-9, 9))):%Y-%m-%d}",
        )
        for number in range(draw(st.integers(1, 25)))
    ]  # fmt: skip
    # An area that never had one has no time since the last one.
    rows += [
        incident(f"{area}{kind}", area, "2020-01-02", kind, closed_at="2020-01-03") for area in "ABC" for kind in KINDS
    ]
    places = [{"place_id": f"{area}{n}", "area_id": area, "kind": "building"} for area in "ABC" for n in range(6)]
    checks = [visited(1, "C0", "2020-02-10") | {"area_id": "C"}]
    checks += [visited(number + 2, f"A{number}", "2020-02-09") for number in range(draw(st.integers(0, 5)))]
    world = records(areas=three_areas(), incidents=rows, places=places, checks=checks)
    # Of two windows of visits, which place is visited decides whether one moves both.
    of_incidents = ["count", "rate", "open", "overdue", "days_since"]
    parts = [_item("i0", draw, [*of_incidents, "coverage"])]
    parts += [_item(f"i{number}", draw, of_incidents) for number in range(1, draw(st.integers(1, 4)))]
    cut = draw(st.integers(1, len(parts)))
    floors = [{"at_least": draw(st.sampled_from(["blue", "orange"])), "name": {"zh": "红线", "en": "Floor"},
               "when": {"indicator": parts[0]["id"], "op": ">=", "value": 2}}]  # fmt: skip
    hard = parts[0].get("harder_when", "high") == "high" and draw(st.booleans())
    minutes = {"red": {"cadence_days": 1, "minutes_per_check": 15, "text": {"zh": "访", "en": "visit"}}}
    dimensions = [held for held in (parts[:cut], parts[cut:]) if held]
    return world, scheme(*dimensions, floors=floors if hard else [], measures=minutes)


@hypothesis.given(offices())
@settings(max_examples=many(40), suppress_health_check=[HealthCheck.too_slow])
def test_every_change_of_a_made_office_gives_the_tier_and_the_score_that_were_said(office):
    world, chosen = office
    world, day = reported(world, DAY[0]), DAY[0]
    run = rated(Counts.of_records(world), chosen, day)
    hypothesis.target(float(applied_as_said(world, run, day, whichever=True)))


@pytest.mark.parametrize(("data", "name"), CASES)
def test_the_numbers_of_today_give_the_values_of_today(data, name):
    _, counts, day = sample(data)
    run = rated(counts, scheme_named(name), day)
    number = int(day_numbers(pd.DatetimeIndex([day]))[0])
    amounts = AreaAmounts(run.behind, run.scheme, number)
    for at in range(len(run.areas)):
        known = run.values[-1, at]
        for held in (amounts.now, amounts.later(3)):
            rows = held.of_area(at)
            rows = replace(rows, part=np.atleast_2d(rows.part), whole=np.atleast_2d(rows.whole))
            np.testing.assert_array_equal(rows.values(run.scheme, known)[0], known)


def of_a(found: Assessment) -> tuple[tuple[str, int, int, int], ...]:
    """The steps of all ways of area A."""
    return tuple(
        (step.kind, step.amount, step.before, step.after) for way in smallest_changes(found, "A") for step in way.steps
    )


def test_incidents_fewer_are_whole_and_a_score_on_a_cut_off_is_not_below_it():
    rows = [incident(number, "A", "2020-02-14") for number in range(8)]
    chosen = scheme([indicator(actionable=True), given("x")])
    found = assessed(records(areas=three_areas(x=[40, 40, 40]), incidents=rows), chosen, DAY)
    # (80 + 40) / 2 = 60 is orange; with 7 incidents it is 55, and with 4 it were 40, which is yellow still.
    wait, fewer = smallest_changes(found, "A")
    assert of_a(found) == (("wait", 6, 0, 6), ("fewer", 1, 8, 7))
    assert (fewer.tier, fewer.score, fewer.enough) == ("yellow", 55, True)
    assert (wait.tier, wait.score, wait.ready) == ("blue", 20, date(2020, 2, 21))


def test_nothing_is_proposed_that_nobody_can_change():
    chosen = scheme([given("x", actionable=True)])
    found = assessed(records(areas=three_areas(x=[90, 90, 90])), chosen, DAY)
    assert smallest_changes(found, "A") == ()
    green = assessed(records(areas=three_areas(x=[1, 1, 1])), chosen, DAY)
    assert smallest_changes(green, "A") == ()


def test_it_is_that_of_the_last_day_of_a_history_and_knows_nothing_of_later_records():
    rows = [incident(number, "A", "2020-02-14") for number in range(9)]
    rows += [incident(number, "A", "2020-02-15") for number in range(9, 14)]
    one_day = scheme([indicator(actionable=True, window_days=2)])
    world = records(areas=three_areas(), incidents=rows)
    found = assessed(world, one_day, days("2020-02-14", "2020-02-15"))
    assert of_a(found) == (("wait", 1, 0, 1), ("fewer", 7, 14, 7))
    # On the day before five of them had not happened; a day later those nine are the older half of the window.
    assert of_a(found.on(found.days[0])) == (("wait", 2, 0, 2), ("fewer", 2, 9, 7))


def test_what_is_open_is_closed_by_number_and_what_falls_due_while_waiting_is_overdue():
    rows = [incident(number, "A", "2020-02-01", due_at="2020-02-10") for number in range(5)]
    rows += [incident(number, "A", "2020-02-01", due_at="2020-02-16") for number in range(5, 8)]
    overdue = indicator("late", measure="overdue", window_days=None, actionable=True)
    quiet = indicator(
        "quiet", measure="days_since", window_days=None, days_since={"cap": 28}, harder_when="low",
        points={"method": "bands", "bands": [[0, 0], [15, 100]]},
    )  # fmt: skip
    found = assessed(records(areas=three_areas(), incidents=rows), scheme([overdue]), DAY)
    assert of_a(found) == (("close", 2, 5, 3),)
    # Waiting lifts the quiet days on the first day, and on the second three more are overdue.
    both = scheme([overdue], [quiet])
    found = assessed(records(areas=three_areas(), incidents=rows), both, DAY)
    ways = smallest_changes(found, "A")
    assert [(way.steps[0].kind, way.steps[0].amount, way.score) for way in ways[:1]] == [("wait", 1, 25.0)]


def visited(number: int, place: str, day: str, **columns: object) -> dict[str, object]:
    return {
        "check_id": f"c{number}", "area_id": "A", "place_id": place, "kind": "visit", "checked_at": day,
        "outcome": "done", **columns,
    }  # fmt: skip


def covered(**settings: object) -> dict[str, object]:
    usual = {
        "from": "checks", "measure": "coverage", "where": {"kind": "visit", "outcome": ["done"]},
        "of": {"kind": "building"}, "window_days": 30, "harder_when": "low", "actionable": True,
        "points": {"method": "linear", "linear": {"low": 0, "high": 1}},
    }  # fmt: skip
    return indicator("seen", **(usual | settings))


def test_visits_are_counted_in_places_and_cost_the_minutes_of_the_tier():
    places = [{"place_id": f"{area}{n}", "area_id": area, "kind": "building"} for area in "ABC" for n in range(10)]
    minutes = {"red": {"cadence_days": 1, "minutes_per_check": 15, "text": {"zh": "访", "en": "visit"}}}
    chosen = scheme([covered()], measures=minutes)
    world = records(areas=three_areas(), places=places, checks=[visited(1, "A0", "2020-02-10")])
    found = assessed(world, chosen, DAY)
    (way,) = smallest_changes(found, "A")
    # 1 of 10 is 90; 2 of 10 would be 80, which is red still.
    (step,) = way.steps
    assert (step.kind, step.amount, step.before, step.after, step.of) == ("visit", 2, 1, 3, 10)
    assert (way.tier, way.minutes, way.days, way.tied) == ("orange", 30, 0, False)
    without = assessed(world, scheme([covered()]), DAY)
    assert smallest_changes(without, "A")[0].minutes is None


def test_two_things_together_where_neither_is_enough_and_that_is_said():
    rows = [incident(number, "A", "2020-01-05", due_at="2020-01-08") for number in range(3)]
    places = [{"place_id": f"A{n}", "area_id": "A", "kind": "building"} for n in range(4)]
    late = indicator("late", measure="overdue", window_days=None, actionable=True,
                     points={"method": "linear", "linear": {"low": 0, "high": 3}})  # fmt: skip
    chosen = scheme(
        [late], [covered(where={"kind": "visit"})], tiers={"blue": 10, "yellow": 20, "orange": 30, "red": 45}
    )
    checks = [visited(1, "B9", "2020-02-10")]
    places.append({"place_id": "B9", "area_id": "B", "kind": "building"})
    world = records(areas=three_areas(), places=places, incidents=rows, checks=[{**checks[0], "area_id": "B"}])
    pair, short = smallest_changes(assessed(world, chosen, DAY), "A")
    assert [step.kind for step in pair.steps] == ["close", "visit"]
    assert pair.enough
    assert pair.score < 45
    assert (short.enough, short.tier, len(short.steps)) == (False, "red", 1)


def test_a_floor_that_stays_is_named_with_its_last_day_and_so_is_the_day_on_which_the_published_tier_may_fall():
    rows = [incident(number, "A", "2020-02-14") for number in range(9)]
    floors = [{"at_least": "yellow", "when": {"indicator": "fever_7d", "op": ">=", "value": 1},
               "name": {"zh": "有发热", "en": "fever"}}]  # fmt: skip
    rule = {"confirm_up_days": 1, "confirm_down_days": 3, "minimum_stay_days": 5, "one_step_down": True}
    chosen = scheme([indicator(actionable=True)], floors=floors, stability=rule)
    found = assessed(records(areas=three_areas(), incidents=rows), chosen, DAY)
    wait, fewer = smallest_changes(found, "A")
    assert [(left.floor, left.until) for left in fewer.floors] == [(0, date(2020, 2, 21))]
    assert wait.floors == ()
    # Red since the 14th: five days from then, and three below it, are over on the 19th.
    assert (fewer.tier, fewer.published_on, fewer.published) == ("orange", date(2020, 2, 19), "orange")


def test_places_among_areas_and_small_counts_have_nothing_to_tell():
    rows = [incident(number, "A", "2020-02-14") for number in range(9)]
    among = scheme([indicator(actionable=True, points={"method": "rank"})])
    found = assessed(records(areas=three_areas(), incidents=rows), among, DAY)
    assert (smallest_changes(found, "A"), are_known(found)) == ((), False)
    chosen = scheme([indicator(actionable=True)])
    found = assessed(records(areas=three_areas(), incidents=rows), chosen, DAY)
    small = replace(found, small=np.ones_like(found.small))
    assert [step[0] for step in of_a(small)] == ["wait"]
    assert smallest_changes(replace(found, behind=None), "A") == ()


def test_what_is_kept_is_that_of_its_day_alone():
    rows = [incident(number, "A", "2020-02-14") for number in range(9)]
    found = assessed(records(areas=three_areas(), incidents=rows), scheme([indicator(actionable=True)]),
                     days("2020-02-14", "2020-02-15"))  # fmt: skip
    kept = replace(found, behind=all_smallest_changes(found))
    assert smallest_changes(kept, "A") == smallest_changes(found, "A") != ()
    assert smallest_changes(kept.on(kept.days[0]), "A") == ()
    assert smallest_changes(reassess(kept, found.scheme), "A") == ()

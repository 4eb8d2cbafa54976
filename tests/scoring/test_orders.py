"""Orders: they raise what is shown for a time and change nothing else."""

import random
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import tiers
from analytics.scoring import area_counts_for, assess, reason_for
from analytics.scoring.orders import NOT_ORDERED, orders_of
from analytics.scoring.overrides import Override, with_overrides
from analytics.scoring.summary import area_marks, carried_areas
from analytics.store.counts import Counts
from tests.long.sizes import many
from tests.scoring.small_world import days, incident, indicator, records, scheme

DAY = date(2020, 2, 10)
SPAN = days("2020-02-01", "2020-02-28")
AREAS = [
    {"area_id": "S", "name": "街道", "level": "street", "parent_id": ""},
    {"area_id": "P", "name": "甲社区", "level": "community", "parent_id": "S"},
    {"area_id": "Q", "name": "乙社区", "level": "community", "parent_id": "S"},
    {"area_id": "A", "name": "A", "level": "grid", "parent_id": "P"},
    {"area_id": "B", "name": "B", "level": "grid", "parent_id": "P"},
    {"area_id": "C", "name": "C", "level": "grid", "parent_id": "Q"},
]
INSIDE = {"": {"A", "B", "C"}, "S": {"A", "B", "C"}, "P": {"A", "B"}, "Q": {"C"}, "A": {"A"}, "B": {"B"}, "C": {"C"}}
FEVERS = [incident(n, "A", f"2020-02-{8 + n % 3:02}") for n in range(7)] + [
    incident(100 + n, "B", "2020-02-09") for n in range(2)
]
COLUMNS = ["order_id", "at_least", "area_id", "basis", "from_day", "to_day", "measure", "scheme"]
STEADY = {
    "confirm_up_days": 2, "at_once_when_tiers_up": 4, "confirm_down_days": 3, "minimum_stay_days": 5,
    "one_step_down": True,
}  # fmt: skip


def order(number="T1", at_least="orange", area="", first="2020-02-10", last="2020-02-14", **more):
    return {
        "order_id": number, "at_least": at_least, "area_id": area, "basis": "街办〔2020〕31号", "from_day": first,
        "to_day": last, "measure": "每日巡查", **more,
    }  # fmt: skip


@cache
def loaded(incidents=()):
    return records(areas=AREAS, incidents=[*FEVERS, *(incident(500 + n, *one) for n, one in enumerate(incidents))])


def frame(orders):
    """As a load gives it, which reads a file."""
    held = pd.DataFrame([{"scheme": None, **one} for one in orders])
    texts = {name: "str" for name in held.columns if name not in ("from_day", "to_day")}
    held = held.assign(area_id=held["area_id"].replace("", None), scheme=held["scheme"].replace("", None))
    return held.astype({**texts, "from_day": "datetime64[us]", "to_day": "datetime64[us]"})


def facts_of(*orders, silent=False, more=()):
    made = loaded(more)
    made = replace(made, reports=None if silent else made.reports, orders=frame(orders) if orders else None)
    return area_counts_for(Counts.of_records(made), scheme([indicator()]))


def run(*orders, on=SPAN, chosen=None, silent=False, more=()):
    return assess(facts_of(*orders, silent=silent, more=more), chosen or scheme([indicator()], stability=STEADY), on)


def test_the_made_orders_are_as_a_load_gives_them():
    orders = [order(), order("T2", "red", "P", scheme="made")]
    pd.testing.assert_frame_equal(
        frame(orders)[COLUMNS], records(areas=AREAS, incidents=FEVERS, orders=orders).orders[COLUMNS], check_dtype=True
    )


def tier(assessment, area, day):
    at = assessment.days.get_loc(pd.Timestamp(day))
    return str(tiers.names(assessment.shown[at, assessment.areas.index.get_loc(area)]))


def test_it_raises_from_its_first_to_its_last_day_and_never_lowers():
    without, ordered = run(), run(order())
    inside = (SPAN >= "2020-02-10") & (SPAN <= "2020-02-14")
    expected = np.where(inside[:, None], np.maximum(without.shown, tiers.RANK["orange"]), without.shown)
    np.testing.assert_array_equal(ordered.shown, expected)
    for name in ("computed", "published", "score", "days_held", "next_change", "carried", "waiting_for"):
        np.testing.assert_array_equal(getattr(ordered, name), getattr(without, name), name)
    raised = ordered.without_order != NOT_ORDERED
    np.testing.assert_array_equal(raised, inside[:, None] & (without.shown < tiers.RANK["orange"]))
    np.testing.assert_array_equal(ordered.without_order[raised], without.shown[raised])


def test_it_says_why_and_until_when_and_once_it_ended_that_it_did():
    ordered = run(order())
    reason = reason_for(ordered.on(date(2020, 2, 12)), "C")
    assert (reason.shown.why, reason.shown.tier, reason.shown.without) == ("order", "orange", "green")
    assert (reason.shown.order.basis, reason.shown.order.last) == ("街办〔2020〕31号", date(2020, 2, 14))
    after = reason_for(ordered.on(date(2020, 2, 15)), "C").shown
    assert (after.why, after.tier, after.order) == ("computed", "green", None)
    assert after.ended.number == "T1"
    assert reason_for(ordered.on(date(2020, 2, 21)), "C").shown.ended is not None
    assert reason_for(ordered.on(date(2020, 2, 22)), "C").shown.ended is None
    # Where the tier is as hard without it, its end took nothing away.
    assert tier(run(order(at_least="blue")), "A", "2020-02-15") != "green"
    assert reason_for(run(order(at_least="blue")).on(date(2020, 2, 15)), "A").shown.ended is None


@pytest.mark.parametrize("area", INSIDE)
def test_an_area_of_a_higher_level_means_all_below_it_and_none_means_all(area):
    without, ordered = run(), run(order(at_least="red", area=area))
    for code in "ABC":
        for day in ("2020-02-09", "2020-02-10", "2020-02-15"):
            inside = code in INSIDE[area] and day == "2020-02-10"
            assert tier(ordered, code, day) == ("red" if inside else tier(without, code, day)), (code, day)


@pytest.mark.parametrize(
    ("written", "holds"), [("", True), ("made", True), ("Made", True), ("other", False), ("made ", True)]
)
def test_it_may_be_of_one_scheme_by_its_id_or_name(written, holds):
    found = orders_of(facts_of(order(scheme=written)), scheme([indicator()]), SPAN)
    assert bool(found) == holds


def test_an_area_without_data_is_raised_too_and_its_computed_tier_stays_unknown():
    chosen = scheme([indicator()])
    on = days("2020-03-25")
    assert {tier(run(on=on, chosen=chosen, silent=True), area, on[0]) for area in "ABC"} & {"unknown"}
    late = order(first="2020-03-20", last="2020-03-31", at_least="yellow")
    without, ordered = (run(*orders, on=on, chosen=chosen, silent=True) for orders in ((), (late,)))
    lacking = without.shown[0] == tiers.UNKNOWN_RANK
    assert (ordered.shown[0][lacking] == tiers.RANK["yellow"]).all()
    assert (ordered.computed[0][lacking] == tiers.UNKNOWN_RANK).all()
    assert (ordered.without_order[0][lacking] == tiers.UNKNOWN_RANK).all()
    area = ordered.areas.index[lacking][0]
    assert reason_for(ordered, area).lacks_data


def test_it_stands_above_what_a_person_decided_and_a_harder_decision_stands():
    ordered = run(order())
    decided = with_overrides(
        ordered,
        [
            Override("B", "green", "现场核实", "role", date(2020, 2, 12), date(2020, 2, 16)),
            Override("C", "red", "现场核实", "role", date(2020, 2, 12), date(2020, 2, 16)),
        ],
    )
    assert [tier(decided, "B", f"2020-02-{day}") for day in (12, 14, 15, 16)] == ["orange", "orange", "green", "green"]
    assert [tier(decided, "C", f"2020-02-{day}") for day in (12, 16)] == ["red", "red"]
    marks = area_marks(decided.on(date(2020, 2, 12)))
    assert marks.loc["B", ["override", "order"]].tolist() == [False, True]
    assert marks.loc["C", ["override", "order"]].tolist() == [True, False]


def test_what_an_order_raised_is_not_carried():
    chosen = scheme([indicator()])
    on = days("2020-03-02")
    without = run(on=on, chosen=chosen, silent=True)
    ordered = run(order(first="2020-03-01", last="2020-03-05", at_least="red"), on=on, chosen=chosen, silent=True)
    assert not carried_areas(ordered).any()
    assert area_marks(ordered)["order"].all()
    np.testing.assert_array_equal(ordered.carried, without.carried)


ORDERS = st.lists(
    st.builds(
        lambda number, at_least, area, first, length: order(
            f"T{number}", at_least, area, f"{DAY + timedelta(days=first)}", f"{DAY + timedelta(days=first + length)}"
        ),
        st.integers(0, 10**6),
        st.sampled_from(["red", "orange", "yellow", "blue"]),
        st.sampled_from(list(INSIDE)),
        st.integers(-12, 12),
        st.integers(0, 12),
    ),
    max_size=5,
    unique_by=lambda one: one["order_id"],
)


@settings(max_examples=many(15))
@given(ORDERS, st.integers(0, 2**32))
def test_orders_only_raise_end_by_themselves_and_their_order_changes_nothing(orders, seed):
    shuffled = orders.copy()
    random.Random(seed).shuffle(shuffled)
    without, ordered, again = run(), run(*orders), run(*shuffled)
    np.testing.assert_array_equal(ordered.shown, again.shown)
    assert ordered.orders == again.orders
    assert (ordered.shown >= without.shown).all()
    for at, day in enumerate(SPAN.date):
        for column, area in enumerate(ordered.areas.index):
            asked = [
                tiers.RANK[one["at_least"]]
                for one in orders
                if one["from_day"] <= f"{day}" <= one["to_day"] and area in INSIDE[one["area_id"]]
            ]
            assert ordered.shown[at, column] == max([*asked, without.shown[at, column]])


@settings(max_examples=many(15))
@given(ORDERS)
def test_one_day_is_told_as_in_the_whole_history(orders):
    whole, alone = run(*orders), run(*orders, on=days("2020-02-14"))
    at = SPAN.get_loc("2020-02-14")
    np.testing.assert_array_equal(whole.shown[at], alone.shown[0])
    day = whole.on(date(2020, 2, 14))
    for area in whole.areas.index:
        assert reason_for(day, area).shown == reason_for(alone, area).shown


@settings(max_examples=many(10))
@given(st.data())
def test_worse_records_are_never_milder_under_orders(data):
    orders = data.draw(ORDERS)
    more = data.draw(st.sampled_from([(("A", "2020-02-09"),), (("C", "2020-02-09"),) * 4, (("B", "2020-02-12"),) * 7]))
    assert (run(*orders, more=more).shown >= run(*orders).shown).all()

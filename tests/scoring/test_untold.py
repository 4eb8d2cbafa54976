"""What a record does not say is missing: a rented home of which it is not told whether it is registered is not one that
is, and one whose beds were not counted is not one with few."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import tiers
from analytics.loaders.columns import recognise
from analytics.scheme.measures import Gap
from analytics.scoring import area_counts_for
from analytics.scoring.area_counts import day_numbers
from analytics.scoring.measures import measured
from analytics.store import Counts, Store, counts_of
from tests.loaders.files_of_records import load, repairs
from tests.scoring.small_world import assessed, days, indicator, records, scheme, three_areas
from tests.store import made

ON = days("2020-02-10", "2020-02-10")
UNREGISTERED = indicator(
    "unregistered", **{"from": "places"}, where={"kind": "rental", "registered": False}, measure="stock",
    window_days=None, never_seen="zero",
)  # fmt: skip
CROWDED = UNREGISTERED | {"id": "crowded", "where": {"kind": "rental", "beds": {"op": ">=", "value": 10}}}


def place(number, area, kind="rental", **columns):
    return {"place_id": f"P{number}", "area_id": area, "kind": kind, **columns}


def values(counts, item):
    chosen = scheme([item])
    facts = area_counts_for(counts, chosen)
    return measured(facts, chosen.indicators[0], day_numbers(ON))


def found(places, item):
    return values(Counts.of_records(records(areas=three_areas(), places=places)), item)


def test_a_file_says_yes_no_or_nothing_and_a_number_of_beds():
    text = (
        "场所编号,网格编码,类型,核定人数,是否登记,床位数\n"
        "P1,G1,出租房,12,已登记,14\nP2,G1,出租房,,未登记,\nP3,G2,商铺,,,\n"
    )
    held, reports = load(places=text)
    assert held.places["registered"].astype("object").where(held.places["registered"].notna(), None).to_list() == [
        True, False, None,
    ]  # fmt: skip
    assert held.places["beds"].fillna(-1).to_list() == [14, -1, -1]
    assert held.places["capacity"].fillna(-1).to_list() == [12, -1, -1]
    assert not repairs(reports["places"])


def test_a_file_without_such_columns_is_stored_as_it_was_before_they_were_read():
    held = load(places="场所编号,网格编码,类型,核定人数\nP1,G1,出租房,12\n")[0].places
    assert not {"registered", "beds"} & set(held)


@pytest.mark.parametrize("header", ["登记时间", "登记机关", "登记人数", "床位费"])
def test_other_headers_are_not_taken_for_them(header):
    assert not {"registered", "beds"} & set(recognise("places", ["场所编号", "网格编码", "类型", header], {}).columns)


def test_one_home_that_does_not_say_makes_its_area_missing_and_no_other():
    homes = [
        place(1, "A", registered="否", beds=12),
        place(2, "A", registered=None, beds=3),
        place(3, "B", registered="是", beds=2),
        place(4, "C", kind="shop"),
    ]
    unregistered, crowded = found(homes, UNREGISTERED), found(homes, CROWDED)
    np.testing.assert_array_equal(unregistered.values[0], [np.nan, 0, 0])
    assert unregistered.gaps[0].tolist() == [Gap.EMPTY_CELL, Gap.NONE, Gap.NONE]
    assert unregistered.at_least[0, 0] == 1  # the one that is told
    np.testing.assert_array_equal(crowded.values[0], [1, 0, 0])


def test_where_no_file_says_it_every_area_with_such_a_home_is_missing():
    homes = [place(1, "A"), place(2, "B", kind="shop"), place(3, "C")]
    for item in (UNREGISTERED, CROWDED):
        got = found(homes, item)
        assert got.gaps[0].tolist() == [Gap.EMPTY_CELL, Gap.NONE, Gap.EMPTY_CELL]
        assert got.values[0, 1] == 0


def test_no_tier_is_milder_for_a_home_that_does_not_say():
    told = [place(1, "A", registered="否"), place(2, "B", registered="否"), place(3, "C", registered="是")]
    item = UNREGISTERED | {"points": {"method": "linear", "linear": {"low": 0, "high": 1}}}
    before = assessed(records(areas=three_areas(), places=told), scheme([item]), ON)
    silent = [told[0], told[1] | {"registered": None}, told[2]]
    after = assessed(records(areas=three_areas(), places=silent), scheme([item]), ON)
    assert tiers.names(before.computed[-1]).tolist() == ["red", "red", "green"]
    assert tiers.names(after.computed[-1]).tolist() == ["red", "unknown", "green"]


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from([True, False, None]), st.booleans()), min_size=1))
def test_the_law_of_what_is_untold(homes):
    """An area's number is known where every rented home of it says, and is that of those that say no."""
    rows = [
        place(number, area, kind="rental" if let else "shop", registered=said)
        for number, (area, said, let) in enumerate(homes)
    ]
    got = found(rows, UNREGISTERED)
    for at, area in enumerate("ABC"):
        lets = [said for own, said, let in homes if own == area and let]
        if not [own for own, _, _ in homes if own == area]:
            assert got.gaps[0, at] == Gap.AREA_NOT_IN_TABLE
        elif None in lets:
            assert got.gaps[0, at] == Gap.EMPTY_CELL
        else:
            assert (got.gaps[0, at], got.values[0, at]) == (Gap.NONE, lets.count(False))


def test_a_load_with_the_columns_and_an_older_one_without_them_count_together(tmp_path):
    store = Store.open(tmp_path / "home")
    store.add(made.areas({"A1": 100, "A2": 100, "A3": 100}), made.ME)
    old = made.places({"P1": "A1", "P2": "A2"})
    new = made.places({"P3": "A2", "P4": "A3", "P5": "A3"}, "new.csv").frame.assign(
        kind="rental", registered=pd.array([False, False, True], "boolean"), beds=[11.0, 2.0, 3.0]
    )
    store.add(made.of("places", old.frame.assign(kind="rental"), "old.csv"), made.ME)
    store.add(made.of("places", new, "new.csv"), made.ME)
    for item, wanted in ((UNREGISTERED, 1), (CROWDED, 0)):
        got = values(counts_of(store), item)
        assert got.gaps[0].tolist() == [Gap.EMPTY_CELL, Gap.EMPTY_CELL, Gap.NONE]
        assert got.values[0, 2] == wanted
    # Nobody told whether a household is registered, and there is none: it is no doubt.
    households = UNREGISTERED | {"where": {"kind": "household"}}
    assert values(counts_of(store), households).gaps[0].tolist() == [Gap.NONE] * 3

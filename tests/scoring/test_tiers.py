from datetime import date, timedelta

import numpy as np
import pytest

from analytics.errors import ScoringError
from analytics.scoring import (
    Gap,
    changes,
    days_between,
    ranking,
    reason_for,
    transitions,
    weekly_incidents,
)
from analytics.scoring.decide import BY_SCORE
from analytics.scoring.points import points
from analytics.scoring.reasons import ShownTier
from analytics.store.counts import Counts
from tests.scoring.small_world import TODAY, assessed, days, given, incident, indicator, records, scheme, three_areas

DAY = days("2020-02-15")


def tiers_of(world, chosen):
    return assessed(world, chosen, DAY).table().set_index("area_id")["published_tier"].to_dict()


def test_bands_give_the_points_of_the_last_from_that_is_not_above():
    rule = scheme([given("x", points={"method": "bands", "bands": [[1, 40], [5, 70], [10, 100]]})]).indicators[0]
    found = points(np.array([-3, 0.99, 1, 4.99, 5, 10, 1e9, np.nan]), rule)
    np.testing.assert_array_equal(found, [0, 0, 40, 40, 70, 100, 100, np.nan])


def test_linear_is_clipped_at_its_goalposts_and_low_turns_it_round():
    rule = {"method": "linear", "linear": {"low": 10, "high": 20}}
    high, low = scheme([given("x", points=rule), given("y", points=rule, harder_when="low")]).indicators
    found = np.array([5.0, 10, 15, 20, 25])
    assert points(found, high).tolist() == [0, 0, 50, 100, 100]
    assert points(found, low).tolist() == [100, 100, 50, 0, 0]


def test_two_levels_of_weights_are_each_made_to_sum_to_one():
    chosen = scheme([given("x", 3), given("y", 1)], [given("z", 7)])
    found = assessed(records(areas=three_areas(x=[100, 0, 40], y=[0, 100, 40], z=[0, 0, 40])), chosen, DAY)
    assert found.score[0].tolist() == [37.5, 12.5, 40]


def test_the_weight_of_a_missing_indicator_goes_to_the_others_of_its_dimension():
    chosen = scheme([given("x", 3), given("y", 1)], [given("z", 1)], missing={"minimum_known_weight": 0.5})
    found = assessed(records(areas=three_areas(x=["", 80, 80], y=[40, 40, ""], z=[80, 80, 80])), chosen, DAY)
    assert found.score[0].tolist() == [60, 75, 80]
    assert found.known[0].tolist() == [0.625, 1, 0.875]


def test_under_the_minimum_of_known_weight_an_area_is_unknown():
    chosen = scheme([given("x", 96), given("y", 4)], missing={"minimum_known_weight": 0.96})
    world = records(areas=three_areas(x=[90, "", ""], y=["", 90, ""]))
    assert tiers_of(world, chosen) == {"A": "red", "B": "unknown", "C": "unknown"}


def test_a_tier_is_withheld_where_the_missing_part_could_say_otherwise():
    chosen = scheme([given("x", 9), given("y", 1)])
    for x, computed, ends in (
        (5, "green", ("green", "green")), (15, "unknown", ("green", "blue")), (30, "blue", ("blue", "blue")),
        (42, "unknown", ("blue", "yellow")), (88, "unknown", ("orange", "red")), (90, "red", ("red", "red")),
    ):  # fmt: skip
        found = assessed(records(areas=three_areas(x=[x, x, 0], y=["", x, ""])), chosen, DAY).table()
        assert found.loc[0, ["computed_tier", "published_tier"]].tolist() == [computed, computed]
        assert tuple(found.loc[0, ["least_tier", "most_tier"]]) == ends
        assert found["decided_by"].tolist() == ["missing" if computed == "unknown" else "score", "score", "score"]
        # Nothing is left open of an area of which all is known.
        assert found.loc[1, ["least_tier", "most_tier"]].tolist() == [found.loc[1, "computed_tier"]] * 2


def test_what_is_left_out_counts_nowhere():
    chosen = scheme([given("x", 1), given("y", 9)], missing={"minimum_known_weight": 0.6, "left_out": ["y"]})
    found = assessed(records(areas=three_areas(x=[90, 30, ""], y=[0, "", 50])), chosen, DAY)
    assert found.score[0, :2].tolist() == [90, 30]
    assert found.table()["computed_tier"].tolist() == ["red", "blue", "unknown"]
    assert (found.gaps[0, :, 1] == Gap.LEFT_OUT).all()
    assert found.known[0].tolist() == [1, 1, 0]


def test_a_floor_raises_and_never_lowers():
    floor = {
        "at_least": "orange",
        "when": {"indicator": "x", "op": ">=", "value": 50},
        "name": {"zh": "线", "en": "Line"},
    }
    chosen = scheme([given("x", 1), given("y", 9)], floors=[floor])
    found = assessed(records(areas=three_areas(x=[50, 49, 100], y=[0, 0, 100])), chosen, DAY)
    assert found.table()["published_tier"].tolist() == ["orange", "green", "red"]
    assert found.table()["decided_by"].tolist() == ["floor", "score", "score"]
    assert reason_for(found, "A").floor.name.en == "Line"


def test_a_reason_tells_contributions_distances_and_gaps():
    chosen = scheme([given("x", 1), given("y", 1)])
    found = assessed(records(areas=three_areas(x=[50, 90, 90], y=[40, 90, ""])), chosen, DAY)
    reason = reason_for(found, "A")
    assert reason.parts["contribution"].tolist() == [25, 20]
    assert (reason.to_harder, reason.to_easier) == (15, 5)
    assert reason_for(found, "B").to_harder is None
    lacking = reason_for(found, "C")
    assert lacking.lacks_data
    assert lacking.parts["gap"].tolist() == [Gap.NONE, Gap.EMPTY_CELL]


@pytest.mark.parametrize(
    ("published", "computed", "waiting_for", "way"),
    [("blue", "yellow", "yellow", "rise"), ("blue", "red", "yellow", "rise_to"), ("red", "orange", "orange", "fall"),
     ("red", "green", "orange", "fall_to")],
)  # fmt: skip
def test_a_held_tier_says_which_way_it_waits(published, computed, waiting_for, way):
    shown = ShownTier(
        day=date(2020, 2, 15), tier=published, why="held", computed=computed, published=published, least=computed,
        most=computed, carried=0, carried_until=None, waiting_for=waiting_for, days_held=1, days_needed=2,
        next_change=None, override_until=None,
    )  # fmt: skip
    assert shown.way == way


def test_a_reason_is_of_the_last_day_of_a_history():
    rows = [incident(1, "A", "2020-02-14"), incident(2, "A", "2020-02-15"), incident(3, "B", "2020-02-15")]
    world = records(areas=three_areas(), incidents=rows)
    found = assessed(world, scheme([indicator(window_days=2)]), days("2020-02-14", "2020-02-15"))
    reason = reason_for(found, "A")
    # Two fevers are 20 points, and so exactly blue; the day before they were one.
    assert (reason.score, reason.to_harder, reason.to_easier) == (20, 20, 0)
    assert reason.parts["value"].tolist() == [2]


@pytest.mark.parametrize(
    ("score", "tier"),
    [(19.999, "green"), (20, "blue"), (40, "yellow"), (60, "orange"), (79.999, "orange"), (80, "red"), (100, "red")],
)
def test_a_score_on_a_cut_off_has_the_tier_that_begins_there(score, tier):
    found = assessed(records(areas=three_areas(x=[score, 0, 0])), scheme([given("x")]), DAY)
    assert found.table()["computed_tier"].iloc[0] == tier


def test_an_area_that_has_the_tier_of_a_floor_by_its_score_has_it_by_its_score():
    floor = {
        "at_least": "orange",
        "when": {"indicator": "y", "op": ">=", "value": 1},
        "name": {"zh": "线", "en": "Line"},
    }
    chosen = scheme([given("x"), given("y", 1e-9)], floors=[floor])
    found = assessed(records(areas=three_areas(x=[70, 50, 90], y=[1, 1, 1])), chosen, DAY)
    assert found.table()["computed_tier"].tolist() == ["orange", "orange", "red"]
    assert found.decided[0].tolist() == [BY_SCORE, 0, BY_SCORE]


@pytest.mark.parametrize(("number", "red"), [(10, ["a9"]), (19, ["a18"]), (20, ["a18", "a19"]), (9, []), (11, ["a10"])])
def test_the_hardest_tenth_is_no_more_than_a_tenth(number, red):
    areas = [{"area_id": f"a{at}", "name": f"a{at}", "x": at} for at in range(number)]
    found = assessed(records(areas=areas), scheme([given("x")], tiers={"by": "share", "red": 0.1}), DAY)
    tiers = found.table()["computed_tier"].to_numpy()
    assert found.areas.index[tiers == "red"].tolist() == red


def test_ten_years_and_no_day_more_are_assessed_at_once():
    first = date(2016, 1, 1)
    assert len(days_between(first, first + timedelta(days=3659))) == 3660
    with pytest.raises(ScoringError, match="3"):
        days_between(first, first + timedelta(days=3660))


def test_the_ranking_goes_by_tier_then_score_with_unknown_last():
    chosen = scheme([given("x")])
    found = assessed(records(areas=three_areas(x=["", 85, 95])), chosen, DAY)
    table = ranking(found)
    assert table.index.tolist() == ["C", "B", "A"]
    assert table["rank"].tolist() == [1, 2, 3]


def test_changes_are_named_from_and_to():
    rows = [incident(number, "A", "2020-02-14") for number in range(9)] + [incident(99, "B", "2020-02-07")]
    found = assessed(
        records(areas=three_areas(), incidents=rows), scheme([indicator()]), days("2020-02-13", "2020-02-14")
    )
    table = changes(found)
    assert table.index.tolist() == ["A"]
    assert table.loc["A", ["before", "after", "raised"]].tolist() == ["green", "red", True]
    assert transitions(table)["areas"].tolist() == [["A"]]


def test_changes_are_those_from_the_first_day_of_a_history_to_its_last():
    rows = [*(incident(number, "A", "2020-02-13") for number in range(9)), incident(9, "B", "2020-02-14")]
    rows += [incident(number, "C", "2020-02-15") for number in range(10, 14)]
    world = records(areas=three_areas(), incidents=rows)
    found = changes(assessed(world, scheme([indicator(window_days=1)]), days("2020-02-13", "2020-02-15")))
    assert found[["before", "after"]].to_dict("index") == {
        "C": {"before": "green", "after": "yellow"},
        "A": {"before": "red", "after": "green"},
    }
    assert found["raised"].tolist() == [True, False]


def test_weeks_end_on_sunday_the_last_one_with_the_day_asked_for_in_it_and_begin_with_the_first_full_one():
    rows = [incident(1, "A", "2020-02-01"), incident(2, "A", "2020-02-08", "noise"), incident(3, "B", "2020-02-15")]
    counted = weekly_incidents(
        Counts.of_records(records(areas=three_areas(), incidents=rows)), DAY[0].date(), 4, "category"
    )
    assert counted.index.strftime("%m-%d").tolist() == ["02-09", "02-16"]
    assert counted.to_dict("list") == {"fever": [0, 1], "noise": [1, 0]}


def test_a_span_that_is_none_is_refused_with_a_sentence():
    with pytest.raises(ScoringError, match="Swap"):
        days_between(TODAY, DAY[0].date())


def test_a_scheme_of_a_level_that_the_areas_do_not_have_is_refused():
    world = records(areas=[{"area_id": "A", "name": "A", "level": "community", "x": 1}])
    with pytest.raises(ScoringError, match="Community"):
        assessed(world, scheme([given("x")]), DAY)

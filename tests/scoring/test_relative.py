import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.scoring.points import relative
from tests.scoring.small_world import assessed, days, records, scheme, three_areas
from tests.scoring.small_world import given as given_indicator

DAY = days("2020-02-15")


def test_percent_rank_is_excels_with_ties_and_missing():
    # Excel's own example: PERCENTRANK.INC of {13,12,11,8,4,3,2,1,1,1} at 2, 4 and 8 is 0.333, 0.555 and 0.666.
    values = np.array([[13, 12, 11, 8, 4, 3, 2, 1, 1, 1, np.nan]])
    found = relative("percent_rank", values)[0]
    assert found[[6, 4, 3]] == pytest.approx([33.3333, 55.5556, 66.6667], abs=1e-3)
    assert found[[7, 8, 9]].tolist() == [0, 0, 0]
    assert found[0] == 100
    assert np.isnan(found[10])


def test_relative_points_are_what_the_formulas_say():
    values = np.array([[2.0, 4.0, 4.0, 10.0, np.nan]])
    known = pd.Series([2.0, 4.0, 4.0, 10.0])
    assert relative("none", values)[0, :4].tolist() == known.tolist()
    assert relative("min_max", values)[0, :4].tolist() == [0, 25, 25, 100]
    z = ((known - known.mean()) / known.std(ddof=1)).tolist()
    assert relative("z_score", values)[0, :4] == pytest.approx(z)
    assert relative("rank", values)[0, :4].tolist() == (known.rank() / 4 * 100).tolist()
    share = known.rank() / 4
    exponential = (-23 * np.log(1 - share * (1 - np.exp(-100 / 23)))).tolist()
    assert relative("rank_exponential", values)[0, :4] == pytest.approx(exponential)


@pytest.mark.parametrize("method", ["percent_rank", "min_max", "z_score", "rank", "rank_exponential"])
def test_one_area_all_equal_all_missing_and_no_area(method):
    # Where all that are known are equal a place tells nothing.
    assert np.isnan(relative(method, np.array([[3.0]]))).all()
    assert np.isnan(relative(method, np.full((1, 4), 7.0))).all()
    assert np.isnan(relative(method, np.array([[np.nan, 3.0]]))).all()
    assert np.isnan(relative(method, np.full((1, 3), np.nan))).all()
    assert relative(method, np.zeros((1, 0))).shape == (1, 0)


@given(
    st.sampled_from(["percent_rank", "min_max", "z_score", "rank", "rank_exponential"]),
    st.lists(st.one_of(st.none(), st.integers(-50, 50)), min_size=1, max_size=12),
)
def test_relative_points_keep_the_order_and_do_not_mind_the_order_of_areas(method, values):
    row = np.array([[np.nan if value is None else float(value) for value in values]])
    found = relative(method, row)
    known = ~np.isnan(row[0])
    for a in np.flatnonzero(known):
        for b in np.flatnonzero(known):
            if row[0, a] < row[0, b]:
                assert found[0, a] < found[0, b]
    np.testing.assert_allclose(relative(method, row[:, ::-1])[:, ::-1], found)


def in_one(parts, aggregate, **more):
    content = scheme(parts, **more).model_dump(by_alias=True, mode="json", exclude_none=True)
    content["dimensions"][0]["aggregate"] = aggregate
    chosen = scheme(parts, **more)
    return type(chosen).model_validate(content)


@pytest.mark.parametrize("method", ["percent_rank", "min_max", "z_score", "rank", "rank_exponential"])
def test_rows_are_placed_each_by_itself_however_many_axes_stand_before_them(method):
    several = np.array([[[3.0, 1, 1, np.nan], [5, 5, 5, 5]], [[9, 8, 7, 6], [1, 2, 2, 8]]])
    rows = [relative(method, row) for row in several.reshape(-1, 1, 4)]
    np.testing.assert_array_equal(relative(method, several), np.reshape(rows, several.shape))


def test_parts_that_summed_to_less_than_one_are_scaled_like_any_others():
    chosen = in_one([given_indicator("x", 1), given_indicator("y", 3)], "arithmetic")
    content = chosen.model_dump(by_alias=True, mode="json", exclude_none=True) | {"then": "percent_rank"}
    placed = type(chosen).model_validate(content)
    found = assessed(records(areas=three_areas(x=[0.8, 0.4, 0], y=[0, 0.4, 0])), placed, DAY)
    # Means of 0.2, 0.4 and 0 are placed at 50, 100 and 0; B's are a quarter and three quarters of its own.
    assert found.score[0].tolist() == [50, 100, 0]
    assert found.parts[0].tolist() == [pytest.approx([50, 0]), pytest.approx([25, 75]), [0, 0]]


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [("arithmetic", [32.5, 60]), ("geometric", [10**0.25 * 40**0.75, 60]), ("worst", [40, 60]), ("sum", [130, 240])],
)
def test_each_way_of_combining(aggregate, expected):
    chosen = in_one([given_indicator("x", 1), given_indicator("y", 3)], aggregate)
    found = assessed(records(areas=three_areas(x=[10, 60, ""], y=[40, 60, ""])), chosen, DAY)
    assert found.score[0, :2] == pytest.approx(expected)
    assert found.parts.sum(axis=-1)[0, :2] == pytest.approx(expected)
    assert np.isnan(found.score[0, 2])


def test_dimensions_nest_and_a_sum_can_be_placed_again():
    inner = {"id": "inner", "weight": 3, "indicators": [given_indicator("x")]}
    content = {
        "id": "made", "version": 1, "level": "grid",
        "dimensions": [
            {"id": "outer", "weight": 1, "indicators": [given_indicator("y")], "dimensions": [inner]},
        ],
        "tiers": {"by": "share", "red": 0.34},
    }  # fmt: skip
    chosen = type(scheme([given_indicator("x")])).model_validate(content)
    world = records(areas=three_areas(x=[100, 20, 20], y=[0, 40, 20]))
    found = assessed(world, chosen, DAY)
    assert found.score[0].tolist() == [75, 25, 20]
    assert found.table()["computed_tier"].tolist() == ["red", "green", "green"]
    placed = type(chosen).model_validate(content | {"then": "percent_rank"})
    assert assessed(world, placed, DAY).score[0].tolist() == [100, 50, 0]


def test_areas_of_equal_score_share_a_tier_by_shares():
    chosen = scheme([given_indicator("x")], tiers={"by": "share", "red": 0.5, "blue": 0.5})
    found = assessed(records(areas=three_areas(x=[50, 50, 10])), chosen, DAY)
    assert found.table()["computed_tier"].tolist() == ["red", "red", "blue"]


def test_conditions_know_true_false_and_not_known():
    floor = {"zh": "线", "en": "Line"}
    when = {"all": [{"not": {"indicator": "x", "op": "<", "value": 50}}, {"any": [
        {"indicator": "y", "is": "missing"}, {"dimension": "d0", "op": ">=", "value": 90}]}]}  # fmt: skip
    chosen = scheme(
        [given_indicator("x", 9), given_indicator("y", 1)], floors=[{"at_least": "red", "when": when, "name": floor}]
    )
    found = assessed(records(areas=three_areas(x=[60, 60, 45], y=["", 10, ""])), chosen, DAY)
    assert found.table()["computed_tier"].tolist() == ["red", "yellow", "yellow"]


def test_a_condition_on_a_dimension_that_is_known_in_part_holds_by_its_ends():
    floor = {
        "at_least": "red",
        "when": {"dimension": "d0", "op": ">=", "value": 50},
        "name": {"zh": "线", "en": "Line"},
    }
    chosen = scheme([given_indicator("x", 9), given_indicator("y", 1)], floors=[floor])
    # d0 is 54 to 64 in the first, 48.6 to 58.6, and 36 to 46; one more area keeps y a column of numbers.
    areas = [*three_areas(x=[60, 54, 40], y=[""] * 3), {"area_id": "Z", "name": "Z", "x": 0, "y": 0}]
    found = assessed(records(areas=areas), chosen, DAY)
    ends = found.table()[["computed_tier", "least_tier", "most_tier"]].to_numpy().tolist()
    assert ends == [["red"] * 3, ["unknown", "yellow", "red"], ["unknown", "blue", "yellow"], ["green"] * 3]


def test_a_decision_that_hangs_on_a_missing_value_is_unknown_unless_every_outcome_is_the_same():
    decide = [
        {"tier": "red", "when": {"indicator": "x", "op": ">=", "value": 50}},
        {"tier": "red", "when": {"indicator": "y", "op": ">=", "value": 50}},
        {"tier": "green"},
    ]
    chosen = scheme(
        [given_indicator("x"), given_indicator("y")], tiers=None, decide=decide, missing={"minimum_known_weight": 0.1}
    )
    found = assessed(records(areas=three_areas(x=["", "", 10], y=[60, 10, 10])), chosen, DAY)
    assert found.table()["computed_tier"].tolist() == ["red", "unknown", "green"]

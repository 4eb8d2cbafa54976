"""The laws that hold for any scheme (laws 1 to 6 of the method), on random schemes and data."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import tiers
from analytics.scoring.assess import rescored
from tests.long.sizes import many, seeds
from tests.scoring.small_world import assessed, days, records, scheme, three_areas
from tests.scoring.small_world import given as given_indicator

DAY = days("2020-02-15")
NAMES = ("x", "y", "z", "w")
cell = st.one_of(st.none(), st.integers(0, 100).map(float), st.sampled_from([19.999, 20.0, 20.001, 80.0]))
weight = st.floats(0.05, 20)
points_rule = st.one_of(
    st.just({"method": "linear", "linear": {"low": 0, "high": 100}}),
    st.just({"method": "linear", "linear": {"low": 30, "high": 60}}),
    st.just({"method": "bands", "bands": [[0, 0], [20, 40], [50, 70], [80, 100]]}),
)


@st.composite
def worlds(draw, cells=cell):
    """A table of four given columns for three areas, and a scheme of two dimensions over them."""
    table = {name: draw(st.lists(cells, min_size=3, max_size=3)) for name in NAMES}
    parts = [
        given_indicator(
            name,
            draw(weight),
            points=draw(points_rule),
            harder_when=draw(st.sampled_from(["high", "low"])),
        )
        for name in NAMES
    ]
    cut = draw(st.integers(1, 3))
    floors = [{"at_least": draw(st.sampled_from(["blue", "orange", "red"])), "name": {"zh": "红线", "en": "Floor"},
               "when": {"indicator": "x", "op": ">=", "value": 60}}]  # fmt: skip
    chosen = scheme(
        parts[:cut],
        parts[cut:],
        missing={"minimum_known_weight": draw(st.floats(0.05, 1))},
        floors=floors if draw(st.booleans()) and parts[0]["harder_when"] == "high" else [],
    )
    return table, chosen


def run(table, chosen):
    filled = {name: ["" if value is None else value for value in column] for name, column in table.items()}
    # A column without any number is not a column of numbers: one more area keeps it one.
    rows = [*three_areas(**filled), {"area_id": "Z", "name": "Z", **dict.fromkeys(table, 0)}]
    return assessed(records(areas=rows), chosen, DAY)


@given(worlds(), st.sampled_from(NAMES), st.integers(0, 2), st.floats(0, 60))
@settings(max_examples=many(60))
def test_worse_never_lowers_a_tier(world, name, at, step):
    table, chosen = world
    if table[name][at] is None:
        return
    indicator = next(item for item in chosen.indicators if item.id == name)
    worse = {key: list(column) for key, column in table.items()}
    worse[name][at] += step if indicator.harder_when == "high" else -step
    before, after = run(table, chosen), run(worse, chosen)
    known = before.computed >= 0
    # Where something is missing it may be left open how much harder, but not whether it is milder.
    assert (after.least[known] >= before.computed[known]).all()
    lost = known & (after.computed < 0)
    assert np.isnan(before.values[lost]).any(axis=-1).all()


@given(worlds(), st.permutations(range(3)), st.permutations(range(4)))
@settings(max_examples=many(30))
def test_the_order_of_areas_and_indicators_changes_nothing(world, areas, indicators):
    table, chosen = world
    found = run(table, chosen)
    shuffled_rows = [{"area_id": "ABC"[at], "name": "ABC"[at]} | {
        name: "" if table[name][at] is None else table[name][at] for name in (NAMES[number] for number in indicators)
    } for at in areas] + [{"area_id": "Z", "name": "Z", **dict.fromkeys(NAMES, 0)}]  # fmt: skip
    content = chosen.model_dump(by_alias=True, mode="json", exclude_none=True)
    for dimension in content["dimensions"]:
        dimension["indicators"] = dimension["indicators"][::-1]
    content["dimensions"] = content["dimensions"][::-1]
    other = assessed(records(areas=shuffled_rows), type(chosen).model_validate(content), DAY)
    columns = ["score", "computed_tier", "published_tier"]
    pd.testing.assert_frame_equal(
        found.table().set_index("area_id")[columns].sort_index(),
        other.table().set_index("area_id")[columns].sort_index(),
        check_exact=False,
        atol=1e-8,
    )


@given(worlds(cells=st.integers(0, 100).map(float)), st.lists(st.booleans(), min_size=12, max_size=12))
@settings(max_examples=many(60))
def test_missing_never_makes_a_tier_milder(world, gone):
    table, chosen = world
    holes = {
        name: [None if gone[3 * number + at] else value for at, value in enumerate(column)]
        for number, (name, column) in enumerate(table.items())
    }
    whole, holed = run(table, chosen), run(holes, chosen)
    known = holed.computed >= 0
    assert (holed.computed[known] == whole.least[known]).all()
    # What the tier is lies between the ends of what is left open.
    assert (holed.least <= whole.least).all()
    assert (whole.most <= holed.most).all()


@given(worlds())
@settings(max_examples=many(40))
def test_the_parts_shown_sum_to_the_score_shown(world):
    found = run(*world)
    known = ~np.isnan(found.score)
    np.testing.assert_allclose(found.parts.sum(axis=-1)[known], found.score[known], atol=1e-8)


@given(st.sampled_from([20.0, 40.0, 60.0, 80.0]), st.lists(weight, min_size=3, max_size=3))
@settings(max_examples=many(40))
def test_a_score_exactly_on_a_cut_off_has_the_tier_that_begins_there(cut, weights):
    parts = [given_indicator(name, weights[number]) for number, name in enumerate("xyz")]
    found = assessed(records(areas=three_areas(x=[cut] * 3, y=[cut] * 3, z=[cut] * 3)), scheme(parts), DAY)
    assert found.score[0, 0] == cut
    assert tiers.names(found.computed[0, 0]) == {20: "blue", 40: "yellow", 60: "orange", 80: "red"}[int(cut)]


@given(worlds())
@settings(max_examples=many(30))
def test_the_counts_of_the_legend_are_the_counts_of_the_table(world):
    found = run(*world)
    assert found.counts().iloc[0].sum() == len(found.areas)
    listed = found.table()["published_tier"].value_counts()
    assert {tier: count for tier, count in found.counts().iloc[0].items() if count} == listed.to_dict()


def test_worse_never_lowers_a_tier_in_random_configurations():
    random = np.random.default_rng(2020 + seeds(1).start)
    rules = [
        {"method": "linear", "linear": {"low": 0, "high": 100}},
        {"method": "linear", "linear": {"low": 30, "high": 60}},
        {"method": "bands", "bands": [[0, 0], [20, 40], [50, 70], [80, 100]]},
    ]
    for _ in range(many(80)):
        parts = [
            given_indicator(name, float(random.uniform(0.1, 9)), points=rules[random.integers(3)]) for name in NAMES
        ]
        cut = int(random.integers(1, 4))
        how = random.choice(["arithmetic", "geometric", "sum", "worst"])
        floor = {
            "at_least": "orange",
            "when": {"indicator": "x", "op": ">=", "value": 70},
            "name": {"zh": "线", "en": "F"},
        }
        chosen = scheme(parts[:cut], parts[cut:], aggregate=str(how), floors=[floor] if random.random() < 0.5 else [])
        values = random.choice([0.0, 19.999, 20.0, 50.0, 79.0, 80.0, 100.0, np.nan], size=(1, 50, 4))
        worse = values.copy()
        at = random.integers(4, size=50)
        worse[0, np.arange(50), at] += random.uniform(0, 60, size=50)
        (_, before), (_, after) = rescored(chosen, values, None), rescored(chosen, worse, None)
        known = (before >= 0) & (after >= 0)
        assert (after[known] >= before[known]).all()
        assert not ((before >= 0) & (after < 0) & ~np.isnan(values).any(axis=-1)).any()


@pytest.mark.parametrize("value", [-1e300, -1.0, 0.0, 1e300])
def test_extreme_values_get_the_points_of_the_ends(value):
    found = assessed(records(areas=three_areas(x=[value, 0, 0])), scheme([given_indicator("x")]), DAY)
    assert found.points[0, 0, 0] == (100 if value > 1 else 0)


@pytest.mark.parametrize("written", ["inf", "-inf", "nan", ""])
def test_what_is_no_finite_number_is_missing(written):
    rows = three_areas(x=[written, 50, 50])
    found = assessed(records(areas=rows), scheme([given_indicator("x")]), DAY)
    assert found.table()["computed_tier"].tolist()[0] == "unknown"

"""Influence: what a weight is worth, what says the same, and what can be taken away without anyone noticing."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.scheme import Scheme
from analytics.scoring import reassess
from analytics.scoring.influence import (
    MOST_FINDINGS,
    ClosePair,
    IncompleteIndicator,
    Removal,
    Uniform,
    close_pairs,
    correlations,
    effective_within_level,
    redundant_indicators,
    removals,
    shares,
    uniform_indicators,
)
from tests.scoring.small_world import assessed, days, records, scheme
from tests.scoring.small_world import given as column

DAY = days("2020-02-20")


def world(*rows):
    """Areas whose indicators i0, i1 … have these points, None where missing."""
    return records(
        areas=[
            {"area_id": f"a{at:03}", "name": f"a{at:03}", "population": 100, **{f"i{n}": v for n, v in enumerate(row)}}
            for at, row in enumerate(rows)
        ]
    )


def dimension(name, *inside, weight=1.0, **settings):
    """A dimension that holds indicators and dimensions in their order."""
    held = {
        "indicators": [item for item in inside if "from" in item],
        "dimensions": [item for item in inside if "from" not in item],
    }
    return {"id": name, "weight": weight, **{key: items for key, items in held.items() if items}, **settings}


def run(rows, *dimensions, **settings):
    return assessed(world(*rows), scheme(dimensions=list(dimensions), **settings), DAY)


def known_in_part(rows, *dimensions, **settings):
    """The same where no area need know an indicator: a column without a number could not be loaded."""
    base, points = run([[0] * len(rows[0])] * len(rows), *dimensions, **settings), np.array(rows, dtype=float)[None]
    return reassess(replace(base, points=points, values=points), base.scheme)


SQUARE = [(0, 0), (0, 100), (100, 0), (100, 100)]
TWO = dimension("d", column("i0", 3), column("i1", 1))


def effective(found):
    """What each indicator really weighs in the whole score."""
    return shares(found)["effective"][list(found.indicator_ids)]


def test_of_two_independent_indicators_one_of_three_times_the_weight_has_nine_times_the_say():
    found = run(SQUARE, TWO)
    assert effective(found).to_dict() == pytest.approx({"i0": 0.9, "i1": 0.1})
    table = shares(found)
    assert table.index.tolist() == ["d", "i0", "i1"]
    assert table["level"].tolist() == ["", "d", "d"]
    assert table["nominal"].tolist() == pytest.approx([1, 0.75, 0.25])
    assert table["effective"].tolist() == pytest.approx([1, 0.9, 0.1])
    within = effective_within_level(found)
    assert {level: share.to_dict() for level, share in within.items()} == {
        "": pytest.approx({"d": 100}),
        "d": pytest.approx({"i0": 90, "i1": 10}),
    }


def test_shares_within_a_dimension_are_of_its_own_value_and_not_of_the_score():
    # i2 repeats i1, so in the score i1 has twice its say; inside its own dimension it has not.
    found = run(
        [(*row, row[1]) for row in SQUARE], dimension("d", column("i0"), column("i1")), dimension("e", column("i2"))
    )
    assert effective(found).to_dict() == pytest.approx({"i0": 0.1, "i1": 0.3, "i2": 0.6})
    within = effective_within_level(found)
    assert within[""].to_dict() == pytest.approx({"d": 40, "e": 60})
    assert within["d"].to_dict() == pytest.approx({"i0": 50, "i1": 50})
    assert within["e"].to_dict() == pytest.approx({"i2": 100})


def test_a_dimension_in_a_dimension_has_its_level_and_its_share_from_the_top_down():
    inner = dimension("inner", column("i1", 1), column("i2", 3), weight=2)
    found = run(
        [(a, b, 0, 50) for a, b in SQUARE],
        dimension("d", column("i0", 2), inner, weight=3),
        dimension("e", column("i3"), weight=1),
    )
    table = shares(found)
    assert table["level"].to_dict() == {
        "d": "",
        "e": "",
        "i0": "d",
        "inner": "d",
        "i3": "e",
        "i1": "inner",
        "i2": "inner",
    }
    assert table["nominal"].to_dict() == pytest.approx(
        {"d": 0.75, "e": 0.25, "i0": 0.375, "inner": 0.375, "i3": 0.25, "i1": 0.09375, "i2": 0.28125}
    )
    # i0 against a quarter of i1, both as spread: 16 to 1. What does not vary has no say, and no shares inside.
    assert table["effective"].to_dict() == pytest.approx(
        {"d": 1, "e": 0, "i0": 16 / 17, "inner": 1 / 17, "i3": 0, "i1": 1 / 17, "i2": 0}
    )
    within = effective_within_level(found)
    assert list(within) == ["", "d", "inner", "e"]
    assert within["inner"].to_dict() == pytest.approx({"i1": 100, "i2": 0})
    assert within["e"].isna().all()


def test_an_area_without_a_score_has_no_say_and_one_that_lacks_a_dimension_none_in_that():
    found = run([*SQUARE, (None, None)], TWO)
    assert np.isnan(found.score[0, -1])
    assert effective(found).to_dict() == pytest.approx({"i0": 0.9, "i1": 0.1})
    found = run(
        [(a, b, 50) for a, b in SQUARE] + [(None, None, 10)],
        TWO,
        dimension("e", column("i2")),
        missing={"minimum_known_weight": 0.5},
    )
    assert effective_within_level(found)["d"].to_dict() == pytest.approx({"i0": 90, "i1": 10})


def test_there_are_no_shares_where_the_score_does_not_vary():
    found = run([(30, 70)] * 4, TWO)
    assert effective(found).isna().all()
    assert shares(found)["effective"].isna().all()
    assert shares(found)["nominal"].sum() == pytest.approx(2)
    assert all(share.isna().all() for share in effective_within_level(found).values())


points = st.one_of(st.none(), st.integers(0, 10).map(lambda tens: tens * 10))
FIXED = {"blue": 20, "yellow": 40, "orange": 60, "red": 80}
BY_SHARE = {"by": "share", "red": 0.2, "blue": 0.3}
RED_LINE = {
    "at_least": "orange",
    "when": {"all": [{"indicator": "i0", "op": ">=", "value": 80}, {"dimension": "third", "op": ">", "value": 20}]},
    "name": {"zh": "a", "en": "a"},
}
ways = st.sampled_from(["arithmetic", "geometric", "sum", "worst"])
placed = st.sampled_from([None, None, "percent_rank", "min_max"])
weights = st.integers(1, 5)


@cache
def twelve_areas():
    """Loaded once, for runs whose values are drawn."""
    return run([[0] * 7] * 12, dimension("d", *(column(f"i{number}") for number in range(7))))


@st.composite
def runs(draw):
    """Seven indicators in three dimensions, one of them within another, combined in any way, with gaps and a floor."""
    inside = [column(f"i{number}", draw(weights)) for number in range(7)]

    def any_way():
        return {"weight": draw(weights), "aggregate": draw(ways), "then": draw(placed)}

    inner = dimension("inner", inside[3], inside[4], **any_way())
    found = Scheme.model_validate(
        twelve_areas().scheme.model_dump(by_alias=True, mode="json")
        | {
            "dimensions": [
                dimension("first", inside[0], inside[1], **any_way()),
                dimension("second", inside[2], inner, **any_way()),
                dimension("third", inside[5], inside[6], **any_way()),
            ],
            "aggregate": draw(ways),
            "then": draw(placed),
            "tiers": draw(st.sampled_from([FIXED, BY_SHARE])),
            "floors": draw(st.sampled_from([[], [RED_LINE]])),
            "missing": {"minimum_known_weight": draw(st.sampled_from([0.3, 0.6, 0.9]))},
        }
    )
    rows = np.array(draw(st.lists(st.tuples(*[points] * 7), min_size=1, max_size=12)), dtype=float)
    base = twelve_areas()
    # Of given columns from 0 to 100 the points are the values.
    return reassess(replace(base.of_areas(base.areas.index[: len(rows)]), points=rows[None], values=rows[None]), found)


@given(runs())
@settings(max_examples=30)
def test_shares_sum_to_one_over_every_level_or_are_not_known(found):
    table = shares(found)
    indicators = table.loc[list(found.indicator_ids)]
    assert indicators["nominal"].sum() == pytest.approx(1)
    assert table[table["level"] == ""]["nominal"].sum() == pytest.approx(1)
    for level, children in table.groupby("level"):
        if level:
            assert children["nominal"].sum() == pytest.approx(table.at[level, "nominal"])
            assert children["effective"].sum() == pytest.approx(table.at[level, "effective"], nan_ok=True) or (
                children["effective"].isna().all()
            )
    if effective(found).notna().all():
        assert effective(found).sum() == pytest.approx(1)
    for level in effective_within_level(found).values():
        assert level.isna().all() or level.sum() == pytest.approx(100)


def rewritten(chosen, gone):
    """The scheme's file without one dimension or indicator."""
    content = chosen.model_dump(by_alias=True, mode="json")

    def cut(dimensions):
        left = [item for item in dimensions if item["id"] != gone]
        for item in left:
            item["indicators"] = [inner for inner in item["indicators"] if inner["id"] != gone]
            item["dimensions"] = cut(item["dimensions"])
        return left

    content["dimensions"] = cut(content["dimensions"])
    return Scheme.model_validate(content)


@given(runs())
@settings(max_examples=30)
def test_a_removal_is_what_a_scheme_that_was_written_without_it_says(found):
    seen = {item.id: item for item in removals(found)}
    assert list(seen) == ["first", "second", "third", "i0", "i1", "i2", "inner", "i3", "i4", "i5", "i6"]
    named = {"first", "i0", "third"} if found.scheme.floors else set()
    assert {name for name, item in seen.items() if item.in_rules} == named
    table = shares(found)
    for name, item in seen.items():
        assert item.nominal == table.at[name, "nominal"]
        assert item.effective == pytest.approx(table.at[name, "effective"], nan_ok=True)
        if name in named:
            continue
        other = rewritten(found.scheme, name)
        kept = [found.indicator_ids.index(left.id) for left in other.indicators]
        cells = {key: getattr(found, key)[..., kept] for key in ("points", "values", "at_least", "interrupted")}
        without = reassess(replace(found, **cells), other).computed
        assert item.changed == (without != found.computed).sum()
        assert item.withheld == ((found.computed == -1) & (without == 0)).sum()
        gone = [at for at in range(7) if at not in kept]
        assert item.missing == np.isnan(found.points[0][:, gone]).all(axis=1).mean()


def test_a_rule_still_sees_what_was_taken_away_for_it_is_the_weight_that_goes():
    # By i1 alone all are green; the red line of i0 holds the second orange, that of d the third blue.
    rules = [
        {"at_least": "orange", "when": {"indicator": "i0", "op": ">=", "value": 100}, "name": {"zh": "a", "en": "a"}},
        {"at_least": "blue", "when": {"dimension": "d", "op": ">=", "value": 30}, "name": {"zh": "b", "en": "b"}},
    ]
    rows = [(0, 0, 0), (100, 0, 0), (90, 0, 0)]
    found = run(rows, dimension("d", column("i0"), column("i1")), dimension("e", column("i2"), weight=9), floors=rules)
    assert found.computed[0].tolist() == [0, 3, 1]
    seen = {item.id: (item.changed, item.in_rules) for item in removals(found)}
    # Without e, the third is yellow by d. Without i0, d is i1 alone, which no longer reaches the second rule.
    assert seen == {"d": (0, True), "e": (1, False), "i0": (1, True), "i1": (0, False)}


def test_what_is_alone_on_its_level_cannot_be_taken_away():
    assert removals(run(SQUARE, dimension("d", column("i0")))) == []
    assert [item.id for item in removals(run(SQUARE, TWO))] == ["i0", "i1"]


def test_an_area_that_is_unknown_for_want_of_an_indicator_is_known_without_it():
    found = run([(50, None), (50, 50)], TWO, missing={"minimum_known_weight": 0.8})
    assert found.computed[0].tolist() == [-1, 2]
    assert {item.id: (item.changed, item.withheld) for item in removals(found)} == {"i0": (0, 0), "i1": (1, 0)}


def test_correlations_by_hand_are_over_the_areas_that_know_both():
    rows = [(0, 0, 30), (50, 100, 30), (100, 50, 30), (None, 70, 30), (10, None, 30)]
    found = correlations(run(rows, dimension("d", *(column(f"i{number}") for number in range(3)))))
    assert found.r.loc["i0", "i1"] == pytest.approx(0.5)
    assert found.areas.loc["i0"].to_dict() == {"i0": 4, "i1": 3, "i2": 4}
    assert found.r["i2"].isna().all()
    assert found.r.loc["i0", "i0"] == pytest.approx(1)


def test_of_two_areas_nothing_can_be_said_to_go_together():
    assert correlations(run([(0, 0), (50, 50)], TWO)).r.isna().all(axis=None)


def alike(areas):
    # i1 is i0 and a little; i2 is exactly 100 - i0; i3 knows nothing of them.
    random = np.random.default_rng(7)
    level = np.linspace(5, 95, areas)
    return run(
        list(zip(level, level + random.uniform(-5, 5, areas), 100 - level, random.permutation(level), strict=True)),
        dimension("d", *(column(f"i{number}") for number in range(4))),
    )


def test_close_pairs_rise_together_the_strongest_first():
    found = correlations(alike(40))
    (pair,) = close_pairs(found)
    assert isinstance(pair, ClosePair)
    assert (pair.first, pair.second, pair.areas) == ("i0", "i1", 40)
    assert pair.r == pytest.approx(np.corrcoef(alike(40).points[0, :, 0], alike(40).points[0, :, 1])[0, 1])
    assert found.r.loc["i0", "i2"] == pytest.approx(-1)
    every = close_pairs(found, least=-1)
    assert [item.r for item in every] == sorted((item.r for item in every), reverse=True)
    assert len(every) == 6


def test_of_few_areas_no_pair_is_called_close():
    assert close_pairs(correlations(alike(9))) == []
    assert len(close_pairs(correlations(alike(10)))) == 1


def test_an_indicator_is_uniform_from_seventeen_areas_in_twenty_on():
    rows = [
        (40 if at < 17 else at, 40 if at < 16 else at, None if at else 1, 0.1 + 0.2 if at % 2 else 0.3)
        for at in range(20)
    ]
    found = run(rows, dimension("d", *(column(f"i{number}") for number in range(4))))
    # Those that do not know it are not counted, and the last bit of 0.1 + 0.2 is no difference.
    assert uniform_indicators(found) == [Uniform("i3", 0.3, 20, 20), Uniform("i0", 40, 17, 20)]


def test_the_most_uniform_indicator_is_first_and_not_that_of_the_most_areas():
    rows = [(40 if at < 18 else at, 7 if at < 10 else None) for at in range(20)]
    found = run(rows, dimension("d", column("i0"), column("i1")))
    assert uniform_indicators(found) == [Uniform("i1", 7, 10, 10), Uniform("i0", 40, 18, 20)]


def test_what_decides_nothing_is_told_by_all_three_signs():
    # i0 decides; i1 repeats it; i2 is 5 nearly everywhere and weighs little.
    level = np.linspace(0, 100, 20)
    rows = [(value, value, 5 if at < 18 else 90) for at, value in enumerate(level)]
    found = run(rows, dimension("d", column("i0", 60), column("i1", 39)), dimension("e", column("i2"), weight=0.001))
    assert redundant_indicators(found) == [
        Removal(
            "i0", 0, 0, 0, pytest.approx(0.6 / 1.001 / 0.99, rel=0.01), pytest.approx(0.6, abs=0.01), in_rules=False
        ),
        ClosePair("i0", "i1", pytest.approx(1), 20),
        Uniform("i2", 5, 18, 20),
        Removal(
            "i1", 0, 0, 0, pytest.approx(0.39 / 1.001 / 0.99, rel=0.01), pytest.approx(0.4, abs=0.01), in_rules=False
        ),
        Removal("e", 0, 0, 0, pytest.approx(0.001 / 1.001), pytest.approx(0, abs=0.01), in_rules=False),
    ]


def test_what_most_areas_lack_is_told_by_the_greens_that_its_weight_withholds():
    # e is known nowhere. With 30 % of the weight no area could be sure of its tier, with 5 % two are not.
    rows = [(value, 100 - value if value else 0, None, None) for value in (0, 15, 18, 19, 50, 70)]
    for weight, changed, withheld, sure in ((30, 6, 4, 0), (5, 2, 2, 2)):
        dimensions = (
            dimension("d", column("i0", 999), column("i1", 1), weight=100 - weight),
            dimension("e", column("i2", 3), column("i3", 1), weight=weight),
        )
        found = known_in_part(rows, *dimensions)
        seen = {item.id: item for item in removals(found)}
        # Each of the two leaves the other, which lacks as much.
        assert [(seen[name].changed, seen[name].missing) for name in ("i2", "i3")] == [(0, 1), (0, 1)]
        assert (seen["e"].changed, seen["e"].withheld, seen["e"].missing) == (changed, withheld, 1)
        assert (found.computed[0] == 0).sum() == sure
        told = redundant_indicators(found)
        assert told[0] == IncompleteIndicator("e", 6, 6, withheld)
        assert not {item.id for item in told if isinstance(item, Removal | Uniform)} & {"e", "i2", "i3"}


def test_from_half_of_the_areas_on_an_indicator_is_lacking_and_named_in_a_rule_as_well():
    rows = [(0, None if at < 10 else 0, None if at < 9 else at) for at in range(20)]
    rule = {"at_least": "red", "when": {"indicator": "i2", "op": ">", "value": 90}, "name": {"zh": "a", "en": "a"}}
    held = dimension("d", column("i0", 6), column("i1", 2), column("i2", 2))
    found = run(rows, held)
    incomplete_indicators = [item for item in redundant_indicators(found) if isinstance(item, IncompleteIndicator)]
    # Where i2 lacks as well it takes more than i1: 40 % may be hard, and 25 % may without i1.
    assert incomplete_indicators == [IncompleteIndicator("i1", 10, 20, 1)]
    assert {item.id: item.missing for item in removals(found)} == {"i0": 0, "i1": 0.5, "i2": 0.45}
    ruled = run(rows, held, floors=[{**rule, "when": {"indicator": "i1", "op": ">", "value": 90}}])
    assert [item.id for item in redundant_indicators(ruled) if isinstance(item, IncompleteIndicator)] == ["i1"]


def test_few_findings_are_told_and_each_kind_takes_its_turn():
    # Three say the same, five are nothing nearly everywhere, one is not known.
    level = np.linspace(0, 100, 20)
    rows = [(value, value, value, *[0 if at < 19 else 9] * 5, None) for at, value in enumerate(level)]
    found = known_in_part(
        rows,
        dimension("d", *(column(f"i{at}", 30) for at in range(3)), *(column(f"i{at}", 0.01) for at in range(3, 8))),
        dimension("e", column("i8"), weight=0.001),
    )
    told = redundant_indicators(found)
    assert len(told) == MOST_FINDINGS == 6
    assert [type(item) for item in told] == [IncompleteIndicator, Removal, ClosePair, Uniform, Removal, ClosePair]
    assert told[1].nominal == max(item.nominal for item in removals(found) if item.changed == 0)


def test_what_a_rule_names_decides_by_that_and_is_not_called_idle():
    rows = [(value, 0 if at < 19 else 90) for at, value in enumerate(np.linspace(0, 100, 20))]
    held = dimension("d", column("i0", 999), column("i1", 1))
    rule = {"at_least": "red", "when": {"indicator": "i1", "op": ">", "value": 0}, "name": {"zh": "a", "en": "a"}}
    without, ruled = run(rows, held), run(rows, held, floors=[rule])
    assert [item.id for item in redundant_indicators(without)] == ["i1", "i1"]
    assert [type(item) for item in redundant_indicators(without)] == [Removal, Uniform]
    assert redundant_indicators(ruled) == []


def test_what_changes_more_than_a_twentieth_of_the_areas_decides_something():
    # Both indicators are needed: without either, at least half of the areas change.
    found = run([(value, 100 - value) for value in np.linspace(0, 100, 20)], TWO)
    assert min(item.changed for item in removals(found)) > 1
    assert redundant_indicators(found) == []

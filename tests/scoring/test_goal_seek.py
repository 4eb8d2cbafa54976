from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from analytics import tiers
from analytics.scheme.editing import levels, percentages, recut
from analytics.scoring import reassess
from analytics.scoring.goal_seek import (
    CUTOFF_STEP,
    as_shown,
    find_tier_changes,
    just_above,
    score_to_tenth,
    side_effects,
)
from tests.scoring.small_world import assessed, days, given, records, scheme

DAY = days("2020-02-15")
CUTS = (20, 40, 60, 80)


def world(chosen, **columns):
    """Areas a0, a1, … with these columns, assessed."""
    number = len(next(iter(columns.values())))
    rows = [
        {"area_id": f"a{at}", "name": f"n{at}", **{name: held[at] for name, held in columns.items()}}
        for at in range(number)
    ]
    return assessed(records(areas=rows), chosen, DAY)


def tier_of(run, area):
    return str(tiers.names(run.computed[-1, run.areas.index.get_loc(area)]))


def two(*, x=50, y=50, **settings):
    return scheme([given("x", x), given("y", y)], **settings)


def test_the_smallest_shift_and_the_smallest_rise_of_a_cut_off():
    # 70 × 0.5 + 54 × 0.5 = 62; below 60 needs 16 m / 100 > 2, which 13 % do and 12 % do not (60.08).
    run = world(two(), x=[70, 61, 10], y=[54, 61, 90])
    weights, cutoffs = find_tier_changes(run, "a0").ways
    assert (weights.kind, weights.level, weights.size) == ("weights", "d0", 13)
    assert [(one.id, one.before, one.after) for one in weights.changes] == [("x", 50, 37), ("y", 50, 63)]
    assert (weights.tier, weights.score) == ("yellow", pytest.approx(59.92))
    # 10 × 0.37 + 90 × 0.63 = 60.4: what was yellow is orange.
    assert weights.others.reset_index().to_numpy().tolist() == [["a2", "n2", "yellow", "orange"]]
    assert (cutoffs.kind, cutoffs.level, cutoffs.size) == ("cutoffs", None, pytest.approx(2.1))
    assert [(one.id, one.before, one.after) for one in cutoffs.changes] == [("orange", 60, 62.1)]
    assert (cutoffs.tier, cutoffs.score) == ("yellow", 62)
    assert cutoffs.others.reset_index().to_numpy().tolist() == [["a1", "n1", "orange", "yellow"]]


def test_every_way_is_a_scheme_that_does_what_it_says():
    draws = np.random.default_rng(7)
    chosen = scheme([given("x", 3), given("y", 4)], [given("z", 2), given("u", 1), given("v", 1)])
    run = world(chosen, **{name: draws.integers(0, 101, 12) for name in "xyzuv"})
    seen = 0
    for area in run.areas.index:
        for way in find_tier_changes(run, area).ways:
            after = reassess(run, way.scheme)
            at = run.areas.index.get_loc(area)
            assert tier_of(after, area) == way.tier
            assert 0 <= after.computed[-1, at] < run.computed[-1, at]
            assert way.score == after.score[-1, at]
            assert way.others.index.tolist() == [i for i in side_effects(run, after).index if i != area]
            seen += 1
    assert seen > 12


def test_of_as_many_others_the_smallest_change_of_weights_comes_first_and_the_cut_offs_last():
    run = world(scheme([given("x"), given("y")], [given("z")]), x=[100], y=[0], z=[72])
    # (100 + 0) / 2 and 72 are 61 together: one percent is worth 0.5 within the first, and 0.22 between the two.
    assert [(way.level, way.size) for way in find_tier_changes(run, "a0").ways] == [
        *(("d0", 3), ("", 5), (None, pytest.approx(1.1))),
    ]


def test_what_changes_the_fewest_other_areas_comes_first():
    # The weights of the first dimension move two others, the cut-off none.
    run = world(two(), x=[70, 10, 11], y=[54, 90, 90])
    ways = find_tier_changes(run, "a0").ways
    assert [(way.kind, len(way.others)) for way in ways] == [("cutoffs", 0), ("weights", 2)]


def test_what_is_shown_tells_and_orders_the_ways_where_more_than_the_day_decides():
    run = world(two(), x=[70, 10, 11], y=[54, 90, 90])
    found = find_tier_changes(run, "a0")

    def held(chosen):
        # As though a rule held what the cut-off lowers, and let two others go; and the weights moved nobody.
        after = reassess(run, run.scheme)
        if chosen == found.ways[0].scheme:
            return replace(after, shown=np.array([[3, 0, 0]], dtype=np.int8))
        return replace(after, shown=np.array([[2, *after.shown[0, 1:]]], dtype=np.int8))

    weights, cutoffs = as_shown(found, run, "a0", held).ways
    assert (weights.kind, weights.tier, weights.shown, len(weights.others)) == ("weights", "yellow", "yellow", 0)
    assert (cutoffs.kind, cutoffs.tier, cutoffs.shown) == ("cutoffs", "yellow", "orange")
    assert cutoffs.others["after"].tolist() == ["green", "green"]


def lightest(values, percents, how, cuts=CUTS, minimum=0.6, locked=()):
    """By every vector of whole percent: how many must move so that an area alone has an easier known tier, and is
    displayed_score below the one that it had; or None."""
    number = len(percents)
    vectors = np.array([(*head, 100 - sum(head)) for head in product(range(1, 101), repeat=number - 1)])
    vectors = vectors[(vectors[:, -1] >= 1) & (vectors == percents)[:, list(locked)].all(axis=1)]
    known = ~np.isnan(values)

    def value(weights, held):
        if how == "geometric":
            with np.errstate(divide="ignore"):
                return np.exp((weights * np.log(held)).sum(axis=1) / weights.sum(axis=1))
        return (weights * held).sum(axis=1) / weights.sum(axis=1)

    def ranks(weights):
        score = value(weights[:, known], values[known]).round(9)
        ends = (value(weights, np.where(known, values, end)).round(9) for end in (0.0, 100.0))
        least, most = (np.searchsorted(cuts, held, side="right") for held in ends)
        unknown = (weights[:, known].sum(axis=1) / 100 < minimum) | (least != most)
        return np.where(unknown, -1, least), score

    present = ranks(np.array([percents]))[0][0]
    after, score = ranks(vectors)
    moved = np.abs(vectors - percents).sum(axis=1) // 2
    cut = cuts[present - 1]
    below = np.array([float(f"{one:.1f}") < cut for one in score.tolist()], dtype=bool)
    does = moved[(after >= 0) & (after < present) & (moved > 0) & below]
    return present, does.min() if len(does) else None


@pytest.mark.parametrize("how", ["arithmetic", "geometric"])
@pytest.mark.parametrize("percents", [(50, 50), (3, 97), (33, 33, 34), (70, 20, 10), (1, 60, 39)])
@pytest.mark.parametrize("at_top", [True, False])
@pytest.mark.parametrize("gaps", [0.0, 0.3])
@pytest.mark.parametrize("locked", [(), (0,), (1,)])
def test_no_smaller_shift_of_whole_percent_does_it(how, percents, at_top, gaps, locked):
    draws = np.random.default_rng([len(how), percents[0], at_top, int(gaps * 10)])
    values = draws.integers(1, 101, (8, len(percents))).astype(float)
    values[draws.random(values.shape) < gaps] = np.nan
    values[0] = 50
    indicators = [given(f"x{at}", weight) for at, weight in enumerate(percents)]
    if at_top:
        dimensions = [
            {"id": f"d{at}", "weight": weight, "indicators": [one]}
            for at, (one, weight) in enumerate(zip(indicators, percents, strict=True))
        ]
        chosen = scheme(dimensions=dimensions, aggregate=how)
    else:
        chosen = scheme(dimensions=[{"id": "d", "aggregate": how, "indicators": indicators}])
    run = world(chosen, **{f"x{at}": values[:, at] for at in range(len(percents))})
    for area, held in zip(run.areas.index, values, strict=True):
        names = {f"{'d' if at_top else 'x'}{at}" for at in locked}
        found = find_tier_changes(run, area, names)
        if np.isnan(held).all():
            assert found.because == "missing"
            continue
        present, least = lightest(held, percents, how, locked=locked)
        assert tiers.RANK[tier_of(run, area)] == present
        sizes = [way.size for way in found.ways if way.kind == "weights"]
        assert sizes == ([] if present < 1 or least is None else [least]), (held, percents)
        assert not names & {change.id for way in found.ways for change in way.changes}


def test_a_locked_weight_stays_and_the_others_move_further():
    # 0.4 × 90 + 0.3 × 60 + 0.3 × 31 = 63.3: a percent is worth 0.59 from x to z, 0.3 from x to y, and 0.29 from y to z.
    run = world(scheme([given("x", 40), given("y", 30), given("z", 30)]), x=[90], y=[60], z=[31])
    by_lock = {}
    for locked in ((), ("z",), ("x",), ("y",), ("x", "z"), ("x", "y", "z")):
        ways = [way for way in find_tier_changes(run, "a0", frozenset(locked)).ways if way.kind == "weights"]
        for way in ways:
            now = percentages(levels(way.scheme)[1])
            assert {name: now[name] for name in locked} == {
                name: percent for name, percent in {"x": 40, "y": 30, "z": 30}.items() if name in locked
            }
        by_lock[locked] = [way.size for way in ways]
    assert by_lock == {
        (): [6], ("z",): [12], ("x",): [12], ("y",): [6], ("x", "z"): [], ("x", "y", "z"): [],
    }  # fmt: skip


def test_a_missing_child_takes_no_weight_since_it_may_be_the_hardest():
    # With y at 100 it is 0.45 × 80 + 3 + 0.52 × 20 = 49.4: a percent from x to z takes 0.6 of that, to y it adds 0.2.
    run = world(scheme([given("x", 45), given("y", 3), given("z", 52)]), x=[80, 1], y=[None, 1], z=[20, 1])
    assert tier_of(run, "a0") == "yellow"
    by_lock = {
        locked: [way.size for way in find_tier_changes(run, "a0", {locked}).ways if way.kind == "weights"]
        for locked in ("", "y", "z")
    }
    assert by_lock == {"": [16], "y": [16], "z": []}


def test_a_score_that_is_printed_as_the_cut_off_is_not_below_it_yet():
    # (64 + 60) / 2 = 62, and a percent takes 0.04: the first leaves 61.96, which is displayed_score as 62.0.
    run = world(two(), x=[64], y=[60])
    run = reassess(run, recut(run.scheme, {"orange": 62}))
    weights, cutoffs = find_tier_changes(run, "a0").ways
    assert (weights.size, weights.score) == (2, pytest.approx(61.92))
    assert cutoffs.changes[0].after == 62.1
    # A cut-off at 68.4 would do, and 68.4 is what is displayed_score.
    run = world(two(), x=[68.36], y=[68.36])
    (way,) = find_tier_changes(run, "a0").ways
    assert (way.changes[0].after, score_to_tenth(way.score)) == (68.5, 68.4)


def test_weights_that_are_no_whole_percent_begin_where_the_page_shows_them():
    run = world(scheme([given("x", 1), given("y", 1), given("z", 1)]), x=[90], y=[60], z=[31])
    way = find_tier_changes(run, "a0").ways[0]
    assert [(one.id, one.before) for one in way.changes] == [("x", 34), ("z", 33)]
    assert way.size == 2  # 0.34 × 90 + 0.33 × 60 + 0.33 × 31 = 60.63, and 0.59 less for each percent


def test_a_sum_keeps_its_scale():
    dimensions = [{"id": "d", "aggregate": "sum", "indicators": [given("x", 0.6), given("y", 0.6)]}]
    run = world(scheme(dimensions=dimensions), x=[80], y=[40])
    way = find_tier_changes(run, "a0").ways[0]
    # 0.6 × 80 + 0.6 × 40 = 72; of 1.2 in all, one percent is worth 0.012 × 40: 25 % leave 60 and 26 % less.
    assert way.size == 26
    assert [child.weight for child in levels(way.scheme)[1].children] == pytest.approx([0.288, 0.912])


def test_the_hardest_of_several_has_no_weights_to_shift():
    dimensions = [{"id": "d", "aggregate": "worst", "indicators": [given("x", 1), given("y", 1)]}]
    run = world(scheme(dimensions=dimensions), x=[85], y=[0])
    assert [way.kind for way in find_tier_changes(run, "a0").ways] == ["cutoffs"]


def test_the_cut_offs_above_rise_with_one_that_would_pass_them():
    run = world(two(), x=[79.9], y=[79.9])
    (way,) = find_tier_changes(run, "a0").ways
    assert [(one.id, one.before, one.after) for one in way.changes] == [("orange", 60, 80.0), ("red", 80, 80.1)]
    assert (way.size, way.tier) == (pytest.approx(20.1), "yellow")


@pytest.mark.parametrize("score", [20, 20.05, 33.3, 40, 59.9, 60, 61.1, 72.34, 80, 99.99, 100])
def test_a_cut_off_rises_by_no_more_than_it_must(score):
    run = world(two(), x=[score], y=[score])
    (way,) = find_tier_changes(run, "a0").ways
    (change,) = [one for one in way.changes if one.id == tier_of(run, "a0")]
    assert change.after == pytest.approx(float(f"{score:.1f}") + CUTOFF_STEP)
    assert score < change.after


def test_the_step_above_a_score():
    assert [just_above(score) for score in (0, 0.3, 0.7, 59.94, 59.96, 79.99999999, 80, -0.25)] == [
        *(0.1, 0.4, 0.8, 60.0, 60.1, 80.1, 80.1, -0.1),
    ]
    # As the number is displayed_score, and not as numpy rounds it.
    assert [score_to_tenth(np.float64(score)) for score in (0.15, 0.25, 60.04)] == [0.1, 0.2, 60.0]


def floor(at_least, column="x", value=70):
    return {
        "at_least": at_least,
        "when": {"indicator": column, "op": ">=", "value": value},
        "name": {"zh": "f", "en": "f"},
    }


def test_why_there_is_no_way():
    held = {"x": [70, 90, 10], "y": [20, 90, 10]}
    assert find_tier_changes(world(two(floors=[floor("red")]), **held), "a0").because == "floor"
    # The score alone makes it red, and the floor would keep it there.
    assert find_tier_changes(world(two(floors=[floor("red")]), **held), "a1").because == "floor"
    assert find_tier_changes(world(two(), **held), "a2").because == "green"
    by_share = two(tiers={"by": "share", "red": 0.5})
    assert find_tier_changes(world(by_share, **held), "a1").because == "relative"
    lines = [{"tier": "red", "when": {"indicator": "x", "op": ">=", "value": 70}}, {"tier": "green"}]
    assert find_tier_changes(world(two(decide=lines, tiers=None), **held), "a1").because == "decide"
    assert find_tier_changes(world(two(), x=[None, 1], y=[70, 1]), "a0").because == "missing"
    # With x missing (30 %) and y at 22 it is blue; as green it could not be known.
    assert find_tier_changes(world(two(x=30, y=70), x=[None, 1], y=[22, 1]), "a0").because == "missing"


def test_a_floor_below_the_tier_leaves_a_way_down_to_it():
    run = world(two(floors=[floor("orange")]), x=[90, 1], y=[80, 1])
    found = find_tier_changes(run, "a0")
    assert found.because is None
    assert {way.tier for way in found.ways} == {"orange"}


def test_only_the_last_day_counts():
    run = assessed(
        records(areas=[{"area_id": "a0", "name": "n", "x": 70, "y": 54}]), two(), days("2020-02-01", "2020-02-15")
    )
    assert [way.size for way in find_tier_changes(run, "a0").ways] == [13, pytest.approx(2.1)]

"""Whether the map was right: hit rate, PAI, PEI and capture curve by hand, laws, and nothing of what came later."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as sample
from hypothesis import settings
from hypothesis import strategies as st

from analytics.evidence.backtest import (
    TierHistory,
    assess_point_in_time,
    backtest,
    backtest_of,
    capture,
    compare_backtests,
    following,
    incidents_to,
    last_moment,
    order,
    shown_by,
    shown_in,
    verdict,
    week_ends,
)
from analytics.scoring import area_counts_for, assess
from analytics.store.counts import Counts
from tests.scoring.small_world import TODAY, days, incident, indicator, records, scheme, three_areas

NAN = float("nan")
AREAS = pd.Index(list("ABCD"))
WHEN = pd.DatetimeIndex(["2020-01-05", "2020-01-12"])
MAP = TierHistory(
    WHEN,
    AREAS,
    np.array([[4, 3, 1, 0], [0, 4, -1, 1]], dtype=np.int8),
    np.array([[90.0, 70, 30, 10], [5, 85, NAN, 25]]),
)
AFTER = np.array([[6, 2, 1, 1], [4, 3, 2, 1]])
BEFORE = np.array([[1, 1, 5, 0], [0, 0, 0, 0]])
PEOPLE = np.array([100.0, 300, NAN, 100])


def test_hit_rate_pai_and_pei_of_each_moment_are_those_computed_by_hand():
    found = backtest_of(MAP, AFTER, BEFORE, PEOPLE).map.moments
    # Two of four areas hold 8 of 10 matters, and no two hold more; then one of four holds 3 of 10, where one holds 4.
    assert found["hit_rate"].tolist() == [0.8, 0.3]
    assert found["share_of_areas"].tolist() == [0.5, 0.25]
    assert found["pai"].tolist() == [1.6, 1.2]
    assert found["pei"].tolist() == [1.0, 0.75]
    # C has nobody that is known: 400 and then 300 of 500.
    assert found["share_of_population"].tolist() == [0.8, 0.6]


def test_the_pooled_figures_add_matters_up():
    found = backtest_of(MAP, AFTER, BEFORE, PEOPLE).map
    assert found.pooled["hit_rate"] == 11 / 20
    assert found.pooled["share_of_areas"] == 7.5 / 20
    assert found.pooled["pai"] == pytest.approx(11 / 7.5)
    assert found.pooled["pei"] == pytest.approx(11 / 12)
    # A, B, C, D with 6, 2, 1, 1; then B, D, A and the unknown C with 3, 1, 4, 2.
    assert found.curve.tolist() == [0, 9 / 20, 12 / 20, 17 / 20, 1]


def test_other_orders_get_as_many_areas_and_equals_are_averaged():
    found = backtest_of(MAP, AFTER, BEFORE, PEOPLE)
    # C alone, then A or B: 1 + (6 + 2) / 2. With no matters before, any of the four: 10 / 4.
    assert found.last_counts.moments["hit_rate"].tolist() == [0.5, 0.25]
    assert found.last_counts.pooled["pai"] == 1.0
    # B, then A or D: 2 + (6 + 1) / 2; then B.
    assert found.population.moments["hit_rate"].tolist() == [0.55, 0.3]
    assert backtest_of(MAP, AFTER, BEFORE, np.full(4, NAN)).population is None


def test_what_each_area_gave_is_added_over_moments_and_shared_by_equals():
    found = backtest_of(MAP, AFTER, BEFORE, PEOPLE)
    # A and B, then B.
    assert found.map.by_area.tolist() == [6, 2 + 3, 0, 0]
    # C, and half of A and half of B; then a quarter of each.
    assert found.last_counts.by_area.tolist() == [3 + 1, 1 + 0.75, 1 + 0.5, 0.25]


def _catching(*numbers):
    """An order that caught so many matters in each area."""
    after = np.array([numbers])
    return capture(WHEN[:1], order(np.ones_like(after)), after, np.array([after.size]), np.full(after.size, NAN))


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        # Three areas, each one matter apart: 3 against 1.645 · √3 = 2.85; two areas: 2 against 2.33.
        ((1, 1, 1), (0, 0, 0), "more"),
        ((0, 0, 0), (1, 1, 1), "less"),
        ((1, 1, 0), (0, 0, 0), "level"),
        # However much it is, one area proves nothing.
        ((900, 0, 0), (0, 0, 0), "level"),
        ((5, 0, 5), (5, 0, 5), "level"),
    ],
)
def test_a_difference_is_clear_where_it_does_not_hang_on_a_few_areas(one, other, said):
    assert verdict(_catching(*one), _catching(*other)) == said


def test_a_map_is_told_from_chance_by_the_band_of_shuffled_ones():
    rank = np.zeros((4, 40), dtype=np.int8)
    rank[:, :8] = 4
    when = pd.date_range("2020-01-05", periods=4, freq="7D")
    shown = TierHistory(when, pd.Index([f"N{number:02}" for number in range(40)]), rank, rank * 20.0)
    nobody = np.full(40, NAN)
    for after, said in ((rank, "more"), (4 - rank, "less"), (np.ones_like(rank), "level")):
        found = backtest_of(shown, after, after, nobody)
        low, high = found.chance
        assert low <= 1 <= high
        assert found.against_chance == said


def test_a_second_map_is_held_against_the_first_in_as_many_areas():
    rows = [incident(number, "A", "2020-01-10") for number in range(8)]
    rows += [incident(20 + number, "B", "2020-01-10") for number in range(3)]
    rows += [incident(30, "A", "2020-01-14"), incident(31, "B", "2020-01-15"), incident(32, "B", "2020-01-16")]
    chosen = scheme([indicator()])
    facts = area_counts_for(Counts.of_records(records(areas=three_areas(), incidents=rows)), chosen)
    shown = shown_in(assess_point_in_time(facts, chosen, days("2020-01-12")))
    only_a = TierHistory(shown.days, shown.areas, np.array([[4, 0, 0]], dtype=np.int8), shown.score)
    found = compare_backtests(facts, chosen, only_a, 1, np.array([2]))
    assert found.own.pooled[["hit_rate", "share_of_areas"]].tolist() == pytest.approx([1 / 3, 1 / 3])
    # B has the next score.
    assert found.as_many.pooled[["hit_rate", "share_of_areas"]].tolist() == pytest.approx([1, 2 / 3])


def test_within_a_tier_the_score_orders_and_the_unknown_come_last():
    level = TierHistory(WHEN[:1], AREAS, np.array([[0, 0, -1, 4]], dtype=np.int8), np.array([[3.0, 8, 99, 1]]))
    found = backtest_of(level, np.array([[1, 10, 100, 1000]]), BEFORE[:1], PEOPLE).map
    assert (found.curve * 1111).round(6).tolist() == [0, 1000, 1010, 1011, 1111]


def test_without_anything_flagged_or_followed_there_is_no_index():
    none_flagged = TierHistory(WHEN, AREAS, np.zeros((2, 4), dtype=np.int8), np.zeros((2, 4)))
    found = backtest_of(none_flagged, AFTER, BEFORE, PEOPLE)
    assert found.map.pooled["hit_rate"] == 0
    assert np.isnan(found.map.pooled["pai"])
    assert np.isnan(found.shuffled).all()
    quiet = backtest_of(MAP, np.zeros((2, 4), dtype=int), BEFORE, PEOPLE)
    assert quiet.map.pooled[["hit_rate", "pai", "pei"]].isna().all()
    half = backtest_of(MAP, AFTER * [[1], [0]], BEFORE, PEOPLE)
    assert half.map.pooled["pai"] == 1.6
    assert half.map.moments["share_of_areas"].tolist() == [0.5, 0.25]


@st.composite
def worlds(draw):
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    moments, areas = draw(st.integers(1, 6)), draw(st.integers(2, 30))
    rank = random.integers(-1, 5, (moments, areas)).astype(np.int8)
    score = np.where(rank < 0, NAN, random.integers(0, 100, rank.shape))
    when = pd.date_range("2020-01-05", periods=moments, freq="7D")
    codes = pd.Index([f"N{number:02}" for number in range(areas)])
    after, before = random.poisson(draw(st.floats(0, 3)), rank.shape), random.poisson(1, rank.shape)
    return TierHistory(when, codes, rank, score), after, before, random.integers(30, 3000, areas).astype(float)


@sample(worlds())
@settings(max_examples=60)
def test_no_map_catches_more_than_the_most_and_every_curve_climbs_from_nothing_to_all(world):
    found = backtest_of(*world)
    for one in (found.map, found.last_counts, found.population):
        pei = np.append(one.moments["pei"].dropna(), one.pooled["pei"])
        assert (pei[~np.isnan(pei)] <= 1).all()
        assert (np.nan_to_num(one.pooled["hit_rate"]) <= 1) & (np.nan_to_num(one.pooled["hit_rate"]) >= 0)
        assert one.by_area.sum() == pytest.approx(np.nan_to_num(one.pooled["hit_rate"]) * found.incidents.sum())
        if found.incidents.any():
            assert one.curve[0] == 0
            assert one.curve[-1] == 1
            assert (np.diff(one.curve) >= -1e-9).all()


@sample(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_areas_changes_nothing(world, random):
    shown, after, before, people = world
    mixed = random.sample(range(len(people)), len(people))
    again = backtest_of(
        TierHistory(shown.days, shown.areas[mixed], shown.rank[:, mixed], shown.score[:, mixed]),
        after[:, mixed], before[:, mixed], people[mixed],
    )  # fmt: skip
    found = backtest_of(*world)
    for name in ("map", "last_counts", "population"):
        pd.testing.assert_frame_equal(getattr(found, name).moments, getattr(again, name).moments)
        pd.testing.assert_series_equal(getattr(found, name).pooled, getattr(again, name).pooled)
        np.testing.assert_allclose(getattr(found, name).curve, getattr(again, name).curve)
    np.testing.assert_allclose(found.shuffled, again.shuffled)


@pytest.mark.parametrize("seed", range(5))
def test_shuffled_tiers_have_a_pai_of_about_one_even_where_busy_weeks_have_more_red(seed):
    random = np.random.default_rng(seed)
    busy = random.uniform(0.1, 0.9, (30, 1))
    rank = np.where(random.uniform(size=(30, 40)) < busy, 4, 0).astype(np.int8)
    # Where it is red more follows, and in weeks with much red more follows everywhere.
    after = random.poisson(busy * 6 * (1 + (rank == 4)))
    when = pd.date_range("2020-01-05", periods=30, freq="7D")
    codes = pd.Index([f"N{number:02}" for number in range(40)])
    found = backtest_of(TierHistory(when, codes, rank, rank * 20.0), after, after, np.full(40, NAN))
    assert found.map.pooled["pai"] > 1.1
    assert found.shuffled.mean() == pytest.approx(1, abs=0.1)
    assert np.array_equal(
        found.shuffled,
        backtest_of(TierHistory(when, codes, rank, rank * 20.0), after, after, np.full(40, NAN)).shuffled,
    )


MOMENT = "2020-02-01"
STEADY = {"confirm_up_days": 2, "confirm_down_days": 3, "minimum_stay_days": 3, "one_step_down": True}
THEN = {
    "areas": three_areas(),
    "residents": [
        {"area_id": area, "count": 200, "age_band": "70-79", "as_of": "2020-01-01"} for area in "ABC"
    ],
    "incidents": [
        *(incident(number, "A", f"2020-01-{25 + number}") for number in range(1, 7)),
        incident(20, "B", "2020-01-20", "noise"),
    ],
}  # fmt: skip
LATER = {
    "residents": [{"area_id": "B", "count": 900, "age_band": "80+", "as_of": "2020-02-02"}],
    "incidents": [
        *(incident(100 + number, "C", "2020-02-02") for number in range(9)),
        incident(200, "B", "2020-02-05", "gathering"),
        incident(201, "B", "2020-02-03", "noise", due_at="2020-02-04"),
    ],
}
WEIGHED = (
    [
        indicator(),
        indicator("gatherings", where={"category": ["gathering"]}, weight=3),
        indicator("late", measure="overdue", where={}, window_days=None, weight=2),
    ],
    [
        indicator(
            "elders", measure="stock", window_days=None, where={"age_band": ["80+"]},
            points={"method": "linear", "linear": {"low": 0, "high": 1000}}, **{"from": "residents"},
        )
    ],
)  # fmt: skip


def _planted():
    return {table: [*rows, *LATER.get(table, [])] for table, rows in THEN.items()}


def test_records_planted_after_a_moment_move_neither_its_tiers_nor_its_scores():
    chosen = scheme(*WEIGHED, stability=STEADY, missing={"minimum_known_weight": 0.2})
    when = days("2020-01-30", MOMENT)
    known = area_counts_for(Counts.of_records(records(**THEN)), chosen)
    planted = area_counts_for(Counts.of_records(records(**_planted())), chosen)
    then, later = assess(known, chosen, when), assess_point_in_time(planted, chosen, when)
    for name in ("values", "points", "gaps", "score", "computed", "published", "shown", "waiting_for"):
        np.testing.assert_array_equal(getattr(then, name), getattr(later, name), err_msg=name)
    # Without that care they do move: that a kind of matter would come one day makes its absence a zero.
    careless = assess(planted, chosen, when)
    assert not np.array_equal(careless.score, then.score, equal_nan=True)
    assert not np.array_equal(careless.shown, then.shown)


def test_each_moment_knows_what_had_been_seen_by_its_own_day():
    chosen = scheme(*WEIGHED, stability=STEADY, missing={"minimum_known_weight": 0.2})
    when = days(MOMENT, "2020-02-05")
    planted = area_counts_for(Counts.of_records(records(**_planted())), chosen)
    together = assess_point_in_time(planted, chosen, when)
    assert together.days.equals(when)
    for number, moment in enumerate(when):
        kept = {
            table: [row for row in rows if pd.Timestamp(row.get("occurred_at", row.get("as_of", MOMENT))) <= moment]
            for table, rows in _planted().items()
        }
        alone = assess(area_counts_for(Counts.of_records(records(**kept)), chosen), chosen, when[number : number + 1])
        np.testing.assert_array_equal(alone.score[0], together.score[number])
        np.testing.assert_array_equal(alone.shown[0], together.shown[number])


def test_what_followed_begins_the_day_after_and_ends_with_the_last_week():
    near = ["2020-02-01", "2020-02-02", "2020-02-15", "2020-02-16", "2020-01-18", "2020-01-19"]
    rows = [incident(number, "A", day) for number, day in enumerate(near)]
    rows += [incident(50, "B", "2020-02-03"), incident(51, "B", "2020-02-03", "noise")]
    chosen = scheme([indicator()])
    facts = area_counts_for(Counts.of_records(records(areas=three_areas(), incidents=rows)), chosen)
    assert following(facts, chosen, days(MOMENT), 2).tolist() == [[2, 1, 0]]
    assert incidents_to(facts, chosen, days(MOMENT), 14).tolist() == [[2, 0, 0]]
    # A scheme that names no category is held against all matters.
    every = scheme([indicator(where={})])
    assert following(facts, every, days(MOMENT), 2).tolist() == [[2, 2, 0]]


def test_moments_whose_following_weeks_are_not_wholly_recorded_are_left_out():
    rows = [incident(1, "A", "2020-01-01"), incident(2, "B", "2020-02-20")]
    chosen = scheme([indicator()])
    facts = area_counts_for(Counts.of_records(records(areas=three_areas(), incidents=rows, reports=[])), chosen)
    assert last_moment(facts, 2, date(2020, 12, 31)) == date(2020, 2, 6)
    assert last_moment(facts, 2, date(2020, 2, 15)) == date(2020, 2, 1)
    ends = week_ends(facts, [chosen], 2, date(2020, 12, 31))
    # The first full day of a window of seven days is 7 January.
    assert ends.strftime("%m-%d").tolist() == ["01-09", "01-16", "01-23", "01-30", "02-06"]
    assert week_ends(facts, [chosen, scheme([indicator(window_days=28)])], 2, date(2020, 12, 31))[0].day == 30
    reported = area_counts_for(Counts.of_records(records(areas=three_areas(), incidents=rows)), chosen)
    assert last_moment(reported, 2, date(2020, 12, 31)) == TODAY - timedelta(days=14)
    bare = area_counts_for(Counts.of_records(records(areas=three_areas())), chosen)
    assert week_ends(bare, [chosen], 2, date(2020, 12, 31)).empty


def test_a_run_is_held_to_account_by_the_records_that_followed():
    rows = [incident(number, "A", "2020-01-10") for number in range(8)]
    rows += [incident(20 + number, "A", "2020-01-14") for number in range(3)]
    rows += [incident(30, "C", "2020-01-15"), incident(31, "C", "2020-01-20")]
    chosen = scheme([indicator()])
    facts = area_counts_for(Counts.of_records(records(areas=three_areas(), incidents=rows)), chosen)
    found = backtest(facts, chosen, shown_in(assess_point_in_time(facts, chosen, days("2020-01-12"))), 1)
    assert found.incidents.tolist() == [4]
    assert found.map.pooled["hit_rate"] == 0.75
    assert found.map.pooled["pai"] == pytest.approx(0.75 * 3)
    # A has 1,000 of 3,500 people; B, the largest, had none of it.
    assert found.map.pooled["share_of_population"] == pytest.approx(1000 / 3500)
    assert found.population.pooled["hit_rate"] == 0


def test_an_area_that_a_release_did_not_have_is_unknown_in_it():
    chosen = scheme([indicator()])
    rows = [incident(number, "A", "2020-01-10") for number in range(9)]
    facts = area_counts_for(Counts.of_records(records(areas=three_areas(), incidents=rows)), chosen)
    run = assess(facts, chosen, days("2020-01-11", "2020-01-12"))
    shown = shown_by([run.of_areas(pd.Index(["C", "A"]))], pd.Index(list("ABC")))
    assert shown.days.tolist() == [pd.Timestamp("2020-01-12")]
    assert shown.rank.tolist() == [[4, -1, 0]]
    assert np.isnan(shown.score[0, 1])
    assert shown.flagged.tolist() == [1]

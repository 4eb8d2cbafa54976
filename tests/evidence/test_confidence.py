"""How firm a colour is: against areas that can be computed by hand, and the laws that hold for any scheme."""

import re
from dataclasses import replace
from datetime import date
from functools import cache
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from analytics import tiers
from analytics.benchmarks import confidence as bench
from analytics.errors import StoreError
from analytics.evidence import confidence as engine
from analytics.evidence.confidence import CaseMeasures, confidence, is_weighted_sum, simulated
from analytics.evidence.confidence_store import FOLDER, etag, load, save
from analytics.evidence.sampling import AS_WRITTEN, WINDOWS, UncertaintyRanges, sample, scheme_at
from analytics.scoring import area_counts_for, assess
from analytics.scoring.combine import scores
from analytics.scoring.provenance import METHOD_VERSION, FigureSettings, Provenance
from analytics.store.counts import Counts
from analytics.wording.confidence import likelier_text
from tests.scoring.small_world import days, given, incident, indicator, records, scheme, three_areas

DAY = date(2020, 2, 29)
NOTHING = UncertaintyRanges(0.0, 0.0, False, False)


def only(weights=0.0, cutoffs=0.0):
    return UncertaintyRanges(weights, cutoffs, False, False)


def drawn_of(chosen, rows, assumed, draws=4000, seed=1, siblings=None):
    """The draws for areas with these values (areas, indicators), which are their points too."""
    values = np.array(rows, dtype=float)
    seen = {
        (sibling, window): CaseMeasures(values, values if siblings is None or not sibling else siblings)
        for sibling in (False, True)
        for window in range(len(WINDOWS))
    }
    return simulated(chosen, pd.RangeIndex(len(values)), seen, assumed, draws, seed)


def two(weights=(1, 1), **others):
    return scheme([given("a", weights[0]), given("b", weights[1])], **others)


def at_or_above(found, tier):
    return found.shares[[*reversed(tiers.RANKED[tiers.RANK[tier] :])]].sum(axis=1)


@pytest.mark.parametrize("assumed", [only(cutoffs=0.05), only(weights=0.25), only(0.25, 0.05)])
def test_an_area_exactly_on_a_cut_off_is_about_half_and_half(assumed):
    found = drawn_of(two(), [[20, 60]], assumed)
    assert found.present[0] == "yellow"
    assert found.shares.loc[0, "yellow"] == pytest.approx(0.5, abs=0.03)
    assert found.shares.loc[0, "blue"] == pytest.approx(0.5, abs=0.03)
    assert found.words[0] == "borderline"


@pytest.mark.parametrize("row", [(80, 20), (70, 45), (90, 30), (10, 68), (62, 58), (100, 0)])
@pytest.mark.parametrize(("around", "cut"), [(0.25, 0.05), (0.5, 0.1), (0.1, 0.14)])
def test_two_indicators_agree_with_the_exact_area_of_the_cut_rectangle(row, around, cut):
    found = drawn_of(two(), [row], only(around, cut))
    for tier, at in (("blue", 20), ("yellow", 40), ("orange", 60), ("red", 80)):
        # Weight of the first across, cut-off upwards; reached where the cut-off lies under the line of the score.
        w, c = (0.5 * (1 - around), 0.5 * (1 + around)), (at * (1 - cut), at * (1 + cut))
        line = [row[0] * x + row[1] * (1 - x) for x in w]
        under = shapely.Polygon([(w[0], -999), (w[1], -999), (w[1], line[1]), (w[0], line[0])])
        whole = shapely.box(w[0], c[0], w[1], c[1])
        exact = under.intersection(whole).area / whole.area
        assert at_or_above(found, tier)[0] == pytest.approx(exact, abs=0.03)


def test_first_order_shares_agree_with_those_by_a_fine_grid():
    row, around, cut = (80, 30), 0.25, 0.08
    found = drawn_of(two(), [row], only(around, cut), draws=20_000)
    w = np.linspace(0.5 * (1 - around), 0.5 * (1 + around), 1001)[:, None]
    c = np.linspace(60 * (1 - cut), 60 * (1 + cut), 1001)[None, :]
    reached = (row[0] * w + row[1] * (1 - w) >= c).astype(float)
    spread = reached.var()
    assert found.first_order["weights"] == pytest.approx(reached.mean(axis=1).var() / spread, abs=0.03)
    assert found.first_order["cutoffs"] == pytest.approx(reached.mean(axis=0).var() / spread, abs=0.03)
    assert found.together == pytest.approx(1 - sum(found.first_order.values()))


def test_where_weights_cannot_matter_the_cut_offs_have_the_whole_share():
    found = drawn_of(two(), [[40, 40], [61, 61], [5, 5]], only(0.25, 0.05))
    assert found.first_order == {"weights": 0.0, "cutoffs": 1.0}
    assert found.together == 0.0


@st.composite
def trees(draw):
    """Weighted sums over four indicators, one dimension within another, with floors or without."""
    how = st.sampled_from(["arithmetic", "arithmetic", "sum"])
    weight = st.floats(0.05, 3)
    parts = [given(name, draw(weight)) for name in "abcd"]
    inner = {"id": "inner", "weight": draw(weight), "aggregate": draw(how), "indicators": parts[2:]}
    dimensions = [
        {"id": "d0", "weight": draw(weight), "aggregate": draw(how), "indicators": parts[:1]},
        {"id": "d1", "weight": draw(weight), "aggregate": draw(how), "indicators": parts[1:2], "dimensions": [inner]},
    ]
    floor = {"at_least": "orange", "when": {"indicator": "a", "op": ">=", "value": 70}, "name": {"zh": "x", "en": "x"}}
    least = draw(st.sampled_from([0.01, 0.5, 0.9]))
    return scheme(
        dimensions=dimensions,
        aggregate=draw(how),
        floors=[floor] if draw(st.booleans()) else [],
        missing={"minimum_known_weight": least},
    )


CELL = st.one_of(st.just(np.nan), st.sampled_from([0.0, 20.0, 40.0, 100.0]), st.floats(0, 100))
ROWS = st.lists(st.lists(CELL, min_size=4, max_size=4), min_size=1, max_size=6)
RANGES = st.sampled_from([NOTHING, only(0.25, 0.05), UncertaintyRanges(0.4, 0.0), UncertaintyRanges()])


@for_all(trees(), ROWS, RANGES)
@settings(max_examples=40)
def test_all_draws_at_once_give_the_numbers_of_each_draw_by_itself(chosen, rows, assumed):
    siblings = np.array(rows) * 0.9
    assert is_weighted_sum(chosen)
    quick = drawn_of(chosen, rows, assumed, draws=12, siblings=siblings)
    with patch.object(engine, "is_weighted_sum", lambda _: False):
        slow = drawn_of(chosen, rows, assumed, draws=12, siblings=siblings)
    assert (quick.shares.to_numpy() == slow.shares.to_numpy()).all()
    assert quick.first_order == slow.first_order


def test_points_without_a_hardest_leave_every_tier_open_in_both_ways():
    points, least = {"method": "min_max"}, {"minimum_known_weight": 0.1}
    chosen = scheme([given("a", points=points), given("b")], missing=least)
    rows = [[5, 5], [np.nan, 5], [90, np.nan], [np.nan, np.nan]]
    quick = drawn_of(chosen, rows, only(0.25, 0.05), draws=60)
    with patch.object(engine, "is_weighted_sum", lambda _: False):
        slow = drawn_of(chosen, rows, only(0.25, 0.05), draws=60)
    assert (quick.shares.to_numpy() == slow.shares.to_numpy()).all()
    assert quick.shares["unknown"].tolist() == [0, 1, 1, 1]


@for_all(trees(), ROWS, RANGES)
@settings(max_examples=40)
def test_shares_sum_to_one_and_an_unknown_area_has_no_word(chosen, rows, assumed):
    found = drawn_of(chosen, rows, assumed, draws=30)
    assert np.allclose(found.shares.sum(axis=1), 1)
    assert ((found.present == "unknown") == found.words.isna()).all()
    assert all(0 <= share <= 1 for share in (found.first_order or {}).values())


WHOLE_ROWS = st.lists(st.lists(st.floats(0, 100), min_size=4, max_size=4), min_size=2, max_size=2)


@for_all(trees(), WHOLE_ROWS)
@settings(max_examples=40)
def test_an_area_that_is_harder_in_everything_is_never_less_often_in_a_tier_or_above(chosen, rows):
    harder, easier = np.maximum(*rows), np.minimum(*rows)
    found = drawn_of(chosen, [harder, easier], only(0.3, 0.1), draws=100)
    for tier in tiers.RANKED:
        above = at_or_above(found, tier)
        assert above[0] >= above[1] - 1e-12


ANY_SCHEME = {
    "sum": {"aggregate": "sum"},
    "geometric": {"aggregate": "geometric"},
    "worst": {"aggregate": "worst"},
    "then": {"then": "percent_rank"},
    "shares": {"tiers": {"by": "share", "red": 0.34, "yellow": 0.33}},
    "floor on a dimension": {
        "floors": [
            {"at_least": "red", "when": {"dimension": "d0", "op": ">=", "value": 30}, "name": {"zh": "x", "en": "x"}}
        ]
    },
    "decide": {
        "tiers": None,
        "decide": [
            {"tier": "red", "when": {"dimension": "d0", "op": ">=", "value": 40}},
            {"tier": "blue"},
        ],
    },
}


def some_scheme(name):
    made = {"a": given("a", 2), "b": given("b", 1), "c": given("c", 3)}
    return scheme([made["a"], made["b"]], [made["c"]], **ANY_SCHEME[name])


ROWS_OF_THREE = [[40, 40, 40], [80, 10, 55], [5, 90, 20], [np.nan, 50, 60]]


@pytest.mark.parametrize("name", ANY_SCHEME)
def test_with_nothing_varied_every_colour_is_firm_under_any_scheme(name):
    found = drawn_of(some_scheme(name), ROWS_OF_THREE, NOTHING, draws=20)
    assert (found.kept == 1).all()
    assert (found.words.dropna() == "firm").all()
    assert found.varied == ()
    assert found.first_order is None
    assert found.error is None
    assert found.together is None


@pytest.mark.parametrize("name", ANY_SCHEME)
def test_any_scheme_can_be_drawn(name):
    found = drawn_of(some_scheme(name), ROWS_OF_THREE, only(0.5, 0.1), draws=60)
    assert np.allclose(found.shares.sum(axis=1), 1)
    assert (found.kept < 1).any() == (found.first_order is not None)


def test_the_same_seed_gives_the_same_numbers_and_pieces_change_nothing():
    rows = np.random.default_rng(1).uniform(0, 100, (30, 2))
    one = drawn_of(two(), rows, only(0.25, 0.05), draws=300)
    with patch.object(engine, "DRAWS_AT_ONCE", 77), patch.object(engine, "NUMBERS_AT_ONCE", 50):
        again = drawn_of(two(), rows, only(0.25, 0.05), draws=300)
    other = drawn_of(two(), rows, only(0.25, 0.05), draws=300, seed=2)
    assert one.shares.equals(again.shares)
    assert one.first_order == again.first_order
    assert not one.shares.equals(other.shares)


def test_words_begin_at_nine_and_at_six_tenths():
    found = drawn_of(two(), [[0, 0]] * 4, NOTHING, draws=10)
    shares = pd.DataFrame(0.0, index=range(4), columns=list(tiers.SHOWN))
    shares["green"], shares["blue"] = [0.9, 0.3 * 3, 0.6, 0.599], [0.1, 0.1, 0.4, 0.401]
    made = engine.Confidence(shares, found.present, (), None, None, NOTHING, 1000, 1)
    assert made.words.tolist() == ["firm", "firm", "leaning", "borderline"]
    assert made.likelier.tolist() == [None] * 4


def test_a_likelier_tier_is_one_that_comes_up_more_often_than_the_present_one():
    shares = pd.DataFrame(0.0, index=range(5), columns=list(tiers.SHOWN))
    shares["red"], shares["orange"], shares["yellow"] = (
        [0.3, 0.3, 0.4, 0.5, 0],
        [0.7, 0.4, 0.3, 0.5, 0],
        [0, 0.3, 0.3, 0, 0],
    )
    shares.loc[4, ["unknown", "green"]] = 0.4, 0.6
    present = pd.Series(["red"] * 4 + ["unknown"], dtype=object)
    made = engine.Confidence(shares, present, (), None, None, NOTHING, 1000, 1)
    assert made.likelier.tolist() == ["orange", "orange", None, None, None]
    said = [likelier_text("en", made, area) for area in range(5)]
    assert [text.split(" ")[0] for text in said] == ["mostly", "more", "", "", ""]
    assert "orange" in said[0].lower()


def test_the_error_says_how_far_first_order_shares_of_other_seeds_are_spread():
    rows = [(80, 30), (62, 58), (20, 70), (70, 45)]
    exact = drawn_of(two(), rows, only(0.25, 0.08), draws=100_000).first_order
    runs = [drawn_of(two(), rows, only(0.25, 0.08), draws=1000, seed=seed) for seed in range(60)]
    off = np.array([max(abs(run.first_order[name] - share) for name, share in exact.items()) for run in runs])
    errors = np.array([run.error for run in runs])
    assert 0.8 <= (off <= errors).mean() <= 1
    assert errors.mean() < 2 * np.quantile(off, 0.95)
    fewer = drawn_of(two(), rows, only(0.25, 0.08), draws=200, seed=1).error
    assert fewer / errors.mean() == pytest.approx(np.sqrt(5), rel=0.25)


def world(fevers):
    matters = [incident(number, area, day) for number, (area, day) in enumerate(fevers)]
    return records(areas=three_areas(x=[30, 60, 90]), incidents=matters)


def facts_of(chosen, fevers=(("A", "2020-02-29"), ("B", "2020-02-22"), ("B", "2020-02-21"), ("C", "2020-02-20"))):
    return area_counts_for(Counts.of_records(world(fevers)), chosen)


def test_the_present_tiers_are_those_that_an_assessment_computes():
    chosen = scheme([indicator(window_days=8)], [given("x")])
    facts = facts_of(chosen)
    found = confidence(facts, chosen, DAY, UncertaintyRanges(), draws=50)
    run = assess(facts, chosen, days("2020-02-29"))
    assert list(found.present) == list(tiers.names(run.computed[0]))
    assert list(found.shares.index) == list(run.areas.index)


def test_windows_are_drawn_in_thirds_and_look_at_the_records_again():
    steps = {"method": "bands", "bands": [[0, 0], [1, 30], [2, 70]]}
    chosen = scheme([indicator(window_days=8, points=steps)])
    found = confidence(facts_of(chosen), chosen, DAY, UncertaintyRanges(0, 0, False, True), draws=3000)
    # Six, eight and ten days: B has 0, 1 (the 22nd), 2 (the 21st too) and C has 0, 0, 1.
    assert found.shares.loc["B", ["green", "blue", "orange"]].to_numpy() == pytest.approx([1 / 3] * 3, abs=0.03)
    assert found.shares.loc["C", ["green", "blue"]].to_numpy() == pytest.approx([2 / 3, 1 / 3], abs=0.03)
    assert found.kept["A"] == 1
    assert found.first_order == {"window": 1.0}


def test_the_sibling_method_is_drawn_half_of_the_time():
    chosen = scheme([given("x", points={"method": "bands", "bands": [[0, 0], [40, 30], [80, 70]]})])
    found = confidence(facts_of(chosen), chosen, DAY, UncertaintyRanges(0, 0, True, False), draws=2000)
    # 60 lies half way between 40 and 80: 30 points by the steps, 50 by the lines between them.
    assert found.shares.loc["B", ["blue", "yellow"]].to_numpy() == pytest.approx([0.5, 0.5], abs=0.03)
    assert found.present["B"] == "blue"
    assert found.first_order == {"points": 1.0}


def test_it_is_told_how_much_is_done():
    chosen, heard = two(), []
    seen = CaseMeasures(np.array([[20.0, 60.0]]), np.array([[20.0, 60.0]]))
    simulated(chosen, pd.RangeIndex(1), {(False, AS_WRITTEN): seen}, only(0.25, 0.05), 100, 1, heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1


SCHEME = scheme([indicator(window_days=8)], [given("x")])


def made_by(**changed):
    """What made the draws, as the settings are now."""
    usual = {"records": "d", "scheme": SCHEME.digest(), "method": METHOD_VERSION, "settings": FigureSettings.current()}
    return Provenance(**({"day": DAY} | usual | changed))


@cache
def some_found():
    return confidence(facts_of(SCHEME), SCHEME, DAY, UncertaintyRanges(), seed=5)


@pytest.mark.parametrize("unusual", [{"assumed": UncertaintyRanges(0.5)}, {"assumed": NOTHING}, {"number": 999}])
def test_draws_of_other_ranges_or_too_few_are_never_kept(tmp_path, unusual):
    save(tmp_path, some_found(), made_by())
    before = etag(tmp_path, made_by(), SCHEME)
    with pytest.raises(ValueError, match="not usual"):
        save(tmp_path, replace(some_found(), **unusual), made_by())
    assert etag(tmp_path, made_by(), SCHEME) == before
    save(tmp_path, replace(some_found(), number=5000), made_by())
    assert load(tmp_path, made_by(), SCHEME).number == 5000


def test_what_was_kept_is_read_back_as_it_was(tmp_path):
    found = some_found()
    assert load(tmp_path, made_by(), SCHEME) is None
    assert etag(tmp_path, made_by(), SCHEME) is None
    save(tmp_path, found, made_by())
    again = load(tmp_path, made_by(), SCHEME)
    assert again.shares.to_numpy().tolist() == found.shares.to_numpy().tolist()
    assert list(again.shares.index) == list(found.shares.index)
    assert list(again.words) == list(found.words)
    for name in ("varied", "first_order", "error", "assumed", "number", "seed"):
        assert getattr(again, name) == getattr(found, name)
    assert [file.suffix for file in (tmp_path / FOLDER).iterdir()] == [".json"]


def test_draws_are_found_under_what_made_them_alone(tmp_path):
    save(tmp_path, some_found(), made_by())
    other_scheme = two()
    for asked, scheme_asked in (
        (made_by(scheme=other_scheme.digest()), other_scheme),
        (made_by(records="e"), SCHEME),
        (made_by(day=date(2020, 2, 28)), SCHEME),
        (made_by(method=METHOD_VERSION + 1), SCHEME),
        (made_by(settings=FigureSettings(30)), SCHEME),
    ):
        assert load(tmp_path, asked, scheme_asked) is None
        assert etag(tmp_path, asked, scheme_asked) is None
    [file] = (tmp_path / FOLDER).iterdir()
    save(tmp_path, some_found(), made_by(records="e"))
    [other] = set((tmp_path / FOLDER).iterdir()) - {file}
    file.replace(other)  # a file under the name of another one
    assert load(tmp_path, made_by(records="e"), SCHEME) is None


@pytest.mark.parametrize(
    "damage", [lambda text: text[:-30], lambda _: "", lambda _: "[]", lambda _: "{}", lambda _: "\0"]
)
def test_a_damaged_file_counts_as_none_and_can_be_made_again(tmp_path, damage):
    save(tmp_path, some_found(), made_by())
    [file] = (tmp_path / FOLDER).iterdir()
    file.write_text(damage(file.read_text(encoding="utf-8")), encoding="utf-8")
    assert load(tmp_path, made_by(), SCHEME) is None
    save(tmp_path, some_found(), made_by())
    assert load(tmp_path, made_by(), SCHEME) is not None


def test_where_nothing_can_be_written_it_is_said_and_nothing_is_left(tmp_path):
    (tmp_path / FOLDER).write_text("in the way", encoding="utf-8")
    with pytest.raises(StoreError, match="confidence"):
        save(tmp_path, some_found(), made_by())
    assert load(tmp_path, made_by(), SCHEME) is None
    assert (tmp_path / FOLDER).read_text(encoding="utf-8") == "in the way"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_bench_says_how_many_times_the_bare_products_the_draws_take(lang, monkeypatch):
    for name, small in (("DRAWS", 30), ("AREAS", 40), ("TURNS", 2)):
        monkeypatch.setattr(bench, name, small)
    head, *rows = bench.bench_confidence(lang).splitlines()
    assert "30" in head
    assert len(rows) == 2
    assert all(re.search(r"6.*\d+\.\d\d", row) for row in rows)


def test_the_bare_products_of_the_bench_are_those_of_the_draws():
    chosen = bench._scheme()
    seen = bench._seen(chosen, 20, 0.0)
    pairs = bench._weights_and_points(chosen, UncertaintyRanges(), 50, seen)
    assert sum(len(weights) for weights, _ in pairs) == 6 * 50
    assert all(np.allclose(weights.sum(axis=1), 1) for weights, _ in pairs)
    first = sample(chosen, UncertaintyRanges(), 50, (bench.SEED, 0))
    case = next(iter(seen))
    row = np.flatnonzero((first.points == case[0]) & (first.window == case[1]))[0]
    found = scores(seen[case].points[None], scheme_at(chosen, first, row)).score[0]
    np.testing.assert_allclose((pairs[0][0] @ pairs[0][1])[0], found, atol=1e-8)

"""Where places among the areas count, areas whose data are interrupted are still among them, wherever that may be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import tiers
from analytics.scheme.measures import Gap
from analytics.scoring import area_counts_for, assess, reassess
from analytics.scoring.assess import rescored
from analytics.scoring.decide import Holes, points_from, tiers_from
from analytics.scoring.points import place_ends, relative
from analytics.store.counts import Counts
from analytics.wording.reasons import ground_lines
from tests.long.sizes import many, seeds
from tests.scoring.small_world import days, incident, indicator, records, scheme
from tests.scoring.small_world import given as given_indicator

RANKS = ("percent_rank", "rank", "rank_exponential")
METHODS = (*RANKS, "min_max", "z_score")
NAMES = ("x", "y", "z")
FILLED = 60
NAME = {"zh": "线", "en": "Line"}


@st.composite
def schemes(draw):
    """Two dimensions over three indicators, by places at some level at least, with cut-offs, shares or lines."""
    fixed = st.sampled_from(
        [{"method": "linear", "linear": {"low": 0, "high": 10}}, {"method": "bands", "bands": [[0, 0], [4, 60]]}]
    )
    method = st.sampled_from([*RANKS, *METHODS])
    rule = st.one_of(fixed, st.builds(lambda name: {"method": name}, method))
    then = st.one_of(st.none(), st.none(), method)
    parts = [
        given_indicator(
            name, draw(st.floats(0.1, 5)), points=draw(rule), harder_when=draw(st.sampled_from(["high", "low"]))
        )
        for name in NAMES
    ]
    how = st.sampled_from(["arithmetic", "arithmetic", "worst", "geometric"])
    dimensions = [
        {
            "id": f"d{at}",
            "weight": draw(st.floats(0.1, 5)),
            "aggregate": draw(how),
            "indicators": inside,
            "then": draw(then),
        }
        for at, inside in enumerate((parts[:1], parts[1:]))
    ]
    chosen = {"aggregate": draw(how), "then": draw(then), "missing": {"minimum_known_weight": 0.05}}
    shares = {"by": "share", "red": 0.2, "orange": 0.1, "yellow": 0.3}
    line = {"dimension": "d1", "op": draw(st.sampled_from([">=", "<"])), "value": draw(st.sampled_from([20, 50, 80]))}
    decided = draw(st.sampled_from(["cuts", "shares", "lines"]))
    if decided == "shares":
        chosen["tiers"] = shares
    elif decided == "lines":
        chosen |= {"tiers": None, "decide": [{"tier": "red", "when": line}, {"tier": "green"}]}
    if draw(st.booleans()):
        chosen["floors"] = [{"at_least": "orange", "when": line, "name": NAME}]
    return scheme(dimensions=[{key: value for key, value in one.items() if value} for one in dimensions],
                  **{key: value for key, value in chosen.items() if value or key == "tiers"})  # fmt: skip


@given(schemes(), st.integers(0, 2**31))
@settings(max_examples=many(200))
def test_whatever_those_that_are_silent_had_the_others_lie_in_their_span(chosen, seed):
    random = np.random.default_rng(seed)
    areas = int(random.integers(2, 12))
    shape = (1, areas, len(NAMES))
    whole = random.integers(0, int(random.choice([3, 11])), size=shape).astype(float)
    never = random.random((1, areas, 1)) < random.choice([0.0, 0.2])
    silent = (random.random(shape) < 0.5) & (random.random((1, areas, 1)) < random.choice([0.1, 0.5])) & ~never
    values = np.where(silent | never, np.nan, whole)
    holes = Holes(np.full(shape, np.nan), silent)
    found = tiers_from(points_from(values, chosen, holes), chosen, values, holes)
    fills = random.choice([-5.0, 0.0, 1.0, 2.0, 5.0, 10.0, 40.0], size=(FILLED, *shape[1:]))
    filled = np.where(silent, fills, np.where(never, np.nan, whole))
    then = tiers_from(points_from(filled, chosen, None), chosen, filled, None).rank
    told = then >= 0
    assert (~told | (then >= found.least)).all()
    assert (~told | (then <= found.most)).all()
    # What is known of an area is so whatever the others are.
    known = np.broadcast_to(found.rank >= 0, then.shape) & told
    assert (then == np.broadcast_to(found.rank, then.shape))[known].all()
    if not silent.any():
        np.testing.assert_array_equal(
            found.rank, tiers_from(points_from(values, chosen, None), chosen, values, None).rank
        )


@given(st.sampled_from(RANKS), st.integers(0, 2**31))
def test_the_ends_of_a_place_are_what_the_method_gives_with_all_above_and_all_below(method, seed):
    random = np.random.default_rng(seed)
    values = random.integers(0, 6, int(random.integers(3, 9))).astype(float)
    silent = random.random(len(values)) < 0.4
    values[silent] = np.nan
    least, most, untold = place_ends(method, values, values, silent)
    for end, far in ((least, 100.0), (most, -100.0)):
        expected = relative(method, np.where(silent, far, values))
        np.testing.assert_allclose(end[~untold], expected[~untold])
    if not silent.any():
        np.testing.assert_array_equal(least, most)


GRIDS = "ABCDEFGH"


def office(stops, each, last="2020-03-01"):
    """Grids with so many cases a day; some stop on a day."""
    rows = [{"area_id": area, "name": f"Grid {area}", "level": "grid"} for area in GRIDS]
    sent = [
        incident(f"{area}-{day:%y%m%d}-{n}", area, f"{day:%Y-%m-%d}")
        for area, number in zip(GRIDS, each, strict=True)
        for day in days("2019-12-01", stops.get(area, last))
        for n in range(number)
    ]
    return area_counts_of(records(areas=rows, incidents=sent, reports=[]))


def area_counts_of(made):
    counts = Counts.of_records(made)
    return lambda chosen: area_counts_for(counts, chosen)


@pytest.mark.parametrize("seed", seeds(6))
@pytest.mark.parametrize("how", [*METHODS, "low percent_rank", "low min_max", "share", "then"])
def test_a_grid_that_stops_makes_no_other_one_milder(how, seed):
    random = np.random.default_rng(seed)
    each = random.permutation(np.arange(2, 2 + len(GRIDS)))
    silent = random.choice(list(GRIDS), size=int(random.integers(1, 3)), replace=False)
    facts = office(dict.fromkeys(silent, "2020-02-17"), each)
    by, way = how.split()[-1], "low" if how.startswith("low") else "high"
    points = {"method": by} if by in METHODS else {"method": "linear", "linear": {"low": 0, "high": 70}}
    more = {
        "share": {"tiers": {"by": "share", "red": 0.25, "orange": 0.2, "yellow": 0.3}},
        "then": {"then": "percent_rank"},
    }
    chosen = scheme([indicator(points=points, harder_when=way)], **more.get(how, {}))
    run = assess(facts(chosen), chosen, days("2020-02-16", "2020-03-01"))
    gone = run.areas.index.isin(silent)
    np.testing.assert_array_equal(run.interrupted[-1, :, 0], gone)
    fell = (run.published[:, ~gone] < run.published[0, ~gone]) & (run.published[:, ~gone] >= 0)
    # Until it is told that they are silent they count as they are. Where fewer is harder that makes others milder, and
    # is taken back then.
    assert not fell[run.interrupted.any(axis=(1, 2))].any()
    assert how.startswith("low") or not fell.any()
    assert (run.carried[-1] <= chosen.missing.carried_days).all()
    again = reassess(run, chosen)
    np.testing.assert_array_equal(again.computed, run.computed)
    np.testing.assert_array_equal(rescored(chosen, run.values, run.holes)[1], run.computed)
    by_width = by in ("min_max", "z_score")
    assert ((run.gaps[-1, ~gone] == Gap.OTHERS_INTERRUPTED).all()) == by_width
    assert not np.isnan(run.values[-1, ~gone]).any()


@pytest.mark.parametrize("how", ["percent_rank", "z_score"])
def test_the_card_of_another_area_says_why_it_is_carried(how):
    facts = office({"B": "2020-02-19"}, [2, 3, 4, 5, 6, 7, 8, 9])
    chosen = scheme([indicator(points={"method": how})], tiers={"blue": -1, "yellow": 0, "orange": 1, "red": 2})
    if how == "percent_rank":
        chosen = scheme([indicator(points={"method": how})])
    run = assess(facts(chosen), chosen, days("2020-03-01"))
    carried = [str(area) for area, n in zip(run.areas.index, run.carried[-1], strict=True) if n and area != "B"]
    assert carried
    said = " ".join(line["text"] for line in ground_lines("en", run, carried[0]))
    assert "Data are interrupted in 1 area it is compared with" in said
    assert "not lowered" in said


def test_an_area_that_never_reported_is_not_one_that_stopped():
    facts = office({"A": "2019-11-30"}, [2, 3, 4, 5, 6, 7, 8, 9])
    chosen = scheme([indicator(points={"method": "percent_rank"})])
    run = assess(facts(chosen), chosen, days("2020-03-01"))
    assert run.gaps[-1, 0, 0] == Gap.FEED_SILENT
    assert not run.interrupted.any()
    assert (run.computed[-1, 1:] >= 0).all()
    assert tiers.names(run.shown[-1, 0]) == "unknown"

"""What is missing leaves a span of tiers, and however the holes are filled the tier lies in it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.scoring.decide import Holes, points_from, tiers_from
from tests.long.sizes import many
from tests.scoring.small_world import given as given_indicator
from tests.scoring.small_world import scheme

NAMES = ("x", "y", "z", "w")
AREAS, FILLED = 12, 40
OPERATORS = (">=", ">", "<=", "<", "==", "!=")
POINTS = (
    {"method": "linear", "linear": {"low": 0, "high": 100}},
    {"method": "linear", "linear": {"low": 30, "high": 60}},
    {"method": "bands", "bands": [[0, 0], [20, 40], [50, 70], [80, 100]]},
)

_comparing = st.one_of(
    st.builds(
        lambda name, op, value: {"indicator": name, "op": op, "value": value},
        *(st.sampled_from(NAMES), st.sampled_from(OPERATORS), st.sampled_from([0, 20, 50, 80, 100])),
    ),
    st.builds(
        lambda name, op, value: {"dimension": name, "op": op, "value": value},
        *(st.sampled_from(["d0", "d1"]), st.sampled_from(OPERATORS), st.sampled_from([0, 20, 50, 80, 100])),
    ),
)
conditions = st.recursive(
    _comparing,
    lambda inner: st.one_of(
        st.builds(lambda one: {"not": one}, inner),
        st.builds(lambda some: {"all": some}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda some: {"any": some}, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=5,
)
tier = st.sampled_from(["blue", "yellow", "orange", "red"])


@st.composite
def schemes(draw):
    """Two dimensions over four indicators, combined in every way, with floors and with cut-offs or lines."""
    parts = [
        given_indicator(
            name,
            draw(st.floats(0.05, 20)),
            points=draw(st.sampled_from(POINTS)),
            harder_when=draw(st.sampled_from(["high", "high", "low"])),
        )
        for name in NAMES
    ]
    cut = draw(st.integers(1, 3))
    how = st.sampled_from(["arithmetic", "geometric", "worst"])
    dimensions = [
        {"id": f"d{at}", "weight": draw(st.floats(0.1, 5)), "aggregate": draw(how), "indicators": inside}
        for at, inside in enumerate((parts[:cut], parts[cut:]))
    ]
    name = {"zh": "线", "en": "Line"}
    floors = [{"at_least": draw(tier), "when": draw(conditions), "name": name} for _ in range(draw(st.integers(0, 2)))]
    chosen = {"aggregate": draw(how), "floors": floors, "missing": {"minimum_known_weight": draw(st.floats(0.05, 1))}}
    if draw(st.booleans()):
        lines = [{"tier": draw(tier), "when": draw(conditions)} for _ in range(draw(st.integers(1, 3)))]
        chosen |= {"tiers": None, "decide": [*lines, {"tier": "green"}]}
    return scheme(dimensions=dimensions, **chosen)


@given(schemes(), st.integers(0, 2**31))
@settings(max_examples=many(60))
def test_however_the_holes_are_filled_the_tier_lies_in_the_span(chosen, seed):
    random = np.random.default_rng(seed)
    shape = (1, AREAS, len(NAMES))
    whole = random.choice([0.0, 19.999, 20.0, 35.0, 50.0, 79.0, 80.0, 100.0], size=shape)
    holes = random.random(shape) < random.choice([0.1, 0.4, 0.8])
    values = np.where(holes, np.nan, whole)
    # Of some holes a part is known, of which more is harder.
    grows = np.array([item.harder_when == "high" for item in chosen.indicators])
    at_least = np.where(
        holes & grows & (random.random(shape) < 0.4), random.choice([5.0, 50.0, 80.0], size=shape), np.nan
    )
    holed = Holes(at_least, np.zeros(shape, dtype=bool))
    found = tiers_from(points_from(values, chosen, holed), chosen, values, holed)
    assert (found.least <= found.most).all()
    # The ends of what there can be, and what lies on and beside cut-offs and conditions.
    fills = random.choice([0.0, 19.999, 20.0, 30.0, 49.0, 50.0, 60.0, 80.0, 100.0], size=(FILLED, *shape[1:]))
    fills[:2] = np.array([0.0, 100.0])[:, None, None]
    filled = np.where(holes, np.maximum(fills, np.nan_to_num(at_least)), whole)
    tiers_then = tiers_from(points_from(filled, chosen, None), chosen, filled, None).rank
    assert (tiers_then >= 0).all()
    assert (tiers_then >= found.least).all()
    assert (tiers_then <= found.most).all()
    known = found.rank[0] >= 0
    assert (tiers_then[:, known] == found.rank[0, known]).all()
    # Where nothing is missing nothing is open.
    complete = ~holes[0].any(axis=-1)
    assert (found.rank[0, complete] == found.most[0, complete]).all()


@given(schemes(), st.integers(0, 2**31))
@settings(max_examples=many(40))
def test_less_that_is_known_leaves_no_less_open(chosen, seed):
    random = np.random.default_rng(seed)
    whole = random.integers(0, 101, (1, AREAS, len(NAMES))).astype(float)
    some = np.where(random.random(whole.shape) < 0.3, np.nan, whole)
    fewer = np.where(random.random(whole.shape) < 0.3, np.nan, some)
    one, other = (tiers_from(points_from(values, chosen, None), chosen, values, None) for values in (some, fewer))
    assert (other.least <= one.least).all()
    assert (one.most <= other.most).all()
    known = other.rank >= 0
    assert (other.rank[known] == one.least[known]).all()

"""The noise floor: as many changes as chance makes, where it is known that there is nothing else."""

import numpy as np
import pytest

from analytics import tiers
from analytics.releases.compare import ReleaseContent
from analytics.releases.noise_floor import noise_floor
from analytics.scoring.assess import rescored
from tests.releases.made_snapshots import snapshot
from tests.scoring.small_world import given, indicator, scheme

COUNTS = scheme([indicator()])
RATES = scheme([indicator(measure="rate", per={"base": "population", "scale": 1000})])


def counted(events, base=None, chosen=COUNTS, **settings) -> ReleaseContent:
    """A snapshot whose tiers are computed from these numbers of events."""
    values = (events if base is None else events * 1000 / base)[None, :, None].astype(float)
    return snapshot(tiers.names(rescored(chosen, values, None)[1][0]), chosen=chosen, values=values, **settings)


def days_apart(number):
    """Days of two releases."""
    last = np.datetime64("2020-02-12").item()
    return (last - np.timedelta64(number, "D").item()), last


@pytest.mark.parametrize("with_rates", [False, True])
def test_where_nothing_really_changes_about_as_many_change_as_expected(with_rates):
    random = np.random.default_rng(7)
    first, last = days_apart(7)
    areas, base, chosen = 400, None, COUNTS
    true = random.lognormal(1.2, 0.4, areas)
    if with_rates:
        base, chosen = random.uniform(500, 2000, areas), RATES
        true = base / 1000 * true
    inside = 0
    for _ in range(12):
        events = random.poisson(true, (2, areas)).astype(float)
        before, after = (counted(one, base, chosen, day=day) for one, day in zip(events, (first, last), strict=True))
        found = noise_floor(before, after, {"fever_7d": events}, {"fever_7d": base}, seed=1, draws=60)
        assert found.observed > 100
        assert abs(found.expected - found.observed) < 0.2 * found.observed
        inside += found.low <= found.observed <= found.high
    assert inside >= 6  # drawing towards the mean makes the expectation a little smaller or larger


def test_a_real_rise_stands_out_of_the_noise():
    random = np.random.default_rng(3)
    first, last = days_apart(7)
    events = np.stack([random.poisson(1.0, 300), random.poisson(8.0, 300)]).astype(float)
    before, after = (counted(one, day=day) for one, day in zip(events, (first, last), strict=True))
    found = noise_floor(before, after, {"fever_7d": events}, {}, seed=1, draws=60)
    assert found.observed > found.high


def test_the_same_seed_gives_the_same_floor_and_the_order_of_areas_does_not_count():
    random = np.random.default_rng(3)
    first, last = days_apart(3)
    events = random.poisson(3.0, (2, 50)).astype(float)
    ids = np.array([f"A{number:02}" for number in range(50)])
    turned = random.permutation(50)
    made = [
        noise_floor(counted(some[0], day=first, areas=names), counted(some[1], day=last, areas=names),
                    {"fever_7d": some}, {}, seed=5, draws=40)
        for some, names in ((events, ids), (events, ids), (events[:, turned], ids[turned]))
    ]  # fmt: skip
    assert made[0] == made[1] == made[2]
    assert made[0].seed == 5
    assert made[0].draws == 40


def test_windows_that_overlap_share_their_chance():
    random = np.random.default_rng(3)
    events = random.poisson(3.0, (2, 300)).astype(float)
    expected = []
    for apart in (0, 1, 7):
        first, last = days_apart(apart)
        before, after = counted(events[0], day=first), counted(events[1], day=last)
        expected.append(noise_floor(before, after, {"fever_7d": events}, {}, seed=5, draws=40).expected)
    assert expected[0] == 0
    assert 0 < expected[1] < expected[2]


def test_no_events_make_no_noise_and_a_scheme_without_counts_has_no_floor():
    none = np.zeros((2, 4))
    first, last = days_apart(7)
    before, after = counted(none[0], day=first), counted(none[1], day=last)
    found = noise_floor(before, after, {"fever_7d": none}, {}, seed=1)
    assert (found.observed, found.expected, found.low, found.high) == (0, 0, 0, 0)
    plain = snapshot(["red"], chosen=scheme([given("load")]), values=np.full((1, 1, 1), 90.0))
    assert noise_floor(plain, plain, {"load": none}, {}, seed=1) is None
    assert noise_floor(before, after, {}, {}, seed=1) is None


def test_areas_whose_events_are_not_known_stay_as_they_were_and_new_areas_are_left_out():
    first, last = days_apart(7)
    events = np.array([[np.nan, 5, 5], [3, 5, 5]], dtype=float)
    before = counted(np.array([3.0, 5]), day=first, areas=["A", "B"])
    after = counted(np.array([3.0, 5, 5]), day=last, areas=["A", "B", "C"])
    found = noise_floor(before, after, {"fever_7d": events}, {}, seed=1)
    assert 0 < found.expected < 1
    assert found.high <= 1


def test_a_base_too_small_for_a_rate_stays_out():
    first, last = days_apart(7)
    base = np.array([0, np.nan, 1000.0])
    events = np.array([[3, 3, 3], [3, 3, 3]], dtype=float)
    values = np.array([np.nan, np.nan, 3.0])[None, :, None]
    before, after = (snapshot(["blue"] * 3, chosen=RATES, values=values, day=day) for day in (first, last))
    assert noise_floor(before, after, {"fever_7d": events}, {"fever_7d": base}, seed=1).high <= 1

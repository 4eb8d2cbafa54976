"""The independent check: drawn at random and reproducibly, by others than those who called, and estimated by strata."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.response.sweep import tally
from analytics.response.sweep_sample import allocated, confirmed, draw, stratified
from tests.response.sweep_world import calls, campaign, register, row

END = date(2026, 10, 29)
SEED = 20261130
"""Fixed before the first run."""


def state(teams=("T1", "T1", "T2"), recorded=(10, 20, 15)):
    rows = [
        row(place, "2026-10-20 19:00", 1, called=number, met=number, team=team)
        for place, number, team in zip(("P1", "P2", "P3"), recorded, teams, strict=True)
    ]
    return tally(campaign(), register(), calls(*rows), None, END)


@given(st.lists(st.integers(0, 300), min_size=1, max_size=8), st.integers(1, 200))
def test_a_stratum_gives_its_share_and_never_more_than_it_has(recorded, size):
    held = np.array(recorded)
    given_ = allocated(held, size)
    assert (given_ <= held).all()
    assert (given_[held >= 2] >= min(2, size)).all()
    if held.sum():
        exact = held / held.sum() * min(size, held.sum())
        assert (np.abs(given_ - exact)[given_ > 2] <= 1).all()


def test_the_same_seed_draws_the_same_and_another_one_others():
    first, again, other = draw(state(), 12, 1), draw(state(), 12, 1), draw(state(), 12, 2)
    pd.testing.assert_frame_equal(first, again)
    assert not first[["place_id", "number"]].equals(other[["place_id", "number"]])
    assert first["area_id"].value_counts().to_dict() == {"A": 8, "B": 4}
    assert not first.duplicated(["place_id", "number"]).any()
    assert (first["number"] <= first["place_id"].map({"P1": 10, "P2": 20, "P3": 15})).all()
    assert (first["number"] >= 1).all()


def test_every_household_is_as_likely_as_another_of_its_area():
    drawn = pd.concat([draw(state(), 12, seed)[["place_id", "number"]] for seed in range(600)])
    times = drawn.value_counts()
    chance = np.array([8 / 30] * 30 + [4 / 15] * 15)
    assert len(times) == 45
    assert np.abs(times.to_numpy() / 600 - chance.mean()).max() < 4.5 * np.sqrt(chance[0] * (1 - chance[0]) / 600)


def test_who_checks_is_not_who_called():
    drawn = draw(state(), 12, 1)
    assert set(drawn.loc[drawn["area_id"] == "A", "team_id"]) == {"T2"}
    assert set(drawn.loc[drawn["area_id"] == "B", "team_id"]) == {"T1"}
    both = tally(campaign(), register(), calls(
        row("P1", "2026-10-20 19:00", 1, 10, met=5, team="T1"), row("P1", "2026-10-21 19:00", 2, 5, met=5, team="T2")
    ), None, END)  # fmt: skip
    assert set(draw(both, 5, 1)["team_id"]) == {""}


def test_the_estimate_is_weighted_by_what_each_area_holds():
    share, low, high = stratified(np.array([900, 100]), np.array([10, 10]), np.array([10, 0]))
    assert share == pytest.approx(0.9)
    assert low < 0.9 < high
    assert stratified(np.array([20, 10]), np.array([20, 10]), np.array([19, 10])) == pytest.approx((29 / 30,) * 3)


def test_a_sample_that_is_not_checked_in_some_area_says_nothing_yet():
    drawn = draw(state(), 12, 1)
    results = drawn.assign(confirmed=True)
    assert confirmed(state(), drawn, results[results["area_id"] == "A"]) is None
    found = confirmed(state(), drawn, results.iloc[1:])
    assert (found.sampled, found.checked, found.confirmed, found.share) == (12, 11, 11, 1.0)
    assert found.low < 1
    assert found.reported == 1
    assert found.of_all()[0] == found.share * found.reported


WORLDS = [
    ((305, 352, 439, 324, 370), (0.85, 0.9, 0.8, 0.95, 0.88), 60),
    ((305, 352, 439, 324, 370), (0.85, 0.9, 0.8, 0.95, 0.88), 150),
    ((40, 352, 900), (0.7, 0.9, 0.8), 90),
]


@pytest.mark.parametrize(("held", "shares", "size"), WORLDS)
def test_intervals_hold_the_truth_as_often_as_they_say(held, shares, size):
    """1,000 simulations; within three standard errors of 950."""
    held = np.array(held)
    good = np.round(held * shares).astype(int)
    drawn, true, hits, estimates = allocated(held, size), good.sum() / held.sum(), 0, []
    random = np.random.default_rng(SEED)
    for _ in range(1000):
        share, low, high = stratified(held, drawn, random.hypergeometric(good, held - good, drawn))
        hits += low <= true <= high
        estimates.append(share)
    assert abs(hits - 950) <= 3 * np.sqrt(1000 * 0.95 * 0.05)
    assert abs(np.mean(estimates) - true) <= 3 * np.std(estimates) / np.sqrt(1000)


@pytest.mark.parametrize("share", [0.95, 0.98])
def test_near_the_whole_an_interval_is_no_narrower_than_it_says(share):
    """Of 60 a share near 1 has few values: the interval can only be too careful there, and is never too narrow."""
    held = np.array([305, 352, 439, 324, 370])
    good = np.round(held * share).astype(int)
    drawn, random = allocated(held, 60), np.random.default_rng(SEED)
    hits = 0
    for _ in range(1000):
        _, low, high = stratified(held, drawn, random.hypergeometric(good, held - good, drawn))
        hits += low <= good.sum() / held.sum() <= high
    assert hits >= 950 - 3 * np.sqrt(1000 * 0.95 * 0.05)

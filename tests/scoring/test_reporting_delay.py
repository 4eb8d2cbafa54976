"""How long records take to become known, and which days are provisional because of it."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.loaders import Records
from analytics.scoring.reporting_delay import COMPLETE_SHARE, LEAST_RECORDS, delay_days, reporting_delay
from analytics.store import Counts, Store, adding, counts_of
from tests.store import made

FIRST = date(2026, 1, 1)


def share_in(chances: np.ndarray, days: int) -> float:
    """The share of a distribution of delays that is in after so many days."""
    return float(chances[: days + 1].sum())


def world(records: list[tuple[str, int, int | None]]) -> Counts:
    """Counts of incidents: channel, day after the first, and days until it was known (None: it does not say)."""
    midnight = pd.Timestamp(FIRST)
    frame = made.incidents([str(number) for number in range(len(records))]).frame.assign(
        occurred_at=[midnight + pd.Timedelta(days=day, hours=9) for _, day, _ in records],
        reported_at=[
            pd.NaT if late is None else midnight + pd.Timedelta(days=day + late, hours=10) for _, day, late in records
        ],
        channel=pd.Series([channel for channel, *_ in records], dtype="str"),
    )
    return Counts.of_records(Records(areas=made.areas({"A1": 100}).frame, incidents=frame))


@given(
    weights=st.lists(st.integers(0, 100), min_size=1, max_size=40).filter(any),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=30)
def test_after_the_days_that_are_told_the_share_is_in(weights, seed):
    """Of a feed with a known distribution of delays, cut off where it is: the last days have only the quick ones."""
    dice, chances = np.random.default_rng(seed), np.array(weights) / sum(weights)
    days, newest = 250, 249
    numbers = dice.multinomial(400, chances, size=days)
    day, late = (held.ravel() for held in np.indices(numbers.shape))
    seen = (day + late <= newest) & (numbers.ravel() > 0)
    told = delay_days(day[seen], late[seen], numbers.ravel()[seen], newest)
    assert share_in(chances, told) > COMPLETE_SHARE - 0.01
    assert told == 0 or share_in(chances, told - 1) < COMPLETE_SHARE + 0.01


@given(days=st.integers(0, 30), length=st.integers(60, 120), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=15)
def test_the_last_days_are_provisional_until_their_records_are_in(days, length, seed):
    """Half the records come at once, half after exactly so many days."""
    dice = np.random.default_rng(seed)
    every = [("grid", day, int(late)) for day in range(length) for late in dice.permutation([0, 0, days, days])]
    newest = length - 1
    delay = reporting_delay(world([one for one in every if one[1] + one[2] <= newest]), FIRST + timedelta(newest))
    assert delay.provisional_days == days
    assert delay.complete_to == FIRST + timedelta(newest - days)
    assert delay.provisional_from == (delay.complete_to + timedelta(1) if days else None)
    assert (delay.slowest and delay.slowest.feed) == ("grid" if days else None)
    # A day that is long past is complete.
    assert reporting_delay(world([one for one in every if sum(one[1:]) <= newest]), FIRST).provisional_days == 0


def test_the_slowest_feed_counts_and_small_ones_are_taken_together():
    quick = [("12345", day, 0) for day in range(60) for _ in range(3)]
    slow = [("clinic", day, 5) for day in range(55)]
    small = [(f"kiosk {number}", day, 2) for number in range(8) for day in range(0, 56, 8)]
    delay = reporting_delay(world([*quick, *slow, *small]), FIRST + timedelta(59))
    assert {feed.feed: feed.days for feed in delay.feeds} == {"clinic": 5, None: 2, "12345": 0}
    assert delay.slowest.feed == "clinic"
    assert delay.provisional_days == 5


def test_nothing_is_said_of_a_delay_that_nobody_can_know():
    silent = reporting_delay(world([("12345", day, None) for day in range(60)]), FIRST + timedelta(59))
    few = reporting_delay(world([("12345", day, 3) for day in range(LEAST_RECORDS - 1)]), FIRST + timedelta(59))
    for delay in (silent, few):
        assert delay.feeds == ()
        assert (delay.provisional_days, delay.provisional_from, delay.slowest) == (0, None, None)


@pytest.mark.parametrize("cumulative", [True, False])
def test_without_a_word_of_the_records_the_loads_say_what_they_brought(tmp_path, monkeypatch, cumulative):
    """A load every night, of that night or of all so far: most of a day come the night after, some three nights on."""
    store, nights = Store.open(tmp_path / "home"), 40
    store.add(made.areas({"A1": 100}), made.ME)
    backlog = [(f"old {number}", -1 - number % 60, -1) for number in range(300)]
    rows = [
        *backlog,
        *((f"{day} {number}", day, day + (1 if number < 8 else 3)) for day in range(nights) for number in range(10)),
    ]
    for night in range(-1, nights + 1):
        evening = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=night)
        monkeypatch.setattr(adding, "now", lambda evening=evening: evening)
        inside = [one for one in rows if (one[2] <= night if cumulative else one[2] == night)]
        if not inside:
            continue
        frame = made.incidents([name for name, *_ in inside]).frame.assign(
            occurred_at=[pd.Timestamp(FIRST) + pd.Timedelta(days=day) for _, day, _ in inside]
        )
        source = "all.csv" if cumulative else f"{night}.csv"
        store.add(made.of("incidents", frame.drop(columns="reported_at"), source), made.ME)
    counts = counts_of(store)
    delay = reporting_delay(counts, FIRST + timedelta(nights - 1))
    (feed,) = delay.feeds
    assert (feed.table, feed.feed, feed.days, feed.by) == ("incidents", "", 3, "loads")
    assert delay.provisional_days == 2  # the last night is the day after the last day
    assert counts.daily("incidents", "occurred_at").n.sum() == len([one for one in rows if one[2] <= nights])
    assert store.table("incidents")["reported_at"].isna().all()

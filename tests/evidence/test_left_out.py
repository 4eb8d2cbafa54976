"""Weeks in which a feed was silent say nothing of what happened in them, so no map is held to account by them."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.access import Actor
from analytics.evidence.backtest import interrupted
from analytics.scoring import area_counts_for
from analytics.store.counts import Counts
from analytics.wording.evidence import left_out, verdicts
from analytics.workspace import Workspace, evidence, loads
from analytics.workspace.datasets import require_own
from tests.long.sizes import seeds
from tests.scoring.small_world import csv, days, incident, indicator, records, scheme, three_areas
from tests.scoring.test_silence import HOTLINE, sent, world

MOMENTS = pd.DatetimeIndex(days("2020-01-12", "2020-02-02")[::7])


def facts_of(chosen, *channels):
    return area_counts_for(Counts.of_records(world(*channels, agreements=[HOTLINE])), chosen)


@pytest.mark.parametrize("seed", seeds(12))
def test_moments_beside_a_silence_are_left_out_and_the_feed_is_named(seed):
    random = np.random.default_rng(seed)
    first = pd.Timestamp("2020-01-08") + timedelta(days=int(random.integers(0, 28)))
    length = int(random.integers(1, 9))
    again = first + timedelta(days=length)
    chosen = scheme([indicator()])
    facts = facts_of(chosen, sent("clinic"), sent("hotline", first - timedelta(days=1)), sent("hotline", first=again))
    weeks = int(random.integers(1, 3))
    moments = MOMENTS[MOMENTS + pd.Timedelta(weeks, "W") <= pd.Timestamp("2020-02-10")]
    left = interrupted(facts, chosen, moments, weeks, pd.Timestamp("2020-02-10").date())
    silent = pd.date_range(first, again - timedelta(days=1))
    beside = [
        any(moment - pd.Timedelta(weeks, "W") < day <= moment + pd.Timedelta(weeks, "W") for day in silent)
        for moment in moments
    ]
    assert left.days.tolist() == moments[beside].tolist()
    if any(beside):
        assert [(feed.column, feed.code) for feed in left.feeds] == [("channel", "12345")]
        (said,) = left_out("en", left)
        assert "12345" in said


def test_a_feed_that_the_scheme_does_not_count_leaves_nothing_out_nor_one_that_never_came():
    other = [("A", f"{day:%Y-%m-%d}", "hotline") for day in days("2020-01-01", "2020-01-20")]
    rows = [incident(at, area, day, "noise", channel=channel) for at, (area, day, channel) in enumerate(other)]
    rows += [incident(1000 + at, *row[:2], channel="clinic") for at, row in enumerate(sent("clinic"))]
    facts_with = records(areas=three_areas(), incidents=rows, reports=[], agreements=[HOTLINE])
    chosen, every = scheme([indicator()]), scheme([indicator(where={})])
    facts = area_counts_for(Counts.of_records(facts_with), chosen)
    day = pd.Timestamp("2020-02-10").date()
    assert interrupted(facts, chosen, MOMENTS, 1, day).days.empty
    assert len(interrupted(facts, every, MOMENTS, 1, day).days)
    never = facts_of(chosen, sent("clinic"))
    assert interrupted(never, chosen, MOMENTS, 1, day).days.empty


def home(folder, stop):
    """An office whose clinic brings most of what there is, until a day, and asks for both feeds."""
    ws = Workspace(Actor("甲", "local"), folder, pd.Timestamp("2020-03-01").date())
    span = pd.date_range("2019-10-01", "2020-02-29")
    rows = [("A", day, "clinic") for day in span if day <= stop for _ in range(4)]
    rows += [(area, day, "grid") for day in span for area in "BC"]
    tables = {
        "areas": csv(three_areas()),
        "agreements": csv([HOTLINE | {"feed": "clinic", "since": "2019-10-01"}]),
        "incidents": csv(
            [incident(at, area, f"{day:%Y-%m-%d}", channel=feed) for at, (area, day, feed) in enumerate(rows)]
        ),
    }
    for table, (_, raw) in tables.items():
        loads.load_file(ws, loads.Incoming(table, (f"{table}.csv", raw)), None)
    return ws


def test_a_silence_changes_no_hit_rate(tmp_path):
    chosen = scheme([indicator(points={"method": "linear", "linear": {"low": 0, "high": 40}})])
    query = evidence.BacktestQuery(1, evidence.IN_USE)
    found = {}
    for name, stop in (("whole", "2020-02-29"), ("stopped", "2020-02-01"), ("never", "2019-10-03")):
        ws = home(tmp_path / name, pd.Timestamp(stop))
        maps = evidence.MapHistory(require_own(ws), chosen, ws.today)
        found[name] = evidence.backtest_maps(ws, maps, query).main
    whole, stopped = found["whole"], found["stopped"]
    assert not len(whole.left_out.days)
    assert len(stopped.left_out.days)
    assert sorted([*stopped.days, *stopped.left_out.days]) == whole.days.tolist()
    same = whole.map.moments.loc[stopped.days]
    pd.testing.assert_series_equal(same["hit_rate"], stopped.map.moments["hit_rate"], check_freq=False)
    assert any("left out" in line for line in verdicts("en", stopped))
    # A feed that is silent at all moments alike leaves none out.
    assert found["never"].left_out.days.empty
    assert len(found["never"].days)


def test_an_area_that_is_silent_by_itself_is_told_and_leaves_no_moment_out():
    chosen = scheme([indicator()])
    begun = pd.Timestamp("2019-10-01")
    stops = sent("clinic", pd.Timestamp("2020-01-22"), "A", each=5, first=begun)
    facts = facts_of(chosen, stops, sent("clinic", areas="BC", each=5, first=begun), sent("hotline", areas="BC"))
    left = interrupted(facts, chosen, MOMENTS, 1, pd.Timestamp("2020-02-10").date())
    assert left.days.empty
    assert [(feed.area_id, f"{feed.since}") for feed in left.within] == [("A", "2020-01-23")]
    (said,) = left_out("en", left)
    assert "may be too few" in said

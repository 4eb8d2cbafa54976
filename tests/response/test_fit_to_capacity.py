from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics import tiers
from analytics.errors import ScoringError
from analytics.loaders import load_records, sample_datasets
from analytics.response.fit_to_capacity import fit
from analytics.response.workload import InspectionLoad, TeamCapacity, crew_of, rounds, team_days
from analytics.scheme import scheme_named
from analytics.scheme.editing import recut
from analytics.scoring import area_counts_for, assess, last_known_day, reassess
from analytics.scoring.goal_seek import find_tier_changes
from analytics.store import Counts
from tests.scoring.small_world import assessed, days, given, records, scheme

DAY = days("2020-02-15")
CREW = TeamCapacity(teams=1, hours_a_day=1, assumed=False, team_days=5)
# Minutes a week for one check: with one check a round and a day of one hour, red is 7 team-days and blue 1.
DAILY = {"red": 7, "orange": 4, "yellow": 2, "blue": 1, "green": 0.5}
MEASURES = {
    tier: {"cadence_days": 7, "minutes_per_check": 60 * hours, "text": {"zh": "m", "en": "m"}}
    for tier, hours in DAILY.items()
}


def made(scores, floors=(), **settings):
    """Areas a00, a01, … with these scores, and one check a round for each."""
    chosen = scheme([given("x")], measures=MEASURES, floors=list(floors), **settings)
    rows = [{"area_id": f"a{at:02}", "name": "n", "x": score} for at, score in enumerate(scores)]
    run = assessed(records(areas=rows), chosen, DAY)
    return run, InspectionLoad(pd.Series(1.0, index=run.areas.index), "area", 0)


def cost(run, cutoffs, around):
    return team_days(reassess(run, recut(run.scheme, cutoffs)), around, CREW).sum()


def test_a_map_that_there_are_hands_for_stays():
    run, around = made([90, 70, 50, 30, 10])
    found = fit(run, around, CREW, 14.5)
    assert (found.cutoffs, found.raised, found.left_out) == (run.scheme.tiers.model_dump(), 0, {})
    assert (found.team_days, found.cannot) == (14.5, False)


def test_the_lines_rise_together_until_the_hands_are_enough_and_name_who_falls_below():
    # 84 and 81.5 are red, 66 and 61 orange, 10 green: 22.5. A rise of 1.1 takes 61 to yellow (20.5), one of 1.6 takes
    # 81.5 to orange (17.5).
    run, around = made([84, 66, 61, 81.5, 10])
    found = fit(run, around, CREW, 21)
    assert (found.raised, found.team_days) == (1.1, 20.5)
    assert found.cutoffs == {"blue": 21.1, "yellow": 41.1, "orange": 61.1, "red": 81.1}
    assert found.left_out == {"orange": ("a02",)}
    found = fit(run, around, CREW, 20.4)
    assert (found.raised, found.team_days) == (1.6, 17.5)
    assert found.left_out == {"red": ("a03",), "orange": ("a02",)}


def test_no_line_stops_where_a_score_below_it_is_printed_as_the_line():
    # 61.07 falls at a line of 61.1, as which it is printed: the next one is taken.
    run, around = made([61.07, 10])
    found = fit(run, around, CREW, 3)
    assert (found.raised, found.cutoffs["orange"]) == (1.2, 61.2)
    # Also where another area falls there and would be enough.
    run, around = made([61.07, 61, 10])
    found = fit(run, around, CREW, 8.5 - 2)
    assert (found.raised, found.left_out) == (1.2, {"orange": ("a00", "a01")})
    # A line that stays is the scheme's own.
    run, around = made([59.96, 10])
    assert fit(run, around, CREW, 3).raised == 0


def test_equal_scores_are_never_parted_and_the_nearest_is_named_first():
    run, around = made([81, 80.5, 81, 80.5, 80, 10])
    found = fit(run, around, CREW, 7 * 4)
    assert found.raised == 0.6
    assert found.left_out == {"red": ("a01", "a03", "a04")}
    assert found.team_days == 2 * 7 + 3 * 4 + 0.5
    # One that is on the line falls at the first step.
    found = fit(run, around, CREW, 7 * 5)
    assert (found.raised, found.left_out) == (0.1, {"red": ("a04",)})


def test_no_line_goes_further_than_out_of_reach():
    run, around = made([90, 60.05, 25])
    found = fit(run, around, CREW, 1.5)
    assert found.cutoffs == {"blue": 90.1, "yellow": 90.2, "orange": 90.3, "red": 90.4}
    assert found.left_out == {"red": ("a00",), "orange": ("a01",), "blue": ("a02",)}
    assert (found.team_days, found.cannot) == (1.5, False)
    run, around = made([61, 10])
    found = fit(run, around, CREW, 3)
    assert found.cutoffs == {"blue": 21.1, "yellow": 41.1, "orange": 61.1, "red": 80}


FLOOR = {"at_least": "red", "when": {"indicator": "x", "op": ">=", "value": 85}, "name": {"zh": "f", "en": "f"}}


def test_floors_hold_and_where_they_cost_more_than_there_is_that_is_said():
    run, around = made([90, 70, 10], floors=[FLOOR])
    found = fit(run, around, CREW, 8)
    assert (found.team_days, found.cannot) == (8, False)
    assert found.left_out == {"orange": ("a01",)}
    found = fit(run, around, CREW, 7.9)
    assert (found.team_days, found.cannot, found.left_out, found.unknown) == (8, True, {}, ())
    assert found.raised > 0
    unknown = made([90, None])[0].of_areas(pd.Index(["a01"]))
    assert (fit(unknown, around, CREW, 0).cannot, fit(unknown, around, CREW, 0).raised) == (False, 0)


def test_an_area_that_cannot_be_called_green_is_named():
    chosen = scheme([given("x", 95), given("y", 5)], measures=MEASURES)
    rows = [{"area_id": "a00", "name": "n", "x": 30, "y": None}, {"area_id": "a01", "name": "n", "x": 1, "y": 1}]
    run = assessed(records(areas=rows), chosen, DAY)
    found = fit(run, InspectionLoad(pd.Series(1.0, index=run.areas.index), "area", 0), CREW, 1)
    # Blue begins at 28.6; the area is somewhere from 28.5 to 33.5.
    assert (found.cutoffs["blue"], found.left_out, found.unknown) == (28.6, {"blue": ("a00",)}, ("a00",))
    assert found.team_days == 0.5


@pytest.mark.parametrize("precise", [1, 100])
@pytest.mark.parametrize("seed", range(2))
def test_the_raise_is_the_smallest_that_is_enough_and_more_hands_leave_fewer_out(seed, precise):
    draws = np.random.default_rng(seed)
    run, _ = made(draws.integers(0, 1000 * precise, 14) / (10 * precise), floors=[FLOOR])
    around = InspectionLoad(pd.Series(draws.integers(0, 5, 14).astype(float), index=run.areas.index), "places", 0)
    present = run.scheme.tiers.model_dump()
    raised = [{tier: round(cut + step / 10, 1) for tier, cut in present.items()} for step in range(1001)]
    every = [cost(run, cuts, around) for cuts in raised]
    seems = [
        step
        for step, cuts in enumerate(raised)
        if step and any(score < cut <= float(f"{score:.1f}") for score in run.score[-1] for cut in cuts.values())
    ]
    before = None
    for capacity in np.linspace(0, every[0] + 1, 7):
        found = fit(run, around, CREW, capacity)
        enough = [step for step, asked in enumerate(every) if round(asked, 9) <= capacity and step not in seems]
        assert found.cannot == (not enough)
        assert found.team_days == pytest.approx(cost(run, found.cutoffs, around))
        if enough:
            assert found.raised == enough[0] / 10
            assert found.team_days == pytest.approx(every[enough[0]])
        assert all(found.cutoffs[tier] >= present[tier] for tier in present)
        out = {area for areas in found.left_out.values() for area in areas}
        if found.cannot:
            assert not out
            continue
        assert before is None or out <= before
        before = out


def test_only_cut_offs_in_points_can_be_moved_and_only_what_has_a_measure_costs():
    run, around = made([90, 10], tiers={"by": "share", "red": 0.5})
    with pytest.raises(ScoringError, match="no cut-offs in points"):
        fit(run, around, CREW, 1)
    run, around = made([90, 10])
    with pytest.raises(ScoringError, match="gives no frequency or duration for its actions"):
        fit(reassess(run, run.scheme.model_copy(update={"measures": {}})), around, CREW, 1)


def test_the_demo_street():
    samples = Path(__file__).parents[2] / "sample_data"
    info = next(info for info in sample_datasets(samples) if info.id == "demo_street")
    loaded, _ = load_records({table: info.folder / name for table, name in info.files.items()}, date(2026, 11, 1))
    counts = Counts.of_records(loaded)
    chosen = scheme_named("venues")
    facts = area_counts_for(counts, chosen)
    run = reassess(assess(facts, chosen, pd.DatetimeIndex([last_known_day(counts)])), chosen)
    around, crew = rounds(facts, chosen, last_known_day(counts)), crew_of(loaded.teams)
    assert (around.what, around.estimated, crew.team_days, crew.assumed) == ("places", 0, 45, False)
    asked = team_days(run, around, crew).sum()
    found = fit(run, around, crew, asked / 2)
    assert 0 < found.team_days <= asked / 2
    assert set(found.left_out) >= {"red", "orange"}
    red = run.areas.index[run.computed[-1] == tiers.RANK["red"]]
    for area in red:
        ways = find_tier_changes(run, area)
        assert (ways.because is None) == bool(ways.ways)
        assert all(way.tier != "red" for way in ways.ways)

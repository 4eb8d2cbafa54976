"""What is known of missing values counts in every way to ask for tiers, not in the assessment alone."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics import tiers
from analytics.evidence.confidence import confidence
from analytics.evidence.sampling import UncertaintyRanges
from analytics.response.fit_to_capacity import fit
from analytics.response.workload import InspectionLoad, TeamCapacity, team_days
from analytics.scheme.editing import with_floor
from analytics.scoring import area_counts_for, assess, reassess
from analytics.scoring.assess import rescored
from analytics.scoring.counterfactual import smallest_changes
from analytics.scoring.goal_seek import find_tier_changes
from analytics.scoring.what_if import WhatIf, causes, floor_effect
from analytics.store.counts import Counts
from tests.long.sizes import seeds
from tests.scoring.small_world import days, indicator, scheme
from tests.scoring.test_silence import HOTLINE, sent, world

NAME = {"zh": "线", "en": "Line"}
CREW = TeamCapacity(teams=1, hours_a_day=1, assumed=False, team_days=5)
MEASURES = {
    tier: {"cadence_days": 7, "minutes_per_check": minutes, "text": NAME}
    for tier, minutes in {"red": 420, "orange": 240, "yellow": 120, "blue": 60, "green": 30}.items()
}


def interrupted(seed):
    """An office whose hotline has stopped while the clinic goes on, under some scheme with floors, and its last day."""
    random = np.random.default_rng(seed)
    stop = pd.Timestamp("2020-01-10") + pd.Timedelta(days=int(random.integers(0, 25)))
    day = stop + pd.Timedelta(days=int(random.integers(1, 6)))
    each = {area: int(random.integers(0, 4)) for area in "ABC"}
    rows = [sent("clinic", day, area, each=n) for area, n in each.items()]
    made = world(sent("hotline", stop), *rows, agreements=[HOTLINE])
    line = {"indicator": "fever_7d", "op": ">=", "value": int(random.integers(1, 25))}
    by_clinic = indicator(
        "by_clinic", actionable=True, where={"category": ["fever"], "channel": ["clinic"]}, window_days=5
    )
    points = random.choice(
        [
            {"method": "linear", "linear": {"low": 0, "high": 40}},
            {"method": "bands", "bands": [[0, 0], [8, 50], [16, 90]]},
        ]
    )
    chosen = scheme(
        [indicator(points=points)],
        [by_clinic] if random.random() < 0.5 else [indicator("other", where={"category": ["fire"]}, never_seen="zero")],
        aggregate=str(random.choice(["arithmetic", "worst"])),
        floors=[{"at_least": str(random.choice(["red", "orange"])), "when": line, "name": NAME}],
        missing={"minimum_known_weight": 0.4},
        measures=MEASURES,
    )
    facts = area_counts_for(Counts.of_records(made), chosen)
    return facts, chosen, assess(facts, chosen, days(f"{day:%Y-%m-%d}"))


@pytest.mark.parametrize("seed", seeds(25))
def test_whoever_asks_again_gets_the_same_tiers(seed):
    facts, chosen, run = interrupted(seed)
    again = reassess(run, chosen)
    for name in ("computed", "least", "most", "holding", "decided"):
        np.testing.assert_array_equal(getattr(again, name), getattr(run, name))
    np.testing.assert_array_equal(rescored(chosen, run.values, run.holes)[1], run.computed)
    day = run.days[-1].date()
    firm = confidence(facts, chosen, day, UncertaintyRanges(), draws=4)
    known = run.computed[-1] >= 0
    np.testing.assert_array_equal((firm.present != "unknown").to_numpy(), known)
    # A floor that says what was so already changes nothing; one that what is heard reaches holds.
    already = chosen.floors[0]
    assert floor_effect(run, already)[1] == 0
    heard = np.nanmin(np.where(np.isnan(run.values), run.at_least, np.nan)[-1, :, 0])
    reached = already.model_copy(update={"when": already.when.model_copy(update={"value": heard})})
    assert floor_effect(run, reached)[0] == len(run.areas)
    # What the draft says beside the same scheme without its floors is told as theirs.
    bare = chosen.model_copy(update={"floors": ()})
    trial = WhatIf(reassess(run, bare), reassess(run, with_floor(bare, reached)))
    assert set(causes(trial)[trial.changed.index]) <= {"floors"}


@pytest.mark.parametrize("seed", seeds(25))
def test_hands_enough_move_no_line_and_too_few_leave_nobody_out_whom_a_floor_holds(seed):
    _, chosen, run = interrupted(seed)
    around = InspectionLoad(pd.Series(1.0, index=run.areas.index), "area", 0)
    cost = float(team_days(reassess(run, chosen), around, CREW).sum())
    found = fit(run, around, CREW, cost)
    assert (found.raised, found.team_days, found.left_out) == (0, cost, {})
    fewer = fit(run, around, CREW, 0.1)
    red = run.holding[-1, :, 0] & (chosen.floors[0].at_least == "red")
    held = set(run.areas.index[red])
    assert held.isdisjoint(fewer.unknown)
    if run.computed[-1].max() < 0:
        assert (fewer.raised, fewer.left_out) == (0, {})
    for area in run.areas.index[run.computed[-1] > 0]:
        found = find_tier_changes(run, area)
        assert area not in held or found.because == "floor"


def test_what_is_frozen_before_had_nothing_sure():
    _, chosen, run = interrupted(0)
    absent = {field: held for field, held in vars(run).items() if field != "at_least"}
    filled = type(run).__dataclass_fields__["at_least"].metadata["absent"](absent)
    assert np.isnan(filled).all()
    assert filled.shape == run.values.shape
    assert (reassess(replace(run, at_least=filled), chosen).least <= run.least).all()


@pytest.mark.parametrize("seed", seeds(10))
def test_what_would_ease_an_area_is_asked_of_one_with_holes_too(seed):
    _, _, run = interrupted(seed)
    for area in run.areas.index:
        rank = run.computed[-1, run.areas.index.get_loc(area)]
        for change in smallest_changes(run, area):
            assert change.tier != tiers.UNKNOWN
            assert change.enough == (tiers.RANK[change.tier] < rank)

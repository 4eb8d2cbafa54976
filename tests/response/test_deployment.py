"""Reinforcement: held against every assignment that there is, on cases small enough for that; hours, locks, words."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from shapely import box

from analytics import tiers
from analytics.benchmarks.response import bare_milp
from analytics.errors import UserError
from analytics.response.deployment import asked_of, community_teams, deploy, offered, plan_of, team_capacity
from analytics.response.deployment_problem import DeploymentProblem
from analytics.response.team_distance import team_distance
from analytics.wording.deployment import notes, plan_sentence, rules
from analytics.words import LANGUAGES

SAME = 1e-4


def made(seed, areas, teams, communities, most_hours=12.0, tightness=1.0):
    """Areas, teams and kilometres; some communities have no team, some several."""
    draw = np.random.default_rng(seed)
    hours = np.round(draw.uniform(1, most_hours, areas), 1)
    ids = [f"a{at}" for at in range(areas)]
    asked = pd.DataFrame(
        {
            "rank": draw.integers(0, 5, areas),
            "hours": hours,
            "community": [f"c{at}" for at in draw.integers(0, communities, areas)],
        },
        index=ids,
    )
    has = draw.uniform(0.3, 1.5, teams)
    crew = pd.DataFrame(
        {
            "community": [f"c{at}" for at in draw.integers(0, communities, teams)],
            "hours": np.round(has / has.sum() * hours.sum() / tightness, 1),
        },
        index=[f"t{at}" for at in range(teams)],
    )
    here, there = draw.uniform(0, 20, (areas, 2)), draw.uniform(0, 20, (teams, 2))
    return asked, crew, np.hypot(*(there[:, None] - here[None]).transpose(2, 0, 1))


def reckoned(asked, crew, far, teams_of):
    """What one assignment comes to, reckoned in the plainest way: hours uncovered from red to green, moved, far."""
    left = crew["hours"].to_dict()
    uncovered, moved, distance = dict.fromkeys((4, 3, 2, 1, 0), 0.0), 0, 0.0
    for rank in uncovered:
        for at, area in enumerate(asked.index):
            if asked["rank"].iloc[at] != rank:
                continue
            team, done = teams_of[at], 0.0
            if team is not None:
                done = min(left[team], asked["hours"].iloc[at])
                left[team] -= done
                if crew["community"][team] != asked["community"][area]:
                    moved, distance = moved + 1, distance + far[crew.index.get_loc(team), at]
            uncovered[rank] += asked["hours"].iloc[at] - done
    return [*uncovered.values(), moved, distance]


def least(asked, crew, far, locks):
    """The least of all assignments, one objective after the other."""
    every = [[locks[area]] if area in locks else [None, *crew.index] for area in asked.index]
    found = np.array([reckoned(asked, crew, far, teams_of) for teams_of in product(*every)])
    for column in range(found.shape[1]):
        found = found[found[:, column] <= found[:, column].min() + SAME]
    return found[0]


@pytest.mark.parametrize("seed", range(50))
def test_it_leaves_as_little_and_moves_as_few_as_the_best_of_all_assignments(seed):
    asked, crew, far = made(seed, areas=5, teams=3, communities=3, tightness=[0.7, 1.0, 1.6][seed % 3])
    locks = {"a1": "t2"} if seed % 4 == 0 else {}
    found = deploy(asked, crew, far, locks)
    stages = {stage.objective: stage.value for stage in found.stages}
    told = [stages.get(tier, 0.0) for tier in reversed(tiers.RANKED)] + [stages["moved"], stages["distance"]]
    assert told == pytest.approx(least(asked, crew, far, locks), abs=SAME)
    assert all(stage.gap <= SAME for stage in found.stages)
    assert found.uncovered.tolist() == pytest.approx(told[:5], abs=SAME)
    assert (found.areas.loc[list(locks), "team"] == list(locks.values())).all()
    teams_of = [None if pd.isna(team) else team for team in found.areas["team"]]
    again = reckoned(asked, crew, far, teams_of)
    assert again == pytest.approx(told, abs=SAME)


@pytest.mark.parametrize("seed", range(50))
def test_what_nothing_can_beat_by_minutes_is_not_beaten(seed):
    asked, crew, far = made(
        seed, areas=6, teams=3, communities=[2, 3, 4][seed % 3], tightness=[0.7, 1.0, 1.6][seed % 3]
    )
    problem = DeploymentProblem(asked, crew, far, {}, only_home=False)
    before = {}
    for stage in deploy(asked, crew, far, {}).stages:
        value = stage.value if stage.objective in ("moved", "distance") else stage.value * 60
        assert problem.least(stage.objective, before) <= value + 60 * SAME
        before[stage.objective] = value


@pytest.mark.parametrize("tightness", [0.9, 1.2])
def test_at_nine_tenths_of_the_hours_and_beyond_them_no_more_is_left_than_hours_are_short(tightness):
    asked, crew, far = made(7, areas=84, teams=12, communities=8, tightness=tightness)
    found = deploy(asked, crew, far, {}, seconds=20)
    assert [stage.gap for stage in found.stages[:5]] == [0.0] * 5
    short = max(asked["hours"].sum() - crew["hours"].sum(), 0.0)
    assert found.uncovered.sum() == pytest.approx(short, abs=0.1)


def test_milp_alone_comes_to_the_same_where_both_are_through():
    asked, crew, far = made(4, areas=28, teams=4, communities=3, tightness=0.9)
    alone = bare_milp(DeploymentProblem(asked, crew, far, {}, only_home=False))
    ours = deploy(asked, crew, far, {}).stages
    assert [stage.value for stage in ours] == pytest.approx([stage.value for stage in alone])
    assert [stage.gap for stage in (*ours, *alone)] == pytest.approx([0.0] * 2 * len(ours), abs=1e-4)


@pytest.mark.parametrize("seed", range(12))
def test_no_team_is_over_its_hours_and_every_hour_is_covered_or_not(seed):
    asked, crew, far = made(seed, areas=30, teams=8, communities=6, tightness=[0.8, 1.3][seed % 2])
    for found in (plan_of(asked, crew), deploy(asked, crew, far, {"a3": "t1"}, seconds=1)):
        assert (found.teams["used"] <= found.teams["hours"] + SAME).all()
        assert found.areas["covered"].groupby(found.areas["team"]).sum().sum() == pytest.approx(
            found.teams["used"].sum()
        )
        assert (found.areas["covered"] + found.areas["uncovered"]).tolist() == pytest.approx(asked["hours"].tolist())
        assert (found.areas["covered"] >= 0).all()
        assert found.areas["uncovered"][found.areas["team"].isna()].equals(asked["hours"][found.areas["team"].isna()])
        home = crew["community"].reindex(found.areas["team"]).to_numpy() == asked["community"].to_numpy()
        assert (found.areas["moved"] == (~home & found.areas["team"].notna())).all()
    assert not plan_of(asked, crew).areas["moved"].any()


@pytest.mark.parametrize("seed", range(12))
def test_more_hours_never_leave_more_and_the_plan_is_never_better(seed):
    asked, crew, far = made(seed, areas=7, teams=4, communities=4, tightness=1.3)
    plan, found = plan_of(asked, crew), deploy(asked, crew, far, {})
    more = deploy(asked, crew.assign(hours=crew["hours"] + [0, 3.0, 0, 1.5]), far, {})
    by_tier = [np.round(one.uncovered.to_numpy(), 3).tolist() for one in (more, found, plan)]
    assert by_tier == sorted(by_tier)


def test_what_fits_at_home_stays_there():
    asked, crew, far = made(3, areas=12, teams=4, communities=4)
    home = {one: f"t{at}" for at, one in enumerate(sorted(asked["community"].unique()))}
    crew = pd.DataFrame({"community": list(home), "hours": 500.0}, index=list(home.values()))
    found = deploy(asked, crew, far[: len(crew)], {})
    assert found.areas["team"].tolist() == [home[one] for one in asked["community"]]
    assert [stage.value for stage in found.stages] == [0.0] * len(found.stages)
    assert found.short.empty


def world():
    """Two communities with a team and one without, an area of which nobody knows what is asked, and one unknown."""
    asked = pd.DataFrame(
        {
            "rank": [4, 4, 0, 3, -1, 0],
            "hours": [10.0, 5.0, 3.0, np.nan, 7.0, 0.0],
            "community": ["x", "x", "y", "y", "y", "z"],
        },
        index=list("ABCDEF"),
    )
    crew = pd.DataFrame({"community": ["x", "y", "y"], "hours": [10.0, 4.0, np.nan]}, index=["t1", "t2", "t3"])
    return asked, crew


def test_what_is_not_known_is_no_zero_and_is_given_to_nobody_of_another_community():
    asked, crew = world()
    found = deploy(asked, crew, None, {})
    assert found.unknown == 2
    assert found.areas.loc[["D", "E"], ["hours", "covered", "uncovered"]].isna().all(axis=None)
    assert found.areas.loc["B", ["team", "covered", "uncovered", "moved"]].tolist() == ["t2", 4.0, 1.0, True]
    assert found.areas.loc["C", ["covered", "uncovered", "moved"]].tolist() == [0.0, 3.0, False]
    assert found.teams["used"].tolist() == [10.0, 4.0, 0.0]
    assert [stage.objective for stage in found.stages] == ["red", "green", "moved"]
    assert found.without_team == ("z",)
    assert community_teams(asked, crew).to_dict() == {"x": ("t1",), "y": ("t2", "t3"), "z": ()}


def test_a_lock_is_kept_though_it_costs_and_is_none_of_the_plan():
    asked, crew = world()
    found = deploy(asked, crew, None, {"C": "t1", "A": "t2"})
    assert found.areas["locked"].tolist() == [True, False, True, False, False, False]
    assert found.areas.loc[["A", "C"], "team"].tolist() == ["t2", "t1"]
    assert found.areas.loc[["A", "C"], "moved"].all()
    assert found.uncovered["red"] == 6.0


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("change", "locks", "named"),
    [
        ({}, {"Q": "t1"}, "Q"),
        ({}, {"A": "t9"}, "t9"),
        ({}, {"A": "t3"}, "t3"),
        ({"crew": np.nan}, {}, ""),
        ({"asked": np.nan}, {}, ""),
    ],
)
def test_what_cannot_be_solved_is_one_sentence(change, locks, named, lang):
    asked, crew = world()
    asked = asked.assign(hours=change["asked"]) if "asked" in change else asked
    crew = crew.assign(hours=change["crew"]) if "crew" in change else crew
    with pytest.raises(UserError) as told:
        deploy(asked, crew, None, locks)
    assert len(told.value.problems) == 1
    assert named in told.value.text(lang)


def test_hours_of_areas_and_teams_come_from_the_load_and_the_members():
    load = pd.Series([90.0, np.nan], index=["A", "B"])
    overdue = pd.DataFrame({"minutes": [30.0, 60.0], "untold": [True, True]}, index=load.index)
    asked = asked_of(load, overdue, np.array([4, 0]), pd.Series(["x", None], index=["A", "B"]))
    assert asked.loc["A", ["rank", "hours", "overdue", "community"]].tolist() == [4, 2.0, 0.5, "x"]
    assert np.isnan(asked["hours"]["B"])
    plan = plan_of(asked, pd.DataFrame({"community": ["x"], "hours": [1.75]}, index=["t1"]))
    assert (plan.overdue, plan.untold, plan.uncovered["red"]) == (0.5, 1, 0.25)
    assert "应做2.0人时（平均每周到期1.5，补做逾期0.5）" in plan_sentence("zh", plan)
    assert "2.0 person-hours" in plan_sentence("en", plan)
    assert "1个区域有任务逾期不明，只计到期。" in notes("zh", plan, {}, None)
    teams = pd.DataFrame(
        {"team_id": ["t1", "t2"], "members": [3, 2], "hours_per_day": [6, np.nan], "home_area_id": ["x", "y"]}
    )
    crew = team_capacity(teams)
    assert crew["hours"]["t1"] == 90
    assert np.isnan(crew["hours"]["t2"])


def test_a_hundred_teams_and_seven_hundred_areas_come_back_in_time_and_say_how_far_they_may_be_from_the_least():
    asked, crew, far = made(7, areas=700, teams=100, communities=80, tightness=0.8)
    heard = []
    found = deploy(asked, crew, far, {}, seconds=2, on_stage=heard.append)
    assert [stage.objective for stage in heard] == ["red", "orange", "yellow", "blue", "green", "moved", "distance"]
    assert all(0 <= stage.bound <= stage.value and 0 <= stage.gap <= 1 for stage in found.stages)
    assert (found.teams["used"] <= found.teams["hours"] + SAME).all()
    plan = plan_of(asked, crew)
    assert found.uncovered["red"] < plan.uncovered["red"]
    assert found.uncovered.tolist() <= plan.uncovered.tolist()


def test_a_team_is_as_far_as_its_community_and_that_is_where_its_areas_are_if_it_has_no_shape():
    areas = pd.Series([box(0, 0, 2, 2), box(4, 0, 6, 2), None], index=["A", "B", "C"], dtype=object)
    community = pd.Series(["x", "x", "y"], index=areas.index)
    homes = pd.Series([box(0, 9, 2, 11)], index=["z"], dtype=object)
    far = team_distance(areas, community, homes, pd.Series(["x", "z", "y"], index=["t1", "t2", "t3"]))
    # A degree is 111.195 km; t1 stands between A and B, t2 nine degrees north of A.
    assert far[0, :2] == pytest.approx([2 * 111.195] * 2, rel=1e-3)
    assert far[1, 0] == pytest.approx(9 * 111.195, rel=1e-5)
    assert np.isnan(far[:, 2]).all()
    assert np.isnan(far[2]).all()


@pytest.mark.parametrize("seed", range(12))
def test_a_team_without_a_place_counts_as_the_farthest_and_the_distance_of_the_others_is_still_the_least(seed):
    asked, crew, far = made(seed, areas=5, teams=3, communities=3, tightness=[0.7, 1.0, 1.6][seed % 3])
    far[1] = np.nan
    far[0, 2] = np.nan
    found = deploy(asked, crew, far, {})
    stages = {stage.objective: stage.value for stage in found.stages}
    told = [stages.get(tier, 0.0) for tier in reversed(tiers.RANKED)] + [stages["moved"], stages["distance"]]
    assert told == pytest.approx(least(asked, crew, np.where(np.isnan(far), np.nanmax(far), far), {}), abs=SAME)
    assert (found.unplaced_teams, found.unplaced_areas) == (("t1",), 0)


def test_where_nobody_has_a_place_no_distance_is_told():
    asked, crew, far = made(2, areas=6, teams=3, communities=3, tightness=1.3)
    found = deploy(asked, crew, np.full_like(far, np.nan), {})
    assert "distance" not in [stage.objective for stage in found.stages]
    assert [stage.value for stage in found.stages] == [stage.value for stage in deploy(asked, crew, None, {}).stages]


@pytest.mark.parametrize(
    ("lang", "short", "far_off"), [("zh", "距离最短", "距离按最远的计"), ("en", "shortest distance", "farthest")]
)
def test_it_is_said_who_has_no_place_and_no_distance_is_claimed_where_there_is_none(lang, short, far_off):
    asked, crew, far = made(2, areas=6, teams=3, communities=3, tightness=1.3)
    told = " ".join(rules(lang, deploy(asked, crew, far, {}), {}))
    assert short in told
    assert far_off not in told
    assert short not in " ".join(rules(lang, deploy(asked, crew, None, {}), {}))
    far[1], far[:, 4] = np.nan, np.nan
    told = rules(lang, deploy(asked, crew, far, {}), {"t1": "二组"})
    assert short in told[0]
    assert [far_off in line for line in told] == [False, True, True]
    assert "二组" in told[1]
    assert "1" in told[2]


def test_teams_that_could_take_an_area_over_come_nearest_first_if_they_have_the_hours():
    asked = pd.DataFrame({"rank": [4, 0, 0], "hours": [6.0, 9.0, 2.0], "community": ["x", "y", "z"]}, index=list("ABC"))
    crew = pd.DataFrame(
        {"community": ["x", "y", "z", "z", "q"], "hours": [9.0, 10.0, 20.0, 30.0, np.nan]},
        index=["t1", "t2", "t3", "t4", "t5"],
    )
    far = np.array([[0.0, 1, 1], [1, 0, 1], [3, 1, 0], [2, 1, 0], [1, 1, 1]])
    plan = plan_of(asked, crew)
    found = offered(plan, far, "A")
    # t2 is nearest, but has an hour over; t1 is the area's own.
    assert found.index.tolist() == ["t4", "t3", "t2", "t1"]
    assert found["t2"] == 1.0
    assert found["t4"] == 28.0
    assert offered(plan, None, "A").index.tolist()[0] == "t4"
    unknown = plan_of(asked.assign(hours=[np.nan, 9.0, 2.0]), crew)
    assert offered(unknown, far, "A").index.tolist()[-1] == "t1"


def test_where_nothing_is_asked_nobody_moves():
    asked, crew = world()
    found = deploy(asked.assign(hours=0.0), crew, None, {})
    assert found.short.empty
    assert [(stage.objective, stage.value) for stage in found.stages] == [("moved", 0.0)]

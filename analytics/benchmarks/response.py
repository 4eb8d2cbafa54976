"""How fast what was due and done is counted, against one pass of numpy over the same checks, and how fast and how well
reinforcement is worked out, against scipy's milp alone: ``bench response``.

Areas, their places and the checks of a year are drawn; nothing is read. Both start from the checks as the store gives
them (area, day, place), take turns in one process, and the median is told, in seconds of the processor: both ways keep
one busy, and what others do with it is left out. The pass of numpy knows no tiers: it counts the distinct places that
were seen in each area in each week.

Reinforcement is of teams that have a tenth more hours than areas ask. Milp has the same program, the same objectives in
the same order and as long for each; what it finds is held as here. It has no start, and no bound by minutes alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import perf_counter, process_time

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.loaders import load_records
from analytics.office import WEEK_DAYS
from analytics.response.deployment import SECONDS, Stage, deploy
from analytics.response.deployment_problem import NONE, DeploymentProblem
from analytics.response.deployment_program import DeploymentProgram
from analytics.response.due import duty_done
from analytics.response.workload import MINUTES_AN_HOUR
from analytics.scheme import Scheme, scheme_named
from analytics.scoring import AreaCounts, area_counts_for
from analytics.store import Counts
from analytics.store.tallies import Visits
from analytics.words import Language, say

AREAS, DAYS, PLACES, CHECKS_A_WEEK = 5000, 365, 12, 6
TURNS = 7
TEAMS = (20, 100)
AREAS_A_TEAM, LOAD = 7, 0.9
STAGE_SECONDS = SECONDS
SEED = 2026
SCHEME = "epidemic"


def bench_response(lang: Language) -> str:
    """The measured times as text."""
    facts, scheme, final, days = _world()
    duty = scheme.duties[0]
    visits = facts.counts.visits({**duty.where, "outcome": ("done",)}, duty.of)
    ours, numpy = _timed(lambda: duty_done(facts, scheme, duty, final, days), lambda: _one_pass(visits))
    told = {"areas": f"{AREAS:,}", "days": DAYS, "checks": f"{len(visits.day):,}", "turns": TURNS}
    times = {"ours": f"{ours:.3f}", "numpy": f"{numpy:.3f}", "times": f"{ours / numpy:.1f}"}
    said = [say(lang, "bench.response", **told), say(lang, "bench.response_row", **times)]
    said.append(say(lang, "bench.deployment", load=f"{LOAD:.0%}", seconds=f"{STAGE_SECONDS:g}"))
    return "\n".join([*said, *(line for teams in TEAMS for line in _deployment(lang, teams))])


def _deployment(lang: Language, teams: int) -> list[str]:
    """The times of both ways for so many teams, and what they came to."""
    areas, crew, far = _short_of_hours(teams)
    start = perf_counter()
    stages = deploy(areas, crew, far, {}, STAGE_SECONDS).stages
    ours, start = perf_counter() - start, perf_counter()
    bare = bare_milp(DeploymentProblem(areas, crew, far, {}, only_home=False))
    milp = perf_counter() - start
    told = {"teams": teams, "areas": len(areas), "ours": f"{ours:.1f}", "milp": f"{milp:.1f}"}
    row = say(lang, "bench.deployment_row", **told, times=f"{ours / milp:.2f}")
    found = [
        say(lang, f"bench.deployment_{way}", values=[f"{stage.value:,.1f} ({stage.gap:.0%})" for stage in held])
        for way, held in (("ours", stages), ("milp", bare))
    ]
    return [row, *found]


def _short_of_hours(teams: int) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Areas, teams and kilometres of a made-up city, drawn: most communities have a team, some two, some none."""
    rng = np.random.default_rng(SEED)
    count, communities = teams * AREAS_A_TEAM, [f"C{at}" for at in range(teams * 4 // 5)]
    tables = {"rank": rng.integers(0, 5, count), "hours": rng.uniform(1, 12, count).round(1)}
    areas = pd.DataFrame({**tables, "community": rng.choice(communities, count)})
    share = rng.uniform(0.3, 1.5, teams)
    hours = (share / share.sum() * areas["hours"].sum() / LOAD).round(1)
    crew = pd.DataFrame({"community": rng.choice(communities, teams), "hours": hours})
    here, there = rng.uniform(0, 20, (count, 2)), rng.uniform(0, 20, (teams, 2))
    far = np.hypot(*(there[:, None] - here[None]).transpose(2, 0, 1))
    return areas.rename("A{}".format), crew.rename("T{}".format), far


def bare_milp(problem: DeploymentProblem) -> list[Stage]:
    """What milp alone comes to, stage by stage."""
    program, worse, stages = DeploymentProgram.of(problem), 0.0, []
    held = np.full(len(problem.minutes), NONE)
    for objective in problem.objectives():
        found, bound = program.solve(objective, STAGE_SECONDS)
        held = held if found is None else found
        value = problem.value(objective, held)
        before = worse if objective in tiers.RANK else 0.0
        unit = MINUTES_AN_HOUR if objective in tiers.RANK else 1
        stages.append(Stage(objective, value / unit, min(max(bound - before, 0.0), value) / unit))
        program = program.held(objective, before + value)
        worse += value
    return stages


def _world() -> tuple[AreaCounts, Scheme, np.ndarray, pd.DatetimeIndex]:
    """A year of checks of a made-up city, and tiers of every day."""
    rng = np.random.default_rng(SEED)
    days = pd.date_range(end="2026-10-31", periods=DAYS, freq="D")
    ids = np.array([f"G{at:05}" for at in range(AREAS)])
    areas = pd.DataFrame({"area_id": ids, "name": ids, "level": "grid", "population": 1000})
    held, _ = load_records({"areas": ("areas.csv", areas.to_csv(index=False).encode())}, days[-1].date())
    place_of = np.repeat(np.arange(AREAS), PLACES)
    places = pd.DataFrame({"area_id": ids[place_of], "place_id": [f"P{at}" for at in range(len(place_of))]})
    number = AREAS * CHECKS_A_WEEK * DAYS // WEEK_DAYS
    seen = rng.integers(0, len(place_of), number)
    checks = pd.DataFrame(
        {
            "area_id": places["area_id"].to_numpy()[seen],
            "check_id": np.arange(number).astype(str),
            "place_id": places["place_id"].to_numpy()[seen],
            "kind": "visit",
            "checked_at": days.to_numpy()[rng.integers(0, DAYS, number)],
            "outcome": "done",
            "team_id": "T1",
        }
    )
    world = replace(held, places=places.assign(kind="building", capacity=1, use="residential"), checks=checks)
    scheme = scheme_named(SCHEME)
    final = np.repeat(rng.integers(0, 5, (DAYS // 28 + 1, AREAS)), 28, axis=0)[:DAYS].astype("int8")
    return area_counts_for(Counts.of_records(world, "bench"), scheme), scheme, final, days


def _one_pass(visits: Visits) -> np.ndarray:
    """How many distinct places were seen in each area and week: (areas, weeks)."""
    week = (visits.day - visits.day.min()) // WEEK_DAYS
    weeks = int(week.max()) + 1
    pair, first = np.unique(visits.place.astype("int64") * weeks + week, return_index=True)
    return np.bincount(visits.area[first] * weeks + pair % weeks, minlength=AREAS * weeks).reshape(AREAS, weeks)


def _timed(*ways: Callable[[], object]) -> list[float]:
    """Seconds of each."""
    taken: list[list[float]] = [[] for _ in ways]
    for _ in range(TURNS):
        for way, seconds in zip(ways, taken, strict=True):
            start = process_time()
            way()
            seconds.append(process_time() - start)
    return [median(seconds) for seconds in taken]

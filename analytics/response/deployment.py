"""Reinforcement (增援): which areas a team of another community takes over where the hours of their own do not reach.

The plan (组团联社) is the office's: the areas of a community are worked by the teams that are tied to it. What it
leaves uncovered is shared out by mixed-integer programs, one an objective, in lexicographic order: each is solved, its
value is held, and the next is solved among what is left. First the person-hours left uncovered of red, then of orange
and so on; then how many areas change hands; then how far those that do are from the team that takes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.response.deployment_problem import NONE, SAME, DeploymentProblem, Objective
from analytics.response.deployment_program import DeploymentProgram
from analytics.response.workload import DAYS_WORKED, MINUTES_AN_HOUR

SECONDS = 10.0
"""For each objective, while a person waits. Ours."""

_WHOLE = 0.6
"""The share of it that the whole program of how many areas move has; a smaller one has the rest. Ours, by trial."""

ASKED = ("rank", "hours", "overdue", "untold", "community")
"""What is known of areas before anybody is given any: the columns of :func:`asked_of`."""

SECONDS_OF_PLAN = 1.0
"""The same for the plan, which a page shows unasked. Ours."""


@dataclass(frozen=True)
class Stage:
    """One objective: its ``value`` (person-hours a week left uncovered of a tier, areas moved, kilometres) and the
    ``bound``: no assignment to the teams that may be asked (see `NEAREST`) that keeps the objectives before it has
    less."""

    objective: Objective
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """How much of the value could at most be saved, as a share of it; 0 where it is the least."""
        return (self.value - self.bound) / self.value if self.value > 0 else 0.0


@dataclass(frozen=True, eq=False)
class Deployment:
    """Who works where.

    ``areas`` (index ``area_id``): what :func:`asked_of` says, with ``rank``, ``hours`` asked in the coming week, to the
    minute (NaN: not known), and ``community``;
    ``team`` (missing: nobody), ``covered`` and ``uncovered`` hours, whether it is ``moved`` to a team of another
    community, and ``locked``.
    ``teams`` (index ``team_id``): ``community``, ``hours`` (NaN: not known, and given nothing), ``used``.
    ``stages`` in their order; that of the distance is missing where no place is known. ``unplaced_teams`` (their ids)
    and so many ``unplaced_areas`` have no place, and count as being as far away as the farthest.
    """

    areas: pd.DataFrame
    teams: pd.DataFrame
    stages: tuple[Stage, ...]
    unplaced_teams: tuple[str, ...] = ()
    unplaced_areas: int = 0

    @cached_property
    def uncovered(self) -> pd.Series:
        """Person-hours a week that are left uncovered, by tier (index as `tiers.SHOWN` without unknown)."""
        by_rank = self.areas.groupby("rank")["uncovered"].sum()
        return pd.Series({tier: float(by_rank.get(tiers.RANK[tier], 0.0)) for tier in reversed(tiers.RANKED)})

    @property
    def short(self) -> pd.DataFrame:
        """The areas of which something is left uncovered."""
        return self.areas[self.areas["uncovered"] > 0]

    @property
    def unknown(self) -> int:
        """Of how many areas the hours asked are not known."""
        return int(self.areas["hours"].isna().sum())

    @property
    def overdue(self) -> float:
        """How many of the hours that are asked make up for what is overdue already."""
        return float(self.areas["overdue"][self.areas["hours"].notna()].sum())

    @property
    def untold(self) -> int:
        """In how many areas whose hours are known it is not known what is overdue of some duty."""
        return int((self.areas["untold"] & self.areas["hours"].notna()).sum())

    @property
    def without_team(self) -> tuple[str, ...]:
        """The communities that no team is tied to, in the order of their areas."""
        communities = self.areas["community"].dropna().unique()
        return tuple(str(one) for one in communities if one not in set(self.teams["community"]))


def community_teams(areas: pd.DataFrame, teams: pd.DataFrame) -> pd.Series:
    """The master table: the ids of the teams (a tuple) of each community that has an area (index: its id); ``areas``
    and ``teams`` have a ``community``."""
    communities = pd.Index(areas["community"].dropna().unique(), name="community")
    tied = teams.groupby("community").apply(lambda rows: tuple(rows.index), include_groups=False)
    return pd.Series([tied.get(one, ()) for one in communities], index=communities, dtype=object)


def team_capacity(teams: pd.DataFrame) -> pd.DataFrame:
    """Of a table of teams (as in `Records`; index ``team_id``): ``community`` and the person-hours a week of its
    members (``hours``, NaN where not known)."""
    told = teams.set_index("team_id")
    hours = told["members"] * told["hours_per_day"] * DAYS_WORKED
    return pd.DataFrame({"community": told["home_area_id"], "hours": hours})


def asked_of(load: pd.Series, overdue: pd.DataFrame, ranks: np.ndarray, community: pd.Series) -> pd.DataFrame:
    """The areas as :func:`deploy` takes them: of ``load``, minutes a week by area in the order of priority, what is
    ``overdue`` already and has to be made up beside it (as of `overdue_minutes`), the tiers as ranks, and the
    communities."""
    columns = {
        "rank": ranks,
        "hours": (load + overdue["minutes"]) / MINUTES_AN_HOUR,
        "overdue": overdue["minutes"] / MINUTES_AN_HOUR,
        "untold": overdue["untold"],
        "community": community,
    }
    return pd.DataFrame(columns, index=load.index)[list(ASKED)]


def offered(plan: Deployment, distance: np.ndarray | None, area: str) -> pd.Series:
    """The teams that could take over an area, and the hours a week that each has over by a ``plan`` (index
    ``team_id``). In front those of other communities that have as many over as the area asks, the nearest first; then
    the others by what they have over, and at last its own. ``distance`` as of :func:`deploy`, in the order of the
    plan."""
    teams = plan.teams[plan.teams["hours"] > 0]
    over = (teams["hours"] - teams["used"]).clip(lower=0.0)
    row = plan.areas.loc[area]
    at = plan.areas.index.get_loc(area)
    far = np.zeros(len(plan.teams)) if distance is None else np.nan_to_num(distance[:, at], nan=np.inf)
    own = (teams["community"] == row["community"]).to_numpy()
    enough = (over >= row["hours"]).to_numpy()
    nearness = np.where(enough, far[(plan.teams["hours"] > 0).to_numpy()], 0.0)
    return over.iloc[np.lexsort((-over.to_numpy(), nearness, ~enough, own))]


def plan_of(areas: pd.DataFrame, teams: pd.DataFrame, seconds: float = SECONDS_OF_PLAN) -> Deployment:
    """What the plan gives: each area to a team of its own community, the reddest first, within the hours of the team.

    ``areas`` as of :func:`asked_of`, those to be served first in front; ``teams`` as of :func:`team_capacity`. Raises
    ``UserError`` where no team's hours, or no area's, are known.
    """
    problem = DeploymentProblem(areas, teams, None, {}, only_home=True)
    return _told(problem, *_solved(problem, problem.by_plan(), seconds, lambda _: None))


def deploy(
    areas: pd.DataFrame,
    teams: pd.DataFrame,
    distance: np.ndarray | None,
    locks: Mapping[str, str],
    seconds: float = SECONDS,
    on_stage: Callable[[Stage], None] = lambda _: None,
) -> Deployment:
    """The plan with the reinforcement that leaves least uncovered, by the objectives in their order.

    ``distance``: kilometres from the place of each team to each area, (teams, areas); None or NaN where not known,
    which counts as the farthest.
    ``locks``: areas that are given to a team, whatever that costs. ``seconds``: for each objective; where they run out,
    the best that was found stands, and its gap says how far it may be from the least. ``on_stage`` hears each when it
    is done. An area goes to one team as a whole; a team does of it what its hours allow, the reddest first. Raises
    ``UserError`` where no team's hours, or no area's, are known, or a lock cannot be kept.
    """
    plan = DeploymentProblem(areas, teams, None, {}, only_home=True)
    start, _ = _solved(plan, plan.by_plan(), SECONDS_OF_PLAN, lambda _: None)
    problem = DeploymentProblem(areas, teams, distance, locks, only_home=False)
    starts = [np.where(problem.locked != NONE, problem.locked, start), problem.by_hand(problem.locked)]
    start = min((problem.at_home(one) for one in starts), key=problem.values)
    return _told(problem, *_solved(problem, start, seconds, on_stage))


def _solved(
    problem: DeploymentProblem, start: np.ndarray, seconds: float, on_stage: Callable[[Stage], None]
) -> tuple[np.ndarray, tuple[Stage, ...]]:
    """The assignment after all objectives, and what each came to. What is held is always one that was reckoned here:
    where a solver runs out of time or errs by its tolerance, the one before stands."""
    program, held = DeploymentProgram.of(problem), problem.at_home(start)
    values, bounds = dict[Objective, float](), dict[Objective, float]()
    for objective in problem.objectives():
        value, bound = problem.value(objective, held), problem.least(objective, values)
        worse = sum(values.values()) if objective in tiers.RANK else 0.0
        best = program.at_least_of_all(objective, worse + bound) if objective in tiers.RANK else None
        if value > bound + SAME and best:
            # Mostly what nothing can beat can be had, and to look for that is quicker than to look for the least.
            held = _better(problem, objective, held, best.near(held, seconds), values)
            value = problem.value(objective, held)
        if value > bound + SAME:
            share = seconds * _WHOLE if objective == "moved" else seconds
            found, proved = program.solve(objective, share)
            # Of minutes and areas there is no part.
            bound = max(bound, proved if objective == "distance" else float(np.ceil(proved - worse - SAME)))
            held = _better(problem, objective, held, found, values)
            if objective == "moved" and problem.value(objective, held) > bound + SAME:
                found, _ = program.between(held, start).solve(objective, seconds - share)
                held = _better(problem, objective, held, found, values)
            value = problem.value(objective, held)
        values[objective], bounds[objective] = value, bound
        program = program.held(objective, worse + value)
        on_stage(_stage(objective, value, bound))
    # What an objective could not be brought down to in time, a later one may have.
    return held, tuple(_stage(one, problem.value(one, held), bound) for one, bound in bounds.items())


def _better(
    problem: DeploymentProblem,
    objective: Objective,
    held: np.ndarray,
    found: np.ndarray | None,
    values: Mapping[Objective, float],
) -> np.ndarray:
    """What was found, if there is less of the objective and no more of those before it; else what is held."""
    if found is None:
        return held
    found = min(problem.kept_down_to(found, objective), key=problem.values)
    keeps = all(problem.value(one, found) <= most + SAME for one, most in values.items())
    return found if keeps and problem.value(objective, found) < problem.value(objective, held) else held


def _stage(objective: Objective, value: float, bound: float) -> Stage:
    unit = 1 if objective in ("moved", "distance") else MINUTES_AN_HOUR
    return Stage(objective, value / unit, (value if value <= bound + SAME else bound) / unit)


def _told(problem: DeploymentProblem, assignment: np.ndarray, stages: tuple[Stage, ...]) -> Deployment:
    """The assignment by the ids of areas and teams."""
    known = problem.areas["hours"].notna().to_numpy() & (problem.rank != tiers.UNKNOWN_RANK)
    covered = problem.covered(assignment)
    ids = np.append(problem.teams.index.to_numpy(dtype=object), None)
    columns = {
        "hours": np.where(known, problem.minutes, np.nan) / MINUTES_AN_HOUR,
        "team": ids[assignment],
        "covered": np.where(known, covered, np.nan) / MINUTES_AN_HOUR,
        "uncovered": np.where(known, problem.minutes - covered, np.nan) / MINUTES_AN_HOUR,
        "moved": problem.moved(assignment),
        "locked": problem.locked != NONE,
    }
    has = assignment != NONE
    used = np.bincount(assignment[has], covered[has], len(problem.teams)) / MINUTES_AN_HOUR
    return Deployment(
        areas=problem.areas.assign(**columns),
        teams=problem.teams.assign(used=used),
        stages=stages,
        unplaced_teams=tuple(problem.teams.index[problem.unplaced_teams]),
        unplaced_areas=int(problem.unplaced_areas.sum()),
    )

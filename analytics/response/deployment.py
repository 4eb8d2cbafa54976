"""Reinforcement (增援): which areas a team of another community takes over where the hours of their own do not reach.

The plan (组团联社) is the office's: the areas of a community are worked by the teams that are tied to it. What it leaves
uncovered is shared out by mixed-integer programs (HiGHS, by `scipy.optimize.milp`), one an objective, in lexicographic
order: each is solved, its value is held, and the next is solved among what is left. First the person-hours left
uncovered of red, then of orange and so on; then how many areas change hands; then how far those that do are from the
team that takes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, vstack

from analytics import tiers
from analytics.errors import UserError
from analytics.response.workload import DAYS_WORKED, MINUTES_AN_HOUR
from analytics.tiers import Tier

Objective = Tier | Literal["moved", "distance"]

SECONDS = 10.0
"""For each objective, while a person waits. Ours."""

SECONDS_OF_PLAN = 1.0
"""The same for the plan, which a page shows unasked. Ours."""

NEAREST = 10
"""How many teams of other communities an area may be given to: the nearest, which keeps the program small. Ours."""

NONE = -1
"""No team."""

_SAME = 1e-3
"""Minutes, areas or kilometres that make no difference: what a solver may be wrong by."""
_HELD = 0.1
"""What an objective may give way by when the next is solved. Minutes and areas are whole: all five tiers together may not
give way by one, and HiGHS, which works with decimals, needs some room."""
_SOLVE_ERROR = 4
"""Of `scipy.optimize.milp`: HiGHS lost its way."""


@dataclass(frozen=True)
class Stage:
    """One objective: its ``value`` (person-hours a week left uncovered of a tier, areas moved, kilometres) and the
    ``bound``: no assignment to the teams that are asked (see `NEAREST`) that keeps the objectives before it has less."""

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

    ``areas`` (index ``area_id``): ``rank``, ``hours`` asked a week, to the minute (NaN: not known), ``community``, ``team`` (missing:
    nobody), ``covered`` and ``uncovered`` hours, whether it is ``moved`` to a team of another community, and ``locked``.
    ``teams`` (index ``team_id``): ``community``, ``hours`` (NaN: not known, and given nothing), ``used``.
    ``stages`` in their order; that of the distance is missing where somebody's place is not known.
    """

    areas: pd.DataFrame
    teams: pd.DataFrame
    stages: tuple[Stage, ...]

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
    def without_team(self) -> tuple[str, ...]:
        """The communities that no team is tied to, in the order of their areas."""
        communities = self.areas["community"].dropna().unique()
        return tuple(str(one) for one in communities if one not in set(self.teams["community"]))


def community_teams(areas: pd.DataFrame, teams: pd.DataFrame) -> pd.Series:
    """The master table: the ids of the teams (a tuple) of each community that has an area (index: its id). ``areas``
    and ``teams`` have a ``community``."""
    communities = pd.Index(areas["community"].dropna().unique(), name="community")
    tied = teams.groupby("community").apply(lambda rows: tuple(rows.index), include_groups=False)
    return pd.Series([tied.get(one, ()) for one in communities], index=communities, dtype=object)


def team_capacity(teams: pd.DataFrame) -> pd.DataFrame:
    """Of a table of teams (as in `Records`; index ``team_id``): ``community`` and the person-hours a week of its members
    (``hours``, NaN where not known)."""
    told = teams.set_index("team_id")
    hours = told["members"] * told["hours_per_day"] * DAYS_WORKED
    return pd.DataFrame({"community": told["home_area_id"], "hours": hours})


def asked_of(load: pd.Series, ranks: np.ndarray, community: pd.Series) -> pd.DataFrame:
    """The areas as :func:`deploy` takes them: of ``load``, minutes a week by area in the order of priority, the tiers
    as ranks, and the communities."""
    return pd.DataFrame({"rank": ranks, "hours": load / MINUTES_AN_HOUR, "community": community}, index=load.index)


def plan_of(areas: pd.DataFrame, teams: pd.DataFrame, seconds: float = SECONDS_OF_PLAN) -> Deployment:
    """What the plan gives: each area to a team of its own community, the reddest first, within the hours of the team.

    ``areas`` as of :func:`asked_of`, those to be served first in front; ``teams`` as of :func:`team_capacity`. Raises
    ``UserError`` where no team's hours, or no area's, are known.
    """
    world = _World(areas, teams, None, {}, only_home=True)
    return world.told(*_solved(world, world.by_plan(), seconds, lambda _: None))


def deploy(
    areas: pd.DataFrame,
    teams: pd.DataFrame,
    distance: np.ndarray | None,
    locks: Mapping[str, str],
    seconds: float = SECONDS,
    on_stage: Callable[[Stage], None] = lambda _: None,
) -> Deployment:
    """The plan with the reinforcement that leaves least uncovered, by the objectives in their order.

    ``distance``: kilometres from the place of each team to each area, (teams, areas); None or NaN where not known.
    ``locks``: areas that are given to a team, whatever that costs. ``seconds``: for each objective; where they run out,
    the best that was found stands, and its gap says how far it may be from the least. ``on_stage`` hears each when it
    is done. An area goes to one team as a whole; a team does of it what its hours allow, the reddest first. Raises
    ``UserError`` where no team's hours, or no area's, are known, or a lock cannot be kept.
    """
    plan = _World(areas, teams, None, {}, only_home=True)
    start, _ = _solved(plan, plan.by_plan(), SECONDS_OF_PLAN, lambda _: None)
    world = _World(areas, teams, distance, locks, only_home=False)
    starts = [np.where(world.locked != NONE, world.locked, start), world.by_hand(world.locked)]
    start = min((world.at_home(one) for one in starts), key=world.values)
    return world.told(*_solved(world, start, seconds, on_stage))


class _World:
    """Areas and teams as arrays, hours as whole minutes, so that what is held between two objectives is held exactly. An
    assignment is the position of the team of each area, (areas,), `NONE` for nobody."""

    def __init__(
        self,
        areas: pd.DataFrame,
        teams: pd.DataFrame,
        distance: np.ndarray | None,
        locks: Mapping[str, str],
        *,
        only_home: bool,
    ) -> None:
        self.areas, self.teams = areas, teams
        self.capacity = np.floor(teams["hours"].fillna(0.0).to_numpy(dtype=float) * MINUTES_AN_HOUR + _SAME)
        self.rank = areas["rank"].to_numpy()
        asked = areas["hours"].mask(self.rank == tiers.UNKNOWN_RANK)
        minutes = asked.fillna(0.0).to_numpy(dtype=float) * MINUTES_AN_HOUR
        self.minutes = np.where(minutes > 0, np.maximum(np.rint(minutes), 1.0), 0.0)
        if not (self.capacity > 0).any():
            raise UserError.because("deployment.no_hours")
        if asked.isna().all():
            raise UserError.because("deployment.nothing_asked")
        codes, _ = pd.factorize(pd.concat([teams["community"], areas["community"]]))
        self.of_team, self.of_area = codes[: len(teams)], codes[len(teams) :]
        tied = (self.of_team[:, None] == self.of_area[None, :]) & (self.of_team[:, None] >= 0)
        self.home = tied & (self.capacity > 0)[:, None]
        self.locked = self._locked(locks)
        may = self.home if only_home else self.home | self._near(distance)
        may = np.where(self.locked != NONE, np.arange(len(teams))[:, None] == self.locked, may)
        self.team, self.area = np.nonzero(may & (self.minutes > 0))
        """The pairs that may be chosen: positions of the team and of the area, (pairs,)."""
        self.away = ~self.home[self.team, self.area]
        far = None if distance is None or only_home else distance[self.team, self.area]
        self.far = far if far is not None and not np.isnan(far[self.away]).any() else None
        self.distance = distance
        self.only_home = only_home
        self.ranks = sorted(set(self.rank[self.minutes > 0].tolist()), reverse=True)
        # The reddest first; of one tier as they are given.
        self.order = np.argsort(-self.rank, kind="stable")

    def _locked(self, locks: Mapping[str, str]) -> np.ndarray:
        locked = np.full(len(self.areas), NONE)
        for area, team in locks.items():
            if area not in self.areas.index:
                raise UserError.because("deployment.no_area", area=area)
            if team not in self.teams.index:
                raise UserError.because("deployment.no_team", team=team, known=list(self.teams.index))
            position = self.teams.index.get_loc(team)
            if not self.capacity[position] > 0:
                raise UserError.because("deployment.no_hours_of", team=team)
            locked[self.areas.index.get_loc(area)] = position
        return locked

    def _near(self, distance: np.ndarray | None) -> np.ndarray:
        """The teams of other communities that may be asked for an area, (teams, areas): the `NEAREST` that have hours;
        where places are not known, those that have most hours over by the plan."""
        own = np.where(self.home, self.minutes, 0.0).sum(axis=1)
        fewest_left = np.broadcast_to((own - self.capacity)[:, None], self.home.shape)
        far = fewest_left if distance is None else np.where(np.isnan(distance), np.inf, distance)
        far = np.where(self.home | ~(self.capacity > 0)[:, None], np.inf, far)
        place = np.argsort(np.argsort(far, axis=0, kind="stable"), axis=0)
        return (place < NEAREST) & ~self.home & (self.capacity > 0)[:, None]

    def by_plan(self) -> np.ndarray:
        """Each area to that team of its own community that has most hours left, the reddest first."""
        return self.at_home(np.full(len(self.areas), NONE))

    def at_home(self, assignment: np.ndarray) -> np.ndarray:
        """The same, with areas that nobody has given as by the plan."""
        given = assignment.copy()
        left = self.capacity - np.bincount(given[given != NONE], self.minutes[given != NONE], len(self.teams))
        for area in self.order:
            own = np.flatnonzero(self.home[:, area])
            if given[area] == NONE and len(own):
                given[area] = own[np.argmax(left[own])]
                left[given[area]] -= self.minutes[area]
        return given

    def by_hand(self, begun: np.ndarray) -> np.ndarray:
        """A reinforcement as one would make it by hand, of what is ``begun``: to have somewhere to begin. Tier by tier,
        what fits stays at home, the small first; the large go to the nearest team that has as much over, else to the
        nearest that has it left, else to whichever has most left."""
        given, left = begun.copy(), self.capacity.copy()
        over = left - np.where(self.home, self.minutes, 0.0).sum(axis=1)
        may = np.zeros(self.home.shape, dtype=bool)
        may[self.team, self.area] = True

        def give(area: int, team: int) -> None:
            given[area] = team
            left[team] -= min(self.minutes[area], left[team])
            over[team] -= 0.0 if self.home[team, area] else self.minutes[area]

        for rank in self.ranks:
            areas = np.flatnonzero((self.rank == rank) & (self.minutes > 0))
            for area in areas[given[areas] != NONE]:
                give(area, given[area])
            open_ = areas[given[areas] == NONE]
            for area in open_[np.argsort(self.minutes[open_], kind="stable")]:
                fits = np.flatnonzero(self.home[:, area] & (left >= self.minutes[area]))
                if len(fits):
                    give(area, fits[np.argmin(left[fits])])
            open_ = open_[given[open_] == NONE]
            for area in open_[np.argsort(-self.minutes[open_], kind="stable")]:
                teams = np.flatnonzero(may[:, area] & (left > 0))
                far = np.zeros(len(teams)) if self.distance is None else np.nan_to_num(self.distance[teams, area])
                fits = left[teams] >= self.minutes[area]
                for good in (fits & (over[teams] >= self.minutes[area]), fits):
                    if good.any():
                        give(area, teams[good][np.argmin(far[good])])
                        break
                else:
                    if len(teams):
                        give(area, teams[np.argmax(left[teams])])
        return given

    def kept_down_to(self, found: np.ndarray, objective: Objective) -> list[np.ndarray]:
        """What a solver found for an objective; and, where that is of a tier, the same with the milder tiers, of which
        it was not asked, by hand."""
        if self.only_home or objective in ("moved", "distance"):
            return [self.at_home(found)]
        asked = (self.rank >= tiers.RANK[objective]) | (self.locked != NONE)
        return [self.at_home(found), self.at_home(self.by_hand(np.where(asked, found, NONE)))]

    def covered(self, assignment: np.ndarray) -> np.ndarray:
        """Minutes of each area that its team has for it: the reddest first, (areas,)."""
        left, covered = self.capacity.copy(), np.zeros(len(self.areas))
        for area in self.order:
            team = assignment[area]
            if team != NONE:
                covered[area] = min(self.minutes[area], left[team])
                left[team] -= covered[area]
        return covered

    def moved(self, assignment: np.ndarray) -> np.ndarray:
        """Whether the work of each area is done by a team of another community, (areas,)."""
        has = (assignment != NONE) & (self.minutes > 0)
        return has & ~self.home[assignment, np.arange(len(assignment))]

    def value(self, objective: Objective, assignment: np.ndarray) -> float:
        """What an assignment has of an objective, in minutes, areas or kilometres."""
        if objective == "moved":
            return float(self.moved(assignment).sum())
        if objective == "distance":
            at = np.flatnonzero(self.moved(assignment))
            return 0.0 if self.distance is None else float(self.distance[assignment[at], at].sum())
        left = self.minutes - self.covered(assignment)
        return float(left[self.rank == tiers.RANK[objective]].sum())

    def values(self, assignment: np.ndarray) -> tuple[float, ...]:
        """Those of all objectives, in their order; what makes no difference is left out."""
        return tuple(round(self.value(objective, assignment), 4) for objective in self.objectives())

    def objectives(self) -> Iterator[Objective]:
        """What is minimised, in this order."""
        yield from (tiers.RANKED[rank] for rank in self.ranks)
        if not self.only_home:
            yield "moved"
            if self.far is not None:
                yield "distance"

    def least(self, objective: Objective, before: Mapping[Objective, float]) -> float:
        """What an objective cannot be less than, given the values of those ``before``, by minutes alone: were the areas
        of each community, or without the plan all, one whose teams are one."""
        if objective == "distance":
            nearest = np.sort(self._nearest())
            return float(nearest[: round(self.least("moved", before))].sum())
        if objective == "moved":
            return max(
                (self._fewest(rank, sum(before[tiers.RANKED[one]] for one in self.ranks if one >= rank)))
                for rank in self.ranks
            )
        asked, there = self._by_community(tiers.RANK[objective])
        short = np.maximum(asked - there, 0.0).sum() if self.only_home else max(asked.sum() - there.sum(), 0.0)
        return max(0.0, float(short) - sum(before.values()))

    def _by_community(self, rank: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Minutes that areas of a rank or more ask, and that teams have, by community; those of none are not tied."""
        count = max(self.of_team.max(initial=0), self.of_area.max(initial=0)) + 2
        asked = np.bincount(self.of_area + 1, self.minutes * (self.rank >= rank), count)
        there = np.bincount(self.of_team + 1, self.capacity, count)
        return np.append(asked, 0.0), np.append(np.where(np.arange(count) > 0, there, 0.0), there[0])

    def _fewest(self, rank: int, left: float) -> float:
        """How many areas of a rank or more have to move where no more than ``left`` minutes may be left of them: even
        the largest hold no more than they ask."""
        own = float(np.minimum(*self._by_community(rank)).sum())
        asked = np.sort(self.minutes[self.rank >= rank])[::-1]
        elsewhere = asked.sum() - left - own
        return float(np.searchsorted(asked.cumsum(), elsewhere - _SAME)) + 1.0 if elsewhere > _SAME else 0.0

    def _nearest(self) -> np.ndarray:
        """Kilometres to the nearest team that may take over an area, of each area that one may."""
        least = np.full(len(self.areas), np.inf)
        if self.far is not None:
            np.minimum.at(least, self.area[self.away], self.far[self.away])
        return least[np.isfinite(least)]

    def told(self, assignment: np.ndarray, stages: tuple[Stage, ...]) -> Deployment:
        """The assignment by the ids of areas and teams."""
        known = self.areas["hours"].notna().to_numpy() & (self.rank != tiers.UNKNOWN_RANK)
        covered = self.covered(assignment)
        ids = np.append(self.teams.index.to_numpy(dtype=object), None)
        columns = {
            "hours": np.where(known, self.minutes, np.nan) / MINUTES_AN_HOUR,
            "team": ids[assignment],
            "covered": np.where(known, covered, np.nan) / MINUTES_AN_HOUR,
            "uncovered": np.where(known, self.minutes - covered, np.nan) / MINUTES_AN_HOUR,
            "moved": self.moved(assignment),
            "locked": self.locked != NONE,
        }
        has = assignment != NONE
        used = np.bincount(assignment[has], covered[has], len(self.teams)) / MINUTES_AN_HOUR
        return Deployment(self.areas.assign(**columns), self.teams.assign(used=used), stages)


class _Program:
    """The program of a world: x of each pair, 1 where it is chosen, then the hours that each team gives to each tier."""

    def __init__(self, world: _World) -> None:
        self.world = world
        pairs, teams, ranks = len(world.team), len(world.capacity), len(world.ranks)
        level = np.searchsorted(-np.array(world.ranks), -world.rank[world.area])
        self.size = pairs + teams * ranks
        given = pairs + np.arange(teams * ranks)
        one, slot = np.ones(pairs), world.team * ranks + level
        by_area = coo_array((one, (world.area, np.arange(pairs))), (len(world.minutes), self.size))
        # A team gives a tier no more than its areas of that tier ask.
        by_slot = coo_array(
            (
                np.append(-world.minutes[world.area], np.ones(teams * ranks)),
                (np.append(slot, np.arange(teams * ranks)), np.append(np.arange(pairs), given)),
            ),
            (teams * ranks, self.size),
        )
        by_team = coo_array((np.ones(teams * ranks), (np.arange(teams * ranks) // ranks, given)), (teams, self.size))
        self.rows: list[csr_array] = [by_area.tocsr(), by_slot.tocsr(), by_team.tocsr()]
        self.most = [np.ones(len(world.minutes)), np.zeros(teams * ranks), world.capacity]
        self.whole = np.append(np.ones(pairs), np.zeros(teams * ranks))
        self.lowest = np.append(world.locked[world.area] != NONE, np.zeros(teams * ranks)).astype(float)
        self.highest = np.append(np.ones(pairs), np.repeat(world.capacity, ranks))

    def weights(self, objective: Objective) -> tuple[np.ndarray, float]:
        """What is minimised: weights of the variables (size,) and what is added to it."""
        world, found = self.world, np.zeros(self.size)
        if objective == "moved":
            found[: len(world.team)] = world.away
        elif objective == "distance" and world.far is not None:
            found[: len(world.team)] = np.where(world.away, world.far, 0.0)
        elif objective != "distance":
            rank = tiers.RANK[objective]
            found[len(world.team) + world.ranks.index(rank) :: len(world.ranks)] = -1.0
            return found, float(world.minutes[world.rank == rank].sum())
        return found, 0.0

    def hold(self, objective: Objective, value: float) -> None:
        """Let nothing be worse than a value of an objective."""
        weights, beside = self.weights(objective)
        self.rows.append(csr_array(weights[None, :]))
        self.most.append(np.array([value - beside + _HELD]))

    def solve(self, objective: Objective, seconds: float) -> tuple[np.ndarray | None, float]:
        """The best assignment that was found in time, None where there is none, and the bound."""
        weights, beside = self.weights(objective)
        constraints = LinearConstraint(vstack(self.rows, format="csr"), ub=np.concatenate(self.most))
        for presolve in (True, False):  # what goes wrong does so in the presolve
            found = milp(
                weights,
                integrality=self.whole,
                bounds=Bounds(self.lowest, self.highest),
                constraints=constraints,
                options={"time_limit": seconds, "mip_rel_gap": 0.0, "presolve": presolve},
            )
            if found.status != _SOLVE_ERROR:
                break
        bound = found.mip_dual_bound
        least = 0.0 if bound is None or not np.isfinite(bound) else max(0.0, bound + beside)
        if found.x is None:
            return None, least
        chosen = np.flatnonzero(found.x[: len(self.world.team)] > 0.5)
        assignment = np.full(len(self.world.minutes), NONE)
        assignment[self.world.area[chosen]] = self.world.team[chosen]
        return assignment, least


def _solved(
    world: _World, start: np.ndarray, seconds: float, on_stage: Callable[[Stage], None]
) -> tuple[np.ndarray, tuple[Stage, ...]]:
    """The assignment after all objectives, and what each came to. What is held is always one that was looked into: where
    a solver runs out of time or errs by its tolerance, the one before stands."""
    program, held = _Program(world), world.at_home(start)
    values, bounds = dict[Objective, float](), dict[Objective, float]()
    for objective in world.objectives():
        value, bound = world.value(objective, held), world.least(objective, values)
        if value > bound + _SAME:
            found, proved = program.solve(objective, seconds)
            # Of minutes and areas there is no part.
            bound = max(bound, proved if objective == "distance" else float(np.ceil(proved - _SAME)))
            if found is not None:
                found = min(world.kept_down_to(found, objective), key=world.values)
                keeps = all(world.value(one, found) <= most + _SAME for one, most in values.items())
                if keeps and world.value(objective, found) < value:
                    held, value = found, world.value(objective, found)
        values[objective], bounds[objective] = value, bound
        program.hold(objective, value)
        on_stage(_stage(objective, value, bound))
    # What an objective could not be brought down to in time, a later one may have.
    return held, tuple(_stage(one, world.value(one, held), bound) for one, bound in bounds.items())


def _stage(objective: Objective, value: float, bound: float) -> Stage:
    unit = 1 if objective in ("moved", "distance") else MINUTES_AN_HOUR
    return Stage(objective, value / unit, (value if value <= bound + _SAME else bound) / unit)

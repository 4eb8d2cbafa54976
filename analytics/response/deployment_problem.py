"""The problem of reinforcement as arrays: who may be given what, what that comes to, and what nothing can beat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.errors import UserError
from analytics.response.workload import MINUTES_AN_HOUR
from analytics.tiers import Tier

Objective = Tier | Literal["moved", "distance"]

NEAREST = 10
"""How many teams of other communities an area may be given to: the nearest, which keeps the program small. Ours."""

NONE = -1
"""No team."""

SAME = 1e-3
"""Minutes, areas or kilometres that make no difference: what a solver may be wrong by."""


class DeploymentProblem:
    """Areas and teams as arrays, hours as whole minutes, so that what is held between two objectives is held exactly.
    An assignment is the position of the team of each area, (areas,), `NONE` for nobody."""

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
        self.capacity = np.floor(teams["hours"].fillna(0.0).to_numpy(dtype=float) * MINUTES_AN_HOUR + SAME)
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
        self.distance = None if only_home else _measured(distance)
        self.far = None if self.distance is None else self.distance[self.team, self.area]
        placed = np.ones(self.home.shape, dtype=bool) if self.distance is None else ~np.isnan(distance)
        self.unplaced_teams = (self.capacity > 0) & ~placed.any(axis=1)
        """Teams with hours, (teams,), and areas of which something is asked, (areas,), that have no place; none where
        nobody has one."""
        self.unplaced_areas = (self.minutes > 0) & ~placed.any(axis=0)
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
                far = np.zeros(len(teams)) if self.distance is None else self.distance[teams, area]
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
                (
                    self._fewest(rank, sum(before[tiers.RANKED[one]] for one in self.ranks if one >= rank))
                    for rank in self.ranks
                ),
                default=0.0,
            )
        asked, there = self._by_community(tiers.RANK[objective])
        short = np.maximum(asked - there, 0.0).sum() if self.only_home else max(asked.sum() - there.sum(), 0.0)
        return max(0.0, float(short) - sum(before.values()))

    def asked(self, rank: int) -> float:
        """Minutes that areas of a rank or more ask."""
        return float(self.minutes[self.rank >= rank].sum())

    def _by_community(self, rank: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Minutes that areas of a rank or more ask, and that teams have, by community; those of none are not tied."""
        count = max(self.of_team.max(initial=0), self.of_area.max(initial=0)) + 2
        asked = np.bincount(self.of_area + 1, self.minutes * (self.rank >= rank), count)
        there = np.bincount(self.of_team + 1, self.capacity, count)
        return np.append(asked, 0.0), np.append(np.where(np.arange(count) > 0, there, 0.0), there[0])

    def _fewest(self, rank: int, left: float) -> float:
        """How many areas of a rank or more have to move where no more than ``left`` minutes may be left of them: even
        the largest hold no more than they ask. Where nothing may be left, each community has to send its own."""
        asked, there = self._by_community(rank)
        minutes = np.where(self.rank >= rank, self.minutes, 0.0)
        if left > SAME:
            return _number(minutes, minutes.sum() - left - float(np.minimum(asked, there).sum()))
        of = self.of_area + 1
        return sum(_number(minutes[of == one], asked[one] - there[one]) for one in np.unique(of))

    def _nearest(self) -> np.ndarray:
        """Kilometres to the nearest team that may take over an area, of each area that one may."""
        least = np.full(len(self.areas), np.inf)
        if self.far is not None:
            np.minimum.at(least, self.area[self.away], self.far[self.away])
        return least[np.isfinite(least)]


def _measured(distance: np.ndarray | None) -> np.ndarray | None:
    """Kilometres (teams, areas) in which a pair without a place counts as far as the farthest, so that nobody is
    preferred for not being known; None where no place is known at all."""
    if distance is None or np.isnan(distance).all():
        return None
    return np.where(np.isnan(distance), np.nanmax(distance), distance)


def _number(minutes: np.ndarray, more: float) -> float:
    """How many areas at least come to so many minutes."""
    return float(np.searchsorted(np.sort(minutes)[::-1].cumsum(), more - SAME)) + 1.0 if more > SAME else 0.0

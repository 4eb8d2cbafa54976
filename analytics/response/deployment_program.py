"""The mixed-integer programs of reinforcement, one an objective, for HiGHS by `scipy.optimize.milp`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import coo_array, csr_array, vstack

from analytics import tiers
from analytics.response.deployment_problem import NONE, SAME, DeploymentProblem, Objective

_HELD = 0.1
"""What an objective may give way by when the next is solved. Minutes and areas are whole: all five tiers together may
not give way by one, and HiGHS, which works with decimals, needs some room."""
_CHANGED, _NEAR_ENOUGH = 0.5, 0.02
"""What an area that is given to another team than before weighs against one that moves, and how far from the least of
both a first assignment may be. Ours, by trial."""
_SOLVE_ERROR = 4
"""Of `scipy.optimize.milp`: HiGHS lost its way."""


@dataclass(frozen=True, eq=False)
class DeploymentProgram:
    """The program of a problem: x of each pair, 1 where it is chosen, then of each team and tier the minutes for which
    it has no time, of what it is given of that tier and of worse ones. What is told of a tier is so told of the worse
    ones too, which makes the rows plain knapsacks as soon as nothing is to be left of them.

    ``rows`` (each (some, variables)) come to no less than ``least`` and no more than ``most``; variables lie between
    ``lowest`` and ``highest``.
    """

    problem: DeploymentProblem
    rows: tuple[csr_array, ...]
    least: tuple[np.ndarray, ...]
    most: tuple[np.ndarray, ...]
    lowest: np.ndarray
    highest: np.ndarray

    @classmethod
    def of(cls, problem: DeploymentProblem) -> DeploymentProgram:
        """The program in which nothing is held yet."""
        pairs, teams, ranks = len(problem.team), len(problem.capacity), len(problem.ranks)
        by_area = coo_array((np.ones(pairs), (problem.area, np.arange(pairs))), (len(problem.minutes), pairs))
        left = teams * ranks
        by_area.resize(len(problem.minutes), pairs + left)
        rows = [by_area.tocsr()]
        for at, rank in enumerate(problem.ranks):
            asked = np.where(problem.rank[problem.area] >= rank, problem.minutes[problem.area], 0.0)
            columns = np.append(np.arange(pairs), pairs + np.arange(teams) * ranks + at)
            by_team = coo_array(
                (np.append(asked, -np.ones(teams)), (np.append(problem.team, np.arange(teams)), columns)),
                (teams, pairs + left),
            )
            rows.append(by_team.tocsr())
        return cls(
            problem,
            tuple(rows),
            tuple(np.full(one.shape[0], -np.inf) for one in rows),
            (np.ones(len(problem.minutes)), *[problem.capacity] * ranks),
            np.append(problem.locked[problem.area] != NONE, np.zeros(left)).astype(float),
            np.append(np.ones(pairs), np.full(left, np.inf)),
        )

    @property
    def pairs(self) -> int:
        """How many variables say who does what."""
        return len(self.problem.team)

    def weights(self, objective: Objective) -> tuple[np.ndarray, float]:
        """What is minimised: weights of the variables and what is added to it; of a tier what is left of it and of
        worse ones."""
        problem, found = self.problem, np.zeros(len(self.lowest))
        if objective == "moved":
            found[: self.pairs] = problem.away
        elif objective == "distance" and problem.far is not None:
            found[: self.pairs] = np.where(problem.away, problem.far, 0.0)
        elif objective != "distance":
            rank = tiers.RANK[objective]
            found[: self.pairs] = np.where(problem.rank[problem.area] >= rank, -problem.minutes[problem.area], 0.0)
            found[self.pairs + problem.ranks.index(rank) :: len(problem.ranks)] = 1.0
            return found, problem.asked(rank)
        return found, 0.0

    def at_least_of_all(self, objective: Objective, value: float) -> DeploymentProgram | None:
        """The program in which what is left of a tier and of worse ones is ``value``, where that is none or all that is
        more than the hours of all teams; None where it is neither. Both are held team by team, without a sum."""
        problem = self.problem
        rank = tiers.RANK[objective]
        at, asked = problem.ranks.index(rank), problem.rank >= rank
        if value <= SAME:  # each area has its team, whose hours are enough
            highest = self.highest.copy()
            highest[self.pairs + at :: len(problem.ranks)] = 0.0
            least = np.where(asked & (problem.minutes > 0), 1.0, self.least[0])
            return replace(self, highest=highest, least=(least, *self.least[1:]))
        if value <= problem.asked(rank) - problem.capacity.sum() + SAME:  # no team has time left
            by_team = self.rows[1 + at][:, : self.pairs]
            by_team.resize(len(problem.capacity), len(self.highest))
            full = self._with(by_team, problem.capacity, np.full(len(problem.capacity), np.inf))
            return full._only(asked[problem.area])
        return None

    def held(self, objective: Objective, value: float) -> DeploymentProgram:
        """The program in which nothing is worse than a value of an objective: of a tier, of what is left of it and of
        worse ones."""
        if objective in tiers.RANK and (best := self.at_least_of_all(objective, value)):
            return best
        weights, beside = self.weights(objective)
        return self._with(csr_array(weights[None, :]), np.array([-np.inf]), np.array([value - beside + _HELD]))

    def _with(self, rows: csr_array, least: np.ndarray, most: np.ndarray) -> DeploymentProgram:
        return replace(self, rows=(*self.rows, rows), least=(*self.least, least), most=(*self.most, most))

    def for_milp(self, weights: np.ndarray) -> dict[str, Any]:
        """The program as `scipy.optimize.milp` takes it, with what is minimised."""
        return {
            "c": weights,
            "integrality": np.arange(len(self.lowest)) < self.pairs,
            "bounds": Bounds(self.lowest, self.highest),
            "constraints": LinearConstraint(
                vstack(self.rows, format="csr"), np.concatenate(self.least), np.concatenate(self.most)
            ),
        }

    def solve(self, objective: Objective, seconds: float) -> tuple[np.ndarray | None, float]:
        """The best assignment that was found in time, None where there is none, and the bound."""
        weights, beside = self.weights(objective)
        found = self._solved(weights, seconds, 0.0)
        bound = found.mip_dual_bound
        least = 0.0 if bound is None or not np.isfinite(bound) else max(0.0, bound + beside)
        return self._assignment(found), least

    def between(self, *assignments: np.ndarray) -> DeploymentProgram:
        """The program in which an area goes to a team of its own community, or to the one that some assignment gives it
        to. It is small, and so better assignments are found in it while the whole one is not through."""
        problem = self.problem
        kept = ~problem.away | np.any([one[problem.area] == problem.team for one in assignments], axis=0)
        return self._only(kept)

    def _only(self, pairs: np.ndarray) -> DeploymentProgram:
        """The program in which none but some pairs (a mask), and those that are locked, are chosen."""
        highest = self.highest.copy()
        highest[: self.pairs] = np.where(pairs, highest[: self.pairs], self.lowest[: self.pairs])
        return replace(self, highest=highest)

    def near(self, assignment: np.ndarray, seconds: float) -> np.ndarray | None:
        """An assignment that keeps to all that is held, with few areas moved and few given otherwise than in one that
        does not keep to it; None where none was found in time. A program that stays near something is solved soon."""
        weights, _ = self.weights("moved")
        weights[: self.pairs] += _CHANGED * (assignment[self.problem.area] != self.problem.team)
        return self._assignment(self._solved(weights, seconds, _NEAR_ENOUGH))

    def _solved(self, weights: np.ndarray, seconds: float, gap: float) -> OptimizeResult:
        for presolve in (True, False):  # what goes wrong does so in the presolve
            options = {"time_limit": seconds, "mip_rel_gap": gap, "presolve": presolve}
            found = milp(**self.for_milp(weights), options=options)
            if found.status != _SOLVE_ERROR:
                break
        return found

    def _assignment(self, found: OptimizeResult) -> np.ndarray | None:
        if found.x is None:
            return None
        chosen = np.flatnonzero(found.x[: self.pairs] > 0.5)
        assignment = np.full(len(self.problem.minutes), NONE)
        assignment[self.problem.area[chosen]] = self.problem.team[chosen]
        return assignment

"""The mixed-integer programs of reinforcement, one an objective, for HiGHS by `scipy.optimize.milp`."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, vstack

from analytics import tiers
from analytics.response.deployment_problem import NONE, DeploymentProblem, Objective

_HELD = 0.1
"""What an objective may give way by when the next is solved. Minutes and areas are whole: all five tiers together may
not give way by one, and HiGHS, which works with decimals, needs some room."""
_SOLVE_ERROR = 4
"""Of `scipy.optimize.milp`: HiGHS lost its way."""


class DeploymentProgram:
    """The programs of a problem: x of each pair, 1 where it is chosen, then the minutes that each team gives to
    each tier."""

    def __init__(self, problem: DeploymentProblem) -> None:
        self.problem = problem
        pairs, teams, ranks = len(problem.team), len(problem.capacity), len(problem.ranks)
        level = np.searchsorted(-np.array(problem.ranks), -problem.rank[problem.area])
        self.size = pairs + teams * ranks
        given = pairs + np.arange(teams * ranks)
        one, slot = np.ones(pairs), problem.team * ranks + level
        by_area = coo_array((one, (problem.area, np.arange(pairs))), (len(problem.minutes), self.size))
        # A team gives a tier no more than its areas of that tier ask.
        by_slot = coo_array(
            (
                np.append(-problem.minutes[problem.area], np.ones(teams * ranks)),
                (np.append(slot, np.arange(teams * ranks)), np.append(np.arange(pairs), given)),
            ),
            (teams * ranks, self.size),
        )
        by_team = coo_array((np.ones(teams * ranks), (np.arange(teams * ranks) // ranks, given)), (teams, self.size))
        self.rows: list[csr_array] = [by_area.tocsr(), by_slot.tocsr(), by_team.tocsr()]
        self.most = [np.ones(len(problem.minutes)), np.zeros(teams * ranks), problem.capacity]
        self.whole = np.append(np.ones(pairs), np.zeros(teams * ranks))
        self.lowest = np.append(problem.locked[problem.area] != NONE, np.zeros(teams * ranks)).astype(float)
        self.highest = np.append(np.ones(pairs), np.repeat(problem.capacity, ranks))

    def weights(self, objective: Objective) -> tuple[np.ndarray, float]:
        """What is minimised: weights of the variables (size,) and what is added to it."""
        problem, found = self.problem, np.zeros(self.size)
        if objective == "moved":
            found[: len(problem.team)] = problem.away
        elif objective == "distance" and problem.far is not None:
            found[: len(problem.team)] = np.where(problem.away, problem.far, 0.0)
        elif objective != "distance":
            rank = tiers.RANK[objective]
            found[len(problem.team) + problem.ranks.index(rank) :: len(problem.ranks)] = -1.0
            return found, float(problem.minutes[problem.rank == rank].sum())
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
        chosen = np.flatnonzero(found.x[: len(self.problem.team)] > 0.5)
        assignment = np.full(len(self.problem.minutes), NONE)
        assignment[self.problem.area[chosen]] = self.problem.team[chosen]
        return assignment, least

"""The teams of each community, what their hours leave uncovered, and who could reinforce whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from analytics.errors import UserError
from analytics.response.deployment import (
    ASKED,
    Deployment,
    Stage,
    asked_of,
    community_teams,
    deploy,
    plan_of,
    team_capacity,
)
from analytics.response.duty_load import overdue_minutes
from analytics.response.team_distance import team_distance
from analytics.scoring import ranking
from analytics.store.ledger_entries import ReleaseEntry
from analytics.workspace.datasets import Dataset
from analytics.workspace.door import Workspace, door
from analytics.workspace.response import ResponseView
from analytics.workspace.trends import communities


@dataclass(frozen=True, eq=False)
class TeamPlan:
    """The ``plan`` as the office has it, of the areas of a ``view``; by community (its id) the ids of its ``teams``;
    the ``names`` of communities and of teams by their ids; ``distance`` in kilometres (teams, areas), None
    without shapes.
    """

    view: ResponseView
    plan: Deployment
    teams: pd.Series
    names: Mapping[str, str]
    distance: np.ndarray | None


@door("read")
def team_plan(ws: Workspace, data: Dataset, view: ResponseView, entry: ReleaseEntry | None) -> TeamPlan:
    """The plan, and what it leaves uncovered in the week of a view, which is that of the release ``entry`` or of now.
    Raises ``UserError`` where hours are not known, or there are no teams."""
    if data.teams is None or data.teams.empty:
        raise UserError.because("deployment.no_hours")
    run = view.run.on(view.run.days[-1])
    of, names = communities(ws, data, view.run, entry)
    order = ranking(view.run).index
    community = pd.Series(of, dtype=object).reindex(order)
    overdue = overdue_minutes(run.scheme, view.duties, run.shown[-1], run.areas.index)
    ranks = pd.Series(run.shown[-1], index=run.areas.index).reindex(order).to_numpy()
    areas = asked_of(view.load["now"].reindex(order), overdue.reindex(order), ranks, community)
    teams = team_capacity(data.teams)
    called = data.teams.set_index("team_id")["name"]
    return TeamPlan(
        view=view,
        plan=plan_of(areas, teams),
        teams=community_teams(areas, teams),
        names={**names, **{str(team): str(name) for team, name in called.items()}},
        distance=_distance(data, view, community, teams),
    )


@door("read")
def reinforced(
    ws: Workspace, data: Dataset, planned: TeamPlan, locks: Mapping[str, str], on_stage: Callable[[Stage], None]
) -> Deployment:
    """The plan with reinforcement; ``on_stage`` hears each objective when it is done. Nothing is kept of it: it is a
    proposal, and what is assigned is assigned elsewhere. Raises ``UserError`` where a lock cannot be kept."""
    areas, teams = planned.plan.areas[list(ASKED)], planned.plan.teams[["community", "hours"]]
    key = ("deployment", _digest(areas), _digest(teams), tuple(sorted(locks.items())))
    return data.tried.get(key, partial(deploy, areas, teams, planned.distance, locks, on_stage=on_stage))


def _digest(table: pd.DataFrame) -> int:
    return hash(tuple(table.astype(object).where(table.notna(), None).itertuples(name=None)))


def _distance(data: Dataset, view: ResponseView, community: pd.Series, teams: pd.DataFrame) -> np.ndarray | None:
    every = data.counts.areas
    if "geometry" not in every or "geometry" not in view.run.areas:
        return None
    shapes = view.run.areas["geometry"].reindex(community.index)
    return team_distance(shapes, community, every["geometry"], teams["community"])

"""What the tiers asked for in a week and whether it was done, by area, tier and team."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd

from analytics import tiers
from analytics.office import WEEK_DAYS
from analytics.releases.publishing import decided_by_people
from analytics.response import on_target
from analytics.response.due import Done, DutyWeek, asked_by, duty_done, tried, week_of
from analytics.response.duty_load import UntoldHolidays, untold_holidays, weekly_minutes
from analytics.response.team_hours import team_hours
from analytics.scheme import Scheme
from analytics.scoring import Assessment
from analytics.scoring.area_counts import day_number
from analytics.scoring.area_history import TierDays
from analytics.store.ledger_entries import ReleaseEntry
from analytics.wording.response import Told
from analytics.workspace.datasets import Dataset
from analytics.workspace.door import Workspace, door
from analytics.workspace.due_list import old_hazards
from analytics.workspace.ledgers import ledger
from analytics.workspace.published import run_of, week_shown
from analytics.workspace.runs import area_counts, assessed, tiers_by_day
from analytics.workspace.trends import communities

WEEKS_BACK = 4
"""Against what the load of duty is held: last month."""


@dataclass(frozen=True, eq=False)
class ResponseView:
    """The last day of a ``run``, the ``duties`` of its scheme in the seven days to it, and the ``teams`` (as of
    :func:`team_hours`), and by area the names of those ``tied`` to its community, None where no team is known; the
    names of ``communities`` by their ids. ``load``: minutes a week that the duties ask of each area ``now``, and asked
    four weeks ``before``; ``holidays``: what ``now`` lacks for those that are not known; ``old_hazards``, as of
    `due_list.old_hazards`. ``later``: it is a release, and what was done is counted from the records of now."""

    run: Assessment
    duties: tuple[DutyWeek, ...]
    teams: pd.DataFrame | None
    tied: Mapping[str, tuple[str, ...]] | None
    communities: Mapping[str, str]
    load: pd.DataFrame
    holidays: UntoldHolidays | None
    old_hazards: int | None
    context: gpd.GeoDataFrame | None
    later: bool

    @property
    def last(self) -> date:
        """The last day of the week."""
        return self.run.days[-1].date()

    @property
    def first(self) -> date:
        """The first day of the week."""
        return self.last - timedelta(days=WEEK_DAYS - 1)

    @cached_property
    def states(self) -> pd.Series:
        """Whether each area is on target in all duties (see `on_target.states`)."""
        held = on_target.states(self.run.shown[-1], [one.week for one in self.duties])
        return pd.Series(held, index=self.run.areas.index)

    @cached_property
    def unanswered(self) -> tuple[str, ...]:
        """Red and orange areas that have no post that answers for them, or no day by which something is due."""
        elevated = np.isin(self.run.shown[-1], [tiers.RANK[tier] for tier in tiers.ELEVATED])
        names = tiers.names(self.run.shown[-1])
        actions = self.run.scheme.measures
        posted = np.array([tier in actions and actions[tier].post is not None for tier in names], dtype=bool)
        dated = np.zeros(len(names), dtype=bool)
        for one in self.duties:
            dated |= (one.next >= 0).to_numpy()
        return tuple(self.run.areas.index[elevated & ~(posted & dated)])

    @cached_property
    def told(self) -> Told:
        """What sentences and tables say of it."""
        return Told(self.run, self.duties, self.states, self.unanswered, self.old_hazards, self.tied)


@door("read")
def response(ws: Workspace, data: Dataset, scheme: Scheme, entry: ReleaseEntry | None, day: date) -> ResponseView:
    """The week that ends with a day: of the working run, or of a release by the records of now. It is made once, for
    every rerun of the first page asks for it."""
    return data.results.get(_key(ws, data, scheme, entry, day), lambda: _response(ws, data, scheme, entry, day))


@door("read")
def is_ready(ws: Workspace, data: Dataset, scheme: Scheme, entry: ReleaseEntry | None, day: date) -> bool:
    """Whether :func:`response` was made before, and is there at once."""
    return _key(ws, data, scheme, entry, day) in data.results


def _key(
    ws: Workspace, data: Dataset, scheme: Scheme, entry: ReleaseEntry | None, day: date
) -> tuple[object, ...]:  # fmt: skip
    decided = decided_by_people(ledger(ws, data), scheme.id)
    return ("response", scheme.digest(), entry and entry.digest, day, decided, ws.lang)


def _response(
    ws: Workspace, data: Dataset, scheme: Scheme, entry: ReleaseEntry | None, day: date
) -> ResponseView:  # fmt: skip
    history = None
    if entry is None:
        run, context = assessed(ws, data, scheme, [day]), data.context
    else:
        history, context = run_of(ws, data, entry)
        run = history.on(week_shown(history, day))
        scheme = run.scheme  # a release is held to what its own scheme asked for
    facts, last = area_counts(ws, data, scheme), day_number(day)
    same_areas = run.areas.index.equals(facts.areas.index)
    found = _done(ws, data, scheme, day, history) if same_areas else ()
    first = last - WEEK_DAYS + 1
    duties = tuple(
        week_of(facts, duty, done, last, tried(facts, duty, first, last))
        for duty, done in zip(scheme.duties, found, strict=False)
    )
    teams = None
    if same_areas:
        teams = team_hours(facts, scheme, data.teams, run.shown[-1], first, last)
    load = _load(ws, data, scheme, run, day) if same_areas else pd.DataFrame(columns=["now", "before"])
    holidays = untold_holidays(facts, scheme, last)
    of, names = communities(ws, data, run, entry)
    tied = None if data.teams is None or data.teams.empty else _tied(data.teams, run.areas.index, of)
    hazards = old_hazards(ws, data, scheme, day)
    return ResponseView(run, duties, teams, tied, names, load, holidays, hazards, context, entry is not None)


def _tied(teams: pd.DataFrame, areas: pd.Index, community: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The names of the teams of each area's ``community``; none where it has no team, or is in no community."""
    names = teams.groupby("home_area_id")["name"].agg(tuple).to_dict()
    return {area: names.get(community.get(area), ()) for area in areas}


def _load(ws: Workspace, data: Dataset, scheme: Scheme, run: Assessment, day: date) -> pd.DataFrame:
    facts, month_ago = area_counts(ws, data, scheme), day - timedelta(weeks=WEEKS_BACK)
    asked = {"now": weekly_minutes(facts, scheme, run.shown[-1], day_number(day))}
    if month_ago >= data.days(scheme)[0]:
        then = assessed(ws, data, scheme, [month_ago]).shown[-1]
        asked["before"] = weekly_minutes(facts, scheme, then, day_number(month_ago))
    return pd.DataFrame(asked).reindex(columns=["now", "before"])


def _done(ws: Workspace, data: Dataset, scheme: Scheme, day: date, released: Assessment | None) -> Iterator[Done]:
    """What was done of each duty of the scheme, by its tiers, or by those that were ``released``."""
    # Cycles are followed from twice the longest on, so that where that begins makes no difference.
    longest = max((int(asked_by(scheme, duty).length.max()) for duty in scheme.duties), default=0)
    first = max(data.days(scheme)[0], day - timedelta(days=2 * longest + 2 * WEEK_DAYS))
    held = tiers_by_day(ws, data, scheme, pd.date_range(min(first, day), day, freq="D"))
    final = held.final if released is None else _as_released(held, released)
    # In the morning of a day the office goes by the tier of the evening before; what falls due next goes by the last.
    in_force = np.concatenate([final[:1], final])
    facts = area_counts(ws, data, scheme)
    for duty in scheme.duties:
        yield duty_done(facts, scheme, duty, in_force, held.days)


def _as_released(held: TierDays, released: Assessment) -> np.ndarray:
    """The ranks by day (days, areas): of an area whose tiers the records of now no longer give, those that were
    released, each until the next. What was due then stays due."""
    final, there = held.final.copy(), held.days.get_indexer(released.days)
    known = there >= 0
    other = (released.shown[known] != final[there[known]]).any(axis=0)
    newest = np.searchsorted(released.days, held.days, side="right") - 1
    final[np.ix_(newest >= 0, other)] = released.shown[newest[newest >= 0]][:, other]
    return final

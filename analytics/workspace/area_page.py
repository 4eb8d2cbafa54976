"""What the page of one area shows, and the list of all: of a release, or of the working run on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import geopandas as gpd
import pandas as pd

from analytics.releases.publishing import weeks_to
from analytics.scheme import Scheme
from analytics.scoring import Assessment
from analytics.scoring.area_counts import AreaCounts
from analytics.scoring.area_history import TierDays, Turn, tier_days, turn_of
from analytics.scoring.behind import Behind, behind
from analytics.scoring.groups import GroupValues, group_values, wider_levels
from analytics.scoring.neighbours import neighbours
from analytics.scoring.open_incidents import OpenKind, open_kinds
from analytics.store.ledger import Ledger
from analytics.store.ledger_entries import OverrideEntry, ReleaseEntry
from analytics.workspace import runs
from analytics.workspace.datasets import Dataset
from analytics.workspace.door import Workspace, door
from analytics.workspace.ledgers import ledger
from analytics.workspace.own_areas import own_area, own_area_view, own_areas_view, own_run
from analytics.workspace.published import run_of
from analytics.workspace.runs import area_counts, assessed


@dataclass(frozen=True, eq=False)
class AreasView:
    """All areas on the day shown (``run``, of that day alone), what lies under the map (``context``), and the values of
    the areas above them (``groups``, the narrowest level first). ``later``: it is a release, and records came, or
    changed, after it was frozen; what is not in it is counted from the records of now."""

    run: Assessment
    context: gpd.GeoDataFrame | None
    groups: tuple[GroupValues, ...]
    later: bool


@dataclass(frozen=True, eq=False)
class AreaView:
    """One area of an :class:`AreasView`: the ``tiers`` of all areas on every day (of a release: on the days that it
    holds); ``weekly``, the run of this area at the ends of the weeks up to the day; the last ``turn`` of its
    tier, and the run of all areas on its two days (``turned``); its ``neighbours``;
    incidents by kind (None where none are loaded);
    ``decisions`` of persons about it that begin in these weeks, and the versions of the scheme ``adopted`` in them,
    each with its day. ``nobody_lives``: its rates rest on who works or learns there."""

    tiers: TierDays
    weekly: Assessment
    turn: Turn | None
    turned: Assessment | None
    neighbours: tuple[str, ...]
    incidents: tuple[OpenKind, ...] | None
    decisions: tuple[OverrideEntry, ...]
    adopted: tuple[tuple[date, int], ...]
    nobody_lives: bool


@door("read", own_areas_view)
def areas_view(ws: Workspace, data: Dataset, scheme: Scheme, entry: ReleaseEntry | None, day: date) -> AreasView:
    """All areas, of a release or of the working run on a day."""
    if entry is None:
        run, context = assessed(ws, data, scheme, [day]), data.context
    else:
        history, context = run_of(ws, data, entry)
        run = history.on(history.days[-1].date())
    later = entry is not None and run.provenance.records != data.counts.digest
    return AreasView(run, context, _groups(ws, data, scheme, run, day), later)


def above(shown: AreasView, area_id: str) -> list[tuple[str, str]]:
    """The areas that one lies in, the widest first: id and name."""
    at = shown.run.areas.index.tolist().index(area_id)
    found = [(held, held.position_of(at)) for held in reversed(shown.groups)]
    return [
        (str(held.groups.index[group]), str(held.groups["name"].iloc[group]))
        for held, group in found
        if group is not None
    ]


def communities(shown: AreasView) -> GroupValues | None:
    """The groups just above the scored areas; None where there are none."""
    return shown.groups[0] if shown.groups else None


@door("read", own_run)
def week_before(
    ws: Workspace, data: Dataset, scheme: Scheme, entry: ReleaseEntry | None, day: date
) -> Assessment | None:
    """All areas a week before the day, or of a release on the day that it holds before its own; None where there is
    none."""
    if entry is None:
        earlier = day - timedelta(weeks=1)
        return assessed(ws, data, scheme, [earlier]) if earlier >= data.days(scheme)[0] else None
    history = run_of(ws, data, entry)[0]
    return history.on(history.days[-2].date()) if len(history.days) > 1 else None


@door("read", own_area_view)
def area_view(
    ws: Workspace, data: Dataset, scheme: Scheme, entry: ReleaseEntry | None, day: date, area_id: str, weeks: int
) -> AreaView:
    """One of the areas that :func:`areas_view` gives, over so many weeks up to the day."""
    book = ledger(ws, data)
    if entry is None:
        first = max(data.days(scheme)[0], day - timedelta(weeks=weeks) + timedelta(days=1))
        tiers = runs.tiers_by_day(ws, data, scheme, pd.date_range(min(first, day), day, freq="D"))
        weekly = assessed(ws, data, scheme, weeks_to(day, weeks, data.days(scheme)[0]))
        turn = turn_of(tiers, area_id)
        turned = assessed(ws, data, scheme, [turn.eve, turn.day]) if turn else None
    else:
        history = run_of(ws, data, entry)[0]
        weekly = history.on(*[one.date() for one in history.days[-weeks - 1 :]])
        tiers = tier_days([weekly.on(*[one.date() for one in weekly.days[-weeks:]])])
        turn = turn_of(tiers, area_id)
        turned = weekly.on(turn.eve, turn.day) if turn else None
    facts = area_counts(ws, data, scheme)
    since = tiers.days[0].date()
    return AreaView(
        tiers=tiers,
        weekly=weekly.of_areas(pd.Index([area_id])),
        turn=turn,
        turned=turned,
        neighbours=tuple(neighbours(weekly.areas, area_id)),
        incidents=tuple(open_kinds(facts, area_id, day)) if _counted(facts, "incidents", area_id) else None,
        decisions=tuple(
            one for one in book.overrides(scheme.id) if one.area_id == area_id and since <= one.starts <= day
        ),
        adopted=_adopted(book, scheme, since, day),
        nobody_lives=area_id in facts.areas.index[facts.nobody_lives()],
    )


@door("read", own_area)
def records_behind(
    ws: Workspace, data: Dataset, scheme: Scheme, area_id: str, indicator: str, day: date
) -> list[Behind]:
    """What an indicator of an area is made of, as counts."""
    facts = area_counts(ws, data, scheme)
    if area_id not in facts.areas.index:
        return []
    return behind(facts, next(one for one in scheme.indicators if one.id == indicator), area_id, day)


def _adopted(book: Ledger, scheme: Scheme, since: date, day: date) -> tuple[tuple[date, int], ...]:
    """When which version of a scheme was last put to use, from one day to another."""
    versions = {one.adopted: one.version for one in book.scheme_versions(scheme.id) if one.adopted}
    if not versions:
        return ()
    days = {entry.number: date.fromisoformat(entry.at.partition("T")[0]) for entry in book.audit()}
    found = sorted((days[number], version) for number, version in versions.items())
    return tuple((when, version) for when, version in found if since <= when <= day)


def _counted(facts: AreaCounts, table: str, area_id: str) -> bool:
    return facts.has(table) and area_id in facts.areas.index  # type: ignore[arg-type]


def _groups(ws: Workspace, data: Dataset, scheme: Scheme, run: Assessment, day: date) -> tuple[GroupValues, ...]:
    levels: Sequence[str] = wider_levels(data.counts.areas, scheme)

    def make() -> tuple[GroupValues, ...]:
        wider = (area_counts(ws, data, scheme.model_copy(update={"level": level})) for level in levels)
        found = (group_values(facts, run, day) for facts in wider)
        return tuple(replace(held, groups=_called(held.groups, run)) for held in found)

    return data.results.get(("groups", scheme.digest(), run.provenance, day, ws.lang), make)


def _called(groups: pd.DataFrame, run: Assessment) -> pd.DataFrame:
    """The groups by the names that the run has for them."""
    return groups.assign(name=[run.parents.get(str(one), name) for one, name in groups["name"].items()])

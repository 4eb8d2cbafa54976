"""Changes applied to records, as an office would bring them about: what scoring then says of them is what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analytics.loaders import Records
from analytics.scheme import Indicator, Scheme, Where
from analytics.scheme.tables import PART_OF
from analytics.scoring.changes import SmallestChange, Step
from analytics.scoring.levers import visit_for

DATES = ("occurred_at", "reported_at", "due_at", "closed_at")


def applied(records: Records, scheme: Scheme, day: pd.Timestamp, changes: Mapping[str, SmallestChange]) -> Records:
    """The records in which each of some areas has done its change by the end of ``day``.

    Days that are waited for are taken from the dates of the area's incidents, so that ``day`` is what the later day
    will be; its visits are as they are today.
    """
    end = day + pd.Timedelta(days=1)
    incidents, checks = records.incidents, records.checks
    for area_id, change in changes.items():
        inside = _within(records.areas, area_id)
        for step in change.steps:
            if step.kind == "wait":
                incidents = _waited(incidents, inside, end, step.amount)
            elif step.kind == "visit":
                item = _indicator(scheme, step)
                made = _visits(records, checks, scheme, item, inside, day, step)
                checks = pd.concat([checks, made], ignore_index=True)
            else:
                incidents = _done(incidents, scheme, inside, end, step)
    return replace(records, incidents=incidents, checks=checks)


def _within(areas: pd.DataFrame, area_id: str) -> set[str]:
    found = {area_id}
    while more := set(areas.index[areas["parent_id"].isin(found)]) - found:
        found |= more
    return found


def _indicator(scheme: Scheme, step: Step) -> Indicator:
    return next(item for item in scheme.indicators if item.id == step.moved[0].indicator)


def meets(frame: pd.DataFrame, where: Where) -> pd.Series:
    """The rows that a condition of plain codes takes."""
    found = pd.Series(data=True, index=frame.index)
    for column, wanted in where.items():
        several = wanted if isinstance(wanted, tuple) else (wanted,)
        parts = [code for code, of in PART_OF.get(column, {}).items() if of in several]
        found &= frame[column].isin([*several, *parts])
    return found


def _waited(incidents: pd.DataFrame, inside: set[str], end: pd.Timestamp, days: int) -> pd.DataFrame:
    here = incidents["area_id"].isin(inside)
    incidents = incidents[~here | (incidents["occurred_at"] < end)].copy()
    here = incidents["area_id"].isin(inside)
    later = here & (incidents["closed_at"] >= end)
    incidents.loc[later, "status"], incidents.loc[later, "closed_at"] = None, pd.NaT
    for column in DATES:
        incidents.loc[here, column] -= pd.Timedelta(days=days)
    return incidents


def new_elsewhere(records: Records, scheme: Scheme, day: pd.Timestamp, area_id: str, change: SmallestChange) -> bool:
    """Whether a place that a change visits has to be new to another indicator as well, which then gets better too."""
    steps = [step for step in change.steps if step.kind == "visit" and step.of is not None]
    inside = _within(records.areas, area_id)
    places = [_new_places(records, records.checks, scheme, _indicator(scheme, one), inside, day) for one in steps]
    return any((held["new"].iloc[: one.amount] > 0).any() for held, one in zip(places, steps, strict=True))


def _new_places(
    records: Records, checks: pd.DataFrame, scheme: Scheme, item: Indicator, inside: set[str], day: pd.Timestamp
) -> pd.DataFrame:
    """The places that are new to an indicator, those first that are ``new`` to the fewest others."""
    places = records.places[records.places["area_id"].isin(inside)]
    places = places[meets(places, item.of) & ~_seen(places, checks, item, day)]
    new = pd.Series(0, index=places.index)
    for one in scheme.indicators:
        if one.spec.is_place_coverage and one is not item:
            new += (meets(places, one.of) & ~_seen(places, checks, one, day)).astype(int)
    return places.assign(new=new).sort_values("new", kind="stable")


def _visits(
    records: Records, checks: pd.DataFrame, scheme: Scheme, item: Indicator, inside: set[str], day: pd.Timestamp,
    step: Step,
) -> pd.DataFrame:  # fmt: skip
    visit = visit_for(item)
    places = records.places[records.places["area_id"].isin(inside)]
    if step.of is not None:
        places = _new_places(records, checks, scheme, item, inside, day)
    places = places.iloc[: step.amount] if len(places) >= step.amount else places.sample(step.amount, replace=True)
    made = pd.DataFrame({"area_id": places["area_id"], "place_id": places["place_id"], **visit})
    return made.assign(checked_at=day + pd.Timedelta(hours=12)).reindex(columns=checks.columns)


def _seen(places: pd.DataFrame, checks: pd.DataFrame, item: Indicator, day: pd.Timestamp) -> pd.Series:
    since = day - pd.Timedelta(days=item.window_days - 1)
    held = checks[meets(checks, item.where) & (checks["checked_at"] >= since)]
    return places["place_id"].isin(held.loc[held["checked_at"] < day + pd.Timedelta(days=1), "place_id"])


def _done(incidents: pd.DataFrame, scheme: Scheme, inside: set[str], end: pd.Timestamp, step: Step) -> pd.DataFrame:
    """Incidents closed, or gone: of those that the step may mean, the ones that count least elsewhere."""
    item = _indicator(scheme, step)
    meant = counted(incidents, item, end) & incidents["area_id"].isin(inside)
    weighs = sum(
        counted(incidents, other, end).astype(int)
        for other in scheme.indicators
        if other.source == "incidents"
        and other is not item
        # Closing changes nothing of what counts closed ones too.
        and (step.kind == "fewer" or other.measure in ("open", "overdue"))
    )
    kept = incidents[meant].assign(weighs=weighs).sort_values(["weighs", "occurred_at"], kind="stable")
    rows = kept.index[: step.amount]
    assert len(rows) == step.amount == step.before - step.after
    assert int(meant.sum()) == step.before
    if step.kind == "fewer":
        return incidents.drop(rows)
    incidents = incidents.copy()
    incidents.loc[rows, "status"] = "closed"
    incidents.loc[rows, "closed_at"] = end - pd.Timedelta(minutes=1)
    return incidents


def counted(incidents: pd.DataFrame, item: Indicator, end: pd.Timestamp) -> pd.Series:
    """The incidents that an indicator counts at the end of the day before ``end``."""
    found = meets(incidents, item.where) & (incidents["status"] != "void")
    happened = incidents["occurred_at"].dt.normalize()
    if item.measure in ("open", "overdue"):
        closed = incidents["closed_at"]
        still = (closed.isna() & (incidents["status"] != "closed")) | (closed >= end)
        late = incidents["due_at"].dt.normalize() < end - pd.Timedelta(days=1)
        return found & (happened < end) & still & (late if item.measure == "overdue" else True)
    if item.measure == "share":
        found &= meets(incidents, item.of)
    days = item.window_days or item.days_since.cap
    return found & (happened < end) & (happened >= end - pd.Timedelta(days=days))

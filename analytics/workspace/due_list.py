"""The due list of a day, and the hazards that are open; numbers only for who may see records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analytics import office
from analytics.response.due_list import DueList, due_list, moment_of
from analytics.response.hazards import Hazards, hazards
from analytics.scheme import Scheme
from analytics.scoring import Assessment
from analytics.store.ledger_entries import ReleaseEntry
from analytics.workspace.datasets import Dataset
from analytics.workspace.door import Workspace, door
from analytics.workspace.published import run_of, week_shown
from analytics.workspace.runs import area_counts, assessed


@dataclass(frozen=True, eq=False)
class DueListView:
    """The last day of a ``run``, whose tiers say which post answers; ``found``: None where no incidents are known by
    then; ``hazards``: None where nobody tells of any."""

    run: Assessment
    found: DueList | None
    hazards: Hazards | None


@door("read")
def due_list_view(
    ws: Workspace, data: Dataset, scheme: Scheme, entry: ReleaseEntry | None, day: date, *, numbered: bool = True
) -> DueListView:
    """The list at 8:00 of the day after ``day``, or of now where the day is not over, with the tiers of the working run
    or of a release (on that day where it holds it, else on its last), by the records of now. Numbers of incidents,
    checks and places are read for those alone who may load, and where they are wanted (``numbered``)."""
    if entry is None:
        run = assessed(ws, data, scheme, [day])
    else:
        history, _ = run_of(ws, data, entry)
        run = history.on(week_shown(history, day))
    facts, numbered = area_counts(ws, data, scheme), numbered and ws.actor.may("load")
    moment = moment_of(day, office.now()).replace(second=0, microsecond=0)
    found = data.results.get(
        ("due_list", scheme.level, day, moment, numbered), lambda: due_list(facts, day, moment, numbered=numbered)
    )
    return DueListView(run, found, _hazards(ws, data, scheme, day, numbered=numbered))


@door("read")
def old_hazards(ws: Workspace, data: Dataset, scheme: Scheme, day: date) -> int | None:
    """How many hazards have been open for more than 30 days at the end of a day, whatever the scheme asks for, those
    left out that were handed over; None where nobody tells of hazards."""
    found = _hazards(ws, data, scheme, day, numbered=False)
    return None if found is None else found.old


def _hazards(ws: Workspace, data: Dataset, scheme: Scheme, day: date, *, numbered: bool) -> Hazards | None:
    facts, read_on = area_counts(ws, data, scheme), moment_of(day, office.now()).date()
    return data.results.get(
        ("hazards", scheme.level, day, read_on, numbered), lambda: hazards(facts, day, read_on, numbered=numbered)
    )

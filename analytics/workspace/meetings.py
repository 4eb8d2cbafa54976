"""What the paper of a meeting says beside its release: from the records of now, by the tiers that were released."""

from __future__ import annotations

from dataclasses import replace

from analytics.briefing.meeting import Meeting, MeetingFigures, meeting_of
from analytics.briefing.rendering import list_for
from analytics.errors import UserError
from analytics.response.deployment import Deployment
from analytics.scoring import fits
from analytics.store.ledger_entries import ReleaseEntry
from analytics.wording.areas import in_language
from analytics.wording.due_list import Told as DueTold
from analytics.wording.team_hours import load_lines
from analytics.words import Language
from analytics.workspace.datasets import Dataset, own
from analytics.workspace.deployment import team_plan
from analytics.workspace.door import Workspace, door
from analytics.workspace.due_list import due_list_view
from analytics.workspace.ledgers import ledger, own_ledger
from analytics.workspace.published import frozen, own_verified, run_of
from analytics.workspace.response import ResponseView, response


@door("read")
def meeting(ws: Workspace, data: Dataset, entry: ReleaseEntry, lang: Language, *, numbered: bool) -> Meeting:
    """Of a release of some data. ``numbered``: with the numbers of incidents that are overdue, for who may load."""
    if numbered:
        ws.actor.require("load")
    ws = replace(ws, lang=lang)
    history, _ = run_of(ws, data, entry)
    figures = _figures(ws, data, entry, numbered=numbered)
    listed = list_for(ledger(ws, data), entry, ws.today)
    return meeting_of(lang, figures, history.on(history.days[-1]), listed, ws.today)


@door("read")
def own_meeting(ws: Workspace, entry: ReleaseEntry, lang: Language, *, numbered: bool) -> Meeting:
    """Of one of the office's releases, though no areas may be loaded any more."""
    data = own(ws)
    if data is not None:
        return meeting(ws, data, entry, lang, numbered=numbered)
    if numbered:
        ws.actor.require("load")
    history = in_language(lang, own_verified(ws, entry).assessment())
    return meeting_of(
        lang, None, history.on(history.days[-1]), list_for(own_ledger(ws), entry, ws.today), ws.today
    )  # fmt: skip


def _figures(ws: Workspace, data: Dataset, entry: ReleaseEntry, *, numbered: bool) -> MeetingFigures | None:
    """None where the records that there are now are not what the scheme of the release counts."""
    scheme = frozen(ws, data, entry).scheme
    if not fits(data.counts, scheme):
        return None
    view = response(ws, data, scheme, entry, entry.day)
    listed = due_list_view(ws, data, scheme, entry, entry.day, numbered=numbered)
    return MeetingFigures(
        work=view.told,
        load=tuple(load_lines(ws.lang, view.load, view.teams, view.holidays)) if len(view.load) else (),
        due=DueTold(listed.run, listed.found, listed.hazards) if listed.found else None,
        hazards=listed.hazards,
        plan=_plan(ws, data, view, entry),
    )


def _plan(ws: Workspace, data: Dataset, view: ResponseView, entry: ReleaseEntry) -> Deployment | None:
    """What the teams of each community leave uncovered; None where their hours, or those that are asked, are not
    known."""
    try:
        return data.results.get(("team_plan", view), lambda: team_plan(ws, data, view, entry).plan)
    except UserError:
        return None

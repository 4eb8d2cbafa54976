"""Assignments (交办销号): what was assigned, a new one, and the next step of one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from analytics.errors import BriefingError, LedgerError
from analytics.office import working_days_after
from analytics.response.tasks import Assignment, as_of
from analytics.scoring.calendar import told_days
from analytics.store.assignments import action_of, needs_post, require_step
from analytics.store.ledger import Ledger
from analytics.store.ledger_assignments import MOST_DAYS, assignment_of, require_new, tidy_assignment, tidy_step
from analytics.store.ledger_entries import AssignmentEntry, AssignmentSource, AssignmentStep, StepEntry
from analytics.store.writing import writing
from analytics.wording.areas import names_of_areas
from analytics.words import phrase
from analytics.workspace.datasets import Dataset, own
from analytics.workspace.door import Workspace, door
from analytics.workspace.ledgers import ledger, own_ledger


@dataclass(frozen=True)
class NewAssignment:
    """What a ``post`` (or department) is to do within so many working days; in an area and from a source where that is
    said."""

    content: str
    post: str
    working_days: int
    area_id: str | None = None
    source: AssignmentSource = "meeting"


@dataclass(frozen=True)
class NextStep:
    """The next step of assignment ``number``: with the text that the step asks for, the new ``due`` day of an
    extension, and the ``post`` that checked where whoever enters it did the work too."""

    number: int
    step: AssignmentStep
    text: str = ""
    due: date | None = None
    post: str = ""


@dataclass(frozen=True)
class PlannedStep:
    """A step as it would be written, and the assignment before it."""

    before: Assignment
    step: StepEntry


@door("read")
def assignments(ws: Workspace, data: Dataset | None, day: date | None = None) -> tuple[Assignment, ...]:
    """All assignments of some data, or of the office's own, by their numbers, as of a day that is not over, else
    today."""
    return as_of(_book(ws, data).assignments(), day or ws.today)


@door("read")
def areas_called(ws: Workspace, data: Dataset | None) -> Mapping[str, str]:
    """What the areas of these data are called, by id; none where no areas are loaded."""
    held = data or own(ws)
    return names_of_areas(ws.lang, held.counts.areas) if held else {}


@door("read")
def planned(ws: Workspace, data: Dataset | None, wanted: NewAssignment) -> AssignmentEntry:
    """The assignment as it would be entered, with its number and due day.

    Raises ``UserError`` for what cannot be, for what says something of a person, and for what is assigned already.
    """
    entry = tidy_assignment(_entry(ws, data, wanted))
    _require_printable({"content": entry.content, "post": entry.post})
    held = _book(ws, data).assignments()
    require_new(held, entry)
    return replace(entry, number=len(held) + 1)


@door("read")
def planned_step(ws: Workspace, data: Dataset | None, wanted: NextStep) -> PlannedStep:
    """A step as it would be written. Raises ``UserError`` where it may not come next, or by this hand."""
    step = tidy_step(_step(ws, wanted))
    _require_printable({wanted.step: step.text, "second_hand": step.post})
    entry, steps = assignment_of(_book(ws, data).assignments(), wanted.number)
    require_step(entry, steps, step, ws.actor)
    return PlannedStep(Assignment(entry, steps, ws.today), step)


@door("read")
def post_asked(ws: Workspace, one: Assignment, step: AssignmentStep) -> bool:
    """Whether the post that checked has to be named with a step, since one person alone enters both hands."""
    return needs_post(one.steps, step, ws.actor)


@door("assign")
def assign(ws: Workspace, data: Dataset | None, wanted: NewAssignment, confirmed: Collection[str] = ()) -> int:
    """Enter an assignment of some data, or of the office's own; returns its number. Raises as :func:`planned` does."""
    entry = _entry(ws, data, wanted)
    _require_printable({"content": entry.content, "post": entry.post})
    return _book(ws, data).assign(ws.actor, entry, confirmed)


@door("read")
def take_step(ws: Workspace, data: Dataset | None, wanted: NextStep, confirmed: Collection[str] = ()) -> None:
    """Take the next step of an assignment. The role is asked for what the step needs: to work on assignments, or to
    sign them off. Raises as :func:`planned_step` does."""
    ws.actor.require(action_of(wanted.step))
    _require_printable({wanted.step: wanted.text, "second_hand": wanted.post})
    with writing():
        _book(ws, data).take_step(ws.actor, _step(ws, wanted), confirmed)


def _book(ws: Workspace, data: Dataset | None) -> Ledger:
    return ledger(ws, data) if data else own_ledger(ws)


def _entry(ws: Workspace, data: Dataset | None, wanted: NewAssignment) -> AssignmentEntry:
    held = data or own(ws)
    if wanted.area_id is not None and (held is None or wanted.area_id not in held.counts.areas.index):
        raise LedgerError.because("tasks.no_area", area=wanted.area_id)
    told = told_days(held.counts) if held else {}
    return AssignmentEntry(
        number=0,
        source=wanted.source,
        area_id=wanted.area_id,
        content=wanted.content,
        post=wanted.post,
        working_days=wanted.working_days,
        assigned=ws.today,
        due=working_days_after(ws.today, min(wanted.working_days, MOST_DAYS), told),
        who="",
        role="",
        at="",
    )


def _step(ws: Workspace, wanted: NextStep) -> StepEntry:
    return StepEntry(
        number=0,
        assignment=wanted.number,
        step=wanted.step,
        day=ws.today,
        text=wanted.text,
        due=wanted.due if wanted.step == "extend" else None,
        post=wanted.post,
        who="",
        role="",
        at="",
    )


def _require_printable(texts: Mapping[str, str]) -> None:
    """Raise ``LedgerError`` for a sign that no paper can print: the text stays, and would keep papers from being made
    as long as it is listed."""
    from analytics.briefing.font import require_signs  # its library takes long to import

    for name, text in texts.items():
        try:
            require_signs([text])
        except BriefingError as error:
            signs = error.problems[0].params["characters"]
            raise LedgerError.because("tasks.no_glyph", field=phrase(f"tasks.field_{name}"), signs=signs) from error

"""Assignments in the ledger: what is entered, and one step after the other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Connection, select

from analytics.access import Actor
from analytics.errors import LedgerError
from analytics.store.assignments import CHECKED, action_of, require_step, state_of
from analytics.store.free_text import LONGEST_POST, tidy, tidy_post
from analytics.store.ledger_database import Database, Deed, last, now, require_clock, write
from analytics.store.ledger_entries import SOURCES, AssignmentEntry, StepEntry, entry_from
from analytics.store.ledger_tables import ASSIGNMENT_STEPS, ASSIGNMENTS
from analytics.words import phrase

LONGEST_TEXT = 120
"""Characters: what a cell of a paper holds."""
MOST_DAYS = 250
"""Working days: about a year."""


Held = tuple[AssignmentEntry, tuple[StepEntry, ...]]
"""An assignment, and its steps, the oldest first."""


def tidy_assignment(wanted: AssignmentEntry) -> AssignmentEntry:
    """What is wanted, with its texts on one line each.

    Raises :class:`LedgerError` where one is missing, cannot be or says something of a person, and for a number of days
    that is none.
    """
    content = tidy("content", wanted.content, LONGEST_TEXT)
    post = tidy_post("post", wanted.post, LONGEST_POST)
    for name, text in (("content", content), ("post", post)):
        if not text:
            raise LedgerError.because("tasks.field_needed", field=phrase(f"tasks.field_{name}"))
    if not 1 <= wanted.working_days <= MOST_DAYS:
        raise LedgerError.because("tasks.days_wrong", most=MOST_DAYS)
    if wanted.source not in SOURCES:
        raise LedgerError.because("tasks.no_source", source=wanted.source, known=SOURCES)
    return replace(wanted, content=content, post=post)


def tidy_step(wanted: StepEntry) -> StepEntry:
    """The same of a step. Who checked is kept where something is checked."""
    post = wanted.post if wanted.step in CHECKED else ""
    text = tidy(wanted.step, wanted.text, LONGEST_TEXT)
    return replace(wanted, text=text, post=tidy_post("second_hand", post, LONGEST_POST))


def require_new(held: Collection[Held], wanted: AssignmentEntry) -> None:
    """Raise :class:`LedgerError` where the same is assigned already and not signed off."""
    for entry, steps in held:
        there, asked = ((one.content, one.post, one.area_id, one.due) for one in (entry, wanted))
        if there == asked and state_of(steps) != "signed_off":
            raise LedgerError.because("tasks.there_already", number=entry.number)


def assign(database: Database, actor: Actor, wanted: AssignmentEntry, confirmed: Collection[str]) -> int:
    """Enter an assignment; returns its number. Its number, author, role and moment are set here."""
    actor.require("assign")
    wanted = tidy_assignment(wanted)
    with database.writing() as connection:
        require_new(_all(connection), wanted)
        require_clock(connection, confirmed)
        made = replace(wanted, who=actor.name, role=actor.role, at=now())
        number = last(connection, ASSIGNMENTS.c.key) + 1
        row = {name: value for name, value in vars(made).items() if name != "number"}
        return write(connection, Deed(actor, "assign", f"{number}", confirmed), ASSIGNMENTS, row)


def take_step(database: Database, actor: Actor, wanted: StepEntry, confirmed: Collection[str]) -> None:
    """Add a step to an assignment, held against those that are there by then; its author, role and moment are set
    here."""
    actor.require(action_of(wanted.step))
    wanted = tidy_step(wanted)
    with database.writing() as connection:
        entry, steps = assignment_of(_all(connection), wanted.assignment)
        require_step(entry, steps, wanted, actor)
        require_clock(connection, confirmed)
        made = replace(wanted, who=actor.name, role=actor.role, at=now())
        row = {name: value for name, value in vars(made).items() if name != "number"}
        deed = Deed(actor, f"assignment_{made.step}", f"{made.assignment}", confirmed)
        write(connection, deed, ASSIGNMENT_STEPS, row)


def assignment_of(held: Collection[Held], number: int) -> Held:
    """The one with this number. Raises :class:`LedgerError` where there is none."""
    found = next((one for one in held if one[0].number == number), None)
    if found is None:
        raise LedgerError.because("tasks.no_such", number=number)
    return found


def assignments(database: Database) -> tuple[Held, ...]:
    """All that were entered, by their numbers."""
    with database.reading() as connection:
        return _all(connection)


def _all(connection: Connection) -> tuple[Held, ...]:
    rows = connection.execute(select(ASSIGNMENTS).order_by(ASSIGNMENTS.c.key)).all()
    steps: dict[int, list[StepEntry]] = {}
    for row in connection.execute(select(ASSIGNMENT_STEPS).order_by(ASSIGNMENT_STEPS.c.key)).all():
        step = entry_from(StepEntry, row._asdict())
        steps.setdefault(step.assignment, []).append(step)
    entries = [entry_from(AssignmentEntry, row._asdict()) for row in rows]
    return tuple((entry, tuple(steps.get(entry.number, ()))) for entry in entries)

"""Two people publish: the steps of a draft in the ledger, and what the ledger asks before it numbers a release."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from analytics.access import Actor
from analytics.errors import LedgerError
from analytics.scheme.basics import required
from analytics.store.free_text import tidy
from analytics.store.ledger_database import Database, Deed, now, require_clock, write
from analytics.store.ledger_entries import ReleaseEntry, ReleaseStepEntry, entry_from
from analytics.store.ledger_tables import RELEASE_STEPS, RELEASES
from analytics.store.release_steps import CHECKS, WITH_TEXT, action_of, require_publishable, require_step, steps_of

LONGEST_OBJECTION = 200
"""Characters of an objection or an answer."""


def tidy_release_step(wanted: ReleaseStepEntry) -> ReleaseStepEntry:
    """What is wanted, with its text on one line; raises :class:`LedgerError` for one that says something of a person.
    A text is kept with an objection and an answer alone, and a community with a check and an objection."""
    text = tidy(wanted.step, wanted.text, LONGEST_OBJECTION) if wanted.step in WITH_TEXT else ""
    community = wanted.community if wanted.step in CHECKS else None
    return replace(wanted, text=text, community=community)


def take_release_step(
    database: Database, actor: Actor, wanted: ReleaseStepEntry, confirmed: Collection[str]
) -> ReleaseStepEntry:
    """Add a step to a draft that waits, held against those that are there by then; its number, author, role and moment
    are set here."""
    actor.require(action_of(wanted.step))
    wanted = tidy_release_step(wanted)
    with database.writing() as connection:
        draft = _draft(connection, wanted.draft)
        require_step(draft, steps_of(draft, _all(connection)), wanted, actor)
        require_clock(connection, confirmed)
        made = replace(wanted, who=actor.name, role=actor.role, at=now())
        row = {name: value for name, value in vars(made).items() if name != "number"}
        number = write(connection, Deed(actor, f"draft_{made.step}", draft.name, confirmed), RELEASE_STEPS, row)
    return replace(made, number=number)


def release_steps(database: Database) -> tuple[ReleaseStepEntry, ...]:
    """All steps of all drafts, the oldest first."""
    with database.reading() as connection:
        return _all(connection)


def hands(connection: Connection, planned: ReleaseEntry) -> tuple[str, str]:
    """The roles that drafted and approved what two people are about to publish. Raises :class:`LedgerError` that says
    what is missing."""
    draft = None if planned.draft is None else _draft(connection, planned.draft)
    held = require_publishable(draft, _of(connection, draft))
    return required(draft).role, held.role


def require_two_hands(database: Database, draft: ReleaseEntry | None) -> None:
    """Raise :class:`LedgerError` that says what is missing before the draft, or what was never one, is published by
    two."""
    with database.reading() as connection:
        require_publishable(draft, _of(connection, draft))


def _of(connection: Connection, draft: ReleaseEntry | None) -> Sequence[ReleaseStepEntry]:
    return steps_of(draft, _all(connection)) if draft else ()


def _draft(connection: Connection, number: int) -> ReleaseEntry:
    waits = (RELEASES.c.draft == number) & (RELEASES.c.status == "draft")
    found = connection.execute(select(RELEASES).where(waits)).one_or_none()
    if found is None:
        raise LedgerError.because("ledger.no_draft", draft=f"D{number:06}")
    return entry_from(ReleaseEntry, found._asdict())


def _all(connection: Connection) -> tuple[ReleaseStepEntry, ...]:
    rows = connection.execute(select(RELEASE_STEPS).order_by(RELEASE_STEPS.c.key)).all()
    return tuple(entry_from(ReleaseStepEntry, row._asdict()) for row in rows)

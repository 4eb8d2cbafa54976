"""Where an assignment stands by its steps, and which step may come next, by whose hand.

Steps are only added. What is in force follows from them: the state, and the due days one after the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, get_args

from analytics.access import LOCAL, Action, Actor
from analytics.errors import LedgerError
from analytics.scheme.basics import required
from analytics.store.ledger_entries import AssignmentEntry, AssignmentStep, StepEntry
from analytics.words import phrase

State = Literal["open", "extension", "awaiting", "signed_off"]
"""在办, 申请延期, 待复核, 销号."""
STATES: tuple[State, ...] = get_args(State)

LONGEST_EXTENSION = 366
"""Days from today to which an assignment may be extended at most."""

NEXT: Mapping[State, tuple[AssignmentStep, ...]] = {
    "open": ("progress", "report", "extend"),
    "extension": ("agree", "decline", "progress", "report"),
    "awaiting": ("sign_off", "return"),
    "signed_off": (),
}
"""What may come next."""

_LEADS_TO: Mapping[AssignmentStep, State] = {
    "report": "awaiting",
    "extend": "extension",
    "agree": "open",
    "decline": "open",
    "return": "open",
    "sign_off": "signed_off",
}

CHECKED: Mapping[AssignmentStep, AssignmentStep] = {
    "agree": "extend",
    "decline": "extend",
    "return": "report",
    "sign_off": "report",
}
"""The steps of the second hand, each with the step of the first that it judges."""

WITHOUT_TEXT: Collection[AssignmentStep] = ("agree", "sign_off")


def action_of(step: AssignmentStep) -> Action:
    """What a role has to be allowed for a step."""
    return "sign_off" if step in CHECKED else "assign"


def state_of(steps: Sequence[StepEntry]) -> State:
    """Where an assignment stands after these steps, the oldest first."""
    return next((_LEADS_TO[one.step] for one in reversed(steps) if one.step in _LEADS_TO), "open")


def due_days(entry: AssignmentEntry, steps: Sequence[StepEntry]) -> tuple[tuple[date, date], ...]:
    """Each due day, with the day from which it holds: the first, and one for each extension that was agreed to."""
    held, asked = [(entry.assigned, entry.due)], entry.due
    for one in steps:
        if one.step == "extend":
            asked = required(one.due)
        elif one.step == "agree":
            held.append((one.day, asked))
    return tuple(held)


def needs_post(steps: Sequence[StepEntry], step: AssignmentStep, actor: Actor) -> bool:
    """Whether one who works alone has to say which other post has checked: both hands are the same person's here."""
    return actor.role == LOCAL and _did_first(steps, step, actor)


def require_step(entry: AssignmentEntry, steps: Sequence[StepEntry], wanted: StepEntry, actor: Actor) -> None:
    """Raise :class:`LedgerError` unless ``wanted`` may come next by ``actor``: for a step that is not next, which one
    that was done already is not; for a text or a later due day that is missing; and where the hand that did it would
    check it."""
    state, step = state_of(steps), wanted.step
    told = {"number": entry.number, "step": phrase(f"tasks.step_{step}")}
    if step not in NEXT[state]:
        raise LedgerError.because("tasks.not_now", **told, state=phrase(f"tasks.state_{state}"))
    if step not in WITHOUT_TEXT and not wanted.text:
        raise LedgerError.because("tasks.text_needed", field=phrase(f"tasks.field_{step}"))
    if step == "progress" and any(one.step == "progress" and one.text == wanted.text for one in steps[-1:]):
        raise LedgerError.because("tasks.said_already", number=entry.number)
    _require_due(entry, steps, wanted)
    if step in CHECKED and _did_first(steps, step, actor):
        if actor.role != LOCAL:
            raise LedgerError.because("tasks.same_hand", **told, first=phrase(f"tasks.step_{CHECKED[step]}"))
        if not wanted.post:
            raise LedgerError.because("tasks.post_needed", **told)
    if step in CHECKED and _folded(wanted.post) == _folded(entry.post):
        raise LedgerError.because("tasks.same_post", post=entry.post)


def _folded(post: str | None) -> str:
    """The letters and digits of a post: a blank, a full-width sign or a capital makes no other hand of it."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", post or "").casefold())


def _require_due(entry: AssignmentEntry, steps: Sequence[StepEntry], wanted: StepEntry) -> None:
    """An extension leads to a later day than the one in force, and is agreed to before that day has passed."""
    in_force = due_days(entry, steps)[-1][1]
    if wanted.step == "extend" and (wanted.due is None or wanted.due <= max(in_force, wanted.day)):
        raise LedgerError.because("tasks.due_later", number=entry.number, due=in_force)
    if wanted.step == "extend" and required(wanted.due) > wanted.day + timedelta(days=LONGEST_EXTENSION):
        raise LedgerError.because("tasks.due_too_late", number=entry.number, most=LONGEST_EXTENSION)
    if wanted.step == "agree":
        asked = required(next(one.due for one in reversed(steps) if one.step == "extend"))
        if asked < wanted.day:
            raise LedgerError.because("tasks.due_gone", number=entry.number, due=asked)


def _did_first(steps: Sequence[StepEntry], step: AssignmentStep, actor: Actor) -> bool:
    """Whether somebody of this name and role has ever taken the step that ``step`` judges; of one who works alone, in
    whatever role."""
    first, roles = CHECKED.get(step), (actor.role, LOCAL)
    mine = [one for one in steps if one.step == first and one.who == actor.name]
    return any(actor.role == LOCAL or one.role in roles for one in mine)

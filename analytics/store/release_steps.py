"""Where a draft stands on its way to being published by two people, and which step may come next, by whose hand.

Drafted, checked by the communities (an objection is kept with its answer), approved by another account than the one
that drafted it, published. Steps are only added, and hold for the draft as it was seen: for its digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, get_args

from analytics.access import Action, Actor
from analytics.errors import LedgerError
from analytics.store.ledger_entries import ReleaseEntry, ReleaseStep, ReleaseStepEntry
from analytics.words import Phrase, phrase

DraftState = Literal["drafted", "objected", "checked", "approved"]
"""待核对, 有异议待答复, 待审签, 可发布."""
DRAFT_STATES: tuple[DraftState, ...] = get_args(DraftState)

NEXT: dict[DraftState, tuple[ReleaseStep, ...]] = {
    "drafted": ("check", "object"),
    "objected": ("check", "object", "answer"),
    "checked": ("check", "object", "approve"),
    "approved": ("check", "object"),
}
"""What may come next."""

CHECKS: tuple[ReleaseStep, ...] = ("check", "object")
"""What a community may say of a draft."""

WITH_TEXT: tuple[ReleaseStep, ...] = ("object", "answer")

_ACTIONS: dict[ReleaseStep, Action] = {"check": "check", "object": "check", "answer": "draft", "approve": "sign_off"}


def action_of(step: ReleaseStep) -> Action:
    """What a role has to be allowed for a step."""
    return _ACTIONS[step]


def steps_of(draft: ReleaseEntry, steps: Iterable[ReleaseStepEntry]) -> tuple[ReleaseStepEntry, ...]:
    """Those of ``steps`` that hold for the draft: what was said of other records holds no more."""
    return tuple(one for one in steps if one.draft == draft.draft and one.digest == draft.digest)


def unanswered(steps: Sequence[ReleaseStepEntry]) -> tuple[ReleaseStepEntry, ...]:
    """The objections that nobody has answered, the oldest first."""
    answered = {one.objection for one in steps if one.step == "answer"}
    return tuple(one for one in steps if one.step == "object" and one.number not in answered)


def answer_to(objection: ReleaseStepEntry, steps: Sequence[ReleaseStepEntry]) -> ReleaseStepEntry | None:
    """The answer to an objection."""
    return next((one for one in steps if one.step == "answer" and one.objection == objection.number), None)


def approval(draft: ReleaseEntry, steps: Sequence[ReleaseStepEntry]) -> ReleaseStepEntry | None:
    """The approval that holds: by another account than the one that drafted, of all that was objected and answered."""
    heard = max((one.number for one in steps if one.step in WITH_TEXT), default=0)
    given = (one for one in steps if one.step == "approve" and one.number > heard)
    return next((one for one in given if not same_hand(one.who, draft.author)), None)


def state_of(draft: ReleaseEntry, steps: Sequence[ReleaseStepEntry]) -> DraftState:
    """Where a draft stands after these steps of it."""
    if unanswered(steps):
        return "objected"
    if approval(draft, steps):
        return "approved"
    return "checked" if any(one.step in CHECKS for one in steps) else "drafted"


def same_hand(one: str, other: str) -> bool:
    """Whether two accounts are the same person's: in whatever role, and however the name was typed."""
    return one.strip().casefold() == other.strip().casefold()


def may_speak_for(actor: Actor, community: str | None) -> bool:
    """Whether ``actor`` may check for a community, or for all of them (None): where its areas are told, for these
    alone."""
    return actor.areas is None or community in actor.areas


def require_step(
    draft: ReleaseEntry, steps: Sequence[ReleaseStepEntry], wanted: ReleaseStepEntry, actor: Actor
) -> None:
    """Raise :class:`LedgerError` unless ``wanted`` may come next by ``actor``, after the ``steps`` of this draft."""
    told = {"draft": draft.name, "step": phrase(f"two_hands.step_{wanted.step}")}
    if wanted.digest != draft.digest:
        raise LedgerError.because("two_hands.other_draft", **told)
    if wanted.step in WITH_TEXT and not wanted.text:
        raise LedgerError.because("two_hands.text_needed", field=phrase(f"tasks.field_{wanted.step}"))
    if wanted.step != "answer" and same_hand(actor.name, draft.author):
        raise LedgerError.because("two_hands.own_draft", **told, who=draft.author)
    if wanted.step not in CHECKS and actor.areas is not None:
        raise LedgerError.because("two_hands.not_own_area", draft=draft.name)
    if wanted.step == "answer":
        _require_objection(draft, steps, wanted, actor)
    elif wanted.step == "approve":
        _require_checked(draft, steps)
    else:
        _require_own_community(draft, steps, wanted, actor)


def _require_own_community(
    draft: ReleaseEntry, steps: Sequence[ReleaseStepEntry], wanted: ReleaseStepEntry, actor: Actor
) -> None:
    if not may_speak_for(actor, wanted.community):
        raise LedgerError.because("two_hands.not_own_area", draft=draft.name)
    own = [one for one in steps if one.step in CHECKS and one.community == wanted.community]
    open_ones = [one for one in unanswered(steps) if one in own]
    if wanted.step == "check" and open_ones:
        raise LedgerError.because("two_hands.unanswered", draft=draft.name, numbers=_numbers(open_ones))
    last = open_ones if wanted.step == "object" else own[-1:]
    if any((one.step, one.text) == (wanted.step, wanted.text) for one in last):
        raise LedgerError.because("two_hands.said_already", draft=draft.name)


def _require_objection(
    draft: ReleaseEntry, steps: Sequence[ReleaseStepEntry], wanted: ReleaseStepEntry, actor: Actor
) -> None:
    asked = next((one for one in unanswered(steps) if one.number == wanted.objection), None)
    if asked is None:
        known = _numbers(unanswered(steps)) or phrase("two_hands.none")
        raise LedgerError.because("two_hands.no_objection", draft=draft.name, known=known)
    if same_hand(asked.who, actor.name):
        raise LedgerError.because("two_hands.own_objection", number=asked.number)


def _require_checked(draft: ReleaseEntry, steps: Sequence[ReleaseStepEntry]) -> None:
    state = state_of(draft, steps)
    if state == "approved":
        raise LedgerError.because("two_hands.approved_already", draft=draft.name)
    if state != "checked":
        raise LedgerError.because("two_hands.not_yet", draft=draft.name, missing=missing(draft, steps)[0])


def missing(draft: ReleaseEntry, steps: Sequence[ReleaseStepEntry]) -> tuple[Phrase, ...]:
    """What a draft lacks to be published, what comes first before what comes later."""
    lacks, state = [], state_of(draft, steps)
    if state == "drafted":
        lacks.append(phrase("two_hands.lacks_check"))
    if open_ones := unanswered(steps):
        lacks.append(phrase("two_hands.lacks_answer", numbers=_numbers(open_ones)))
    if state != "approved":
        own = any(one.step == "approve" and same_hand(one.who, draft.author) for one in steps)
        lacks.append(phrase("two_hands.lacks_other" if own else "two_hands.lacks_approval"))
    return tuple(lacks)


def require_publishable(draft: ReleaseEntry | None, steps: Sequence[ReleaseStepEntry]) -> ReleaseStepEntry:
    """The approval by which a draft is published. Raises :class:`LedgerError` that says what is missing; and for what
    was no draft, so that nobody could have checked it."""
    if draft is None:
        raise LedgerError.because("two_hands.no_draft")
    held = approval(draft, steps)
    if held is None or unanswered(steps):
        raise LedgerError.because("two_hands.cannot_publish", draft=draft.name, missing=list(missing(draft, steps)))
    return held


def _numbers(steps: Sequence[ReleaseStepEntry]) -> list[str]:
    return [f"{one.number}" for one in steps]

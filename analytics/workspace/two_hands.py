"""Two people publish where the office says so: which drafts wait for what, and the next step of one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from analytics.access import Actor
from analytics.errors import LedgerError
from analytics.store.ledger import Ledger
from analytics.store.ledger_entries import ReleaseEntry, ReleaseStep, ReleaseStepEntry
from analytics.store.ledger_release_steps import tidy_release_step
from analytics.store.release_steps import (
    CHECKS,
    NEXT,
    DraftState,
    action_of,
    may_speak_for,
    require_step,
    same_hand,
    state_of,
    steps_of,
)
from analytics.store.writing import writing
from analytics.workspace import trends
from analytics.workspace.datasets import Dataset, own
from analytics.workspace.door import OBEYED, Workspace, door
from analytics.workspace.ledgers import ledger, own_ledger
from analytics.workspace.own_areas import as_it_is, codes_within
from analytics.workspace.published import run_of


@dataclass(frozen=True)
class WaitingDraft:
    """A draft on its way: where it stands, what was said of it that the reader may see, and what the communities that
    it has are called, by id. ``spoken_for``: those for which the reader may check; None stands for all of them."""

    entry: ReleaseEntry
    state: DraftState
    steps: tuple[ReleaseStepEntry, ...]
    communities: Mapping[str, str]
    spoken_for: tuple[str | None, ...]

    @property
    def unchecked(self) -> tuple[str, ...]:
        """The names of the communities that have not said anything; none where somebody spoke for all of them."""
        heard = {one.community for one in self.steps if one.step in CHECKS}
        return () if None in heard else tuple(name for of, name in self.communities.items() if of not in heard)


@dataclass(frozen=True)
class NextDraftStep:
    """The next step of ``draft`` as it was seen; the ``community`` that checks or objects (None: all of them), what is
    objected or answered, and the ``objection`` that is answered."""

    draft: ReleaseEntry
    step: ReleaseStep
    text: str = ""
    community: str | None = None
    objection: int | None = None


@door("read", as_it_is)
def is_asked(ws: Workspace, data: Dataset | None) -> bool:
    """Whether two people publish."""
    return bool(_book(ws, data).settings().two_hands)


@door("read", OBEYED)
def waiting(ws: Workspace, data: Dataset | None) -> tuple[WaitingDraft, ...]:
    """The drafts of some data, or of the office's own, the newest first. Who sees only some areas is told what was said
    of these, and of all."""
    book = _book(ws, data)
    steps = book.release_steps()
    return tuple(_waiting(ws, data, entry, steps) for entry in book.releases() if entry.number is None)


@door("read", OBEYED)
def may_take(ws: Workspace, draft: WaitingDraft, step: ReleaseStep) -> bool:
    """Whether a step may come next, and by this account."""
    if step not in NEXT[draft.state] or not ws.actor.may(action_of(step)):
        return False
    if step != "answer" and same_hand(ws.actor.name, draft.entry.author):
        return False
    return bool(draft.spoken_for) if step in CHECKS else ws.actor.areas is None


@door("read", OBEYED)
def planned_step(ws: Workspace, data: Dataset | None, wanted: NextDraftStep) -> ReleaseStepEntry:
    """A step as it would be written. Raises ``UserError`` where it may not come next, or by this hand."""
    ws.actor.require(action_of(wanted.step))
    book = _book(ws, data)
    _require_community(ws, data, wanted)
    step = tidy_release_step(_step(wanted))
    entry = next((one for one in book.releases() if one.number is None and one.draft == step.draft), None)
    if entry is None:
        raise LedgerError.because("ledger.no_draft", draft=wanted.draft.name)
    require_step(entry, steps_of(entry, book.release_steps()), step, _speaking(ws, data, entry))
    return step


@door("read", OBEYED)
def take_step(
    ws: Workspace, data: Dataset | None, wanted: NextDraftStep, confirmed: Collection[str] = ()
) -> ReleaseStepEntry:
    """Take the next step of a draft. The role is asked for what the step needs: to check, to draft or to sign off.
    Raises as :func:`planned_step` does."""
    ws.actor.require(action_of(wanted.step))
    _require_community(ws, data, wanted)
    with writing():
        return _book(ws, data).take_release_step(_speaking(ws, data, wanted.draft), _step(wanted), confirmed)


def _book(ws: Workspace, data: Dataset | None) -> Ledger:
    return ledger(ws.whole(), data) if data else own_ledger(ws.whole())


def _waiting(
    ws: Workspace, data: Dataset | None, entry: ReleaseEntry, steps: Collection[ReleaseStepEntry]
) -> WaitingDraft:
    held, actor = steps_of(entry, steps), _speaking(ws, data, entry)
    mine = {one.number for one in held if one.community is None or may_speak_for(actor, one.community)}
    seen = tuple(one for one in held if one.number in mine and (one.objection is None or one.objection in mine))
    called = {of: name for of, name in _communities(ws, data, entry).items() if may_speak_for(actor, of)}
    spoken_for = tuple(of for of in (None, *called) if may_speak_for(actor, of))
    return WaitingDraft(entry, state_of(entry, held), seen, called, spoken_for)


def _speaking(ws: Workspace, data: Dataset | None, entry: ReleaseEntry) -> Actor:
    """Who asks, with all that lies within its areas."""
    held = data or own(ws.whole())
    if ws.actor.areas is None or held is None:
        return ws.actor
    run, _ = run_of(ws.whole(), held, entry)
    return replace(ws.actor, areas=codes_within(ws.actor.areas, run, held))


def _communities(ws: Workspace, data: Dataset | None, entry: ReleaseEntry) -> Mapping[str, str]:
    held = data or own(ws.whole())
    if held is None:
        return {}
    run, _ = run_of(ws.whole(), held, entry)
    of, names = trends.communities(ws.whole(), held, run, entry)
    return {one: names[one] for one in dict.fromkeys(of.values())}


def _require_community(ws: Workspace, data: Dataset | None, wanted: NextDraftStep) -> None:
    """Raise ``LedgerError`` for a community that the draft has not, or that is not the account's own."""
    if wanted.community is None or wanted.step not in CHECKS:
        return
    actor = _speaking(ws, data, wanted.draft)
    known = [of for of in _communities(ws, data, wanted.draft) if may_speak_for(actor, of)]
    if wanted.community not in known:
        told = {"draft": wanted.draft.name, "community": wanted.community, "known": known}
        raise LedgerError.because("two_hands.no_community", **told)


def _step(wanted: NextDraftStep) -> ReleaseStepEntry:
    return ReleaseStepEntry(
        number=0,
        draft=wanted.draft.draft or 0,
        digest=wanted.draft.digest,
        step=wanted.step,
        community=wanted.community,
        objection=wanted.objection if wanted.step == "answer" else None,
        text=wanted.text,
        who="",
        role="",
        at="",
    )

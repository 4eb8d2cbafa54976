"""Drafts of schemes: what an analyst works on before it is saved, as the pages have it and as it lies on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter, ValidationError

from analytics.errors import SchemeError, StoreError
from analytics.scheme import FloorRule, Scheme
from analytics.scheme.reading import scheme_from
from analytics.store.drafts import Draft, Drafts, DraftSummary
from analytics.workspace.datasets import Dataset
from analytics.workspace.door import Workspace, door

_JUDGEMENTS = TypeAdapter(dict[str, list[dict[str, str]]])
_FLOORS_OFF = TypeAdapter(tuple[tuple[int, FloorRule], ...])


@dataclass(frozen=True)
class DraftState:
    """The draft at hand: a ``scheme``, the ``file_text`` that it is written back into when it is saved, and the rest as
    in :class:`Draft`; ``judgements`` by level, a list of what each judge says: "row/column" → a step as text;
    ``floors_off``: floors that were switched off, each with its place, so that they can be switched on again."""

    scheme: Scheme
    file_text: str
    begun_from: str
    locked: frozenset[str] = frozenset()
    judgements: Mapping[str, list[dict[str, str]]] = field(default_factory=dict)
    floors_off: tuple[tuple[int, FloorRule], ...] = ()
    changed: str = ""


@door("read")
def kept_draft(ws: Workspace, data: Dataset, browser_id: str, scheme_id: str) -> DraftState | None:
    """The draft of a browser; None where there is none. One that cannot be used is put aside, and a
    :class:`StoreError` says so, once."""
    drafts = Drafts(data.home)
    kept = drafts.of(browser_id, scheme_id)
    if kept is None:
        return None
    try:
        return _state(kept)
    except (ValidationError, SchemeError):
        file = drafts.put_aside(browser_id, scheme_id)
        raise StoreError.because("versions.draft_unreadable", file=file) from None


@door("read")
def keep_draft(ws: Workspace, data: Dataset, browser_id: str, state: DraftState) -> DraftState:
    """Keep a draft, and return it with the moment; raises :class:`StoreError` where the disk refuses.

    Whoever may look may try: a draft is its browser's own, and changes nothing for others.
    """
    changed = Drafts(data.home).keep(browser_id, state.scheme.id, _draft(state)).changed
    return replace(state, changed=changed)


@door("read")
def forget_draft(ws: Workspace, data: Dataset, browser_id: str, scheme_id: str) -> None:
    """Remove a draft."""
    Drafts(data.home).forget(browser_id, scheme_id)


@door("draft")
def own_drafts(ws: Workspace) -> tuple[DraftSummary, ...]:
    """The drafts that lie in the office's home, the one changed last first: whose they are is nowhere written."""
    return Drafts(ws.home).summaries()


def _draft(state: DraftState) -> Draft:
    # JSON is YAML too, and written at once: the file itself is only written into when the draft is saved.
    return Draft(
        yaml_text=state.scheme.model_dump_json(by_alias=True), file_text=state.file_text, begun_from=state.begun_from,
        locked=sorted(state.locked), judgements=dict(state.judgements),
        floors_off=[[at, floor.model_dump(mode="json", by_alias=True)] for at, floor in state.floors_off],
    )  # fmt: skip


def _state(draft: Draft) -> DraftState:
    """Raises pydantic's ``ValidationError``, or ``SchemeError``, where this version of the product cannot read it."""
    try:
        scheme = Scheme.model_validate_json(draft.yaml_text)
    except ValidationError:  # not written by pages
        scheme = scheme_from(draft.yaml_text.encode(), "scheme.yaml")
    return DraftState(
        scheme, draft.file_text, draft.begun_from, frozenset(draft.locked),
        _JUDGEMENTS.validate_python(draft.judgements or {}), _FLOORS_OFF.validate_python(draft.floors_off or ()),
        draft.changed,
    )  # fmt: skip

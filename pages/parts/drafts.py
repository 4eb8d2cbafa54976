"""The draft of whoever sits at this browser: kept at every change, so that nothing is lost when the browser closes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import streamlit as st
from pydantic import ValidationError

from analytics import session
from analytics.drawing.trials import without_capacity
from analytics.errors import StoreError, UserError
from analytics.scheme import Scheme
from analytics.store.drafts import Draft, Drafts
from pages.parts.controls import Choice
from pages.parts.seats import seat


@dataclass(frozen=True)
class Work:
    """The draft at hand: a ``scheme``, the ``file_text`` that it is written back into when it is saved, and the rest as
    in :class:`Draft`; ``judgements`` by level, a list of what each judge says: "row/column" → a step as text."""

    scheme: Scheme
    file_text: str
    begun_from: str
    locked: frozenset[str] = frozenset()
    judgements: Mapping[str, list[dict[str, str]]] = field(default_factory=dict)
    changed: str = ""


def draft_of(choice: Choice) -> Work:
    """The draft of this browser for the chosen scheme; the scheme in use where nothing was changed yet."""
    held = st.session_state.setdefault("drafts", {})
    key = (choice.data.id, choice.scheme.id)
    if key not in held:
        try:
            kept = _drafts(choice).of(seat(), choice.scheme.id)
            held[key] = _work(choice, kept) if kept else None
        except UserError as error:
            st.session_state.draft_trouble = error
            held[key] = None
    # What was not touched follows the scheme in use, whoever adopts another one meanwhile.
    return held[key] or Work(choice.scheme, session.scheme_text(choice.data, choice.scheme.id), choice.scheme.digest())


def differing(choice: Choice) -> Scheme | None:
    """The scheme of the draft, where it is not the one in use and is for areas of the same level."""
    scheme, used = draft_of(choice).scheme, choice.scheme
    return scheme if scheme.level == used.level and scheme.digest() != used.digest() else None


def keep(choice: Choice, work: Work) -> None:
    """From now on this is the draft, here and on disk; where the disk refuses, here alone, and that is said."""
    # Looked up before anything is written: the script may be cut off at each look into the session.
    held, key, drafts, own = st.session_state.drafts, (choice.data.id, choice.scheme.id), _drafts(choice), seat()
    trouble: UserError | None = None
    try:
        there = drafts.of(own, choice.scheme.id)
        if there and there.changed != work.changed:
            trouble, work = StoreError.because("versions.other_tab"), _work(choice, there)
        else:
            # JSON is YAML too, and written at once: the file itself is only written into when the draft is saved.
            draft = Draft(
                yaml_text=work.scheme.model_dump_json(by_alias=True), file_text=work.file_text,
                begun_from=work.begun_from, locked=sorted(work.locked), judgements=dict(work.judgements),
            )  # fmt: skip
            work = replace(work, changed=drafts.keep(own, choice.scheme.id, draft).changed)
    except UserError as error:
        trouble = error
    held[key] = work
    if trouble:
        st.session_state.draft_trouble = trouble


def change(choice: Choice, scheme: Scheme, by_capacity: bool = False) -> None:
    """Put another scheme into the draft. Only what was drawn ``by_capacity`` goes on saying so."""
    keep(choice, replace(draft_of(choice), scheme=scheme if by_capacity else without_capacity(scheme)))


def replace_by(choice: Choice, scheme: Scheme, file_text: str) -> None:
    """Go on from another file; what the judges said stays."""
    before = draft_of(choice)
    keep(choice, Work(scheme, file_text, choice.scheme.digest(), judgements=before.judgements, changed=before.changed))


def forget(choice: Choice) -> None:
    """Back to the scheme in use."""
    st.session_state.drafts[choice.data.id, choice.scheme.id] = None
    try:
        _drafts(choice).forget(seat(), choice.scheme.id)
    except UserError as error:
        st.session_state.draft_trouble = error


def _work(choice: Choice, draft: Draft) -> Work:
    try:
        scheme = Scheme.model_validate_json(draft.yaml_text)
    except ValidationError:
        file = _drafts(choice).put_aside(seat(), choice.scheme.id)
        raise StoreError.because("versions.draft_unreadable", file=file) from None
    locked = frozenset(draft.locked)
    return Work(scheme, draft.file_text, draft.begun_from, locked, draft.judgements or {}, draft.changed)


def _drafts(choice: Choice) -> Drafts:
    return Drafts(session.release_home(choice.data))

"""The draft of whoever sits at this browser: kept at every change, so that nothing is lost when the browser closes."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analytics.errors import StoreError, UserError
from analytics.scheme import Scheme
from analytics.wording.capacity import without_capacity
from analytics.workspace import schemes
from analytics.workspace.drafts import DraftState, forget_draft, keep_draft, kept_draft
from pages.parts.browser_id import browser_id
from pages.parts.controls import Choice


def draft_of(choice: Choice) -> DraftState:
    """The draft of this browser for the chosen scheme; the scheme in use where nothing was changed yet."""
    held = st.session_state.setdefault("drafts", {})
    key = (choice.data.id, choice.scheme.id)
    if key not in held:
        try:
            held[key] = kept_draft(choice.ws, choice.data, browser_id(), choice.scheme.id)
        except UserError as error:
            st.session_state.draft_trouble = error
            held[key] = None
    draft, now = held[key], choice.scheme.digest()
    # What was not touched follows the scheme in use, whoever adopts another one meanwhile.
    if draft and (draft.begun_from == now or draft.scheme.digest() != draft.begun_from):
        return draft
    text = schemes.scheme_text(choice.ws, choice.data, choice.scheme.id)
    if draft:
        return replace(draft, scheme=choice.scheme, file_text=text, begun_from=now)
    return DraftState(choice.scheme, text, now)


def differing(choice: Choice) -> Scheme | None:
    """The scheme of the draft as it is by now, where it is not the one in use and is for areas of the same level."""
    _look_again(choice)
    scheme, used = draft_of(choice).scheme, choice.scheme
    return scheme if scheme.level == used.level and scheme.digest() != used.digest() else None


def _look_again(choice: Choice) -> None:
    """Take over what another tab of this browser made of the draft meanwhile."""
    held, key = st.session_state.setdefault("drafts", {}), (choice.data.id, choice.scheme.id)
    try:
        there, here = kept_draft(choice.ws, choice.data, browser_id(), choice.scheme.id), held.get(key)
        # What is not on disk because the disk refused was never changed there, and stays.
        if (there.changed if there else "") != (here.changed if here else ""):
            held[key] = there
    except UserError as error:
        st.session_state.draft_trouble = error


def keep(choice: Choice, draft: DraftState) -> None:
    """From now on this is the draft, here and on disk; where the disk refuses, here alone, and that is said."""
    # Looked up before anything is written: the script may be cut off at each look into the session.
    held, key, own = st.session_state.drafts, (choice.data.id, choice.scheme.id), browser_id()
    trouble: UserError | None = None
    try:
        there = kept_draft(choice.ws, choice.data, own, choice.scheme.id)
        if there and there.changed != draft.changed:
            trouble, draft = StoreError.because("versions.other_tab"), there
        else:
            draft = keep_draft(choice.ws, choice.data, own, draft)
    except UserError as error:
        trouble = error
    held[key] = draft
    if trouble:
        st.session_state.draft_trouble = trouble


def change(choice: Choice, scheme: Scheme, by_capacity: bool = False, **rest: object) -> None:
    """Put another scheme into the draft, and the ``rest`` as in :class:`DraftState`. Only what was drawn
    ``by_capacity`` goes on saying so."""
    scheme = scheme if by_capacity else without_capacity(scheme)
    keep(choice, replace(draft_of(choice), scheme=scheme, **rest))


def replace_by(choice: Choice, scheme: Scheme, file_text: str) -> None:
    """Go on from another file; what the judges said stays."""
    before, now = draft_of(choice), choice.scheme.digest()
    keep(choice, DraftState(scheme, file_text, now, judgements=before.judgements, changed=before.changed))


def forget(choice: Choice) -> None:
    """Back to the scheme in use."""
    st.session_state.drafts[choice.data.id, choice.scheme.id] = None
    try:
        forget_draft(choice.ws, choice.data, browser_id(), choice.scheme.id)
    except UserError as error:
        st.session_state.draft_trouble = error

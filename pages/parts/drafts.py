"""The draft of whoever sits at this browser: kept at every change, so that nothing is lost when the browser closes."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from pydantic import ValidationError

from analytics import session
from analytics.errors import StoreError, UserError
from analytics.scheme import Scheme
from analytics.store.drafts import Draft, Drafts
from analytics.wording.capacity import without_capacity
from pages.parts.browser_id import browser_id
from pages.parts.controls import Choice
from pages.parts.draft_state import Work, from_kept, to_keep


def draft_of(choice: Choice) -> Work:
    """The draft of this browser for the chosen scheme; the scheme in use where nothing was changed yet."""
    held = st.session_state.setdefault("drafts", {})
    key = (choice.data.id, choice.scheme.id)
    if key not in held:
        try:
            kept = _drafts(choice).of(browser_id(), choice.scheme.id)
            held[key] = _work(choice, kept) if kept else None
        except UserError as error:
            st.session_state.draft_trouble = error
            held[key] = None
    work, now = held[key], choice.scheme.digest()
    # What was not touched follows the scheme in use, whoever adopts another one meanwhile.
    if work and (work.begun_from == now or work.scheme.digest() != work.begun_from):
        return work
    text = session.scheme_text(choice.data, choice.scheme.id)
    if work:
        return replace(work, scheme=choice.scheme, file_text=text, begun_from=now)
    return Work(choice.scheme, text, now)


def differing(choice: Choice) -> Scheme | None:
    """The scheme of the draft as it is by now, where it is not the one in use and is for areas of the same level."""
    _look_again(choice)
    scheme, used = draft_of(choice).scheme, choice.scheme
    return scheme if scheme.level == used.level and scheme.digest() != used.digest() else None


def _look_again(choice: Choice) -> None:
    """Take over what another tab of this browser made of the draft meanwhile."""
    held, key = st.session_state.setdefault("drafts", {}), (choice.data.id, choice.scheme.id)
    try:
        there, here = _drafts(choice).of(browser_id(), choice.scheme.id), held.get(key)
        # What is not on disk because the disk refused was never changed there, and stays.
        if (there.changed if there else "") != (here.changed if here else ""):
            held[key] = _work(choice, there) if there else None
    except UserError as error:
        st.session_state.draft_trouble = error


def keep(choice: Choice, work: Work) -> None:
    """From now on this is the draft, here and on disk; where the disk refuses, here alone, and that is said."""
    # Looked up before anything is written: the script may be cut off at each look into the session.
    held, key, drafts, own = st.session_state.drafts, (choice.data.id, choice.scheme.id), _drafts(choice), browser_id()
    trouble: UserError | None = None
    try:
        there = drafts.of(own, choice.scheme.id)
        if there and there.changed != work.changed:
            trouble, work = StoreError.because("versions.other_tab"), _work(choice, there)
        else:
            work = replace(work, changed=drafts.keep(own, choice.scheme.id, to_keep(work)).changed)
    except UserError as error:
        trouble = error
    held[key] = work
    if trouble:
        st.session_state.draft_trouble = trouble


def change(choice: Choice, scheme: Scheme, by_capacity: bool = False, **rest: object) -> None:
    """Put another scheme into the draft, and the ``rest`` as in :class:`Work`. Only what was drawn ``by_capacity`` goes
    on saying so."""
    scheme = scheme if by_capacity else without_capacity(scheme)
    keep(choice, replace(draft_of(choice), scheme=scheme, **rest))


def replace_by(choice: Choice, scheme: Scheme, file_text: str) -> None:
    """Go on from another file; what the judges said stays."""
    before = draft_of(choice)
    keep(choice, Work(scheme, file_text, choice.scheme.digest(), judgements=before.judgements, changed=before.changed))


def forget(choice: Choice) -> None:
    """Back to the scheme in use."""
    st.session_state.drafts[choice.data.id, choice.scheme.id] = None
    try:
        _drafts(choice).forget(browser_id(), choice.scheme.id)
    except UserError as error:
        st.session_state.draft_trouble = error


def _work(choice: Choice, draft: Draft) -> Work:
    try:
        return from_kept(draft)
    except ValidationError:
        file = _drafts(choice).put_aside(browser_id(), choice.scheme.id)
        raise StoreError.because("versions.draft_unreadable", file=file) from None


def _drafts(choice: Choice) -> Drafts:
    return Drafts(session.release_home(choice.data))

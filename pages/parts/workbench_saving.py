"""Saving a draft: how far it is from the scheme in use, and a version with a reason."""

from __future__ import annotations

import getpass

import streamlit as st

from analytics import access, session
from analytics.drawing import versions
from analytics.drawing.html import card_title
from analytics.errors import UserError
from analytics.scheme.difference import differences
from analytics.words import say
from pages.parts import drafts
from pages.parts.releasing import MOST_CHARACTERS, say_all
from pages.parts.workbench import Workbench
from pages.parts.workbench_versions import show_versions


def show_state(bench: Workbench) -> None:
    """How far the draft is from the scheme in use, and what went wrong with it."""
    lang = bench.choice.lang
    if trouble := st.session_state.pop("draft_trouble", None):
        say_all(lang, trouble.problems)
    if adopted := st.session_state.pop("version_adopted", None):
        st.success(say(lang, "versions.adopted", version=adopted.version))
    choice = bench.choice
    changed = differences(choice.scheme, bench.scheme)
    stale = bench.draft.begun_from != choice.scheme.digest()
    saved = session.version_of(choice.data, bench.scheme) if changed else None
    st.html(versions.state(lang, choice.scheme, changed, stale, saved))


def show_saving(bench: Workbench) -> None:
    """A reason and a button; and the door to all versions."""
    lang = bench.choice.lang
    role = access.current_role()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(card_title(lang, "versions.save"), width="content")
        st.space("stretch")
        if st.button(say(lang, "versions.all"), key="bench_versions", type="tertiary"):
            st.dialog(say(lang, "versions.all_title"), width="large")(show_versions)(bench)
    if not access.may(role, "draft"):
        st.caption(say(lang, "versions.may_not"))
        return
    # A new box after each version: the reason of the last one is not the reason of the next.
    key = f"version_reason_{st.session_state.setdefault('versions_saved', 0)}"
    st.text_area(
        say(lang, "versions.reason"), key=key, max_chars=MOST_CHARACTERS, height=68,
        placeholder=say(lang, "versions.reason"), label_visibility="collapsed",
    )  # fmt: skip
    save = say(lang, "versions.save_this")
    st.button(save, key="version_save", type="primary", on_click=_save, args=(bench, key, role))
    if refused := st.session_state.pop("version_refused", None):
        say_all(lang, refused.problems)
    if saved := st.session_state.pop("version_saved", None):
        st.success(say(lang, "versions.saved", version=saved.version))


def _save(bench: Workbench, key: str, role: str) -> None:
    data, reason = bench.choice.data, st.session_state[key].strip()
    work = drafts.draft_of(bench.choice)
    try:
        saved = session.save_version(data, work.scheme, work.file_text, reason, getpass.getuser(), role)
    except UserError as error:
        st.session_state.version_refused = error
    else:
        st.session_state.version_saved = saved
        st.session_state.versions_saved += 1

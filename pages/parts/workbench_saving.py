"""Saving a draft: how far it is from the scheme in use, and a version with a reason."""

from __future__ import annotations

import streamlit as st

from analytics.drawing import versions
from analytics.drawing.html import card_title
from analytics.scheme.difference import differences
from analytics.words import say
from analytics.workspace import schemes
from analytics.workspace.schemes import save_version, version_of
from pages.parts import drafts
from pages.parts.confirming import attempt, say_all
from pages.parts.open_forms import open_form, show_outcome
from pages.parts.releasing import MOST_CHARACTERS
from pages.parts.workbench import Workbench
from pages.parts.workbench_adopting import ADOPT, show_adopting
from pages.parts.workbench_versions import show_versions


def show_state(bench: Workbench) -> None:
    """How far the draft is from the scheme in use, and what went wrong with it."""
    lang = bench.choice.lang
    if trouble := st.session_state.pop("draft_trouble", None):
        say_all(lang, trouble.problems)
    show_outcome(lang)
    choice = bench.choice
    changed = differences(choice.scheme, bench.scheme)
    stale = bench.draft.begun_from != choice.scheme.digest()
    saved = version_of(choice.ws, choice.data, bench.scheme) if changed else None
    row = st.container(horizontal=True, vertical_alignment="center")
    row.html(versions.state(lang, choice.scheme, changed, stale=stale, saved=saved), width="content")
    if saved and choice.ws.actor.may("adopt"):
        entries = schemes.saved_versions(choice.ws, choice.data, choice.scheme.id)
        number = next(entry.number for entry in reversed(entries) if entry.version == saved)
        row.button(
            say(lang, "versions.adopt_this", name=f"v{saved}"), key="adopt_saved", on_click=open_form,
            args=(ADOPT, number),
        )  # fmt: skip
    show_adopting(choice)


def show_saving(bench: Workbench) -> None:
    """A reason and a button; and the door to all versions."""
    choice, lang = bench.choice, bench.choice.lang
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(card_title(lang, "versions.save"), width="content")
        st.space("stretch")
        if st.button(say(lang, "versions.all"), key="bench_versions", type="tertiary"):
            st.dialog(say(lang, "versions.all_title"), width="large")(show_versions)(bench)
    if not choice.ws.actor.may("draft"):
        st.caption(say(lang, "versions.may_not"))
        return
    # A new box after each version: the reason of the last one is not the reason of the next.
    key = f"version_reason_{st.session_state.setdefault('versions_saved', 0)}"
    reason = st.text_area(
        say(lang, "versions.reason"), key=key, max_chars=MOST_CHARACTERS, height=68,
        placeholder=say(lang, "versions.reason"), label_visibility="collapsed",
    )  # fmt: skip
    pressed = st.button(say(lang, "versions.save_this"), key="version_save", type="primary")
    draft = drafts.draft_of(choice)
    saved = attempt(
        lang, "version_save", pressed,
        lambda confirmed: save_version(
            choice.ws, choice.data, draft.scheme, draft.file_text, reason.strip(), confirmed
        ),
    )  # fmt: skip
    if saved:
        st.session_state.version_saved = saved
        st.session_state.versions_saved += 1
        st.rerun()
    if told := st.session_state.pop("version_saved", None):
        st.success(say(lang, "versions.saved", version=told.version))

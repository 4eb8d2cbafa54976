"""Taking a published release back."""

from __future__ import annotations

import streamlit as st

from analytics.store.ledger_entries import ReleaseEntry
from analytics.wording.releases import release_name
from analytics.words import phrase, say
from analytics.workspace import published
from pages.parts.confirming import attempt
from pages.parts.controls import Choice
from pages.parts.releasing import MOST_CHARACTERS


def show_withdrawing(choice: Choice, entries: tuple[ReleaseEntry, ...]) -> None:
    """Let one who may take a published release back, with a reason."""
    lang = choice.lang
    standing = {entry.number: entry for entry in entries if entry.stands}
    if not standing or not choice.ws.actor.may("release"):
        return
    with st.popover(say(lang, "release_pages.take_back")):
        number = st.selectbox(
            say(lang, "release_pages.take_back_which"), list(standing), key="take_back",
            format_func=lambda number: release_name(lang, standing[number]),
        )  # fmt: skip
        st.caption(say(lang, "release_pages.take_back_means"))
        reason = st.text_input(say(lang, "release_pages.reason"), key="take_back_reason", max_chars=MOST_CHARACTERS)
        pressed = st.button(say(lang, "release_pages.take_back_this"), key="take_back_this", type="primary")
        done = attempt(
            lang, "take_back", pressed,
            lambda confirmed: published.withdraw(choice.ws, choice.data, number, reason.strip(), confirmed) or True,
        )  # fmt: skip
        if done:
            st.session_state.release_said = phrase(
                "release_pages.taken_back", release=release_name(lang, standing[number])
            )
            st.rerun()

"""Which release is looked at, or that it is the live run, and the step from one to the other."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analytics.store.ledger_entries import ReleaseEntry
from analytics.wording.releases import release_in_brief
from analytics.words import Language, say
from pages.parts import state

_LEFT = "release_left"
"""The release from which a visitor went to the live run, so that the way back leads to it."""


def release_box(lang: Language, known: Sequence[ReleaseEntry], shown: ReleaseEntry | None, *, working: bool) -> None:
    """Which release is shown; nothing to choose where there is none yet."""
    entries = {entry.name: entry for entry in known}
    if not entries:
        return
    st.session_state.release = shown.name if shown else state.WORKING
    st.selectbox(
        say(lang, "page.release"),
        [state.WORKING, *entries] if working else list(entries),
        format_func=lambda name: release_in_brief(lang, entries.get(name)),
        key="release",
        width=200,
        label_visibility="collapsed",
        on_change=state.choose,
        args=("release", "release"),
    )


def step(lang: Language, known: Sequence[ReleaseEntry], shown: ReleaseEntry | None) -> None:
    """From a release to the live run, and from there back to it, else to the newest that stands."""
    if shown:
        st.session_state[_LEFT] = shown.name
        st.button(
            say(lang, "page.see_live"), key="see_live", type="tertiary", on_click=state.take,
            args=("release", state.WORKING),
        )  # fmt: skip
        return
    left = st.session_state.get(_LEFT)
    back = next((one for one in known if one.name == left), None) or next((one for one in known if one.stands), None)
    if back:
        label = say(lang, "page.back_to", release=release_in_brief(lang, back))
        st.button(label, key="back_to", type="tertiary", on_click=state.take, args=("release", back.name))

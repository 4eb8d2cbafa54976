"""The choice of what "what changed" is held against: the last release, last week, or any release."""

from __future__ import annotations

import streamlit as st

from analytics.drawing.html import card_head
from analytics.wording.dates import cut_off
from analytics.wording.releases import release_line
from analytics.words import say
from analytics.workspace import baselines
from pages.parts import state
from pages.parts.controls import Choice

PREVIOUS, WEEK, ANY = "previous", "week", "release"


def show_baseline(choice: Choice) -> None:
    """Three ways, the second box of the third, and the day of the baseline beside them; ``choice.baseline`` is what was
    chosen."""
    lang, baseline = choice.lang, choice.baseline
    known = baselines.baseline_choices(choice.ws, choice.data, choice.scheme, choice.release, choice.day)
    named = {entry.name: release_line(lang, entry) for entry in known}
    ways = [PREVIOUS, WEEK, ANY] if named else [WEEK]
    st.session_state.baseline_way = baseline.way
    st.segmented_control(
        say(lang, "page.baseline"), ways, key="baseline_way", required=True, label_visibility="collapsed",
        format_func=lambda way: say(lang, f"page.baseline_{way}"), on_change=_choose, args=(next(iter(named), None),),
    )  # fmt: skip
    if baseline.way == ANY and baseline.entry:
        st.session_state.baseline = baseline.entry.name
        st.selectbox(
            say(lang, "page.baseline_release"), list(named), key="baseline", width=300, format_func=named.get,
            label_visibility="collapsed", on_change=state.choose, args=("baseline", "baseline"),
        )  # fmt: skip
    elif baseline.day:
        st.html(card_head(lang, "", cut_off(lang, baseline.day)), width="content")


def _choose(newest: str | None) -> None:
    way = st.session_state.baseline_way
    state.take("baseline", newest if way == ANY else way)

"""Asking for reinforcement from an area that is chosen on the map or in the list; see `deployment` for what comes."""

from __future__ import annotations

import streamlit as st

from analytics.words import say
from analytics.workspace.response import ResponseView
from pages.parts import state
from pages.parts.controls import Choice

ASKED = "reinforce"
"""Among the choices: the area of which reinforcement was asked for. It counts as long as that area is chosen."""


def offer_reinforcement(choice: Choice, view: ResponseView, selected: str | None) -> str | None:
    """Where the ``selected`` area is red or orange with something overdue: a button that asks for its reinforcement, or
    where that stands; the area once it is asked for."""
    told, lang = view.told, choice.lang
    if selected is None or selected not in told.behind or view.teams is None:
        return None
    if state.chosen().get(ASKED) == selected:
        st.caption(say(lang, "deployment.asked_below", area=told.names[selected]))
        return selected
    words = say(lang, "deployment.ask", area=told.names[selected])
    st.button(words, key="reinforce", on_click=state.take, args=(ASKED, selected))
    return None

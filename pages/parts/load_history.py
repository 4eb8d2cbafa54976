"""What was loaded so far, and taking one load back, which asks once more."""

import streamlit as st

from analytics.drawing import loads
from analytics.drawing.html import card_title
from analytics.store import Load
from analytics.wording.loads import load_name
from analytics.words import say
from analytics.workspace import loads as records
from pages.parts.controls import Choice


def show_history(choice: Choice, may_undo: bool) -> None:
    """All loads of the office's own records; nothing where there are none."""
    lang, history = choice.lang, records.history(choice.ws)
    if not history:
        return
    with st.container(key="data_history"):
        st.html(card_title(lang, "data.history", "data.history_hint"))
        for number, note in enumerate(st.session_state.get("undone", ())):
            (st.warning if number else st.success)(note.text(lang))
        live = {load.number: load for load in history if load.status == "live"}
        if live and may_undo:
            _undo_row(choice, live)
        st.html(loads.history(lang, history))


def _undo_row(choice: Choice, live: dict[int, Load]) -> None:
    lang = choice.lang
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.selectbox(
            say(lang, "data.undo_which"),
            list(live),
            format_func=lambda one: load_name(lang, live[one]),
            key="undo_number",
            width=480,
        )
        if st.session_state.get("undo_asked") != number:
            if st.button(say(lang, "data.undo"), key="undo"):
                st.session_state.undo_asked = number
                st.rerun()
        elif st.button(say(lang, "data.undo_sure", n=number), key="undo_sure", type="primary"):
            st.session_state.undone = records.undo(choice.ws, number)
            st.session_state.told, st.session_state.undo_asked = (), None
            st.rerun()
        elif st.button(say(lang, "data.undo_not"), key="undo_not"):
            st.session_state.undo_asked = None
            st.rerun()

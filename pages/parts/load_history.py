"""What was loaded so far: what each load said of its rows, and taking one load back, which asks once more."""

import streamlit as st

from analytics.drawing import loads
from analytics.drawing.html import card_title
from analytics.errors import UserError
from analytics.store import Load
from analytics.wording.loads import load_name
from analytics.words import say
from analytics.workspace import loads as records
from pages.parts.confirming import say_all
from pages.parts.controls import Choice
from pages.parts.reports import show_reports


def show_history(choice: Choice, may_load: bool) -> None:
    """All loads of the office's own records; nothing where there are none."""
    lang, history = choice.lang, records.history(choice.ws)
    if not history:
        return
    with st.container(key="data_history"):
        st.html(card_title(lang, "data.history", "data.history_hint"))
        for number, note in enumerate(st.session_state.get("undone", ())):
            (st.warning if number else st.success)(note.text(lang))
        if may_load:
            _chosen_load(choice, {load.number: load for load in history})
        st.html(loads.history(lang, history))


def _chosen_load(choice: Choice, every: dict[int, Load]) -> None:
    """One load, and what can be done with it."""
    lang = choice.lang
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.selectbox(
            say(lang, "data.load_which"),
            list(every),
            format_func=lambda one: load_name(lang, every[one]),
            key="load_number",
            width=480,
        )
        opened = st.session_state.get("report_open") == number
        if st.button(say(lang, "data.report_close" if opened else "data.report_show"), key="report_show"):
            st.session_state.report_open = None if opened else number
            st.rerun()
        if every[number].status != "undone":
            _undo_buttons(choice, number)
    if opened:
        _show_report(choice, every[number])


def _undo_buttons(choice: Choice, number: int) -> None:
    lang = choice.lang
    if st.session_state.get("undo_asked") != number:
        if st.button(say(lang, "data.undo"), key="undo"):
            st.session_state.undo_asked = number
            st.rerun()
        return
    if st.button(say(lang, "data.undo_sure", n=number), key="undo_sure", type="primary"):
        st.session_state.undone = records.undo(choice.ws, number)
        st.session_state.told, st.session_state.undo_asked = (), None
        st.rerun()
    if st.button(say(lang, "data.undo_not"), key="undo_not"):
        st.session_state.undo_asked = None
        st.rerun()


def _show_report(choice: Choice, load: Load) -> None:
    try:
        report = records.load_report(choice.ws, load.number)
    except UserError as error:
        say_all(choice.lang, error.problems)
        return
    with st.container(key="load_report"):
        show_reports(choice.lang, [report], say(choice.lang, "data.loads_numbered", numbers=[load.number]), opened=True)

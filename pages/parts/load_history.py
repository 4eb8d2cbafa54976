"""What was loaded so far: what each load said of its rows, and taking one load back, once it was
said what that does."""

from collections.abc import Collection

import streamlit as st

from analytics.drawing import loads
from analytics.drawing.html import card_title
from analytics.errors import UserError
from analytics.store import Load
from analytics.wording.loads import load_name, undo_plan
from analytics.words import say
from analytics.workspace import loads as records
from pages.parts.confirming import say_all
from pages.parts.controls import Choice
from pages.parts.open_forms import Deed, Done, Plan, open_form, show_outcome
from pages.parts.reports import show_reports
from pages.parts.safe_forms import in_dialog


def show_history(choice: Choice, may_load: bool) -> None:
    """All loads of the office's own records; nothing where there are none."""
    lang, history = choice.lang, records.history(choice.ws)
    if not history:
        return
    with st.container(key="data_history"):
        st.html(card_title(lang, "data.history", "data.history_hint"))
        show_outcome(lang)
        if may_load:
            _undoing(choice)
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
            st.button(say(lang, "data.undo"), key="undo", on_click=open_form, args=("undo", number))
    if opened:
        _show_report(choice, every[number])


def _undoing(choice: Choice) -> None:
    ws, lang = choice.ws, choice.lang

    def plan(number: int) -> Plan:
        return Plan(undo_plan(lang, records.undoing(ws, number)))

    def do(number: int, _: Collection[str]) -> Done:
        said, *notes = records.undo(ws, number)
        st.session_state.told = ()
        return Done(said, notes=tuple(notes))

    in_dialog(lang, "undo", say(lang, "data.undo"), Deed(plan, do))


def _show_report(choice: Choice, load: Load) -> None:
    try:
        report = records.load_report(choice.ws, load.number)
    except UserError as error:
        say_all(choice.lang, error.problems)
        return
    with st.container(key="load_report"):
        show_reports(choice.lang, [report], say(choice.lang, "data.loads_numbered", numbers=[load.number]), opened=True)

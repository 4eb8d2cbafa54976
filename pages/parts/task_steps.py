"""The next step of one assignment: which may come next by its state and by the role, and the form of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import partial

import streamlit as st

from analytics.drawing.tasks import task_history
from analytics.response.tasks import Assignment
from analytics.store.assignments import NEXT, action_of
from analytics.store.free_text import LONGEST_POST
from analytics.store.ledger_assignments import LONGEST_TEXT
from analytics.store.ledger_entries import STEPS, AssignmentStep
from analytics.wording import tasks as wording
from analytics.words import say
from analytics.workspace import tasks
from analytics.workspace.tasks import NextStep
from pages.parts.controls import Choice
from pages.parts.open_forms import Deed, Done, Plan, field_key, open_form
from pages.parts.safe_forms import in_dialog

DAYS_ADDED = 7


def show_steps(choice: Choice, left: Sequence[Assignment]) -> None:
    """Choose one of those that are ``left``: what was done about it, and the buttons of what may come next."""
    lang, by_number = choice.lang, {one.entry.number: one for one in left}
    named = {number: wording.named(lang, one.entry) for number, one in by_number.items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.selectbox(
            say(lang, "tasks.which"), list(named), format_func=named.get, key=f"task_which_{lang}", width=420
        )
        one = by_number[number]
        for step in NEXT[one.state]:
            if choice.ws.actor.may(action_of(step)):
                name = f"task_{step}"
                st.button(say(lang, f"tasks.step_{step}"), key=name, on_click=open_form, args=(f"{name}_{number}",))
    st.html(task_history(lang, one))
    # Whichever form is open stays the form of its own assignment, also where another tab has moved that on.
    for of, other in by_number.items():
        for step in STEPS:
            fill = partial(_fields, choice, other, step)
            in_dialog(lang, f"task_{step}_{of}", named[of], _deed(choice), fill)


def _deed(choice: Choice) -> Deed[NextStep]:
    ws, lang, data = choice.ws, choice.lang, choice.data

    def plan(wanted: NextStep) -> Plan:
        planned = tasks.planned_step(ws, data, wanted)
        return Plan(wording.step_plan(lang, planned.before, planned.step, ws.actor))

    def do(wanted: NextStep, confirmed: Collection[str]) -> Done:
        tasks.take_step(ws, data, wanted, confirmed)
        return Done(wording.step_taken(wanted.number, wanted.step))

    return Deed(plan, do)


def _fields(choice: Choice, one: Assignment, step: AssignmentStep) -> NextStep | None:
    """What a step asks for: a text, a new due day, or the post that checked; the step once it is sent whole."""
    lang, text, due, post = choice.lang, "", None, ""
    asked, by_post = wording.field(lang, step), tasks.post_asked(choice.ws, one, step)
    with st.form("task_form", border=False):
        if asked:
            text = st.text_input(asked, key=field_key("task_text"), max_chars=LONGEST_TEXT)
        if step == "extend":
            day = max(one.due, choice.ws.today) + timedelta(days=DAYS_ADDED)
            due = st.date_input(say(lang, "tasks.due_new"), day, key=field_key("task_due"), format="YYYY-MM-DD")
        if by_post:
            post = st.text_input(say(lang, "tasks.second_hand"), key=field_key("task_post"), max_chars=LONGEST_POST)
        pressed = st.form_submit_button(say(lang, "release_pages.next"), key="task_submit", type="primary")
    if not pressed:
        return None
    missing = [asked] if asked and not text.strip() else []
    missing += [say(lang, "tasks.field_second_hand")] if by_post and not post.strip() else []
    for field in missing:
        st.warning(say(lang, "tasks.field_needed", field=field))
    return None if missing else NextStep(one.entry.number, step, text, due, post)

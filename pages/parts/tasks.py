"""The list of assignments: what is still to be done or checked, a new one in three fields, and the next step of one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.access import Action, roles_that_may
from analytics.drawing.html import card_title
from analytics.drawing.tasks import task_table
from analytics.exhibits import tasks as exhibits
from analytics.exhibits.exhibit import PendingExhibit
from analytics.response.tasks import Assignment, in_order
from analytics.store.free_text import LONGEST_POST
from analytics.store.ledger_assignments import LONGEST_TEXT, MOST_DAYS
from analytics.wording import tasks as wording
from analytics.words import say
from analytics.workspace import tasks
from analytics.workspace.tasks import NewAssignment
from pages.parts.controls import Choice
from pages.parts.open_forms import Deed, Done, Plan, field_key, open_form
from pages.parts.provenance_lines import caption_of_today
from pages.parts.safe_forms import in_dialog
from pages.parts.task_steps import show_steps

USUAL_DAYS = 5


def show_tasks(choice: Choice) -> None:
    """The assignments of the data in use as of today; whoever may enters one, or takes the next step of one. What was
    done is said where the page has its `show_outcome`."""
    ws, lang, data = choice.ws, choice.lang, choice.data
    found, areas = in_order(tasks.assignments(ws, data)), tasks.areas_called(ws, data)
    with st.container(key="tasks"):
        head = st.container(horizontal=True, vertical_alignment="center")
        head.html(card_title(lang, "tasks.title", "tasks.hint", day=ws.today))
        if ws.actor.may("assign"):
            _adding(choice, areas, head)
        elif not ws.actor.may("sign_off"):
            may = {"assign": _roles(choice, "assign"), "check": _roles(choice, "sign_off")}
            st.caption(say(lang, "tasks.may_not", **may))
        if not found:
            st.info(say(lang, "tasks.none"))
            return
        _lists(choice, found, areas)


def task_exhibits(choice: Choice) -> list[PendingExhibit]:
    """The list for the menu of the page that shows it; none where nothing is assigned."""
    found = tasks.assignments(choice.ws, choice.data)
    areas = tasks.areas_called(choice.ws, choice.data)
    return [exhibits.tasks(choice.lang, caption_of_today(choice), found, areas)] if found else []


def _roles(choice: Choice, action: Action) -> list[str]:
    return [say(choice.lang, f"access.role_{role}") for role in roles_that_may(action)]


def _lists(choice: Choice, found: Sequence[Assignment], areas: Mapping[str, str]) -> None:
    lang = choice.lang
    left = [one for one in found if one.state != "signed_off"]
    closed = [one for one in found if one.state == "signed_off"]
    if left:
        st.html(task_table(lang, left, areas))
        show_steps(choice, left)
    else:
        st.caption(say(lang, "tasks.none_open"))
    if closed:
        with st.expander(say(lang, "tasks.signed_off_list", n=len(closed))):
            st.html(task_table(lang, closed, areas))


def _adding(choice: Choice, areas: Mapping[str, str], head: DeltaGenerator) -> None:
    """The button that opens the form, and the form."""
    ws, lang, data = choice.ws, choice.lang, choice.data
    head.button(say(lang, "tasks.add"), key="assign", on_click=open_form, args=("assign",))

    def plan(wanted: NewAssignment) -> Plan:
        return Plan(wording.assignment_plan(lang, tasks.planned(ws, data, wanted), areas))

    def do(wanted: NewAssignment, confirmed: Collection[str]) -> Done:
        entry = tasks.planned(ws, data, wanted)
        tasks.assign(ws, data, wanted, confirmed)
        return Done(wording.assigned(entry))

    in_dialog(lang, "assign", say(lang, "tasks.add"), Deed(plan, do), lambda: _fields(choice, areas))


def _fields(choice: Choice, areas: Mapping[str, str]) -> NewAssignment | None:
    """Three fields, and two that need not be filled in; the assignment once it is sent whole."""
    lang = choice.lang
    with st.form("assign_form", border=False):
        content = st.text_input(say(lang, "tasks.content"), key=field_key("assign_content"), max_chars=LONGEST_TEXT)
        post = st.text_input(say(lang, "tasks.post"), key=field_key("assign_post"), max_chars=LONGEST_POST)
        days = st.number_input(
            say(lang, "tasks.working_days"), 1, MOST_DAYS, USUAL_DAYS, step=1, key=field_key("assign_days")
        )
        with st.expander(say(lang, "tasks.optional")):
            sources = wording.sources(lang)
            source = st.selectbox(
                say(lang, "tasks.source"), list(sources), format_func=sources.get, key=field_key("assign_source")
            )
            named = {None: say(lang, "tasks.area_none"), **areas}
            area = st.selectbox(
                say(lang, "tasks.area"), list(named), format_func=named.get, key=field_key("assign_area")
            )
        st.caption(say(lang, "tasks.kept"))
        pressed = st.form_submit_button(say(lang, "release_pages.next"), key="assign_submit", type="primary")
    if not pressed:
        return None
    for name in (name for name, text in (("content", content), ("post", post)) if not text.strip()):
        st.warning(say(lang, "tasks.field_needed", field=say(lang, f"tasks.field_{name}")))
    if not content.strip() or not post.strip():
        return None
    return NewAssignment(content, post, int(days), area, source)

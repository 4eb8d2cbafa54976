"""Drafts that wait where two people publish: where each stands, what was objected and answered, and the next step."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

import streamlit as st

from analytics.drawing.html import card_title
from analytics.drawing.releases import step_list
from analytics.store.ledger_entries import RELEASE_STEPS, ReleaseStep
from analytics.store.ledger_release_steps import LONGEST_OBJECTION
from analytics.store.release_steps import CHECKS, WITH_TEXT, unanswered
from analytics.wording import two_hands as wording
from analytics.wording.releases import release_name
from analytics.words import say
from analytics.workspace import two_hands
from analytics.workspace.two_hands import NextDraftStep, WaitingDraft
from pages.parts.controls import Choice
from pages.parts.open_forms import Deed, Done, Plan, field_key, open_form
from pages.parts.safe_forms import in_dialog


def show_draft_steps(choice: Choice) -> None:
    """Of each draft that waits: its state, what was said of it, and the buttons that this account may press. What was
    done is said where the page has its `show_outcome`."""
    lang, waiting = choice.lang, two_hands.waiting(choice.ws, choice.data)
    with st.container(key="release_steps"):
        st.html(card_title(lang, "two_hands.title", "two_hands.hint"))
        if not waiting:
            st.caption(say(lang, "two_hands.none_waiting"))
            return
        by_name = {one.entry.name: one for one in waiting}
        named = {name: release_name(lang, one.entry) for name, one in by_name.items()}
        with st.container(horizontal=True, vertical_alignment="bottom"):
            label = say(lang, "two_hands.which")
            name = st.selectbox(label, list(named), format_func=named.get, key=f"draft_which_{lang}", width=320)
            for step in RELEASE_STEPS:
                if two_hands.may_take(choice.ws, by_name[name], step):
                    form = f"draft_{step}_{name}"
                    st.button(
                        say(lang, f"two_hands.step_{step}"), key=f"draft_{step}", on_click=open_form, args=(form,)
                    )
        one = by_name[name]
        left = wording.unchecked_lines(lang, one.unchecked, whole=None in one.spoken_for)
        steps = wording.step_lines(lang, one.steps, one.communities)
        st.html(step_list(lang, [wording.state_line(lang, one.entry, one.state), *steps, *left]))
        # Whichever form is open stays the form of its own draft, also where another tab has moved that on.
        for of, other in by_name.items():
            for step in RELEASE_STEPS:
                in_dialog(
                    lang, f"draft_{step}_{of}", named[of], _deed(choice, other), partial(_fields, choice, other, step)
                )


def _deed(choice: Choice, one: WaitingDraft) -> Deed[NextDraftStep]:
    ws, lang, data = choice.ws, choice.lang, choice.data

    def plan(wanted: NextDraftStep) -> Plan:
        step = two_hands.planned_step(ws, data, wanted)
        left = wording.unchecked_lines(lang, one.unchecked, whole=False) if step.step == "approve" else ()
        return Plan(wording.step_plan(lang, one.entry, step, one.communities), tuple(left))

    def do(wanted: NextDraftStep, confirmed: Collection[str]) -> Done:
        return Done(wording.step_taken(one.entry, two_hands.take_step(ws, data, wanted, confirmed)))

    return Deed(plan, do)


def _fields(choice: Choice, one: WaitingDraft, step: ReleaseStep) -> NextDraftStep | None:
    """What a step asks for: a community, an objection, a text; the step once it is sent whole."""
    lang, text, community, objection = choice.lang, "", None, None
    if step == "approve":
        return NextDraftStep(one.entry, step)
    with st.form("draft_form", border=False):
        if step in CHECKS:
            named = {of: wording.community_name(lang, of, one.communities) for of in one.spoken_for}
            community = st.selectbox(
                say(lang, "two_hands.community"), list(named), format_func=named.get, key=field_key("draft_community")
            )
        else:
            asked = {each.number: wording.objection_name(lang, each, one.communities) for each in unanswered(one.steps)}
            objection = st.selectbox(
                say(lang, "two_hands.objection"), list(asked), format_func=asked.get, key=field_key("draft_objection")
            )
        if step in WITH_TEXT:
            label = say(lang, f"tasks.field_{step}")
            text = st.text_input(label, key=field_key("draft_text"), max_chars=LONGEST_OBJECTION)
        pressed = st.form_submit_button(say(lang, "release_pages.next"), key="draft_submit", type="primary")
    if not pressed:
        return None
    if step in WITH_TEXT and not text.strip():
        st.warning(say(lang, "tasks.field_needed", field=say(lang, f"tasks.field_{step}")))
        return None
    return NextDraftStep(one.entry, step, text, community, objection)

"""People's decisions on tiers: those in force, and taking one back."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.drawing import releases
from analytics.drawing.html import card_title
from analytics.scoring import Assessment
from analytics.store.ledger_entries import OverrideEntry
from analytics.wording import decisions as wording
from analytics.wording.areas import area_name
from analytics.words import say
from analytics.workspace import decisions, runs
from pages.parts.controls import Choice
from pages.parts.deciding import show_deciding
from pages.parts.open_forms import Deed, Done, Plan, field_key, open_form
from pages.parts.safe_forms import in_dialog


def show_decisions(choice: Choice) -> None:
    """The decisions in force on the chosen day; one whose role may can add to them and take one back."""
    lang, day = choice.lang, choice.day
    assessment = runs.assessed(choice.ws, choice.data, choice.scheme, [day])
    entries = decisions.overrides(choice.ws, choice.data, choice.scheme.id, day)
    head = st.container(horizontal=True, vertical_alignment="center")
    head.html(card_title(lang, "release_pages.decisions", "release_pages.decisions_hint", day=day))
    if choice.ws.actor.may("override"):
        show_deciding(choice, assessment, head)
        _withdrawing(choice, assessment, {entry.number: entry for entry in entries}, head)
    if entries:
        st.html(releases.decisions(lang, entries, assessment))
    else:
        st.caption(say(lang, "release_pages.decisions_none"))


def _withdrawing(
    choice: Choice, assessment: Assessment, entries: Mapping[int, OverrideEntry], head: DeltaGenerator
) -> None:
    lang, (ws, data, scheme) = choice.lang, (choice.ws, choice.data, choice.scheme)
    if entries:
        head.button(say(lang, "release_pages.withdraw"), key="withdraw", on_click=open_form, args=("withdraw",))

    def fill() -> int | None:
        areas = {number: area_name(assessment, entry.area_id) for number, entry in entries.items()}
        named = {
            number: say(lang, "release_pages.decision_named", number=number, area=areas[number]) for number in areas
        }
        label, key = say(lang, "release_pages.withdraw_which"), field_key("withdraw_number")
        number = st.selectbox(label, list(named), format_func=named.get, key=key)
        return number if st.button(say(lang, "release_pages.next"), key="withdraw_submit", type="primary") else None

    def plan(number: int) -> Plan:
        outcome = decisions.outcome_of_withdrawing(ws, data, scheme, number)
        return Plan(wording.withdrawal_plan(lang, outcome, number))

    def do(number: int, confirmed: Collection[str]) -> Done:
        outcome = decisions.outcome_of_withdrawing(ws, data, scheme, number)
        decisions.withdraw_override(ws, data, number, confirmed)
        return Done(wording.withdrawn(outcome, number))

    in_dialog(lang, "withdraw", say(lang, "release_pages.withdraw"), Deed(plan, do), fill)

"""People's decisions on tiers: those in force, a form for a new one, and taking one back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

import streamlit as st

from analytics.drawing import releases
from analytics.drawing.html import card_title
from analytics.scoring import Assessment, ranking
from analytics.store.ledger_entries import OverrideEntry
from analytics.wording.areas import area_name, area_options
from analytics.wording.tiers import tier_options
from analytics.words import say
from analytics.workspace import decisions, runs
from analytics.workspace.decisions import Decision
from pages.parts import state
from pages.parts.confirming import attempt
from pages.parts.controls import Choice
from pages.parts.releasing import MOST_CHARACTERS

MOST_LISTED = 1000
DAYS_HELD = 14


def show_decisions(choice: Choice) -> None:
    """The decisions in force on the chosen day; one whose role may can add to them and take one back."""
    lang, day = choice.lang, choice.day
    assessment = runs.assessed(choice.ws, choice.data, choice.scheme, [day])
    entries = decisions.overrides(choice.ws, choice.data, choice.scheme.id, day)
    head = st.container(horizontal=True, vertical_alignment="center")
    head.html(card_title(lang, "release_pages.decisions", "release_pages.decisions_hint", day=day))
    if choice.ws.actor.may("override"):
        with head.popover(say(lang, "release_pages.decide")):
            _form(choice, assessment)
        if entries:
            with head.popover(say(lang, "release_pages.withdraw")):
                _withdrawing(choice, assessment, entries)
    if entries:
        st.html(releases.decisions(lang, entries, assessment))
    else:
        st.caption(say(lang, "release_pages.decisions_none"))


def _withdrawing(choice: Choice, assessment: Assessment, entries: Sequence[OverrideEntry]) -> None:
    lang, named = choice.lang, {entry.number: entry for entry in entries}
    number = st.selectbox(
        say(lang, "release_pages.withdraw_which"), list(named), key="withdraw_number",
        format_func=lambda number: say(
            lang, "release_pages.decision_named", number=number, area=area_name(assessment, named[number].area_id)
        ),
    )  # fmt: skip
    pressed = st.button(say(lang, "release_pages.withdraw_this"), key="withdraw")

    def withdraw(confirmed: Collection[str]) -> bool:
        decisions.withdraw_override(choice.ws, choice.data, number, confirmed)
        return True

    if attempt(lang, "withdraw", pressed, withdraw):
        st.rerun()


def _form(choice: Choice, assessment: Assessment) -> None:
    lang, order = choice.lang, ranking(assessment)
    selected = state.chosen_of("area", assessment.areas.index)[0] or order.index[0]
    areas = area_options(lang, choice.scheme, order, selected, MOST_LISTED)
    tiers = tier_options(lang)
    with st.form("decide", border=False):
        area = st.selectbox(
            say(lang, "release_pages.area"), list(areas), list(areas).index(selected), areas.get, key="decide_area"
        )
        tier = st.segmented_control(
            say(lang, "release_pages.tier"), list(tiers), format_func=tiers.get, key="decide_tier",
        )  # fmt: skip
        reason = st.text_input(say(lang, "release_pages.reason"), key="decide_reason", max_chars=MOST_CHARACTERS)
        first, last = st.columns(2)
        starts = first.date_input(
            say(lang, "release_pages.starts"), choice.day, key="decide_starts", format="YYYY-MM-DD"
        )
        expires = last.date_input(
            say(lang, "release_pages.expires"), choice.day + timedelta(days=DAYS_HELD), key="decide_expires",
            format="YYYY-MM-DD",
        )  # fmt: skip
        pressed = st.form_submit_button(say(lang, "release_pages.decide_this"), key="decide_submit", type="primary")
    if pressed and tier is None:
        st.warning(say(lang, "release_pages.tier_needed"))
        return
    decision = Decision(area, tier or "", reason, starts, expires)
    made = attempt(
        lang, "decide", pressed,
        lambda confirmed: decisions.override(choice.ws, choice.data, choice.scheme, decision, confirmed),
    )  # fmt: skip
    if made:
        st.rerun()

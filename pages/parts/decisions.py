"""People's decisions on tiers: those in force, a form for a new one, and taking one back."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from analytics import access, session
from analytics.drawing import releases
from analytics.drawing.html import card_title
from analytics.errors import UserError
from analytics.scoring import ranking
from analytics.wording.areas import area_name, area_options
from analytics.wording.tiers import tier_options
from analytics.words import say
from pages.parts.controls import Choice
from pages.parts.releasing import MOST_CHARACTERS, say_all

MOST_LISTED = 1000
DAYS_HELD = 14


def show_decisions(choice: Choice, role: str, who: str) -> None:
    """The decisions in force on the chosen day; one whose role may can add to them and take one back."""
    lang, day, ledger = choice.lang, choice.day, session.ledger(choice.data)
    assessment = session.assessed(choice.data, choice.scheme, [day])
    entries = ledger.overrides(choice.scheme.id, day)
    head = st.container(horizontal=True, vertical_alignment="center")
    head.html(card_title(lang, "release_pages.decisions", "release_pages.decisions_hint", day=day))
    if access.may(role, "override"):
        with head.popover(say(lang, "release_pages.decide")):
            _form(choice, assessment, role, who)
        if entries:
            with head.popover(say(lang, "release_pages.withdraw")):
                named = {entry.number: entry for entry in entries}
                number = st.selectbox(
                    say(lang, "release_pages.withdraw_which"), list(named), key="withdraw_number",
                    format_func=lambda number: say(
                        lang, "release_pages.decision_named",
                        number=number, area=area_name(assessment, named[number].area_id),
                    ),
                )  # fmt: skip
                if st.button(say(lang, "release_pages.withdraw_this"), key="withdraw"):
                    ledger.withdraw(number, who, role)
                    st.rerun()
    if entries:
        st.html(releases.decisions(lang, entries, assessment))
    else:
        st.caption(say(lang, "release_pages.decisions_none"))


def _form(choice: Choice, assessment: session.Assessment, role: str, who: str) -> None:
    lang, order = choice.lang, ranking(assessment)
    selected = session.chosen_of("area", assessment.areas.index)[0] or order.index[0]
    areas = area_options(lang, order, selected, MOST_LISTED)
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
        if not st.form_submit_button(say(lang, "release_pages.decide_this"), key="decide_submit", type="primary"):
            return
    if tier is None:
        st.warning(say(lang, "release_pages.tier_needed"))
        return
    try:
        session.ledger(choice.data).override(area, choice.scheme.id, tier, reason.strip(), who, role, starts, expires)
    except UserError as error:
        say_all(lang, error.problems)
        return
    st.rerun()

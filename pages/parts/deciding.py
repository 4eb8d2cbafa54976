"""A new decision of a person on a tier."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.scoring import Assessment, ranking
from analytics.store.free_text import require_reason
from analytics.wording import decisions as wording
from analytics.wording.areas import area_options
from analytics.wording.tiers import tier_options
from analytics.words import say
from analytics.workspace import decisions
from analytics.workspace.decisions import Decision
from pages.parts import state
from pages.parts.controls import Choice
from pages.parts.open_forms import Deed, Done, Plan, field_key, open_form
from pages.parts.releasing import MOST_CHARACTERS
from pages.parts.safe_forms import in_dialog

MOST_LISTED = 1000
DAYS_HELD = 14


def show_deciding(choice: Choice, assessment: Assessment, head: DeltaGenerator) -> None:
    """The button that opens the form, and the form."""
    lang, (ws, data, scheme) = choice.lang, (choice.ws, choice.data, choice.scheme)
    head.button(say(lang, "release_pages.decide"), key="decide", on_click=open_form, args=("decide",))

    def plan(wanted: Decision) -> Plan:
        require_reason(wanted.reason)
        outcome = decisions.outcome_of(ws, data, scheme, wanted)
        said = wording.decision_plan(lang, outcome, wanted.reason, wanted.first, wanted.last)
        return Plan(said, wording.decision_beware(lang, outcome))

    def do(wanted: Decision, confirmed: Collection[str]) -> Done:
        outcome = decisions.outcome_of(ws, data, scheme, wanted)
        decisions.override(ws, data, scheme, wanted, confirmed)
        return Done(wording.decided(outcome, wanted.first, wanted.last))

    fill = partial(_fields, choice, assessment)
    in_dialog(lang, "decide", say(lang, "release_pages.decide"), Deed(plan, do), fill)


def _fields(choice: Choice, assessment: Assessment) -> Decision | None:
    """The form of a decision; the decision once it is sent whole."""
    lang, order = choice.lang, ranking(assessment)
    selected = state.chosen_of("area", assessment.areas.index)[0] or order.index[0]
    areas = area_options(lang, choice.scheme, order, selected, MOST_LISTED)
    tiers = tier_options(lang)
    with st.form("decide_form", border=False):
        area = st.selectbox(
            say(lang, "release_pages.area"), list(areas), list(areas).index(selected), areas.get,
            key=field_key("decide_area"),
        )  # fmt: skip
        tier = st.segmented_control(
            say(lang, "release_pages.tier"), list(tiers), format_func=tiers.get, key=field_key("decide_tier")
        )
        reason = st.text_input(
            say(lang, "release_pages.reason"), key=field_key("decide_reason"), max_chars=MOST_CHARACTERS
        )
        columns, days = st.columns(2), {"starts": choice.day, "expires": choice.day + timedelta(days=DAYS_HELD)}
        first, last = (
            column.date_input(
                say(lang, f"release_pages.{name}"), day, key=field_key(f"decide_{name}"), format="YYYY-MM-DD"
            )
            for column, (name, day) in zip(columns, days.items(), strict=True)
        )
        if not st.form_submit_button(say(lang, "release_pages.next"), key="decide_submit", type="primary"):
            return None
    missing = {"tier_needed": tier is None, "reason_needed": not reason.strip(), "ends_before": last < first}
    for name in (name for name, is_so in missing.items() if is_so):
        st.warning(say(lang, f"release_pages.{name}"))
    return None if any(missing.values()) else Decision(area, str(tier), reason.strip(), first, last)

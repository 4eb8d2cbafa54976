"""Taking a published release back."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from analytics.store.free_text import require_reason
from analytics.store.ledger_entries import ReleaseEntry
from analytics.wording import publishing as wording
from analytics.wording.releases import release_name
from analytics.words import say
from analytics.workspace import published
from pages.parts.controls import Choice
from pages.parts.open_forms import Deed, Done, Plan, field_key, open_form
from pages.parts.releasing import MOST_CHARACTERS
from pages.parts.safe_forms import in_dialog

Wanted = tuple[ReleaseEntry, str]


def show_withdrawing(choice: Choice, entries: tuple[ReleaseEntry, ...]) -> None:
    """Let one who may take a published release back, with a reason."""
    ws, lang, data = choice.ws, choice.lang, choice.data
    standing = {entry.number: entry for entry in entries if entry.stands}
    if not ws.actor.may("release"):
        return
    if standing:
        st.button(say(lang, "release_pages.take_back"), key="take_back", on_click=open_form, args=("take_back",))

    def fill() -> Wanted | None:
        named = {number: release_name(lang, entry) for number, entry in standing.items()}
        with st.form("take_back_form", border=False):
            label = say(lang, "release_pages.take_back_which")
            number = st.selectbox(label, list(named), key=field_key("take_back_number"), format_func=named.get)
            reason = st.text_input(
                say(lang, "release_pages.reason"), key=field_key("take_back_reason"), max_chars=MOST_CHARACTERS
            )
            pressed = st.form_submit_button(say(lang, "release_pages.next"), key="take_back_submit", type="primary")
        if pressed and not reason.strip():
            st.warning(say(lang, "release_pages.reason_needed"))
        return (standing[number], reason.strip()) if pressed and reason.strip() else None

    def plan(wanted: Wanted) -> Plan:
        entry, reason = wanted
        require_reason(reason)
        return Plan(wording.taking_back_plan(lang, entry, published.newest_but(ws, data, entry), reason))

    def do(wanted: Wanted, confirmed: Collection[str]) -> Done:
        entry, reason = wanted
        published.withdraw(ws, data, entry.number, reason, confirmed)
        return Done(wording.taken_back(entry))

    in_dialog(lang, "take_back", say(lang, "release_pages.take_back"), Deed(plan, do), fill)

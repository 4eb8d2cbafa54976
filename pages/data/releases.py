"""发布: make a release, see all of them, check one by its code, decide on an area, and the audit trail."""

import streamlit as st

from analytics.access import LOCAL, roles_that_may
from analytics.drawing import releases
from analytics.drawing.html import card_title
from analytics.errors import UserError
from analytics.exhibits import lists
from analytics.words import say
from analytics.workspace import ledgers, published, runs, schemes, two_hands
from pages.parts import state
from pages.parts.confirming import say_all
from pages.parts.controls import control_row, footer
from pages.parts.decisions import show_decisions
from pages.parts.draft_steps import show_draft_steps
from pages.parts.export_menu import save_menu
from pages.parts.open_forms import show_outcome
from pages.parts.provenance_lines import caption_of_today
from pages.parts.releasing import show_making, show_publishing_draft
from pages.parts.withdrawing import show_withdrawing

TRAIL_SHOWN = 20

choice = control_row()
lang, data = choice.lang, choice.data
ws, actor = choice.ws, choice.ws.actor
entries = published.releases(ws, data)
last = published.newest_standing(ws, data, choice.scheme.id)
show_outcome(lang)

left, right = st.columns([2.05, 1], gap="small")
with left.container(key="release_make"):
    show_making(choice)

with right.container(key="release_check"):
    st.html(card_title(lang, "release_pages.check", "release_pages.check_hint"))
    code = st.text_input(
        say(lang, "release_pages.code"), key="check_code", label_visibility="collapsed", max_chars=20,
        placeholder=say(lang, "release_pages.code"),
    )  # fmt: skip
    if code.strip():
        try:
            found = published.look_up(ws, data, code)
        except UserError as error:
            say_all(lang, error.problems)
        else:
            st.html(releases.check_result(lang, found, entries))
            if found.number and st.button(say(lang, "release_pages.check_open"), key="check_open"):
                state.chosen()["code"] = code
                st.switch_page("pages/lead/overview.py")
    elif last:
        st.html(releases.code_card(lang, last, say(lang, "release_pages.newest")))

if two_hands.is_asked(ws, data):
    show_draft_steps(choice)

with st.container(key="release_list"):
    head = st.container(horizontal=True, vertical_alignment="center")
    drafts = {entry.name: entry for entry in entries if entry.number is None}
    count = {"published": len(entries) - len(drafts), "drafts": len(drafts)}
    head.html(card_title(lang, "release_pages.list", "release_pages.list_hint", **count))
    with head:
        show_publishing_draft(choice, drafts)
        show_withdrawing(choice, entries)
    if entries:
        used = schemes.schemes(ws, data)
        carried = published.carried(ws, data, entries)
        st.html(releases.release_list(lang, entries, used, carried))
        save_menu(choice, ws.today, [lists.releases(lang, caption_of_today(choice), entries, used, carried)])
    elif actor.may("release"):
        st.info(say(lang, "release_pages.list_none"))
    else:
        may = [say(lang, f"access.role_{other}") for other in roles_that_may("release")]
        st.info(say(lang, "release_pages.list_none_ask", roles=may))

left, right = st.columns([1.35, 1], gap="small")
with left.container(key="release_decisions"):
    show_decisions(choice)

with right.container(key="release_audit"):
    head = st.container(horizontal=True, vertical_alignment="center")
    head.html(card_title(lang, "release_pages.audit", "release_pages.audit_hint", n=TRAIL_SHOWN))
    if head.button(say(lang, "release_pages.verify"), key="verify"):
        try:
            st.success(say(lang, "release_pages.verified", n=ledgers.verify_audit(ws, data)))
        except UserError as error:
            say_all(lang, error.problems)
    if trail := ledgers.audit_trail(ws, data):
        assessment = runs.assessed(ws, data, choice.scheme, [choice.day])
        shown = trail[: -TRAIL_SHOWN - 1 : -1]
        st.html(releases.audit_trail(lang, shown, schemes.schemes(ws, data), assessment))
    else:
        st.caption(say(lang, "release_pages.audit_none"))

if actor.role == LOCAL:
    st.caption(say(lang, "release_pages.local_only", who=actor.name))
footer(choice)
chosen = state.chosen()
state.remember_in_link(
    lang=lang, data=data.id, scheme=choice.scheme.id, date=chosen.get("date"), release=chosen.get("release")
)

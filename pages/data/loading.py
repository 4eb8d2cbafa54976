"""数据: which data are in use, how to load one's own, what was read, repaired and refused, and how to take it back."""

import streamlit as st

from analytics.drawing.html import card_title
from analytics.exhibits import lists
from analytics.file_kinds import MEDIA_TYPES, UPLOAD_ENDINGS
from analytics.loaders import TABLES
from analytics.words import say
from analytics.workspace import loads
from pages.parts import in_view, state
from pages.parts.controls import control_row, footer
from pages.parts.export_menu import save_menu
from pages.parts.feeds import show_feeds
from pages.parts.held_loads import show_held
from pages.parts.load_history import show_history
from pages.parts.loading import load_all, load_button
from pages.parts.open_forms import forget_outcome
from pages.parts.provenance_lines import caption_of_today
from pages.parts.reports import show_outcome
from pages.parts.waiting import take_in, waiting_files
from pages.parts.waiting_card import ask_about
from pages.parts.word_mapping import show_words

choice = control_row()
lang, data = choice.lang, choice.data
may_load = choice.ws.actor.may("load")
fresh = st.session_state.setdefault("uploads", 0)

with st.container(key="data_choice"):
    known = in_view.dataset_names(choice.ws, lang)
    st.session_state.data = data.id
    st.radio(
        say(lang, "data.choose"), list(known), key="data", horizontal=True, format_func=known.get,
        on_change=state.choose, args=("data", "data"),
    )  # fmt: skip

load_box = st.container(key="data_load")
# Emptied before the files are looked at: what was done before is no answer to those that wait.
outcome = st.empty()
with load_box:
    head = st.container(horizontal=True, vertical_alignment="center")
    head.html(card_title(lang, "data.load_own", "data.load_hint"))
    with head.popover(say(lang, "data.templates")):
        kind = st.selectbox(say(lang, "data.kind"), TABLES, format_func=lambda table: say(lang, f"tables.{table}"))
        for made_up in (False, True):
            st.download_button(
                say(lang, "data.template_made_up" if made_up else "data.template_blank"),
                lambda made_up=made_up: loads.blank_template(choice.ws, kind, lang, made_up=made_up),
                say(lang, "data.template_file", table=say(lang, f"tables.{kind}")),
                MEDIA_TYPES["xlsx"],
                key=f"template_{made_up}",
            )
    if not may_load:
        st.caption(say(lang, "data.may_not_load"))
    elif take_in(st.file_uploader(
        say(lang, "data.choose_file"), list(UPLOAD_ENDINGS), accept_multiple_files=True, key=f"files_{fresh}",
        label_visibility="collapsed",
    )):  # fmt: skip
        # A new box: what was chosen waits below it. What was done before is no answer to it.
        st.session_state.uploads += 1
        st.session_state.told = ()
        forget_outcome()
        st.rerun()
    waiting = waiting_files() if may_load else []
    asked = [ask_about(choice, file) for file in waiting]
    if load_button(choice, asked):
        load_all(choice, asked)
        st.rerun()

if st.session_state.get("told") or not waiting:
    with outcome.container():
        show_outcome(choice)
if may_load:
    show_held(choice)
show_words(choice, may_load)
show_feeds(choice, may_load)
show_history(choice, may_load)
if history := loads.history(choice.ws):
    save_menu(choice, choice.ws.today, [lists.loads(lang, caption_of_today(choice), history)])

footer(choice)
state.remember_in_link(lang=lang, data=data.id, scheme=choice.scheme.id, date=choice.day.isoformat())

"""核对: what a community says of the drafts that wait, for accounts that see some areas alone; others do so on 发布."""

import streamlit as st

from analytics.words import say
from analytics.workspace import two_hands
from pages.parts import state
from pages.parts.controls import control_row, footer
from pages.parts.draft_steps import show_draft_steps
from pages.parts.open_forms import show_outcome

choice = control_row(dates=False)
show_outcome(choice.lang)
if two_hands.is_asked(choice.ws, choice.data):
    show_draft_steps(choice)
else:
    st.info(say(choice.lang, "two_hands.is_off"))
footer(choice)
state.remember_in_link(lang=choice.lang, data=choice.data.id, scheme=choice.scheme.id)

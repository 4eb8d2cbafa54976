"""方法: how a colour comes about under the chosen scheme, and whether the laws of the method hold on these data."""

from datetime import timedelta

import streamlit as st

from analytics.drawing import method
from analytics.drawing.html import card_title
from analytics.exhibits.method import indicators
from analytics.words import say
from analytics.workspace import runs, scoring
from pages.parts import state
from pages.parts.controls import control_row, footer
from pages.parts.export_menu import save_menu
from pages.parts.interruption import show_interruption
from pages.parts.provenance_lines import caption_of

DAYS_OF_NOISE = 91

choice = control_row()
lang, scheme = choice.lang, choice.scheme

run = runs.assessed(choice.ws, choice.data, scheme, [choice.day])
show_interruption(lang, run)
left, right = st.columns([1.35, 1], gap="small")
with left.container(key="method_card"):
    st.html(method.card(lang, run))
with right.container(key="method_rules"):
    st.html(method.rules(lang, scheme))
with left, st.container(key="method_noise"):
    st.html(card_title(lang, "method.noise", "method.noise_hint"))
    first = max(choice.first, choice.day - timedelta(days=DAYS_OF_NOISE - 1))
    days = [first + timedelta(days=number) for number in range((choice.day - first).days + 1)]
    st.html(method.noise(lang, runs.assessed(choice.ws, choice.data, scheme, days)))
with right, st.container(key="method_laws"):
    st.html(card_title(lang, "method.laws", "method.laws_hint"))
    if st.button(say(lang, "method.check")):
        with st.spinner(say(lang, "method.checking")):
            st.html(method.laws(lang, scoring.checked(choice.ws, choice.data.counts, scheme, choice.day)))

save_menu(choice, choice.day, [indicators(lang, caption_of(choice), run)])
footer(choice)
state.remember_in_link(lang=lang, data=choice.data.id, scheme=scheme.id, date=choice.day.isoformat())

"""公开版: what a reader without the right to internal figures sees: the newest releases in their public form."""

import streamlit as st

from analytics.drawing.html import card_title
from analytics.words import say
from analytics.workspace import public
from pages.parts import state
from pages.parts.account_menu import account_menu
from pages.parts.controls import language_switch
from pages.parts.public_file import take

ws, lang = state.workspace(), state.language()
with st.container(key="controls", horizontal=True, vertical_alignment="center"):
    st.html(card_title(lang, "public.heading"))
    st.space("stretch")
    language_switch()
    account_menu(lang)
told = public.schemes_told(ws, lang)
if not told:
    st.info(say(lang, "public.nothing_yet"))
else:
    scheme = st.selectbox(say(lang, "public.scheme"), list(told), format_func=told.get, key="public_scheme", width=420)
    take(lang, "public.take", lambda: public.exhibit_for(ws, scheme, lang))

"""演示: a release that fills the screen and is turned with the keyboard."""

from urllib.parse import urlencode

import streamlit as st

from analytics.briefing.show import show
from analytics.drawing.html import leave_link
from analytics.file_kinds import THEMES
from analytics.words import say
from analytics.workspace import briefings
from pages.parts import in_view, state
from pages.parts.empty_state import nothing_here

lang = state.language()
ws = state.workspace()
data, _ = in_view.dataset(ws)
scheme, _ = in_view.scheme_for(ws, data)
entry, gone = in_view.release_for(ws, data, scheme)
if gone:
    st.info(gone.text(lang))
if entry is None:
    nothing_here(lang, say(lang, "briefing.no_release"), "releases")
else:
    theme = st.query_params.get("theme")
    back = {"lang": lang, "data": data.id, "scheme": scheme.id, "release": entry.name}
    st.html(leave_link(lang, f"briefing?{urlencode(back)}"))
    with st.container(key="show"):
        st.iframe(
            show(briefings.briefing(ws, data, entry, lang), theme if theme in THEMES else THEMES[0]),
            height=600,
            alt=say(lang, "briefing.show_label"),
        )

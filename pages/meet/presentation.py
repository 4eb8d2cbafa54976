"""演示: a release that fills the screen and is turned with the keyboard."""

import streamlit as st

from analytics import session
from analytics.briefing.appearance import THEMES
from analytics.briefing.show import show
from analytics.words import say

lang = session.language()
data, _ = session.dataset()
scheme, _ = session.scheme_for(data)
entry, gone = session.release_for(data, scheme)
if gone:
    st.info(gone.text(lang))
if entry is None:
    st.info(say(lang, "briefing.no_release"))
else:
    theme = st.query_params.get("theme")
    with st.container(key="show"):
        st.iframe(
            show(session.briefing(data, entry, lang), theme if theme in THEMES else THEMES[0]),
            height=600,
            alt=say(lang, "briefing.show_label"),
        )

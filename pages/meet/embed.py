"""Map and counts alone, for a frame in another system: ``?embed=true``."""

import streamlit as st

from analytics import session
from analytics.drawing import cards
from pages.parts.area_map import show_map
from pages.parts.controls import Choice, footer

MAP_HEIGHT = 460

lang = session.language()
data, _ = session.dataset()
scheme, _ = session.scheme_for(data)
release, _ = session.release_for(data, scheme)
day = release.day if release else session.day_for(data, scheme)[0]
choice = Choice(lang, data, scheme, day, *data.days(scheme), release)
shown = session.view(data, scheme, release, day)
selected, _ = session.chosen_of("area", shown.pair.areas.index)

with st.container(key="embedded"):
    st.html(cards.embed_head(lang, scheme, day, release))
    st.html(cards.counts(lang, shown.pair))
    with st.container(key="map_card"):
        st.html(cards.map_title(lang))
        show_map(choice, shown, selected, MAP_HEIGHT)
    footer(choice)

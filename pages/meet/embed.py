"""Map and counts alone, for a frame in another system: ``?embed=true``."""

import streamlit as st

from analytics.drawing import cards
from analytics.wording.overview import Glance
from analytics.workspace import views
from pages.parts import in_view, state
from pages.parts.account_menu import own_areas_line
from pages.parts.area_map import show_map
from pages.parts.controls import Choice, footer
from pages.parts.interruption import show_interruption

MAP_HEIGHT = 460

lang = state.language()
ws = state.workspace()
data, _ = in_view.dataset(ws)
scheme, _ = in_view.scheme_for(ws, data)
release, _ = in_view.release_for(ws, data, scheme)
day = release.day if release else in_view.day_for(data, scheme)[0]
baseline, _ = in_view.baseline_for(ws, data, scheme, release, day)
choice = Choice(ws, lang, data, scheme, day, *data.days(scheme), release, baseline)
shown = views.overview(ws, data, scheme, release, day, baseline)
selected, _ = state.chosen_of("area", shown.pair.areas.index)

with st.container(key="embedded"):
    st.html(cards.embed_head(lang, scheme, day, release))
    if only := own_areas_line(lang, ws.actor, data):
        st.caption(only)
    show_interruption(lang, shown.pair)
    st.html(cards.counts(lang, shown.pair))
    with st.container(key="map_card"):
        st.html(cards.map_title(lang, Glance(shown.pair)))
        show_map(choice, shown, selected, MAP_HEIGHT)
    footer(choice)

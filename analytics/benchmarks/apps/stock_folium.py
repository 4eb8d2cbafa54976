"""The stock way, as the README of streamlit-folium has it: a ``folium.Map`` with ``GeoJson`` through ``st_folium``.

What favours it: nothing is returned (its own advice against reruns), there are no tiles, no tooltips, and Leaflet comes
from this machine while the other files that folium wants from elsewhere are left out.
"""

import folium
import numpy as np
import streamlit as st
from streamlit_folium import st_folium
from xstatic.pkg import leaflet

from analytics import tiers
from analytics.benchmarks.apps import made_up, page


def draw(ranks: np.ndarray) -> None:
    """The map made anew, as folium asks for."""
    fills = dict(zip(ids, (tiers.LOOKS[tier].fill for tier in tiers.names(ranks)), strict=True))
    drawn = folium.Map(location=[made_up.LATITUDE, made_up.LONGITUDE], zoom_start=13, tiles=None)
    drawn.default_js = [("leaflet", f"{leaflet_url}/leaflet.js")]
    drawn.default_css = [("leaflet_css", f"{leaflet_url}/leaflet.css")]
    folium.GeoJson(
        page.collection(page.number()),
        style_function=lambda feature: {
            "fillColor": fills[feature["id"]],
            "color": "white",
            "weight": 1,
            "fillOpacity": 1,
        },
    ).add_to(drawn)
    st_folium(drawn, height=page.HEIGHT, use_container_width=True, returned_objects=[])


st.set_page_config(layout="wide")
leaflet_url = page.served("leaflet", leaflet.BASE_DIR)
ids = made_up.areas(page.number()).index
page.workbench(draw)

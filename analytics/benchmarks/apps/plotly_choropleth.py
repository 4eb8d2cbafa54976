"""plotly's ``Choroplethmap`` through ``st.plotly_chart``, without tiles."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from analytics import tiers
from analytics.benchmarks.apps import made_up, page


def draw(ranks: np.ndarray) -> None:
    """The figure made anew, as st.plotly_chart asks for."""
    figure = go.Figure(
        go.Choroplethmap(
            geojson=page.collection(page.number()),
            locations=ids,
            z=ranks,
            zmin=0,
            zmax=len(tiers.RANKED) - 1,
            colorscale=[tiers.LOOKS[tier].fill for tier in tiers.RANKED],
            showscale=False,
            marker_line={"color": "white", "width": 1},
        )
    )
    figure.update_layout(
        map={"style": "white-bg", "zoom": 12, "center": {"lon": made_up.LONGITUDE, "lat": made_up.LATITUDE}},
        height=page.HEIGHT,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
    )
    st.plotly_chart(figure)


st.set_page_config(layout="wide")
ids = made_up.areas(page.number()).index
page.workbench(draw)

"""pydeck's ``GeoJsonLayer`` through ``st.pydeck_chart``, without a map under it."""

import numpy as np
import pydeck
import streamlit as st

from analytics import tiers
from analytics.benchmarks.apps import made_up, page


def channels(fill: str) -> list[int]:
    """A colour as deck.gl takes it."""
    return list(bytes.fromhex(fill.removeprefix("#")))


def draw(ranks: np.ndarray) -> None:
    """The deck made anew, as st.pydeck_chart asks for."""
    fills = [channels(tiers.LOOKS[tier].fill) for tier in tiers.RANKED]
    coloured = [
        {**feature, "properties": {"fill": fills[rank]}}
        for feature, rank in zip(page.collection(page.number())["features"], ranks, strict=True)
    ]
    layer = pydeck.Layer(
        "GeoJsonLayer",
        {"type": "FeatureCollection", "features": coloured},
        get_fill_color="properties.fill",
        get_line_color=[255, 255, 255],
        line_width_min_pixels=1,
    )
    view = pydeck.ViewState(longitude=made_up.LONGITUDE, latitude=made_up.LATITUDE, zoom=12)
    st.pydeck_chart(pydeck.Deck([layer], map_provider=None, initial_view_state=view), height=page.HEIGHT)


st.set_page_config(layout="wide")
page.workbench(draw)

"""Our map: shapes fetched once, a frame that stays, a character an area for the colours and one for the marks."""

import hashlib
import tempfile
from pathlib import Path

import numpy as np
import streamlit as st
from streamlit_folium import st_folium
from xstatic.pkg import leaflet

from analytics import tiers
from analytics.benchmarks.apps import made_up, page
from analytics.drawing.area_map import base_map, frame_file, recolour, shapes_file
from analytics.wording.map_frame import frame_words

FONTS = Path(__file__).parents[3] / "static" / "fonts"


@st.cache_resource
def shapes_folder() -> tempfile.TemporaryDirectory:
    """Where the shapes lie that the frame fetches."""
    return tempfile.TemporaryDirectory(prefix="five-colour-bench-")


@st.cache_resource
def shapes(number: int) -> str:
    """The name of the file of shapes: what lies in it."""
    content = shapes_file(made_up.areas(number))
    name = f"{hashlib.sha256(content).hexdigest()}.json"
    (Path(shapes_folder().name) / name).write_bytes(content)
    return name


@st.cache_resource
def script() -> str:
    """The name of the file of the frame's script: what lies in it."""
    content = frame_file(frame_words("zh"))
    name = f"{hashlib.sha256(content).hexdigest()}.js"
    (Path(shapes_folder().name) / name).write_bytes(content)
    return name


def draw(ranks: np.ndarray) -> None:
    """As the pages do."""
    before = made_up.ranks(page.number(), made_up.LIGHTEST)
    st_folium(
        base_map(f"{folder_url}/{name}", f"{folder_url}/{frame}", leaflet_url=leaflet_url, fonts_url=fonts_url),
        key=f"map-{name[:12]}",
        height=page.HEIGHT,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=recolour(
            list(tiers.names(ranks)),
            None,
            "".join(np.select([ranks > before, ranks < before], ["+", "-"], ".")),
        ),
    )


st.set_page_config(layout="wide")
leaflet_url, fonts_url = page.served("leaflet", leaflet.BASE_DIR), page.served("fonts", FONTS)
folder_url = page.served("shapes", shapes_folder().name)
name, frame = shapes(page.number()), script()
page.workbench(draw)

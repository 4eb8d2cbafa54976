"""The files that a map's frame fetches from this server: Leaflet, its script, and the shapes of the areas."""

from __future__ import annotations

import tempfile
from hashlib import sha256
from pathlib import Path

import geopandas as gpd
import streamlit as st
from xstatic.pkg import leaflet

from analytics.drawing.area_map import frame_file, shapes_file
from analytics.scoring import Assessment
from analytics.wording.map_frame import frame_words
from analytics.words import Language
from analytics.workspace.datasets import Dataset

# Streamlit serves each of these folders under the name of the module that declares it.
_LEAFLET = st.components.v1.declare_component("leaflet", path=leaflet.BASE_DIR)


def leaflet_url() -> str:
    """The folder in which a map's frame finds Leaflet."""
    return f"../{_LEAFLET.name}"


def shapes_url(data: Dataset, assessment: Assessment, context: gpd.GeoDataFrame | None) -> str | None:
    """Where a map's frame fetches the shapes of the scored areas; None when the areas have none."""
    areas = assessment.areas
    if not isinstance(areas, gpd.GeoDataFrame) or areas.geometry.isna().all():
        return None
    # Frames that were frozen are other objects with the same shapes: the file's name is what it holds.
    name = data.results.get(("shapes", id(areas)), lambda: (areas, _shapes_file(assessment, context)))[1]
    return f"../{__name__}.shapes/{name}"


@st.cache_resource(show_spinner=False)
def frame_url(lang: Language) -> str:
    """Where a map's frame fetches its own script, which says what it says in ``lang``."""
    return f"../{__name__}.shapes/{_written(frame_file(frame_words(lang)), 'js')}"


def _shapes_file(assessment: Assessment, context: gpd.GeoDataFrame | None) -> str:
    areas = assessment.areas
    return _written(shapes_file(areas.assign(parent_name=areas["parent_id"].map(assessment.parents)), context), "json")


def _written(content: bytes, ending: str) -> str:
    name = f"{sha256(content).hexdigest()}.{ending}"
    (Path(_shapes_folder().name) / name).write_bytes(content)
    return name


@st.cache_resource(show_spinner=False)
def _shapes_folder() -> tempfile.TemporaryDirectory:
    """The server hands this folder out to frames, each file under the digest of what lies in it; shapes carry no data.

    Only its owner may read it, it is made with the first map, and it is gone when the server ends.
    """
    folder = tempfile.TemporaryDirectory(prefix="five-colour-shapes-")
    st.components.v1.declare_component("shapes", path=folder.name)
    return folder

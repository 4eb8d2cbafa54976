"""What the four pages share: the number of areas, the slider, our own rescoring, the folders that are handed out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import streamlit as st

from analytics.benchmarks.apps import made_up

HEIGHT = 560
"""Of a map, in px."""


def number() -> int:
    """How many areas the address asks for."""
    return int(st.query_params["areas"])


@st.cache_resource
def collection(number: int) -> dict:
    """The areas as GeoJSON, for the ways that send them at each change: read once, and the shapes alone."""
    return json.loads(made_up.areas(number)[["geometry"]].to_json())


@st.fragment
def workbench(draw: Callable[[np.ndarray], None]) -> None:
    """The slider, and the map that ``draw`` makes of the ranks (areas,); a change runs these two alone."""
    weight = st.slider("weight", made_up.LIGHTEST, made_up.HEAVIEST, step=made_up.STEP, label_visibility="collapsed")
    draw(made_up.ranks(number(), weight))


def served(name: str, folder: Path | str) -> str:
    """The address of a folder as a map's frame sees it."""
    return f"../{st.components.v1.declare_component(name, path=str(folder)).name}"

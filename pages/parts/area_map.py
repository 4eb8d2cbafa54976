"""The map in a page: the frame that stays, the colours that change, and the click that chooses an area."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit_folium import st_folium

from analytics import session
from analytics.drawing import area_map, cards
from analytics.scoring import Assessment, changes
from analytics.words import say
from pages.parts.controls import Choice


def show_map(choice: Choice, assessment: Assessment, selected: str | None, height: int) -> None:
    """Draw the last day of ``assessment``; a click on an area becomes the chosen one."""
    lang = choice.lang
    url = session.shapes_url(choice.data, choice.scheme)
    if url is None:
        st.info(say(lang, "overview.map_missing"))
        return
    words = area_map.FrameWords(
        lang=lang,
        label=say(lang, "overview.map_label"),
        zoom_in=say(lang, "overview.zoom_in"),
        zoom_out=say(lang, "overview.zoom_out"),
        missing=say(lang, "overview.shapes_missing"),
    )
    key = f"map-{choice.data.fingerprint[:12]}-{choice.scheme.level}-{lang}"
    st_folium(
        area_map.base_map(url, words),
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=area_map.recolour(
            list(cards.tiers_of(assessment)), selected, _marks(assessment), cards.pointer_words(lang)
        ),
        on_change=partial(_clicked, key),
    )


def _marks(assessment: Assessment) -> str:
    moved = changes(assessment)["heavier"].map({True: "+", False: "-"})
    return "".join(moved.reindex(assessment.areas.index).fillna("."))


def _clicked(key: str) -> None:
    drawing = (st.session_state.get(key) or {}).get("last_active_drawing")
    if drawing:
        session.chosen()["area"] = drawing["properties"]["area_id"]

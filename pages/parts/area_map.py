"""The map in a page: the frame that stays, the colours that change, and the click that chooses an area."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit_folium import st_folium

from analytics.drawing import area_map
from analytics.scoring import Assessment, changes
from analytics.scoring.summary import carried_areas, shown_tiers
from analytics.scoring.what_if import WhatIf
from analytics.wording.map_frame import comparison_pointer
from analytics.words import Language, say
from analytics.workspace.views import Overview
from pages.parts import state
from pages.parts.controls import Choice
from pages.parts.map_files import frame_url, leaflet_url, shapes_url


def show_map(choice: Choice, view: Overview, selected: str | None, height: int) -> None:
    """Draw the last day of what is shown; a click on an area becomes the chosen one."""
    carried = carried_areas(view.pair).tolist()
    drawn = area_map.recolour(list(shown_tiers(view.pair)), selected, _marks(view.pair), carried=carried)
    _clickable(choice, shapes_url(choice.data, view.pair, view.context), "map", height, drawn)


def show_trial(choice: Choice, trial: WhatIf, view: str, selected: str | None, height: int) -> None:
    """Draw a trial: the draft (``after``), the scheme in use (``before``), or the colours of what ``changed`` alone; a
    click on an area becomes the chosen one."""
    then, shown = shown_tiers(trial.before).tolist(), shown_tiers(trial.after).tolist()
    carried = carried_areas(trial.before if view == "before" else trial.after)
    if view == "before":
        shown = then
    elif view == "changed":
        shown = [new if new != old else area_map.PLAIN for old, new in zip(then, shown, strict=True)]
        carried &= trial.after.shown[-1] != trial.before.shown[-1]
    marks = trial.marks if view != "before" else None
    drawn = area_map.recolour(shown, selected, marks, carried=carried.tolist())
    url = shapes_url(choice.data, trial.after, choice.data.context)
    _clickable(choice, url, "map-trial", height, drawn)


def show_side(lang: Language, url: str, assessment: Assessment, marks: str | None, side: str, height: int) -> None:
    """Draw the last day of one of two releases; ``marks`` as `area_map.recolour` takes them, ``side`` names the map."""
    st_folium(
        area_map.base_map(url, frame_url(lang), leaflet_url()),
        key=_key(f"map-{side}", url, lang),
        height=height,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=area_map.recolour(
            list(shown_tiers(assessment)), None, marks, comparison_pointer(lang), carried_areas(assessment).tolist()
        ),
    )


def _clickable(choice: Choice, url: str | None, name: str, height: int, drawn: area_map.Recoloured) -> None:
    if url is None:
        st.info(say(choice.lang, "overview.map_missing"))
        return
    key = _key(name, url, choice.lang)
    st_folium(
        area_map.base_map(url, frame_url(choice.lang), leaflet_url()),
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=drawn,
        on_change=partial(_clicked, key),
    )


def _key(name: str, url: str, lang: Language) -> str:
    """Of a frame: it stays the same while its shapes and its language do."""
    return f"{name}-{url.rpartition('/')[2][:12]}-{lang}"


def _marks(assessment: Assessment) -> str:
    moved = changes(assessment)["raised"].map({True: "+", False: "-"})
    return "".join(moved.reindex(assessment.areas.index).fillna("."))


def _clicked(key: str) -> None:
    drawing = (st.session_state.get(key) or {}).get("last_active_drawing")
    if drawing:
        state.chosen()["area"] = drawing["properties"]["area_id"]

"""The map in a page: the frame that stays, the colours that change, and the click that chooses an area."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from analytics.drawing import area_map
from analytics.marks import KEEPING
from analytics.scoring import Assessment, changes
from analytics.scoring.summary import area_marks, shown_tiers
from analytics.scoring.what_if import WhatIf
from analytics.wording.map_frame import comparison_pointer
from analytics.words import Language, say
from analytics.workspace.response import ResponseView
from analytics.workspace.views import Overview
from pages.parts import pressing, state
from pages.parts.controls import Choice
from pages.parts.empty_state import nothing_here
from pages.parts.map_files import frame_url, leaflet_url, shapes_url


def show_map(
    choice: Choice, view: Overview, selected: str | None, height: int, tier: str | None = None, page: str = ""
) -> None:
    """Draw the last day of what is shown, areas of ``tier`` outlined; a click on an area becomes the chosen one, and a
    second one leads to the ``page`` of the area where there is one."""
    shown = shown_tiers(view.pair)
    flags = {**_keeping(area_marks(view.pair)), "outlined": (shown == tier).tolist()}
    drawn = area_map.recolour(list(shown), selected, _marks(view.pair), flags=flags)
    url = shapes_url(choice.data, view.pair, view.context)
    _clickable(choice, url, "map", height, drawn, page)


def show_response(choice: Choice, shown: ResponseView, outlined: pd.Series, selected: str | None, height: int) -> None:
    """Draw the last day, hatched where an area is not on target, the other way where it is not judged, with lines
    around those that are asked for; a click on an area chooses it, and a second one leads to its page."""
    hatched = {state: (shown.states == state).tolist() for state in ("behind", "untold")}
    flags = {**hatched, "outlined": outlined.tolist()}
    drawn = area_map.recolour(list(shown_tiers(shown.run)), selected, None, flags=flags)
    _clickable(choice, shapes_url(choice.data, shown.run, shown.context), "map-response", height, drawn, "area")


def show_trial(choice: Choice, trial: WhatIf, view: str, selected: str | None, height: int) -> None:
    """Draw a trial: the draft (``after``), the scheme in use (``before``), or the colours of what ``changed`` alone; a
    click on an area becomes the chosen one."""
    then, shown = shown_tiers(trial.before).tolist(), shown_tiers(trial.after).tolist()
    keeping = area_marks(trial.before if view == "before" else trial.after)
    if view == "before":
        shown = then
    elif view == "changed":
        shown = [new if new != old else area_map.PLAIN for old, new in zip(then, shown, strict=True)]
        keeping = keeping.mul(trial.after.shown[-1] != trial.before.shown[-1], axis=0)
    marks = trial.marks if view != "before" else None
    drawn = area_map.recolour(shown, selected, marks, flags=_keeping(keeping))
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
            list(shown_tiers(assessment)), None, marks, comparison_pointer(lang), _keeping(area_marks(assessment))
        ),
    )


def _clickable(
    choice: Choice, url: str | None, name: str, height: int, drawn: area_map.Recoloured, page: str = ""
) -> None:
    if url is None:
        nothing_here(choice.lang, say(choice.lang, "overview.map_missing"), "data", name)
        return
    key = _key(name, url, choice.lang)
    st_folium(
        area_map.base_map(url, frame_url(choice.lang), leaflet_url()),
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=drawn,
        on_change=partial(_clicked, key, page),
    )


def _key(name: str, url: str, lang: Language) -> str:
    """Of a frame: it stays the same while its shapes and its language do."""
    return f"{name}-{url.rpartition('/')[2][:12]}-{lang}"


def _marks(assessment: Assessment) -> str:
    moved = changes(assessment)["raised"].map({True: "+", False: "-"})
    return "".join(moved.reindex(assessment.areas.index).fillna("."))


def _keeping(marks: pd.DataFrame) -> dict[str, list[bool]]:
    """What keeps the tiers, as `area_map.recolour` takes it."""
    return {mark: marks[mark].astype(bool).tolist() for mark in KEEPING}


def _clicked(key: str, page: str) -> None:
    drawing = (st.session_state.get(key) or {}).get("last_active_drawing")
    if not drawing:
        return
    area_id = drawing["properties"]["area_id"]
    if page and state.chosen().get("area") == area_id:
        pressing.press(f"{page}?area={quote(area_id)}")
    state.chosen()["area"] = area_id

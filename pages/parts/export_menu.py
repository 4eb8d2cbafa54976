"""Any chart, table or map of a page to take along: one quiet button, and nothing is drawn before it is pressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import geopandas as gpd
import pandas as pd
import streamlit as st

from analytics.briefing import tables
from analytics.briefing.exhibit import FORMS, MEDIA, Exhibit, Form, Kind, as_tabs, exhibit_file, file_name
from analytics.errors import UserError
from analytics.scoring import Assessment
from analytics.words import Language, say
from pages.parts.controls import Choice
from pages.parts.provenance_lines import place_of, provenance_lines
from pages.parts.releasing import say_all

Make = Callable[[], Exhibit]


def table(
    choice: Choice, title: str, make: Callable[[], pd.DataFrame], *,
    kind: Kind = "table", lines: tuple[str, ...] | None = None, hint: str = "", **blanks: object,
) -> tuple[str, Make]:  # fmt: skip
    """A table or a chart by the words of ``title``; ``lines`` where they are not those of :func:`provenance_lines`, and
    a ``hint`` where the place is not all that is to be said under the title."""
    said = say(choice.lang, title, **blanks)
    return said, lambda: Exhibit(
        choice.lang, said, hint or place_of(choice), lines or provenance_lines(choice), make(), kind
    )


def map_of(
    choice: Choice, title: str, assessment: Assessment, context: gpd.GeoDataFrame | None, heavier: Mapping[str, bool],
    lines: tuple[str, ...] | None = None,
) -> tuple[str, Make]:  # fmt: skip
    """The map of the last day with marks on the areas that became ``heavier`` or lighter, and its areas as a table."""
    said = say(choice.lang, title)

    def make() -> Exhibit:
        held = assessment.counts().iloc[-1].astype(int).to_dict()
        under = (*(lines or provenance_lines(choice)), say(choice.lang, "page.base_map"))
        marks = tuple(say(choice.lang, f"overview.{way}") for way in ("heavier", "lighter")) if heavier else ()
        return Exhibit(
            choice.lang, said, place_of(choice), under, tables.areas(choice.lang, assessment), "map",
            tables.map_picture(assessment, context, heavier), held, marks,
            assessment.days[-1].date(),
        )  # fmt: skip

    return said, make


def save_menu(lang: Language, day: date, exhibits: Mapping[str, Make]) -> None:
    """A button that opens a choice of ``exhibits`` (by title), a picture of the chosen one, and its files."""
    if st.button(say(lang, "exhibits.save"), key="save_menu"):
        st.dialog(say(lang, "exhibits.save"), width="large")(_choose)(lang, day, exhibits)


def _choose(lang: Language, day: date, exhibits: Mapping[str, Make]) -> None:
    title = st.selectbox(say(lang, "exhibits.which"), list(exhibits), key="save_which", label_visibility="collapsed")
    files: dict[Form, bytes] = {}
    try:
        exhibit = exhibits[title]()
        for form in FORMS:
            files[form] = exhibit_file(exhibit, form)
    except UserError as error:
        say_all(lang, error.problems)
    if not files:
        return
    with st.container(horizontal=True):
        for form, content in files.items():
            st.download_button(
                say(lang, f"exhibits.form_{form}"),
                content,
                file_name(exhibit, day, form),
                MEDIA[form],
                key=f"save_{form}",
                on_click="ignore",
            )
    if "png" in files:
        st.image(files["png"], width="stretch")
    with st.expander(say(lang, "exhibits.copy")):
        st.caption(say(lang, "exhibits.copy_hint"))
        st.code(as_tabs(exhibit), language=None, height=180)

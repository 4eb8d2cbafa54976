"""Any chart, table or map of a page to take along: one quiet button, and nothing is drawn before it is pressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import geopandas as gpd
import pandas as pd
import streamlit as st

from analytics import session
from analytics.briefing import tables
from analytics.briefing.exhibit import FORMS, MEDIA, Exhibit, Kind, as_tabs, exhibit_file, file_name
from analytics.drawing import cards
from analytics.drawing.releases import code_of
from analytics.errors import UserError
from analytics.scoring import Assessment
from analytics.store.ledger import ReleaseEntry
from analytics.words import Language, say
from pages.parts.controls import Choice
from pages.parts.releasing import say_all

Make = Callable[[], Exhibit]


def about(choice: Choice, more: str = "", release: ReleaseEntry | None = None) -> tuple[str, ...]:
    """What has to stand beside everything that is taken along from a page: ``more`` on what is chosen in it, and the
    ``release`` that it shows where that is not the one of the controls."""
    lang = choice.lang
    shown = release or choice.release
    name = say(lang, "exhibits.unreleased")
    if shown:
        name = say(lang, "exhibits.release", release=cards.release_name(lang, shown), code=code_of(shown))
    version = say(lang, "page.scheme_version", name=choice.scheme.name.text(lang), version=choice.scheme.version)
    lines = (
        say(lang, "overview.names", names=[cards.cut_off(lang, shown.day if shown else choice.day), name, version]),
        more,
        say(lang, "briefing.order"),
        _source(choice),
    )
    return tuple(line for line in lines if line)


def about_today(choice: Choice) -> tuple[str, ...]:
    """What has to stand beside a list that is of no day but as it is now."""
    return say(choice.lang, "exhibits.as_of", day=session.today()), _source(choice)


def _source(choice: Choice) -> str:
    notice, source = (session.text_of(choice.lang, texts) for texts in (choice.data.notice, choice.data.source))
    named = say(choice.lang, "page.source", source=source)
    return say(choice.lang, "overview.names", names=[text for text in (named, notice) if text])


def _place(choice: Choice) -> str:
    """Whose areas these are and of which level."""
    level = say(choice.lang, f"templates.word_level_{choice.scheme.level}")
    return say(choice.lang, "exhibits.place", data=session.dataset_names(choice.lang)[choice.data.id], level=level)


def table(
    choice: Choice, title: str, make: Callable[[], pd.DataFrame], *,
    kind: Kind = "table", lines: tuple[str, ...] | None = None, hint: str = "", **blanks: object,
) -> tuple[str, Make]:  # fmt: skip
    """A table or a chart by the words of ``title``; ``lines`` where they are not those of :func:`about`, and a ``hint``
    where the place is not all that is to be said under the title."""
    said = say(choice.lang, title, **blanks)
    return said, lambda: Exhibit(choice.lang, said, hint or _place(choice), lines or about(choice), make(), kind)


def map_of(
    choice: Choice, title: str, assessment: Assessment, context: gpd.GeoDataFrame | None, heavier: Mapping[str, bool],
    lines: tuple[str, ...] | None = None,
) -> tuple[str, Make]:  # fmt: skip
    """The map of the last day with marks on the areas that became ``heavier`` or lighter, and its areas as a table."""
    said = say(choice.lang, title)

    def make() -> Exhibit:
        held = assessment.counts().iloc[-1].astype(int).to_dict()
        under = (*(lines or about(choice)), say(choice.lang, "page.base_map"))
        marks = tuple(say(choice.lang, f"overview.{way}") for way in ("heavier", "lighter")) if heavier else ()
        return Exhibit(
            choice.lang, said, _place(choice), under, tables.areas(choice.lang, assessment), "map",
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
    try:
        exhibit = exhibits[title]()
        files = {form: exhibit_file(exhibit, form) for form in FORMS}
    except UserError as error:
        say_all(lang, error.problems)
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
    st.image(files["png"], width="stretch")
    with st.expander(say(lang, "exhibits.copy")):
        st.caption(say(lang, "exhibits.copy_hint"))
        st.code(as_tabs(exhibit), language=None, height=180)

"""Any chart, table or map of a page to take along: one quiet button, and nothing is drawn before it is pressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

import streamlit as st

from analytics.briefing.exhibit import exhibit_file
from analytics.errors import UserError
from analytics.exhibits.exhibit import Exhibit, PendingExhibit, as_tabs, file_name
from analytics.file_kinds import EXHIBIT_FORMATS, MEDIA_TYPES, ExhibitFormat
from analytics.words import say
from analytics.workspace import copies
from pages.parts.confirming import say_all
from pages.parts.controls import Choice


def save_menu(choice: Choice, day: date, exhibits: Sequence[PendingExhibit]) -> None:
    """A button that opens a choice of ``exhibits``, a picture of the chosen one, and its files: each that is taken
    along is a copy with a number of its own."""
    lang = choice.lang
    if st.button(say(lang, "exhibits.save"), key="save_menu"):
        by_title = {exhibit.title: exhibit for exhibit in exhibits}
        st.dialog(say(lang, "exhibits.save"), width="large")(_choose)(choice, day, by_title)


def _choose(choice: Choice, day: date, exhibits: Mapping[str, PendingExhibit]) -> None:
    lang = choice.lang
    title = st.selectbox(say(lang, "exhibits.which"), list(exhibits), key="save_which", label_visibility="collapsed")
    files: dict[ExhibitFormat, bytes] = {}
    try:
        copies.require_logged(choice.ws, choice.data)
        exhibit = replace(exhibits[title].make(), heading=say(lang, "papers.internal"))
        for form in EXHIBIT_FORMATS:
            files[form] = exhibit_file(exhibit, form)
    except UserError as error:
        say_all(lang, error.problems)
    if not files:
        return
    with st.container(horizontal=True):
        for form in files:
            st.download_button(
                say(lang, f"exhibits.form_{form}"),
                partial(_copy, choice, exhibit, form),
                file_name(exhibit, day, form),
                MEDIA_TYPES[form],
                key=f"save_{form}",
                on_click="ignore",
            )
    if "png" in files:
        st.image(files["png"], width="stretch")
    with st.expander(say(lang, "exhibits.copy")):
        st.caption(say(lang, "exhibits.copy_hint"))
        st.code(as_tabs(exhibit), language=None, height=180)


def _copy(choice: Choice, exhibit: Exhibit, form: ExhibitFormat) -> bytes:
    """The file of a copy, made and logged when it is taken."""
    digest = choice.release.digest if choice.release else ""
    heading = copies.heading_of_copy(choice.ws, choice.data, exhibit.lang, exhibit.title, form, digest)
    return exhibit_file(replace(exhibit, heading=heading), form)

"""Any chart, table or map of a page to take along: one quiet button, and nothing is drawn before it is pressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256

import streamlit as st

from analytics.briefing.exhibit import exhibit_file
from analytics.errors import UserError
from analytics.exhibits.exhibit import PendingExhibit, as_tabs, file_name
from analytics.file_kinds import EXHIBIT_FORMATS, MEDIA_TYPES, ExhibitFormat
from analytics.words import Language, say
from analytics.workspace import ledgers
from pages.parts.confirming import say_all, told_unless_done
from pages.parts.in_view import dataset
from pages.parts.state import workspace


def save_menu(lang: Language, day: date, exhibits: Sequence[PendingExhibit]) -> None:
    """A button that opens a choice of ``exhibits``, a picture of the chosen one, and its files."""
    if st.button(say(lang, "exhibits.save"), key="save_menu"):
        by_title = {exhibit.title: exhibit for exhibit in exhibits}
        st.dialog(say(lang, "exhibits.save"), width="large")(_choose)(lang, day, by_title)


def log_taken(lang: Language, name: str, content: bytes) -> None:
    """Tell in the audit trail that this file was taken along; what keeps that from being told is said."""
    ws = workspace()
    digest = sha256(content).hexdigest()
    told_unless_done(lang, lambda: ledgers.log_taken(ws, dataset(ws)[0], name, digest))


def _choose(lang: Language, day: date, exhibits: Mapping[str, PendingExhibit]) -> None:
    title = st.selectbox(say(lang, "exhibits.which"), list(exhibits), key="save_which", label_visibility="collapsed")
    files: dict[ExhibitFormat, bytes] = {}
    try:
        exhibit = exhibits[title].make()
        for form in EXHIBIT_FORMATS:
            files[form] = exhibit_file(exhibit, form)
    except UserError as error:
        say_all(lang, error.problems)
    if not files:
        return
    with st.container(horizontal=True):
        for form, content in files.items():
            name = file_name(exhibit, day, form)
            st.download_button(
                say(lang, f"exhibits.form_{form}"),
                content,
                name,
                MEDIA_TYPES[form],
                key=f"save_{form}",
                on_click=log_taken,
                args=(lang, name, content),
            )
    if "png" in files:
        st.image(files["png"], width="stretch")
    with st.expander(say(lang, "exhibits.copy")):
        st.caption(say(lang, "exhibits.copy_hint"))
        st.code(as_tabs(exhibit), language=None, height=180)

"""The public version of a release: a place of its own, apart from the button that hands out internal papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from analytics.briefing.exhibit import exhibit_file
from analytics.drawing.html import card_title
from analytics.errors import UserError
from analytics.exhibits.exhibit import Exhibit, file_name
from analytics.file_kinds import EXHIBIT_FORMATS, MEDIA_TYPES, PICTURE_FORMATS, ExhibitFormat
from analytics.scheme.basics import required
from analytics.store.ledger_entries import ReleaseEntry
from analytics.words import Language, say
from analytics.workspace import public
from pages.parts.confirming import say_all
from pages.parts.controls import Choice


def show_public(choice: Choice, entry: ReleaseEntry) -> None:
    """What of a release may leave for the public, once it is asked for: a table and a map, each with its files."""
    lang = choice.lang
    with st.container(key="public_file"):
        st.html(card_title(lang, "public.heading"))
        st.caption(say(lang, "public.about"))
        if st.toggle(say(lang, "public.make"), key="public_make"):
            made = partial(public.exhibit_of, choice.ws, choice.data, entry, lang)
            take(lang, "public.take", made)
            take(lang, "public.take_map", partial(made, as_map=True), PICTURE_FORMATS)


def take(
    lang: Language, label: str, make: Callable[[], Exhibit], forms: Sequence[ExhibitFormat] = EXHIBIT_FORMATS
) -> None:
    """A picture of a public exhibit and its files, or why there is none."""
    try:
        exhibit = make()
        files = {form: exhibit_file(exhibit, form) for form in forms}
    except UserError as error:
        say_all(lang, error.problems)
        return
    st.image(files["png"], width="stretch")
    with st.container(horizontal=True):
        for form, content in files.items():
            st.download_button(
                say(lang, label, form=say(lang, f"exhibits.form_{form}")),
                content,
                file_name(exhibit, required(exhibit.day), form),
                MEDIA_TYPES[form],
                key=f"{label}_{form}",
                on_click="ignore",
            )

"""Taking a briefing along: how it is to look, what it will look like, and the file."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from analytics.briefing.appearance import Appearance
from analytics.briefing.colour_vision import VISIONS, Vision, indistinguishable_tiers
from analytics.briefing.rendering import ExportOptions, file_name
from analytics.file_kinds import IN_TWO_THEMES, MEDIA_TYPES, ON_A_SHEET, SIZES, THEMES, ending_of
from analytics.wording.tiers import marked
from analytics.words import Language, say
from analytics.workspace import briefings
from pages.parts.controls import Choice

PLAIN = "plain"


def one_of(label: str, key: str, options: Mapping[str, str]) -> str:
    """One of a few things, whose words are given by their ids; the first to begin with."""
    return st.segmented_control(
        label, list(options), default=next(iter(options)), key=key, required=True, format_func=options.get
    )


def choose_look(lang: Language, form: str) -> tuple[ExportOptions, Vision | None]:
    """What is chosen of light and dark, of size and of the eyes that it must serve; where two tiers merge for these,
    patterns are switched on."""
    theme, size = THEMES[0], SIZES[0]
    if form in IN_TWO_THEMES:
        themes = {theme: say(lang, f"briefing.theme_{theme}") for theme in THEMES}
        theme = one_of(say(lang, "briefing.choose_theme"), "brief_theme", themes)
    if form in ON_A_SHEET:
        sizes = {size: say(lang, f"briefing.size_{size}") for size in SIZES}
        size = one_of(say(lang, "briefing.choose_size"), "brief_size", sizes)
    visions = {vision: say(lang, f"briefing.vision_{vision}") for vision in (PLAIN, *VISIONS)}
    chosen = one_of(say(lang, "briefing.choose_vision"), "brief_vision", visions)
    vision = None if chosen == PLAIN else chosen
    merged = indistinguishable_tiers(theme, vision) if vision else ()
    if vision:
        pairs = [say(lang, "briefing.pair", one=marked(lang, a), other=marked(lang, b)) for a, b in merged]
        st.caption(say(lang, "briefing.merging", pairs=pairs) if pairs else say(lang, "briefing.apart"))
    return ExportOptions(form, Appearance(theme, bool(merged)), size), vision


def show_preview(choice: Choice, wanted: ExportOptions, vision: Vision | None) -> None:
    """The sheet as it would be, in the eyes of ``vision``."""
    look = ExportOptions("png", wanted.appearance, "1080p" if wanted.size == "4k" else wanted.size)
    with st.spinner(say(choice.lang, "briefing.making")):
        picture = briefings.preview(choice.ws, choice.data, choice.release, choice.lang, look, vision)
    st.image(picture, width="stretch")
    if wanted.form not in ON_A_SHEET:
        st.caption(say(choice.lang, "briefing.preview_of_sheet"))


def show_file(choice: Choice, wanted: ExportOptions, template: bytes | None) -> None:
    """The button that hands the file over, once it is there."""
    lang = choice.lang
    told = briefings.briefing(choice.ws, choice.data, choice.release, lang)
    with st.spinner(say(lang, "briefing.making")):
        content = briefings.briefing_file(choice.ws, choice.data, choice.release, lang, wanted, template)
    st.download_button(
        say(lang, "briefing.take", kind=say(lang, f"briefing.kind_{wanted.form}"), size=f"{len(content) / 1024:,.0f}"),
        content,
        file_name(told, wanted),
        MEDIA_TYPES[ending_of(wanted.form)],
        key="take",
        type="primary",
        on_click="ignore",
        width="stretch",
    )

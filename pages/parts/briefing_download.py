"""Taking a briefing along: how it is to look, what it will look like, and the file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from analytics.briefing.appearance import Appearance
from analytics.briefing.colour_vision import VISIONS, Vision, indistinguishable_tiers
from analytics.briefing.rendering import ExportOptions, file_name
from analytics.briefing.show import show
from analytics.file_kinds import IN_TWO_THEMES, MEDIA_TYPES, ON_A_SHEET, SIZES, THEMES, ending_of
from analytics.wording.tiers import marked
from analytics.words import say
from analytics.workspace import briefings
from pages.parts.confirming import told_unless_done
from pages.parts.controls import Choice

PLAIN = "plain"
PREVIEW_HEIGHT = 620


def one_of(label: str, key: str, options: Mapping[str, str]) -> str:
    """One of a few things, whose words are given by their ids; the first to begin with, and what was chosen last where
    it was not asked about in between, as of a paper, which has no theme."""
    last = f"{key}_last"
    st.session_state.setdefault(key, st.session_state.get(last, next(iter(options))))
    chosen = st.segmented_control(label, list(options), key=key, required=True, format_func=options.get)
    st.session_state[last] = chosen
    return chosen


def choose_look(choice: Choice, form: str) -> tuple[ExportOptions, Vision | None]:
    """What is chosen of light and dark, of size and of the eyes that it must serve; where two tiers merge for these,
    patterns are switched on. And of a report, for those who may see numbers, whether it has them."""
    lang, theme, size = choice.lang, THEMES[0], SIZES[0]
    if form == "report" and choice.ws.actor.may("load"):
        numbered = st.toggle(say(lang, "meeting.with_numbers"), key="brief_numbered")
        st.caption(say(lang, "meeting.with_numbers_hint"))
        return ExportOptions(form, numbered=numbered), None
    if form in IN_TWO_THEMES:
        themes = {theme: say(lang, f"briefing.theme_{theme}") for theme in THEMES}
        theme = one_of(say(lang, "briefing.choose_theme"), "brief_theme", themes)
    if form in ON_A_SHEET:
        sizes = {size: say(lang, f"briefing.size_{size}") for size in SIZES}
        size = one_of(say(lang, "briefing.choose_size"), "brief_size", sizes)
    if form not in ON_A_SHEET:
        return ExportOptions(form, Appearance(theme), size), None
    visions = {vision: say(lang, f"briefing.vision_{vision}") for vision in (PLAIN, *VISIONS)}
    chosen = one_of(say(lang, "briefing.choose_vision"), "brief_vision", visions)
    vision = None if chosen == PLAIN else chosen
    merged = indistinguishable_tiers(theme, vision) if vision else ()
    if vision:
        pairs = [say(lang, "briefing.pair", one=marked(lang, a), other=marked(lang, b)) for a, b in merged]
        st.caption(say(lang, "briefing.merging", pairs=pairs) if pairs else say(lang, "briefing.apart"))
    return ExportOptions(form, Appearance(theme, bool(merged)), size), vision


def show_preview(choice: Choice, wanted: ExportOptions, vision: Vision | None, template: bytes | None) -> None:
    """What is chosen as it would be; of slides, which only their own program can draw, the presentation of the same
    release, and of a document the text without its pages."""
    with st.spinner(say(choice.lang, "briefing.making")):
        match wanted.form:
            case "report" | "bulletin":
                _show_pages(choice, wanted)
            case "docx":
                _show_document(choice, template)
            case "pptx":
                _show_presentation(choice, wanted)
            case _:
                _show_sheet(choice, wanted, vision)


def _show_pages(choice: Choice, wanted: ExportOptions) -> None:
    found = briefings.preview_pages(choice.ws, choice.data, choice.release, choice.lang, wanted)
    key = "briefing.pages_all" if found.shown == found.pages else "briefing.pages_shown"
    st.caption(say(choice.lang, key, n=found.shown, pages=found.pages))
    with st.container(height=PREVIEW_HEIGHT, border=False):
        st.image(found.picture, width="stretch")


def _show_document(choice: Choice, template: bytes | None) -> None:
    st.caption(say(choice.lang, "briefing.preview_of_document"))
    with st.container(height=PREVIEW_HEIGHT, border=False):
        st.html(briefings.preview_document(choice.ws, choice.data, choice.release, choice.lang, template))


def _show_presentation(choice: Choice, wanted: ExportOptions) -> None:
    told = briefings.briefing(choice.ws, choice.data, choice.release, choice.lang)
    st.caption(say(choice.lang, "briefing.preview_of_slides"))
    st.iframe(show(told, wanted.appearance.theme), height=PREVIEW_HEIGHT, alt=say(choice.lang, "briefing.show_label"))


def _show_sheet(choice: Choice, wanted: ExportOptions, vision: Vision | None) -> None:
    """The sheet as it would be, in the eyes of ``vision``."""
    look = ExportOptions("png", wanted.appearance, "1080p" if wanted.size == "4k" else wanted.size)
    st.image(briefings.preview(choice.ws, choice.data, choice.release, choice.lang, look, vision), width="stretch")


def show_file(choice: Choice, wanted: ExportOptions, template: bytes | None) -> None:
    """The button that hands the file over, once it is there."""
    lang = choice.lang
    told = briefings.briefing(choice.ws, choice.data, choice.release, lang)
    made = partial(briefings.file_to_take, choice.ws, choice.data, choice.release, lang, wanted, template)
    with st.spinner(say(lang, "briefing.making")):
        content = told_unless_done(lang, made)
    if content is None:
        return
    st.download_button(
        say(lang, "briefing.take", kind=say(lang, f"briefing.kind_{wanted.form}"), size=f"{len(content) / 1024:,.0f}"),
        partial(briefings.briefing_copy, choice.ws, choice.data, choice.release, lang, wanted, template),
        file_name(told, wanted),
        MEDIA_TYPES[ending_of(wanted.form)],
        key="take",
        type="primary",
        on_click="ignore",
        width="stretch",
    )

"""The row above a page: scheme, date, language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from analytics.drawing import cards
from analytics.drawing.html import card_head
from analytics.scheme import Scheme
from analytics.store.ledger_entries import ReleaseEntry
from analytics.wording.dates import cut_off
from analytics.wording.releases import release_name
from analytics.words import LANGUAGES, Language, say
from analytics.workspace import Workspace, published, schemes
from analytics.workspace.datasets import Dataset
from pages.parts import in_view, state


@dataclass(frozen=True, eq=False)
class Choice:
    """What a page is to show, and to whom."""

    ws: Workspace
    lang: Language
    data: Dataset
    scheme: Scheme
    day: date
    first: date
    newest: date
    release: ReleaseEntry | None = None


def language_switch() -> Language:
    """The two languages, each in its own."""
    lang = state.language()
    st.session_state.language = lang
    st.segmented_control(
        say(lang, "page.language"),
        LANGUAGES,
        format_func={"zh": "中文", "en": "English"}.get,
        key="language",
        label_visibility="collapsed",
        on_change=state.choose,
        args=("lang", "language"),
        required=True,
    )
    return lang


def control_row(releases: bool = False, dates: bool = True, working: bool = True) -> Choice:
    """Show the controls and return what they say, checked against the data; ``releases`` adds which one is shown, and
    whether the run that is not frozen is one of them (``working``); ``dates`` is for pages that show one."""
    ws = state.workspace()
    said_of_code = in_view.follow_code(ws)
    lang = state.language()
    with st.container(key="controls", horizontal=True, vertical_alignment="center"):
        data, data_gone = in_view.dataset(ws)
        scheme, scheme_unknown = in_view.scheme_for(ws, data)
        known = schemes.schemes(ws, data)
        st.session_state.scheme = scheme.id
        st.segmented_control(
            say(lang, "page.scheme"),
            list(known),
            format_func=lambda key: known[key].name.text(lang),
            key="scheme",
            label_visibility="collapsed",
            on_change=state.choose,
            args=("scheme", "scheme"),
            required=True,
        )
        st.space("stretch")
        release, release_gone = in_view.release_for(ws, data, scheme) if releases else (None, None)
        release = release or (None if working else published.newest_release(ws, data, scheme))
        if releases:
            _release_box(lang, published.releases(ws, data, scheme.id), release, working)
        day, moved = (release.day, None) if release else in_view.day_for(data, scheme)
        first, newest = data.days(scheme)
        if dates:
            st.html(card_head(lang, cut_off(lang, day)), width="content")
            st.session_state.date = day
            st.date_input(
                say(lang, "page.date"), min_value=min(first, day), max_value=max(newest, day), key="date", width=140,
                format="YYYY-MM-DD", label_visibility="collapsed", on_change=state.choose, args=("date", "date"),
            )  # fmt: skip
        language_switch()
    for said in filter(None, (said_of_code, data_gone, scheme_unknown, release_gone, moved)):
        st.info(said.text(lang))
    return Choice(ws, lang, data, scheme, day, first, newest, release)


def _release_box(lang: Language, known: Sequence[ReleaseEntry], shown: ReleaseEntry | None, working: bool) -> None:
    """Which release is shown; nothing to choose where there is none yet."""
    entries = {entry.name: entry for entry in known}
    if not entries:
        return
    st.session_state.release = shown.name if shown else state.WORKING
    st.selectbox(
        say(lang, "page.release"),
        [state.WORKING, *entries] if working else list(entries),
        format_func=lambda name: release_name(lang, entries.get(name)),
        key="release",
        width=215,
        label_visibility="collapsed",
        on_change=state.choose,
        args=("release", "release"),
    )


def footer(choice: Choice) -> None:
    """What every page ends with."""
    notice, source = (state.text_of(choice.lang, texts) for texts in (choice.data.notice, choice.data.source))
    st.html(cards.footer(choice.lang, choice.scheme, notice, source))

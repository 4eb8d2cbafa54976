"""The row above a page: scheme, date, language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import streamlit as st

from analytics.drawing import cards
from analytics.drawing.html import card_head
from analytics.scheme import Scheme
from analytics.store.ledger_entries import ReleaseEntry
from analytics.wording.dates import cut_off
from analytics.wording.releases import taken_back
from analytics.words import LANGUAGES, Language, say
from analytics.workspace import Workspace, published, settings
from analytics.workspace.baselines import Baseline
from analytics.workspace.datasets import Dataset
from pages.parts import in_view, state
from pages.parts.account_menu import account_menu, own_areas_line
from pages.parts.release_switch import release_box, step
from pages.parts.scheme_switch import say_why_unfit, scheme_switch


@dataclass(frozen=True, eq=False)
class Choice:
    """What a page is to show, to whom, and what it is held against."""

    ws: Workspace
    lang: Language
    data: Dataset
    scheme: Scheme
    day: date
    first: date
    newest: date
    release: ReleaseEntry | None
    baseline: Baseline


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


def control_row(
    releases: bool = False, dates: bool = True, working: bool = True, beside: Callable[[Choice], None] | None = None
) -> Choice:
    """Show the controls and return what they say, checked against the data; ``releases`` adds which one is shown, and
    whether the run that is not frozen is one of them (``working``); ``dates`` is for pages that show one. ``beside``
    draws a page's own controls among them."""
    ws = state.workspace()
    said_of_code = in_view.follow_code(ws)
    lang = state.language()
    with st.container(key="controls", horizontal=True, vertical_alignment="center"):
        data, data_gone = in_view.dataset(ws)
        scheme, scheme_unknown = in_view.scheme_for(ws, data)
        release, release_gone = in_view.release_for(ws, data, scheme) if releases else (None, None)
        release = release or (None if working else published.newest_release(ws, data, scheme))
        entries = published.releases(ws, data, scheme.id)
        day, moved = (release.day, None) if release else in_view.day_for(data, scheme)
        scheme_switch(ws, lang, data, scheme, day)
        st.space("stretch")
        first, newest = data.days(scheme)
        baseline, baseline_gone = in_view.baseline_for(ws, data, scheme, release, day)
        choice = Choice(ws, lang, data, scheme, day, first, newest, release, baseline)
        if beside:
            beside(choice)
        if releases:
            release_box(lang, entries, release, working=working)
        if dates:
            st.html(card_head(lang, cut_off(lang, day)), width="content")
        if dates and not release:  # a release is of its own day
            st.session_state.date = day
            st.date_input(
                say(lang, "page.date"), min_value=first, max_value=newest, key="date", width=140,
                format="YYYY-MM-DD", label_visibility="collapsed", on_change=state.choose, args=("date", "date"),
            )  # fmt: skip
        if releases and working:
            step(lang, entries, release)
        language_switch()
        account_menu(lang)
    say_why_unfit(ws, lang, data)
    if release and release.withdrawn:
        st.warning(taken_back(lang, release))
    if only := own_areas_line(lang, ws.actor, data):
        st.caption(only)
    for said in filter(None, (said_of_code, data_gone, scheme_unknown, release_gone, moved, baseline_gone)):
        st.info(said.text(lang))
    return choice


def footer(choice: Choice, release: ReleaseEntry | None = None) -> None:
    """What every page ends with: of the ``release`` that the page shows, where it is not that of the controls."""
    shown = release or choice.release
    held = published.frozen(choice.ws, choice.data, shown) if shown else None
    scheme, of = (held.scheme, held.manifest) if held else (choice.scheme, choice.data)
    notice, source = (state.text_of(choice.lang, texts) for texts in (of.notice, of.source))
    office = settings.office_settings(choice.ws, choice.data)
    st.html(cards.footer(choice.lang, scheme, shown.day if shown else choice.day, notice, source, office, shown))

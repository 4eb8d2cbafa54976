"""The building sweep that is on: its card, and the page that closes it for who may see records."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from analytics.drawing.sweep import SweepShown, empty_card, sweep_card
from analytics.errors import UserError
from analytics.exhibits.exhibit import PendingExhibit
from analytics.file_kinds import MEDIA_TYPES
from analytics.words import say
from analytics.workspace import sweep
from pages.parts.confirming import say_all
from pages.parts.controls import Choice

AREA_PAGE = "area"


def show_sweep(choice: Choice, tiers: Mapping[str, str]) -> None:
    """The card of the sweep that began last by the day shown, else of the next one, as a plan and without the page
    that closes it; how to have one where there is none. ``tiers``: of the areas, as the page shows them."""
    try:
        view = _view(choice)
    except UserError as error:
        say_all(choice.lang, error.problems)
        return
    if view is None:
        st.html(empty_card(choice.lang))
        return
    drawn = 0 if view.sample is None else len(view.sample)
    planned = None if view.state.begun else sweep.sweep_plan(choice.ws, view)
    shown = SweepShown(view.state, view.need, view.found, drawn, view.names, tiers, AREA_PAGE, view.records, planned)
    st.html(sweep_card(choice.lang, shown))
    if view.records and view.state.begun:
        ws, lang, data = choice.ws, choice.lang, choice.data
        st.download_button(
            say(lang, "sweep.closing_paper"),
            lambda: sweep.closing_paper(ws, data, view, lang),
            say(lang, "sweep.file_closing") + ".pdf",
            MEDIA_TYPES["pdf"],
            key="sweep_closing",
            on_click="ignore",
        )


def sweep_exhibits(choice: Choice) -> list[PendingExhibit]:
    """Its tables for the menu of the page; none where there is no sweep, or its file is wrong."""
    try:
        view = _view(choice)
    except UserError:
        return []
    return [one.exhibit for one in sweep.exhibits(choice.ws, view, choice.lang)] if view else []


def _view(choice: Choice) -> sweep.SweepView | None:
    name = sweep.campaign_on(choice.ws, choice.data, choice.day)
    return sweep.sweep_view(choice.ws, choice.data, name, choice.day) if name else None

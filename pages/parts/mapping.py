"""What a waiting file says, row by row, and which header each column is taken from."""

from __future__ import annotations

import streamlit as st

from analytics.drawing import loads
from analytics.loaders import Guess
from analytics.wording.loads import column_asked, headers_of, mapped_columns
from analytics.words import Language
from analytics.workspace.loads import remembered_columns
from pages.parts.controls import Choice
from pages.parts.waiting import WaitingFile

Columns = dict[str, str]
"""Column -> header, "" for none."""


def show_preview(lang: Language, place: st.delta_generator.DeltaGenerator, found: Guess, picked: Columns) -> None:
    """The first rows, under what their headers are now taken for."""
    place.html(loads.preview(lang, found, picked))


def mapped(choice: Choice, waiting: WaitingFile, found: Guess) -> tuple[Columns, dict[str, str | None]]:
    """Ask for the header of each column, what is needed first; what was picked, and where that is not the guess."""
    lang = choice.lang
    remembered = remembered_columns(choice.ws, found) or {}
    right = {**found.columns, **{column: header or "" for column, header in remembered.items()}}
    choices = headers_of(lang, found)
    picked = {}
    with st.grid(6, min_column_width=170):
        for column in mapped_columns(found.table):
            name = f"column_{found.table}_{column}"
            first = right.get(column, "")
            picked[column] = waiting.said[name] = st.selectbox(
                column_asked(lang, found.table, column),
                list(choices),
                format_func=choices.get,
                key=waiting.widget(name, lang, first if first in choices else ""),
            )
    # A case is not reported by the very cell that says when it happened: that would measure no delay at all.
    if picked.get("reported_at") and picked["reported_at"] == picked["occurred_at"]:
        picked["reported_at"] = ""
    corrected = {
        column: header or None
        for column, header in picked.items()
        if header != found.columns.get(column, "") or (header and column in found.only_similar)
    }
    return picked, corrected

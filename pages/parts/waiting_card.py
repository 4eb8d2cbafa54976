"""One waiting file on the page: what it is taken for, put right where it is wrong, and what it still lacks."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from analytics.errors import UserError
from analytics.loaders import DATUMS, TABLES, Guess
from analytics.wording.loads import lacking
from analytics.words import Language, Phrase, say
from analytics.workspace.loads import Incoming, guessed
from pages.parts.confirming import say_all
from pages.parts.controls import Choice
from pages.parts.mapping import mapped, show_preview
from pages.parts.waiting import WaitingFile, let_go


@dataclass(frozen=True)
class Asked:
    """A waiting file as it is to be loaded, None where it cannot be read at all; and what keeps it from that."""

    waiting: WaitingFile
    incoming: Incoming | None
    lacking: tuple[Phrase, ...] = ()


def ask_about(choice: Choice, waiting: WaitingFile) -> Asked:
    """Show what a file is taken for, its first rows and its columns, and let them be put right."""
    lang = choice.lang
    with st.container(key=f"file_{waiting.key}", border=True):
        head = st.container(horizontal=True, vertical_alignment="bottom", gap="large")
        try:
            found = _taken_for(choice, waiting, head)
        except UserError as error:
            _remove_button(lang, waiting, head)
            say_all(lang, error.problems)
            return Asked(waiting, None)
        datum = _datum(lang, waiting, found, head)
        _remove_button(lang, waiting, head)
        preview = st.empty()
        picked, corrected = mapped(choice, waiting, found)
        show_preview(lang, preview, found, picked)
        incoming = Incoming(found.table, waiting.file, datum, corrected, waiting.said.get("sheet"))
        # What was refused is said until it is put right.
        if incoming == waiting.refused:
            say_all(lang, waiting.problems)
    return Asked(waiting, incoming, lacking(found, waiting.file[0], picked))


def _taken_for(choice: Choice, waiting: WaitingFile, head: st.delta_generator.DeltaGenerator) -> Guess:
    lang = choice.lang
    taken_for = _guessed(choice, waiting, None)
    with head:
        table = waiting.said["table"] = st.segmented_control(
            waiting.file[0],
            TABLES,
            format_func=lambda table: say(lang, f"tables.{table}"),
            key=waiting.widget("table", lang, taken_for.table),
            required=True,
        )
    sheet = waiting.said["sheet"] = _sheet(lang, waiting, taken_for, head)
    same = table == taken_for.table and sheet is None
    return taken_for if same else _guessed(choice, waiting, table, sheet)


def _guessed(choice: Choice, waiting: WaitingFile, table: str | None, sheet: str | None = None) -> Guess:
    with st.spinner(say(choice.lang, "data.guessing", name=waiting.file[0])):
        return guessed(choice.ws, waiting.key, table, waiting.file, sheet)


def _sheet(lang: Language, waiting: WaitingFile, found: Guess, head: st.delta_generator.DeltaGenerator) -> str | None:
    """The worksheet or layer that the user names; None for those that fit, or where there is no choice."""
    if not found.sheets:
        return None
    return head.selectbox(
        say(lang, "data.worksheet"),
        [None, *found.sheets],
        format_func=lambda name: name or say(lang, "data.worksheet_fitting", names=list(found.sheet)),
        key=waiting.widget("sheet", lang, None),
        width=300,
    )


def _datum(lang: Language, waiting: WaitingFile, found: Guess, head: st.delta_generator.DeltaGenerator) -> str:
    if not found.has_positions and found.table != "areas":
        return DATUMS[0]
    waiting.said["datum"] = head.selectbox(
        say(lang, "data.datum"),
        DATUMS,
        format_func=lambda name: say(lang, f"data.datum_{name.lower()}"),
        key=waiting.widget("datum", lang, DATUMS[0]),
        width=300,
    )
    return waiting.said["datum"]


def _remove_button(lang: Language, waiting: WaitingFile, head: st.delta_generator.DeltaGenerator) -> None:
    with head:
        st.space("stretch")
        st.button(say(lang, "data.remove_file"), key=f"remove_{waiting.key}", on_click=let_go, args=(waiting.key,))

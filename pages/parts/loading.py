"""Files on their way in: what each is taken for, put right where it is wrong, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analytics.drawing import loads
from analytics.errors import HeldLoadError, UserError
from analytics.loaders import DATUMS, TABLES, Guess, UploadedBytes, column_label, columns_of
from analytics.wording.loads import headers_of
from analytics.words import Language, say
from analytics.workspace.loads import Incoming, guessed, load_file, remembered_columns
from pages.parts import state
from pages.parts.confirming import say_all
from pages.parts.controls import Choice


def confirmed(choice: Choice, file: UploadedBytes, key: str) -> Incoming | None:
    """Show what ``file`` is taken for and let it be put right; None where it cannot be read at all."""
    lang = choice.lang
    with st.container(key=f"file_{key}", border=True):
        try:
            taken_for = _guessed(choice, key, None, file)
            head = st.container(horizontal=True, vertical_alignment="bottom", gap="large")
            with head:
                table = _kind(lang, file[0], taken_for.table, key)
            found = taken_for if table == taken_for.table else _guessed(choice, key, table, file)
        except UserError as error:
            say_all(lang, error.problems)
            return None
        remembered = remembered_columns(choice.ws, found) or {}
        right = {**found.columns, **{column: header or "" for column, header in remembered.items()}}
        datum = DATUMS[0]
        if found.has_positions or table == "areas":
            datum = head.selectbox(
                say(lang, "data.datum"),
                DATUMS,
                format_func=lambda name: say(lang, f"data.datum_{name.lower()}"),
                key=f"datum_{key}",
                width=360,
            )
        taken = st.empty()
        with st.expander(say(lang, "data.columns"), expanded=bool(found.needed or found.unsure)):
            choices = headers_of(lang, found)
            columns = columns_of(table)
            with st.grid(4):
                picked = {
                    column: st.selectbox(
                        column_label(column).text(lang),
                        list(choices),
                        index=list(choices).index(right.get(column, "")) if right.get(column, "") in choices else 0,
                        format_func=choices.get,
                        key=f"column_{key}_{table}_{column}",
                    )
                    for column in columns
                }
        taken.html(loads.guess_of(lang, found, picked))
        corrected = {
            column: header or None
            for column, header in picked.items()
            if header != found.columns.get(column, "") or (header and column in found.only_similar)
        }
        return Incoming(table, file, datum, corrected)


def _guessed(choice: Choice, key: str, table: str | None, file: UploadedBytes) -> Guess:
    with st.spinner(say(choice.lang, "data.guessing", name=file[0])):
        return guessed(choice.ws, key, table, file)


def _kind(lang: Language, name: str, guessed: str, key: str) -> str:
    return st.segmented_control(
        name, TABLES, default=guessed, format_func=lambda table: say(lang, f"tables.{table}"), key=f"table_{key}",
        required=True,
    )  # fmt: skip


def load_all(choice: Choice, wanted: Sequence[Incoming], confirmed: str = "") -> None:
    """Load the files, areas before what lies in them, and keep what is to be told of them for the next run; and those
    that wait, for `held_loads` to ask about them."""
    lang, told, problems, held = choice.lang, [], [], []
    bar = st.empty()
    for number, one in enumerate(sorted(wanted, key=lambda one: TABLES.index(one.table))):

        def show(share: float, number: int = number, name: str = one.file[0]) -> None:
            bar.progress((number + share) / len(wanted), say(lang, "data.loading", name=name, share=f"{share:.0%}"))

        show(0.0)
        try:
            loaded, added = load_file(choice.ws, one, show, confirmed)
        except HeldLoadError as error:
            held.append((one, error))
            continue
        except UserError as error:
            problems += error.problems
            continue
        told.append((loaded.report, added))
    st.session_state.told, st.session_state.problems, st.session_state.undone = told, problems, ()
    st.session_state.held_loads = [*st.session_state.get("held_loads", ()), *held]
    # The newest load is the likeliest to be taken back.
    for choice in ("undo_number", "undo_asked"):
        st.session_state.pop(choice, None)
    if told:
        state.use_own()

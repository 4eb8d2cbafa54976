"""Files on their way in: what each is taken for, put right where it is wrong, and what became of them."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from analytics import session
from analytics.drawing import loads
from analytics.errors import UserError
from analytics.loaders import DATUMS, TABLES, Datum, Guess, UploadedBytes, column_label, columns_of
from analytics.store import load_into
from analytics.wording.loads import headers_of
from analytics.words import Language, Phrase, say


@dataclass(frozen=True)
class UploadChoice:
    """A file, and how its visitor confirmed that it is to be read."""

    file: UploadedBytes
    table: str
    datum: Datum
    columns: Mapping[str, str | None]


def confirmed(lang: Language, file: UploadedBytes, key: str) -> UploadChoice | None:
    """Show what ``file`` is taken for and let it be put right; None where it cannot be read at all."""
    with st.container(key=f"file_{key}", border=True):
        try:
            taken_for = _guessed(lang, key, None, file)
            head = st.container(horizontal=True, vertical_alignment="bottom", gap="large")
            with head:
                table = _kind(lang, file[0], taken_for.table, key)
            found = taken_for if table == taken_for.table else _guessed(lang, key, table, file)
        except UserError as error:
            say_all(lang, error.problems)
            return None
        remembered = session.store().columns_for(found.source_key) or {}
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
        return UploadChoice(file, table, datum, corrected)


def _guessed(lang: Language, key: str, table: str | None, file: UploadedBytes) -> Guess:
    with st.spinner(say(lang, "data.guessing", name=file[0])):
        return session.guessed(key, table, file)


def _kind(lang: Language, name: str, guessed: str, key: str) -> str:
    return st.segmented_control(
        name, TABLES, default=guessed, format_func=lambda table: say(lang, f"tables.{table}"), key=f"table_{key}",
        required=True,
    )  # fmt: skip


def load_all(lang: Language, wanted: Sequence[UploadChoice]) -> None:
    """Load the files, areas before what lies in them, and keep what is to be told of them for the next run."""
    told, problems = [], []
    bar = st.empty()
    for number, one in enumerate(sorted(wanted, key=lambda one: TABLES.index(one.table))):

        def show(share: float, number: int = number, name: str = one.file[0]) -> None:
            bar.progress((number + share) / len(wanted), say(lang, "data.loading", name=name, share=f"{share:.0%}"))

        show(0.0)
        try:
            loaded, added = load_into(
                session.store(), one.table, one.file, session.today(), getpass.getuser(), one.datum, one.columns, show
            )
        except UserError as error:
            problems += error.problems
            continue
        told.append((loaded.report, added))
    st.session_state.told, st.session_state.problems, st.session_state.undone = told, problems, ()
    # The newest load is the likeliest to be taken back.
    for choice in ("undo_number", "undo_asked"):
        st.session_state.pop(choice, None)
    if told:
        session.use_own()


def say_all(lang: Language, problems: Sequence[Phrase]) -> None:
    """What could not be done, a sentence each."""
    for problem in problems:
        st.error(problem.text(lang))

"""The waiting files on their way in: all of them at one press, unless something is missing, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analytics.errors import HeldLoadError, UserError
from analytics.loaders import TABLES, Loaded, LoadReport
from analytics.store import Added
from analytics.words import say
from analytics.workspace.loads import Incoming, load_file
from pages.parts import state
from pages.parts.controls import Choice
from pages.parts.open_forms import forget_outcome
from pages.parts.waiting import let_go
from pages.parts.waiting_card import Asked


def load_button(choice: Choice, asked: Sequence[Asked]) -> bool:
    """The button that loads all files, or what keeps it from doing so; whether it was pressed."""
    ready = [one for one in asked if one.incoming]
    if not ready:
        return False
    missing = [said for one in ready for said in one.lacking]
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        pressed = st.button(
            say(choice.lang, "data.load", n=len(ready)), type="primary", key="load", disabled=bool(missing)
        )
        if missing:
            st.markdown("  \n".join(said.text(choice.lang) for said in missing))
    return pressed


def load_all(choice: Choice, asked: Sequence[Asked]) -> None:
    """Load the files, areas before what lies in them, and keep what is to be told of them for the next run. A file that
    is refused waits on, with all that was chosen for it; of one that is held, `held_loads` asks."""
    lang, told, held = choice.lang, [], []
    bar = st.empty()
    wanted = sorted(
        ((one.waiting, one.incoming) for one in asked if one.incoming), key=lambda one: TABLES.index(one[1].table)
    )
    for number, (waiting, incoming) in enumerate(wanted):

        def show(share: float, number: int = number, name: str = waiting.file[0]) -> None:
            bar.progress((number + share) / len(wanted), say(lang, "data.loading", name=name, share=f"{share:.0%}"))

        show(0.0)
        try:
            told.append(_report_of(load_file(choice.ws, incoming, show)))
        except HeldLoadError as error:
            held.append((incoming, error))
        except UserError as error:
            waiting.refused, waiting.problems = incoming, error.problems
            continue
        let_go(waiting.key)
    _keep(told, held)


def load_confirmed(choice: Choice, incoming: Incoming, confirmed: str) -> None:
    """Load a file that was held, as ``confirmed``; where other loads came between, it may be asked about again."""
    bar, name = st.empty(), incoming.file[0]

    def show(share: float) -> None:
        bar.progress(share, say(choice.lang, "data.loading", name=name, share=f"{share:.0%}"))

    try:
        _keep([_report_of(load_file(choice.ws, incoming, show, confirmed))], [])
    except HeldLoadError as error:
        _keep([], [(incoming, error)])


def _report_of(done: tuple[Loaded, Added]) -> tuple[LoadReport, Added]:
    loaded, added = done
    return loaded.report, added


def _keep(told: Sequence[tuple[LoadReport, Added]], held: Sequence[tuple[Incoming, HeldLoadError]]) -> None:
    st.session_state.told = told
    forget_outcome()
    st.session_state.held_loads = [*st.session_state.get("held_loads", ()), *held]
    st.session_state.pop("report_open", None)
    if told:
        # The newest load is the likeliest to be looked at or taken back.
        st.session_state.load_number = told[-1][1].number or told[-1][1].already
        state.use_own()

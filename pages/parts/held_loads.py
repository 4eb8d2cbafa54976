"""Loads that wait: what they would take away, and a button for each answer. Until then nothing is written."""

import streamlit as st

from analytics.errors import UserError
from analytics.words import say
from pages.parts.confirming import say_all
from pages.parts.controls import Choice
from pages.parts.loading import load_confirmed


def show_held(choice: Choice) -> None:
    """Ask about each file that waits; whoever drops it loses nothing but the file."""
    lang, waiting = choice.lang, st.session_state.get("held_loads", ())
    for number, (incoming, held) in enumerate(waiting):
        with st.container(key=f"held_{number}", border=True):
            st.markdown(say(lang, "data.held_file", file=incoming.file[0]))
            st.warning("\n\n".join(problem.text(lang) for problem in held.problems))
            with st.container(horizontal=True):
                pressed = [code for code in (*held.codes, "drop") if st.button(
                    say(lang, f"data.held_{code}"), key=f"held_{number}_{code}"
                )]  # fmt: skip
        if not pressed:
            continue
        if pressed != ["drop"]:
            try:
                load_confirmed(choice, incoming, pressed[0])
            except UserError as error:
                say_all(lang, error.problems)
                continue  # nothing was written, and the file waits on
        st.session_state.held_loads = [one for one in st.session_state.held_loads if one is not waiting[number]]
        st.rerun()

"""What is done only when it is meant: a first press asks where there is something to ask, a second one goes on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

import streamlit as st

from analytics.errors import UnconfirmedError, UserError
from analytics.words import Language, Phrase, say

Done = TypeVar("Done")


def attempt(lang: Language, key: str, pressed: bool, do: Callable[[Collection[str]], Done]) -> Done | None:
    """Do what was ``pressed``, handing on what is confirmed; what there is to ask is asked here, with a button that
    confirms it, and what cannot be done is said. None where nothing was done."""
    place = st.empty()
    asked: tuple[str, ...] = () if pressed else st.session_state.get(f"asked_{key}", ())
    if not pressed and not (asked and _confirmed(lang, key, place)):
        return None
    try:
        done = do(asked)
    except UnconfirmedError as error:
        st.session_state[f"asked_{key}"] = (*asked, error.code)
        st.session_state[f"question_{key}"] = error.problems
        _confirmed(lang, key, place)
        return None
    except UserError as error:
        _forget(key)
        say_all(lang, error.problems)
        return None
    _forget(key)
    place.empty()
    return done


def told_unless_done(lang: Language, do: Callable[[], Done]) -> Done | None:
    """What came of it; None where it is refused, which is said."""
    try:
        return do()
    except UserError as error:
        say_all(lang, error.problems)
        return None


def _confirmed(lang: Language, key: str, place: st.delta_generator.DeltaGenerator) -> bool:
    """Show the question, and whether its button was pressed."""
    with place.container():
        for problem in st.session_state.get(f"question_{key}", ()):
            st.warning(problem.text(lang))
        return st.button(say(lang, "page.go_on"), key=f"confirm_{key}", type="primary")


def _forget(key: str) -> None:
    for name in ("asked", "question"):
        st.session_state.pop(f"{name}_{key}", None)


def say_all(lang: Language, problems: Sequence[Phrase]) -> None:
    """A sentence for each thing to mend."""
    for problem in problems:
        st.error(problem.text(lang))

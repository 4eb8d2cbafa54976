"""Widgets that show what something else may change, too: a slider that moves because its neighbour did.

Two things of Streamlit's are gone round here. A widget whose value is set from the script, while a hand moves another
one, answers with the old value, and that looks like a change by hand. And the callback of a widget is cut off where the
next change arrives before it is through: the change is lost. So a widget is never set: one that should show something
else makes way for a new one, with another key. And nobody listens for changes: whatever a widget says otherwise than it
was last told is taken up when the script runs, however often that begins anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import streamlit as st

from analytics.words import Language

Value = TypeVar("Value")


@dataclass(frozen=True)
class _LinkedWidget(Generic[Value]):
    number: int
    first: Value
    shown: Value
    take: Callable[[Value], object]

    def key(self, name: str) -> str:
        return f"{name}~{self.number}"


def apply_user_edits(lang: Language) -> None:
    """Hand every change that was made by hand to whoever asked for it; to be called before anything is drawn. In
    another language all of them make way: a browser goes on showing what was chosen in the words of then."""
    for name, widget in list(_widgets().items()):
        value = st.session_state.get(widget.key(name), widget.shown)
        if value != widget.shown:
            widget.take(value)
    if st.session_state.setdefault("held_lang", lang) != lang:
        st.session_state.held_lang = lang
        for name, widget in _widgets().items():
            _widgets()[name] = replace(widget, number=widget.number + 1, first=widget.shown)


def linked_widget(name: str, value: Value, take: Callable[[Value], object]) -> tuple[str, Value]:
    """The key and the first value of a widget that has to show ``value``; ``take`` gets what a hand makes of it."""
    widgets = _widgets()
    before = widgets.get(name, _LinkedWidget(0, value, value, take))
    if st.session_state.get(before.key(name), before.shown if name in widgets else value) == value:
        now = _LinkedWidget(before.number, before.first, value, take)
    else:
        now = _LinkedWidget(before.number + 1, value, value, take)
    widgets[name] = now
    return now.key(name), now.first


def _widgets() -> dict[str, _LinkedWidget]:
    return st.session_state.setdefault("held", {})

"""What a visitor has chosen, which language is spoken, and what the link says of both.

A choice lives in the session under ``chosen`` as plain text, is read from the link on the first run and written back to
it, and is checked against the data in use on every run: a link that names what is not there gets the nearest that is.
Streamlit's own ``bind="query-params"`` was weighed: it binds one widget to one parameter, while a choice here is made
by several (a click, a list, a check code), outlives the page that shows it, and is dropped when another one is made.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import cast

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from analytics.words import LANGUAGES, Language, Phrase, pick
from analytics.workspace import Workspace, open_workspace, published
from analytics.workspace.datasets import OWN, unknown_in_link
from pages.parts import sign_in

WORKING = published.WORKING
IN_LINK = (
    "lang", "data", "scheme", "release", "baseline", "date", "week", "area", "tier", "moves", "code", "weeks", "map",
    "against", "a", "b", "duty", "cells", "closing", "span", "row", "within", "level")  # fmt: skip
OF_SCHEME = ("map", "against", "baseline", "a", "b", "duty")
"""Choices that another scheme does not know: its versions are others."""
OF_DATA = ("area", "reinforce", "date", "release", "week", "within", *OF_SCHEME)
"""And those that other data do not know."""


def workspace() -> Workspace:
    """The workspace of whoever has signed in, or sits here, in the language of the page."""
    return open_workspace(actor=(who := sign_in.actor()), lang=language(), still=sign_in.still(who))


def chosen() -> dict[str, str]:
    """The session's choices as text, from the link on the first run."""
    if "chosen" not in st.session_state:
        st.session_state.chosen = {name: st.query_params[name] for name in IN_LINK if name in st.query_params}
    return cast("dict[str, str]", st.session_state.chosen)


def follow_history() -> None:
    """Where the browser went back or forward, its link says what is chosen; called before anything is looked up."""
    if getattr(get_script_run_ctx(), "is_history_navigation", False):
        st.session_state.pop("chosen", None)


def choose(name: str, widget: str) -> None:
    """Callback of a widget: what it now holds becomes the choice ``name``."""
    value = st.session_state[widget]
    if value is not None:
        take(name, value.isoformat() if isinstance(value, date) else str(value))


def take(name: str, value: str | None) -> None:
    """Make a choice, and forget those that it leaves without a meaning; None undoes it."""
    if value is None:
        forget(name)
        return
    chosen()[name] = value
    if name == "data":
        forget(*OF_DATA)
    elif name == "scheme":
        forget("week", *OF_SCHEME)
        if chosen().get("release") != WORKING:
            forget("release")
    elif name == "date":  # which is asked for where the live run is shown
        chosen()["release"] = WORKING
        forget("week")
    elif name == "release":
        forget("date", "week")


def keep_chosen(**values: str | None) -> None:
    """Take down what a page's own controls say; None: nothing is chosen."""
    forget(*values)
    chosen().update({name: value for name, value in values.items() if value is not None})


def forget(*names: str) -> None:
    """Nothing is chosen of these any more."""
    for name in names:
        chosen().pop(name, None)


def use_own() -> None:
    """Show the office's own data from now on, at their newest day."""
    chosen()["data"] = OWN
    forget(*OF_DATA)


def remember_in_link(**values: str | None) -> None:
    """Write the choices as they were used into the link, so that it opens the same view elsewhere; None: not at all."""
    kept = {name: value for name, value in values.items() if value is not None}
    if st.query_params.to_dict() != kept:
        st.query_params.from_dict(kept)


def language() -> Language:
    """The chosen language; at first that of the browser, Chinese when it says none."""
    wanted = chosen().get("lang")
    if wanted in LANGUAGES:
        return cast("Language", wanted)
    return "zh" if (st.context.locale or "zh").lower().startswith("zh") else "en"


def chosen_of(name: str, known: Collection[str]) -> tuple[str | None, Phrase | None]:
    """The choice ``name`` where it is one of the ``known``, and what to say where it is not there."""
    wanted = chosen().get(name)
    if wanted is None or wanted in known:
        return wanted, None
    return None, unknown_in_link(wanted)


def text_of(lang: Language, texts: Mapping[str, str] | None) -> str:
    """The ``lang`` side of a pair that may be absent."""
    return pick(lang, texts) if texts else ""

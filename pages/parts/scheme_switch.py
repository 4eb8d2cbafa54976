"""The switch between schemes. One that does not fit the data stays in it, grey and marked; pressed, it says why."""

from __future__ import annotations

from datetime import date

import streamlit as st

from analytics.scheme import Scheme
from analytics.words import Language, say
from analytics.workspace import Workspace, schemes
from analytics.workspace.datasets import Dataset
from pages.parts import state

_ASKED = "unfit_scheme"


def scheme_switch(ws: Workspace, lang: Language, data: Dataset, used: Scheme, day: date) -> None:
    """Show it with the scheme that is used, each by its title of the ``day``; what does not fit is not switched to."""
    names = {name: scheme.title(day).text(lang) for name, scheme in schemes.schemes(ws, data).items()}
    for name, (scheme, _) in schemes.unfit(ws, data).items():
        names[name] = say(lang, "page.scheme_unfit", scheme=scheme.name.text(lang))
    st.session_state.scheme = used.id
    st.segmented_control(
        say(lang, "page.scheme"), list(names), format_func=names.get, key="scheme", label_visibility="collapsed",
        on_change=_choose, args=(data,), required=True,
    )  # fmt: skip


def _choose(data: Dataset) -> None:
    wanted = st.session_state.scheme
    if wanted in data.schemes:
        state.choose("scheme", "scheme")
    else:
        st.session_state[_ASKED] = wanted


def say_why_unfit(ws: Workspace, lang: Language, data: Dataset) -> None:
    """Why the scheme that was just asked for, by the switch or a link, cannot be used, and the way to mend it."""
    unfit = schemes.unfit(ws, data)
    asked = st.session_state.pop(_ASKED, None) or state.chosen().get("scheme")
    if asked not in unfit:
        return
    scheme, reason = unfit[asked]
    told = {"scheme": scheme.name.text(lang), "reason": reason.text(lang)}
    with st.container(horizontal=True, vertical_alignment="center", key="unfit_scheme"):
        st.info(say(lang, "page.scheme_why", **told))
        # A link: the sentence is gone with the next run, and a button would be too before its press is heard.
        st.page_link("pages/data/loading.py", label=say(lang, "page.go_data"))

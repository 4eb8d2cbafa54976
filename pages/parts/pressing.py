"""What can be pressed inside our own HTML: an element with ``data-press="LINK"`` in any card that a page draws.

A LINK is relative, as in an address: ``area?area=G01`` goes to a page (``./`` to the first) and takes the choice along,
``?tier=red`` makes the choice here, ``?tier=`` undoes it. Elements are an ``<a href="LINK" data-press="LINK">`` where
the press leads to a page or to a view that can be opened beside, and a ``<button>`` else; a ``role="button"`` with
``tabindex="0"`` works by Enter too.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from analytics.drawing.html import TEMPLATES
from pages.parts import state

_LISTENER = st.components.v2.component(
    "press", html="<i hidden></i>", js=(TEMPLATES / "press.js").read_text(encoding="utf-8"), isolate_styles=False
)
_ELSEWHERE = "pressed_elsewhere"
_FOLLOWED = "press_followed"


def follow_presses() -> str | None:
    """Hear presses on the page, and follow the links that were pressed since the last one, in their order, as `_follow`
    does; the address that the last of them leads to.

    What is heard stays until another press. A run that another change cuts short before it has followed loses nothing:
    the next one does. What a browser tells that was there before this session, or tells again, is not followed.
    """
    with st.container(key="unseen_press"):
        heard = _LISTENER(key="press", default={"pressed": None}, on_pressed_change=lambda: None).pressed or []
    newest = max((one["at"] for one in heard), default=0)
    followed = st.session_state.setdefault(_FOLLOWED, newest)
    links = [one["link"] for one in heard if one["at"] > followed]
    if elsewhere := st.session_state.get(_ELSEWHERE):
        links.append(elsewhere)
    leads_to = None
    for link in links:
        leads_to = _follow(link)
    st.session_state[_FOLLOWED] = max(followed, newest)
    st.session_state.pop(_ELSEWHERE, None)
    return leads_to


def press(link: str) -> None:
    """Let the next run follow a link, as if it had been pressed: for what is pressed elsewhere, as on a map."""
    st.session_state[_ELSEWHERE] = link


def _follow(link: str) -> str | None:
    """Make the choices of a pressed link; the address of the page that it leads to ("" is the first one), None where it
    stays."""
    parts = urlsplit(link)
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        state.take(name, value or None)
    return parts.path.strip("./") if parts.path else None

"""The seat of a browser: a random name by which it finds its drafts again."""

from __future__ import annotations

import re
import secrets

import streamlit as st

SEAT = "five_colour_seat"
"""The cookie that lets a browser find its drafts again: a random name that says nothing of anybody."""

_SEAT = re.compile(r"[0-9a-f]{32}")


def seat() -> str:
    """This browser's own random name; a new one where it has none yet."""
    if "seat" not in st.session_state:
        held = _SEAT.fullmatch(_cookie())
        st.session_state.seat = held.group() if held else secrets.token_hex(16)
    return st.session_state.seat


def remember_seat() -> None:
    """Let the browser keep its seat, so that the drafts are found again after it was closed. One that it has by now,
    from another tab, stays."""
    if _cookie() != seat():
        keep_one = f"document.cookie.includes('{SEAT}=') || (document.cookie = '{SEAT}={seat()}; path=/; "
        script = f"<script>{keep_one}max-age=31536000; SameSite=Strict')</script>"
        st.container(key="unseen_seat").html(script, unsafe_allow_javascript=True)


def _cookie() -> str:
    return str(st.context.cookies.get(SEAT, ""))

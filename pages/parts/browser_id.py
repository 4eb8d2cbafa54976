"""The seat of a browser: a random name by which it finds its drafts again; of an account, where people sign in."""

from __future__ import annotations

import re
import secrets
from hashlib import sha256

import streamlit as st

from pages.parts import sign_in

SEAT = "five_colour_seat"
"""The cookie that lets a browser find its drafts again: a random name that says nothing of anybody."""

SCRIPT = """
(() => {{
  const held = document.cookie.match(/{name}=([0-9a-f]{{32}})/);
  if (!held) document.cookie = "{name}={own}; path=/; max-age=31536000; SameSite=Strict";
  // Once at most: a browser that shows its cookie to the page and not to the server would load for ever.
  else if (held[1] !== "{own}" && !sessionStorage.{name}) {{ sessionStorage.{name} = held[1]; location.reload(); }}
}})()
"""
_SEAT = re.compile(r"[0-9a-f]{32}")


def browser_id() -> str:
    """This browser's own random name, a new one where it has none yet; one of the account, where people sign in: who
    signs in next at the same browser finds no draft of another."""
    if (actor := sign_in.actor()) is not None:
        return sha256(actor.name.encode()).hexdigest()[:32]
    if "seat" not in st.session_state:
        held = _SEAT.fullmatch(_cookie())
        st.session_state.seat = held.group() if held else secrets.token_hex(16)
    return st.session_state.seat


def remember_browser() -> None:
    """Let the browser keep its seat, so that the drafts are found again after it was closed. Where another tab gave it
    one in the meantime, that stays, and the page is loaded once more to take it."""
    if sign_in.actor() is None and _cookie() != browser_id():
        script = SCRIPT.format(name=SEAT, own=browser_id())
        st.container(key="unseen_seat").html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def _cookie() -> str:
    return str(st.context.cookies.get(SEAT, ""))

"""The door for people: who may go on, what others are told, and what the audit trail is told of either."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import streamlit as st

from analytics.access import Actor
from analytics.errors import UserError
from analytics.store.accounts import accounts_of
from analytics.store.home import home_folder
from analytics.store.sessions import begin_session, end_session, has_begun
from analytics.words import Language, say
from analytics.workspace import Workspace, ledgers, open_workspace
from pages.parts import sign_in

RESTRICTED = ("releases", "data", "settings")
"""Addresses of pages with records, decisions and the audit trail: who looks there is told in that."""

_WHO, _CAME_IN = "signed_in_account", "came_in"


def is_let_in(lang: Language) -> bool:
    """Whether this visitor may go on; whoever may not is told what to do."""
    said, known = None, st.user.to_dict()
    try:
        if not sign_in.is_on():
            return True
        if (found := sign_in.signed_in(st.context.headers, known)) is not None:
            _begin(found, known)
            return True
        if known.get("sub"):
            said = say(lang, "access.session_over")
    except UserError as error:
        said = error.text(lang)
    with st.container(key="sign_in_card"):
        st.title(say(lang, "page.product"))
        st.write(said or say(lang, _hint()))
        if sign_in.has_provider():
            st.button(say(lang, "access.sign_in"), type="primary", key="sign_in", on_click=st.login)
            if known.get("sub"):
                st.button(say(lang, "access.sign_out"), key="sign_out", on_click=sign_out)
    return False


def sign_out() -> None:
    """End this sign-in, in every tab and for every copy of its cookie."""
    known, found = st.user.to_dict(), None
    try:
        with suppress(UserError):  # an account that may do nothing here has signed in all the same
            found = sign_in.signed_in(st.context.headers, known)
        if end_session(home_folder(None), known) and found is not None:
            ledgers.log_sign_out(open_workspace(actor=found))
    finally:
        st.logout()


def tell_of_page(ws: Workspace, page: str) -> None:
    """Tell in the audit trail that somebody looked at a page that not everybody may see, once a visit."""
    if page in RESTRICTED and sign_in.is_on() and not st.session_state.get(f"looked_{page}"):
        ledgers.log_looked(ws, None, page)
        st.session_state[f"looked_{page}"] = True


def _hint() -> str:
    if sign_in.has_provider():
        return "access.sign_in_hint"
    accounts = accounts_of(home_folder(None))
    return "access.by_gateway" if accounts and accounts.gateway else "access.no_way_in"


def _begin(who: Actor, claims: Mapping[str, Any]) -> None:
    """Leave nothing of who was here before in this tab, and tell in the audit trail that somebody came in: once a
    sign-in, or once a visit through a gateway."""
    if st.session_state.get(_WHO, who.name) != who.name:
        st.session_state.clear()
    st.session_state[_WHO] = who.name
    if not st.session_state.get(_CAME_IN):
        home, token = home_folder(None), claims.get("sub")
        if not token or not has_begun(home, claims):
            ledgers.log_sign_in(open_workspace(actor=who))
        if token:
            begin_session(home, claims)
        st.session_state[_CAME_IN] = True

"""Who has signed in: by OpenID Connect (``[auth]`` in Streamlit's secrets), or by a gateway's headers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import streamlit as st
from starlette.datastructures import Headers

from analytics.access import Actor
from analytics.errors import UserError
from analytics.serving.server import SignIn
from analytics.store.accounts import Accounts, accounts_of
from analytics.store.home import home_folder
from analytics.store.sessions import begin_session, end_session, has_ended
from analytics.words import Language, say
from analytics.workspace import Workspace, ledgers, open_workspace
from pages.parts.sign_in_cookie import claims_in, cookie_secret

RESTRICTED = ("releases", "data", "settings")
"""Addresses of pages with records, decisions and the audit trail: who looks there is told in that."""


def how() -> SignIn:
    """How people sign in, as the server asks."""
    return SignIn(is_on, account_of, cookie_secret() if has_provider() else None)


def has_provider() -> bool:
    """Whether people sign in here by themselves."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def is_on() -> bool:
    """Whether anybody has to sign in, here or at a gateway."""
    accounts = accounts_of(home_folder(None))
    return has_provider() or (accounts is not None and accounts.gateway is not None)


def actor() -> Actor | None:
    """Who has signed in; None where nobody needs to.

    Raises :class:`AccessError` for an account that may do nothing here, and for who has not signed in.
    """
    if not is_on():
        return None
    found = _signed_in(st.context.headers, st.user.to_dict())
    if found is None:
        raise UserError.because("access.session_over")
    return found


def account_of(headers: Headers) -> str | None:
    """The account that a request with these headers is of; None where it has not signed in, or may do nothing."""
    try:
        found = _signed_in(headers, claims_in(headers))
    except UserError:
        return None
    return found.name if found else None


def is_let_in(lang: Language) -> bool:
    """Whether this visitor may go on; whoever may not is told what to do."""
    said, known = None, st.user.to_dict()
    try:
        if not is_on():
            return True
        if (found := _signed_in(st.context.headers, known)) is not None:
            _tell(found, known)
            return True
        if known.get("sub"):
            said = say(lang, "access.session_over")
    except UserError as error:
        said = error.text(lang)
    with st.container(key="sign_in_card"):
        st.title(say(lang, "page.product"))
        own = has_provider()
        st.write(said or say(lang, "access.sign_in_hint" if own else "access.by_gateway"))
        if own:
            st.button(say(lang, "access.sign_in"), type="primary", key="sign_in", on_click=st.login)
        if own and known.get("sub"):
            st.button(say(lang, "access.sign_out"), key="sign_out", on_click=sign_out)
    return False


def sign_out() -> None:
    """End this sign-in, in every tab and for every copy of its cookie."""
    known = st.user.to_dict()
    try:
        if (found := actor()) is not None and end_session(home_folder(None), known):
            ledgers.log_sign_out(open_workspace(actor=found))
    finally:
        st.logout()


def tell_of_page(ws: Workspace, page: str) -> None:
    """Tell in the audit trail that somebody looked at a page that not everybody may see, once a visit."""
    if page in RESTRICTED and is_on() and not st.session_state.get(f"looked_{page}"):
        st.session_state[f"looked_{page}"] = True
        ledgers.log_looked(ws, None, page)


def _tell(who: Actor, claims: Mapping[str, Any]) -> None:
    """Tell in the audit trail that somebody came in: once a sign-in, or once a visit through a gateway."""
    if not st.session_state.get("came_in"):
        st.session_state.came_in = True
        if not claims.get("sub") or begin_session(home_folder(None), claims):
            ledgers.log_sign_in(open_workspace(actor=who))


def _signed_in(headers: Mapping[str, str], claims: Mapping[str, Any]) -> Actor | None:
    home = home_folder(None)
    accounts = accounts_of(home) or Accounts(format=1)
    if (through := accounts.of_gateway(headers)) is not None:
        return through
    if not claims.get("is_logged_in") or has_ended(home, claims):
        return None
    return accounts.of_token(claims, datetime.now(UTC))

"""Who has signed in: by OpenID Connect (``[auth]`` in Streamlit's secrets), or by a gateway's headers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.datastructures import Headers

from analytics.access import Actor
from analytics.errors import UserError
from analytics.serving.server import SignIn
from analytics.store.accounts import Accounts, accounts_of
from analytics.store.home import home_folder
from analytics.store.sessions import has_ended
from pages.parts.sign_in_cookie import claims_in, cookie_secret

_ON: set[Path] = set()
"""The homes for which somebody had to sign in since this program runs."""


def how() -> SignIn:
    """How people sign in, as the server asks."""
    return SignIn(is_on, account_of, cookie_secret() if has_provider() else None)


def has_provider() -> bool:
    """Whether people sign in here by themselves."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def is_on() -> bool:
    """Whether anybody has to sign in, here or at a gateway: wherever there is a file of accounts, and where secrets
    say so or cannot be read. Once it is so it stays so: a file that is being edited or was moved away must let nobody
    in. Raises ``UserError`` for a file of accounts that is wrong."""
    home = home_folder(None)
    if home not in _ON:
        try:
            found = accounts_of(home) is not None or has_provider() or _secrets_are_broken()
        except UserError:
            _ON.add(home)
            raise
        if found:
            _ON.add(home)
    return home in _ON


def _secrets_are_broken() -> bool:
    there = any(Path(file).expanduser().exists() for file in st.get_option("secrets.files"))
    return there and not st.secrets.load_if_toml_exists()


def actor() -> Actor | None:
    """Who has signed in; None where nobody needs to.

    Raises :class:`AccessError` for an account that may do nothing here, and for who has not signed in.
    """
    if not is_on():
        return None
    found = signed_in(st.context.headers, st.user.to_dict())
    if found is None:
        raise UserError.because("access.session_over")
    return found


def still(found: Actor | None) -> Callable[[], bool]:
    """Whether somebody has signed in and has the same rights, asked at any later time: a dialog that stays open, and a
    file that is made when it is asked for, do not come by the door again."""
    if found is None:
        return lambda: True
    headers, claims = Headers(dict(st.context.headers.items())), st.user.to_dict()

    def same() -> bool:
        try:
            return not is_on() or signed_in(headers, claims) == found
        except UserError:
            return False

    return same


def account_of(headers: Headers) -> str | None:
    """The account that a request with these headers is of; None where it has not signed in, or may do nothing."""
    try:
        found = signed_in(headers, claims_in(headers))
    except UserError:
        return None
    return found.name if found else None


def signed_in(headers: Mapping[str, str], claims: Mapping[str, Any]) -> Actor | None:
    """Who comes with these headers and claims; None where nobody has signed in, or no more. Raises as :func:`actor`."""
    home = home_folder(None)
    accounts = accounts_of(home) or Accounts(format=1)
    if (through := accounts.of_gateway(headers)) is not None:
        return through
    if not claims.get("is_logged_in") or has_ended(home, claims):
        return None
    return accounts.of_token(claims, datetime.now(UTC))

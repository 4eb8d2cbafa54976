"""The cookie by which a browser shows that somebody has signed in, as Streamlit writes it; read where no page runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME


def cookie_secret() -> str:
    """What such cookies are signed with."""
    return get_cookie_secret()


def claims_in(headers: Headers) -> Mapping[str, Any]:
    """What the cookie of a sign-in says, where its signature is right; nothing else."""
    cookies = cookie_parser(headers.get("cookie", ""))

    def signed(name: str) -> bytes | None:
        value = cookies.get(name)
        return decode_signed_value(cookie_secret(), name, value.encode("latin-1")) if value is not None else None

    found = get_cookie_with_chunks(signed, USER_COOKIE_NAME)
    return json.loads(found) if found else {}

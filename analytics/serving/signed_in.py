"""What the port gives to those who signed in alone: files that were made for somebody, and places to upload to.

Pages themselves ask who has signed in on every run; but a file's address answers whoever knows it, and the headers of a
gateway can be sent by anybody who reaches the port without it.
"""

from __future__ import annotations

import os
import re
from collections import OrderedDict
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from analytics.errors import UserError
from analytics.store.accounts import Gateway
from analytics.words import LANGUAGES, say

PEERS_SETTING = "FORWARDED_ALLOW_IPS"
"""Of uvicorn, which reads it before anything of ours runs. Unless it is set and empty, whoever connects from this
machine is taken for the address that it names in ``X-Forwarded-For``."""

_UPLOADS = "/_stcore/upload_file"
_SHAPES = "map_files.shapes/"
"""The outlines and names of areas, which maps ask for."""
_FILES = re.compile(r"(?<!/static)/media/(?=(?P<id>[0-9a-f]{32})?)")
"""A file's digest begins its name. No more of it counts: in what a page is told, other fields follow without a gap.
Streamlit's own fonts lie in ``/static/media``."""
_FILES_TOLD = re.compile(_FILES.pattern.encode())
_MOST_REMEMBERED = 20_000
"""Addresses of files of one account; the oldest are forgotten, and whoever still has one loads the page again."""


class SignedInPort:
    """ASGI middleware. A file is given to the account whose page was told its address, and to nobody else; uploads are
    taken from those who signed in.

    ``is_on``: whether anybody has to sign in; ``account_of``: the account that a request's headers are of;
    ``gateway``: whose headers are believed, as it is said now.
    """

    def __init__(
        self,
        app: ASGIApp,
        is_on: Callable[[], bool],
        account_of: Callable[[Headers], str | None],
        gateway: Callable[[], Gateway | None],
    ) -> None:
        self._app, self._is_on, self._account_of, self._gateway = app, is_on, account_of, gateway
        self._told: dict[str, OrderedDict[str, None]] = {}  # by account, of the files' digests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse: 401 for who has not signed in, 404 for a file that this account was not told of."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        try:
            self._strip(scope)
            on = self._is_on()
        except UserError:  # the file of the accounts is wrong: pages say what; nobody is anybody
            on = True
        file = _FILES.search(scope["path"])
        account = self._account_of(Headers(scope=scope)) if on else None
        if on and scope["type"] == "websocket":
            await self._app(scope, receive, self._listening(send, account) if account else send)
        elif not on or not (file or _UPLOADS in scope["path"] or _SHAPES in scope["path"]):
            await self._app(scope, receive, send)
        elif account is None:
            await _refuse(401)(scope, receive, send)
        elif file and file["id"] not in self._told.get(account, ()):
            await _refuse(404)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _strip(self, scope: Scope) -> None:
        """Take the gateway's headers off what did not come through it."""
        gateway, client = self._gateway(), scope.get("client")
        if gateway and not (tells_peers() and gateway.speaks_from(client[0] if client else None)):
            headers = MutableHeaders(scope=scope)
            for name in gateway.headers():
                del headers[name]
        elif gateway and any(len(Headers(scope=scope).getlist(name)) > 1 for name in gateway.headers()):
            headers = MutableHeaders(scope=scope)  # one of them is the visitor's own
            for name in gateway.headers():
                del headers[name]

    def _listening(self, send: Send, account: str) -> Send:
        told = self._told.setdefault(account, OrderedDict())

        async def heard(message: Message) -> None:
            for digest in filter(None, _FILES_TOLD.findall(message.get("bytes") or b"")):
                told[digest.decode()] = None
                told.move_to_end(digest.decode())
            while len(told) > _MOST_REMEMBERED:
                told.popitem(last=False)
            await send(message)

        return heard


def tells_peers() -> bool:
    """Whether the address that a request is said to come from is the one that it comes from."""
    return os.environ.get(PEERS_SETTING) == ""


def _refuse(status: int) -> PlainTextResponse:
    return PlainTextResponse("\n".join(say(lang, f"serving.refused_{status}") for lang in LANGUAGES), status)

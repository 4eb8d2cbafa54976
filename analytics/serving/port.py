"""Whom the port answers, and what each answer tells the browser.

A page of another site can have its own name resolve to this machine (DNS rebinding) and then speaks to this port as if
it were its own: only requests for a name that the office gave, from pages of that very address, are answered. The same
holds for other ports of the machine. Nothing is looked up for that.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from analytics.errors import UserError
from analytics.words import LANGUAGES, say

HOSTS_SETTING = "FIVE_COLOUR_HOSTS"
"""The names under which the office's browsers reach this server, separated by commas."""
FRAMES_SETTING = "FIVE_COLOUR_FRAMES"
"""The origins (scheme, host and port) whose pages may show this one in a frame, separated by commas."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")

CLOSED = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent")
"""What says how the program is doing inside, and what drives it without a browser: nobody here asks for either."""

_CSP = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "frame-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
"""What a page may load: nothing from anywhere else. Streamlit's own page has scripts and styles in it, and loads those
of our own HTML as blobs."""

_PLAIN = re.compile(r"[A-Za-z0-9_.:\[\]-]+")

_COMPONENTS = "/component/"
"""What is drawn in a frame of its own; streamlit-folium evaluates the map's script in its."""


@dataclass(frozen=True)
class Port:
    """The ``hosts`` that the port answers for, beside this machine's own names; ``frames``: origins whose pages may
    show this one in a frame."""

    hosts: Collection[str] = ()
    frames: Collection[str] = ()

    @classmethod
    def of_settings(cls) -> Port:
        """As the settings say. Raises :class:`UserError` for a host or an origin that is none."""
        hosts, frames = _listed(HOSTS_SETTING), _listed(FRAMES_SETTING)
        for host in hosts:
            if _name_of(host) != host.casefold():
                raise UserError.because("serving.no_host", setting=HOSTS_SETTING, written=host)
        for frame in frames:
            if not _is_origin(frame):
                raise UserError.because("serving.no_origin", setting=FRAMES_SETTING, written=frame)
        return cls(tuple(host.casefold() for host in hosts), frames)

    def answers(self, host: str | None) -> bool:
        """Whether a request with this ``Host`` is meant for this server."""
        return _name_of(host or "") in {*LOOPBACK, *self.hosts}

    def policy(self, path: str) -> str:
        """The content security policy of what lies at ``path``."""
        rules = _CSP | {"frame-ancestors": " ".join(["'self'", *self.frames])}
        if _COMPONENTS in path:
            rules["script-src"] += " 'unsafe-eval'"
        return "; ".join(f"{name} {value}" for name, value in rules.items())


class GuardedPort:
    """ASGI middleware: refuses what is not meant for a :class:`Port`, and has every answer say what browsers may do."""

    def __init__(self, app: ASGIApp, port: Port) -> None:
        self._app, self._port = app, port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse: 400 for another host, 403 for a page of another origin, 404 for what is closed."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refused = self._refused(Headers(scope=scope), scope["path"])
        if refused is None:
            await self._app(scope, receive, self._telling(send, scope["path"]))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            said = "\n".join(say(lang, f"serving.refused_{refused}", setting=HOSTS_SETTING) for lang in LANGUAGES)
            await PlainTextResponse(said, refused)(scope, receive, self._telling(send, scope["path"]))

    def _refused(self, headers: Headers, path: str) -> int | None:
        host = headers.get("host")
        if len(headers.getlist("host")) != 1 or not self._port.answers(host):
            return 400
        origins = headers.getlist("origin")
        if any(
            not _is_origin(origin) or urlsplit(origin).netloc.casefold() != str(host).casefold() for origin in origins
        ):
            return 403
        return 404 if any(closed in path for closed in CLOSED) else None

    def _telling(self, send: Send, path: str) -> Send:
        policy = self._port.policy(path)

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["content-security-policy"] = policy
                headers["x-content-type-options"] = "nosniff"
                headers["referrer-policy"] = "same-origin"
                del headers["access-control-allow-origin"]
            await send(message)

        return told


def _listed(setting: str) -> tuple[str, ...]:
    return tuple(part for part in map(str.strip, os.environ.get(setting, "").split(",")) if part)


def _name_of(host: str) -> str | None:
    """The name in a ``Host``, which may be followed by a port; None where it is more or less than that."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return None
    return (parts.hostname or "").rstrip(".") if parts.netloc == host and _PLAIN.fullmatch(host) else None


def _is_origin(text: str) -> bool:
    parts = urlsplit(text)
    return (
        parts.scheme in ("http", "https")
        and text == f"{parts.scheme}://{parts.netloc}"
        and bool(_name_of(parts.netloc))
    )

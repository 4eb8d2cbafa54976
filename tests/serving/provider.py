"""A real OpenID Connect provider on loopback, whose people and whose faults a test decides."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "five-colour"


@dataclass
class Provider:
    """``person``: the claims of whoever signs in next. ``audience``, ``age`` (seconds since the sign-in) and ``lives``
    (seconds until the token expires) are what its tokens say. ``signs_as``: the key that signs them."""

    address: str = ""
    person: dict[str, object] = field(default_factory=dict)
    audience: str = CLIENT
    age: int = 0
    lives: int = 600
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signs_as: RSAKey | None = None
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    ended: int = 0

    def token(self, nonce: str) -> str:
        now = int(time.time()) - self.age
        told = {"iss": self.address, "aud": self.audience, "iat": now, "exp": now + self.lives, "nonce": nonce}
        return jwt.encode({"alg": "RS256", "kid": "one"}, told | self.person, self.signs_as or self.key)


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def _json(self, content: object) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _redirect(self, address: str) -> None:
            self.send_response(302)
            self.send_header("Location", address)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/.well-known/openid-configuration":
                at = provider.address
                self._json({
                    "issuer": at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token",
                    "jwks_uri": f"{at}/keys", "end_session_endpoint": f"{at}/end",
                    "response_types_supported": ["code"], "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"],
                })  # fmt: skip
            elif parts.path == "/keys":
                self._json({"keys": [provider.key.as_dict(private=False)]})
            elif parts.path == "/authorize":
                code = secrets.token_hex(8)
                provider.asked[code] = asked
                self._redirect(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")
            else:
                provider.ended += 1
                self._redirect(asked["post_logout_redirect_uri"])

        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            asked = provider.asked.pop(sent["code"][0])
            token = provider.token(asked["nonce"])
            self._json({"access_token": "a", "token_type": "Bearer", "expires_in": 600, "id_token": token})

    return Handler


@contextmanager
def providing() -> Iterator[Provider]:
    """A provider that runs."""
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.address = f"http://127.0.0.1:{server.server_address[1]}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()

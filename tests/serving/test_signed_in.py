"""What the port gives to those who signed in alone: the middleware by itself, without a server."""

import pytest

from analytics.errors import SchemeError
from analytics.serving.signed_in import PEERS_SETTING, SignedInPort
from analytics.store.accounts import Accounts

FILE = "/media/0892918cae0cca94f8e0379aa0d5f980.csv"
GATEWAY = Accounts.model_validate(
    {"format": 1, "gateway": {"addresses": ["10.0.0.0/24", "::1"], "role": "X-Role"}, "accounts": {}}
)


class Served:
    """A port before an application that says what it was asked, and tells a page of the websocket of a file."""

    def __init__(self, accounts=None, on=True):
        self.asked = None
        self.port = SignedInPort(
            self._app,
            lambda: on,
            lambda headers: headers.get("x-account"),
            lambda: accounts.gateway if accounts else None,
        )

    async def _app(self, scope, _receive, send):
        self.asked = dict(scope["headers"])
        if scope["type"] == "websocket":
            await send({"type": "websocket.send", "bytes": b"\x0a\x30" + FILE.encode() + b"\x32a/media/other.csv"})
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})

    def ask(self, path, kind="http", client="192.168.1.9", **headers):
        sent = []

        async def send(message):
            sent.append(message)

        told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": kind, "path": path, "headers": told, "client": (client, 5000), "method": "GET"}
        with pytest.raises(StopIteration):
            self.port(scope, None, send).send(None)
        return sent[0].get("status")


def test_a_file_is_given_to_the_account_that_was_told_of_it():
    served = Served()
    assert served.ask(FILE, x_account="li") == 404
    served.ask("/_stcore/stream", kind="websocket", x_account="li")
    assert served.ask(FILE, x_account="li") == 200
    assert served.ask("/base" + FILE, x_account="li") == 200
    assert served.ask(FILE, x_account="wang") == 404
    assert served.ask(FILE) == 401


@pytest.mark.parametrize(
    "path",
    [FILE, "/_stcore/upload_file/session/file", "/base/media/a", "/component/pages.parts.map_files.shapes/a.json"],
)
def test_who_has_not_signed_in_gets_no_file_and_uploads_none(path):
    served = Served()
    served.ask("/_stcore/stream", kind="websocket")
    assert served.ask(path) == 401
    assert Served(on=False).ask(path) == 200


@pytest.mark.parametrize("path", ["/", "/static/media/font.woff2", "/health", "/component/streamlit_folium/index.html"])
def test_what_is_everybodys_is_given_to_everybody(path):
    assert Served().ask(path) == 200


@pytest.mark.parametrize(("client", "kept"), [("10.0.0.7", True), ("::1", True), ("10.0.1.7", False), ("x", False)])
def test_the_headers_of_the_gateway_are_believed_from_its_addresses_alone(client, kept, monkeypatch):
    monkeypatch.setenv(PEERS_SETTING, "")
    served = Served(GATEWAY)
    served.ask("/", client=client, x_forwarded_user="li", x_role="admin", x_other="1")
    assert served.asked == {b"x-other": b"1"} | ({b"x-forwarded-user": b"li", b"x-role": b"admin"} if kept else {})


def test_where_the_file_of_accounts_is_wrong_nobody_is_anybody():
    served = Served()

    def wrong():
        raise SchemeError.because("scheme.empty", file="accounts.yaml")

    served.port._gateway = wrong
    assert served.ask(FILE, x_account="li") == 404
    assert served.ask(FILE) == 401


@pytest.mark.parametrize("setting", [None, "127.0.0.1", "*"])
def test_where_a_request_may_hide_where_it_comes_from_no_header_is_believed(setting, monkeypatch):
    monkeypatch.delenv(PEERS_SETTING, raising=False)
    if setting:
        monkeypatch.setenv(PEERS_SETTING, setting)
    served = Served(GATEWAY)
    served.ask("/", client="10.0.0.7", x_forwarded_user="li")
    assert served.asked == {}


def test_a_header_of_the_gateway_that_comes_twice_counts_for_nothing(monkeypatch):
    monkeypatch.setenv(PEERS_SETTING, "")
    served = Served(GATEWAY)
    told = [(b"x-forwarded-user", b"li"), (b"x-role", b"admin"), (b"x-role", b"reader"), (b"x-other", b"1")]
    scope = {"type": "http", "path": "/", "headers": told, "client": ("10.0.0.7", 5000), "method": "GET"}

    async def send(_message):
        pass

    with pytest.raises(StopIteration):
        served.port(scope, None, send).send(None)
    assert served.asked == {b"x-other": b"1"}

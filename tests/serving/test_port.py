"""Whom the port answers, and what each answer says: the middleware by itself, without a server."""

import pytest

from analytics.errors import UserError
from analytics.serving.port import FRAMES_SETTING, HOSTS_SETTING, GuardedPort, Port
from analytics.serving.server import OPEN_SETTING, require_guarded


async def _streamlit(scope, _receive, send):
    """What lies behind: it lets every page of every site read its answers, as Streamlit does of its media."""
    headers = [(b"access-control-allow-origin", b"*")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


def answer(*headers, path="/", kind="http", port=None):
    """The messages to one request with these headers."""
    sent = []

    async def receive():
        return {"type": f"{kind}.connect"}

    async def send(message):
        sent.append(message)

    told = [(name.encode(), value.encode()) for name, value in headers]
    scope = {"type": kind, "method": "GET", "path": path, "headers": told, "query_string": b"", "http_version": "1.1"}
    # Nothing here waits for anything, so that no loop is needed, of which a browser may have one.
    with pytest.raises(StopIteration):
        GuardedPort(_streamlit, port or Port())(scope, receive, send).send(None)
    return sent


def status(*headers, **request):
    return answer(*headers, **request)[0]["status"]


def headers_of(messages):
    return {name.decode(): value.decode() for name, value in messages[0]["headers"]}


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8501", "127.0.0.1:8501", "[::1]:8501", "LOCALHOST", "localhost."]
)
def test_this_machine_s_own_names_are_answered(host):
    assert status(("host", host)) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8501",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.2",
        "",
        "localhost:x",
        "user@localhost",
        "localhost/x",
        "localhost?x",
        "localhost#x",
        " localhost",
        "localhost localhost",
        "[::1",
        "0.0.0.0",
    ],
)
def test_any_other_name_is_refused_on_pages_and_on_the_websocket(host):
    assert status(("host", host)) == 400
    assert answer(("host", host), kind="websocket") == [{"type": "websocket.close", "code": 1008}]


def test_a_request_without_a_name_or_with_two_is_refused():
    assert status() == 400
    assert status(("host", "localhost"), ("host", "evil.example")) == 400
    assert status(("host", "localhost"), ("host", "localhost")) == 400


def test_the_office_s_own_names_are_answered_and_no_part_of_them():
    port = Port(hosts=("wuse.jiedao.local",))
    assert status(("host", "WUSE.jiedao.local"), port=port) == 200
    for host in ("jiedao.local", "a.wuse.jiedao.local", "xwuse.jiedao.local"):
        assert status(("host", host), port=port) == 400


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:9999",
        "http://localhost",
        "http://evil.example",
        "null",
        "",
        "http://127.0.0.1:8501",
        "file://",
        "http://localhost:8501/",
        "http://user@localhost:8501",
        "ftp://localhost:8501",
        "localhost:8501",
    ],
)
def test_a_page_of_another_origin_is_refused_and_another_port_of_this_machine_is_one(origin):
    assert status(("host", "localhost:8501"), ("origin", origin)) == 403
    assert answer(("host", "localhost:8501"), ("origin", origin), kind="websocket")[0]["type"] == "websocket.close"


def test_its_own_pages_are_answered_behind_a_gateway_that_speaks_https_too():
    for scheme in ("http", "https"):
        assert status(("host", "localhost:8501"), ("origin", f"{scheme}://localhost:8501")) == 200


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/metrics/", "/under/_stcore/metrics", "/_stcore/agent/x"]
)
def test_what_tells_of_the_inside_is_closed(path):
    assert status(("host", "localhost"), path=path) == 404


def test_every_answer_says_what_a_browser_may_do_and_a_refusal_too():
    for request in ((("host", "localhost"),), (("host", "evil.example"),)):
        told = headers_of(answer(*request))
        assert told["x-content-type-options"] == "nosniff"
        assert told["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'self'" in told["content-security-policy"]
        assert "access-control-allow-origin" not in told
        # Nothing comes from elsewhere, and pages compile no text.
        assert "http" not in told["content-security-policy"]
        assert "unsafe-eval" not in told["content-security-policy"]


def test_only_what_is_drawn_in_a_frame_of_its_own_compiles_text():
    told = headers_of(answer(("host", "localhost"), path="/component/streamlit_folium.st_folium/index.html"))
    assert "'unsafe-eval'" in told["content-security-policy"]


def test_the_systems_that_may_show_the_page_in_a_frame_are_a_setting(monkeypatch):
    monkeypatch.setenv(FRAMES_SETTING, "https://portal.example, http://10.1.2.3:8080")
    told = headers_of(answer(("host", "localhost"), port=Port.of_settings()))
    assert told["content-security-policy"].endswith(
        "frame-ancestors 'self' https://portal.example http://10.1.2.3:8080"
    )


@pytest.mark.parametrize(
    ("setting", "written"),
    [
        (HOSTS_SETTING, "http://wuse.local"),
        (HOSTS_SETTING, "wuse.local:8501"),
        (HOSTS_SETTING, "a b"),
        (HOSTS_SETTING, "*"),
        (FRAMES_SETTING, "portal.example"),
        (FRAMES_SETTING, "https://portal.example/path"),
        (FRAMES_SETTING, "*"),
        (FRAMES_SETTING, "https://portal.example; script-src *"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_with_what_is_wrong(monkeypatch, setting, written):
    monkeypatch.setenv(setting, written)
    with pytest.raises(UserError) as refused:
        Port.of_settings()
    assert written in refused.value.problems[0].text("zh")
    assert setting in refused.value.problems[0].text("en")


@pytest.mark.parametrize("address", ["localhost", "127.0.0.1", "127.0.0.53", "::1", "unix:/run/wuse.sock"])
def test_a_server_of_this_machine_alone_needs_no_word_of_the_office(address):
    require_guarded(address, {}, signed_in=False)


@pytest.mark.parametrize("address", [None, "0.0.0.0", "::", "10.1.2.3", "wuse.local", "localhost.evil.example"])
def test_a_server_that_others_reach_needs_the_office_s_word(address):
    with pytest.raises(UserError, match="without sign-in"):
        require_guarded(address, {}, signed_in=False)
    with pytest.raises(UserError, match="without sign-in"):
        require_guarded(address, {OPEN_SETTING: "yes"}, signed_in=False)
    require_guarded(address, {OPEN_SETTING: "1"}, signed_in=False)


def test_a_server_that_answers_for_other_names_is_reached_by_others_too():
    require_guarded("127.0.0.1", {HOSTS_SETTING: "localhost"}, signed_in=False)
    require_guarded("127.0.0.1", {HOSTS_SETTING: "wuse.local"}, signed_in=True)
    require_guarded("127.0.0.1", {HOSTS_SETTING: "wuse.local", OPEN_SETTING: "1"}, signed_in=False)
    with pytest.raises(UserError):
        require_guarded("127.0.0.1", {HOSTS_SETTING: "localhost, wuse.local"}, signed_in=False)

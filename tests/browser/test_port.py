"""Whom the port of a running server answers, as a browser and a shell find it."""

import os
import re
import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import FLAGS, ROOT, serving
from tests.browser.test_dashboard import PAGES, open_page
from tests.chromium import installed

OPENS = """address => new Promise(told => {
    const line = new WebSocket(address);
    line.onopen = () => told("open");
    line.onclose = () => told("refused");
})"""


@pytest.fixture(scope="module")
def elsewhere():
    """A page of another port of this machine."""

    class Nothing(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Nothing)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def stream_of(address):
    return address.replace("http", "ws") + "/_stcore/stream"


def test_a_page_of_another_port_opens_no_line_and_reads_nothing_and_its_own_does(
    browser: Browser, dashboard: str, elsewhere: str
):
    page = browser.new_page()
    page.goto(elsewhere)
    assert page.evaluate(OPENS, stream_of(dashboard)) == "refused"
    read = "address => fetch(address).then(answer => answer.text()).catch(() => 'refused')"
    for path in ("/", "/_stcore/host-config", "/health"):
        assert page.evaluate(read, dashboard + path) == "refused"
    page.goto(f"{dashboard}/health")
    assert page.evaluate(OPENS, stream_of(dashboard)) == "open"
    page.close()


def test_a_name_that_was_turned_to_this_machine_is_not_answered(browser: Browser, dashboard: str):
    port = dashboard.rpartition(":")[2]
    rules = "--host-resolver-rules=MAP evil.example 127.0.0.1"
    deceived = browser.browser_type.launch(executable_path=installed(), args=[*FLAGS, rules])
    page = deceived.new_page()
    answered = page.goto(f"http://evil.example:{port}/")
    assert answered.status == 400
    assert page.content().count("script") == 0
    assert page.evaluate(OPENS, f"ws://evil.example:{port}/_stcore/stream") == "refused"
    deceived.close()


@pytest.mark.parametrize("path", [*PAGES.values(), "/presentation", "/?embed=true"])
def test_no_page_asks_for_what_the_policy_forbids(page: Page, dashboard: str, path: str):
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    open_page(page, dashboard + path) if "presentation" not in path else page.goto(dashboard + path)
    page.wait_for_timeout(500)
    assert [text for text in said if "Content Security Policy" in text] == []


def test_a_server_that_others_would_reach_does_not_start_unguarded():
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.headless", "true"]
    done = subprocess.run(
        [*command, "--server.address", "0.0.0.0", "--server.port", "0"],
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=120, env=os.environ | {"FIVE_COLOUR_OPEN": ""},
    )  # fmt: skip
    assert done.returncode == 2
    assert "没有启动" in done.stderr
    assert "Not started" in done.stderr
    assert not re.search(r"Traceback|external IP", done.stderr + done.stdout)


def test_a_server_that_is_asked_to_end_lets_what_is_being_written_finish(page: Page, tmp_path, monkeypatch):
    monkeypatch.setenv("FIVE_COLOUR_HOME", str(tmp_path))
    with serving(ROOT / "tests" / "browser" / "apps" / "slow_app.py", end=signal.SIGTERM) as address:
        page.goto(address)
        for _ in range(100):
            if (tmp_path / "begun.txt").exists():
                break
            page.wait_for_timeout(100)
        assert not (tmp_path / "done.txt").exists()
    assert (tmp_path / "done.txt").exists()

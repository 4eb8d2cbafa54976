"""A server that has just started, a browser, and pages that note every request they make."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.chromium import installed

ROOT = Path(__file__).parents[2]
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def free_port() -> int:
    """A port of this machine at which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(app: Path, end: int = signal.SIGKILL, port: int | None = None, told: Sequence[str] = ()) -> Iterator[str]:
    """The address of a fresh server of ``app``, which nobody has opened yet, and which is ended by a signal; at a
    ``port`` that was free, with options that it is ``told``."""
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(port)]
    settings = ["--server.address", "127.0.0.1", "--server.headless", "true", *told]
    with (
        # A server that is killed cannot clear up after itself.
        TemporaryDirectory() as own,
        subprocess.Popen(
            [*command, *settings],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": own},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        try:
            assert next((line for line in process.stdout if "URL:" in line), None), "the server ended before it served"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(end)
            process.stdout.read()


@pytest.fixture(scope="session")
def dashboard(browser: Browser) -> Iterator[str]:
    """The product itself, which somebody has opened already: tests of a cold server have servers of their own."""
    with serving(ROOT / "dashboard.py") as address:
        page = browser.new_page()
        page.goto(address)
        page.locator(".foot-line").wait_for(timeout=60_000)
        page.close()
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = installed()
    assert path, "the browser tests need a Chromium: run python tests/chromium.py"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1400, "height": 900}, locale="zh-CN")
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def hosts_asked(page: Page) -> set[str]:
    """A set that fills with the host of every request that ``page`` makes; a blob is the page's own, which made it."""
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlparse(request.url.removeprefix("blob:")).hostname or ""))
    return hosts

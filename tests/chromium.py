"""Which Chromium the browser tests use: an installed one, else one that this script gets.

Run as a script before the tests; `tests/browser` imports `installed`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "msedge")
PLACES = (
    "/usr/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)


def installed() -> str | None:
    """The path of a Chromium, Chrome or Edge on this machine, else that of Playwright's own; None without any."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    for place in PLACES:
        if Path(place).exists():
            return place
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def get() -> None:
    """Get a Chromium: from the system's packages where that is allowed, else Playwright's."""
    may_install = shutil.which("apt-get") and hasattr(os, "geteuid")
    if may_install:
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        if subprocess.run([*sudo, "apt-get", "update", "-qq"], check=False).returncode == 0:
            subprocess.run([*sudo, "apt-get", "install", "-y", "-qq", "chromium"], check=False)
    if installed() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"], check=False)


if __name__ == "__main__":
    if installed() is None:
        get()
    path = installed()
    if path is None:
        sys.exit("No Chromium, Chrome or Edge was found and none could be installed. Install one and run this again.")
    print(f"Browser tests use {path}")

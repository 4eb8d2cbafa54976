"""Make the README's pictures anew from the sample, in a home of their own: the pages in a real browser, and the sheet.

    python static/pictures/make_pictures.py

Needs what the tests need (tests/requirements.txt and a Chromium). Pictures are 1920 × 1080, reduced to a palette of 256
colours so that the tree stays small.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import FLAGS, serving  # noqa: E402
from tests.chromium import installed  # noqa: E402

PAGES = {"overview": "", "area": "area?area=DS-06-06", "workbench": "weights"}
NEWEST = "13"
"""The sample's newest release of the scheme that opens first."""
SHOWN = (1456, 819)
READY = "[data-test-script-state='notRunning']"


def keep(picture: Path) -> None:
    """Make a picture as large as a README shows it."""
    with Image.open(picture) as whole:
        whole.convert("RGB").resize(SHOWN, Image.Resampling.LANCZOS).quantize(256, dither=Image.Dither.NONE).save(
            picture, optimize=True
        )


def photograph(address: str) -> None:
    """The pages as a new user sees them."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=list(FLAGS))
        for name, link in PAGES.items():
            page = browser.new_page(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
            page.goto(f"{address}/{link}")
            page.locator(".foot-line").wait_for(timeout=120_000)
            page.locator(READY).first.wait_for(state="attached")
            page.wait_for_load_state("networkidle")
            page.screenshot(path=FOLDER / f"{name}.png")
            page.close()
        browser.close()


def main() -> None:
    """All four."""
    with TemporaryDirectory() as home:
        os.environ["FIVE_COLOUR_HOME"] = home
        with serving(ROOT / "dashboard.py") as address:
            photograph(address)
        sheet = [sys.executable, "-m", "analytics", "brief", NEWEST, "--out", str(FOLDER / "sheet.png")]
        subprocess.run([*sheet, "--home", f"{home}/samples/demo_street"], cwd=ROOT, check=True)
    for picture in sorted(FOLDER.glob("*.png")):
        keep(picture)


if __name__ == "__main__":
    main()

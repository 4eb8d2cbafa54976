"""From the slider to the recoloured map in a real browser, ours and three stock ways: ``python -m analytics bench
workbench``.

Each way is a page in ``apps``, on a server and in a browser context of its own, with the same areas, the same slider
and our own rescoring in the same fragment: they differ in the drawing alone. At each size the ways take turns, a
change each. A change begins when the page hears the key and ends when the frame with the new colours has been handed
over to be shown; what each way waits for is in ``READY``, and the stock ways are let off early where a doubt is left.
Bytes are what the page received meanwhile: messages of the server and files. Both are measured in the page itself,
so that no tool beside it slows a way down. WebGL is drawn by the processor, as on an office's machine without a card.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

from analytics.benchmarks.apps import made_up
from analytics.errors import UserError
from analytics.tiers import LOOKS, RANKED
from analytics.words import Language, say

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
APPS = Path(__file__).parent / "apps"
WAYS = ("ours", "stock_folium", "plotly_choropleth", "pydeck_geojson")
SIZES = (100, 1_000, 5_000, 20_000)
CHANGES = 20
FEW, TARGET_SIZE = 100, 5_000
"""Areas: the sizes that the targets speak of."""

LONGEST_CHANGE, LONGEST_OPENING = 60, 120
"""Seconds after which a change, or the page's first map, counts as one that does not finish."""

REST = 100
"""Milliseconds between two changes."""

LONGEST_WAY = 90
"""Seconds that a way may use at one size: where changes take long, the median is of fewer, and the table says so."""

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass(frozen=True)
class Measured:
    """Medians of one way at one size, over so many ``changes``: seconds to the recoloured map, kilobytes received."""

    seconds: float
    kilobytes: float
    changes: int


def bench_workbench(lang: Language) -> str:
    """The measured times and bytes as text; how far it is goes to standard error."""
    found = recolourings(
        WAYS,
        SIZES,
        CHANGES,
        lambda share: print("\r" + say(lang, "cli.progress", share=f"{share:.0%}"), end="", file=sys.stderr),
    )
    print(file=sys.stderr)
    rows = [([f"{size:,}" for size in SIZES], say(lang, "bench.workbench_areas"))]
    rows += [([_cell(lang, found[way, size]) for size in SIZES], say(lang, f"bench.way_{way}")) for way in WAYS]
    told = [
        say(lang, "bench.workbench_row", cells="".join(f"{cell:>25}" for cell in cells), what=what)
        for cells, what in rows
    ]
    return "\n".join([say(lang, "bench.workbench", changes=CHANGES), *told, *_ratios(lang, found)])


def recolourings(
    ways: Sequence[str], sizes: Sequence[int], changes: int, tell: Callable[[float], None]
) -> dict[tuple[str, int], Measured | None]:
    """Change the weight so many times in each way at each size; ``tell`` hears how far it is, 0–1.

    By way and size; None where the map did not come, or did not change, in the time that it has.

    Raises ``UserError`` where there is no browser to do it in.
    """
    found: dict[tuple[str, int], Measured | None] = {}
    with _browser() as browser, ExitStack() as servers:
        addresses = {way: servers.enter_context(_serving(APPS / f"{way}.py")) for way in ways}
        for at, size in enumerate(sizes):
            with ExitStack() as contexts:
                pages = {way: contexts.enter_context(_context(browser)) for way in ways}
                tried = {way: _Tried(way, pages[way], size) for way in ways}
                for one in tried.values():
                    one.open(addresses[one.way])
                # What the first change warms is not timed.
                for turn in range(changes + 1):
                    for one in tried.values():
                        one.change(turn)
                    tell((at + (turn + 1) / (changes + 1)) / len(sizes))
                found |= {(way, size): one.measured() for way, one in tried.items()}
    return found


class _Tried:
    """One way at one size: its page, and what it took."""

    def __init__(self, way: str, page: Page, size: int) -> None:
        self.way = way
        self._page, self._size = page, size
        self._finishes, self._crashed = True, False
        page.on("crash", self._crash)  # out of memory
        self._used = 0.0
        self._taken: list[tuple[float, float]] = []

    def open(self, address: str) -> None:
        """Wait for the first map."""

        def work() -> bool:
            self._page.goto(f"{address}/?areas={self._size}")
            expected = _expected(self._size, made_up.LIGHTEST)
            script = "([way, expected, longest]) => bench.shown(way, expected, longest)"
            shown = self._page.evaluate(script, [self.way, expected, LONGEST_OPENING])
            if self._page.locator("[data-testid='stException']").count():
                raise RuntimeError(f"The page {self.way} has an error of its own.")
            return shown is not None and self._rest()

        self._try(work)

    def change(self, turn: int) -> None:
        """Move the slider by one step, unless the way has failed or its time is used up; the first is not counted."""

        def work() -> bool:
            begun = perf_counter()
            expected = _expected(self._size, made_up.LIGHTEST + (turn + 1) * made_up.STEP)
            script = "([way, expected, longest]) => bench.expect(way, expected, longest)"
            self._page.evaluate(script, [self.way, expected, LONGEST_CHANGE])
            slider = self._page.get_by_role("slider")
            slider.focus()
            slider.press("ArrowRight")
            seconds = self._page.evaluate("bench.seconds()")
            if seconds is None or not self._rest():
                return False
            if turn:
                self._taken.append((seconds, self._page.evaluate("bench.bytes()") / 1000))
            self._used += perf_counter() - begun
            return True

        if self._finishes and self._used < LONGEST_WAY:
            self._try(work)

    def measured(self) -> Measured | None:
        """The medians."""
        if not self._finishes:
            return None
        return Measured(*map(median, zip(*self._taken, strict=True)), len(self._taken))

    def _try(self, work: Callable[[], bool]) -> None:
        from playwright.sync_api import Error, TimeoutError

        try:
            self._finishes = work()
        except Error as error:
            if not (self._crashed or isinstance(error, TimeoutError)):
                raise
            self._finishes = False

    def _crash(self, _: Page) -> None:
        self._crashed = True

    def _rest(self) -> bool:
        """Nobody's change pays for what is left to do of the one before."""
        self._page.wait_for_selector("[data-test-script-state='notRunning']", timeout=1000 * LONGEST_CHANGE)
        self._page.wait_for_timeout(REST)
        return True


def _expected(size: int, weight: int) -> dict[str, object]:
    """What the map looks like then; of one area that is another than at the step before, all that a way may show."""
    ranks = made_up.ranks(size, weight)
    before = made_up.ranks(size, max(weight - made_up.STEP, made_up.LIGHTEST))
    place = int((ranks != before).argmax())
    looks = [LOOKS[RANKED[rank]] for rank in ranks]
    return {
        "codes": "".join(look.code for look in looks),
        "place": place,
        "id": made_up.areas(size).index[place],
        "rank": int(ranks[place]),
        "fill": looks[place].fill,
        "channels": list(bytes.fromhex(looks[place].fill.removeprefix("#"))),
    }


# ---------------------------------------------------------------- told


def _cell(lang: Language, measured: Measured | None) -> str:
    if measured is None:
        return say(lang, "bench.does_not_finish")
    seconds, kilobytes = f"{measured.seconds:.2f}", f"{measured.kilobytes:,.0f}"
    if measured.changes == CHANGES:
        return say(lang, "bench.workbench_cell", seconds=seconds, kilobytes=kilobytes)
    return say(lang, "bench.workbench_cell_of_fewer", seconds=seconds, kilobytes=kilobytes, changes=measured.changes)


def _ratios(lang: Language, found: Mapping[tuple[str, int], Measured | None]) -> list[str]:
    """Against the targets; of what does not finish there is no ratio."""
    ours, stock, few = found["ours", TARGET_SIZE], found["stock_folium", TARGET_SIZE], found["ours", FEW]
    areas, told = f"{TARGET_SIZE:,}", []
    if ours and stock:
        times, fewer = f"{stock.seconds / ours.seconds:.1f}", f"{stock.kilobytes / ours.kilobytes:,.0f}"
        told.append(say(lang, "bench.against_folium", areas=areas, times=times, fewer=fewer))
    if ours and few:
        times = f"{ours.seconds / few.seconds:.2f}"
        told.append(say(lang, "bench.against_few", areas=areas, few=f"{FEW:,}", times=times))
    return told


# ---------------------------------------------------------------- browser and servers


@contextmanager
def _browser() -> Iterator[Browser]:
    try:
        from playwright.sync_api import sync_playwright

        from tests.chromium import installed
    except ImportError:
        raise UserError.because("bench.no_playwright") from None
    path = installed()
    if path is None:
        raise UserError.because("bench.no_chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def _context(browser: Browser) -> Iterator[Page]:
    """A page in a context of its own, which the browser keeps in a process of its own."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.add_init_script(path=Path(__file__).with_suffix(".js"))
    try:
        yield context.new_page()
    finally:
        context.close()


@contextmanager
def _serving(app: Path) -> Iterator[str]:
    """The address of a server of ``app``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(port)]
    settings = ["--server.address", "localhost", "--server.headless", "true"]
    with (
        TemporaryDirectory(prefix="five-colour-bench-") as own,
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
            if not next((line for line in process.stdout if "URL:" in line), None):
                raise RuntimeError(f"{app.name} ended before it served")
            yield f"http://localhost:{port}"
        finally:
            process.kill()  # asked to end, a server waits for its open connections
            process.stdout.read()

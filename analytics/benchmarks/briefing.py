"""How fast a sheet is made of a release, against the typesetter alone: ``python -m analytics bench briefing``.

A street of each of two sizes is made up and released, as ``sample_data/make_demo_street.py`` makes it. Timed is what
follows when a release was read: what it says, and the picture; the typesetter alone gets the same data again. Both take
turns in one process, and the median is told.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from analytics.access import Actor
from analytics.briefing import sheet as of_sheet
from analytics.briefing.composing import briefing_of
from analytics.loaders import load_records, sample_datasets
from analytics.releases import Intent, verify
from analytics.releases.publishing import ReleaseInput, entry_of, predecessor, release, report
from analytics.scheme import scheme_named
from analytics.scoring import area_counts_for, first_full_day
from analytics.store import Counts
from analytics.store.ledger import Ledger
from analytics.words import Language, say

MAKER = Path(__file__).parents[2] / "sample_data" / "make_demo_street.py"
SIZES = (500, 5_000)
DAYS, TURNS = 120, 3
SCHEME = "epidemic"


@dataclass(frozen=True)
class Briefed:
    """Median seconds at so many ``areas``: what a release says (``said``), the whole PNG (``png``, ``said`` included),
    and the ``typesetting`` alone."""

    areas: int
    said: float
    png: float
    typesetting: float


def bench_briefing(lang: Language, sizes: Sequence[int] = SIZES, turns: int = TURNS) -> str:
    """The measured times as text."""
    found = [_briefed(areas, turns) for areas in sizes]
    lines = [say(lang, "bench.briefing", turns=turns)]
    for one in found:
        told = {"areas": f"{one.areas:,}", "said": f"{one.said:.2f}", "png": f"{one.png:.2f}"}
        times = f"{one.png / one.typesetting:.1f}"
        lines.append(
            say(lang, "bench.briefing_row", typesetting=f"{one.typesetting:.2f}", times=times, **told)
        )  # fmt: skip
    growth = {"areas": f"{found[-1].areas / found[0].areas:.0f}", "times": f"{found[-1].png / found[0].png:.1f}"}
    return "\n".join([*lines, say(lang, "bench.briefing_growth", **growth)])


def _briefed(areas: int, turns: int) -> Briefed:
    with TemporaryDirectory(prefix="five-colour-bench-") as folder:
        street, home = Path(folder) / "samples" / "street", Path(folder) / "home"
        street.parent.mkdir()
        home.mkdir()
        size = ["--grids", str(areas), "--days", str(DAYS), "--out", str(street)]
        subprocess.run([sys.executable, str(MAKER), *size], check=True, capture_output=True)
        ledger = _released(street.parent, home)
        entry = entry_of(ledger, 2)
        told, frozen = report(home, ledger, predecessor(ledger, entry), entry), verify(home, ledger, entry.name)
        taken: dict[str, list[float]] = {"said": [], "png": [], "typesetting": []}
        handed: list[tuple[object, ...]] = []
        typeset = of_sheet.typeset

        def watched(*given: object) -> bytes:
            handed[:] = [given]
            return typeset(*given)

        of_sheet.typeset = watched
        try:
            for turn in range(turns + 1):
                begun = perf_counter()
                briefing = briefing_of(frozen, told, "zh", entry)
                said = perf_counter()
                of_sheet.sheet(briefing, "png")
                drawn = perf_counter()
                typeset(*handed[0])
                if turn:  # the first one reads the font
                    taken["said"].append(said - begun)
                    taken["png"].append(drawn - begun)
                    taken["typesetting"].append(perf_counter() - drawn)
        finally:
            of_sheet.typeset = typeset
    return Briefed(areas, **{name: median(times) for name, times in taken.items()})


def _released(samples: Path, home: Path) -> Ledger:
    """A ledger with two releases, a week apart."""
    (info,) = sample_datasets(samples)
    last = info.default_date
    records, _ = load_records({table: info.folder / file for table, file in info.files.items()}, last)
    counts, scheme, ledger = Counts.of_records(records, "0" * 64), scheme_named(SCHEME), Ledger.open(None, home)
    for day in (last - timedelta(weeks=1), last):
        material = ReleaseInput(area_counts_for(counts, scheme), scheme, first_full_day(counts, scheme), day)
        release(home, ledger, Actor("bench", "local"), material, Intent(MAKER.stem, publish=True))
    return ledger

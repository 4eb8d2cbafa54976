"""How fast the loading is, against the stock way: ``python -m analytics bench loading``.

Each way runs in a process of its own, in turns, so that its peak of memory is its own too: by how much it rises above
what the process held once all was imported and, where there are areas to place in, these were read. The areas,
incidents and workbook are drawn into a temporary folder; a figure is the median of the turns.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import python_calamine
import shapely

from analytics.loaders import IdHash, Known, Records, load_table
from analytics.loaders.files import read_sheet
from analytics.scheme import Scheme, scheme_named
from analytics.scoring import AreaCounts, area_counts_for, assess
from analytics.store import Counts
from analytics.store.answer_cache import AnswerCache
from analytics.store.parts import Part
from analytics.words import Language, say

TURNS = 3
SEED = 2020
FIRST_ID = 10_000_000  # a number of the platform: one that counts rows from 0 would be no id
WEST, SOUTH, STEP = 150.0, 30.0, 0.005
TODAY, DAYS = date(2026, 10, 31), 365
CATEGORIES = ("confirmed_case", "suspected_case", "fever", "gathering", "noise", "fire_hazard", "elder_help")


@dataclass(frozen=True)
class Sizes:
    """How many areas lie side by side and one above the other, and how many rows each file has."""

    across: int = 100
    up: int = 50
    incidents: int = 1_000_000
    records: int = 10_000_000
    workbook_rows: int = 200_000


USUAL = Sizes()


def bench_loading(lang: Language, sizes: Sizes = USUAL, turns: int = TURNS) -> str:
    """The measured times and peaks of memory as text; how far it is goes to standard error."""
    with TemporaryDirectory(prefix="five-colour-bench-") as name:
        # A process begins with the peak of the one that starts it, so even the drawing is done in another.
        _run("make", name, json.dumps(asdict(sizes)))
        found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        for turn in range(turns):
            for number, way in enumerate(WAYS):
                share = (turn * len(WAYS) + number) / (turns * len(WAYS))
                print("\r" + say(lang, "cli.progress", share=f"{share:.0%}"), end="", file=sys.stderr)
                found[way].append(json.loads(_run(way, name)))
        print(file=sys.stderr)
    seconds = {way: median(one["seconds"] for one in taken) for way, taken in found.items()}
    megabytes = {way: median(one["megabytes"] for one in taken) for way, taken in found.items()}

    def told(ours: str, stock: str) -> str:
        return say(
            lang,
            f"bench.{ours}",
            ours=f"{seconds[ours]:.2f}",
            stock=f"{seconds[stock]:.2f}",
            times=_ratio(seconds[stock], seconds[ours]),
            ours_mb=f"{megabytes[ours]:,.0f}",
            stock_mb=f"{megabytes[stock]:,.0f}",
            memory=_ratio(megabytes[stock], megabytes[ours]),
            areas=f"{sizes.across * sizes.up:,}",
            incidents=f"{sizes.incidents:,}",
            records=f"{sizes.records:,}",
            rows=f"{sizes.workbook_rows:,}",
        )

    return "\n".join(
        [
            say(lang, "bench.loading", turns=turns),
            told("matters_ours", "matters_stock"),
            told("counts_ours", "counts_stock"),
            told("first_ours", "counts_stock"),
            told("workbook_ours", "workbook_stock"),
        ]
    )


def _ratio(stock: float, ours: float) -> str:
    """How many times as much; a dash where there is nothing to divide by: a peak may not rise at all."""
    return f"{stock / ours:.1f}" if ours > 0 else "—"


def _run(way: str, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", __name__, way, *arguments], capture_output=True, text=True, check=True
    ).stdout


def _make(folder: Path, sizes: Sizes) -> None:
    random = np.random.default_rng(SEED)
    across, up = sizes.across, sizes.up
    boxes = [
        shapely.box(WEST + STEP * x, SOUTH + STEP * y, WEST + STEP * (x + 1), SOUTH + STEP * (y + 1))
        for y in range(up)
        for x in range(across)
    ]
    ids = [f"G{number:05d}" for number in range(len(boxes))]
    gpd.GeoDataFrame(
        {"area_id": ids, "name": ids, "level": "grid", "population": 1000}, geometry=boxes, crs="EPSG:4326"
    ).to_file(folder / "areas.geojson", engine="pyogrio")

    def incidents(rows: int) -> pd.DataFrame:
        moments = pd.Timestamp(TODAY) - pd.to_timedelta(random.integers(0, DAYS * 1440, rows), unit="min")
        return pd.DataFrame(
            {
                "incident_id": np.arange(FIRST_ID, FIRST_ID + rows).astype("str"),
                "lon": (WEST + random.random(rows) * STEP * across).round(6),
                "lat": (SOUTH + random.random(rows) * STEP * up).round(6),
                "occurred_at": moments.strftime("%Y-%m-%d %H:%M:%S"),
                "category": random.choice(CATEGORIES, rows),
                "channel": random.choice(["12345", "grid", "patrol"], rows),
            }
        )

    incidents(sizes.incidents).to_csv(folder / "incidents.csv", index=False)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    drawn = incidents(sizes.workbook_rows)
    sheet.append(list(drawn.columns))
    for row in drawn.itertuples(index=False):
        sheet.append(row)
    book.save(folder / "incidents.xlsx")
    whole = pd.DataFrame(
        {
            "area_id": pd.array(random.choice(ids, sizes.records), dtype="str"),
            "occurred_at": (
                pd.Timestamp(TODAY) - pd.to_timedelta(np.sort(random.integers(0, DAYS, sizes.records))[::-1], unit="D")
            ).astype("datetime64[us]"),
            "category": pd.array(random.choice(CATEGORIES, sizes.records), dtype="str"),
        }
    )
    for column in ("channel", "severity", "status"):
        whole[column] = pd.array([None], dtype="str").repeat(sizes.records)
    whole["due_at"] = whole["closed_at"] = pd.Series(pd.NaT, index=whole.index, dtype="datetime64[us]")
    whole["satisfied"] = pd.array([None], dtype="boolean").repeat(sizes.records)
    whole.to_parquet(folder / "records.parquet", index=False)
    # The first answer is made here, as a nightly load would: what is timed is the page that asks in the morning.
    facts, scheme = _facts(folder)
    assess(facts, scheme, pd.DatetimeIndex([TODAY]))


def _areas(folder: Path) -> gpd.GeoDataFrame:
    return load_table("areas", folder / "areas.geojson", TODAY, IdHash(bytes(32))).frame


def _incidents_ours(folder: Path) -> Callable[[], object]:
    areas = _areas(folder)

    def work() -> object:
        loaded = load_table("incidents", folder / "incidents.csv", TODAY, IdHash(bytes(32)), Known(areas))
        return Counts.of_records(Records(areas, incidents=loaded.frame)).daily("incidents", "occurred_at")

    return work


def _incidents_stock(folder: Path) -> Callable[[], object]:
    areas = gpd.read_file(folder / "areas.geojson")

    def work() -> object:
        table = pd.read_csv(folder / "incidents.csv", parse_dates=["occurred_at"])
        points = gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs="EPSG:4326")
        joined = points.sjoin(areas[["area_id", "geometry"]], predicate="intersects")
        return joined.groupby(["area_id", joined["occurred_at"].dt.normalize()]).size()

    return work


def _facts(folder: Path) -> tuple[AreaCounts, Scheme]:
    part = Part(folder / "records.parquet", "drawn", None, ())
    cache = AnswerCache(folder / "counts", bytes(32))
    counts = Counts.of_parts(_areas(folder), {"incidents": (part,)}, cache, "drawn")
    scheme = scheme_named("epidemic").model_copy(update={"stability": None})
    return area_counts_for(counts, scheme), scheme


def _counts_ours(folder: Path) -> Callable[[], object]:
    facts, scheme = _facts(folder)
    # A page that is open has its counts at hand: what is timed is another date.
    assess(facts, scheme, pd.DatetimeIndex([TODAY - timedelta(days=1)]))
    return lambda: assess(facts, scheme, pd.DatetimeIndex([TODAY]))


def _first_ours(folder: Path) -> Callable[[], object]:
    def work() -> object:
        facts, scheme = _facts(folder)
        return assess(facts, scheme, pd.DatetimeIndex([TODAY]))

    return work


def _counts_stock(folder: Path) -> Callable[[], object]:
    def work() -> object:
        areas = gpd.read_file(folder / "areas.geojson")
        table = pd.read_parquet(folder / "records.parquet")
        scheme = scheme_named("epidemic")
        found = {}
        for item in scheme.indicators:
            if item.source == "incidents" and item.where:
                kept = table[table["category"].isin(item.where["category"])]
                since = pd.Timestamp(TODAY) - pd.Timedelta(days=item.window_days or DAYS)
                found[item.id] = kept[kept["occurred_at"] > since].groupby("area_id").size()
        return pd.DataFrame(found).reindex(areas["area_id"]).fillna(0)

    return work


def _workbook_ours(folder: Path) -> Callable[[], object]:
    return lambda: read_sheet("incidents", folder / "incidents.xlsx")


def _workbook_stock(folder: Path) -> Callable[[], object]:
    return lambda: python_calamine.load_workbook(str(folder / "incidents.xlsx")).get_sheet_by_index(0).to_python()


WAYS: Mapping[str, Callable[[Path], Callable[[], object]]] = {
    "matters_ours": _incidents_ours,
    "matters_stock": _incidents_stock,
    "counts_ours": _counts_ours,
    "first_ours": _first_ours,
    "counts_stock": _counts_stock,
    "workbook_ours": _workbook_ours,
    "workbook_stock": _workbook_stock,
}


def _measure(way: str, folder: Path) -> None:
    work = WAYS[way](folder)
    before, begun = _peak_megabytes(), perf_counter()
    work()
    print(json.dumps({"seconds": perf_counter() - begun, "megabytes": _peak_megabytes() - before}))


def _peak_megabytes() -> float:
    """The most memory that this process ever held; NaN on Windows, where Python does not tell."""
    try:
        import resource
    except ImportError:
        return float("nan")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    asked, where = sys.argv[1], Path(sys.argv[2])
    if asked == "make":
        _make(where, Sizes(**json.loads(sys.argv[3])))
    else:
        _measure(asked, where)

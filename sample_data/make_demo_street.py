"""Makes the made-up street: the same seed and size give the same bytes.

From the top folder: ``python sample_data/make_demo_street.py``, or another size elsewhere with
``--grids 5000 --days 365 --out FOLDER``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from making.checks import checks
from making.incidents import incidents, outbreaks
from making.people import area_features, places, residents, settle, teams
from making.plan import DEFAULT_GRIDS, FEWEST_GRIDS, Plan, draw_plan

LAST_DAY = np.datetime64("2026-10-31")
DEFAULT_DAYS = 457  # fifteen months
DEFAULT_SEED = 7
DEFAULT_OUT = Path(__file__).parent / "demo_street"

DATASET = f"""\
name: {{zh: 示例街道, en: Demo street}}
notice: {{zh: 示例数据，地名均为虚构, en: Made-up data; all place names are invented}}
source: {{zh: 程序生成的虚构数据, en: made up by a program}}
made_up: true
files:
  areas: areas.geojson
  residents: residents.csv
  incidents: incidents.csv
  places: places.csv
  checks: checks.csv
  teams: teams.csv
context: water_roads.geojson
schemes: [epidemic, rentals, venues, elders]
default_date: {LAST_DAY}
"""


def main() -> None:
    options = _options()
    make(options.grids, options.days, options.seed, options.out)


def make(grids: int, days: int, seed: int, out: Path) -> None:
    """Write the whole data set. Each part has its own random numbers, so that one can change without the others."""
    plan_rng, people_rng, places_rng, wave_rng, incident_rng, check_rng = (
        np.random.default_rng([seed, part]) for part in range(6)
    )
    first_day = LAST_DAY - (days - 1)
    plan = draw_plan(grids, plan_rng)
    settled, communities = settle(plan, people_rng)
    counted = residents(settled, str(first_day), people_rng)
    standing, staffed = places(settled, places_rng), teams(communities, places_rng)
    waves = outbreaks(settled, days, wave_rng)

    out.mkdir(parents=True, exist_ok=True)
    _write_geojson(area_features(settled, communities, counted), out / "areas.geojson")
    _write_geojson(_context_features(plan), out / "water_roads.geojson")
    _write_csv(counted, out / "residents.csv")
    _write_csv(standing, out / "places.csv")
    _write_csv(staffed, out / "teams.csv")
    _write_csv(incidents(settled, first_day, days, waves, incident_rng), out / "incidents.csv", degrees=True)
    _write_csv(checks(settled, standing, staffed, first_day, days, waves, check_rng), out / "checks.csv")
    (out / "dataset.yaml").write_text(DATASET, encoding="utf-8", newline="\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Make the made-up street of the sample data.")
    parser.add_argument("--grids", type=int, default=DEFAULT_GRIDS, help="number of grids (default %(default)s)")
    parser.add_argument("--days", type=int, default=DEFAULT_DAYS, help=f"days of incidents up to {LAST_DAY}")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="another seed makes another street")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="folder to write (default: beside this script)")
    options = parser.parse_args()
    if options.grids < 2 * FEWEST_GRIDS:
        parser.error(f"--grids must be {2 * FEWEST_GRIDS} or more")
    if options.days < 30:
        parser.error("--days must be 30 or more")
    return options


def _context_features(plan: Plan) -> list[dict]:
    shapes = [("water", plan.river), *(("road", road) for road in plan.roads)]
    return [
        {"type": "Feature", "properties": {"kind": kind}, "geometry": shapely.geometry.mapping(shape)}
        for kind, shape in shapes
    ]


def _write_geojson(features: list[dict], path: Path) -> None:
    """One feature a line, so that a change of one area is a change of one line."""
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8", newline="\n")


def _write_csv(table: pd.DataFrame, path: Path, *, degrees: bool = False) -> None:
    table.to_csv(path, index=False, lineterminator="\n", float_format="%.6f" if degrees else None)


if __name__ == "__main__":
    main()

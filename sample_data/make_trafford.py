"""Makes the Trafford set, which is real, from the four published files of the reference folder.

From the top folder: ``python sample_data/make_trafford.py --reference FOLDER``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pandas as pd
import shapely

DEFAULT_OUT = Path(__file__).parent / "trafford"
CENSUS_DAY = "2021-03-21"

ALONE_ELDER = "One-person household: Aged 66 years and over"
ALONE_OTHER = "One-person household: Other"
FAMILY_ELDER = "Single family household: All aged 66 years and over"

# The 14 published kinds of household are all leaves (none is a sum of others): each household is in exactly one.
# Each becomes (age band, lives alone); all kinds that are not named here are households of several, of any age.
_KIND_OF_HOUSEHOLD = {ALONE_ELDER: ("66+", 1), ALONE_OTHER: ("18-65", 1), FAMILY_ELDER: ("66+", 0)}
_OTHER_HOUSEHOLD = ("", 0)
_RENTED = ("Social rented", "Private rented")

ATTRIBUTION = (
    "Contains National Statistics data © Crown copyright and database right; contains OS data © Crown copyright and "
    "database right; Department for Transport STATS19; Open Government Licence v3.0"
)

DATASET = """\
name: {{zh: 特拉福德（英国）, en: "Trafford, England"}}
notice: null
source:
  zh: "英国国家统计局、英国地形测量局、英国交通部开放数据：{attribution}"
  en: "{attribution}"
made_up: false
files:
  areas: areas.geojson
  residents: residents.csv
  incidents: incidents.csv
schemes: [elders]
default_date: {last_day}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the Trafford set from the published files.")
    parser.add_argument("--reference", type=Path, required=True, help="folder with the four published files")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="folder to write (default: beside this script)")
    options = parser.parse_args()
    make(options.reference, options.out)


def make(reference: Path, out: Path) -> None:
    households = pd.read_csv(reference / "household_composition_2021.csv")
    tenure = pd.read_csv(reference / "tenure_2021.csv")
    casualties = pd.read_csv(reference / "road_casualties_2019_2024.csv", dtype={"AREFNO": str})
    outlines = json.loads((reference / "output_areas_2011.geojson").read_text(encoding="utf-8"))

    out.mkdir(parents=True, exist_ok=True)
    counted = households.groupby("area_code")["value"].sum()
    _write_geojson(_areas(outlines, counted, renter_share(tenure)), out / "areas.geojson")
    residents(households).to_csv(out / "residents.csv", index=False, lineterminator="\n")
    incidents(casualties).to_csv(out / "incidents.csv", index=False, lineterminator="\n", float_format="%.5f")
    # The last day of the file, not of its last year: days after it are not quiet, they are not in the data.
    dataset = DATASET.format(attribution=ATTRIBUTION, last_day=casualties["date"].max())
    (out / "dataset.yaml").write_text(dataset, encoding="utf-8", newline="\n")


def renter_share(tenure: pd.DataFrame) -> pd.Series:
    """Households that rent, in percent of all households of the area."""
    renting = tenure["household_tenure"].str.startswith(_RENTED)
    rented = tenure["value"].where(renting, 0).groupby(tenure["area_code"]).sum()
    return (100 * rented / tenure.groupby("area_code")["value"].sum()).round(1)


def residents(households: pd.DataFrame) -> pd.DataFrame:
    """Rows of households by age band and whether one person lives there alone; zeros are not written."""
    kind = households["indicator"].map(lambda indicator: _KIND_OF_HOUSEHOLD.get(indicator, _OTHER_HOUSEHOLD))
    rows = households.assign(age_band=kind.str[0], lives_alone=kind.str[1].astype(int))
    table = rows.groupby(["area_code", "age_band", "lives_alone"], as_index=False)["value"].sum()
    table = table[table["value"] > 0].rename(columns={"area_code": "area_id", "value": "count"})
    table = table.assign(tenure="", origin="", as_of=CENSUS_DAY)
    return table[["area_id", "count", "age_band", "lives_alone", "tenure", "origin", "as_of"]]


def incidents(casualties: pd.DataFrame) -> pd.DataFrame:
    """One row a casualty. Several casualties of one collision share its number, so each gets a suffix."""
    running = casualties.groupby("AREFNO").cumcount() + 1
    table = pd.DataFrame(
        {
            "incident_id": casualties["AREFNO"] + "-" + running.astype(str),
            "lon": casualties["lon"],
            "lat": casualties["lat"],
            "occurred_at": casualties["date"] + " " + casualties["output_time"].str[:5],
            "category": "road_casualty",
            "channel": "police",
            "severity": casualties["casualty_severity"].str.lower(),
        }
    )
    return table.sort_values(["occurred_at", "incident_id"], kind="stable")


def _areas(outlines: dict, counted: pd.Series, renters: pd.Series) -> list[dict]:
    """Every outline of 2011. Where the census of 2021 has no such code, households is null and renter_share absent."""
    features = []
    for outline in outlines["features"]:
        code = outline["properties"]["OA11CD"]
        properties: dict = {"area_id": code, "name": code, "level": "grid", "households": None}
        if code in counted.index:
            properties["households"] = int(counted[code])
        if code in renters.index:
            properties["renter_share"] = float(renters[code])
        features.append({"type": "Feature", "properties": properties, "geometry": _sound(outline["geometry"])})
    return features


def _sound(geometry: dict) -> dict:
    """The published outline; two of the 731 touch themselves, and only these are rebuilt (same area, same corners)."""
    shape = shapely.geometry.shape(geometry)
    return geometry if shape.is_valid else shapely.geometry.mapping(shapely.make_valid(shape))


def _write_geojson(features: list[dict], path: Path) -> None:
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

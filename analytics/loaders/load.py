"""The door: files in, records and one report a file out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from analytics.errors import LoadError
from analytics.loaders.areas import load_areas
from analytics.loaders.files import Sheet, UploadedBytes, other_kind, read_sheet, read_source
from analytics.loaders.geojson import read_features
from analytics.loaders.records import load_checks, load_incidents, load_places, load_residents, load_teams
from analytics.loaders.report import LoadReport

TABLES = ("areas", "residents", "incidents", "places", "checks", "teams")


@dataclass(frozen=True, eq=False)
class Records:
    """Clean records. Every canonical column is present; text is pandas ``str``, where a missing value is NaN.

    ``areas``: index area_id (unique); name, level, parent_id, population, households, buildings, shops, official_code,
    then each further numeric column of the file; a GeoDataFrame (EPSG:4326) with geometry if any area has a shape.
    The other tables are None where no file was given, and otherwise refer to ``areas`` by area_id:
    ``residents``: area_id, count, age_band, lives_alone, tenure, origin, as_of (a day).
    ``incidents``: area_id, occurred_at, category, channel, severity, status, due_at, closed_at, satisfied.
    ``places``: area_id, place_id, kind, capacity (people), use.
    ``checks``: area_id, kind, checked_at, outcome, team_id.
    ``teams``: team_id, name, department, members, home_area_id, skills, hours_per_day.
    Times are local wall time.
    """

    areas: pd.DataFrame
    residents: pd.DataFrame | None = None
    incidents: pd.DataFrame | None = None
    places: pd.DataFrame | None = None
    checks: pd.DataFrame | None = None
    teams: pd.DataFrame | None = None


def load_records(files: Mapping[str, Path | UploadedBytes], today: date) -> tuple[Records, tuple[LoadReport, ...]]:
    """Records and reports (in the order of ``TABLES``) of the files, by table name; dates after ``today`` are refused.

    A file is a path, or the name and the bytes of an upload; ``areas`` is required.
    Raises ``LoadError`` if a file cannot be loaded at all, ``ValueError`` for a table that does not exist.
    """
    if unknown := set(files) - set(TABLES):
        raise ValueError(f"no such table: {', '.join(sorted(unknown))}")
    if "areas" not in files:
        raise LoadError.because("loading.areas_needed")
    sheets = {table: _sheet(table, files[table]) for table in TABLES if table in files}
    frames: dict[str, pd.DataFrame] = {}
    reports: dict[str, LoadReport] = {}

    frames["areas"], reports["areas"] = load_areas(sheets["areas"], today)
    for table, load in {
        "residents": load_residents,
        "incidents": load_incidents,
        "places": load_places,
        "teams": load_teams,
    }.items():
        if table in sheets:
            frames[table], reports[table] = load(sheets[table], frames["areas"], today)
    if "checks" in sheets:
        frames["checks"], reports["checks"] = load_checks(
            sheets["checks"], frames["areas"], today, frames.get("places")
        )
    return Records(**frames), tuple(reports[table] for table in sheets)


def _sheet(table: str, file: Path | UploadedBytes) -> Sheet:
    source = read_source(table, file)
    if not source.is_json:
        return read_sheet(source)
    if table == "areas":
        return read_features(source)
    raise other_kind(table, source.name, "json")

"""The door: files in, records and one report a file out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa

from analytics.errors import LoadError
from analytics.loaders.areas import load_areas
from analytics.loaders.areas_by_name import with_codes
from analytics.loaders.columns import full_key
from analytics.loaders.dated import load_given_values, load_holidays
from analytics.loaders.files import UploadedBytes, file_name, read_sheet
from analytics.loaders.ids import IdHash
from analytics.loaders.orders import load_orders
from analytics.loaders.rare_words import fold
from analytics.loaders.records import load_checks, load_incidents, load_places, load_residents, load_teams
from analytics.loaders.report import LoadReport
from analytics.loaders.reporting import load_agreements, load_reports
from analytics.loaders.rows import AS_IT_STANDS, Reading, Rows, untold
from analytics.loaders.sheet import Wanted
from analytics.loaders.sums import turned
from analytics.personal_text import require_impersonal
from analytics.words import phrase

TABLES = (
    *("areas", "residents", "incidents", "places", "checks", "teams"),
    *("holidays", "given_values", "agreements", "reports", "orders"),
)

_WITHOUT_AREAS = ("areas", "holidays", "agreements")

_IN_AREAS = {"residents": load_residents, "given_values": load_given_values, "orders": load_orders}

# Reading the bytes takes about this share of the time.
_READ = 0.5


@dataclass(frozen=True, eq=False)
class Records:
    """Clean records. Every canonical column is present; text is pandas ``str``, where a missing value is NaN.

    ``areas``: index area_id (unique); name, name_en (where a file has it), level, parent_id, population, households,
    buildings, shops, official_code, then each further numeric column of the file; a GeoDataFrame (EPSG:4326) with
    geometry if any area has a shape.
    The other tables are None where no file was given, and otherwise refer to ``areas`` by area_id:
    ``residents``: area_id, count, age_band, lives_alone, tenure, origin, as_of (a day).
    ``incidents``: area_id, incident_id, occurred_at, reported_at, category, channel, severity, status, due_at,
    closed_at, satisfied; repeated, returned, extended and signed_for where a file has them.
    ``places``: area_id, place_id, kind, capacity (people), use; registered and beds where a file has them.
    ``checks``: area_id, check_id, place_id, kind, checked_at, outcome, team_id; told_at, fix_by (a day), handed_to and
    handed_number where a file has them.
    ``teams``: team_id, name, department, members, home_area_id, skills, hours_per_day;
    lead_post where a file has it.
    ``holidays``: day (as text, 2026-10-01), working, name; of no area.
    ``given_values``: area_id, day, value_id (area and day as one text), then each numeric column of the file.
    ``agreements``: table, column, feed, unit, every_days (0: every working day), by_hour, zero_report, post, since (a
    day).
    ``reports``: table, column, feed, area_id, from_day, to_day (days): nothing happened.
    ``orders``: order_id, at_least (a tier), area_id (missing: all areas), basis, from_day, to_day (days), measure,
    scheme (its id or name; missing: all schemes).
    Ids are those of the source, or made (:mod:`analytics.loaders.own_ids`); one that looks personal is a keyed hash
    (:class:`analytics.loaders.ids.IdHash`). Times are local wall time.
    """

    areas: pd.DataFrame
    residents: pd.DataFrame | None = None
    incidents: pd.DataFrame | None = None
    places: pd.DataFrame | None = None
    checks: pd.DataFrame | None = None
    teams: pd.DataFrame | None = None
    holidays: pd.DataFrame | None = None
    given_values: pd.DataFrame | None = None
    agreements: pd.DataFrame | None = None
    reports: pd.DataFrame | None = None
    orders: pd.DataFrame | None = None


@dataclass(frozen=True, eq=False)
class Known:
    """What was loaded before: ``areas`` as in :class:`Records`; ``places``: place_id -> area_id; ``words``: what
    somebody mapped after a load, table -> column -> key of a word (`full_key`) -> code."""

    areas: pd.DataFrame | None = None
    places: pd.Series | None = None
    words: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)


_NOTHING = Known()


@dataclass(frozen=True, eq=False)
class Loaded:
    """One file, loaded: ``frame`` as in :class:`Records`; ``digest``: SHA-256 (hex) of the file's bytes."""

    table: str
    frame: pd.DataFrame
    report: LoadReport
    digest: str
    reading: Reading


def load_table(
    table: str,
    file: Path | UploadedBytes,
    today: date,
    ids: IdHash,
    known: Known = _NOTHING,
    reading: Reading = AS_IT_STANDS,
    progress: Callable[[float], None] | None = None,
) -> Loaded:
    """Load one file, a path or the name and the bytes of an upload; dates after ``today`` are refused.

    ``ids`` hashes the ids that look personal; ``known`` holds what the rows refer to; ``progress`` is told the share
    done.
    Raises ``LoadError`` if the file cannot be loaded at all, or refers to areas and none are known; ``ValueError`` for
    a table that does not exist.
    """
    _require_tables(table)
    if table not in _WITHOUT_AREAS and known.areas is None:
        raise LoadError.because("loading.areas_needed")
    tell = progress or untold
    with ThreadPoolExecutor(1) as aside:
        digesting = aside.submit(file_digest, file)
        wanted = Wanted(reading.columns, reading.sheet)
        sheet = read_sheet(table, file, lambda share: tell(_READ * share), wanted)
        digest = digesting.result()
    for title in sheet.sheets:
        require_impersonal(phrase("personal.sheet"), title, LoadError)
    sheet = turned(table, sheet, reading.columns, known.areas)
    if table == "areas":
        sheet = with_codes(sheet, known.areas, reading.columns)
    rows = Rows(table, sheet, today, reading, tell)
    # Rows lets go of the cells one column after the other.
    del sheet
    tell(_READ)
    if table == "areas":
        frame, report = load_areas(rows, known.areas)
    elif table == "agreements":
        frame, report = load_agreements(rows, known.words)
    elif table == "holidays":
        frame, report = load_holidays(rows)
    elif table == "reports":
        frame, report = load_reports(rows, known.areas, known.words)
    elif table in _IN_AREAS:
        frame, report = _IN_AREAS[table](rows, known.areas)
    elif table == "checks":
        frame, report = load_checks(rows, known.areas, ids, known.places)
    else:
        load = {"incidents": load_incidents, "places": load_places, "teams": load_teams}[table]
        frame, report = load(rows, known.areas, ids)
    mapped = known.words.get(table, {})
    unknown = tuple(one for one in report.unknown if full_key(one.word) not in mapped.get(one.column, {}))
    frame, report = fold(table, frame, replace(report, unknown=unknown))
    # Without this the memory of the cells would stay with the process.
    del rows
    pa.default_memory_pool().release_unused()
    tell(1.0)
    return Loaded(table, frame, report, digest, reading)


def load_records(
    files: Mapping[str, Path | UploadedBytes], today: date, ids: IdHash | None = None
) -> tuple[Records, tuple[LoadReport, ...]]:
    """Records and reports (in the order of ``TABLES``) of the files, by table name; dates after ``today`` are refused.

    A file is a path, or the name and the bytes of an upload; ``areas`` is required. Without ``ids`` the key is made of
    the files themselves: the same files give the same hashes, and who does not have them cannot try ids.
    Raises ``LoadError`` if a file cannot be loaded at all, ``ValueError`` for a table that does not exist.
    """
    _require_tables(*files)
    if "areas" not in files:
        raise LoadError.because("loading.areas_needed")
    if ids is None:
        ids = IdHash(hashlib.sha256("".join(file_digest(files[table]) for table in sorted(files)).encode()).digest())
    loaded: dict[str, Loaded] = {}
    known = Known()
    for table in TABLES:
        if table in files:
            loaded[table] = load_table(table, files[table], today, ids, known)
        if table == "areas":
            known = Known(loaded["areas"].frame)
        elif table == "places" and table in loaded:
            known = Known(known.areas, loaded["places"].frame.set_index("place_id")["area_id"])
    records = Records(**{table: one.frame for table, one in loaded.items()})
    return records, tuple(one.report for one in loaded.values())


def _require_tables(*tables: str) -> None:
    if unknown := set(tables) - set(TABLES):
        raise ValueError(f"no such table: {', '.join(sorted(unknown))}")


def file_digest(file: Path | UploadedBytes) -> str:
    """SHA-256 (hex) of the file's bytes; raises ``LoadError`` where it cannot be read."""
    if isinstance(file, tuple):
        return hashlib.sha256(file[1]).hexdigest()
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise LoadError.because("loading.file_not_found", file=file_name(file.name)) from error
    except OSError as error:
        raise LoadError.because("loading.file_unreadable", file=file_name(file.name)) from error

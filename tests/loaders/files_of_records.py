"""Small files for the tests of the loaders."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd

from analytics.loaders import IdHash, LoadReport, Records, load_records

TODAY = date(2020, 3, 1)

IDS = IdHash(bytes(range(32)))

AREAS = "area_id,name,level\nG1,一号网格,网格\nG2,二号网格,网格\n".encode()

INCIDENTS = "incident_id,area_id,occurred_at,category\n"


def square(west: float, south: float, size: float = 1) -> dict:
    """A square in degrees."""
    east, north = west + size, south + size
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def feature(geometry: object, **properties: object) -> dict:
    """A GeoJSON feature."""
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: object) -> bytes:
    """A GeoJSON file."""
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def load(**files: str | bytes) -> tuple[Records, dict[str, LoadReport]]:
    """Records and reports by table; two areas G1 and G2 unless others are given."""
    uploads = {
        table: (f"{table}.csv", content.encode() if isinstance(content, str) else content)
        for table, content in ({"areas": AREAS} | files).items()
    }
    records, reports = load_records(uploads, TODAY, IDS)
    return records, {report.table: report for report in reports}


def reasons(report: LoadReport, lang: str = "en") -> dict[int, str]:
    """Line -> why it was refused."""
    return {row.line: row.reason.text(lang) for row in report.refused}


def repairs(report: LoadReport, lang: str = "en") -> dict[int, str]:
    """Line -> how it was repaired."""
    return {row.line: row.reason.text(lang) for row in report.repaired}


def hashed(*ids: str) -> list[str]:
    """The ids as the loaders write them."""
    return IDS.of(pd.Series(ids, dtype="str")).tolist()


def notes(report: LoadReport) -> str:
    """All notes in English."""
    return " ".join(note.text("en") for note in report.notes)

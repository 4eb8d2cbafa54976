"""Small loads that are made without a file."""

from hashlib import sha256

import geopandas as gpd
import pandas as pd
from shapely.geometry import box

from analytics.access import LOCAL, Actor
from analytics.loaders import Loaded, LoadReport, Reading

ME = Actor("me", LOCAL)
"""Whoever loads, where it does not matter who."""

TEXTS = {
    "areas": ("name", "level", "parent_id", "official_code"),
    "residents": ("age_band", "tenure", "origin"),
    "incidents": ("category", "channel", "severity", "status"),
    "places": ("kind", "use"),
    "checks": ("place_id", "kind", "outcome", "team_id"),
    "teams": ("name", "department", "home_area_id", "skills"),
    "holidays": ("name",),
    "given_values": (),
}


def of(table, frame, source="a.csv", content=None, datum="WGS84", columns=None):
    """What a loader hands over for ``frame``; the source file's bytes are ``content``, else follow from the frame."""
    frame = frame.astype(dict.fromkeys(TEXTS[table], "str"))
    content = repr(frame.reset_index().astype("str").values.tolist()) if content is None else content
    report = LoadReport(table, source, len(frame), len(frame), (), {}, (), (), ())
    digest = sha256(content.encode()).hexdigest()
    return Loaded(table, frame, report, digest, Reading(datum, columns or {}))


def incidents(rows, source="a.csv", **more):
    """Incidents of ``rows``: id -> category, or a list of ids."""
    rows = rows if isinstance(rows, dict) else dict.fromkeys(rows, "fever")
    number = len(rows)
    days = pd.Series(pd.date_range("2026-01-01", periods=number).astype("datetime64[us]"))
    frame = pd.DataFrame(
        {
            "incident_id": pd.Series(list(rows), dtype="str"),
            "area_id": pd.Series(["A1"] * number, dtype="str"),
            "occurred_at": days[::-1].to_numpy(),
            "reported_at": pd.Series([pd.NaT] * number, dtype="datetime64[us]"),
            "category": list(rows.values()),
            "channel": None,
            "severity": None,
            "status": "open",
            "due_at": days,
            "closed_at": pd.Series([pd.NaT] * number, dtype="datetime64[us]"),
            "satisfied": pd.Series([True, None, False] * number, dtype="boolean")[:number],
        }
    )
    return of("incidents", frame, source, **more)


def residents(areas, as_of="2026-01-01", source="people.csv", count=1, **more):
    """``count`` people in each of ``areas``."""
    frame = pd.DataFrame(
        {
            "area_id": pd.Series(list(areas), dtype="str"),
            "count": count,
            "age_band": None,
            "lives_alone": pd.Series([None] * len(areas), dtype="boolean"),
            "tenure": "own",
            "origin": None,
            "as_of": pd.Series([as_of] * len(areas), dtype="datetime64[us]"),
        }
    ).astype({"count": "int64"})
    return of("residents", frame, source, **more)


def areas(rows, source="areas.csv", shapes=False, **more):
    """Areas of ``rows``: id -> population, with ``more`` columns of numbers."""
    frame = pd.DataFrame(
        {
            "name": [f"区{area}" for area in rows],
            "level": "grid",
            "parent_id": None,
            "population": pd.Series(list(rows.values()), dtype="float64").to_numpy(),
            **{column: float("nan") for column in ("households", "buildings", "shops")},
            "official_code": None,
            **more,
        },
        index=pd.Index(list(rows), dtype="str", name="area_id"),
    )
    if shapes:
        squares = [box(at / 100, 0, (at + 1) / 100, 1 / 3) for at in range(len(rows))]
        frame = gpd.GeoDataFrame(frame, geometry=squares, crs="EPSG:4326")
    return of("areas", frame, source)


def places(rows, source="places.csv"):
    """Places of ``rows``: id -> area."""
    frame = pd.DataFrame(
        {
            "area_id": pd.Series(list(rows.values()), dtype="str"),
            "place_id": pd.Series(list(rows), dtype="str"),
            "kind": "shop",
            "capacity": 20.0,
            "use": None,
        }
    )
    return of("places", frame, source)


def ids(store):
    """The categories of all incidents by id."""
    if "incidents" not in store.tables():
        return {}
    frame = store.table("incidents")
    assert frame["incident_id"].is_unique
    return dict(zip(frame["incident_id"], frame["category"], strict=True))

"""Runs that are small enough to be frozen often, and what it means that two are the same."""

from __future__ import annotations

from dataclasses import fields, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Polygon

from analytics.access import Actor
from analytics.releases import Enclosed, Intent, Release, freeze
from analytics.scoring import Assessment
from analytics.store.ledger import Ledger
from tests.scoring.small_world import assessed, days, given, records, scheme, three_areas

KEEPER = Actor("甲", "local")


def run(first: str = "2026-02-09", last: str = "2026-02-11", **settings: object) -> Assessment:
    """Three areas, two indicators and a floor rule, on a few days; an area has no shape."""
    floor = {
        "at_least": "orange",
        "when": {"indicator": "x", "op": ">=", "value": 50},
        "name": {"zh": "红线", "en": "Floor"},
    }
    chosen = scheme([given("x"), given("y")], **({"floors": [floor]} | settings))
    found = assessed(records(areas=three_areas(x=[10, 10, 50], y=[0, 30, ""])), chosen, days(first, last))
    shapes = [Polygon([(0.1, 0), (1 / 3, 0), (1, 1)]), Polygon([(118.87, 28.97), (119, 28), (119, 29)]), None]
    areas = gpd.GeoDataFrame(found.areas, geometry=gpd.GeoSeries(shapes, index=found.areas.index, crs="EPSG:4326"))
    return replace(found, areas=areas)


def incidents() -> pd.DataFrame:
    """Weekly incidents by category."""
    weeks = pd.DatetimeIndex(["2026-02-02", "2026-02-09"], name="week")
    return pd.DataFrame({"noise": [3, 0], "垃圾": [12, 7]}, index=weeks)


def context() -> gpd.GeoDataFrame:
    """One lake."""
    return gpd.GeoDataFrame(
        {"kind": ["water"], "name": ["湖"]}, geometry=[Polygon([(1 / 7, 0), (1, 0), (1, 1)])], crs="EPSG:4326"
    )


def frozen(home, ledger: Ledger, assessment: Assessment, **changed: object) -> Release:
    """Freeze a run as a keeper of the records does; ``changed`` settings are those of :class:`Enclosed`,
    :class:`Intent` or :class:`Actor`."""
    usual = {"incidents": incidents(), "context": context(), "notice": {"zh": "虚构", "en": "made up"}}
    usual |= {"name": KEEPER.name, "role": KEEPER.role, "reason": "例会", "publish": True} | changed

    def of(kind: type):
        return kind(**{field.name: usual[field.name] for field in fields(kind) if field.name in usual})

    return freeze(home, ledger, of(Actor), assessment, of(Enclosed), of(Intent))


def assert_same(one: Assessment, other: Assessment) -> None:
    """Equal to the last bit: arrays with their types, areas with their shapes, scheme, days and names."""
    assert one.scheme == other.scheme
    assert one.scheme.digest() == other.scheme.digest()
    assert one.provenance == other.provenance
    pd.testing.assert_index_equal(one.days, other.days, check_freq=True)
    assert (one.days.dtype, one.days.freq) == (other.days.dtype, other.days.freq)
    assert type(one.areas) is type(other.areas)
    pd.testing.assert_frame_equal(pd.DataFrame(one.areas), pd.DataFrame(other.areas), check_exact=True)
    if isinstance(one.areas, gpd.GeoDataFrame):
        assert one.areas.crs == other.areas.crs
        assert one.areas.geometry.to_wkb().equals(other.areas.geometry.to_wkb())
    assert (dict(one.parents), dict(one.unplaced)) == (dict(other.parents), dict(other.unplaced))
    assert dict(one.unscored) == dict(other.unscored)
    assert one.orders == other.orders
    assert list(one.parents) == list(other.parents)
    arrays = {name: held for name, held in vars(one).items() if isinstance(held, np.ndarray)}
    assert arrays.keys() == {name for name, held in vars(other).items() if isinstance(held, np.ndarray)}
    for name, held in arrays.items():
        found = getattr(other, name)
        assert (found.dtype, found.shape) == (held.dtype, held.shape), name
        assert found.tobytes() == held.tobytes(), name

import numpy as np
import pandas as pd
import pytest

from analytics.errors import LoadError
from tests.loaders.files_of_records import INCIDENTS, collection, feature, load, reasons, square

SQUARES = collection(
    feature(square(0, 0), area_id="B"), feature(square(1, 0), area_id="A"), feature(square(2, 0), area_id="C")
)


def incidents(*points):
    rows = "".join(f"{n},{lon},{lat},2020-02-15,fever\n" for n, (lon, lat) in enumerate(points))
    return "事件编号,经度,纬度,发生时间,类别\n" + rows


def test_a_point_lies_in_its_area_and_its_coordinates_do_not_stay():
    records, _ = load(areas=SQUARES, incidents=incidents((0.5, 0.5), (1.5, 0.5)))
    assert records.incidents["area_id"].tolist() == ["B", "A"]
    assert not {"lon", "lat", "经度", "纬度"} & set(records.incidents)


def test_a_point_on_a_shared_edge_goes_to_the_smallest_code_and_an_outer_edge_belongs_to_the_area():
    records, _ = load(areas=SQUARES, incidents=incidents((1, 0.5), (2, 0.5), (0, 0), (3, 1)))
    assert records.incidents["area_id"].tolist() == ["A", "A", "B", "C"]


def test_a_point_outside_every_area_and_one_off_the_globe_are_refused_without_quoting_them():
    _, reports = load(
        areas=SQUARES, incidents=incidents((0.5, 0.5), (7.25, 0.5), (190.25, 0.5), ("here", 0.5), (0.5, ""))
    )
    said = reasons(reports["incidents"])
    assert "outside all areas" in said[3]
    assert "not valid degrees" in said[4]
    assert "not valid degrees" in said[5]
    assert "The area is not known" in said[6]
    assert not any(part in " ".join(said.values()) for part in ("7.25", "190.25", "here"))


def test_a_named_area_counts_before_the_point():
    text = "incident_id,area_id,lon,lat,occurred_at,category\na,B,1.5,0.5,2020-02-15,x\nb,,1.5,0.5,2020-02-15,x\n"
    records, _ = load(areas=SQUARES, incidents=text)
    assert records.incidents["area_id"].tolist() == ["B", "A"]


def test_points_go_to_the_finest_level():
    areas = collection(
        feature(square(0, 0, 4), area_id="C", level="社区"),
        feature(square(0, 0), area_id="G", level="网格"),
    )
    records, reports = load(areas=areas, incidents=incidents((0.5, 0.5), (3, 3)))
    assert records.incidents["area_id"].tolist() == ["G"]
    assert list(reasons(reports["incidents"])) == [3]


def test_points_need_areas_with_shapes():
    with pytest.raises(LoadError, match="the areas have no boundaries"):
        load(incidents=incidents((0.5, 0.5)))
    mixed = "incident_id,area_id,lon,lat,occurred_at,category\na,G1,,,2020-02-15,x\nb,,1,1,2020-02-15,x\n"
    assert "the areas have no boundaries" in reasons(load(incidents=mixed)[1]["incidents"])[3]


def test_every_point_is_placed_as_by_trying_each_area():
    random = np.random.default_rng(7)
    areas = collection(*(feature(square(x, y), area_id=f"{x}{y}") for x in range(5) for y in range(5)))
    # Quarters put a good part of the points on edges and corners.
    points = random.integers(0, 21, (500, 2)) / 4
    records, _ = load(areas=areas, incidents=incidents(*points))
    expected = [
        min(f"{x}{y}" for x in range(5) for y in range(5) if x <= lon <= x + 1 and y <= lat <= y + 1)
        for lon, lat in points
    ]
    assert records.incidents["area_id"].tolist() == expected


def test_incidents_by_code_need_no_shapes():
    records, _ = load(incidents=INCIDENTS + "a,G1,2020-02-15,x\n")
    assert isinstance(records.incidents, pd.DataFrame)

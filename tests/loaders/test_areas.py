import random

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analytics.errors import LoadError
from analytics.loaders import Known, load_table
from tests.loaders.files_of_records import IDS, TODAY, collection, feature, load, notes, reasons, repairs, square

CANONICAL = ["name", "level", "parent_id", "population", "households", "buildings", "shops", "official_code"]


def test_a_plain_csv_makes_areas_without_geometry_and_every_column_is_there():
    records, reports = load(areas='网格编码,人口\nＧ１,"1,234"\nG2,\n')
    areas = records.areas
    assert not isinstance(areas, gpd.GeoDataFrame)
    assert (areas.index.name, areas.index.tolist()) == ("area_id", ["G1", "G2"])
    assert areas.columns.tolist() == CANONICAL
    assert areas["population"].tolist()[0] == 1234
    assert np.isnan(areas["population"].tolist()[1])
    assert areas["level"].isna().all()
    assert areas["name"].tolist() == ["G1", "G2"]
    assert "no name column" in notes(reports["areas"])
    assert "no boundaries" in notes(reports["areas"])


def test_geojson_makes_areas_in_degrees_with_the_reference_headers():
    content = collection(feature(square(0, 0), OA11CD="E1", 名称="甲"), feature(square(1, 0), OA11CD="E2", 名称="乙"))
    records, reports = load(areas=content)
    assert isinstance(records.areas, gpd.GeoDataFrame)
    assert records.areas.crs == "EPSG:4326"
    assert records.areas["name"].to_dict() == {"E1": "甲", "E2": "乙"}
    assert reports["areas"].recognised == {"area_id": "OA11CD", "name": "名称"}


def test_further_columns_of_numbers_are_kept_and_others_are_not():
    text = "area_id,cases,remark,half,empty,phone,cases\nG1,3,x,1,,138,9\nG2,,y,z,,139,9\n"
    records, reports = load(areas=text)
    assert records.areas.columns.tolist() == [*CANONICAL, "cases"]
    assert records.areas["cases"].dtype == "float64"
    assert records.areas["cases"].iloc[0] == 3
    assert reports["areas"].dropped_private == ("remark", "phone")
    assert reports["areas"].unused == ("half", "empty", "cases")


def test_levels_and_parents_are_read_and_a_missing_parent_is_noted():
    text = "area_id,层级,上级编码\nS,街道,\nC,社区,S\nG1,网格,C\nG2,grid,elsewhere\nG3,cosmos,C\n"
    records, reports = load(areas=text)
    assert records.areas["level"].tolist()[:4] == ["street", "community", "grid", "grid"]
    assert pd.isna(records.areas.loc["G3", "level"])
    assert "parent is not in this file: 1" in notes(reports["areas"])
    assert list(repairs(reports["areas"])) == [6]


@pytest.mark.parametrize(
    ("headers", "recognised"),
    [
        ("社区编码,街道编码", {"area_id": "社区编码", "parent_id": "街道编码"}),
        ("街道编码,社区编码,网格编码", {"area_id": "网格编码", "parent_id": "社区编码"}),
        ("街道编码,社区编码", {"area_id": "社区编码", "parent_id": "街道编码"}),
        ("Grid ID,GRID_CODE", {"area_id": "Grid ID"}),
        ("网格编码（必填）,户数(户)", {"area_id": "网格编码（必填）", "households": "户数(户)"}),
    ],
)
def test_the_finest_code_is_the_areas_own(headers, recognised):
    cells = ",".join(str(number) for number in range(headers.count(",") + 1))
    _, reports = load(areas=f"{headers}\n{cells}\n")
    assert dict(reports["areas"].recognised) | recognised == dict(reports["areas"].recognised)


def test_a_repeated_code_and_a_blank_one_are_refused_and_a_bad_count_is_missing():
    records, reports = load(areas="area_id,population\nG1,5\nG1,6\n,7\nG3,-1\nG4,many\n")
    said = reasons(reports["areas"])
    assert list(said) == [3, 4]
    assert "The area code “G1” repeats line 2" in said[3]
    assert "blank" in said[4]
    assert "cannot be negative (-1)" in repairs(reports["areas"])[5]
    assert "“many”" in repairs(reports["areas"])[6]
    assert records.areas["population"].isna().to_dict() == {"G1": False, "G3": True, "G4": True}


def test_a_bad_feature_is_an_area_without_a_shape_or_one_refused_row():
    bow_tie = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    flat = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [2, 2], [0, 0]]]}
    content = collection(
        feature(square(0, 0), area_id="G1"),
        feature({"type": "Point", "coordinates": [0, 0]}, area_id="G2"),
        feature({"type": "Polygon", "coordinates": "?"}, area_id="G3"),
        feature({"type": "Polygon", "coordinates": []}, area_id="G4"),
        feature(flat, area_id="G5"),
        "no feature",
        feature(square(0, 0), area_id="G1"),
        feature(bow_tie, area_id="G8"),
        feature(None, area_id="G9"),
        {"type": "Feature", "properties": None, "geometry": None},
        feature({"type": "Polygon", "coordinates": [[[0, 0], [1, float("nan")], [1, 1], [0, 0]]]}, area_id="G11"),
    )
    records, reports = load(areas=content)
    assert records.areas.index.tolist() == ["G1", "G2", "G3", "G4", "G5", "G8", "G9", "G11"]
    assert [row.line for row in reports["areas"].refused] == [6, 7, 10]
    assert "feature 1" in reasons(reports["areas"])[7]
    assert shapely.is_valid(records.areas.geometry[["G1", "G8"]].to_numpy()).all()
    assert records.areas.geometry.notna().to_dict() == {code: code in ("G1", "G8") for code in records.areas.index}
    assert "without a boundary, not shown on the map: 6" in notes(reports["areas"])
    told = repairs(reports["areas"])
    assert sorted(told) == [2, 3, 4, 5, 8, 11]
    assert all("kept, without a shape" in told[line] for line in (2, 3, 4, 5, 11))
    assert "crossed itself" in told[8]


@pytest.mark.parametrize("first", [True, False])
def test_the_point_of_a_label_is_no_area_of_its_own_and_takes_no_shape_away(first):
    label, whole = (
        feature({"type": "Point", "coordinates": [0.5, 0.5]}, area_id="G1"),
        feature(square(0, 0), area_id="G1"),
    )
    records, reports = load(areas=collection(*([label, whole] if first else [whole, label])))
    assert records.areas.geometry.notna().tolist() == [True]
    assert [row.line for row in reports["areas"].refused] == [1 if first else 2]


def test_where_nothing_encloses_anything_there_is_no_list_of_areas():
    points = [feature({"type": "Point", "coordinates": [n, n]}, area_id=f"G{n}") for n in range(3)]
    with pytest.raises(LoadError, match="not a polygon"):
        load(areas=collection(*points))


def test_coordinates_in_metres_are_no_degrees():
    with pytest.raises(LoadError, match=r"not degrees.*CGCS2000.*\.prj"):
        load(areas=collection(feature(None, area_id="G1"), feature(square(380_000, 400_000), area_id="G2")))


def test_codes_in_geojson_keep_their_digits_and_half_characters_do_no_harm():
    content = collection(
        feature(None, area_id=330801001, name="\ud800甲", n=1.5, yes=True),
        feature(None, area_id=330801002.0, name="乙", n=2, yes=False),
    )
    records, reports = load(areas=content)
    assert records.areas.index.tolist() == ["330801001", "330801002"]
    assert records.areas["n"].tolist() == [1.5, 2]
    assert reports["areas"].unused == ("yes",)


@pytest.mark.parametrize("width", [3, 5, 9])
@pytest.mark.parametrize("eaten", [True, False])
@pytest.mark.parametrize("with_names", [True, False])
def test_a_list_whose_zeros_a_spreadsheet_ate_is_a_list_of_the_same_areas(width, eaten, with_names):
    draw = random.Random(f"{width}{eaten}{with_names}")
    codes = [f"{n:0{width}}" for n in draw.sample(range(1, 99), 6)]
    names = [f"第{n}社区" for n in draw.sample(range(100), 6)]
    whole, bare = (pd.Series(codes), pd.Series(codes).str.lstrip("0"))
    first, second = (whole, bare) if eaten else (bare, whole)
    known = load(areas=pd.DataFrame({"编码": first, "名称": names, "层级": "社区"}).to_csv(index=False))[0].areas
    columns = {"编码": second, **({"名称": names, "层级": "社区"} if with_names else {}), "人口": range(900, 906)}
    newer = ("b.csv", pd.DataFrame(columns).to_csv(index=False).encode())
    loaded = load_table("areas", newer, TODAY, IDS, Known(known))
    assert loaded.frame.index.tolist() == first.tolist()
    assert all("leading zeros" in told for told in repairs(loaded.report).values())
    assert len(repairs(loaded.report)) == (first != second).sum()


def test_a_code_that_is_another_area_by_its_name_or_level_is_no_code_that_lost_its_zeros():
    known = load(areas="编码,名称,层级\n0101,甲社区,社区\n0102,乙社区,社区\n")[0].areas
    newer = "编码,名称,层级\n101,丙社区,社区\n102,乙社区,网格\n".encode()
    loaded = load_table("areas", ("b.csv", newer), TODAY, IDS, Known(known))
    assert loaded.frame.index.tolist() == ["101", "102"]


def test_areas_without_a_level_are_told_by_name_and_what_others_lie_in_is_not():
    rows = "D,某区,,\nS,东街道,街道,D\nK,甲社区,社区,S\nX,大学城,,S\nY,飞地,园区,\n"
    _, reports = load(areas=f"编码,名称,层级,上级编码\n{rows}")
    assert "Areas without a recognised level: 2 (大学城, 飞地)" in notes(reports["areas"])
    _, reports = load(areas="编码,名称\nX,大学城\nY,飞地\n")
    assert "without a recognised level" not in notes(reports["areas"])


@pytest.mark.parametrize("measure", ["area", "AREA", "面积", "Shape_Area", "perimeter"])
@pytest.mark.parametrize("code", ["id", "code", "编码", "GEOID"])
@pytest.mark.parametrize("first", [True, False])
def test_a_surface_in_whole_numbers_beside_a_code_is_no_code(measure, code, first):
    draw = random.Random(f"{measure}{code}{first}")
    columns = {measure: draw.sample(range(90, 900), 5), "name": list("abcde")}
    columns = {**columns, code: [f"E{n}" for n in draw.sample(range(100), 5)]}
    frame = pd.DataFrame(columns)
    loaded = load(areas=(frame if first else frame.iloc[:, ::-1]).to_csv(index=False))[0].areas
    assert loaded.index.tolist() == frame[code].tolist()


def test_a_code_under_the_header_area_stands_beside_numbers_of_rows():
    columns = {"id": range(1, 6), "area": [31, 12, 77, 5, 60], "name": list("abcde")}
    assert load(areas=pd.DataFrame(columns)[["area", "id", "name"]].to_csv(index=False))[0].areas.index[0] == "31"


@pytest.mark.parametrize("seed", range(6))
def test_a_roster_of_areas_without_codes_is_placed_by_the_names_of_areas_that_are_known(seed):
    draw = random.Random(seed)
    lines = ["S,东湖街道,街道,", "T,西湖街道,街道,", "K1,和平社区,社区,S", "K2,和平社区,社区,T", "K3,建设社区,社区,S"]
    known = load(areas="编码,名称,层级,上级编码\n" + "\n".join(lines) + "\n")[0].areas
    rows = [
        ("东湖街道", "和平社区", "K1"),
        ("西湖", "和平", "K2"),
        ("东湖街道", "建设社区", "K3"),
        ("", "和平社区", None),
    ]
    draw.shuffle(rows)
    people = {code: draw.randint(1000, 9000) for *_, code in rows}
    frame = pd.DataFrame(
        {
            draw.choice(["街道", "所属街道"]): [street for street, *_ in rows],
            draw.choice(["社区", "社区名称"]): [name for _, name, _ in rows],
            draw.choice(["总户数", "户数"]): 300,
            "常住人口": [people[code] for *_, code in rows],
            "60岁以上": 90,
        }
    )
    loaded = load_table("areas", ("b.csv", frame.to_csv(index=False).encode()), TODAY, IDS, Known(known))
    assert loaded.frame["population"].to_dict() == {code: people[code] for *_, code in rows if code}
    assert loaded.frame["name"].to_dict() == {code: known["name"][code] for *_, code in rows if code}
    assert list(reasons(loaded.report)) == [2 + [code for *_, code in rows].index(None)]
    assert "assigned to known areas" in notes(loaded.report)


def test_a_list_of_other_areas_without_codes_is_no_roster_of_those_that_are_known():
    known = load(areas="编码,名称,层级\nK1,和平社区,社区\nK2,建设社区,社区\n")[0].areas
    with pytest.raises(LoadError, match="no column"):
        load_table("areas", ("b.csv", "社区,户数\n甲社区,1\n乙社区,2\n".encode()), TODAY, IDS, Known(known))

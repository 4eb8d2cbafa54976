"""Areas of several features, and levels that no column tells."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from analytics.errors import LoadError
from tests.loaders.files_of_records import collection, feature, notes, reasons, repairs, square
from tests.loaders.test_which_table import SEEDS, STEMS, csv, drawn, load, shuffled


@pytest.mark.parametrize("seed", SEEDS)
def test_features_of_one_code_are_one_area_of_several_parts(seed):
    rng = drawn(seed)
    code = str(rng.choice(["code", "区域编码", "GEOID"]))
    parts = rng.integers(1, 4, 5)
    places = iter(rng.permutation(100).tolist())
    features, cells = [], {}
    for area, count in enumerate(parts):
        for _ in range(count):
            place = next(places)
            cells.setdefault(f"K{area}", []).append(place)
            said = {code: f"K{area}", "name": STEMS[area], "pop": 100 + area, "AREA": 0.5, "lift": place}
            features.append(feature(square(place % 10, place // 10), **said))
    order = rng.permutation(len(features))
    found = load("areas", collection(*(features[place] for place in order)), name="areas.geojson")
    frame = found.frame
    assert sorted(frame.index) == [f"K{area}" for area in range(5)]
    assert not found.report.refused
    assert len(found.report.repaired) == parts.sum() - 5
    for area, own in cells.items():
        whole = shapely.union_all([shapely.box(p % 10, p // 10, p % 10 + 1, p // 10 + 1) for p in own])
        assert frame.geometry[area].equals(whole)
        assert frame.loc[area, "population"] == 100 + int(area[1])
        # Surfaces add up; of other figures nobody knows whether they do.
        assert frame.loc[area, "AREA"] == 0.5 * len(own)
        assert np.isnan(frame.loc[area, "lift"]) == (len(own) > 1)
    if (parts > 1).any():
        assert "“lift”" in notes(found.report)


def test_one_code_with_two_names_and_a_copied_shape_are_no_parts():
    content = collection(
        feature(square(0, 0), code="A", name="甲"),
        feature(square(2, 0), code="A", name="乙"),
        feature(square(5, 0), code="B", name="丙"),
        feature(square(5, 0), code="B", name="丙"),
        feature(square(7, 0), code="B"),
    )
    found = load("areas", content, name="areas.geojson")
    assert list(reasons(found.report)) == [2, 4]
    assert list(repairs(found.report)) == [5]
    assert found.frame.geometry["B"].area == 2


def test_zero_in_an_enclave_does_not_hide_the_figure_of_the_area():
    content = collection(
        feature(square(0, 0), code="A", name="甲", pop=0), feature(square(2, 0), code="A", name="甲", pop=500)
    )
    assert load("areas", content, name="areas.geojson").frame.loc["A", "population"] == 500


@pytest.mark.parametrize("seed", SEEDS)
def test_a_collection_keeps_its_polygons(seed):
    rng = drawn(seed)
    n = int(rng.integers(1, 4))
    others = [{"type": "Point", "coordinates": [0, 0]}, {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}]
    polygons = [square(2 * place, 0) for place in range(n)]
    inner = {"type": "GeometryCollection", "geometries": [polygons[0]]}
    shapes = [inner, *polygons[1:], *others[: seed % 3]]
    whole = {"type": "GeometryCollection", "geometries": [shapes[place] for place in rng.permutation(len(shapes))]}
    found = load("areas", collection(feature(whole, code="A"), feature(square(0, 5), code="B")), name="areas.geojson")
    assert found.frame.geometry["A"].area == n
    assert list(repairs(found.report)) == ([1] if seed % 3 else [])


def nested(rng: np.random.Generator) -> tuple[list[str], dict[str, str], dict[str, str]]:
    """Codes from the widest to the finest, code -> parent, code -> level."""
    parents, levels = {}, {}
    for street in range(int(rng.integers(1, 3))):
        levels[f"S{street}"] = "street"
        for community in range(int(rng.integers(1, 4))):
            own = f"S{street}C{community}"
            parents[own], levels[own] = f"S{street}", "community"
            for grid in range(int(rng.integers(1, 3))):
                parents[f"{own}G{grid}"], levels[f"{own}G{grid}"] = own, "grid"
    return list(levels), parents, levels


WORDS = {
    "street": ("街道", "镇", " Subdistrict"),
    "community": ("社区", "村", " Community"),
    "grid": ("网格", "单元网格", " Grid"),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("told_by", ["names", "generations", "some names"])
def test_without_a_level_column_names_and_parents_tell_it(seed, told_by):
    rng = drawn(seed)
    codes, parents, levels = nested(rng)

    def name(place: int, code: str) -> str:
        if told_by == "generations" or (told_by == "some names" and place % 3):
            return f"{STEMS[place % 8]}{place}片"
        return f"{STEMS[place % 8]}{place}{WORDS[levels[code]][seed % 3]}"

    rows = [[code, name(place, code), parents.get(code, "")] for place, code in enumerate(codes)]
    rows = [rows[place] for place in rng.permutation(len(rows))]
    found = load("areas", shuffled(rng, ["编码", "名称", "上级编码"], rows))
    assert found.frame["level"].to_dict() == levels
    assert f"{len(levels)}" in notes(found.report)


@pytest.mark.parametrize("names", [("东片", "南片", "北片"), ("North", "South", "East")])
def test_two_generations_without_a_word_are_asked(names):
    rows = [["P", names[0], ""], ["P1", names[1], "P"], ["P2", names[2], "P"]]
    with pytest.raises(LoadError, match="the levels cannot be found"):
        load("areas", csv(["编码", "名称", "上级编码"], rows))
    told = [["P", names[0], "", "街道"], *([code, name, "P", "社区"] for code, name, _ in rows[1:])]
    assert load("areas", csv(["编码", "名称", "上级编码", "层级"], told)).frame["level"].notna().all()


def test_names_that_contradict_the_parents_are_asked():
    rows = [["P", "一网格", ""], ["P1", "二社区", "P"], ["P2", "三社区", "P"]]
    with pytest.raises(LoadError, match="the levels cannot be found"):
        load("areas", csv(["编码", "名称", "上级编码"], rows))


def test_a_flat_list_needs_no_level():
    assert load("areas", csv(["编码", "名称"], [["A", "甲片"], ["B", "乙片"]])).frame["level"].isna().all()
    mixed = load("areas", csv(["编码", "名称"], [["A", "甲街道"], ["B", "乙社区"], ["C", "丙网格"]]))
    assert mixed.frame["level"].tolist() == ["street", "community", "grid"]


@pytest.mark.parametrize("seed", SEEDS)
def test_shapes_tell_what_lies_in_what(seed):
    rng = drawn(seed)
    streets = int(rng.integers(1, 3))
    features = []
    for street in range(streets):
        west = 10 * street
        features.append(feature(square(west, 0, 4), id=f"S{street}", name=f"{STEMS[street]}街道"))
        for place in range(4):
            corner = west + 2 * (place % 2), 2 * (place // 2)
            features.append(feature(square(*corner, 2), id=f"S{street}C{place}", name=f"{STEMS[street]}{place}社区"))
    found = load("areas", collection(*(features[place] for place in rng.permutation(len(features)))), name="a.geojson")
    frame = found.frame
    assert {code: len(code) for code in frame.index[frame["level"] == "street"]} == {f"S{n}": 2 for n in range(streets)}
    inside = frame[frame["level"] == "community"]
    assert inside["parent_id"].tolist() == [code[:2] for code in inside.index]


def test_an_area_within_another_that_it_does_not_fill_is_its_neighbour():
    content = collection(feature(square(0, 0, 10), id="A", name="x"), feature(square(4, 4, 1), id="B", name="y"))
    frame = load("areas", content, name="a.geojson").frame
    assert frame["level"].isna().all()
    assert frame["parent_id"].isna().all()
    assert isinstance(frame, pd.DataFrame)

"""The made-up street: the files that ship, and the script that makes them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import yaml

SAMPLE_DATA = Path(__file__).parents[2] / "sample_data"
BUILTIN = SAMPLE_DATA / "demo_street"
END = pd.Timestamp("2026-11-01")
KINDS_OF_AREA = ["street", "community", "grid"]
TIMES = ["occurred_at", "due_at", "closed_at"]


def _make(folder: Path, *options: str) -> Path:
    script = [sys.executable, "-W", "error", str(SAMPLE_DATA / "make_demo_street.py"), "--out", str(folder), *options]
    subprocess.run(script, check=True, timeout=60)
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _make(tmp_path_factory.mktemp("small"), "--grids", "20", "--days", "60")


@pytest.fixture(scope="module")
def areas() -> gpd.GeoDataFrame:
    return gpd.read_file(BUILTIN / "areas.geojson").set_index("area_id")


@pytest.fixture(scope="module")
def grids(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return areas[areas["level"] == "grid"]


@pytest.fixture(scope="module")
def incidents() -> pd.DataFrame:
    return pd.read_csv(BUILTIN / "incidents.csv", parse_dates=TIMES, dtype={"area_id": "str", "satisfied": "Int64"})


@pytest.fixture(scope="module")
def located(incidents: pd.DataFrame, grids: gpd.GeoDataFrame) -> pd.DataFrame:
    """Incidents with the grid in which each lies, whether named or given as a point."""
    points = incidents[incidents["lon"].notna()]
    found, row = shapely.STRtree(grids.geometry.to_numpy()).query(
        shapely.points(points["lon"], points["lat"]), predicate="within"
    )
    by_point = pd.Series(grids.index.to_numpy()[row], index=points.index[found])
    return incidents.assign(area_id=incidents["area_id"].fillna(by_point))


def test_the_same_seed_and_size_give_the_same_bytes(small: Path, tmp_path: Path) -> None:
    again = _make(tmp_path, "--grids", "20", "--days", "60")
    names = sorted(path.name for path in small.iterdir())
    assert names == sorted(path.name for path in again.iterdir())
    for name in names:
        assert (small / name).read_bytes() == (again / name).read_bytes(), name


def test_another_seed_gives_another_street(small: Path, tmp_path: Path) -> None:
    other = _make(tmp_path, "--grids", "20", "--days", "60", "--seed", "8")
    assert (small / "areas.geojson").read_bytes() != (other / "areas.geojson").read_bytes()


@pytest.mark.parametrize("count", [10, 17, 52, 95, 300])
def test_any_size_has_as_many_grids_as_asked_and_no_gap(count: int, tmp_path: Path) -> None:
    made = gpd.read_file(_make(tmp_path, "--grids", str(count), "--days", "30") / "areas.geojson")
    grids = made[made["level"] == "grid"]
    assert len(grids) == count
    assert grids["parent_id"].value_counts().between(5, 8).all()
    assert made["area_id"].is_unique
    assert made["name"].is_unique
    assert shapely.coverage_is_valid(grids.geometry.to_numpy())
    assert set(made["parent_id"].dropna()) <= set(made["area_id"])


def test_too_small_a_street_is_refused_with_the_remedy(tmp_path: Path) -> None:
    script = [sys.executable, str(SAMPLE_DATA / "make_demo_street.py"), "--out", str(tmp_path), "--grids", "4"]
    refused = subprocess.run(script, capture_output=True, text=True, check=False, timeout=60)
    assert refused.returncode == 2
    assert "--grids must be 10 or more" in refused.stderr


def test_one_street_eight_communities_and_five_to_eight_grids_each(areas: gpd.GeoDataFrame) -> None:
    assert areas["level"].value_counts().to_dict() == {"grid": 52, "community": 8, "street": 1}
    assert areas.loc[areas["level"] == "grid", "parent_id"].value_counts().between(5, 8).all()


@pytest.mark.parametrize("level", KINDS_OF_AREA)
def test_neighbours_share_their_sides_exactly(areas: gpd.GeoDataFrame, level: str) -> None:
    shapes = areas.loc[areas["level"] == level].geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)


@pytest.mark.parametrize("level", ["street", "community"])
def test_an_area_is_the_union_of_its_parts(areas: gpd.GeoDataFrame, level: str) -> None:
    for area_id, shape in areas.loc[areas["level"] == level, "geometry"].items():
        parts = areas.loc[areas["parent_id"] == area_id].geometry.to_numpy()
        assert shapely.equals(shapely.coverage_union_all(parts), shape)


def test_grids_are_compact_and_of_like_size(grids: gpd.GeoDataFrame) -> None:
    shapes = shapely.transform(grids.geometry.to_numpy(), lambda at: at * [96_490, 110_850])
    area = shapely.area(shapes)
    assert area.max() < 3 * area.min()
    assert (4 * np.pi * area / shapely.length(shapes) ** 2).min() > 0.4  # a square has 0.79
    assert (shapely.get_num_coordinates(shapes) <= 40).all()
    assert (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON).all()


def test_the_river_is_no_part_of_any_grid(grids: gpd.GeoDataFrame) -> None:
    context = gpd.read_file(BUILTIN / "water_roads.geojson")
    river = context.loc[context["kind"] == "water", "geometry"].item()
    assert shapely.area(shapely.intersection(grids.geometry.to_numpy(), river)).sum() < 0.01 * river.area
    assert (context["kind"] == "road").sum() >= 5


def test_coordinates_have_at_most_six_decimals_and_lie_in_the_ocean() -> None:
    areas = json.loads((BUILTIN / "areas.geojson").read_text(encoding="utf-8"))
    points = np.concatenate([shapely.get_coordinates(shapely.geometry.shape(a["geometry"])) for a in areas["features"]])
    assert np.array_equal(points, np.round(points, 6))
    assert (np.abs(points - [150.0, 30.0]) < 0.05).all()


def test_grid_names_carry_the_community_and_a_word_of_their_own(areas: gpd.GeoDataFrame) -> None:
    grids = areas[areas["level"] == "grid"]
    community = areas.loc[grids["parent_id"], "name"].to_numpy()
    words = [name.removeprefix(c).removesuffix("网格") for name, c in zip(grids["name"], community, strict=True)]
    assert {len(word) for word in words} == {2}
    assert len({*words, *(c.removesuffix("社区") for c in community)}) == 52 + 8
    "".join(areas["name"]).encode("gb2312")


def test_two_grids_have_no_head_count_and_no_residents(grids: gpd.GeoDataFrame) -> None:
    residents = pd.read_csv(BUILTIN / "residents.csv")
    without = grids.index[grids["population"].isna()]
    assert len(without) == 2
    assert grids.loc[without, "households"].isna().sum() == 1
    assert not set(without) & set(residents["area_id"])


def test_the_counts_of_residents_sum_to_the_population(grids: gpd.GeoDataFrame) -> None:
    residents = pd.read_csv(BUILTIN / "residents.csv")
    counted = residents.groupby("area_id")["count"].sum()
    assert counted.to_dict() == grids["population"].dropna().astype(int).to_dict()
    assert set(residents["age_band"]) == {"0-17", "18-59", "60-69", "70-79", "80+"}
    assert set(residents["lives_alone"]) == {0, 1}
    assert set(residents["tenure"]) == {"own", "rent", "lodge"}
    assert set(residents["origin"]) == {"local", "elsewhere"}
    assert set(residents["as_of"]) == {"2025-08-01"}


def test_the_share_of_renters_is_counted_from_the_residents(areas: gpd.GeoDataFrame) -> None:
    residents = pd.read_csv(BUILTIN / "residents.csv")
    rented = residents[residents["tenure"] == "rent"]
    for level, digits in (("grid", 8), ("community", 5), ("street", 2)):  # how much of a grid's code names the area
        among, of = rented["area_id"].str[:digits], residents["area_id"].str[:digits]
        share = 100 * rented["count"].groupby(among).sum() / residents["count"].groupby(of).sum()
        shown = areas.loc[areas["level"] == level, "renter_share"].dropna()
        assert shown.to_dict() == pytest.approx(share.round(1).to_dict())


def test_sizes_of_communities_and_street_are_sums(areas: gpd.GeoDataFrame) -> None:
    for area_id, area in areas[areas["level"] != "grid"].iterrows():
        parts = areas[areas["parent_id"] == area_id]
        for column in ("population", "households", "buildings", "shops"):
            assert area[column] == parts[column].sum()
    assert areas.loc[areas["level"] == "grid", "households"].dropna().between(300, 500).all()


def test_places_agree_with_the_sizes_of_their_grids(grids: gpd.GeoDataFrame) -> None:
    places = pd.read_csv(BUILTIN / "places.csv")
    assert places["place_id"].is_unique
    kinds = pd.crosstab(places["area_id"], places["kind"])
    assert set(kinds.columns) == {"building", "rental", "shop", "venue"}
    assert (kinds["building"] == grids["buildings"]).all()
    assert (kinds["shop"] == grids["shops"]).all()
    assert 20 <= len(places) / 52 <= 30


def test_every_incident_has_dates_that_agree(incidents: pd.DataFrame) -> None:
    closed = incidents["status"] == "closed"
    assert incidents["incident_id"].is_unique
    assert set(incidents["status"]) == {"open", "closed"}
    assert incidents["occurred_at"].between("2025-08-01", END, inclusive="left").all()
    assert (incidents["due_at"] > incidents["occurred_at"]).all()
    assert (incidents["closed_at"].notna() == closed).all()
    assert (incidents["closed_at"] > incidents["occurred_at"])[closed].all()
    assert (incidents["closed_at"] < END)[closed].all()
    assert incidents["satisfied"].notna().sum() > 500
    assert closed[incidents["satisfied"].notna()].all()


def test_about_twelve_incidents_a_grid_and_month(incidents: pd.DataFrame) -> None:
    assert 11 <= len(incidents) / 52 / 15 <= 14
    assert set(incidents["channel"]) == {"12345", "grid", "patrol", "clinic", "platform"}
    assert set(incidents["severity"]) == {"general", "serious", "urgent"}
    assert incidents["category"].nunique() == 12


def test_some_matters_are_closed_late_and_a_few_stay_open(incidents: pd.DataFrame) -> None:
    late = (incidents["closed_at"] > incidents["due_at"])[incidents["status"] == "closed"].mean()
    still_open = incidents[incidents["status"] == "open"]
    assert 0.08 < late < 0.25
    assert 50 < len(still_open) < 300
    assert ((END - still_open["occurred_at"]).dt.days > 60).sum() >= 5


def test_a_quarter_of_the_incidents_carry_a_point_and_three_of_these_lie_just_outside(
    located: pd.DataFrame, grids: gpd.GeoDataFrame
) -> None:
    points = located[located["lon"].notna()]
    assert len(points) / len(located) == pytest.approx(0.25, abs=0.001)
    assert points["lat"].notna().all()
    outside = points[points["area_id"].isna()]
    assert len(outside) == 3
    land = shapely.coverage_union_all(grids.geometry.to_numpy())
    metres = shapely.distance(shapely.points(outside["lon"], outside["lat"]), land) * 110_850
    assert (metres > 1).all()
    assert (metres < 60).all()  # six from the outline; more where the river leaves the street


def test_cases_are_rare_but_for_a_cluster_in_october(located: pd.DataFrame, grids: gpd.GeoDataFrame) -> None:
    cases = located[located["category"] == "confirmed_case"]
    october = cases[cases["occurred_at"] >= "2026-10-01"]
    per_grid = october["area_id"].value_counts()
    core = per_grid[per_grid >= 3].index
    assert len(october) >= 15
    assert 2 <= len(core) <= 4
    assert grids.loc[core, "parent_id"].nunique() == 2
    shapes = grids.loc[core].geometry.to_numpy()
    assert shapely.union_all(shapes).geom_type == "Polygon"  # they adjoin
    quiet = set(grids.index) - set(cases.loc[cases["occurred_at"] >= "2026-09-01", "area_id"])
    assert len(quiet) > 35


def test_seasons_show(incidents: pd.DataFrame) -> None:
    months = incidents["occurred_at"].dt.month
    by_month = pd.crosstab(months, incidents["category"])
    assert by_month.loc[[6, 7], "noise"].sum() > 2 * by_month.loc[[1, 2], "noise"].sum()
    assert by_month.loc[[1, 2], "fire_hazard"].sum() > 1.5 * by_month.loc[[6, 7], "fire_hazard"].sum()
    assert by_month.loc[[1, 2], "fever"].sum() > 2 * by_month.loc[[6, 7], "fever"].sum()


def test_the_new_grid_reports_only_of_late(located: pd.DataFrame, grids: gpd.GeoDataFrame) -> None:
    new = grids.index[grids["households"].isna()].item()
    assert located.loc[located["area_id"] == new, "occurred_at"].min() >= END - pd.Timedelta(days=20)


ROUTINE = {
    "round": "patrol", "building_round": "visit", "call": "visit", "elder_visit": "visit", "inspection": "patrol",
}  # fmt: skip


@pytest.fixture(scope="module")
def checks() -> pd.DataFrame:
    return pd.read_csv(BUILTIN / "checks.csv", parse_dates=["checked_at"])


def test_checks_are_two_or_three_a_grid_and_week_and_name_real_places_and_teams(checks: pd.DataFrame) -> None:
    places = pd.read_csv(BUILTIN / "places.csv")
    teams = pd.read_csv(BUILTIN / "teams.csv")
    assert checks["check_id"].is_unique
    others = checks[~checks["kind"].isin(ROUTINE)]
    assert 2 <= len(others) / 52 / (457 / 7) <= 3
    assert set(others["kind"]) == {"patrol", "record_check", "visit", "sweep"}
    assert set(checks["outcome"]) == {"done", "finding", "partly", "nobody_home", "refused", "not_applicable"}
    assert set(others["place_id"]) <= set(checks["place_id"].dropna()) <= set(places["place_id"])
    assert set(checks["team_id"]) <= set(teams["team_id"])
    assert checks["checked_at"].between("2025-08-01", END).all()
    skills = checks["team_id"].map(teams.set_index("team_id")["skills"].str.split(";"))
    needed = checks["kind"].map(lambda kind: (ROUTINE | {"record_check": "patrol"}).get(kind, kind))
    assert all(kind in able for kind, able in zip(needed, skills, strict=True))


def test_the_routine_is_on_record_for_six_weeks_and_names_no_person(checks: pd.DataFrame) -> None:
    routine = checks[checks["kind"].isin(ROUTINE)]
    assert set(routine["kind"]) == set(ROUTINE)
    assert routine["checked_at"].min().date().isoformat() == "2026-09-20"
    by_place = routine["kind"].isin(["building_round", "inspection"])
    assert (routine["place_id"].notna() == by_place).all()
    assert (routine["area_id"].isna() == by_place).all()


def test_rounds_lapsed_in_one_community_and_a_new_timetable_in_another_changed_nothing(checks: pd.DataFrame) -> None:
    """Planted: what a comparison of before and after has to find, and what it must not."""
    rounds = checks[checks["kind"] == "building_round"].merge(pd.read_csv(BUILTIN / "places.csv"), on="place_id")
    community = pd.Series([*dict.fromkeys(rounds["area_id_y"].str[:5].sort_values())])
    day = pd.Timestamp("2026-10-05")
    weeks = {"before": (pd.Timestamp("2026-09-20"), day), "after": (day, END)}
    a_week = {
        when: rounds[rounds["checked_at"].between(*span)].groupby(rounds["area_id_y"].str[:5]).size()
        / ((span[1] - span[0]).days / 7)
        for when, span in weeks.items()
    }  # fmt: skip
    change = (a_week["after"] / a_week["before"])[community]
    assert change.iloc[6] < 0.62
    assert 0.9 < change.iloc[2] < 1.15


def test_nine_teams_live_in_communities_of_the_street(areas: gpd.GeoDataFrame) -> None:
    teams = pd.read_csv(BUILTIN / "teams.csv")
    assert len(teams) == 9
    assert set(teams["home_area_id"]) <= set(areas.index[areas["level"] == "community"])


def test_the_description_names_files_that_exist() -> None:
    described = yaml.safe_load((BUILTIN / "dataset.yaml").read_text(encoding="utf-8"))
    assert described["made_up"] is True
    assert described["notice"]["zh"] == "示例数据，地名均为虚构"
    assert described["default_date"].isoformat() == "2026-10-31"
    assert all((BUILTIN / name).is_file() for name in [*described["files"].values(), described["context"]])


def test_the_folder_stays_small() -> None:
    sizes = {path.name: path.stat().st_size for path in BUILTIN.iterdir()}
    assert max(sizes.values()) < 1_500_000
    assert sizes["releases.tar.xz"] < 1_200_000
    assert sum(sizes.values()) - sizes["releases.tar.xz"] < 2_700_000  # the records; their releases came later


def test_what_is_told_of_rented_homes_is_told_of_all_of_them_and_of_no_other_place() -> None:
    places = pd.read_csv(BUILTIN / "places.csv")
    let = places["kind"] == "rental"
    for column in ("registered", "beds"):
        assert (places[column].notna() == let).all()
    assert set(places.loc[let, "registered"]) == {0, 1}
    assert 0.75 < places.loc[let, "registered"].mean() < 0.9
    assert places.loc[let, "beds"].between(1, 21).all()
    assert 0.15 < (places.loc[let, "beds"] >= 10).mean() < 0.35


def test_a_third_of_the_contacts_are_at_home_and_patrol_records_are_those_of_venues(checks: pd.DataFrame) -> None:
    kinds = checks["kind"].value_counts()
    assert 0.3 < kinds["elder_visit"] / (kinds["elder_visit"] + kinds["call"]) < 0.4
    assert checks.loc[checks["kind"] == "elder_visit", "place_id"].isna().all()
    looked_at = checks[checks["kind"] == "record_check"].merge(pd.read_csv(BUILTIN / "places.csv"), on="place_id")
    assert len(looked_at) == kinds["record_check"] > 300
    assert set(looked_at["kind_y"]) == {"venue"}


def test_findings_of_the_routine_are_told_given_a_deadline_or_handed_over_and_nothing_else_is(
    checks: pd.DataFrame,
) -> None:
    found = checks[checks["outcome"] == "finding"]
    assert set(found["kind"]) == {"inspection", "building_round"}
    assert 0.005 < len(found) / len(checks) < 0.02
    follow_up = ["told_at", "fix_by", "handed_to", "handed_number"]
    assert checks.loc[checks["outcome"] != "finding", follow_up].isna().all(axis=None)
    told = found["told_at"].notna()
    assert 0.8 < told.mean() < 0.97
    assert (found["fix_by"].notna() == told).all()
    days = (pd.to_datetime(found["fix_by"]) - pd.to_datetime(found["told_at"])).dt.days[told]
    assert set(days) == {7, 15, 30}
    assert (found["handed_to"].notna() == found["handed_number"].notna()).all()
    assert 0.08 < found["handed_to"].notna().mean() < 0.22
    assert found["handed_number"].dropna().is_unique

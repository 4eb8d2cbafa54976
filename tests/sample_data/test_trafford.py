"""The Trafford set: real figures, counted again from the files that ship."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import yaml

BUILTIN = Path(__file__).parents[2] / "sample_data" / "trafford"


@pytest.fixture(scope="module")
def areas() -> gpd.GeoDataFrame:
    return gpd.read_file(BUILTIN / "areas.geojson").set_index("area_id")


@pytest.fixture(scope="module")
def residents() -> pd.DataFrame:
    return pd.read_csv(BUILTIN / "residents.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def incidents() -> pd.DataFrame:
    return pd.read_csv(BUILTIN / "incidents.csv", parse_dates=["occurred_at"])


def test_731_outlines_and_738_counted_codes_of_which_713_are_in_both(
    areas: gpd.GeoDataFrame, residents: pd.DataFrame
) -> None:
    outlined, counted = set(areas.index), set(residents["area_id"])
    assert len(areas) == len(outlined) == 731
    assert len(counted) == 738
    assert len(outlined & counted) == 713


def test_outlines_are_sound_and_adjoin(areas: gpd.GeoDataFrame) -> None:
    shapes = areas.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)


def test_every_household_is_counted_once(areas: gpd.GeoDataFrame, residents: pd.DataFrame) -> None:
    counted = residents.groupby("area_id")["count"].sum()
    known = areas["households"].dropna()
    assert len(known) == 713
    assert (known == counted.loc[known.index]).all()
    assert counted.sum() == 96_252  # all 738 codes
    assert residents.duplicated(["area_id", "age_band", "lives_alone"]).sum() == 0


def test_one_area_agrees_with_the_published_rows(areas: gpd.GeoDataFrame, residents: pd.DataFrame) -> None:
    rows = residents[residents["area_id"] == "E00030771"].set_index(["age_band", "lives_alone"])["count"]
    # Published: 15 one person aged 66 and over, 6 other one person, 8 families all aged 66 and over.
    assert rows.to_dict() == {("66+", 1): 15, ("18-65", 1): 6, ("66+", 0): 8, ("", 0): 92}
    assert areas.loc["E00030771", "renter_share"] == pytest.approx(6.5)


def test_the_share_of_renters_is_absent_where_there_are_no_counts(areas: gpd.GeoDataFrame) -> None:
    assert areas["renter_share"].isna().sum() == areas["households"].isna().sum() == 18
    assert (areas["renter_share"].isna() == areas["households"].isna()).all()
    assert areas["renter_share"].dropna().between(0, 100).all()


def test_1431_casualties_each_with_an_id_of_its_own_and_a_place(
    areas: gpd.GeoDataFrame, incidents: pd.DataFrame
) -> None:
    assert len(incidents) == 1431
    assert incidents["incident_id"].is_unique
    assert incidents["severity"].value_counts()["slight"] == 1130
    assert set(incidents["severity"]) == {"slight", "serious", "fatal"}
    points = shapely.points(incidents["lon"], incidents["lat"])
    found, _ = shapely.STRtree(areas.geometry.to_numpy()).query(points, predicate="within")
    assert len(set(found)) == 1431


def test_the_default_date_is_the_last_day_of_the_data(incidents: pd.DataFrame) -> None:
    described = yaml.safe_load((BUILTIN / "dataset.yaml").read_text(encoding="utf-8"))
    assert described["default_date"] == incidents["occurred_at"].max().date()


def test_the_set_says_that_it_is_real_and_carries_its_attribution() -> None:
    described = yaml.safe_load((BUILTIN / "dataset.yaml").read_text(encoding="utf-8"))
    assert described["made_up"] is False
    assert described["notice"] is None
    for text in (described["source"]["en"], (BUILTIN / "ATTRIBUTION.md").read_text(encoding="utf-8")):
        assert "Contains National Statistics data © Crown copyright and database right" in " ".join(text.split())
        assert "Open Government Licence v3.0" in text

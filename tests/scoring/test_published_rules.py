"""Rules that others published, said in the language of schemes, give the tiers that they published."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analytics import tiers
from analytics.loaders import load_records
from analytics.scheme import scheme_named
from analytics.scheme.reading import reference_ids
from tests.scoring.small_world import assessed, days, incident, records

CDC = Path(__file__).parent / "published" / "cdc_levels_2022-03-03.csv"


@pytest.mark.parametrize("name", reference_ids())
def test_a_reference_scheme_is_good(name):
    assert name.endswith(scheme_named(name).id)


def test_all_3224_community_levels_of_the_cdc_are_reproduced():
    published = pd.read_csv(CDC, dtype={"county_fips": str})
    content = published.rename(columns={"county_fips": "area_id", "county": "name"}).to_csv(index=False).encode()
    loaded, _ = load_records({"areas": (CDC.name, content)}, date(2022, 3, 3))
    found = assessed(loaded, scheme_named("reference/cdc_community_levels"), days("2022-03-03"))
    level = {"red": "High", "yellow": "Medium", "green": "Low"}
    said = pd.Series(tiers.names(found.computed[0]), index=found.areas.index).map(level)
    expected = published.set_index("county_fips")["covid-19_community_level"]
    assert len(said) == 3224
    pd.testing.assert_series_equal(said, expected.loc[said.index], check_names=False)


def test_the_national_county_rule_of_february_2020():
    areas = [{"area_id": area, "name": area, "population": 1000} for area in ("low", "quiet", "medium", "many", "high")]
    rows = [incident(number, "many", f"2020-02-{1 + number % 20:02d}", "confirmed_case") for number in range(60)]
    rows += [incident(100 + number, "high", f"2020-02-{1 + number % 20:02d}", "confirmed_case") for number in range(60)]
    rows += [
        incident(200, "quiet", "2020-02-06", "confirmed_case"),
        incident(201, "medium", "2020-02-07", "confirmed_case"),
    ]
    rows += [incident(300, "high", "2020-02-10", "cluster")]
    found = assessed(
        records(areas=areas, incidents=rows), scheme_named("reference/national_county_2020"), days("2020-02-20")
    )
    assert found.table().set_index("area_id")["computed_tier"].to_dict() == {
        "low": "green", "quiet": "green", "medium": "yellow", "many": "yellow", "high": "red",
    }  # fmt: skip
    assert set(found.table()["decided_by"]) == {"decide"}

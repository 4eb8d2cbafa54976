"""Areas where nobody lives (a school, a market, a park) have a base of their own: who is there by day, and places."""

import datetime as dt

import numpy as np
import pytest

from analytics.scoring import Gap, area_counts_for
from analytics.scoring.behind import behind
from analytics.store.counts import Counts
from tests.loaders.files_of_records import load, notes
from tests.scoring.small_world import assessed, days, indicator, records, scheme

LIVED_IN = {"level": "grid", "parent_id": "K", "population": 800, "households": 300, "buildings": 9, "shops": 31}
SCHOOL = LIVED_IN | {"population": 0, "households": 0, "on_site": 1240}


def areas(**school):
    return [{"area_id": "A", "name": "A", "on_site": "", **LIVED_IN}, {"area_id": "S", "name": "S", **SCHOOL, **school}]


def counts_of(rows):
    return Counts.of_records(records(areas=rows))


def bases(column, **school):
    return area_counts_for(counts_of(areas(**school)), scheme([indicator()])).rate_denominator(column).tolist()


def test_rates_rest_on_who_is_there_by_day_and_on_places():
    assert bases("population") == [800, 1240]
    assert bases("households") == [300, 40]
    assert bases("shops") == [31, 31]


def test_few_on_site_are_as_many_as_they_are():
    assert bases("population", on_site=4) == [800, 4]


@pytest.mark.parametrize(
    "school", [{"on_site": ""}, {"on_site": 0}, {"households": 12}, {"population": ""}, {"population": 3}]
)
def test_a_nought_that_may_stand_for_what_nobody_filled_in_stays_without_a_base(school):
    population, households = bases("population", **school)[1], bases("households", **school)[1]
    own = SCHOOL | school
    assert population == own["population"] or np.isnan(population)
    assert households == own["households"]


def test_an_area_without_residents_has_none_of_any_group_and_no_other_area_gains_any():
    rows = [{"area_id": "A", "count": 200, "tenure": "rent"}, {"area_id": "A", "count": 600, "tenure": "own"}]
    item = indicator(measure="stock", where={"tenure": ["rent"]}, window_days=None, **{"from": "residents"})
    run = assessed(records(areas=areas(), residents=rows), scheme([item]), days("2020-02-15"))
    assert run.values[0, :, 0].tolist() == [200, 0]
    assert (run.gaps[0, :, 0] == Gap.NONE).all()
    without = assessed(records(areas=areas(on_site=""), residents=rows), scheme([item]), days("2020-02-15"))
    assert without.gaps[0, :, 0].tolist() == [Gap.NONE, Gap.AREA_NOT_IN_TABLE]


def test_rows_that_cannot_be_told_are_not_none():
    rows = [{"area_id": "A", "count": 60, "age_band": "80+", "lives_alone": 1, "as_of": "2020-01-01"}]
    old = {"measure": "stock", "where": {"lives_alone": True}, "window_days": None, "from": "residents"}
    for other in ({"lives_alone": ""}, {"as_of": "2020-03-01"}):
        told = [*rows, rows[0] | {"area_id": "S"} | other]
        run = assessed(records(areas=areas(), residents=told), scheme([indicator(**old)]), days("2020-02-15"))
        assert run.values[0, 0, 0] == 60
        assert run.gaps[0, 1, 0] != Gap.NONE


def test_a_base_of_places_needs_all_of_them():
    assert bases("households", buildings="") == [300, 0]


def test_a_community_with_people_below_it_is_no_school():
    above = {"area_id": "K", "name": "K", **SCHOOL, "level": "community", "parent_id": ""}
    rows = [above, *areas()]
    facts = area_counts_for(counts_of(rows), scheme([indicator()], level="community"))
    assert facts.rate_denominator("population").tolist() == [0]
    _, reports = load(
        areas="网格编码,名称,层级,上级编码,人口,户数,在岗在校人数\nK,社区,社区,,0,0,500\nG,桥东,网格,K,1700,700,\n"
    )
    assert "nobody lives" not in notes(reports["areas"])


def test_people_on_record_where_nobody_is_said_to_live_are_counted():
    rows = [{"area_id": area, "count": 200, "tenure": "rent"} for area in "AS"]
    item = indicator(measure="stock", where={"tenure": ["rent"]}, window_days=None, **{"from": "residents"})
    run = assessed(records(areas=areas(), residents=rows), scheme([item]), days("2020-02-15"))
    assert run.values[0, :, 0].tolist() == [200, 200]


def test_the_counts_behind_a_rate_name_the_base_that_was_used():
    rate = indicator(measure="rate", per={"base": "population", "scale": 1000})
    incident = {"incident_id": "1", "area_id": "S", "occurred_at": "2020-02-14 08:00", "category": "fever"}
    facts = area_counts_for(Counts.of_records(records(areas=areas(), incidents=[incident])), scheme([rate]))
    told = {area: behind(facts, rate_of(rate), area, dt.date(2020, 2, 15))[-1] for area in "AS"}
    assert (told["A"].what, told["A"].value) == ("base", 800)
    assert (told["S"].what, told["S"].value) == ("own_base", 1240)


def rate_of(item):
    return scheme([item]).indicators[0]


def test_a_load_says_which_areas_have_a_base_of_their_own_and_which_lack_one():
    head = "网格编码,名称,层级,人口,户数,在岗在校人数"
    _, reports = load(areas=f"{head}\nG1,桥东,网格,800,300,\nG2,中学,网格,0,0,1240\nG3,公园,网格,0,0,\n")
    told = notes(reports["areas"])
    assert "uses the people on site" in told or "use the people on site" in told
    assert "1 (中学)" in told
    assert "1 (公园)" in told
    assert "people on site" in told

"""What of a run may leave for the public: on the sample, and on worlds that differ in what is not told."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics import tiers
from analytics.disclosure import FEW, SMALLEST
from analytics.errors import UserError
from analytics.loaders import load_records, sample_datasets
from analytics.scheme import pack_ids, scheme_named
from analytics.scoring.public_form import KINDS_OF_PEOPLE, public_form, telling_of
from analytics.store.counts import Counts
from tests.office import SAMPLES
from tests.scoring.small_world import indicator, records, scheme

KEY = b"a key of an office"
DAY = date(2020, 2, 15)
AREAS = [
    {"area_id": "S", "name": "S", "level": "street", "parent_id": ""},
    *({"area_id": one, "name": one, "level": "community", "parent_id": "S", "population": 900} for one in ("K", "L")),
    *(
        {"area_id": f"{one}{at}", "name": f"{one}{at}", "level": "grid", "parent_id": one, "population": 450}
        for one in ("K", "L")
        for at in (1, 2)
    ),
]
RENTING = indicator("rent", **{"from": "residents"}, measure="stock", where={"tenure": ["rent"]}, window_days=None)


def residents(**renting):
    """So many who rent in each grid, among a hundred others."""
    return [
        {"area_id": area, "count": count, "tenure": tenure, "as_of": "2020-01-01"}
        for area, rent in renting.items()
        for count, tenure in ((rent, "rent"), (100, "own"))
        if count
    ]


def incidents(category, **numbers):
    return [
        {"incident_id": f"{area}{category}{at}", "area_id": area, "category": category, "occurred_at": "2020-02-14"}
        for area, number in numbers.items()
        for at in range(number)
    ]


def told(items, people, events=(), key=KEY):
    world = {"areas": AREAS, "residents": people} | ({"incidents": list(events)} if events else {})
    return public_form(Counts.of_records(records(**world)), scheme(items), DAY, key)


def test_communities_are_told_and_no_grid():
    found = told([RENTING], residents(K1=40, K2=30, L1=50, L2=25))
    assert list(found.areas.index) == ["K", "L"]
    assert found.telling == ("people",)
    assert np.abs(found.told[:, 0] - [70, 75]).max() <= 2
    assert (found.told % 3 == 0).all()


def test_a_few_are_told_as_few_and_no_other_number_of_the_street_gives_them():
    found = told([RENTING], residents(K1=4, K2=3, L1=50, L2=25))
    assert found.told[0, 0] == FEW
    street = scheme([RENTING], level="street")
    world = Counts.of_records(records(areas=AREAS, residents=residents(K1=4, K2=3, L1=50, L2=25)))
    assert np.isnan(public_form(world, street, DAY, KEY).told).all()


def test_the_same_key_tells_the_same_and_another_something_else():
    people = residents(K1=40, K2=31, L1=51, L2=25)
    first = told([RENTING], people).told
    np.testing.assert_array_equal(first, told([RENTING], people).told)
    others = [told([RENTING], people, key=bytes([at]) * 16).told for at in range(12)]
    assert any((one != first).any() for one in others)


@pytest.mark.parametrize("kind", sorted(KINDS_OF_PEOPLE))
def test_incidents_that_are_people_are_not_told_at_all(kind):
    assert telling_of(scheme([indicator(where={"category": [kind]})]).indicators[0]) == "untold"
    assert telling_of(scheme([indicator(where={"category": [kind, "noise"]})]).indicators[0]) == "untold"
    assert telling_of(scheme([indicator(where={})]).indicators[0]) == "untold"
    assert telling_of(scheme([indicator(where={"category": ["noise"]})]).indicators[0]) == "figure"


def test_no_days_since_an_incident_are_told():
    quiet = {"measure": "days_since", "days_since": {"cap": 30}, "window_days": None}
    assert telling_of(scheme([indicator(where={"category": ["noise"]}, **quiet)]).indicators[0]) == "untold"


def test_an_incident_that_is_nobody_is_told_as_the_sum_of_the_community():
    noise = indicator("noise", where={"category": ["noise"]}, measure="count")
    found = told([noise], residents(K1=40, K2=30, L1=50, L2=25), incidents("noise", K1=3, K2=1, L1=2))
    assert found.told[:, 0].tolist() == [4, 2]


@pytest.mark.parametrize("cases", [(0, 0), (1, 0), (4, 4), (9, 0)])
def test_whatever_a_few_are_the_same_is_told(cases):
    """Of every number below ten the paper is the same: tier, figures and all."""
    sick = indicator("sick", where={"category": ["confirmed_case"]}, measure="count")
    noise = indicator("noise", where={"category": ["noise"]}, measure="count")
    items = [sick, noise, RENTING]
    people = residents(K1=cases[0] or 1, K2=cases[1], L1=50, L2=25)
    always = incidents("noise", K1=3, L1=2) + incidents("confirmed_case", L1=3)
    events = always + incidents("confirmed_case", K1=cases[0], K2=cases[1])
    found = told(items, people, events)
    usual = told(items, residents(K1=2, L1=50, L2=25), always + incidents("confirmed_case", K1=2))
    np.testing.assert_array_equal(found.told, usual.told)
    np.testing.assert_array_equal(found.tier, usual.tier)


def test_a_tier_is_told_where_no_few_people_can_move_it():
    """A part of the score comes of the cases; where the rest alone says red it is red whatever they are."""
    points = {"method": "linear", "linear": {"low": 0, "high": 10}}
    sick = indicator("sick", where={"category": ["confirmed_case"]}, measure="count", weight=3, points=points)
    noise = indicator("noise", where={"category": ["noise"]}, measure="count", weight=17, points=points)
    people = residents(K1=40, K2=30, L1=50, L2=25)
    events = incidents("noise", K1=12, K2=12, L1=9, L2=9) + incidents("confirmed_case", K1=1, L1=1)
    found = told([sick, noise], people, events)
    assert tiers.names(found.tier).tolist() == ["red", tiers.UNKNOWN]


def test_a_scheme_that_places_areas_among_each_other_is_refused():
    ranked = indicator(where={"category": ["noise"]}, points={"method": "percent_rank"})
    with pytest.raises(UserError):
        told([ranked], residents(K1=40), incidents("noise", K1=3))


def test_records_without_communities_are_refused():
    world = Counts.of_records(records(areas=[AREAS[3] | {"parent_id": ""}], residents=residents(K1=40)))
    with pytest.raises(UserError):
        public_form(world, scheme([RENTING]), DAY, KEY)


@pytest.mark.parametrize("name", pack_ids())
def test_of_the_sample_no_number_of_people_below_ten_and_no_grid_is_told(name, demo):
    found = public_form(demo, scheme_named(name), date(2026, 10, 31), KEY)
    assert set(found.areas["level"]) == {"community"}
    people = found.told[:, np.array(found.telling) == "people"]
    assert ((people == FEW) | np.isnan(people) | (people >= SMALLEST)).all()
    assert np.isnan(found.told[:, np.array(found.telling) == "untold"]).all()
    assert replace(found).tier.shape == (len(found.areas),)


@pytest.fixture(scope="module")
def demo():
    (info,) = (found for found in sample_datasets(SAMPLES) if found.id == "demo_street")
    files = {table: info.folder / file for table, file in info.files.items()}
    return Counts.of_records(load_records(files, date(2026, 10, 31))[0])


def test_the_table_says_its_rule_and_shows_few_as_few():
    from analytics.exhibits.captions import Origin
    from analytics.exhibits.public_form import public_map, public_table
    from analytics.store.office_settings import OfficeSettings

    form = told([RENTING], residents(K1=4, K2=3, L1=50, L2=25))
    office = OfficeSettings(office_zh="某街道办事处")
    for lang, rule in (("zh", "相加不必等于合计"), ("en", "totals need not add up")):
        made = public_table(lang, form, Origin("d", "s", "", ""), office, DAY)
        assert any(rule in line for line in made.about)
        assert made.table.iloc[0, 1] == "<10"
        assert isinstance(made.table, pd.DataFrame)
        with pytest.raises(UserError) as refused:
            public_map(lang, form, Origin("d", "s", "", ""), office, DAY)
        assert refused.value.problems[0].key == "public.map_not_approved"

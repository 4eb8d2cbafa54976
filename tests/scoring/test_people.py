"""Counts of people and households on their way into the values: what is protected, what is withheld, what stays."""

import numpy as np
import pytest

from analytics.disclosure import SETTING
from analytics.scoring import Gap, area_counts_for
from analytics.scoring.people import chosen_by, shipped
from analytics.scoring.selfcheck import selfcheck
from analytics.store.counts import Counts
from tests.scoring.small_world import TODAY, assessed, days, given, indicator, records, scheme, three_areas

RENT = {"tenure": ["rent"]}
PEOPLE = {"from": "residents", "window_days": None}
HOMES = {"from": "places", "window_days": None, "measure": "stock"}
COMMUNITY = [
    {"area_id": "K", "name": "K", "level": "community", "parent_id": "", "population": ""},
    {"area_id": "K1", "name": "K1", "level": "grid", "parent_id": "K", "population": 400},
    {"area_id": "K2", "name": "K2", "level": "grid", "parent_id": "K", "population": 4},
    {"area_id": "K3", "name": "K3", "level": "grid", "parent_id": "K", "population": 96},
]


def renting(*counts, of=200):
    """So many who rent in A, B and C, and the rest of ``of`` who do not."""
    return [
        {"area_id": area, "count": count, "tenure": tenure, "as_of": "2020-01-01"}
        for area, rent in zip("ABC", counts, strict=False)
        for count, tenure in ((rent, "rent"), (of - rent, "own"))
    ]


def run_of(item, level="grid", **tables):
    return assessed(records(**tables), scheme([item], level=level), days("2020-02-15"))


def places(area, kind, number, use=""):
    return [{"place_id": f"{area}{kind}{use}{at}", "area_id": area, "kind": kind, "use": use} for at in range(number)]


def test_small_counts_are_one_number_and_marked_and_others_stay():
    run = run_of(indicator(measure="stock", where=RENT, **PEOPLE), areas=three_areas(), residents=renting(3, 0, 40))
    assert run.values[0, :, 0].tolist() == [5, 0, 40]
    assert run.small[0, :, 0].tolist() == [True, False, False]


def test_the_smallest_count_is_the_installations(monkeypatch):
    monkeypatch.setenv(SETTING, "50")
    run = run_of(indicator(measure="stock", where=RENT, **PEOPLE), areas=three_areas(), residents=renting(3, 0, 40))
    assert run.values[0, :, 0].tolist() == [25, 0, 25]
    assert run.table()["value:fever_7d"].tolist() == ["<50", "0.0", "<50"]


def test_a_part_of_a_whole_of_few_is_a_base_too_small_and_a_share_of_under_thirty_too():
    rows = [*renting(3, of=15), *[row | {"area_id": "B"} for row in renting(15, of=15)]]
    rows += [row | {"area_id": "C"} for row in renting(12, of=29)]
    for measure, gaps in (("stock", [Gap.BASE_TOO_SMALL, Gap.NONE, Gap.NONE]), ("share", [Gap.BASE_TOO_SMALL] * 3)):
        run = run_of(indicator(measure=measure, where=RENT, **PEOPLE), areas=three_areas(), residents=rows)
        assert run.gaps[0, :, 0].tolist() == gaps
        assert not run.small.any()


def test_a_share_takes_its_part_and_its_whole_as_they_may_be_told():
    run = run_of(indicator(measure="share", where=RENT, **PEOPLE), areas=three_areas(), residents=renting(3, 198, 40))
    assert run.values[0, :, 0].tolist() == [5 / 200, 195 / 200, 40 / 200]
    assert run.small[0, :, 0].tolist() == [True, False, False]


def test_a_share_of_some_people_is_made_of_parts_that_are_protected_apart():
    rows = [
        {"area_id": area, "count": count, "tenure": tenure, "origin": origin}
        for area, counts in (("A", (3, 47, 100)), ("B", (20, 4, 100)))
        for count, tenure, origin in zip(
            counts, ("rent", "own", "own"), ("elsewhere", "elsewhere", "local"), strict=True
        )
    ]
    item = indicator(measure="share", where=RENT, of={"origin": "elsewhere"}, **PEOPLE)
    run = run_of(item, areas=three_areas(), residents=rows)
    np.testing.assert_allclose(run.values[0, 0, 0], 5 / 52)
    assert run.gaps[0, :2, 0].tolist() == [Gap.NONE, Gap.BASE_TOO_SMALL]


def test_a_community_shows_what_its_small_grids_leave_open():
    rows = [{"area_id": f"K{at}", "count": count, "tenure": "rent"} for at, count in ((1, 80), (2, 2), (3, 9))]
    item = indicator(measure="stock", where=RENT, **PEOPLE)
    assert run_of(item, areas=COMMUNITY, residents=rows).values[0, :, 0].tolist() == [80, 5, 5]
    assert run_of(item, "community", areas=COMMUNITY, residents=rows).values[0, :, 0].tolist() == [91]
    alone = [row for row in rows if row["area_id"] != "K3"]
    assert run_of(item, "community", areas=COMMUNITY, residents=alone).values[0, :, 0].tolist() == [85]


def test_areas_that_hold_one_another_on_one_level_count_for_themselves():
    areas = [{"area_id": one, "name": one, "level": "grid", "parent_id": other} for one, other in ("AB", "BA")]
    run = run_of(indicator(measure="stock", where=RENT, **PEOPLE), areas=areas, residents=renting(30, 50))
    assert run.values[0, :, 0].tolist() == [30, 50]


@pytest.mark.parametrize("level", ["grid", "community"])
def test_the_base_of_a_community_does_not_give_away_a_grid_of_few(level):
    chosen = scheme([indicator()], level=level)
    facts = area_counts_for(Counts.of_records(records(areas=COMMUNITY)), chosen)
    assert facts.rate_denominator("population").tolist() == ([400, 5, 96] if level == "grid" else [501])


def test_an_areas_own_figure_is_a_base_as_it_stands_and_few_are_told_as_few():
    areas = [COMMUNITY[0] | {"population": 507}, *COMMUNITY[1:]]
    facts = area_counts_for(Counts.of_records(records(areas=areas)), scheme([indicator()], level="community"))
    assert facts.rate_denominator("population").tolist() == [507]
    run = run_of(given("population"), areas=COMMUNITY)
    assert run.values[0, :, 0].tolist() == [400, 5, 96]
    assert run.table()["value:population"].tolist() == ["400.0", "<10", "96.0"]


def test_households_among_places_are_protected_and_other_places_are_not():
    rows = [
        *places("A", "household", 3),
        *places("A", "shop", 4),
        *places("B", "household", 12),
        *places("C", "shop", 2),
    ]
    for where, values, small in (
        ({"kind": "household"}, [5, 12, 0], [True, False, False]),
        ({"kind": "shop"}, [4, 0, 2], [False, False, False]),
        ({"kind": ["shop", "household"]}, [9, 12, 2], [True, False, False]),
    ):
        run = run_of(indicator(where=where, **HOMES), areas=three_areas(), places=rows)
        assert run.values[0, :, 0].tolist() == values, where
        assert run.small[0, :, 0].tolist() == small, where


def test_coverage_of_fewer_households_than_may_be_told_is_missing():
    rows = [*places("A", "household", 3), *places("B", "household", 12), *places("C", "shop", 2)]
    checks = [
        {"check_id": at, "place_id": row["place_id"], "kind": "visit", "checked_at": "2020-02-14", "outcome": "done"}
        for at, row in enumerate(rows[::2])
    ]
    covered = indicator(measure="coverage", where={"outcome": ["done"]}, **{"from": "checks"})
    run = run_of(covered, areas=three_areas(), places=rows, checks=checks)
    assert run.gaps[0, :, 0].tolist() == [Gap.BASE_TOO_SMALL, Gap.NONE, Gap.NONE]
    assert run.values[0, 1:, 0].tolist() == [0.5, 0.5]


def test_what_a_shipped_scheme_shows_is_protected_beside_what_the_users_own_does():
    """Of the elders all but those who live alone would be 43 − 40: the shipped schemes show both."""
    rows = [
        {"area_id": "A", "count": count, "age_band": "80+", "lives_alone": alone} for count, alone in ((40, 1), (3, 0))
    ]
    rows.append({"area_id": "A", "count": 500, "age_band": "19-35", "lives_alone": 0})
    elders = indicator(measure="stock", where={"age_band": ["66+", "70-79", "80+"]}, **PEOPLE)
    assert run_of(elders, areas=three_areas(), residents=rows).values[0, 0, 0] == 45


def test_everybody_is_a_count_of_people_too():
    item = indicator(measure="stock", where={}, **PEOPLE)
    rows = [{"area_id": f"K{at}", "count": count} for at, count in ((1, 80), (2, 4))]
    assert run_of(item, areas=COMMUNITY, residents=rows).values[0, :2, 0].tolist() == [80, 5]
    counts = Counts.of_records(records(areas=COMMUNITY, residents=rows))
    held = selfcheck(area_counts_for(counts, scheme([item])), scheme([item]), TODAY)
    assert all(law.holds for law in held)
    assert held[6].checked == 1


def test_residents_that_are_all_of_areas_above_leave_the_scored_ones_without():
    item = indicator(measure="stock", where=RENT, **PEOPLE)
    counts = Counts.of_records(records(areas=COMMUNITY, residents=[{"area_id": "K", "count": 80, "tenure": "rent"}]))
    facts = area_counts_for(counts, scheme([item]))
    assert all(law.holds for law in selfcheck(facts, scheme([item]), TODAY))
    found = assessed(
        records(areas=COMMUNITY, residents=[{"area_id": "K", "count": 80, "tenure": "rent"}]),
        scheme([item]),
        days("2020-02-15"),
    )
    assert (found.gaps == Gap.AREA_NOT_IN_TABLE).all()


def test_snapshots_are_protected_day_by_day():
    rows = [*renting(30), *[row | {"as_of": "2020-02-01"} for row in renting(4)]]
    world = records(areas=three_areas(), residents=rows)
    run = assessed(world, scheme([indicator(measure="stock", where=RENT, **PEOPLE)]), days("2020-01-30", "2020-02-02"))
    assert run.values[:, 0, 0].tolist() == [30, 30, 5, 5]
    assert run.small[:, 0, 0].tolist() == [False, False, True, True]
    assert run.on(run.days[0]).small.shape == (1, 3, 1)


def test_every_shipped_indicator_of_people_is_known_to_be_one():
    assert {item.id for item in shipped() if item.source == "residents"} >= {"elders_alone", "elders", "renters"}
    assert all(chosen_by(item) for item in shipped())

"""Counts of people and households on their way into the values: true, however small."""

import numpy as np
import pytest

from analytics.scoring import Gap, area_counts_for
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


def test_small_counts_are_as_many_as_they_are_and_carry_no_mark():
    run = run_of(indicator(measure="stock", where=RENT, **PEOPLE), areas=three_areas(), residents=renting(3, 0, 40))
    assert run.values[0, :, 0].tolist() == [3, 0, 40]
    assert not run.small.any()
    assert run.table()["value:fever_7d"].tolist() == [3, 0, 40]


def test_a_part_of_few_is_counted_and_a_share_of_under_thirty_is_none():
    rows = [*renting(3, of=15), *[row | {"area_id": "B"} for row in renting(15, of=15)]]
    rows += [row | {"area_id": "C"} for row in renting(12, of=29)]
    for measure, gaps in (("stock", [Gap.NONE] * 3), ("share", [Gap.BASE_TOO_SMALL] * 3)):
        run = run_of(indicator(measure=measure, where=RENT, **PEOPLE), areas=three_areas(), residents=rows)
        assert run.gaps[0, :, 0].tolist() == gaps


def test_a_share_takes_its_part_and_its_whole_as_they_are():
    run = run_of(indicator(measure="share", where=RENT, **PEOPLE), areas=three_areas(), residents=renting(3, 198, 40))
    assert run.values[0, :, 0].tolist() == [3 / 200, 198 / 200, 40 / 200]


def test_a_share_of_some_people_is_of_those_alone():
    rows = [
        {"area_id": area, "count": count, "tenure": tenure, "origin": origin}
        for area, counts in (("A", (3, 47, 100)), ("B", (20, 4, 100)))
        for count, tenure, origin in zip(
            counts, ("rent", "own", "own"), ("elsewhere", "elsewhere", "local"), strict=True
        )
    ]
    item = indicator(measure="share", where=RENT, of={"origin": "elsewhere"}, **PEOPLE)
    run = run_of(item, areas=three_areas(), residents=rows)
    np.testing.assert_allclose(run.values[0, 0, 0], 3 / 50)
    assert run.gaps[0, :2, 0].tolist() == [Gap.NONE, Gap.BASE_TOO_SMALL]


def test_a_community_has_what_its_grids_have():
    rows = [{"area_id": f"K{at}", "count": count, "tenure": "rent"} for at, count in ((1, 80), (2, 2), (3, 9))]
    item = indicator(measure="stock", where=RENT, **PEOPLE)
    assert run_of(item, areas=COMMUNITY, residents=rows).values[0, :, 0].tolist() == [80, 2, 9]
    assert run_of(item, "community", areas=COMMUNITY, residents=rows).values[0, :, 0].tolist() == [91]
    alone = [row for row in rows if row["area_id"] != "K3"]
    assert run_of(item, "community", areas=COMMUNITY, residents=alone).values[0, :, 0].tolist() == [82]


def test_areas_that_hold_one_another_on_one_level_count_for_themselves():
    areas = [{"area_id": one, "name": one, "level": "grid", "parent_id": other} for one, other in ("AB", "BA")]
    run = run_of(indicator(measure="stock", where=RENT, **PEOPLE), areas=areas, residents=renting(30, 50))
    assert run.values[0, :, 0].tolist() == [30, 50]


@pytest.mark.parametrize("level", ["grid", "community"])
def test_the_base_of_a_community_is_the_sum_of_its_grids(level):
    chosen = scheme([indicator()], level=level)
    facts = area_counts_for(Counts.of_records(records(areas=COMMUNITY)), chosen)
    assert facts.rate_denominator("population").tolist() == ([400, 4, 96] if level == "grid" else [500])


def test_an_areas_own_figure_is_a_base_as_it_stands():
    areas = [COMMUNITY[0] | {"population": 507}, *COMMUNITY[1:]]
    facts = area_counts_for(Counts.of_records(records(areas=areas)), scheme([indicator()], level="community"))
    assert facts.rate_denominator("population").tolist() == [507]
    run = run_of(given("population"), areas=COMMUNITY)
    assert run.values[0, :, 0].tolist() == [400, 4, 96]


def test_households_count_among_places_as_other_places_do():
    rows = [
        *places("A", "household", 3),
        *places("A", "shop", 4),
        *places("B", "household", 12),
        *places("C", "shop", 2),
    ]
    for where, values in (
        ({"kind": "household"}, [3, 12, 0]),
        ({"kind": "shop"}, [4, 0, 2]),
        ({"kind": ["shop", "household"]}, [7, 12, 2]),
    ):
        run = run_of(indicator(where=where, **HOMES), areas=three_areas(), places=rows)
        assert run.values[0, :, 0].tolist() == values, where


def test_coverage_of_a_few_households_is_their_share():
    rows = [*places("A", "household", 3), *places("B", "household", 12), *places("C", "shop", 2)]
    checks = [
        {"check_id": at, "place_id": row["place_id"], "kind": "visit", "checked_at": "2020-02-14", "outcome": "done"}
        for at, row in enumerate(rows[::2])
    ]
    covered = indicator(measure="coverage", where={"outcome": ["done"]}, **{"from": "checks"})
    run = run_of(covered, areas=three_areas(), places=rows, checks=checks)
    np.testing.assert_allclose(run.values[0, :, 0], [2 / 3, 0.5, 0.5])


def test_everybody_is_a_count_of_people_too():
    item = indicator(measure="stock", where={}, **PEOPLE)
    rows = [{"area_id": f"K{at}", "count": count} for at, count in ((1, 80), (2, 4))]
    assert run_of(item, areas=COMMUNITY, residents=rows).values[0, :2, 0].tolist() == [80, 4]
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


def test_a_snapshot_counts_from_its_day_on():
    rows = [*renting(30), *[row | {"as_of": "2020-02-01"} for row in renting(4)]]
    world = records(areas=three_areas(), residents=rows)
    run = assessed(world, scheme([indicator(measure="stock", where=RENT, **PEOPLE)]), days("2020-01-30", "2020-02-02"))
    assert run.values[:, 0, 0].tolist() == [30, 30, 4, 4]

import numpy as np
import pytest

from analytics.errors import ScoringError
from analytics.scoring import Gap, area_counts_for
from analytics.scoring.area_counts import day_numbers
from analytics.store.counts import Counts
from tests.scoring.small_world import assessed, days, given, incident, indicator, records, scheme, three_areas


def values(world, *indicators, first="2020-02-15", last=None):
    found = assessed(world, scheme(indicators), days(first, last))
    return found.values[..., 0], found.gaps[..., 0]


FEVERS = [
    incident(1, "A", "2020-02-08"),
    incident(2, "A", "2020-02-09"),
    incident(3, "A", "2020-02-15 23:59"),
    incident(4, "A", "2020-02-16"),
    incident(5, "B", "2020-02-10", "noise"),
    incident(6, "C", "2020-02-12"),
]


def test_a_count_takes_the_days_of_its_window_and_no_others():
    found, _ = values(records(areas=three_areas(), incidents=FEVERS), indicator())
    assert found.tolist() == [[2, 0, 1]]


def test_a_history_gives_each_day_what_that_day_alone_gives():
    world = records(areas=three_areas(), incidents=FEVERS)
    whole, _ = values(world, indicator(), first="2020-02-08", last="2020-02-20")
    alone = [values(world, indicator(), first=str(day.date()))[0][0] for day in days("2020-02-08", "2020-02-20")]
    np.testing.assert_array_equal(whole, alone)


def test_a_rate_is_per_base_times_scale():
    found, _ = values(
        records(areas=three_areas(), incidents=FEVERS),
        indicator(measure="rate", per={"base": "population", "scale": 10000}),
    )
    assert found.tolist() == [[20.0, 0.0, 20.0]]


@pytest.mark.parametrize(
    ("population", "gap"), [("", Gap.BASE_MISSING), (0, Gap.BASE_TOO_SMALL), (29, Gap.BASE_TOO_SMALL)]
)
def test_a_rate_on_no_base_or_too_small_a_base_is_missing(population, gap):
    world = records(areas=three_areas(population=[population, 2000, 30]), incidents=FEVERS)
    found, gaps = values(world, indicator(measure="rate", per={"base": "population", "scale": 1}))
    assert np.isnan(found[0, 0])
    assert gaps[0].tolist() == [gap, Gap.NONE, Gap.NONE]


def test_a_share_is_part_of_all_and_missing_where_there_is_nothing():
    world = records(areas=three_areas(), incidents=[*FEVERS, incident(7, "A", "2020-02-14", "noise")])
    found, gaps = values(world, indicator(measure="share"))
    assert found[0, 0] == pytest.approx(2 / 3)
    assert found[0, 1] == 0
    quiet, gaps = values(world, indicator(measure="share"), first="2020-02-18")
    assert gaps[0, 1] == Gap.NOTHING_TO_SHARE
    assert np.isnan(quiet[0, 1])


def test_open_counts_what_was_opened_and_not_closed_at_the_end_of_each_day():
    rows = [
        incident(1, "A", "2020-02-01", closed_at="2020-02-10"),
        incident(2, "A", "2020-02-09", closed_at=""),
        incident(3, "B", "2020-01-01", closed_at="2020-02-09"),
        incident(4, "C", "2020-02-09", closed_at="", status="closed"),
    ]
    found, _ = values(
        records(areas=three_areas(), incidents=rows), indicator(measure="open", window_days=None),
        first="2020-02-08", last="2020-02-10",
    )  # fmt: skip
    assert found.tolist() == [[1, 1, 0], [2, 0, 0], [1, 0, 0]]


def test_days_since_counts_from_zero_to_its_cap():
    settings = {"measure": "days_since", "window_days": None, "days_since": {"cap": 5}}
    found, _ = values(records(areas=three_areas(), incidents=FEVERS), indicator(**settings))
    assert found.tolist() == [[0, 5, 3]]


RESIDENTS = [
    {"area_id": "A", "count": 30, "lives_alone": 1, "as_of": "2020-01-01"},
    {"area_id": "A", "count": 70, "lives_alone": 0, "as_of": "2020-01-01"},
    {"area_id": "A", "count": 40, "lives_alone": 1, "as_of": "2020-02-01"},
    {"area_id": "B", "count": 70, "lives_alone": 0, "as_of": "2020-01-01"},
]


def test_a_stock_rate_takes_the_newest_snapshot_of_each_area():
    stock = indicator(
        measure="stock_rate", window_days=None, where={"lives_alone": True}, per={"base": "population", "scale": 100},
        **{"from": "residents"},
    )  # fmt: skip
    world = records(areas=three_areas(), residents=RESIDENTS)
    found, gaps = values(world, stock, first="2020-01-31", last="2020-02-01")
    assert found[:, :2].tolist() == [[3.0, 0.0], [4.0, 0.0]]
    assert (gaps[:, 2] == Gap.AREA_NOT_IN_TABLE).all()
    before, gaps = values(world, stock, first="2019-12-31")
    assert np.isnan(before).all()


def test_a_group_adds_up_the_newest_snapshots_that_its_areas_each_have():
    areas = [
        {"area_id": "K", "name": "K", "level": "community", "parent_id": "", "population": 1000},
        {"area_id": "K1", "name": "K1", "level": "grid", "parent_id": "K", "population": 400},
        {"area_id": "K2", "name": "K2", "level": "grid", "parent_id": "K", "population": 600},
    ]
    rows = [
        {"area_id": "K1", "count": 40, "age_band": "80+", "as_of": "2020-01-01"},
        {"area_id": "K2", "count": 10, "age_band": "80+", "as_of": "2020-01-01"},
        {"area_id": "K2", "count": 5, "age_band": "19-35", "as_of": "2020-02-01"},
        {"area_id": "K2", "count": 20, "age_band": "80+", "as_of": "2020-02-01"},
    ]
    elders = indicator(measure="stock", window_days=None, where={"age_band": ["80+"]}, **{"from": "residents"})
    world = records(areas=areas, residents=rows)
    on = days("2019-12-31").append(days("2020-01-31", "2020-02-01"))
    group = assessed(world, scheme([elders], level="community"), on).values[:, 0, 0]
    grids = assessed(world, scheme([elders], level="grid"), on).values[..., 0]
    np.testing.assert_array_equal(group, [np.nan, 50, 60])
    np.testing.assert_array_equal(grids, [[np.nan, np.nan], [40, 10], [40, 20]])


def test_given_takes_the_column_and_an_empty_cell_is_missing():
    found, gaps = values(records(areas=three_areas(x=[1.5, "", 3])), given("x"))
    assert found[0].tolist()[::2] == [1.5, 3.0]
    assert gaps[0].tolist() == [Gap.NONE, Gap.EMPTY_CELL, Gap.NONE]


def test_given_of_a_column_that_is_not_there_names_the_columns_that_are():
    with pytest.raises(ScoringError, match="x"):
        assessed(records(areas=three_areas(y=[1, 2, 3])), scheme([given("x")]), days("2020-02-15"))


def test_a_table_that_is_not_loaded_is_missing_not_zero():
    found, gaps = values(records(areas=three_areas()), indicator())
    assert np.isnan(found).all()
    assert (gaps == Gap.TABLE_NOT_LOADED).all()


def test_a_feed_that_stopped_is_missing_not_zero():
    until = [{"table": "incidents", "from": "2020-02-01", "to": "2020-02-22"}]
    world = records(areas=three_areas(), incidents=FEVERS, reports=until)
    found, gaps = values(world, indicator(), first="2020-02-22", last="2020-02-23")
    assert found[0].tolist() == [1, 0, 0]
    assert np.isnan(found[1]).all()
    assert (gaps[1] == Gap.FEED_SILENT).all()


def test_a_kind_that_never_occurs_is_missing_unless_the_scheme_says_that_silence_is_zero():
    world = records(areas=three_areas(), incidents=FEVERS)
    where = {"category": ["confirmed_case"]}
    missing, gaps = values(world, indicator(where=where))
    assert np.isnan(missing).all()
    assert (gaps == Gap.NEVER_SEEN).all()
    zero, _ = values(world, indicator(where=where, never_seen="zero"))
    assert zero.tolist() == [[0, 0, 0]]


def test_a_community_is_counted_from_the_records_of_its_grids():
    areas = [
        {"area_id": "K", "name": "K", "level": "community", "parent_id": "", "population": ""},
        {"area_id": "K1", "name": "K1", "level": "grid", "parent_id": "K", "population": 100},
        {"area_id": "K2", "name": "K2", "level": "grid", "parent_id": "K", "population": 300},
    ]
    rows = [incident(1, "K1", "2020-02-15"), incident(2, "K2", "2020-02-15"), incident(3, "K", "2020-02-15")]
    rate = indicator(measure="rate", per={"base": "population", "scale": 100})
    found = assessed(records(areas=areas, incidents=rows), scheme([rate], level="community"), days("2020-02-15"))
    assert found.areas.index.tolist() == ["K"]
    assert found.values[0, 0, 0] == pytest.approx(0.75)


def a_rate_of(where, **settings):
    return indicator(
        measure="stock_rate", window_days=None, where=where, per={"base": "population", "scale": 100},
        **{"from": "residents"}, **settings,
    )  # fmt: skip


def test_a_column_of_residents_that_nobody_filled_in_is_missing_not_zero():
    rows = [{"area_id": area, "count": 100, "tenure": "", "age_band": "60-69"} for area in "ABC"]
    world = records(areas=three_areas(), residents=rows)
    for where in ({"tenure": ["rent"]}, {"age_band": ["70-79", "80+"]}):
        found, gaps = values(world, a_rate_of(where))
        assert np.isnan(found).all(), where
    assert (gaps == Gap.NEVER_SEEN).all()
    zero, _ = values(world, a_rate_of({"age_band": ["80+"]}, never_seen="zero"))
    assert zero.tolist() == [[0, 0, 0]]


def test_an_area_that_left_the_column_empty_is_missing_beside_one_that_filled_it_in():
    rows = [{"area_id": "A", "count": 50, "tenure": "rent"}, {"area_id": "B", "count": 50, "tenure": ""}]
    found, gaps = values(records(areas=three_areas(), residents=rows), a_rate_of({"tenure": ["rent"]}))
    assert found[0, 0] == 5
    assert gaps[0].tolist() == [Gap.NONE, Gap.AREA_NOT_IN_TABLE, Gap.AREA_NOT_IN_TABLE]


def test_a_value_exactly_on_a_step_gets_the_points_of_that_step():
    rows = [{"area_id": "A", "count": 29, "tenure": "rent"}, {"area_id": "B", "count": 29, "tenure": "rent"}]
    rule = {"method": "bands", "bands": [[0, 0], [29, 80]]}
    world = records(areas=three_areas(population=[100, 100, 100]), residents=rows)
    found = assessed(world, scheme([a_rate_of({"tenure": ["rent"]}, points=rule)]), days("2020-02-15"))
    assert found.points[0, 0, 0] == 80


def test_records_that_name_an_area_above_the_scored_level_are_counted_as_unplaced():
    areas = [
        {"area_id": "K", "name": "K", "level": "community", "parent_id": ""},
        {"area_id": "K1", "name": "K1", "level": "grid", "parent_id": "K"},
    ]
    rows = [incident(1, "K1", "2020-02-15"), incident(2, "K", "2020-02-15")]
    found = assessed(records(areas=areas, incidents=rows), scheme([indicator()]), days("2020-02-15"))
    assert found.unplaced == {"incidents": 1}


@pytest.mark.parametrize("scored", ["street", "community", "grid"])
@pytest.mark.parametrize(
    "odd", [{"level": ""}, {"level": "", "parent_id": "S"}, {"level": "grid"}, {"level": "community"}]
)
def test_areas_of_no_known_level_or_place_are_told_by_code_and_their_records_are_in_no_upper_area(scored, odd):
    chain = [("D", "", ""), ("S", "street", "D"), ("K", "community", "S"), ("G", "grid", "K")]
    areas = [{"area_id": code, "name": code, "level": level, "parent_id": parent} for code, level, parent in chain]
    areas.append({"area_id": "X", "name": "X", "parent_id": "", **odd})
    rows = [incident(n, code, "2020-02-15") for n, code in enumerate(["D", "S", "K", "G", "X", "X"])]
    found = assessed(records(areas=areas, incidents=rows), scheme([indicator()], level=scored), days("2020-02-15"))
    levels = ["street", "community", "grid"]
    is_scored = odd["level"] == scored or (bool(odd.get("parent_id")) and scored == "street")
    is_wider = odd["level"] in levels[: levels.index(scored)]
    assert found.unscored == ({} if is_scored or is_wider else {"X": 2})
    # D and whatever else lies above the scored level.
    above = 1 + levels.index(scored) + (2 if is_wider else 0)
    assert found.unplaced == {"incidents": above}


def test_overdue_counts_from_the_day_after_the_due_day_until_the_day_of_closing():
    rows = [
        incident(1, "A", "2020-02-01", due_at="2020-02-08", closed_at="2020-02-11"),
        incident(2, "A", "2020-02-01", due_at="2020-02-09", closed_at="2020-02-09"),
        incident(3, "B", "2020-02-01", due_at="2020-01-31", closed_at=""),
        incident(4, "C", "2020-02-01", due_at="", closed_at=""),
    ]
    found, _ = values(
        records(areas=three_areas(), incidents=rows), indicator(measure="overdue", window_days=None),
        first="2020-02-08", last="2020-02-11",
    )  # fmt: skip
    assert found.tolist() == [[0, 1, 0], [1, 1, 0], [1, 1, 0], [0, 1, 0]]


CHECKS = [
    {"check_id": number, "place_id": place, "kind": "visit", "checked_at": day, "outcome": outcome}
    for number, (place, day, outcome) in enumerate([
        ("P1", "2020-02-01", "done"), ("P1", "2020-02-04", "done"), ("P2", "2020-02-03", "refused"),
        ("P3", "2020-02-03", "done"), ("P3", "2020-02-10", "done")])
]  # fmt: skip
PLACES = [
    {"place_id": place, "area_id": area, "kind": "building"} for place, area in (("P1", "A"), ("P2", "A"), ("P3", "B"))
]


def test_coverage_counts_a_place_once_while_its_last_visit_is_within_the_window():
    world = records(areas=three_areas(), places=PLACES, checks=CHECKS)
    covered = indicator(measure="coverage", where={"outcome": ["done"]}, **{"from": "checks"})
    found, gaps = values(world, covered, first="2020-02-02", last="2020-02-11")
    assert found[:, 0].tolist() == [0.5] * 9 + [0.0]
    assert found[:, 1].tolist() == [0.0] + [1.0] * 9
    assert (gaps[:, 2] == Gap.AREA_NOT_IN_TABLE).all()


def test_per_check_is_findings_for_each_hundred_checks():
    world = records(areas=three_areas(), places=PLACES, checks=CHECKS, incidents=[incident(1, "A", "2020-02-04")])
    found, gaps = values(world, indicator(measure="per_check"), first="2020-02-05")
    assert found[0, 0] == pytest.approx(100 / 3)
    assert gaps[0].tolist() == [Gap.NONE, Gap.NONE, Gap.NOTHING_TO_SHARE]


def test_a_share_of_some_events_is_of_those_alone():
    rows = [
        incident(1, "A", "2020-02-14", channel="patrol"),
        incident(2, "A", "2020-02-14", "noise", channel="patrol"),
        incident(3, "A", "2020-02-14", "noise", channel="12345"),
    ]
    world = records(areas=three_areas(), incidents=rows)
    found, _ = values(world, indicator(measure="share", of={"channel": ["patrol"]}))
    assert found[0, 0] == 0.5


def test_the_codes_of_gaps_are_those_that_releases_were_written_with():
    assert {gap.name: gap.value for gap in Gap} == {
        "NONE": 0, "TABLE_NOT_LOADED": 1, "FEED_SILENT": 2, "NEVER_SEEN": 3, "AREA_NOT_IN_TABLE": 4, "BASE_MISSING": 5,
        "BASE_TOO_SMALL": 6, "EMPTY_CELL": 7, "NOTHING_TO_SHARE": 8, "NO_DUE_DATES": 9,
        "UNKNOWN_WORD": 10, "GROUP_STRADDLES": 11, "ALL_EQUAL": 12, "OUT_OF_DATE": 13, "NOT_RECORDED_YET": 14,
        "LEFT_OUT": 15, "NO_VALUE_YET": 16, "OTHERS_INTERRUPTED": 17, "COUNT_UNKNOWN": 18,
    }  # fmt: skip


def test_a_snapshot_takes_the_place_of_the_one_before_where_people_are_counted_exactly():
    rows = [
        {"area_id": area, "count": count, "as_of": day}
        for area, count, day in (
            ("A", 5, "2020-02-01"), ("A", 2, "2020-02-01"), ("A", 3, "2020-02-10"), ("B", 40, "2020-02-10"),
            ("B", 50, "2020-02-12"),
        )
    ]  # fmt: skip
    facts = area_counts_for(Counts.of_records(records(areas=three_areas(), residents=rows)), scheme([indicator()]))
    dates = day_numbers(days("2020-02-01", "2020-02-12"))[[0, 8, 9, 11]]
    np.testing.assert_array_equal(
        facts.stock_exactly("residents", [{}], [{}], dates),
        [[7, np.nan, np.nan], [7, np.nan, np.nan], [3, 40, np.nan], [3, 50, np.nan]],
    )


def test_coverage_of_a_few_households_is_told():
    """Three households in A are fewer than ten; twelve in B are as many as may be told."""
    places = [
        {"place_id": f"{area}{number}", "area_id": area, "kind": "household", "capacity": 1}
        for area, households in (("A", 3), ("B", 12))
        for number in range(households)
    ]
    checks = [
        {
            "check_id": area,
            "area_id": area,
            "place_id": f"{area}1",
            "kind": "visit",
            "checked_at": "2020-02-10",
            "outcome": "done",
        }
        for area in "AB"
    ]
    world = records(areas=three_areas(), places=places, checks=checks)
    item = indicator(**{"from": "checks"}, where={}, measure="coverage", window_days=14)
    found, gaps = values(world, item, first="2020-02-12")
    assert gaps[0].tolist() == [Gap.NONE, Gap.NONE, Gap.AREA_NOT_IN_TABLE]
    assert found[0, :2] == pytest.approx([1 / 3, 1 / 12])


def visits(*areas, kind="elder_visit"):
    return [
        {
            "check_id": f"{kind}{at}",
            "area_id": area,
            "kind": kind,
            "checked_at": f"2020-02-{1 + at % 9:02}",
            "outcome": "done",
        }
        for at, area in enumerate(areas)
    ]


def test_the_visit_rate_is_by_visits_at_home_alone_and_never_over_the_whole():
    """Of 20 in A 5 visits reached 5 at most, 30 calls or not; 50 visits to 40 in B are all of them; C has none."""
    alone = {"age_band": "80+", "lives_alone": "是", "as_of": "2020-02-01"}
    people = [{"area_id": area, "count": count, **alone} for area, count in (("A", 20), ("B", 40))]
    people.append({"area_id": "C", "count": 50, "age_band": "18-59", "lives_alone": "否", "as_of": "2020-02-01"})
    made = [*visits(*"A" * 5, *"B" * 50, "C"), *visits(*"A" * 30, kind="call")]
    item = indicator(
        **{"from": "checks"}, where={"kind": "elder_visit", "outcome": "done"}, window_days=30, measure="visit_rate",
        of={"lives_alone": True, "age_band": ["80+"]}, harder_when="low",
    )  # fmt: skip
    found, gaps = values(records(areas=three_areas(), residents=people, checks=made), item, first="2020-02-12")
    assert gaps[0].tolist() == [Gap.NONE, Gap.NONE, Gap.NOTHING_TO_SHARE]
    assert found[0, :2].tolist() == [0.25, 1.0]
    nobody, gaps = values(records(areas=three_areas(), checks=made), item, first="2020-02-12")
    assert gaps[0].tolist() == [Gap.TABLE_NOT_LOADED] * 3
    assert np.isnan(nobody[0]).all()


def test_the_visit_rate_of_a_few_people_is_of_as_many_as_they_are():
    item = indicator(
        **{"from": "checks"}, where={"kind": "elder_visit"}, window_days=30, measure="visit_rate",
        of={"lives_alone": True},
    )  # fmt: skip
    told = []
    for few in (3, 4):
        row = {"area_id": "A", "count": few, "age_band": "80+", "lives_alone": "是", "as_of": "2020-02-01"}
        world = records(areas=three_areas(), residents=[row], checks=visits("A"))
        told.append(assessed(world, scheme([item]), days("2020-02-12")).values[0, 0, 0])
    assert told == pytest.approx([1 / 3, 1 / 4])

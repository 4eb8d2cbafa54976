"""Findings beside the checks that found them, and areas that are green because nobody looked."""

import numpy as np
import pandas as pd
import pytest

from analytics.evidence.detection_bias import LookedForError, detection_bias, kinds_of_checks, under_visited
from analytics.scheme import scheme_named
from analytics.scoring import area_counts_for, assess
from analytics.store.counts import Counts
from tests.scoring.small_world import days, incident, indicator, records, scheme

ON = "2020-02-28"
AREAS = [{"area_id": f"N{n}", "name": f"N{n}", "population": 1000} for n in range(10)]


def check(number, area, day, kind="visit", outcome="done"):
    return {"check_id": number, "area_id": area, "kind": kind, "checked_at": day, "outcome": outcome}


def checks_of(numbers, day="2020-02-20", **columns):
    """So many checks by area."""
    every = [area for area, count in numbers.items() for _ in range(count)]
    return [check(number, area, day, **columns) for number, area in enumerate(every)]


def _seen(incidents, checks, *more, on=ON, areas=AREAS):
    chosen = scheme([indicator(window_days=60, points={"method": "linear", "linear": {"low": 0, "high": 10}}), *more])
    tables = {"areas": areas, "incidents": incidents, "checks": checks}
    world = records(**{table: rows for table, rows in tables.items() if rows})
    facts = area_counts_for(Counts.of_records(world), chosen)
    return facts, assess(facts, chosen, days(on))


USUAL = {f"N{n}": 10 for n in range(10)} | {"N0": 0, "N1": 2}
FOUND = [incident(1, "N1", "2020-02-01"), *(incident(10 + n, "N9", "2020-02-02") for n in range(9))]
LONG_AGO = [check(900, "N0", "2020-01-02")]


def test_findings_per_hundred_checks_stand_beside_raw_findings_with_a_rank_for_each():
    table = detection_bias(*_seen(FOUND, [*checks_of(USUAL), *LONG_AGO]))
    assert table.loc["N1", ["findings", "checks", "lately", "per_100"]].tolist() == [1, 2, 2, 50.0]
    assert table.loc["N9", ["findings", "checks", "per_100"]].tolist() == [9, 10, 90.0]
    assert table.loc["N0", ["findings", "checks", "lately", "per_100"]].tolist() == [0, 1, 0, 0.0]
    assert table.loc[["N9", "N1", "N2"], "rank_findings"].tolist() == [1, 2, 3]
    assert table.loc[["N9", "N1", "N2"], "rank_per_100"].tolist() == [1, 2, 3]


def test_green_without_a_check_lately_and_green_with_few_checks_and_many_findings_are_marked():
    table = detection_bias(*_seen(FOUND, [*checks_of(USUAL), *LONG_AGO]))
    assert table["tier"].to_dict() == {f"N{n}": "green" for n in range(9)} | {"N9": "red"}
    assert table["mark"].to_dict() == {f"N{n}": "" for n in range(10)} | {"N0": "unchecked", "N1": "seldom"}


def test_an_area_that_is_not_green_is_never_marked():
    unlooked = USUAL | {"N9": 0}
    facts, run = _seen(FOUND, [*checks_of(unlooked), check(901, "N9", "2020-01-05"), *LONG_AGO])
    table = detection_bias(facts, run)
    assert table.loc["N9", "lately"] == 0
    assert table.loc["N9", "mark"] == ""
    assert not under_visited(facts, run, "N9")
    assert under_visited(facts, run, "N0")
    assert not under_visited(facts, run, "N1")


def test_an_area_that_was_never_checked_has_no_rate_and_no_rank():
    table = detection_bias(*_seen(FOUND, [*checks_of(USUAL), check(900, "N2", "2020-01-02")]))
    assert table.loc["N0", "checks"] == 0
    assert np.isnan(table.loc["N0", "per_100"])
    assert table.loc["N0", "rank_per_100"] is pd.NA
    assert table.loc["N0", "mark"] == "unchecked"


@pytest.mark.parametrize(("day", "marked"), [("2020-02-01", False), ("2020-01-31", True)])
def test_twenty_eight_days_are_counted_with_the_day_itself(day, marked):
    rows = [*checks_of(USUAL), check(900, "N0", day), check(901, "N3", "2020-01-10")]
    facts, run = _seen(FOUND, rows)
    assert under_visited(facts, run, "N0") is marked
    assert (detection_bias(facts, run)["mark"]["N0"] == "unchecked") is marked


def test_only_the_kinds_of_check_that_the_scheme_counts_are_looks():
    of_visits = indicator(
        "met", where={"outcome": ["refused"]}, of={"kind": "visit"}, measure="share", **{"from": "checks"}
    )
    rows = [*checks_of(USUAL), check(900, "N0", "2020-02-27", kind="patrol"), check(901, "N0", "2020-01-02")]
    facts, run = _seen(FOUND, rows, of_visits)
    assert detection_bias(facts, run).loc["N0", "lately"] == 0
    every_kind, run = _seen(FOUND, rows)
    assert detection_bias(every_kind, run).loc["N0", "lately"] == 1


def test_the_shipped_schemes_name_their_kinds_of_check():
    named = {name: kinds_of_checks(scheme_named(name)) for name in ("epidemic", "rentals", "venues", "elders")}
    visits = ("visit", "sweep")
    patrols = ("patrol", "record_check")
    assert named == {"epidemic": visits, "rentals": visits, "venues": patrols, "elders": ("elder_visit",)}


@pytest.mark.parametrize(
    ("checks", "on", "key"),
    [
        ([], ON, "evidence.no_checks"),
        # The last check of all is of January: nobody looked, or nothing came in.
        (checks_of(USUAL, "2020-01-10"), ON, "evidence.checks_silent"),
        # The records begin on 20 February.
        (checks_of(USUAL), ON, "evidence.checks_silent"),
    ],
)
def test_where_it_cannot_be_told_it_says_so_and_marks_nothing(checks, on, key):
    facts, run = _seen(FOUND, checks, on=on)
    with pytest.raises(LookedForError) as error:
        detection_bias(facts, run)
    assert [problem.key for problem in error.value.problems] == [key]
    assert not any(under_visited(facts, run, area) for area in run.areas.index)


def test_areas_below_the_scored_level_count_for_the_one_above():
    areas = [
        {"area_id": "C1", "name": "C1", "level": "community", "parent_id": ""},
        {"area_id": "C2", "name": "C2", "level": "community", "parent_id": ""},
        {"area_id": "G1", "name": "G1", "level": "grid", "parent_id": "C1"},
        {"area_id": "G2", "name": "G2", "level": "grid", "parent_id": "C1"},
    ]
    rows = [check(1, "G1", "2020-02-20"), check(2, "G2", "2020-02-20"), check(3, "C2", "2020-01-02")]
    world = records(areas=areas, incidents=[incident(1, "G2", "2020-02-10")], checks=rows)
    chosen = scheme([indicator(window_days=60)], level="community")
    facts = area_counts_for(Counts.of_records(world), chosen)
    table = detection_bias(facts, assess(facts, chosen, days(ON)))
    assert table.index.tolist() == ["C1", "C2"]
    assert table.loc["C1", ["findings", "checks", "per_100"]].tolist() == [1, 2, 50.0]
    assert table["mark"].tolist() == ["", "unchecked"]


def test_where_all_are_checked_alike_nobody_is_checked_seldom():
    alike = {f"N{n}": 9 for n in range(10)}
    found = [incident(10 + n, "N2", "2020-02-02") for n in range(2)]
    table = detection_bias(*_seen(found, [*checks_of(alike), check(900, "N0", "2019-12-01")]))
    assert (table["checks"] == 9).all()
    assert set(table["mark"]) == {""}

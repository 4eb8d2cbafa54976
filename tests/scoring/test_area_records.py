"""What stands behind an area: open incidents by kind, the counts behind an indicator, and values of the areas above it,
each reckoned again from the rows."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.drawing import area_page as drawing
from analytics.loaders import load_records, sample_datasets
from analytics.scheme import scheme_named
from analytics.scheme.measures import Gap
from analytics.scoring import area_counts_for, assess, ranking
from analytics.scoring.area_counts import day_numbers
from analytics.scoring.behind import behind
from analytics.scoring.groups import group_values, groups_of, is_total, wider_levels
from analytics.scoring.open_incidents import NEW_DAYS, open_kinds
from analytics.store import Counts
from analytics.wording.area_page import open_apart, open_rows
from analytics.wording.numbers import NOTHING
from analytics.words import LANGUAGES
from tests.office import SAMPLES
from tests.scoring.small_world import given as given_column
from tests.scoring.small_world import incident, indicator, records, scheme

DAY = date(2026, 9, 12)
ILL = ("confirmed_case", "suspected_case", "close_contact", "fever")
SCHEMES = ("epidemic", "rentals", "venues", "elders")


@pytest.fixture(scope="module")
def street():
    (info,) = (found for found in sample_datasets(SAMPLES) if found.id == "demo_street")
    return load_records({table: info.folder / file for table, file in info.files.items()}, date(2026, 10, 31))[0]


@pytest.fixture(scope="module")
def counts(street):
    return Counts.of_records(street)


def test_open_incidents_are_those_of_the_rows(street, counts):
    facts, rows = area_counts_for(counts, scheme_named("epidemic")), street.incidents
    end = pd.Timestamp(DAY) + pd.Timedelta(days=1)
    still = rows[
        (rows["occurred_at"] < end)
        & (rows["closed_at"].isna() | (rows["closed_at"] >= end))
        & ~(rows["closed_at"].isna() & rows["status"].eq("closed"))
    ]
    for area_id in ("DS-06-04", "DS-03-01", "DS-01-05"):
        mine, own = still[still["area_id"] == area_id], rows[rows["area_id"] == area_id]
        since = (pd.Timestamp(DAY) - own["occurred_at"].dt.normalize()).dt.days
        for one in open_kinds(facts, area_id, DAY):
            kind = mine[mine["category"] == one.kind]
            apart = kind["category"].isin(ILL) | kind["channel"].eq("clinic")
            assert (one.apart, one.closes) == (apart.sum(), one.kind not in ILL)
            kind = kind[~apart]
            due = kind["due_at"].dt.normalize()
            late = kind[due < pd.Timestamp(DAY)]
            assert (one.open, one.overdue) == (len(kind), len(late)), one
            came = since[own["category"] == one.kind]
            assert one.new == came.between(0, NEW_DAYS - 1).sum()
            assert one.before == came.between(NEW_DAYS, 2 * NEW_DAYS - 1).sum()
            ahead = due[due >= pd.Timestamp(DAY)]
            assert one.due == (ahead.min().date() if len(ahead) else None)
            assert one.late_days == ((pd.Timestamp(DAY) - due.min()).days if len(late) else 0)
        assert {one.kind for one in open_kinds(facts, area_id, DAY)} >= set(mine["category"])


@pytest.mark.parametrize("day", [date(2026, 1, 1), DAY, date(2026, 10, 31)])
def test_open_and_overdue_of_all_areas_are_what_the_measures_count(counts, day):
    facts = area_counts_for(counts, scheme_named("epidemic"))
    days = day_numbers(pd.DatetimeIndex([day]))
    kinds = {area_id: open_kinds(facts, area_id, day) for area_id in facts.areas.index}
    opened = [sum(one.open + one.apart for one in kinds[area_id]) for area_id in facts.areas.index]
    late = [sum(one.overdue for one in kinds[area_id] if one.closes) for area_id in facts.areas.index]
    assert opened == facts.balance({}, days)[0].tolist()
    rest = sorted({one.kind for every in kinds.values() for one in every if one.closes})
    of_clinics = facts.overdue({"category": rest, "channel": ["clinic"]}, days)[0]
    assert late == (facts.overdue({"category": rest}, days)[0] - of_clinics).tolist()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_cases_and_contacts_are_not_open_or_overdue_and_how_many_are_left_out_is_said(lang):
    areas = [{"area_id": "A", "name": "A", "level": "grid", "population": 1000}]
    kinds = [("fever", "hotline")] * 2 + [("confirmed_case", "grid"), ("close_contact", "grid"), ("noise", "clinic")]
    made = [
        incident(at, "A", "2020-02-01", kind, channel=channel, due_at="2020-02-03")
        for at, (kind, channel) in enumerate(kinds + [("noise", "hotline")] * 3)
    ]
    facts = area_counts_for(Counts.of_records(records(areas=areas, incidents=made)), scheme([given_column("x")]))
    kinds = open_kinds(facts, "A", date(2020, 2, 12))
    assert {one.kind: (one.open, one.overdue, one.apart, one.late_days) for one in kinds} == {
        "noise": (3, 3, 1, 9), "fever": (0, 0, 2, 0), "confirmed_case": (0, 0, 1, 0), "close_contact": (0, 0, 1, 0),
    }  # fmt: skip
    assert "5" in open_apart(lang, kinds)
    rows = {row["kind"]: (row["open"], row["overdue"], row["due"]) for row in open_rows(lang, kinds)}
    assert list(rows.values()).count((NOTHING, NOTHING, "")) == 3
    assert open_apart(lang, [one for one in kinds if not one.apart]) == ""
    assert open_apart(lang, kinds) in drawing.incidents(lang, kinds, now=False)


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("level", ["community", "street"])
def test_values_of_groups_come_from_all_their_records(counts, name, level):
    """Of counts the mean of the areas is their sum by their number; of all others the group is measured as one area."""
    chosen = scheme_named(name)
    run = assess(area_counts_for(counts, chosen), chosen, pd.DatetimeIndex([DAY]))
    wider = area_counts_for(counts, chosen.model_copy(update={"level": level}))
    found = group_values(wider, run, DAY)
    as_one = assess(wider, chosen.model_copy(update={"level": level}), pd.DatetimeIndex([DAY]))
    for number, item in enumerate(chosen.indicators):
        for at in range(len(found.groups)):
            inside = found.of == at
            known = run.gaps[-1, inside, number] == Gap.NONE
            told = found.values[at, number]
            if not is_total(item):
                assert told == pytest.approx(as_one.values[-1, at, number], nan_ok=True)
            elif known.all() and item.source == "incidents":
                assert told == pytest.approx(run.values[-1, inside, number].mean())


def test_a_rate_of_a_group_is_no_mean_of_rates():
    areas = [
        {"area_id": "T", "name": "T", "level": "community", "population": 3000},
        {"area_id": "A", "name": "A", "level": "grid", "parent_id": "T", "population": 1000},
        {"area_id": "B", "name": "B", "level": "grid", "parent_id": "T", "population": 2000},
    ]
    rows = [incident(n, "A" if n < 8 else "B", "2020-02-28") for n in range(10)]
    chosen = scheme([indicator(), indicator("rate", measure="rate", per={"base": "population", "scale": 1000})])
    held = Counts.of_records(records(areas=areas, incidents=rows))
    run = assess(area_counts_for(held, chosen), chosen, pd.DatetimeIndex(["2020-03-01"]))
    found = group_values(area_counts_for(held, chosen.model_copy(update={"level": "community"})), run, date(2020, 3, 1))
    assert found.total.tolist() == [True, False]
    assert found.values[0].tolist() == [5.0, pytest.approx(10 / 3)]
    assert run.values[-1, :, 1].mean() == pytest.approx(4.5)  # what averaging the parts would say


@pytest.mark.parametrize("name", SCHEMES)
def test_groups_count_every_area_once_and_name_the_worst(counts, name):
    chosen = scheme_named(name)
    run = assess(area_counts_for(counts, chosen), chosen, pd.DatetimeIndex([DAY]))
    assert wider_levels(counts.areas, chosen) == ["community", "street"]
    for level in ("community", "street"):
        wider = area_counts_for(counts, chosen.model_copy(update={"level": level}))
        found = group_values(wider, run, DAY)
        table = found.tier_counts(run)
        assert table.sum().to_dict() == run.counts().iloc[-1].to_dict()
        order = ranking(run)
        for at, (group, first) in enumerate(found.worst(run).items()):
            inside = run.areas.index[groups_of(wider, run.areas.index) == at]
            assert run.areas["parent_id"][inside].isin([group]).all() or level == "street"
            known = order.loc[order.index.isin(inside) & (order["tier"] != "unknown")]
            assert first == known.index[0]


def test_areas_without_levels_have_no_groups():
    held = Counts.of_records(records(areas=[{"area_id": "A", "name": "A", "given": 3}]))
    assert wider_levels(held.areas, scheme([given_column("given")])) == []


def test_counts_behind_an_indicator_are_those_of_the_rows(street, counts):
    chosen = scheme_named("epidemic")
    facts = area_counts_for(counts, chosen)
    rows = street.incidents[street.incidents["area_id"] == "DS-06-04"]
    since = (pd.Timestamp(DAY) - rows["occurred_at"].dt.normalize()).dt.days
    for item in chosen.indicators:
        told = {one.what: one for one in behind(facts, item, "DS-06-04", DAY)}
        if item.source == "incidents" and item.window_days:
            kinds = item.where["category"]
            mine = since[rows["category"].isin([kinds] if isinstance(kinds, str) else list(kinds))]
            window = item.window_days
            assert told["now"].value == mine.between(0, window - 1).sum()
            assert told["earlier"].value == mine.between(window, 2 * window - 1).sum()
        if item.spec.denominator:
            assert told["base"].value == facts.areas["population"]["DS-06-04"]
        if item.spec.is_place_coverage:
            run = assess(facts, chosen, pd.DatetimeIndex([DAY]))
            at = run.areas.index.get_loc("DS-06-04"), chosen.indicators.index(item)
            assert told["reached"].value / told["places"].value == pytest.approx(run.values[-1][at])


def test_an_indicator_that_was_computed_elsewhere_has_nothing_behind_it(counts):
    chosen = scheme_named("elders")
    facts = area_counts_for(counts, chosen)
    item = next(one for one in chosen.indicators if one.spec.id == "given")
    assert behind(facts, item, "DS-06-04", DAY) == []
    assert np.isfinite(facts.own_column(item.given.column)).any()

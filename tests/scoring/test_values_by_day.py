"""Indicators that others compute for a day: a history, an age, a release for their day, and tiers that are held."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from analytics import tiers
from analytics.errors import ScoringError
from analytics.scheme.measures import Gap
from analytics.scoring import area_counts_for, assess, first_full_day, last_known_day
from analytics.scoring.measures import NO_AGE
from analytics.scoring.scope import fits
from analytics.store import Counts
from analytics.wording.indicators import indicator_rows
from tests.releases.small_office import Office, material
from tests.scoring.small_world import assessed, days, given, records, scheme, three_areas

FIRST = date(2020, 1, 1)
VALUES = st.none() | st.integers(0, 100)


def rows(of):
    """Rows of the table, of ``of``: (days after the first, area) -> value."""
    return [
        {"area_id": area, "day": f"{FIRST + timedelta(days=day)}", "flood": value, "heat": 1}
        for (day, area), value in of.items()
    ]


@drawn(
    of=st.dictionaries(st.tuples(st.integers(0, 30), st.sampled_from("ABC")), VALUES, min_size=1, max_size=30).filter(
        lambda found: any(value is not None for value in found.values())
    )
)
def test_the_newest_value_not_after_the_day_counts_and_says_how_old_it_is(of):
    asked = days("2019-12-30", "2020-02-10")
    run = assessed(records(areas=three_areas(), given_values=rows(of)), scheme([given("flood")]), asked)
    for at, day in enumerate(asked):
        number = (day.date() - FIRST).days
        for place, area in enumerate("ABC"):
            known = {
                when: value for (when, one), value in of.items() if one == area and value is not None and when <= number
            }
            newest = max(known, default=None)
            value, gap, age = run.values[at, place, 0], run.gaps[at, place, 0], run.ages[at, place, 0]
            if newest is None:
                assert (np.isnan(value), gap, age) == (True, Gap.NO_VALUE_YET, NO_AGE)
                assert run.shown[at, place] == tiers.UNKNOWN_RANK
            else:
                assert (value, gap, age) == (known[newest], Gap.NONE, number - newest)
    assert "value from" in indicator_rows("en", run, "A", {})[0]["beside"] or run.ages[-1, 0, 0] == NO_AGE


def test_the_areas_own_column_stays_where_no_day_has_a_value():
    world = records(areas=three_areas(heat2=[1, 2, 3], flood=[9, 9, 9]), given_values=rows({(0, "A"): 50}))
    run = assessed(world, scheme([given("heat2"), given("flood")]), days("2020-01-03"))
    assert run.values[0, :, 0].tolist() == [1, 2, 3]
    assert np.array_equal(run.values[0, :, 1], [50, np.nan, np.nan], equal_nan=True)
    assert run.ages[0].tolist() == [[NO_AGE, 2], [NO_AGE, NO_AGE], [NO_AGE, NO_AGE]]


def test_a_scheme_fits_what_has_its_column_by_day_and_says_which_columns_there_are():
    counts = Counts.of_records(records(areas=three_areas(), given_values=rows({(0, "A"): 50})))
    assert fits(counts, scheme([given("flood")]))
    assert not fits(counts, scheme([given("rain")]))
    with pytest.raises(ScoringError, match="flood"):
        assess(area_counts_for(counts, scheme([given("rain")])), scheme([given("rain")]), days("2020-01-01"))


def test_tiers_of_values_by_day_are_held_steady_from_the_first_value_on():
    """Red on the first day, green from the third on: two days of evidence and a stay of five take it down a step."""
    of = {(0, "A"): 90, (2, "A"): 0, (0, "B"): 30, (0, "C"): 0}
    rule = {"confirm_up_days": 1, "confirm_down_days": 2, "minimum_stay_days": 5, "one_step_down": True}
    steady = scheme([given("flood")], stability=rule)
    world = records(areas=three_areas(), given_values=rows(of))
    whole = assessed(world, steady, days("2020-01-01", "2020-01-12"))
    shown = tiers.names(whole.shown[:, 0]).tolist()
    assert shown[:5] == ["red"] * 5
    assert shown[5:] == sorted(shown[5:], key=lambda tier: -tiers.RANK[tier])
    assert "green" not in shown[:8]
    # One day alone, or later ones first, give the same.
    for at, day in enumerate(whole.days):
        alone = assessed(world, steady, pd.DatetimeIndex([day]))
        assert np.array_equal(alone.shown[0], whole.shown[at])


def test_a_release_can_be_made_for_the_day_of_the_newest_value(tmp_path):
    chosen = scheme([given("flood")])
    world = records(areas=three_areas(), given_values=rows({(0, "A"): 90, (9, "A"): 10, (4, "B"): 50}))
    counts = Counts.of_records(world)
    assert (first_full_day(counts, chosen), last_known_day(counts)) == (FIRST, FIRST + timedelta(days=9))
    office = Office(tmp_path)
    first = office.publish(material(world, chosen, FIRST + timedelta(days=4)))
    second = office.publish(material(world, chosen, last_known_day(counts)))
    assert office.causes(first.number, second.number)["A"][:2] == ("red", "green")


def test_nothing_is_known_where_nothing_is_dated():
    assert last_known_day(Counts.of_records(records(areas=three_areas(x=[1, 2, 3])))) is None

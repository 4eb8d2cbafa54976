"""Stability as part of a run: what one date publishes is what its whole history publishes."""

import numpy as np

from analytics import tiers
from tests.scoring.small_world import assessed, days, incident, indicator, records, scheme, three_areas

RULE = {"confirm_up_days": 3, "at_once_when_tiers_up": 2, "confirm_down_days": 3, "minimum_stay_days": 5}
WORLD = records(
    areas=three_areas(),
    incidents=[
        *(incident(number, "A", "2020-02-05") for number in range(3)),
        *(incident(20 + number, "B", "2020-02-05") for number in range(9)),
        *(incident(40 + day, "C", f"2020-01-{day:02d}", "noise") for day in range(1, 32)),
        *(incident(80 + day, "C", f"2020-02-{day:02d}", "noise") for day in range(1, 29)),
    ],
)


def test_a_single_date_publishes_what_the_whole_history_does():
    chosen = scheme([indicator()], stability=RULE)
    whole = assessed(WORLD, chosen, days("2020-01-01", "2020-02-28"))
    for at, day in enumerate(whole.days):
        alone = assessed(WORLD, chosen, days(str(day.date())))
        for name in ("published", "computed", "waiting_for", "days_held", "next_change"):
            np.testing.assert_array_equal(getattr(alone, name)[0], getattr(whole, name)[at], err_msg=f"{name} {day}")


def test_a_small_rise_waits_for_its_evidence_and_a_large_one_does_not():
    found = assessed(WORLD, scheme([indicator()], stability=RULE), days("2020-02-04", "2020-02-08"))
    named = tiers.names(found.published)
    assert named[:, 0].tolist() == ["green", "green", "green", "blue", "blue"]
    assert named[:, 1].tolist() == ["green", "red", "red", "red", "red"]
    assert tiers.names(found.waiting_for)[1, 0] == "blue"
    assert (found.days_held[1, 0], found.days_needed[1, 0], found.next_change[1, 0]) == (1, 3, 2)


def test_without_a_rule_the_computed_tier_is_the_published_one():
    found = assessed(WORLD, scheme([indicator()]), days("2020-02-01", "2020-02-20"))
    np.testing.assert_array_equal(found.published, found.computed)

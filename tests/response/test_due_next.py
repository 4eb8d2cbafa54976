"""What falls due next, and what two people wrote down of one visit."""

from datetime import date

import numpy as np

from analytics.response.due import duty_done
from analytics.scoring import area_counts_for
from analytics.scoring.area_counts import day_number
from analytics.store import Counts
from tests.response.test_due import BEFORE, BUILDINGS, MEASURES, SEEN, done_in, same_tier, visits
from tests.scoring.small_world import days, given, records, scheme, three_areas


def test_what_falls_due_next_goes_by_the_tier_of_the_day_after():
    over = days("2020-02-01", "2020-02-10")
    world = {"places": BUILDINGS, "checks": visits(BEFORE)}
    risen = np.vstack([same_tier("green", len(over)), same_tier("red", 1)])
    chosen = scheme([given("x")], measures=MEASURES, duties=[SEEN])
    facts = area_counts_for(Counts.of_records(records(areas=three_areas(x=[1, 1, 1]), **world)), chosen)
    stays, rises = (duty_done(facts, chosen, chosen.duties[0], final, over) for final in (risen[:-1], risen))
    nearest = [found.cycles.due[found.cycles.due > day_number(over[-1].date())].min() for found in (stays, rises)]
    assert nearest[1] == day_number(date(2020, 2, 11))
    assert nearest[0] > nearest[1]
    # Nothing of the day after counts yet.
    first, last = day_number(over[0].date()), day_number(over[-1].date())
    before, after = (found.by_area(first, last, facts.areas.index) for found in (stays, rises))
    assert before["due"].fillna(-1).tolist() == after["due"].fillna(-1).tolist()


def test_what_two_people_wrote_down_of_one_minute_is_one_check():
    over = days("2020-02-03", "2020-02-04")
    one_place = [{"place_id": "A1", "area_id": "A", "kind": "building"}, BUILDINGS[-1]]

    def told(*made):
        found = done_in({"places": one_place, "checks": visits(BEFORE, *made)}, same_tier("red", len(over)), over)
        return found.loc["A", ["due", "on_time", "late", "overdue"]].tolist()

    seen = ("A1", "2020-02-04 09:00", "done")
    assert told(seen) == [2, 1, 0, 1]
    assert told(seen, seen) == [2, 1, 0, 1]
    # Another visit of the day makes up for the day before.
    assert told(seen, ("A1", "2020-02-04 15:00", "done")) == [2, 1, 1, 0]

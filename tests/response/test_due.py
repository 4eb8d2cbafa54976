"""What is due and what was done: cycles by the calendar, and checks held against them object by object."""

from collections import Counter
from datetime import date, timedelta
from zlib import crc32

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from analytics import tiers
from analytics.office import week_begins
from analytics.response.cycles import LONGEST_WITHOUT_WORK, Asked, cycles_of
from analytics.response.due import asked_by, duty_done, tried, worked_from
from analytics.scheme.duties import Duty
from analytics.scoring import area_counts_for
from analytics.scoring.area_counts import day_number
from analytics.store import Counts
from tests.scoring.small_world import days, given, records, scheme, three_areas

MONDAY = date(2020, 2, 3)
NAMES = {"zh": "m", "en": "m"}
EVERY = {"red": 1, "orange": 2, "yellow": 4, "blue": 7, "green": 14}
MEASURES = {tier: {"cadence_days": every, "minutes_per_check": 20, "text": NAMES} for tier, every in EVERY.items()}
SEEN = {"id": "seen", "where": {"kind": "visit"}, "of": {"kind": "building"}}
ALL_WORKED = np.ones(400, dtype=bool)


def asked(**settings):
    return asked_by(scheme([given("x")], measures=MEASURES | settings.pop("measures", {})), Duty(**SEEN | settings))


def ranks(*spells):
    """(tier, days) one after the other, of one area."""
    return np.array([[tiers.RANK[tier]] for tier, length in spells for _ in range(length)], dtype="int8")


def due_days(final, wanted=None, worked=ALL_WORKED, first=MONDAY):
    """On which of the days, from 0 on, something falls due in the one area."""
    found = cycles_of(final, day_number(first), wanted or asked(), worked, ["A"])
    return [due for due in (found.due - day_number(first)).tolist() if due < len(final)]


def done_in(tables, final, over, duty=SEEN, week=None, measures=MEASURES):
    """What was due and done in a world of three areas, whose tiers are ``final``, in the last ``week`` days."""
    world = records(areas=three_areas(x=[1, 1, 1]), **tables)
    chosen = scheme([given("x")], measures=measures, duties=[duty])
    facts = area_counts_for(Counts.of_records(world), chosen)
    found = duty_done(facts, chosen, chosen.duties[0], np.asarray(final), over)
    last = day_number(over[-1].date())
    return found.by_area(last - (week or len(over)) + 1, last, facts.areas.index)


def same_tier(tier, count):
    return np.full((count, 3), tiers.RANK[tier], dtype="int8")


BEFORE = ("B2", "2020-01-20", "nobody_home")
"""From this day on visits are on record."""


def visits(*rows, kind="visit"):
    return [
        {"check_id": at, "place_id": place, "kind": kind, "checked_at": day, "outcome": outcome}
        for at, (place, day, outcome) in enumerate(rows)
    ]


BUILDINGS = [{"place_id": f"{area}{at}", "area_id": area, "kind": "building"} for area in "AB" for at in (1, 2)]


def test_a_day_a_week_and_two_weeks_by_the_calendar():
    assert due_days(ranks(("red", 4))) == [0, 1, 2, 3]
    assert due_days(ranks(("blue", 15))) == [6, 13]
    two_weeks = due_days(ranks(("green", 28)))
    assert [day % 14 for day in two_weeks] in ([6, 6], [13, 13])


def test_areas_share_out_the_weeks_of_a_longer_cycle_and_keep_theirs_when_others_come():
    many = [f"G{at}" for at in range(60)]
    final = np.zeros((28, 60), dtype="int8")
    found = cycles_of(final, day_number(MONDAY), asked(), ALL_WORKED, many)
    by_day = Counter((found.due - day_number(MONDAY)).tolist())
    assert {6, 13, 20, 27} <= set(by_day)
    assert min(by_day[day] for day in (6, 13, 20, 27)) > 15
    fewer = cycles_of(final[:, 1:], day_number(MONDAY), asked(), ALL_WORKED, many[1:])
    assert fewer.due[fewer.area == 0].tolist() == found.due[found.area == 1].tolist()


def test_a_tier_that_worsens_in_mid_cycle_shortens_what_is_due():
    assert due_days(ranks(("blue", 3), ("red", 2))) == [3, 4]
    assert due_days(ranks(("blue", 14))) == [6, 13]


def test_a_tier_that_improves_does_not_lengthen_what_is_due_already():
    assert due_days(ranks(("blue", 2), ("green", 12)))[0] == 6


@pytest.mark.parametrize("within", [1, 3])
def test_the_first_check_after_a_rise_has_a_time_limit_of_its_own(within):
    limited = {"blue": MEASURES["blue"] | {"first_within_days": within}}
    final = ranks(("green", 1), ("blue", 13))
    assert due_days(final, asked(measures=limited))[0] == within
    unlimited = due_days(final)
    assert unlimited[0] == 6


def test_a_due_day_that_is_not_worked_moves_to_the_next_and_two_become_one():
    worked = ALL_WORKED.copy()
    worked[[5, 6]] = False
    assert due_days(ranks(("red", 9)), worked=worked) == [0, 1, 2, 3, 4, 7, 8]
    assert due_days(ranks(("blue", 9)), worked=worked) == [7]


def test_while_the_tier_is_unknown_what_was_under_way_goes_on_and_nothing_begins():
    assert due_days(ranks(("blue", 2), ("unknown", 20))) == [6]
    assert due_days(ranks(("unknown", 20))) == []


def test_no_less_is_asked_than_the_scheme_says():
    found = asked(every_days={"red": 0.4, "orange": 3.5})
    assert (found.times[4], found.length[4]) == (3, 1)
    assert (found.times[3], found.length[3]) == (1, 3)
    assert found.length[:3].tolist() == [0, 0, 0]


def test_holidays_and_weekends_are_the_offices_own():
    holidays = [{"date": "2020-02-12", "working": "no"}, {"date": "2020-02-15", "working": "yes"}]
    chosen = scheme([given("x")])
    world = records(areas=three_areas(x=[1, 1, 1]), holidays=holidays)
    facts = area_counts_for(Counts.of_records(world), chosen)
    assert worked_from(facts, day_number(date(2020, 2, 10)), 7).tolist() == [True, True, False, True, True, True, False]


WEEKS = days("2020-02-03", "2020-02-16")


def test_each_place_counts_once_a_cycle_and_a_place_that_was_not_seen_is_overdue():
    made = visits(
        BEFORE, ("A1", "2020-02-04", "done"), ("A1", "2020-02-05", "done"), ("B1", "2020-02-04", "nobody_home")
    )
    found = done_in({"places": BUILDINGS, "checks": made}, same_tier("blue", 7), WEEKS[:7])
    # The cycle ends on a Sunday, which is not worked, and so on the Monday after.
    assert found["due"].tolist()[:2] == [0, 0]
    found = done_in({"places": BUILDINGS, "checks": made}, same_tier("blue", 8), WEEKS[:8])
    assert found.loc["A", ["due", "on_time", "late", "overdue"]].tolist() == [2, 1, 0, 1]
    assert found.loc["B", ["due", "on_time", "late", "overdue"]].tolist() == [2, 0, 0, 2]
    assert found.loc["B", "oldest"] == day_number(date(2020, 2, 10))


def test_a_late_visit_does_not_erase_that_it_was_late_and_one_visit_does_not_do_for_two_cycles():
    once = [BEFORE, ("A1", "2020-02-03", "nobody_home"), ("A1", "2020-02-12", "done"), ("A2", "2020-02-04", "done")]
    tables = {"places": BUILDINGS, "checks": visits(*once)}
    found = done_in(tables, same_tier("blue", 14), WEEKS, week=7)
    assert found.loc["A", ["due", "on_time", "late", "overdue"]].tolist() == [2, 1, 0, 1]
    again = done_in(
        tables | {"checks": visits(*once, ("A1", "2020-02-13", "done"))}, same_tier("blue", 14), WEEKS, week=7
    )
    assert again.loc["A", ["due", "on_time", "late", "overdue"]].tolist() == [2, 1, 1, 0]


def test_what_is_done_after_a_tier_that_asks_for_something_is_late_and_no_longer_overdue():
    over = days("2020-02-03", "2020-02-16")
    final = np.concatenate([same_tier("blue", 7), np.full((7, 3), tiers.UNKNOWN_RANK, dtype="int8")])
    made = visits(BEFORE, ("A1", "2020-02-05", "done"), ("A2", "2020-02-12", "done"), ("A2", "2020-02-13", "done"))
    table = done_in({"places": BUILDINGS, "checks": made}, final, over)
    assert table.loc["A", ["due", "on_time", "late", "overdue"]].tolist() == [2, 1, 1, 0]
    assert table.loc["B", ["due", "on_time", "late", "overdue"]].tolist() == [2, 0, 0, 2]


def test_what_is_milder_than_before_it_was_unknown_is_no_rise():
    wanted = asked(measures={"yellow": MEASURES["yellow"] | {"first_within_days": 1}})
    unknown = (tiers.UNKNOWN, 3)
    assert due_days(ranks(("blue", 2), unknown, ("yellow", 9)), wanted)[0] == 5
    as_ever = due_days(ranks(("yellow", 9)), wanted, first=MONDAY + timedelta(days=5))
    assert due_days(ranks(("orange", 2), unknown, ("yellow", 9)), wanted) == [1, *(5 + day for day in as_ever)]


def test_where_no_check_of_the_kind_is_on_record_nobody_knows_what_was_done():
    made = visits(("A1", "2020-02-13", "done"))
    found = done_in({"places": BUILDINGS, "checks": made}, same_tier("blue", 14), WEEKS)
    assert found.loc["A", "due"] == 2
    assert found.loc["A", ["on_time", "late", "overdue"]].isna().all()
    other = done_in({"places": BUILDINGS, "checks": visits(("A1", "2020-02-13", "done"), kind="patrol")},
                    same_tier("blue", 14), WEEKS)  # fmt: skip
    assert other["overdue"].drop("C").isna().all()


def test_an_area_of_which_no_place_is_known_has_nothing_that_could_be_counted():
    made = [{"check_id": 1, "area_id": "A", "kind": "visit", "checked_at": "2020-02-03", "outcome": "done"}]
    found = done_in({"checks": made}, same_tier("blue", 14), WEEKS)
    assert found["due"].isna().all()


def test_where_no_tier_is_known_nothing_is_due_and_nothing_breaks():
    tables = {"places": BUILDINGS, "checks": visits(BEFORE, ("A1", "2020-02-04", "done"))}
    for duty in (SEEN, {"id": "walk", "from": "areas", "where": {"kind": "visit"}, "every_days": {"red": 1}}):
        found = done_in(tables, same_tier("unknown", 7), WEEKS[:7], duty)
        assert (found[["due", "on_time", "late", "overdue"]] == 0).all(axis=None)
        assert (found["oldest"] == -1).all()


def test_an_area_is_an_object_by_itself_and_its_rounds_are_counted():
    rounds = [
        {"check_id": at, "area_id": "A", "kind": "round", "checked_at": day, "outcome": "done"}
        for at, day in enumerate(["2020-02-03", "2020-02-04", "2020-02-06", "2020-02-06"])
    ]
    duty = {"id": "walk", "from": "areas", "where": {"kind": "round"}, "every_days": {"red": 1}}
    found = done_in({"checks": rounds}, same_tier("red", 5), WEEKS[:5], duty)
    # Of the two on Thursday one makes up for Wednesday; Friday is missing.
    assert found.loc["A", ["due", "on_time", "late", "overdue"]].tolist() == [5, 3, 1, 1]
    assert found.loc["A", "oldest"] == day_number(date(2020, 2, 7))


def test_people_are_counted_without_names():
    people = [
        {"area_id": area, "count": n, "lives_alone": "yes", "as_of": "2020-01-01"}
        for area, n in zip("ABC", (12, 15, 3), strict=True)
    ]
    calls = [
        {"check_id": at, "area_id": "A", "kind": "call", "checked_at": "2020-02-03", "outcome": outcome}
        for at, outcome in enumerate(["done"] * 10 + ["nobody_home"] * 5)
    ]
    duty = {"id": "calls", "from": "residents", "where": {"kind": "call"}, "of": {"lives_alone": True}}
    found = done_in({"residents": people, "checks": calls}, same_tier("blue", 8), WEEKS[:8], duty)
    assert found.loc["A", ["due", "on_time", "overdue"]].tolist() == [12, 10, 2]
    assert found.loc["B", "overdue"] == 15
    assert found.loc["C", ["due", "overdue"]].tolist() == [3, 3]


def test_a_check_counts_for_the_area_of_its_place_whatever_area_it_names():
    seen = [BEFORE, ("A1", "2020-02-05", "done"), ("A2", "2020-02-05", "done")]
    elsewhere = [row | {"area_id": "B"} for row in visits(*seen)]
    found = done_in({"places": BUILDINGS, "checks": elsewhere}, same_tier("blue", 8), WEEKS[:8])
    assert found.loc["A", ["due", "on_time", "overdue"]].tolist() == [2, 2, 0]
    assert found.loc["B", ["due", "on_time", "overdue"]].tolist() == [2, 0, 2]


def tries_in(tables, duty=SEEN, first=MONDAY, last=date(2020, 2, 9)):
    """What was tried and not done in a week of a world of three areas."""
    chosen = scheme([given("x")], measures=MEASURES, duties=[duty])
    facts = area_counts_for(Counts.of_records(records(areas=three_areas(x=[1, 1, 1]), **tables)), chosen)
    return tried(facts, chosen.duties[0], day_number(first), day_number(last))


def test_a_check_that_met_nobody_or_was_not_agreed_to_is_a_try_of_its_week_kind_and_object():
    shop = {"place_id": "S", "area_id": "A", "kind": "shop"}
    made = visits(
        BEFORE,
        ("A1", "2020-02-03", "nobody_home"),
        ("A1", "2020-02-09", "refused"),
        ("A2", "2020-02-04", "done"),
        ("A2", "2020-02-10", "nobody_home"),
        ("B1", "2020-02-05", "partly"),
        ("S", "2020-02-05", "nobody_home"),
    )
    elsewhere = [row | {"area_id": "C"} for row in made]
    found = tries_in({"places": [*BUILDINGS, shop], "checks": elsewhere})
    assert found.to_dict("index") == {
        "A": {"nobody_home": 1, "refused": 1, "partly": 0},
        "B": {"nobody_home": 0, "refused": 0, "partly": 1},
        "C": {"nobody_home": 0, "refused": 0, "partly": 0},
    }
    walk = {"id": "walk", "from": "areas", "where": {"kind": "round"}, "every_days": {"red": 1}}
    rounds = [{"check_id": 1, "area_id": "A", "kind": "round", "checked_at": "2020-02-06", "outcome": "partly"}]
    assert tries_in({"checks": rounds}, walk)["partly"].to_list() == [1, 0, 0]


def test_where_no_checks_or_no_places_are_known_nothing_is_said_of_tries():
    assert tries_in({"places": BUILDINGS}) is None
    assert tries_in({"checks": [{"check_id": 1, "area_id": "A", "kind": "visit", "checked_at": "2020-02-03",
                                 "outcome": "nobody_home"}]}) is None  # fmt: skip


def test_what_was_missed_before_a_long_holiday_is_not_forgotten_in_it():
    holidays = [{"date": f"{day:%Y-%m-%d}", "working": "no"} for day in WEEKS[7:16]]
    tables = {"places": BUILDINGS, "checks": visits(BEFORE), "holidays": holidays}
    found = done_in(tables, same_tier("red", 15), WEEKS[:15], week=7)
    assert found.loc["A", "due"] == 0
    assert found.loc["A", "last_overdue"] == 10  # two places on five worked days


# ---------------------------------------------------------------- laws


@st.composite
def worlds(draw):
    """Tiers of one area over some weeks, which days are worked, and visits of its three places."""
    spells = draw(st.lists(st.tuples(st.sampled_from(tiers.SHOWN), st.integers(1, 12)), min_size=1, max_size=6))
    final = ranks(*spells)
    worked = np.array(draw(st.lists(st.booleans(), min_size=len(final), max_size=len(final))) + [True] * 60)
    seen = st.tuples(st.integers(0, 2), st.integers(0, len(final) - 1))
    return final, worked, draw(st.lists(seen, max_size=40))


@drawn(worlds())
def test_cycles_follow_one_another_and_end_on_days_that_are_worked(world):
    final, worked, _ = world
    found = cycles_of(final, 0, asked(), worked, ["A"])
    assert worked[found.due].all()
    assert (found.start <= found.due).all()
    assert (found.start[1:] > found.due[:-1]).all()


def day_by_day(final, wanted, worked, first, area):
    """The cycles of one area, told by going through its days one by one: (first day, due, times) of each."""
    told = crc32(area.encode())

    def next_worked(day):
        return next(one for one in range(day, len(worked)) if worked[one])

    def calendar_end(day, length):
        weeks = length % 7 == 0
        week = day_number(date(1970, 1, 5)) + week_begins()
        shift = week + 7 * (told % (length // 7)) if weeks else told % length
        return next_worked(next(one for one in range(day, day + length) if (first + one + 1 - shift) % length == 0))

    found, start, due, times, set_by, before = [], 0, None, 1, 0, final[0]
    for day, rank in enumerate([*final, final[-1]]):
        length, within, often = (int(held[rank]) for held in (wanted.length, wanted.first_within, wanted.times))
        ends = [calendar_end(day, length)] if length else []
        ends += [next_worked(day + within - 1)] if rank > before and within else []
        if due is None:
            start = day
        if ends and (due is None or (min(ends) < due and rank > set_by)):
            due, set_by, times = min(ends), rank, often
        elif due is not None:
            times = max(times, often)
        if due == day and day < len(final):
            found.append((start, due, times))
            due, times = None, 1
        before = rank if rank >= 0 else before  # what comes after unknown is held against what was known last
    return found if due is None else [*found, (start, due, times)]


@st.composite
def cities(draw):
    """Tiers of some areas over some weeks, what is asked of each tier, and which days are worked."""
    days, areas = draw(st.integers(1, 40)), draw(st.integers(1, 5))
    spells = st.lists(st.tuples(st.integers(-1, 4), st.integers(1, 20)), min_size=1, max_size=12)
    final = np.stack([np.resize(np.repeat(*np.transpose(draw(spells))), days) for _ in range(areas)], axis=1).astype(
        "int8"
    )
    length = [*draw(st.lists(st.sampled_from([0, 1, 2, 3, 5, 7, 14, 21, 30]), min_size=5, max_size=5)), 0]
    within = [*draw(st.lists(st.sampled_from([0, 0, 1, 2, 5]), min_size=5, max_size=5)), 0]
    times = [draw(st.integers(1, 3)) if one == 1 else 1 for one in length]
    worked = np.array([*draw(st.lists(st.booleans(), min_size=days, max_size=days)), *[True] * 60])
    names = draw(st.lists(st.text("abc123", min_size=1), min_size=areas, max_size=areas))
    return final, Asked(*(np.array(one, dtype="int64") for one in (length, times, within))), worked, names


@drawn(cities(), st.integers(-5, 40))
def test_the_cycles_of_many_areas_are_those_that_a_walk_through_the_days_of_each_finds(city, later):
    final, wanted, worked, names = city
    first = day_number(MONDAY) + later
    found = cycles_of(final, first, wanted, worked, names)
    for area, name in enumerate(names):
        chosen = found.area == area
        columns = (found.start[chosen] - first, found.due[chosen] - first, found.times[chosen])
        assert list(zip(*(one.tolist() for one in columns), strict=True)) == day_by_day(
            final[:, area], wanted, worked, first, name
        )
    assert (np.diff(found.area) >= 0).all()


@drawn(worlds(), st.integers(0, 60), st.sampled_from(tiers.RANKED))
def test_what_falls_due_next_is_never_later_for_a_worse_tier_nor_moved_by_a_milder_one(world, at, tier):
    final, worked, _ = world
    at = min(at, len(final) - 1)
    if not at or final[at - 1] != final[at]:
        return
    changed = final.copy()
    changed[at:] = tiers.RANK[tier]
    if final[at] == tiers.UNKNOWN_RANK or (final[at:] != final[at]).any():
        return
    was, now = (cycles_of(one, 0, asked(), worked, ["A"]) for one in (final, changed))
    under_way = [due for start, due in zip(was.start, was.due, strict=True) if start < at <= due]
    if not under_way:
        return
    after = now.due[now.due >= at]
    assert len(after)
    assert after[0] <= under_way[0]
    if EVERY[tier] >= EVERY[str(tiers.names(final[at])[0])]:
        assert after[0] == under_way[0]


@drawn(worlds())
def test_done_is_never_more_than_due_and_says_what_each_place_says_by_itself(world):
    final, worked, seen = world
    found = cycles_of(final, 0, asked(), worked, ["A"])
    by_place = {(place, day): n for (place, day), n in Counter(seen).items()}
    on_time, late = [], []
    for number, (start, due, times) in enumerate(zip(found.start, found.due, found.times, strict=True)):
        counts = [sum(n for (p, d), n in by_place.items() if p == place and start <= d <= due) for place in range(3)]
        on_time.append(sum(min(n, times) for n in counts))
        late.append(0)
        last = number + 1 == len(found)
        until = len(final) if last else found.start[number + 1]
        for place in range(3):
            held = {d: n for (p, d), n in by_place.items() if p == place}
            missed = max(times - counts[place], 0)
            between = min(sum(n for d, n in held.items() if due < d < until), missed)
            late[-1] += between
            if not last:
                after = sum(n for d, n in held.items() if found.start[number + 1] <= d <= found.due[number + 1])
                late[-1] += min(max(after - found.times[number + 1], 0), missed - between)
    from analytics.response import due as module

    class Facts:
        """Three places of one area, and the visits."""

        areas = pd.DataFrame(index=["A"])
        has = staticmethod(lambda _: True)

        class counts:  # noqa: N801  # an attribute of the facts
            @staticmethod
            def visits(*_):
                rows = sorted(by_place.items())
                columns = [[0] * len(rows), [d for (_, d), _ in rows], [p for (p, _), _ in rows], [n for _, n in rows]]
                return type("Visits", (), dict(zip(("home", "day", "place", "n"), map(np.array, columns), strict=True)))

        @staticmethod
        def positions():
            return np.array([0, -1])

    if not len(found) or not seen:
        return
    at = module._cycle_by_day(found, 1, len(final) - 1)
    made, surplus = module._by_place(Facts, Duty(**SEEN), {}, found, at)
    assert made.tolist() == on_time
    assert surplus.tolist() == late
    assert (made + surplus <= 3 * found.times).all()


def test_the_longest_run_without_work_is_looked_over():
    assert isinstance(asked(), Asked)
    worked = np.array([True] + [False] * LONGEST_WITHOUT_WORK + [True] * 40)
    assert due_days(ranks(("red", 17)), worked=worked) == [0, 16]

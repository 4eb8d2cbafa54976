"""Feeds that are silent in an office's records: by agreement or by their rhythm, and what that does to its areas."""

from datetime import date, timedelta
from itertools import chain

import numpy as np
import pandas as pd
import pytest

from analytics import tiers
from analytics.scheme.measures import Gap
from analytics.scoring import area_counts_for, assess
from analytics.scoring.silence import silent_feeds
from analytics.scoring.stability import NO_CHANGE
from analytics.store.counts import Counts
from tests.long.sizes import seeds
from tests.scoring.small_world import days, incident, indicator, records, scheme, three_areas

FIRST = date(2020, 1, 1)
LAST = date(2020, 2, 10)
COUNTED = scheme([indicator(window_days=3, points={"method": "linear", "linear": {"low": 0, "high": 20}})])
HOTLINE = {
    "table": "incidents",
    "feed": "hotline",
    "every": "daily",
    "zero_report": "yes",
    "since": f"{FIRST}",
    "unit": "City",
    "post": "Desk",
}


def sent(channel, last=LAST, areas="ABC", each=1, first=FIRST):
    """So many records a day and area by one channel, from a day to another."""
    span = pd.date_range(first, last)
    return [(area, f"{day:%Y-%m-%d}", channel) for day in span for area in areas for _ in range(each)]


def world(*channels, reports=(), **tables):
    every = enumerate(chain.from_iterable(channels))
    rows = [incident(at, area, day, channel=channel) for at, (area, day, channel) in every]
    return records(areas=tables.pop("areas", three_areas()), incidents=rows, reports=list(reports), **tables)


def silent_on(made, day, chosen=COUNTED):
    facts = area_counts_for(Counts.of_records(made), chosen)
    return silent_feeds(facts, chosen.indicators, pd.Timestamp(day).date())


def run(made, first, last, chosen=COUNTED):
    return assess(area_counts_for(Counts.of_records(made), chosen), chosen, days(first, last))


def named(found):
    return [(feed.column, feed.code, feed.area_id, feed.since, feed.until) for feed in found]


def first_silent_day(made, code="12345", chosen=COUNTED):
    """The first day on which the feed is told as silent, and not as over or as waiting for its next report."""
    for day in pd.date_range(FIRST, LAST):
        for feed in silent_on(made, day, chosen):
            if feed.code == code and feed.until is None and feed.why == "silent":
                assert feed.since <= day.date()
                return day.date(), feed
    return None, None


def test_an_agreed_report_that_is_missing_is_silence_on_its_first_day():
    made = world(sent("hotline", date(2020, 1, 20)), sent("clinic"), agreements=[HOTLINE])
    day, feed = first_silent_day(made)
    assert (day, feed.last, feed.since, feed.agreed) == (date(2020, 1, 21), date(2020, 1, 20), day, True)
    assert (feed.unit, feed.post, feed.table, feed.column) == ("City", "Desk", "incidents", "channel")


def test_a_zero_report_stands_for_the_days_that_it_covers():
    reported = {"table": "incidents", "feed": "hotline", "from": "2020-01-21", "to": "2020-01-25"}
    made = world(sent("hotline", date(2020, 1, 20)), sent("clinic"), agreements=[HOTLINE], reports=[reported])
    day, feed = first_silent_day(made)
    assert (day, feed.last) == (date(2020, 1, 26), date(2020, 1, 25))
    # One of the whole table speaks for each of its feeds, one of another feed does not.
    for said, until in (({"feed": None}, date(2020, 1, 26)), ({"feed": "clinic"}, date(2020, 1, 21))):
        others = (sent("clinic", date(2020, 1, 20)), sent("clinic", first=date(2020, 1, 26)))
        made = world(sent("hotline", date(2020, 1, 20)), *others, agreements=[HOTLINE], reports=[reported | said])
        assert first_silent_day(made)[0] == until


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("area", ["", "ABC"])
def test_a_zero_report_of_the_whole_table_says_nothing_of_the_days_on_which_it_has_records(seed, area):
    draw = np.random.default_rng(seed)
    after = pd.date_range("2020-01-21", LAST)
    had = sorted(draw.choice(after, draw.integers(1, len(after)), replace=False))
    others = [sent("clinic", pd.Timestamp(day), str(draw.choice(list("ABC"))), first=pd.Timestamp(day)) for day in had]
    zero = {"table": "incidents", "from": "2020-01-15", "to": f"{LAST}"}
    reports = [zero | {"area_id": one} for one in area] if area else [zero]
    made = world(sent("hotline", date(2020, 1, 20)), *others, agreements=[HOTLINE], reports=reports)
    silent = [day for day in after if any(feed.code == "12345" and feed.until is None for feed in silent_on(made, day))]
    assert silent == [pd.Timestamp(day) for day in had]


@pytest.mark.parametrize(
    ("every", "last", "told"),
    [
        # 17 January 2020 is a Friday.
        ("working day", date(2020, 1, 17), date(2020, 1, 20)),
        ("working day", date(2020, 1, 16), date(2020, 1, 17)),
        ("daily", date(2020, 1, 17), date(2020, 1, 18)),
        ("weekly", date(2020, 1, 17), date(2020, 1, 24)),
        ("10 days", date(2020, 1, 17), date(2020, 1, 27)),
    ],
)
def test_how_often_it_reports_says_when_it_is_late(every, last, told):
    made = world(sent("hotline", last), sent("clinic"), agreements=[HOTLINE | {"every": every}])
    day, feed = first_silent_day(made)
    assert (day, feed.since) == (told, last + timedelta(days=1))


def test_without_a_zero_report_it_is_guessed():
    few = world(sent("hotline", date(2020, 2, 5), "A"), sent("clinic"), agreements=[HOTLINE | {"zero_report": "no"}])
    assert first_silent_day(few) == (None, None)
    much = world(sent("hotline", date(2020, 2, 5), each=20), sent("clinic"), agreements=[])
    day, feed = first_silent_day(much)
    assert date(2020, 2, 6) < day <= LAST
    assert (feed.agreed, feed.since) == (False, date(2020, 2, 6))


def test_what_is_missing_since_then_is_no_zero_and_what_was_published_is_carried():
    made = world(sent("hotline", date(2020, 1, 20), each=4), sent("clinic"), agreements=[HOTLINE])
    found = run(made, "2020-01-20", "2020-02-08")
    # Three days of five in each area; then only the clinic's one a day is heard.
    assert found.values[0, :, 0].tolist() == [15, 15, 15]
    assert np.isnan(found.values[1:]).all()
    assert (found.gaps[1:] == Gap.FEED_SILENT).all()
    assert tiers.names(found.published[:, 0]).tolist() == ["orange"] * 15 + ["unknown"] * 5
    assert found.carried[:, 0].tolist() == [*range(15), *[0] * 5]
    assert found.carry_left[1:15, 0].tolist() == list(range(13, -1, -1))
    # What the clinic sent is the least that it was.
    assert tiers.names(found.least[1:4, 0]).tolist() == ["yellow", "blue", "green"]
    assert (found.computed[1:] == tiers.UNKNOWN_RANK).all()


def test_an_area_that_surely_has_a_tier_has_it_also_when_a_feed_is_silent():
    floor = {
        "at_least": "red",
        "when": {"indicator": "fever_7d", "op": ">=", "value": 6},
        "name": {"zh": "线", "en": "F"},
    }
    chosen = scheme([indicator(window_days=3)], floors=[floor])
    made = world(sent("hotline", date(2020, 1, 20), "A"), sent("clinic", areas="A", each=2), sent("clinic", areas="B"),
                 agreements=[HOTLINE])  # fmt: skip
    found = run(made, "2020-01-25", "2020-01-25", chosen)
    assert tiers.names(found.computed[0]).tolist() == ["red", "unknown", "unknown"]
    assert found.holding[0, :, 0].tolist() == [True, False, False]


def test_a_feed_that_comes_back_is_told_until_its_silence_has_left_the_window():
    back = sent("hotline", first=date(2020, 1, 26))
    made = world(sent("hotline", date(2020, 1, 20)), back, sent("clinic"), agreements=[HOTLINE])
    since, until = date(2020, 1, 21), date(2020, 1, 25)
    assert named(silent_on(made, "2020-01-25")) == [("channel", "12345", "", since, None)]
    for day in ("2020-01-26", "2020-01-27"):
        assert named(silent_on(made, day)) == [("channel", "12345", "", since, until)]
    assert silent_on(made, "2020-01-28") == ()
    found = run(made, "2020-01-24", "2020-01-28")
    assert np.isnan(found.values[:4]).all()
    assert found.values[4, :, 0].tolist() == [6, 6, 6]
    # While the window fills up again it is carried without a limit.
    assert found.carry_left[:, 0].tolist() == [10, 9, NO_CHANGE, NO_CHANGE, NO_CHANGE]
    assert found.carried[:, 0].tolist() == [4, 5, 6, 7, 0]


def test_beyond_the_last_record_and_report_of_all_nothing_is_known():
    made = world(sent("hotline"))
    assert silent_on(made, LAST) == ()
    (feed,) = silent_on(made, LAST + timedelta(days=1))
    assert (feed.column, feed.code, feed.since) == ("", "", LAST + timedelta(days=1))
    until = {"table": "incidents", "from": f"{LAST}", "to": f"{LAST + timedelta(days=9)}"}
    reported = world(sent("hotline"), reports=[until])
    found = run(reported, "2020-02-19", "2020-02-20")
    assert found.values[0, :, 0].tolist() == [0, 0, 0]
    assert np.isnan(found.values[1]).all()


GROUPS = [
    {"area_id": "K", "name": "K", "level": "community", "parent_id": ""},
    {"area_id": "L", "name": "L", "level": "community", "parent_id": ""},
    *({"area_id": area, "name": area, "level": "grid", "parent_id": above, "population": 1000}
      for area, above in (("A", "K"), ("B", "K"), ("C", "L"), ("D", "L"))),
]  # fmt: skip


def test_an_area_that_stops_is_silent_alone_unless_it_reports_zero():
    rows = (sent("hotline", date(2020, 2, 1), "A", 9), sent("hotline", areas="BCD", each=9))
    made = world(*rows, areas=GROUPS)
    assert named(silent_on(made, LAST)) == [("", "", "A", date(2020, 2, 2), None)]
    found = run(made, f"{LAST}", f"{LAST}")
    assert np.isnan(found.values[0, :, 0]).tolist() == [True, False, False, False]
    zero = {"table": "incidents", "area_id": "A", "from": "2020-02-02", "to": f"{LAST}"}
    reported = world(*rows, areas=GROUPS, reports=[zero])
    assert silent_on(reported, LAST) == ()
    assert run(reported, f"{LAST}", f"{LAST}").values[0, 0, 0] == 0
    # That nothing happened in the whole community is not so: there are records of its other grid.
    reported = world(*rows, areas=GROUPS, reports=[zero | {"area_id": "K"}])
    assert named(silent_on(reported, LAST)) == [("", "", "A", date(2020, 2, 2), None)]


def test_a_community_that_stops_is_told_and_not_each_of_its_grids():
    made = world(sent("hotline", date(2020, 2, 1), "AB", 9), sent("hotline", areas="CD", each=9), areas=GROUPS)
    assert named(silent_on(made, LAST)) == [("", "", "K", date(2020, 2, 2), None)]
    assert np.isnan(run(made, f"{LAST}", f"{LAST}").values[0, :, 0]).tolist() == [True, True, False, False]
    zero = {"table": "incidents", "area_id": "K", "from": "2020-02-02", "to": f"{LAST}"}
    rows = (sent("hotline", date(2020, 2, 1), "AB", 9), sent("hotline", areas="CD", each=9))
    assert silent_on(world(*rows, areas=GROUPS, reports=[zero]), LAST) == ()


def test_an_area_that_never_reported_is_not_green():
    made = world(sent("hotline", areas="AB", each=3))
    assert named(silent_on(made, LAST)) == [("", "", "C", None, None)]
    found = run(made, "2020-01-10", f"{LAST}")
    assert (found.published[:, 2] == tiers.UNKNOWN_RANK).all()
    assert (found.published[:, :2] >= 0).all()
    # Where every area has few, one with none may be chance.
    few = records(
        areas=three_areas(), incidents=[incident(at, "AB"[at % 2], f"2020-01-{at + 1:02}") for at in range(12)]
    )
    assert silent_on(few, "2020-01-12") == ()


def test_the_feed_of_an_agreement_is_one_of_its_table():
    said = [HOTLINE | {"table": table, "feed": "patrol"} for table in ("incidents", "checks", None)]
    loaded = records(areas=three_areas(), incidents=[incident(1, "A", "2020-01-01")], agreements=said).agreements
    assert loaded[["table", "column", "feed"]].to_numpy().tolist() == [
        ["incidents", "channel", "patrol"], ["checks", "kind", "patrol"], ["incidents", "channel", "patrol"],
    ]  # fmt: skip


STEADY = {"confirm_up_days": 2, "confirm_down_days": 3, "minimum_stay_days": 4, "one_step_down": True}


@pytest.mark.parametrize("stability", [None, STEADY])
@pytest.mark.parametrize("agreed", [True, False])
def test_a_feed_that_stops_makes_no_published_tier_milder_in_silence(agreed, stability):
    for seed in seeds(3):
        random = np.random.default_rng([16, seed])
        stop = date(2020, 1, 1) + timedelta(days=int(random.integers(30, 36)))
        rows = [
            row
            for channel, mean in (("hotline", random.uniform(3, 5)), ("clinic", 0.4))
            for area in "ABC"
            for day in pd.date_range(FIRST, LAST + timedelta(days=20))
            for row in [(area, f"{day:%Y-%m-%d}", channel)] * random.poisson(mean * random.choice([0.3, 1, 2]))
            if channel == "clinic" or day.date() < stop
        ]
        rule = {"stability": stability} if stability else {}
        chosen = scheme(
            [indicator(window_days=3, points={"method": "linear", "linear": {"low": 0, "high": 30}})], **rule
        )
        made = world(rows, agreements=[HOTLINE] if agreed else [])
        found = run(made, "2020-01-20", f"{LAST + timedelta(days=20)}", chosen)
        told = next(day for day in found.days if any(feed.code == "12345" for feed in silent_on(made, day, chosen)))
        if agreed:
            assert told.date() == stop
        last, first = (found.days.get_loc(pd.Timestamp(day)) for day in (stop - timedelta(days=1), told))
        before = found.published[last:first].max(axis=0)
        for day in range(first, len(found.days)):
            # From the last record on it is carried for a fortnight, and then there is none: never a milder one.
            # In an area alone it may have been for longer.
            carried = found.carried[day] > 0
            assert (carried <= (day - last <= 14)).all()
            assert (found.published[day, carried] >= before[carried]).all()
            assert (found.carried[day, carried] >= day - last).all()
            assert (found.published[day, ~carried] < 0).all()


def test_people_and_places_beyond_their_validity_are_out_of_date():
    rows = [{"area_id": area, "count": 100, "as_of": "2020-01-01"} for area in "ABC"]
    counted = indicator("people", **{"from": "residents"}, where=None, measure="stock", window_days=None)
    chosen = scheme([counted], missing={"carried_days": 3})
    valid = {"table": "residents", "every": "31 days"}
    made = records(areas=three_areas(), residents=rows, agreements=[valid])
    found = run(made, "2020-01-31", "2020-02-06", chosen)
    assert np.isnan(found.values[:, 0, 0]).tolist() == [False, False, *[True] * 5]
    assert (found.gaps[2:] == Gap.OUT_OF_DATE).all()
    never = run(records(areas=three_areas(), residents=rows), "2020-02-06", "2020-02-06", chosen)
    assert never.values[0, :, 0].tolist() == [100, 100, 100]


def test_places_say_no_day_and_are_as_old_as_their_load():
    rows = [{"area_id": area, "place_id": area, "kind": "rental"} for area in "ABC"]
    held = indicator("lets", **{"from": "places"}, where=None, measure="stock", window_days=None)
    chosen = scheme([held], missing={"carried_days": 3})
    made = records(areas=three_areas(), places=rows, agreements=[{"table": "places", "every": "90 days"}])
    counts = Counts.of_records(made)
    asked = days("2020-03-01", "2020-04-02")
    assert (assess(area_counts_for(counts, chosen), chosen, asked).gaps == Gap.NONE).all()
    counts = Counts.of_records(made)
    for source in counts._sources["places"]:
        source.loaded = date(2020, 1, 1)
    found = assess(area_counts_for(counts, chosen), chosen, asked)
    beyond = asked > pd.Timestamp("2020-03-31")
    assert beyond.sum() == 2
    assert ((found.gaps[:, 0, 0] == Gap.OUT_OF_DATE) == beyond).all()


SINCE = HOTLINE | {"since": "2020-01-02"}
QUIET = {"table": "incidents", "from": "2020-01-21", "to": "2020-01-25"}


def test_a_feed_that_agreed_to_report_and_never_did_is_silent_too():
    made = world(sent("clinic"), agreements=[SINCE])
    assert named(silent_on(made, "2020-01-20")) == [("channel", "12345", "", date(2020, 1, 2), None)]
    assert (run(made, "2020-01-20", "2020-01-20").gaps == Gap.FEED_SILENT).all()
    # Its zero reports stand for it, and what asks for other channels does without it.
    reported = world(sent("clinic"), agreements=[SINCE], reports=[QUIET | {"feed": "hotline", "from": "2020-01-02"}])
    assert silent_on(reported, "2020-01-20") == ()
    other = scheme([indicator(window_days=3, where={"category": ["fever"], "channel": ["clinic"]})])
    assert silent_on(made, "2020-01-20", other) == ()
    assert run(made, "2020-01-20", "2020-01-20", other).values.tolist() == [[[3.0], [3.0], [3.0]]]


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_agreements_of_a_feed_the_later_one_holds_whatever_their_order(turned):
    both = [SINCE | {"every": "monthly", "since": "2020-01-01"}, SINCE | {"every": "daily", "since": "2020-01-10"}]
    made = world(sent("hotline", date(2020, 1, 20)), sent("clinic"), agreements=both[::-1] if turned else both)
    assert named(silent_on(made, "2020-01-22")) == [("channel", "12345", "", date(2020, 1, 21), None)]


@pytest.mark.parametrize("feed", [None, "hotline"])
def test_zero_reports_of_each_area_are_one_of_the_office_and_those_of_some_are_not(feed):
    agreed = SINCE | {"feed": feed}
    channels = [sent("hotline", date(2020, 1, 20)), *([sent("clinic")] if feed else [])]
    for areas, silent in (("ABC", 0), ("AB", 1)):
        made = world(*channels, agreements=[agreed], reports=[QUIET | {"feed": feed, "area_id": one} for one in areas])
        assert len(silent_on(made, "2020-01-23")) == silent
        assert np.isnan(run(made, "2020-01-23", "2020-01-23").values).all() == bool(silent)


def test_a_zero_report_of_some_areas_leaves_no_gap_without_its_name():
    made = world(sent("hotline", date(2020, 1, 20)), reports=[QUIET | {"area_id": one} for one in "AB"])
    assert named(silent_on(made, "2020-01-23")) == [("", "", "", date(2020, 1, 21), None)]

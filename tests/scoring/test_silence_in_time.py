"""What is not covered yet, what is over, what lies deeper than the scored areas, what only one of several loads says:
in none of these does a tier become milder without a word."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.scheme.measures import Gap
from analytics.scoring import area_counts_for, assess
from analytics.store import Store, counts_of
from analytics.store.guard_notes import agreement_notes
from analytics.wording.silence import interruption, silence_of_area
from tests.scoring.small_world import days, indicator, scheme
from tests.scoring.test_silence import HOTLINE, LAST, run, sent, silent_on, world
from tests.store import made as loads

EARLIER = date(2019, 11, 1)
"""Long enough before that a rhythm is known."""


@pytest.mark.parametrize(("every", "waits"), [("weekly", 6), ("10 days", 9), ("monthly", 30)])
def test_between_two_reports_a_tier_may_rise_but_does_not_fall(every, waits):
    last = date(2020, 1, 17)
    made = world(sent("hotline", last, each=4), sent("clinic"), agreements=[HOTLINE | {"every": every}])
    found = run(made, f"{last}", f"{LAST}")
    assert (found.gaps[1:] == Gap.FEED_SILENT).all()
    assert (found.published[1:15] >= found.published[0]).all()
    for day in pd.date_range(last + timedelta(days=1), LAST):
        (feed,) = silent_on(made, day)
        assert feed.why == ("waits" if (day.date() - last).days <= waits else "silent")
    label = {"zh": "数据待报：", "en": "Data awaited: "}
    early = run(made, f"{last}", "2020-01-20")
    assert all(interruption(lang, early).startswith(label[lang]) for lang in label)


def test_a_silence_goes_on_though_its_agreement_is_made_anew():
    later = HOTLINE | {"since": "2020-01-28"}
    for agreements in ([HOTLINE], [later], [HOTLINE, later], [HOTLINE, HOTLINE | {"since": "2020-02-29"}]):
        made = world(sent("hotline", date(2020, 1, 20), each=20, first=EARLIER), sent("clinic"), agreements=agreements)
        (feed,) = silent_on(made, "2020-01-30")
        assert (feed.since, feed.agreed) == (date(2020, 1, 21), True)


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ({}, False),
        ({"every_days": 0}, True),
        ({"every_days": 7}, True),
        ({"zero_report": False}, True),
        ({"since": "2026-02-01"}, True),
        ({"since": "2025-12-01"}, False),
        ({"post": "another"}, False),
    ],
)
def test_an_agreement_that_asks_for_less_is_told(now, told):
    def table(**changed):
        one = {"table": "incidents", "column": "channel", "feed": "12345", "every_days": 1, "zero_report": True}
        frame = pd.DataFrame([one | {"since": "2026-01-01", "post": ""} | changed])
        return frame.astype({"since": "datetime64[us]"})

    said = " ".join(note.text("zh") for note in agreement_notes(table(), table(**now)))
    assert ("1项报送约定比此前放宽" in said) == told
    assert ("12345热线" in said) == told


def test_what_was_opened_in_a_silence_may_be_open_still_when_it_is_over():
    balance = scheme([indicator("still", measure="open", window_days=None, where={"category": ["fever"]})])
    rows = sent("hotline", date(2020, 1, 5)) + sent("hotline", first=date(2020, 1, 10))
    made = world(rows, sent("clinic"), agreements=[HOTLINE])
    found = run(made, "2020-01-05", f"{LAST}", balance)
    missing = found.days[found.gaps[:, 0, 0] == Gap.FEED_SILENT]
    # Silent to the 9th, and for 28 days after that.
    assert (missing[0], missing[-1]) == (pd.Timestamp("2020-01-06"), pd.Timestamp("2020-02-05"))
    assert len(missing) == 31
    (feed,) = silent_on(made, "2020-01-25", balance)
    assert (feed.since, feed.until) == (date(2020, 1, 6), date(2020, 1, 9))


def test_an_area_above_lacks_what_a_silent_area_in_it_would_bring():
    areas = [
        {"area_id": "K", "name": "东里", "level": "community", "population": 3000},
        {"area_id": "L", "name": "西里", "level": "community", "population": 3000},
        *(
            {"area_id": area, "name": f"{area}网格", "level": "grid", "parent_id": above, "population": 1000}
            for area, above in zip("ABCDEF", "KKKLLL", strict=True)
        ),
    ]
    upper = scheme([indicator(window_days=3)], level="community")
    rows = sent("hotline", areas="ABCDEF", each=6, first=EARLIER)
    rows = [row for row in rows if row[0] != "A" or row[1] <= "2020-01-20"]
    made = world(rows, areas=areas)
    found = run(made, f"{LAST}", f"{LAST}", upper)
    assert found.gaps[0, :, 0].tolist() == [Gap.FEED_SILENT, Gap.NONE]
    (feed,) = silent_on(made, f"{LAST}", upper)
    assert (feed.area_id, feed.in_area, feed.since) == ("A", "K", date(2020, 1, 21))
    assert ["A网格的事件" in "".join(silence_of_area("zh", found, area)) for area in "KL"] == [True, False]
    # The same feeds are judged whatever is scored.
    lower = scheme([indicator(window_days=3)], level="grid")
    assert [one.area_id for one in silent_on(made, f"{LAST}", lower)] == ["A"]


def people(source, areas, number, as_of=None):
    told = {"count": number, "age_band": "80+", "tenure": None, "origin": None, "lives_alone": None, "as_of": as_of}
    frame = pd.DataFrame([{"area_id": area, **told} for area in areas]).astype(
        {"as_of": "datetime64[us]", "lives_alone": "boolean"}
    )
    return loads.of("residents", frame, source)


def test_what_says_no_day_is_as_old_as_its_own_load(tmp_path, monkeypatch):
    store = Store.open(tmp_path / "home")
    chosen = scheme([indicator("people", **{"from": "residents"}, where=None, measure="stock", window_days=None)])
    clock = lambda day: pd.Timestamp(f"{day} 03:00", tz="UTC").to_pydatetime()  # noqa: E731
    monkeypatch.setattr("analytics.store.adding.now", lambda: clock("2026-01-05"))
    store.add(loads.areas(dict.fromkeys("ABC", 1000)), loads.ME)
    agreed = pd.DataFrame(
        {
            "table": ["residents"], "column": [None], "feed": [None], "unit": [None], "every_days": [31],
            "by_hour": [None], "zero_report": [False], "post": [None],
            "since": pd.Series(["2026-01-01"]).astype("datetime64[us]"),
        }
    )  # fmt: skip
    monkeypatch.setitem(loads.TEXTS, "agreements", ("table", "column", "feed", "unit", "by_hour", "post"))
    store.add(loads.of("agreements", agreed, "约定.csv"), loads.ME)
    for area in "ABC":
        store.add(people(f"{area}.csv", area, 100.0), loads.ME)
    monkeypatch.setattr("analytics.store.adding.now", lambda: clock("2026-03-01"))
    store.add(people("B.csv", "B", 101.0), loads.ME, "load")
    store.add(people("new C.csv", "C", 99.0, "2026-02-25"), loads.ME, "load")
    found = assess(area_counts_for(counts_of(store), chosen), chosen, days("2026-02-20", "2026-03-02"))
    stale = (found.gaps[:, :, 0] == Gap.OUT_OF_DATE).tolist()
    assert stale[-1] == [True, False, False]
    assert found.silent[0].last == date(2026, 1, 5)
    assert "居民数据截至1月5日（56天前），已过约定的有效期" in interruption("zh", found)


@pytest.mark.parametrize("area", ["A", "C"])
def test_a_channel_that_stops_in_one_area_alone_is_silent_there(area):
    rows = [
        row
        for row in sent("clinic", each=3, first=EARLIER) + sent("hotline", first=EARLIER)
        if row[0] != area or row[2] == "hotline" or row[1] <= "2020-01-20"
    ]
    made = world(rows)
    (feed,) = silent_on(made, f"{LAST}")
    assert (feed.column, feed.code, feed.area_id, feed.since) == ("channel", "clinic", area, date(2020, 1, 21))
    found = run(made, "2020-01-20", f"{LAST}")
    told = next(day for day in found.days if silent_on(made, day)).date()
    assert told <= date(2020, 2, 3)
    at = list(found.areas.index).index(area)
    since = found.days.get_loc(pd.Timestamp(told))
    assert (found.gaps[since:, at, 0] == Gap.FEED_SILENT).all()
    assert (np.delete(found.gaps, at, axis=1) == Gap.NONE).all()
    assert f"{area}的门诊1月21日起无数据" in interruption("zh", found)
    # Where that channel is not asked for, nothing is missing.
    other = scheme([indicator(window_days=3, where={"channel": ["12345"]})])
    assert silent_on(made, f"{LAST}", other) == ()
    reported = {"table": "incidents", "feed": "clinic", "area_id": area, "from": "2020-01-21", "to": f"{LAST}"}
    assert silent_on(world(rows, reports=[reported]), f"{LAST}") == ()


def test_a_table_that_a_value_is_only_divided_by_is_named_too_when_it_stops():
    checks = [
        {
            "area_id": area,
            "check_id": f"{area}{day:%m%d}{n}",
            "checked_at": f"{day:%Y-%m-%d}",
            "kind": "visit",
            "outcome": "done",
        }
        for day in pd.date_range(EARLIER, date(2020, 1, 20))
        for area in "ABC"
        for n in range(5)
    ]
    made = world(sent("hotline", each=2, first=EARLIER), checks=checks)
    per_check = scheme([indicator(measure="per_check", window_days=28)])
    found = run(made, f"{LAST}", f"{LAST}", per_check)
    assert (found.gaps == Gap.FEED_SILENT).all()
    assert {(feed.table, feed.since) for feed in found.silent} == {("checks", date(2020, 1, 21))}
    assert "走访巡查1月21日起无数据" in interruption("zh", found)

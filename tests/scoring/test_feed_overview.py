"""How soon the silence of a feed would tell, as it is printed, and what the rule then says when it stops."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.scoring import area_counts_for
from analytics.scoring.feed_overview import area_feeds, feed_states
from analytics.scoring.silence import silent_now
from analytics.store.counts import Counts
from analytics.wording.silence import agreement_rows, areas_line, state_line, state_rows
from analytics.words import LANGUAGES
from tests.long.sizes import seeds
from tests.scoring.test_silence import COUNTED, GROUPS, world

FIRST, DAYS = date(2019, 10, 1), 60


def rows(random, stop, areas="ABCD", usual=(4, 2, 1, 0.4)):
    """Records a day by two channels, of which one or an area stops after ``stop`` days."""
    return [
        (area, f"{FIRST + timedelta(days=day)}", channel)
        for day in range(stop)
        for area, mean in zip(areas, usual, strict=True)
        for channel in ("hotline", "clinic")
        for _ in range(random.poisson(mean))
    ]


def facts_of(*sent):
    return area_counts_for(Counts.of_records(world(*sent, areas=GROUPS)), COUNTED)


@pytest.mark.parametrize("holidays", [[], [{"day": f"{FIRST + timedelta(days=DAYS + 2)}", "working": "no"}]])
def test_a_feed_that_stops_is_told_on_the_day_that_was_printed(holidays):
    for seed in seeds(3):
        random = np.random.default_rng([17, seed])
        before = rows(random, DAYS)
        go_on = [(row[0], f"{pd.Timestamp(row[1]) + timedelta(days=DAYS):%Y-%m-%d}", "clinic")
                 for row in before if row[2] == "clinic"]  # fmt: skip
        made = Counts.of_records(world(before, go_on, areas=GROUPS, **({"holidays": holidays} if holidays else {})))
        facts = area_counts_for(made, COUNTED)
        last = FIRST + timedelta(days=max((pd.Timestamp(row[1]).date() - FIRST).days for row in before
                                          if row[2] == "hotline"))  # fmt: skip
        (told,) = [state.told_after for state in feed_states(facts, last) if state.code == "12345"]
        assert told
        silent = [[feed.code for feed in silent_now(facts, last + timedelta(days=ahead))] for ahead in (told - 1, told)]
        assert ["12345" in codes for codes in silent] == [False, True]


def test_an_area_that_stops_is_told_on_the_day_that_was_printed_and_which_cannot_be_told_are_named():
    random = np.random.default_rng(18)
    before = rows(random, DAYS)
    go_on = [(row[0], f"{pd.Timestamp(row[1]) + timedelta(days=DAYS):%Y-%m-%d}", row[2])
             for row in before if row[0] != "A"]  # fmt: skip
    facts = facts_of(before, go_on)
    last = max(pd.Timestamp(row[1]).date() for row in before if row[0] == "A")
    (found,) = area_feeds(facts, last)
    told = found.told_after["A"]
    silent = [[feed.area_id for feed in silent_now(facts, last + timedelta(days=ahead))] for ahead in (told - 1, told)]
    assert ["A" in areas for areas in silent] == [False, True]
    few = facts_of(rows(random, DAYS, usual=(4, 4, 4, 0.02)))
    (found,) = area_feeds(few, FIRST + timedelta(days=DAYS - 1))
    assert [area for area, days in found.told_after.items() if days is None] == ["D"]
    assert not found.never_told
    assert areas_line("zh", found, {"D": "丁网格"}) == (
        "事件，按区域：停报14天内可判断的3个，90天内可判断的另0个，90天内仍难以判断的1个（丁网格）；"
        "从未有数据的区域难以判断，宜约定零报告。"
    )


def test_a_feed_that_agreed_and_never_sent_is_there_with_no_last_day():
    sent = rows(np.random.default_rng(19), DAYS)
    agreed = [{"table": "incidents", "feed": "patrol", "every": "day", "zero_report": "yes", "since": f"{FIRST}"}]
    facts = area_counts_for(Counts.of_records(world(sent, areas=GROUPS, agreements=agreed)), COUNTED)
    (state,) = [one for one in feed_states(facts, FIRST + timedelta(days=9)) if one.code == "patrol"]
    assert (state.rows, state.last, state.agreed) == (0, None, True)
    assert state.silent
    for lang in LANGUAGES:
        assert state_line(lang, state)
        assert state_rows(lang, [state])[0]["silent"]
    (row,) = agreement_rows("zh", [state])
    assert row["every"] == "每日"

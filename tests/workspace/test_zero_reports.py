"""Zero reports on their way in: what a corrected file replaces, and what records say against them."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.access import Actor
from analytics.store import Store
from analytics.words import LANGUAGES
from analytics.workspace import Workspace, loads, open_workspace

AREAS = "area_id,name,level,parent_id\nK,大社区,community,\nA,甲网格,grid,K\nB,乙网格,grid,K\nC,丙网格,grid,\n"
FIRST = date(2026, 3, 1)


def day(n):
    return FIRST + timedelta(days=int(n))


@pytest.fixture
def ws():
    made = Workspace(Actor("甲", "local"), open_workspace().home, date(2026, 5, 1))
    load(made, "areas", "areas.csv", AREAS)
    return made


def load(ws, table, name, text):
    return loads.load_file(ws, loads.Incoming(table, (name, text.encode())))[1]


def zero(*rows):
    """A file of zero reports: feed, area, first and last day (numbers)."""
    lines = (f"incidents,{feed},{area},{day(first)},{day(last)}\n" for feed, area, first, last in rows)
    return f"table,feed,area_id,from,to\n{''.join(lines)}"


def told(added, lang="zh"):
    return " ".join(note.text(lang) for note in added.notes)


def of(days):
    """Days as the store has them: feed and day of each report."""
    return {(feed, day(n)) for feed, n in days}


def held():
    rows = Store.open().table("reports")
    return {
        (feed, one.date())
        for feed, first, last in zip(rows["feed"].fillna(""), rows["from_day"], rows["to_day"], strict=True)
        for one in pd.date_range(first, last)
    }


def test_a_corrected_file_of_the_same_name_takes_the_place_of_the_wrong_one_and_says_what_is_gone(ws):
    load(ws, "reports", "零报告.csv", zero(("", "", 10, 29)))
    added = load(ws, "reports", "零报告.csv", zero(("clinic", "", 28, 29)))
    assert held() == of([("clinic", 28), ("clinic", 29)])
    assert added.replaced
    for lang in LANGUAGES:
        assert "20" in told(added, lang)
        assert "2026" in told(added, lang)
    loads.undo(ws, added.number)
    assert held() == of([("", n) for n in range(10, 30)])


def test_what_a_wider_report_speaks_of_is_not_gone(ws):
    load(ws, "reports", "r.csv", zero(("clinic", "A", 1, 4), ("clinic", "B", 3, 9)))
    added = load(ws, "reports", "r.csv", zero(("", "A", 1, 4), ("clinic", "", 3, 6)))
    assert "3天" in told(added), "the three days of B after the sixth"


@pytest.mark.parametrize("seed", range(6))
def test_a_file_of_the_same_name_replaces_what_it_speaks_of_and_others_add_up(ws, seed):
    draw = np.random.default_rng(seed)
    live = []
    for number in range(6):
        name = f"{draw.choice(list('xy'))}.csv"
        first = int(draw.integers(0, 30))
        # A file is of a feed of its own, so that none is the same as another by chance.
        feed, days = f"school-{number}", range(first, first + int(draw.integers(1, 6)))
        added = load(ws, "reports", name, zero((feed, "", days[0], days[-1])))
        gone = [one for one in live if one[0] == name and set(one[2]) & set(days)]
        assert bool(added.replaced) == bool(gone)
        assert all(one[1] in told(added) for one in gone)
        live = [one for one in live if one not in gone] + [(name, feed, days)]
        assert held() == of([(feed, n) for _, feed, days in live for n in days])


@pytest.mark.parametrize("seed", range(6))
def test_days_with_records_are_told_against_a_zero_report_of_a_whole_table_or_area(ws, seed):
    draw = np.random.default_rng(seed)
    had = {area: sorted(draw.choice(20, draw.integers(1, 4), replace=False).tolist()) for area in "ABC"}
    rows = "".join(f"{area}{n},{day(n)},{area},fever,grid\n" for area, days in had.items() for n in days)
    load(ws, "incidents", "i.csv", f"incident_id,occurred_at,area_id,category,channel\n{rows}")
    for area, inside in (("", "ABC"), ("K", "AB"), ("A", "A"), ("C", "C")):
        against = {n for one in inside for n in had[one] if 5 <= n <= 14}
        added = load(ws, "reports", f"{area}.csv", zero(("", area, 5, 14)))
        for lang in LANGUAGES:
            said = told(added, lang)
            assert bool(said) == bool(against)
            assert not against or f"{len(against)}" in said
        assert ("大社区" in told(added)) == (area == "K" and bool(against))
    # What is of one feed is not held against the others.
    assert not told(load(ws, "reports", "clinic.csv", zero(("clinic", "", 5, 14))))

"""Whose doing a change is while a feed is silent: the silence has its own changes only, neither better nor worse."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.releases.bulletin import as_text
from analytics.releases.publishing import ReleaseInput
from analytics.scoring import area_counts_for, assess
from analytics.scoring.summary import changes, taken_back
from analytics.store import Counts
from analytics.tiers import RANK
from analytics.words import LANGUAGES
from tests.long.sizes import seeds
from tests.releases.small_office import Office
from tests.releases.test_overtaken_drafts import decided
from tests.scoring.small_world import incident, indicator, records, scheme, three_areas

STOP = date(2020, 2, 10)
"""The first day without the clinic."""

FIRST, LAST = date(2019, 12, 1), date(2020, 2, 29)


@pytest.fixture
def office(home):
    return Office(home)


def chosen(high=40, version=1):
    points = {"method": "linear", "linear": {"low": 0, "high": high}}
    return scheme([indicator(points=points)], version=version)


def town(random, *, agreed, clinic=3, more=0):
    """Fevers that a clinic tells of until it stops, one a day and area of a grid, and ``more`` of the grid in A in the
    silence."""
    rows = []
    for day in pd.date_range(FIRST, LAST):
        for area in "ABC":
            n = {"clinic": clinic if day.date() < STOP else 0, "grid": 1 + more * (day.date() >= STOP and area == "A")}
            rows += [
                incident(f"{channel}{day:%m%d}{area}{k}", area, f"{day:%Y-%m-%d}", channel=channel)
                for channel, number in n.items()
                for k in range(number)
            ]
    order = random.permutation(len(rows))
    agreements = [
        {"table": "incidents", "feed": "clinic", "every": "daily", "zero_report": "yes", "since": "2020-01-01"}
    ]
    told = {"agreements": agreements} if agreed else {}
    return records(areas=three_areas(), incidents=[rows[at] for at in order], reports=[], **told)


def publish(office, world, rules, *days):
    counts = Counts.of_records(world)
    for day in days:
        office.publish(ReleaseInput(area_counts_for(counts, rules), rules, FIRST + timedelta(days=30), day))


def moves(told, lang="zh"):
    return "\n".join(item.text(lang) for item in told.bulletin.sections["moves"])


def test_what_fell_before_a_guess_could_tell_is_taken_back_up_and_is_no_worsening(tmp_path):
    seen = 0
    for seed in seeds(4):
        random = np.random.default_rng([14, seed])
        office = Office(tmp_path / f"{seed}")
        office.home.mkdir()
        clinic, before = int(random.integers(2, 5)), int(random.integers(3, 6))
        world = town(random, agreed=False, clinic=clinic)
        days = [STOP + timedelta(days=at) for at in (-1, before, before + int(random.integers(2, 6)))]
        publish(office, world, chosen(), *days)
        told = office.report(2, 3)
        back = taken_back(told.before.assessment, told.after.assessment)
        for change in told.comparison.changes:
            assert back[change.area_id] == (change.raised is None)
            assert (change.cause == "silence") == back[change.area_id]
            seen += back[change.area_id]
        if back.all():
            assert "上调1" not in moves(told).replace("不计为上调", "")
            assert "上升" not in as_text(told.bulletin, "zh")
            assert "不计为上调" in moves(told)
            assert all("not counted as raised" in moves(told, "en") for _ in LANGUAGES)
    assert seen


@pytest.mark.parametrize("agreed", [True, False])
def test_what_rises_on_the_feeds_that_go_on_is_a_worsening(office, agreed):
    world = town(np.random.default_rng(2), agreed=agreed, more=4)
    publish(office, world, chosen(), *(STOP + timedelta(days=at) for at in (1, 9)))
    told = office.report(1, 2)
    (found,) = [change for change in told.comparison.changes if change.area_id == "A"]
    assert (found.raised, found.after) == (True, "red")
    assert found.cause != "silence"
    assert "上调为红色" in moves(told)


def test_of_two_days_of_one_run_the_same_is_told():
    world = town(np.random.default_rng(3), agreed=False)
    counts = area_counts_for(Counts.of_records(world), chosen())
    run = assess(counts, chosen(), pd.DatetimeIndex([STOP + timedelta(days=at) for at in (4, 9)]))
    assert (run.shown[1] > run.shown[0]).all()
    assert changes(run)["raised"].isna().all()


@pytest.mark.parametrize("high", [60, 80, 200])
@pytest.mark.parametrize("first", [-1, 2])
def test_another_scheme_in_a_silence_is_not_called_silence_and_what_it_lowers_is_said(office, high, first):
    world = town(np.random.default_rng(4), agreed=True)
    publish(office, world, chosen(), STOP + timedelta(days=first))
    publish(office, world, chosen(high, version=2), STOP + timedelta(days=first + 3))
    told = office.report(1, 2)
    assert {change.area_id for change in told.comparison.changes} == {*"ABC"}
    for change in told.comparison.changes:
        assert RANK[change.after] < RANK[change.before]
        assert change.cause in ("several", "method")
        assert change.raised is None
    overall = "\n".join(item.text("zh") for item in told.bulletin.sections["overall"])
    assert "不下调" not in overall
    assert "不计为好转" in overall
    assert "因数据中断或补齐" not in moves(told)
    assert "下调" not in moves(told).replace("上调、下调", "")


def test_a_decision_that_ends_in_a_silence_is_no_doing_of_the_data(office):
    decided(office, STOP, STOP + timedelta(days=3), area="A")
    decided(office, STOP + timedelta(days=4), STOP + timedelta(days=9), tier="green", area="B")
    world = town(np.random.default_rng(5), agreed=True)
    publish(office, world, chosen(), *(STOP + timedelta(days=at) for at in (2, 6, 12)))
    for before, after, area in ((1, 2, "A"), (1, 2, "B"), (2, 3, "B")):
        told = office.report(before, after)
        (found,) = [change for change in told.comparison.changes if change.area_id == area]
        assert found.cause == "decision"
        assert found.raised is not False or not any(found.carried)
        assert "因数据中断或补齐" not in moves(told)


def test_an_area_that_has_no_tier_any_more_is_the_doing_of_the_silence(office):
    world = town(np.random.default_rng(6), agreed=True)
    publish(office, world, chosen(), *(STOP + timedelta(days=at) for at in (5, 16)))
    told = office.report(1, 2)
    assert {(change.after, change.cause) for change in told.comparison.changes} == {("unknown", "silence")}
    assert "因数据中断或补齐变动3个" in moves(told)

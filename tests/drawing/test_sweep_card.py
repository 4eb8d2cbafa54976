"""The card of a sweep: a bar a line, none of them added, nothing full that is not, and no place by its number."""

import re
from datetime import date

import pytest

from analytics.drawing.sweep import SweepShown, empty_card, sweep_card
from analytics.exhibits.sweep import SweepNames
from analytics.response.sweep import tally
from analytics.response.sweep_plan import need_of
from analytics.response.sweep_sample import Confirmed
from tests.response.sweep_world import FIRST, calls, campaign, register, row

NAMES = SweepNames({"A": "甲<b>", "B": "乙"}, {"A": "东社区"}, {"T1": "一组"}, "来源")


def shown(*rows, day=FIRST, found=None, drawn=0, **more):
    state = tally(campaign(**more), register(), calls(*rows) if rows else None, None, day)
    return SweepShown(state, need_of(state, {"T1": 2, "T2": 1}), found, drawn, NAMES, {"A": "red"}, "area")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_line_has_its_bars_and_its_numbers(lang):
    html = sweep_card(lang, shown(row("P1", "2026-10-20 19:00", 1, 10, met=6, recorded=5, vacant=1)))
    assert html.count('class="line"') == 5
    bars = re.findall(r'class="(called|met|recorded)" style="width:([\d.]+)%', html)
    assert [(stage, round(float(width), 1)) for stage, width in bars[9:12]] == [
        ("called", 20.5),
        ("met", 13.6),
        ("recorded", 11.4),
    ]
    assert "11.4%" in html  # 5 of 44
    assert "&lt;b&gt;" in html
    assert "<b>甲<b>" not in html
    assert 'href="area?area=A"' in html
    assert "P1" not in html
    assert "100%" not in re.sub(r'style="[^"]*"', "", html)


def test_a_bar_that_is_not_full_never_looks_so():
    when = "2026-10-20 19:00"
    whole = [row("P2", when, 1, 20, met=20), row("P1", when, 1, 10, met=10)]
    html = sweep_card("zh", shown(*whole, row("P3", when, 1, 15, met=15, recorded=14)))
    widths = re.findall(r'class="recorded" style="width:([\d.]+)%', html)
    assert any(float(one) <= 99 for one in widths)


def test_where_nothing_was_imported_there_is_a_dash_and_no_bar():
    html = sweep_card("zh", shown())
    assert 'class="called" style' not in html
    assert html.count("—") >= 15
    assert "尚未导入平台的上门数据" in html


def test_what_is_missing_is_said_in_bold():
    html = sweep_card("zh", shown(row("P1", "2026-10-20 19:00", 1, 1, met=1), hours_a_day=0.1))
    assert re.search(r'<p class="told short">还需[\d.]+对时，可用2.7对时，缺[\d.]+对时</p>', html)


def test_the_check_stands_beside_what_is_reported():
    all_met = row("P1", "2026-10-20 19:00", 1, 10, met=10)
    found = Confirmed(60, 60, 57, 0.95, 0.865, 0.983, 0.953)
    html = sweep_card("zh", shown(all_met, day=date(2026, 10, 29), found=found, drawn=60))
    assert "抽查60户，属实95.0%（86.5%～98.3%）；上报95.3%" in html


def test_without_a_sweep_it_says_how_to_have_one():
    assert "campaigns/NAME/campaign.yaml" in empty_card("en")

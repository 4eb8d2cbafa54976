"""The first page in words: the headline names who changed, lists agree with the marks, a wait is told by days."""

import re
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import tiers
from analytics.releases.noise_floor import NoiseFloor
from analytics.scoring.overrides import Override, with_overrides
from analytics.scoring.reasons import ShownTier
from analytics.scoring.summary import area_marks, changes
from analytics.wording.overview import (
    FILTERS,
    Glance,
    HeldAgainst,
    change_filters,
    change_rows,
    changed_counts,
    headline,
    legend,
    priority_rows,
)
from analytics.wording.tier_changes import from_to, wait_text, what_moved
from analytics.words import LANGUAGES
from tests.scoring.test_marks import LAST
from tests.scoring.test_marks import pair as pair


@pytest.fixture(scope="module")
def glance(pair):
    return Glance(pair)


def headed(lang, run):
    glance = Glance(run)
    return headline(lang, glance, HeldAgainst("week", None, glance))


def text(parts):
    return "".join(part["text"] for part in parts)


def with_shown(pair, before, after):
    """The same run with other shown tiers on both days, and nothing decided by people."""
    shown = np.stack([np.resize(before, pair.shown.shape[1]), np.resize(after, pair.shown.shape[1])]).astype("int8")
    return replace(pair, shown=shown, published=shown, override_left=np.full_like(pair.override_left, -1))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_headline_names_up_to_six_and_says_how_many_there_are(pair, lang):
    n = pair.shown.shape[1]
    for raised in (3, 6, 9):
        run = with_shown(pair, [1], [4] * raised + [1] * (n - raised))
        parts = headed(lang, run)
        named = [part for part in parts if part["area_id"]]
        assert [part["area_id"] for part in named] == list(changes(run).index[:6])
        assert (f"{raised}" in text(parts).replace(f"{raised + 0}个，", "")) or raised <= 6
        assert ("等9个" in text(parts) or "9 areas" in text(parts)) == (raised == 9)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_person_decided_is_named_first_and_called_so_though_it_is_the_mildest(pair, lang):
    n = pair.shown.shape[1]
    run = with_shown(pair, [1], [4] * (n - 1) + [0])
    decided = run.override_left.copy()
    decided[-1, -1] = 3
    run = replace(run, override_left=decided)
    parts = headed(lang, run)
    assert next(part["area_id"] for part in parts if part["area_id"]) == run.areas.index[-1]
    assert text(parts).count({"zh": "（人工调整）", "en": "(manual override)"}[lang]) == 1


def test_a_chip_counts_the_rows_that_it_shows(glance):
    for chip in change_filters("zh", glance, "all"):
        rows = change_rows("zh", glance, chip["id"], None, {})
        assert chip["text"].endswith(f"{len(rows)}"), chip


def test_the_headline_says_the_hardest_first_and_from_where_it_went_more_than_a_step(pair):
    n = pair.shown.shape[1]
    run = with_shown(pair, [0, 3, 2] + [1] * (n - 3), [3, 2, 1] + [1] * (n - 3))
    said = text(headed("zh", run))
    assert re.search(r"^\w+由绿色上调为橙色；\w+下调为黄色，\w+下调为蓝色。红色、橙色1个，与上周持平。$", said), said
    said = text(headed("en", run))
    assert "raised from green to orange; " in said
    assert said.endswith("Red and orange: 1, the same as in the previous week.")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_nothing_changed_it_says_so_and_how_many_wait(pair, lang):
    still = with_shown(pair, [2], [2])
    waiting = int(area_marks(still)["held"].sum())
    said = text(headed(lang, still))
    assert said.startswith({"zh": f"没有等级变动，{waiting}个", "en": "No tier changes; areas held"}[lang])
    assert change_rows(lang, Glance(still), "all", None, {}) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_day_alone_is_held_against_nothing(pair, lang):
    alone = pair.on(pair.days[-1])
    said = text(headed(lang, alone))
    assert said.startswith({"zh": "没有可比较的一期。红色、橙色", "en": "There is nothing to compare"}[lang])
    assert changed_counts(lang, Glance(alone), None) == []
    assert {row["by"] for row in priority_rows(lang, Glance(alone), None, 5, None, "上期")} == {""}


def test_what_it_is_held_against_has_its_name(glance):
    entry = SimpleNamespace(number=7, year=2026, number_of_year=5, withdrawn=False)
    said = [HeldAgainst(way, one, glance).text("zh") for way, one in (("previous", entry), ("week", None))]
    assert said == ["上期", "上周"]
    assert "第5期" in HeldAgainst("release", entry, glance).text("zh")


def test_what_may_be_chance_is_said_of_computed_tiers_alone(glance):
    for low, high, said in ((0, 3, "超出"), (0, 40, "未超出"), (30, 40, "少于")):
        final, computed = changed_counts("zh", glance, NoiseFloor(12, 5.0, low, high, 200, 1))
        assert final == f"等级变动{len(glance.changed)}个"
        assert computed == f"测算等级变动12个，{said}偶然波动（{low}～{high}个）"
    was, now = glance.pair.computed[[0, -1]]
    both = (was != tiers.UNKNOWN_RANK) & (now != tiers.UNKNOWN_RANK)
    assert changed_counts("zh", glance, None)[1] == f"测算等级变动{(was != now)[both].sum()}个"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_filters_legend_rows_and_marks_count_the_same(glance, lang):
    told = {one["id"]: int(re.search(r"\d+", one["text"])[0]) for one in change_filters(lang, glance, "all")}
    marks = {one["name"]: int(re.search(r"\d+", one["text"])[0]) for one in legend(lang, glance)}
    assert tuple(told) == FILTERS
    for kind in FILTERS[1:]:
        rows = change_rows(lang, glance, kind, None, {})
        assert len(rows) == told[kind] == marks[kind] == int(glance.marks[kind].sum()), kind
        assert all(kind in {mark["name"] for mark in row["marks"]} for row in rows)
    everything = change_rows(lang, glance, "all", None, {})
    below = [row["area_id"] for row in everything if row["override"]]
    assert {row["area_id"] for row in everything} == set(glance.changed.index) | set(below)
    # Overrides in force stand below all others.
    assert [row["override"] for row in everything] == sorted(row["override"] for row in everything)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_change_has_a_cause_and_every_mark_that_keeps_a_wait(glance, lang):
    for kind in ("all", "held", "override"):
        for row in change_rows(lang, glance, kind, None, {}):
            assert row["why"], row
            kept = {mark["name"] for mark in row["marks"]} & {"held", "override", "carried"}
            assert bool(kept) == bool(row["wait_mark"]), row
            if kept and row["changed"]:
                assert row["wait"], row


def test_an_override_says_what_people_gave_as_its_reason_and_its_last_day(pair):
    area = str(pair.areas.index[7])
    run = with_overrides(pair, [Override(area, "red", "研究决定", "admin", LAST, LAST + timedelta(days=7))])
    rows = change_rows("zh", Glance(run), "override", area, {area: "研究决定"})
    (row,) = [row for row in rows if row["area_id"] == area]
    assert (row["why"], row["wait"], row["chosen"]) == ("研究决定", "人工调整：至11月7日", True)
    assert what_moved("zh", run, area) == "人工调整"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_priority_rows_leave_out_what_is_not_known(glance, lang):
    rows = priority_rows(lang, glance, None, 5, None, "上周")
    assert [row["due"] for row in rows] == [None] * 5
    first = rows[0]["area_id"]
    told = priority_rows(lang, glance, first, 5, None, "上周")
    assert [row["chosen"] for row in told] == [True] + [False] * 4
    assert rows[0]["post"] == {"zh": "包联领导", "en": "lead officer"}[lang]


def shown(**given):
    plain = {
        "day": date(2026, 10, 31), "tier": "blue", "why": "held", "computed": "green", "published": "blue",
        "least": "green", "most": "green", "carried": 0, "carried_until": None, "waiting_for": "green", "days_held": 5,
        "days_needed": 21, "next_change": date(2026, 11, 16), "override_until": None,
    }  # fmt: skip
    return ShownTier(**(plain | given))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "保持：测算为绿，16天后可降"),
        ({"tier": "red", "published": "red", "waiting_for": "orange"}, "保持：测算为绿，16天后可降为橙"),
        ({"computed": "red", "waiting_for": "red"}, "保持：测算为红，16天后可升"),
        ({"computed": "red", "waiting_for": "yellow"}, "保持：测算为红，16天后可升为黄"),
        ({"next_change": None}, "保持：测算为绿"),
        ({"why": "override", "override_until": date(2026, 11, 7)}, "人工调整：至11月7日"),
        ({"why": "override"}, "人工调整"),
        ({"why": "carried", "carried": 3}, "沿用第3天，数据中断"),
        ({"why": "computed"}, ""),
        ({"why": "missing"}, ""),
    ],
)
def test_a_wait_is_told_in_days(given, said):
    assert wait_text("zh", shown(**given)) == said


@given(
    st.integers(0, 9999), st.integers(0, 9999), st.sampled_from(["", "天", "（每千人）", "%", " per 1,000 residents"])
)
def test_two_values_have_their_unit_once(before, after, unit):
    assert from_to(f"{before}{unit}", f"{after}{unit}") == f"{before}→{after}{unit}"

"""How tiers that are carried on are told: never as computed, never as better, with both ends and the last day."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.scoring.assess import Assessment
from analytics.scoring.summary import carried_areas
from analytics.tiers import UNKNOWN_RANK
from analytics.wording import overview, reasons
from analytics.wording.silence import interruption, interruption_parts
from analytics.words import LANGUAGES
from tests.interrupted import interrupted
from tests.scoring.small_world import assessed, days, given, incident, indicator, records, scheme, three_areas

STEADY = {"confirm_up_days": 1, "confirm_down_days": 1, "minimum_stay_days": 1, "one_step_down": False}


def run_of(n: int, stop: str = "2020-02-20", last: str = "2020-02-25") -> Assessment:
    """``n`` fevers a day in A, from a clinic that says so every day, until it stops; a hotline goes on."""
    every = pd.date_range("2020-01-01", last).strftime("%Y-%m-%d")
    fevers = [incident(f"{day}-{k}", "A", day, channel="clinic") for day in every if day < stop for k in range(n)]
    calls = [incident(f"{area}-{day}", area, day, "noise", channel="12345") for day in every for area in "BC"]
    made = records(
        areas=three_areas(wealth=[50, 50, 50]),
        incidents=[*fevers, *calls],
        reports=[{"table": "incidents", "feed": "12345", "from": "2019-12-01", "to": last}],
        agreements=[
            {
                "table": "incidents",
                "feed": "clinic",
                "every": "daily",
                "zero_report": "yes",
                "post": "desk",
                "since": "2020-02-01",
            },
        ],
    )
    chosen = scheme(
        [indicator()], [given("wealth", weight=0.2)], stability=STEADY, missing={"minimum_known_weight": 0.1}
    )
    return assessed(made, chosen, days("2020-02-18", last))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("n", [1, 2, 3])
def test_from_the_day_the_feed_stops_tiers_are_carried_and_say_so_everywhere(lang, n):
    run = run_of(n)
    carried = run.areas.index[carried_areas(run)]
    assert len(carried)
    assert (run.shown[-1] >= run.shown[1])[run.shown[-1] != UNKNOWN_RANK].all()
    word = {"zh": "沿用", "en": "carried"}[lang]
    for area_id in carried:
        assert word in reasons.sentence(lang, run, area_id).lower()
        lines = {line["label"]: line["text"] for line in reasons.ground_lines(lang, run, area_id)}
        told = " ".join(lines.values())
        assert {"zh": "2月20日", "en": "20 Feb"}[lang] in told
        assert lines[{"zh": "等级区间", "en": "Possible tiers"}[lang]]
        assert lines[{"zh": "数据中断", "en": "Interrupted"}[lang]]
        assert ("3月" if lang == "zh" else "Mar") in told  # when it becomes unknown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_headline_says_which_feed_for_how_many_days_and_how_many_are_carried(lang):
    run = run_of(2)
    label, told = interruption_parts(lang, run)
    carried = int(carried_areas(run).sum())
    assert label
    assert ("{}个" if lang == "zh" else "{} area").format(carried) in told
    assert "6" in told
    assert "门诊" in told or "linic" in told
    assert interruption(lang, run).startswith(label)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_said_where_nothing_is_interrupted(lang):
    run = run_of(2, stop="2021-01-01")
    assert interruption_parts(lang, run) is None
    assert interruption(lang, run) == ""


@pytest.mark.parametrize("seed", range(4))
def test_a_lower_tier_that_is_carried_stands_in_no_group_of_lighter_ones(seed):
    run = interrupted(run_of(3, stop="2021-01-01").on(*days("2020-02-24", "2020-02-25")), seed=seed, share=0.9, lower=2)
    moved = (run.shown[0] != run.shown[-1]).any()
    glance = overview.Glance(run)
    said = "".join(part["text"] for part in overview.headline("zh", glance, overview.HeldAgainst("week", None, glance)))
    assert "下调" not in said
    assert ("不计为好转" in said) == moved
    rows = overview.change_rows("zh", overview.Glance(run), "all", None, {})
    assert all("lowered" not in {mark["name"] for mark in row["marks"]} for row in rows)
    assert bool(rows) == moved
    assert overview.change_rows("zh", overview.Glance(run), "lowered", None, {}) == []


def test_what_a_person_decided_is_not_called_carried():
    run = interrupted(run_of(2, stop="2021-01-01"), share=1.0)
    left = np.full_like(run.override_left, 3)
    assert not carried_areas(replace(run, override_left=left)).any()
    assert np.count_nonzero(carried_areas(run)) == np.count_nonzero(run.shown[-1] != UNKNOWN_RANK)

"""Noise: the figures by which the default rule was chosen, and how they are computed."""

import unicodedata

import numpy as np
import pandas as pd
import pytest

from analytics.scoring.noise import (
    AREAS,
    RECOMMENDED,
    SETTINGS,
    WINDOWS,
    colour_changes_per_week,
    noise_report,
    noise_table,
    true_reds,
)


@pytest.fixture(scope="module")
def table():
    return noise_table().set_index(["setting", "window_days"])


def test_every_setting_is_measured_on_every_window(table):
    assert set(table.index) == {(setting, window) for setting in SETTINGS for window in WINDOWS}
    assert table.columns.tolist() == ["changes", "false_reds", "reds", "delay_days"]
    assert table.drop(columns="delay_days").map(lambda share: 0 <= share <= 1).all(axis=None)
    assert (table["delay_days"] >= 1).all()


def test_without_a_rule_half_of_the_areas_change_colour_every_week(table):
    assert table.loc[("none", 14), "changes"] == pytest.approx(0.50, abs=0.03)


def test_with_the_recommended_rule_an_eighth_does_and_a_real_rise_shows_in_about_a_week(table):
    assert table.loc[RECOMMENDED, "changes"] == pytest.approx(0.13, abs=0.02)
    assert 6 <= table.loc[RECOMMENDED, "delay_days"] <= 9


def test_no_setting_that_is_as_quick_is_steadier_than_the_recommended_one(table):
    quick = table[table["delay_days"] <= 9]
    assert quick["changes"].idxmin() == RECOMMENDED


def test_fast_up_and_slow_down_on_weekly_rates_shows_three_times_the_true_reds(table):
    assert table.loc[("ratchet", 7), "reds"] > 3 * true_reds()
    assert table.loc[("ratchet", 7), "false_reds"] > 2 * table.loc[("none", 7), "false_reds"]


def test_a_longer_window_is_steadier_without_a_rule(table):
    assert table.loc["none", "changes"].is_monotonic_decreasing


@pytest.mark.parametrize("seed", [1, 2])
def test_the_choice_does_not_hang_on_the_seed(seed):
    setting, window = RECOMMENDED
    row = noise_table({setting: SETTINGS[setting]}, [window], seed).iloc[0]
    assert row["changes"] == pytest.approx(0.13, abs=0.02)
    assert row["delay_days"] <= 9


def test_the_same_seed_gives_the_same_table_and_another_does_not():
    few = {"none": SETTINGS["none"]}
    pd.testing.assert_frame_equal(noise_table(few, [7], 5), noise_table(few, [7], 5))
    assert noise_table(few, [7], 5)["changes"][0] != noise_table(few, [7], 6)["changes"][0]


def test_about_one_area_in_ten_is_truly_red():
    assert round(true_reds() * AREAS) == pytest.approx(AREAS / 10, rel=0.25)


def test_changes_are_counted_against_the_week_before():
    published = np.zeros((15, 2), dtype=np.int8)
    published[8:, 0] = 3  # differs from a week before on days 8 to 14; day 7 and the other area do not
    assert colour_changes_per_week(published) == 7 / 16


def test_unknown_days_are_no_change_of_colour():
    published = np.zeros((8, 3), dtype=np.int8)
    published[0, 0] = published[7, 1] = -1
    assert colour_changes_per_week(published) == 0
    published[7, 2] = 1
    assert colour_changes_per_week(published) == 1


@pytest.mark.parametrize("published", [np.zeros((7, 2)), np.zeros((0, 0)), np.full((9, 2), -1)])
def test_a_history_with_nothing_to_compare_has_no_figure(published):
    assert np.isnan(colour_changes_per_week(published))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_is_a_table_whose_columns_stand_in_line(lang, table):
    lines = noise_report(lang).splitlines()
    body = lines[2 : 3 + len(table)]
    marked = [line for line in body if line.endswith(" ←")]
    assert len(marked) == 1
    assert f"{table.loc[RECOMMENDED, 'changes']:.1%}" in marked[0]
    wide = {
        sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line.removesuffix(" ←"))
        for line in body
    }
    assert len(wide) == 1


def test_the_rules_that_are_measured_are_those_of_the_method():
    """Days to confirm a rise and a fall, days to stay, whether one step at a time, and the tiers that rise at once."""
    rules = {name: rule for name, rule in SETTINGS.items() if name != "none"}
    assert {
        name: (rule.confirm_up_days, rule.confirm_down_days, rule.minimum_stay_days, rule.one_step_down)
        for name, rule in rules.items()
    } == {
        "ratchet": (1, 14, 1, True), "confirm_7": (7, 7, 1, False), "confirm_14": (14, 14, 1, False),
        "stay_21": (14, 14, 21, True), "at_once_2": (14, 14, 21, True),
    }  # fmt: skip
    assert rules["at_once_2"].at_once_when_tiers_up == 2

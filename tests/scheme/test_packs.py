"""The schemes that ship: each is whole, says where its numbers come from, and grades the sample data sensibly."""

import io
from datetime import date
from itertools import pairwise
from typing import get_args

import pandas as pd
import pytest

from analytics import tiers
from analytics.__main__ import main
from analytics.loaders import load_records, sample_datasets
from analytics.scheme import Scheme, pack_ids, scheme_named
from analytics.scheme.conditions import named_in
from analytics.scheme.model import Measure
from analytics.scheme.reading import PACKS
from analytics.scoring import Assessment, area_counts_for, assess, first_full_day, reassess
from analytics.scoring.noise import colour_changes_per_week
from analytics.store.counts import Counts
from analytics.workspace.datasets import SAMPLES

PRECEDENTS = {
    "epidemic": ("2020年2月", "February 2020"),
    "rentals": ("龙岗", "Longgang"),
    "venues": ("每2小时", "every 2 hours"),
    "elders": ("图木舒克", "Tumxuk"),
}
RESPONSE = "response"
HAN = range(0x4E00, 0x9FFF + 1)

each_pack = pytest.mark.parametrize("name", sorted(PRECEDENTS))


@pytest.fixture(scope="module")
def samples():
    """Counts and description of each sample, read once."""
    found = {}
    for info in sample_datasets(SAMPLES):
        files = {table: info.folder / file for table, file in info.files.items()}
        found[info.id] = Counts.of_records(load_records(files, date(2026, 11, 1))[0]), info
    return found


def assessed(samples, data: str, scheme: Scheme, days: int = 1) -> Assessment:
    """The assessment of the last ``days`` days of a sample."""
    counts, info = samples[data]
    return assess(area_counts_for(counts, scheme), scheme, pd.date_range(end=info.default_date, periods=days))


def test_the_four_schemes_ship_and_the_street_offers_them(samples):
    assert pack_ids() == tuple(PRECEDENTS)
    assert samples["demo_street"][1].schemes == ("epidemic", "rentals", "venues", "elders")


@each_pack
def test_a_scheme_is_of_a_size_that_a_leader_can_hold(name):
    scheme = scheme_named(name)
    assert 6 <= len(scheme.indicators) <= 12
    assert 3 <= len(scheme.dimensions) <= 4


@each_pack
def test_response_is_kept_apart_from_difficulty(name):
    scheme = scheme_named(name)
    assert [dimension.id for dimension in scheme.dimensions].count(RESPONSE) == 1
    for dimension in scheme.dimensions:
        measures = {indicator.measure for indicator in dimension.every_indicator()}
        assert bool(measures & {"coverage", "visit_rate", "overdue", "open", "per_check"}) == (
            dimension.id == RESPONSE
        ), dimension.id


def test_together_they_use_every_measure():
    used = {indicator.measure for name in PRECEDENTS for indicator in scheme_named(name).indicators}
    assert used == set(get_args(Measure))


@each_pack
def test_nobody_is_profiled(name):
    """Where people come from, and that nobody was home or did not agree, give no points and make no tier."""
    for item in scheme_named(name).indicators:
        asked = [wanted for where in (item.where, item.of) for wanted in where.items()]
        assert not [column for column, _ in asked if column == "origin"], item.id
        values = [value for column, wanted in asked if column == "outcome" for value in values_of(wanted)]
        assert not {"refused", "nobody_home"} & set(values), item.id


def values_of(wanted: object) -> tuple[object, ...]:
    """What a condition takes, one or several."""
    return wanted if isinstance(wanted, tuple) else (wanted,)


@each_pack
def test_every_name_is_said_in_both_languages(name):
    scheme = scheme_named(name)
    named = [scheme, *scheme.dimensions, *scheme.indicators, *scheme.floors]
    texts = [item.name for item in named] + [measure.text for measure in scheme.measures.values()] + [scheme.note]
    assert len({text.zh for text in texts}) == len(texts)
    for text in texts:
        assert any(ord(letter) in HAN for letter in text.zh), text
        assert not any(ord(letter) in HAN for letter in text.en), text


@each_pack
def test_checks_are_rarer_the_lighter_the_tier(name):
    measures = scheme_named(name).measures
    cadence = [measures[tier].cadence_days for tier in reversed(tiers.RANKED)]
    assert all(more_often < rarer for more_often, rarer in pairwise(cadence))


@each_pack
def test_the_stability_rule_is_the_one_that_was_measured(name):
    rule = scheme_named(name).stability
    assert (rule.confirm_up_days, rule.confirm_down_days, rule.minimum_stay_days) == (14, 14, 21)
    assert (rule.at_once_when_tiers_up, rule.one_step_down) == (2, True)


@each_pack
def test_floors_are_there_and_refer_to_indicators_of_the_scheme(name):
    scheme = scheme_named(name)
    known = {("indicator", indicator.id) for indicator in scheme.indicators}
    assert len(scheme.floors) >= 2
    assert {found for floor in scheme.floors for found in named_in(floor.when)} <= known


@each_pack
def test_the_note_marks_the_example_and_names_what_it_leans_on(name):
    note = scheme_named(name).note
    assert note.zh.startswith("示例（非官方）")
    assert note.en.startswith("Example, not official")
    for precedent, text in zip(PRECEDENTS[name], (note.zh, note.en), strict=True):
        assert precedent in text


@each_pack
def test_each_group_of_numbers_says_where_it_comes_from(name):
    lines = (PACKS / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    groups = ("dimensions:", "tiers:", "floors:", "missing:", "stability:", "measures:")
    for at, line in enumerate(lines):
        if line.startswith(groups):
            before = "\n".join(lines[at - 5 : at + 2])
            assert "自定" in before or "先例" in before, line


@each_pack
def test_the_street_shows_a_believable_spread_on_the_last_day(samples, name):
    scheme = scheme_named(name)
    run = assessed(samples, "demo_street", scheme)
    for ranks in (run.computed[-1], run.published[-1]):
        shown = {tier: int((ranks == tiers.RANK[tier]).sum()) for tier in tiers.SHOWN}
        assert min(shown[tier] for tier in tiers.RANKED) >= 1, shown
        assert 2 <= shown["unknown"] <= 4, shown
        assert shown["blue"] + shown["green"] >= shown["yellow"] + shown["orange"] + shown["red"], shown
        assert shown["red"] <= 5, shown


@each_pack
def test_every_indicator_is_known_for_nearly_every_grid(samples, name):
    run = assessed(samples, "demo_street", scheme_named(name))
    known = pd.notna(run.values[-1]).sum(axis=0)
    assert dict(zip(run.indicator_ids, known >= 50, strict=True)) == dict.fromkeys(run.indicator_ids, True)


@each_pack
def test_over_a_year_published_tiers_neither_freeze_nor_flicker(samples, name):
    scheme = scheme_named(name)
    run = assessed(samples, "demo_street", scheme, days=365)
    assert first_full_day(samples["demo_street"][0], scheme) <= run.days[0].date()
    published, computed = (colour_changes_per_week(ranks) for ranks in (run.published, run.computed))
    assert 0.03 < published < 0.15
    assert published < computed / 2
    moved = (run.published[1:] != run.published[:-1]).any(axis=0)
    assert moved.mean() > 0.7


def test_elders_grades_trafford_though_nothing_is_known_there_of_the_response(samples):
    scheme = scheme_named("elders")
    run = assessed(samples, "trafford", scheme)
    counted = run.areas["households"].notna().to_numpy()
    assert (~counted).sum() == 18
    assert (run.published[-1][~counted] == tiers.UNKNOWN_RANK).all()
    silent = run.areas.index.isin([feed.area_id for feed in run.silent])
    assert silent.sum() <= 7
    assert run.known[-1][counted & ~silent].min() == pytest.approx(0.95)
    # The twentieth that the response weighs leaves a third of the tiers open, unless it is left out.
    lacking = (run.computed[-1] == tiers.UNKNOWN_RANK).sum()
    assert 200 < lacking < 300
    rule = scheme.missing.model_copy(update={"left_out": ("visit_rate_30d", "overdue_calls")})
    without = reassess(run, scheme.model_copy(update={"missing": rule}))
    assert without.known[-1][counted & ~silent].min() == 1
    shown = {tier: int((without.computed[-1] == tiers.RANK[tier]).sum()) for tier in tiers.SHOWN}
    assert (~counted).sum() <= shown["unknown"] <= (~counted | silent).sum()
    assert min(shown.values()) >= 5


DOGS = """\
id: dogs
version: 1
name: {zh: 文明养犬, en: Dogs}
level: grid
note: {zh: 示例（非官方），数字均为虚构。, en: "Example, not official; all numbers are made up."}
dimensions:
  - id: trouble
    name: {zh: 扰民, en: Trouble}
    weight: 70
    indicators:
      - id: barking_21d
        name: {zh: 近21天噪声扰民, en: "Noise, 21 days"}
        from: incidents
        where: {category: [noise]}
        measure: rate
        window_days: 21
        per: {base: population, scale: 1000}
        points: {method: linear, linear: {low: 0, high: 6}}
        weight: 60
        actionable: true
      - id: mess_21d
        name: {zh: 近21天环境卫生, en: "Dirt, 21 days"}
        from: incidents
        where: {category: [sanitation]}
        measure: rate
        window_days: 21
        per: {base: population, scale: 1000}
        points: {method: linear, linear: {low: 0, high: 6}}
        weight: 40
  - id: response
    name: {zh: 处置, en: Response}
    weight: 30
    indicators:
      - id: overdue_matters
        name: {zh: 逾期事项, en: Matters overdue}
        from: incidents
        where: {category: [noise, sanitation]}
        measure: overdue
        points: {method: linear, linear: {low: 0, high: 3}}
        weight: 1
tiers: {blue: 15, yellow: 30, orange: 45, red: 60}
floors:
  - {at_least: yellow, when: {indicator: overdue_matters, op: ">=", value: 2}, name: {zh: 逾期, en: Overdue}}
missing: {minimum_known_weight: 0.6}
stability: {confirm_up_days: 14, confirm_down_days: 14, minimum_stay_days: 21}
measures:
  red: {cadence_days: 1, minutes_per_check: 10, text: {zh: 每日巡查, en: Patrol every day}}
"""


def test_a_fifth_domain_is_one_file_and_nothing_else(samples, tmp_path, capsys):
    file = tmp_path / "dogs.yaml"
    file.write_text(DOGS, encoding="utf-8")
    info = samples["demo_street"][1]
    tables = [f"--{table}={info.folder / name}" for table, name in info.files.items() if table != "teams"]
    assert main(["check-scheme", str(file)]) == 0
    assert "文明养犬" in capsys.readouterr().out
    assert main(["score", "--scheme", str(file), *tables, "--date", str(info.default_date)]) == 0
    table = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert len(table) == 52
    assert {"value:barking_21d", "points:mess_21d", "value:overdue_matters"} <= set(table.columns)
    assert table["published_tier"].nunique() >= 4

"""What tables and maps that are taken along say of tiers that are carried on."""

import pytest

from analytics import tiers
from analytics.briefing.exhibit import drawn, map_picture
from analytics.exhibits import overview
from analytics.exhibits.captions import Caption
from analytics.exhibits.exhibit import as_csv
from analytics.scoring.summary import carried_areas, carried_counts, changes
from analytics.words import LANGUAGES, say
from tests.interrupted import interrupted


@pytest.fixture(scope="module")
def stopped(pair):
    return interrupted(pair)


def areas_of(lang, run):
    return overview.areas(lang, lambda: Caption("街道", ()), run).make()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_carried_area_says_so_beside_its_tier_and_in_a_column_and_no_other_does(stopped, lang):
    table = overview.areas_table(lang, stopped).set_index(say(lang, "exhibits.code"))
    carried = set(stopped.areas.index[carried_areas(stopped)])
    assert carried
    plain = {say(lang, f"tiers.{tier}") for tier in tiers.RANKED}
    for area_id, row in table.iterrows():
        told, column = row[say(lang, "exhibits.tier")][1:], row[say(lang, "exhibits.carried")]
        assert (told in plain or told == say(lang, "tiers.unknown")) == (area_id not in carried)
        assert (column == "—") == (area_id not in carried)
        if area_id in carried:
            assert "7" in column
            assert row[say(lang, "exhibits.score")] == "—"


def test_a_file_for_a_spreadsheet_never_says_a_plain_tier_of_a_carried_area(stopped):
    text = as_csv(areas_of("zh", stopped)).decode("utf-8-sig")
    for area_id in stopped.areas.index[carried_areas(stopped)]:
        (line,) = (line for line in text.splitlines() if f",{area_id}," in line)
        assert "沿用，未核实" in line


@pytest.mark.parametrize("lang", LANGUAGES)
def test_counts_tell_how_many_of_each_tier_are_carried(stopped, lang):
    table = overview.counts_table(lang, stopped)
    assert table[say(lang, "exhibits.carried_of")].tolist() == carried_counts(stopped).tolist()
    assert table[say(lang, "exhibits.carried_of")].sum() == carried_areas(stopped).sum()


def test_the_picture_of_a_map_has_a_dotted_line_in_each_carried_area_and_says_what_it_means(stopped):
    made = overview.map_of("zh", "exhibits.map", lambda: Caption("街道", ()), stopped, None, {}).make()
    assert map_picture(made.map).count('class="carried"') == carried_areas(stopped).sum()
    assert made.marks["carried"] == f"沿用{carried_areas(stopped).sum()}"
    assert made.about[0].startswith("数据中断：门诊")


def test_a_map_without_carried_areas_has_no_such_mark(pair):
    made = overview.map_of("zh", "exhibits.map", lambda: Caption("街道", ()), pair, None, {}).make()
    assert 'class="carried"' not in map_picture(made.map)
    assert "carried" not in made.marks
    assert not any("数据中断" in line for line in made.about)


def test_a_picture_of_the_table_marks_the_chip(stopped):
    rows = drawn(areas_of("zh", stopped))["rows"][1:]
    chips = [cell for row in rows for cell in row if cell["tier"]]
    assert sum(cell["carried"] for cell in chips) == min(40, len(rows)) - sum(not cell["carried"] for cell in chips)
    assert any(cell["carried"] for cell in chips)
    assert all(("沿用" in cell["text"]) == cell["carried"] for cell in chips)


def test_a_lower_tier_that_is_carried_is_no_improvement(pair):
    run = interrupted(pair, lower=1)
    carried = set(run.areas.index[carried_areas(run)])
    moved = changes(run)
    lowered = moved[moved["raised"].eq(other=False).fillna(value=False)]
    assert carried.isdisjoint(lowered.index)
    assert moved.loc[sorted(carried & set(moved.index)), "raised"].isna().any()
    assert overview.moves_table("zh", run)[say("zh", "exhibits.areas")].sum() == len(moved)

"""What is taken along from a page holds what the page shows, and what it needs to be read elsewhere."""

import csv
import io
import re
from dataclasses import replace

import pandas as pd
import pytest

from analytics import tiers
from analytics.briefing import tables
from analytics.briefing.exhibit import (
    FORMS,
    ROWS_IN_A_PICTURE,
    Exhibit,
    as_csv,
    as_tabs,
    drawn,
    exhibit_file,
    file_name,
)
from analytics.drawing import cards
from analytics.errors import BriefingError
from analytics.releases import verify
from analytics.releases.publishing import entry_of, predecessor, report
from analytics.words import LANGUAGES

ABOUT = ("截至2026年10月31日24时", "筛选：云桥社区", "来源：虚构")


@pytest.fixture(scope="module")
def told(office):
    entry = entry_of(office.ledger, 2)
    return report(office.home, office.ledger, predecessor(office.ledger, entry), entry)


@pytest.fixture(scope="module")
def pair(told):
    held = told.after.assessment
    return held.on(*held.days[-2:])


def exhibit(table, kind="table", **more):
    return Exhibit("zh", "各等级区域数", "每周末", ABOUT, table, kind, **more)


def read(content):
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in content
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_spreadsheet_gets_title_lines_and_every_row():
    table = pd.DataFrame({"数": range(100), "名": [f"第{n}网格" for n in range(100)]}, index=range(1, 101))
    rows = read(as_csv(exhibit(table.rename_axis("位次"))))
    assert [row[0] for row in rows[:5]] == ["各等级区域数", "每周末", *ABOUT]
    assert rows[6] == ["位次", "数", "名"]
    assert rows[-1] == ["100", "99", "第99网格"]
    assert len(rows) == 7 + 100
    assert drawn(exhibit(table))["rows"][-1][1]["text"] == str(ROWS_IN_A_PICTURE - 1)
    assert "60" in drawn(exhibit(table))["more"]


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "\r=1"])
def test_no_text_is_run_by_a_spreadsheet(cell):
    rows = read(as_csv(exhibit(pd.DataFrame({cell: [cell]}, index=pd.Index([cell], name=cell)))))
    for row in rows[-2:]:
        assert all(not text.startswith(("=", "+", "-", "@", "\t", "\r")) for text in row)
    assert all(not text.startswith("=") for text in as_tabs(exhibit(pd.DataFrame({"a": [cell]}))).split())


def test_numbers_changes_and_dashes_stay_what_they_are():
    table = pd.DataFrame({"a": [-3, 2], "b": ["+1", "-2.5"], "c": ["—", "<10"]})
    assert [row[1:] for row in read(as_csv(exhibit(table)))[-2:]] == [["-3", "+1", "—"], ["2", "-2.5", "<10"]]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_of_the_pages_is_drawn_and_says_the_counts_of_the_run(told, pair, lang):
    held = pair.counts().iloc[-1].astype(int).to_list()
    assert tables.counts(lang, pair).iloc[:, 2].to_list() == held
    assert len(tables.areas(lang, pair)) == sum(held)
    assert tables.tiers_by_day(lang, pair).iloc[-1].to_list() == held
    assert tables.compared_counts(lang, told.comparison).iloc[:, -1].to_list() == held
    assert tables.from_tier_to_tier(lang, told.comparison.transitions).to_numpy().sum() == told.comparison.compared
    assert len(tables.compared_areas(lang, told.comparison)) == len(told.comparison.changes)
    assert len(tables.reason(lang, pair, pair.areas.index[0], {})) == len(pair.scheme.indicators)
    shares = tables.method(lang, pair).iloc[:, 3].str.rstrip("%").astype(float)
    assert shares.sum() == pytest.approx(100, abs=len(shares) / 2)
    assert tables.compared_causes(lang, told.comparison).iloc[-1, 0] == len(told.comparison.changes)
    assert tables.compared_causes(lang, told.comparison).iloc[:-1, 0].sum() == len(told.comparison.changes)
    assert tables.moves(lang, pair).iloc[:, 2].sum() == (pair.shown[0] != pair.shown[1]).sum()


@pytest.mark.parametrize("form", FORMS)
def test_each_kind_comes_in_each_form(told, pair, form):
    weekly = told.after.incidents.tail(20)
    kinds = [
        exhibit(tables.areas("zh", pair)),
        exhibit(tables.tiers_by_day("zh", told.after.assessment), "stacked"),
        exhibit(tables.weekly("zh", weekly, {name: name for name in weekly}), "lines"),
        exhibit(
            tables.areas("zh", pair),
            "map",
            picture=tables.map_picture(pair, None, tables.raised_in(pair)),
            legend={"red": 2, "unknown": 0},
            marks=("加重", "减轻"),
        ),
        exhibit(tables.weekly("zh", weekly.tail(1) * 0, {name: name for name in weekly}), "lines"),
        exhibit(tables.moves("zh", pair).head(0)),
    ]
    made = [exhibit_file(one, form) for one in kinds]
    start = {"png": b"\x89PNG", "svg": b"<svg", "csv": b"\xef\xbb\xbf"}[form]
    assert all(content.startswith(start) for content in made)


def test_the_lines_about_it_are_in_the_picture_and_a_sign_that_the_font_lacks_stops_it():
    shown = exhibit(pd.DataFrame({"a": [1]}))
    assert set(ABOUT) <= set(drawn(shown)["about"])
    with pytest.raises(BriefingError, match="𰻝"):
        exhibit_file(replace(shown, about=("𰻝",)), "png")


def test_a_small_count_is_told_as_such_in_every_form(office):
    held = verify(office.home, office.ledger, 2).assessment()
    small = held.small.copy()
    number = next(at for at, item in enumerate(held.scheme.indicators) if item.measure == "stock_rate")
    small[-1, 0, number] = True
    table = tables.reason("zh", replace(held, small=small), held.areas.index[0], {})
    told = [row[1]["text"] for row in drawn(exhibit(table))["rows"]]
    assert any("<10" in text for text in told)
    assert any("<10" in row[1] for row in read(as_csv(exhibit(table)))[-len(table) :])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_reason_reads_as_its_card_does_and_no_cell_is_empty(pair, lang):
    area = pair.areas.index[0]
    rows = cards.indicator_rows(lang, pair, area, {})
    assert tables.reason(lang, pair, area, {}).iloc[:, 0].to_list() == [row["value"] for row in rows]
    for table in (tables.areas(lang, pair), tables.method(lang, pair), tables.reason(lang, pair, area, {})):
        assert not table.isna().to_numpy().any()
        assert (table.astype(str) != "").to_numpy().all()


def test_a_map_marks_what_the_comparison_says_and_not_what_changed_over_the_weeks_before(told):
    held = told.after.assessment
    moved = {one.area_id: one.raised for one in told.comparison.changes if one.raised is not None}
    assert moved
    assert tables.raised_in(held) != moved
    plain, marked = (tables.map_picture(held, None, which) for which in ({}, moved))
    assert marked.count("<circle") - plain.count("<circle") >= len(moved)
    assert tables.map_picture(held, None, {"no such area": True}) == plain


def test_areas_without_shapes_have_no_map_and_a_sentence_says_so(pair):
    flat = replace(pair, areas=pd.DataFrame(pair.areas.drop(columns="geometry")))
    with pytest.raises(BriefingError, match="no boundaries"):
        tables.map_picture(flat, None, {})


def test_a_tier_is_a_chip_and_numbers_stand_under_each_other(pair):
    data = drawn(exhibit(tables.counts("zh", pair)))
    assert [row[0]["tier"] for row in data["rows"][1:]] == list(tiers.SHOWN)
    assert data["right"] == [False, False, True, True, True]
    wide = drawn(exhibit(tables.areas("zh", pair)))
    assert [bool(share) for share in wide["widths"]].count(True) >= 1
    assert not wide["right"][2]


def test_days_are_days_in_a_spreadsheet_and_short_on_an_axis(told):
    shown = exhibit(tables.tiers_by_day("zh", told.after.assessment), "stacked")
    assert read(as_csv(shown))[-1][0] == "2026-10-31"
    assert drawn(shown)["labels"][-1] == "10月31日"
    held = told.after.assessment.counts().iloc[-1].astype(int)
    assert [one["text"].rsplit(" ", 1)[1] for one in drawn(shown)["legend"]] == [
        str(held[tier]) for tier in tiers.SHOWN
    ]


def test_a_file_name_says_what_and_when_in_safe_characters(told):
    named = file_name(replace(exhibit(pd.DataFrame()), title='为什么：a/b\\c*?"<网格>' * 9), told.after.day, "csv")
    assert re.fullmatch(r"为什么_a_b_c_网格_[\w]+_2026-10-31\.csv", named)
    assert len(named.encode()) < 255
    older = replace(exhibit(pd.DataFrame()), day=told.before.day)
    assert file_name(older, told.after.day, "png") == f"各等级区域数_{told.before.day}.png"


def test_counts_stand_in_the_order_of_the_tiers(pair):
    names = tables.counts("zh", pair).index.to_list()
    assert [name[0] for name in names] == [tiers.LOOKS[tier].mark for tier in tiers.SHOWN]

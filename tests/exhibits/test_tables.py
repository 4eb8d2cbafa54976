"""Every table that can be taken along says the counts of the run, as its page does."""

from dataclasses import replace

import pandas as pd
import pytest

from analytics import tiers
from analytics.errors import BriefingError
from analytics.exhibits import comparison, overview
from analytics.exhibits.captions import Origin, caption_of_list, caption_of_run, filtered_by
from analytics.exhibits.exhibit import pending_table
from analytics.exhibits.method import indicators_table
from analytics.wording.indicators import indicator_rows
from analytics.words import LANGUAGES

ORIGIN = Origin("示例街道", "虚构", "示例数据", "示意图")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_of_the_pages_says_the_counts_of_the_run(pair, lang):
    held = pair.counts().iloc[-1].astype(int).to_list()
    assert overview.counts_table(lang, pair).iloc[:, 2].to_list() == held
    assert len(overview.areas_table(lang, pair)) == sum(held)
    assert overview.tiers_by_day_table(lang, pair).iloc[-1].to_list() == held
    assert overview.moves_table(lang, pair).iloc[:, 2].sum() == (pair.shown[0] != pair.shown[1]).sum()
    assert len(overview.reason_table(lang, pair, pair.areas.index[0], {})) == len(pair.scheme.indicators)
    shares = indicators_table(lang, pair).iloc[:, 3].str.rstrip("%").astype(float)
    assert shares.sum() == pytest.approx(100, abs=len(shares) / 2)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_of_two_releases_says_how_many_changed(told, pair, lang):
    compared = told.comparison
    held = pair.counts().iloc[-1].astype(int).to_list()
    assert comparison.counts_table(lang, compared).iloc[:, -1].to_list() == held
    assert comparison.transitions_table(lang, compared.transitions).to_numpy().sum() == compared.compared
    assert len(comparison.changes_table(lang, compared)) == len(compared.changes)
    assert comparison.causes_table(lang, compared).iloc[-1, 0] == len(compared.changes)
    assert comparison.causes_table(lang, compared).iloc[:-1, 0].sum() == len(compared.changes)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_reason_reads_as_its_card_does_and_no_cell_is_empty(pair, lang):
    area = pair.areas.index[0]
    rows = indicator_rows(lang, pair, area, {})
    reason = overview.reason_table(lang, pair, area, {})
    assert reason.iloc[:, 0].to_list() == [row["value"] for row in rows]
    for table in (overview.areas_table(lang, pair), indicators_table(lang, pair), reason):
        assert not table.isna().to_numpy().any()
        assert (table.astype(str) != "").to_numpy().all()


def test_counts_stand_in_the_order_of_the_tiers(pair):
    names = overview.counts_table("zh", pair).index.to_list()
    assert [name[0] for name in names] == [tiers.LOOKS[tier].mark for tier in tiers.SHOWN]


def test_a_map_marks_what_the_comparison_says_and_not_what_changed_over_the_weeks_before(told):
    held = told.after.assessment
    moved = {one.area_id: one.raised for one in told.comparison.changes if one.raised is not None}
    assert moved
    assert comparison.raised(told.comparison) == moved
    assert overview.raised_in(held) != moved
    marked = overview.map_content(held, None, moved).marks
    assert {area: "raised" in marks for area, marks in marked.items() if {"raised", "lowered"} & set(marks)} == moved


def test_areas_without_shapes_have_no_map_and_a_sentence_says_so(pair):
    flat = replace(pair, areas=pd.DataFrame(pair.areas.drop(columns="geometry")))
    with pytest.raises(BriefingError, match="no boundaries"):
        overview.map_content(flat, None, {})


def test_the_caption_says_day_release_scheme_filter_order_and_source(pair, office):
    entry = next(entry for entry in office.ledger.releases() if entry.number == 2)
    caption = caption_of_run("zh", ORIGIN, pair.scheme, entry.day, entry, filtered_by("zh", "云桥社区"))
    assert "示例街道" in caption.place
    first, chosen, order, source = caption.lines
    assert "截至2026年10月31日24时" in first
    assert pair.scheme.name.zh in first
    assert "云桥社区" in chosen
    assert order
    assert "虚构" in source
    assert "示例数据" in source
    assert len(caption_of_run("zh", ORIGIN, pair.scheme, entry.day, None).lines) == 3
    as_of, source_now = caption_of_list("zh", ORIGIN, pair.scheme, entry.day).lines
    assert "2026年10月31日" in as_of
    assert source_now == source


def test_nothing_is_made_before_it_is_asked_for(pair):
    made = []
    caption = caption_of_run("zh", ORIGIN, pair.scheme, pair.days[-1].date(), None)
    exhibit = pending_table(
        "zh", "exhibits.counts", lambda: made.append("caption") or caption,
        lambda: made.append("table") or overview.counts_table("zh", pair), hint="每周末",
    )  # fmt: skip
    assert made == []
    assert (exhibit.make().title, exhibit.make().hint, exhibit.make().about) == (exhibit.title, "每周末", caption.lines)
    assert made[:2] == ["caption", "table"]

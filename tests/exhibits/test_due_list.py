"""The card and the tables of the due list: what they show adds up, and numbers stand only where they may be told."""

import re
from dataclasses import replace
from datetime import date, datetime

import pandas as pd
import pytest

from analytics.drawing import due_list as drawing
from analytics.drawing.due_list import due_list_card
from analytics.exhibits.captions import Caption
from analytics.exhibits.due_list import due_list, in_one
from analytics.response.due_list import DUE
from analytics.response.due_list import due_list as due_list_of
from analytics.response.hazards import hazards
from analytics.scheme import scheme_named
from analytics.scoring import area_counts_for, assess
from analytics.store import Counts
from analytics.wording.due_list import COLUMNS, Told, attention_rows, column_name, notes, post_rows, summary
from analytics.words import LANGUAGES, say
from tests.office import LAST, SAMPLES
from tests.scoring.small_world import incident, indicator, records, scheme, three_areas

CAPTION = Caption("示例街道", ("截至2026年10月31日24时",))
EIGHT = datetime.fromisoformat("2026-11-01T08:00")


@pytest.fixture(scope="module")
def street():
    from analytics.loaders import load_records

    files = {"areas": SAMPLES / "demo_street" / "areas.geojson", "incidents": SAMPLES / "demo_street" / "incidents.csv",
             "residents": SAMPLES / "demo_street" / "residents.csv"}  # fmt: skip
    chosen = scheme_named("epidemic")
    facts = area_counts_for(Counts.of_records(load_records(files, LAST)[0]), chosen)
    return facts, assess(facts, chosen, pd.DatetimeIndex([LAST]))


def told_of(street, *, numbered):
    facts, run = street
    return Told(run, due_list_of(facts, LAST, EIGHT, numbered=numbered), hazards(facts, LAST, numbered=numbered))


def small(numbered=True, **changed):
    """Three areas without posts, one incident overdue and one sent back, one old hazard and one without a place."""
    usual = {"channel": "12345", "status": "open", "due_at": None, "closed_at": None, "returned": "否"}
    rows = [
        incident("SJ<b>1", "A", "2020-02-01", "noise", **usual | {"due_at": "2020-02-10 09:05"} | changed),
        incident("SJ2", "B", "2020-02-02", "noise", **usual | {"returned": "是"}),
        incident("SJ3", "C", "2020-01-01", "noise", **usual | {"status": "closed", "closed_at": "2020-01-02"}),
    ]
    of = {"kind": "inspection", "checked_at": "2020-01-10", "outcome": "finding"}
    checks = [
        {"check_id": "JC1", "area_id": None, "place_id": "CS1", **of},
        {"check_id": "JC2", "area_id": "A", "place_id": None, **of},
    ]
    places = [{"place_id": "CS1", "area_id": "C", "kind": "shop"}]
    chosen = scheme([indicator()])
    held = records(areas=three_areas(), incidents=rows, checks=checks, places=places)
    facts, day = area_counts_for(Counts.of_records(held), chosen), date(2020, 2, 20)
    found = due_list_of(facts, day, datetime.fromisoformat("2020-02-21T08:00"), numbered=numbered)
    run = assess(facts, chosen, pd.DatetimeIndex([day]))
    return Told(run, found, hazards(facts, day, numbered=numbered))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_rows_by_post_add_up_to_the_total_and_no_cell_is_empty(street, lang):
    told = told_of(street, numbered=True)
    rows = post_rows(lang, told)
    assert [row["total"] for row in rows] == [False] * (len(rows) - 1) + [True]
    for name in COLUMNS:
        assert sum(row[name] for row in rows[:-1]) == rows[-1][name]
    assert len({row["post"] for row in rows}) == len(rows)
    for one in due_list(lang, lambda: CAPTION, told):
        table = one.make().table
        assert table.columns.is_unique
        assert not table.isna().to_numpy().any()
        assert (table.astype(str) != "").to_numpy().all()


def test_a_post_answers_for_the_areas_of_its_tiers(street):
    told = told_of(street, numbered=True)
    scheme_ = told.run.scheme
    for row in post_rows("zh", told)[:-1]:
        areas = [
            area for area, tier in told.tier.items()
            if tier in scheme_.measures and scheme_.measures[tier].post
            and scheme_.measures[tier].post.text("zh") == row["post"]
        ]  # fmt: skip
        if areas:
            assert row["open"] == told.found.open["area_id"].isin(areas).sum()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_card_and_the_sentence_say_the_total(street, lang):
    told = told_of(street, numbered=False)
    card, sums = due_list_card(lang, told), told.found.sums()
    assert [int(n) for n in re.findall(r'num[^"]*">(\d+)</td>', card)[-len(COLUMNS) :]] == [
        sums[one] for one in COLUMNS
    ]
    numbers = [int(n) for n in re.findall(r"\d+", summary(lang, told))]
    assert all(sums[name] in numbers for name in (*DUE, "open", "repeated"))
    assert column_name(lang, told.found, "within_days") in card


def test_the_clock_is_said():
    told = small()
    assert summary("zh", told).startswith(
        "2月21日8:00：未办结2件，逾期1件；当日到期0件，24小时内0件，三个工作日内（至2月26日）"
    )
    assert summary("en", told).startswith("8:00, 21 Feb: 2 open, 1 overdue;")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_incident_and_hazard_has_its_numbers_where_they_may_be_told(lang):
    told = small()
    card = due_list_card(lang, told)
    assert card.count("<details>") == 2
    assert all(number in card for number in ("SJ&lt;b&gt;1", "SJ2", "CS1", "JC1"))
    assert "SJ<b>" not in card
    titles = [one.title for one in due_list(lang, lambda: CAPTION, told)]
    assert len(set(titles)) == len(titles) == 4
    assert in_one(lang, lambda: CAPTION, told).table.index.tolist() == ["SJ<b>1", "SJ2"]
    overdue = in_one(lang, lambda: CAPTION, told).table.iloc[0]
    assert overdue.iloc[3] == say(lang, "tasks.overdue", n=11)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_the_right_there_is_no_number_in_card_or_tables(lang):
    told = small(numbered=False)
    exhibits = [one.make() for one in due_list(lang, lambda: CAPTION, told)]
    assert len(exhibits) == 2
    said = due_list_card(lang, told) + "".join(
        one.table.to_csv() + one.title + one.hint + "".join(one.about) for one in exhibits
    )
    assert not re.search(r"SJ|CS1|JC1", said)
    assert "<details>" not in said
    assert len(in_one(lang, lambda: CAPTION, told).table) == 2  # no post is named; and the total


def test_what_records_do_not_tell_is_a_dash_and_what_they_tell_is_counted(street):
    values = {row["name"]: row["value"] for row in attention_rows("zh", told_of(street, numbered=False))}
    assert (values["退单"], values["超过30天未整改隐患"]) == ("—", "—")
    values = {row["name"]: row["value"] for row in attention_rows("zh", small())}
    assert (values["退单"], values["不满意"], values["超过30天未整改隐患"]) == ("1", "—", "1")


def test_notes_say_what_is_left_out():
    told = small()
    said = "".join(notes("zh", told))
    assert "另有1次检查发现问题而未注明场所" in said
    assert "事件记录自" not in said
    more = replace(told, found=replace(told.found, unclosed=("grid",), begins=date(2020, 2, 1)), hazards=None)
    assert all(word in "".join(notes("zh", more)) for word in ("不列入：网格", "自2020年2月1日起"))
    assert all(len(notes("zh", one)) == len(notes("en", one)) for one in (told, more))


def test_a_long_list_tells_how_many_more_there_are(street, monkeypatch):
    monkeypatch.setattr(drawing, "ROWS_SHOWN", 3)
    told = told_of(street, numbered=True)
    rows = len(in_one("zh", lambda: CAPTION, told).table)
    card = due_list_card("zh", told)
    assert f"另有{rows - 3}行" in card
    assert f"逐件清单（{rows}件，含办结后不满意的）" in card


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_records_the_card_says_what_to_do(lang):
    assert say(lang, "due_list.none") in due_list_card(lang, None)

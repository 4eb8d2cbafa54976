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
from analytics.wording.due_list import (
    COLUMNS,
    Told,
    attention_rows,
    column_name,
    handed_rows,
    hazard_rows,
    notes,
    post_rows,
    summary,
)
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
    return Told(run, due_list_of(facts, LAST, EIGHT, numbered=numbered), hazards(facts, LAST, LAST, numbered=numbered))


def small(numbered=True, follow_up=(), **changed):
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
        *follow_up,
    ]
    places = [{"place_id": f"CS{at}", "area_id": "C", "kind": "shop"} for at in (1, 2, 3)]
    chosen = scheme([indicator()])
    held = records(areas=three_areas(), incidents=rows, checks=checks, places=places)
    facts, day = area_counts_for(Counts.of_records(held), chosen), date(2020, 2, 20)
    found = due_list_of(facts, day, datetime.fromisoformat("2020-02-21T08:00"), numbered=numbered)
    run = assess(facts, chosen, pd.DatetimeIndex([day]))
    return Told(run, found, hazards(facts, day, day, numbered=numbered))


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
    assert (values["退单"], values["超过30天未整改隐患"]) == ("0", "—")  # the sample tells what was sent back
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


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_hazard_says_its_deadline_and_how_it_stands(lang):
    of = {"area_id": None, "kind": "inspection", "outcome": "finding"}
    more = [
        {"check_id": "JC3", "place_id": "CS2", "checked_at": "2020-02-01", **of, "told_at": "2020-02-02",
         "fix_by": "2020-02-10", "handed_to": "消防救援站"},
        {"check_id": "JC4", "place_id": "CS2", "checked_at": "2020-02-12", **of, "handed_to": "消防救援站"},
        {"check_id": "JC5", "place_id": "CS3", "checked_at": "2020-01-01", **of, "handed_to": "消防救援站",
         "handed_number": "街移〔2020〕3号"},
    ]  # fmt: skip
    told = small(follow_up=more)
    bare, late = hazard_rows(lang, told)
    assert (bare["fix_by"], bare["state"]) == ("—", {"zh": "未告知", "en": "not told"}[lang])
    assert (
        late["state"]
        == {
            "zh": "超过整改期限10天、复查仍存在、移交缺部门或文号，仍按未整改、2月2日已告知",
            "en": "10 days past deadline; found again; handed over without department or number, still open; "
            "told 2 Feb",
        }[lang]
    )
    (handed,) = handed_rows(lang, told)
    assert (handed["check"], handed["department"], handed["handed_number"]) == ("JC5", "消防救援站", "街移〔2020〕3号")
    titles = [one.make().title for one in due_list(lang, lambda: CAPTION, told)]
    assert say(lang, "due_list.title_handed") in titles
    card = due_list_card(lang, told)
    assert "街移〔2020〕3号" in card
    assert "街移" not in due_list_card(lang, small(numbered=False, follow_up=more))


def test_hazards_are_counted_by_how_they_stand_and_what_is_not_recorded_is_said():
    of = {"area_id": None, "place_id": "CS2", "kind": "inspection", "checked_at": "2020-02-01", "outcome": "finding"}
    (row,) = (row for row in attention_rows("zh", small()) if "隐患" in row["name"])
    assert row["of"] == "处；未整改共1处（告知未记录、整改期限未记录、移交未记录），近30天整改0处"
    told = small(follow_up=[{"check_id": "JC3", **of, "told_at": "2020-02-02", "fix_by": "2020-02-10", "handed_to": "",
                             "handed_number": ""}])  # fmt: skip
    (row,) = (row for row in attention_rows("zh", told) if "隐患" in row["name"])
    assert row["of"] == "处；未整改共2处（未告知1处、超过整改期限1处、另有已移交0处不计入），近30天整改0处"

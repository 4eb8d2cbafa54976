"""The Data page: what a file is taken for, what keeps it from being loaded, and reports that are opened again."""

import re
from html import unescape

import pytest

from analytics.store import Store
from tests.pages.visits import go, html, labels, press, said, visit
from tests.upgrade.old_homes import unpacked

AREAS = "网格编码,网格名称,层级,人口\nA,甲,网格,900\nB,乙,网格,800\n"
INCIDENTS = "事件编号,网格编码,发生时间,类别,报警人,随手记\n" + "".join(
    f"T{at},{'Z' if at == 3 else 'A'},2026-01-{at:02d},发热,王小二,楼道{at}\n" for at in range(1, 9)
)
LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])


def drop(app, **files):
    """Put files (table=text) into the box, as a clerk does."""
    for name, text in files.items():
        app.file_uploader(key=f"files_{app.session_state['uploads']}").upload(f"{name}.csv", text.encode())
    app.run()
    assert not app.exception
    return app


def picker(app, ending):
    (found,) = [box for box in app.selectbox if box.key and box.key.endswith(ending)]
    return found


def pick(app, ending, value):
    picker(app, ending).set_value(value).run()
    assert not app.exception


def kind(app):
    (found,) = [box for box in app.segmented_control if box.key and box.key.startswith("table_")]
    return found


def preview(app):
    """The rows of the preview: headers, what they are taken for, and then the first rows."""
    (table,) = [part.value for part in app.html if "fc scroll preview" in part.value]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr.*?</tr>", table, re.S)]
    return [[unescape(re.sub("<.*?>", "", cell)) for cell in row] for row in rows]


def load(app):
    return press(app, "load")


def blocked(app):
    return app.button(key="load").disabled


WORDS = {
    "zh": ("事件编号", "区域编码", "发生时间", "事件类别", "因隐私不读取", "未使用，不读取"),
    "en": ("Incident ID", "Area code", "Occurred at", "Category", "Not read, for privacy", "Not used, not read"),
}


@LANGUAGES
def test_the_first_rows_stand_under_their_headers_and_what_these_are_taken_for(lang):
    app = drop(visit("data", lang), incidents=INCIDENTS)
    headers, fields, *rows = preview(app)
    assert headers[1:] == ["事件编号", "网格编码", "发生时间", "类别", "报警人", "随手记"]
    assert tuple(fields[1:]) == WORDS[lang]
    assert len(rows) == 5
    assert rows[0] == [{"zh": "第2行", "en": "row 2"}[lang], "T1", "A", "2026-01-01", "发热", "■■■", "■■■"]
    assert "王小二" not in html(app)
    pick(app, "_incidents_category", "")
    assert preview(app)[1][4] == WORDS[lang][-1]
    assert preview(app)[2][4] == "■■■"


@LANGUAGES
def test_all_columns_are_asked_for_in_the_open_and_the_needed_ones_first(lang):
    app = drop(visit("data", lang), incidents=INCIDENTS)
    asked = [box.label for box in app.selectbox if box.key and box.key.startswith("column_")]
    needed = ["（必需" in text or "(required" in text or "(one of" in text for text in asked]
    assert needed == sorted(needed, reverse=True)
    assert sum(needed) == 5
    assert not any("_" in text for text in asked)
    assert not app.expander


@LANGUAGES
def test_a_needed_column_that_is_missing_blocks_the_button_with_a_sentence_that_names_it(lang):
    app = drop(visit("data", lang), incidents=INCIDENTS.replace("发生时间", "那一天"))
    assert blocked(app)
    (sentence,) = [part.value for part in app.markdown]
    assert WORDS[lang][2] in sentence
    assert "incidents.csv" in sentence
    assert WORDS[lang][0] not in sentence
    pick(app, "_incidents_occurred_at", "那一天")
    assert not blocked(app)
    assert not app.markdown


def test_either_of_two_columns_is_enough_and_a_longitude_is_none_without_its_latitude():
    app = drop(visit("data"), incidents=INCIDENTS.replace("网格编码", "x1").replace("随手记", "y1"))
    (sentence,) = [part.value for part in app.markdown]
    assert "区域编码或经度和纬度" in sentence
    pick(app, "_incidents_lon", "x1")
    assert blocked(app)
    pick(app, "_incidents_lat", "y1")
    assert not blocked(app)


def test_a_needed_column_of_personal_numbers_blocks_too_and_shows_none_of_them():
    text = "事件编号,网格编码,发生时间,类别,热线\n" + "".join(
        f"T{at},A,2026-01-05,1390000{at:04d},1\n" for at in range(30)
    )
    app = drop(visit("data"), incidents=text)
    assert blocked(app)
    assert any("类别" in part.value and "事件类别" in part.value for part in app.markdown)
    assert "1390000" not in html(app)


def test_what_was_chosen_outlives_another_table_language_and_page():
    app = drop(visit("data"), areas=AREAS, incidents=INCIDENTS.replace("发生时间", "那一天"))
    pick(app, "_incidents_occurred_at", "那一天")
    pick(app, "_incidents_category", "随手记")
    table = next(box for box in app.segmented_control if box.value == "incidents")
    table.set_value("checks").run()
    next(box for box in app.segmented_control if box.value == "checks").set_value("incidents").run()
    assert picker(app, "_incidents_occurred_at").value == "那一天"
    app.segmented_control(key="language").set_value("en").run()
    assert picker(app, "_incidents_occurred_at").value == "那一天"
    assert picker(app, "_incidents_category").value == "随手记"
    go(go(app, "trends"), "data")
    assert picker(app, "_incidents_occurred_at").value == "那一天"
    assert picker(app, "_incidents_category").value == "随手记"
    app.segmented_control(key="language").set_value("zh").run()
    assert not blocked(app)
    load(app)
    assert not app.error
    assert [one.columns["occurred_at"] for one in Store.open().loads() if one.table == "incidents"] == ["那一天"]


def test_a_kind_that_was_put_right_outlives_the_page_too():
    app = drop(visit("data"), unclear=INCIDENTS)
    kind(app).set_value("checks").run()
    go(go(app, "trends"), "data")
    assert kind(app).value == "checks"


@LANGUAGES
def test_a_refused_load_loses_neither_the_file_nor_what_was_chosen_for_it(lang):
    app = drop(visit("data", lang), incidents=INCIDENTS.replace("发生时间", "那一天"))
    pick(app, "_incidents_occurred_at", "那一天")
    load(app)
    assert len(app.error) == 1  # there are no areas yet
    assert picker(app, "_incidents_occurred_at").value == "那一天"
    drop(app, areas=AREAS)
    load(app)
    assert not app.error
    assert not [box for box in app.selectbox if box.key and box.key.startswith("column_")]
    assert {one.table for one in Store.open().loads()} == {"areas", "incidents"}


def test_of_two_files_the_one_that_is_refused_waits_and_the_other_is_told_of():
    app = drop(visit("data"), areas=AREAS)
    load(app)
    later = INCIDENTS.replace("2026-01", "2999-01")
    drop(app, incidents=INCIDENTS, later=later)
    load(app)
    assert len(app.error) == 1
    assert any("incidents.csv" in part.value for part in app.success)
    assert "later.csv" in app.error[0].value
    pick(app, "_incidents_severity", "随手记")
    assert not app.error  # it is another load now


def test_a_file_can_be_put_aside():
    app = drop(visit("data"), incidents=INCIDENTS)
    (button,) = [one for one in app.button if one.key.startswith("remove_")]
    press(app, button.key)
    assert not [part for part in app.html if "fc scroll preview" in part.value]
    assert "load" not in {one.key for one in app.button}


def test_the_same_file_chosen_twice_waits_once():
    app = drop(drop(visit("data"), incidents=INCIDENTS), incidents=INCIDENTS)
    preview(app)


@LANGUAGES
def test_the_report_of_any_past_load_is_opened_again(lang):
    app = drop(visit("data", lang), areas=AREAS)
    load(app)
    drop(app, incidents=INCIDENTS)
    load(app)
    at_first = [part.value for part in app.html if 'table class="mend"' in part.value]
    app = visit("data", lang)
    assert 'table class="mend"' not in html(app)
    press(app, "report_show")
    assert [part.value for part in app.html if 'table class="mend"' in part.value] == at_first
    assert "Z" in at_first[0]
    app.selectbox(key="load_number").set_value(1).run()
    press(app, "report_show")
    assert {"zh": "没有修正或退回的行。", "en": "No row was corrected or rejected."}[lang] in said(app)
    press(app, "report_show")
    assert 'class="fc account"' not in html(app)


@LANGUAGES
def test_a_load_of_before_reports_were_kept_says_so(lang, home, tmp_path):
    unpacked("12", tmp_path / "old").folder.rename(home)
    app = press(visit("data", lang, data="own"), "report_show")
    assert len(app.error) == 1
    assert {"zh": "没有保存清单", "en": "kept no report"}[lang] in app.error[0].value


def test_who_may_not_load_opens_no_report(monkeypatch):
    app = drop(visit("data"), areas=AREAS)
    load(app)
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "leader")
    app = visit("data")
    assert "report_show" not in {button.key for button in app.button}
    assert not any("report" in text for text in labels(app))


def test_the_next_file_of_a_source_is_taken_for_the_table_that_was_said_before():
    first = "甲列,乙列,丙列\nA,2026-01-01,发热\nB,2026-01-02,发热\n"
    app = load(drop(visit("data"), areas=AREAS))
    drop(app, week=first)
    kind(app).set_value("incidents").run()
    for column, header in (("area_id", "甲列"), ("occurred_at", "乙列"), ("category", "丙列")):
        pick(app, f"_incidents_{column}", header)
    load(app)
    drop(app, next_week=first.replace("2026-01-0", "2026-01-1"))
    assert kind(app).value == "incidents"
    assert picker(app, "_incidents_category").value == "丙列"
    assert not blocked(app)


def test_the_time_of_the_incident_is_not_taken_for_that_of_its_report():
    app = load(drop(visit("data"), areas=AREAS))
    drop(app, incidents="事件编号,网格编码,受理日期时间,类别\nT1,A,2026-01-01,发热\n")
    kind(app).set_value("incidents").run()
    for column in ("occurred_at", "reported_at"):
        pick(app, f"_incidents_{column}", "受理日期时间")
    assert preview(app)[1].count("发生时间") == 1
    assert not any("上报时间" in cell for cell in preview(app)[1])

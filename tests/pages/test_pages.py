"""Every page, in both languages, on both sets of sample data, without a browser."""

import json
import os
import re
import subprocess
import sys
from datetime import date

import pytest

from analytics.wording.areas import short_name
from analytics.words import say
from analytics.workspace import loads, open_workspace
from tests.pages.visits import CJK, ROOT, WANG, confirm, go, html, planned, press, tab, visit

PAGES = (
    "overview",
    "area",
    "response",
    "trends",
    "method",
    "data",
    "compare",
    "releases",
    "weights",
    "confidence",
    "evidence",
)


def shown_counts(app):
    return {tier: int(count) for tier, count in re.findall(r'data-tier="(\w+)" data-count="(\d+)"', html(app))}


@pytest.mark.parametrize("data", ["demo_street", "trafford"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_without_an_error_and_says_where_its_data_come_from(page, lang, data):
    app = visit(page, lang, data=data)
    assert not app.error
    source = {"zh": "来源：", "en": "Source: "}[lang]
    assert source in html(app)
    if data == "demo_street":
        assert {"zh": "示例数据，地名均为虚构", "en": "Made-up data; all place names are invented"}[lang] in html(app)
    else:
        assert "Open Government Licence" in html(app)


@pytest.mark.parametrize("scheme", ["rentals", "venues", "elders"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_without_an_error_by_every_scheme(page, scheme):
    assert not visit(page, scheme=scheme).error


@pytest.mark.parametrize("page", PAGES)
def test_the_english_pages_have_no_chinese_but_names(page):
    app = visit(page, "en", data="trafford")
    words = [*(part.value for part in app.html), *(part.value for part in app.markdown), *(widget.label for widget in (
        *app.selectbox, *app.date_input, *app.radio, *app.button))]  # fmt: skip
    assert [text for text in words if CJK.search(re.sub(r"<style>.*</style>", "", text, flags=re.DOTALL))] == []


def test_all_five_counts_and_unknown_are_shown_and_add_up():
    counts = shown_counts(visit("overview"))
    assert list(counts) == ["red", "orange", "yellow", "blue", "green", "unknown"]
    assert sum(counts.values()) == 52
    assert counts["unknown"] >= 2
    real = shown_counts(visit("overview", data="trafford"))
    assert sum(real.values()) == 731
    # Nothing is known there of the response: where that leaves the tier open there is none.
    assert real["unknown"] == 283


def test_the_setting_chooses_the_data_at_the_start(monkeypatch):
    monkeypatch.setenv("FIVE_COLOUR_DATA", "trafford")
    assert sum(shown_counts(visit("overview")).values()) == 731
    monkeypatch.setenv("FIVE_COLOUR_DATA", "nowhere")
    app = tab().run()
    assert "nowhere" in app.error[0].value


SHAPES = """
import os, sys, pathlib
from streamlit.testing.v1 import AppTest
import pages.parts.map_files
there = lambda: [oct(f.stat().st_mode & 0o777) for f in pathlib.Path(os.environ["TMPDIR"]).glob("five-colour-*")]
assert there() == []
assert not AppTest.from_file("dashboard.py", default_timeout=60).run().exception
print(there())
"""


def test_the_folder_of_shapes_is_its_owners_alone_and_goes_when_the_server_ends(tmp_path):
    (tmp_path / "tmp").mkdir()
    told = subprocess.run(
        [sys.executable, "-c", SHAPES],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout.strip() == "['0o700']", told.stderr
    assert list((tmp_path / "tmp").glob("five-colour-*")) == []


def test_the_language_switch_changes_the_words():
    app = visit("overview")
    assert say("zh", "overview.priority") in html(app)
    app.segmented_control(key="language").set_value("en").run()
    assert say("en", "overview.priority") in html(app)
    assert app.query_params["lang"] == "en"


def test_the_language_follows_the_browser():
    app = tab(None)
    app.context = {"locale": "en-GB"}
    assert say("en", "overview.priority") in html(app.run())


def test_the_scheme_and_the_date_change_the_colours_and_the_link():
    app = visit("overview")
    before = shown_counts(app)
    app.segmented_control(key="scheme").set_value("elders").run()
    assert shown_counts(app) != before
    app.segmented_control(key="scheme").set_value("epidemic").run()
    first = shown_counts(app)
    app.date_input(key="date").set_value(date(2026, 10, 3)).run()
    assert shown_counts(app) != first
    assert (app.query_params["scheme"], app.query_params["date"]) == ("epidemic", "2026-10-03")
    assert not app.exception


def test_choosing_an_area_opens_its_card():
    app = visit("overview", area="DS-02-03")
    areas = json.loads((ROOT / "sample_data" / "demo_street" / "areas.geojson").read_text(encoding="utf-8"))
    names = {part["properties"]["area_id"]: part["properties"]["name"] for part in areas["features"]}
    preview = html(app).split('class="card preview')[1]
    assert short_name(names["DS-02-03"], "青禾社区") in preview.split("</h2>")[0]
    assert app.query_params["area"] == "DS-02-03"


def test_a_link_opens_the_same_view():
    first = visit("overview", area="DS-02-03", tier="yellow", moves="held")
    link = {name: first.query_params[name] for name in ("data", "scheme", "date", "area", "tier", "moves")}
    assert html(visit("overview", **link)) == html(first)


def test_a_link_to_what_is_not_there_gives_the_nearest_view_and_says_so():
    app = visit("overview", data="nowhere", scheme="none", date="1999-01-01", area="X9")
    said = [part.value for part in app.info]
    assert any("1999年1月1日" in text for text in said)
    assert any("X9" in text for text in said)
    assert sum(shown_counts(app).values()) == 52


def drop(app, **files):
    """Put files (table=text) into the box of the data page, as a clerk does."""
    box = f"files_{app.session_state['uploads']}"
    for name, text in files.items():
        app.file_uploader(key=box).upload(f"{name}.csv", text.encode())
    app.run()


def load(app):
    app.button(key="load").click().run()


AREAS = "网格编码,网格名称,层级,人口\nA,甲,网格,900\nB,乙,网格,800\n"
INCIDENTS = (
    "事件编号,网格编码,发生时间,类别,联系电话\nGD1,A,2026-01-05,发热,13900000000\nGD2,Z,2026-01-06,发热,13900000001\n"
)


def test_a_name_with_markup_in_it_is_text_and_not_markup():
    app = visit("data")
    drop(
        app,
        areas="area_id,name,level,population\nA,<b id=evil>甲</b>,grid,900\nB,乙,grid,800\n",
        incidents="incident_id,area_id,occurred_at,category\n1,A,2026-01-05,<i>fever</i>\n",
    )
    load(app)
    for page in PAGES:
        go(app, page)
        assert "<b id=evil>" not in html(app)


def test_own_files_are_recognised_loaded_kept_and_reported_row_by_row():
    app = visit("data")
    drop(app, 我的区域=AREAS, 事件=INCIDENTS)
    load(app)
    assert not app.exception
    assert app.query_params["data"] == "own"
    text = html(app)
    assert "事件.csv" in text
    assert "联系电话" in text
    assert "13900000000" not in text
    (row,) = rows_to_mend(app)
    assert row[:2] == ["事件.csv", "3"]
    assert "Z" in row[2]
    go(app, "overview")
    assert sum(shown_counts(app).values()) == 2
    again = visit("overview")
    assert again.query_params["data"] == "own"
    assert sum(shown_counts(again).values()) == 2


def test_the_same_file_again_changes_nothing_and_says_so():
    app = visit("data")
    drop(app, areas=AREAS, incidents=INCIDENTS)
    load(app)
    drop(app, incidents=INCIDENTS)
    load(app)
    assert any("未重复写入" in said.value for said in app.success)
    assert len(store_loads(app)) == 2


def test_a_file_that_takes_too_much_away_waits_for_a_second_press():
    head = "事件编号,网格编码,发生时间,类别\n"
    rows = [f"T{at},A,2026-01-{1 + at % 28:02d},噪声\n" for at in range(100)]
    app = visit("data")
    drop(app, areas=AREAS, incidents=head + "".join(rows))
    load(app)
    drop(app, incidents=head + "".join(rows[:70]))
    load(app)
    assert not app.exception
    said = " ".join(part.value for part in app.warning)
    assert "100" in said
    assert "30" in said
    assert len(store_loads(app)) == 2
    app.button(key="held_0_load").click().run()
    assert not app.exception
    assert len(store_loads(app)) == 3
    assert not [button for button in app.button if (button.key or "").startswith("held_")]


def test_a_file_that_waits_and_cannot_be_loaded_any_more_waits_on_and_says_why():
    people = "网格编码,年龄段,人数\nA,70-79岁,390\n"
    app = visit("data")
    drop(app, areas=AREAS, march=people)
    load(app)
    drop(app, june=people.replace("390", "395"))
    load(app)
    ws = open_workspace(actor=WANG)
    loads.undo(ws, 2)
    loads.undo(ws, 1)
    app.button(key="held_0_load").click().run()
    assert not app.exception
    assert any("区域" in part.value for part in app.error)
    assert {button.key for button in app.button} >= {"held_0_load", "held_0_drop"}


def test_a_file_that_waits_can_be_dropped():
    app = visit("data")
    people = "网格编码,年龄段,人数\nA,70-79岁,390\n"
    drop(app, areas=AREAS, march=people)
    load(app)
    drop(app, june=people.replace("390", "395"))
    load(app)
    assert {button.key for button in app.button} >= {"held_0_load", "held_0_add", "held_0_drop"}
    app.button(key="held_0_drop").click().run()
    assert len(store_loads(app)) == 2
    assert not [button for button in app.button if (button.key or "").startswith("held_")]


def rows_to_mend(app):
    """The cells of the rows that were repaired or refused."""
    table = next(part.value for part in app.html if 'table class="mend"' in part.value)
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(<td.*?)</tr>", table)]


def store_loads(app):
    table = next(part.value for part in app.html if 'table class="loads"' in part.value)
    return re.findall(r"<tr(?: class=.past.)?><td class=.end num.>(\d+)</td>", table)


def test_a_load_can_be_taken_back_on_the_page():
    app = visit("data")
    drop(app, areas=AREAS, incidents=INCIDENTS)
    load(app)
    assert app.selectbox(key="load_number").options == ["第2次 · 事件 · incidents.csv", "第1次 · 区域 · areas.csv"]
    app.selectbox(key="load_number").set_value(2).run()
    app.button(key="undo").click().run()
    assert planned(app)[0].startswith("撤销第2次导入（事件，incidents.csv）：其中")
    assert "已撤销" not in html(app)
    form = app.session_state.forms.open
    confirm(app)
    assert "已撤销" in html(app)
    assert [said.value for said in app.success] == ["第2次导入已撤销。"]
    app.session_state.forms.open = form  # a second press that was on its way
    app.run()
    assert not app.exception
    assert [load.status for load in loads.history(open_workspace())] == ["undone", "live"]


def test_taking_back_asks_once_more_and_can_be_left_alone():
    app = visit("data")
    drop(app, areas=AREAS)
    load(app)
    app.button(key="undo").click().run()
    press(app, next(button.key for button in app.button if (button.key or "").startswith("cancel_undo")))
    assert "已撤销" not in html(app)
    assert not planned(app)


def test_taking_areas_back_warns_of_the_loads_that_lie_in_them():
    app = visit("data")
    drop(app, areas=AREAS, incidents=INCIDENTS)
    load(app)
    app.selectbox(key="load_number").set_value(1).run()
    app.button(key="undo").click().run()
    assert any("重新导入区域" in text for text in planned(app))
    confirm(app)
    assert any("第2次导入" in said.value and "区域" in said.value for said in app.warning)
    for page in PAGES:
        go(app, page)


def test_while_files_wait_nothing_is_said_of_those_before_them():
    app = visit("data")
    assert "导入情况 · 示例街道" in html(app)
    drop(app, areas=AREAS)
    assert "导入情况" not in html(app)
    load(app)
    assert "导入情况 · 第1次导入" in html(app)
    assert app.success
    drop(app, incidents=INCIDENTS)
    assert "导入情况" not in html(app)
    assert not app.success


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_clerk_is_told_of_no_shell_command(lang):
    app = visit("data", lang)
    drop(app, areas=AREAS, incidents=INCIDENTS)
    load(app)
    drop(app, incidents=INCIDENTS.replace("发热", "噪声"))
    load(app)
    assert app.warning
    assert not re.search(r"undo \d", " ".join(said.value for said in (*app.warning, *app.success)))


WEST_TO_EAST = (("A", 120.0), ("B", 120.001))


def test_a_file_loaded_again_with_another_datum_gets_a_new_account():
    app = visit("data")
    squares = {name: [[x, 30], [x + 0.001, 30], [x + 0.001, 30.01], [x, 30.01], [x, 30]] for name, x in WEST_TO_EAST}
    features = [
        {
            "type": "Feature",
            "properties": {"area_id": name, "name": name, "level": "grid", "population": 900},
            "geometry": {"type": "Polygon", "coordinates": [square]},
        }
        for name, square in squares.items()
    ]
    areas = json.dumps({"type": "FeatureCollection", "features": features})
    app.file_uploader(key="files_0").upload("areas.geojson", areas.encode())
    app.run()
    load(app)
    matters = "事件编号,网格编码,发生时间,类别,经度,纬度\n" + "".join(
        f"{n},A,2026-01-05,发热,120.0005,30.005\n" for n in range(30)
    )
    for datum, number, outside in (("WGS84", 2, 0), ("BD09", 3, 30)):
        drop(app, incidents=matters)
        next(one for one in app.selectbox if one.key and one.key.startswith("datum_")).set_value(datum).run()
        load(app)
        assert f"导入情况 · 第{number}次导入" in html(app)
        assert f"{outside}个不在所填区域内" in html(app)
    assert store_loads(app) == ["3", "2", "1"]


def test_a_header_that_is_not_known_is_chosen_once_and_remembered():
    app = visit("data")
    drop(app, areas=AREAS)
    load(app)
    odd = INCIDENTS.replace("发生时间", "那一天")
    drop(app, incidents=odd)
    pickers = [widget for widget in app.selectbox if widget.key and widget.key.endswith("_incidents_occurred_at")]
    pickers[0].set_value("那一天").run()
    load(app)
    assert not app.error
    drop(app, next_month=odd.replace("2026-01-0", "2026-02-0").replace("\n1,", "\n3,").replace("\n2,", "\n4,"))
    pickers = [widget for widget in app.selectbox if widget.key and widget.key.endswith("_incidents_occurred_at")]
    assert pickers[0].value == "那一天"


@pytest.mark.parametrize(
    ("text", "expected"), [("", "areas.csv"), ("area_id,name\n,x\n", "区域编码"), ("area_id\n", "areas.csv")]
)
def test_a_file_that_cannot_be_loaded_gets_one_sentence_and_leaves_the_data_as_they_were(text, expected):
    app = visit("data")
    drop(app, areas=text)
    if any(button.key == "load" for button in app.button):
        kind = next(widget for widget in app.segmented_control if widget.key and widget.key.startswith("table_"))
        kind.set_value("areas").run()
        load(app)
    assert not app.exception
    assert len(app.error) == 1
    assert expected in app.error[0].value
    assert app.query_params["data"] == "demo_street"


def test_records_before_areas_get_a_sentence_that_says_what_to_do():
    app = visit("data")
    drop(app, incidents=INCIDENTS)
    load(app)
    assert "区域" in app.error[0].value


def test_trends_follow_the_chosen_community():
    app = visit("trends")
    before = html(app)
    app.selectbox(key="community").set_value("DS-01").run()
    assert not app.exception
    assert html(app) != before
    app.segmented_control(key="by").set_value("community").run()
    assert not app.exception


def test_own_files_open_at_their_own_newest_day_and_not_at_the_one_chosen_before():
    app = visit("overview", date="2026-03-10", area="DS-02-03")
    go(app, "data")
    drop(app, areas=AREAS, incidents=INCIDENTS)
    load(app)
    assert [part.value for part in app.info] == []
    assert app.query_params["date"] == "2026-01-05"


def test_only_a_role_that_may_load_is_offered_the_box_and_the_undo(monkeypatch):
    app = visit("data")
    drop(app, areas=AREAS, incidents=INCIDENTS)
    load(app)
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "leader")
    app = visit("data")
    assert len(app.file_uploader) == 0
    assert [button.key for button in app.button if button.key == "undo"] == []
    assert any("数据管理员" in said.value for said in app.caption)

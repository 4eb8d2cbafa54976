"""The pages when a feed has stopped: each says so, marks what is carried on, and nowhere calls it better."""

import json
import re

import pandas as pd
import pytest
import streamlit as st

from analytics.__main__ import main
from analytics.drawing import area_map
from analytics.words import LANGUAGES, say
from analytics.workspace import datasets, open_workspace, published, schemes
from tests.pages.visits import ROOT, WANG, html, press, visit

STREET = ROOT / "sample_data" / "demo_street"
FIRST, STOPPED, LAST = "2026-08-01", "2026-10-25", "2026-10-31"


@pytest.fixture
def stopped(home, tmp_path, capsys):
    """A home whose clinic sends nothing from a day on, with a release of the day before and one of the last day."""
    incidents = pd.read_csv(STREET / "incidents.csv", dtype="str")
    incidents = incidents[incidents["occurred_at"] >= FIRST]
    clinic = incidents["channel"] == "clinic"
    incidents = incidents[~(clinic & (incidents["occurred_at"] >= STOPPED))]
    heard = set(incidents.loc[incidents["channel"] == "clinic", "occurred_at"].str[:10])
    quiet = [f"{day:%Y-%m-%d}" for day in pd.date_range(FIRST, "2026-10-24") if f"{day:%Y-%m-%d}" not in heard]
    files = {
        "areas": STREET / "areas.geojson",
        "residents": STREET / "residents.csv",
        "agreements": tmp_path / "agreements.csv",
        "reports": tmp_path / "reports.csv",
        "incidents": tmp_path / "incidents.csv",
    }
    files["agreements"].write_text(
        "数据表,来源,报送单位,报送频次,截止时间,零报告,催报岗位,生效日期\n"
        "事件,门诊,卫生服务中心,每日,17:00,是,联络岗,2026-08-01\n",
        encoding="utf-8",
    )
    rows = "".join(f"事件,门诊,{day},{day}\n" for day in quiet)
    files["reports"].write_text(f"数据表,来源,起始日期,结束日期\n{rows}", encoding="utf-8")
    incidents.to_csv(files["incidents"], index=False)
    for table, file in files.items():
        main(["load", "--as", table, str(file)])
    capsys.readouterr()
    ws = open_workspace(actor=WANG)
    assert ws.home == home
    data = datasets.find(ws, "own")[0]
    scheme = schemes.scheme_for(ws, data, "epidemic")[0]
    for day in ("2026-10-24", LAST):
        published.publish(ws, data, scheme, pd.Timestamp(day).date(), "例会", ("again", "clock"))


@pytest.mark.usefixtures("stopped")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_of_an_interrupted_day_says_so_and_marks_it(lang):
    link = {"data": "own", "scheme": "epidemic"}
    label, feed = (
        say(lang, "silence.label_silent"),
        {"zh": "门诊10月25日起无数据（7天）", "en": "no data since 25 Oct (7 days)"},
    )
    better = {"zh": "好转|改善", "en": "improved|better"}[lang]
    for page in ("overview", "area", "trends", "compare", "releases", "method", "weights", "confidence", "evidence"):
        shown = html(visit(page, lang, **link))
        assert label in shown, page
        assert feed[lang] in shown, page
        assert not re.search(better, shown.replace("不计为好转", "").replace("not counted as an improvement", "")), page
    overview = html(visit("overview", lang, **link))
    # Over the headline, and not after it.
    assert overview.index(label) < overview.index(say(lang, "overview.changes_title"))
    assert say(lang, "tiers.carried_means") in overview
    counts = re.findall(r'data-tier="(\w+)" data-count="(\d+)"', overview)
    assert sum(int(n) for _, n in counts) == 52
    assert 'class="chip red carried"' in overview or 'class="chip orange carried"' in overview
    assert "carried" not in re.findall(r'class="chip unknown[^"]*"', overview)


@pytest.mark.usefixtures("stopped")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_frame_in_another_system_and_the_presentation_say_so(lang, monkeypatch):
    link = {"data": "own", "scheme": "epidemic", "lang": lang}
    shown = visit("presentation", **link).get("iframe")[0].proto.srcdoc
    assert "banner stopped" in shown
    monkeypatch.setattr(type(st.context), "is_embedded", property(lambda _: True))
    assert say(lang, "silence.label_silent") in html(visit("embed", **link))


@pytest.mark.usefixtures("stopped")
def test_the_map_is_told_which_areas_are_carried(monkeypatch):
    told = []
    kept = area_map.recolour
    monkeypatch.setattr(area_map, "recolour", lambda *given, **named: told.append(kept(*given, **named)) or told[-1])
    visit("overview", data="own", scheme="epidemic")
    assert json.loads(told[-1].settings)["carried"]


@pytest.mark.usefixtures("stopped")
def test_the_list_of_releases_says_which_have_carried_tiers_and_the_audit_trail_names_no_code():
    app = visit("releases", data="own", scheme="epidemic")
    shown = html(app)
    assert re.search(r"<td>已发布，含沿用\d+个</td>", shown)
    trail = re.findall(r'<td><b>导入</b></td><td class="words">([^<]*)</td>', shown)
    assert sorted(trail) == sorted(["区域", "居民", "报送约定", "零报告", "事件"])


@pytest.mark.usefixtures("stopped")
def test_a_table_that_is_not_loaded_is_left_out_at_one_press_and_taken_back():
    app = visit("weights", data="own", scheme="epidemic")
    before = next(iter(app.session_state.drafts.values()), None)
    assert before is None or not before.scheme.missing.left_out
    press(app, "leave_out_checks")
    left_out = next(iter(app.session_state.drafts.values())).scheme.missing.left_out
    assert left_out
    assert any("草案中不计入" in caption.value for caption in app.caption)
    press(app, "leave_out_none")
    assert not next(iter(app.session_state.drafts.values())).scheme.missing.left_out


@pytest.mark.usefixtures("stopped")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_agreements_are_saved_as_they_are_shown(lang):
    before = datasets.find(open_workspace(actor=WANG), "own")[0].counts.small["agreements"]
    app = visit("data", lang, data="own")
    press(app, "save_agreements")
    assert not app.error
    after = datasets.find(open_workspace(actor=WANG), "own")[0].counts.small["agreements"]
    pd.testing.assert_frame_equal(after, before, check_dtype=False)

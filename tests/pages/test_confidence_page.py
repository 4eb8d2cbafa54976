"""The page of confidence: before and after the draws, in both languages, on both samples; what is kept for everybody
and what is not; and who else says it."""

import re

import pytest

from analytics.access import Actor
from analytics.briefing.rendering import ExportOptions
from analytics.workspace import briefings, published
from pages.parts import export_menu
from tests.pages.visits import CJK, demo, go, html, made, press, visit
from tests.pages.workbench_visits import bench, move
from tests.test_access import INSIDE


def opened(lang="zh", data="demo_street", page="confidence", **link):
    app = visit(page, lang, data=data, **link)
    assert not app.error
    return app


def run(app, number=1000):
    app.segmented_control(key="confidence_draws").set_value(number).run()
    press(app, "confidence_run")
    assert not app.error
    return app


@pytest.mark.parametrize("data", ["demo_street", "trafford"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_says_what_to_press_and_then_what_was_found(lang, data):
    app = opened(lang, data)
    button = {"zh": "开始模拟", "en": "Run simulations"}[lang]
    assert f"“{button}”" in html(app)
    assert app.button(key="confidence_run").label == button
    assert 'class="headline"' not in html(app)
    run(app, 200)
    text = html(app)
    assert f"“{button}”" not in text
    areas = {"demo_street": 52, "trafford": 731}[data]
    assert {"zh": f"{areas}个区域中", "en": f"Of {areas} areas"}[lang] in text
    assert re.search(
        {"zh": r"由200次模拟估计，误差约±\d+个", "en": r"from 200 simulations, to within about ±\d+ percent"}[lang],
        text,
    )
    assert {"zh": "200次，随机种子2020", "en": "200 simulations, seed 2020"}[lang] in text
    assert {"zh": "影响最大的是", "en": "Largest influence"}[lang] in text
    assert text.count('class="bar"') == min(areas, 300)
    if (lang, data) == ("en", "trafford"):
        assert not CJK.search(re.sub(r"<style>.*</style>", "", text, flags=re.DOTALL))


def test_the_counts_of_the_headline_are_those_of_the_list():
    text = html(run(opened()))
    counts = {word: int(n) for n, word in re.findall(r"(\d+)个(稳健|较稳健|临界|数据不足)", text)}
    listed = re.findall(r'<td class="word[^"]*">([^<]+)<', text)
    assert sum(counts.values()) == 52
    assert {word: listed.count(word) for word in ("稳健", "较稳健", "临界")} | {"数据不足": listed.count("—")} == counts
    shares = [float(share.strip("&gt;%")) for share in re.findall(r'<td class="end num">(\S+)%</td>', text)]
    assert shares == sorted(shares)


def test_without_ranges_every_colour_is_firm_and_it_says_that_nothing_was_varied():
    app = opened()
    app.slider(key="confidence_weights").set_value(0)
    app.slider(key="confidence_cutoffs").set_value(0)
    for name in ("points", "window"):
        app.toggle(key=f"confidence_{name}").set_value(False)
    text = html(run(app))
    assert "没有变动任何一项，除2个数据不足外全部为稳健" in text
    assert "没有变动任何一项。<br>" in text
    assert "0个" not in text
    assert "1,000次，" not in text


TRIAL = {"zh": "按所选范围试算，不写入卡片和简报", "en": "A trial with the chosen ranges"}


def settings(app):
    sliders = [app.slider(key=f"confidence_{name}").value for name in ("weights", "cutoffs")]
    toggles = [app.toggle(key=f"confidence_{name}").value for name in ("points", "window")]
    return [*sliders, *toggles, app.segmented_control(key="confidence_draws").value]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("weights", "number"), [(50, 1000), (0, 1000), (25, 200)])
def test_a_trial_is_marked_and_replaces_nothing_that_others_see(lang, weights, number):
    usual = html(run(opened(lang)))
    assert TRIAL[lang] not in usual
    app = opened(lang)
    app.slider(key="confidence_weights").set_value(weights)
    text = html(run(app, number))
    assert TRIAL[lang] in text
    assert {"zh": "权重±25%、分界值±5%、计分方法、时间窗口、1,000次模拟或更多", "en": "1,000 simulations or more"}[
        lang
    ] in text
    assert html(opened(lang)) == usual
    assert settings(opened(lang)) == [25, 5, True, True, 1000]


def test_a_trial_alone_is_kept_for_nobody():
    app = opened()
    app.slider(key="confidence_cutoffs").set_value(20)
    run(app)
    assert 'class="headline"' in html(app.run())
    assert 'class="headline"' not in html(opened())
    assert "次模拟中" not in html(opened(page="overview", release="working"))
    app.slider(key="confidence_cutoffs").set_value(5)
    assert TRIAL["zh"] not in html(run(app))
    assert 'class="headline"' in html(opened())


def test_the_page_says_when_what_is_set_is_not_what_is_shown():
    app = run(opened())
    assert "与左侧设置不同" not in html(app)
    app.slider(key="confidence_weights").set_value(40).run()
    text = html(app)
    assert "以下结果按权重±25%、分界值±5%、计分方法、时间窗口、1,000次模拟得出，与左侧设置不同，请重新模拟" in text
    assert TRIAL["zh"] not in text
    text = html(run(app))
    assert "与左侧设置不同" not in text
    assert TRIAL["zh"] in text


def test_settings_begin_as_those_of_the_result_beside_them():
    run(opened(), 5000)
    app = opened()
    assert settings(app) == [25, 5, True, True, 5000]
    assert "与左侧设置不同" not in html(app)


@pytest.mark.parametrize("role", INSIDE)
def test_everybody_may_run_and_only_who_may_draft_keeps_it(role, monkeypatch):
    monkeypatch.setenv("FIVE_COLOUR_ROLE", role)
    may = Actor("wang", role).may("draft")
    app = opened()
    assert ("不能保存模拟结果" in html(app)) == (not may)
    text = html(run(app))
    assert 'class="headline"' in text
    assert ("不能保存模拟结果" in text) == (not may)
    assert ('class="headline"' in html(opened())) == may
    assert ("次模拟中" in html(opened(page="overview", release="working"))) == may


def test_a_row_says_which_colour_a_borderline_area_has_more_often():
    app = opened("en", "trafford")
    app.slider(key="confidence_weights").set_value(50)
    text = html(run(app, 200))
    rows = re.findall(r'<td class="end num">(\S+)%</td><td class="word (\w+)">\w+(?:<small>(.*?)</small>)?</td>', text)
    assert len(rows) > 100
    said = [(float(kept), word) for kept, word, likelier in rows if likelier]
    assert said
    assert all(word == "borderline" and kept < 50 for kept, word in said)
    assert re.search(r"<small>mostly \S+", text)


def test_what_was_found_is_there_again_and_other_days_and_schemes_have_their_own():
    run(opened())
    assert 'class="headline"' in html(opened())
    assert 'class="headline"' not in html(opened(date="2026-10-01"))
    assert 'class="headline"' not in html(opened(scheme="elders"))


def test_it_can_be_saved():
    app = run(opened())
    press(app, "save_menu")
    assert len(app.selectbox(key="save_which").options) == 2
    assert {"save_png", "save_csv"} <= {button.key for button in app.get("download_button")}


def test_the_card_of_an_area_says_how_firm_its_tier_is():
    before = html(opened(page="overview", release="working"))
    assert "次模拟中" not in before
    run(opened())
    after = html(opened(page="overview", release="working"))
    assert re.search(r">(稳健|较稳健|临界)，1,000次模拟中[^<]+%为▲红", after)


def firmness(lang):
    """What the briefing of the one release says of each area in focus."""
    ws, data = demo()
    [entry] = published.releases(ws, data, "epidemic")
    return [area.firmness for area in briefings.briefing(ws, data, entry, lang).focus]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_briefing_of_a_release_of_the_same_scheme_data_and_day_says_it_too(lang):
    made(0)
    assert firmness(lang) == [""] * 5
    run(opened())
    words = set(firmness(lang))
    known = {
        "zh": {"等级稳健", "等级较稳健", "等级临界"},
        "en": {"tier robust", "tier fairly robust", "tier borderline"},
    }[lang]
    assert words & known
    assert words <= known | {""}
    ws, data = demo()
    [entry] = published.releases(ws, data, "epidemic")
    for form in ("png", "report", "pptx", "docx"):
        assert len(briefings.briefing_file(ws, data, entry, lang, ExportOptions(form))) > 10_000


def with_a_draft(lang="zh"):
    """The page as whoever has just moved a weight sees it."""
    return go(move(bench(lang), "cases", 20), "confidence")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_draft_is_looked_at_beside_the_scheme_in_use_and_kept_for_nobody(lang):
    app = with_a_draft(lang)
    run(app)
    in_use = html(app)
    title = {"zh": "草案的稳健性", "en": "Robustness of the draft"}[lang]
    assert title not in in_use
    app.segmented_control(key="confidence_which").set_value("draft").run()
    assert 'class="headline"' not in html(app)
    nobody_else = {"zh": "不写入卡片和简报", "en": "not appear on cards or in briefings"}[lang]
    assert nobody_else in html(app)
    text = html(run(app))
    assert title in text
    headline = re.compile(r'class="headline".*?<span>(.*?)</span>', flags=re.DOTALL)
    beside = {"zh": "现行方案按同样设置：{}。", "en": "Current scheme under the same settings: {}."}[lang]
    assert beside.format(headline.search(in_use)[1]) in text
    assert headline.search(in_use)[1] != headline.search(text)[1]
    # Others see what is kept of the scheme in use, and whoever has the draft sees both again.
    assert headline.search(html(opened(lang)))[1] == headline.search(in_use)[1]
    app.segmented_control(key="confidence_which").set_value("use").run()
    assert headline.search(html(app))[1] == headline.search(in_use)[1]
    app.segmented_control(key="confidence_which").set_value("draft").run()
    assert html(app) == text


def test_what_a_draft_is_held_against_has_the_same_settings():
    run(opened())
    app = with_a_draft()
    app.segmented_control(key="confidence_which").set_value("draft").run()
    assert "按同样设置模拟一次" in html(run(app, 200))
    assert "现行方案按同样设置" in html(run(app, 1000))


def test_what_is_saved_of_a_draft_says_that_it_is_one(monkeypatch):
    app, saved = with_a_draft(), []
    as_ever = export_menu.exhibit_file
    monkeypatch.setattr(export_menu, "exhibit_file", lambda *asked: saved.append(asked[0]) or as_ever(*asked))
    for which, is_draft in (("use", False), ("draft", True)):
        app.segmented_control(key="confidence_which").set_value(which).run()
        run(app, 200)
        app.button(key="save_menu").click().run()
        assert any("草案，尚未启用" in line for line in saved[-1].about) == is_draft


def test_without_a_draft_there_is_nothing_to_choose():
    assert not [box for box in opened().segmented_control if box.key == "confidence_which"]

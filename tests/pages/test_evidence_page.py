"""Was the map right, on its page: both languages, both samples, releases, versions, and what can be taken along."""

import json
import re
from datetime import date
from html import unescape

import pytest
import yaml

from analytics.scheme import scheme_named
from analytics.scheme.builtin import builtin_text
from analytics.scheme.editing import levels, percentages, same_weights
from analytics.store.ledger_entries import OverrideEntry
from analytics.workspace import schemes
from tests.pages.visits import CJK, WANG, demo, demo_ledger, go, html, keys, made, press, tab, visit
from tests.pages.workbench_visits import bench, cut, move, session_scheme, weights

BARE = re.compile(r"<style>.*?</style>|<[^>]+>", flags=re.DOTALL)


def opened(lang="zh", data="demo_street", page="evidence", **link):
    return visit(page, lang, data=data, **link)


def control(widgets, name):
    """A control of the page: each scheme has its own."""
    return next(widget for widget in widgets if widget.key.startswith(f"evidence_{name}_"))


def table_rows(app):
    """The rows of every table of figures, as text."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", html(app), flags=re.DOTALL)
    return [[unescape(BARE.sub("", cell)).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in rows]


def figures(app, name):
    return next(row for row in table_rows(app) if row and row[0] == name)


def lines(app):
    """The looks of every line of the two charts, by name."""
    traces = [trace for chart in app.get("plotly_chart") for trace in json.loads(chart.proto.spec)["data"]]
    return {trace["name"]: trace["line"] for trace in traces}


@pytest.mark.parametrize("data", ["demo_street", "trafford"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_answers_and_fits_in_both_languages_on_both_samples(lang, data):
    app = opened(lang, data)
    assert not app.error
    answer = re.search(r'class="headline" role="status">(.*?)</div>', html(app), flags=re.DOTALL)[1]
    assert re.search(r"PAI \d\.\d", answer)
    version = {"demo_street": 1, "trafford": 2}[data]  # of the schemes for epidemics and for older people
    hit, share, _, pai, pei = figures(app, {"zh": f"现行方案第{version}版", "en": f"Current scheme, v{version}"}[lang])[
        1:
    ]
    assert float(pai) == pytest.approx(float(hit[:-1]) / float(share[:-1]), abs=0.05)
    assert 0 < float(pei) <= 1
    assert float(pai) > 1
    assert figures(app, {"zh": "随机分配等级", "en": "Random tiers"}[lang])[4] == "1.0"
    assert len(app.get("plotly_chart")) == 2
    # Checks are there on the one, and on the other it says that they are not.
    marks = re.findall(r'data-mark="(\w+)"', html(app))
    assert (data == "demo_street") == bool(marks)
    silent = {"zh": "未导入走访巡查记录", "en": "No checks are imported"}[lang]
    assert (data == "trafford") == (silent in html(app))
    # Trafford's map is no better than chance and less than last period's counts, and says so.
    chance = {
        "zh": ("高于随机范围", "与随机无明显差别"),
        "en": ("above the range expected by chance", "no clear difference"),
    }
    assert chance[lang][data == "trafford"] in answer
    last = figures(app, {"zh": "按上期事件数", "en": "Previous period’s counts"}[lang])[1]
    assert f"{last}" in answer
    assert hit in answer
    assert share in answer
    assert pai in answer
    assert not app.info
    assert {"zh": "发布等级", "en": "Published tier"}[lang] in html(app) or data == "trafford"
    press(app, "fit")
    fitted = {"zh": "拟合权重", "en": "Fitted"}[lang]
    assert len(figures(app, fitted)) == 5
    # The proposal is called better, and stands out, only where it clearly is.
    better = {"zh": "拟合权重优于现行权重", "en": "The fitted weights do better"}[lang]
    level = {"zh": "拟合权重与现行权重无明显差别", "en": "No clear difference: the fitted weights"}[lang]
    assert (level, better)[data == "trafford"] in html(app)
    assert (f'<tr class="strong"><td>{fitted}</td>' in html(app)) == (data == "trafford")
    if lang == "en":
        names = {name for row in table_rows(app) for name in row[:1]} if data == "demo_street" else set()
        said = [BARE.sub("", part.value) for part in app.html]
        said += [widget.label for widget in (*app.selectbox, *app.button, *app.segmented_control)]
        assert [text for text in said if CJK.search(text) and not any(name and name in text for name in names)] == []


def test_other_weeks_give_other_figures_and_a_proposal_is_for_its_own_weeks():
    app = press(opened(), "fit")
    two = figures(app, "现行方案第1版")
    assert figures(app, "拟合权重")
    control(app.segmented_control, "weeks").set_value("4").run()
    assert not app.exception
    assert "其后4周" in html(app)
    assert figures(app, "现行方案第1版") != two
    assert "拟合权重" not in [row[0] for row in table_rows(app) if row]


def test_a_day_too_early_for_any_outcome_says_what_to_do():
    app = opened(date="2025-11-01", scheme="elders")
    assert not app.error
    assert "无法检验" in html(app)
    assert len(app.get("plotly_chart")) == 0


def test_a_saved_version_is_held_against_the_scheme_in_use():
    content = yaml.safe_load(builtin_text("elders"))
    for part in content["dimensions"]:
        part["weight"] = 99 if any(item["id"] == "renters" for item in part["indicators"]) else 1
        for item in part["indicators"]:
            item["weight"] = 99 if item["id"] == "renters" else 1
    text = yaml.safe_dump(content, allow_unicode=True)
    demo_ledger().save_scheme(WANG, text, "按会商意见")
    app = opened(scheme="elders")
    second = control(app.selectbox, "against")
    assert [option for option in second.options if "按会商意见" in option] == ["存档第3版：按会商意见"]
    alone = figures(app, "现行方案第2版")
    second.set_value("1").run()
    assert not app.exception
    assert figures(app, "现行方案第2版") == alone
    other = figures(app, "存档第3版：按会商意见")
    assert other[1:] != alone[1:]
    # The shipped weights lean on elders who live alone, and so do falls; who rents tells nothing of them.
    assert float(other[4]) < float(alone[4])
    # Both are held against each other in as many areas, and the page says how that came out.
    assert other[2] == alone[2]
    said = re.search(
        r"选取同样多的区域（(.*?)）时，存档第3版：按会商意见命中(.*?)，比现行方案第2版低(.*?)个百分点", html(app)
    )
    assert said.group(1, 2) == (alone[2], other[1])
    assert float(said[3]) == pytest.approx(float(alone[1][:-1]) - float(other[1][:-1]), abs=0.11)
    assert "存档第3版：按会商意见自身的红色、橙色区域占" in html(app)
    both = lines(app)
    second.set_value(None).run()
    # A line keeps its looks, whether a second map is drawn or not.
    assert {name: line for name, line in both.items() if not name.startswith("存档")} == lines(app)


def test_a_version_for_another_level_is_not_offered_and_one_that_lacks_records_gets_a_sentence():
    content = yaml.safe_load(builtin_text("elders"))
    other_level = yaml.safe_dump({**content, "level": "community"}, allow_unicode=True)
    renters = next(item for part in content["dimensions"] for item in part["indicators"] if item["id"] == "renters")
    renters["given"]["column"] = "nobody_has_it"
    for text in (other_level, yaml.safe_dump(content, allow_unicode=True)):
        demo_ledger().save_scheme(WANG, text, "按会商意见")
    app = opened(scheme="elders")
    second = control(app.selectbox, "against")
    assert [option for option in second.options if option.startswith("存档")] == ["存档第4版：按会商意见"]
    alone = figures(app, "现行方案第2版")
    second.set_value("2").run()
    assert not app.exception
    assert "存档第4版：按会商意见无法对照：" in html(app)
    assert figures(app, "现行方案第2版") == alone


def test_releases_are_held_to_account_by_the_tiers_that_were_published():
    # Visits to older people are on record from 20 September on: before, records of then know no such kind of check.
    made(5, 4, 3, 1, scheme="elders")
    app = opened(scheme="elders")
    first = control(app.selectbox, "map")
    # That of a week ago has no two weeks behind it yet.
    assert first.options == ["现行方案第2版", "历次发布（3期）"]
    first.set_value("releases").run()
    assert not app.exception
    assert "3期发布的等级中" in html(app)
    released = figures(app, "历次发布（3期）")
    assert float(released[4]) > 1
    # The same scheme on the same records, at the same days.
    control(app.selectbox, "against").set_value("use").run()
    assert not app.exception
    assert figures(app, "现行方案第2版")[1:] == released[1:]
    press(app, "fit")
    assert figures(app, "拟合权重")


def decide(area_id, tier):
    entry = OverrideEntry(
        number=0, scheme_id="elders", area_id=area_id, tier=tier, reason="复核", who="", role="",
        starts=date(2026, 1, 1), expires=date(2026, 12, 31), at="", withdrawn=None,
    )  # fmt: skip
    demo_ledger().override(WANG, entry)


def test_a_second_release_of_the_same_day_takes_the_place_of_the_first_at_once():
    made(9, 6, scheme="elders")
    app = opened(scheme="elders")
    control(app.selectbox, "map").set_value("releases").run()
    before = figures(app, "历次发布（2期）")
    for area in ("DS-01-01", "DS-01-02", "DS-01-03", "DS-02-05"):
        decide(area, "red")
    made(6, scheme="elders")
    app.run()
    assert not app.exception
    assert figures(app, "历次发布（2期）") != before


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_the_page_shows_can_be_saved(lang):
    app = press(opened(lang, scheme="elders"), "fit")
    press(app, "save_menu")
    assert not app.error
    titles = app.selectbox(key="save_which").options
    assert len(titles) == 6
    for title in titles:
        app.session_state.save_which = title
        press(app, "save_menu")
        assert app.selectbox(key="save_which").value == title
        assert not app.error
        assert {"save_png", "save_svg", "save_csv"} <= {button.key for button in app.get("download_button")}


def test_the_card_of_a_green_area_says_that_nobody_looked_and_that_of_another_does_not():
    said = "近28天无走访巡查，绿色可能仅因未走访"
    marked = re.findall(r'data-mark="unchecked"><td>(.*?)</td>', html(opened(scheme="elders")))
    assert marked
    app = opened(page="overview", scheme="elders", area="DS-02-04", release="working")
    assert marked[0] in html(app)
    assert said in html(app)
    assert said not in html(opened(page="overview", scheme="elders", area="DS-02-05", release="working"))
    assert said not in html(opened(page="overview", scheme="elders", area="DS-02-04", date="2026-05-30"))


def test_the_link_opens_the_same_maps_and_weeks_elsewhere():
    made(9, 6, 3, 1, scheme="elders")
    app = opened(scheme="elders")
    control(app.segmented_control, "weeks").set_value("4").run()
    control(app.selectbox, "map").set_value("releases").run()
    control(app.selectbox, "against").set_value("use").run()
    assert not app.exception
    link = dict(app.query_params)
    assert {"weeks": "4", "map": "releases", "against": "use"}.items() <= link.items()
    elsewhere = opened(**link)
    assert html(elsewhere) == html(app)
    # Another page and back again, and it is as it was.
    go(app, "method")
    assert html(go(app, "evidence")) == html(elsewhere)
    # The maps of one scheme are not those of another.
    app.segmented_control(key="scheme").set_value("venues").run()
    assert not app.exception
    assert not app.info
    assert control(app.selectbox, "map").value == "use"


def test_a_map_in_the_link_that_is_not_there_is_told_and_makes_way():
    app = opened(map="draft", weeks="3")
    assert [note.value for note in app.info] == [
        "链接中的“3”不存在，已忽略。",
        "此浏览器中没有未保存的草案，已略去。",
    ]
    assert control(app.selectbox, "map").value == "use"
    assert "其后2周" in html(app)


def test_a_draft_is_held_against_the_scheme_in_use_and_only_where_it_was_made():
    app = go(move(bench(), "cases", 5), "evidence")
    alone = figures(app, "现行方案第1版")
    assert control(app.selectbox, "against").options == ["我的草案（未保存）"]
    control(app.selectbox, "against").set_value("draft").run()
    assert not app.exception
    assert figures(app, "现行方案第1版") == alone
    other = figures(app, "我的草案（未保存）")
    assert other[2] == alone[2]
    assert other[1:] != alone[1:]
    control(app.selectbox, "map").set_value("draft").run()
    assert not app.exception
    assert figures(app, "我的草案（未保存）")
    assert not control(opened().selectbox, "map").options[1:]


def test_a_draft_that_is_gone_or_saved_is_told_as_such_and_no_link_is_blamed():
    app = go(move(bench(), "cases", 5), "evidence")
    control(app.selectbox, "map").set_value("draft").run()
    control(app.selectbox, "against").set_value("use").run()
    assert "我的草案（未保存）：过去" in html(app)
    press(go(app, "weights"), "bench_restore")
    go(app, "evidence")
    assert [note.value for note in app.info] == ["此浏览器中没有未保存的草案，已略去。"]
    assert control(app.selectbox, "map").value == "use"
    app = move(go(app, "weights"), "cases", 5)
    app.text_area[0].set_value("例会议定").run()
    press(app, "version_save")
    assert control(go(app, "evidence").selectbox, "map").options == ["现行方案第1版", "存档第2版：例会议定"]


def test_a_draft_that_another_tab_changes_is_seen_at_once():
    elsewhere, app = bench(), tab(data="demo_street")
    app.session_state.seat = elsewhere.session_state.seat
    go(app, "evidence")
    assert not control(app.selectbox, "map").options[1:]
    cut(elsewhere, "red", 65)
    assert control(app.run().selectbox, "map").options[1:] == ["我的草案（未保存）"]
    elsewhere.button(key="bench_restore").click().run()
    assert not control(app.run().selectbox, "map").options[1:]


def test_the_fit_goes_into_the_draft_at_one_press_and_the_workbench_shows_it():
    app = cut(bench(data="demo_street"), "red", 66)  # what a draft holds besides its weights stays
    press(go(app, "evidence"), "fit")
    press(app, "fit_take")
    assert "fit_take" not in keys(app)
    assert any("拟合权重已在草案中" in box.value for box in app.success)
    assert 'data-press="weights"' in html(app)
    go(app, "weights")
    held = session_scheme(app)
    assert held.tiers.red == 66
    assert not same_weights(held, scheme_named("epidemic"))
    top = percentages(levels(held)[0])
    assert {name: percent for name, percent in weights(app).items() if name in top} == top
    # Pressed or not, the scheme in use is what it was.
    assert schemes.current(*demo(), "epidemic")[0].scheme.version == scheme_named("epidemic").version

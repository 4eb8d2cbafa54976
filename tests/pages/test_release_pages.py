"""Making, checking and comparing releases on their pages, for every role, in both languages, without a browser."""

import json
import re
from datetime import date

import pytest

from analytics.access import Actor
from analytics.errors import ReleaseError
from analytics.exhibits.comparison import bulletin_file
from analytics.releases.bulletin import Bulletin, as_text
from analytics.releases.sentences import sentence
from analytics.tiers import SHOWN
from analytics.wording.tiers import tier_name
from analytics.words import say
from analytics.workspace import published
from tests.pages.visits import (
    CJK,
    ROOT,
    confirm,
    confirm_twice,
    demo,
    demo_ledger,
    field,
    html,
    keys,
    labels,
    made,
    press,
    said,
    visit,
)
from tests.test_access import INSIDE

PAGES = ("releases", "compare")


def opened(page, lang="zh", **link):
    return visit(page, lang, **{"data": "demo_street", **link})


def rows(app, name):
    return [
        dict(re.findall(r'data-(\w+)="(\w+)"', tag))
        for tag in re.findall(rf"<(?:tr|div) [^>]*data-{name}[^>]*>", html(app))
    ]


@pytest.mark.parametrize("releases", [(), (0,), (1, 0)], ids=["none", "one", "two"])
@pytest.mark.parametrize("role", INSIDE)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_open_for_every_role_and_offer_what_it_may_do(lang, role, releases, monkeypatch):
    made(*releases)
    monkeypatch.setenv("FIVE_COLOUR_ROLE", role)
    app = opened("releases", lang)
    assert not app.error
    wanted = {"save_draft": "draft", "publish": "release", "decide": "override", "verify": "read"}
    saving = {"save_menu"} if releases else set()  # a list to be saved is there once there is a release
    taking_back = {"take_back"} if releases and Actor("wang", role).may("release") else set()
    may = Actor("wang", role).may
    assert keys(app) == {key for key, action in wanted.items() if may(action)} | saving | taking_back
    assert html(app).count('class="code"') == (len(releases) + 1 if releases else 0)
    app = opened("compare", lang)
    assert not app.error
    assert len(rows(app, "before")) == (7 if len(releases) == 2 else 0)
    assert ('class="fc bulletin"' in html(app)) == bool(releases)
    assert len(app.info) == (0 if len(releases) == 2 else 1)


def test_without_a_release_the_pages_say_what_to_do_next():
    assert any("第1期" in text for text in said(opened("releases")))
    app = opened("compare")
    assert any("“发布”页" in text for text in said(app))
    press(app, "go_releases")
    assert any("第1期" in text for text in said(app))


def test_the_english_pages_have_no_chinese_but_names_and_reasons():
    made(1, 0, reason="weekly")
    names = {
        part["properties"]["name"]
        for part in json.loads((ROOT / "sample_data/demo_street/areas.geojson").read_text(encoding="utf-8"))["features"]
    }
    stems = {re.sub("(社区)?网格$", "", name.split("社区")[-1]) for name in names}
    some = re.compile("|".join(sorted((*names, *stems), key=len, reverse=True)))
    for page in PAGES:
        app = opened(page, "en")
        words = [*(part.value for part in app.html), *said(app), *labels(app)]
        words = [re.sub(r"<style>.*</style>", "", text, flags=re.DOTALL) for text in words]
        assert [text for text in words if CJK.search(some.sub("", text))] == [], page


def test_a_release_is_published_on_the_page_once_it_has_a_reason():
    app = press(opened("releases"), "publish")
    assert any("理由" in warning.value for warning in app.warning)
    assert 'class="code"' not in html(app)
    app.text_input(key="reason_0").set_value("第一次例会")
    confirm(press(app, "publish"))
    assert "第1期（总第1期）" in html(app)
    assert "第一次例会" in html(app)
    assert len(app.success) == 1
    assert app.text_input(key="reason_1").value == ""
    press(app, "verify")
    assert any("1条记录" in text.value for text in app.success)


def test_a_draft_is_marked_and_becomes_a_release_when_it_is_published():
    app = opened("releases")
    app.text_input(key="reason_0").set_value("先看看")
    confirm(press(app, "save_draft"))
    assert '<span class="tag">草稿</span>' in html(app)
    assert 'class="code">—' in html(app)
    confirm(press(press(app, "publish_draft"), "draft_chosen"))
    assert '<span class="tag">' not in html(app)
    assert "总第1期" in html(app)


def test_a_draft_is_not_offered_to_a_role_that_may_not_release(monkeypatch):
    made(0, publish=False)
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "analyst")
    assert "publish_draft" not in keys(opened("releases"))


def test_a_check_code_says_whether_the_release_still_stands():
    made(1, 0)
    app = opened("releases")
    newest, older = re.findall(r'<td class="code">([0-9A-Z]{4}-[0-9A-Z]{4})</td>', html(app))
    for code, is_newest in ((newest, True), (older.lower().replace("-", " "), False)):
        app.text_input(key="check_code").set_value(code).run()
        assert not app.error
        card = html(app).split('class="fc check"')[1]
        assert ("最新一期" in card) == is_newest
        assert ("此后已发布" in card) != is_newest
        assert 'src="data:image/svg+xml' in card
    app.text_input(key="check_code").set_value(newest[:-1]).run()
    assert len(app.error) == 1


def test_the_code_of_another_home_is_unknown(monkeypatch, tmp_path):
    made(0)
    code = re.findall(r'<td class="code">(\S+)</td>', html(opened("releases")))[0]
    monkeypatch.setenv("FIVE_COLOUR_HOME", str(tmp_path / "other"))
    app = opened("releases")
    app.text_input(key="check_code").set_value(code).run()
    assert not app.error
    assert "本机没有" in html(app)


def fill_in(app, area, tier, reason, expires=None):
    """The form of a decision, sent."""
    press(app, "decide")
    field(app.selectbox, "decide_area").set_value(area)
    field(app.segmented_control, "decide_tier").set_value(tier)
    field(app.text_input, "decide_reason").set_value(reason)
    if expires:
        field(app.date_input, "decide_expires").set_value(expires)
    return press(app, "decide_submit")


def decide(app, area, tier, reason):
    """A decision, made; one that is milder than a floor rule demands is asked about twice."""
    confirm(fill_in(app, area, tier, reason))
    return confirm_twice(app) if app.checkbox else app


def chips(app, area):
    row = next(
        part for part in re.findall(r"<tr>.*?</tr>", html(app), flags=re.DOTALL) if area in part and "chip" in part
    )
    return re.findall(r'class="chip (\w+)"', row)


def test_a_decision_is_shown_beside_computed_and_published_and_can_be_withdrawn():
    app = decide(opened("releases"), "DS-02-03", "red", "现场核查")
    assert not app.error
    computed, published, decided = chips(app, "麦园")
    assert decided == "red"
    assert "red" not in (computed, published)
    assert "现场核查" in html(app)
    assert "<b>人工调整</b>" in html(app)
    confirm(press(press(app, "withdraw"), "withdraw_submit"))
    assert "现场核查" not in html(app)
    assert "<b>撤销人工调整</b>" in html(app)


@pytest.mark.parametrize(
    ("lang", "area", "setting"),
    [
        ("zh", "青禾社区麦园网格（疫情防控）", "首先打开的方案"),
        ("en", "Maiyuan Grid, Qinghe Community (Epidemic control)", "Scheme that opens first"),
    ],
)
def test_the_audit_trail_names_areas_schemes_and_settings(lang, area, setting):
    demo_ledger().save_settings(Actor("甲", "admin"), {"first_scheme": "elders"})
    app = decide(opened("releases", lang, scheme="epidemic"), "DS-02-03", "red", "现场核查")
    told = re.findall(r'<td class="words">([^<]*)</td>', html(app))
    assert told[-2:] == [area, setting]  # the last ones of two lists


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_tier_for_an_area_without_data_is_asked_about_twice_and_is_not_called_rated_again(lang):
    made(0)
    app = confirm(fill_in(opened("releases", lang, scheme="epidemic"), "DS-02-01", "green", "现场核查"))
    tier = tier_name(lang, "green")
    assert say(lang, "release_pages.plan_no_data", tier=tier) in [warning.value for warning in app.warning]
    assert demo_ledger().overrides() == ()
    confirm_twice(app)
    assert [one.tier for one in demo_ledger().overrides()] == ["green"]
    told = re.sub(
        r"<[^>]+>", "", html(opened("overview", lang, scheme="epidemic", release="working", baseline="000001"))
    )
    said_of = {"zh": "数据不足，定为绿色", "en": "without enough data, set to green"}[lang]
    assert said_of in told
    assert {"zh": "恢复评级", "en": "rated again"}[lang] not in told
    # One area more is rated than then: how many are red is not held against it, here as on paper.
    assert {"zh": "不可比", "en": "not comparable"}[lang] in told


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_two_releases_are_compared_in_their_order_and_a_withdrawn_one_is_said_to_be(lang):
    made(1, 0)
    assert say(lang, "release_pages.swapped") not in said(opened("compare", lang, a="000001", b="000002"))
    app = opened("compare", lang, a="000002", b="000001")
    assert say(lang, "release_pages.swapped") in said(app)
    assert (app.selectbox(key="compare_a").value, app.selectbox(key="compare_b").value) == ("000001", "000002")
    ws, data = demo()
    published.withdraw(ws, data, 1, "误发")
    assert any("误发" in warning.value for warning in opened("compare", lang, a="000001", b="000002").warning)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_no_check_code_gets_a_sentence_beside_the_page_without_its_markup(lang):
    made(0)
    app = opened("overview", lang, code="![](http://a.b/c)")
    assert 'class="headline"' in html(app)
    (told,) = (info.value for info in app.info if "httpa.bc" in info.value)
    assert "](" not in told


def test_a_decision_needs_a_tier():
    app = press(opened("releases"), "decide")
    field(app.text_input, "decide_reason").set_value("现场核查")
    press(app, "decide_submit")
    assert any("选择等级" in warning.value for warning in app.warning)


def test_a_decision_without_a_reason_or_with_an_end_before_its_beginning_gets_a_sentence():
    assert len(fill_in(opened("releases"), "DS-02-03", "red", " ").warning) == 1
    app = fill_in(opened("releases"), "DS-02-03", "red", "现场核查", date(2026, 1, 1))
    assert len(app.warning) == 1
    assert any("没有有效的" in text for text in said(app))


def test_a_decision_in_the_newer_release_is_a_cause_of_its_own():
    made(1)
    decide(opened("releases"), "DS-02-03", "red", "现场核查")
    made(0)
    assert "麦园" in html(opened("compare"))
    causes = {row["cause"]: int(row["count"]) for row in rows(opened("compare"), "cause")}
    assert causes["stability"] >= 1


@pytest.mark.parametrize("weeks", [(1, 0), (30, 0), (20, 0), (0, 0)])
def test_the_parts_of_a_comparison_add_up_on_the_page(weeks):
    made(*weeks)
    app = opened("compare")
    table = {row.get("tier", "all"): row for row in rows(app, "before")}
    assert list(table) == [*SHOWN, "all"]
    total = dict.fromkeys(("before", "left", "came", "added", "removed", "after"), 0)
    for tier in SHOWN:
        row = {name: int(table[tier][name]) for name in total}
        assert row["before"] - row["left"] + row["came"] + row["added"] - row["removed"] == row["after"]
        total = {name: total[name] + row[name] for name in total}
    assert total == {name: int(table["all"][name]) for name in total}
    causes = {row["cause"]: int(row["count"]) for row in rows(app, "cause")}
    assert causes.pop("all") == sum(causes.values()) == total["left"]
    matrix = html(app).split('class="flows matrix"')[1].split("</table>")[0]
    cells = [int(n) if n.isdecimal() else 0 for n in re.findall(r'<td class="num[^"]*">([^<]*)</td>', matrix)]
    assert len(cells) == 36
    assert sum(cells) == total["before"] - total["removed"]


def test_the_newest_two_are_compared_and_a_link_chooses_others():
    made(2, 1, 0)
    app = opened("compare")
    assert [app.query_params[side] for side in ("a", "b")] == ["000002", "000003"]
    app = opened("compare", a="000001", b="000002")
    assert [box.value for box in app.selectbox] == ["000001", "000002"]
    app.selectbox(key="compare_b").set_value("000003").run()
    assert not app.exception
    assert [box.value for box in app.selectbox] == ["000001", "000003"]
    assert "偶然波动只对" in html(app)


def test_a_link_to_releases_that_are_not_there_gives_the_newest_and_says_so():
    made(1, 0)
    app = opened("compare", a="000077", b="<b id=evil>")
    assert [box.value for box in app.selectbox] == ["000001", "000002"]
    assert sum("不存在" in text.value for text in app.info) == 2
    assert "<b id=evil>" not in html(app)


def test_a_release_that_does_not_verify_gets_its_sentence_and_nothing_else_is_shown_of_it(home):
    made(1, 0)
    file = home / "samples" / "demo_street" / "releases" / "000002" / "days.parquet"
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    app = opened("compare")
    assert [error.value for error in app.error if "days.parquet" in error.value]
    assert rows(app, "before") == []
    assert 'class="fc bulletin"' not in html(app)
    app.selectbox(key="compare_b").set_value("000001").run()
    assert not app.exception
    app = opened("releases")
    assert [error.value for error in app.error if "days.parquet" in error.value]


def test_the_bulletin_can_be_read_copied_and_taken_along():
    made(1, 0)
    app = opened("compare", "en")
    assert "As at 24:00" in html(app)
    assert len(app.get("download_button")) == 1


def test_the_bulletin_is_a_text_file_that_says_it_is_utf_8():
    told = Bulletin(sentence("bulletin.release_draft"), {"moves": (sentence("bulletin.moves_first"),)})
    for lang in ("zh", "en"):
        raw = bulletin_file(lang, told)
        assert raw.startswith(b"\xef\xbb\xbf")
        assert raw.decode("utf-8-sig") == as_text(told, lang)


def test_names_and_reasons_with_markup_in_them_are_text():
    made(1, reason="<b id=evil>周会</b>")
    app = decide(opened("releases"), "DS-02-03", "red", "<i id=evil>现场</i>")
    made(0, reason="<script>evil</script>")
    for page in PAGES:
        text = html(opened(page))
        assert "id=evil>" not in text.replace("&lt;b id=evil&gt;", "").replace("&lt;i id=evil&gt;", "")
        assert "<script>evil" not in text
    assert "&lt;i id=evil&gt;" in html(app)


def test_nothing_personal_is_on_the_pages():
    made(1, 0)
    folder = ROOT / "sample_data" / "demo_street"
    personal = re.compile(r"fc-[0-9a-f]{6}-|1[3-9]\d{9}|\d{17}[\dX]|INC-|RES-|\d{2}\.\d{5,}")
    assert (folder / "incidents.csv").exists()
    for page in PAGES:
        app = opened(page)
        text = re.sub(r"<style>.*?</style>|src=\"data:[^\"]*\"", "", html(app), flags=re.DOTALL)
        assert personal.findall(text) == []
        assert set(app.query_params) <= {"lang", "data", "scheme", "date", "release", "a", "b"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_overview_opens_on_the_newest_of_two_releases_of_one_day(lang):
    made(1, 0, 0)
    app = opened("overview", lang)
    assert not app.error
    assert app.query_params["release"] == "000003"
    assert {"zh": "与上期持平", "en": "the same as in the previous release"}[lang] in html(app)
    app.selectbox(key="release").set_value("working").run()
    assert app.query_params["release"] == "working"
    assert not app.exception


def test_an_older_day_is_not_published_after_a_newer_one():
    made(0)
    with pytest.raises(ReleaseError):
        made(1)
    assert html(opened("releases")).count('<td class="code">') == 1
    made(1, publish=False)

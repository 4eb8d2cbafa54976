"""Was the map right, on its page: both languages, both samples, releases, versions, and what can be taken along."""

import re

import pytest
import yaml
from streamlit.testing.v1 import AppTest

from analytics.scheme.shipped import shipped_text
from tests.pages.test_release_pages import CJK, ROOT, html, made, press

PAGE = "pages/study/evidence.py"
BARE = re.compile(r"<style>.*?</style>|<[^>]+>", flags=re.DOTALL)


def opened(lang="zh", data="demo_street", page=PAGE, **link):
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    for name, value in {"lang": lang, "data": data, **link}.items():
        app.query_params[name] = value
    app.switch_page(page).run()
    assert not app.exception
    return app


def table_rows(app):
    """The rows of every table of figures, as text."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", html(app), flags=re.DOTALL)
    return [[BARE.sub("", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in rows]


def figures(app, name):
    return next(row for row in table_rows(app) if row and row[0] == name)


@pytest.mark.parametrize("data", ["demo_street", "trafford"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_answers_and_fits_in_both_languages_on_both_samples(lang, data):
    app = opened(lang, data)
    assert not app.error
    answer = re.search(r'role="status">(.*?)</div>', html(app), flags=re.DOTALL)[1]
    assert re.search(r"PAI \d\.\d", answer)
    hit, share, _, pai, pei = figures(app, {"zh": "现用方案 v1", "en": "In use, v1"}[lang])[1:]
    assert float(pai) == pytest.approx(float(hit[:-1]) / float(share[:-1]), abs=0.05)
    assert 0 < float(pei) <= 1
    assert float(pai) > 1
    assert figures(app, {"zh": "随机打乱", "en": "Shuffled tiers"}[lang])[4] == "1.0"
    assert len(app.get("plotly_chart")) == 2
    # Checks are there on the one, and on the other it says that they are not.
    marks = re.findall(r'data-mark="(\w+)"', html(app))
    assert (data == "demo_street") == bool(marks)
    assert (data == "trafford") == (len(app.info) == 1)
    press(app, "fit")
    fitted = {"zh": "拟合权重", "en": "Fitted"}[lang]
    assert len(figures(app, fitted)) == 5
    if lang == "en":
        names = {name for row in table_rows(app) for name in row[:1]} if data == "demo_street" else set()
        said = [BARE.sub("", part.value) for part in (*app.html, *app.info)]
        said += [widget.label for widget in (*app.selectbox, *app.button, *app.segmented_control)]
        assert [text for text in said if CJK.search(text) and not any(name and name in text for name in names)] == []


def test_other_weeks_give_other_figures_and_a_proposal_is_for_its_own_weeks():
    app = press(opened(), "fit")
    two = figures(app, "现用方案 v1")
    assert figures(app, "拟合权重")
    app.segmented_control(key="evidence_weeks").set_value(4).run()
    assert not app.exception
    assert "随后4周" in html(app)
    assert figures(app, "现用方案 v1") != two
    assert "拟合权重" not in [row[0] for row in table_rows(app) if row]


def test_a_day_too_early_for_any_outcome_says_what_to_do():
    app = opened(date="2025-11-01", scheme="elders")
    assert not app.error
    assert "无法检验" in app.info[0].value
    assert len(app.get("plotly_chart")) == 0


def _save(text):
    from analytics import session

    session.chosen().update(data="demo_street")
    session.ledger(session.dataset()[0]).save_scheme(text, "wang", "local", "按会商意见")


def test_a_saved_version_is_held_against_the_scheme_in_use():
    content = yaml.safe_load(shipped_text("elders"))
    content["dimensions"][0]["weight"] = 1
    text = yaml.safe_dump(content, allow_unicode=True)
    assert not AppTest.from_function(_save, args=(text,), default_timeout=60).run().exception
    app = opened(scheme="elders")
    second = app.selectbox(key="evidence_second")
    assert [option for option in second.options if "按会商意见" in option] == ["存档 v2：按会商意见"]
    alone = figures(app, "现用方案 v1")
    second.set_value("1").run()
    assert not app.exception
    assert figures(app, "现用方案 v1") == alone
    other = figures(app, "存档 v2：按会商意见")
    assert other[1:] != alone[1:]
    # The shipped weights lean on elders who live alone, and so do falls.
    assert float(other[4]) < float(alone[4])


def test_releases_are_held_to_account_by_the_tiers_that_were_published():
    made(9, 6, 3, 1, scheme="elders")
    app = opened(scheme="elders")
    first = app.selectbox(key="evidence_first")
    # That of a week ago has no two weeks behind it yet.
    assert first.options == ["现用方案 v1", "历次发布（3期）"]
    first.set_value("releases").run()
    assert not app.exception
    assert "3期发布的图上" in html(app)
    released = figures(app, "历次发布（3期）")
    assert float(released[4]) > 1
    # The same scheme on the same records, at the same days.
    app.selectbox(key="evidence_second").set_value("use").run()
    assert not app.exception
    assert figures(app, "现用方案 v1")[1:] == released[1:]
    press(app, "fit")
    assert figures(app, "拟合权重")


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
    said = "近28天无人走访：绿色可能只是没有人去看"
    marked = re.findall(r'data-mark="unchecked"><td>(.*?)</td>', html(opened(scheme="elders")))
    assert marked
    overview = "pages/lead/overview.py"
    app = opened(page=overview, scheme="elders", area="DS-05-04", release="working")
    assert marked[0] in html(app)
    assert said in html(app)
    assert said not in html(opened(page=overview, scheme="elders", area="DS-02-05", release="working"))
    assert said not in html(opened(page=overview, scheme="elders", area="DS-05-04", date="2026-05-30"))

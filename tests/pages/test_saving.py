"""Every page with a chart or a table hands it over, in both languages."""

import pytest

from tests.pages.test_release_pages import ROOT, AppTest, made, said

PAGES = {
    "pages/lead/overview.py": 6,
    "pages/lead/trends.py": 2,
    "pages/lead/compare.py": 6,
    "pages/data/releases.py": 1,
    "pages/study/method.py": 1,
    "pages/study/weights.py": 4,
    "pages/study/evidence.py": 4,
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_shows_can_be_saved(page, lang):
    made(1, 0)
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=90)
    for name, value in {"lang": lang, "data": "demo_street"}.items():
        app.query_params[name] = value
    app.switch_page(page).run()
    assert not {button.key for button in app.get("download_button")} & {"save_png", "save_svg", "save_csv"}
    app.button(key="save_menu").click().run()
    assert not app.exception
    assert not app.error, said(app)
    box = app.selectbox(key="save_which")
    assert len(box.options) == PAGES[page]
    assert {"save_png", "save_svg", "save_csv"} <= {button.key for button in app.get("download_button")}
    assert len(app.get("image")) == 1


def test_a_table_can_be_saved_where_its_picture_cannot_be_drawn(monkeypatch):
    made(0)
    monkeypatch.setattr("analytics.briefing.typesetting.SECONDS", 0.001)
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=90)
    app.query_params["data"] = "demo_street"
    app.switch_page("pages/study/method.py").run()
    app.button(key="save_menu").click().run()
    assert not app.exception
    assert len(app.error) == 1
    assert [button.key for button in app.get("download_button")] == ["save_csv"]

"""Every page with a chart or a table hands it over, in both languages."""

import pytest

from tests.pages.visits import made, press, said, visit

PAGES = {
    "overview": 6,
    "response": 22,
    "trends": 2,
    "compare": 6,
    "releases": 1,
    "method": 1,
    "weights": 4,
    "evidence": 4,
}

SAVED = {"save_png", "save_svg", "save_csv", "save_xlsx"}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_shows_can_be_saved(page, lang):
    made(1, 0)
    app = visit(page, lang, data="demo_street")
    assert not {button.key for button in app.get("download_button")} & SAVED
    press(app, "save_menu")
    assert not app.error, said(app)
    box = app.selectbox(key="save_which")
    assert len(box.options) == PAGES[page]
    assert {button.key for button in app.get("download_button")} >= SAVED
    assert len(app.get("image")) == 1


def test_a_table_can_be_saved_where_its_picture_cannot_be_drawn(monkeypatch):
    made(0)
    monkeypatch.setattr("analytics.briefing.typesetting.SECONDS", 0.001)
    app = press(visit("method", data="demo_street"), "save_menu")
    assert len(app.error) == 1
    assert [button.key for button in app.get("download_button")] == ["save_csv", "save_xlsx"]

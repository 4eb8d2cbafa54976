"""The briefing's pages open for every role and language, and hand over what they show."""

import pytest
import streamlit as st

from analytics.file_kinds import FORMATS
from analytics.words import say
from tests.pages.visits import html, labels, made, said, visit
from tests.test_access import INSIDE, MAY


def opened(page="briefing", lang="zh", **link):
    return visit(page, lang, data="demo_street", **link)


@pytest.mark.parametrize("role", INSIDE)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_role_may_take_a_briefing_along(lang, role, monkeypatch):
    made(0)
    monkeypatch.setenv("FIVE_COLOUR_ROLE", role)
    app = opened(lang=lang)
    assert not app.error
    assert len(app.get("image")) == 1
    assert [button.key for button in app.get("download_button")] == ["take"]


def test_without_a_release_the_page_says_what_to_do_next():
    app = opened()
    assert any("“发布”页" in text for text in said(app))
    assert app.button(key="go_releases")
    assert opened("presentation").button(key="go_releases")
    assert any("“发布”页" in text for text in said(opened("presentation")))


def test_each_format_has_its_file_and_only_its_own_choices():
    made(1, 0)
    app = opened()
    for form in FORMATS:
        app.segmented_control(key="brief_form").set_value(form).run()
        assert not app.exception
        assert not app.error
        assert "take" in {button.key for button in app.get("download_button")}
        keys = {control.key for control in app.segmented_control}
        assert ("brief_size" in keys) == (form in ("png", "pdf"))
        assert ("brief_theme" in keys) == (form in ("png", "pdf", "pptx"))


@pytest.mark.parametrize("role", INSIDE)
def test_the_paper_of_a_meeting_has_numbers_only_for_those_who_may_and_switch_them_on(role, monkeypatch):
    made(1, 0)
    monkeypatch.setenv("FIVE_COLOUR_ROLE", role)
    app = opened()
    own = ["public_make"]  # which is no switch of the papers
    assert [toggle.key for toggle in app.toggle] == own
    app.segmented_control(key="brief_form").set_value("report").run()
    numbered = ["brief_numbered"] if "load" in MAY[role].split() else []
    assert {toggle.key for toggle in app.toggle} == {*numbered, *own}
    assert not any(toggle.value for toggle in app.toggle)
    assert not app.error
    for toggle in [one for one in app.toggle if one.key not in own]:
        toggle.set_value(True).run()
        assert not app.exception
        assert not app.error
        assert [button.key for button in app.get("download_button")] == ["take"]


def test_the_photocopy_switches_the_patterns_on_and_says_why():
    made(0)
    app = opened()
    app.segmented_control(key="brief_vision").set_value("grey").run()
    assert not app.exception
    assert any("▲红与●蓝" in text for text in said(app))
    app.segmented_control(key="brief_vision").set_value("deutan").run()
    assert not any("▲红与●蓝" in text for text in said(app))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_presentation_and_the_embedded_view_open(lang, monkeypatch):
    made(1, 0)
    assert len(opened("presentation", lang=lang, theme="dark").get("iframe")) == 1
    monkeypatch.setattr(type(st.context), "is_embedded", True)
    app = opened("embed", lang=lang)
    assert not app.error
    assert sum(html.value.count('class="count') for html in app.html) >= 6
    assert labels(app) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_shown_is_said_and_comes_from_the_release(lang):
    made(0)
    app = opened(lang=lang)
    for form, key in (("report", "pages_all"), ("docx", "preview_of_document"), ("pptx", "preview_of_slides")):
        app.segmented_control(key="brief_form").set_value(form).run()
        assert not app.exception
        start = say(lang, f"briefing.{key}", n="1", pages="1").split("1")[0].split("：")[0].split(":")[0]
        assert any(text.startswith(start) for text in said(app))
    assert len(app.get("iframe")) == 1
    app.segmented_control(key="brief_form").set_value("docx").run()
    assert 'class="fc document"' in html(app)
    assert "brief_vision" not in {control.key for control in app.segmented_control}


def test_the_presentation_opens_beside_and_has_a_way_back():
    made(0)
    (link,) = opened().get("link_button")
    assert link.proto.url.startswith("presentation?lang=zh&data=demo_street&scheme=epidemic&release=000001&theme=")
    assert 'data-press="briefing?lang=zh&amp;data=demo_street&amp;scheme=epidemic&amp;release=000001"' in html(
        opened("presentation")
    )

"""The page of the settings: what is typed is kept, printed and told; a sample's are its own."""

import pytest

from analytics.words import say
from tests.pages.visits import demo_ledger, html, press, said, visit


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_typed_is_kept_said_and_printed_at_the_foot(lang):
    app = visit("settings", lang, data="demo_street")
    app.text_input(key=f"settings_demo_street_office_{lang}").set_value("Dongqiao 东桥")
    app.text_input(key=f"settings_demo_street_base_map_{lang}").set_value("审图号 <b>1</b>")
    app.selectbox(key="settings_demo_street_first_scheme").set_value("elders")
    press(app, "settings_save")
    held = demo_ledger().settings()
    assert (held.office(lang), held.first_scheme) == ("Dongqiao 东桥", "elders")
    names = [say(lang, f"settings.{name}") for name in ("office", "base_map", "first_scheme")]
    assert say(lang, "settings.saved", names=names) in said(app)
    assert "Dongqiao 东桥" in html(app)
    assert "审图号 &lt;b&gt;1&lt;/b&gt;" in html(app)
    assert visit("overview", lang, data="demo_street").session_state.scheme == "elders"
    assert demo_ledger().audit()[-1].action == "settings"


def test_a_second_press_changes_nothing_and_says_so():
    app = visit("settings", data="demo_street")
    app.text_input(key="settings_demo_street_signature_zh").set_value("甲")
    press(press(app, "settings_save"), "settings_save")
    assert say("zh", "settings.nothing_new") in said(app)
    assert demo_ledger().verify_audit() == 1


def test_whoever_may_not_is_told_who_may(monkeypatch):
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "analyst")
    app = visit("settings", data="demo_street")
    assert all(box.disabled for box in app.text_input)
    may = [say("zh", f"access.role_{role}") for role in ("admin", "local")]
    assert say("zh", "settings.may_not", roles=may) in said(app)


def test_what_cannot_be_printed_is_refused_in_a_sentence():
    app = visit("settings", data="demo_street")
    app.text_input(key="settings_demo_street_office_zh").set_value("甲\u202e乙")
    press(app, "settings_save")
    assert say("zh", "settings.hidden_sign", name=say("zh", "settings.office"), signs=["U+202E"]) in said(app)
    assert demo_ledger().audit() == ()

"""A scheme that does not fit the data stays in the switch, marked; asked for, it says why, and the one in use stays."""

import pytest

from analytics.scheme import pack_ids, scheme_named
from analytics.words import say
from tests.pages.visits import said, visit


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_stays_in_the_switch_and_is_marked(lang):
    switch = visit("method", lang, data="trafford").segmented_control(key="scheme")
    marked = [say(lang, "page.scheme_unfit", scheme=scheme_named(name).name.text(lang)) for name in pack_ids()]
    assert len(switch.options) == len(pack_ids())
    assert sum(label in marked for label in switch.options) == len(pack_ids()) - 1
    every = visit("method", lang, data="demo_street").segmented_control(key="scheme")
    assert not any(label in marked for label in every.options)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pressed_it_says_why_and_what_to_do_and_changes_nothing(lang):
    app = visit("method", lang, data="trafford")
    app.segmented_control(key="scheme").set_value("venues").run()
    assert not app.exception
    assert app.segmented_control(key="scheme").value == "elders"
    why = say(lang, "page.scheme_why", scheme=scheme_named("venues").name.text(lang), reason="").strip()
    assert [text for text in said(app) if text.startswith(why)]
    (link,) = app.get("page_link")
    assert (link.proto.page, link.proto.label) == ("data", say(lang, "page.go_data"))
    app.switch_page("pages/study/method.py").run()
    assert not [text for text in said(app) if text.startswith(why)]


def test_a_link_to_it_says_the_same():
    app = visit("method", data="trafford", scheme="epidemic")
    assert app.segmented_control(key="scheme").value == "elders"
    assert any(say("zh", "page.scheme_of_sample") in text for text in said(app))

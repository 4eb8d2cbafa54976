"""A link opens the view that it was copied from: in a fresh session, with releases, for two hundred random views."""

import json
import random
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from analytics.wording.releases import code_of
from analytics.workspace import published
from tests.pages.visits import demo, made

LAST = date(2026, 10, 31)
SCHEMES = ("epidemic", "rentals", "venues", "elders")
NAMES = ("lang", "data", "scheme", "release", "date", "area")


def resolving():
    """What every page does with a link, without drawing anything: resolve it, write it back, and say what it became."""
    import json

    import streamlit as st

    from pages.parts import in_view, state

    ws, lang = state.workspace(), state.language()
    said = [in_view.follow_code(ws)]
    data, gone = in_view.dataset(ws)
    scheme, unknown = in_view.scheme_for(ws, data)
    release, lost = in_view.release_for(ws, data, scheme)
    day, moved = (release.day, None) if release else in_view.day_for(data, scheme)
    area, missing = state.chosen_of("area", data.counts.areas.index)
    said += [gone, unknown, lost, moved, missing]
    view = {
        "lang": lang,
        "data": data.id,
        "scheme": scheme.id,
        "release": release.name if release else state.WORKING,
        "date": None if release else day.isoformat(),
        "area": area,
    }
    state.remember_in_link(**view)
    st.text(json.dumps(view))
    for one in filter(None, said):
        st.info(one.text(lang))


def opened(**link):
    app = AppTest.from_function(resolving, default_timeout=60)
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def view_of(app):
    return json.loads(app.text[0].value)


@pytest.fixture
def codes():
    """Two releases of one scheme and one of another, by their check codes."""
    for scheme, weeks_ago in (("epidemic", 1), ("epidemic", 0), ("elders", 0)):
        made(weeks_ago, scheme=scheme)
    ws, data = demo()
    return [code_of(entry) for entry in reversed(published.releases(ws, data))]


def test_two_hundred_random_views_open_again_from_their_links(codes):
    assert len(codes) == 3
    draw = random.Random(2020)
    for _ in range(200):
        wish = {
            "lang": draw.choice(["zh", "en"]),
            "data": "demo_street",
            "scheme": draw.choice(SCHEMES),
            "area": f"DS-{draw.randint(1, 12):02d}-{draw.randint(1, 5):02d}",
        }
        if draw.random() < 0.5:
            wish["date"] = str(LAST - timedelta(days=draw.randrange(400)))
        elif draw.random() < 0.7:
            wish["release"] = draw.choice(["000001", "000002", "000003", "000009", "working", "D000001"])
        first = opened(**wish)
        link = {name: value for name, value in first.query_params.items() if name in NAMES}
        link = {name: value[0] if isinstance(value, list) else value for name, value in link.items()}
        again = opened(**link)
        assert view_of(again) == view_of(first), wish
        assert [said.value for said in again.info] == [], "a link that was written by the product needs no remark"


def test_a_check_code_opens_its_release_and_says_whether_it_is_the_newest(codes):
    newer = opened(code=codes[1])
    assert view_of(newer)["release"] == "000002"
    assert "最新一期" in newer.info[0].value
    older = opened(code=codes[0].lower())
    assert view_of(older)["release"] == "000001"
    assert "总第2期" in older.info[0].value


def test_a_stale_or_foreign_link_gives_the_nearest_view_and_says_so(codes):
    assert codes
    app = opened(data="demo_street", scheme="none", release="000077", area="X9")
    assert view_of(app)["release"] == "000002"
    said = " ".join(one.value for one in app.info)
    assert "000077" in said
    assert "X9" in said
    assert "none" in said


def test_a_link_holds_nothing_but_the_view(codes):
    assert codes
    assert set(opened(data="demo_street", extra="标记人物").query_params) <= set(NAMES)

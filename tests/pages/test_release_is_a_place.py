"""A release is a place: all that is shown in it is its own, and leaving it is a step that is seen and can be undone."""

import base64
import json
from datetime import timedelta

import numpy as np
import pytest

from analytics import tiers
from analytics.workspace import published
from tests.pages.test_release_pages import decide, opened
from tests.pages.visits import demo, demo_ledger, html, keys, made, press, visit


@pytest.fixture
def releases():
    """Two releases of the demo street a week apart, the newest first."""
    made(1, 0)
    return demo_ledger().releases()


def trend(app):
    """Areas in each tier (in the order of ``tiers.SHOWN``) at each week end that the chart draws."""
    (chart,) = (chart for chart in app.get("plotly_chart") if "barmode" in chart.proto.spec)
    bars = [bar["y"] for bar in json.loads(chart.proto.spec)["data"]]
    return [np.frombuffer(base64.b64decode(bar["bdata"]), dtype=bar["dtype"]).tolist() for bar in bars]


def test_trends_in_a_release_are_its_own_though_people_decided_otherwise_since(releases):
    _, older = releases
    before = trend(visit("trends", data="demo_street", release=older.name))
    decide(opened("releases", date=str(older.day)), "DS-02-03", "red", "现场核查")
    app = visit("trends", data="demo_street", release=older.name)
    assert trend(app) == before
    assert app.query_params["release"] == older.name
    assert "date" not in app.query_params
    live = press(app, "see_live")
    assert live.query_params["release"] == "working"
    assert trend(live) != before
    assert press(live, "back_to").query_params["release"] == older.name


def test_a_release_has_no_box_for_another_day_and_the_way_back_leads_to_the_one_that_was_left(releases):
    _, older = releases
    app = visit("trends", data="demo_street", release=older.name)
    assert not app.date_input
    assert "截至2026年10月24日24时" in html(app)
    app = press(app, "see_live")
    (box,) = app.date_input
    box.set_value(older.day - timedelta(days=2)).run()
    assert app.query_params["date"] == str(older.day - timedelta(days=2))
    (back,) = (button for button in app.button if button.key == "back_to")
    assert "第1期" in back.proto.label
    app = press(app, "back_to")
    assert app.query_params["release"] == older.name


def test_without_a_release_there_is_no_way_back():
    app = visit("trends", data="demo_street")
    assert not {"see_live", "back_to"} & keys(app)
    assert app.date_input


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_trends_of_a_release_count_as_it_does(lang, releases):
    newest, _ = releases
    ws, data = demo()
    run = published.run_of(ws, data, newest)[0]
    app = visit("trends", lang, data="demo_street", release=newest.name)
    shown = [values[-1] for values in trend(app)]
    assert shown == run.counts().iloc[-1].reindex(tiers.SHOWN).tolist()

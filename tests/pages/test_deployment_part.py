"""The card on reinforcement: what the plan leaves uncovered, a proposal when asked for, and areas fixed by hand."""

import pytest
from streamlit.testing.v1 import AppTest

SCRIPT = """
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
import streamlit as st
from analytics.access import Actor
from analytics.workspace import Workspace, response, schemes
from analytics.workspace.datasets import find
from pages.parts.deployment import show_deployment
ws = Workspace(Actor("甲", "local"), Path({home!r}), date(2026, 11, 1), {lang!r})
data, _ = find(ws, "demo_street")
teams = data.teams.assign(hours_per_day=data.teams["hours_per_day"] * {hours!r}) if {hours!r} else None
data = replace(data, teams=teams)
scheme = schemes.scheme_for(ws, data, "epidemic")[0]
day = date(2026, 10, 31)
choice = SimpleNamespace(ws=ws, lang={lang!r}, data=data, day=day, scheme=scheme, release=None)
for exhibit in show_deployment(choice, response.response(ws, data, scheme, None, day), None):
    st.text(exhibit.title)
"""


def shown(home, lang="zh", hours=0.1):
    app = AppTest.from_string(SCRIPT.format(home=str(home), lang=lang, hours=hours), default_timeout=120)
    app.run()
    assert not app.exception
    return app


def page(app):
    return "\n".join(part.value for part in app.html)


def test_where_the_hours_are_enough_it_says_so_and_offers_nothing(home):
    app = shown(home, hours=1)
    assert "无需增援" in page(app)
    assert not app.button
    assert [one.value for one in app.text] == ["组团联社", "增援测算"]


def test_without_teams_it_says_what_to_do(home):
    app = shown(home, hours=None)
    assert "请在组团表中补充" in app.info[0].value
    assert not app.text


@pytest.mark.parametrize(("lang", "only"), [("zh", "只是测算，不自动生效"), ("en", "This is a calculation only")])
def test_a_proposal_is_worked_out_when_it_is_asked_for_and_again_with_an_area_fixed(home, lang, only):
    app = shown(home, lang)
    assert only not in page(app)
    app.button(key="deployment_solve").click().run()
    assert not app.exception
    assert only in page(app)
    assert "deployment_solve" not in {button.key for button in app.button}
    before = page(app)
    app.selectbox(key=f"deployment_team_{lang}").select("T05")
    app.button(key="deployment_fix").click().run()
    assert page(app) != before
    assert {"zh": "（固定）", "en": "(fixed)"}[lang] in page(app)
    app.button(key="deployment_clear").click().run()
    assert page(app) == before

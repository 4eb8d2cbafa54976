"""The part of a page that shows the building sweep."""

import pytest
from streamlit.testing.v1 import AppTest

SCRIPT = """
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from analytics.access import Actor
from analytics.workspace import Workspace
from analytics.workspace.datasets import find
from pages.parts.sweep import show_sweep, sweep_exhibits
ws = Workspace(Actor("甲", {role!r}), Path({home!r}), date(2026, 11, 1), {lang!r})
data, _ = find(ws, {data!r})
choice = SimpleNamespace(ws=ws, lang={lang!r}, data=data, day=date.fromisoformat({day!r}))
show_sweep(choice, {{"DS-06-01": "red"}})
import streamlit as st
for exhibit in sweep_exhibits(choice):
    st.text(exhibit.title + ": " + str(len(exhibit.make().table)))
"""


def shown(home, role="local", lang="zh", data="demo_street", day="2026-10-31"):
    app = AppTest.from_string(
        SCRIPT.format(home=str(home), role=role, lang=lang, data=data, day=day), default_timeout=60
    )
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize(("lang", "left"), [("zh", "未完成88户，原因"), ("en", "88 households left, because")])
def test_the_sweep_of_the_sample_is_there_and_its_paper_for_the_keeper(home, lang, left):
    app = shown(home, lang=lang)
    card = app.get("html")[0].proto.body
    assert left in card
    assert "95.3%" in card
    assert "100%" not in card.replace("width:100.0%", "")
    assert len(app.get("download_button")) == 1
    assert [one.value.rpartition(": ")[2] for one in app.text] == ["30", "44", "11", "0", "0"]


def test_who_may_not_see_records_gets_counts_and_no_paper(home):
    app = shown(home, role="leader")
    assert len(app.get("download_button")) == 0
    assert [one.value.rpartition(": ")[2] for one in app.text] == ["30", "5", "6", "0", "0"]


def test_a_day_before_it_shows_what_is_to_come(home):
    app = shown(home, day="2026-10-01")
    card = app.get("html")[0].proto.body
    assert "尚未开始，19天后开始" in card
    assert all(one in card for one in ("还需上门2,781次", "网格管理中心值班岗", "兰汀社区"))
    assert not any(one in card for one in ("见面", "登记率", "尚未独立抽查", "未完成"))
    assert len(app.get("download_button")) == 0


def test_without_a_sweep_it_says_how_to_have_one(home):
    assert "campaign.yaml" in shown(home, data="trafford", day="2024-06-30").get("html")[0].proto.body


def test_a_campaign_that_is_wrong_is_told_with_its_line(home):
    folder = home / "samples" / "demo_street" / "campaigns" / "mine"
    shown(home)  # the home of the sample is made at the first look
    folder.mkdir(parents=True)
    (folder / "campaign.yaml").write_text("format: 1\nid: mine\n", encoding="utf-8")
    assert "mine/campaign.yaml" in shown(home).error[0].value

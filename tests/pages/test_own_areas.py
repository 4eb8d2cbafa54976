"""The pages of an account that may see some areas alone: nothing on them is of another area."""

import re

import pytest
import streamlit as st

from analytics.access import Actor
from pages.parts import sign_in
from tests.pages.visits import PAGES, demo, html, made, said, visit

OWN = "DS-03"
OPEN = ("overview", "area", "embed", "drafts")


@pytest.fixture
def _a_community_s_account(monkeypatch):
    made(1, 0)
    monkeypatch.setattr(sign_in, "actor", lambda: Actor("li", "leader", frozenset({OWN})))


def others():
    """Codes and names of what is not the account's."""
    _, data = demo()
    areas = data.counts.areas
    mine = areas["parent_id"].eq(OWN) | areas.index.isin([OWN, "DS"])
    return {*areas.index[~mine], *areas.loc[~mine, "name"]}


def everything_on(app):
    """All that a page shows, as text: its HTML, its lists, and what can be chosen."""
    tables = [table.value.to_csv() for table in app.dataframe]
    chosen = [f"{box.options} {box.value}" for box in app.selectbox]
    return "\n".join([html(app), *tables, *chosen, *(part.value for part in (*app.markdown, *app.caption))])


@pytest.mark.usefixtures("_a_community_s_account")
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", [*OPEN, "area of one"])
def test_what_is_open_says_nothing_of_others(page, lang, monkeypatch):
    if page == "embed":
        monkeypatch.setattr(type(st.context), "is_embedded", property(lambda _: True))
    link = {"area": "DS-03-01"} if page == "area of one" else {}
    for release in (None, "working"):
        app = visit(page.partition(" ")[0], lang, data="demo_street", release=release, **link)
        assert not app.error
        shown = everything_on(app)
        assert page in ("embed", "drafts") or re.search("DS-03-01|映塘|Yingtang", shown)
        assert sorted(name for name in others() if re.search(rf"{re.escape(name)}\b", shown)) == []


@pytest.mark.usefixtures("_a_community_s_account")
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", sorted(set(PAGES) - set(OPEN)))
def test_what_covers_all_areas_is_closed_and_says_so(page, lang):
    app = visit(page, lang, data="demo_street")
    assert any(("全部区域" if lang == "zh" else "covers all areas") in text for text in said(app))
    assert others() & set(re.findall(r"DS-\d\d(?:-\d\d)?", everything_on(app))) == set()


@pytest.mark.usefixtures("_a_community_s_account")
@pytest.mark.parametrize("area", ["DS-01-01", "DS-01", "XX"])
def test_a_link_to_another_area_is_as_one_to_an_area_that_is_not_there(area):
    app = visit("area", area=area, data="demo_street")
    assert [text for text in said(app) if area in text]
    assert "云桥" not in everything_on(app)


@pytest.mark.usefixtures("_a_community_s_account")
@pytest.mark.parametrize(("lang", "told"), [("zh", "只含映塘社区"), ("en", "Only Yingtang Community")])
@pytest.mark.parametrize("page", ["overview", "area"])
def test_a_page_of_some_areas_says_which(page, lang, told):
    assert told in said(visit(page, lang, data="demo_street"))

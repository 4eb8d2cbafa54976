"""The page of one area and the list of all, by every scheme and in both languages, without a browser."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from analytics.scoring import ranking
from analytics.scoring.groups import is_total
from analytics.scoring.reasons import shown_tier
from analytics.wording.numbers import score_text
from analytics.wording.tiers import marked
from analytics.words import LANGUAGES, say
from analytics.workspace import area_page, decisions, published, response, runs, schemes
from analytics.workspace.decisions import Decision
from tests.pages.visits import CJK, WANG, demo, html, made, press, said, visit

SCHEMES = ("epidemic", "rentals", "venues", "elders")
BOAT, GAP, HELD = "DS-06-04", "DS-02-01", "DS-05-06"
"""船埠; an area without residents; one that the stability rule holds."""
LIVE = {"release": "working"}


def text(app):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(style|script).*?</\1>", "", html(app))))


def first_line(app):
    """The navy line over the cards."""
    return re.search(r'(?s)<div class="first .*?</dl>', html(app)).group()


def run_of(scheme):
    ws, data = demo()
    chosen = schemes.scheme_for(ws, data, scheme)[0]
    return runs.assessed(ws, data, chosen, [data.days(chosen)[1]])


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_area_says_why_it_has_its_colour(lang, scheme):
    app = visit("area", lang, scheme=scheme, area=BOAT, **LIVE)
    assert not app.error
    run, shown = run_of(scheme), text(app)
    shown_now = shown_tier(run, BOAT)
    sign = "＝" if shown_now.tier == shown_now.computed else "≠"
    assert sign in shown
    at = run.areas.index.get_loc(BOAT)
    assert score_text(run.score[-1, at], run.scheme, shown_now.computed) in shown
    for item in run.scheme.indicators:
        assert item.name.text(lang) in shown
    for title in ("area.table", "area.map", "smallest.title", "area.week", "area.open"):
        assert say(lang, title) in shown
    assert say(lang, "area.ribbon", n=26) in shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_area_without_enough_data_is_said_to_be_so_and_has_no_score(lang):
    app = visit("area", lang, area=GAP, **LIVE)
    first = first_line(app)
    assert first.count(say(lang, "tiers.unknown")) >= 2
    assert not re.search(r'class="chip (green|blue|yellow|orange|red)', first)
    assert say(lang, "smallest.none_unknown") in text(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_held_area_carries_the_mark_and_the_day_on_which_the_rule_lets_it_go(lang):
    shown = shown_tier(run_of("epidemic"), HELD)
    assert shown.why == "held"
    page = html(visit("area", lang, area=HELD, **LIVE))
    assert "≠" in page
    assert re.search(rf'class="mark"[^>]*alt="{say(lang, "tiers.mark_held")}"', page)
    day = shown.next_change
    told = f"{day.month}月{day.day}日" if lang == "zh" else f"{day.day} {day:%b}"
    assert told in page


def test_an_override_is_on_the_first_line_the_ribbon_and_the_list():
    ws, data = demo()
    chosen = schemes.scheme_for(ws, data, "epidemic")[0]
    day = data.days(chosen)[1]
    decisions.override(
        ws, data, chosen, Decision(BOAT, "red", "<b>例会</b>", day - timedelta(days=3), day + timedelta(days=4))
    )
    app = visit("area", area=BOAT, **LIVE)
    page, first = html(app), first_line(app)
    assert 'class="chip red"' in first
    assert "≠" in first
    assert f'alt="{say("zh", "tiers.mark_override")}"' in first
    assert say("zh", "area.pin_override", tier=say("zh", "bulletin.tier_red")) in page
    assert "<b>例会" not in page
    table = visit("area", **LIVE).dataframe[0].value
    assert say("zh", "tiers.mark_override") in table.loc[BOAT, "mark"]
    assert table.loc[BOAT, "computed"] != table.loc[BOAT, "tier"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_override_says_its_reason_and_which_floor_rule_demands_more(lang):
    ws, data = demo()
    chosen = schemes.scheme_for(ws, data, "epidemic")[0]
    day = data.days(chosen)[1]
    decisions.override(ws, data, chosen, Decision(BOAT, "green", "现场核实", day, day + timedelta(days=4)))
    first = first_line(visit("area", lang, area=BOAT, **LIVE))
    assert "现场核实" in first
    rule = chosen.floors[0]
    told = say(lang, "area.below_rule", rule=rule.name.text(lang), tier=marked(lang, rule.at_least))
    assert told in first
    decisions.override(ws, data, chosen, Decision(BOAT, "red", "再核实", day, day + timedelta(days=4)))
    assert told not in first_line(visit("area", lang, area=BOAT, **LIVE))


def test_an_area_that_got_its_tier_without_data_has_no_place_by_work():
    ws, data = demo()
    chosen = schemes.scheme_for(ws, data, "epidemic")[0]
    day = data.days(chosen)[1]
    assert "排第" not in text(visit("area", area=GAP, **LIVE))
    decisions.override(ws, data, chosen, Decision(GAP, "green", "现场核实", day, day + timedelta(days=4)))
    assert "排第" not in text(visit("area", area=GAP, **LIVE))
    assert "排第" in text(visit("area", area=BOAT, **LIVE))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_week_that_was_chosen_in_a_release_is_told_of_and_no_other_text_of_a_link(lang):
    made(1, 0)
    told = visit("area", lang, area=BOAT, week="2026-10-17").info[0].value
    assert all(("17" in told, "31" in told))
    assert not visit("area", lang, area=BOAT).info
    assert not visit("area", lang, area=BOAT, week="2026-10-31").info
    other = visit("area", lang, area=BOAT, week="![](http://a.b/c)").info[0].value
    assert "http:" not in other
    assert "](" not in other


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("area", [BOAT, HELD])
def test_what_was_due_and_done_is_what_the_first_page_and_the_list_say(lang, area):
    ws, data = demo()
    chosen = schemes.scheme_for(ws, data, "epidemic")[0]
    found = response.response(ws, data, chosen, None, data.days(chosen)[1])
    week = found.duties[0].week.loc[area]
    said = say(
        lang, "response.week_due", due=int(week["due"]), done=int(week["on_time"] + week["late"]),
        overdue=int(week["overdue"]),
    )  # fmt: skip
    assert said in text(visit("area", lang, area=area, **LIVE))
    if area == BOAT:  # the other one has too little work to be listed there
        assert said in text(visit("overview", lang, **LIVE))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_release_shows_the_weeks_that_it_holds_and_leads_to_no_day(lang):
    made(1, 0)
    page = html(visit("area", lang, area=BOAT))
    assert say(lang, "area.ribbon_weekly").strip() in page
    assert 'data-press="?date=' not in page
    live = html(visit("area", lang, area=BOAT, **LIVE))
    assert 'data-press="?date=2026-10-31"' in live


def test_a_row_opens_the_counts_behind_it_and_the_link_keeps_it():
    app = visit("area", area=BOAT, row="fever_14d", **LIVE)
    page = html(app)
    opened = page[page.index('class="behind"') :]
    assert say("zh", "area.behind_now", n=14, table=say("zh", "tables.incidents")) in opened
    assert 'aria-expanded="true"' in page
    assert "fever_14d" in app.query_params["row"]
    assert 'class="behind"' not in html(visit("area", area=BOAT, row="nothing", **LIVE))


@pytest.mark.parametrize("weeks", [13, 26, 52])
def test_the_ribbon_has_a_cell_a_day(weeks):
    page = html(visit("area", area=BOAT, span=f"{weeks}", **LIVE))
    assert page.count('data-press="?date=') == weeks * 7
    assert f'data-press="?span={weeks}" aria-pressed="true"' in page


def test_neighbours_and_the_next_of_the_community_are_links():
    page = html(visit("area", area=BOAT, **LIVE))
    for near in ("DS-05-06", "DS-05-07", "DS-06-01", "DS-06-05"):
        assert f'<a href="area?area={near}" data-press="area?area={near}"' in page
    assert 'data-press="area?area=DS-06-03"' in page


def test_a_link_to_an_area_that_is_not_there_gets_the_list_and_is_told():
    app = visit("area", area="DS-99", **LIVE)
    assert any("DS-99" in one for one in said(app))
    assert len(app.dataframe[0].value) == 52


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_has_every_area_by_its_work(lang, scheme):
    app = visit("area", lang, scheme=scheme, **LIVE)
    table, order = app.dataframe[0].value, ranking(run_of(scheme))
    assert table.index.tolist() == order.index.tolist()
    assert table["rank"].tolist() == list(range(1, 53))
    tiers = [say(lang, f"tiers.{tier}") for tier in order["tier"]]
    assert [told.endswith(tier) for told, tier in zip(table["tier"], tiers, strict=True)] == [True] * 52
    assert table["score"].isna().tolist() == (order["computed"] == "unknown").tolist()


def test_the_list_is_searched_and_kept_to_a_community():
    app = visit("area", **LIVE)
    app.text_input(key="sought_zh").set_value("兰汀 橙").run()
    table = app.dataframe[0].value
    assert len(table) == 3
    assert table["within"].eq("兰汀社区").all()
    app.text_input(key="sought_zh").set_value("没有这样的").run()
    assert say("zh", "area.none_found") in said(app)
    inside = visit("area", within="DS-06", **LIVE)
    assert len(inside.dataframe[0].value) == 6
    assert len(press(inside, "area_all").dataframe[0].value) == 52


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_communities_get_counts_and_their_worst_area_and_no_tier(lang, scheme):
    app = visit("area", lang, scheme=scheme, level="groups", **LIVE)
    run, page = run_of(scheme), text(app)
    level = say(lang, f"templates.word_level_{run.scheme.level}")
    assert say(lang, "area.groups_note", level=level) in page
    # None of the schemes that ship could rate a community by its own values.
    assert any(is_total(item) or item.spec.id == "days_since" for item in run.scheme.indicators)
    ws, data = demo()
    held = area_page.areas_view(replace(ws, lang=lang), data, run.scheme, None, run.days[-1].date()).groups[0]
    for name in held.groups["name"]:
        assert name in page
        assert bool(CJK.search(name)) == (lang == "zh")


def test_data_without_communities_say_what_to_do():
    app = visit("area", data="trafford", level="groups", **LIVE)
    assert say("zh", "area.groups_none") in said(app)


@pytest.mark.parametrize("level", ["areas", "groups"])
def test_english_has_no_chinese(level):
    """Areas, and those above them, have English names in the sample."""
    for shown in (visit("area", "en", area=BOAT, **LIVE), visit("area", "en", level=level, **LIVE)):
        assert set(CJK.findall(text(shown))) <= set("中文")


def test_what_is_shown_of_a_release_is_told_where_records_came_later(monkeypatch):
    made(0)
    assert say("zh", "area.groups_later") not in text(visit("area", area=BOAT))
    ws, data = demo()
    entry = published.releases(ws, data, "epidemic")[0]
    assert entry.author == WANG.name
    monkeypatch.setattr(data.counts, "digest", "other")
    shown = text(visit("area", area=BOAT))
    assert say("zh", "area.groups_later") in shown
    assert shown.count(say("zh", "area.now_records")) == 2

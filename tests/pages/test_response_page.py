"""The page on response: what was due, what was done and who answers, by clicks and links, in both languages."""

import re
from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from analytics import tiers
from analytics.response.on_target import STATES
from analytics.wording.response import brief_of, by_team_rows, to_page, tried_text
from analytics.wording.response_cells import default_cells
from analytics.words import LANGUAGES, say
from analytics.workspace import published, response, schemes
from tests.pages.visits import CJK, confirm, demo, demo_ledger, html, keys, made, planned, press, said, visit

LIVE = {"release": "working"}


def shown(scheme="epidemic"):
    ws, data = demo()
    chosen = schemes.scheme_for(ws, data, scheme)[0]
    return response.response(ws, data, chosen, None, data.days(chosen)[1])


def pressed(page):
    return re.findall(r'id="cell-(\w+)-(\w+)"[^>]*aria-pressed="true"', page)


def listed(page):
    card = page.split('class="card response areas ')[1].split("</section>")[0]
    return re.findall(r'data-press="area\?area=([^"]+)"', card)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scheme", ["epidemic", "rentals", "venues", "elders"])
def test_figures_are_told_with_their_base_and_unlike_things_are_not_added(scheme, lang):
    page, found = html(visit("response", lang, scheme=scheme, **LIVE)), shown(scheme)
    rated = found.run.shown[-1] != tiers.UNKNOWN_RANK
    for one in found.duties:
        week = one.week[rated].dropna()
        due, done = int(week["due"].sum()), int((week["on_time"] + week["late"]).sum())
        assert one.duty.name.text(lang) in page
        assert re.search(rf"{due:,}\D.*?{done:,}\D", page)
        assert int(week["overdue"].sum()) == due - done
    assert say(lang, "response.new_forms") in said(visit("response", lang, scheme=scheme, **LIVE))


def test_it_opens_with_red_and_orange_that_are_not_on_target_and_each_cell_is_a_filter():
    page, found = html(visit("response", **LIVE)), shown()
    assert pressed(page) == [("red", "behind"), ("orange", "behind")]
    names = tiers.names(found.run.shown[-1])
    usual = pd.Series(names, index=found.states.index) + "." + found.states
    assert set(listed(page)) == set(usual.index[usual.isin(default_cells())])
    other = html(visit("response", cells="blue.behind", **LIVE))
    assert pressed(other) == [("blue", "behind")]
    assert len(listed(other)) == sum((names == "blue") & (found.states == "behind"))
    nothing = html(visit("response", cells="none", **LIVE))
    assert pressed(nothing) == []
    assert say("zh", "response.list_none") in nothing


def test_the_cells_count_every_area_once():
    counts = re.findall(r'id="cell-\w+-\w+".*?<b class="num">(\d+)</b>', html(visit("response", **LIVE)))
    assert sum(map(int, counts)) == 52


def test_what_a_link_asks_for_and_is_not_there_is_told():
    app = visit("response", cells="pink.behind", duty="swim", area="nowhere", **LIVE)
    assert [wrong in " ".join(said(app)) for wrong in ("pink.behind", "swim", "nowhere")] == [True] * 3
    assert pressed(html(app)) == [("red", "behind"), ("orange", "behind")]


def test_the_other_duty_is_a_press_away_and_stays_in_the_link():
    app = visit("response", duty="grid_rounds", **LIVE)
    assert app.query_params["duty"] == "grid_rounds"
    assert 'id="duty-grid_rounds" data-press="?duty=grid_rounds" aria-pressed="true"' in html(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_release_says_that_what_was_done_is_counted_from_the_records_of_now(lang):
    made(0)
    assert say(lang, "response.later") in said(visit("response", lang))
    assert say(lang, "response.later") not in said(visit("response", lang, **LIVE))


def test_from_the_first_page_one_press_leads_to_whether_it_was_done():
    page = html(visit("overview", **LIVE))
    assert 'href="response" data-press="response"' in page
    assert say("zh", "response.link_behind", behind="未到位5", unanswered=0, hazards="1") in page


@pytest.mark.parametrize("tier", ["red", "blue"])
def test_the_row_of_a_tier_filters_map_and_list_to_it_and_a_second_press_undoes_that(tier):
    every = ",".join(f"{tier}.{state}" for state in STATES)
    row = rf'<tr data-press="\?cells=([^"]*)"[^>]*><th[^>]*><span[^>]*><button[^>]*id="tier-{tier}"[^>]*pressed="(\w+)"'
    assert re.search(row, html(visit("response", **LIVE))).groups() == (every.replace(",", "%2C"), "false")
    page = html(visit("response", cells=every, **LIVE))
    assert pressed(page) == [(tier, state) for state in STATES]
    assert re.search(row, page).groups() == ("", "true")
    names = tiers.names(shown().run.shown[-1])
    assert len(listed(page)) == (names == tier).sum()
    assert page.count('class="chosen"><th') == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_is_pressed_to_choose_an_area_and_says_which_post_and_team_answer(lang):
    found = shown().told
    page = html(visit("response", lang, area=found.behind[0], **LIVE))
    data = demo()[1]
    teams = data.teams.groupby("home_area_id")["name"].agg("、".join if lang == "zh" else ", ".join)
    rows = re.findall(r'<tbody title="[^"]*" class="(\w*)" data-press="\?area=([^"]+)".*?</tbody>', page, re.S)
    assert {area for _, area in rows} == set(found.behind)
    assert [area for chosen, area in rows if chosen] == found.behind[:1]
    for area in found.behind:
        row = page.split(f'data-press="?area={area}" data-area')[1].split("</tbody>")[0]
        assert found.run.scheme.measures[found.tier[area]].post.text(lang) in row
        assert f"<small>{teams[data.counts.areas['parent_id'][area]]}</small>" in row


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_due_is_told_by_team_too_and_adds_up(lang):
    found = shown().told
    for one in found.duties:
        rows = by_team_rows(lang, found, one)
        rated = one.week[(found.tier != tiers.UNKNOWN).to_numpy()].dropna()
        assert sum(int(row["due"]) for row in rows) == rated["due"].sum()
        assert sum(int(row["overdue"]) for row in rows) == rated["overdue"].sum()
    page = html(visit("response", lang, **LIVE))
    hint = say(lang, "response.by_team_hint")
    assert f'<summary>{say(lang, "response.by_team")}<span class="quiet">{hint}</span></summary>' in page
    # A community without a team is a row as well, and without teams there is none.
    without = replace(found, teams=dict.fromkeys(found.tier.index, ()))
    assert [row["team"] for row in by_team_rows(lang, without, found.duties[0])] == [say(lang, "response.no_team")]
    assert by_team_rows(lang, replace(found, teams=None), found.duties[0]) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_row_of_a_team_leads_to_the_areas_of_its_community(lang):
    page, data = html(visit("response", lang, **LIVE)), demo()[1]
    card = page.split('class="due teams"')[1].split("</table>")[0]
    homes = re.findall(r'<tr data-press="area\?within=([^&]+)&amp;level=areas&amp;area="><th scope="row">([^<]+)', card)
    teams = data.teams.set_index("name")["home_area_id"]
    assert {name: home for home, name in homes} == teams.to_dict()
    for post in data.teams["lead_post"]:
        assert say(lang, "response.led_by", post=post) in card
    assert bool(CJK.search(re.search(r'class="community"><a[^>]*>([^<]+)', card)[1])) == (lang == "zh")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_area_outside_the_filter_is_said_to_be_and_a_press_lists_it(lang):
    found = shown().told
    other = next(area for area in found.order if found.tier[area] == "blue")
    page = html(visit("response", lang, area=other, **LIVE))
    assert other not in listed(page)
    state = say(lang, f"response.in_{found.states[other]}")
    tier = say(lang, "tiers.blue")
    start = say(lang, "response.outside", area="|", tier=tier, state=state).split("|")[1]
    assert start in page
    link = re.search(r'id="cells-add" data-press="\?cells=([^"]+)"', page)[1].replace("%2C", ",")
    there = html(visit("response", lang, area=other, cells=link, **LIVE))
    assert other in listed(there)
    assert "cells-add" not in there
    assert "cells-add" not in html(visit("response", lang, area=found.behind[0], **LIVE))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_why_something_is_open_is_told_as_numbers_beside_what_was_done(lang):
    told, one = shown().told, shown().duties[0]
    known = one.tried[one.week.notna().all(axis=1) & (told.tier != tiers.UNKNOWN)].sum()
    assert known.gt(0).all()
    page = html(visit("response", lang, **LIVE))
    assert tried_text(lang, told, one) in page.split('class="card response by-tier"')[1].split("</section>")[0]
    assert all(say(lang, f"response.tried_{name}", n=int(n)) in page for name, n in known.items())
    area = next(area for area in told.behind if tried_text(lang, told, one, area))
    assert f'title="{tried_text(lang, told, one, area)}"' in page


@pytest.mark.parametrize("wrong", ["year-area", "month-people", "x"])
def test_a_link_that_asks_for_no_period_or_rows_of_closing_is_told(wrong):
    assert any(wrong in one for one in said(visit("response", closing=wrong, **LIVE)))
    assert not any("month-area" in one for one in said(visit("response", closing="month-area", **LIVE)))


def test_an_incident_of_the_due_list_leads_to_its_area():
    page = html(visit("response", **LIVE))
    card = page.split('class="fc due-list"')[1]
    leads = set(re.findall(r'data-press="area\?area=([^"]+)"', card))
    assert leads
    assert leads <= set(shown().run.areas.index)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_earlier_week_of_a_release_is_shown_as_such_with_a_way_back(lang):
    made(0)
    ws, data = demo()
    chosen = schemes.scheme_for(ws, data, "epidemic")[0]
    entry = published.releases(ws, data, "epidemic")[0]
    week = entry.day - timedelta(weeks=1)
    then = response.response(ws, data, chosen, entry, week)
    assert then.last == then.run.days[-1].date() == week
    app = visit("response", lang, week=f"{week}")
    assert app.query_params["week"] == f"{week}"
    assert say(lang, "response.of_week", week=week, day=entry.day) in html(app)
    assert 'data-press="?week="' in html(app)
    assert f"{int(then.duties[0].week[then.told.tier != 'unknown']['due'].sum())}" in html(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_page_tells_what_was_due_in_an_earlier_week_too(lang):
    made(0)
    ws, data = demo()
    chosen = schemes.scheme_for(ws, data, "epidemic")[0]
    entry = published.releases(ws, data, "epidemic")[0]
    week = entry.day - timedelta(weeks=2)
    then, now = (response.response(ws, data, chosen, entry, day).told for day in (week, entry.day))
    page = html(visit("overview", lang, week=f"{week}"))
    assert to_page(lang, then) in page
    area = then.behind[0]
    row = page.split(f'data-area="{area}"')[-1]
    assert brief_of(lang, then, area)["text"] in row
    assert brief_of(lang, then, area) != brief_of(lang, now, area)


def asked_of(page):
    return re.findall(r'id="reinforce-([^"]+)" data-press="\?area=\1&reinforce=\1"', page)


def test_reinforcement_is_offered_from_what_is_red_or_orange_with_something_overdue_and_from_nothing_else():
    found = shown()
    assert found.told.behind
    assert set(asked_of(html(visit("response", **LIVE)))) == set(found.told.behind)
    every = html(visit("response", cells=",".join(f"{t}.{s}" for t in tiers.SHOWN for s in STATES), **LIVE))
    assert len(listed(every)) == 52
    assert set(asked_of(every)) == set(found.told.behind)
    other = next(area for area in found.told.order if area not in found.told.behind)
    assert "reinforce" not in keys(visit("response", area=other, **LIVE))
    assert "reinforce" not in keys(visit("response", **LIVE))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_two_presses_lead_from_an_area_on_the_map_to_an_assignment_that_is_read_before_it_is_entered(lang):
    area = shown().told.behind[0]
    app = visit("response", lang, area=area, **LIVE)
    name = re.search(f'data-press="area\\?area={area}">([^<]+)</a></b>', html(app))[1]
    assert app.button(key="reinforce").label == say(lang, "deployment.ask", area=name)
    assert say(lang, "deployment.none_changed") not in html(app)
    press(app, "reinforce")
    assert say(lang, "deployment.asked_below", area=name) in said(app)
    assert say(lang, "deployment.none_changed") in html(app)
    assert app.selectbox(key=f"deployment_area_{lang}_{area}").value == area
    team = app.selectbox(key=f"deployment_team_{lang}_{area}").value
    data = demo()[1]
    teams = data.teams.set_index("team_id")
    assert teams["home_area_id"][team] != data.counts.areas["parent_id"][area]
    press(app, "deployment_assign")
    assert (
        say(lang, "tasks.of_area", content=say(lang, "deployment.assignment"), area="").rstrip(")）") in planned(app)[0]
    )
    assert teams["name"][team] in planned(app)[1]
    assert say(lang, "tasks.source_area") in planned(app)[1]
    assert demo_ledger().assignments() == ()
    confirm(app)
    ((entry, steps),) = demo_ledger().assignments()
    assert (entry.area_id, entry.post, entry.source, steps) == (area, teams["name"][team], "area", ())
    assert entry.content == say(lang, "deployment.assignment")
    # What was reckoned changed nothing else, and is fixed when that is asked for.
    assert say(lang, "deployment.fixed") not in html(app)
    press(app, "deployment_fix")
    assert say(lang, "deployment.fixed") in html(app)


def test_what_was_asked_for_counts_as_long_as_its_area_is_chosen():
    first, second = shown().told.behind[:2]
    app = press(visit("response", area=first, **LIVE), "reinforce")
    app.session_state.chosen["area"] = second
    app.run()
    assert not app.exception
    assert app.button(key="reinforce").label == say("zh", "deployment.ask", area=shown().told.names[second])


def test_who_may_not_assign_reckons_and_enters_nothing(monkeypatch):
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "analyst")
    app = press(visit("response", area=shown().told.behind[0], **LIVE), "reinforce")
    assert "deployment_fix" in keys(app)
    assert "deployment_assign" not in keys(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_records_of_checks_nothing_is_called_done_and_nothing_zero(lang):
    page = html(visit("response", lang, data="trafford"))
    told = say(lang, "response.sum_untold", duty="", due=0).rpartition("0")[2]
    assert told in page
    cells = re.findall(
        r'<td class="n num">(.*?)</td>', page.split('class="card response by-tier"')[1].split("</table>")[0]
    )
    assert cells
    assert set(cells) - set(cells[::4]) == {"—", "<b>—</b>"}  # what is due is known, and stands first in a row
    assert say(lang, "response.list_none_untold", n=124) in page
    assert say(lang, "due_list.none_told") in page
    assert say(lang, "closing.open_untold") in page

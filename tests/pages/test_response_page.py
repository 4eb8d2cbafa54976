"""The page on response: what was due, what was done and who answers, by clicks and links, in both languages."""

import re

import pandas as pd
import pytest

from analytics import tiers
from analytics.response.on_target import STATES
from analytics.wording.response import default_cells
from analytics.words import LANGUAGES, say
from analytics.workspace import response, schemes
from tests.pages.visits import confirm, demo, demo_ledger, html, keys, made, planned, press, said, visit

LIVE = {"release": "working"}


def shown(scheme="epidemic"):
    ws, data = demo()
    chosen = schemes.scheme_for(ws, data, scheme)[0]
    return response.response(ws, data, chosen, None, data.days(chosen)[1])


def pressed(page):
    return re.findall(r'id="cell-(\w+)-(\w+)"[^>]*aria-pressed="true"', page)


def listed(page):
    card = page.split('class="card response areas"')[1].split("</section>")[0]
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
        assert re.search(rf"{due}\D.*?{done}\D", page)
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
    assert say(lang, "response.list_none_untold", n=125) in page
    assert say(lang, "due_list.none_told") in page
    assert say(lang, "closing.open_untold") in page

"""区域: one area, why it has its colour and what is open in it; where none is chosen, the list of all."""

import streamlit as st

from analytics.drawing import area_page as drawing
from analytics.exhibits import area_page as making
from analytics.scoring import ranking
from analytics.wording.area_page import Past
from analytics.wording.areas import area_options, siblings
from analytics.words import say
from analytics.workspace import area_page, briefings, evidence, response
from pages.parts import in_view, state
from pages.parts.area_list import show_list
from pages.parts.controls import control_row, footer
from pages.parts.export_menu import save_menu
from pages.parts.interruption import show_interruption
from pages.parts.provenance_lines import caption_of

WEEKS = (13, 26, 52)

choice = control_row(releases=True)
lang, day = choice.lang, choice.day
shown = area_page.areas_view(choice.ws, choice.data, choice.scheme, choice.release, day)
run = shown.run
whole = choice.ws.actor.areas is None  # who sees some areas alone is not told what is counted of all of them
chosen, not_there = state.chosen_of("area", run.areas.index)
if not_there:
    st.info(not_there.text(lang))
week, no_week = in_view.week_in(choice.ws, choice.data, choice.release)
if no_week:
    st.info(no_week.text(lang))
if week:
    st.info(say(lang, "area.of_release_day", week=week, day=day))
weeks = next((one for one in WEEKS if f"{one}" == state.chosen().get("span")), WEEKS[1])
row = state.chosen().get("row")

show_interruption(lang, run)
if chosen is None:
    show_list(choice, shown)
else:
    one = area_page.area_view(choice.ws, choice.data, choice.scheme, choice.release, day, chosen, weeks)
    with st.container(key="area_row", horizontal=True, vertical_alignment="center"):
        st.html(drawing.crumbs(lang, area_page.above(shown, chosen)), width="content")
        options = area_options(lang, choice.scheme, ranking(run), chosen, len(run.areas))
        st.session_state.area = chosen
        st.selectbox(
            say(lang, "area.choose"),
            list(options),
            format_func=options.get,
            key="area",
            width=300,
            label_visibility="collapsed",
            on_change=state.choose,
            args=("area", "area"),
        )
        st.html(drawing.steps(lang, run, chosen, siblings(run, chosen)))
        caption = caption_of(choice)
        exhibits = [
            making.sheet(lang, caption, run, chosen, shown.groups),
            making.tiers_of(lang, caption, one.tiers, run, chosen),
            *([making.incidents_of(lang, caption, one.incidents, run, chosen)] if one.incidents else []),
        ]
        save_menu(choice, day, exhibits)
    past = Past(one.tiers, one.turn, one.turned, daily=choice.release is None)
    said = next((held.reason for held in reversed(one.decisions) if held.starts <= day <= held.expires), "")
    st.html(drawing.first_line(lang, run, chosen, past, said))
    left, right = st.columns([2.9, 1], gap="small")
    with left, st.container(key="area_table"):
        opened = None
        if row in run.indicator_ids:
            opened = row, area_page.records_behind(choice.ws, choice.data, choice.scheme, chosen, row, day)
        st.html(drawing.table(lang, run, one.weekly, chosen, shown.groups, later=shown.later, opened=opened))
        if one.nobody_lives:
            st.caption(say(lang, "area.nobody_lives"))
    with right, st.container(key="area_map"):
        st.html(drawing.location(lang, run, shown.context, chosen, one.neighbours))
    with st.container(key="area_ribbon"):
        st.html(drawing.ribbon(lang, chosen, past, weeks, WEEKS, one.decisions, one.adopted))
    beside = st.columns([1.4, 0.85, 1.05], gap="small")
    with beside[0], st.container(key="area_grounds"):
        unlooked = whole and choice.release is None and evidence.is_under_visited(choice.ws, choice.data, run, chosen)
        firm = briefings.confidence_of(choice.ws, choice.data, choice.scheme, choice.release, day) if whole else None
        st.html(drawing.grounds(lang, run, chosen, unlooked=unlooked, firm=firm))
    if whole:
        with beside[1], st.container(key="area_week"):
            done = response.response(choice.ws, choice.data, choice.scheme, choice.release, day)
            st.html(drawing.week(lang, run, chosen, done.told, now=shown.later))
    with beside[2], st.container(key="area_open"):
        st.html(drawing.incidents(lang, one.incidents, now=shown.later))
footer(choice)
state.remember_in_link(
    lang=lang,
    data=choice.data.id,
    scheme=choice.scheme.id,
    release=choice.release.name if choice.release else state.WORKING,
    date=None if choice.release else day.isoformat(),
    area=chosen,
    span=None if chosen is None or weeks == WEEKS[1] else f"{weeks}",
    row=row if chosen else None,
    within=None if chosen else state.chosen().get("within"),
    level=None if chosen else state.chosen().get("level"),
)

"""一张图: which areas need the most work today, why, and what changed."""

import streamlit as st

from analytics.drawing import cards
from analytics.drawing.html import card_title
from analytics.exhibits import overview
from analytics.scoring import ranking
from analytics.wording.areas import area_options, former_areas, unplaced, unscored
from analytics.wording.dates import short_day
from analytics.wording.provenance import release_and_notice
from analytics.words import say
from analytics.workspace import briefings, evidence, published, views
from pages.parts import in_view, state
from pages.parts.area_map import show_map
from pages.parts.controls import control_row, footer
from pages.parts.export_menu import save_menu
from pages.parts.provenance_lines import caption_of

MAP_HEIGHT = 460
MOST_LISTED = 1000

choice = control_row(releases=True)
lang, day = choice.lang, choice.day
shown = views.overview(choice.ws, choice.data, choice.scheme, choice.release, day)
week, weeks = shown.pair, [moment.date() for moment in shown.weeks.days]
order = ranking(week)
selected, not_there = state.chosen_of("area", week.areas.index)
if not_there:
    st.info(not_there.text(lang))
selected = selected or order.index[0]
if week.unplaced:
    st.info(unplaced(lang, week))
if week.unscored:
    st.info(unscored(lang, week))
for note in former_areas(lang, week):
    st.info(note)

aside = release_and_notice(lang, choice.release, state.text_of(lang, choice.data.notice))
st.html(cards.headline(lang, week, shown.before, aside))
st.html(cards.counts(lang, week))

left, right = st.columns([2.05, 1], gap="small")
with left:
    with st.container(key="map_card"):
        st.html(cards.map_title(lang, week))
        on_map, beside = st.columns([2.3, 1], gap="medium")
        with on_map:
            show_map(choice, shown, selected, MAP_HEIGHT)
        beside.html(cards.ranking_card(lang, week, selected))
    with st.container(key="weeks_card"):
        st.html(cards.weeks(lang, shown.weeks, day))
        st.session_state.week = max((end for end in weeks if end <= day), default=weeks[0])
        st.select_slider(
            say(lang, "overview.week_slider"),
            weeks,
            format_func=lambda end: short_day(lang, end),
            key="week",
            label_visibility="collapsed",
            on_change=state.choose,
            args=("date", "week"),
        )
with right:
    with st.container(key="why_card"):
        st.session_state.area = selected
        head = st.container(horizontal=True, vertical_alignment="center")
        head.html(card_title(lang, "overview.why"), width="content")
        options = area_options(lang, choice.scheme, order, selected, MOST_LISTED)
        head.selectbox(
            say(lang, "overview.choose"),
            list(options),
            format_func=options.get,
            key="area",
            label_visibility="collapsed",
            on_change=state.choose,
            args=("area", "area"),
        )
        if len(options) < len(order):
            st.caption(say(lang, "overview.listed", n=MOST_LISTED))
        # What a release shows does not change with records that came later.
        unlooked = choice.release is None and evidence.is_under_visited(choice.ws, choice.data, week, selected)
        firm = briefings.confidence_of(choice.ws, choice.data, choice.scheme, choice.release, day)
        st.html(cards.area_card(lang, week, selected, shown.supports, unlooked=unlooked, firm=firm))
    st.html(cards.moves(lang, week))

foot = st.container(horizontal=True)
with foot:
    caption = caption_of(choice)
    exhibits = [
        overview.map_of_changes(lang, caption, week, shown.context),
        overview.counts(lang, caption, week),
        overview.areas(lang, caption, week),
        overview.moves(lang, caption, week),
        overview.weeks(lang, caption, shown.weeks),
        overview.reason(lang, caption, week, selected, shown.supports),
    ]
    save_menu(lang, day, exhibits)
if choice.release and choice.release.number:
    with foot, st.popover(say(lang, "page.code_of_view")):
        if st.button(say(lang, "page.make_code"), key="make_code"):
            said = in_view.view_said(choice.scheme, lang)
            st.code(published.code_of_view(choice.ws, choice.data, choice.release, said), language=None)
            st.caption(say(lang, "page.code_hint"))

footer(choice)
state.remember_in_link(
    lang=lang,
    data=choice.data.id,
    scheme=choice.scheme.id,
    release=choice.release.name if choice.release else state.WORKING,
    date=None if choice.release else day.isoformat(),
    area=state.chosen().get("area"),
)

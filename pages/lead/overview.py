"""一张图: who changed tier, which areas need the most work today, and why."""

from dataclasses import replace

import streamlit as st

from analytics import tiers
from analytics.drawing import cards
from analytics.exhibits import overview
from analytics.wording import overview as wording
from analytics.wording.areas import former_areas, unplaced, unscored
from analytics.words import say
from analytics.workspace import briefings, evidence, published, response, views
from pages.parts import in_view, state
from pages.parts.area_map import show_map
from pages.parts.baselines import WEEK, show_baseline
from pages.parts.controls import control_row, footer
from pages.parts.export_menu import save_menu
from pages.parts.provenance_lines import caption_of

MAP_HEIGHT = 460
AREA_PAGE = "area"

choice = control_row(releases=True, beside=show_baseline)
lang, release = choice.lang, choice.release
week, no_week = in_view.week_in(choice.ws, choice.data, release)
choice = replace(choice, day=week or choice.day)
day = choice.day
shown = views.overview(
    choice.ws, choice.data, choice.scheme, release, release.day if release else day, choice.baseline, week
)
pair = shown.pair
glance = wording.Glance(pair)
selected, not_there = state.chosen_of("area", pair.areas.index)
tier, no_tier = state.chosen_of("tier", tiers.SHOWN)
moves, no_moves = state.chosen_of("moves", wording.FILTERS)
for note in filter(None, (not_there, no_tier, no_moves, no_week)):
    st.info(note.text(lang))
against = wording.HeldAgainst(WEEK if week else choice.baseline.way, shown.before, glance)
selected_or_first = selected or glance.ranked.index[0]
asked = (choice.ws, choice.data, choice.scheme, release, day)
whole = choice.ws.actor.areas is None  # who sees some areas alone is not told what is counted of all of them
# What was done is counted at the end of the page where it was not counted before.
done = response.response(*asked) if whole and response.is_ready(*asked) else None
lists = cards.ShownLists(glance, selected_or_first, against, shown.reasons, done.told if done else None, AREA_PAGE)

with st.container(key="one_screen"):
    notes = [unplaced(lang, pair)] if pair.unplaced else []
    notes += [unscored(lang, pair)] if pair.unscored else []
    for note in [*notes, *former_areas(lang, pair)]:
        st.info(note)
    title = wording.title(lang, live=release is None, week=week)
    noise = views.noise_of(choice.ws, choice.data, release, shown, wait=False) if whole else None
    # Written over below: emptied first, it would let what follows jump while somebody presses there.
    head = st.html(cards.headline(lang, lists, noise, title))
    st.html(cards.counts(lang, pair, tier, pressed=True))
    left, right = st.columns([1.12, 1], gap="small")
    with left:
        with st.container(key="map_card"):
            st.html(cards.map_title(lang, glance, tier, pressed=True, again=True))
            show_map(choice, shown, lists.selected, MAP_HEIGHT, tier, AREA_PAGE)
        with st.container(key="weeks_card"):
            baseline = pair.days[0].date()
            st.html(cards.weeks(lang, shown.weeks, day, baseline, "week" if release else "date"))
    with right:
        # What a release shows does not change with records that came later.
        unlooked = whole and release is None and evidence.is_under_visited(choice.ws, choice.data, pair, lists.selected)
        firm = briefings.confidence_of(choice.ws, choice.data, choice.scheme, release, day) if whole else None
        parts = [
            cards.changes_card(lang, lists, moves or wording.FILTERS[0]),
            cards.priority_card(lang, lists),
            cards.preview(lang, lists, unlooked=unlooked, firm=firm, close=selected is not None),
        ]
        beside = st.html(cards.side(parts))
    with st.container(key="overview_foot", horizontal=True):
        with st.container(width="stretch"):
            footer(choice)
        caption = caption_of(choice)
        exhibits = [
            overview.map_of_changes(lang, caption, pair, shown.context),
            overview.counts(lang, caption, pair),
            overview.areas(lang, caption, pair),
            overview.moves(lang, caption, pair),
            overview.weeks(lang, caption, shown.weeks),
            overview.reason(lang, caption, pair, lists.selected, shown.supports),
        ]
        save_menu(choice, day, exhibits)
        if release and release.number and not week:
            with st.popover(say(lang, "page.code_of_view")):
                if st.button(say(lang, "page.make_code"), key="make_code"):
                    said = in_view.view_said(choice.scheme, lang)
                    st.code(published.code_of_view(choice.ws, choice.data, release, said), language=None)
                    st.caption(say(lang, "page.code_hint"))

state.remember_in_link(
    lang=lang,
    data=choice.data.id,
    scheme=choice.scheme.id,
    release=release.name if release else state.WORKING,
    date=None if release else day.isoformat(),
    baseline=state.chosen().get("baseline"),
    week=week and week.isoformat(),
    area=selected,
    tier=tier,
    moves=moves,
)
if whole and noise is None:
    noise = views.noise_of(choice.ws, choice.data, release, shown)
    head.html(cards.headline(lang, lists, noise, title))
if whole and done is None:
    done = response.response(*asked)
    lists = replace(lists, told=done.told)
    beside.html(cards.side([parts[0], cards.priority_card(lang, lists), parts[2]]))

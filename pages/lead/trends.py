"""趋势: how many areas of each colour, and how many incidents, week by week."""

import streamlit as st

from analytics.drawing import cards, charts
from analytics.drawing.html import card_title, tier_legend
from analytics.drawing.plotly_layout import CONFIG
from analytics.exhibits import trends as exhibits
from analytics.exhibits.captions import filtered_by
from analytics.wording import trends as wording
from analytics.words import say
from analytics.workspace import trends
from pages.parts import state
from pages.parts.controls import control_row, footer
from pages.parts.empty_state import nothing_here
from pages.parts.export_menu import save_menu
from pages.parts.interruption import show_interruption
from pages.parts.provenance_lines import caption_of

PERIODS = (13, 26, 52)
MOST_LINES = 8
WAYS = ("category", "community")

choice = control_row(releases=True)
ws, lang, data, day, release = choice.ws, choice.lang, choice.data, choice.day, choice.release
filters = st.container(horizontal=True, vertical_alignment="center")
with filters:
    weeks = st.segmented_control(
        say(lang, "trends.weeks"), PERIODS, default=PERIODS[1], key="weeks", required=True,
        label_visibility="collapsed", format_func=lambda count: say(lang, "trends.n_weeks", n=count),
    )  # fmt: skip
history = trends.tier_history(ws, data, choice.scheme, release, day, weeks)
community, names = trends.communities(ws, data, history, release)
within = None
if community:
    within = filters.selectbox(
        say(lang, "trends.community"), sorted(set(community.values())), index=None, key="community", width=240,
        label_visibility="collapsed", placeholder=say(lang, "trends.all"), format_func=names.get,
    )  # fmt: skip
kept = [area for area in history.areas.index if within is None or community.get(area) == within]

delay = trends.delay_for(ws, data, release, day)
weekly = trends.weekly(ws, data, release, day, "category", None if within is None else kept)
notes = ["" if within is None else filtered_by(lang, names[within]), *wording.provisional(lang, delay)]
caption = caption_of(choice, say(lang, "overview.names", names=[note for note in notes if note]))

show_interruption(lang, history)
with st.container(key="chart_tiers"):
    st.html(card_title(lang, "trends.tiers", "trends.tiers_frozen" if release else "trends.tiers_hint"))
    st.html(tier_legend(lang))
    part = history.of_areas(history.areas.loc[kept].index)
    st.plotly_chart(charts.tier_counts(lang, part.counts(), delay.complete_to), config=CONFIG, theme=None, key="tiers")
    saved = [exhibits.tiers_by_week(lang, caption, part)]

with st.container(key="chart_incidents"):
    st.html(card_title(lang, "trends.incidents", "trends.incidents_hint"))
    head, by = st.container(horizontal=True, vertical_alignment="center", gap="large"), WAYS[0]
    if community and weekly and not release:
        by = head.segmented_control(
            say(lang, "trends.by"), WAYS, default=by, key="by", required=True, label_visibility="collapsed",
            format_func=lambda way: say(lang, f"trends.by_{way}"),
        )  # fmt: skip
        if by != WAYS[0]:
            weekly = trends.weekly(ws, data, release, day, by, None if within is None else kept)
    if weekly is None:
        nothing_here(lang, say(lang, "trends.no_incidents"), "data")
    elif not weekly.counts.tail(weeks).to_numpy().any():
        st.info(say(lang, "trends.none_match"))
        if within or weeks < PERIODS[-1]:
            widest = {"community": None, "weeks": PERIODS[-1]}
            st.button(say(lang, "trends.show_all"), key="show_all", on_click=st.session_state.update, args=(widest,))
    else:
        if release:
            st.caption(say(lang, "trends.incidents_frozen"))
        own = choice.scheme.categories() if by == WAYS[0] else ()
        shown = wording.leading_columns(lang, weekly.counts.tail(weeks), own, MOST_LINES)
        named = {column: wording.series_name(lang, by, column, names) for column in shown}
        head.html(cards.latest_week(lang, weekly))
        chart = charts.incidents_by_week(lang, shown, named, weekly.delay.complete_to)
        st.plotly_chart(chart, config=CONFIG, theme=None, key="incidents")
        for said in wording.how_complete(lang, weekly):
            st.caption(said)
        saved.append(exhibits.incidents_by_week(lang, caption, shown, named))

save_menu(choice, day, saved)
footer(choice)
state.remember_in_link(
    lang=lang, data=data.id, scheme=choice.scheme.id, release=release.name if release else state.WORKING,
    date=None if release else day.isoformat(),
)  # fmt: skip

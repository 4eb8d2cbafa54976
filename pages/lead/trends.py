"""趋势: how many areas of each colour, and how many incidents, week by week."""

import streamlit as st

from analytics.drawing import cards, charts
from analytics.drawing.html import card_title
from analytics.drawing.plotly_layout import CONFIG
from analytics.exhibits import trends
from analytics.exhibits.captions import filtered_by
from analytics.releases.publishing import weeks_to
from analytics.scoring import community_of, scored_areas, weekly_incidents
from analytics.wording import trends as wording
from analytics.wording.trends import leading_columns, series_name
from analytics.words import say
from analytics.workspace import feeds, runs
from pages.parts import state
from pages.parts.controls import control_row, footer
from pages.parts.export_menu import save_menu
from pages.parts.interruption import show_interruption
from pages.parts.provenance_lines import caption_of

PERIODS = (13, 26, 52)
MOST_LINES = 8
WAYS = ("category", "community")
WEEKS_OF_A_YEAR = 52

choice = control_row()
lang, day, counts = choice.lang, choice.day, choice.data.counts
areas = scored_areas(counts, choice.scheme)
communities = community_of(counts).reindex(areas.index).dropna()
names = counts.areas["name"].to_dict()

with st.container(horizontal=True, vertical_alignment="center"):
    weeks = st.segmented_control(
        say(lang, "trends.weeks"),
        PERIODS,
        default=PERIODS[1],
        key="weeks",
        required=True,
        label_visibility="collapsed",
        format_func=lambda count: say(lang, "trends.n_weeks", n=count),
    )
    within = None
    if len(communities):
        within = st.selectbox(
            say(lang, "trends.community"),
            sorted(communities.unique()),
            index=None,
            key="community",
            width=240,
            label_visibility="collapsed",
            placeholder=say(lang, "trends.all"),
            format_func=names.get,
        )
kept = areas.index if within is None else communities.index[communities == within]

delay = runs.delay(choice.ws, choice.data, day)
notes = ["" if within is None else filtered_by(lang, names[within]), *wording.provisional(lang, delay)]
caption = caption_of(choice, say(lang, "overview.names", names=[note for note in notes if note]))
exhibits = []

history = runs.assessed(choice.ws, choice.data, choice.scheme, weeks_to(day, weeks - 1, choice.first))
show_interruption(lang, history)
with st.container(key="chart_tiers"):
    st.html(card_title(lang, "trends.tiers", "trends.tiers_hint"))
    part = history.of_areas(kept)
    st.plotly_chart(charts.tier_counts(lang, part.counts(), delay.complete_to), config=CONFIG, theme=None, key="tiers")
    exhibits.append(trends.tiers_by_week(lang, caption, part))

with st.container(key="chart_incidents"):
    st.html(card_title(lang, "trends.incidents", "trends.incidents_hint"))
    if not counts.has("incidents"):
        st.info(say(lang, "trends.no_incidents"))
    else:
        head, by = st.container(horizontal=True, vertical_alignment="center", gap="large"), "category"
        if len(communities):
            by = head.segmented_control(
                say(lang, "trends.by"),
                WAYS,
                default=by,
                key="by",
                required=True,
                label_visibility="collapsed",
                format_func=lambda way: say(lang, f"trends.by_{way}"),
            )
        year = weekly_incidents(counts, day, WEEKS_OF_A_YEAR + 1, by, None if within is None else kept)
        lately = year.tail(weeks)
        if lately.empty or not lately.to_numpy().any():
            st.info(say(lang, "trends.none_match"))
        else:
            own = choice.scheme.categories() if by == "category" else ()
            shown = leading_columns(lang, lately, own, MOST_LINES)
            named = {column: series_name(lang, by, column, names) for column in shown}
            weekly = feeds.weekly(choice.ws, choice.data, year, delay)
            head.html(cards.latest_week(lang, weekly))
            chart = charts.incidents_by_week(lang, shown, named, weekly.delay.complete_to)
            st.plotly_chart(chart, config=CONFIG, theme=None, key="incidents")
            for said in wording.how_complete(lang, weekly):
                st.caption(said)
            exhibits.append(trends.incidents_by_week(lang, caption, shown, named))

save_menu(lang, day, exhibits)

footer(choice)
state.remember_in_link(lang=lang, data=choice.data.id, scheme=choice.scheme.id, date=day.isoformat())

"""对比: two releases side by side: how many, who, why, on the map, and in the words of a bulletin."""

import streamlit as st

from analytics import session
from analytics.drawing import cards, releases
from analytics.errors import UserError
from analytics.releases.bulletin import as_text
from analytics.releases.making import newest, predecessor
from analytics.words import phrase, say
from pages.parts.area_map import show_side
from pages.parts.controls import control_row, footer
from pages.parts.releasing import say_all

SIDES = ("a", "b")
MAP_HEIGHT = 400
BYTE_ORDER_MARK = "utf-8-sig"

choice = control_row()
lang, data, chosen = choice.lang, choice.data, session.chosen()
ledger = session.ledger(data)
entries = {entry.name: entry for entry in ledger.releases(choice.scheme.id)}

if "compare_link" not in st.session_state:
    st.session_state.compare_link = {side: st.query_params[side] for side in SIDES if side in st.query_params}
    chosen.update(st.session_state.compare_link)
    for name in (name for name in st.session_state.compare_link.values() if name not in entries):
        st.info(phrase("page.unknown_in_link", name=name[:40]).text(lang))

after = entries.get(chosen.get("b")) or newest(ledger, choice.scheme.id) or next(iter(entries.values()), None)
others = {name: entry for name, entry in entries.items() if entry != after}
before = after and (others.get(chosen.get("a")) or predecessor(ledger, after) or next(iter(others.values()), None))


def choose(side, options, shown):
    """A box with the releases that stand on one side."""
    st.session_state[f"compare_{side}"] = shown.name
    st.selectbox(
        say(lang, "release_pages.before" if side == "a" else "release_pages.after"),
        list(options),
        format_func=lambda name: releases.release_line(lang, options[name]),
        key=f"compare_{side}",
        width=420,
        on_change=session.choose,
        args=(side, f"compare_{side}"),
    )


def show_changes(told):
    """What differs: in a sentence, on two maps, in counts, by name and cause."""
    st.html(releases.changed(lang, told))
    left, right = st.columns([2.05, 1], gap="small")
    with left.container(key="compare_maps"):
        st.html(releases.maps_title(lang))
        marks = releases.change_marks(told.comparison.changes, told.after.assessment)
        for at, entry, snapshot, shown in zip(
            st.columns(2, gap="small"), (before, after), (told.before, told.after), (None, marks), strict=True
        ):
            with at:
                st.html(releases.side_title(lang, entry))
                context = session.frozen(data, entry).context()
                url = session.shapes_url(data, snapshot.assessment, context)
                if url is None:
                    st.info(say(lang, "release_pages.maps_missing"))
                else:
                    show_side(lang, url, snapshot.assessment, shown, SIDES[entry is after], MAP_HEIGHT)
    with right:
        with st.container(key="compare_counts"):
            st.html(releases.counts_then_now(lang, told.comparison))
        with st.container(key="compare_matrix"):
            st.html(releases.matrix(lang, told.comparison))
    with st.container(key="compare_causes"):
        st.html(releases.causes(lang, told))


if after is None:
    st.info(say(lang, "release_pages.compare_none"))
    if st.button(say(lang, "release_pages.go_releases"), key="go_releases", type="primary"):
        st.switch_page("pages/data/releases.py")
else:
    if before is None:
        st.info(say(lang, "release_pages.compare_one"))
    else:
        with st.container(key="compare_choice", horizontal=True, vertical_alignment="bottom"):
            choose("a", others, before)
            choose("b", entries, after)
    try:
        told = session.told(data, before, after)
    except UserError as error:
        say_all(lang, error.problems)
    else:
        if told.comparison:
            show_changes(told)
        with st.container(key="compare_bulletin"):
            head = st.container(horizontal=True, vertical_alignment="center")
            head.html(cards.title(lang, "release_pages.bulletin"))
            head.download_button(
                say(lang, "release_pages.download"),
                as_text(told.bulletin, lang).encode(BYTE_ORDER_MARK),
                say(lang, "release_pages.file", day=f"{after.day}", name=after.name),
                "text/plain",
            )
            st.html(releases.bulletin_card(lang, told.bulletin))

footer(choice)
session.remember_in_link(
    lang=lang, data=data.id, scheme=choice.scheme.id, a=before and before.name, b=after and after.name
)

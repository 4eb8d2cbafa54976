"""对比: two releases side by side: how many, who, why, on the map, and in the words of a bulletin."""

import streamlit as st

from analytics import session
from analytics.drawing.html import card_title
from analytics.errors import UserError
from analytics.exhibits import comparison as exhibits
from analytics.releases.publishing import newest, predecessor
from analytics.wording.releases import release_line
from analytics.words import phrase, say
from pages.parts.comparison import show_bulletin, show_changes, show_names
from pages.parts.controls import control_row, footer
from pages.parts.export_menu import save_menu
from pages.parts.provenance_lines import caption_of
from pages.parts.releasing import say_all

SIDES = ("a", "b")

choice = control_row(dates=False)
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
    label = "release_pages.before" if side == "a" else "release_pages.after"
    st.html(card_title(lang, label), width="content")
    st.session_state[f"compare_{side}"] = shown.name
    st.selectbox(
        say(lang, label),
        list(options),
        format_func=lambda name: release_line(lang, options[name]),
        key=f"compare_{side}",
        width=400,
        label_visibility="collapsed",
        on_change=session.choose,
        args=(side, f"compare_{side}"),
    )


if after is None:
    st.info(say(lang, "release_pages.compare_none"))
    if st.button(say(lang, "release_pages.go_releases"), key="go_releases", type="primary"):
        st.switch_page("pages/data/releases.py")
else:
    if before is None:
        st.info(say(lang, "release_pages.compare_one"))
    else:
        with st.container(key="compare_choice", horizontal=True, vertical_alignment="center"):
            choose("a", others, before)
            choose("b", entries, after)
    try:
        told = session.told(data, before, after)
    except UserError as error:
        say_all(lang, error.problems)
    else:
        if told.comparison:
            show_changes(lang, data, told, before, after)
            left, right = st.columns([1, 1.15], gap="small")
            with left:
                show_names(lang, told)
            with right:
                show_bulletin(lang, told, after)
            old, new = (session.run_of(data, entry) for entry in (before, after))
            caption = caption_of(choice, exhibits.compared_with(lang, before), after)
            save_menu(
                lang,
                after.day,
                [
                    exhibits.map_before(lang, caption_of(choice, release=before), *old),
                    exhibits.map_after(lang, caption, *new, told.comparison),
                    exhibits.counts(lang, caption, told.comparison),
                    exhibits.causes(lang, caption, told.comparison),
                    exhibits.transitions(lang, caption, told.comparison.transitions),
                    exhibits.changes(lang, caption, told.comparison),
                ],
            )
        else:
            show_bulletin(lang, told, after)

footer(choice)
session.remember_in_link(
    lang=lang, data=data.id, scheme=choice.scheme.id, a=before and before.name, b=after and after.name
)

"""对比: two releases side by side: how many, who, why, on the map, and in the words of a bulletin."""

import streamlit as st

from analytics.drawing.html import card_title
from analytics.errors import UserError
from analytics.exhibits import comparison as exhibits
from analytics.wording.releases import release_line
from analytics.words import phrase, say
from analytics.workspace import published
from pages.parts import state
from pages.parts.comparison import show_bulletin, show_changes, show_names
from pages.parts.confirming import say_all
from pages.parts.controls import control_row, footer
from pages.parts.export_menu import save_menu
from pages.parts.provenance_lines import caption_of

SIDES = ("a", "b")

choice = control_row(dates=False)
lang, data, chosen = choice.lang, choice.data, state.chosen()
ws = choice.ws
entries = {entry.name: entry for entry in published.releases(ws, data, choice.scheme.id)}

if "compare_link" not in st.session_state:
    st.session_state.compare_link = {side: st.query_params[side] for side in SIDES if side in st.query_params}
    chosen.update(st.session_state.compare_link)
    for name in (name for name in st.session_state.compare_link.values() if name not in entries):
        st.info(phrase("page.unknown_in_link", name=name[:40]).text(lang))

after = entries.get(chosen.get("b")) or published.newest_release(ws, data, choice.scheme)
others = {name: entry for name, entry in entries.items() if entry != after}
before = after and (
    others.get(chosen.get("a"))
    or published.before(ws, data, after)
    or next((entry for entry in others.values() if not entry.withdrawn), None)
)


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
        on_change=state.choose,
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
        told = published.comparison_report(ws, data, before, after)
    except UserError as error:
        say_all(lang, error.problems)
    else:
        if told.comparison:
            show_changes(choice, told, before, after)
            left, right = st.columns([1, 1.15], gap="small")
            with left:
                show_names(lang, told)
            with right:
                show_bulletin(lang, told, after)
            old, new = (published.run_of(ws, data, entry) for entry in (before, after))
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
state.remember_in_link(
    lang=lang, data=data.id, scheme=choice.scheme.id, a=before and before.name, b=after and after.name
)

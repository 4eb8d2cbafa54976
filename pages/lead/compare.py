"""对比: two releases side by side: how many, who, why, on the map, and in the words of a bulletin."""

import streamlit as st

from analytics.drawing.html import card_title
from analytics.errors import UserError
from analytics.exhibits import comparison as exhibits
from analytics.wording.releases import release_line, taken_back
from analytics.words import say
from analytics.workspace import published
from pages.parts import state
from pages.parts.comparison import show_bulletin, show_changes, show_names
from pages.parts.confirming import say_all
from pages.parts.controls import control_row, footer
from pages.parts.empty_state import nothing_here
from pages.parts.export_menu import save_menu
from pages.parts.provenance_lines import caption_of

choice = control_row(dates=False)
lang, data = choice.lang, choice.data
ws = choice.ws
entries = {entry.name: entry for entry in published.releases(ws, data, choice.scheme.id)}

(earlier, no_earlier), (later, no_later) = (state.chosen_of(side, entries) for side in ("a", "b"))
for note in filter(None, (no_earlier, no_later)):
    st.info(note.text(lang))

after = entries.get(later) or published.newest_release(ws, data, choice.scheme)
others = {name: entry for name, entry in entries.items() if entry != after}
before = after and (
    others.get(earlier)
    or published.before(ws, data, after)
    or next((entry for entry in others.values() if not entry.withdrawn), None)
)
if before and after and (before.day, before.at) > (after.day, after.at):
    before, after = after, before
    others = {name: entry for name, entry in entries.items() if entry != after}
    st.info(say(lang, "release_pages.swapped"))
for entry in filter(None, (before, after)):
    if entry.withdrawn:
        st.warning(taken_back(lang, entry))


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


whole = None
if after is None:
    nothing_here(lang, say(lang, "release_pages.compare_none"), "releases")
else:
    if before is None:
        nothing_here(lang, say(lang, "release_pages.compare_one"), "releases")
    else:
        with st.container(key="compare_choice", horizontal=True, vertical_alignment="center"):
            choose("a", others, before)
            choose("b", entries, after)
    try:
        told = published.comparison_report(ws, data, before, after)
    except UserError as error:
        say_all(lang, error.problems)
    else:
        whole = after
        if told.comparison:
            show_changes(choice, told, before, after)
            show_names(lang, told)
            show_bulletin(lang, told, after)
            old, new = (published.run_of(ws, data, entry) for entry in (before, after))
            caption = caption_of(choice, exhibits.compared_with(lang, before), after)
            save_menu(
                choice,
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

footer(choice, whole)
state.remember_in_link(
    lang=lang, data=data.id, scheme=choice.scheme.id, a=before and before.name, b=after and after.name
)

"""The list of all areas, and what communities come to: a table to sort and to search, whose names open an area."""

from __future__ import annotations

import streamlit as st

from analytics.drawing import area_page as drawing
from analytics.drawing.html import card_title
from analytics.exhibits import area_page as exhibits
from analytics.exhibits import overview
from analytics.wording import area_list
from analytics.wording.numbers import NOTHING
from analytics.words import say
from analytics.workspace import area_page
from pages.parts import state
from pages.parts.controls import Choice
from pages.parts.export_menu import save_menu
from pages.parts.provenance_lines import caption_of

LEVELS = ("areas", "groups")
HEIGHT = 680
NAME = "name"


def show_list(choice: Choice, shown: area_page.AreasView) -> None:
    """The list of the areas, or of the communities, as the switch says."""
    lang = choice.lang
    level = state.chosen().get("level")
    st.session_state.area_level = level if level in LEVELS else LEVELS[0]
    with st.container(key="area_row", horizontal=True, vertical_alignment="center"):
        level = st.segmented_control(
            say(lang, "area.level"),
            LEVELS,
            format_func=lambda one: area_list.level_name(lang, shown.run.scheme, one),
            key="area_level",
            label_visibility="collapsed",
            required=True,
            on_change=state.choose,
            args=("level", "area_level"),
        )
    if level == LEVELS[1]:
        _communities(choice, shown)
    else:
        _areas(choice, shown)


def _areas(choice: Choice, shown: area_page.AreasView) -> None:
    lang, run = choice.lang, shown.run
    before = area_page.week_before(choice.ws, choice.data, choice.scheme, choice.release, choice.day)
    table = area_list.areas_table(lang, run, before)
    within = state.chosen().get("within")
    with st.container(key="area_list"):
        head = st.container(horizontal=True, vertical_alignment="center")
        head.html(card_title(lang, "area.list_title", "area.list_hint"))
        sought = head.text_input(
            say(lang, "area.search"),
            key=f"sought_{lang}",
            width=360,
            label_visibility="collapsed",
            placeholder=say(lang, "area.search"),
        )
        if within in run.parents:
            if head.button(say(lang, "area.only_within", name=run.parents[within]), key="area_all"):
                state.take("within", None)
                st.rerun()
            table = table[(run.areas["parent_id"] == within).loc[table.index]]
        table = area_list.matching(table, sought)
        if table.empty:
            st.info(say(lang, "area.none_found"))
        else:
            _rows(choice, table)
    caption = caption_of(choice)
    save_menu(choice, choice.day, [exhibits.all_areas(lang, caption, run, before), overview.areas(lang, caption, run)])


def _rows(choice: Choice, table: object) -> None:
    lang = choice.lang
    columns = {
        name: st.column_config.Column(say(lang, f"area.col_{name}"), width=width)
        for name, width in (
            ("rank", 60), ("name", 120), ("within", 160), ("tier", 110), ("mark", 120), ("computed", 110),
            ("score", 80), ("change", 110), ("why", "large"),
        )
    }  # fmt: skip
    event = st.dataframe(
        table.style.format(area_list.NUMBERS, na_rep=NOTHING),
        key="area_rows",
        hide_index=True,
        height=HEIGHT if len(table) > 16 else "auto",
        column_config=columns,
        on_select="rerun",
        selection_mode="single-cell",
        placeholder=NOTHING,
    )
    # The name alone: whoever goes through the cells with the arrow keys is not taken away from each of them.
    for row, column in event.selection.cells:
        if column == NAME:
            state.take("area", str(table.index[row]))
            st.rerun()


def _communities(choice: Choice, shown: area_page.AreasView) -> None:
    lang, run = choice.lang, shown.run
    held = area_page.communities(shown)
    if held is None:
        st.info(say(lang, "area.groups_none"))
        return
    with st.container(key="area_groups"):
        st.html(drawing.communities(lang, run, shown.context, held))
    save_menu(choice, choice.day, [exhibits.communities(lang, caption_of(choice), run, held)])

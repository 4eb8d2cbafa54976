"""Floor rules: which hold, from which value on, and a new one."""

from __future__ import annotations

import streamlit as st

from analytics.drawing.html import card_title
from analytics.scheme import FloorRule, Scheme
from analytics.scheme.editing import threshold, with_floor, without_floor
from analytics.scoring.what_if import floor_effect
from analytics.tiers import RANKED
from analytics.wording.schemes import new_floor, recompared
from analytics.wording.tiers import marked
from analytics.wording.workbench import floor_effect_text
from analytics.words import say
from pages.parts import drafts
from pages.parts.controls import Choice
from pages.parts.linked_widgets import linked_widget
from pages.parts.workbench import Workbench

FLOOR_TIERS = tuple(reversed(RANKED[1:]))
COMPARISONS = (">=", ">", "<=", "<")


def show_floors(bench: Workbench) -> None:
    """The floors of the draft, those that were switched off here, and a form for a new one."""
    lang = bench.choice.lang
    st.html(card_title(lang, "workbench.floors", "workbench.floors_hint"))
    for at, floor in enumerate(bench.scheme.floors):
        _floor(bench, at, floor)
    for number, (_, floor) in enumerate(_switched_off(bench.choice)):
        key, off = linked_widget(
            f"floor_off_{number}", False, lambda _, number=number: _switch_on(bench.choice, number)
        )
        st.checkbox(floor.name.text(lang), off, key=key)
    with st.popover(say(lang, "workbench.floor_new")):
        _new(bench)


def _floor(bench: Workbench, at: int, floor: FloorRule) -> None:
    lang, choice = bench.choice.lang, bench.choice
    row = st.container(key=f"floor_row_{at}", horizontal=True, vertical_alignment="center")
    key, on = linked_widget(f"floor_on_{at}", True, lambda _: _switch_off(choice, at, floor))
    row.checkbox(floor.name.text(lang), on, key=key, width="stretch")
    if threshold(floor) is not None:
        key, value = linked_widget(
            f"floor_value_{at}", float(threshold(floor)),
            lambda new: _replace(choice, at, recompared(bench.scheme, floor, new)),
        )  # fmt: skip
        row.number_input(
            say(lang, "workbench.floor_value"), value=value, key=key, width=118, format="%g",
            label_visibility="collapsed",
        )  # fmt: skip
    key, tier = linked_widget(
        f"floor_tier_{at}", floor.at_least,
        lambda new: _replace(choice, at, floor.model_copy(update={"at_least": new})),
    )  # fmt: skip
    row.selectbox(
        say(lang, "workbench.floor_tier"), FLOOR_TIERS, FLOOR_TIERS.index(tier), key=key, width=104,
        format_func=lambda name: marked(lang, name), label_visibility="collapsed",
    )  # fmt: skip


def _scheme(choice: Choice) -> Scheme:
    return drafts.draft_of(choice).scheme


def _replace(choice: Choice, at: int, floor: FloorRule) -> None:
    drafts.change(choice, with_floor(without_floor(_scheme(choice), at), floor, at))


def _switched_off(choice: Choice) -> list[tuple[int, FloorRule]]:
    """Floors that were switched off in this draft, with the place where each stood."""
    draft = drafts.draft_of(choice)
    return [(at, floor) for at, floor in draft.floors_off if floor not in draft.scheme.floors]


def _switch_off(choice: Choice, at: int, floor: FloorRule) -> None:
    off = (*_switched_off(choice), (at, floor))
    drafts.change(choice, without_floor(_scheme(choice), at), floors_off=off)


def _switch_on(choice: Choice, number: int) -> None:
    off = _switched_off(choice)
    at, floor = off.pop(number)
    scheme = with_floor(_scheme(choice), floor, min(at, len(_scheme(choice).floors)))
    drafts.change(choice, scheme, floors_off=tuple(off))


def _new(bench: Workbench) -> None:
    lang = bench.choice.lang
    names = {item.id: item.name.text(lang) for item in bench.scheme.indicators}
    indicator = st.selectbox(
        say(lang, "workbench.indicator"), list(names), format_func=names.get, key=f"floor_indicator_{lang}"
    )
    op = st.segmented_control(
        say(lang, "workbench.comparison"), COMPARISONS, default=COMPARISONS[0], key="floor_op", required=True
    )
    value = st.number_input(say(lang, "workbench.floor_value"), value=None, key="floor_value", format="%g")
    tier = st.selectbox(
        say(lang, "workbench.floor_tier"), FLOOR_TIERS, 1, lambda name: marked(lang, name), key=f"floor_at_{lang}"
    )
    if value is None:
        st.caption(say(lang, "workbench.floor_needs_value"))
        return
    floor = new_floor(bench.scheme, indicator, op, value, tier)
    st.caption(floor_effect_text(lang, *floor_effect(bench.trial.after, floor)))
    st.button(
        say(lang, "workbench.floor_add"), key="floor_add", on_click=drafts.change,
        args=(bench.choice, with_floor(bench.scheme, floor)),
    )  # fmt: skip

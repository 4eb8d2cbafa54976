"""The weights of the draft as sliders: each level sums to 100, a locked weight stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from analytics.drawing import workbench
from analytics.drawing.html import card_title
from analytics.scheme import Indicator
from analytics.scheme.editing import (
    LEAST,
    TOP,
    Level,
    begin,
    equal_percent,
    levels,
    percentages,
    rebalanced,
    set_percent,
)
from analytics.scoring.influence import effective_within_level
from analytics.scoring.what_if import can_be_weighed
from analytics.wording.schemes import slider_label
from analytics.words import say
from pages.parts import drafts
from pages.parts.controls import Choice
from pages.parts.linked_widgets import linked_widget
from pages.parts.workbench import Workbench
from pages.parts.workbench_methods import show_methods
from pages.parts.workbench_saving import show_saving


def show_weights(bench: Workbench) -> None:
    """The card of weights, and under it the box that saves the draft."""
    choice, lang = bench.choice, bench.choice.lang
    head = st.container(horizontal=True, vertical_alignment="center")
    head.html(card_title(lang, "workbench.weights", "workbench.weights_sum"), width="content")
    head.space("stretch")
    head.button(
        say(lang, "workbench.restore"), key="bench_restore", type="tertiary", on_click=drafts.forget, args=(choice,),
        disabled=bench.scheme.digest() == choice.scheme.digest(),
    )  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        equal = say(lang, "workbench.equal")
        st.button(equal, key="bench_equal", on_click=_equalise, args=(choice, TOP), width="stretch")
        if st.button(say(lang, "workbench.methods"), key="bench_methods", width="stretch"):
            st.dialog(say(lang, "workbench.methods_title"), width="large")(show_methods)(bench)
    st.html(workbench.legend(lang))
    _level(bench, TOP, effective_within_level(bench.trial.after))
    with st.container(key="bench_save"):
        show_saving(bench)


def _level(bench: Workbench, level_id: str, effective: Mapping[str, pd.Series]) -> None:
    level, lang = bench.levels[level_id], bench.choice.lang
    now = percentages(level)
    in_use = percentages(current) if (current := bench.current_levels.get(level_id)) else {}
    opened = st.session_state.setdefault("bench_open", {bench.scheme.dimensions[0].id})
    for child in level.children:
        with st.container(key=f"bench_row_{child.id}"):
            row = st.container(horizontal=True, vertical_alignment="center", gap="xxsmall")
            locked = child.id in bench.draft.locked
            row.button(
                ":material/lock:" if locked else ":material/lock_open_right:", key=f"lock_{child.id}", type="tertiary",
                help=say(lang, "workbench.unlock" if locked else "workbench.lock"), on_click=_lock,
                args=(bench.choice, child.id), disabled=not can_be_weighed(level),
            )  # fmt: skip
            name, used = child.name.text(lang), in_use.get(child.id)
            row.html(workbench.weight_head(lang, name, now[child.id], used), width="stretch")
            if not isinstance(child, Indicator):
                icon = ":material/expand_less:" if child.id in opened else ":material/expand_more:"
                row.button(
                    icon, key=f"open_{child.id}", type="tertiary", help=say(lang, "workbench.open"), on_click=_open,
                    args=(level, child.id),
                )  # fmt: skip
            take = partial(_weigh, bench.choice, level_id, child.id)
            key, first = linked_widget(f"weight_{child.id}", now[child.id], take)
            st.slider(
                slider_label(name), LEAST, 100, first, key=key, format="%d%%", label_visibility="collapsed",
                disabled=locked or not can_be_weighed(level),
            )  # fmt: skip
            st.html(workbench.weight_bars(lang, now[child.id], effective[level_id][child.id]))
        if not isinstance(child, Indicator) and child.id in opened:
            with st.container(key=f"bench_inner_{child.id}"):
                _level(bench, child.id, effective)
                st.button(
                    say(lang, "workbench.equal_within"), key=f"equal_{child.id}", type="tertiary", on_click=_equalise,
                    args=(bench.choice, child.id),
                )  # fmt: skip


def _weigh(choice: Choice, level_id: str, child: str, wanted: int) -> None:
    draft = drafts.draft_of(choice)
    now = percentages(next(level for level in levels(draft.scheme) if level.id == level_id))
    begun = begin(st.session_state.get("bench_begun", {}), now, child, draft.locked)
    st.session_state.bench_begun = begun
    drafts.change(choice, set_percent(draft.scheme, level_id, rebalanced(begun, child, wanted, draft.locked)))


def _equalise(choice: Choice, level_id: str) -> None:
    draft = drafts.draft_of(choice)
    level = next(level for level in levels(draft.scheme) if level.id == level_id)
    drafts.change(choice, set_percent(draft.scheme, level_id, equal_percent(percentages(level), draft.locked)))


def _lock(choice: Choice, child: str) -> None:
    draft = drafts.draft_of(choice)
    drafts.keep(choice, replace(draft, locked=draft.locked ^ {child}))


def _open(level: Level, child: str) -> None:
    """Of a level one dimension is open at a time."""
    opened = st.session_state.bench_open
    st.session_state.bench_open = (opened - {other.id for other in level.children}) | ({child} - opened)

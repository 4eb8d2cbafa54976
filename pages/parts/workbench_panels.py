"""What else the workbench can be asked: rules, places, likeness of indicators, goal seek, and cut-offs by capacity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from analytics.drawing import what_if, workbench
from analytics.drawing.html import card_title
from analytics.errors import UserError
from analytics.scoring import ranking
from analytics.scoring.influence import correlations
from analytics.wording.areas import area_options
from analytics.wording.capacity import drawn_by_capacity
from analytics.words import say
from analytics.workspace import runs
from pages.parts import drafts, state
from pages.parts.confirming import say_all
from pages.parts.linked_widgets import linked_widget
from pages.parts.workbench import Workbench
from pages.parts.workbench_rules import show_rules

MOST_LISTED = 1000


def show_panel(bench: Workbench) -> None:
    """The chosen one of the panels; only that one is made."""
    lang = bench.choice.lang
    panels: Mapping[str, Callable[[Workbench], None]] = {
        "rules": show_rules, "goal": _goal, "capacity": _capacity, "ranks": _ranks, "correlation": _correlation,
    }  # fmt: skip
    st.session_state.setdefault("bench_panel", "rules")
    chosen = st.segmented_control(
        say(lang, "workbench.panel"), list(panels), format_func=lambda name: say(lang, f"workbench.panel_{name}"),
        key="bench_panel", label_visibility="collapsed", required=True,
    )  # fmt: skip
    panels[chosen](bench)


def _goal(bench: Workbench) -> None:
    """The smallest changes of the draft that take the chosen area one tier down, and what else they would change."""
    choice, lang, run = bench.choice, bench.choice.lang, bench.trial.after
    order = ranking(run)
    selected = state.chosen_of("area", run.areas.index)[0] or order.index[0]
    options = area_options(lang, bench.scheme, order, selected, MOST_LISTED)
    key, first = linked_widget("bench_area", selected, partial(state.chosen().__setitem__, "area"))
    area = st.selectbox(
        say(lang, "workbench.goal_area"), list(options), list(options).index(first), options.get, key, width=420
    )
    found = runs.goal_seek(
        choice.ws, choice.data, choice.scheme, run, area, bench.draft.locked, published=bench.published
    )
    st.html(what_if.goal(lang, run, area, found))
    for number, way in enumerate(found.ways):
        with st.container(key=f"bench_way_{number}", horizontal=True, vertical_alignment="center"):
            st.html(what_if.way(lang, run, way))
            st.button(
                say(lang, "workbench.take"), key=f"take_way_{number}", on_click=drafts.change,
                args=(bench.choice, way.scheme),
            )  # fmt: skip


def _capacity(bench: Workbench) -> None:
    """The line where the hands run out: cut-offs that cost no more than a stated capacity."""
    choice, lang = bench.choice, bench.choice.lang
    there_is = float(runs.team_capacity(choice.data).team_days or 0)
    st.html(card_title(lang, "workbench.capacity", "workbench.capacity_hint"))
    row = st.container(horizontal=True, vertical_alignment="bottom")
    stated = row.number_input(
        say(lang, "workbench.capacity_stated"), 0.0, None, there_is, 1.0, key="bench_capacity",
        width=220, format="%g",
    )  # fmt: skip
    st.caption(say(lang, "workbench.capacity_counts"))
    if not stated:
        st.caption(say(lang, "workbench.capacity_needed"))
        return
    try:
        found = runs.cutoffs_by_capacity(
            choice.ws, choice.data, choice.scheme, bench.trial.after, stated, published=bench.published
        )
    except UserError as error:
        say_all(lang, error.problems)
        return
    row.button(
        say(lang, "workbench.take"), key="take_capacity", on_click=_take, args=(bench, found.cutoffs, stated),
        disabled=found.cannot or not found.raised,
    )  # fmt: skip
    st.html(what_if.fitted(lang, bench.trial.after, found, stated))


def _take(bench: Workbench, cutoffs: Mapping[str, float], stated: float) -> None:
    drafts.change(bench.choice, drawn_by_capacity(bench.scheme, cutoffs, stated), by_capacity=True)


def _ranks(bench: Workbench) -> None:
    st.html(workbench.ranks(bench.choice.lang, bench.trial))


def _correlation(bench: Workbench) -> None:
    lang = bench.choice.lang
    st.html(card_title(lang, "workbench.correlation", "workbench.correlation_hint"))
    st.html(workbench.correlations(lang, correlations(bench.trial.after), bench.scheme))

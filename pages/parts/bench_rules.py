"""The rules beside the score: floors, what is missing, and what holds colours steady."""

from __future__ import annotations

from functools import partial

import streamlit as st

from analytics.drawing import cards, workbench
from analytics.scheme import Scheme
from analytics.scheme.editing import floor_of, refloored, threshold, with_minimum_known
from analytics.tiers import RANKED
from analytics.words import say
from pages.parts import drafts
from pages.parts.bench import Bench
from pages.parts.bench_stability import show_stability
from pages.parts.controls import Choice

FLOOR_TIERS = tuple(reversed(RANKED[1:]))
COMPARISONS = (">=", ">", "<=", "<")


def show_rules(bench: Bench) -> None:
    """Three columns: floors, missing data, stability."""
    lang, choice = bench.choice.lang, bench.choice
    floors, missing, stability = st.columns([2, 1, 1.4], gap="large")
    with floors:
        st.html(cards.title(lang, "workbench.floors", "workbench.floors_hint"))
        for name in workbench.floor_names(bench.trial):
            _floor(bench, name)
        with st.popover(say(lang, "workbench.floor_new")):
            _new_floor(bench)
    with missing:
        st.html(cards.title(lang, "workbench.missing"))
        drafts.show("bench_known", round(bench.scheme.missing.minimum_known_weight * 100))
        st.slider(
            say(lang, "workbench.minimum_known"), 5, 100, key="bench_known", format="%d%%",
            on_change=lambda: drafts.change(choice, with_minimum_known(_draft(choice), st.session_state.bench_known)),
        )  # fmt: skip
    with stability:
        st.html(cards.title(lang, "workbench.stability", "workbench.stability_hint"))
        show_stability(bench)


def _draft(choice: Choice) -> Scheme:
    return drafts.draft_of(choice).scheme


def _floor(bench: Bench, name: str) -> None:
    """One floor: whether it holds, from which value on, and which tier it demands."""
    lang, choice = bench.choice.lang, bench.choice
    held = floor_of(bench.scheme, name)
    floor = held or floor_of(bench.trial.before.scheme, name)
    row = st.container(horizontal=True, vertical_alignment="center")
    key = f"floor_{floor.name.en}"
    drafts.show(f"{key}_on", held is not None)
    row.checkbox(floor.name.text(lang), key=f"{key}_on", width="stretch", on_change=partial(_switch, choice, name, key))
    if threshold(floor) is not None:
        drafts.show(f"{key}_value", threshold(floor))
        row.number_input(
            say(lang, "workbench.floor_value"), key=f"{key}_value", width=130, format="%g", disabled=held is None,
            label_visibility="collapsed", on_change=partial(_switch, choice, name, key),
        )  # fmt: skip
    drafts.show(f"{key}_tier", floor.at_least)
    row.selectbox(
        say(lang, "workbench.floor_tier"), FLOOR_TIERS, key=f"{key}_tier", width=120, label_visibility="collapsed",
        format_func=lambda tier: cards.marked(lang, tier), disabled=held is None,
        on_change=partial(_switch, choice, name, key),
    )  # fmt: skip


def _switch(choice: Choice, name: str, key: str) -> None:
    said = [st.session_state.get(f"{key}_{part}") for part in ("on", "value", "tier")]
    drafts.change(choice, refloored(_draft(choice), choice.scheme, name, *said))


def _new_floor(bench: Bench) -> None:
    lang = bench.choice.lang
    names = {item.id: item.name.text(lang) for item in bench.scheme.indicators}
    with st.form("floor_new", border=False):
        indicator = st.selectbox(
            say(lang, "workbench.indicator"), list(names), format_func=names.get, key="floor_indicator"
        )
        op = st.segmented_control(
            say(lang, "workbench.comparison"), COMPARISONS, default=COMPARISONS[0], key="floor_op"
        )
        value = st.number_input(say(lang, "workbench.floor_value"), key="floor_value", format="%g")
        tier = st.selectbox(
            say(lang, "workbench.floor_tier"),
            FLOOR_TIERS,
            format_func=lambda name: cards.marked(lang, name),
            key="floor_at",
        )
        if st.form_submit_button(say(lang, "workbench.floor_add"), key="floor_add"):
            drafts.change(
                bench.choice, workbench.with_floor(bench.scheme, indicator, op or COMPARISONS[0], value, tier)
            )
            st.rerun()

"""What the draft does: its price, the areas that change tier, from which to which, and what decides nothing."""

from __future__ import annotations

import streamlit as st

from analytics.drawing import comparison, workbench
from analytics.scoring.influence import redundant_indicators
from analytics.workspace.runs import team_capacity
from pages.parts import state
from pages.parts.workbench import Workbench, duties_of, load_of, price_of


def show_effects(bench: Workbench) -> None:
    """The column beside the map."""
    lang, trial = bench.choice.lang, bench.trial
    st.html(workbench.price(lang, price_of(bench), load_of(bench), team_capacity(bench.choice.data)))
    st.html(workbench.duties(lang, bench.scheme, duties_of(bench)))
    with st.container(key="bench_changed"):
        st.html(workbench.changed(lang, trial, state.chosen_of("area", trial.after.areas.index)[0]))
    with st.container(key="bench_matrix"):
        st.html(comparison.matrix(lang, trial.transitions, "workbench.matrix_hint"))
    with st.container(key="bench_nothing"):
        st.html(workbench.redundancy_notes(lang, trial.after, redundant_indicators(trial.after)))

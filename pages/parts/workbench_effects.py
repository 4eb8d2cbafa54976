"""What the draft does: its price, the areas that change tier, from which to which, and what decides nothing."""

from __future__ import annotations

import streamlit as st

from analytics import session
from analytics.drawing import comparison, workbench
from analytics.scoring.influence import redundant_indicators
from pages.parts import workbench as state
from pages.parts.workbench import Workbench


def show_effects(bench: Workbench) -> None:
    """The column beside the map."""
    lang, trial = bench.choice.lang, bench.trial
    st.html(workbench.price(lang, state.price_of(bench), state.rounds_of(bench), state.crew(bench)))
    with st.container(key="bench_changed"):
        st.html(workbench.changed(lang, trial, session.chosen_of("area", trial.after.areas.index)[0]))
    with st.container(key="bench_matrix"):
        st.html(comparison.matrix(lang, trial.transitions, "workbench.matrix_hint"))
    with st.container(key="bench_nothing"):
        st.html(workbench.redundancy_notes(lang, trial.after, redundant_indicators(trial.after)))

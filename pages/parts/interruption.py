"""That data are interrupted, and which orders are in force, in banners over a page."""

from __future__ import annotations

import streamlit as st

from analytics.drawing import cards
from analytics.scoring import Assessment
from analytics.words import Language


def show_interruption(lang: Language, assessment: Assessment) -> None:
    """Which feeds are silent on the last day and how many tiers are carried on, and the orders in force;
    nothing where there are none."""
    if said := cards.interruption(lang, assessment):
        st.html(said)

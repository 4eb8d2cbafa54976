"""That data are interrupted, in a banner over a page."""

from __future__ import annotations

import streamlit as st

from analytics.drawing import cards
from analytics.scoring import Assessment
from analytics.words import Language


def show_interruption(lang: Language, assessment: Assessment) -> None:
    """Which feeds are silent on the last day and how many tiers are carried on; nothing where none are."""
    if said := cards.interruption(lang, assessment):
        st.html(said)

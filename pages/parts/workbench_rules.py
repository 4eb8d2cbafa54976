"""The rules beside the score: floors, what is missing, and what holds colours steady."""

from __future__ import annotations

import streamlit as st

from analytics.drawing.html import card_title
from analytics.scheme.editing import with_minimum_known
from analytics.words import say
from pages.parts import drafts
from pages.parts.controls import Choice
from pages.parts.linked_widgets import linked_widget
from pages.parts.workbench import Workbench
from pages.parts.workbench_floors import show_floors
from pages.parts.workbench_left_out import show_left_out
from pages.parts.workbench_stability import show_stability


def show_rules(bench: Workbench) -> None:
    """Three columns: floors, missing data and what the office keeps no records of, stability."""
    lang = bench.choice.lang
    floors, missing, stability = st.columns([2, 1, 1.4], gap="large")
    with floors:
        show_floors(bench)
    with missing:
        st.html(card_title(lang, "workbench.missing"))
        known = max(1, round(bench.scheme.missing.minimum_known_weight * 100))
        key, first = linked_widget("bench_known", known, lambda percent: _known(bench.choice, percent))
        st.slider(say(lang, "workbench.minimum_known"), 1, 100, first, key=key, format="%d%%")
        show_left_out(bench)
    with stability:
        st.html(card_title(lang, "workbench.stability", "workbench.stability_hint"))
        show_stability(bench)


def _known(choice: Choice, percent: int) -> None:
    drafts.change(choice, with_minimum_known(drafts.draft_of(choice).scheme, percent))

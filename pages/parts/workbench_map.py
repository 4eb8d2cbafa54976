"""The map under the draft, and below it the scores with the cut-offs, to drag or to type."""

from __future__ import annotations

from functools import partial

import streamlit as st
from pydantic import ValidationError

from analytics.drawing import workbench
from analytics.drawing.html import card_title
from analytics.scheme import CutOffs
from analytics.scheme.editing import recut
from analytics.scoring.what_if import cut_scale
from analytics.tiers import RANKED
from analytics.wording.tiers import marked
from analytics.wording.workbench import cut_refused
from analytics.words import say
from pages.parts import drafts, state
from pages.parts.area_map import show_trial
from pages.parts.controls import Choice
from pages.parts.linked_widgets import linked_widget
from pages.parts.workbench import Workbench

MAP_HEIGHT = 460
STEP = 0.5
"""Of a cut-off, in points of score, when it is dragged."""
SMALLEST = 0.1
"""And when it is typed."""


def show_map(bench: Workbench) -> None:
    """The map by the draft, by the scheme in use, or the areas that change alone."""
    lang = bench.choice.lang
    head = st.container(horizontal=True, vertical_alignment="center")
    head.html(card_title(lang, "workbench.map"), width="content")
    head.space("stretch")
    head.toggle(say(lang, "workbench.computed"), key="bench_computed", help=say(lang, "workbench.computed_help"))
    views = ("after", "before", "changed")
    st.session_state.setdefault("bench_view", "after")
    view = head.segmented_control(
        say(lang, "workbench.view"), views, format_func=lambda name: say(lang, f"workbench.view_{name}"),
        key="bench_view", label_visibility="collapsed", required=True,
    )  # fmt: skip
    selected = state.chosen_of("area", bench.trial.after.areas.index)[0]
    show_trial(bench.choice, bench.trial, view, selected, MAP_HEIGHT)
    st.html(workbench.map_legend(lang, published=bench.published))


def show_cutoffs(bench: Workbench) -> None:
    """The histogram of scores, the counts before → after, and the four cut-offs."""
    lang, trial = bench.choice.lang, bench.trial
    head = st.container(horizontal=True, vertical_alignment="center")
    head.html(card_title(lang, "workbench.cuts"), width="content")
    head.space("stretch")
    head.html(workbench.counts(lang, trial), width="content")
    st.html(workbench.histogram(lang, trial))
    if not isinstance(bench.scheme.tiers, CutOffs):
        st.caption(say(lang, "workbench.cuts_in_file"))
        return
    low, high = cut_scale(trial)
    for tier, column, now in zip(RANKED[1:], st.columns(4), bench.scheme.tiers.ascending(), strict=True):
        label = say(lang, "workbench.cut", tier=marked(lang, tier))
        take = partial(_cut, bench.choice, tier)
        key, first = linked_widget(f"cut_typed_{tier}", float(now), take)
        with column.container(horizontal=True, vertical_alignment="center", gap="xxsmall"):
            st.html(workbench.cut_head(lang, trial, tier), width="stretch")
            st.number_input(label, None, None, first, SMALLEST, "%g", key, label_visibility="collapsed", width=72)
        key, first = linked_widget(f"cut_dragged_{tier}", float(now), take)
        column.slider(label, low, high, first, STEP, "%g", key, label_visibility="collapsed")
    if refused := st.session_state.pop("cut_refused", None):
        st.warning(cut_refused(lang, bench.scheme, *refused))


def _cut(choice: Choice, tier: str, wanted: float) -> None:
    scheme, wanted = drafts.draft_of(choice).scheme, round(wanted, 6)
    try:
        drafts.change(choice, recut(scheme, {tier: wanted}))
    except ValidationError:
        st.session_state.cut_refused = (tier, wanted)

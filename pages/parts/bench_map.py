"""The map under the draft, and below it the scores with the cut-offs, to drag or to type."""

from __future__ import annotations

import streamlit as st

from analytics import session
from analytics.drawing import cards, trials, workbench
from analytics.scheme import CutOffs
from analytics.scheme.editing import recut
from analytics.tiers import RANKED
from analytics.words import say
from pages.parts import drafts
from pages.parts.area_map import show_trial
from pages.parts.bench import Bench
from pages.parts.controls import Choice

MAP_HEIGHT = 460
STEP = 0.5
"""Of a cut-off, in points of score, when it is dragged."""
SMALLEST = 0.1
"""And when it is typed."""


def show_map(bench: Bench) -> None:
    """The map by the draft, by the scheme in use, or the areas that change alone."""
    lang = bench.choice.lang
    head = st.container(horizontal=True, vertical_alignment="center")
    head.html(cards.title(lang, "workbench.map"), width="content")
    head.space("stretch")
    head.toggle(say(lang, "workbench.published"), key="bench_published", help=say(lang, "workbench.published_help"))
    views = ("after", "before", "changed")
    st.session_state.setdefault("bench_view", "after")
    view = head.segmented_control(
        say(lang, "workbench.view"), views, format_func=lambda name: say(lang, f"workbench.view_{name}"),
        key="bench_view", label_visibility="collapsed", required=True,
    )  # fmt: skip
    selected = session.area_for(bench.trial.after.areas)[0]
    show_trial(bench.choice, bench.trial, view, selected, MAP_HEIGHT)


def show_cutoffs(bench: Bench) -> None:
    """The histogram of scores, the counts before → after, and the four cut-offs."""
    lang, trial = bench.choice.lang, bench.trial
    head = st.container(horizontal=True, vertical_alignment="center")
    head.html(cards.title(lang, "workbench.cuts"), width="content")
    head.space("stretch")
    head.html(workbench.counts(lang, trial), width="content")
    st.html(workbench.histogram(lang, trial))
    if not isinstance(bench.scheme.tiers, CutOffs):
        st.caption(say(lang, "workbench.cuts_in_file"))
        return
    in_use = trial.before.scheme.tiers.model_dump() if isinstance(trial.before.scheme.tiers, CutOffs) else {}
    ranges = workbench.cut_ranges(trial, SMALLEST)
    for tier, column, now in zip(RANKED[1:], st.columns(4), bench.scheme.tiers.ascending(), strict=True):
        low, high = ranges[tier]
        for way, widget, step in (("typed", column.number_input, SMALLEST), ("dragged", column.slider, STEP)):
            key = f"cut_{way}_{tier}"
            drafts.show(key, float(now))
            widget(
                workbench.cut_label(lang, tier, in_use.get(tier), now), low, high, step=step, key=key, format="%g",
                on_change=_cut, args=(bench.choice, tier, key),
                label_visibility="visible" if way == "typed" else "collapsed",
            )  # fmt: skip


def _cut(choice: Choice, tier: str, key: str) -> None:
    drafts.change(
        choice, recut(trials.without_capacity(drafts.draft_of(choice).scheme), {tier: round(st.session_state[key], 6)})
    )

"""What holds colours steady: the days and steps of the stability rule."""

from __future__ import annotations

from functools import partial

import streamlit as st

from analytics.scheme.editing import restabilised
from analytics.words import Language, say
from pages.parts import drafts
from pages.parts.controls import Choice
from pages.parts.linked_widgets import linked_widget
from pages.parts.workbench import Workbench

MOST_DAYS = 366
"""The longest wait that a rule can ask for."""
STABILITY_DAYS = ("confirm_up_days", "confirm_down_days", "minimum_stay_days")


def show_stability(bench: Workbench) -> None:
    """The rule of the draft, or that it has none."""
    lang, choice, rule = bench.choice.lang, bench.choice, bench.scheme.stability
    key, on = linked_widget("stability_on", rule is not None, partial(_change, choice, "on"))
    st.toggle(say(lang, "workbench.stability_on"), on, key=key)
    if rule is None:
        return
    for name, column in zip(STABILITY_DAYS, st.columns(3), strict=True):
        key, days = linked_widget(f"stability_{name}", getattr(rule, name), partial(_change, choice, name))
        column.number_input(say(lang, f"workbench.stability_{name}"), 1, MOST_DAYS, days, key=key)
    key, at_once = linked_widget(
        "stability_at_once", rule.at_once_when_tiers_up or 0, partial(_change, choice, "at_once")
    )
    st.segmented_control(
        say(lang, "workbench.stability_at_once"), (0, 1, 2, 3, 4), default=at_once, key=key, required=True,
        format_func=partial(_at_once, lang),
    )  # fmt: skip
    key, one_step = linked_widget("stability_one_step", rule.one_step_down, partial(_change, choice, "one_step"))
    st.toggle(say(lang, "workbench.stability_one_step"), one_step, key=key)


def _at_once(lang: Language, tiers: int) -> str:
    return say(lang, "workbench.at_once_never") if not tiers else say(lang, "workbench.at_once_tiers", n=tiers)


def _change(choice: Choice, name: str, value: int | bool) -> None:
    holds, settings = (bool(value), {}) if name == "on" else (True, {name: value})
    scheme = drafts.draft_of(choice).scheme
    drafts.change(choice, restabilised(scheme, choice.scheme.stability, holds=holds, settings=settings))

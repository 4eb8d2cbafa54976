"""What holds colours steady: the days and steps of the stability rule."""

from __future__ import annotations

from functools import partial

import streamlit as st

from analytics.scheme.editing import restabilised
from analytics.words import Language, say
from pages.parts import drafts
from pages.parts.bench import Bench
from pages.parts.controls import Choice

MOST_DAYS = 60
STABILITY_DAYS = ("confirm_up_days", "confirm_down_days", "minimum_stay_days")


def show_stability(bench: Bench) -> None:
    """The rule of the draft, or that it has none."""
    lang, choice, rule = bench.choice.lang, bench.choice, bench.scheme.stability
    drafts.show("stability_on", rule is not None)
    st.toggle(say(lang, "workbench.stability_on"), key="stability_on", on_change=partial(_restabilise, choice))
    if rule is None:
        return
    for name in STABILITY_DAYS:
        drafts.show(f"stability_{name}", getattr(rule, name))
        st.slider(
            say(lang, f"workbench.stability_{name}"), 1, MOST_DAYS, key=f"stability_{name}",
            on_change=partial(_restabilise, choice),
        )  # fmt: skip
    drafts.show("stability_at_once", rule.at_once_when_tiers_up or 0)
    st.segmented_control(
        say(lang, "workbench.stability_at_once"), (0, 1, 2, 3, 4), key="stability_at_once", required=True,
        format_func=partial(_at_once, lang), on_change=partial(_restabilise, choice),
    )  # fmt: skip
    drafts.show("stability_one_step", rule.one_step_down)
    st.toggle(
        say(lang, "workbench.stability_one_step"), key="stability_one_step", on_change=partial(_restabilise, choice)
    )


def _at_once(lang: Language, tiers: int) -> str:
    return say(lang, "workbench.at_once_never") if not tiers else say(lang, "workbench.at_once_tiers", n=tiers)


def _restabilise(choice: Choice) -> None:
    said = {name: st.session_state.get(f"stability_{name}") for name in (*STABILITY_DAYS, "at_once", "one_step")}
    drafts.change(
        choice,
        restabilised(drafts.draft_of(choice).scheme, choice.scheme.stability, st.session_state.stability_on, said),
    )

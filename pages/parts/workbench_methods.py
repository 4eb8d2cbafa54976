"""Where weights may come from: several judges, or the records themselves. Always a proposal beside the present ones."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import streamlit as st

from analytics.drawing import what_if
from analytics.errors import UserError
from analytics.scheme.editing import Level, levels, percentages
from analytics.scoring.judges import SCALE, Panel, judged
from analytics.scoring.proposals import Proposal, proposal, proposed
from analytics.scoring.what_if import can_be_weighed
from analytics.wording.schemes import level_name
from analytics.wording.weight_proposals import proposal_notes, scale_text
from analytics.words import say
from pages.parts import drafts
from pages.parts.confirming import say_all
from pages.parts.controls import Choice
from pages.parts.workbench import Workbench

METHODS = ("ahp", "entropy", "critic", "equal")
MOST_JUDGES = 9
EQUAL = "1"


def show_methods(bench: Workbench) -> None:
    """Choose a level and a method, look at what it proposes and what that would change, and take it or not."""
    lang, choice = bench.choice.lang, bench.choice
    draft = drafts.draft_of(choice)
    known = {level.id: level for level in levels(draft.scheme) if can_be_weighed(level)}
    if not known:
        st.caption(say(lang, "workbench.no_level"))
        return
    row = st.container(horizontal=True, vertical_alignment="bottom")
    level_id = row.selectbox(
        say(lang, "workbench.level"), list(known), key="method_level",
        format_func=lambda name: level_name(lang, known[name]),
    )  # fmt: skip
    method = row.segmented_control(
        say(lang, "workbench.method"), METHODS, default=METHODS[0], key="method", required=True,
        format_func=lambda name: say(lang, f"workbench.method_{name}"),
    )  # fmt: skip
    run = bench.trial.after
    panel = None
    try:
        if method == "ahp":
            panel = _judges(choice, known[level_id])
            found: Proposal = proposed(run, level_id, panel.group, draft.locked)
        else:
            found = proposal(run, level_id, method, draft.locked)
    except UserError as error:
        say_all(lang, error.problems)
        return
    told = proposal_notes(lang, run, method, found, panel)
    st.html(what_if.proposed(lang, run.scheme, percentages(known[level_id]), found.percents, told))
    if st.button(say(lang, "workbench.take"), key="take_method", type="primary"):
        drafts.change(choice, found.scheme)
        st.rerun()


def _judges(choice: Choice, level: Level) -> Panel:
    """A slider for each pair of what is weighed, for the judge that is chosen; all judges together."""
    lang = choice.lang
    every: list[dict[str, str]] = drafts.draft_of(choice).judgements.get(level.id, [{}])
    row = st.container(horizontal=True, vertical_alignment="bottom")
    number = row.number_input(
        say(lang, "workbench.judges"), 1, MOST_JUDGES, len(every), key=f"judges_{level.id}", width=140
    )
    judge = row.segmented_control(
        say(lang, "workbench.judge"), range(number), default=0, key=f"judge_{level.id}_{number}", required=True,
        format_func=lambda at: say(lang, "workbench.judge_number", n=at + 1),
    )  # fmt: skip
    said = [*every, *({} for _ in range(number - len(every)))]
    names = {child.id: child.name.text(lang) for child in level.children}
    st.caption(say(lang, "workbench.judge_hint"))
    columns = st.columns(2, gap="large")
    own: dict[str, str] = {}
    for at, (one, other) in enumerate(combinations(names, 2)):
        own[f"{one}/{other}"] = columns[at % 2].select_slider(
            say(lang, "workbench.pair", one=names[one], other=names[other]), [str(step) for step in reversed(SCALE)],
            said[judge].get(f"{one}/{other}", EQUAL), key=f"pair/{level.id}/{judge}/{one}/{other}",
            format_func=lambda step, pair=(one, other): scale_text(lang, step, [names[name] for name in pair]),
        )  # fmt: skip
    # Looking says nothing: what stands at equal and was never moved is not kept.
    moved = {pair: step for pair, step in own.items() if step != EQUAL or pair in said[judge]}
    judged_now = [*said[:judge], moved, *said[judge + 1 :]]
    draft = drafts.draft_of(choice)
    if moved != said[judge]:
        drafts.keep(choice, replace(draft, judgements=draft.judgements | {level.id: judged_now}))
    # Whoever is left out for now keeps what was said, and is not heard.
    heard = judged_now[:number]
    return judged(
        list(names), [{tuple(pair.split("/")): Fraction(step) for pair, step in one.items()} for one in heard]
    )

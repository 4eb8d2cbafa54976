"""权重: what a change of weights, cut-offs and rules does, before anybody decides on it."""

import streamlit as st

from analytics.errors import UserError
from analytics.exhibits import workbench as exhibits
from analytics.exhibits.comparison import transitions
from analytics.wording.workbench import draft_line
from analytics.words import phrase, say
from pages.parts import drafts, state
from pages.parts.browser_id import remember_browser
from pages.parts.confirming import say_all
from pages.parts.controls import control_row, footer
from pages.parts.export_menu import save_menu
from pages.parts.interruption import show_interruption
from pages.parts.linked_widgets import apply_user_edits
from pages.parts.provenance_lines import caption_of
from pages.parts.workbench import workbench_of
from pages.parts.workbench_effects import show_effects
from pages.parts.workbench_map import show_cutoffs, show_map
from pages.parts.workbench_panels import show_panel
from pages.parts.workbench_saving import show_state
from pages.parts.workbench_weights import show_weights

choice = control_row()
lang = choice.lang
remember_browser()


@st.fragment
def workbench() -> None:
    """Everything that a slider moves: the rest of the page stays as it is."""
    apply_user_edits(lang)
    try:
        bench = workbench_of(choice)
    except UserError as error:
        say_all(lang, (*error.problems, phrase("versions.not_scored")))
        st.button(say(lang, "workbench.restore"), on_click=drafts.forget, args=(choice,))
        return
    top = st.container()
    left, middle, right = st.columns([1.05, 1.85, 1.35], gap="small")
    # The map goes first: it is what the eye waits for while a slider moves.
    with middle.container(key="bench_map"):
        show_map(bench)
    with top:
        show_interruption(lang, bench.trial.before)
        show_state(bench)
    with left.container(key="bench_weights"):
        show_weights(bench)
    with middle.container(key="bench_cuts"):
        show_cutoffs(bench)
    with right:
        show_effects(bench)
    with st.container(key="bench_panel_card"):
        show_panel(bench)
    caption = caption_of(choice, draft_line(lang, bench.trial, published=bench.published))
    save_menu(
        choice,
        choice.day,
        [
            exhibits.map_of_draft(lang, caption, bench.trial, choice.data.context),
            exhibits.changes(lang, caption, bench.trial),
            exhibits.weights(lang, caption, bench.trial),
            transitions(lang, caption, bench.trial.transitions),
        ],
    )


workbench()
footer(choice)
state.remember_in_link(
    lang=lang,
    data=choice.data.id,
    scheme=choice.scheme.id,
    date=choice.day.isoformat(),
    area=state.chosen().get("area"),
)

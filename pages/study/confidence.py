"""稳健: how firm each colour is when what the scheme assumes is drawn anew, and which assumption moves most colours."""

import streamlit as st

from analytics.access import roles_that_may
from analytics.drawing import confidence as drawing
from analytics.drawing.html import card_title
from analytics.evidence.confidence import DRAWS
from analytics.evidence.sampling import UncertaintyRanges
from analytics.exhibits import confidence as exhibits
from analytics.wording.confidence import draft_notes, notes, seen_by
from analytics.words import say
from analytics.workspace.evidence import simulate
from pages.parts import confidence as parts
from pages.parts import state
from pages.parts.browser_id import remember_browser
from pages.parts.controls import control_row, footer
from pages.parts.export_menu import save_menu
from pages.parts.interruption import show_interruption
from pages.parts.provenance_lines import caption_of

PERCENT = 100
MOST_WEIGHTS, MOST_CUTOFFS = 50, 20
NUMBERS = (200, DRAWS, 5000)

choice = control_row()
remember_browser()
lang = choice.lang
may_keep = choice.ws.actor.may("draft")
keepers = [] if may_keep else [say(lang, f"access.role_{other}") for other in roles_that_may("draft")]

show_interruption(lang, parts.run_of(choice, choice.scheme))
head = st.empty()
left, right = st.columns([1, 2.9], gap="small")
box = left.container(key="confidence_settings")
with box:
    st.html(card_title(lang, "confidence.settings"))
    scheme = parts.chosen_scheme(choice)
drafted = parts.is_draft(choice, scheme)
found = parts.found_before(choice, scheme)
# At first the settings are those of the result beside them.
begin = found.assumed if found else UncertaintyRanges()
for name, value in {
    "weights": round(begin.weights * PERCENT),
    "cutoffs": round(begin.cutoffs * PERCENT),
    "points": begin.points,
    "window": begin.window,
    "draws": found.number if found else DRAWS,
}.items():
    st.session_state.setdefault(f"confidence_{name}", value)

with box:
    weights = st.slider(say(lang, "confidence.weights_range"), 0, MOST_WEIGHTS, key="confidence_weights")
    cutoffs = st.slider(say(lang, "confidence.cutoffs_range"), 0, MOST_CUTOFFS, key="confidence_cutoffs")
    points, window = (
        st.toggle(
            say(lang, f"confidence.{name}_switch"),
            help=say(lang, f"confidence.{name}_help"),
            key=f"confidence_{name}",
        )
        for name in ("points", "window")
    )
    number = st.segmented_control(
        say(lang, "confidence.draws_choice"), NUMBERS, format_func="{:,}".format, required=True, key="confidence_draws"
    )
    assumed = UncertaintyRanges(weights / PERCENT, cutoffs / PERCENT, points, window)
    if st.button(say(lang, "confidence.run"), type="primary", width="stretch", key="confidence_run"):
        running = say(lang, "confidence.running")
        bar = st.progress(0.0, running)
        found = simulate(
            choice.ws, choice.data, scheme, choice.day, assumed, number, lambda done: bar.progress(done, running)
        )
        bar.empty()
        parts.take_down(choice, scheme, found)

if found is None:
    right.container(key="confidence_empty").html(drawing.empty(lang, seen_by(lang, keepers, drafted=drafted)))
else:
    run = parts.run_of(choice, scheme)
    head.html(drawing.headline(lang, found, drafted=drafted))
    with left.container(key="confidence_movers"):
        st.html(card_title(lang, "confidence.movers", "confidence.movers_hint"))
        st.html(drawing.movers(lang, found))
    with right.container(key="confidence_areas"):
        st.html(card_title(lang, "confidence.areas", "confidence.areas_hint"))
        differs = (assumed, number) != (found.assumed, found.number)
        in_use = parts.found_before(choice, choice.scheme)
        to_know = (
            draft_notes(lang, found, in_use, differs=differs)
            if drafted
            else notes(lang, found, keepers, differs=differs)
        )
        if to_know:
            st.html(drawing.notes(lang, to_know))
        st.html(drawing.areas(lang, run, found))
        st.html(drawing.varied(lang, found))
    caption = caption_of(choice, say(lang, "workbench.is_draft") if drafted else "")
    save_menu(
        choice, choice.day, [exhibits.areas(lang, caption, run, found), exhibits.movers(lang, caption, found)],
    )  # fmt: skip

footer(choice)
state.remember_in_link(lang=lang, data=choice.data.id, scheme=scheme.id, date=choice.day.isoformat())

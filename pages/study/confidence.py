"""稳健: how firm each colour is when what the scheme assumes is drawn anew, and which assumption moves most colours."""

import streamlit as st

from analytics import access, session
from analytics.drawing import cards
from analytics.drawing import confidence as drawing
from analytics.evidence.confidence import DRAWS, confidence
from analytics.evidence.draws import Assumed
from analytics.evidence.kept import keep
from analytics.words import say
from pages.parts.controls import control_row, footer
from pages.parts.saving import save_menu, table

PERCENT = 100
MOST_WEIGHTS, MOST_CUTOFFS = 50, 20
NUMBERS = (200, DRAWS, 5000)

choice = control_row()
lang, scheme, day = choice.lang, choice.scheme, choice.day
role = access.current_role()
may_keep = access.may(role, "draft")
keepers = [say(lang, f"access.role_{other}") for other in access.ROLES if access.may(other, "draft") and not may_keep]

asked = (scheme.digest(), choice.data.fingerprint, day)
tried = st.session_state.get("confidence_tried", {})
found = tried.get(asked) or session.confidence_of(choice.data, scheme, None, day)
# The settings begin as those of the result beside them.
begin = found.assumed if found else Assumed()
for name, value in {
    "weights": round(begin.weights * PERCENT),
    "cutoffs": round(begin.cutoffs * PERCENT),
    "points": begin.points,
    "window": begin.window,
    "draws": found.number if found else DRAWS,
}.items():
    st.session_state.setdefault(f"confidence_{name}", value)

head = st.empty()
left, right = st.columns([1, 2.9], gap="small")
with left.container(key="confidence_settings"):
    st.html(cards.title(lang, "confidence.settings"))
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
    assumed = Assumed(weights / PERCENT, cutoffs / PERCENT, points, window)
    if st.button(say(lang, "confidence.run"), type="primary", width="stretch", key="confidence_run"):
        running = say(lang, "confidence.running")
        bar = st.progress(0.0, running)
        found = confidence(
            session.facts(choice.data, scheme),
            scheme,
            day,
            assumed,
            number,
            told=lambda done: bar.progress(done, running),
        )
        bar.empty()
        keeps = may_keep and found.is_usual
        # What is not for everybody stays with whoever tried it.
        st.session_state.confidence_tried = {} if keeps else {asked: found}
        if keeps:
            keep(session.release_home(choice.data), found, *asked)

if found is None:
    right.container(key="confidence_empty").html(drawing.empty(lang, keepers))
else:
    run = session.assessed(choice.data, scheme, [day])
    head.html(drawing.headline(lang, found))
    with left.container(key="confidence_movers"):
        st.html(cards.title(lang, "confidence.movers", "confidence.movers_hint"))
        st.html(drawing.movers(lang, found))
    with right.container(key="confidence_areas"):
        st.html(cards.title(lang, "confidence.areas", "confidence.areas_hint"))
        differs = (assumed, number) != (found.assumed, found.number)
        if notes := drawing.notes(lang, found, keepers, differs):
            st.html(notes)
        st.html(drawing.areas(lang, run, found))
        st.html(drawing.varied(lang, found))
    said = drawing.hint(lang, found)
    exhibits = [
        table(choice, "confidence.table", lambda: drawing.table(lang, run, found), hint=said),
        table(choice, "confidence.movers_table", lambda: drawing.movers_table(lang, found), hint=said),
    ]
    save_menu(lang, day, dict(exhibits))

footer(choice)
session.remember_in_link(lang=lang, data=choice.data.id, scheme=scheme.id, date=day.isoformat())

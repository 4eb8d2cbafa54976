"""What the page of confidence is of: the scheme in use, or this browser's draft; and what was found of it before."""

from __future__ import annotations

import streamlit as st

from analytics.errors import UserError
from analytics.evidence.confidence import Confidence
from analytics.scheme import Scheme
from analytics.scoring import Assessment
from analytics.words import say
from analytics.workspace import briefings, runs
from analytics.workspace.evidence import keep_simulation
from pages.parts import drafts
from pages.parts.confirming import say_all
from pages.parts.controls import Choice

IN_USE, DRAFT = "use", "draft"


def chosen_scheme(choice: Choice) -> Scheme:
    """The scheme in use, or the draft where there is one, it was chosen, and it can be scored on the data."""
    lang, draft = choice.lang, drafts.differing(choice)
    if draft is None:
        return choice.scheme
    which = st.segmented_control(
        say(lang, "confidence.which"), (IN_USE, DRAFT), key="confidence_which", default=IN_USE, required=True,
        format_func=lambda name: say(lang, f"confidence.which_{name}"), label_visibility="collapsed",
    )  # fmt: skip
    if which == IN_USE:
        return choice.scheme
    try:
        runs.assess_draft(choice.ws, choice.data, draft, choice.day)
    except UserError as error:
        say_all(lang, error.problems)
        return choice.scheme
    return draft


def run_of(choice: Choice, scheme: Scheme) -> Assessment:
    """The assessment of the chosen day under either."""
    if is_draft(choice, scheme):
        return runs.assess_draft(choice.ws, choice.data, scheme, choice.day)
    return runs.assessed(choice.ws, choice.data, scheme, [choice.day])


def is_draft(choice: Choice, scheme: Scheme) -> bool:
    """Whether it is the draft that is shown."""
    return scheme.digest() != choice.scheme.digest()


def found_before(choice: Choice, scheme: Scheme) -> Confidence | None:
    """What was found of a scheme on the chosen day: by whoever sits here, else what is kept for everybody."""
    asked = _asked(choice, scheme)
    of, found = st.session_state.get("confidence_tried", {}).get(is_draft(choice, scheme), (None, None))
    if of == asked:
        return found
    return (
        None if is_draft(choice, scheme) else briefings.confidence_of(choice.ws, choice.data, scheme, None, choice.day)
    )


def take_down(choice: Choice, scheme: Scheme, found: Confidence) -> None:
    """Keep what was found: for everybody where it is of the scheme in use and the usual ranges, and the role may, else
    for whoever tried it."""
    asked, tried = _asked(choice, scheme), st.session_state.setdefault("confidence_tried", {})
    if choice.ws.actor.may("draft") and found.is_usual and not is_draft(choice, scheme):
        tried.pop(False, None)
        keep_simulation(choice.ws, choice.data, scheme, choice.day, found)
    else:
        tried[is_draft(choice, scheme)] = (asked, found)


def _asked(choice: Choice, scheme: Scheme) -> tuple[object, ...]:
    return scheme.digest(), choice.data.counts.digest, choice.day

"""Making a release: what it would hold, its reason, and what became of it."""

from __future__ import annotations

import streamlit as st

from analytics.drawing import releases
from analytics.drawing.html import card_title
from analytics.errors import UserError
from analytics.store.ledger_entries import ReleaseEntry
from analytics.wording.releases import code_of, release_name
from analytics.words import Language, phrase, say
from analytics.workspace import published, runs
from pages.parts import state
from pages.parts.confirming import attempt, say_all
from pages.parts.controls import Choice
from pages.parts.interruption import show_interruption

MOST_CHARACTERS = 200


def show_making(choice: Choice) -> None:
    """The counts that a release would hold now, beside the newest one, and the buttons that the role may press."""
    ws, lang, data, scheme = choice.ws, choice.lang, choice.data, choice.scheme
    now = runs.assessed(ws, data, scheme, [choice.day])
    last = published.newest_standing(ws, data, scheme.id)
    against = say(lang, "release_pages.against_none")
    if last:
        against = say(lang, "release_pages.against", release=release_name(lang, last))
    st.html(card_title(lang, "release_pages.make", "release_pages.make_hint", day=choice.day))
    show_interruption(lang, now)
    try:
        st.html(releases.counts(lang, now, published.run_of(ws, data, last)[0] if last else None, against))
    except UserError as error:
        say_all(lang, error.problems)
        return
    ways = {
        "save_draft": ("draft", "release_pages.save_draft", "secondary", published.keep_draft),
        "publish": ("release", "release_pages.publish", "primary", published.publish),
    }
    ways = {way: told for way, told in ways.items() if ws.actor.may(told[0])}
    if not ways:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        # A new box after each release: the reason of the last one is not the reason of the next.
        fresh = st.session_state.setdefault("releases_made", 0)
        reason = st.text_input(
            say(lang, "release_pages.reason"), key=f"reason_{fresh}", max_chars=MOST_CHARACTERS, width="stretch"
        )
        pressed = {way: st.button(say(lang, told[1]), key=way, type=told[2]) for way, told in ways.items()}
    if any(pressed.values()) and not reason.strip():
        st.warning(say(lang, "release_pages.reason_needed"))
        return
    for way, (*_, make) in ways.items():
        with st.spinner(say(lang, "release_pages.making")):
            made = attempt(
                lang, way, pressed[way],
                lambda confirmed, make=make: make(ws, data, scheme, choice.day, reason.strip(), confirmed),
            )  # fmt: skip
        if made:
            _made(choice, made)


def show_drafts(choice: Choice, entries: tuple[ReleaseEntry, ...]) -> None:
    """Let one who may turn a draft into the next release, once its bulletin was recomputed."""
    lang = choice.lang
    drafts = {entry.name: entry for entry in entries if entry.number is None}
    if not drafts or not choice.ws.actor.may("release"):
        return
    with st.popover(say(lang, "release_pages.publish_drafts")):
        name = st.selectbox(
            say(lang, "release_pages.which_draft"), list(drafts), key="draft",
            format_func=lambda name: release_name(lang, drafts[name]),
        )  # fmt: skip
        pressed = st.button(say(lang, "release_pages.publish"), key="publish_draft", type="primary")
        with st.spinner(say(lang, "release_pages.making")):
            made = attempt(
                lang, "publish_draft", pressed,
                lambda confirmed: published.publish_kept(choice.ws, choice.data, drafts[name], confirmed),
            )  # fmt: skip
        if made:
            _made(choice, made)


def _made(choice: Choice, entry: ReleaseEntry) -> None:
    name = release_name(choice.lang, entry)
    if entry.number is None:
        said = phrase("release_pages.made_draft", release=name)
    else:
        said = phrase("release_pages.made_published", release=name, code=code_of(entry))
        # The overview opens on it.
        state.chosen()["release"] = entry.name
        state.forget("date")
    st.session_state.release_said = said
    st.session_state.releases_made = st.session_state.get("releases_made", 0) + 1
    st.rerun()


def show_outcome(lang: Language) -> None:
    """Tell once what was just done."""
    if said := st.session_state.pop("release_said", None):
        st.success(said.text(lang))

"""Making a release: what it would hold, its reason, and what became of it."""

from __future__ import annotations

import streamlit as st

from analytics import access, session
from analytics.drawing import releases
from analytics.drawing.html import card_title
from analytics.errors import UserError
from analytics.releases import Release, publish_draft
from analytics.releases.publishing import entry_of, newest, predecessor, release
from analytics.wording.releases import code_of, release_name
from analytics.words import Language, Phrase, phrase, say
from pages.parts.controls import Choice

MOST_CHARACTERS = 200


def show_making(choice: Choice, role: str, who: str) -> None:
    """The counts that a release would hold now, beside the newest one, and the buttons that ``role`` may press."""
    lang, data, scheme = choice.lang, choice.data, choice.scheme
    now = session.assessed(data, scheme, [choice.day])
    last = newest(session.ledger(data), scheme.id)
    against = say(lang, "release_pages.against_none")
    if last:
        against = say(lang, "release_pages.against", release=release_name(lang, last))
    st.html(card_title(lang, "release_pages.make", "release_pages.make_hint", day=choice.day))
    try:
        st.html(releases.counts(lang, now, session.frozen(data, last).assessment() if last else None, against))
    except UserError as error:
        say_all(lang, error.problems)
        return
    if not (access.may(role, "draft") or access.may(role, "release")):
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        # A new box after each release: the reason of the last one is not the reason of the next.
        fresh = st.session_state.setdefault("releases_made", 0)
        reason = st.text_input(
            say(lang, "release_pages.reason"), key=f"reason_{fresh}", max_chars=MOST_CHARACTERS, width="stretch"
        )
        pressed = {
            way: st.button(say(lang, words), key=way, type=kind)
            for way, action, words, kind in (
                ("save_draft", "draft", "release_pages.save_draft", "secondary"),
                ("publish", "release", "release_pages.publish", "primary"),
            )
            if access.may(role, action)
        }
    if not any(pressed.values()):
        return
    if not reason.strip():
        st.warning(say(lang, "release_pages.reason_needed"))
        return
    with st.spinner(say(lang, "release_pages.making")):
        try:
            made = release(
                session.release_home(data), session.ledger(data), session.material(data, scheme, choice.day),
                author=who, role=role, reason=reason.strip(), publish=pressed.get("publish", False),
            )  # fmt: skip
        except UserError as error:
            say_all(lang, error.problems)
            return
    _made(choice, made)


def show_drafts(choice: Choice, role: str, who: str) -> None:
    """Let one who may turn a draft into the next release, once its bulletin was recomputed."""
    lang, data, ledger = choice.lang, choice.data, session.ledger(choice.data)
    drafts = {entry.name: entry for entry in ledger.releases() if entry.number is None}
    if not drafts or not access.may(role, "release"):
        return
    with st.popover(say(lang, "release_pages.publish_drafts")):
        name = st.selectbox(
            say(lang, "release_pages.which_draft"), list(drafts), key="draft",
            format_func=lambda name: release_name(lang, drafts[name]),
        )  # fmt: skip
        if not st.button(say(lang, "release_pages.publish"), key="publish_draft", type="primary"):
            return
        draft = drafts[name]
        with st.spinner(say(lang, "release_pages.making")):
            try:
                session.told(data, predecessor(ledger, draft), draft)
                made = publish_draft(
                    session.release_home(data), ledger, draft.draft, author=who, role=role, reason=draft.reason
                )
            except UserError as error:
                say_all(lang, error.problems)
                return
        _made(choice, made)


def _made(choice: Choice, made: Release) -> None:
    entry = entry_of(session.ledger(choice.data), made.manifest.name)
    name = release_name(choice.lang, entry)
    if entry.number is None:
        said = phrase("release_pages.made_draft", release=name)
    else:
        said = phrase("release_pages.made_published", release=name, code=code_of(entry))
        # The overview opens on it.
        session.chosen()["release"] = entry.name
        session.chosen().pop("date", None)
    st.session_state.release_said = said
    st.session_state.releases_made = st.session_state.get("releases_made", 0) + 1
    st.rerun()


def show_outcome(lang: Language) -> None:
    """Tell once what was just done."""
    if said := st.session_state.pop("release_said", None):
        st.success(said.text(lang))


def say_all(lang: Language, problems: list[Phrase]) -> None:
    """A sentence for each thing to mend."""
    for problem in problems:
        st.error(problem.text(lang))

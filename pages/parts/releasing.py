"""Making a release: what it would hold, its reason, and what will come of it before it is made."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from analytics.drawing import releases
from analytics.drawing.html import card_title
from analytics.errors import UserError
from analytics.scheme import Scheme
from analytics.store.free_text import require_reason
from analytics.store.ledger_entries import ReleaseEntry
from analytics.wording import publishing as wording
from analytics.wording.releases import release_name
from analytics.words import say
from analytics.workspace import published, runs, two_hands
from pages.parts import state
from pages.parts.confirming import say_all
from pages.parts.controls import Choice
from pages.parts.interruption import show_interruption
from pages.parts.open_forms import Deed, Done, Plan, field_key, open_form
from pages.parts.safe_forms import in_dialog

MOST_CHARACTERS = 200
WAYS = {"save_draft": ("draft", "secondary"), "publish": ("release", "primary")}
"""What can be made of the live run, the action that a role has to be allowed, and how its button looks."""


@dataclass(frozen=True)
class WantedRelease:
    """What was asked for, whatever the page shows by the time it is confirmed."""

    scheme: Scheme
    day: date
    reason: str


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
    by_two = two_hands.is_asked(ws, data)
    if by_two:
        st.caption(say(lang, "two_hands.only_drafts"))
    ways = [way for way, (action, _) in WAYS.items() if ws.actor.may(action) and not (by_two and way == "publish")]
    if not ways:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        reason = st.text_input(
            say(lang, "release_pages.reason"), key=field_key("reason"), max_chars=MOST_CHARACTERS, width="stretch"
        )
        pressed = [way for way in ways if st.button(say(lang, f"release_pages.{way}"), key=way, type=WAYS[way][1])]
    if pressed and not reason.strip():
        st.warning(say(lang, "release_pages.reason_needed"))
    elif pressed:
        open_form(pressed[0], WantedRelease(scheme, choice.day, reason.strip()))
    for way in ways:
        in_dialog(lang, way, say(lang, f"release_pages.{way}"), _making(choice, way))


def _making(choice: Choice, way: str) -> Deed[WantedRelease]:
    ws, lang, data = choice.ws, choice.lang, choice.data
    make = published.publish if way == "publish" else published.keep_draft

    def plan(wanted: WantedRelease) -> Plan:
        require_reason(wanted.reason)
        planned = published.planned(ws, data, wanted.scheme, wanted.day, publish=way == "publish")
        return Plan(wording.release_plan(lang, planned, wanted.reason))

    def do(wanted: WantedRelease, confirmed: Collection[str]) -> Done:
        return _made(make(ws, data, wanted.scheme, wanted.day, wanted.reason, confirmed))

    return Deed(plan, do)


def show_publishing_draft(choice: Choice, drafts: Mapping[str, ReleaseEntry]) -> None:
    """Let one who may turn one of the ``drafts`` into the next release, once its bulletin was recomputed."""
    ws, lang, data, name = choice.ws, choice.lang, choice.data, "publish_draft"
    if not ws.actor.may("release"):
        return
    if drafts:
        st.button(say(lang, "release_pages.publish_drafts"), key=name, on_click=open_form, args=(name,))

    def fill() -> ReleaseEntry | None:
        named, which = {of: release_name(lang, one) for of, one in drafts.items()}, "release_pages.which_draft"
        chosen = st.selectbox(say(lang, which), list(named), key=field_key("draft"), format_func=named.get)
        return drafts[chosen] if st.button(say(lang, "release_pages.next"), key="draft_chosen") else None

    def plan(draft: ReleaseEntry) -> Plan:
        return Plan(wording.release_plan(lang, published.planned_of_draft(ws, data, draft), draft.reason))

    def do(draft: ReleaseEntry, confirmed: Collection[str]) -> Done:
        return _made(published.publish_kept(ws, data, draft, confirmed))

    in_dialog(lang, name, say(lang, "release_pages.publish_drafts"), Deed(plan, do), fill)


def _made(entry: ReleaseEntry) -> Done:
    if entry.number is None:
        return Done(wording.made(entry))
    # The overview opens on it.
    state.chosen()["release"] = entry.name
    state.forget("date")
    link = f"briefing?scheme={entry.scheme_id}&release={entry.name}"
    return Done(wording.made(entry), leads_to={link: "release_pages.to_briefing"})

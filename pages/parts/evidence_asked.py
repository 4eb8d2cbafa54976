"""The controls of the evidence page: which map, over how many weeks, and against which other one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import streamlit as st

from analytics import session
from analytics.evidence.fitting import FEWEST_MOMENTS
from analytics.words import Language, say
from pages.parts import drafts
from pages.parts.controls import Choice
from pages.parts.evidence_maps import DRAFT, IN_USE, RELEASES, SHIPPED, past_releases, versions

WEEKS = ("1", "2", "4")


@dataclass(frozen=True)
class Asked:
    """The map that is held to account by the ``weeks`` after it, another one ``against`` it or none, and what every map
    that there is is called, by id."""

    weeks: int
    map: str
    against: str | None
    names: Mapping[str, str]


def ask(choice: Choice) -> Asked:
    """The row of controls: at first what the link says, from then on what was chosen here."""
    lang, row = choice.lang, st.container(horizontal=True, vertical_alignment="center")
    _begin(lang, "weeks", WEEKS, WEEKS[1])
    weeks = row.segmented_control(
        say(lang, "evidence.weeks"), WEEKS, key="evidence_weeks", required=True, label_visibility="collapsed",
        format_func=lambda n: _weeks_ahead(lang, int(n)),
    )  # fmt: skip
    names = _maps(choice, int(weeks))
    _begin(lang, "map", names, next(iter(names)))
    first = row.selectbox(
        say(lang, "evidence.first"), list(names), format_func=names.get, key="evidence_map", width=300,
        label_visibility="collapsed",
    )  # fmt: skip
    others = [key for key in names if key != first]
    _begin(lang, "against", others, None)
    second = None
    if others:
        second = row.selectbox(
            say(lang, "evidence.second"), others, format_func=names.get, key="evidence_against", width=300,
            label_visibility="collapsed", placeholder=say(lang, "evidence.second_none"), index=None,
        )  # fmt: skip
    else:
        row.caption(say(lang, "evidence.alone"))
    session.keep_chosen(weeks=weeks, map=first, against=second)
    return Asked(int(weeks), first, second, names)


def _begin(lang: Language, name: str, known: Collection[str], usual: str | None) -> None:
    """Let a control begin as the link has it; what is no longer there makes way for the usual."""
    held = f"evidence_{name}"
    if held not in st.session_state:
        st.session_state[held], missing = session.chosen_of(name, known)
        if missing:
            st.info(missing.text(lang))
    if st.session_state[held] not in known:
        st.session_state[held] = usual


def _weeks_ahead(lang: Language, n: int) -> str:
    return say(lang, "evidence.next_week") if n == 1 else say(lang, "evidence.n_weeks", n=n)


def _maps(choice: Choice, weeks: int) -> Mapping[str, str]:
    """What can be held to account, by id: the scheme in use, this browser's draft and its other versions, where they
    are for areas of the same level, and its releases; the releases first where there are enough of them."""
    lang, used = choice.lang, choice.scheme
    found = {IN_USE: say(lang, "evidence.in_use", version=used.version)}
    if drafts.differing(choice):
        found[DRAFT] = say(lang, "evidence.draft")
    others = versions(choice)
    for saved in session.ledger(choice.data).scheme_versions(used.id):
        if str(saved.number) in others:
            found[str(saved.number)] = say(lang, "evidence.saved", version=saved.version, reason=saved.reason)
    if SHIPPED in others:
        found[SHIPPED] = say(lang, "evidence.shipped", version=others[SHIPPED].version)
    if entries := past_releases(choice, weeks):
        released = {RELEASES: say(lang, "evidence.releases", n=len(entries))}
        found = released | found if len(entries) >= FEWEST_MOMENTS else found | released
    return found

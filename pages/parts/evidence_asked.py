"""The controls of the evidence page: which map, over how many weeks, and against which other one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import streamlit as st

from analytics.evidence.fitting import FEWEST_MOMENTS
from analytics.scheme.builtin import BUILTIN
from analytics.words import Language, say
from analytics.workspace import schemes
from analytics.workspace.evidence import DRAFT, IN_USE, RELEASES, MapHistory, past_releases, versions
from pages.parts import drafts, state
from pages.parts.controls import Choice

WEEKS = ("1", "2", "4")


@dataclass(frozen=True)
class EvidenceQuery:
    """The map that is held to account by the ``weeks`` after it, another one ``against`` it or none, and what every map
    that there is is called, by id."""

    weeks: int
    map: str
    against: str | None
    names: Mapping[str, str]

    @property
    def other(self) -> str:
        """What the map is called, where it is neither that of the scheme in use nor that of the releases."""
        return "" if self.map in (IN_USE, RELEASES) else self.names[self.map]


def maps_of(choice: Choice) -> MapHistory:
    """The maps that can be tested here: this browser's draft is one where it is not the scheme in use."""
    return MapHistory(choice.data, choice.scheme, choice.day, drafts.differing(choice))


def ask(choice: Choice) -> EvidenceQuery:
    """The row of controls: at first what the link says, from then on what was chosen here."""
    lang, row = choice.lang, st.container(horizontal=True, vertical_alignment="center")
    key = _begin(choice, "weeks", WEEKS, WEEKS[1])
    weeks = row.segmented_control(
        say(lang, "evidence.weeks"), WEEKS, key=key, required=True, label_visibility="collapsed",
        format_func=lambda n: _weeks_ahead(lang, int(n)),
    )  # fmt: skip
    names = _maps(choice, int(weeks))
    key = _begin(choice, "map", names, next(iter(names)))
    first = row.selectbox(
        say(lang, "evidence.first"), list(names), format_func=names.get, key=key, width=300,
        label_visibility="collapsed",
    )  # fmt: skip
    others = [name for name in names if name != first]
    key = _begin(choice, "against", names, None, first)
    second = None
    if others:
        second = row.selectbox(
            say(lang, "evidence.second"), others, format_func=names.get, key=key, width=300,
            label_visibility="collapsed", placeholder=say(lang, "evidence.second_none"), index=None,
        )  # fmt: skip
    else:
        row.caption(say(lang, "evidence.alone"))
    state.keep_chosen(weeks=weeks, map=first, against=second)
    return EvidenceQuery(int(weeks), first, second, names)


def _begin(choice: Choice, name: str, known: Collection[str], usual: str | None, taken: str = "") -> str:
    """The key of a control, which begins as the link has it; what is no longer there, or ``taken`` by another,
    makes way for the usual. Number 1
    of one scheme's versions is not that of another's: each has a control of its own, and so has each language, for a
    browser goes on showing what was chosen in the words of then."""
    key = f"evidence_{name}_{choice.data.id}_{choice.scheme.id}_{choice.lang}"
    if key not in st.session_state:
        st.session_state[key], missing = state.chosen_of(name, known)
        if missing:
            gone = state.chosen()[name] == DRAFT
            st.info(say(choice.lang, "evidence.draft_gone") if gone else missing.text(choice.lang))
    if st.session_state[key] not in known or st.session_state[key] == taken:
        st.session_state[key] = usual
    return key


def _weeks_ahead(lang: Language, n: int) -> str:
    return say(lang, "evidence.next_week") if n == 1 else say(lang, "evidence.n_weeks", n=n)


def _maps(choice: Choice, weeks: int) -> Mapping[str, str]:
    """What can be held to account, by id: the scheme in use, this browser's draft and its other versions, where they
    are for areas of the same level, and its releases; the releases first where there are enough of them."""
    lang, used = choice.lang, choice.scheme
    found = {IN_USE: say(lang, "evidence.in_use", version=used.version)}
    draft = drafts.differing(choice)
    if draft and schemes.version_of(choice.ws, choice.data, draft) is None:  # what was saved is among the versions
        found[DRAFT] = say(lang, "evidence.draft")
    others = versions(choice.ws, maps_of(choice))
    for saved in schemes.saved_versions(choice.ws, choice.data, used.id):
        if str(saved.number) in others:
            found[str(saved.number)] = say(lang, "evidence.saved", version=saved.version, reason=saved.reason)
    if BUILTIN in others:
        found[BUILTIN] = say(lang, "evidence.shipped", version=others[BUILTIN].version)
    if entries := past_releases(choice.ws, maps_of(choice), weeks):
        released = {RELEASES: say(lang, "evidence.releases", n=len(entries))}
        found = released | found if len(entries) >= FEWEST_MOMENTS else found | released
    return found

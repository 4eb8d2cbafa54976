"""What the evidence page is made of: a map held to account, another against it, and the proposal of weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from analytics.drawing import evidence
from analytics.drawing.html import card_title, links, sentence
from analytics.errors import UserError
from analytics.evidence.backtest import Backtest, BacktestComparison, CaptureStats
from analytics.evidence.fitting import FittedWeights
from analytics.scheme.editing import same_weights, with_weights_of
from analytics.words import say
from analytics.workspace.evidence import BacktestQuery, backtest_maps, fitted_weights
from pages.parts import drafts
from pages.parts.controls import Choice
from pages.parts.evidence_asked import EvidenceQuery, maps_of


@dataclass(frozen=True, eq=False)
class EvidenceView:
    """A map held to account, and the one ``against`` it; ``maps``: what both caught in as many areas, by name.
    ``kind`` of moments: ``weekly``, ``releases``, or ``days``, those of releases, of which the second map is made.
    ``refused``: why the second cannot be held against the first."""

    main: Backtest
    maps: Mapping[str, CaptureStats]
    kind: str
    against: BacktestComparison | None = None
    refused: str = ""


def view_of(choice: Choice, asked: EvidenceQuery) -> EvidenceView:
    """The first map to account, and the second against it where it can be rated at all.

    Raises ``UserError`` where the first cannot be.
    """
    found = backtest_maps(choice.ws, maps_of(choice), BacktestQuery(asked.weeks, asked.map, asked.against))
    maps = {asked.names[asked.map]: found.main.map}
    if found.against and asked.against:
        maps[asked.names[asked.against]] = found.against.as_many
    refused = ""
    if found.refused and asked.against:
        why = found.refused.text(choice.lang)
        refused = say(choice.lang, "evidence.refused", version=asked.names[asked.against], why=why)
    return EvidenceView(found.main, maps, found.kind, found.against, refused)


def fit_card(choice: Choice, weeks: int) -> FittedWeights | None:
    """The button, and the proposal once it was asked for: for this scheme, these weeks and this day."""
    lang, wanted = choice.lang, (choice.data.counts.digest, choice.scheme.digest(), weeks, choice.day)
    st.html(card_title(lang, "evidence.fitted", "evidence.fitted_hint"))
    if st.button(say(lang, "evidence.fit"), key="fit"):
        st.session_state.fitted = wanted
    if st.session_state.get("fitted") != wanted:
        return None
    try:
        with st.spinner(say(lang, "evidence.fitting")):
            found = fitted_weights(choice.ws, maps_of(choice), weeks)
    except UserError as error:
        st.html(sentence(lang, error.text(lang)))
        return None
    st.html(evidence.fit_card(lang, choice.scheme, found))
    _into_draft(choice, found)
    return found


def _into_draft(choice: Choice, found: FittedWeights) -> None:
    """One press puts the fitted weights into this browser's draft, whose other changes stay; then the way to the
    workbench, which shows what they would do."""
    lang, draft = choice.lang, drafts.draft_of(choice).scheme
    if not same_weights(draft, found.scheme):
        take = (choice, with_weights_of(draft, found.scheme))
        st.button(say(lang, "evidence.fit_take"), key="fit_take", type="primary", on_click=drafts.change, args=take)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(say(lang, "evidence.fit_taken"), width="stretch")
        st.html(links(lang, {"weights": "evidence.fit_see"}), width="content")

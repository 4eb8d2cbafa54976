"""What the evidence page is made of: a map held to account, another against it, and the proposal of weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import streamlit as st

from analytics import session
from analytics.drawing import evidence
from analytics.drawing.html import card_title, sentence
from analytics.errors import UserError
from analytics.evidence import backtest
from analytics.evidence.backtest import Backtest, BacktestComparison, CaptureStats
from analytics.evidence.fitting import FittedWeights, fit_to_past, require_moments
from analytics.words import say
from pages.parts.controls import Choice
from pages.parts.evidence_asked import EvidenceQuery
from pages.parts.evidence_maps import DRAFT, IN_USE, RELEASES, moments, past_releases, run, scheme_of, shown


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
    weeks, first, second, names = asked.weeks, asked.map, asked.against, asked.names
    try:
        keys = (first, second) if second else (first,)
        kind = RELEASES if first == RELEASES else "days" if RELEASES in keys else "weekly"
        days = moments(choice, weeks, keys)
        main = _judged(choice, first, days, weeks)
        if not second:
            return EvidenceView(main, {names[first]: main.map}, kind)
        against = _against(choice, first, second, days, weeks, main)
    except UserError as error:
        if not second:
            raise
        why = say(choice.lang, "evidence.refused", version=names[second], why=error.text(choice.lang))
        return replace(view_of(choice, replace(asked, against=None)), refused=why)
    return EvidenceView(main, {names[first]: main.map, names[second]: against.as_many}, kind, against)


def _judged(choice: Choice, key: str, days: pd.DatetimeIndex, weeks: int) -> Backtest:
    """A map at ``days`` against the matters of the scheme in use that followed."""
    facts = session.facts(choice.data, choice.scheme)
    return _keeping(choice, key)(
        ("hindsight", *_seen(choice, key, weeks), choice.scheme.digest(), weeks, tuple(days)),
        lambda: backtest.backtest(facts, choice.scheme, shown(choice, key, days, weeks), weeks),
    )


def _against(
    choice: Choice, first: str, second: str, days: pd.DatetimeIndex, weeks: int, main: Backtest
) -> BacktestComparison:
    """The ``second`` map at the same days, in as many areas as the first flags."""
    facts, both = session.facts(choice.data, choice.scheme), [_seen(choice, key, weeks) for key in (first, second)]
    return _keeping(choice, first, second)(
        ("against", *both, choice.scheme.digest(), weeks, tuple(days)),
        lambda: backtest.compare_backtests(
            facts, choice.scheme, shown(choice, second, days, weeks), weeks, main.flagged
        ),
    )


def _keeping(choice: Choice, *keys: str) -> Callable[..., Any]:
    """Where what was found is kept: of a draft, apart from what all need."""
    return choice.data.keep_trial if DRAFT in keys else choice.data.keep


def _seen(choice: Choice, key: str, weeks: int) -> tuple[str, ...]:
    """What a map hangs on besides its days: the digests of the releases, or that of its scheme."""
    if key == RELEASES:
        return (key, *(one.digest for one in past_releases(choice, weeks)))
    return (scheme_of(choice, key).digest(),)


def fit_card(choice: Choice, weeks: int) -> FittedWeights | None:
    """The button, and the proposal once it was asked for: for this scheme, these weeks and this day."""
    lang, wanted = choice.lang, ("fitted", choice.scheme.digest(), weeks, choice.day)
    st.html(card_title(lang, "evidence.fitted", "evidence.fitted_hint"))
    if st.button(say(lang, "evidence.fit"), key="fit"):
        st.session_state.fitted = (choice.data.fingerprint, wanted)
    if st.session_state.get("fitted") != (choice.data.fingerprint, wanted):
        return None
    try:
        with st.spinner(say(lang, "evidence.fitting")):
            found = choice.data.keep(wanted, lambda: _fit(choice, weeks))
    except UserError as error:
        st.html(sentence(lang, error.text(lang)))
        return None
    st.html(evidence.fit_card(lang, choice.scheme, found))
    return found


def _fit(choice: Choice, weeks: int) -> FittedWeights:
    days = moments(choice, weeks, (IN_USE,))
    require_moments(days)
    return fit_to_past(session.facts(choice.data, choice.scheme), run(choice, IN_USE, days), weeks)

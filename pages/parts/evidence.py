"""What the evidence page is made of: which maps can be held to account, at which moments, and what followed them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from analytics import session
from analytics.drawing import cards, evidence
from analytics.errors import UserError
from analytics.evidence import hindsight
from analytics.evidence.fitting import FEWEST_MOMENTS, Fitted, fit_to_past, require_moments
from analytics.evidence.hindsight import Hindsight, as_then
from analytics.releases import verify
from analytics.scheme import Scheme
from analytics.scheme.reading import scheme_from
from analytics.scheme.shipped import shipped_scheme
from analytics.scoring import Assessment
from analytics.store.ledger import ReleaseEntry
from analytics.store.schemes_in_use import version_numbered
from analytics.words import say
from pages.parts.controls import Choice

RELEASES, IN_USE, SHIPPED = "releases", "use", "shipped"


def maps(choice: Choice, weeks: int) -> Mapping[str, str]:
    """What can be held to account, by id: the scheme in use, its other versions, and its releases; the releases first
    where there are enough of them."""
    lang, used = choice.lang, choice.scheme
    found = {IN_USE: say(lang, "evidence.in_use", version=used.version)}
    for saved in session.ledger(choice.data).scheme_versions(used.id):
        if saved.digest != used.digest():
            found[str(saved.number)] = say(lang, "evidence.saved", version=saved.version, reason=saved.reason)
    if (ships := shipped_scheme(used.id)) and ships.digest() != used.digest():
        found[SHIPPED] = say(lang, "evidence.shipped", version=ships.version)
    if entries := past_releases(choice, weeks):
        released = {RELEASES: say(lang, "evidence.releases", n=len(entries))}
        found = released | found if len(entries) >= FEWEST_MOMENTS else found | released
    return found


def past_releases(choice: Choice, weeks: int) -> list[ReleaseEntry]:
    """Published releases of the scheme whose following ``weeks`` are wholly recorded, the oldest first; the newest of a
    day, and of all."""
    last = hindsight.last_moment(session.facts(choice.data, choice.scheme), weeks, choice.day)
    entries = session.ledger(choice.data).releases(choice.scheme.id)
    published = sorted((one for one in entries if one.number), key=lambda one: one.number)
    by_day = {one.day: one for one in published if last and one.day <= last}
    return [by_day[day] for day in sorted(by_day)][-hindsight.MOST_MOMENTS :]


def moments(choice: Choice, weeks: int, keys: tuple[str, ...]) -> pd.DatetimeIndex:
    """The days of the releases where they are among ``keys``, else the week ends at which all of ``keys`` are full."""
    if RELEASES in keys:
        return pd.DatetimeIndex([one.day for one in past_releases(choice, weeks)])
    schemes = [_scheme(choice, key) for key in keys]
    return hindsight.week_ends(session.facts(choice.data, choice.scheme), schemes, weeks, choice.day)


def judged(choice: Choice, key: str, days: pd.DatetimeIndex, weeks: int) -> Hindsight:
    """A map at ``days`` against the matters of the scheme in use that followed."""

    def make() -> Hindsight:
        facts = session.facts(choice.data, _scheme(choice, key))
        if key == RELEASES:
            home, book = session.release_home(choice.data), session.ledger(choice.data)
            held = [verify(home, book, one.name).assessment() for one in past_releases(choice, weeks)]
            shown = hindsight.shown_by(held, facts.areas.index)
        else:
            shown = hindsight.shown_in(_run(choice, key, days))
        return hindsight.held_to_account(facts, choice.scheme, shown, weeks)

    said = key if key == RELEASES else _scheme(choice, key).digest()
    return choice.data.keep(("hindsight", said, choice.scheme.digest(), weeks, tuple(days)), make)


def fit_card(choice: Choice, weeks: int) -> Fitted | None:
    """The button, and the proposal once it was asked for: for this scheme, these weeks and this day."""
    lang, wanted = choice.lang, ("fitted", choice.scheme.digest(), weeks, choice.day)
    st.html(cards.title(lang, "evidence.fitted", "evidence.fitted_hint"))
    if st.button(say(lang, "evidence.fit"), key="fit"):
        st.session_state.fitted = (choice.data.fingerprint, wanted)
    if st.session_state.get("fitted") != (choice.data.fingerprint, wanted):
        return None
    try:
        with st.spinner(say(lang, "evidence.fitting")):
            found = choice.data.keep(wanted, lambda: _fit(choice, weeks))
    except UserError as error:
        st.info(error.text(lang))
        return None
    st.html(evidence.fit_card(lang, choice.scheme, found))
    return found


def _fit(choice: Choice, weeks: int) -> Fitted:
    days = moments(choice, weeks, (IN_USE,))
    require_moments(days)
    run = _run(choice, IN_USE, days)
    return fit_to_past(session.facts(choice.data, choice.scheme), run, weeks)


def _run(choice: Choice, key: str, days: pd.DatetimeIndex) -> Assessment:
    scheme = _scheme(choice, key)
    return as_then(session.facts(choice.data, scheme), scheme, days)


def _scheme(choice: Choice, key: str) -> Scheme:
    if key in (IN_USE, RELEASES):
        return choice.scheme
    if key == SHIPPED:
        return shipped_scheme(choice.scheme.id)
    text = version_numbered(session.ledger(choice.data), int(key)).yaml_text
    return scheme_from(text.encode(), f"{choice.scheme.id}.yaml")

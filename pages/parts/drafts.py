"""The draft of whoever sits at this browser: kept at every change, so that nothing is lost when the browser closes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import streamlit as st

from analytics import session
from analytics.errors import UserError
from analytics.scheme import Scheme
from analytics.scheme.reading import scheme_from
from analytics.store.drafts import Draft, Drafts
from pages.parts.controls import Choice

SEAT = "five_colour_seat"
"""The cookie that lets a browser find its drafts again: a random name that says nothing of anybody."""

_SEAT = re.compile(r"[0-9a-f]{32}")


def seat() -> str:
    """This browser's own random name; a new one where it has none yet."""
    if "seat" not in st.session_state:
        held = _SEAT.fullmatch(_cookie())
        st.session_state.seat = held.group() if held else secrets.token_hex(16)
    return st.session_state.seat


def remember_seat() -> None:
    """Let the browser keep its seat, so that the drafts are found again after it was closed."""
    if _cookie() != seat():
        set_cookie = f"document.cookie = '{SEAT}={seat()}; path=/; max-age=31536000; SameSite=Strict'"
        st.container(key="unseen_seat").html(f"<script>{set_cookie}</script>", unsafe_allow_javascript=True)


def _cookie() -> str:
    return str(st.context.cookies.get(SEAT, ""))


@dataclass(frozen=True)
class Work:
    """The draft at hand: a ``scheme``, the ``file_text`` that it is written back into when it is saved, and the rest as
    in :class:`Draft`; ``judgements`` by level, a list of what each judge says: "row/column" → a step as text."""

    scheme: Scheme
    file_text: str
    begun_from: str
    locked: frozenset[str] = frozenset()
    judgements: Mapping[str, list[dict[str, str]]] = field(default_factory=dict)


def draft_of(choice: Choice) -> Work:
    """The draft of this browser for the chosen scheme; the scheme in use where nothing was changed yet."""
    held = st.session_state.setdefault("drafts", {})
    key = (choice.data.id, choice.scheme.id)
    if key not in held:
        try:
            kept = _drafts(choice).of(seat(), choice.scheme.id)
            held[key] = _work(kept) if kept else fresh(choice)
        except UserError as error:
            st.session_state.draft_trouble = error
            held[key] = fresh(choice)
    return held[key]


def fresh(choice: Choice) -> Work:
    """A draft in which nothing is changed."""
    return Work(choice.scheme, session.scheme_text(choice.data, choice.scheme.id), choice.scheme.digest())


def keep(choice: Choice, work: Work) -> None:
    """From now on this is the draft, here and on disk."""
    st.session_state.drafts[choice.data.id, choice.scheme.id] = work
    # JSON is YAML too, and written at once: the file itself is only written into when the draft is saved.
    text = work.scheme.model_dump_json(by_alias=True)
    draft = Draft(
        yaml_text=text, file_text=work.file_text, begun_from=work.begun_from, locked=sorted(work.locked),
        judgements=dict(work.judgements),
    )  # fmt: skip
    _drafts(choice).keep(seat(), choice.scheme.id, draft)


def change(choice: Choice, scheme: Scheme) -> None:
    """Put another scheme into the draft."""
    keep(choice, replace(draft_of(choice), scheme=scheme))


def forget(choice: Choice) -> None:
    """Back to the scheme in use."""
    st.session_state.drafts.pop((choice.data.id, choice.scheme.id), None)
    _drafts(choice).forget(seat(), choice.scheme.id)


def show(key: str, value: object) -> None:
    """Let a widget show ``value``, unless it does: what is set is sent back, past a hand that meanwhile moves on."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _work(draft: Draft) -> Work:
    scheme = scheme_from(draft.yaml_text.encode(), "draft.yaml")
    return Work(scheme, draft.file_text, draft.begun_from, frozenset(draft.locked), draft.judgements or {})


def _drafts(choice: Choice) -> Drafts:
    return Drafts(session.release_home(choice.data))

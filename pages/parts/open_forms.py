"""Which form is open in a session, and what was done by the last one; see `safe_forms`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast

import streamlit as st

from analytics.drawing.html import links
from analytics.words import Language, Phrase

Wanted = TypeVar("Wanted")


@dataclass(frozen=True)
class Plan:
    """What a press would do, computed from what would really come of it: ``said``, a sentence each; ``beware``, what is
    asked about once more before it is done, empty where nothing is."""

    said: tuple[str, ...]
    beware: tuple[str, ...] = ()


@dataclass(frozen=True)
class Done:
    """What was done, in a sentence; ``leads_to``: links to where one may go from there (as in `pressing`), each with
    the key of its words; ``notes``: what else has to be known."""

    said: Phrase
    notes: tuple[Phrase, ...] = ()
    leads_to: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Deed(Generic[Wanted]):
    """Something that can be done: ``plan`` says what would come of what is wanted, and raises ``UserError`` where it is
    refused; ``do`` does it, given what else was confirmed (codes of ``UnconfirmedError``), and says that it was."""

    plan: Callable[[Wanted], Plan]
    do: Callable[[Wanted, Collection[str]], Done]


@dataclass
class OpenForm(Generic[Wanted]):
    """A form in one session: the ``plan`` as it was last shown, the ``questions`` that are asked beside it by now, the
    codes that stand for them, and the ``problems`` that kept the deed from being done."""

    name: str
    number: int
    wanted: Wanted | None
    plan: Plan | None = None
    questions: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    step: int = 0
    spent: bool = False


@dataclass
class Forms:
    """All of a session: the ``page`` that is shown, what is open there, how many were opened and how many used, and
    what the last one said on which page."""

    page: str = ""
    open: OpenForm | None = None
    opened: int = 0
    used: int = 0
    outcome: tuple[str, Done] | None = None


def forms_of_session() -> Forms:
    """Those of whoever looks; one object, so that what is taken down in it stands even where the run is cut short."""
    return cast("Forms", st.session_state.setdefault("forms", Forms()))


def page_entered(page: str) -> None:
    """That a page is shown: on another one than before, nothing stays open."""
    forms = forms_of_session()
    if forms.page != page:
        forms.page, forms.open = page, None


def open_form(name: str, wanted: object = None) -> None:
    """Open a form: an empty one, or one that is filled in already with what is ``wanted``. What the last one said is
    said no longer."""
    forms = forms_of_session()
    forms.opened += 1
    forms.outcome, forms.open = None, OpenForm(name, forms.opened, wanted)


def close_form() -> None:
    """Close what is open; nothing is done."""
    forms_of_session().open = None


def forget_outcome() -> None:
    """Something else is done by now."""
    forms_of_session().outcome = None


def field_key(name: str) -> str:
    """The key of a field that is empty again once a form was used."""
    return f"{name}_{forms_of_session().used}"


def show_outcome(lang: Language) -> None:
    """What was done last on this page, until something else is begun."""
    forms = forms_of_session()
    if forms.outcome is None or forms.outcome[0] != forms.page:
        return
    done = forms.outcome[1]
    with st.container(key="outcome", horizontal=True, vertical_alignment="center"):
        st.success(done.said.text(lang), width="stretch")
        if done.leads_to:
            st.html(links(lang, done.leads_to), width="content")
    for note in done.notes:
        st.warning(note.text(lang))

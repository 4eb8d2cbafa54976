"""Forms that are safe to press: what will happen is said in words and confirmed, then the form closes, says what
happened, and is empty.

What was filled in is taken down whole when the form is sent, and what is confirmed is that, whatever the fields say by
then. An opened form can be used once: it is spent before the deed begins, so that a second press, a rerun or an
interrupted run finds nothing to do. What will happen is computed again at the press; where it is no longer what was
read (another tab was quicker), it is shown anew and asked about anew. A button that goes on stands where no button
stood before, and the one after a warning waits for a tick, so that a double press never reaches the next step. A dialog
is left by its own button alone: one that grows smaller would else be left by the second press, the deed not yet done.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

import streamlit as st

from analytics.drawing.html import plan_lines
from analytics.errors import UnconfirmedError, UserError
from analytics.words import Language, say
from pages.parts.confirming import told_unless_done
from pages.parts.open_forms import Deed, Forms, OpenForm, Wanted, close_form, forms_of_session
from pages.parts.undisturbed import undisturbed


def in_dialog(
    lang: Language, name: str, title: str, deed: Deed[Wanted], fill: Callable[[], Wanted | None] | None = None
) -> None:
    """Draw the form ``name`` over the page while it is open; ``fill`` draws its fields, and returns what is wanted once
    they are sent."""
    form = forms_of_session().open
    if form and form.name == name:
        st.dialog(title, width="medium", dismissible=False)(_over_the_page)(lang, name, deed, fill)


def _over_the_page(
    lang: Language, name: str, deed: Deed[Wanted], fill: Callable[[], Wanted | None] | None = None
) -> None:
    if forms_of_session().open is None:  # cancelled, or done in a run that was cut short
        st.rerun()
    in_place(lang, name, deed, fill)


def in_place(lang: Language, name: str, deed: Deed[Wanted], fill: Callable[[], Wanted | None] | None = None) -> None:
    """The same in the page itself, or in a dialog that is open already."""
    forms = forms_of_session()
    form: OpenForm[Wanted] | None = forms.open
    if form is None or form.name != name:
        return
    if form.spent:  # it was done, or broke off, in a run that was cut short
        forms.open = None
        st.rerun()
    place = st.empty()
    with place.container():
        fills = fill if form.wanted is None else None
        wanted = fills() if fills else cast("Wanted", form.wanted)
        plan = None if fills and wanted is None else told_unless_done(lang, partial(deed.plan, cast("Wanted", wanted)))
        if plan is None:  # what is refused is said below the fields, where what was filled in stays
            key = f"cancel_{name}_{form.number}" if fills else f"close_{name}"
            st.button(say(lang, "page.cancel" if fills else "page.close"), key=key, on_click=close_form)
            return
    form.wanted = wanted
    stale = form.plan not in (None, plan)
    if stale:  # what was pressed was another plan
        form.step, form.questions, form.codes = form.step + 1, (), ()
    form.plan, pressed = plan, True
    while pressed:
        with place.container():
            if stale:
                st.warning(say(lang, "page.changed_meanwhile"))
            st.html(plan_lines(lang, plan.said))
            pressed = _pressed(lang, form)
            if pressed:
                _go_on(lang, forms, form, deed)


def _pressed(lang: Language, form: OpenForm) -> bool:
    """What went wrong, the questions of by now, and the buttons below them; whether the form goes on."""
    key, sure = f"{form.name}_{form.number}_{form.step}", True
    for problem in form.problems:
        st.error(problem)
    for question in form.questions:
        st.warning(question)
    if form.questions:
        sure = st.checkbox(say(lang, "page.read_and_sure"), key=f"sure_{key}")
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(say(lang, "page.cancel"), key=f"cancel_{key}", on_click=close_form)
        words = say(lang, "page.confirm_still" if form.questions else "page.confirm")
        return st.button(words, key=f"confirm_{key}", type="primary", disabled=not sure) and sure


def _go_on(lang: Language, forms: Forms, form: OpenForm[Wanted], deed: Deed[Wanted]) -> None:
    """The next question, or the deed: the form is spent before it begins."""
    if form.plan and form.plan.beware and not form.questions:
        form.step, form.questions = form.step + 1, form.plan.beware
        return
    with st.spinner(say(lang, "page.being_done")):
        form.spent = True
        try:
            said = undisturbed(partial(deed.do, cast("Wanted", form.wanted), form.codes))
        except UnconfirmedError as error:
            form.spent, form.step, form.codes = False, form.step + 1, (*form.codes, error.code)
            form.questions = tuple(problem.text(lang) for problem in error.problems)
            return
        except UserError as error:
            form.spent, form.step, form.problems = (
                False,
                form.step + 1,
                tuple(problem.text(lang) for problem in error.problems),
            )
            return
        forms.outcome, forms.open = (forms.page, said), None
        forms.used += 1
    st.rerun()

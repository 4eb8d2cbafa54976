"""The card on reinforcement: what the plan of community teams leaves uncovered, and a proposal when it is asked for,
for all or from one area; what comes of it can be entered as an assignment."""

from __future__ import annotations

import streamlit as st

from analytics.drawing import deployment as drawing
from analytics.drawing.html import card_title
from analytics.errors import UserError
from analytics.exhibits import deployment as making
from analytics.exhibits.exhibit import PendingExhibit
from analytics.response.deployment import Deployment, offered
from analytics.wording.areas import brief_names
from analytics.wording.deployment import stage_text, team_with_hours
from analytics.words import say
from analytics.workspace.deployment import TeamPlan, reinforced, team_plan
from analytics.workspace.response import ResponseView
from analytics.workspace.tasks import NewAssignment
from pages.parts.confirming import say_all
from pages.parts.controls import Choice
from pages.parts.open_forms import open_form
from pages.parts.provenance_lines import caption_of
from pages.parts.tasks import USUAL_DAYS

WORKED_OUT = "deployment_worked_out"
"""In the session: of which plan a proposal was asked for, and the areas that are fixed with a team."""


def show_deployment(choice: Choice, view: ResponseView, asked: str | None) -> list[PendingExhibit]:
    """The card of the week of a ``view``, and its tables for the menu of the page. A proposal is worked out when it is
    asked for, from an area (``asked``) or for all, and once more with areas fixed; it changes nothing by itself."""
    lang = choice.lang
    with st.container(key="deployment_card"):
        st.html(card_title(lang, "deployment.title", "deployment.hint"))
        try:
            planned = team_plan(choice.ws, choice.data, view, choice.release)
        except UserError as error:  # nobody has teams, which is no fault of the page
            for problem in error.problems:
                st.info(problem.text(lang))
            return []
        st.html(drawing.plan_lines(lang, planned.plan, planned.names, view.holidays))
        caption = caption_of(choice)
        exhibits = [making.communities(lang, caption, planned.teams, planned.names)]
        found = None if planned.plan.short.empty and not asked else _proposal(choice, planned, asked)
    shown = planned.plan if found is None else found
    return [*exhibits, making.deployment(lang, caption, shown, brief_names(view.run), planned.names)]


def _proposal(choice: Choice, planned: TeamPlan, asked: str | None) -> Deployment | None:
    """The button, and what was found once it was pressed, or an area asked."""
    lang = choice.lang
    wanted = (choice.data.counts.digest, choice.scheme.digest(), choice.day, choice.release and choice.release.name)
    of, locks = st.session_state.get(WORKED_OUT, (None, {}))
    if of != wanted:
        locks, place = {}, st.empty()
        if not asked and not place.button(say(lang, "deployment.solve"), key="deployment_solve"):
            return None
        place.empty()
        st.session_state[WORKED_OUT] = (wanted, locks)
    answer = st.empty()
    locks = _fixed(choice, planned, locks, asked)
    st.session_state[WORKED_OUT] = (wanted, locks)
    with answer.status(say(lang, "deployment.solving"), expanded=True) as status:
        try:
            found = reinforced(
                choice.ws, choice.data, planned, locks, lambda stage: status.write(stage_text(lang, stage))
            )
        except UserError as error:
            say_all(lang, error.problems)
            return None
        status.update(label=say(lang, "deployment.solved"), state="complete", expanded=False)
    answer.html(drawing.proposal(lang, planned.plan, found, brief_names(planned.view.run), planned.names))
    return found


def _fixed(choice: Choice, planned: TeamPlan, locks: dict[str, str], asked: str | None) -> dict[str, str]:
    """Areas that are fixed with a team: another one by hand, or none any more. The area that was ``asked`` for stands
    there already, with the team that could take it over; either may be entered as an assignment."""
    lang, plan, names = choice.lang, planned.plan, brief_names(planned.view.run)
    areas = plan.areas.index[(plan.areas["hours"] > 0) | (plan.areas.index == asked)].tolist()
    over = offered(plan, planned.distance, asked or areas[0])
    teams = over.index.tolist() if asked else plan.teams.index[plan.teams["hours"] > 0].tolist()
    with_hours = {one: team_with_hours(lang, planned.names[one], over[one]) for one in teams}
    # What stands there first is another thing for another area: a widget of its own.
    of = f"{lang}_{asked}" if asked else lang
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = areas.index(asked) if asked else 0
        area = st.selectbox(
            say(lang, "deployment.fix"), areas, first, format_func=names.get, key=f"deployment_area_{of}"
        )
        team = st.selectbox(
            say(lang, "deployment.fix_with"), teams, format_func=with_hours.get, key=f"deployment_team_{of}"
        )
        if st.button(say(lang, "deployment.fix_add"), key="deployment_fix"):
            locks = {**locks, area: team}
        if locks and st.button(say(lang, "deployment.fix_clear"), key="deployment_clear"):
            locks = {}
        if choice.ws.actor.may("assign"):
            content, post = say(lang, "deployment.assignment"), planned.names[team]
            wanted = NewAssignment(content, post, USUAL_DAYS, area, "area")
            words, hint = say(lang, "deployment.assign"), say(lang, "deployment.assign_hint")
            st.button(words, key="deployment_assign", help=hint, on_click=open_form, args=("assign", wanted))
    if locks:
        st.caption(say(lang, "deployment.fix_hint", n=len(locks)))
    return locks

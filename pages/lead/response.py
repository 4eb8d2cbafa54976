"""处置: what each colour asks for, whether it was done, and who answers for it."""

from dataclasses import replace

import streamlit as st

from analytics.drawing import response as drawing
from analytics.drawing.closing import closing_card
from analytics.drawing.due_list import due_list_card
from analytics.exhibits import response as making
from analytics.exhibits.closing import closing as closing_exhibits
from analytics.exhibits.due_list import due_list as due_exhibits
from analytics.wording import response as wording
from analytics.wording import response_cells
from analytics.wording.due_list import Told as DueTold
from analytics.words import say
from analytics.workspace import closing, due_list, response
from pages.parts import in_view, state
from pages.parts.area_map import show_response
from pages.parts.controls import control_row, footer
from pages.parts.deployment import show_deployment
from pages.parts.export_menu import save_menu
from pages.parts.open_forms import show_outcome
from pages.parts.provenance_lines import caption_of
from pages.parts.reinforcement import offer_reinforcement
from pages.parts.sweep import show_sweep, sweep_exhibits
from pages.parts.tasks import show_tasks, task_exhibits

MAP_HEIGHT = 400

choice = control_row(releases=True)
week, no_week = in_view.week_in(choice.ws, choice.data, choice.release)
of_release = choice.day
choice = replace(choice, day=week or choice.day)
ws, lang, data, day = choice.ws, choice.lang, choice.data, choice.day
shown = response.response(ws, data, choice.scheme, choice.release, day)
told = shown.told
selected, not_there = state.chosen_of("area", shown.run.areas.index)
duty, no_duty = state.chosen_of("duty", [one.duty.id for one in shown.duties])
cells, no_cells = in_view.cells_for()
period, by, no_closing = in_view.closing_for()
for note in filter(None, (not_there, no_duty, no_cells, no_closing, no_week)):
    st.info(note.text(lang))

if week:
    words = say(lang, "response.of_week", week=week, day=of_release)
    st.html(drawing.note(lang, words, say(lang, "response.of_week_back"), "?week="))
show_outcome(lang)
st.html(drawing.headline(lang, told, wording.title(lang, day, live=choice.release is None)))
with st.container(key="response_columns"):
    left, middle, right = st.columns([1.02, 1.36, 1.02], gap="small")
    if shown.duties:
        with left:
            st.html(drawing.by_tier(lang, told, told.of(duty), cells))
    with left:
        st.html(drawing.teams(lang, shown.teams, shown.communities, shown.load, shown.holidays))
    with middle, st.container(key="map_card"):
        outlined = response_cells.in_cells(told, cells)
        st.html(drawing.map_head(lang, int(outlined.sum())))
        show_response(choice, shown, outlined, selected, MAP_HEIGHT)
        asked = offer_reinforcement(choice, shown, selected)
        st.html(drawing.legend(lang, told, cells))
    if shown.duties:
        with middle:
            st.html(drawing.areas(lang, told, cells, selected, teams=shown.teams is not None))
    with right, st.container(key="closing_card"):
        closed = closing.closing_view(ws, data, choice.scheme, day, period, by)
        st.html(closing_card(lang, closed.found, closed.names, period))
    with right, st.container(key="sweep_card"):
        show_sweep(choice, told.tier.to_dict())
deployed = show_deployment(choice, shown, asked)
listed = due_list.due_list_view(ws, data, choice.scheme, choice.release, day)
due = DueTold(listed.run, listed.found, listed.hazards) if listed.found else None
with st.container(key="due_list_card"):
    st.html(due_list_card(lang, due))
show_tasks(choice)

caption = caption_of(choice)
exhibits = [
    making.map_of(lang, caption, told, shown.context),
    *(making.tiers_of(lang, caption, told, one) for one in told.duties),
    *(making.by_team_of(lang, caption, told, one) for one in told.duties if shown.tied is not None),
    making.areas(lang, caption, told),
    *([making.teams(lang, caption, shown.teams, shown.communities)] if shown.teams is not None else []),
    *(closing_exhibits(lang, caption, closed.found, closed.names) if closed.found else []),
    *(due_exhibits(lang, caption, due) if due else []),
    *sweep_exhibits(choice),
    *deployed,
    *task_exhibits(choice),
]
save_menu(choice, day, exhibits)
if shown.later:
    st.caption(say(lang, "response.later"))
st.caption(say(lang, "response.new_forms"))
footer(choice)
state.remember_in_link(
    lang=lang,
    data=data.id,
    scheme=choice.scheme.id,
    release=choice.release.name if choice.release else state.WORKING,
    date=None if choice.release else day.isoformat(),
    week=week and week.isoformat(),
    area=selected,
    duty=duty,
    cells=state.chosen().get("cells") if no_cells is None else None,
    closing=state.chosen().get("closing") and f"{period}-{by}",
)

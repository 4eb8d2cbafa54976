"""设置: what the office says of itself and prints, and which scheme opens first."""

import pandas as pd
import streamlit as st

from analytics import office
from analytics.access import ACTIONS, ALLOWED, ROLES, roles_that_may
from analytics.drawing.html import card_title
from analytics.store.accounts import ACCOUNTS_FILE
from analytics.words import say
from pages.parts import in_view, state
from pages.parts.controls import control_row, footer
from pages.parts.settings_form import show_form

choice = control_row(dates=False)
lang, data = choice.lang, choice.data

with st.container(key="settings_card"):
    st.html(card_title(lang, "settings.settings", "settings.about"))
    st.caption(say(lang, "settings.of_data", data=in_view.dataset_names(choice.ws, lang)[data.id]))
    if not choice.ws.actor.may("configure"):
        may = [say(lang, f"access.role_{role}") for role in roles_that_may("configure")]
        st.caption(say(lang, "settings.may_not", roles=may))
    show_form(choice)

with st.container(key="calendar_card"):
    st.html(card_title(lang, "settings.calendar", "settings.calendar_hint"))
    zone = office.time_zone() or say(lang, "settings.zone_of_machine")
    st.caption(say(lang, "settings.time_zone", zone=zone, setting=office.ZONE_SETTING))
    first_day = say(lang, f"settings.day_{office.week_begins()}")
    st.caption(say(lang, "settings.week_begins", day=first_day, setting=office.WEEK_SETTING))

if choice.ws.actor.may("configure"):
    with st.container(key="roles_card"):
        st.html(card_title(lang, "access.role_table"))
        table = {
            say(lang, f"access.role_{role}"): ["●" if action in ALLOWED[role] else "" for action in ACTIONS]
            for role in ROLES
        }
        st.table(pd.DataFrame(table, index=[say(lang, f"access.action_{action}") for action in ACTIONS]))
        st.caption(say(lang, "access.role_table_hint", file=ACCOUNTS_FILE))

footer(choice)
state.remember_in_link(lang=lang, data=data.id, scheme=choice.scheme.id)

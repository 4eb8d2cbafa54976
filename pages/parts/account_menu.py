"""Who has signed in, which areas that account may see, and the way out."""

from __future__ import annotations

import streamlit as st

from analytics.access import Actor
from analytics.wording.areas import names_of_areas
from analytics.words import Language, say
from analytics.workspace.datasets import Dataset
from pages.parts import sign_in
from pages.parts.sign_in_card import sign_out


def account_menu(lang: Language) -> None:
    """Who has signed in, and the way out; nothing where nobody does."""
    if (found := sign_in.actor()) is None:
        return
    with st.popover(say(lang, f"access.role_{found.role}"), key="account"):
        st.caption(say(lang, "access.signed_in_as", account=found.name))
        every = found.areas is None
        st.caption(
            say(lang, "access.all_areas") if every else say(lang, "access.own_areas", areas=sorted(found.areas or ()))
        )
        if sign_in.has_provider() and st.user.get("sub"):
            st.button(say(lang, "access.sign_out"), key="sign_out", on_click=sign_out)


def own_areas_line(lang: Language, actor: Actor, data: Dataset) -> str:
    """Which areas alone are shown, where the account sees no others: what is counted is counted of them."""
    if not actor.areas:
        return ""
    areas = data.counts.areas
    names = names_of_areas(lang, areas[areas.index.isin(actor.areas)])
    return say(lang, "access.only_these", areas=[names.get(one, one) for one in sorted(actor.areas)])

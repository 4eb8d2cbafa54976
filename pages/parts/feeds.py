"""How the feeds report, what is missing, the sheets to remind with, and the agreements, which can be edited here."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analytics.drawing.feeds import feed_table
from analytics.drawing.html import card_title
from analytics.errors import UserError
from analytics.file_kinds import MEDIA_TYPES
from analytics.wording.silence import agreement_rows
from analytics.words import say
from analytics.workspace import feeds
from analytics.workspace.datasets import OWN
from pages.parts.controls import Choice


def show_feeds(choice: Choice, may_load: bool) -> None:
    """The feeds of the data in use; of the office's own also what is missing, and the agreements."""
    lang, states = choice.lang, feeds.states(choice.ws, choice.data)
    if not states:
        return
    with st.container(key="data_feeds"):
        st.html(card_title(lang, "feeds.title", "feeds.hint"))
        if choice.data.id == OWN:
            _missing(choice)
        st.html(feed_table(lang, states))
        if choice.data.id == OWN and may_load:
            _agreements(choice, agreement_rows(lang, states))


def _missing(choice: Choice) -> None:
    found = feeds.missing(choice.ws)
    if not found:
        st.success(say(choice.lang, "feeds.nothing_missing"))
        return
    for line in feeds.missing_lines(choice.ws, choice.lang):
        st.warning(line)
    with st.container(horizontal=True):
        for sheet in feeds.reminders(choice.ws, choice.lang, found):
            label = say(choice.lang, "feeds.reminder", unit=sheet.unit or say(choice.lang, "reminder.no_unit"))
            st.download_button(label, sheet.content, sheet.name, MEDIA_TYPES["pdf"], key=f"reminder_{sheet.name}")


def _agreements(choice: Choice, rows: list[dict[str, object]]) -> None:
    """The agreements as a table to edit; saved, they take the place of those before."""
    lang = choice.lang
    with st.expander(say(lang, "feeds.agreements")):
        st.caption(say(lang, "feeds.agreements_hint"))
        edited = st.data_editor(
            pd.DataFrame(rows, columns=list(feeds.AGREEMENT_COLUMNS)),
            key=f"agreements_{lang}",
            num_rows="dynamic",
            hide_index=True,
            width="stretch",
            column_config={
                "table": st.column_config.SelectboxColumn(
                    say(lang, "templates.header_agreements_table"),
                    options=[say(lang, f"templates.word_table_{name}") for name in feeds.FED],
                ),
                "feed": say(lang, "templates.header_agreements_feed"),
                "unit": say(lang, "templates.header_agreements_unit"),
                "every": st.column_config.SelectboxColumn(
                    say(lang, "templates.header_agreements_every"),
                    options=[say(lang, f"templates.word_every_{name}") for name in feeds.RHYTHMS],
                ),
                "by_hour": say(lang, "templates.header_agreements_by_hour"),
                "zero_report": st.column_config.CheckboxColumn(say(lang, "templates.header_agreements_zero_report")),
                "post": say(lang, "templates.header_agreements_post"),
                "since": st.column_config.DateColumn(say(lang, "templates.header_agreements_since")),
            },
        )
        if st.button(say(lang, "feeds.save"), key="save_agreements"):
            try:
                feeds.save_agreements(choice.ws, edited, lang)
            except UserError as error:
                st.error(error.text(lang))
                return
            st.rerun()

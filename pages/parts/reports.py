"""What was read, repaired and refused of files, on the page and as a workbook."""

from collections.abc import Sequence

import streamlit as st

from analytics.drawing import loads
from analytics.drawing.report_book import report_workbook
from analytics.file_kinds import MEDIA_TYPES
from analytics.loaders import LoadReport
from analytics.wording.loads import numbered, stored
from analytics.words import Language, say
from pages.parts import in_view
from pages.parts.controls import Choice

ROWS_SHOWN = 200


def show_outcome(choice: Choice) -> None:
    """What became of the files that were just loaded; else what the data in use were made of."""
    lang = choice.lang
    told = st.session_state.get("told", ())
    if told:
        st.success(stored(lang, told))
    for added in (added for _, added in told if added.notes):
        # One box a load, a paragraph a note.
        st.warning("\n\n".join(note.text(lang) for note in added.notes))
    reports = [report for report, _ in told] or choice.data.reports
    if reports:
        with st.container(key="data_report"):
            whose = numbered(lang, told) if told else in_view.dataset_names(choice.ws, lang)[choice.data.id]
            show_reports(lang, reports, whose)


def show_reports(lang: Language, reports: Sequence[LoadReport], whose: str, *, opened: bool = False) -> None:
    """The account of every file, the rows to mend, and the same as a workbook; ``opened``: the rows are asked for."""
    st.html(loads.report_title(lang, whose))
    st.html(loads.reports(lang, reports))
    table, every = loads.row_notes(lang, reports, ROWS_SHOWN)
    if not every:
        st.caption(say(lang, "data.none_refused"))
        return
    with st.expander(say(lang, "data.rows_to_mend", n=every), expanded=opened):
        st.html(table)
        if every > ROWS_SHOWN:
            st.caption(say(lang, "data.rows_shown", n=ROWS_SHOWN))
    st.download_button(
        say(lang, "data.download_report"),
        lambda: report_workbook(lang, reports),
        say(lang, "data.report_file"),
        MEDIA_TYPES["xlsx"],
        key=f"download_report_{opened}",
    )

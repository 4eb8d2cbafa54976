"""What was read, repaired and refused of files, on the page and as a workbook."""

from collections.abc import Sequence

import streamlit as st

from analytics.drawing import cards, loads
from analytics.drawing.report_book import report_workbook
from analytics.loaders import LoadReport
from analytics.words import Language, say

ROWS_SHOWN = 1000
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_reports(lang: Language, reports: Sequence[LoadReport]) -> None:
    """The account of every file, the rows to mend, and the same as a workbook."""
    st.html(cards.title(lang, "data.report", "data.report_hint"))
    st.html(loads.reports(lang, reports))
    table, every = loads.row_notes(lang, reports, ROWS_SHOWN)
    if not every:
        st.caption(say(lang, "data.none_refused"))
        return
    with st.expander(say(lang, "data.rows_to_mend", n=every)):
        st.dataframe(table, hide_index=True)
        if every > ROWS_SHOWN:
            st.caption(say(lang, "data.rows_shown", n=ROWS_SHOWN))
    st.download_button(
        say(lang, "data.download_report"), lambda: report_workbook(lang, reports), say(lang, "data.report_file"), EXCEL
    )

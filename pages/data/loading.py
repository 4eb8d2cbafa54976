"""数据: which data are in use, what was read and refused, and how to load one's own."""

import streamlit as st

from analytics import session
from analytics.drawing import cards
from analytics.errors import UserError
from analytics.loaders import TABLES
from analytics.words import say
from pages.parts.controls import control_row, footer

choice = control_row()
lang, data = choice.lang, choice.data

with st.container(key="data_choice"):
    known = session.datasets()
    st.session_state.data = data.id
    st.radio(
        say(lang, "data.choose"), list(known), key="data", horizontal=True,
        format_func=lambda name: cards.dataset_name(lang, known[name]),
        on_change=session.choose, args=("data", "data"),
    )  # fmt: skip
    with st.expander(say(lang, "data.load_own")), st.form("own_files", border=False):
        st.caption(say(lang, "data.load_hint"))
        with st.grid(3):
            given = {
                table: st.file_uploader(
                    say(lang, f"tables.{table}"), type=["csv", "txt", "geojson", "json"], key=f"file_{table}"
                )
                for table in TABLES
            }
        pressed = st.form_submit_button(say(lang, "data.load"), type="primary")
    if pressed and given["areas"] is None:
        st.warning(say(lang, "data.need_areas"))
    elif pressed:
        files = {table: (upload.name, upload.getvalue()) for table, upload in given.items() if upload is not None}
        try:
            with st.spinner(say(lang, "data.loading")):
                session.use_own(files)
            st.session_state.just_loaded = len(files)
            st.rerun()
        except UserError as error:
            for problem in error.problems:
                st.error(problem.text(lang))

with st.container(key="data_report"):
    if loaded := st.session_state.pop("just_loaded", None):
        st.success(say(lang, "data.loaded", n=loaded))
    st.html(cards.reports(lang, data.reports))
    refused = cards.refused_rows(lang, data.reports)
    if refused.empty:
        st.caption(say(lang, "data.none_refused"))
    else:
        with st.expander(say(lang, "data.refused_rows", n=len(refused))):
            st.dataframe(refused, hide_index=True)
            st.download_button(
                say(lang, "data.download_refused"), refused.to_csv(index=False).encode("utf-8-sig"), "refused.csv"
            )

footer(choice)
session.remember_in_link(lang=lang, data=data.id, scheme=choice.scheme.id, date=choice.day.isoformat())

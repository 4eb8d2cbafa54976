"""A page that breaks off, in whichever language its address names, for ``test_dashboard.py``."""

import streamlit as st

from analytics.drawing.html import style_and_script

st.container(key="unseen").html(style_and_script(st.query_params["lang"]), unsafe_allow_javascript=True)
raise RuntimeError("a marker that nobody may see")

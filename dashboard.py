"""The door of the dashboard: ``streamlit run dashboard.py``. How it is served, its settings, language and pages."""

from pathlib import Path

import streamlit as st

from analytics.drawing.html import style_and_script
from analytics.errors import UserError
from analytics.serving import server
from analytics.words import say
from pages.parts import open_forms, pressing, sign_in, state
from pages.parts.page_list import page_list, require_open
from pages.parts.sign_in_card import is_let_in, tell_of_page

STATIC = Path(__file__).parent / "static"


def visit() -> None:
    """One run of a page for a visitor."""
    state.follow_history()
    lang = state.language()
    st.set_page_config(
        page_title=say(lang, "page.product"), page_icon=str(STATIC / "icon.png"), layout="wide", menu_items={}
    )
    st.logo(str(STATIC / f"logo_{lang}.svg"), size="large")
    st.container(key="unseen").html(style_and_script(lang), unsafe_allow_javascript=True)
    if not is_let_in(lang):
        return

    try:
        ws = state.workspace()
        pages = page_list(lang, ws.actor)
        page = st.navigation(pages, position="hidden" if st.context.is_embedded else "top")
        if (leads_to := pressing.follow_presses()) is not None:
            st.switch_page(next((known for known in pages if known.url_path == leads_to), pages[0]))
        require_open(page, ws.actor)
        tell_of_page(ws, page.url_path)
        open_forms.page_entered(page.url_path)
        page.run()
    except UserError as error:
        for problem in error.problems:
            st.error(problem.text(state.language()))


if __name__ == "__main__":
    visit()
else:  # the server asks once for what it is to serve, and runs this file for every visit
    app = st.App(__file__, **server.served(st.get_option("server.address"), sign_in.how()))

"""The door of the dashboard: ``streamlit run dashboard.py``. How it is served, its settings, language and pages."""

from pathlib import Path

import streamlit as st

from analytics.drawing.html import style_and_script
from analytics.errors import UserError
from analytics.serving import server
from analytics.words import say
from pages.parts import open_forms, pressing, state

STATIC, SHOW = Path(__file__).parent / "static", "presentation"


def visit() -> None:
    """One run of a page for a visitor."""
    state.follow_history()
    lang = state.language()
    st.set_page_config(
        page_title=say(lang, "page.product"), page_icon=str(STATIC / "icon.png"), layout="wide", menu_items={}
    )
    st.logo(str(STATIC / f"logo_{lang}.svg"), size="large")
    st.container(key="unseen").html(style_and_script(lang), unsafe_allow_javascript=True)

    # In a frame of another system the first page is the map with its counts alone.
    first = "pages/meet/embed.py" if st.context.is_embedded else "pages/lead/overview.py"
    pages = [
        st.Page(first, title=say(lang, "page.overview"), default=True),
        st.Page("pages/lead/area.py", title=say(lang, "area.title"), url_path="area"),
        st.Page("pages/lead/response.py", title=say(lang, "response.title"), url_path="response"),
        st.Page("pages/lead/trends.py", title=say(lang, "page.trends"), url_path="trends"),
        st.Page("pages/lead/compare.py", title=say(lang, "release_pages.compare"), url_path="compare"),
        st.Page("pages/meet/briefing.py", title=say(lang, "briefing.briefing"), url_path="briefing"),
        st.Page("pages/meet/presentation.py", title=say(lang, "briefing.show"), url_path=SHOW, visibility="hidden"),
        st.Page("pages/study/weights.py", title=say(lang, "workbench.workbench"), url_path="weights"),
        st.Page("pages/study/confidence.py", title=say(lang, "confidence.confidence"), url_path="confidence"),
        st.Page("pages/study/evidence.py", title=say(lang, "evidence.evidence"), url_path="evidence"),
        st.Page("pages/study/method.py", title=say(lang, "page.method"), url_path="method"),
        st.Page("pages/data/releases.py", title=say(lang, "release_pages.releases"), url_path="releases"),
        st.Page("pages/data/loading.py", title=say(lang, "page.data"), url_path="data"),
        st.Page("pages/data/settings.py", title=say(lang, "settings.settings"), url_path="settings"),
    ]
    if not state.workspace().actor.may("internal"):
        pages = [st.Page("pages/lead/public.py", title=say(lang, "public.heading"), default=True)]
    page = st.navigation(pages, position="hidden" if st.context.is_embedded else "top")
    try:
        if (leads_to := pressing.follow_presses()) is not None:
            st.switch_page(next((known for known in pages if known.url_path == leads_to), pages[0]))
        open_forms.page_entered(page.url_path)
        page.run()
    except UserError as error:
        for problem in error.problems:
            st.error(problem.text(state.language()))


if __name__ == "__main__":
    visit()
else:  # the server asks once for what it is to serve, and runs this file for every visit
    app = st.App(__file__, **server.served(st.get_option("server.address")))

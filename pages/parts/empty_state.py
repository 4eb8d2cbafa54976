"""Where there is nothing to show: a sentence, and the one button that leads to what mends it."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from analytics.words import Language, say

_PAGES = {
    "data": ("page.go_data", "pages/data/loading.py"),
    "releases": ("release_pages.go_releases", "pages/data/releases.py"),
}


def nothing_here(lang: Language, said: str, leads_to: Literal["data", "releases"], place: str = "") -> None:
    """Say so; ``place`` tells buttons apart where a page may have two."""
    label, page = _PAGES[leads_to]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(said)
        if st.button(say(lang, label), key="_".join(filter(None, ("go", leads_to, place))), type="primary"):
            st.switch_page(page)

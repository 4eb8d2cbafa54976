"""The pages, in the order of the navigation, and which of them stand open to whom."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from analytics.access import Actor
from analytics.errors import AccessError
from analytics.words import Language, say

LISTED = (
    ("pages/lead/area.py", "area.title", "area"),
    ("pages/lead/response.py", "response.title", "response"),
    ("pages/lead/trends.py", "page.trends", "trends"),
    ("pages/lead/compare.py", "release_pages.compare", "compare"),
    ("pages/meet/briefing.py", "briefing.briefing", "briefing"),
    ("pages/meet/presentation.py", "briefing.show", "presentation"),
    ("pages/study/weights.py", "workbench.workbench", "weights"),
    ("pages/study/confidence.py", "confidence.confidence", "confidence"),
    ("pages/study/evidence.py", "evidence.evidence", "evidence"),
    ("pages/study/method.py", "page.method", "method"),
    ("pages/data/releases.py", "release_pages.releases", "releases"),
    ("pages/data/drafts.py", "two_hands.page", "drafts"),
    ("pages/data/loading.py", "page.data", "data"),
    ("pages/data/settings.py", "settings.settings", "settings"),
)
"""Script, title and address of every page but the first."""
NOT_LISTED = ("presentation",)
OF_OWN_AREAS = ("", "area", "drafts")
"""What an account may open that sees some areas alone."""
OF_THESE_ALONE = ("drafts",)
"""What others find as a part of another page."""


def page_list(lang: Language, actor: Actor) -> list[StreamlitPage]:
    """All pages, those that this visitor cannot open not in the navigation; of who may see the public form alone, the
    page of that."""
    if not actor.may("internal"):
        return [st.Page("pages/lead/public.py", title=say(lang, "public.heading"), default=True)]
    # In a frame of another system the first page is the map with its counts alone.
    first = "pages/meet/embed.py" if st.context.is_embedded else "pages/lead/overview.py"
    pages = [st.Page(first, title=say(lang, "page.overview"), default=True)]
    for script, title, address in LISTED:
        hidden = address in (*NOT_LISTED, *OF_THESE_ALONE) if actor.areas is None else address not in OF_OWN_AREAS
        visibility = "hidden" if hidden else "visible"
        pages.append(st.Page(script, title=say(lang, title), url_path=address, visibility=visibility))
    return pages


def require_open(page: StreamlitPage, actor: Actor) -> None:
    """Raise :class:`AccessError` for a page of all areas where the visitor may see some alone."""
    if actor.areas is not None and page.url_path not in OF_OWN_AREAS:
        raise AccessError.because("access.whole_office")

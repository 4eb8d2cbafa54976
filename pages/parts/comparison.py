"""Two releases side by side: how many, who, why, on the map, and the newer one's bulletin."""

from __future__ import annotations

import streamlit as st

from analytics.drawing import comparison
from analytics.drawing.html import card_title
from analytics.exhibits.comparison import bulletin_file
from analytics.file_kinds import MEDIA_TYPES
from analytics.releases.publishing import ComparisonReport
from analytics.store.ledger_entries import ReleaseEntry
from analytics.words import Language, say
from analytics.workspace import published
from pages.parts.area_map import show_side
from pages.parts.controls import Choice
from pages.parts.empty_state import nothing_here
from pages.parts.interruption import show_interruption
from pages.parts.map_files import shapes_url

MAP_HEIGHT = 400


def show_changes(choice: Choice, told: ComparisonReport, before: ReleaseEntry, after: ReleaseEntry) -> None:
    """What differs: in a sentence, on two maps, in counts, and by cause."""
    lang = choice.lang
    show_interruption(lang, told.after.assessment)
    st.html(comparison.changed(lang, told))
    left, right = st.columns([2.05, 1], gap="small")
    with left.container(key="compare_maps"):
        st.html(comparison.maps_title(lang, told))
        marks = comparison.change_marks(told.comparison.changes, told.after.assessment)
        sides = (("before", before, told.before, None), ("after", after, told.after, marks))
        for at, (side, entry, snapshot, marked) in zip(st.columns(2, gap="small"), sides, strict=True):
            with at:
                st.html(comparison.side_title(lang, entry, snapshot.assessment))
                context = published.frozen(choice.ws, choice.data, entry).context()
                url = shapes_url(choice.data, snapshot.assessment, context)
                if url is None:
                    nothing_here(lang, say(lang, "release_pages.maps_missing"), "data", side)
                else:
                    show_side(lang, url, snapshot.assessment, marked, side, MAP_HEIGHT)
    with right:
        with st.container(key="compare_counts"):
            st.html(comparison.counts_then_now(lang, told.comparison, told.after.assessment))
        with st.container(key="compare_sum"):
            st.html(comparison.causes(lang, told))


def show_names(lang: Language, told: ComparisonReport) -> None:
    """Who changed, and from which tier to which."""
    left, right = st.columns([1.5, 1], gap="small")
    with left.container(key="compare_moves"):
        st.html(comparison.moves(lang, told))
    with right.container(key="compare_matrix"):
        st.html(comparison.matrix(lang, told.comparison.transitions, "release_pages.matrix_hint"))


def show_bulletin(lang: Language, told: ComparisonReport, after: ReleaseEntry) -> None:
    """The bulletin, to be read, copied and taken along."""
    with st.container(key="compare_bulletin"):
        head = st.container(horizontal=True, vertical_alignment="center")
        head.html(card_title(lang, "release_pages.bulletin"))
        head.download_button(
            say(lang, "release_pages.download"),
            bulletin_file(lang, told.bulletin),
            say(lang, "release_pages.file", day=f"{after.day}", name=after.name),
            MEDIA_TYPES["txt"],
        )
        st.html(comparison.bulletin_card(lang, told.bulletin))

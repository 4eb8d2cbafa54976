"""The feeds as a table of a page."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.drawing.html import render
from analytics.scoring.feed_overview import FeedState
from analytics.wording.silence import state_rows
from analytics.words import Language


def feed_table(lang: Language, states: Sequence[FeedState]) -> str:
    """One row a feed: how it reports, how that is known, how soon its silence would tell, and whether it is silent."""
    return render(lang, "feeds.html", rows=state_rows(lang, states))

"""What every slide shares: where its content begins and ends, its title, its footer and its notes."""

from __future__ import annotations

from dataclasses import dataclass

from pptx.slide import Slide

from analytics.briefing.appearance import Appearance
from analytics.briefing.content import Briefing
from analytics.briefing.slides_canvas import Canvas, Run
from analytics.briefing.slides_text import lines_of, size_for, width_of
from analytics.briefing.slides_theme import (
    FOOTER_SIZE,
    MARGIN,
    PAGE_NUMBER_WIDTH,
    TITLE_HEIGHT,
    TITLE_SIZE,
    TITLE_TOP,
    WIDTH,
    footer_top,
)
from analytics.errors import BriefingError
from analytics.words import say

TOP = TITLE_TOP + TITLE_HEIGHT + 8
"""Where the content of a slide begins."""

ACROSS = WIDTH - 2 * MARGIN
GAP = 8

_ASIDE = 14  # size of what stands beside a title
_MOST_FOOTER_LINES = 5


@dataclass(frozen=True)
class Layout:
    """The briefing, how it looks, and how many lines the footer of its slides has."""

    briefing: Briefing
    appearance: Appearance
    footer_lines: int

    @property
    def bottom(self) -> float:
        """Where the content of a slide ends."""
        return footer_top(self.footer_lines) - GAP

    def begin(
        self, slide: Slide, title: str, *, aside: str = "", width: float = ACROSS, notes: str, mapped: bool = False
    ) -> Canvas:
        """Write title, footer and notes; ``aside`` stands beside the title where there is room for it."""
        canvas = Canvas(slide, self.briefing.lang)
        place = say(self.briefing.lang, "slides.place_title")
        size = size_for(title, width, TITLE_SIZE, place, bold=True)
        runs = [Run(title, size, bold=True)]
        if aside and width_of(title, size, bold=True) + width_of(f"  {aside}", _ASIDE) <= width:
            runs.append(Run(f"  {aside}", _ASIDE, colour="tx2"))
        canvas.title(runs, None if width == ACROSS else (MARGIN, TITLE_TOP, width, TITLE_HEIGHT))
        canvas.footer(_footer(self.briefing, mapped=mapped))
        canvas.notes(notes)
        return canvas


def footer_lines(briefing: Briefing) -> int:
    """Lines of the longest footer.

    Raises :class:`BriefingError` for a source that would fill the slide.
    """
    texts = _footer(briefing, mapped=True)
    width = ACROSS - PAGE_NUMBER_WIDTH
    lines = sum(lines_of(text, FOOTER_SIZE, width) for text in texts)
    if lines > _MOST_FOOTER_LINES:
        raise BriefingError.because(
            "briefing.too_long", text=texts[-1], place=say(briefing.lang, "slides.place_footer")
        )
    return lines


def _footer(briefing: Briefing, *, mapped: bool) -> list[str]:
    code = say(briefing.lang, "slides.code", code=briefing.code)
    first = [briefing.heading, briefing.scheme, briefing.period, briefing.cut_off, code]
    second = [briefing.source, briefing.notice, briefing.base_map if mapped else ""]
    return [text for text in (" · ".join(filter(None, parts)) for parts in (first, second)) if text]

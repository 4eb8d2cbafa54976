"""How wide a text runs and into how many lines it breaks, so that a size can be chosen with which nothing overflows."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from analytics.briefing.font import widths
from analytics.errors import BriefingError

SMALLEST = 10
"""Points: a text that does not fit at this size is refused."""

LEADING = 1.45
"""Height of a line for its size: that of the highest of the fonts that Office takes for Chinese."""

_SPARE = 1.2  # another machine's font may run wider than the one that is measured here

_WORD = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+|\s+")


@cache
def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Points that one line of ``text`` takes, with a fifth to spare."""
    advances = widths(bold=bold)
    return _SPARE * size * sum(advances.get(ord(sign), _usual(sign)) for sign in text)


def _usual(sign: str) -> float:
    return 1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.6


def lines_of(text: str, size: float, width: float, *, bold: bool = False) -> int:
    """Lines that ``text`` breaks into: between any two Hanzi, between words, and within a word that is too long."""
    width += 0.01  # sums of widths that were reckoned in another order still fit
    lines, used = 1, 0.0
    for word in _WORD.findall(text):
        wide = width_of(word, size, bold=bold)
        if used + wide <= width:
            used += wide
        elif word.isspace():
            used = width
        elif wide <= width:
            lines, used = lines + 1, wide
        else:
            for sign in word:
                wide = width_of(sign, size, bold=bold)
                lines, used = (lines, used + wide) if used + wide <= width else (lines + 1, wide)
    return lines


def size_for(text: str, width: float, largest: float, place: str, *, lines: int = 1, bold: bool = False) -> float:
    """The largest size, in whole points, at which ``text`` takes no more than so many lines of this width.

    Raises :class:`BriefingError` that names the text and the ``place`` where not even the smallest size does.
    """
    for size in range(int(largest), SMALLEST - 1, -1):
        if lines_of(text, size, width, bold=bold) <= lines:
            return size
    raise BriefingError.because("briefing.too_long", text=text, place=place)

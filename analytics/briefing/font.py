"""The product's own font: where it lies, and whether it can write a text (a sign that it lacks prints as a box)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from analytics.errors import BriefingError
from analytics.hidden_signs import hidden_signs

FONTS = Path(__file__).parents[2] / "static" / "fonts"
FAMILY = "Five Colour Sans"


_APOSTROPHE = re.compile(r"(?<=[A-Za-zü])’(?=[A-Za-z])")


def narrow(text: str) -> str:
    """The text with the apostrophes within Latin words as the font has them narrow: its own ’ is as wide as a Hanzi.

    >>> narrow("Wei’an Grid, ‘new’")
    "Wei'an Grid, ‘new’"
    """
    return _APOSTROPHE.sub("'", text)


@cache
def widths(*, bold: bool) -> Mapping[int, float]:
    """How far each code point advances, as a share of the size."""
    with TTFont(FONTS / f"FiveColourSans-{'Bold' if bold else 'Regular'}.ttf", lazy=True) as font:
        metrics, em = font["hmtx"], font["head"].unitsPerEm
        return {code: metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()}


@cache
def _written() -> frozenset[int]:
    """Code points that both weights have a sign for."""
    return frozenset(widths(bold=False)) & frozenset(widths(bold=True))


def refuse_hidden(texts: Iterable[str]) -> None:
    """Raise :class:`BriefingError`, which names them, where a text has :func:`hidden_signs`."""
    if hidden := hidden_signs(texts):
        raise BriefingError.because("briefing.hidden_sign", characters=hidden)


def require_signs(texts: Iterable[str]) -> None:
    """Raise :class:`BriefingError`, which names the characters, unless the font can write all of these texts, and none
    has a sign that is of private use, or turns the order of the others."""
    asked = {character for text in texts for character in text}
    refuse_hidden(asked)
    written = {character for character in asked if not unicodedata.category(character).startswith("C")}
    if lacking := sorted(character for character in written if ord(character) not in _written()):
        raise BriefingError.because("briefing.no_glyph", characters=lacking)

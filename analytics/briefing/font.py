"""The product's own font: where it lies, and whether it can write a text (a sign that it lacks prints as a box)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from analytics.errors import BriefingError

FONTS = Path(__file__).parents[2] / "static" / "fonts"
FAMILY = "Five Colour Sans"


@cache
def _written() -> frozenset[int]:
    """Code points that both weights have a sign for."""
    with (
        TTFont(FONTS / "FiveColourSans-Regular.ttf", lazy=True) as regular,
        TTFont(FONTS / "FiveColourSans-Bold.ttf", lazy=True) as bold,
    ):
        return frozenset(regular.getBestCmap()) & frozenset(bold.getBestCmap())


def require_signs(texts: Iterable[str]) -> None:
    """Raise :class:`BriefingError`, which names the characters, unless the font can write all of these texts."""
    asked = {character for text in texts for character in text if not unicodedata.category(character).startswith("C")}
    if lacking := sorted(character for character in asked if ord(character) not in _written()):
        raise BriefingError.because("briefing.no_glyph", characters=lacking)

"""The marks that stand beside a tier: what changed, and what keeps a tier that the day's records alone do not give.

Beside ``tiers`` on the ground floor, so that the map of a page, its lists, slides and papers show the same signs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Mark = Literal["raised", "lowered", "held", "carried", "override", "order"]

Slant = Literal["rising", "falling"]
"""Which way lines run over an area of a map, from left to right, that say something besides its tier."""

MARKS: tuple[Mark, ...] = ("raised", "lowered", "held", "carried", "override", "order")
"""The order of legends, and of several marks on one area: what changed, then what keeps the tier."""

KEEPING: tuple[Mark, ...] = ("held", "carried", "override", "order")
"""Why a tier is not what the day's records give, as ``scoring.reasons.Why`` says it: of one area at most one holds."""

BOX = 24.0
"""The side of the square that a form is drawn in; its circle fills it."""


@dataclass(frozen=True)
class Form:
    """How a mark is drawn in a circle of ``BOX`` across: an SVG ``path`` of moves and straight lines (``M``, ``L`` and
    ``Z`` with absolute ``x,y``) that is ``filled`` or drawn as a line of ``stroke`` with round ends.

    ``sign`` is the one character for places where nothing can be drawn: cells of a table, a file's text.
    """

    path: str
    filled: bool
    stroke: float
    sign: str


FORMS: Mapping[Mark, Form] = {
    "raised": Form("M12,6 L17.6,15.8 L6.4,15.8 Z", filled=True, stroke=1.4, sign="▲"),
    "lowered": Form("M12,18 L6.4,8.2 L17.6,8.2 Z", filled=False, stroke=1.8, sign="▽"),
    "held": Form("M9.3,7.4 L9.3,16.6 M14.7,7.4 L14.7,16.6", filled=False, stroke=2.7, sign="‖"),
    "carried": Form("M6.9,12 L6.91,12 M12,12 L12.01,12 M17.1,12 L17.11,12", filled=False, stroke=3.2, sign="…"),
    "override": Form(
        "M12.2,6 L11.7,9.8 L10,13.4 L6.6,17.2 M11.7,9.8 L13.5,13.6 L17.4,17.2", filled=False, stroke=2.2, sign="人"
    ),
    "order": Form(
        "M12,5.6 L6,11 M12,5.6 L18,11 M10.2,11.6 L13.8,11.6 M8.2,14.2 L15.8,14.2 L12,18.6",
        filled=False,
        stroke=1.9,
        sign="令",
    ),
}
"""A full triangle that points up, an empty one that points down, two bars, three dots, 人 and 令."""

"""What all spreadsheets that the product writes share: their look, and text that stays text."""

from __future__ import annotations

from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from analytics.words import Language

ROWS_AT_MOST = 1_048_576
"""Rows of a worksheet, by the specification of Excel."""

_CHARACTERS_AT_MOST = 32_767  # of a cell, by the same specification

# Nothing here has a hue: colour means a tier.
HEADER_FILL = PatternFill("solid", fgColor="FFE4E8ED")
HINT_FILL = PatternFill("solid", fgColor="FFF5F6F8")
MARK_FILL = PatternFill("solid", fgColor="FFE4E8ED")
MARK_BORDER = Border(*[Side("medium", color="FF14202B")] * 4)
RULE = Border(bottom=Side("thin", color="FFB9C2CD"))
INDENTED = Alignment(horizontal="left", vertical="center", indent=1)
WRAPPED = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)

_INK, _QUIET = "FF14202B", "FF5B6675"
_FAMILY = {"zh": "Microsoft YaHei", "en": "Arial"}


def plain_font(lang: Language) -> Font:
    """The font of cells; it has the characters of the language."""
    return Font(name=_FAMILY[lang], size=10, color=_INK)


def bold_font(lang: Language, size: float = 10) -> Font:
    """The font of headers and titles."""
    return Font(name=_FAMILY[lang], size=size, bold=True, color=_INK)


def quiet_font(lang: Language) -> Font:
    """The font of explanations."""
    return Font(name=_FAMILY[lang], size=9, color=_QUIET)


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula or an error, now or when its cell is next edited."""
    return text.startswith(("=", "+", "-", "@", "#", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


def printable(text: str) -> str:
    """The text without control characters, which a workbook cannot hold, cut to what a cell holds."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)[:_CHARACTERS_AT_MOST]


def write_text(cell: Cell, text: str) -> None:
    """Put text into the cell so that it is never a formula: of type string, and quoted against later editing."""
    cell.value = printable(text)
    cell.data_type = "s"
    if is_formula_like(text):
        cell.quotePrefix = True

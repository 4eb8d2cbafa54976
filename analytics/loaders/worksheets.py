"""What may be handed to the workbook reader, which takes memory for every cell of a worksheet's rectangle at once."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from analytics.errors import LoadError
from analytics.loaders.archives import Archive

MOST_CELLS = 2**25
"""Rows times columns of one worksheet; the reader takes 32 bytes for each. All rows of Excel from A to Z are fewer."""

_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ROW = re.compile(rb"<(?:[\w.-]+:)?row[\s/>]")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_CELL_WITHOUT_PLACE = re.compile(rb"<(?:[\w.-]+:)?c(?=[\s/>])(?![^>]*\sr\s*=)")
_FAR_COLUMN = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{2,})[0-9]""")
_ROW_NUMBER = re.compile(rb"""\sr\s*=\s*["'][A-Za-z]*([0-9]+)["']""")
_FORMULA_WITHOUT_VALUE = re.compile(rb"(?:</f>|<f\b[^>]*/>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")

_WORTH_A_LOOK = "|".join(
    (
        r"<!",
        r"</f>|<f[ >/]",
        # Any cell that is not written as <c r="A1 to <c r="Z1048576, and any row that is not as <row r="1.
        r"[<:]c(?:[>/]|\s(?:[^r]|r[^=]|r=[^\"]|r=\"(?:[^A-Z]|[A-Z][^0-9]|[A-Z][0-9]{7})))",
        r"[<:]row(?:[>/]|\s(?:[^r]|r[^=]|r=[^\"]|r=\"(?:[^0-9]|[0-9]{7})))",
    )
)
"""For RE2, which finds within 0.1 s that an ordinary worksheet of 100 MB has nothing of the kind."""


@dataclass(frozen=True)
class Checked:
    """A workbook's XML parts, packed anew; the number of formulas without a value; whether it links elsewhere."""

    content: bytes
    unsaved_formulas: int
    links: bool


def checked_workbook(name: str, archive: Archive) -> Checked:
    """An .xlsx workbook that is safe to read: only its XML, as it was checked.

    Raises ``LoadError`` for a document type, and for worksheets that stretch over too many cells.
    """
    packed = io.BytesIO()
    unsaved = 0
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as anew:
        for member in archive.members:
            if not member.lower().endswith((".xml", ".rels")):
                continue
            extent = _Extent()
            with anew.open(member, "w", force_zip64=True) as part:
                odd = sum(not _is_plain(piece) for piece in _whole_rows(_copied(archive.pieces(member), part)))
            for piece in _whole_rows(archive.pieces(member)) if odd else ():
                if _DOCTYPE.search(piece):
                    raise LoadError.because("files.workbook_with_dtd", file=name)
                unsaved += len(_FORMULA_WITHOUT_VALUE.findall(piece))
                extent.add(piece)
            if extent.rows * extent.columns > MOST_CELLS:
                raise LoadError.because("files.too_many_cells", file=name, rows=extent.rows, columns=extent.columns)
    links = any(member.startswith("xl/externalLinks/") for member in archive.members)
    return Checked(packed.getvalue(), unsaved, links)


class _Extent:
    """Rows and columns of one worksheet, at least as many as a reader will find."""

    def __init__(self) -> None:
        self.rows = 1
        self.columns = 26

    def add(self, piece: bytes) -> None:
        for letters in set(_FAR_COLUMN.findall(piece)):
            self.columns = max(self.columns, _column_number(letters[:4]))
        self.rows = max(self.rows, *(int(digits[:12]) for digits in set(_ROW_NUMBER.findall(piece))), 1)
        if _CELL_WITHOUT_PLACE.search(piece):
            # Such cells follow each other, and so do rows without a number.
            rows = _ROW.split(piece)
            self.columns = max(self.columns, *(len(_CELL.findall(row)) for row in rows))
            self.rows += len(rows)


def _is_plain(piece: bytes) -> bool:
    return not pc.match_substring_regex(pa.array([piece], pa.large_binary()), _WORTH_A_LOOK)[0].as_py()


def _copied(pieces: Iterator[bytes], copy: IO[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        copy.write(piece)
        yield piece


def _whole_rows(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Pieces that end where a row, or else a tag, begins, so that none is cut in two."""
    carried = b""
    for piece in pieces:
        piece = carried + piece
        cut = max(piece.rfind(b"<row "), 0) or max(piece.rfind(b"<"), 0)
        carried = piece[cut:]
        yield piece[:cut]
    yield carried


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number

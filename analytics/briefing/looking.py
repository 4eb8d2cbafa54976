"""How a file for the meeting looks before it is taken along: the pages of a PDF as a picture, a document as HTML.

Both are read out of the very file that is handed over. Word sets its pages itself: those of a document are not shown.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from io import BytesIO

import docx
from docx.table import Table
from docx.text.paragraph import Paragraph

from analytics.briefing.typesetting import typeset

MOST_PAGES = 12
PPI = 110
_PAGE = re.compile(rb"/Type ?/Page\b")


@dataclass(frozen=True)
class PagesShown:
    """The first ``shown`` of ``pages`` pages below each other, as a PNG."""

    picture: bytes
    shown: int
    pages: int


def pages_of(pdf: bytes) -> PagesShown:
    """The pages of a PDF that the typesetter made. Raises ``BriefingError`` where it cannot draw them."""
    pages = len(_PAGE.findall(pdf))
    shown = min(pages, MOST_PAGES)
    return PagesShown(typeset("pages", {"pages": shown}, "png", PPI, {"made.pdf": pdf}), shown, pages)


def document_html(content: bytes) -> str:
    """The text, tables and pictures of a DOCX in their order, every text escaped."""
    return f'<div class="fc document">{"".join(_blocks(docx.Document(BytesIO(content))))}</div>'


def _blocks(document: docx.document.Document) -> Iterator[str]:
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            rows = ("".join(f"<td>{escape(cell.text)}</td>" for cell in row.cells) for row in block.rows)
            yield f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
        else:
            yield from _paragraph(block)


def _paragraph(block: Paragraph) -> Iterator[str]:
    for picture in block._p.xpath(".//a:blip/@r:embed"):
        part = block.part.related_parts[picture]
        yield f'<img alt="" src="data:{part.content_type};base64,{base64.b64encode(part.blob).decode()}">'
    if block.text.strip():
        name = block.style.name if block.style is not None else ""
        kind = "title" if name == "Title" else "heading" if name.startswith("Heading") else "text"
        yield f'<p class="{kind}">{escape(block.text)}</p>'

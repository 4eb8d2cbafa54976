"""Kinds of files: which are read, which are made, and what a browser is told each of them is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

TABLE_ENDINGS = ("csv", "tsv", "txt", "xlsx", "xlsm", "xls", "parquet", "json", "geojson", "gpkg")
"""Files with a table of records, or with shapes."""

UPLOAD_ENDINGS = (*TABLE_ENDINGS, "zip")
"""What a page lets one choose: a shapefile comes in an archive."""

Format = Literal["png", "pdf", "report", "bulletin", "pptx", "docx"]
"""A briefing: a sheet as a picture or a PDF, a report of two pages (专报), a bulletin with all areas (通报), slides,
and the bulletin as a Word document."""
FORMATS: tuple[Format, ...] = get_args(Format)

ON_A_SHEET: tuple[Format, ...] = ("png", "pdf")
"""Briefings that come in several sizes."""

ON_PAPER: tuple[Format, ...] = ("report", "bulletin")
"""Briefings of several white pages, as a PDF."""

IN_TWO_THEMES: tuple[Format, ...] = (*ON_A_SHEET, "pptx")
"""Briefings that can be light or dark; papers are white."""

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)

Size = Literal["1080p", "4k", "a4"]
SIZES: tuple[Size, ...] = get_args(Size)

ExhibitFormat = Literal["csv", "xlsx", "png", "svg"]
EXHIBIT_FORMATS: tuple[ExhibitFormat, ...] = get_args(ExhibitFormat)
"""A chart, a table or a map of a page: the tables first, which are there where a picture cannot be drawn."""
PICTURE_FORMATS: tuple[ExhibitFormat, ...] = ("png", "svg")
"""Those of them that are a picture."""

MEDIA_TYPES: Mapping[str, str] = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "txt": "text/plain",
    "yaml": "application/yaml",
}
"""By ending (IANA media types)."""


def ending_of(form: Format) -> str:
    """The ending of a briefing's file."""
    return "pdf" if form in ON_PAPER else form

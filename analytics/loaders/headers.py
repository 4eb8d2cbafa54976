"""Whether the first row of a file is a header at all, and whether a sentence may list it: a record is never shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from analytics.loaders import values
from analytics.loaders.columns import match_key
from analytics.loaders.layout import RECORD_TABLES, fit_of
from analytics.loaders.private import looks_personal
from analytics.loaders.sheet import Sheet

_LOOKED_AT = 1000  # rows
_MOSTLY = 0.9

# What the name of a column ends with or holds; no name of a person or a street does.
_WORD_OF_HEADER = re.compile(
    r"[数量率额值]$|名称|编码|编号|代码|代号|日期|时间|年份|月份|类[别型]|状态|结果|人数|户数|人口|面积|单位|备注|序号|地区|区域|社区|街道|网格|小计|合计|新增|累计"
    r"|(?:^|[^a-z])(?:id|code|name|date|time|day|month|year|type|kind|status|count|number|no|total|value|area|level|lat|lon)(?:$|[^a-z])",
    re.IGNORECASE,
)


def is_record(headers: Sequence[str], cells: pd.DataFrame) -> bool:
    """Whether the row taken for a header is one of the records: no table knows any of it, and a cell of it is like
    those under it."""
    if cells.empty or any(fit_of(table, headers) for table in RECORD_TABLES):
        return False
    return any(_is_like(header, cells[position]) for position, header in enumerate(headers) if header)


def has_header(sheet: Sheet) -> bool:
    """Whether the kind of file names its columns, so that no first row can be taken for a header."""
    return sheet.unit == "feature" or sheet.shapes is not None


def tellable(headers: Sequence[str], cells: pd.DataFrame) -> tuple[str, ...]:
    """The headers that a sentence may list: none where the row may be a record, and no cell that looks personal."""
    known = any(fit_of(table, headers) for table in RECORD_TABLES)
    if is_record(headers, cells):
        return ()
    stands_out = any(_stands_out(header, cells[position]) for position, header in enumerate(headers) if header)
    if not (known or stands_out or any(map(_WORD_OF_HEADER.search, headers))):
        return ()
    return tuple(header for header in headers if header and not looks_personal(header))


def _stands_out(header: str, cells: pd.Series) -> bool:
    """Whether a word stands over a column of numbers, dates or codes, which no record would have there."""
    below = values.cleaned(cells.head(_LOOKED_AT)).dropna()
    digits = values.matches(below, "[0-9]")
    return not any(mark.isdigit() for mark in header) and len(below) > 0 and bool(digits.mean() > _MOSTLY)


def _is_like(header: str, cells: pd.Series) -> bool:
    text = match_key(header)
    below = values.cleaned(cells.head(_LOOKED_AT)).dropna().map(match_key)
    if not text or below.empty:
        return False
    with_digits = any(mark.isdigit() for mark in text)
    return bool((below == text).any() or (with_digits and (below.map(_shape) == _shape(text)).any()))


def _shape(text: str) -> str:
    """What two codes of one kind have in common: where their digits and their letters stand."""
    return re.sub("[0-9]+", "9", re.sub(r"[^\W\d_]", "a", text))

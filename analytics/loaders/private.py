"""Cells that look like a person's numbers: Chinese id numbers, telephone numbers, number plates; and running text.

Id numbers: GB 11643-1999, 18 digits with a date of birth and a check digit (ISO 7064 MOD 11-2), or the 15 digits that
were given out until 1999. Plates: GA 36-2018, with the eight characters of new-energy vehicles.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.loaders.columns import normalised
from analytics.loaders.values import arrow_of, bytes_of, matches
from analytics.personal_numbers import (
    CHECK_DIGITS,
    DAY,
    ID_15,
    ID_18,
    LANDLINE,
    MOBILE,
    OLDEST_OF_15_DIGITS,
    ONE_PLATE,
    PROVINCES,
    REGIONS,
    WEIGHTS,
    has_check_digit,
    is_day,
)
from analytics.personal_text import MASK, kinds_in

FORMULA = "^[=+@＝＋＠－-]"
"""How a cell begins that somebody's spreadsheet would run (RE2)."""

LEAST_SHARE = 0.2
"""Of the filled cells of a column: from here on the column is refused."""
LEAST_CELLS = 5
"""Or as many cells, once they are a hundredth of the filled ones: fewer are left blank one by one."""
LEAST_SHARE_OF_MANY = 0.01
LEAST_SHARE_OF_BARE_NUMBERS = 0.5
"""Eleven bare digits may also be a running number: they are telephone numbers where most cells look so."""

WIDEST_WORD = 80
"""A wider cell in a column of words is a text; a full-width character counts two."""
_TEXT_WIDTH = 30
_TEXT_DISTINCT = 0.5
_TEXT_CELLS = 20

# Digits behind a decimal point are a measure's, and so are those before one that is not a spreadsheet's ".0".
_ALONE = r"(?<![0-9A-Za-z])(?<![0-9]\.){}(?![0-9A-Za-z])(?!\.0*[1-9])"
_NUMBERS = {
    name: re.compile(_ALONE.format(f"(?:{pattern})"))
    for name, pattern in {"id_18": ID_18, "id_15": ID_15, "mobile": MOBILE, "landline": LANDLINE}.items()
}
_PLATE_PATTERN = re.compile(rf"{ONE_PLATE}(?![0-9A-Z])")
_PARTS = re.compile(r"(?<=[0-9])[\s\-()]+(?=[0-9])|[()]|(?<=[A-Z])[·•.\-\s]+(?=[A-Z0-9])")
# A room is told by its three or four digits: 执法一室 is an office.
_DOOR = (
    r"[0-9０-９一二三四五六七八九十]+\s*单元(?:[^网]|$)|[0-9０-９]{3,4}\s*室"
    r"|[0-9０-９]+\s*弄\s*[0-9０-９]+\s*号|[路街巷弄道]\s*[0-9０-９]+\s*号"
)
_ADDRESS = rf"[0-9A-Za-z一二三四五六七八九十百０-９]+\s*(?:幢|栋|号楼)|{_DOOR}"
_ADDRESS_PATTERN = re.compile(_ADDRESS)

# RE2 over a whole column: only what passes is looked at closely. Full-width forms are still as they were written.
_PARTED = r"[\s\-()]+"
_WORTH_A_LOOK = rf"(?:^|[^0-9A-Za-z])(?:{ID_18}|{ID_15}|{MOBILE}|{LANDLINE})(?:$|[^0-9A-Za-z])"
_WORTH_A_LOOK_IN_CHINESE = (
    r"(?:[0-9０-９][\s\-－()（）　]*){10}"
    rf"|[{PROVINCES}][\s·•.．・]*[A-Za-zＡ-Ｚａ-ｚ][\s·•.．・\-]*[A-Za-z0-9Ａ-Ｚａ-ｚ０-９]{{4}}"
)
# In an id a letter in front hides no number, nor do marks between its digits: CASE138-0000-0000.
_GAP = r"[\s\-().]*"
_PLATE_IN_PARTS = ONE_PLATE.replace("(?:", r"[\s·•.\-]*(?:", 1)
_PERSONAL_ID = "|".join(
    (
        rf"(?:^|[^0-9])(?:86{_GAP})?1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}(?:$|[^0-9])",
        rf"(?:^|[^0-9])0(?:10|2[0-9]|[3-9][0-9]{{2}}){_GAP}[2-8][0-9]{{2,3}}{_GAP}[0-9]{{4}}(?:$|[^0-9])",
        # With the years of birth that OLDEST_OF_15_DIGITS leaves.
        rf"(?:^|[^0-9])(?:{REGIONS})[0-9]{{4}}{_GAP}(?:2[7-9]|[3-9][0-9]){DAY}{_GAP}[0-9]{{3}}(?:$|[^0-9])",
        rf"(?i:{_PLATE_IN_PARTS})(?:$|[^0-9A-Za-z])",
        _DOOR,
        FORMULA,
    )
)
_ID_18_IN_PARTS = rf"(?:{REGIONS})[0-9]{{4}}{_GAP}(?:19|20)[0-9]{{2}}{DAY}{_GAP}[0-9]{{3}}[0-9Xx]"
# Ids made here of what a record says. Digits in their hashes are nobody's number.
_MADE_HERE = r"^(?:sum-[0-9a-f]{16}-[0-9]+|row-[0-9a-f]{26})$"
_CENTURY_AT = 6
_SHORTEST = 8  # bytes of a number plate; a telephone number has ten
_SAMPLE = 20_000
_REPEATED = 4


def looks_personal(text: str) -> bool:
    """Whether a cell, a header or a name holds anything of a person but a door (`personal_text`)."""
    return bool(_kinds(text) - {"id_shape"} or set(kinds_in(text)) - {"door"})


def personal_cells(cells: pd.Series) -> np.ndarray:
    """Which cells of a column (text as written) hold an id number, a telephone number or a number plate."""
    texts = arrow_of(cells)
    asked = _worth_a_look(texts)
    found = np.zeros(len(cells), dtype=bool)
    coded = texts.take(asked).dictionary_encode()
    found[asked] = np.array([looks_personal(text) for text in coded.dictionary.to_pylist()], dtype=bool)[coded.indices]
    return found


def personal_ids(cells: pd.Series) -> np.ndarray:
    """Which ids (cleaned) hold an id number, a telephone number, a number plate or a door, begin like a formula, or are
    a whole text. Each is judged by itself, so that an id is kept alike in every file and table; one that was made here
    holds none of these."""
    texts = arrow_of(cells)
    found = _holds(texts, _PERSONAL_ID) | (pc.fill_null(pc.binary_length(texts), 0).to_numpy() > WIDEST_WORD)
    found |= _id_numbers(texts)
    return found & ~_holds(texts, _MADE_HERE)


def looks_like_address(text: str) -> bool:
    """Whether a cell names a building, a flat or a door."""
    return bool(_ADDRESS_PATTERN.search(text))


def addresses(cells: pd.Series) -> np.ndarray:
    """Which cells of a column (text as written) name a building, a flat or a door."""
    return matches(cells, _ADDRESS)


def is_personal_column(cells: pd.Series) -> bool:
    """Whether so many cells of a column hold such numbers that it is refused, by the thresholds above.

    Of a column with very many such cells 20,000 are looked at closely.
    """
    texts = arrow_of(cells)
    repeated = pc.count_distinct(texts[:_SAMPLE]).as_py() * _REPEATED < min(len(texts), _SAMPLE)
    # Where the same few words stand in all the cells, these are soon looked at.
    if repeated and not len(_worth_a_look(texts.unique())):
        return False
    asked = _worth_a_look(texts)
    if not len(asked):
        return False
    chosen = asked[:: -(-len(asked) // _SAMPLE)]
    coded = texts.take(chosen).dictionary_encode()
    kinds = [_kinds(text) for text in coded.dictionary.to_pylist()]
    filled = len(texts) - texts.null_count - int(pc.sum(pc.equal(pc.binary_length(texts), 0)).as_py() or 0)
    stands_for = len(asked) / len(chosen)

    def cells_of(*wanted: str) -> np.ndarray:
        return np.array([not kind.isdisjoint(wanted) for kind in kinds], dtype=bool)[coded.indices]

    surely = cells_of("plate", "mobile_in_text")
    # One in eleven running numbers has the right check digit by chance.
    if 2 * cells_of("id_18").sum() >= cells_of("id_18", "id_shape").sum():
        surely |= cells_of("id_18")
    for bare in ("id_15", "mobile", "landline"):
        if cells_of(bare).sum() * stands_for >= LEAST_SHARE_OF_BARE_NUMBERS * filled:
            surely |= cells_of(bare)
    count = surely.sum() * stands_for
    return bool(count and count >= (LEAST_SHARE_OF_MANY if count >= LEAST_CELLS else LEAST_SHARE) * filled)


def free_text(cells: pd.Series) -> bool:
    """Whether a column of words holds running text: at least 20 cells, most of them different and long."""
    texts = arrow_of(cells).drop_null()
    # No text is wider than it has bytes.
    if not len(texts) or pc.max(pc.binary_length(texts)).as_py() <= _TEXT_WIDTH:
        return False
    if len(texts) < _TEXT_CELLS or np.median(_widths(texts)) <= _TEXT_WIDTH:
        return False
    return pc.count_distinct(texts).as_py() > _TEXT_DISTINCT * len(texts)


def too_wide(cells: pd.Series) -> np.ndarray:
    """Which cells (text, missing allowed) are wider than a word can be."""
    return _widths(pc.fill_null(arrow_of(cells), "")) > WIDEST_WORD


def masked(cells: pd.Series) -> pd.Series:
    """The cells as they may be shown: one that looks personal, or is a text, is masked."""
    hidden = personal_cells(cells) | addresses(cells) | too_wide(cells)
    return cells.mask(pd.Series(hidden, index=cells.index), MASK) if hidden.any() else cells


def _widths(texts: pa.LargeStringArray) -> np.ndarray:
    # In UTF-8 a Chinese character has three bytes: half of what it has more than one is its second column.
    characters = pc.utf8_length(texts).to_numpy(zero_copy_only=False)
    return characters + (pc.binary_length(texts).to_numpy(zero_copy_only=False) - characters) // 2


def _worth_a_look(texts: pa.LargeStringArray) -> np.ndarray:
    """Positions of the cells that may hold such a number."""
    long = np.flatnonzero(pc.fill_null(pc.greater_equal(pc.binary_length(texts), _SHORTEST), fill_value=False))
    if not len(long):
        return long
    if len(long) < len(texts):
        return long[_worth_a_look(texts.take(long))]
    if pc.all(pc.string_is_ascii(texts)).as_py():
        parted = pc.any(pc.match_substring_regex(texts, _PARTED)).as_py()
        plain = pc.replace_substring_regex(texts, _PARTED, "") if parted else texts
        found = pc.match_substring_regex(plain, _WORTH_A_LOOK)
    else:
        found = pc.match_substring_regex(texts, _WORTH_A_LOOK_IN_CHINESE)
    return np.flatnonzero(pc.fill_null(found, fill_value=False))


def _holds(texts: pa.LargeStringArray, pattern: str) -> np.ndarray:
    return pc.fill_null(pc.match_substring_regex(texts, pattern), fill_value=False).to_numpy(zero_copy_only=False)


def _id_numbers(texts: pa.LargeStringArray) -> np.ndarray:
    """Which texts hold 18 digits with a date of birth, even in a longer row of digits.

    Numbers of tickets too have a region, a day and a running number: a day of this century needs the check digit.
    """
    asked = np.flatnonzero(_holds(texts, _ID_18_IN_PARTS))
    found = np.zeros(len(texts), dtype=bool)
    if len(asked):
        digits = pc.struct_field(pc.extract_regex(texts.take(asked), f"(?P<id>{_ID_18_IN_PARTS})"), "id")
        if pc.max(pc.binary_length(digits)).as_py() > len(WEIGHTS) + 1:
            digits = pc.replace_substring_regex(digits, "[^0-9Xx]", "")
        marks = bytes_of(digits)[0].reshape(-1, len(WEIGHTS) + 1)
        total = (marks[:, :-1].astype(np.int64) - ord("0")) @ np.array(WEIGHTS)
        checks = np.frombuffer(CHECK_DIGITS.encode(), dtype=np.uint8)
        right = checks[total % len(checks)] == np.where(marks[:, -1] == ord("x"), ord("X"), marks[:, -1])
        found[asked] = right | (marks[:, _CENTURY_AT] == ord("1"))
    return found


def _kinds(text: str) -> set[str]:
    plain = _PARTS.sub("", normalised(text).upper())
    found = set()
    for name, pattern in _NUMBERS.items():
        for match in pattern.finditer(plain):
            if name == "id_18":
                found.add("id_18" if is_day(match[0][6:14]) and has_check_digit(match[0]) else "id_shape")
            elif name == "mobile" and match[0] != plain:
                found.add("mobile_in_text")
            elif name != "id_15" or int(match[0][6:8]) >= OLDEST_OF_15_DIGITS:
                found.add(name)
    if _PLATE_PATTERN.search(plain):
        found.add("plate")
    return found

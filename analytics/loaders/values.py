"""From cells of text to values, a column at a time: blank gives a missing value, and so does what cannot be read.

A column of a million cells is read in one sweep where it is written regularly; each other text is read once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.loaders.bands import age_band_of
from analytics.loaders.columns import booleans, empty_words, match_key, normalised
from analytics.loaders.units import number_of_many

_NUMBER = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:[, '][0-9]{3})+)(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|[+-]?\.[0-9]+")

_WITH_UNIT = re.compile(
    r"(?:大?约|近)?([0-9][0-9,]*(?:\.[0-9]+)?)[余多]?"
    r"(?:人|户|个|名|位|家|栋|幢|座|间|处|口|岁|张|床|小时|平方米|平米|m2|h|hours?|people|persons?|households?)?(?:左右|上下)?"
)

_AGE = re.compile(r"([0-9]{1,3})(?:\.[0-9]+)?(?:周?岁)?")

# What a spreadsheet leaves of a long code that it took for a number.
_LOST = r"^[+-]?[0-9](?:\.[0-9]+)?[eE]\+[0-9]{2,3}$"

# What statistical offices write where they have no number.
_NO_NUMBER = r"^-9{3,}(?:[.]0*)?$"

_OLDEST_AGE = 130
_BANDS = ((0, 17, "0-17"), (18, 59, "18-59"), (60, 69, "60-69"), (70, 79, "70-79"), (80, _OLDEST_AGE, "80+"))

_BIRTH_YEARS = (1850, 2150)
_BIRTH_DATE = re.compile(
    r"((?:18|19|20)[0-9]{2})(?:[-/.年].*|(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])?)"
    r"|[0-9]{1,2}[-/.][0-9]{1,2}[-/.]((?:18|19|20)[0-9]{2})"
)

_WORD = 8  # bytes
_WIDEST_MIXED = 64
_LOWER = np.array([(1 << 8 * count) - 1 for count in range(_WORD + 1)], dtype=np.uint64)
"""The lower bytes of a word, by how many."""
_NO_BYTES = np.empty(0, dtype=np.uint8)
_NOT_ASCII = 0x80
_SPACES = np.arange(256) <= ord(" ")
_ODD = 0x9E3779B97F4A7C15

_STR = pd.StringDtype("pyarrow", na_value=np.nan)


def cleaned(cells: pd.Series) -> pd.Series:
    """Text with full-width forms made half-width; blank, and words that stand for blank, are missing."""
    texts = arrow_of(cells)
    if _is_clean(texts):
        return cells
    if not pc.all(pc.string_is_ascii(texts)).as_py():
        return texts_by_value(cells, _plain_or_blank)
    plain = pc.ascii_trim_whitespace(texts)
    # Only a short text can stand for blank.
    short = pc.less_equal(pc.binary_length(plain), max(map(len, empty_words())))
    blank = pc.if_else(short, pc.is_in(pc.ascii_lower(plain), pa.array(["", *empty_words()])), False)
    return text_of(pc.if_else(blank, None, plain), cells.index)


def stripped(cells: pd.Series, filled: pd.Series) -> pd.Series:
    """The cells as written but for the space around them; missing where not ``filled``."""
    return text_of(pc.utf8_trim_whitespace(arrow_of(cells)), cells.index).where(filled)


def filled(cells: pd.Series) -> pd.Series:
    """True where a cell holds anything but space, be it a word for a blank."""
    there = pc.greater(pc.binary_length(pc.utf8_trim_whitespace(arrow_of(cells))), 0)
    return pd.Series(pc.fill_null(there, fill_value=False).to_numpy(zero_copy_only=False), index=cells.index)


def codes_plain(cells: pd.Series) -> pd.Series:
    """Cleaned cells as codes: a whole number that a spreadsheet wrote as 17.0 is 17."""
    texts = arrow_of(cells)
    if not pc.any(pc.ends_with(texts, ".0")).as_py():
        return cells
    return text_of(pc.replace_substring_regex(texts, r"^([0-9]+)\.0+$", r"\1"), cells.index)


def lost_codes(cells: pd.Series) -> pd.Series:
    """True where a spreadsheet has left only the first digits of a code, as in 1.2E+17."""
    texts = arrow_of(cells)
    # A plain search is three times as fast as the pattern.
    if not pc.any(pc.match_substring(texts, "+")).as_py():
        return pd.Series(False, index=cells.index)
    return pd.Series(matches(cells, _LOST), index=cells.index)


def numbers(cells: pd.Series) -> pd.Series:
    """Cleaned cells as float64; thousands may be parted by commas or spaces."""
    try:
        read = pc.cast(arrow_of(cells), pa.float64())
    except pa.ArrowInvalid:
        return by_value(cells, _number).astype("float64")
    found = read.to_numpy(zero_copy_only=False).copy()
    found[~np.isfinite(found)] = np.nan
    return pd.Series(found, index=cells.index)


def numbers_in_words(cells: pd.Series) -> pd.Series:
    """Cleaned cells that hold a number with a unit or an "about", such as 23人 or 1.2万, as float64; else missing."""
    return by_value(cells, _number_in_words).astype("float64")


def _number_in_words(text: str) -> float | None:
    match = _WITH_UNIT.fullmatch("".join(text.casefold().split()))
    return float(match[1].replace(",", "")) if match else number_of_many(text)


def names_many(cells: pd.Series) -> pd.Series:
    """True where a cleaned cell says itself in which thousands it is given, as 1.2万 does."""
    return by_value(cells, number_of_many).notna()


def percents(cells: pd.Series) -> pd.Series:
    """Cleaned cells that end in a percent sign as float64, 35% as 35; else missing."""
    texts = arrow_of(cells)
    signed = pc.fill_null(pc.match_substring_regex(texts, r"^[^%％]+[%％]$"), fill_value=False)
    if not pc.any(signed).as_py():
        return pd.Series(np.nan, index=cells.index)
    bare = pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, r"[%％]$", ""))
    return numbers(text_of(pc.if_else(signed, bare, None), cells.index))


def decimals(cells: pd.Series) -> pd.Series:
    """True where a cleaned cell is a number with a fraction, or a percentage: it counts or names nothing."""
    read = numbers(cells)
    return ((read % 1) != 0) & read.notna() | percents(cells).notna()


def missing_codes(cells: pd.Series) -> pd.Series:
    """True where a cleaned cell is a number that stands for none: -999, -9999 and so on."""
    return pd.Series(matches(cells, _NO_NUMBER), index=cells.index)


def birth_years(cells: pd.Series) -> pd.Series:
    """The year alone (float64) of cleaned cells that hold a year of birth, or a date of birth in full or in part."""
    years = np.floor(numbers(cells))
    others = cells[cells.notna() & ~years.between(_BIRTH_YEARS[0], _BIRTH_YEARS[1])]
    years[others.index] = by_value(others, _birth_year).astype("float64")
    return years


def flags(cells: pd.Series) -> pd.Series:
    """Cleaned cells as boolean (nullable)."""
    return by_value(cells, lambda text: booleans().get(match_key(text))).astype("boolean")


def age_band(text: str) -> str | None:
    """A cell as an age band: "60-69", "80+", or an age in years in its band; None for what is neither."""
    age = _AGE.fullmatch(normalised(text).casefold().replace(" ", ""))
    if age is None:
        return age_band_of(text)
    return next((band for first, last, band in _BANDS if first <= int(age[1]) <= last), None)


def band_of_age(age: pd.Series) -> pd.Series:
    """Whole years of age as "0-17", "18-59", "60-69", "70-79", "80+"; an age outside 0 to 130 is missing."""
    bins = [*(first for first, _, _ in _BANDS), _OLDEST_AGE + 1]
    return pd.cut(age, bins, right=False, labels=[band for *_, band in _BANDS]).astype("str")


def arrow_of(cells: pd.Series) -> pa.Array:
    """The text of ``cells`` as one Arrow array."""
    found = pa.array(cells, type=pa.large_string(), from_pandas=True)
    if not isinstance(found, pa.ChunkedArray):
        return found
    # Arrow would copy even a single chunk.
    return found.chunk(0) if found.num_chunks == 1 else found.combine_chunks()


def bytes_of(texts: pa.LargeStringArray) -> tuple[np.ndarray, np.ndarray]:
    """The UTF-8 of all cells in one row (uint8), and where each cell begins in it and the last one ends (int64)."""
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    content = np.frombuffer(texts.buffers()[2] or b"", dtype=np.uint8)
    return content[offsets[0] : offsets[-1]], offsets - offsets[0]


def matches(cells: pd.Series, pattern: str) -> np.ndarray:
    """Whether ``pattern`` (RE2) is found in each cell; False where missing."""
    found = pc.match_substring_regex(arrow_of(cells), pattern)
    return pc.fill_null(found, fill_value=False).to_numpy(zero_copy_only=False)


def by_value(cells: pd.Series, parse: Callable[[str], Hashable | None]) -> pd.Series:
    """``parse`` of each cell (dtype object, None where missing), asked once for each different text."""
    coded = arrow_of(cells).dictionary_encode()
    parsed = np.empty(len(coded.dictionary) + 1, dtype=object)
    parsed[:-1] = [parse(text) for text in coded.dictionary.to_pylist()]
    # Position -1 is the blank cell.
    positions = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    return pd.Series(parsed[positions], index=cells.index, dtype=object)


def texts_by_value(cells: pd.Series, parse: Callable[[str], str | None]) -> pd.Series:
    """``parse`` of each cell, text or None, asked once for each different text."""
    coded = arrow_of(cells).dictionary_encode()
    parsed = pa.array([parse(text) for text in coded.dictionary.to_pylist()], type=pa.large_string())
    return text_of(parsed.take(coded.indices), cells.index)


def repeated(ids: pd.Series) -> pd.Series:
    """True where an id stands in an earlier row too."""
    texts = arrow_of(ids)
    content, starts = bytes_of(texts) if len(texts) else (_NO_BYTES, np.zeros(1, dtype=np.int64))
    widths = np.diff(starts)
    widest = int(widths.max(initial=0))
    if 0 < widest <= _WIDEST_MIXED and not texts.null_count:
        # If what is mixed of their bytes differs, which is soon seen, none is repeated.
        mixed = _mixed(content, starts, widths)
        mixed.sort()
        if not (mixed[1:] == mixed[:-1]).any():
            return pd.Series(False, index=ids.index)
    return ids.duplicated()


def _mixed(content: np.ndarray, starts: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """A number (uint64) made of the bytes of each text; different texts seldom give the same."""
    words = int(widths.max()) // _WORD + 1
    # What lies behind a text is another's: it is left out of the last word.
    padded = np.append(content, np.zeros(words * _WORD, dtype=np.uint8))
    mixed = widths.astype(np.uint64)
    for word in range(words):
        at = word * _WORD
        found = np.lib.stride_tricks.sliding_window_view(padded, _WORD)[np.minimum(starts[:-1] + at, len(content))]
        left = np.clip(widths - at, 0, _WORD)
        found = np.ascontiguousarray(found).view("<u8")[:, 0] & _LOWER[left]
        mixed = (mixed ^ found) * np.uint64(_ODD)
        mixed ^= mixed >> np.uint64(32)
    return mixed


def text_of(texts: pa.Array, index: pd.Index) -> pd.Series:
    """An Arrow array of large strings as a Series of pandas ``str``."""
    # pd.array would look at every text once more.
    return pd.Series(pd.arrays.ArrowStringArray(texts, dtype=_STR), index=index)


def _is_clean(texts: pa.LargeStringArray) -> bool:
    """Whether all cells are ASCII, filled, without space around them, and none is a word for a blank: a quick look."""
    if not len(texts) or texts.null_count:
        return False
    content, starts = bytes_of(texts)
    if not len(content) or content.max() >= _NOT_ASCII or (starts[1:] == starts[:-1]).any():
        return False
    first, last = content[starts[:-1]], content[starts[1:] - 1]
    if _SPACES[first].any() or _SPACES[last].any():
        return False
    suspects = np.flatnonzero(_begins_blank()[first])
    return not pc.any(pc.is_in(pc.ascii_lower(texts.take(suspects)), pa.array(sorted(empty_words())))).as_py()


@cache
def _begins_blank() -> np.ndarray:
    """Whether some word for a blank begins with the byte."""
    found = np.zeros(256, dtype=bool)
    for word in empty_words():
        if word.isascii():
            found[[ord(word[0].lower()), ord(word[0].upper())]] = True
    return found


def _plain_or_blank(text: str) -> str | None:
    plain = text.strip() if text.isascii() else normalised(text)
    return plain if plain and plain.casefold() not in empty_words() else None


def _number(text: str) -> float:
    value = float(re.sub("[, ']", "", text)) if _NUMBER.fullmatch(text) else np.nan
    return value if np.isfinite(value) else np.nan


def _birth_year(text: str) -> float | None:
    if match := _BIRTH_DATE.fullmatch(text):
        return float(match[1] or match[2])
    return None


def taken(positions: np.ndarray, texts: pd.Index | np.ndarray, index: pd.Index) -> pd.Series:
    """``texts`` at ``positions``, missing where that is below 0."""
    coded = pa.DictionaryArray.from_arrays(
        pa.array(positions, type=pa.int32(), mask=positions < 0), pa.array(list(texts), type=pa.large_string())
    )
    return text_of(coded.cast(pa.large_string()), index)

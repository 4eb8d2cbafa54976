"""From cells of text to values, a column at a time: blank gives a missing value, and so does what cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from datetime import datetime

import numpy as np
import pandas as pd

from analytics.loaders.columns import booleans, codes_of, empty_words, match_key, normalised

_NUMBER = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|[+-]?\.[0-9]+")

_MOMENT = re.compile(
    r"([0-9]{4})"
    r"(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日|([0-9]{2})([0-9]{2}))"
    r"(?:(?:[Tt]|\s+|(?<=日))([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?\s*(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?"
)

_AGE_BAND = re.compile(r"([0-9]{1,3})岁?(?:[-~—–至到]+([0-9]{1,3})|(\+|以上|及以上|岁以上|岁及以上|andover))岁?")

# No record of an office is older; an earlier year is a default of some software, such as 0001-01-01.
_EARLIEST_YEAR = 1900

_OLDEST_AGE = 130


def cleaned(cells: pd.Series) -> pd.Series:
    """Text with full-width forms made half-width; blank, and words that stand for blank, are missing."""

    def clean(text: str) -> str | None:
        plain = text.strip() if text.isascii() else normalised(text)
        return plain if plain and plain.casefold() not in empty_words() else None

    return _by_value(cells, clean).astype("str")


def numbers(cells: pd.Series) -> pd.Series:
    """Cleaned cells as float64; thousands may be parted by commas."""

    def number(text: str) -> float:
        value = float(text.replace(",", "")) if _NUMBER.fullmatch(text) else np.nan
        return value if np.isfinite(value) else np.nan

    return _by_value(cells, number).astype("float64")


def moments(cells: pd.Series) -> pd.Series:
    """Cleaned cells as datetime64[us]: dates, and dates with a time; of a time with an offset the wall time."""
    return _by_value(cells, _moment).astype("datetime64[us]")


def flags(cells: pd.Series) -> pd.Series:
    """Cleaned cells as boolean (nullable)."""
    return _by_value(cells, lambda text: booleans().get(match_key(text))).astype("boolean")


def closed_codes(cells: pd.Series, column: str) -> pd.Series:
    """Cleaned cells as codes of ``column``; a word that is not in its list is missing."""
    return _by_value(cells, lambda text: codes_of(column).get(match_key(text))).astype("str")


def open_codes(written: pd.Series, column: str) -> pd.Series:
    """Stripped cells as codes of ``column``; a word that is not in its list stays as it is."""
    return _by_value(written, lambda text: codes_of(column).get(match_key(text), text)).astype("str")


def age_bands(cells: pd.Series) -> pd.Series:
    """Cleaned cells as age bands: "60-69", "80+"; what is no band is missing."""
    return _by_value(cells, _age_band).astype("str")


def band_of_age(age: pd.Series) -> pd.Series:
    """Whole years of age as "0-17", "18-59", "60-69", "70-79", "80+"; an age outside 0 to 130 is missing."""
    bins = [0, 18, 60, 70, 80, _OLDEST_AGE + 1]
    labels = ["0-17", "18-59", "60-69", "70-79", "80+"]
    return pd.cut(age, bins, right=False, labels=labels).astype("str")


def _moment(text: str) -> datetime | None:
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    year, *parts = (int(part) for part in match.groups() if part is not None)
    try:
        return datetime(year, *parts) if year >= _EARLIEST_YEAR else None  # noqa: DTZ001 - local wall time
    except ValueError:
        return None


def _age_band(text: str) -> str | None:
    match = _AGE_BAND.fullmatch(text.casefold().replace(" ", ""))
    if match is None:
        return None
    youngest, oldest, _ = match.groups()
    return f"{int(youngest)}-{int(oldest)}" if oldest else f"{int(youngest)}+"


def _by_value(cells: pd.Series, parse: Callable[[str], Hashable | None]) -> pd.Series:
    # Each different text is parsed once: a column of codes or days repeats itself thousands of times.
    positions, texts = pd.factorize(cells.to_numpy(dtype=object))
    parsed = np.empty(len(texts) + 1, dtype=object)
    parsed[:-1] = [parse(text) for text in texts]
    # Position -1 is the blank cell.
    return pd.Series(parsed[positions], index=cells.index, dtype=object)

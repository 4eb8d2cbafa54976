"""Words of coded columns: what a word means, what an unknown one may mean, and how it may be mapped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

import pandas as pd

from analytics.errors import LoadError
from analytics.loaders import values
from analytics.loaders.bands import age_band_of
from analytics.loaders.columns import codes_of, column_label, full_key, match_key, remarks, words_of
from analytics.loaders.sheet import shown
from analytics.personal_text import require_impersonal
from analytics.words import phrase

OTHER = "other"
"""What a word is mapped to that means none of the codes: it stays as it is, and is known."""

CODED_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "residents": ("age_band", "tenure", "origin"),
    "incidents": ("category", "channel", "severity", "status"),
    "places": ("kind",),
    "checks": ("kind", "outcome"),
    "areas": ("level",),
}
"""The columns of each table whose words stand for codes."""

CLOSED_COLUMNS = ("age_band", "tenure", "origin", "status", "outcome")
"""Columns in which a word that nobody knows may be any of the codes. In the others, of which an office may have a
hundred kinds, it may be the one that the guess names."""

_KINDS = {
    "places": ("building", "household", "shop", "rental", "venue"),
    "checks": (
        *("visit", "patrol", "inspection", "sweep", "call", "round", "building_round", "elder_visit", "record_check"),
    ),
}
_NOT_SO = re.compile("[未不没無无非待拟]|申请|部分|准备|即将")
_LEAST_CONTAINED = 2  # characters of a Chinese word that is found in a longer one
_LEAST_ALIKE = 0.5  # of all pairs of characters, or words, that two have


def codes(table: str, column: str) -> tuple[str, ...]:
    """The codes that a word may be mapped to; of an age band there is no end of them, and none is listed."""
    if column == "age_band":
        return ()
    found = tuple(dict.fromkeys(codes_of(column).values()))
    return tuple(code for code in found if code in _KINDS[table]) if column == "kind" else found


def require_codes(table: str, column: str, words: Mapping[str, str]) -> None:
    """Raise ``LoadError`` unless words of the column may be mapped as ``words`` say."""
    if column not in CODED_COLUMNS.get(table, ()):
        known = [column_label(one) for one in CODED_COLUMNS.get(table, ())]
        raise LoadError.because("loading.not_a_coded_column", column=shown(column), known=known)
    for word, code in words.items():
        require_impersonal(phrase("personal.word"), word, LoadError)
        if not (code == OTHER or (age_band_of(code) == code if column == "age_band" else code in codes(table, column))):
            key = "loading.not_an_age_band" if column == "age_band" else "loading.not_a_code"
            allowed = [*codes(table, column), OTHER]
            raise LoadError.because(
                key, word=shown(word), code=shown(code), column=column_label(column), allowed=allowed
            )


@lru_cache(maxsize=100_000)
def code_of(column: str, word: str) -> str | None:
    """The code that a word stands for by the tables; None for a word that they do not know.

    A remark in brackets may be left out, unless it is a word that means something else: "closed (duplicate)".
    """
    if column == "age_band":
        return age_band_of(word)
    known = codes_of(column)
    whole = known.get(full_key(word))
    if whole is not None:
        return whole
    found = known.get(match_key(word))
    meant = {known[key] for remark in remarks(word) if (key := full_key(remark)) in known}
    return found if not meant - {found} else None


def known_codes(cells: pd.Series, column: str) -> pd.Series:
    """Cleaned cells as codes; a word that the tables do not know is missing."""
    return values.texts_by_value(cells, lambda text: code_of(column, text))


@lru_cache(maxsize=100_000)
def guessed_code(table: str, column: str, word: str) -> str | None:
    """The code that an unknown word may mean: of the longest known word that it holds, else of the most alike one."""
    key = full_key(word)
    if column == "age_band" or not key:
        return None
    allowed = codes(table, column)
    held = [
        (len(known), -allowed.index(code), code)
        for known, code in codes_of(column).items()
        if code in allowed and _holds(word, key, known)
    ]
    if held:
        return max(held)[2]
    own = _pieces(word)
    alike = [
        (len(own & pieces) / len(own | pieces), -allowed.index(code), code)
        for pieces, code, denies in _pieces_of(column)
        if code in allowed and own & pieces and denies == bool(_NOT_SO.search(key))
    ]
    best = max(alike, default=(0.0, 0, None))
    return best[2] if best[0] >= _LEAST_ALIKE else None


def _holds(word: str, key: str, known: str) -> bool:
    """Whether a known word is part of another: a Chinese one anywhere in it, one of letters as whole words."""
    if known.isascii():
        return len(known) > _LEAST_CONTAINED and known in _runs(word)
    # What is not done, is asked for or is still to come is none of what the word says by itself.
    return len(known) >= _LEAST_CONTAINED and known in key and not _NOT_SO.search(key[: key.index(known)])


@lru_cache(maxsize=10_000)
def _runs(word: str) -> frozenset[str]:
    """All runs of one to four whole words of letters, without the space between them."""
    words = re.findall(r"[a-z0-9]+", word.casefold())
    return frozenset("".join(words[at : at + n]) for n in range(1, 5) for at in range(len(words) - n + 1))


def _pieces(word: str) -> frozenset[str]:
    return words_of(word)


@cache
def _pieces_of(column: str) -> tuple[tuple[frozenset[str], str, bool], ...]:
    """The pieces of each known word, its code, and whether it says that something is not so."""
    return tuple((_pieces(known), code, bool(_NOT_SO.search(known))) for known, code in codes_of(column).items())

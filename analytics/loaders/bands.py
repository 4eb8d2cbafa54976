"""Age bands as intervals: how they are written, and whether one lies inside or outside of what a filter asks for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal

Band = tuple[int, int]
"""The youngest and the oldest whole year of age, both counted."""

Side = Literal["inside", "outside", "straddles"]

OLDEST = 130
"""Nobody is older: a band without an upper end reaches to here."""

_TENS = "一二三四五六七八九"
_IN_WORDS = re.compile(rf"([{_TENS}])十(?=周?岁)")
_REMARK = re.compile(r"(.*?)(以上|以下)\(?(?:含|包含|包括)(?:本数|[0-9]{1,3}周?岁)?\)?")
_YEARS = r"(?:周?岁|years?(?:old)?|yrs?|y)?"
_LABEL = r"(?:aged?)?"
_RANGE = re.compile(rf"{_LABEL}([0-9]{{1,3}}){_YEARS}(?:[-~—–至到]+|to)([0-9]{{1,3}}){_YEARS}(?:\(?含\)?)?")
_FROM = re.compile(
    rf"{_LABEL}([0-9]{{1,3}}){_YEARS}(?:\+|(?:\(?含\)?)?及?以上|起|(?:and|or|&)(?:over|older|above|more|up)|plus){_YEARS}"
)
_FROM_SIGN = re.compile(rf"(?:>=|≥|⩾|满){_LABEL}([0-9]{{1,3}}){_YEARS}(?:及?以上)?")
_UP_TO = re.compile(
    rf"{_LABEL}([0-9]{{1,3}}){_YEARS}(?:(?:\(?含\)?)?及以下|(?:and|or)(?:under|younger|below|less))|(?:<=|≤|⩽)([0-9]{{1,3}}){_YEARS}"
)
_BELOW = re.compile(
    rf"([0-9]{{1,3}}){_YEARS}以下|不满([0-9]{{1,3}}){_YEARS}|未满([0-9]{{1,3}}){_YEARS}|<([0-9]{{1,3}}){_YEARS}|"
    rf"{_LABEL}under(?:theageof)?([0-9]{{1,3}}){_YEARS}"
)


@lru_cache(maxsize=10_000)
def interval(text: str) -> Band | None:
    """The ages that a band holds, however it is written; None for what is no band.

    >>> interval("65岁及以上"), interval("0-14"), interval("60岁以下"), interval("old")
    ((65, 130), (0, 14), (0, 59), None)
    """
    plain = (
        re.sub(r"[\s,_]+", "", unicodedata.normalize("NFKC", text)).casefold().replace("歲", "岁").replace("滿", "满")
    )
    plain = re.sub(r"(?:的)?(?:常住)?(?:老年人口?|老人|人口|人群|人员|居民)$", "", plain)
    plain = _IN_WORDS.sub(lambda tens: str(10 * (_TENS.index(tens[1]) + 1)), plain)
    if closed := _REMARK.fullmatch(plain):
        # 60岁以上(含60岁) is what 60岁以上 means here; 60岁以下(含60岁) is not what 60岁以下 means.
        plain = closed[1] + ("及以下" if closed[2] == "以下" else closed[2])
    if match := _RANGE.fullmatch(plain):
        found = int(match[1]), int(match[2])
    elif match := _FROM.fullmatch(plain) or _FROM_SIGN.fullmatch(plain):
        found = int(match[1]), OLDEST
    elif match := _UP_TO.fullmatch(plain):
        found = 0, int(match[1] or match[2])
    elif match := _BELOW.fullmatch(plain):
        found = 0, int(next(filter(None, match.groups()))) - 1
    else:
        return None
    return found if 0 <= found[0] <= found[1] <= OLDEST else None


def age_band_of(text: str) -> str | None:
    """A band as the records have it: "60-69", "80+"; None for what is no band."""
    found = interval(text)
    if found is None:
        return None
    return f"{found[0]}+" if found[1] == OLDEST else f"{found[0]}-{found[1]}"


@lru_cache(maxsize=10_000)
def overlap(one: str, other: str) -> bool:
    """Whether somebody may be of both bands; not where one is no band.

    >>> overlap("70-79", "75-79"), overlap("70-79", "80+"), overlap("60+", "80+"), overlap("old", "80+")
    (True, False, True, False)
    """
    ages, others = interval(one), interval(other)
    return ages is not None and others is not None and ages[0] <= others[1] and others[0] <= ages[1]


def side(band: Band, wanted: Iterable[Band]) -> Side:
    """Whether a band lies wholly inside the ages of ``wanted`` together, wholly outside, or straddles their edge.

    >>> side((70, 79), [(60, 69), (70, 130)]), side((65, 130), [(70, 130)]), side((0, 14), [(70, 130)])
    ('inside', 'straddles', 'outside')
    """
    first, last = band
    inside = sum(max(0, min(last, upper) - max(first, lower) + 1) for lower, upper in _merged(wanted))
    if inside == 0:
        return "outside"
    return "inside" if inside == last - first + 1 else "straddles"


def _merged(bands: Iterable[Band]) -> list[Band]:
    merged: list[Band] = []
    for lower, upper in sorted(bands):
        if merged and lower <= merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(upper, merged[-1][1])
        else:
            merged.append((lower, upper))
    return merged


def alternatives(wanted: Sequence[Band]) -> list[tuple[Band, ...]]:
    """Filters that bands of a list stand for: bands that overlap are one another's alternatives, for tables that are
    cut in one way or another. Each is as many of the list as do not overlap, the list's order before all.

    >>> alternatives([(66, 130), (70, 79), (80, 130)])
    [((66, 130),), ((70, 79), (80, 130))]
    """
    found: list[tuple[Band, ...]] = []
    for start in wanted:
        chosen = [start]
        for band in wanted:
            if all(band[1] < other[0] or other[1] < band[0] for other in chosen):
                chosen.append(band)
        one = tuple(sorted(chosen))
        if one not in found:
            found.append(one)
    return found


def settled(wanted: Sequence[Band], there: Iterable[Band]) -> tuple[Band, ...]:
    """Of the :func:`alternatives` the one that the bands ``there`` straddle least, the first of several."""
    bands = list(there)
    return min(alternatives(wanted), key=lambda one: sum(side(band, one) == "straddles" for band in bands))

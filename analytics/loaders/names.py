"""Which area a name means. Offices write one area in many ways; a name that could mean two areas means none.

A name is read as segments, each a stem and the kind that closes it: 柯城区衢化街道 is 柯城 (district) and 衢化
(street), 花径一村社区第四网格 is 花径1 (community) and 4 (grid), and 网格4 is 4 (grid). Two names agree if their last
stems do, their kinds do not contradict each other, and what stands in front of one are areas around the other.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.loaders.columns import normalised

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百]+")
_TENS = re.compile(r"(?:([一二两三四五六七八九])百零?)?(?:([一二两三四五六七八九])?(十))?([一二三四五六七八九])?")
_BEFORE_NUMBER = re.compile(r"第(?=[0-9])")
_AFTER_NUMBER = re.compile(r"(?<=[0-9])号")
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_KIND_IN_FRONT = re.compile(r"(单元网格|专属网格|基础网格|网格|grid|cell)(?:no)?([0-9]+)$")

_KINDS = {
    "above": "特别行政区|自治区|自治州|自治县|省|地区|市辖区|市|区|县|district|county|city|borough",
    "street": "街道办事处|街道办|街道|镇|乡|subdistrict|township|town",
    "community": "社区居委会|村民委员会|居民委员会|村社区|居委会|村委会|社区|行政村|村|community|village|neighbourhood",
    "grid": "单元网格|专属网格|基础网格|网格|grid|cell",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split("|")}
_SEGMENT = re.compile(rf"(.+?)((?:{'|'.join(sorted(_KIND_OF, key=len, reverse=True))})+)")
_KIND_WORD = re.compile("|".join(sorted(_KIND_OF, key=len, reverse=True)))

_SUGGESTIONS = 3
_CLOSE_NAME = 0.6
_CLOSE_CODE = 0.8
_COMPARED = 30
_LONGEST = 60


@dataclass(frozen=True)
class Segment:
    """A part of a name: ``stem``, and ``kind`` ("above", "street", "community", "grid", or "" where none closes it)."""

    stem: str
    kind: str


def plain_name(text: str) -> str:
    """A name without case, spaces and marks, its Chinese numerals as digits."""
    bare = re.sub(r"[\W_]+", "", normalised(text).casefold())
    bare = _AFTER_NUMBER.sub("", _BEFORE_NUMBER.sub("", _NUMERAL.sub(lambda found: _digits(found[0]), bare)))
    return _KIND_IN_FRONT.sub(r"\2\1", _LEADING_ZEROS.sub("", bare))


def segments(text: str) -> tuple[Segment, ...]:
    """The segments of a name, from the widest area to the one that is meant."""
    plain = plain_name(text)
    found, end = [], 0
    for match in _SEGMENT.finditer(plain):
        found.append(Segment(match[1], _KIND_OF[_KIND_WORD.findall(match[2])[-1]]))
        end = match.end()
    if end < len(plain):
        found.append(Segment(plain[end:], ""))
    return tuple(found)


class AreaNames:
    """The names of ``areas`` (index area_id; name, level, parent_id) as they may be written elsewhere."""

    def __init__(self, areas: pd.DataFrame) -> None:
        self._ids = areas.index.to_list()
        self._names = areas["name"].to_list()
        self._segments = [segments(name) if isinstance(name, str) else () for name in self._names]
        self._levels = [level if isinstance(level, str) else "" for level in areas["level"]]
        place_of = {area_id: place for place, area_id in enumerate(self._ids)}
        self._parents = [place_of.get(parent) if isinstance(parent, str) else None for parent in areas["parent_id"]]
        self._by_plain = defaultdict(list)
        self._by_stem = defaultdict(list)
        for place, (name, parts) in enumerate(zip(self._names, self._segments, strict=True)):
            if parts:
                self._by_plain[plain_name(name)].append(place)
                self._by_stem[parts[-1].stem].append(place)
        self._pairs: dict[str, np.ndarray] | None = None

    def meant(self, written: str, community: str = "") -> str | None:
        """The area_id of the one area that ``written`` can mean; None if there is none, or more than one.

        ``community``: the name of what lies around it, if the file gives that beside it.
        """
        found = self._candidates(written)
        if community and len(segments(written)) < 2:
            around = segments(community)
            kind = "" if around and around[-1].kind else "社区"
            within = self._candidates(f"{community}{kind}{written}")
            # A community that no area bears tells nothing, nor does its own name.
            if within or (self._candidates(community) and found != self._candidates(community)):
                found = within
        return self._ids[found[0]] if len(found) == 1 else None

    def may_be(self, written: str) -> bool:
        """Whether ``written`` can mean an area at all, or several."""
        return bool(self._candidates(written))

    def suggestions(self, written: str) -> tuple[str, ...]:
        """At most three areas, as "code name", that may be meant: close codes first, then those whose name agrees, then
        close names."""
        text = normalised(written).casefold()[:_LONGEST]
        codes, names = self._close(text)
        order = [*codes, *self._candidates(written), *names]
        best = list(dict.fromkeys(order))[:_SUGGESTIONS]
        return tuple(f"{self._ids[place]} {self._names[place]}" for place in best)

    def _candidates(self, written: str) -> list[int]:
        same = self._by_plain.get(plain_name(written), [])
        if len(same) == 1:
            return same
        parts = segments(written)
        if not parts:
            return []
        return [place for place in self._by_stem.get(parts[-1].stem, []) if self._agree(parts, place)]

    def _agree(self, written: Sequence[Segment], place: int) -> bool:
        own = self._segments[place]
        kind = own[-1].kind or self._levels[place]
        if written[-1].kind and kind and written[-1].kind != kind:
            return False
        around = {segment.stem for segment in own[:-1]}
        above = self._parents[place]
        for _ in _KINDS:
            if above is None:
                break
            around |= {segment.stem for segment in self._segments[above]}
            above = self._parents[above]
        in_front = written[:-1]
        # A district or city is seldom in the file; a street or a community that is written must fit.
        return all(
            segment.stem in around or (segment.kind == "above" and len(segment.stem) > 1) for segment in in_front
        )

    def _close(self, text: str) -> tuple[list[int], list[int]]:
        """Areas whose code, and areas whose name, is close to ``text`` by difflib's ratio, the closest first."""
        if self._pairs is None:
            self._pairs = _pairs_of([*self._ids, *map(str, self._names)])
        shared = [self._pairs[pair] for pair in _pairs(text) if pair in self._pairs]
        counts = np.bincount(np.concatenate(shared or [np.array([], dtype=int)]), minlength=2 * len(self._ids))
        by_code, by_name = counts[: len(self._ids)], counts[len(self._ids) :]
        return _closest(text, self._ids, by_code, _CLOSE_CODE), _closest(text, self._names, by_name, _CLOSE_NAME)


def _closest(text: str, others: Sequence[object], shared: np.ndarray, least: float) -> list[int]:
    found = []
    for place in np.argsort(-shared, kind="stable")[:_COMPARED].tolist():
        if shared[place]:
            ratio = difflib.SequenceMatcher(None, text, str(others[place]).casefold()).ratio()
            found.append((-ratio, place))
    return [place for ratio, place in sorted(found) if -ratio >= least]


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _pairs_of(texts: Sequence[str]) -> dict[str, np.ndarray]:
    found = defaultdict(list)
    for place, text in enumerate(texts):
        for pair in _pairs(text.casefold()[:_LONGEST]):
            found[pair].append(place)
    return {pair: np.array(places) for pair, places in found.items()}


def _digits(numeral: str) -> str:
    match = _TENS.fullmatch(numeral)
    if match is None or not any(match.groups()):
        return "".join(str(_DIGITS.get(mark, mark)) for mark in numeral)
    hundreds, tens, ten, ones = match.groups()
    value = 100 * _DIGITS.get(hundreds, 0) + _DIGITS.get(ones, 0)
    return str(value + (10 * _DIGITS.get(tens, 1) if ten else 0))

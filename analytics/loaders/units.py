"""Units that a header names: 人口(万人) is given in ten thousands, and a share of people in percent."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Literal

Kind = Literal["number", "percent", "surface", "length", "time", "money"]

_MANY = {
    "亿": 1e8, "千万": 1e7, "百万": 1e6, "十万": 1e5, "万": 1e4, "千": 1e3, "百": 1e2, "十": 1e1,
    "billion": 1e9, "million": 1e6, "thousand": 1e3, "hundred": 1e2,
}  # fmt: skip
_SHORT = {
    "000": 1e3,
    "000s": 1e3,
    "000's": 1e3,
    "1,000": 1e3,
    "1,000s": 1e3,
    "1000": 1e3,
    "1000s": 1e3,
    "10,000": 1e4,
    "10,000s": 1e4,
    "10000": 1e4,
    "100,000": 1e5,
    "100000": 1e5,
    "100": 1e2,
    "1,000,000": 1e6,
    "k": 1e3,
    "mio": 1e6,
    "mn": 1e6,
}
_COUNTED = "人次|人口|人|户|个|名|位|家|栋|幢|座|间|处|口|件|起|宗|例|张|床"
_NOUN = "people|persons?|residents|inhabitants|households?|buildings?|shops?|units?|cases|of"
_OTHERS: tuple[tuple[Kind, str], ...] = (
    ("percent", r"%|‰|百分比|百分数|百分之|percent|per cent|pct|占比|比例|比率"),
    (
        "surface",
        r"(?:km|m|cm)\^?2|sq\.? ?(?:km|m|mi|ft)|(?:万|千)?平方(?:公里|千米|米)|平米|公顷|hectares?|ha|[市万]?亩|acres?",
    ),
    ("length", r"公里|千米|米|km|m"),
    ("time", r"分钟|小时|天|日|周|月|年|min(?:ute)?s?|hours?|h|days?|weeks?|months?|years?"),
    ("money", r"(?:百|千|万|亿)?元|rmb|cny|usd|yuan"),
)  # fmt: skip
_MANY_WORDS = "|".join(sorted(_MANY, key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?:in )?(?:(?P<many>{_MANY_WORDS})s? ?(?:of )?|(?P<short>{'|'.join(sorted(_SHORT, key=len, reverse=True))}) ?)?"
    rf"(?:{_COUNTED}|{_NOUN})?(?: ?(?:of )?(?:{_NOUN}))?"
)
_OTHER = {kind: re.compile(rf"(?:in )?(?:{pattern})") for kind, pattern in _OTHERS}
_BRACKETED = re.compile(r"[(\[【](?:单位\s*[::]?\s*)?([^()\[\]【】]*)[)\]】]")
_TAIL = re.compile(r"(?:[/_:,]|(?<=[a-z0-9])\s|\s-\s?)\s*([^/_:,\s]+(?: [^/_:,\s]+)?)$")
_SAYS_UNIT = re.compile(r"[\s_/,-]*(?:计量)?单位$|[\s_/,-]+unit$", re.IGNORECASE)
_RUN_ON = re.compile(rf"(?<=[^\W\d_a-z])((?:{_MANY_WORDS})(?:{_COUNTED}))$")

_CELL_MANY = re.compile(
    rf"(?:大?约|近)?(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?)[余多]? ?(?P<many>{_MANY_WORDS}|k)[余多]?(?:{_COUNTED})?"
    rf"(?: (?:{_NOUN}))?(?:左右|上下)?"
)


@dataclass(frozen=True)
class Unit:
    """What a header says its numbers are given in: ``written`` as it stands there, ``kind`` of what, and how many units
    of one ``factor`` makes (1 for anything but a number)."""

    written: str
    kind: Kind
    factor: float = 1.0


@cache
def unit_of(header: str) -> Unit | None:
    """The unit that a header names in brackets, behind a stroke, or as its last word; None without one."""
    found = _found(header)
    return found[1] if found else None


def without_unit(header: str) -> str:
    """The header without its unit."""
    found = _found(header)
    return found[0] if found else header


def number_of_many(text: str) -> float | None:
    """The number that a cell such as 1.2万, 3千人 or 12 thousand says; None for any other text."""
    match = _CELL_MANY.fullmatch(text.casefold())
    if match is None:
        return None
    factor = 1e3 if match["many"] == "k" else _MANY[match["many"]]
    return _rounded(float(match["number"].replace(",", "")) * factor)


def converted(number: float, unit: Unit) -> float:
    """A number given in ``unit`` as one of ones."""
    return _rounded(number * unit.factor)


def _rounded(number: float) -> float:
    # 0.57 * 10,000 is not quite 5,700 in binary.
    return float(f"{number:.12g}")


@cache
def _found(header: str) -> tuple[str, Unit] | None:
    plain = unicodedata.normalize("NFKC", header).strip()
    for pattern in (_BRACKETED, _TAIL, _RUN_ON):
        match = pattern.search(plain if pattern is _BRACKETED else plain.casefold())
        if match is None or not plain[: match.start()].strip():
            continue
        unit = _read(match[1].strip(), bare=pattern is not _BRACKETED)
        if unit is not None:
            named = (plain[: match.start()] + plain[match.end() :]).strip(" /_:,-")
            # As in 人口 单位:万人.
            return _SAYS_UNIT.sub("", named) or named, unit
    return None


def _read(text: str, *, bare: bool) -> Unit | None:
    # As in ('000s), (×1000), (x 1,000) and (10^3).
    low = re.sub(r"10\^([2-6])", lambda power: str(10 ** int(power[1])), text.casefold().strip("'’‘`\" x×*")).strip()
    number = _NUMBER.fullmatch(low)
    if number and low:
        many, short = number["many"], number["short"]
        if many or short:
            return Unit(text, "number", _MANY[many] if many else _SHORT[short])
        # Without brackets a last word such as people is part of the name.
        return None if bare else Unit(text, "number")
    for kind, pattern in _OTHER.items():
        if pattern.fullmatch(low) and (not bare or kind in ("percent", "surface")):
            return Unit(text, kind)
    return None

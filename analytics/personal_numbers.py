"""Numbers of persons in a text: rows of digits, however they are parted and whatever signs they are written in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Literal

REGIONS = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91"
"""The first two digits of an id number (GB/T 2260)."""
DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
ID_18 = rf"(?:{REGIONS})[0-9]{{4}}(?:19|20)[0-9]{{2}}{DAY}[0-9]{{3}}[0-9Xx]"
ID_15 = rf"(?:{REGIONS})[0-9]{{4}}[2-9][0-9]{DAY}[0-9]{{3}}"
OLDEST_OF_15_DIGITS = 27
"""An id number of 15 digits with an earlier year of birth would be a centenarian's; region and day of a ticket look
so."""
MOBILE = r"(?:\+?86)?1[3-9][0-9]{9}"
LANDLINE = r"0(?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7}"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_MARK = "[A-HJ-NP-Z0-9]"
ONE_PLATE = rf"[{PROVINCES}][A-HJ-NP-Z](?:[DF]{_MARK}[0-9]{{4}}|[0-9]{{5}}[DF]|{_MARK}{{4}}(?:{_MARK}|[挂学警港澳]))"
_GAP = r"[\s·•.\-]{0,2}"
PLATE = re.compile(
    rf"[{PROVINCES}]{_GAP}[A-HJ-NP-Z]{_GAP}(?=(?:{_MARK}{_GAP}){{0,5}}[0-9])"
    rf"(?:[DF]{_GAP}{_MARK}{_GAP}[0-9]{{4}}|[0-9]{{5}}{_GAP}[DF]|(?:{_MARK}{_GAP}){{4}}(?:{_MARK}|[挂学警港澳]))(?![0-9A-Z])"
    rf"|WJ{_GAP}[{PROVINCES}]{_GAP}[0-9]{{4}}[0-9A-Z](?![0-9A-Z])"
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"

NumberKind = Literal["id_number", "phone", "landline", "bank_card"]

_CHINESE = dict(zip("零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖", "0012345678912123456789", strict=True))
_AS_DIGITS = str.maketrans(_CHINESE)
_APART = r"[\s\-_.·•,/()\[\]~|*:+＋—–―‐‑‒−]"
_RUN = re.compile(rf"[0-9]+(?:{_APART}{{1,3}}[0-9]+)*X?")
_GROUP = re.compile(r"[0-9]+")
_MOST_GROUPS = 40
_SHORTEST_CARD, _LONGEST_CARD = 13, 19
_WORTH_A_LOOK = re.compile(rf"{MOBILE}|{LANDLINE}|86[1-9][0-9]{{9}}|[0-9]{{{_SHORTEST_CARD}}}")
"""What all numbers hold that are told here, once nothing parts them."""
_OF_AN_AMOUNT = re.compile(r"\s*(?:元|万|亿|人|户|件|家|吨|平方|米|%|个|次|辆|台|CNY|RMB|YUAN)")
_CODE_OF = re.compile(r"(?:编码|代码|网格号|区划码|编号|单号|工单|CODE|GRID)[\s:为是]{0,3}$")
"""What stands before a number of the office's own. Only shapes without a check digit are believed to be one."""

_PHONE_GROUPS = {(11,), (3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (3, 3, 5), (3, 5, 3), (5, 6), (4, 7), (6, 5), (8, 3),
                 (3, 2, 2, 2, 2), (3, 4, 2, 2), (1,) * 11}  # fmt: skip
_DAY_WITHIN = re.compile(f"20[0-9]{{2}}{DAY}")
_LISTED = re.compile(r"[,/:*|]")
_PHONE_GROUPS_OF_LISTS = {(3, 4, 4), (1,) * 11}
"""Commas and strokes stand between the numbers of a list too."""
_LINE_GROUPS = {(3, 8), (4, 7), (4, 8), (3, 4, 4), (4, 4, 4), (4, 3, 4), (3, 7), (3, 3, 4)}
_A_REGION = re.compile(
    rf"(?:62(?:0[1-9]|1[0-2]|29|30)|(?!62)(?:{REGIONS})(?:0[1-9]|[12][0-9]|3[0-4]|5[1-3]|90))(?:[0-2][0-9]|3[0-2]|8[1-9])"
)
"""The code of a district; of Gansu, whose two digits most cards begin with, the cities are told one by one."""
_OF_A_TICKET = 2015
"""From this year on a day within a long number is one on which something was reported, where a low running number
follows; so is a child's id number, which its check digit alone does not tell from it."""


@dataclass(frozen=True)
class Number:
    """A person's number of a ``kind`` in a text."""

    kind: NumberKind


def plain(text: str) -> str:
    """A text as it is looked at: full-width, circled and foreign digits as 0–9, capitals, without signs that have no
    width or lie on others."""
    whole = unicodedata.normalize("NFKC", text).upper()
    if whole.isascii():
        return whole
    signs = (sign for sign in whole if unicodedata.category(sign) not in ("Cf", "Cc", "Mn", "Me") or sign in "\t\n\r")
    return "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in signs)


def digits_of(text: str) -> str:
    """A :func:`plain` text with its Chinese numerals as 0–9."""
    return text.translate(_AS_DIGITS)


def numbers_in(text: str) -> Iterator[Number]:
    """The numbers of persons in a :func:`plain` text; one may come several times."""
    in_digits = digits_of(text)
    forms = {text, in_digits, re.sub(r"(?<=[0-9])O|O(?=[0-9]{2})|(?<=[0-9]O)O", "0", _twice(in_digits))}
    for form in forms:
        for run in _RUN.finditer(form):
            before, after = form[: run.start()], form[run.end() :]
            yield from _in_run(run[0], before, after)
            for part in _LISTED.split(run[0]) if _LISTED.search(run[0]) else ():
                yield from _in_run(part, before, after)


def _twice(text: str) -> str:
    """The letter O within a number is a nought: every one of several in a row."""
    return re.sub(r"(?<=[0-9])O+(?=[O0-9])", lambda letters: "0" * len(letters[0]), text)


def _in_run(run: str, before: str, after: str) -> Iterator[Number]:
    tail = "X" if run.endswith("X") else ""
    groups = _GROUP.findall(run)
    if sum(map(len, groups)) < len("05701234567") - 1:
        return
    if not _WORTH_A_LOOK.search("".join(groups)):
        return
    listed = bool(_LISTED.search(run))
    decimal = _is_decimal(run)
    ends = list(accumulate(len(group) for group in groups))
    for first in range(len(groups)):
        for last in range(first, min(len(groups), first + _MOST_GROUPS)):
            length = ends[last] - (ends[first - 1] if first else 0)
            if length > len("0086") + _LONGEST_CARD:
                break
            if length < len("0101234567"):
                continue
            some = groups[first : last + 1]
            digits = "".join(some) + (tail if last == len(groups) - 1 else "")
            alone = first == 0 and last == len(groups) - 1
            counted = len(some) == 1 and (decimal or (alone and bool(_OF_AN_AMOUNT.match(after))))
            named = first == 0 and bool(_CODE_OF.search(before))
            whole = alone and not listed and len(groups) <= _MOST_GROUPS
            kind = _kind_of(digits, some, whole=whole, listed=listed and len(some) > 1, counted=counted, named=named)
            if kind:
                yield Number(kind)


def _is_decimal(run: str) -> bool:
    """0.13800000000 is a measure, and 13800000000.5 an amount."""
    return bool(re.fullmatch(r"(?:[0-9]{1,3}\.[0-9]{9,}|[0-9]{11,}\.[0-9]{1,2})", run))


def _kind_of(
    digits: str, groups: Sequence[str], *, whole: bool, listed: bool, counted: bool, named: bool
) -> NumberKind | None:
    if _is_id(digits, groups) or (not named and not counted and _is_old_id(digits, groups)):
        return "id_number"
    if not counted and _is_mobile(digits, groups, whole=whole, listed=listed):
        return "phone"
    if not counted and not listed and _is_landline(digits, groups):
        return "landline"
    return "bank_card" if not named and not counted and _is_card(digits, groups) else None


def _is_id(digits: str, groups: Sequence[str]) -> bool:
    if not re.fullmatch(ID_18, digits):
        return False
    if not is_day(digits[6:14]):
        return False
    if digits[6:8] == "19":
        # A wrong check digit is a slip of the pen; only parts of a list of numbers may come together by chance.
        return has_check_digit(digits) or tuple(map(len, groups)) in {(18,), (17,), (6, 8, 4), (6, 8, 3), (6, 4, 4, 4)}
    running = digits[14] == "0" and digits[-1] != "X"
    return has_check_digit(digits) and not (int(digits[6:10]) >= _OF_A_TICKET and running)


def _is_old_id(digits: str, groups: Sequence[str]) -> bool:
    if not re.fullmatch(ID_15, digits) or int(digits[6:8]) < OLDEST_OF_15_DIGITS:
        return False
    return is_day(f"19{digits[6:12]}") and tuple(map(len, groups)) in {(15,), (6, 6, 3), (6, 9)}


def _is_mobile(digits: str, groups: Sequence[str], *, whole: bool, listed: bool) -> bool:
    bare = re.fullmatch(r"(?:00)?(?:86)?(1[3-9][0-9]{9})", digits)
    if not bare:
        return False
    lengths = tuple(map(len, groups))
    if len(digits) > len(bare[1]):
        lead = len(digits) - len(bare[1])
        if lengths[0] == lead:
            lengths = lengths[1:]
        elif len(lengths) > 1 and lengths[:2] == (2, 2):
            lengths = lengths[2:]
        else:
            lengths = (lengths[0] - lead, *lengths[1:])
    if lengths in (_PHONE_GROUPS_OF_LISTS if listed else _PHONE_GROUPS):
        return True
    # A list of small numbers, and one that begins with a day.
    other = max(lengths) <= 2 or (lengths[0] == 4 and lengths[1:3] == (2, 2)) or _in_thousands(lengths)
    return whole and not other and not _DAY_WITHIN.search(digits)


def _in_thousands(lengths: Sequence[int]) -> bool:
    """13,800,000,000 is an amount."""
    return len(lengths) > 1 and lengths[0] <= 3 and set(lengths[1:]) == {3}


def _is_landline(digits: str, groups: Sequence[str]) -> bool:
    lengths = tuple(map(len, groups))
    if re.fullmatch(LANDLINE, digits):
        return lengths in _LINE_GROUPS or len(groups) == 1
    abroad = re.fullmatch(r"(?:00)?86(?P<line>(?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7})", digits)
    return bool(abroad) and len(groups) > 1 and groups[0] in ("86", "0086")


def _is_card(digits: str, groups: Sequence[str]) -> bool:
    """Whether digits are the number of a bank card: by its first digits, its length and Luhn's sum. Numbers of the
    office's own begin with the code of a region or a day, which a card's may too: then it is told by its groups."""
    if not digits.isdigit() or not _SHORTEST_CARD <= len(digits) <= _LONGEST_CARD or not passes_luhn(digits):
        return False
    union = re.match("62|60|9558|9559|955[0-9]", digits) and len(digits) >= 16
    others = re.match("4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|35", digits) and len(digits) == 16
    express = re.match("3[47]", digits) and len(digits) == 15 and len(groups) > 1
    if not (union or others or express):
        return False
    lengths = tuple(map(len, groups))
    if len(groups) > 1:
        return set(lengths[:-1]) in ({4}, {1}) or lengths[0] == 6 or lengths == (4, 6, 5)
    return not _holds_a_day(digits) and not (len(digits) == 16 and _begins_with_a_region(digits))


def _holds_a_day(digits: str) -> bool:
    return any(digits[at : at + 2] == "20" and is_day(digits[at : at + 8]) for at in (0, 6, 9, 12))


def _begins_with_a_region(digits: str) -> bool:
    return bool(_A_REGION.match(digits))


def is_day(digits: str) -> bool:
    """Whether eight digits are a day of the calendar (YYYYMMDD)."""
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True


def has_check_digit(digits: str) -> bool:
    """Whether 18 digits end with the check digit of the others."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=False))
    return CHECK_DIGITS[total % len(CHECK_DIGITS)] == digits[-1]


def passes_luhn(digits: str) -> bool:
    """Whether a number passes Luhn's sum (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * (2 if at % 2 else 1) for at, digit in enumerate(reversed(digits))]
    return sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0

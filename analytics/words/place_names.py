"""Place names in English: an office's own form, else pinyin as the standard writes it.

Specific parts follow GB/T 16159-2012 (joined, one capital, no tone marks, ü kept, an apostrophe before a, o and e);
the kind of area is translated: 兰汀社区桂帆网格 → Guifan Grid, Lanting Community.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

KINDS: Mapping[str, str] = {
    "网格": "Grid",
    "社区": "Community",
    "街道": "Subdistrict",
    "镇": "Town",
    "乡": "Township",
    "村": "Village",
}
"""How a name of an area ends, and what that is."""

CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_NUMBERED = re.compile(r"第?([0-9]+|[一二三四五六七八九十]+)号?")
_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九", start=1)}
_NEEDS_APOSTROPHE = "aoe"
_REMEMBERED = 100_000


def english_names(
    names: Mapping[str, str], parents: Mapping[str, str], official: Mapping[str, str], kept: Mapping[str, str]
) -> dict[str, str]:
    """All names in English, by code: the ``official`` one, else one that was ``kept`` before, else by pinyin; where two
    that are not official would be the same, each has its code. ``parents``: the code of the area that each lies in.
    """
    found: dict[str, str] = {}

    def named(code: str) -> str:
        if code not in found:
            above, found[code] = parents.get(code, ""), names[code]
            within = named(above) if above in names and above != code else ""
            found[code] = (
                official.get(code) or kept.get(code) or english_name(names[code], names.get(above, ""), within)
            )
        return found[code]

    for code in names:
        named(code)
    times = Counter(found.values())
    return {
        code: f"{told} ({code})" if times[told] > 1 and told not in (names[code], official.get(code)) else told
        for code, told in found.items()
    }


def english_name(name: str, parent: str = "", parent_in_english: str = "") -> str:
    """A name in English by pinyin, with that of its ``parent`` after it where the name itself begins with it; one
    without a Chinese character as it is.

    >>> english_name("兰汀社区桂帆网格", "兰汀社区", "Lanting Community")
    'Guifan Grid, Lanting Community'
    >>> english_name("花径一村社区第四网格", "花径一村社区"), english_name("长安街道"), english_name("St Mary's")
    ('Grid 4', 'Chang’an Subdistrict', "St Mary's")
    """
    if not CHINESE.search(name):
        return name
    own = name.strip()
    begins = bool(parent) and own.startswith(parent) and own != parent
    own = own.removeprefix(parent).strip() if begins else own
    told = _romanised(own)
    return f"{told}, {parent_in_english}" if begins and parent_in_english else told


def brief_english(name: str) -> str:
    """The specific part of an English name, as a map writes it; a numbered area keeps its kind.

    >>> brief_english("Guifan Grid, Lanting Community"), brief_english("Grid 4, Huajing Community")
    ('Guifan', 'Grid 4')
    """
    own = name.partition(", ")[0].strip()
    for kind in KINDS.values():
        if own.endswith(f" {kind}"):
            return own.removesuffix(f" {kind}")
    return own


@lru_cache(_REMEMBERED)
def _romanised(own: str) -> str:
    for ending, kind in KINDS.items():
        stem = own.removesuffix(ending)
        if stem == own or not stem:
            continue
        if numbered := _NUMBERED.fullmatch(stem):
            return f"{kind} {_number(numbered[1])}"
        # 一村 is a name, and 村 alone no kind of area.
        if len(stem) > 1 or len(ending) > 1:
            return f"{_pinyin(stem)} {kind}"
    return _pinyin(own)


def _number(written: str) -> int:
    """Up to ninety-nine, in Chinese or in digits."""
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)


def _pinyin(text: str) -> str:
    from pypinyin import lazy_pinyin

    parts = lazy_pinyin(text, v_to_u=True)
    joined = "".join(
        f"’{part}" if at and part[:1] in _NEEDS_APOSTROPHE and parts[at - 1][-1:].isalpha() else part
        for at, part in enumerate(parts)
    )
    return joined[:1].upper() + joined[1:]

"""What in a text a person typed, or in a name or a word that was read, is a person's: numbers of papers, telephones,
cards, accounts, plates and doors, in whatever dress they are written.

This is asked before a text enters a book that nothing is taken out of again. Id numbers: GB 11643-1999, 18 digits with
a day of birth and a check digit (ISO 7064 MOD 11-2), or the 15 digits of before 1999. Cards: ISO/IEC 7812 (Luhn).
Plates: GA 36-2018. What cannot be told and stays: a name in the midst of a sentence, a number in words of a language
without figures, a building or a venue that is named without a door.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, get_args

from analytics.errors import UserError
from analytics.personal_numbers import DAY, PLATE, digits_of, numbers_in, plain
from analytics.words import Phrase, phrase

Kind = Literal["id_number", "phone", "landline", "bank_card", "permit", "plate", "door", "account", "email"]
KINDS: tuple[Kind, ...] = get_args(Kind)

MASK = "■■■"
"""What stands for something that is not shown."""

OFFICE_LINES: tuple[Kind, ...] = ("landline",)
"""What the settings of an office may hold: its own line stands on its letterhead."""

_NOT_ALONE = r"(?<![0-9A-Z]){}(?![0-9A-Z])"
_YEAR = "20[0-9]{2}"
"""A letter and eight digits that begin with a year of this century are the number of a piece of work: G20261031."""

_EMAIL = re.compile(r"[0-9A-Z._%+\-]+\s?(?:@|\(AT\)|#AT#|\[AT\])\s?[0-9A-Z\-]+(?:\s?(?:\.|\(DOT\))\s?[0-9A-Z\-]+)+")
_PERMITS = (
    # Passports of China; permits for Hong Kong, Macau and Taiwan; home return permits.
    _NOT_ALONE.format(rf"[EGCWHM](?!{_YEAR})[0-9]{{8}}"),
    _NOT_ALONE.format(rf"[HM](?!{_YEAR})[0-9]{{10}}"),
    _NOT_ALONE.format(r"[EC][A-HJ-NP-Z][0-9]{7}"),
    # Permanent residence of foreigners, as it was until 2023.
    _NOT_ALONE.format(r"[A-Z]{3}[0-9]{6}(?:0[1-9]|1[0-2])[0-9]{4}"),
    rf"[军士海空北沈兰济南广成]字\s*第?\s*(?!{_YEAR})[0-9]{{6,8}}",
    rf"(?:护照|PASSPORT|通行证|回乡证|台胞证|居留证|居住证)[^0-9A-Z]{{0,8}}(?!{_YEAR})[A-Z]{{0,3}}[0-9]{{6,12}}(?![0-9])",
    r"(?:军官证|士兵证|警官证|残疾证|残疾人证|驾驶证|驾照|社保卡|医保卡)[^0-9A-Z]{0,8}[A-Z]{0,3}[0-9]{6,20}[A-Z]?",
)
_PERMIT = re.compile("|".join(_PERMITS))
_ID_TOLD = re.compile(
    r"(?:身份证|证件)(?:号码?)?(?:尾号|后[四4六6]位)[^0-9]{0,3}[0-9]{3,6}X?"
    r"|(?:身份证号码?|证件号码?|ID (?:NO|NUMBER|CARD)\.?)[^0-9]{0,4}[0-9]{6,18}X?"
)
_HIDDEN_IN_PART = re.compile(r"(?<![0-9])[0-9]{3,14}[*＊×XＸ■#]{3,14}[0-9]{2,4}X?(?![0-9])")
"""330802********1234, 138****1234: whoever knows the area soon knows the rest."""
_MOST_OF_A_PHONE = 7

_PHONE_LABEL = (
    r"(?:联系电话|电话号码?|手机号码?|联系方式|来电号码?|座机|电话|手机|(?<![A-Z])(?:TEL|PHONE|MOBILE)(?![A-Z]))"
)
_PHONE_TOLD = re.compile(
    rf"{_PHONE_LABEL}(?:是|为|号)?[\s:.]{{0,3}}(?!{_YEAR}{DAY})[2-8][0-9]{{2,3}}[\s\-]?[0-9]{{4}}(?![0-9])"
)
_PHONE_END = re.compile(rf"{_PHONE_LABEL}?(?:尾号|后[四4]位)(?:是|为)?[\s:]{{0,3}}[0-9]{{4}}(?![0-9])")
_CARD_TOLD = re.compile(
    r"(?:银行卡号?|卡号|银行账号|账号|帐号|储蓄卡|信用卡)[^0-9]{0,4}(?:[0-9][\s\-]?){12,19}(?![0-9])"
)
_ACCOUNT = re.compile(
    r"(?:微信号?|WECHAT|WEIXIN|(?<![A-Z])(?:VX|WX)(?=号|[\s:])|V信|薇信|加V|抖音号|快手号|支付宝(?:账号|号)?)"
    r"(?!公众号|群|小程序)(?:ID|号码?|是|为)?[\s:]{0,3}(?:[A-Z][0-9A-Z_\-]{5,19}|[0-9]{5,12})(?![0-9A-Z])"
    r"|(?<![A-Z])(?:QQ|扣扣|企鹅)(?:号码?|群号?|是|为)?[\s:]{0,3}[1-9][0-9]{4,10}(?![0-9])"
)
_DIGITS = "[0-9零〇一二三四五六七八九十百]"
_UNTIL = r"(?!\s*(?:[前后起止晚早至到线文]|之[前后]|上午|下午|开始|完成))"
_NO_STREET = "[道街巷通河管铁渠]"
"""What stands before the last sign of 道路, 街道 and the like: they have no numbers, but a day may follow them."""
_DOOR = re.compile(
    rf"{_DIGITS}+\s*单元(?!网)\s*(?:{_DIGITS}|$|[^0-9])"
    r"|[0-9]{3,4}\s*室"
    rf"|{_DIGITS}+\s*(?:幢|栋|座|号楼)\s*-?\s*[0-9]{{3,4}}(?![0-9]|户|人|[元件家个米平])"
    r"|(?<![0-9\-])[0-9]{1,2}\s*[-#]\s*[0-9]\s*[-#]\s*[0-9]{3,4}(?![0-9\-])"
    r"|[0-9]+\s*弄\s*[0-9]+\s*号"
    rf"|(?:(?<!{_NO_STREET})[路街巷弄道]|(?<!公)里)\s*[0-9]{{1,4}}\s*号(?!楼)"
    rf"|(?<={_NO_STREET})[路街巷弄道]\s*[0-9]{{1,4}}\s*号(?!楼){_UNTIL}"
)
_ROOM = re.compile(rf"[0-9]{{3,4}}\s*室|单元\s*{_DIGITS}{{3,4}}|(?:幢|栋|座|号楼)\s*-?\s*[0-9]{{3,4}}")
_WORTH_A_LOOK = re.compile(
    r"[0-9零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺]|@|\(AT\)|#AT#|\[AT\]|微信|WECHAT|WEIXIN|V信|薇信|加V|VX|WX"
)


def kinds_in(text: str) -> tuple[Kind, ...]:
    """What of a person a text holds, in the order of :data:`KINDS`; nothing where it holds nothing.

    >>> kinds_in("联系138 0000 1234")
    ('phone',)
    >>> kinds_in("工单GD-2041，街办〔2026〕12号，热线12345")
    ()
    """
    seen = plain(text)
    if not _WORTH_A_LOOK.search(seen):
        return ()
    found = {*_told(seen), *(number.kind for number in numbers_in(seen))}
    return tuple(kind for kind in KINDS if kind in found)


def holds_a_person(text: str) -> bool:
    """Whether :func:`kinds_in` finds anything in a text."""
    return bool(kinds_in(text))


def holds_a_person_or_room(text: str) -> bool:
    """The same of the name of an area, which may be that of a house: a door is told only where it is a room's."""
    found = kinds_in(text)
    return bool(set(found) - {"door"}) or ("door" in found and bool(_ROOM.search(plain(text))))


def require_impersonal(field: Phrase, text: str, error: type[UserError], allowed: tuple[Kind, ...] = ()) -> None:
    """Raise ``error`` where a text holds something of a person that is not ``allowed``: it says the ``field`` and what
    kind of thing was seen. What was seen is not repeated."""
    found = [kind for kind in kinds_in(text) if kind not in allowed]
    if found:
        raise error(refusal(field, found))


def refusal(field: Phrase, kinds: list[Kind]) -> Phrase:
    """The sentence which says that a ``field`` holds something of a person."""
    return phrase("personal.refused", field=field, kinds=[phrase(f"personal.{kind}") for kind in kinds])


def _told(seen: str) -> Iterator[Kind]:
    """What is told by a label, a sign or a shape of letters."""
    as_digits = digits_of(seen)
    for kind, pattern in (
        ("id_number", _ID_TOLD), ("phone", _PHONE_END), ("landline", _PHONE_TOLD), ("bank_card", _CARD_TOLD),
        ("permit", _PERMIT), ("plate", PLATE), ("door", _DOOR), ("account", _ACCOUNT), ("email", _EMAIL),
    ):  # fmt: skip
        if pattern.search(seen) or (kind in ("landline", "permit") and pattern.search(as_digits)):
            yield kind
    for part in _HIDDEN_IN_PART.finditer(seen):
        known = len(re.sub("[^0-9]", "", part[0]))
        if known >= _MOST_OF_A_PHONE - 1 or len(part[0]) in (15, 18):
            yield "phone" if part[0].startswith("1") and len(part[0]) == len("13800000000") else "id_number"

"""What a person types before it enters a book that nothing is taken out of again: it may say nothing of a person.

Numbers and doors are those that no cell of a file may hold (`loaders.private`), and a label before a colon is held
against the headers that no file may bring. A name in the midst of a sentence cannot be told; one that stands where a
post has to can.
"""

from __future__ import annotations

import re
import unicodedata

from analytics.errors import LedgerError
from analytics.loaders.columns import is_private
from analytics.loaders.private import looks_personal, names_a_door
from analytics.scheme import Scheme
from analytics.words import phrase

LONGEST_POST = 40

_LABEL = re.compile(r"([^\s:：,，。;；、()（）]+)\s*[:：]")
_OF_TEXTS = re.compile(r".*(?:备注|说明|描述|意见|结果|情况|notes?|remarks?|description)", re.IGNORECASE)
"""Headers of columns that are refused since they are texts: here a text is what is asked for."""

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_CALLED = "主任|书记|所长|队长|站长|科长|局长|处长|组长|经理|主席|镇长|先生|女士|同志|师傅|老师|医生|警官|某|某某"
_POST = re.compile(
    r".*(?:[办站所队组科局委院室部处会岗员长镇村乡区厅股段园店庭警班]|中心|网格|街道|公司|领导|主任|书记)"
)
"""What a Chinese post or department ends with."""
_NAME = re.compile(rf"(?:[{_SURNAMES}]|欧阳|上官|司马|诸葛)[一-鿿]{{1,2}}")
_NAME_CALLED = re.compile(rf"(?:[{_SURNAMES}]|(?:欧阳|上官|司马|诸葛)[一-鿿]?)(?:{_CALLED})|[小老][{_SURNAMES}]")
_AFTER_A_POST = re.compile(rf".*(?:网格长|网格员|民警|{_CALLED})({_NAME.pattern})")
"""网格长张三: the name is what follows."""
_BETWEEN = re.compile(r"[\s、，,；;/]+")


def tidy(name: str, text: str, longest: int) -> str:
    """The ``text`` of the field ``name`` on one line.

    Raises :class:`LedgerError` for one of more than ``longest`` characters, with signs that are not seen, or with a
    number, a door or a label of a person.
    """
    text = " ".join(text.split())
    told = {"field": phrase(f"tasks.field_{name}")}
    if len(text) > longest:
        raise LedgerError.because("tasks.too_long", **told, most=longest, length=len(text))
    if hidden := sorted({f"U+{ord(sign):04X}" for sign in text if unicodedata.category(sign)[0] == "C"}):
        raise LedgerError.because("tasks.hidden_sign", **told, signs=hidden)
    if looks_personal(text) or names_a_door(text):
        raise LedgerError.because("tasks.personal", **told)
    labels = [found for found in _LABEL.findall(text) if is_private(found) and not _OF_TEXTS.fullmatch(found)]
    for label in labels[:1]:
        raise LedgerError.because("tasks.personal_label", **told, label=label)
    return text


def tidy_post(name: str, text: str, longest: int) -> str:
    """The same of a post or a department; raises :class:`LedgerError` for what is a Chinese person's name too."""
    text = tidy(name, text, longest)
    if any(map(_names_a_person, _BETWEEN.split(text))):
        raise LedgerError.because("tasks.person_named", field=phrase(f"tasks.field_{name}"))
    return text


def require_posts(scheme: Scheme) -> None:
    """Raise :class:`LedgerError` where a person stands for the post that answers for a tier: a scheme that was saved
    stays, and its posts are printed."""
    for action in scheme.measures.values():
        for text in (action.post.zh, action.post.en) if action.post else ():
            tidy_post("post", text, LONGEST_POST)


def _names_a_person(part: str) -> bool:
    if _NAME_CALLED.fullmatch(part):
        return True
    after = _AFTER_A_POST.fullmatch(part)
    told = after.group(1) if after else part
    return bool(_NAME.fullmatch(told)) and not _POST.fullmatch(told)

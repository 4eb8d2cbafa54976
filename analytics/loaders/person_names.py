"""Names of persons where a post or a department is to stand. A name in the midst of a sentence cannot be told; one that
stands where a post has to can."""

from __future__ import annotations

import re

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


def names_a_person(text: str) -> bool:
    """Whether one of the posts of a ``text``, which has one or several, is a Chinese person's name, or ends in one."""
    return any(map(_is_name, _BETWEEN.split(text)))


def _is_name(part: str) -> bool:
    if _NAME_CALLED.fullmatch(part):
        return True
    after = _AFTER_A_POST.fullmatch(part)
    told = after.group(1) if after else part
    return bool(_NAME.fullmatch(told)) and not _POST.fullmatch(told)

"""Names of persons where a post or a department is to stand. A name in the midst of a sentence cannot be told; one that
stands where a post has to can.

What cannot be told and stays: a rare surname, a name that ends as a post or a place does (within brackets, where the
place of a post stands: 高桥, 马连道), one of four characters, one before a title (方庄书记 may be of a place), English
names without a title whose first name is not among the frequent ones, and names in small letters."""

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
_FAMILIAR = rf"[小老][{_SURNAMES}]"
_NAME_CALLED = re.compile(rf"(?:[{_SURNAMES}]|(?:欧阳|上官|司马|诸葛)[一-鿿]?)(?:{_CALLED})|{_FAMILIAR}")
_UNIT = "[办站所队组科局委院室部处会]|中心|社区|街道|公司|物业|网格"
_AFTER_A_POST = re.compile(rf".*(?:网格长|网格员|楼栋长|民警|{_CALLED}|{_UNIT})({_NAME.pattern}|{_FAMILIAR})")
"""网格长张三, 城管办张三: the name is what follows."""
_HONOUR = re.compile(r"(.+?)(?:同志|先生|女士|师傅|老师)")
_PLACE = re.compile(r".*[庄桥道路里山河湖江门寺坊巷湾岭塘家林苑城楼港口坪沟坡营屯集铺街园村东西南北]")
"""What the name of a place ends with."""
_BETWEEN = re.compile(r"[\s、，,；;/]+")
_BRACKETS = re.compile(r"[（(【\[]([^）)】\]]*)[）)】\]]?")

_FIRST_NAMES = (
    "James|John|Robert|Michael|David|William|Richard|Joseph|Thomas|Charles|Christopher|Daniel|Matthew|Anthony|Mark|"
    "Steven|Paul|Andrew|Joshua|Kenneth|Kevin|Brian|George|Edward|Peter|Simon|Stephen|Alan|Ian|Mary|Patricia|Jennifer|"
    "Linda|Elizabeth|Barbara|Susan|Jessica|Sarah|Karen|Nancy|Lisa|Margaret|Sandra|Ashley|Emily|Emma|Helen|Anna|Laura|"
    "Jane|Julia|Alice|Tom|Tim|Bob|Mike|Jim|Joe|Jack|Amy|Kate"
)
_PINYIN = (
    "Wang|Li|Zhang|Liu|Chen|Yang|Huang|Zhao|Wu|Zhou|Xu|Sun|Ma|Zhu|Hu|Guo|He|Lin|Gao|Luo|Zheng|Liang|Xie|Song|Tang|Deng|"
    "Feng|Han|Cao|Zeng|Peng|Xiao|Cai|Pan|Tian|Dong|Yuan|Yu|Jiang|Du|Ye|Cheng|Wei|Su|Lu|Ding|Ren|Shen|Yao"
)
_OF_A_POST = (
    "Street|Road|Lane|Village|Town|Community|Grid|Team|Group|Office|Officer|Leader|Station|Centre|Center|Committee|Police|"
    "Fire|Health|Safety|Hospital|School|Clinic|Ambulance|Bureau|Department|District|Manager|Director|Secretary|Chief|"
    "Head|Ward|Court|House|Building|Park|Estate|Church|Service|Services|Duty|Property|Subdistrict|Neighbourhood"
)
_ENGLISH = re.compile(
    rf"\b(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? ?[A-Z][a-z]+|(?:{_FIRST_NAMES}|{_PINYIN}) (?!(?:{_OF_A_POST})\b)[A-Z][a-z]+)\b"
)


def names_a_person(text: str) -> bool:
    """Whether one of the posts of a ``text``, which has one or several, is a person's name, or ends in one; or an
    English name stands in it."""
    if _ENGLISH.search(text):
        return True
    outside, inside = _BRACKETS.sub(" ", text), " ".join(_BRACKETS.findall(text))
    return any(map(_is_name, _BETWEEN.split(outside))) or any(
        _is_name(part) and not _PLACE.fullmatch(part) for part in _BETWEEN.split(inside)
    )


def is_a_post(text: str) -> bool:
    """Whether a Chinese text ends as posts and departments do, and names nobody."""
    return bool(_POST.fullmatch(text)) and not names_a_person(text)


def _is_name(part: str) -> bool:
    if _NAME_CALLED.fullmatch(part):
        return True
    if (honoured := _HONOUR.fullmatch(part)) and _is_name(honoured.group(1)):
        return True
    after = _AFTER_A_POST.fullmatch(part)
    told = after.group(1) if after else part
    if re.fullmatch(_FAMILIAR, told):
        return True
    return bool(_NAME.fullmatch(told)) and not _POST.fullmatch(told)

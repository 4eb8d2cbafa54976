"""Texts that enter the ledger: nothing of a person, and a post where a post has to be."""

import pytest

from analytics.errors import LedgerError
from analytics.store.free_text import require_reason, tidy, tidy_post
from analytics.words import LANGUAGES
from tests.harmless_texts import PLAIN, reasons


@pytest.mark.parametrize(
    "text",
    [
        "12栋消防通道堵塞，10月31日前清理", "街办〔2026〕12号", "工单GD-2041回访", "说明：已整改13家", "备注：无",
        "会议要求：三日内完成", "Clear the stairwell by Friday", "满意率由82.5%升至90%",
    ],
)  # fmt: skip
def test_what_an_office_writes_stays(text):
    assert tidy("content", f" {text}\n", 120) == text


def test_no_reason_of_an_office_is_refused():
    labelled = (
        "责任人：网格长",
        "负责人：城管办主任",
        "联系人：东桥社区居委会",
        "电话：12345",
        "电话：110",
        "原因：升级",
    )
    for text in (*PLAIN, *reasons(11, 400), *labelled):
        require_reason(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("电话13800000000", "a mobile number"),
        ("房主 138 0000 0000", "a mobile number"),
        ("11010519491231002X", "an ID number"),
        ("浙A12345停在通道", "a number plate"),
        ("3号楼2单元501室", "a door number"),
        ("联系人：某户", "“联系人”"),
        ("负责人：张三", "“负责人”"),
        ("责任人：网格长张三", "“责任人”"),
        ("身份证号: 不详", "“身份证号”"),
        ("phone: unknown", "“phone”"),
        ("甲\u200e乙", "U+200E"),
        ("字" * 121, "121 characters; 120 are allowed"),
    ],
)
def test_what_tells_of_a_person_or_cannot_be_seen_is_refused(text, said):
    with pytest.raises(LedgerError) as refused:
        tidy("content", text, 120)
    assert said in refused.value.text("en")
    assert "未写入" in refused.value.text("zh")
    for lang in LANGUAGES:
        assert text not in refused.value.text(lang)  # what is refused is not repeated


@pytest.mark.parametrize(
    "post",
    [
        "网格长",
        "包联领导",
        "健康组",
        "城管办",
        "安监办",
        "林业站",
        "白云派出所",
        "金陵消防救援站",
        "向阳社区",
        "第二网格",
        "消防专班",
        "城管",
        "Grid leader",
        "平安办、派出所",
        "石桥书记",
        "高新办",
        "",
        "网格长、民警",
        "第三网格 网格员",
        "社区书记 高新区",
        "网格长（杏林网格）",
        "社区书记（朝岭社区）",
        "网格长（高桥）",
        "网格长（马连道）",
        "流动人口服务站",
        "综治中心",
        "值班领导",
        "楼栋长",
        "物业经理",
        "安全员",
        "社区党委书记",
        "党建办主任",
        "城管办副主任",
        "综合行政执法队队长",
        "社区民警",
        "司法所",
        "市场监管所",
        "卫生服务中心",
        "社区居委会主任",
        "消防安全专干",
        "社区工作者",
        "物业公司",
        "物业服务中心经理",
        "街道应急办",
        "街道分管领导",
        "社区石榴籽服务队",
        "党员先锋岗",
        "社区老年服务站",
        "小区物业经理",
        "网格员（白班）",
        "消防队白班",
        "社区水电组",
        "办公室",
        "人大工委",
        "武装部部长",
        "安监站站长",
        "楼门长",
        "志愿者",
        "党员同志",
        "社区医生",
        "Duty officer of the fire team",
        "Fire Team",
        "Street Office",
        "Police Station",
        "Grid Leader",
        "Head of Safety",
        "Yang Community",
        "Health Team (Ma Street)",
        "St John Ambulance",
        "Li Village Grid Leader",
    ],
)
def test_a_post_or_a_department_stays(post):
    assert tidy_post("post", post, 40) == post


@pytest.mark.parametrize(
    "name",
    [
        "王小明",
        "李四",
        "王主任",
        "张师傅",
        "陈某",
        "欧阳明",
        "李长青",
        "赵先生",
        "欧阳锋主任",
        "小王",
        "网格长张三",
        "第三网格 王小明",
        "王小明、李四",
        "社区民警李长青",
        "网格长小李",
        "张伟（网格长）",
        "网格长（张伟）",
        "网格长（王主任）",
        "城管办张伟",
        "平安办老周",
        "健康组王小明",
        "社区张伟",
        "网格长李四光同志",
        "张伟同志",
        "楼栋长王强",
        "John Smith",
        "Grid leader John Smith",
        "Zhang Wei",
        "Mr. Brown",
    ],
)
def test_a_person_is_no_post(name):
    with pytest.raises(LedgerError, match="looks like a person") as refused:
        tidy_post("post", name, 40)
    assert name not in refused.value.text("zh")

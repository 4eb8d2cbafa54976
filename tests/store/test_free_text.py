"""Texts that enter the ledger: nothing of a person, and a post where a post has to be."""

import pytest

from analytics.errors import LedgerError
from analytics.store.free_text import tidy, tidy_post
from analytics.words import LANGUAGES


@pytest.mark.parametrize(
    "text",
    [
        "12栋消防通道堵塞，10月31日前清理", "街办〔2026〕12号", "工单GD-2041回访", "说明：已整改13家", "备注：无",
        "会议要求：三日内完成", "Clear the stairwell by Friday", "满意率由82.5%升至90%",
    ],
)  # fmt: skip
def test_what_an_office_writes_stays(text):
    assert tidy("content", f" {text}\n", 120) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("电话13800000000", "phone, ID, plate or door number"),
        ("房主 138 0000 0000", "phone, ID, plate or door number"),
        ("11010519491231002X", "phone, ID, plate or door number"),
        ("浙A12345停在通道", "phone, ID, plate or door number"),
        ("3号楼2单元501室", "phone, ID, plate or door number"),
        ("联系人：某户", "“联系人”"),
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
        "网格长", "包联领导", "健康组", "城管办", "安监办", "林业站", "白云派出所", "金陵消防救援站", "向阳社区",
        "第二网格", "消防专班", "城管", "Grid leader", "平安办、派出所", "石桥书记", "高新办", "",
        "网格长、民警", "第三网格 网格员", "社区书记 高新区",
    ],
)  # fmt: skip
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
    ],
)
def test_a_person_is_no_post(name):
    with pytest.raises(LedgerError, match="looks like a person") as refused:
        tidy_post("post", name, 40)
    assert name not in refused.value.text("zh")

"""Orders as they are loaded: what each row says, and what is refused with which sentence."""

import pandas as pd
import pytest

from analytics.loaders.ids import IdHash
from analytics.loaders.load import Known, load_table
from tests.loaders.files_of_records import TODAY

AREAS = "area_id,name,level,parent_id\nS1,衢化街道,street,\nG1,甲网格,grid,S1\nG2,乙网格,grid,S1\n"


def load(text):
    ids = IdHash(bytes(32))
    known = Known(load_table("areas", ("areas.csv", AREAS.encode()), TODAY, ids, Known()).frame)
    return load_table("orders", ("orders.csv", text.encode()), TODAY, ids, known)


HEADS = "提级令编号,不低于等级,区域编码,依据,起始日期,截止日期,措施,适用方案\n"
GOOD = "T1,橙色,,街办〔2020〕31号,2020-02-14,2020-02-20,每日巡查,\n"


def test_a_row_is_an_order_of_all_areas_or_of_one_and_its_last_day_may_lie_ahead():
    found = load(
        f"{HEADS}{GOOD}T2,Yellow,G1,防汛预案,2020-02-15,2020-03-09,,epidemic\nT3,红,衢化街道,预案,2020-02-15,2020-02-15,,\n"
    )
    assert found.report.refused == ()
    rows = found.frame.astype(object).where(found.frame.notna(), None).to_dict("records")
    assert rows[0] == {
        "order_id": "T1", "at_least": "orange", "area_id": None, "basis": "街办〔2020〕31号",
        "from_day": pd.Timestamp("2020-02-14"), "to_day": pd.Timestamp("2020-02-20"), "measure": "每日巡查",
        "scheme": None,
    }  # fmt: skip
    assert [(row["order_id"], row["at_least"], row["area_id"], row["scheme"]) for row in rows[1:]] == [
        ("T2", "yellow", "G1", "epidemic"),
        ("T3", "red", "S1", None),
    ]
    assert any(
        "epidemic" in note.text("zh") and "须与方案的标识或名称完全一致" in note.text("zh")
        for note in found.report.notes
    )


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("T2,绿色,,预案,2020-02-14,2020-02-20,,", "“绿色”不是提级令的等级；请填红、橙、黄或蓝。"),
        ("T2,很高,,预案,2020-02-14,2020-02-20,,", "“很高”不是提级令的等级；请填红、橙、黄或蓝。"),
        ("T2,红,,预案,2020-02-14,2020-02-13,,", "截止日期2020年2月13日早于起始日期2020年2月14日。"),
        ("T2,红,G9,预案,2020-02-14,2020-02-20,,", "区域编码“G9”不在区域文件中，请与区域文件核对。"),
        ("T2,红,,,2020-02-14,2020-02-20,,", "“依据”为空"),
        (",红,,预案,2020-02-14,2020-02-20,,", "“提级令编号”为空"),
        ("T2,红,,预案,2020-02-14,,,", "“截止日期”为空"),
        ("T1,红,,预案,2020-02-14,2020-02-20,,", "涉及多个区域的，每个区域一行"),
    ],
)
def test_a_wrong_row_is_refused_with_a_sentence_and_the_others_are_kept(row, told):
    found = load(f"{HEADS}{GOOD}{row}\n")
    assert found.frame["order_id"].tolist() == ["T1"]
    (refused,) = found.report.refused
    assert refused.line == 3
    assert told in refused.reason.text("zh")
    assert refused.reason.text("en")

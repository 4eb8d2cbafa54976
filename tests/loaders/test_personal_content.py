import random

import pandas as pd
import pytest

from analytics.errors import LoadError
from analytics.loaders import Known, Reading, load_table
from analytics.loaders.columns import is_private
from analytics.loaders.private import MASK, is_personal_column, looks_personal
from tests.loaders.files_of_records import IDS, INCIDENTS, TODAY, load, reasons, repairs

RANDOM = random.Random(11)


def id_number():
    birth = f"19{RANDOM.randint(40, 99)}0{RANDOM.randint(1, 9)}1{RANDOM.randint(0, 9)}"
    body = f"{RANDOM.choice([110101, 330802, 510104])}{birth}{RANDOM.randint(0, 999):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


NUMBERS = {
    "ID numbers": [id_number() for _ in range(8)],
    "old ID numbers": ["330802470315001", "330802620930123", "110101550101017"],
    "mobiles": ["13800000000", "15912345678", "19912345678"],
    "mobiles with hyphens": ["138-0000-0000", "159-1234-5678"],
    "mobiles with the country": ["+8613800000000", "+86 159 1234 5678"],
    "landlines": ["0570-3021234", "(0571)88888888", "010 65551234"],
    "plates": ["浙H12345", "浙HD12345", "沪A·F1234", "京A12345D", "粤Z1234港"],
    "full-width": ["１３８００００００００", "１５９１２３４５６７８"],
    "in a text": ["张三13800000000", "李四 15912345678"],
}


@pytest.mark.parametrize("cells", NUMBERS.values(), ids=NUMBERS)
def test_a_column_of_such_numbers_is_known_by_its_content(cells):
    assert is_personal_column(pd.Series(cells * 5, dtype="str"))
    assert is_personal_column(pd.Series([*cells, *[""] * 100], dtype="str"))
    assert all(map(looks_personal, cells))


@pytest.mark.parametrize(
    "cells",
    [
        [f"330802{n:06d}" for n in range(200)],
        [f"330802001001{n:06d}" for n in range(200)],
        [f"33080220200215{n:04d}" for n in range(500)],
        [f"20200215{n:010d}" for n in range(500)],
        [f"330802200215{n:03d}" for n in range(500)],
        [f"{n * 37}" for n in range(500)],
        [f"{8_500_000_000 + n * 9_000_000}" for n in range(500)],
        ["2020-02-15 08:30:00"] * 50,
        ["发热", "噪声", "古树名木"] * 20,
        [],
    ],
)
def test_codes_running_numbers_and_figures_are_not_mistaken_for_persons(cells):
    assert not is_personal_column(pd.Series(cells, dtype="str"))


@pytest.mark.parametrize("cells", NUMBERS.values(), ids=NUMBERS)
def test_such_a_column_is_refused_under_any_header(cells):
    lines = "".join(f"{n},G1,2020-02-15,发热,{cell},{cell}\n" for n, cell in enumerate(cells))
    records, reports = load(incidents=f"{INCIDENTS.strip()},渠道,cases\n" + lines)
    report = reports["incidents"]
    assert report.dropped_private == ("渠道", "cases")
    assert records.incidents["channel"].isna().all()
    everything = records.incidents.to_csv() + str(report) + report.marked.to_csv()
    assert not any(cell in everything for cell in cells)


def test_a_needed_column_that_is_refused_for_its_content_ends_the_load_with_one_sentence():
    with pytest.raises(LoadError, match=r"“category” of .* should hold “Category”.* was not read") as caught:
        load(incidents=INCIDENTS + "1,G1,2020-02-15,13800000000\n2,G1,2020-02-15,15912345678\n")
    assert "138" not in str(caught.value)


def test_a_single_such_cell_among_words_is_left_blank_or_refused_and_masked():
    rows = "".join(f"{n},G1,2020-02-15,发热,巡查\n" for n in range(200))
    text = f"{INCIDENTS.strip()},渠道\n{rows}x,G1,2020-02-15,发热,找张三13800000000\ny,G1,2020-02-15,浙H12345,巡查\n"
    records, reports = load(incidents=text)
    report = reports["incidents"]
    assert list(repairs(report)) == [202]
    assert list(reasons(report)) == [203]
    assert records.incidents["channel"].isna().sum() == 1
    assert (report.marked == MASK).to_numpy().sum() == 2
    everything = records.incidents.to_csv() + str(report) + report.marked.to_csv()
    assert "13800000000" not in everything
    assert "浙H12345" not in everything


def test_a_phone_number_in_the_place_of_an_area_code_is_not_quoted():
    rows = "".join(f"{n},G1,2020-02-15,发热\n" for n in range(20))
    _, reports = load(incidents=f"{INCIDENTS}{rows}x,13800000000,2020-02-15,发热\n")
    report = reports["incidents"]
    assert report.unmatched[0].written == MASK
    assert "13800000000" not in str(report) + report.marked.to_csv() + reasons(report)[22]


def test_running_text_in_a_column_of_words_is_refused():
    rows = "".join(f"{n},G1,2020-02-15,发热,{n}号楼的住户反映楼上夜间噪声很大多次劝说无效\n" for n in range(30))
    records, reports = load(incidents=f"{INCIDENTS.strip()},渠道\n{rows}")
    assert reports["incidents"].dropped_private == ("渠道",)
    assert records.incidents["channel"].isna().all()


HEADERS = """
聯繫電話 電話 姓　名 車牌號 詳細地址 備註 處置結果 護照號 門牌號 婚姻狀況 精神障礙 刑滿釋放 問題描述 氏名
전화번호 телефон ＰＨＯＮＥ Tel. tel： 手—机—号 姓/名 Xing_Ming shenfenzheng shou_ji_hao DIZHI lianxidianhua chepaihao
E-mail Ｐｈｏｎｅ＿Ｎｏ． DESCRIPTIO
"""


@pytest.mark.parametrize("header", [*HEADERS.split(), "联 系 电 话", "联\u200b系\u200b电话", "Xing Ming", "姓 名"])
def test_a_refused_header_is_known_in_any_script_and_spacing(header):
    assert is_private(header)


def test_nobody_can_choose_a_refused_header_for_a_column():
    areas = load()[0].areas
    text = ("i.csv", f"{INCIDENTS.strip()},姓名\n1,G1,2020-02-15,发热,张三\n".encode())
    for columns, said in [
        ({"channel": "姓名"}, "personal data"),
        ({"channel": "来源"}, "has no column"),
        ({"hobby": "姓名"}, "not a column of this kind"),
    ]:
        with pytest.raises(LoadError, match=said):
            load_table("incidents", text, TODAY, IDS, Known(areas), Reading(columns=columns))


def test_a_file_without_a_header_does_not_quote_its_first_person():
    with pytest.raises(LoadError) as caught:
        load(incidents="张三,13800000000,330802194703150013\n李四,15912345678,330802194703150014\n")
    assert "13800000000" not in str(caught.value)

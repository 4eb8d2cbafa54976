import re
from pathlib import Path

import pytest

from analytics.loaders import TABLES
from analytics.loaders.columns import is_private, recognise
from tests.loaders.files_of_records import AREAS, load

# The refuse list of the design, with an example for each of its wildcards.
REFUSED = (
    "姓名",
    "身份证号",
    "证件号",
    "护照号码",
    "唯一标识",
    "联系电话",
    "手机号",
    "详细门牌",
    "门牌号",
    "户号",
    "户编号",
    "房主姓名",
    "房东",
    "业主电话",
    "联系人",
    "报警人",
    "上报人",
    "来电号码",
    "车牌号码",
    "照片",
    "是否重点人员",
    "重点类别",
    "宗教信仰",
    "健康状况",
    "政治面貌",
    "民族",
    "婚姻状况",
    "刑满释放",
    "精神障碍",
    "社区戒毒",
    "社会矫正",
    "稳控对象",
    "上访人员",
    "问题描述",
    "事件描述",
    "备注",
    "转办意见",
    "处置结果",
    "详细地址",
    "name",
    "id_number",
    "phone",
    "address",
    "description",
    "notes",
)

MARKER = "Zzmarker"


@pytest.mark.parametrize("header", REFUSED)
def test_each_refused_header_is_known_however_it_is_written(header):
    wide = "".join(chr(ord(mark) + 0xFEE0) if "!" <= mark <= "~" else mark for mark in header)
    for written in (header, header.upper(), f" {header[0]} {header[1:]} ", f"{header}（选填）", f"*{header}", wide):
        assert is_private(written), written


@pytest.mark.parametrize("table", TABLES)
def test_no_refused_header_is_a_column_of_a_table_save_the_name_of_an_area_a_team_or_a_holiday(table):
    kept = {REFUSED[place] for place in recognise(table, REFUSED).columns.values()}
    assert kept == ({"name"} if table in ("areas", "teams", "holidays") else set())


@pytest.mark.parametrize("header", ["网格员数", "报警数", "contacts", "投诉人数", "场所数", "cases_per_1000"])
def test_a_header_of_area_counts_is_not_taken_for_a_private_one(header):
    assert not is_private(header)


def test_what_stands_under_a_refused_header_is_found_nowhere():
    private = [header for header in REFUSED if header != "name"]
    headers, cells = ",".join(private), ",".join(f"{MARKER}{n}" for n in range(len(private)))
    good = {
        "areas": ("area_id,name,level", "G1,一号网格,网格"),
        "residents": ("area_id,count", "G1,1"),
        "incidents": ("incident_id,area_id,occurred_at,category", "1,G1,2020-02-15,fever"),
        "places": ("place_id,area_id,kind", "P1,G1,shop"),
        "checks": ("check_id,area_id,kind,checked_at,outcome", "1,G1,visit,2020-02-15,done"),
        "teams": ("team_id,name,members", "T1,组团,5"),
        "holidays": ("day,working", "2020-02-15,否"),
        "given_values": ("area_id,day,指数", "G1,2020-02-15,7"),
        "agreements": ("table,every", "incidents,每日"),
        "reports": ("table,from", "incidents,2020-02-15"),
        "orders": ("order_id,at_least,area_id,basis,from_day,to_day", "T1,red,G1,预案,2020-02-15,2020-02-16"),
    }
    files = {
        table: f"{header},{headers}\n{row},{cells}\n{row.replace('G1', 'G9')},{cells}\n{row},{cells}\n{row}\n"
        for table, (header, row) in good.items()
    }
    records, reports = load(**files)
    for table in TABLES:
        frame = getattr(records, table)
        assert MARKER not in frame.to_csv()
        assert not set(frame) & set(private)
        assert MARKER not in str(reports[table])
        assert reports[table].dropped_private == tuple(private)
        assert reports[table].refused


def test_a_phone_number_of_an_area_is_no_indicator():
    records, reports = load(areas="area_id,网格长手机,cases\nG1,13800000000,4\n")
    assert "cases" in records.areas
    assert reports["areas"].dropped_private == ("网格长手机",)
    assert "13800000000" not in records.areas.to_csv()


def test_a_long_value_is_cut_before_it_is_quoted():
    _, reports = load(
        areas=AREAS,
        incidents="incident_id,area_id,occurred_at,category\n1,G1,2020-02-15,x\n2," + "Q" * 90 + ",2020-02-15,x\n",
    )
    (row,) = reports["incidents"].refused
    assert max(map(len, re.findall("Q+", row.reason.text("zh")))) == 39


def test_this_room_knows_no_other_room_than_words_errors_kinds_of_files_and_the_offices_calendar():
    room = Path(__file__).parents[2] / "analytics" / "loaders"
    imports = set(
        re.findall(r"(?:from|import) (analytics\.\w+)", "\n".join(f.read_text("utf-8") for f in room.glob("*.py")))
    )
    assert imports <= {
        "analytics.loaders",
        "analytics.words",
        "analytics.errors",
        "analytics.file_kinds",
        "analytics.office",
        "analytics.personal_text",
        "analytics.personal_numbers",
    }

"""By which id a record is known: drawn headers, numbers and sizes, each by its own number."""

import io
import random
import re

import numpy as np
import openpyxl
import pandas as pd
import pytest

from analytics.loaders import Known, Reading, load_table
from analytics.loaders.own_ids import CONTENT, ids_of_content
from analytics.loaders.row_numbers import counts_rows
from analytics.store import Store, load_into
from analytics.store.loading import Asked
from tests.loaders.files_of_records import AREAS, IDS, TODAY, load, notes, reasons
from tests.store import made

HASH = r"fc-[0-9a-f]{6}-[0-9a-f]{26}"
ROW = r"row-[0-9a-f]{26}"
SEEDS = range(12)
HEADERS = {
    "incidents": ["编号", "事件编号", "工单号", "No.", "number", "序号", "id", "case_id", "流水号", "#"],
    "places": ["编号", "楼栋编号", "场所编号", "No", "序号", "id"],
    "checks": ["编号", "检查编号", "走访编号", "Number", "序号", "id"],
}
OWN = {"incidents": "incident_id", "places": "place_id", "checks": "check_id"}
TABLES = list(OWN)
KINDS = {
    "incidents": ["噪声扰民", "占道经营", "消防隐患", "古树名木", "路灯不亮"],
    "places": ["商铺", "出租房", "楼栋", "场所"],
    "checks": ["走访", "巡查", "检查"],
}


def said(draw, table, month=2):
    """What one record says, as the cells of its row."""
    area, kind = draw.choice(["G1", "G2"]), draw.choice(KINDS[table])
    day = f"2020-{month:02}-{draw.randint(1, 28):02} {draw.randint(0, 23):02}:{draw.randint(0, 59):02}"
    return {
        "incidents": {"网格编码": area, "类别": kind, "发生时间": day},
        "places": {"网格编码": area, "类型": kind, "容量": str(draw.randint(1, 900))},
        "checks": {"网格编码": area, "类型": kind, "检查时间": day, "结果": draw.choice(["完成", "拒访"])},
    }[table]


def file_of(rows):
    return pd.DataFrame(rows).to_csv(index=False).encode()


def numbers(draw, size):
    """Numbers of rows, as offices write them."""
    first, width = draw.choice([0, 1]), draw.choice([0, 3, 5])
    way = draw.choice(["file", "back", "shuffled", "anew", "gaps"])
    found = list(range(first, first + size))
    if way == "back":
        found.reverse()
    elif way == "shuffled":
        draw.shuffle(found)
    elif way == "anew":
        found = [place for part in np.array_split(found, draw.randint(1, 4)) for place in range(1, len(part) + 1)]
    elif way == "gaps" and size > 20:
        found = [number for number in range(first, first + size + 2) if number not in (first + 3, first + 9)]
    return [f"{number:0{width}}" if width else f"{number}" for number in found]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_row_number_is_no_id_and_two_files_that_count_alike_are_two(home, table, seed):
    draw = random.Random(seed)
    header, sizes = draw.choice(HEADERS[table]), [draw.randint(1, 60) for _ in range(2)]
    files = [
        [{header: number} | said(draw, table, month) for number in numbers(draw, size)]
        for month, size in zip((1, 2), sizes, strict=True)
    ]
    # No record of one file says the same as one of the other.
    if table == "places":
        files = [[row | {"用途": f"用途{at}"} for row in rows] for at, rows in enumerate(files)]
    store = Store.open(home)
    load_into(store, "areas", ("areas.csv", AREAS), TODAY, made.ME)
    for at, rows in enumerate(files):
        # Of two registers of the same areas it is asked whether both count.
        both = Asked(confirmed="add")
        loaded, added = load_into(store, table, (f"{at}.csv", file_of(rows)), TODAY, made.ME, both)
        assert (added.superseded, added.replaced, loaded.report.refused) == (0, (), ())
        assert loaded.frame[OWN[table]].str.fullmatch(ROW).all()
        assert OWN[table] not in loaded.report.recognised
        assert "its order among identical records" in notes(loaded.report)
    assert len(store.table(table)) == sum(map(len, files))
    again = load_into(store, table, ("other name.csv", file_of(files[0])), TODAY, made.ME)[1]
    assert again.number is None
    assert store.table(table)[OWN[table]].is_unique


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_business_number_is_kept_as_it_is(table, seed):
    draw = random.Random(seed)
    start, width, prefix = (
        draw.randint(2, 10**6),
        draw.choice([0, 8, 12]),
        draw.choice(["", "WO-", "浙政〔2020〕", "G/", "花园-"]),
    )
    header = draw.choice([one for one in HEADERS[table] if one not in ("No.", "No", "number", "Number", "序号", "#")])
    step = draw.choice([1, 7, 40])
    given = [f"{prefix}{start + step * at:0{width}}" for at in range(draw.randint(1, 50))]
    rows = [{header: number} | said(draw, table) for number in given]
    records, reports = load(**{table: file_of(rows)})
    assert getattr(records, table)[OWN[table]].tolist() == given
    assert reports[table].recognised[OWN[table]] == header
    assert "looks like" not in notes(reports[table])
    shown = reports[table].marked.to_csv() + str(reports[table])
    assert not any(number in shown for number in given if len(number) > 7)


PERSONAL = {
    "mobile": lambda draw: f"1{draw.randint(3, 9)}{draw.randint(0, 10**9 - 1):09}",
    "mobile in parts": lambda draw: (
        f"1{draw.randint(3, 9)}{draw.randint(0, 9)}-{draw.randint(0, 9999):04}-{draw.randint(0, 9999):04}"
    ),
    "landline": lambda draw: f"0571{draw.choice(['', '-'])}{draw.randint(2, 8)}{draw.randint(0, 9999999):07}",
    "id number": lambda draw: (
        f"330802{draw.randint(1930, 1999)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}{draw.randint(0, 9999):04}"
    ),
    "plate": lambda draw: f"浙{draw.choice('ABCH')}{draw.choice(['', '·'])}{draw.randint(0, 99999):05}",
    "door": lambda draw: f"{draw.randint(1, 30)}幢{draw.randint(1, 4)}单元{draw.randint(101, 999)}室",
    "formula": lambda draw: f"={draw.randint(1, 99)}+cmd",
}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("kind", PERSONAL)
@pytest.mark.parametrize("share", [0.1, 1.0])
def test_only_an_id_that_looks_personal_is_hashed_alike_in_every_file(table, kind, share):
    draw = random.Random(f"{kind}{share}")
    header = draw.choice(["编号", "id"])
    in_front = "" if kind == "formula" else draw.choice(["", "张三", "CASE", "ID-"] if kind != "plate" else ["", "车"])
    given = [
        in_front + PERSONAL[kind](draw) if at == 0 or draw.random() < share else f"T{at}-{draw.randint(10, 99)}"
        for at in range(40)
    ]
    personal = {one for one in given if not one.startswith("T")}
    rows = [{header: number} | said(draw, table) for number in given]
    records, reports = load(**{table: file_of(rows)})
    found = getattr(records, table)[OWN[table]]
    assert [bool(re.fullmatch(HASH, one)) for one in found] == [one in personal for one in dict.fromkeys(given)]
    assert f"formulas: {sum(one in personal for one in given)}" in notes(reports[table])
    everything = getattr(records, table).to_csv() + str(reports[table]) + reports[table].marked.to_csv()
    assert not any(one in everything for one in personal)
    alone, _ = load(**{table: file_of(rows[:1])})
    assert getattr(alone, table)[OWN[table]][0] == found[0]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_list_without_ids_is_loaded_and_a_later_one_takes_over_the_equal_rows(home, table, seed):
    draw = random.Random(seed)
    rows = [said(draw, table, 1) for _ in range(draw.randint(2, 40))]
    rows += draw.choices(rows, k=draw.randint(0, 5))
    more = [said(draw, table, 2) for _ in range(draw.randint(1, 20))]
    store = Store.open(home)
    load_into(store, "areas", ("areas.csv", AREAS), TODAY, made.ME)
    loaded, _ = load_into(store, table, ("一月.csv", file_of(rows)), TODAY, made.ME)
    assert "has no ID column" in notes(loaded.report)
    assert loaded.frame[OWN[table]].is_unique
    mixed = [*more, *rows]
    draw.shuffle(mixed)
    added = load_into(store, table, ("一月至今.csv", file_of(mixed)), TODAY, made.ME)[1]
    assert added.superseded == len(rows)
    assert len(store.table(table)) == len(rows) + len(more)
    store.undo(added.number, made.ME)
    assert len(store.table(table)) == len(rows)


def test_what_changes_while_a_matter_is_dealt_with_makes_no_other_matter_of_it(home):
    store = Store.open(home)
    load_into(store, "areas", ("areas.csv", AREAS), TODAY, made.ME)
    heads = "网格编码,类别,发生时间,状态,办结时间\n"
    row = "G1,噪声扰民,2020-02-01 09:00"
    first = f"{heads}{row},办理中,\n{row},办理中,\n"
    second = f"{heads}{row},已办结,2020-02-03\n{row},办理中,\n"
    for name, text in (("周一.csv", first), ("周二.csv", second)):
        load_into(store, "incidents", (name, text.encode()), TODAY, made.ME)
    assert store.table("incidents")["status"].tolist() == ["closed", "open"]


def test_each_worksheet_may_count_anew():
    draw = random.Random(5)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for day in ("一日", "二日", "三日"):
        page = book.create_sheet(day)
        page.append(["编号", "网格编码", "类别", "发生时间"])
        order = list(range(1, 8))
        draw.shuffle(order)
        for number in order:
            page.append([number, *said(draw, "incidents").values()])
    out = io.BytesIO()
    book.save(out)
    records, reports = load(incidents=out.getvalue())
    assert len(records.incidents) == 21
    assert not reports["incidents"].refused


def test_another_column_that_means_the_id_is_taken_in_place_of_the_row_numbers():
    rows = "".join(f"{n},GD{n * 31},G1,噪声扰民,2020-02-0{n}\n" for n in range(1, 6))
    records, reports = load(incidents=f"编号,工单编号,网格编码,类别,发生时间\n{rows}")
    assert records.incidents["incident_id"].tolist() == [f"GD{n * 31}" for n in range(1, 6)]
    assert reports["incidents"].recognised["incident_id"] == "工单编号"
    assert "编号" in reports["incidents"].unused
    assert "counts rows" not in notes(reports["incidents"])


def test_the_user_may_say_that_the_numbers_are_ids_and_that_there_are_none():
    text = b"\xe7\xbc\x96\xe5\x8f\xb7," + "网格编码,类别,发生时间\n1,G1,x,2020-02-01\n2,G1,y,2020-02-02\n".encode()
    known = Known(load()[0].areas)
    for columns, ids in (({"incident_id": "编号"}, ["1", "2"]), ({"incident_id": None}, None), ({}, None)):
        loaded = load_table("incidents", ("i.csv", text), TODAY, IDS, known, Reading(columns=columns))
        found = loaded.frame["incident_id"]
        assert found.tolist() == ids if ids else found.str.fullmatch(ROW).all()


def test_a_record_whose_cell_of_the_id_is_blank_is_kept_by_what_it_says():
    rows = ("GD7,G1,x,2020-02-01", ",G1,y,2020-02-02", ",G1,y,2020-02-02", "GD7,G1,z,2020-02-03")
    text = "\n".join(["工单编号,网格编码,类别,发生时间", *rows])
    records, reports = load(incidents=text)
    ids = records.incidents["incident_id"]
    assert ids[0] == "GD7"
    assert ids[1:].str.fullmatch(ROW).all()
    assert ids.is_unique
    assert list(reasons(reports["incidents"])) == [5]
    assert "Records without an ID in the column" in notes(reports["incidents"])


def test_the_number_of_a_team_is_an_id_and_a_list_of_teams_needs_none():
    teams = "组团编号,名称,人数\n1,一组,4\n2,二组,5\n"
    assert load(teams=teams)[0].teams["team_id"].tolist() == ["1", "2"]
    assert load(teams="名称,人数\n一组,4\n二组,5\n")[0].teams["team_id"].str.fullmatch(ROW).all()


@pytest.mark.parametrize(
    ("cells", "counts"),
    [
        (["1"], True),
        (["7"], False),
        (["1", "2", "2", "3"], False),
        (["1", "2", "4"], False),
        (["001", "002", "003"], True),
        (["1", None, "3", "4"], True),
        (["1", "2", "1", "1", "2", "3"], True),
        (["3", "1", "2"], True),
        (["101", "102", "103"], False),
        (["A1", "A2", "A3"], False),
        (["1", "2", "3x"], False),
        ([None, None], False),
        ([f"{n}" for n in range(1, 50) if n not in (7, 20)], True),
        ([f"{n}" for n in range(1, 50, 3)], False),
        (["99999999999999999999", "1"], False),
        (["1", "99999999999999999999"], False),
    ],
)
def test_what_counts_rows(cells, counts):
    assert counts_rows(pd.Series(cells, dtype="str")) == counts


def test_ids_of_content_are_the_same_in_every_installation_and_order():
    draw = random.Random(3)
    rows = [said(draw, "incidents") for _ in range(300)]
    first = load(incidents=file_of(rows))[0].incidents
    second = load(incidents=file_of(draw.sample(rows, len(rows))))[0].incidents
    assert set(first["incident_id"]) == set(second["incident_id"])
    again = ids_of_content(first, CONTENT["incidents"])
    assert again.tolist() == first["incident_id"].tolist()
    assert again.nunique() == 300


NUMBERS_OF_RECORDS = {
    "incidents": ["案卷编号", "业务编号", "投诉工单编号", "受理单号", "立案号", "案號", "网格员上报编号",
                  "Service Request No", "RequestNumber", "Job Ref #"],
    "checks": ["检查单号", "巡查任务编号", "走访单编号", "Inspection Ref"],
    "places": ["出租屋档案编号", "经营户编号", "登记编号", "House Reference"],
}  # fmt: skip
NUMBERS_OF_OTHERS = {
    "incidents": ["网格员编号", "处置人编号", "责任单位编号", "楼栋编号", "关联案件编号", "设备编号",
                  "来源编号", "House No", "Officer ID", "Parent Request No"],
    "checks": ["检查员编号", "所属楼栋编号", "车辆编号", "Inspector ID"],
    "places": ["所属楼栋编号", "管理员编号", "单元号", "Owner ID"],
}  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_the_numbers_of_the_records_are_their_ids_whatever_a_system_calls_them(table):
    for seed, header in enumerate(NUMBERS_OF_RECORDS[table]):
        draw = random.Random(seed)
        row = said(draw, table)
        first = draw.randint(200, 900_000)
        # The same is said of every record, so that only the numbers tell them apart.
        files = [
            [{header: f"{draw.choice('AQ')}{first + n}", **row} for n in range(3 * part, 3 * part + 3)]
            for part in (0, 1)
        ]
        ids = []
        for rows in files:
            records, reports = load(**{table: file_of(rows)})
            ids += getattr(records, table)[OWN[table]].to_list()
            assert f"column “{header}” was used" in notes(reports[table]), header
        assert ids == [one[header] for rows in files for one in rows], header


@pytest.mark.parametrize("header", ["合同编号", "编制号", "Trace ID", "Q Ref"])
def test_numbers_of_nobody_knows_what_tell_the_records_apart_and_only_their_hashes_are_kept(header):
    draw = random.Random(header)
    row = said(draw, "incidents")
    numbers = [f"K{draw.randint(200, 900_000)}-{n}" for n in range(6)]
    files = [[{header: number, **row} for number in part] for part in (numbers[:3], numbers[3:])]
    loaded = [load(incidents=file_of(rows)) for rows in files]
    ids = [one for records, _ in loaded for one in records.incidents["incident_id"]]
    assert len(set(ids)) == 6
    assert all(one.startswith("fc-") for one in ids)
    assert f"It is not clear whether “{header}” numbers records or persons" in notes(loaded[0][1]["incidents"])
    # Whoever says what they are has them in clear.
    table = ("i.csv", file_of(files[0]))
    chosen = Reading(columns={"incident_id": header})
    frame = load_table("incidents", table, TODAY, IDS, Known(load()[0].areas), chosen).frame
    assert frame["incident_id"].tolist() == numbers[:3]


@pytest.mark.parametrize("header", [
    "居民编号", "租客号", "儿童编号", "医保号", "社会保障号", "户口编号", "参保登记编号", "护照号",
    "健康码号", "低保建档编号",
    "household_id", "Member No", "child_ref", "SSN No", "ReporterID",
])  # fmt: skip
def test_the_numbers_of_persons_are_kept_nowhere(header):
    draw = random.Random(header)
    numbers = [f"K{draw.randint(200_000, 900_000)}" for _ in range(5)]
    records, _ = load(incidents=file_of([{header: number, **said(draw, "incidents")} for number in numbers]))
    kept = records.incidents.to_csv()
    assert not any(number in kept for number in numbers)


@pytest.mark.parametrize("table", TABLES)
def test_the_numbers_of_persons_houses_and_other_records_are_no_ids(table):
    for seed, header in enumerate(NUMBERS_OF_OTHERS[table]):
        draw = random.Random(seed)
        rows = [{header: f"Q{draw.randint(200, 900_000)}", **said(draw, table)} for _ in range(4)]
        records, _ = load(**{table: file_of(rows)})
        assert getattr(records, table)[OWN[table]].str.match(ROW).all(), header


@pytest.mark.parametrize("header", ["案卷编号", "受理单号", "Service Request No"])
def test_a_column_that_counts_rows_is_no_id_and_neither_is_one_that_the_user_says_there_is_none_of(header):
    draw = random.Random(header)
    counted = file_of([{header: str(n), **said(draw, "incidents")} for n in range(1, 9)])
    assert load(incidents=counted)[0].incidents["incident_id"].str.match(ROW).all()
    given = file_of([{header: f"A{n}", **said(draw, "incidents")} for n in range(5)])
    reading = Reading(columns={"incident_id": None})
    loaded = load_table("incidents", ("i.csv", given), TODAY, IDS, Known(load()[0].areas), reading)
    assert loaded.frame["incident_id"].str.match(ROW).all()

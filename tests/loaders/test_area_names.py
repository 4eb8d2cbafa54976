import pytest

from tests.loaders.files_of_records import load, reasons, repairs

AREAS = """area_id,name,level,parent_id,official_code
S1,衢化街道,街道,,330802004000
C1,花径一村社区,社区,S1,330802004001
C2,滨江社区,社区,S1,
G11,第四网格,网格,C1,330802004001004
G12,网格5,网格,C1,
G21,四网格,网格,C2,
G22,滨江社区第十二网格,网格,C2,
"""


def incidents(*areas, header="网格编码"):
    return f"编号,{header},时间,类别\n" + "".join(f"{n},{area},2020-02-15,发热\n" for n, area in enumerate(areas))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("衢化", "S1"),
        ("衢化街道", "S1"),
        ("柯城区衢化街道", "S1"),
        ("衢化街道办事处", "S1"),
        ("花径1村社区", "C1"),
        ("花径一村社区第四网格", "G11"),
        ("花径一村社区网格4", "G11"),
        ("衢化街道花径一村4号网格", "G11"),
        ("滨江社区四网格", "G21"),
        ("五网格", "G12"),
        ("第五网格", "G12"),
        ("网格12", "G22"),
        ("滨江社区12网格", "G22"),
    ],
)
def test_a_name_that_only_one_area_bears_is_repaired_and_says_so(written, meant):
    records, reports = load(areas=AREAS, incidents=incidents(written))
    assert records.incidents["area_id"].tolist() == [meant]
    assert (reports["incidents"].accepted, reports["incidents"].repaired_rows) == (0, 1)
    assert f"Assigned to {meant} " in repairs(reports["incidents"])[2]
    assert reports["incidents"].repaired[0].column == "网格编码"


@pytest.mark.parametrize("written", ["四网格", "网格4", "江东社区四网格", "衢化社区", "江东五网格", "化"])
def test_a_name_that_two_areas_or_none_may_bear_is_refused(written):
    _, reports = load(areas=AREAS, incidents=incidents(written, "G11"))
    assert list(reasons(reports["incidents"])) == [2]
    (unmatched,) = reports["incidents"].unmatched
    assert (unmatched.written, unmatched.rows) == (written, 1)


@pytest.mark.parametrize("written", [" g11 ", "Ｇ１１", "G 11", "330802004001004", "330802004001004.0"])
def test_a_code_or_official_code_in_another_spelling_is_plain_reading(written):
    records, reports = load(areas=AREAS, incidents=incidents(written))
    assert records.incidents["area_id"].tolist() == ["G11"]
    assert reports["incidents"].repaired_rows == 0


def test_suggestions_name_close_codes_first_and_then_the_names_that_agree():
    _, reports = load(areas=AREAS, incidents=incidents("四网格", "四网格", "330802004-01", "G11"))
    first, second = reports["incidents"].unmatched
    assert (first.written, first.rows) == ("四网格", 2)
    assert set(first.suggestions[:2]) == {"G11 第四网格", "G21 四网格"}
    assert len(first.suggestions) <= 3
    assert "G21 四网格" in reasons(reports["incidents"])[2]
    assert second.rows == 1
    _, reports = load(areas="area_id,name\nOA330802,甲\nXX,乙\n", incidents=incidents("OA33O802", "XX"))
    assert reports["incidents"].unmatched[0].suggestions == ("OA330802 甲",)


def test_a_file_with_names_alone_is_read_by_them_but_never_where_it_has_points():
    records, reports = load(areas=AREAS, incidents=incidents("花径一村社区第四网格", header="网格名称"))
    assert records.incidents["area_id"].tolist() == ["G11"]
    assert reports["incidents"].recognised["area_id"] == "网格名称"


def test_a_code_that_a_spreadsheet_has_cut_is_refused_and_never_guessed():
    long = "area_id,name\n330802199001012345,甲\n1,乙\n"
    _, reports = load(areas=long, incidents=incidents("3.30802199001012E+17", "1"))
    assert "Set the column to Text" in reasons(reports["incidents"])[2]
    assert reports["incidents"].unmatched == ()
    _, reports = load(areas="area_id,name\n1.2E+17,甲\n1,乙\n")
    assert "its last digits are lost" in reasons(reports["areas"])[2]
    ids = incidents("1").replace("\n0,", "\n1.2E+17,") + "8,1,2020-02-15,发热\n"
    assert list(reasons(load(areas=long, incidents=ids)[1]["incidents"])) == [2]


def test_a_thousand_unknown_names_are_told_one_by_one():
    _, reports = load(areas=AREAS, incidents=incidents("G11", *(f"某处{n}号院" for n in range(1200))))
    assert len(reports["incidents"].unmatched) == len(reports["incidents"].refused) == 1200

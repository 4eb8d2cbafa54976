import io
import random

import openpyxl
import pytest

from analytics.errors import LoadError
from analytics.loaders import load_records
from analytics.loaders.files import read_sheet
from tests.loaders.files_of_records import AREAS, INCIDENTS, TODAY, collection, feature, load

CHINESE = "事件编号,网格编码,发生时间,事件类型\n甲1,G1,2020-02-15 08:30,发热\n"
ONE = INCIDENTS + "a,G1,2020-02-15,fever\n"


def read(content, table="incidents"):
    return read_sheet(table, (f"{table}.csv", content.encode() if isinstance(content, str) else content))


def refusal(content, table="incidents"):
    with pytest.raises(LoadError) as caught:
        read(content, table)
    for lang in ("zh", "en"):
        assert len(caught.value.text(lang).splitlines()) == 1
    return caught.value.text("en")


def notes(sheet):
    return " ".join(note.text("en") for note in sheet.notes)


def rows(sheet):
    return sheet.cells.to_numpy().tolist()


def reasons(sheet):
    return {row.line: row.reason.text("en") for row in sheet.refused}


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", ""), ("utf-8-sig", ""), ("gb18030", "GB18030"), ("utf-16", "UTF-16")],
)
def test_chinese_is_read_in_each_encoding_that_offices_use(encoding, said):
    sheet = read(CHINESE.encode(encoding))
    assert sheet.headers == ("事件编号", "网格编码", "发生时间", "事件类型")
    assert rows(sheet) == [["甲1", "G1", "2020-02-15 08:30", "发热"]]
    assert said in notes(sheet)
    assert bool(sheet.notes) == bool(said)


def test_a_character_that_gbk_lacks_is_read_from_gb18030():
    assert rows(read(CHINESE.replace("发热", "㐂𠀀").encode("gb18030")))[0][3] == "㐂𠀀"


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_each_delimiter_and_line_end_is_read(delimiter, newline):
    text = (CHINESE + "甲2,G1,,\n").replace(",", delimiter).replace("\n", newline)
    sheet = read(text)
    assert rows(sheet) == [["甲1", "G1", "2020-02-15 08:30", "发热"], ["甲2", "G1", "", ""]]
    assert sheet.cells.index.tolist() == [2, 3]


def test_blank_lines_are_no_rows_and_lines_are_counted_as_an_editor_does():
    text = '\nincident_id,area_id,occurred_at,category\n\na,G1,2020-02-15,"two\nlines"\n,,,\nb,G9,2020-02-15,fever\n'
    sheet = read(text)
    assert sheet.cells.index.tolist() == [4, 7]
    assert "Blank rows skipped, not counted as rows: row 3, 6" in notes(sheet)


def test_a_row_with_too_few_or_too_many_cells_is_refused_with_its_line():
    sheet = read(ONE + "b,G1\nc,G1,2020-02-15,fever,more\nd,G1,2020-02-15,fever,,\n")
    assert sheet.cells.index.tolist() == [2, 5]
    assert "2 cells" in reasons(sheet)[3]
    assert "5 cells" in reasons(sheet)[4]


def test_rows_swallowed_by_an_open_quotation_mark_are_named():
    assert "Lines 3 to 4" in reasons(read(ONE + 'b,"G1,2020-02-15,fever\nc,G1,2020-02-15,fever\n'))[3]


def test_a_quotation_mark_that_swallows_a_long_file_stops_the_load():
    rest = "".join(f"{n},G1,2020-02-15,fever\n" for n in range(10_000))
    assert "from line 3" in refusal(ONE + '"b,G1,2020-02-15,fever\n' + rest)


@pytest.mark.parametrize("content", [b"", b"  \r\n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n", b"\xff\xfe"])
def test_an_empty_file_says_so(content):
    assert "The file “incidents.csv” is empty" in refusal(content)


def test_a_file_with_a_header_alone_says_so():
    assert "a header and no rows" in refusal(INCIDENTS)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a picture"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "a picture"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b"Rar!\x1a\x07" + bytes(50), "a compressed archive"),
        (b"<html><table><tr><td>G1</td></tr></table></html>", "a web page"),
    ],
)
@pytest.mark.parametrize("table", ["areas", "incidents"])
def test_a_file_of_another_kind_is_named(table, content, kind):
    assert kind in refusal(content, table)


def test_points_of_geojson_give_records_their_position():
    point = {"type": "Point", "coordinates": [118.83, 28.92]}
    sheet = read(collection(feature(point, incident_id="a"), feature(None, incident_id="b")))
    assert sheet.headers == ("incident_id", "lon", "lat")
    assert rows(sheet) == [["a", "118.83", "28.92"], ["b", "", ""]]
    assert sheet.shapes is None


@pytest.mark.parametrize(
    "content", [ONE.encode() + b"\xff\xfe", b"\xef\xbb\xbf" + b"a\xff\n", b"\xff\xfea\x00\n", b"\xff\xfe\x00\xd8a\x00"]
)
def test_text_in_no_known_encoding_says_which_line(content):
    assert "neither UTF-8 nor GB18030 from line" in refusal(content)


def test_a_character_cut_in_two_between_pieces_of_a_long_file_is_read():
    text = "area_id,name\n" + "G,衢\n" * 1_500_000
    for shift in ("", "a", "bc"):
        sheet = read(shift + text, "areas")
        assert len(sheet.cells) == 1_500_000
        assert sheet.notes == ()


def test_null_characters_are_no_text():
    assert "null characters" in refusal("a,b\n1,\x00\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"type":"FeatureCollection",\n"features":[', "line 2"),
        (b'{"type":"Feature"}', "not a GeoJSON FeatureCollection"),
        (b"[1, 2]", "not a GeoJSON FeatureCollection"),
        (b"[" * 100_000, "not a GeoJSON FeatureCollection"),
        (b'{"n":' + b"9" * 5000 + b"}", "not a GeoJSON FeatureCollection"),
        (collection(), "has no areas"),
    ],
)
def test_json_that_is_no_areas_file_says_why(content, said):
    assert said in refusal(content, "areas")


def refused_load(**files):
    with pytest.raises(LoadError) as caught:
        load(**files)
    return caught.value.text("en")


def test_a_missing_column_is_named_in_both_languages_with_the_columns_that_are_there():
    with pytest.raises(LoadError) as caught:
        load(incidents="编号,网格编码,日子,类别\n1,G1,2020-02-15,发热\n")
    for lang, column in (("zh", "发生时间"), ("en", "Occurred at")):
        for part in (column, "网格编码", "日子", "incidents.csv"):
            assert part in caught.value.text(lang)


def test_records_without_any_column_that_tells_the_area_miss_the_area_code():
    assert "Area code" in refused_load(residents="count\n3\n")
    assert "Area code" in refused_load(residents="lon,count\n1,3\n")


def test_a_file_whose_rows_are_all_refused_says_why():
    message = refused_load(incidents=INCIDENTS + "a,X1,2020-02-15,fever\nb,X2,2020-02-15,fever\n")
    assert "No row of" in message
    assert "“X1” is not in the areas file" in message


def test_areas_are_needed():
    with pytest.raises(LoadError, match="No areas file"):
        load_records({"incidents": ("i.csv", ONE.encode())}, TODAY)


def test_a_path_is_read_and_the_report_shows_no_folder(tmp_path):
    file = tmp_path / "areas.csv"
    file.write_bytes(AREAS)
    _, (report,) = load_records({"areas": file}, TODAY)
    assert report.source == "areas.csv"
    _, (report,) = load_records({"areas": (r"C:\Users\zhang\areas.csv", AREAS)}, TODAY)
    assert report.source == "areas.csv"


def test_a_file_that_is_not_there_or_is_a_folder_says_so(tmp_path):
    with pytest.raises(LoadError, match="was not found"):
        load_records({"areas": tmp_path / "none.csv"}, TODAY)
    with pytest.raises(LoadError, match="cannot be opened"):
        load_records({"areas": tmp_path}, TODAY)


def test_a_table_that_does_not_exist_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="people"):
        load_records({"people": ("p.csv", b"")}, TODAY)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_that_ends_within_a_character_is_said_to_be_cut_off(encoding):
    lines = [f"W{n},2020-02-{1 + n % 28:02},噪声扰民,G1" for n in range(40)]
    whole = "\n".join(["事件编号,发生时间,类别,网格编码", *lines]).encode(encoding)
    place = whole.index("噪".encode(encoding.removesuffix("-sig")), len(whole) // 2) + 1
    with pytest.raises(LoadError, match=r"ends in the middle of a character, at line \d+,.*Export it again"):
        load(incidents=whole[:place])
    # Cut between two characters, the line lacks cells.
    found = load(incidents=whole[: place - 1])[1]["incidents"]
    assert "may be cut off there" in " ".join(note.text("en") for note in found.notes)
    assert len(found.refused) == 1
    # A last line that lacks cells and has an end, or is whole and has none, is none that was cut.
    for content in (whole, whole[: place - 1] + b"\n"):
        assert "cut off" not in " ".join(note.text("en") for note in load(incidents=content)[1]["incidents"].notes)


def test_a_text_that_is_of_no_known_encoding_is_not_said_to_be_cut_off():
    with pytest.raises(LoadError, match="neither UTF-8 nor GB18030"):
        load(incidents="事件编号,类别\n1,噪声\n".encode() + b"\xff\xff\xff\n1,2\n")


WORDS_OF_MONTHS = {
    "incident_id": ["工单编号", "事件编号", "案件编号"],
    "occurred_at": ["发生时间", "事发时间", "日期"],
    "category": ["类别", "事件类型", "问题类型"],
    "area_id": ["区域编码", "网格编码", "所属网格"],
}


@pytest.mark.parametrize("seed", range(6))
def test_each_worksheet_has_its_own_words_for_the_same_column(seed):
    draw = random.Random(seed)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for month in (1, 2):
        page = book.create_sheet(f"{month}月")
        headers = {column: draw.choice(words) for column, words in WORDS_OF_MONTHS.items()}
        order = draw.sample(list(headers), 4)
        if draw.random() < 0.5:
            page.append(["受理情况" if at else "基本信息" for at in range(2)])
            page.merge_cells("B1:D1")
        page.append([headers[column] for column in order])
        for n in range(3):
            cells = {
                "incident_id": f"W{month}{n}",
                "occurred_at": f"2020-0{month}-05",
                "category": "噪声扰民",
                "area_id": "G1",
            }
            page.append([cells[column] for column in order])
    content = io.BytesIO()
    book.save(content)
    records, reports = load_records({"areas": ("a.csv", AREAS), "incidents": ("i.xlsx", content.getvalue())}, TODAY)
    assert sorted(records.incidents["incident_id"]) == [f"W{month}{n}" for month in (1, 2) for n in range(3)]
    assert reports[1].unused == ()

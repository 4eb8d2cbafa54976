"""Bytes that mean harm, or none at all: a sheet or one sentence, never a traceback, within bounds of memory."""

import gzip
import io
import json
import sqlite3
import stat
import struct
import time
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.errors import LoadError
from analytics.loaders import archives, files, guess, tabular, texts, worksheets
from analytics.loaders.files import read_sheet
from analytics.words import LANGUAGES
from tests.corpus.parts import repacked, saved, workbook
from tests.long.sizes import many

CORPUS = Path(__file__).parents[1] / "corpus"
TABLE = [["网格编码", "人数"], ["G1", "1"]]
CSV = "网格编码,人数\nG1,1\n".encode()
SHEET = "xl/worksheets/sheet1.xml"


def refusal(name, content, table="residents"):
    with pytest.raises(LoadError) as caught:
        read_sheet(table, (name, content))
    for lang in LANGUAGES:
        assert len(caught.value.text(lang).splitlines()) == 1
    return caught.value.problems[0].key


def packed(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def xlsx(cells):
    """A workbook whose only worksheet has these cells as XML."""
    before = openpyxl.load_workbook(io.BytesIO(saved(workbook(a=TABLE))))
    content = saved(before)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read(SHEET).decode()
    rows = xml[xml.index("<sheetData>") : xml.index("</sheetData>")]
    return repacked(content, {SHEET: {rows: f"<sheetData>{cells}"}})


def test_a_zip_that_unpacks_to_far_more_than_it_is_stays_shut():
    assert refusal("a.zip", packed(**{"a.csv": bytes(2**26)})) == "files.unpacks_too_large"


def test_a_zip_whose_members_come_to_too_much_together_stays_shut(monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_UNPACKED", 1000)
    assert refusal("a.zip", packed(**{f"{n}.csv": CSV * 20 for n in range(3)})) == "files.unpacks_too_large"


def test_a_zip_that_declares_less_than_it_holds_is_damaged():
    content = packed(**{"a.csv": CSV * 1000})
    directory = content.index(b"PK\x01\x02")
    lying = content[: directory + 24] + struct.pack("<I", len(CSV)) + content[directory + 28 :]
    assert refusal("a.zip", lying) == "files.damaged"


def test_a_workbook_that_unpacks_to_far_more_than_it_is_stays_shut():
    content = repacked(saved(workbook(a=TABLE)), further={"xl/media/blank.xml": bytes(2**26)})
    assert refusal("a.xlsx", content) == "files.unpacks_too_large"


def test_a_gzip_that_unpacks_to_far_more_than_it_is_stays_shut():
    assert refusal("a.csv.gz", gzip.compress(bytes(2**26))) == "files.unpacks_too_large"


@pytest.mark.parametrize(
    "content",
    [
        packed(**{"b.zip": packed(**{"a.csv": CSV})}),
        packed(**{"a.csv": packed(**{"a.csv": CSV})}),
        gzip.compress(packed(**{"a.csv": CSV})),
        gzip.compress(gzip.compress(CSV)),
        packed(**{"a.csv": gzip.compress(CSV)}),
    ],
    ids=["zip in zip", "zip as csv", "zip in gzip", "gzip in gzip", "gzip in zip"],  # bytes hold the time of packing
)
def test_an_archive_in_an_archive_stays_shut(content):
    assert refusal("a.zip", content) == "files.archive_in_archive"


@pytest.mark.parametrize("member", ["../a.csv", "/etc/a.csv", "x/../../a.csv", "C:\\a.csv", "..\\a.csv"])
def test_a_path_that_leads_out_of_an_archive_is_named(member, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert refusal("a.zip", packed(**{member: CSV})) == "files.unsafe_member"
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_an_archive_is_named():
    entry = zipfile.ZipInfo("a.csv")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    assert refusal("a.zip", stream.getvalue()) == "files.unsafe_member"


def test_an_archive_with_a_password_says_so():
    content = bytearray(packed(**{"a.csv": CSV}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert refusal("a.zip", bytes(content)) == "files.password"


@pytest.mark.parametrize(
    ("members", "key"),
    [
        ({"a.csv": CSV, "二.xlsx": b"x"}, "files.archive_of_several"),
        ({"readme.md": b"x"}, "files.archive_of_none"),
        ({"a.shp": b"x", "a.dbf": b"x"}, "files.shapefile_incomplete"),
        ({"a.shp": b"x", "a.dbf": b"x", "a.shx": b"x"}, "files.damaged"),
        ({"a.shp": b"x", "a.dbf": bytes(100), "a.shx": b"x"}, "files.damaged"),
        ({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}, "loading.other_kind"),
    ],
)
def test_an_archive_without_one_table_says_what_it_lacks(members, key):
    assert refusal("a.zip", packed(**members)) == key


def test_what_file_managers_leave_behind_is_no_table():
    content = packed(**{"a.csv": CSV, "__MACOSX/._a.csv": b"x", ".DS_Store": b"x"})
    assert len(read_sheet("residents", ("a.zip", content)).cells) == 1


def test_a_workbook_of_billion_laughs_stays_shut():
    laughs = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol1 "&lol;&lol;&lol;&lol;">]><worksheet'
    content = repacked(saved(workbook(a=TABLE)), {SHEET: {"<worksheet": laughs}})
    assert refusal("a.xlsx", content) == "files.workbook_with_dtd"


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row><c r = 'A1'><v>1</v></c></row><row><c r\t=\n'XFD1048576'><v>1</v></c></row>",
        '<row r="1"><c s="0" r="A1"><v>1</v></c></row><row r="9"><c s="0" r="xfd1048576"><v>1</v></c></row>',
        f'<row r="1">{"<c><v>1</v></c>" * 16384}</row><row r="1048576"><c><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="A99999999"><v>1</v></c></row>',
        '<row r="1"><c r="AAAAAA1"><v>1</v></c></row><row r="900000"><c r="A900000"><v>1</v></c></row>',
        '<row r="1"><c r="AZ1"><v>1</v></c></row><row r="1000000"><c r="A1000000"><v>1</v></c></row>',
    ],
)
def test_a_worksheet_that_stretches_over_billions_of_cells_stays_shut(cells):
    assert refusal("a.xlsx", xlsx(cells)) == "files.too_many_cells"


def test_a_far_cell_is_seen_wherever_the_pieces_of_a_worksheet_are_cut(monkeypatch):
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="900000"><c r="XFD900000"><v>1</v></c></row>'
    content = xlsx(cells)
    pieces = archives.Archive.pieces
    for size in range(1, 60, 7):
        monkeypatch.setattr(archives.Archive, "pieces", lambda self, member, size=size: pieces(self, member, size))
        assert refusal("a.xlsx", content) == "files.too_many_cells"


def test_a_worksheet_of_all_columns_says_how_many_can_be_read():
    made = workbook(a=[[f"c{n}" for n in range(16_384)], ["1"] * 16_384])
    assert refusal("a.xlsx", saved(made)) == "files.too_many_columns"
    assert refusal("a.csv", (",".join(f"c{n}" for n in range(3000)) + "\n1,2\n").encode()) == "files.too_many_columns"


def test_a_million_blank_rows_are_no_rows():
    blank = "".join(f'<row r="{n}"><c r="B{n}" s="0"/></row>' for n in range(3, 1_000_000))
    cells = '<row r="1"><c r="A1" t="str"><v>网格编码</v></c></row><row r="2"><c r="A2"><v>7</v></c></row>'
    sheet = read_sheet("areas", ("a.xlsx", xlsx(cells + blank)))
    assert sheet.cells.to_numpy().tolist() == [["7"]]


def test_no_member_but_the_xml_reaches_the_reader_of_workbooks():
    content = repacked(saved(workbook(a=TABLE)), further={"xl/vbaProject.bin": b"macro", "xl/media/a.png": b"x"})
    checked = worksheets.checked_workbook("a.xlsm", archives.Archive("a.xlsm", content))
    names = zipfile.ZipFile(io.BytesIO(checked.content)).namelist()
    assert SHEET in names
    assert [name for name in names if not name.endswith((".xml", ".rels"))] == []


def test_a_workbook_with_a_password_says_so():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    assert refusal("a.xlsx", ole) == "files.password"


@pytest.mark.parametrize("chain", ["table", "small", "master"])
def test_an_old_workbook_whose_sectors_run_in_a_circle_is_damaged(chain):
    content = bytearray((CORPUS / "incidents_old_excel.xls").read_bytes())
    first = struct.unpack_from("<I", content, 76)[0]
    table = 512 * (first + 1)
    if chain == "table":
        struct.pack_into("<I", content, table, 0)
    elif chain == "small":
        # The table of small sectors is the first sector, in which the first then follows itself.
        struct.pack_into("<I", content, 60, 0)
        struct.pack_into("<I", content, 512, 0)
    else:
        struct.pack_into("<I", content, 68, 0)
        struct.pack_into("<I", content, 512 + 508, 0)
    assert refusal("a.xls", bytes(content)) == "files.damaged"


@pytest.mark.parametrize("encoding", [b"uu", b"hex", b"undefined", b"936", b"\xff", b"nonsense", b"idna"])
def test_whatever_a_shapefile_calls_its_encoding_is_no_traceback(encoding):
    with zipfile.ZipFile(CORPUS / "areas_shapefile.zip") as archive:
        parts = {Path(name).suffix: archive.read(name) for name in archive.namelist()} | {".cpg": encoding}
    check("areas", "a.zip", packed(**{f"a{suffix}": part for suffix, part in parts.items()}))


def test_a_shapefile_without_a_single_field_is_no_traceback():
    with zipfile.ZipFile(CORPUS / "areas_shapefile.zip") as archive:
        parts = {Path(name).suffix: archive.read(name) for name in archive.namelist()}
    bare = bytearray(parts[".dbf"])
    bare[32] = 0x0D
    check("areas", "a.zip", packed(**{f"a{suffix}": part for suffix, part in (parts | {".dbf": bytes(bare)}).items()}))


def test_a_line_without_an_end_is_refused_before_it_is_cut_into_cells():
    assert refusal("a.csv", b"a," * (2 * texts.LONGEST_LINE)) == "files.line_too_long"
    assert refusal("a.csv", CSV + b"x" * (2 * texts.LONGEST_LINE)) == "files.line_too_long"
    assert refusal("a.csv", CSV + b'"' + b"x" * 200_000 + b"\n") == "loading.broken_quote"


def test_a_file_over_the_limit_is_never_opened(tmp_path):
    file = tmp_path / "2gb.csv"
    with file.open("wb") as stream:
        stream.truncate(2 * files.LARGEST_FILE)
    with pytest.raises(LoadError, match="larger than 1024 MB"):
        read_sheet("residents", file)


def test_an_upload_over_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(files, "LARGEST_FILE", 10)
    assert refusal("a.csv", CSV) == "files.too_large"


def test_a_parquet_file_that_claims_more_rows_than_memory_holds_stays_shut(monkeypatch):
    stream = io.BytesIO()
    pq.write_table(pa.table({"a": pa.array(["x"] * 100_000).dictionary_encode()}), stream)
    monkeypatch.setattr(tabular, "MOST_CELLS", 99_999)
    assert refusal("a.parquet", stream.getvalue()) == "files.too_many_cells"


def test_a_database_that_is_no_geopackage_says_so(tmp_path):
    file = tmp_path / "a.gpkg"
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE t (a)")
    database.execute("CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; END")
    database.commit()
    database.close()
    assert refusal("a.gpkg", file.read_bytes()) == "files.no_layer"


SAMPLES = [
    file.read_bytes()
    for file in sorted(CORPUS.iterdir())
    if file.suffix in (".xlsx", ".xls", ".parquet", ".gpkg", ".zip", ".gz", ".geojson")
]


def check(table, name, content):
    try:
        sheet = read_sheet(table, (name, content))
    except LoadError as error:
        sentences = error.problems
    else:
        assert sheet.cells.shape[1] == len(sheet.headers)
        assert not sheet.cells.isna().any(axis=None)
        assert sheet.cells.index.is_unique
        sentences = [*sheet.notes, *(row.reason for row in sheet.refused)]
    for sentence in sentences:
        for lang in LANGUAGES:
            assert len(sentence.text(lang).splitlines()) == 1


@pytest.mark.parametrize("content", SAMPLES)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_that_was_cut_off_is_a_sheet_or_one_sentence(content, share):
    check("areas", "a.bin", content[: int(share * len(content))])


@settings(max_examples=many(50))
@given(
    content=st.sampled_from(SAMPLES),
    table=st.sampled_from(["areas", "incidents", "weights"]),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=12),
)
def test_a_damaged_file_is_a_sheet_or_one_sentence(content, table, changes):
    damaged = bytearray(content)
    for place, byte in changes:
        damaged[int(place * len(damaged))] = byte
    check(table, "a.bin", bytes(damaged))


STARTS = b"|PK\x03\x04|\xd0\xcf\x11\xe0|PAR1|SQLite format 3\x00|\x1f\x8b\x08|\xff\xfe|{|\xef\xbb\xbf".split(b"|")


@settings(max_examples=many(100))
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=200), table=st.sampled_from(["areas", "checks"]))
@example(b"", b"\r\r\n,", "areas")
def test_any_bytes_are_a_sheet_or_one_sentence(start, rest, table):
    check(table, "a.bin", start + rest)


WIDE = [f"column {at}" for at in range(20_000)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("wide.csv", lambda: (",".join(WIDE) + "\n" + ",".join("1" for _ in WIDE)).encode()),
        ("wide.parquet", lambda: parquet_of({header: [1] for header in WIDE})),
        ("wide.geojson", lambda: json.dumps({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": dict.fromkeys(WIDE, 1), "geometry": None}]}).encode()),
    ],
)  # fmt: skip
def test_twenty_thousand_columns_end_in_a_sentence_soon(name, content):
    begun = time.process_time()  # whatever else the machine does
    with pytest.raises(LoadError, match="20,000"):
        guess((name, content()), "areas")
    assert time.process_time() - begun < 30


def test_a_row_that_is_said_over_and_over_is_refused_by_the_number_of_rows():
    said = pa.DictionaryArray.from_arrays(pa.array(np.zeros(9_000_000, "int32")), ["x"])
    content = parquet_of({"id": said})
    assert len(content) < 100_000
    with pytest.raises(LoadError, match="9,000,000"):
        guess(("small.parquet", content), "incidents")


def parquet_of(columns):
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()

"""What a load said of its rows is kept beside the records: as it was said, whole, and masked as it was."""

import io
import json
from datetime import date
from hashlib import sha256

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.drawing.report_book import report_workbook
from analytics.errors import StoreError
from analytics.loaders import Feed, Known, LoadReport, PointsFound, RowNote, Unmatched, load_table
from analytics.store import Store
from analytics.store.commits import Load, StoredFile
from analytics.store.reports import FOLDER, REPORT_FORMAT, kept_report, report_bytes
from analytics.wording.loads import report_rows, row_notes
from analytics.words import LANGUAGES, phrase
from tests.store import made

TODAY = date(2026, 11, 28)
WORDS = st.text(min_size=1, max_size=12).filter(str.isprintable)
SENTENCES = st.one_of(
    st.builds(lambda text, day: phrase("loading.not_a_date", column=phrase("tables.areas"), value=text, day=day),
              WORDS, st.dates()),
    st.builds(lambda names: phrase("files.sheets_left", names=names), st.lists(WORDS)),
)  # fmt: skip
FEEDS = st.builds(Feed, WORDS, st.integers(1), st.dates(), st.dates(), *[st.integers(1)] * 3)
NOTES = st.builds(RowNote, st.sampled_from(["甲", "乙"]), st.integers(1, 9), st.none() | WORDS, SENTENCES)


@st.composite
def reports(draw):
    refused, repaired = draw(st.lists(NOTES, max_size=6)), draw(st.lists(NOTES, max_size=6))
    rows = len({(note.sheet, note.line) for note in repaired})
    accepted = draw(st.integers(0, 10**6))
    marked = pd.DataFrame({"类别": pd.Series(["发热", None], dtype="str")}).set_axis([2, 10**10 + 3])
    return LoadReport(
        table=draw(st.sampled_from(["areas", "incidents"])),
        source=draw(WORDS),
        read=accepted + rows + len(refused),
        accepted=accepted,
        refused=tuple(refused),
        recognised=draw(st.dictionaries(WORDS, WORDS)),
        dropped_private=tuple(draw(st.lists(WORDS))),
        unused=tuple(draw(st.lists(WORDS))),
        notes=tuple(draw(st.lists(SENTENCES))),
        first_day=draw(st.none() | st.dates()),
        last_day=draw(st.none() | st.dates()),
        sheets=("甲", "乙"),
        repaired=tuple(repaired),
        repaired_rows=rows,
        unmatched=tuple(draw(st.lists(st.builds(Unmatched, WORDS, st.integers(1), st.tuples(WORDS))))),
        points=draw(st.none() | st.just(PointsFound(3, 1, 1, "GCJ02", 512.25, 0))),
        feeds=tuple(draw(st.lists(FEEDS))),
        marked=draw(st.sampled_from([marked, pd.DataFrame()])),
    )  # fmt: skip


def kept(report, home):
    (home / FOLDER).mkdir(parents=True, exist_ok=True)
    content = report_bytes(report)
    file = home / FOLDER / "000001-ab.json"
    file.write_bytes(content)
    described = StoredFile(file=file.name, rows=0, size=len(content), sha256=sha256(content).hexdigest())
    load = Load.model_construct(number=1, source=report.source, report=described)
    return kept_report(home, load)


@given(reports())
def test_a_report_comes_back_as_it_was_said_in_each_language(tmp_path_factory, report):
    again = kept(report, tmp_path_factory.mktemp("home"))
    for lang in LANGUAGES:
        assert report_rows(lang, [again]) == report_rows(lang, [report])
        assert row_notes(lang, [again], 99) == row_notes(lang, [report], 99)
    for name in ("recognised", "unmatched", "points", "feeds", "sheets", "unused", "dropped_private"):
        assert getattr(again, name) == getattr(report, name)
    pd.testing.assert_frame_equal(again.marked, report.marked, check_index_type=False, check_column_type=False)


AREAS = "网格编码,网格名称,层级\nA,甲,网格\nB,乙,网格\n"
INCIDENTS = "事件编号,网格编码,发生时间,类别,状态\n" + "".join(
    f"T{at},{'Q9' if at % 7 == 0 else 'A'},{'某日' if at % 11 == 0 else f'2026-01-{at:02d}'},发热,=1+1\n"
    for at in range(1, 29)
)


def loaded(table, text, store):
    known = store.known() if table != "areas" else Known()
    return load_table(table, (f"{table}.csv", text.encode()), TODAY, store.ids, known)


@pytest.fixture
def store(tmp_path):
    return Store.open(tmp_path / "home")


def cells(workbook):
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    return [[cell.value for cell in row] for page in book for row in page.iter_rows()]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_workbook_of_a_past_load_is_that_of_its_day(store, lang):
    store.add(loaded("areas", AREAS, store), made.ME)
    incidents = loaded("incidents", INCIDENTS, store)
    added = store.add(incidents, made.ME)
    assert cells(report_workbook(lang, [store.report(added.number)])) == cells(
        report_workbook(lang, [incidents.report])
    )
    assert store.report(added.number).refused


def test_the_file_is_named_by_the_commit_and_says_its_format(store):
    store.add(loaded("areas", AREAS, store), made.ME)
    (file,) = (store.home / FOLDER).iterdir()
    assert file.name.startswith("000001-")
    assert store.loads()[0].report.file == file.name
    assert json.loads(file.read_text(encoding="utf-8"))["format"] == REPORT_FORMAT


def test_the_same_file_again_writes_no_second_report(store):
    for _ in range(2):
        store.add(loaded("areas", AREAS, store), made.ME)
    assert len(list((store.home / FOLDER).iterdir())) == 1


def test_a_report_outlives_the_undoing_of_its_load(store):
    store.add(loaded("areas", AREAS, store), made.ME)
    store.undo(1, made.ME)
    assert store.report(1).table == "areas"


@pytest.mark.parametrize(
    "damage", [lambda file: file.unlink(), lambda file: file.write_bytes(file.read_bytes() + b" ")]
)
def test_a_lost_or_damaged_report_is_named_and_the_records_are_as_they_were(store, damage):
    store.add(loaded("areas", AREAS, store), made.ME)
    (file,) = (store.home / FOLDER).iterdir()
    damage(file)
    with pytest.raises(StoreError) as caught:
        store.report(1)
    assert file.name in caught.value.text("zh")
    assert len(store.table("areas")) == 2


def test_there_is_no_report_of_what_is_no_load(store):
    store.add(loaded("areas", AREAS, store), made.ME)
    store.undo(1, made.ME)
    for number in (2, 3):
        with pytest.raises(StoreError, match=f"no import or mapping {number}"):
            store.report(number)


def test_a_report_of_a_newer_version_is_left_alone(store, tmp_path):
    report = loaded("areas", AREAS, store).report
    content = json.loads(report_bytes(report))
    content["format"] = REPORT_FORMAT + 1
    file = tmp_path / FOLDER / "1.json"
    file.parent.mkdir()
    file.write_text(json.dumps(content))
    described = StoredFile(file="1.json", rows=0, size=0, sha256=sha256(file.read_bytes()).hexdigest())
    with pytest.raises(StoreError, match="Update"):
        kept_report(tmp_path, Load.model_construct(number=1, source="a", report=described))

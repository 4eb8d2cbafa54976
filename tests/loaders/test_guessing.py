"""The NYC file: the first 1,000 rows on animals of the city's hotline 311 (NYC Open Data, with its 31 columns); all but
the columns that are read are emptied, and the columns of addresses hold a mark in every row."""

from datetime import date
from pathlib import Path

import pytest

from analytics.errors import LoadError
from analytics.loaders import Known, Reading, guess, load_table
from analytics.loaders.guessing import source_key
from tests.loaders.files_of_records import IDS, collection, feature, load, reasons, square

NYC = Path(__file__).parent / "published" / "nyc311_animals_1000.csv"
ADDRESSES = {
    "Incident Address", "Street Name", "Cross Street 1", "Cross Street 2", "Intersection Street 1",
    "Intersection Street 2", "Address Type", "Landmark", "Incident Zip", "Descriptor", "Location",
}  # fmt: skip
MARK = "标记地址"


def test_the_real_headers_of_new_york_are_guessed_and_its_addresses_are_private():
    found = guess(NYC)
    assert (found.table, found.sure, found.needed, found.unsure) == ("incidents", True, (), ())
    assert found.columns == {
        "incident_id": "Unique Key",
        "occurred_at": "Created Date",
        "closed_at": "Closed Date",
        "category": "Complaint Type",
        "status": "Status",
        "due_at": "Due Date",
        "lat": "Latitude",
        "lon": "Longitude",
    }
    assert set(found.private) == ADDRESSES
    assert found.has_positions


def test_a_thousand_real_rows_load_onto_squares_that_cover_the_city():
    squares = collection(
        *(
            feature(square(-74.3 + x * 0.1, 40.4 + y * 0.1, 0.1), area_id=f"Q{x}{y}", name=f"Square {x} {y}")
            for x in range(7)
            for y in range(6)
        )
    )
    areas = load(areas=squares)[0].areas
    loaded = load_table("incidents", NYC, date(2025, 3, 15), IDS, Known(areas))
    report = loaded.report
    assert report.read == 1000
    assert report.accepted + report.repaired_rows + len(report.refused) == 1000
    assert report.accepted > 950
    assert set(reasons(report).values()) <= {
        "The area is not known. Fill in the area code, or both longitude and latitude."
    }
    assert set(report.dropped_private) == ADDRESSES
    assert loaded.frame["area_id"].str.startswith("Q").all()
    assert loaded.frame["occurred_at"].dt.year.isin([2024, 2025]).all()
    everything = loaded.frame.to_csv() + report.marked.to_csv() + str(report)
    assert MARK not in everything


@pytest.mark.parametrize(
    ("headers", "table"),
    [
        ("网格编码,名称,层级,人口", "areas"),
        ("网格编码,年龄段,是否独居,住房性质", "residents"),
        ("工单号,所属网格,受理时间,诉求类型,渠道", "incidents"),
        ("场所编号,网格编码,场所类型,容纳人数", "places"),
        ("走访编号,网格编码,走访类型,走访时间,走访结果", "checks"),
        ("组团编号,组团名称,人数,驻地网格", "teams"),
        ("case_id,grid_id,occurred_at,category", "incidents"),
        ("日期,是否工作日,名称", "holidays"),
        ("date,isOffDay,name", "holidays"),
        ("网格编码,日期,积水风险,内涝点数", "given_values"),
    ],
)
def test_the_table_is_the_one_whose_needed_columns_are_there(headers, table):
    found = guess(("f.csv", f"{headers}\n{','.join('1' for _ in headers.split(','))}\n".encode()))
    assert (found.table, found.needed) == (table, ())


def test_a_header_that_only_resembles_is_unsure_and_is_not_read_until_confirmed():
    content = b"Case ID Number,Area,Date of Incident ComparisonReport,Type of Incident\n1,G1,2020-02-15,fever\n"
    found = guess(("f.csv", content), "incidents")
    assert "category" in found.only_similar
    assert found.columns["category"] == "Type of Incident"
    assert not found.sure
    areas = load()[0].areas
    with pytest.raises(LoadError, match="has no column"):
        load_table("incidents", ("f.csv", content), date(2020, 3, 1), IDS, Known(areas))
    columns = {
        "incident_id": "Case ID Number",
        "category": "Type of Incident",
        "occurred_at": "Date of Incident ComparisonReport",
    }
    loaded = load_table("incidents", ("f.csv", content), date(2020, 3, 1), IDS, Known(areas), Reading(columns=columns))
    assert len(loaded.frame) == 1


def test_a_private_header_is_never_guessed():
    found = guess(("f.csv", "Caller Name,Phone Type,事件编号,网格编码,时间,类别\na,b,1,G1,2020-02-15,x\n".encode()))
    assert not {"Caller Name", "Phone Type"} & set(found.columns.values())
    assert found.private == ("Caller Name", "Phone Type")


def test_the_same_headers_in_another_order_and_spelling_have_the_same_key():
    assert source_key("incidents", ["事件编号", "Case ID"]) == source_key("incidents", ["case_id ", "事件 编号"])
    assert source_key("incidents", ["a"]) != source_key("checks", ["a"]) != source_key("checks", ["b"])


def test_a_long_file_is_guessed_by_its_beginning():
    rows = "".join(f"{n},G1,2020-02-15,x\n" for n in range(100_000))
    assert guess(("f.csv", f"事件编号,网格编码,时间,类别\n{rows}".encode())).sure

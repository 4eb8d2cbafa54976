import io
from datetime import date

import openpyxl
import pandas as pd
import pytest

from analytics.errors import LoadError
from analytics.loaders import TABLES
from analytics.loaders.columns import booleans, codes_of, match_key, recognise
from analytics.loaders.ids import IdHash
from analytics.loaders.load import Known, load_table
from analytics.loaders.made_up import made_up_rows
from analytics.loaders.templates import template
from analytics.words import LANGUAGES, keys, say

TODAY = date(2020, 3, 1)
NEEDED = {
    "areas": {"area_id", "name", "level"},
    "residents": {"area_id"},
    "incidents": {"incident_id", "area_id", "occurred_at", "category"},
    "places": {"place_id", "area_id", "kind"},
    "checks": {"check_id", "kind", "checked_at", "outcome"},
    "teams": {"team_id", "name", "members"},
    "holidays": {"day", "working"},
    "given_values": {"area_id", "day"},
    "agreements": {"every"},
    "reports": {"from_day"},
    "orders": {"order_id", "at_least", "basis", "from_day", "to_day"},
}


def known_areas(lang="zh"):
    return made_up_rows("areas", lang, None, TODAY).set_index("area_id")


def opened(table, lang, areas=None, made_up=False):
    return openpyxl.load_workbook(io.BytesIO(template(table, lang, areas, made_up=made_up, today=TODAY)))


def columns_of(table, page):
    headers = [cell.value for cell in page[1]]
    return {column: place + 1 for column, place in recognise(table, headers).columns.items()}


def lists_of(page):
    """Column letter -> the formula of its list."""
    return {str(rule.sqref).split(":")[0].rstrip("0123456789"): rule for rule in page.data_validations.dataValidation}


def plain(frame):
    return frame.astype(object).where(frame.notna(), None).reset_index(drop=True)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("table", TABLES)
def test_every_header_is_known_at_loading_and_the_needed_ones_carry_a_star(table, lang):
    page = opened(table, lang).worksheets[0]
    headers = [cell.value for cell in page[1]]
    found = recognise(table, headers)
    assert len(found.columns) == len(headers)
    starred = {column for column, place in found.columns.items() if headers[place].endswith("*")}
    assert starred == NEEDED[table]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("table", TABLES)
def test_every_explanation_begins_with_the_word_by_which_loading_knows_it(table, lang):
    page = opened(table, lang, known_areas(), made_up=True).worksheets[0]
    for header, hint in zip(page[1], page[2], strict=True):
        need = {"zh": ("选填", "必填"), "en": ("Optional", "Required")}[lang][header.value.endswith("*")]
        assert hint.value.startswith(need)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_a_list_is_understood_as_its_code(lang):
    for key in (key for key in keys() if key.startswith("templates.word_") and "_flag_" not in key):
        column, code = key.removeprefix("templates.word_").split("_", 1)
        assert codes_of("feed_table" if column == "table" else column)[match_key(say(lang, key))] == code
    assert booleans()[match_key(say(lang, "templates.word_flag_yes"))] is True
    assert booleans()[match_key(say(lang, "templates.word_flag_no"))] is False


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("table", TABLES)
def test_a_list_fits_into_what_excel_allows_and_covers_the_rows_below_the_explanations(table, lang):
    for rule in lists_of(opened(table, lang, known_areas()).worksheets[0]).values():
        assert len(rule.formula1) <= 257  # 255 and the quotation marks
        assert str(rule.sqref).split(":")[0].endswith("3")
        assert str(rule.sqref).endswith("1048576")


@pytest.mark.parametrize(
    "column", ["level", "tenure", "origin", "category", "channel", "status", "severity", "outcome"]
)
def test_a_list_offers_every_code_of_its_column(column):
    table = {"level": "areas", "tenure": "residents", "origin": "residents", "outcome": "checks"}.get(
        column, "incidents"
    )
    page = opened(table, "zh").worksheets[0]
    letter = openpyxl.utils.get_column_letter(columns_of(table, page)[column])
    offered = lists_of(page)[letter].formula1.strip('"').split(",")
    assert [codes_of(column)[match_key(word)] for word in offered] == list(dict.fromkeys(codes_of(column).values()))


@pytest.mark.parametrize("table", ["places", "checks"])
def test_places_and_checks_are_offered_kinds_of_their_own(table):
    page = opened(table, "en").worksheets[0]
    letter = openpyxl.utils.get_column_letter(columns_of(table, page)["kind"])
    expected = {
        "places": '"Building,Household,Shop,Rental,Venue"',
        "checks": '"Visit,Patrol,Inspection,Building sweep,Call,Grid round,Building round,Visit to an older person,'
        'Patrol record check"',
    }
    assert lists_of(page)[letter].formula1 == expected[table]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("table", [table for table in TABLES if table not in ("areas", "holidays", "agreements")])
def test_the_codes_of_the_finest_areas_stand_on_a_second_sheet_and_in_the_list(table, lang):
    areas = known_areas(lang)
    book = opened(table, lang, areas)
    page, codes = book.worksheets
    finest = areas[areas["level"] == "grid"]
    assert [cell.value for cell in codes["A"]][1:] == finest.index.tolist()
    assert [cell.value for cell in codes["B"]][1:] == finest["name"].tolist()
    column = "home_area_id" if table == "teams" else "area_id"
    letter = openpyxl.utils.get_column_letter(columns_of(table, page)[column])
    assert lists_of(page)[letter].formula1 == f"'{codes.title}'!$A$2:$A${len(finest) + 1}"
    assert page.max_row == 2  # a row with nothing but a code would count as a resident


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("table", TABLES)
def test_no_table_takes_the_second_sheet_for_records(table, lang):
    codes = opened("residents", lang, known_areas(lang)).worksheets[1]
    found = recognise(table, [cell.value for cell in codes[1]])
    assert found.columns == {}
    assert found.private == ()


@pytest.mark.parametrize("table", TABLES)
def test_excel_leaves_codes_and_dates_as_they_are_typed(table):
    page = opened(table, "zh").worksheets[0]
    numeric = {"population", "households", "buildings", "shops", "count", "lon", "lat", "capacity", "beds", "members",
               "hours_per_day", "value"}  # fmt: skip
    for column, number in columns_of(table, page).items():
        expected = "General" if column in numeric else "@"
        assert page.column_dimensions[openpyxl.utils.get_column_letter(number)].number_format == expected


def test_an_area_code_that_looks_like_a_formula_stays_text():
    areas = pd.DataFrame(
        {"name": ["=cmd()"], "level": ["grid"], "parent_id": ["@x"]}, index=pd.Index(["+1"], name="area_id")
    )
    codes = opened("incidents", "zh", areas).worksheets[1]
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in codes[2]] == [
        ("+1", "s", True),
        ("=cmd()", "s", True),
        ("@x", "s", True),
    ]


def test_a_made_up_file_says_so_in_its_properties_its_sheet_and_its_explanations():
    for lang, word in (("zh", "虚构"), ("en", "made"), ("en", "up")):
        book = opened("residents", lang, made_up=True)
        assert word in book.properties.title
        assert word in book.worksheets[0].title
        assert word in book.worksheets[0]["A2"].value
    blank = opened("residents", "zh")
    assert "虚构" not in str(blank.properties.title) + blank.worksheets[0].title + blank.worksheets[0]["A2"].value


def test_made_up_rows_are_the_same_each_time_and_lie_before_today():
    for table in TABLES:
        rows = made_up_rows(table, "zh", None, TODAY)
        assert len(rows) == 20
        pd.testing.assert_frame_equal(rows, made_up_rows(table, "zh", None, TODAY))
        for column in {"as_of", "occurred_at", "closed_at", "checked_at"} & set(rows):
            assert (rows[column].dropna() < pd.Timestamp(TODAY)).all()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("own_areas", [True, False])
def test_what_a_made_up_template_holds_is_what_loading_finds(lang, own_areas):
    areas = None
    if own_areas:
        rows = {"name": ["甲", "乙"], "level": ["grid", "grid"], "parent_id": [None, None]}
        areas = pd.DataFrame(rows, index=pd.Index(["330803000012345678", "0012"], name="area_id"))
    ids = IdHash(bytes(32))
    known = Known()
    for table in TABLES:
        written = made_up_rows(table, lang, areas, TODAY)
        content = template(table, lang, areas, made_up=True, today=TODAY)
        if table == "areas" and own_areas:
            areas = areas.assign(population=900.0, households=None, buildings=None, shops=None, official_code="007")
            # No column of these is known, and the template has them blank.
            written = areas.reset_index().assign(name_en=None, on_site=None)
            content = template("areas", lang, areas, made_up=False, today=TODAY)
        loaded = load_table(table, (f"{table}.xlsx", content), TODAY, ids, known)
        report, found = loaded.report, loaded.frame
        assert (report.read, report.accepted) == (len(written), len(written))
        assert (report.refused, report.repaired, report.dropped_private, report.unused) == ((), (), (), ())
        if table == "areas":
            known, found = Known(found), found.reset_index()
        elif table == "places":
            known = Known(known.areas, found.set_index("place_id")["area_id"])
        if table in ("agreements", "reports"):
            continue  # their cells are kept in other columns: see test_reporting
        # These say where a row lies, and no more is kept of them than the area.
        assert set(written) - {"lon", "lat"} == set(found)
        pd.testing.assert_frame_equal(plain(found), plain(written[found.columns]), check_dtype=False)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_template_with_its_sheet_of_codes_holds_no_resident_and_one_with_a_row_holds_one(lang):
    areas = known_areas(lang)
    content = template("residents", lang, areas, made_up=False, today=TODAY)
    with pytest.raises(LoadError, match="header"):
        load_table("residents", ("r.xlsx", content), TODAY, IdHash(bytes(32)), Known(areas))
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.worksheets[0]["A3"] = "MU1-1-01"
    saved = io.BytesIO()
    book.save(saved)
    loaded = load_table("residents", ("r.xlsx", saved.getvalue()), TODAY, IdHash(bytes(32)), Known(areas))
    assert loaded.frame[["area_id", "count"]].to_numpy().tolist() == [["MU1-1-01", 1]]


def test_no_word_of_a_list_has_a_comma_which_would_part_it():
    listed = [key for key in keys() if key.startswith("templates.word_")]
    assert [key for key in listed for lang in LANGUAGES if "," in say(lang, key)] == []

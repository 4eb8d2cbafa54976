"""The tables on the closing of incidents, and the card: what they show adds up, and is the same in each form."""

import io
import re
from datetime import date

import openpyxl
import pandas as pd
import pytest

from analytics.drawing.closing import ROWS_SHOWN, closing_card
from analytics.exhibits.captions import Caption
from analytics.exhibits.closing import closing, closing_table, in_one
from analytics.exhibits.table_files import ENDINGS, as_text, table_file
from analytics.response.closing import BY
from analytics.response.closing import closing as closing_of
from analytics.scheme import scheme_named
from analytics.scoring import area_counts_for
from analytics.store import Counts
from analytics.words import LANGUAGES, say
from tests.office import LAST, SAMPLES
from tests.scoring.small_world import incident, indicator, records, scheme, three_areas

CAPTION = Caption("示例街道", ("截至2026年10月31日24时",))


@pytest.fixture(scope="module")
def facts():
    from analytics.loaders import load_records

    files = {"areas": SAMPLES / "demo_street" / "areas.geojson", "incidents": SAMPLES / "demo_street" / "incidents.csv"}
    return area_counts_for(Counts.of_records(load_records(files, LAST)[0]), scheme_named("epidemic"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("by", BY)
def test_rows_add_up_to_the_total_and_no_cell_is_empty(facts, by, lang):
    found = closing_of(facts, LAST, "month", by)
    table = closing_table(lang, found, facts.areas["name"].to_dict())
    assert len(table) == len(found.rows) + 1
    assert table.columns.is_unique
    assert not table.isna().to_numpy().any()
    assert (table.astype(str) != "").to_numpy().all()
    numbers = table.select_dtypes("number")
    assert {say(lang, f"closing.{name}") for name in ("received", "n_dated", "n_due", "open")} <= set(numbers)
    pd.testing.assert_series_equal(numbers.iloc[:-1].sum(), numbers.iloc[-1], check_names=False, check_dtype=False)


def test_the_three_exhibits_hold_what_the_one_table_holds(facts):
    found = closing_of(facts, LAST, "week", "kind")
    parts = [one.make() for one in closing("zh", lambda: CAPTION, found, {})]
    whole = in_one("zh", lambda: CAPTION, found, {})
    assert [column for one in parts for column in one.table] == list(whole.table)
    assert all(one.about[-1] == CAPTION.lines[0] and len(one.about) > 2 for one in (*parts, whole))
    assert len({one.title for one in parts}) == 3


def as_shown(cell):
    """What a spreadsheet shows in a cell of one of our formats."""
    if isinstance(cell.value, str) or cell.number_format == "General":
        return str(cell.value)
    plus, *rest = cell.number_format.split(";")
    form = plus.lstrip("+")
    digits = len(form.rstrip("%").partition(".")[2])
    value = abs(cell.value) if rest else cell.value
    said = f"{value:{',' if ',' in form else ''}.{digits}{'%' if form.endswith('%') else 'f'}}"
    sign = "" if not rest or not cell.value else "+" if cell.value > 0 else "−"
    return sign + said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_kind_of_file_holds_the_same_cells(facts, lang):
    exhibit = in_one(lang, lambda: CAPTION, closing_of(facts, LAST, "month", "channel"), {})
    wanted = [[str(cell) for cell in row] for row in exhibit.table.reset_index().to_numpy().tolist()]
    files = {ending: table_file(exhibit, ending) for ending in ENDINGS}
    text = [line.split("\t") for line in files[".txt"].decode().splitlines() if "\t" in line]
    assert text[1:] == wanted
    assert as_text(exhibit).startswith(exhibit.title)
    read = pd.read_csv(io.BytesIO(files[".csv"]), skiprows=len(exhibit.about) + 3, dtype=str, keep_default_na=False)
    assert read.to_numpy().tolist() == wanted
    sheet = openpyxl.load_workbook(io.BytesIO(files[".xlsx"])).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == exhibit.title
    for row, texts in zip(list(sheet.iter_rows())[-len(wanted) :], wanted, strict=True):
        assert [as_shown(cell) for cell in row] == texts
    assert all(not isinstance(cell, str) or cell == "—" for row in rows[-len(wanted) :] for cell in row[1:])
    assert all(isinstance(row[1], int) for row in rows[-len(wanted) :])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_card_shows_every_rate_with_its_two_numbers(facts, lang):
    found = closing_of(facts, LAST, "month", "channel")
    card = closing_card(lang, found, {}, "month", link="?closing=")
    for row in (*found.rows, found.total):
        for ratio in (row.now.closed, row.now.on_time):
            assert f"<small>{ratio.n:,}/{ratio.of:,}</small>" in card
    assert re.findall(r'data-press="([^"]+)" aria-pressed="true"', card) == ["?closing=month", "?closing=month-channel"]
    assert say(lang, "closing.hint", period="", by="").strip(" ,") in card or found.period.first.year == 2026


def test_a_card_of_many_rows_tells_how_many_more_there_are(facts):
    found = closing_of(facts, LAST, "month", "area")
    card = closing_card("zh", found, facts.areas["name"].to_dict(), "month")
    assert card.count("<tr>") == ROWS_SHOWN + 2
    assert f"另有{len(found.rows) - ROWS_SHOWN}行" in card
    assert 'data-press="area?area=' in card
    assert 'data-press="?closing=week-area"' in card


def test_names_of_the_data_are_escaped():
    held = records(
        areas=three_areas(),
        incidents=[incident(1, "A", "2020-02-03", "<b>x</b>", channel="grid", status="closed", closed_at="2020-02-04")],
    )
    facts = area_counts_for(Counts.of_records(held), scheme([indicator()]))
    card = closing_card("zh", closing_of(facts, date(2020, 2, 29), "month", "kind"), {}, "month")
    assert "<b>x" not in card
    assert "&lt;b&gt;x" in card


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_records_the_card_says_what_to_do(lang):
    card = closing_card(lang, None, {}, "week")
    assert say(lang, "closing.none") in card
    assert "%" not in card

"""One column of one file as values: what cannot be read refuses its row, or is left blank and the row repaired."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from analytics.loaders import values
from analytics.loaders.coded import OTHER, code_of
from analytics.loaders.columns import column_label, full_key
from analytics.loaders.person_names import names_a_person
from analytics.loaders.private import FORMULA, addresses, personal_cells, too_wide
from analytics.loaders.rows import TIMES, Rows
from analytics.loaders.times import moments, months, of_open_order, with_year
from analytics.loaders.units import converted, unit_of
from analytics.personal_text import holds_a_person, holds_a_person_or_room

_MOSTLY = 0.5
_SMALLEST_ESTIMATE = 1000
"""From here on a fraction is the estimate of a census office for a small area, and no number of thousands."""

_FAR_YEARS = 20
_FEW = 0.5

_CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+"
_NUMBERS_OF_OTHERS = ("handed_number",)
"""Another in each row; shapes that are a person's surely are told in them too."""

_NUMBER = "^[0-9]+([.][0-9]+)?(周?岁)?$"


def code_or_id(rows: Rows, column: str, *, needed: bool = True) -> pd.Series:
    """Codes and ids as text. One that a spreadsheet has cut to its first digits refuses its row; where it is not
    ``needed`` it is left blank."""
    cells = values.codes_plain(rows.cells(column))
    if rows.table == "areas":
        cells = _without_formulas(rows, column, cells, needed=needed)
    lost = values.lost_codes(cells)
    if needed:
        rows.refuse(lost, column, "loading.code_lost", column=column_label(column))
        return cells
    rows.repair(lost, column, "loading.code_lost_blank", column=column_label(column))
    return cells.mask(lost)


def _without_formulas(rows: Rows, column: str, cells: pd.Series, *, needed: bool) -> pd.Series:
    """Codes of areas stand in the first cell of many a table: none may begin like a formula."""
    formulas = pd.Series(values.matches(cells, FORMULA), index=cells.index)
    if needed:
        rows.refuse(formulas, column, "loading.cell_formula", column=column_label(column))
        return cells
    rows.repair(formulas, column, "loading.cell_formula_blank", column=column_label(column))
    return cells.mask(formulas)


def quantity(rows: Rows, column: str, *, needed: bool = False) -> pd.Series:
    """Numbers (float64) of ones, none of them negative; one with a unit, or under a header with one, is repaired.

    What cannot be read is missing, and its row repaired; where it is ``needed`` its row is refused.
    """
    numbers = figures(rows, rows.raw(column), rows.cells(column), rows.header(column), column_label(column))
    cells, label = rows.cells(column), column_label(column)
    unread, negative = cells.notna() & numbers.isna(), numbers < 0
    if needed:
        rows.refuse(unread, column, "loading.not_a_number", column=label, value=cells)
        rows.refuse(negative, column, "loading.negative", column=label, value=cells)
        return numbers
    # Hours may be halves; people and things may not.
    if column != "hours_per_day" and _in_unknown_unit(numbers) and unit_of(rows.header(column) or "") is None:
        parts = numbers.notna() & ~values.names_many(cells)
        rows.repair(parts, column, "loading.unit_unknown", column=label, value=cells)
        numbers = numbers.mask(parts)
        negative &= numbers.notna()
    rows.repair(unread, column, "loading.not_a_number_blank", column=label, value=cells)
    rows.repair(negative, column, "loading.negative_blank", column=label, value=cells)
    return numbers.mask(negative)


def _in_unknown_unit(numbers: pd.Series) -> bool:
    """Whether numbers of people or things are mostly small fractions, as thousands are that no header names."""
    there = numbers.dropna()
    parts = there % 1 != 0
    return len(there) > 0 and bool(parts.mean() > _MOSTLY and there.max() < _SMALLEST_ESTIMATE)


def figures(
    rows: Rows, raw: pd.Series, cells: pd.Series, header: str | None, label: object, *, canonical: bool = True
) -> pd.Series:
    """The numbers of a column by its cells as they stand (``raw``) and cleaned; missing where there is none.

    The report names each cell that was read in another way than it stands there, and each that only says that there is
    no number. A ``canonical`` column is counted in ones, so that the unit of its header is reckoned in; any other keeps
    it in its name, and a share of it in percent stands beside bare numbers.
    """
    numbers = values.numbers(cells)
    own = cells.notna() & numbers.isna()
    if own.any():
        own = values.names_many(cells)
        counted = values.numbers_in_words(cells[cells.notna() & numbers.isna()]).dropna()
        numbers[counted.index] = counted
        said = counted.map("{:.12g}".format).astype("str").reindex(cells.index)
        rows.repair_at(said.notna(), header, "loading.number_in_words", column=label, number=said)
    unit = unit_of(header) if header and canonical else None
    if unit and unit.factor != 1:
        there = numbers.notna() & ~own
        numbers = numbers.where(~there, numbers.map(lambda number: converted(number, unit)))
        said = numbers.where(there).map("{:.12g}".format, na_action="ignore").astype("str")
        rows.repair_at(there, header, "loading.unit_converted", column=label, unit=unit.written, number=said)
    if cells.isna().any():
        filled = cells.isna() & values.filled(raw)
        rows.repair_at(filled, header, "loading.no_number", column=label, value=raw)
    return numbers


def moment(
    rows: Rows, column: str, *, may_lie_ahead: bool = False, or_blank: bool = False, or_month: bool = False
) -> pd.Series:
    """Times (datetime64[us], local wall time); a row with no date, or one after today, is refused.

    With ``or_blank`` such a date is left blank instead and its row repaired. With ``or_month`` a month stands for its
    last day, the current one for today.
    A date without a year is given the one that fits the other dates of the column, else of the file, else today.
    """
    cells = rows.cells(column)
    if not rows.has(column):
        return pd.Series(pd.NaT, index=cells.index, dtype="datetime64[us]")
    found = moments(cells)
    read, yearless = found.read, found.yearless
    label = column_label(column)
    unread = cells.notna() & read.isna()
    if or_month and unread.any():
        read = _with_months(rows, column, cells, read)
        unread = cells.notna() & read.isna()
    if unread.any() and (order := rows.order_of_days()):
        again = moments(cells[unread], order).read.dropna()
        read[again.index] = again
        if len(again):
            key = {"month": "loading.month_first", "day": "loading.day_first"}[order]
            rows.note(key, column=label, n=len(again))
    if len(yearless):
        latest = None if may_lie_ahead else pd.Timestamp(rows.today)
        dated = with_year(yearless, _newest(rows, read), latest).dropna()
        read[dated.index] = dated
        guessed = pd.Series(read.index.isin(dated.index), index=read.index)
        rows.repair(guessed, column, "loading.year_inferred", column=label, day=read)
    if found.of_roc:
        rows.note("loading.years_of_roc", column=label, n=found.of_roc)
    bad = cells.notna() & read.isna()
    order_open = bad & of_open_order(cells) if bad.any() else bad
    if or_blank:
        rows.repair(order_open, column, "loading.day_or_month_blank", column=label, value=cells)
        rows.repair(bad & ~order_open, column, "loading.not_a_date_blank", column=label)
    else:
        rows.refuse(order_open, column, "loading.day_or_month", column=label, value=cells)
        rows.refuse(bad, column, "loading.not_a_date", column=label, value=cells)
    _note_far(rows, column, read)
    if not may_lie_ahead:
        ahead = read >= pd.Timestamp(rows.today) + pd.Timedelta(days=1)
        if or_blank:
            rows.repair(ahead, column, "loading.after_today_blank", column=label, day=read, today=rows.today)
            return read.mask(ahead)
        rows.refuse(ahead, column, "loading.after_today", column=label, day=read, today=rows.today)
    return read


def _note_far(rows: Rows, column: str, read: pd.Series) -> None:
    """Have the report say that a few dates lie decades from all others: 1926 among those of 2026."""
    there = read.dropna()
    far = there[(there.dt.year - there.dt.year.median()).abs() > _FAR_YEARS]
    if len(far) and len(far) < _FEW * len(there):
        place = rows.place(far.index[0])
        rows.note(
            "loading.far_from_the_others",
            column=column_label(column), n=len(far), place=place, day=f"{far.iloc[0]:%Y-%m-%d}",
        )  # fmt: skip


def _with_months(rows: Rows, column: str, cells: pd.Series, read: pd.Series) -> pd.Series:
    ends = months(cells[cells.notna() & read.isna()]).dropna()
    if ends.empty:
        return read
    today = pd.Timestamp(rows.today)
    # The month that today lies in has come as far as today.
    ends = ends.mask((ends > today) & (ends.dt.to_period("M") == today.to_period("M")), today)
    read = read.copy()
    read[ends.index] = ends
    stands = pd.Series(read.index.isin(ends.index), index=read.index)
    rows.repair(stands, column, "loading.month_stands_for", column=column_label(column), day=read)
    return read


def level(rows: Rows) -> pd.Series:
    """The level of an area; another word is left blank, and told."""
    found = word(rows, "level")
    unknown = rows.unknown_words("level")
    rows.repair(unknown.notna(), "level", "loading.word_unknown", column=column_label("level"))
    return found.where(unknown.isna())


def flag(rows: Rows, column: str) -> pd.Series:
    """Yes or no (nullable boolean); another word is left blank."""
    if not rows.has(column):
        return pd.Series(pd.NA, index=rows.good.index, dtype="boolean")
    return _or_blank(rows, column, values.flags(rows.cells(column)))


def age_band(rows: Rows) -> pd.Series:
    """Age bands as text, or an age in its band; a number that is no age is left blank, another word is told."""
    found = word(rows, "age_band")
    no_age = pd.Series(values.matches(found, _NUMBER), index=found.index)
    rows.repair(no_age, "age_band", "loading.word_unknown", column=column_label("age_band"))
    return found.mask(no_age)


def word(rows: Rows, column: str, *, needed: bool = False) -> pd.Series:
    """Codes of a coded column, as the user mapped its words or else as the tables do; a word that neither knows stays
    as it is, as :func:`plain_word` leaves it, and the report lists it."""
    chosen = {full_key(said): code for said, code in rows.reading.values.get(column, {}).items()}
    parse = values.age_band if column == "age_band" else lambda text: code_of(column, text)
    unknown: set[str] = set()

    def meant(text: str) -> str:
        mapped = chosen.get(full_key(text))
        found = text if mapped == OTHER else mapped or parse(text)
        if found is None and not re.fullmatch(_NUMBER, text):
            unknown.add(text)
        return text if found is None else found

    read = _words(rows, column, needed=needed, meant=lambda written: values.texts_by_value(written, meant))
    if unknown:
        # A word that somebody mapped to a code may be written as another one that is not known.
        rows.list_unknown(column, read.where(read.isin(unknown)))
    return read


def plain_word(rows: Rows, column: str, *, needed: bool = False) -> pd.Series:
    """Words as written; one with a person's numbers, or a whole text, is left blank, or refuses its row if needed."""
    return _words(rows, column, needed=needed, meant=lambda written: written)


def post_or_department(rows: Rows, column: str) -> pd.Series:
    """The same of posts or departments: a Chinese person's name is left blank too."""
    read = plain_word(rows, column)
    persons = values.by_value(read, names_a_person).eq(other=True)
    rows.repair(persons, column, "loading.person_named_blank", column=column_label(column))
    return read.mask(persons)


def _words(rows: Rows, column: str, *, needed: bool, meant: Callable[[pd.Series], pd.Series]) -> pd.Series:
    if not rows.has(column):
        return rows.cells(column)
    label = column_label(column)
    # The same few words stand in all the rows.
    coded = values.arrow_of(rows.raw(column)).dictionary_encode()
    words = values.text_of(coded.dictionary, pd.RangeIndex(len(coded.dictionary)))
    written = values.stripped(words, values.cleaned(words).notna())
    # A line break or a sign that no paper can hold is a space in a word.
    written = written.str.replace(_CONTROL, " ", regex=True).str.strip()
    hidden = personal_cells(written) | too_wide(written)
    # An area may well bear the name of a building.
    if rows.table != "areas":
        hidden |= addresses(written)
    if column not in _NUMBERS_OF_OTHERS:
        person = holds_a_person_or_room if rows.table == "areas" else holds_a_person
        hidden |= values.by_value(written, person).eq(other=True).to_numpy()
    # An export must not carry a formula that somebody's spreadsheet would run.
    formulas = values.matches(written, FORMULA) & ~hidden
    texts = values.arrow_of(meant(written.mask(hidden | formulas))).take(coded.indices)
    for found, refused, blank in (
        (hidden, "loading.cell_personal", "loading.cell_personal_blank"),
        (formulas, "loading.cell_formula", "loading.cell_formula_blank"),
    ):
        if found.any():
            places = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
            bad = pd.Series(np.append(found, False)[places], index=rows.good.index)
            if needed:
                rows.refuse(bad, column, refused, column=label)
            else:
                rows.repair(bad, column, blank, column=label)
    return values.text_of(texts, rows.good.index)


def _or_blank(rows: Rows, column: str, read: pd.Series) -> pd.Series:
    rows.repair(rows.cells(column).notna() & read.isna(), column, "loading.word_unknown", column=column_label(column))
    return read


def _newest(rows: Rows, read: pd.Series) -> pd.Timestamp:
    today = pd.Timestamp(rows.today)
    others = (moments(rows.cells(column)).read for column in TIMES if rows.has(column))
    for days in (read, *others):
        past = days[days < today + pd.Timedelta(days=1)]
        if len(past):
            return past.max()
    return today

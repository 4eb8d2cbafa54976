"""Tables of sums, which offices send where one row should be one record: recognised, and turned where that is possible.

Days, areas or kinds as columns become rows, and so do groups of people that do not overlap. A row that stands for
several incidents becomes that many, with ids made of what it says: the same file twice is one, and a later one with
more of them adds the rest. Sums that overlap are refused with what can be done with them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import pairwise

import numpy as np
import pandas as pd

from analytics.errors import LoadError
from analytics.loaders import values
from analytics.loaders.across import across, column_of_bands
from analytics.loaders.coded import code_of
from analytics.loaders.columns import (
    Recognition,
    column_label,
    is_count,
    is_measure,
    is_total,
    match_key,
    recognise,
)
from analytics.loaders.names import AreaNames
from analytics.loaders.own_numbers import number_column
from analytics.loaders.report import RowNote
from analytics.loaders.rows import quotable
from analytics.loaders.sheet import SHEET_STEP, Sheet, shown, shown_headers
from analytics.loaders.subtotals import without_subtotals
from analytics.loaders.times import moments
from analytics.loaders.units import unit_of
from analytics.words import Phrase, phrase

MOST_RECORDS = 5_000_000
"""That the sums of one file may come to."""

_LARGEST_HOUSEHOLD = 9
_MOSTLY = 0.5
_LOOKED_AT = 1000  # rows
_NAMED = 6  # headers in one note
_COUNT = "count"
_TOTALS = frozenset(
    map(
        match_key,
        ("人数", "人口数", "人口", "常住人口", "总户数", "户数", "population", "persons", "people", "households"),
    )
)
_HOUSEHOLDS = re.compile(r"户(?!籍)|household")
_CUMULATIVE = re.compile(r"累[计積积]|cumulative|todate|ytd|年初至今")
_ROW_NUMBER = re.compile(r"^(?:序号|行号|no|number|index)$")
_OF_PEOPLE = re.compile(r"(?:的)?(?:常住|户籍)?(?:人口|老年人|老人|人数|户数|人|户)(?:数|数量)?$")
_OF_INCIDENTS = re.compile(
    r"(?:的)?(?:事件|案件|工单|投诉|诉求|病例)?(?:件数|起数|宗数|例数|次数|人数|人次|数量|量|数)$|[\s_]+(?:count|cases|incidents|complaints|calls)$",
    re.IGNORECASE,
)
_COUNTED_HEADER = re.compile(
    r"(?:人口|人数|户数|老人|老年人|儿童|数|数量|total|count|population|persons?|people|households?|residents|elderly|aged.*|[0-9]+(?:plus|over)?|岁(?:及?以[上下])?)$"
)
_SUPPRESSED = r"^(?:[<>≤≥‹›＜＞].*|\*+|…|\.\.+)$"
# Yes and no may be 1 and 2, and the kinds of a tenure 1 to 9.
_MOST_OF_FLAG = {"lives_alone": 2, "tenure": 9, "origin": 9}


def turned(
    table: str, sheet: Sheet, chosen: Mapping[str, str | None] | None = None, areas: pd.DataFrame | None = None
) -> Sheet:
    """``sheet`` with one row a record, where it holds sums; any other as it stands.

    ``areas``: those that columns may be named after. Raises ``LoadError`` for sums that cannot be read as records.
    """
    if table == "areas":
        return across(sheet, chosen or {})
    if table == "incidents":
        return _incidents(sheet, chosen or {}, areas)
    if table == "residents":
        return _residents(sheet, chosen or {}, areas)
    return sheet


def is_table_of_sums(sheet: Sheet, known: Recognition) -> bool:
    """Whether a file read as residents has one row an area: a yes/no column above 2, or no number of its own beside
    columns that count."""
    for column, most in _MOST_OF_FLAG.items():
        position = known.columns.get(column)
        if position is not None and (values.numbers(_clean(sheet, position)) > most).any():
            return True
    area = known.columns.get("area_id")
    if "count" in known.columns and _of_households(sheet.headers[known.columns["count"]]):
        # Beside households that are counted stand the people.
        return any(
            _counts(sheet, position) and _COUNTED_HEADER.search(match_key(header)) and not _of_households(header)
            for position, header in ((position, sheet.headers[position]) for position in known.others)
        )
    if "count" in known.columns or area is None or len(sheet.cells) < 2:
        return False
    groups = [known.columns[column] for column in ("age_band", "tenure", "origin") if column in known.columns]
    able = [*known.others, *(known.columns[column] for column in _MOST_OF_FLAG if column in known.columns)]
    counting = [position for position in able if _counts(sheet, position)]
    named = [position for position in counting if _COUNTED_HEADER.search(match_key(sheet.headers[position]))]
    if not named:
        return False
    if len(counting) > 1 and not _clean(sheet, area).dropna().duplicated().any():
        return True
    # One row a group of an area, with more people than a household has.
    said = pd.concat([_clean(sheet, place) for place in dict.fromkeys((area, *groups))], axis=1)
    largest = max(values.numbers(_clean(sheet, position)).median() for position in named)
    return largest > _LARGEST_HOUSEHOLD and not said.duplicated().any()


@dataclass(frozen=True)
class _Wide:
    """Columns that are the values of one column: by their position what each stands for."""

    column: str
    meant: Mapping[int, str]


def _incidents(sheet: Sheet, chosen: Mapping[str, str | None], areas: pd.DataFrame | None) -> Sheet:
    known = recognise("incidents", sheet.headers, chosen)
    numbered = known.columns.get("incident_id")
    if numbered is not None and not _is_row_number(sheet, numbered):
        return sheet
    if "incident_id" not in chosen and number_column("incidents", sheet, known) is not None:
        return sheet
    wide = _wide_incidents(sheet, known, areas)
    if wide is not None:
        # What is no value of the wide column and still counts is a sum over it.
        totals = [position for position in known.others if position not in wide.meant and _counts(sheet, position)]
        sheet = _long(sheet, wide, without=[*totals, *([] if numbered is None else [numbered])])
        known = recognise("incidents", sheet.headers, chosen)
        counted = len(sheet.headers) - 1
    else:
        counting = [one for one in known.others if _counts(sheet, one)]
        named = [one for one in known.others if is_count(sheet.headers[one]) and _mostly_counts(sheet, one)]
        # The sum of the days so far stands beside the number of the day.
        daily = [one for one in named if not _CUMULATIVE.search(match_key(sheet.headers[one]))]
        if named and not daily:
            header = shown(sheet.headers[named[0]])
            raise LoadError.because("loading.sums_cumulative", file=sheet.file, header=header)
        counted = min(daily, key=lambda one: is_total(sheet.headers[one]), default=None)
        if counted is None and "category" not in known.columns and "occurred_at" in known.columns:
            # One number a day and nothing that says of what.
            counted = next((one for one in counting if _OF_INCIDENTS.search(sheet.headers[one])), None)
        if counted is None:
            return sheet
    placed = "area_id" in known.columns or {"lon", "lat"} <= known.columns.keys()
    lacking = [column for column in ("occurred_at", "category") if column not in known.columns]
    lacking += [] if placed else ["area_id"]
    if lacking:
        labels = [column_label(column) for column in lacking]
        raise LoadError.because("loading.sums_lack", file=sheet.file, columns=labels)
    if wide is None:
        sheet = without_subtotals(sheet, known, counted)
    return _expanded(sheet, known, counted, None if wide is None else counted - 1)


def _wide_incidents(sheet: Sheet, known: Recognition, areas: pd.DataFrame | None) -> _Wide | None:
    """The columns that stand for days, areas or kinds, where the file has no column of these."""
    there = known.columns.keys()
    counting = [position for position in known.others if _counts(sheet, position)]
    headers = {position: sheet.headers[position] for position in counting}
    if "occurred_at" not in there:
        days = {position: header for position, header in headers.items() if _is_day(header)}
        if len(days) > 1:
            return _Wide("occurred_at", days)
    by_area = _wide_areas(sheet, known, areas)
    if by_area is not None:
        return by_area
    if "category" in there or "occurred_at" not in there:
        return None
    bare = {position: _OF_INCIDENTS.sub("", header).strip() for position, header in headers.items()}
    kinds = {
        position: kind
        for position, kind in bare.items()
        if kind and not (is_total(kind) or is_count(kind) or _ROW_NUMBER.fullmatch(match_key(kind)))
    }
    kinds = _without_sum_of_others(sheet, kinds)
    listed = any(code_of("category", kind) is not None for kind in kinds.values())
    # Sums have one row a day and area; records with figures of their own have several.
    apart = [_clean(sheet, known.columns[column]) for column in ("occurred_at", "area_id") if column in there]
    once = not pd.concat(apart, axis=1).duplicated().any()
    return _Wide("category", kinds) if kinds and (listed or (len(kinds) > 1 and once)) else None


def _without_sum_of_others(sheet: Sheet, kinds: dict[int, str]) -> dict[int, str]:
    """``kinds`` without a column that is in every row the sum of all others, whatever it is called."""
    if len(kinds) < 3:
        return kinds
    figures = pd.DataFrame({position: values.numbers(_clean(sheet, position)) for position in kinds}).fillna(0)
    whole = figures.sum(axis=1)
    sums = [position for position in kinds if whole.any() and (2 * figures[position] == whole).all()]
    return {position: kind for position, kind in kinds.items() if position not in sums[-1:]}


def _wide_areas(sheet: Sheet, known: Recognition, areas: pd.DataFrame | None) -> _Wide | None:
    """The columns that are named after areas, where the file has no column of these."""
    if areas is None or {"area_id", "lon"} & known.columns.keys():
        return None
    names = AreaNames(areas)
    found = {
        position: sheet.headers[position]
        for position in known.others
        if _counts(sheet, position)
        and (sheet.headers[position] in areas.index or names.meant(sheet.headers[position]) is not None)
    }
    return _Wide("area_id", found) if len(found) > 1 else None


def _residents(sheet: Sheet, chosen: Mapping[str, str | None], areas: pd.DataFrame | None) -> Sheet:
    sheet = _with_bands_named(sheet, chosen, areas)
    known = recognise("residents", sheet.headers, chosen)
    grouped = known.columns.keys() & {"age_band", "tenure", "origin"}
    by_area = _wide_areas(sheet, known, areas) if grouped and "count" not in known.columns else None
    if by_area is not None:
        totals = [place for place in known.others if is_total(sheet.headers[place])]
        return _long(sheet, by_area, without=totals, with_blank=True)
    wide = _wide_residents(sheet, known)
    if wide is not None:
        # The sum of all groups, and sums of other groupings of the same people, would count them again.
        others = [position for position in known.others if position not in wide.meant and _counts(sheet, position)]
        totals = [known.columns[column] for column in ("count", "lives_alone") if column in known.columns]
        long = _long(sheet, wide, without=[*others, *totals], with_blank=True)
        long = _with_rest(long, sheet, wide, [*totals, *others])
        left = [sheet.headers[position] for position in (*totals, *others)]
        return replace(long, notes=(*long.notes, *_left(left)))
    if is_table_of_sums(sheet, known):
        raise LoadError.because("loading.table_of_sums", file=sheet.file)
    return without_subtotals(sheet, known, known.columns["count"]) if "count" in known.columns else sheet


def _with_bands_named(sheet: Sheet, chosen: Mapping[str, str | None], areas: pd.DataFrame | None) -> Sheet:
    """``sheet`` with the groups of ages that its rows are of known as such, whatever stands above them, where its
    columns are areas: 指标, 松林社区, 柏树社区."""
    known = recognise("residents", sheet.headers, chosen)
    if known.columns or _wide_areas(sheet, known, areas) is None:
        return sheet
    position = column_of_bands(sheet, known.others)
    if position is None:
        return sheet
    return replace(sheet, headers=(*sheet.headers[:position], "age_band", *sheet.headers[position + 1 :]))


def _with_rest(long: Sheet, sheet: Sheet, wide: _Wide, able: Sequence[int]) -> Sheet:
    """``long`` with a row for those of an area who are in no group, where a total says that there are some.

    Without them every share of all people would be too large. Raises ``LoadError`` where groups come to more than all.
    """
    total = next((place for place in able if _is_total_of(sheet.headers[place], sheet, wide)), None)
    if total is None:
        return replace(long, notes=(*long.notes, phrase("loading.sums_without_total")))
    grouped = pd.concat([values.numbers(_clean(sheet, place)) for place in wide.meant], axis=1)
    rest = values.numbers(_clean(sheet, total)) - grouped.sum(axis=1, skipna=False)
    if (rest < 0).any():
        raise LoadError.because("loading.table_of_sums", file=sheet.file)
    rest = rest[rest > 0]
    if rest.empty:
        return long
    first = pd.Series(long.origin.index, index=long.origin.to_numpy()).groupby(level=0).first()
    own = long.cells.loc[first[rest.index]].copy()
    own[len(long.headers) - 2] = ""
    own[len(long.headers) - 1] = rest.map("{:.0f}".format).to_numpy()
    rows = pd.Series([*long.origin, *rest.index])
    cells = pd.concat([long.cells, own])
    order = np.argsort(rows.to_numpy(), kind="stable")
    note = phrase("loading.sums_rest", header=shown(sheet.headers[total]), n=int(rest.sum()), rows=len(rest))
    return _rebuilt(replace(long, origin=None), long.headers, cells.iloc[order], rows.iloc[order], [note])


def _is_total_of(header: str, sheet: Sheet, wide: _Wide) -> bool:
    """Whether a column is the sum of all groups: of people or of households, as they are."""
    households = _of_households(sheet.headers[next(iter(wide.meant))])
    return (is_total(header) or match_key(header) in _TOTALS) and _of_households(header) == households


def _of_households(header: str) -> bool:
    return bool(_HOUSEHOLDS.search(match_key(header)))


def _left(headers: Sequence[str]) -> list[object]:
    return [phrase("loading.sums_left", headers=shown_headers(tuple(headers)))] if headers else []


def _wide_residents(sheet: Sheet, known: Recognition) -> _Wide | None:
    """The columns that stand for groups of people that do not overlap: of an age, a tenure or an origin."""
    if "area_id" not in known.columns and "lon" not in known.columns:
        return None
    counting = [position for position in known.others if _counts(sheet, position)]
    bare = {position: _OF_PEOPLE.sub("", sheet.headers[position].strip()) for position in counting}
    if not {"age_band", "birth_year"} & known.columns.keys():
        bands = values.texts_by_value(pd.Series(bare, dtype="str"), values.age_band).dropna()
        bands = bands[[not text.isdigit() for text in map(bare.get, bands.index)]]
        if len(bands) > 1 and not _overlap(bands.tolist()):
            return _Wide("age_band", bands.to_dict())
    for column in ("tenure", "origin"):
        codes = {position: code_of(column, text) for position, text in bare.items()}
        found = {position: code for position, code in codes.items() if code}
        if column not in known.columns and len(found) > 1 and len(set(found.values())) == len(found):
            return _Wide(column, found)
    return None


def _overlap(bands: Sequence[str]) -> bool:
    ranges = sorted((int(first), int(last or 999)) for first, last in (re.split(r"[-+]", band) for band in bands))
    return any(last >= first for (_, last), (first, _) in pairwise(ranges))


def _long(sheet: Sheet, wide: _Wide, without: Sequence[int], *, with_blank: bool = False) -> Sheet:
    """A row for each cell of the ``wide`` columns that is filled, with what stands beside it but for the columns
    ``without``. ``with_blank``: one for a blank cell too, beside which others of its row are filled."""
    there = pd.DataFrame({position: values.cleaned(sheet.cells[position]).notna() for position in wide.meant})
    some = there.any(axis=1)
    kept = [place for place in range(len(sheet.headers)) if place not in wide.meant and place not in without]
    blank = 0
    parts = []
    for order, (position, text) in enumerate(wide.meant.items()):
        cells = sheet.cells[position]
        filled = some if with_blank else there[position]
        blank += int((~there[position] & ~(some & with_blank)).sum())
        part = sheet.cells.loc[filled, kept].set_axis(range(len(kept)), axis=1)
        part[len(kept)], part[len(kept) + 1] = text, cells[filled]
        parts.append(part.assign(order=order))
    cells = pd.concat(parts).rename_axis("row").reset_index().sort_values(["row", "order"], kind="stable")
    named = [shown(sheet.headers[position]) for position in list(wide.meant)[:_NAMED]]
    notes = [phrase("loading.sums_turned", n=len(wide.meant), column=column_label(wide.column), headers=named)]
    notes += [phrase("loading.sums_blank", n=blank)] if blank else []
    headers = (*(sheet.headers[place] for place in kept), wide.column, _COUNT)
    return _rebuilt(sheet, headers, cells.drop(columns=["row", "order"]), cells["row"], notes)


def _rebuilt(sheet: Sheet, headers: tuple[str, ...], cells: pd.DataFrame, rows: pd.Series, notes: list) -> Sheet:
    """``sheet`` with other ``cells``, made of its ``rows``, which may stand several times."""
    origin = rows.to_numpy() if sheet.origin is None else sheet.origin.loc[rows].to_numpy()
    numbers = origin // SHEET_STEP * SHEET_STEP + np.arange(1, len(origin) + 1)
    return replace(
        sheet,
        headers=headers,
        cells=cells.set_axis(pd.Index(numbers, dtype="int64"), axis=0)
        .set_axis(range(len(headers)), axis=1)
        .astype("str"),
        notes=(*sheet.notes, *notes),
        origin=pd.Series(origin, index=pd.Index(numbers, dtype="int64")),
        shapes=None,
    )


def _expanded(sheet: Sheet, known: Recognition, counted: int, turned_from: int | None) -> Sheet:
    """As many rows as each row counts, each with an id. ``turned_from``: where the headers of a wide table stand."""
    header = sheet.headers[counted]
    written = _clean(sheet, counted)
    counts = values.numbers(written).fillna(values.numbers_in_words(written))
    unit = unit_of(header)
    good = counts.notna() & (counts >= 0) & (counts % 1 == 0) & (unit is None or unit.factor == 1)
    headers = pd.Series(header, index=counts.index) if turned_from is None else sheet.cells[turned_from]
    refused = [
        RowNote(*sheet.at(row), headers[row], _why_unread(headers[row], written[row])) for row in counts.index[~good]
    ]
    n = counts.where(good, 0).astype("int64")
    total = int(n.sum())
    if total > MOST_RECORDS:
        raise LoadError.because("loading.sums_too_many", file=sheet.file, n=total, most=MOST_RECORDS)
    numbered = known.columns.get("incident_id")
    kept = [place for place in range(len(sheet.headers)) if place not in (counted, numbered)]
    rows = pd.Series(np.repeat(sheet.cells.index.to_numpy(), n.to_numpy()))
    said = [sheet.cells[place] for column, place in sorted(known.columns.items()) if column != "incident_id"]
    keys = [_key(parts) for parts in zip(*said, strict=True)]
    key = pd.Series(keys, index=sheet.cells.index).loc[rows].reset_index(drop=True)
    ids = "sum-" + key + "-" + (key.groupby(key).cumcount() + 1).astype(str)
    cells = sheet.cells.loc[rows, kept].reset_index(drop=True).set_axis(range(len(kept)), axis=1)
    cells[len(kept)] = ids
    by: object = shown(header) if turned_from is None else phrase("loading.sums_cells")
    notes = [phrase("loading.sums_expanded", rows=int((n > 0).sum()), header=by, n=total)]
    if zero := int((good & (n == 0)).sum()):
        notes.append(phrase("loading.sums_of_zero", n=zero))
    if not total and not refused:
        raise LoadError.because("loading.sums_all_zero", file=sheet.file, header=by)
    found = _rebuilt(sheet, (*(sheet.headers[place] for place in kept), "incident_id"), cells, rows, notes)
    return replace(found, refused=tuple(sorted((*found.refused, *refused), key=lambda note: note.line)))


def _why_unread(header: str, cell: object) -> Phrase:
    if not isinstance(cell, str):
        return phrase("loading.sum_blank", header=shown(header))
    return phrase("loading.sum_unread", header=shown(header), value=quotable(cell))


def _key(parts: Sequence[str]) -> str:
    """The same for rows that say the same of what they count."""
    plain = "\x1f".join(" ".join(part.split()) for part in parts)
    return blake2b(plain.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _clean(sheet: Sheet, position: int) -> pd.Series:
    return values.cleaned(sheet.cells[position])


def _counts(sheet: Sheet, position: int) -> bool:
    """Whether the cells of a column are whole numbers, but for some that are withheld."""
    # A long column of words is seen to be one by its beginning.
    head = values.cleaned(sheet.cells[position].head(_LOOKED_AT)).dropna()
    if len(head) and values.numbers(head).isna().all() and not values.matches(head, _SUPPRESSED).any():
        return False
    filled = _clean(sheet, position).dropna()
    read = values.numbers(filled)
    whole = read.notna() & (read >= 0) & (read % 1 == 0)
    withheld = values.matches(filled, _SUPPRESSED)
    return bool(whole.any() and (whole | withheld).all()) and not is_measure(sheet.headers[position])


def _mostly_counts(sheet: Sheet, position: int) -> bool:
    """Whether most cells under the header of a count are numbers, whole or not, or withheld: the rest is refused."""
    filled = _clean(sheet, position).dropna()
    read = values.numbers(filled).notna() | values.numbers_in_words(filled).notna()
    return len(filled) > 0 and bool((read | values.matches(filled, _SUPPRESSED)).mean() >= _MOSTLY)


def _is_row_number(sheet: Sheet, position: int) -> bool:
    if sheet.cells[position].head(1).str.strip().tolist() not in (["1"], ["1.0"]):
        return False
    read = values.numbers(_clean(sheet, position)).to_numpy()
    return bool(np.array_equal(read, np.arange(1, len(read) + 1)))


def _is_day(header: str) -> bool:
    found = moments(values.cleaned(pd.Series([header], dtype="str")))
    return bool(found.read.notna().any() or len(found.yearless))

"""The areas: every other table is joined to them by area_id."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analytics.errors import LoadError
from analytics.loaders import values
from analytics.loaders.boundaries import boundary_notes, overlaps_and_gaps
from analytics.loaders.cells import code_or_id, figures, level, plain_word, quantity
from analytics.loaders.datums import shapes_to_wgs84
from analytics.loaders.geojson import member_code
from analytics.loaders.levels import above_by_code, levels_of, parents_by_shapes, side_by_side
from analytics.loaders.meant import area_key, without_zeros
from analytics.loaders.parts import joined
from analytics.loaders.report import LoadReport
from analytics.loaders.rows import Rows, quotable
from analytics.loaders.sheet import shown
from analytics.loaders.units import unit_of
from analytics.words import phrase

FIGURES_ALONE = "loading.areas_completed"
"""The word key that tells of a table that completes areas which are known, and is no list of areas."""

_MEASURES = ("population", "households", "buildings", "shops")
_FIGURE = re.compile(
    r"(?:率|比例|占比|比重|指数|得分|数量|数|percent(?:age)?|pct|rate|ratio|share|index|score)$|^(?:pct|percent)[_ ]"
)
_NAMED = 5  # areas or codes in one note
_WITHHELD = r"^(?:[<>≤≥‹›＜＞].*|\*+|…|\.\.+|[xcXC]|\[[a-zA-Z]\])$"
_PARENT = re.compile(r"^\s*\{.*\}\s*$", re.DOTALL)


def load_areas(rows: Rows, known: pd.DataFrame | None = None) -> tuple[pd.DataFrame, LoadReport]:
    """One row an area, indexed by area_id; a GeoDataFrame (EPSG:4326) if any area has a shape.

    Beside the canonical columns every further column of numbers is kept, as float64. ``known``: the areas of earlier
    loads, which a table of nothing but figures completes.
    Raises ``LoadError`` if there is no area code, no row is accepted, the levels of areas within areas cannot be told,
    or the shapes are not in degrees and their datum does not say how to read metres.
    """
    rows.require("area_id")
    rows.refuse_blank("area_id")
    name, of_level = plain_word(rows, "name"), level(rows)
    area_id = _with_zeros(rows, code_or_id(rows, "area_id"), name, of_level, known)
    # Only where the file has it: other lists of areas stay what they are.
    english = {"name_en": plain_word(rows, "name_en")} if rows.has("name_en") else {}
    on_site = {"on_site": quantity(rows, "on_site")} if rows.has("on_site") else {}
    columns = {
        "name": name,
        **english,
        "level": of_level,
        "parent_id": _parents(rows, area_id),
        **{measure: quantity(rows, measure) for measure in _MEASURES},
        **on_site,
        "official_code": code_or_id(rows, "official_code", needed=False),
    }
    shapes = _shapes(rows, area_id)
    given = given_columns(rows, taken={"area_id", "geometry", *columns})
    frame, shapes = joined(rows, pd.DataFrame({"area_id": area_id, **columns, **given}), shapes, list(given))
    rows.refuse_repeated(frame["area_id"].reindex(area_id.index), "area_id", "loading.area_repeated", code=area_id)
    accepted = rows.accepted(frame)
    named = accepted.assign(name=accepted["name"].fillna(accepted["area_id"]))
    placed = _with_levels(rows, _with_shapes(rows, completed_by(rows, named, shapes, known), shapes))
    _note_gaps(rows, placed)
    _note_nobody_lives(rows, placed)
    _note_boundaries(rows, placed)
    return placed.set_index("area_id"), rows.report()


def _with_zeros(
    rows: Rows, area_id: pd.Series, name: pd.Series, of_level: pd.Series, known: pd.DataFrame | None
) -> pd.Series:
    """``area_id`` as the ``known`` areas write it: a code that differs from one of theirs by leading zeros alone, and
    whose name and level do not say otherwise, is that area. Each would be there twice."""
    if known is None:
        return area_id
    bare = without_zeros(known.index)
    once = without_zeros(area_id.dropna())

    def written(code: str) -> str | None:
        key = code.lstrip("0") if code.isascii() and code.isdigit() else ""
        return bare.get(key) if key in once and code not in known.index else None

    found = values.texts_by_value(area_id, written)
    theirs = known.reindex(found).set_axis(found.index, axis=0)
    named = name.notna() & theirs["name"].notna() & (theirs["name"] != found)
    at_level = of_level.notna() & theirs["level"].notna()
    other = (named & (name != theirs["name"])) | (at_level & (of_level != theirs["level"]))
    found = found.mask(other)
    rows.repair(
        found.notna(),
        "area_id",
        "loading.area_zeros",
        written=area_id,
        code=found,
        name=theirs["name"],
    )
    return found.fillna(area_id)


def _parents(rows: Rows, area_id: pd.Series) -> pd.Series:
    """The codes of the parents, written as the parents themselves write them."""
    written = code_or_id(rows, "parent_id", needed=False)
    keys = {area_key(code): code for code in area_id.dropna()}

    def parent(text: str) -> str | None:
        # Boundary files that went through another program carry the parent as a text of JSON.
        said = member_code(text) if _PARENT.match(text) else text
        return keys.get(area_key(said), said) if said else None

    found = _parents_by_name(rows, area_id, values.texts_by_value(written, parent))
    eaten = without_zeros(keys)
    unknown = found.where(~found.isin(area_id))
    restored = values.texts_by_value(
        unknown, lambda text: keys.get(eaten.get(text.lstrip("0"), "")) if text.isdigit() else None
    )
    rows.repair(restored.notna(), "parent_id", "loading.parent_zeros", written=written, code=restored)
    return restored.fillna(found)


def _parents_by_name(rows: Rows, area_id: pd.Series, found: pd.Series) -> pd.Series:
    """``found`` with the code of each parent that is given by a name which only one area of the file bears."""
    if not rows.has("name"):
        return found
    names = pd.Series(area_id.to_numpy(), index=rows.cells("name")).dropna()
    alone = names[names.index.notna() & ~names.index.duplicated(keep=False)]
    named = found.where(~found.isin(area_id)).map(alone).astype("str")
    # An area is not its own parent: a street and its only community may bear one name.
    named = named.mask(named == area_id)
    rows.repair(named.notna(), "parent_id", "loading.parent_by_name", written=found, code=named)
    return named.fillna(found)


def given_columns(rows: Rows, taken: set[str]) -> dict[str, pd.Series]:
    """Header -> numbers, of the further columns that mostly hold such."""
    found: dict[str, pd.Series] = {}
    for position, cells in rows.others().items():
        header = rows.sheet.headers[position]
        if header in taken | found.keys() or not header:
            continue
        read = _numbers_of(cells)
        unread = (cells.notna() & read.isna())[rows.good]
        numbers = int(read[rows.good].notna().sum())
        if not numbers:
            continue
        if unread.sum() >= numbers and not _is_figure(header, cells[rows.good & unread]):
            rows.note("loading.column_of_numbers", header=shown(header), place=rows.place(unread.idxmax()))
            continue
        found[header] = _told(rows, position, cells)
        rows.keep(position)
    return found


def _is_figure(header: str, unread: pd.Series) -> bool:
    """Whether a column is one of figures by its header or unit, so that a cell which cannot be read costs that cell."""
    withheld = values.matches(unread, _WITHHELD)
    return bool(withheld.all()) or unit_of(header) is not None or bool(_FIGURE.search(header.casefold()))


def _numbers_of(cells: pd.Series) -> pd.Series:
    """The numbers of a further column, percentages among them."""
    read = values.numbers(cells).fillna(values.percents(cells))
    return read.fillna(values.numbers_in_words(cells.where(read.isna())))


def _told(rows: Rows, position: int, cells: pd.Series) -> pd.Series:
    """The numbers of a further column, and in the report each cell that was read in another way than written."""
    header = rows.sheet.headers[position]
    label = shown(header)
    percents = values.percents(cells)
    raw, bare = rows.as_written(position), percents.isna()
    numbers = figures(rows, raw.where(bare, ""), cells.where(bare), header, label, canonical=False)
    if percents.notna().any():
        said = percents.map("{:.12g}".format, na_action="ignore").astype("str")
        rows.repair_at(percents.notna(), header, "loading.percent_read", column=label, number=said)
        # 0.35 beside 18.5% is either a third of a percent or a third of all.
        open_ = (numbers.abs() > 0) & (numbers.abs() < 1) & percents.isna()
        rows.repair_at(open_, header, "loading.percent_or_share", column=label, value=cells)
        numbers = numbers.mask(open_)
    unread = cells.notna() & percents.isna() & values.numbers(cells).isna() & numbers.isna()
    rows.repair_at(unread, header, "loading.not_a_number_blank", column=label, value=cells)
    return without_missing_codes(rows, header, label, cells, numbers.fillna(percents))


def without_missing_codes(
    rows: Rows, header: str | None, label: object, cells: pd.Series, numbers: pd.Series
) -> pd.Series:
    """``numbers`` without those of ``cells`` that stand for no number, which the report says."""
    coded = values.missing_codes(cells)
    rows.repair_at(coded, header, "loading.no_number", column=label, value=cells)
    return numbers.mask(coded)


def completed_by(rows: Rows, frame: pd.DataFrame, shapes: pd.Series | None, known: pd.DataFrame | None) -> pd.DataFrame:
    """``frame`` with the columns that it has no header for, of areas that are known: where the file is a table of
    figures, without levels, parents or shapes, and all its areas are known. Any other file is a list of its own."""
    if known is None or shapes is not None or rows.has("level") or rows.has("parent_id"):
        return frame
    if not rows.given or not frame["area_id"].isin(known.index).all():
        return frame
    earlier = known.reindex(frame["area_id"]).set_axis(frame.index, axis=0)
    filled = [column for column in earlier if column not in frame or not rows.has(str(column))]
    filled = [column for column in filled if column not in rows.given and earlier[column].notna().any()]
    if filled:
        rows.note(FIGURES_ALONE, n=len(frame))
    return frame.assign(**{str(column): earlier[column] for column in filled})


def _note_gaps(rows: Rows, accepted: pd.DataFrame) -> None:
    if not rows.has("name"):
        rows.note("loading.names_missing")
    orphans = accepted["parent_id"].notna() & ~accepted["parent_id"].isin(accepted["area_id"])
    if orphans.any():
        rows.note("loading.parents_missing", n=int(orphans.sum()))
    # What others lie in may be a city, which has no level here.
    bare = accepted["level"].isna() & ~accepted["area_id"].isin(accepted["parent_id"].dropna())
    if bare.any() and not bare.all():
        named = [quotable(name) for name in accepted["name"][bare].head(_NAMED)]
        rows.note("loading.levels_missing", n=int(bare.sum()), names=named)


def _note_nobody_lives(rows: Rows, accepted: pd.DataFrame) -> None:
    """Areas without people: those whose rates have a base of their own, and those that would need one."""
    if not {"population", "households"} <= set(accepted):
        return
    finest = ~accepted["area_id"].isin(accepted["parent_id"].dropna())
    empty = finest & (accepted["population"] == 0) & ~(accepted["households"] > 0)
    on_site = accepted["on_site"] > 0 if "on_site" in accepted else pd.Series(False, index=accepted.index)
    for key, held in (("loading.nobody_lives", empty & on_site), ("loading.nobody_counted", empty & ~on_site)):
        if held.any():
            named = [quotable(name) for name in accepted["name"][held].head(_NAMED)]
            rows.note(key, n=int(held.sum()), names=named)


def _with_levels(rows: Rows, frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with the level of each area where the file says none and areas lie within areas."""
    if frame["level"].notna().any():
        return frame
    by_code = frame.set_index("area_id")
    parents = by_code["parent_id"].where(by_code["parent_id"].isin(by_code.index))
    if parents.isna().all() and "geometry" in frame:
        parents = parents_by_shapes(pd.Series(by_code["geometry"].to_numpy(), index=by_code.index))
        if parents.notna().any():
            frame = frame.assign(parent_id=frame["parent_id"].fillna(frame["area_id"].map(parents)))
            rows.note("loading.parents_by_shapes", n=int(parents.notna().sum()))
    names = by_code["name"] if rows.has("name") else by_code["name"].where(pd.Series(False, index=by_code.index))
    if parents.isna().all() and not side_by_side(names):
        if not frame["parent_id"].notna().any() and (above := above_by_code(frame["area_id"].tolist())):
            rows.note("loading.levels_by_code", n=len(above), codes=[shown(one) for one in sorted(above)[:_NAMED]])
        return frame
    levels = levels_of(names, parents)
    if levels is None:
        raise LoadError.because("loading.levels_unknown", file=rows.sheet.file)
    rows.note("loading.levels_told", n=int(levels.notna().sum()))
    return frame.assign(level=frame["area_id"].map(levels).astype("str"))


def _shapes(rows: Rows, area_id: pd.Series) -> pd.Series | None:
    """The shapes in degrees of WGS-84, by row; one that cannot be used or placed leaves its area without a shape."""
    written = rows.sheet.shapes
    if written is None or written.isna().all():
        return None
    west, south, east, north = shapely.total_bounds(written.to_numpy())
    if rows.reading.datum != "CGCS2000" and (west < -180 or east > 180 or south < -90 or north > 90):
        raise LoadError.because("loading.not_degrees", file=rows.sheet.file)
    shapes = shapes_to_wgs84(written, rows.reading.datum)
    if shapes.isna().all():
        rows.refuse(written.notna(), None, "loading.shape_not_placed")
    not_placed = phrase("loading.shape_not_placed")
    rows.repair(shapes.isna() & written.notna(), None, "loading.area_without_shape", reason=not_placed)
    _without_shape(rows, area_id, shapes)
    # What was valid on one datum may touch itself by a rounding on another.
    broken = shapes.notna() & ~shapely.is_valid(shapes.to_numpy())
    if broken.any():
        shapes[broken] = shapely.make_valid(shapes[broken].to_numpy(), method="structure", keep_collapsed=False)
    mended = pd.Series(np.isin(shapes.index, list(rows.sheet.repaired_shapes)), index=shapes.index)
    rows.repair(mended & shapes.notna(), None, "loading.shape_repaired")
    cut = pd.Series(np.isin(shapes.index, list(rows.sheet.cut_shapes)), index=shapes.index)
    rows.repair(cut & shapes.notna(), None, "loading.shape_cut")
    return shapes


def _without_shape(rows: Rows, area_id: pd.Series, shapes: pd.Series) -> None:
    """Tell the rows whose shape cannot be used: each is an area without one, or, where another row has the shape of its
    area, such as beside the point of a label, no area of its own."""
    elsewhere = area_id.isin(area_id[shapes.notna() & rows.good])
    for reason in dict.fromkeys(rows.sheet.unusable_shapes.values()):
        wrong = [row for row, why in rows.sheet.unusable_shapes.items() if why == reason]
        bad = pd.Series(shapes.index.isin(wrong), index=shapes.index)
        rows.refuse(bad & elsewhere, None, reason)
        rows.repair(bad & ~elsewhere, None, "loading.area_without_shape", reason=phrase(reason))


def _with_shapes(rows: Rows, accepted: pd.DataFrame, shapes: pd.Series | None) -> pd.DataFrame:
    if "geometry" in accepted:
        return gpd.GeoDataFrame(accepted, geometry=gpd.GeoSeries(accepted["geometry"], crs="EPSG:4326"))
    if shapes is None or shapes.reindex(accepted.index).isna().all():
        rows.note("loading.no_shapes")
        return accepted
    shapes = shapes.reindex(accepted.index)
    if shapes.isna().any():
        rows.note("loading.shapes_missing", n=int(shapes.isna().sum()))
    return gpd.GeoDataFrame(accepted, geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"))


def _note_boundaries(rows: Rows, areas: pd.DataFrame) -> None:
    if isinstance(areas, gpd.GeoDataFrame):
        for _, of_level in areas.groupby("level", dropna=False):
            rows.say(*boundary_notes(overlaps_and_gaps(of_level.set_index("area_id").geometry)))

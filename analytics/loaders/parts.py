"""Areas that come in several features, an enclave in one of its own: of one code they are one area of several parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from analytics.loaders.columns import is_measure
from analytics.loaders.rows import Rows
from analytics.loaders.sheet import shown

_NAMED = 5  # areas in one note
_NEW = 0.5
"""Of the surface of a part, what no other part has."""


def joined(
    rows: Rows, frame: pd.DataFrame, shapes: pd.Series | None, further: list[str]
) -> tuple[pd.DataFrame, pd.Series | None]:
    """``frame`` (by row, with ``area_id``) and ``shapes`` with the parts of each area in the row of its first one.

    Parts are rows of one code that each have a shape and do not contradict each other in their words; where their
    numbers differ the area has none, but for surfaces and lengths among the ``further`` columns, which add up. The rows
    of the other parts leave the frame and are told as repaired.
    """
    if shapes is None:
        return frame, shapes
    able = rows.good & shapes.notna() & frame["area_id"].notna()
    repeated = able & frame["area_id"].where(able).duplicated(keep=False)
    if not repeated.any():
        return frame, shapes
    frame, shapes = frame.copy(), shapes.copy()
    gone: list[int] = []
    firsts: list[object] = []
    open_: dict[str, list[str]] = {}
    for _, rows_of_code in frame[repeated].groupby("area_id", sort=False):
        own = rows_of_code.loc[_parts(shapes[rows_of_code.index])]
        texts = own.select_dtypes(include=["str", "object"])
        if len(own) < 2 or any(texts[column].dropna().nunique() > 1 for column in texts):  # noqa: PD101 - with gaps
            continue
        first = own.index[0]
        for column in own.columns.difference(texts.columns):
            number = _one(own[column], adds_up=column in further and is_measure(column))
            frame.loc[first, column] = number
            if np.isnan(number) and own[column].notna().any():
                open_.setdefault(rows.header(column) or column, []).append(own["area_id"].iloc[0])
        for column in texts.columns:
            frame.loc[first, column] = next(iter(own[column].dropna()), np.nan)
        shapes[first] = shapely.union_all(shapes[own.index].to_numpy())
        gone += own.index[1:].tolist()
        firsts += [rows.place(first)] * (len(own) - 1)
    for header, codes in open_.items():
        rows.note("loading.parts_differ", header=shown(header), codes=[shown(code) for code in codes[:_NAMED]])
    part = pd.Series(frame.index.isin(gone), index=frame.index)
    of = pd.Series(dict(zip(gone, firsts, strict=True)), dtype=object).reindex(frame.index)
    rows.repair(part, "area_id", "loading.part_of_area", code=frame["area_id"], first=of)
    return frame[~part], shapes


def _parts(shapes: pd.Series) -> list[int]:
    """The rows whose shapes are each another part; a shape that earlier ones cover already is a repeated row."""
    parts, whole = [], None
    for row, shape in shapes.items():
        new = shape if whole is None else shapely.difference(shape, whole)
        if shapely.area(new) > _NEW * shapely.area(shape):
            parts.append(row)
            whole = shape if whole is None else shapely.union(whole, shape)
    return parts


def _one(numbers: pd.Series, *, adds_up: bool) -> float:
    """The number of an area by those of its parts."""
    there = numbers.dropna()
    if adds_up:
        return there.sum() if len(there) == len(numbers) else np.nan
    # Some programs give the figures to one part, and zero to its enclaves.
    different = there.unique() if len(there.unique()) == 1 else there[there != 0].unique()
    return float(different[0]) if len(different) == 1 else np.nan

"""The records as plain files that this product, and any other, can read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd

from analytics.store.disk import partial_of, sync_folder, write_new


def export(tables: Mapping[str, pd.DataFrame], folder: Path) -> tuple[Path, ...]:
    """Write each of ``tables`` (as in `Records`) into ``folder``, under the names of the canonical columns and codes.

    ``areas.geojson`` (EPSG:4326), or ``areas.csv`` where no area has a shape; the others as CSV in UTF-8 with a byte
    order mark, as Excel wants it. Files of an earlier export are replaced when all new ones are complete.
    Returns the files; raises ``OSError`` where the disk refuses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contents = {folder / _name(table, frame): _content(frame) for table, frame in tables.items()}
    partials = {file: partial_of(file) for file in contents}
    try:
        for file, content in contents.items():
            write_new(partials[file], lambda out, content=content: out.write(content))
        for file, partial in partials.items():
            os.replace(partial, file)
    finally:
        for partial in partials.values():
            partial.unlink(missing_ok=True)
    sync_folder(folder)
    return tuple(contents)


def _name(table: str, frame: pd.DataFrame) -> str:
    return f"{table}.geojson" if isinstance(frame, gpd.GeoDataFrame) else f"{table}.csv"


def _content(frame: pd.DataFrame) -> bytes:
    if isinstance(frame, gpd.GeoDataFrame):
        return frame.reset_index().to_json(drop_id=True, ensure_ascii=False).encode()
    named = frame.reset_index() if frame.index.name else frame
    flags = named.select_dtypes("boolean")
    words = flags.astype("str").apply(lambda column: column.str.lower()).where(flags.notna())
    return named.assign(**words).to_csv(index=False, lineterminator="\n").encode("utf-8-sig")

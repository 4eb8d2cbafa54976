"""One file on its way into the store, the same from a page and from a shell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from analytics.access import Actor
from analytics.loaders import Datum, Loaded, Reading, UploadedBytes, guess, load_table
from analytics.store.adding import Added
from analytics.store.store import Store


def load_into(  # noqa: PLR0913 - who loads what, where to, and how it is to be read
    store: Store,
    table: str,
    file: Path | UploadedBytes,
    today: date,
    actor: Actor,
    datum: Datum = "WGS84",
    columns: Mapping[str, str | None] | None = None,
    sheet: str | None = None,
    values: Mapping[str, Mapping[str, str]] | None = None,
    progress: Callable[[float], None] | None = None,
) -> tuple[Loaded, Added]:
    """Read ``file`` against the areas and places of the store, and commit what was accepted, all of it or nothing.

    ``columns`` are the user's corrections, and ``values`` what words mean (column -> word -> code). Both are remembered
    for files with the same headers; without them, what was remembered before is used. ``sheet``: the worksheet or layer
    to read.

    Raises ``LoadError`` when nothing could be read, ``StoreError`` when nothing was written.
    """
    # A guess reads a workbook once more: it is asked for only where its source is.
    if columns is None:
        columns = store.columns_for(guess(file, table, sheet).source_key) or {}
    if values is None:
        values = store.values_for(guess(file, table, sheet).source_key)
    reading = Reading(datum, columns, sheet, values)
    loaded = load_table(table, file, today, store.ids, store.known(), reading, progress)
    added = store.add(loaded, actor)
    if columns or values:
        store.remember(guess(file, table, sheet).source_key, columns, values)
    return loaded, added

"""One file on its way into the store, the same from a page and from a shell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from analytics.access import Actor
from analytics.loaders import Datum, Loaded, Reading, UploadedBytes
from analytics.loaders.apart import guess_apart, load_table_apart, warm
from analytics.store.adding import Added
from analytics.store.store import Store


@dataclass(frozen=True)
class Asked:
    """How a file is to be read: the ``datum`` of its coordinates; the user's corrections of ``columns`` (None: those
    remembered for files with the same headers) and what words mean (``values``: column -> word -> code; None alike);
    the ``sheet`` or layer to read. ``confirmed``: see ``Store.add``."""

    datum: Datum = "WGS84"
    columns: Mapping[str, str | None] | None = None
    sheet: str | None = None
    values: Mapping[str, Mapping[str, str]] | None = None
    confirmed: str = ""


_AS_IT_STANDS = Asked()


def load_into(
    store: Store,
    table: str,
    file: Path | UploadedBytes,
    today: date,
    actor: Actor,
    how: Asked = _AS_IT_STANDS,
    progress: Callable[[float], None] | None = None,
) -> tuple[Loaded, Added]:
    """Read ``file`` against the areas and places of the store, and commit what was accepted, all of it or nothing.

    Corrections are remembered for files with the same headers.

    Raises ``LoadError`` when nothing could be read, ``StoreError`` when nothing was written, ``HeldLoadError`` where
    something has to be confirmed first.
    """
    # A guess reads a workbook once more: it is asked for only where its source is.
    warm()
    source = cache(lambda: guess_apart(file, table, how.sheet).source_key)
    columns = how.columns if how.columns is not None else store.columns_for(source()) or {}
    values = how.values if how.values is not None else store.values_for(source())
    reading = Reading(how.datum, columns, how.sheet, values)
    loaded = load_table_apart(table, file, today, store.ids, store.known(), reading, progress)
    added = store.add(loaded, actor, how.confirmed)
    if columns or values:
        store.remember(source(), columns, values)
    return loaded, added

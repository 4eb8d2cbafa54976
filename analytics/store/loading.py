"""One file on its way into the store, the same from a page and from a shell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analytics.access import Actor
from analytics.loaders import Datum, Loaded, Reading, UploadedBytes, guess, load_table
from analytics.store.adding import Added
from analytics.store.store import Store


@dataclass(frozen=True)
class Asked:
    """How a file is to be read, and what was confirmed of it: see :func:`load_into` and ``Store.add``."""

    datum: Datum = "WGS84"
    columns: Mapping[str, str | None] | None = None
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

    ``columns`` are the user's corrections, which are remembered for files with the same headers; without them, what was
    remembered before is used. Raises ``LoadError`` when nothing could be read, ``StoreError`` when nothing was written.
    """
    source = guess(file, table).source_key
    columns = how.columns if how.columns is not None else store.columns_for(source) or {}
    loaded = load_table(table, file, today, store.ids, store.known(), Reading(how.datum, columns), progress)
    added = store.add(loaded, actor, how.confirmed)
    if columns:
        store.remember(source, columns)
    return loaded, added

"""Words of the office's own records that nobody knows, what somebody says they mean, and what hangs on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.loaders import UnknownWord
from analytics.scheme import Indicator, Scheme, pack_ids
from analytics.scoring.doubt import words_in_doubt
from analytics.store.commits import Words
from analytics.workspace.datasets import Dataset, own, store
from analytics.workspace.door import Workspace, door
from analytics.workspace.ledgers import own_ledger, record_loads
from analytics.workspace.schemes import own_current


@dataclass(frozen=True)
class Doubtful:
    """An ``indicator`` of a ``scheme`` that cannot be told where one of ``words`` stands."""

    scheme: Scheme
    indicator: Indicator
    words: tuple[str, ...]


@door("read")
def unknown_words(ws: Workspace) -> tuple[tuple[str, UnknownWord], ...]:
    """The words of coded columns that nobody knows, each with its table, the most frequent of a column first."""
    held = own(ws)
    return held.counts.unknown() if held else ()


@door("read")
def mappings(ws: Workspace) -> tuple[Words, ...]:
    """What somebody said that words mean, the oldest first."""
    return store(ws).mappings()


@door("load")
def map_words(ws: Workspace, table: str, column: str, words: Mapping[str, str]) -> int:
    """Have words mean codes, or none of them (`coded.OTHER`), in all loads of the table; the audit trail tells of it.

    Returns the number by which it can be undone. Raises ``LoadError`` for a column without codes, or for what is none.
    """
    own_ledger(ws)
    number = store(ws).map_words(table, column, words, ws.actor)
    record_loads(ws)
    return number


@door("read")
def doubtful(ws: Workspace) -> tuple[Doubtful, ...]:
    """The indicators of the schemes in use that cannot be told from the office's own records everywhere; where none
    fits the records yet, as after the first of several files, of all that may be used."""
    held = own(ws)
    if held is None:
        return ()
    return tuple(one for name in held.schemes or pack_ids() for one in _of(held, own_current(ws, name).scheme))


@door("read")
def doubtful_of(ws: Workspace, scheme: Scheme) -> tuple[Doubtful, ...]:
    """The same of one scheme, in use or not."""
    held = own(ws)
    return _of(held, scheme) if held else ()


def _of(held: Dataset, scheme: Scheme) -> tuple[Doubtful, ...]:
    found = ((item, words_in_doubt(held.counts, item)) for item in scheme.indicators)
    return tuple(Doubtful(scheme, item, words) for item, words in found if words)

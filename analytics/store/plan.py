"""What a load does to the loads before it: nothing new, replace some of them, take over single rows, or add up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from analytics.loaders import IdHash, Loaded
from analytics.store.commits import Load, Log
from analytics.store.frames import KEY

ReadColumns = Callable[[Load, list[str]], pd.DataFrame]


@dataclass(frozen=True, eq=False)
class Plan:
    """``already``: the live load that is the same, if there is one; nothing else counts then.

    ``replaced``: live loads that go; ``replaces``: these, and what they had replaced before.
    ``takes_over``: earlier load -> how many of its ids are in the new load too; ``taken``: these ids; ``superseded``:
    how many rows that moves.
    ``doubled_areas``, ``doubled_loads``: people of the same areas and days are in these loads as well.
    """

    already: Load | None = None
    replaced: tuple[int, ...] = ()
    replaces: tuple[int, ...] = ()
    takes_over: Mapping[int, int] = field(default_factory=dict)
    taken: pd.Index | None = None
    superseded: int = 0
    doubled_areas: int = 0
    doubled_loads: tuple[int, ...] = ()


def plan(log: Log, loaded: Loaded, sha256: str, read: ReadColumns, ids: IdHash) -> Plan:
    """What ``loaded`` does, whose rows as they would be written have the digest ``sha256``; ``ids``: of the home."""
    live = log.live(loaded.table)
    for load in live:
        # The same rows, of whatever file: an export that is loaded again, or the same file twice. With other areas, or
        # read in another way, the same file may give other rows. Where a later load has taken rows of it over, to load
        # it again means that they shall count again; and with another datum, or its words meaning something else, the
        # account of the same rows is another.
        read_alike = (load.datum, load.values) == (loaded.reading.datum, loaded.reading.values)
        account = load.digest != loaded.digest or read_alike
        if load.held.sha256 == sha256 and account and not any(load.number in later.takes_over for later in live):
            return Plan(already=load)
    if loaded.table in KEY:
        return _keyed(log, loaded, live, read, ids)
    if loaded.table == "agreements":
        # What is agreed now takes the place of what was agreed before.
        return Plan(replaced=_numbers(list(live)), replaces=_with_replaced(list(live)))
    return _people(loaded, live, read) if loaded.table == "residents" else Plan()


def _in_both(older: pd.Index, new: pd.Index, ids: IdHash) -> pd.Index:
    """Those ids of an older load, as that one has them, that are in the new one too."""
    ours, theirs = ids.comparable(older.to_series(), new.to_series())
    return older[ours.isin(theirs).to_numpy()]


def _keyed(log: Log, loaded: Loaded, live: tuple[Load, ...], read: ReadColumns, own: IdHash) -> Plan:
    """The newest row of an id counts. Loads that may come back are asked too: their rows would come back with them."""
    column = KEY[loaded.table]
    ids = pd.Index(loaded.frame.index if loaded.table == "areas" else loaded.frame[column])
    common = {}
    replaced = []
    for load in log.standing(loaded.table):
        older = pd.Index(read(load, [column])[column])
        common[load.number] = _in_both(older, ids, own)
        if load.status == "live" and (
            load.digest == loaded.digest
            or (load.source == loaded.report.source and 2 * len(common[load.number]) >= len(older))
        ):
            replaced.append(load)
    replaces = _with_replaced(replaced)
    both = {number: found for number, found in common.items() if number not in replaces and len(found)}
    moved = _together(both[load.number] for load in live if load.number in both)
    takes_over = {number: len(found) for number, found in both.items()}
    return Plan(None, _numbers(replaced), replaces, takes_over, _together(both.values()), len(moved))


def _people(loaded: Loaded, live: tuple[Load, ...], read: ReadColumns) -> Plan:
    """People have no id: loads add up, unless a file of the same name holds the same days."""
    counted = ["area_id", "as_of"]
    new = loaded.frame[counted].drop_duplicates()
    days = set(new["as_of"].astype("str").fillna(""))
    replaced, doubled = [], {}
    for load in live:
        older = read(load, counted).drop_duplicates()
        same_days = load.source == loaded.report.source and set(older["as_of"].astype("str").fillna("")) == days
        if same_days or load.digest == loaded.digest:
            replaced.append(load)
        elif len(both := new.merge(older, on=counted)):
            doubled[load.number] = set(both["area_id"])
    return Plan(
        replaced=_numbers(replaced),
        replaces=_with_replaced(replaced),
        doubled_areas=len(set().union(*doubled.values())),
        doubled_loads=tuple(doubled),
    )


def _together(indexes: Iterable[pd.Index]) -> pd.Index:
    """All ids of several indexes, each once."""
    return pd.Index([], dtype="str").append(list(indexes)).unique()


def _numbers(loads: list[Load]) -> tuple[int, ...]:
    return tuple(load.number for load in loads)


def _with_replaced(loads: list[Load]) -> tuple[int, ...]:
    return tuple(sorted({number for load in loads for number in (load.number, *load.replaces)}))

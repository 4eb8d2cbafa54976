"""The loads that were there before another one, as far as the new one has to be held against them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from analytics.loaders import IdHash
from analytics.office import local_time
from analytics.store.commits import Load, Log
from analytics.store.engine import Engine, rows_in_common
from analytics.store.frames import KEY, read_frame, read_loads, verified
from analytics.store.parts import Part


def parts_of(records: Path, log: Log, table: str) -> tuple[Part, ...]:
    """The live loads of a table as parts, their files found undamaged: without the rows that a later load took over, or
    that were voided."""
    live = log.live(table)
    lists = {load.number: verified(records, load, load.taken) for load in live if load.taken}
    voids = tuple(verified(records, void, void.held) for void in log.voids if void.table == table)
    return tuple(
        Part(
            verified(records, load, load.held),
            load.held.sha256,
            KEY.get(table),
            (*(lists[later.number] for later in live if log.takes_from(later, load)), *voids),
            local_time(log.loaded(load)).date(),
        )
        for load in live
    )


def table_of(records: Path, log: Log, name: str) -> pd.DataFrame | None:
    """The rows that count of a table, as in `Records`, each word as what it means; None where there are none."""
    live = log.live(name)
    if not live:
        return None
    left = {at: load.areas_left for at, load in enumerate(live) if load.areas_left}
    frame = read_loads(name, parts_of(records, log, name), left)
    if mapped := log.vocabulary.mapped.get(name):
        frame = frame.assign(**{one: log.vocabulary.replaced(name, one, frame[one]) for one in mapped})
    return frame.set_index("area_id") if name == "areas" else frame


class EarlierLoads:
    """The loads of ``log``, whose files lie in ``records``, beside the rows of a new load in the file ``new``.

    ``ids``: of the home, whose older loads may know a record by the hash of its id (see :meth:`IdHash.comparable`).
    Every file is found undamaged before it is read; raises :class:`StoreError` where one is not.
    """

    def __init__(self, records: Path, log: Log, new: Path, ids: IdHash) -> None:
        self.log = log
        self.ids = ids
        self._records = records
        self._new = new

    def areas(self) -> pd.DataFrame | None:
        """The areas that there are, None of none."""
        return table_of(self._records, self.log, "areas")

    def rows(self, load: Load, columns: list[str] | None = None) -> pd.DataFrame:
        """The rows of a load, or some columns of them, whether or not a later load took some over."""
        return read_frame(self._file(load), columns)

    def counting(self, load: Load) -> pd.DataFrame:
        """The rows of a live load that no later one took over."""
        found = self.rows(load)
        for later in self.log.live(load.table):
            if later.taken and self.log.takes_from(later, load):
                column = KEY[load.table]
                taken = read_frame(verified(self._records, later, later.taken), [column])[column]
                found = found[~found[column].isin(taken)]
        return found

    def in_common(self, loads: Sequence[Load], keys: Sequence[str]) -> pd.DataFrame:
        """The ``keys`` that a row of the new load and one of ``loads`` have: each once a load, with its number as
        ``load``. The engine is asked once, so that a thousand loads cost little more than ten."""
        if not loads:
            return pd.DataFrame({"load": pd.Series(dtype="int64"), **{key: pd.Series(dtype="str") for key in keys}})
        found = rows_in_common(self._new, [self._file(load) for load in loads], keys).to_pandas()
        number = pd.Series([load.number for load in loads])
        found = found.assign(load=number[found["file"]].to_numpy()).drop(columns="file")
        if [*keys] == [KEY.get(loads[0].table)]:
            found = pd.concat([found, *self._in_common_hashed(loads, keys[0])]).drop_duplicates(ignore_index=True)
        return found

    def _in_common_hashed(self, loads: Sequence[Load], key: str) -> Iterator[pd.DataFrame]:
        """The same where one of two loads is of a program that hashed every id, or of its export: the ids of the older
        load, and whatever the new one calls them."""
        new = read_frame(self._new, [key])[key]
        exported = self.ids.holds_hashed(new)
        for load in loads:
            if exported or load.report is None:
                older = self.rows(load, [key])[key]
                ours, theirs = self.ids.comparable(older, new)
                yield pd.DataFrame({key: older[ours.isin(theirs)], "load": load.number})

    def by_area(self, tables: Iterable[str], areas: Iterable[str]) -> pd.DataFrame:
        """How many records lie in these areas: ``table``, ``area_id`` and ``n``, where there are any."""
        chosen = ", ".join("'" + code.replace("'", "''") + "'" for code in areas)
        found = [pd.DataFrame({"table": [], "area_id": [], "n": []})]
        for table in tables:
            if chosen and (parts := parts_of(self._records, self.log, table)):
                sql = f"SELECT area_id, COUNT(*) AS n FROM {table} WHERE area_id IN ({chosen}) GROUP BY area_id"
                found.append(Engine({table: parts}).query(sql).to_pandas().assign(table=table))
        return pd.concat(found, ignore_index=True)

    def loads_in(self, tables: Iterable[str], areas: Sequence[str]) -> tuple[int, ...]:
        """The live loads with rows in any of these areas."""
        if not areas:
            return ()
        live = [load for table in tables for load in self.log.live(table)]
        return tuple(load.number for load in live if self.rows(load, ["area_id"])["area_id"].isin(areas).any())

    def counting_together(self, loads: Iterable[Load]) -> pd.DataFrame | None:
        """The rows that count of several live loads, one below the other; None of no load."""
        frames = [pd.DataFrame(self.counting(load)).assign(load=load.number) for load in loads]
        return pd.concat(frames, ignore_index=True) if frames else None

    def _file(self, load: Load) -> Path:
        return verified(self._records, load, load.held)

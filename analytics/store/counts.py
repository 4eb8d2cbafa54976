"""Counts: areas, and how many records of each kind they have on each day: what scoring sees, as `tallies`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, Self, TypeVar, cast

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.loaders import Records, UnknownWord
from analytics.loaders.coded import CODED_COLUMNS, guessed_code
from analytics.scheme import Table, Where
from analytics.store.answer_cache import AnswerCache
from analytics.store.answers import cells_in, days_in, numbers_in
from analytics.store.arrivals import Arrivals, arrivals_of
from analytics.store.context import AS_THEY_ARE, COLUMNS, Context
from analytics.store.digests import digest_of
from analytics.store.engine import Engine
from analytics.store.parts import Part
from analytics.store.sources import Only, PartSource, Source
from analytics.store.tallies import NEVER, NOWHERE, StockDays, StockSnapshots, Tally, Visits, homes_of
from analytics.store.words import PLAIN, Doubt, DoubtfulWord, Vocabulary, settled_where

DATE_COLUMN: Mapping[str, str] = {"incidents": "occurred_at", "checks": "checked_at"}
"""The day on which a record of the table happened."""

_Found = TypeVar("_Found")


class Counts:
    """``areas`` (a frame indexed by ``area_id``, as in `Records`), what is counted of the other tables, and ``small``
    tables as they are (``AS_THEY_ARE``). ``digest`` is that of the records, the same for the same ones.

    What was asked for once is kept. Threads may share it. Counting raises :class:`StoreError` for a damaged file.
    """

    def __init__(
        self,
        areas: pd.DataFrame,
        sources: Mapping[Table, Sequence[Source]],
        digest: str,
        context: Context | None = None,
    ) -> None:
        self.areas = areas
        self.digest = digest
        self.context = context or Context()
        self._sources = sources
        self._inside: pd.Index | None = None
        self._random: np.random.Generator | None = None
        self._kept: dict[tuple[object, ...], Any] = {}

    @classmethod
    def of_records(cls, records: Records, digest: str | None = None, vocabulary: Vocabulary = PLAIN) -> Self:
        """Counts of records in memory; their ``digest`` is made of what is in them where none is given."""
        loaded: dict[Table, pd.DataFrame] = {
            table: getattr(records, table) for table in COLUMNS if getattr(records, table) is not None
        }
        tables: dict[str, pa.Table] = {
            table: pa.Table.from_pandas(frame[[one for one in COLUMNS[table] if one in frame]], preserve_index=False)
            for table, frame in loaded.items()
        }
        small = {table: getattr(records, table) for table in AS_THEY_ARE if getattr(records, table) is not None}
        everything: dict[str, pd.DataFrame] = {"areas": records.areas, **small}
        everything.update({f"{table}": frame for table, frame in loaded.items()})
        sources: dict[Table, tuple[Source, ...]] = {}
        if tables:
            engine = Engine(tables)
            sources = {table: (Source(table, engine, vocabulary),) for table in loaded}
        context = Context(small=small, vocabulary=vocabulary)
        return cls(records.areas, sources, digest or digest_of(everything, vocabulary), context)

    @classmethod
    def of_parts(
        cls,
        areas: pd.DataFrame,
        parts: Mapping[str, tuple[Part, ...]],
        cache: AnswerCache,
        digest: str,
        context: Context | None = None,
    ) -> Self:
        """Counts of a store's live loads, each counted by itself, so that another load leaves the others' counts be.
        They are kept in ``cache`` from one process to the next; those of loads that are gone are removed.
        """
        words = context.vocabulary if context else PLAIN
        sources = {
            table: tuple(PartSource(table, part, cache, words) for part in parts[table])
            for table in COLUMNS
            if parts.get(table)
        }
        cache.sweep(source.fingerprint for several in sources.values() for source in several)
        return cls(areas, sources, digest, context)

    @property
    def small(self) -> Mapping[str, pd.DataFrame]:
        """The small tables as they are."""
        return self.context.small

    def has(self, table: Table) -> bool:
        """Whether the table was loaded."""
        return table == "areas" or table in self._sources

    def doubtful(self, table: Table, *wheres: Where, status: bool = False) -> tuple[DoubtfulWord, ...]:
        """The words of which it is in doubt whether their rows meet ``wheres``; with ``status``, those of the status of
        incidents too."""

        def make() -> tuple[DoubtfulWord, ...]:
            found: list[DoubtfulWord] = []
            for source in self._sources.get(table, ()):
                found += source.doubtful(self.settled(table, wheres))
                if status and table == "incidents":
                    found += [DoubtfulWord(table, "status", word, "status") for word in source.unknown("status")]
            return tuple(sorted(set(found), key=repr))

        return self.once(("doubtful", table, repr(wheres), status), make)

    def unknown(self) -> tuple[tuple[Table, UnknownWord], ...]:
        """The words of coded columns that nobody knows, each with its table and the number of its rows."""
        found: Counter[tuple[Table, str, str]] = Counter()
        for table, sources in self._sources.items():
            for source in sources:
                for column in CODED_COLUMNS[table]:
                    if unknown := set(source.unknown(column)):
                        sql = f"SELECT {column} AS word, COUNT(*) AS n FROM {table} GROUP BY {column}"
                        told = source.answer(sql)
                        words = told.column("word").to_pylist()
                        for word, n in zip(words, told.column("n").to_pylist(), strict=True):
                            if word in unknown:
                                found[table, column, word] += n
        return tuple(
            (table, UnknownWord(column, word, n, guessed_code(table, column, word)))
            for (table, column, word), n in sorted(found.items(), key=lambda one: (one[0][:2], -one[1], one[0]))
        )

    def settled(self, table: Table, wheres: Iterable[Where]) -> tuple[Where, ...]:
        """The conditions, each with the way to cut people by age that fits the table best (`settled_where`)."""
        wheres = tuple(wheres)
        if table != "residents" or not any("age_band" in where for where in wheres):
            return wheres
        bands = self.once(("bands",), self._bands)
        return tuple(settled_where(where, bands) for where in wheres)

    def _bands(self) -> tuple[str, ...]:
        there = {band for source in self._sources.get("residents", ()) for band in source.values("age_band")}
        return tuple(filter(None, (self.context.vocabulary.meaning("residents", "age_band", band) for band in there)))

    def daily(
        self,
        table: Table,
        date_column: str,
        *wheres: Where,
        only: Only | None = None,
        let_in: Collection[Doubt] = (),
    ) -> Tally:
        """Records that meet every condition of all ``wheres``, by the day of ``date_column``.

        ``only``: ``dated`` leaves incidents out that are closed on no day; ``due`` takes those with a due day, and
        ``late`` those of them that were not closed on it; a day, those open at its end. ``let_in``: rows of which it is
        in doubt count too.
        """

        def ask(source: Source) -> str:
            day = f"CAST({date_column} AS DATE)"
            return (
                f"SELECT area_id, {day} AS day, COUNT(*) AS n FROM {table} "
                f"WHERE {source.condition(wheres, only, let_in)} GROUP BY area_id, {day} ORDER BY {day}"
            )

        def make() -> Tally:
            area, found = self.asked(table, ask)
            day, number = days_in(found), numbers_in(found, "n")
            if (day[1:] < day[:-1]).any():
                order = np.argsort(day, kind="stable")
                area, day, number = area[order], day[order], number[order]
            return Tally(area, day, number)

        return self.once(("daily", table, date_column, repr(wheres), only, *let_in), make)

    def daily_by(self, table: Table, column: str, *wheres: Where) -> pd.DataFrame:
        """Records of a table of events that meet all ``wheres`` by day and by what a text column means: ``area``,
        ``day``, ``kind``, ``n``."""
        wheres = self.settled(table, wheres)

        def ask(source: Source) -> str:
            day = f"CAST({DATE_COLUMN[table]} AS DATE)"
            return (
                f"SELECT area_id, {day} AS day, {column} AS kind, COUNT(*) AS n FROM {table} "
                f"WHERE {source.condition(wheres)} GROUP BY area_id, {day}, {column}"
            )

        return self.once(("daily_by", table, column, repr(wheres)), lambda: self._by_words(table, ask, kind=column))

    def open_on(self, day: date) -> pd.DataFrame:
        """Incidents that had occurred and were not closed at the end of a day (void ones are none), by what category
        (``kind``) and ``channel`` mean and the ``day`` on which they are due (``NEVER``): with ``area`` and ``n``."""
        end = f"CAST('{day.isoformat()}' AS DATE)"

        def ask(source: Source) -> str:
            due = "CAST(due_at AS DATE)"
            return (
                f"SELECT area_id, {due} AS day, category AS kind, channel, COUNT(*) AS n FROM incidents "
                f"WHERE {source.condition((), 'dated')} AND CAST(occurred_at AS DATE) <= {end} "
                f"AND (closed_at IS NULL OR CAST(closed_at AS DATE) > {end}) GROUP BY area_id, {due}, category, channel"
            )

        return self.once(("open_on", day), lambda: self._by_words("incidents", ask, kind="category", channel="channel"))

    def _by_words(self, table: Table, ask: Callable[[Source], str], **words: str) -> pd.DataFrame:
        area, found = self.asked(table, ask)
        means = pd.DataFrame({"area": area, "day": days_in(found), "n": numbers_in(found, "n")})
        for name, column in words.items():
            told = found.column(name).cast(pa.string()).to_pandas()
            means[name] = self.context.vocabulary.replaced(table, column, told.astype(object))
        return means

    def days(self, table: Table) -> np.ndarray:
        """The days on which a table of events has a record of whatever kind: sorted, each once."""

        def make() -> np.ndarray:
            if self._inside is not None:
                days = self.daily(table, DATE_COLUMN[table]).day
            else:
                day = f"CAST({DATE_COLUMN[table]} AS DATE)"
                sql = f"SELECT {day} AS day FROM {table} GROUP BY {day}"
                days = np.concatenate([days_in(source.answer(sql)) for source in self._sources[table]])
            return np.unique(days[days != NEVER])

        return self.once(("days", table), make)

    def arrivals(self, table: Table) -> Arrivals:
        """When the records of a table of events became known, of whatever area."""
        return self.once(
            ("arrivals", table),
            lambda: arrivals_of(table, DATE_COLUMN[table], self._sources[table], self.context.loads.get(table, ())),
        )

    def by_area(self, table: Table, *wheres: Where, only: Only | None = None) -> np.ndarray:
        """How many records meet all ``wheres``, of whatever day: (areas + 1,), the last being those of no area."""

        def ask(source: Source) -> str:
            condition = source.condition(wheres, only)
            return f"SELECT area_id, COUNT(*) AS n FROM {table} WHERE {condition} GROUP BY area_id"

        def make() -> np.ndarray:
            area, found = self.asked(table, ask)
            counted = np.zeros(len(self.areas) + 1, dtype="int64")
            np.add.at(counted, area, numbers_in(found, "n"))
            return counted

        return self.once(("by_area", table, repr(wheres), only), make)

    def of_no_area(self, table: Table) -> Mapping[str, int]:
        """How many records lie in an area that is no longer in the list, nor any other one now, by its code."""

        def ask(_: Source) -> str:
            return f"SELECT area_id, COUNT(*) AS n FROM {table} WHERE area_id IS NOT NULL GROUP BY area_id"

        def make() -> Mapping[str, int]:
            counted: dict[str, int] = {}
            there = {*self.areas.index, *self.context.history.moves}
            for source in self._sources[table] if self._inside is None else ():
                found = source.answer(ask(source))
                for code, n in zip(found.column("area_id").to_pylist(), numbers_in(found, "n").tolist(), strict=True):
                    if code not in there:
                        counted[code] = counted.get(code, 0) + n
            return dict(sorted(counted.items()))

        return self.once(("of_no_area", table), make)

    def known_since(self) -> np.ndarray:
        """For each area the first day from which its records can be told, ``NEVER`` where always, (areas,) int64.

        It got a part of an area that was split: from the day of the change. It is new in a list of areas: from its
        first record on, at the latest from the day on which that list was loaded.
        """

        def make() -> np.ndarray:
            found = np.full(len(self.areas), NEVER, dtype="int64")
            for code, day in self.context.history.listed.items():
                found[self.areas.index.get_loc(code)] = day
            for table, column in DATE_COLUMN.items():
                if self.context.history.listed and self.has(cast("Table", table)):
                    tally = self.daily(cast("Table", table), column)
                    ever = (tally.day != NEVER) & (tally.area != NOWHERE)
                    first = np.full(len(self.areas), np.iinfo("int64").max)
                    np.minimum.at(first, tally.area[ever], tally.day[ever])
                    found = np.minimum(found, first)
            for code, day in self.context.history.since.items():
                at = self.areas.index.get_loc(code)
                found[at] = max(found[at], day)
            return found

        return self.once(("known_since",), make)

    def stock(
        self, table: Table, wheres: Iterable[Where], told: Iterable[str], let_in: Collection[Doubt] = ()
    ) -> StockSnapshots:
        """Rows of ``residents`` (people, as of a day) or ``places`` (one each, as of no day) by area.

        ``told``: columns that must be filled in for a row to be part of the snapshot of its area. ``let_in``: rows of
        which it is in doubt whether they meet ``wheres`` count too, and a group of no known number as one.
        """
        wheres, told = self.settled(table, wheres), tuple(told)
        size = f"COALESCE(count, {1 if let_in else 0})"
        people, day = (size, "CAST(as_of AS DATE)") if table == "residents" else ("1", "CAST(NULL AS DATE)")

        def ask(source: Source) -> str:
            filled = " AND ".join(f"{column} IS NOT NULL" for column in told) or "1 = 1"
            meets = f"{source.condition(wheres, let_in=let_in)} AND {filled}"
            grouped = "area_id, CAST(as_of AS DATE)" if table == "residents" else "area_id"
            return (
                f"SELECT area_id, {day} AS day, SUM(CASE WHEN {meets} THEN {people} ELSE 0 END) AS n, "
                f"SUM(CASE WHEN {filled} THEN 1 ELSE 0 END) AS told FROM {table} GROUP BY {grouped}"
            )

        def make() -> StockSnapshots:
            area, found = self.asked(table, ask)
            return StockSnapshots(area, days_in(found), *(numbers_in(found, name) for name in ("n", "told")))

        return self.once(("stock", table, repr(wheres), told, *let_in), make)

    def stock_days(self, table: Table, told: Iterable[str]) -> StockDays:
        """As of which days rows of ``residents`` or ``places`` are known in which the columns ``told`` are filled in:
        as they say, else the day on which they were loaded."""
        told = tuple(told)

        def ask(source: Source) -> str:
            filled = " AND ".join(f"{column} IS NOT NULL" for column in told) or "1 = 1"
            loaded = f"CAST('{source.loaded}' AS DATE)" if source.loaded else "CAST(NULL AS DATE)"
            day = f"COALESCE(CAST(as_of AS DATE), {loaded})" if table == "residents" else loaded
            return f"SELECT area_id, {day} AS day FROM {table} WHERE {filled} GROUP BY area_id, {day}"

        def make() -> StockDays:
            area, found = self.asked(table, ask)
            return StockDays(area, days_in(found))

        return self.once(("stock days", table, told), make)

    def visits(self, checks: Where, places: Where, let_in: Collection[Doubt] = ()) -> Visits:
        """The days on which a place that meets ``places`` had a check that meets ``checks``, each once, and how many it
        had: what two people wrote down of one place and minute is one check.
        ``let_in``: those of which it is in doubt count too.
        Where checks of one day disagree in their area, or rows of one place in theirs, it is the greatest ``area_id``.
        """

        def ask_places(source: Source) -> str:
            meets = source.condition([places], let_in=let_in)
            return f"SELECT area_id, place_id FROM places WHERE {meets} GROUP BY area_id, place_id"

        def ask_checks(source: Source) -> str:
            meets = source.condition([checks], let_in=let_in)
            return (
                "SELECT MAX(area_id) AS area_id, place_id, CAST(checked_at AS DATE) AS day, "
                "COUNT(DISTINCT checked_at) AS n FROM checks "
                f"WHERE {meets} AND place_id IS NOT NULL AND checked_at IS NOT NULL "
                "GROUP BY place_id, CAST(checked_at AS DATE)"
            )

        def make() -> Visits:
            (home, held), (area, found) = self.asked("places", ask_places), self.asked("checks", ask_checks)
            checked, wanted = found.column("place_id").combine_chunks(), cells_in(held.column("place_id"))
            place, named, wanted = self._same_places(checked, wanted)
            day = days_in(found)
            # What is of an area that is none comes first.
            order = np.append(np.argsort(np.argsort(self.areas.index.to_numpy("str"))), -1)
            row = np.lexsort((order[area], day, place))
            last = np.ones(len(row), dtype=bool)
            last[:-1] = (place[row][1:] != place[row][:-1]) | (day[row][1:] != day[row][:-1])
            n = np.diff(numbers_in(found, "n")[row].cumsum()[last], prepend=0)
            row = row[last]
            kept = named.isin(wanted).to_numpy()[place[row]]
            at = homes_of(wanted, home, order).reindex(named, fill_value=NOWHERE).to_numpy()[place[row][kept]]
            return Visits(area[row][kept], at, day[row][kept], place[row][kept], n[kept])

        return self.once(("visits", repr(checks), repr(places), *let_in), make)

    def reordered(self, random: np.random.Generator) -> Counts:
        """The same with its areas, and the rows of every tally, in another order."""
        areas = self.areas.iloc[random.permutation(len(self.areas))]
        other = Counts(areas, self._sources, self.digest, self.context)
        other._inside, other._random = self._inside, random
        return other

    def restricted(self, area_ids: Collection[str]) -> Counts:
        """The same with the records of these areas only; every area is still there."""
        digest = sha256("\n".join([self.digest, *sorted(area_ids)]).encode()).hexdigest()
        other = Counts(self.areas, self._sources, digest, self.context)
        other._inside, other._random = self.areas.index.intersection(pd.Index(area_ids)), self._random
        return other

    def asked(self, table: Table, ask: Callable[[Source], str]) -> tuple[np.ndarray, pa.Table]:
        """The answers of all sources of the table, which may lack columns, one below the other, and each row's area."""
        answers = [source.answer(ask(source)) for source in self._sources[table]]
        found = pa.concat_tables(answers, promote_options="default").unify_dictionaries()
        named = found.column("area_id").combine_chunks()
        codes = [self.context.history.moves.get(code, code) for code in named.dictionary.to_pylist()]
        places = self.areas.index.get_indexer(pd.Index(codes, dtype=self.areas.index.dtype))
        area = np.append(places, NOWHERE).astype("int64")[named.indices.to_numpy()]
        if self._inside is not None:
            kept = np.flatnonzero(np.append(self.areas.index.isin(self._inside), False)[area])
            area, found = area[kept], found.take(kept)
        if self._random is not None:
            mixed = self._random.permutation(len(area))
            area, found = area[mixed], found.take(mixed)
        return area, found

    def _same_places(self, checked: pa.DictionaryArray, wanted: pd.Series) -> tuple[np.ndarray, pd.Series, pd.Series]:
        """A number for the place of each check, the id of each number, and the ids of places that are ``wanted``."""
        named = pd.Series(checked.dictionary.to_pylist(), dtype="str")
        place = checked.indices.to_numpy()
        if self.context.ids is not None:
            named, wanted = self.context.ids.comparable(named, wanted)
            # The same place may be named by its id and by its hash.
            number, distinct = pd.factorize(named)
            place, named = number[place], pd.Series(distinct, dtype="str")
        return place, named, wanted

    def once(self, key: tuple[object, ...], make: Callable[[], _Found]) -> _Found:
        """What ``make`` makes of these counts, from the first time on."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

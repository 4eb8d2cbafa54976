"""What indicators measure, a second time: each measure of the method by plain counting in frames, a column an area."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analytics.loaders import Records
from tests.wording.second_silence import Silence, silent_feeds
from tests.wording.second_words import NO, YES, status_of, verdicts

"""Counts of people from 1 up to below this one are told as half of it."""

LEAST_BASE = 30
DATES = {"incidents": "occurred_at", "checks": "checked_at"}
STOCKS = ("residents", "places")
MAY_BE_UNTOLD = ("registered", "beds")


class NotReckonedError(AssertionError):
    """A scheme that ships asks for what is not reckoned here: the test fails, and says what is to be added."""


def _reported(reports: pd.DataFrame | None, table: str) -> list[pd.Series]:
    """The days of which the whole office has said that nothing happened in a table."""
    if reports is None:
        return []
    whole = reports[(reports["table"] == table) & reports["feed"].isna() & reports["area_id"].isna()]
    return [pd.Series(pd.date_range(row["from_day"], row["to_day"])) for row in whole.to_dict("records")]


class Tables:
    """The tables of a sample, each row with the scored ``area`` that it lies in and its ``day``."""

    def __init__(self, records: Records, chosen: pd.DataFrame) -> None:
        self.chosen = chosen
        parents = records.areas["parent_id"].to_dict()
        area = {}
        for inner in records.areas.index:
            at = inner
            while at not in chosen.index and isinstance(parents.get(at), str):
                at = parents[at]
            area[inner] = at if at in chosen.index else None
        self._lowest = not records.areas["parent_id"].isin(chosen.index).any()
        self.frames: dict[str, pd.DataFrame] = {}
        self.silent: dict[str, Mapping[tuple[str, object], np.ndarray]] = {}
        for table in (*DATES, *STOCKS):
            held = getattr(records, table)
            if held is not None:
                dated = held[DATES[table]].dt.normalize() if table in DATES else pd.NaT
                self.frames[table] = held.assign(area=held["area_id"].map(area), day=dated)
        self.recorded = {
            table: pd.concat([held["day"], *_reported(records.reports, table)]) for table, held in self.frames.items()
        }
        if "incidents" in self.frames:
            incidents = self.frames["incidents"]
            incidents = incidents.assign(state=status_of(incidents).to_numpy())
            self.frames["incidents"] = incidents[incidents["state"] != "void"]

    def value(self, item: object, days: pd.DatetimeIndex) -> pd.DataFrame:
        """An indicator's value on every day for every area (days × areas), NaN where it has none."""
        measures = {
            "count": self._count, "rate": self._rate, "share": self._share, "open": self._open,
            "overdue": self._overdue, "days_since": self._days_since, "stock": self._stock,
            "stock_rate": self._stock_rate, "per_check": self._per_check, "coverage": self._coverage,
            "visit_rate": self._visit_rate, "given": self._given,
        }  # fmt: skip
        if item.measure not in measures:
            raise NotReckonedError(f"the measure {item.measure}")
        if item.source != "areas" and item.source not in self.frames:
            return self._everywhere(np.nan, days)
        # As scoring says: rounded, so that what is on a step by its arithmetic is on it in the machine too.
        return measures[item.measure](item, days).round(9).mask(self._doubted(item, days))

    def _doubted(self, item: object, days: pd.DatetimeIndex) -> pd.DataFrame:
        """Where a value hangs on a row of which nobody knows whether it counts."""
        found = self._everywhere(0.0, days)
        for table, wheres in self._asked(item):
            rows = self.frames[table]
            whole = self.frames.get("residents", rows)
            rows = rows[~verdicts(rows, wheres, whole).isin([YES, NO])]
            found += self._touched(item, table, rows, days)
            if table == "residents":
                rows = self.frames[table][self.frames[table]["count"].isna()]
                rows = rows[verdicts(rows, wheres, whole) == YES]
                found += self._touched(item, table, rows, days)
        if item.measure in ("open", "overdue"):
            rows = self.frames["incidents"]
            rows = rows[(rows["state"] == "unknown") & rows["closed_at"].isna()]
            rows = rows[verdicts(rows, [item.where], rows) != NO]
            found += self._touched(item, "incidents", rows, days)
        elif item.source == "incidents" and _fewer_is_harder(item):
            rows = self.frames["incidents"]
            rows = rows[rows["state"] == "unknown"]
            rows = rows[verdicts(rows, self._asked(item)[-1][1], rows) != NO]
            found += self._touched(item, "incidents", rows, days)
        return found > 0

    def _asked(self, item: object) -> list[tuple[str, tuple]]:
        """The tables that a value is made of, each with the conditions that its rows have to meet."""
        if item.source == "areas":
            return []
        if item.measure == "share":
            return [(item.source, (item.where, item.of)), (item.source, (item.of,))]
        other = {"coverage": "places", "per_check": "checks", "visit_rate": "residents"}.get(item.measure)
        return [(item.source, (item.where,)), *([(other, (item.of,))] if other in self.frames else [])]

    def _touched(self, item: object, table: str, rows: pd.DataFrame, days: pd.DatetimeIndex) -> pd.DataFrame:
        """How many of the rows an area's value of each day may be made of."""
        if not len(rows):
            return self._everywhere(0.0, days)
        if table == "residents":
            rows = rows.dropna(subset=[column for column in (*item.where, *item.of) if column in rows])
            if len(rows["as_of"].drop_duplicates()) > 1:
                raise NotReckonedError("doubtful people of several snapshots")
            filled = rows["count"].fillna(1).groupby(rows["area"]).sum().reindex(self.chosen.index).fillna(0)
            held, since = pd.DataFrame([filled] * len(days), index=days), rows["as_of"].min()
            return held if pd.isna(since) else _on(days >= since, held).fillna(0.0)
        if table == "places":
            held = rows.groupby("area").size().reindex(self.chosen.index).fillna(0)
            return pd.DataFrame([held] * len(days), index=days)
        if item.measure in ("coverage", "days_since"):
            raise NotReckonedError(f"doubtful rows of {item.measure}")
        if item.measure in ("open", "overdue"):
            rows = rows[(rows["state"] != "closed") | rows["closed_at"].notna()]
        if item.measure == "overdue":
            rows = rows[~(rows["closed_at"].dt.normalize() <= rows["due_at"].dt.normalize())]
            rows = rows.assign(day=rows["due_at"].dt.normalize() + pd.Timedelta(days=1))[rows["due_at"].notna()]
        if item.measure in ("open", "overdue"):
            closed = rows.assign(day=rows["closed_at"].dt.normalize())
            closed = closed[closed["day"].notna()]
            still = self._by_day(rows, "day", days).cumsum() - self._by_day(closed, "day", days).cumsum()
            return still.clip(lower=0).astype(float)
        return self._in_window(rows, item.window_days, days).astype(float)

    def silence(self, item: object, days: pd.DatetimeIndex) -> Silence:
        """Where and for how long the feeds of an indicator are silent."""
        shape = (len(days), len(self.chosen))
        now, back, before = np.zeros(shape, bool), np.zeros(shape, int), np.zeros(shape, bool)
        window = item.window_days or (item.days_since.cap if item.days_since else 0)
        tables = {item.source: [item.where]} if item.source in DATES else {}
        if item.measure in ("share", "coverage", "per_check") and item.source in DATES:
            tables.setdefault("checks" if item.measure == "per_check" else item.source, []).append(item.of)
        for table, wheres in tables.items():
            if table not in self.frames:
                continue
            if table not in self.silent:
                self.silent[table] = silent_feeds(self.frames[table], self.chosen, days)
            for feed, silent in self.silent[table].items():
                named = {} if feed[0] in ("", "area") else {feed[0]: feed[1]}
                inside = self.chosen.index.isin(feed[1]) if feed[0] == "area" else np.ones(shape[1], bool)
                if len(_meeting(self.frames[table], *wheres, named)):
                    now |= (silent > 0)[:, None] & inside
                    back = np.maximum(back, silent[:, None] * inside)
                    recent = pd.Series(silent > 0).rolling(max(window, 1), min_periods=1).max().to_numpy() > 0
                    before |= recent[:, None] & inside
        return Silence(now, before & ~now, back)

    def _everywhere(self, value: float, days: pd.DatetimeIndex) -> pd.DataFrame:
        return pd.DataFrame(value, index=days, columns=self.chosen.index, dtype=float)

    def _by_day(self, rows: pd.DataFrame, column: str, days: pd.DatetimeIndex) -> pd.DataFrame:
        """How many of the rows there are for each day of a column and each area."""
        counted = rows.groupby([column, "area"]).size().reset_index(name="n")
        counted = counted.pivot_table("n", column, "area", fill_value=0)
        return counted.reindex(index=days, columns=self.chosen.index, fill_value=0)

    def _in_window(self, rows: pd.DataFrame, window: int, days: pd.DatetimeIndex) -> pd.DataFrame:
        return self._by_day(rows, "day", days).rolling(window, min_periods=1).sum()

    def _heard(self, item: object, window: int, days: pd.DatetimeIndex, wheres: tuple) -> np.ndarray:
        """On which days the table says anything: it has some record in the window, and one of the kind at any time."""
        table = self.frames[item.source]
        any_record = pd.Series(days.isin(self.recorded[item.source]), index=days).rolling(window, min_periods=1).max()
        seen = item.never_seen == "zero" or len(_meeting(table, *wheres)) > 0
        return (any_record.to_numpy() > 0) & seen

    def _count(self, item: object, days: pd.DatetimeIndex) -> pd.DataFrame:
        rows = _meeting(self.frames[item.source], item.where)
        heard = self._heard(item, item.window_days, days, (item.where,))
        return _on(heard, self._in_window(rows, item.window_days, days))

    def _rate(self, item: object, days: pd.DatetimeIndex) -> pd.DataFrame:
        return self._count(item, days) * item.per.scale / self._base(item)

    def _base(self, item: object) -> pd.Series:
        self._areas_are_the_lowest()
        base = self.chosen[item.per.base].astype(float)
        return base.where(base >= LEAST_BASE)

    def _areas_are_the_lowest(self) -> None:
        if not self._lowest:
            raise NotReckonedError("people of areas that have others below them")

    def _share(self, item: object, days: pd.DatetimeIndex) -> pd.DataFrame:
        if item.source in STOCKS:
            part, whole = self._people(item, days)
            return (part / whole).where(whole >= LEAST_BASE)
        table = self.frames[item.source]
        part, whole = (
            self._in_window(_meeting(table, *wheres), item.window_days, days)
            for wheres in ((item.where, item.of), (item.of,))
        )
        heard = self._heard(item, item.window_days, days, (item.where, item.of))
        return _on(heard, part / whole.where(whole > 0))

    def _begun(self, item: object, days: pd.DatetimeIndex) -> np.ndarray:
        table = self.frames[item.source]
        seen = item.never_seen == "zero" or len(_meeting(table, item.where)) > 0
        return (days >= self.recorded[item.source].min()) & seen

    def _open(self, item: object, days: pd.DatetimeIndex) -> pd.DataFrame:
        rows = _meeting(self.frames[item.source], item.where)
        rows = rows[(rows["state"] != "closed") | rows["closed_at"].notna()]
        rows = rows.assign(closed=rows["closed_at"].dt.normalize())
        still = self._by_day(rows, "day", days).cumsum() - self._by_day(rows, "closed", days).cumsum()
        return _on(self._begun(item, days), still)

    def _overdue(self, item: object, days: pd.DatetimeIndex) -> pd.DataFrame:
        if self.frames[item.source]["due_at"].isna().all():
            return self._everywhere(np.nan, days)
        rows = _meeting(self.frames[item.source], item.where)
        rows = rows[(rows["state"] != "closed") | rows["closed_at"].notna()]
        due, closed = rows["due_at"].dt.normalize(), rows["closed_at"].dt.normalize()
        rows = rows.assign(late=due + pd.Timedelta(days=1), closed=closed)[due.notna() & ~(closed <= due)]
        late = self._by_day(rows, "late", days).cumsum() - self._by_day(rows, "closed", days).cumsum()
        return _on(self._begun(item, days), late)

    def _days_since(self, item: object, days: pd.DatetimeIndex) -> pd.DataFrame:
        cap = item.days_since.cap
        there = self._by_day(_meeting(self.frames[item.source], item.where), "day", days) > 0
        number = pd.DataFrame(np.arange(len(days))[:, None] * np.ones(there.shape[1]), days, there.columns)
        quiet = (number - number.where(there).ffill()).fillna(cap).clip(upper=cap)
        return _on(self._heard(item, cap, days, (item.where,)), quiet)

    def _per_check(self, item: object, days: pd.DatetimeIndex) -> pd.DataFrame:
        if "checks" not in self.frames:
            return self._everywhere(np.nan, days)
        checks = self._in_window(_meeting(self.frames["checks"], item.of), item.window_days, days)
        return self._count(item, days) * 100 / checks.where(checks > 0)

    def _coverage(self, item: object, days: pd.DatetimeIndex) -> pd.DataFrame:
        if "places" not in self.frames:
            return self._everywhere(np.nan, days)
        places = _meeting(self.frames["places"], item.of)
        aim = places.groupby("area").size().reindex(self.chosen.index)
        aim = aim.mask(aim.isna() & self._named("places"), 0)
        seen = _meeting(self.frames["checks"], item.where)
        seen = seen[seen["place_id"].isin(places["place_id"])]
        seen = seen.groupby(["place_id", "day"])["area"].max().reset_index()
        done = self._everywhere(0.0, days)
        for (place, area), rows in seen.groupby(["place_id", "area"]):
            del place
            reached = np.zeros(len(days), dtype=bool)
            for day in days.get_indexer(rows["day"]):
                reached[day : day + item.window_days] = True
            done[area] += reached
        heard = self._heard(item, item.window_days, days, (item.where,))
        return _on(heard, (done / aim.where(aim > 0)).clip(upper=1.0))

    def _visit_rate(self, item: object, days: pd.DatetimeIndex) -> pd.DataFrame:
        if "residents" not in self.frames:
            return self._everywhere(np.nan, days)
        people = item.model_copy(update={"source": "residents", "where": item.of, "of": {}, "never_seen": "zero"})
        held = self._people(people, days)[0]
        made = self._in_window(_meeting(self.frames["checks"], item.where), item.window_days, days)
        heard = self._heard(item, item.window_days, days, (item.where,))
        return _on(heard, (made / held.where(held > 0)).clip(upper=1.0))

    def _named(self, table: str) -> np.ndarray:
        return self.chosen.index.isin(self.frames[table]["area"])

    def _given(self, item: object, days: pd.DatetimeIndex) -> pd.DataFrame:
        column = self.chosen[item.given.column].astype(float)
        return pd.DataFrame([column] * len(days), index=days)

    def _stock(self, item: object, days: pd.DatetimeIndex) -> pd.DataFrame:
        return self._people(item, days)[0]

    def _stock_rate(self, item: object, days: pd.DatetimeIndex) -> pd.DataFrame:
        return self._stock(item, days) * item.per.scale / self._base(item)

    def _people(self, item: object, days: pd.DatetimeIndex) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Of whom there are how many, by the newest snapshot of each area: a part and its whole."""
        if item.of:
            raise NotReckonedError("a part of a part of the people")
        part, whole = self._everywhere(np.nan, days), self._everywhere(np.nan, days)
        if item.never_seen == "missing" and not len(_meeting(self.frames[item.source], item.where)):
            return part, whole
        rows = self.frames[item.source].dropna(subset=[one for one in item.where if one not in MAY_BE_UNTOLD])
        if item.source == "places":
            held = _meeting(rows, item.where).groupby("area").size().reindex(self.chosen.index)
            held = held.mask(held.isna() & self.chosen.index.isin(rows["area"]), 0)
            # A place that does not say might meet it: how many do is then not known.
            told = {one: wanted for one, wanted in item.where.items() if one not in MAY_BE_UNTOLD}
            others = _meeting(rows, told)
            for column in item.where.keys() - told.keys():
                silent = others if column not in others else others[others[column].isna()]
                held = held.mask(self.chosen.index.isin(silent["area"]))
            part[:] = held.to_numpy()
            return part, whole
        self._areas_are_the_lowest()
        for (area, taken), snapshot in rows.groupby(["area", "as_of"]):  # a later one takes an earlier one's place
            since = days >= taken
            part.loc[since, area] = _meeting(snapshot, item.where, everybody=self.frames["residents"])["count"].sum()
            whole.loc[since, area] = snapshot["count"].sum()
        return part, whole


def _on(heard: np.ndarray, held: pd.DataFrame) -> pd.DataFrame:
    """What is held on the days on which the table says anything."""
    kept = held.astype(float)
    kept.loc[~heard] = np.nan
    return kept


def _fewer_is_harder(item: object) -> bool:
    """Whether an incident that turns out to be none may make a value harder."""
    if item.measure == "share":
        return True
    return item.harder_when == ("high" if item.measure == "days_since" else "low")


def _meeting(rows: pd.DataFrame, *wheres: Mapping[str, object], everybody: pd.DataFrame | None = None) -> pd.DataFrame:
    """The rows that meet every condition; an empty cell meets none. ``everybody``: all rows of their table, by whose
    bands a list of bands is read."""
    for where in wheres:
        for column, wanted in where.items():
            if getattr(wanted, "op", ">=") != ">=":
                raise NotReckonedError(f"where {column} {wanted.op}")
    return rows[verdicts(rows, wheres, rows if everybody is None else everybody) == YES]

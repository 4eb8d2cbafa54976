"""What the load guard has to say, a sentence each: exact numbers always, names up to a few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

import pandas as pd

from analytics.loaders import column_label
from analytics.loaders.reporting import WORKING_DAY_EVERY
from analytics.store.area_lists import ListChange
from analytics.store.guard import Change, LoadChange, Moved
from analytics.store.plan import days_of_reports
from analytics.words import Phrase, is_there, phrase, signed

NAMED = 5
_AREA_COLUMNS = (
    *("name", "name_en", "level", "parent_id", "population", "households", "buildings", "shops", "official_code"),
    *("on_site", "geometry"),
)
"""Areas alone may have further columns, of numbers, which go by their headers."""

HASHED = "fc-"
"""How an id begins that was hashed: nobody can look it up, so that it is not named."""


def change_notes(table: str, change: LoadChange) -> Iterator[Phrase]:
    """What a load takes away from those before it. Of areas: which these are is said by :func:`area_notes`."""
    if change.loads:
        key = "guard.people" if table == "residents" else "guard.rows"
        spread = [
            phrase("guard.before_after", name=_label(table, one.name), before=one.before, after=one.after)
            for one in change.spread
        ]
        yield phrase(key, loads=change.loads, before=change.rows.before, after=change.rows.after, spread=spread)
    if table == "areas":
        yield from map(partial(_moved, table), change.moved)
        yield from _figures(change)
        yield from _other_levels(change)
        return
    if change.gone:
        named = [record for record in change.gone if not record.startswith(HASHED)]
        if named:
            yield phrase("guard.gone_named", n=len(change.gone), records=_few(named))
        else:
            yield phrase("guard.gone", n=len(change.gone))
    for column, changes in change.groups:
        yield from _groups(table, column, changes)
    for moved in change.moved:
        yield _moved(table, moved)
    if change.cut:
        cut = change.cut
        told = {"first": cut.first.date(), "last": cut.last.date(), "before": cut.before, "after": cut.after}
        yield phrase("guard.cut", **told, n=cut.gone)


def _figures(change: LoadChange) -> Iterator[Phrase]:
    if change.figures:
        before, after = (f"{figure:,.0f}" for figure in change.figures)
        yield phrase("guard.figures", before=before, after=after)


def _other_levels(change: LoadChange) -> Iterator[Phrase]:
    if change.other_levels:
        names = [
            phrase(
                "guard.area_level",
                area=one.area_id,
                name=one.name,
                before=_word("level", one.before),
                after=_word("level", one.after) if one.after else phrase("guard.no_level"),
                n=one.records,
            )
            for one in sorted(change.other_levels, key=lambda one: -one.records)
        ]
        rows = sum(one.records for one in change.other_levels)
        yield phrase("guard.areas_levels", n=len(names), names=_few(names), rows=rows)


def _groups(table: str, column: str, changes: Sequence[Change]) -> Iterator[Phrase]:
    what = "people" if table == "residents" else "rows"
    if gone := [one for one in changes if not one.after]:
        rows = sum(one.before for one in gone)
        if column == "day":
            yield phrase("guard.days_gone", n=len(gone), days=spans([one.name for one in gone]), rows=rows)
        else:
            named = _few([phrase("guard.counted", name=_word(column, one.name), n=one.before) for one in gone])
            yield phrase(f"guard.{what}_none_left", column=_label(table, column), n=len(gone), names=named, rows=rows)
    if less := [one for one in changes if one.after]:
        rows = sum(one.before - one.after for one in less)
        most = sorted(less, key=lambda one: (one.after - one.before, one.name))
        told = [
            phrase("guard.before_after", name=_word(column, one.name), before=one.before, after=one.after)
            for one in most
        ]
        yield phrase(f"guard.{what}_less", column=_label(table, column), n=len(less), names=_few(told), rows=rows)


def _moved(table: str, moved: Moved) -> Phrase:
    told = {"column": _label(table, moved.column), "n": moved.n, "of": moved.of}
    if moved.emptied:
        return phrase("guard.emptied", **told, share=f"{moved.n / moved.of:.1%}")
    if moved.days is not None:
        return phrase("guard.days_moved", **told, days=signed(moved.days))
    if moved.rows:
        return phrase("guard.changed_areas", **told, areas=_few(moved.rows))
    return phrase("guard.changed", **told)


def area_notes(
    change: ListChange, areas: pd.DataFrame | None, new: pd.DataFrame, records: pd.DataFrame, loads: Sequence[int]
) -> Iterator[Phrase]:
    """How a new list of areas differs from the one that is there (``areas``); ``records``: `EarlierLoads.by_area` of
    those that come and go, which ``loads`` hold."""
    if areas is None or not change.compared:
        return
    lying = records.groupby("area_id")["n"].sum()
    if change.left:
        names = [
            phrase("guard.area_left", area=code, name=areas["name"][code], n=int(lying.get(code, 0)))
            for code in change.left
        ]
        rows = int(lying.reindex(change.left).sum())
        yield phrase("guard.areas_left", n=len(change.left), names=_few(names), rows=rows)
    if change.new:
        silent = sum(code not in lying.index for code in change.new)
        names = [phrase("guard.area_named", area=code, name=new["name"][code]) for code in change.new]
        yield phrase("guard.areas_new", n=len(change.new), names=_few(names), silent=silent)
    both = areas.index.intersection(new.index)
    told = new["name"][both] != both
    other = both[told.to_numpy() & (areas["name"][both] != new["name"][both]).to_numpy()]
    if len(other):
        names = [
            phrase("guard.area_renamed", area=code, before=areas["name"][code], after=new["name"][code])
            for code in other
        ]
        yield phrase("guard.areas_renamed", n=len(other), names=_few(names))
    above, now = areas["parent_id"][both], new["parent_id"][both]
    elsewhere = both[(above.notna() & now.notna() & (above != now)).to_numpy()]
    if len(elsewhere):
        yield phrase("guard.areas_elsewhere", n=len(elsewhere), names=_few(list(elsewhere)))
    if change.left and change.new:
        yield phrase("guard.areas_move")
    if change.left and loads:
        yield phrase("guard.areas_reload", loads=loads)


def _few(names: Sequence[object]) -> list[object]:
    """The first few, and that there are more."""
    more = len(names) - NAMED
    return [*names[:NAMED], *([phrase("guard.more", n=more)] if more > 0 else [])]


def spans(days: Sequence[str]) -> list[object]:
    """Days as spans of days that follow one another."""
    stamps = pd.DatetimeIndex(sorted(days))
    begins = [True, *((stamps[1:] - stamps[:-1]).days > 1)]
    number = pd.Series(begins).cumsum()
    spans = [stamps[(number == one).to_numpy()] for one in number.unique()]
    return _few(
        [
            phrase("guard.span", first=span[0].date(), last=span[-1].date()) if len(span) > 1 else span[0].date()
            for span in spans
        ]
    )


def _label(table: str, column: str) -> object:
    if column == "day":
        return phrase("guard.day")
    return column if table == "areas" and column not in _AREA_COLUMNS else column_label(column)


def _word(column: str, value: str) -> object:
    """A word of a coded column as people say it; days, codes and words that no table knows as they are."""
    if column in ("day", "area_id"):
        return value
    own = {"category": "categories.", "channel": "data.channel_"}.get(column, "method.code_") + value
    key = next((one for one in (own, f"templates.word_{column}_{value}") if is_there(one)), "")
    return phrase(key) if key else value


def agreement_notes(before: pd.DataFrame | None, new: pd.DataFrame) -> Iterator[Phrase]:
    """Feeds that were agreed and are not any more, so that they are judged by their past rhythm again; and those of
    which less is asked, or only from a later day on. Either is milder."""
    if before is None:
        return
    key = ["table", "column", "feed"]
    then, now = (pd.MultiIndex.from_frame(frame[key].fillna("")) for frame in (before, new))
    left = [_agreed(*feed) for feed in then.difference(now)]
    if left:
        yield phrase("guard.agreements_left", n=len(left), feeds=_few(left))
    was, asked = (_asked(frame) for frame in (before, new))
    less = [_agreed(*feed) for feed in sorted(was.keys() & asked.keys()) if _is_less(was[feed], asked[feed])]
    if less:
        yield phrase("guard.agreements_less", n=len(less), feeds=_few(less))


_Asked = tuple[bool, float, date]


def _asked(frame: pd.DataFrame) -> dict[tuple[str, str, str], _Asked]:
    """What is asked of each feed: whether for zero reports, every how many days, and from which day on at the first."""
    key = ["table", "column", "feed"]
    rows = frame.fillna(dict.fromkeys(key, "")).sort_values("since", kind="stable").to_dict("records")
    found: dict[tuple[str, str, str], _Asked] = {}
    for row in rows:
        feed = (row["table"], row["column"], row["feed"])
        since = found[feed][2] if feed in found else row["since"].date()
        zero = row["zero_report"] is not pd.NA and bool(row["zero_report"])
        found[feed] = (zero, int(row["every_days"]) or WORKING_DAY_EVERY, since)
    return found


def _is_less(was: _Asked, now: _Asked) -> bool:
    return was[0] and (not now[0] or now[1] > was[1] or now[2] > was[2])


def zero_report_notes(before: pd.DataFrame | None, new: pd.DataFrame) -> Iterator[Phrase]:
    """Days of which a zero report is replaced and the new ones do not speak: of them nothing is known again."""
    if before is None:
        return
    key = ["table", "column", "feed", "area_id"]
    then, now = (frame.fillna(dict.fromkeys(key, "")) for frame in (before, new))
    spoken = {of: days_of_reports(rows) for of, rows in now.groupby(["table", "feed", "area_id"])}
    lost: dict[tuple[str, str, str], set[pd.Timestamp]] = {}
    for (table, column, feed, area), rows in then.groupby(key):
        # One of the whole table, or of everywhere, speaks for each of its feeds and areas too.
        wider = [spoken.get((table, of, at), set()) for of in {feed, ""} for at in {area, ""}]
        if left := days_of_reports(rows).difference(*wider):
            of_feed = (str(table), str(column), str(feed))
            lost.setdefault(of_feed, set()).update(day for _, day in left)
    for feed, days in lost.items():
        told = spans([f"{day:%Y-%m-%d}" for day in days])
        yield phrase("guard.zero_reports_left", name=_agreed(*feed), n=len(days), days=told)


def _agreed(table: str, column: str, feed: str) -> Phrase:
    entry = f"templates.word_{column}_{feed}"
    name = phrase(f"tables.{table}")
    if not feed:
        return name
    return phrase("guard.before_of", table=name, feed=phrase(entry) if is_there(entry) else feed)

"""No load makes a published tier milder without a sentence that names what is missing: over an earlier load, and on a
first one.

A sentence counts only where it holds what the damage is known to have taken: the feed, the area, the word or the
number of ids. So nothing that is always said counts (see the tests of the deaf product).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from analytics.errors import HeldLoadError, LoadError
from analytics.loaders import LoadReport, Records, load_records, load_table
from analytics.scoring import AreaCounts, Assessment, area_counts_for, assess
from analytics.scoring.area_counts import day_numbers
from analytics.scoring.feed_overview import area_feeds, feed_states
from analytics.scoring.feed_records import FEED_COLUMNS
from analytics.scoring.silence import SilentFeed
from analytics.store import Counts, Store, counts_of
from analytics.wording.dates import short_day
from analytics.wording.loads import notes
from analytics.wording.silence import feed_name, silent_sentences
from tests.long.sizes import many, seeds, whole
from tests.store import made
from tests.store.damages import DAMAGES, DAY, KEY, Damage, Office, made_office
from tests.store.telling import Loss, losses, milder

AN_OFFICE = 18
"""So many damages are tried on each office."""

Heard = Callable[[Sequence[str]], Sequence[str]]


def as_said(sentences: Sequence[str]) -> Sequence[str]:
    return sentences


def deaf(_: Sequence[str]) -> Sequence[str]:
    """A product that always says the same, whatever is missing."""
    return ["部分数据可能缺失、延迟或有误，等级仅供参考，请以实际情况为准。"]


@dataclass(frozen=True)
class Tried:
    """What became of one damage. ``untold``: losses that no sentence tells; ``milder``: areas and days whose tier is
    milder than from the undamaged records."""

    kind: str
    end: str
    losses: tuple[Loss, ...] = ()
    untold: tuple[Loss, ...] = ()
    milder: int = 0

    @property
    def in_silence(self) -> bool:
        return bool(self.milder) and (bool(self.untold) or not self.losses)


class Home:
    """A store that holds an office's records, undamaged, and what was published of them."""

    def __init__(self, folder, office: Office) -> None:
        self.office, self.store = office, Store.open(folder)
        self.today = (office.last + pd.Timedelta(days=40)).date()
        for table, frame in office.tables.items():
            self.store.add(self.loaded(Damage(table, office.file(table, frame))), made.ME)
        self.before = self.assessed()

    def loaded(self, damage: Damage, source: str = ""):
        file = (source or f"{damage.table}.csv", damage.content)
        return load_table(damage.table, file, self.today, self.store.ids, self.store.known())

    def assessed(self) -> Assessment:
        counts, last = counts_of(self.store), self.office.last
        chosen = self.office.scheme
        return assess(area_counts_for(counts, chosen), chosen, pd.date_range(last - pd.Timedelta(days=3), last))

    def tried(self, kind: str, damage: Damage, heard: Heard, source: str = "") -> Tried:
        """Load the damaged file over the whole one, confirmed where that is asked, and take it back again."""
        before = self.store.digest()
        try:
            loaded = self.loaded(damage, source)
        except LoadError:
            return Tried(kind, "refused")
        end, held = "told", ()
        try:
            added = self.store.add(loaded, made.ME)
        except HeldLoadError as error:
            assert self.store.digest() == before, "nothing is written while a load is held"
            end, held = "held", error.problems
            added = self.store.add(loaded, made.ME, "load")
        if added.number is None:
            return Tried(kind, "the same")
        told = [note.text("zh") for note in (*added.notes, *held)] + notes("zh", loaded.report)
        found = tuple(self.losses(damage, loaded, replaced=bool(added.replaced)))
        untold = tuple(loss for loss in found if not loss.told_by(heard(told)))
        number = self.milder(self.assessed())
        self.store.undo(added.number, made.ME)
        assert self.store.digest() == before
        return Tried(kind, end, found, untold, number)

    def losses(self, damage: Damage, loaded, *, replaced: bool):
        """What is missing or another now; where the rows of before go on counting, only what is another."""
        key, table = KEY[damage.table], damage.table
        truth, after = self.office.tables[table], self.office.read(table, damage.content)
        refused = [note.line - 2 for note in loaded.report.refused]
        after = after.drop(index=refused)
        ends_early, whole_lines = not damage.content.endswith(b"\n"), loaded.report.read - 1
        if ends_early and whole_lines not in refused:
            after = as_the_last_line_was_read(self.office, after, loaded.frame.reset_index())
        if table == "incidents":
            # A closing before the incident is none: the loader empties that cell, and says so.
            after["closed_at"] = after["closed_at"].where(after["closed_at"] >= after["occurred_at"])
        if not replaced:
            # What the file does not hold goes on counting.
            stays = truth[~truth[key].isin(after[key])]
            after = (
                pd.concat([stays, after])
                if table != "areas"
                else after.where(after != "", None).fillna(
                    truth.set_index(key).reindex(after[key]).reset_index().set_axis(after.index)
                )
            )
            if table == "areas":
                after = pd.concat([stays, after])
        yield from losses(table, truth, after, self.office.words)
        for word in damage.renamed:
            column = next(name for name in after if (after[name] == word).any()) if word in after.to_numpy() else None
            rows = int((self.office.read(table, damage.content) == word).to_numpy().sum())
            if table != "areas" and column != "channel":
                yield Loss("a word that nobody knows", (word, f"{rows}"))

    def milder(self, after: Assessment) -> int:
        there = self.before.areas.index.intersection(after.areas.index)
        old, new = (run.areas.index.get_indexer(there) for run in (self.before, after))
        return int(milder(self.before.published[:, old], after.published[:, new], after.carried[:, new]).sum())


def as_the_last_line_was_read(office: Office, after: pd.DataFrame, read: pd.DataFrame) -> pd.DataFrame:
    """Where a file ends in the middle of a line, of that line there is what the loader ``read``."""
    at = after.index[-1]
    own = read.iloc[-1].astype(object)
    for column, words in office.words.items():
        if column in own.index:
            own[column] = {word: code for code, word in words.items()}.get(own[column], own[column])
    own = own.replace({True: "是", False: "否"}).where(own.notna(), None)
    # The office writes whole numbers without decimals.
    own = own.map(lambda cell: int(cell) if isinstance(cell, float) and cell.is_integer() else cell)
    after = after.copy()
    for column in after.columns.intersection(own.index):
        after[column] = after[column].astype(object) if after[column].dtype != "datetime64[us]" else after[column]
        after.loc[at, column] = own[column]
    return after


def over_an_earlier_load(folder, number: int, seed: int, heard: Heard = as_said) -> list[Tried]:
    """So many random damages, each of the next kind, on offices of which each is tried many times."""
    found: list[Tried] = []
    kinds = list(DAMAGES)
    while len(found) < number:
        turn = len(found) // AN_OFFICE
        random = np.random.default_rng([13, seed, turn])
        home = Home(folder / f"{seed}-{turn}", made_office(random))
        for _ in range(min(AN_OFFICE, number - len(found))):
            kind = kinds[(len(found) + seed) % len(kinds)]
            source = "" if random.random() < 0.8 else "newer.csv"
            found.append(home.tried(kind, DAMAGES[kind](random, home.office), heard, source))
    return found


@pytest.fixture(autouse=True)
def fast(monkeypatch):
    monkeypatch.setattr("os.fsync", lambda _: None)


def test_over_an_earlier_load_every_loss_is_told_exactly_and_no_tier_is_milder_in_silence(tmp_path, capsys):
    found = over_an_earlier_load(tmp_path, many(36), seeds(1).start)
    with capsys.disabled():
        print(table_of(found))
    assert [(one.kind, one.untold) for one in found if one.untold] == []
    assert [one for one in found if one.in_silence] == []


def table_of(found: Sequence[Tried]) -> str:
    lines = ["", f"{'over an earlier load':<28}{'tried':>7}{'refused':>9}{'held':>6}{'told':>6}{'same':>6}"
                 f"{'milder':>8}{'inexact':>9}{'in silence':>12}"]  # fmt: skip
    every = [*DAMAGES, ""]
    for kind in every:
        own = [one for one in found if kind in ("", one.kind)]
        ends = Counter(one.end for one in own)
        if own:
            lines.append(
                f"{kind or 'all':<28}{len(own):>7}{ends['refused']:>9}{ends['held']:>6}{ends['told']:>6}"
                f"{ends['the same']:>6}{sum(one.milder > 0 for one in own):>8}"
                f"{sum(bool(one.untold) for one in own):>9}{sum(one.in_silence for one in own):>12}"
            )
    return "\n".join(lines)


def test_what_is_always_said_tells_nothing(tmp_path):
    found = over_an_earlier_load(tmp_path, 9, 3, deaf)
    assert any(one.in_silence for one in found)
    assert all(one.untold == one.losses for one in found)
    assert any(one.untold for one in found)


FIRST_LOADS = [
    "rows", "last days", "cut file", "a feed", "a feed from a day on", "an area", "an area from a day on", "a category",
    "a category from a day on", "a kind of check", "area renamed", "category renamed", "feed renamed", "status renamed",
    "outcome renamed", "dates shifted", "dates of checks shifted", "table", "areas of the list",
]  # fmt: skip
SIZES = (0.005, 0.02, 0.1, 0.3, 1.0)
"""Losses by the share of a table's rows that are gone or another."""


@dataclass(frozen=True)
class First:
    """What became of a damaged file that is the first of its table: ``share`` of its rows that are gone or another,
    areas whose tier is ``milder``, and those of them where no sentence tells it: ``silent``. ``owed``: how many feeds
    are silent for as long as the rule takes to tell; ``untold``: those of them of which no sentence said it."""

    kind: str
    end: str
    share: float = 0.0
    milder: int = 0
    silent: int = 0
    owed: int = 0
    untold: tuple[SilentFeed, ...] = ()


class FirstLoad:
    """The records of an office whose one damaged file is the first that there is of its table."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.today = (office.last + pd.Timedelta(days=40)).date()
        self.files = {table: office.file(table, frame) for table, frame in office.tables.items()}
        self.before = self._assessed(self._loaded(self.files)[0])[0]

    def _loaded(self, files: Mapping[str, bytes]):
        return load_records({table: (f"{table}.csv", held) for table, held in files.items()}, self.today)

    def _assessed(self, records: Records) -> tuple[Assessment, AreaCounts]:
        facts = area_counts_for(Counts.of_records(records), self.office.scheme)
        return assess(facts, self.office.scheme, pd.DatetimeIndex([self.office.last])), facts

    def tried(self, kind: str, damage: Damage, heard: Heard = as_said) -> First:
        try:
            records, reports = self._loaded({**self.files, damage.table: damage.content})
        except LoadError:
            return First(kind, "refused")
        found, facts = self._assessed(records)
        report = next(one for one in reports if one.table == damage.table)
        there = self.before.areas.index.intersection(found.areas.index)
        old, new = (run.areas.index.get_indexer(there) for run in (self.before, found))
        gone = milder(self.before.published[-1, old], found.published[-1, new], found.carried[-1, new])
        lost, rows, told = self.unexplained(damage, report, found, heard)
        silent = gone & there.isin(rows["area_id"])
        owed = {feed: self.is_told(feed, told) for feed in self.owed(damage, facts, lost)}
        share = len(lost) / len(self.office.tables[damage.table])
        untold = tuple(feed for feed, told in owed.items() if not told)
        return First(kind, "read", share, int(gone.sum()), int(silent.sum()), len(owed), untold)

    def unexplained(self, damage: Damage, report: LoadReport, found: Assessment, heard: Heard):
        """The true rows that are gone or say something else, those of them that no sentence tells, and the feeds of
        which a sentence says since when they are silent."""
        table, key, day = damage.table, KEY[damage.table], DAY.get(damage.table)
        truth, after = self.office.tables[table], self.office.read(table, damage.content)
        refused = after.loc[[note.line - 2 for note in report.refused]]
        lines = [f"{note.line} {note.reason.text('zh')}" for note in report.refused]
        sentences = heard([*notes("zh", report), *lines, *silent_sentences("zh", found)])
        now = after.drop(index=refused.index).drop_duplicates(key).set_index(key).reindex(truth[key])
        cells = truth.set_index(key)
        same = (cells.astype(str) == now[cells.columns].astype(str)) | (cells.isna() & now[cells.columns].isna())
        lost = truth[~same.all(axis=1).to_numpy()]
        told, feeds = pd.Series(data=False, index=lost.index), []
        for word in damage.renamed:
            rows = int((after == word).to_numpy().sum())
            if rows and Loss("", (word, f"{rows}")).told_by(sentences):
                told |= lost[key].isin(after.loc[(after == word).any(axis=1), key])
        for line, record in zip(refused.index + 2, refused[key], strict=True):
            if Loss("", (f"{line}",)).told_by(sentences):
                told |= lost[key] == record
        kept = now[now[day].notna()] if day else now
        for feed in found.silent:
            if feed.table != table or feed.until is not None:
                continue
            own, of_feed = (self.of_feed(frame, feed) for frame in (lost, kept))
            last = kept.loc[of_feed, day].max()
            needles = (feed_name("zh", found, feed), "无数据" if pd.notna(last) else "从未有数据")
            if pd.notna(last):
                since = (last + pd.Timedelta(days=1)).date()
                needles = (needles[0], short_day("zh", since), needles[1])
                own &= lost[day] >= pd.Timestamp(since)
            if any(all(needle in sentence for needle in needles) for sentence in sentences):
                told |= own
                feeds.append(feed)
        return lost, lost[~told], feeds

    def of_feed(self, frame: pd.DataFrame, feed: SilentFeed) -> pd.Series:
        """Which rows come from a feed."""
        if feed.column:
            return frame[feed.column] == feed.code
        above = self.office.tables["areas"].set_index("area_id")["parent_id"]
        if not feed.area_id:
            return pd.Series(data=True, index=frame.index)
        return (frame["area_id"] == feed.area_id) | (frame["area_id"].map(above) == feed.area_id)

    def is_told(self, feed: SilentFeed, told: Sequence[SilentFeed]) -> bool:
        """Whether it is told, or the whole table is, or the area above."""
        above = self.office.tables["areas"].set_index("area_id")["parent_id"].get(feed.area_id, "")
        return any(
            not (one.column or one.area_id)
            or (one.column == feed.column and one.code == feed.code and one.area_id in (feed.area_id, above))
            for one in told
        )

    def owed(self, damage: Damage, facts: AreaCounts, lost: pd.DataFrame):
        """The feeds of which something is lost, that have been silent for as long as the rule takes to tell, as the
        command ``feeds`` says."""
        table = damage.table
        if table not in DAY or not len(lost):
            return
        last = self.office.last.date()
        for column in ("", *FEED_COLUMNS[table], "area_id"):
            for code in lost[column].dropna().unique() if column else [""]:
                own = ("", "", code) if column == "area_id" else (column, code, "")
                feed = SilentFeed(table, *own, None, None, agreed=False)
                heard_last = self.last_heard(facts, feed)
                if heard_last is not None and heard_last < last:
                    after = told_after(facts, feed, heard_last)
                    if after is not None and after <= (last - heard_last).days:
                        yield feed

    def last_heard(self, facts: AreaCounts, feed: SilentFeed) -> date | None:
        """The day of the last record of a feed."""
        table = feed.table
        if feed.area_id:
            n = facts.in_window(table, [{}], 1, day_numbers(self._days))
            own = n[:, facts.areas.index.get_loc(feed.area_id)] if feed.area_id in facts.areas.index else np.zeros(1)
            days = np.flatnonzero(own)
            return self._days[days[-1]].date() if len(days) else None
        daily = facts.counts.daily_by(table, feed.column or FEED_COLUMNS[table][0])
        daily = daily if not feed.column else daily[daily["kind"] == feed.code]
        return date(1970, 1, 1) + pd.Timedelta(days=int(daily["day"].max())) if len(daily) else None

    @property
    def _days(self) -> pd.DatetimeIndex:
        return pd.date_range(self.office.first - pd.Timedelta(days=400), self.office.last)


def told_after(facts: AreaCounts, feed: SilentFeed, day: date) -> int | None:
    """What the command ``feeds`` says on a day of how soon the silence of a feed would tell."""
    if feed.area_id:
        found = next((one for one in area_feeds(facts, day) if one.table == feed.table), None)
        return found.told_after.get(feed.area_id) if found else None
    states = [
        one
        for one in feed_states(facts, day)
        if (one.table, one.column, one.code) == (feed.table, feed.column, feed.code)
    ]
    return states[0].told_after if states else None


def first_loads(number: int, seed: int, heard: Heard = as_said) -> list[First]:
    """So many random damages, each of the next kind, of files that are the first of their table."""
    found: list[First] = []
    while len(found) < number:
        turn = len(found) // AN_OFFICE
        random = np.random.default_rng([14, seed, turn])
        office = FirstLoad(made_office(random))
        for _ in range(min(AN_OFFICE, number - len(found))):
            kind = FIRST_LOADS[(len(found) + seed) % len(FIRST_LOADS)]
            found.append(office.tried(kind, DAMAGES[kind](random, office.office), heard))
    return found


def test_on_a_first_load_no_loss_that_the_rule_can_tell_makes_a_tier_milder_in_silence(capsys):
    found = first_loads(many(12), seeds(1).start)
    with capsys.disabled():
        print(table_of_first(found))
    assert [one for one in found if one.untold] == []
    assert any(one.owed for one in found) or not whole()


def table_of_first(found: Sequence[First]) -> str:
    lines = ["", f"{'on a first load':<28}{'tried':>7}{'refused':>9}{'milder':>8}{'told':>6}{'in silence':>12}"
                 f"{'rule tells':>12}{'untold':>9}"]  # fmt: skip
    for kind in [*FIRST_LOADS, ""]:
        own = [one for one in found if kind in ("", one.kind)]
        if own:
            ends = Counter(one.end for one in own)
            loud = sum(one.milder > 0 and not one.silent for one in own)
            lines.append(
                f"{kind or 'all':<28}{len(own):>7}{ends['refused']:>9}{sum(one.milder > 0 for one in own):>8}"
                f"{loud:>6}{sum(one.silent > 0 for one in own):>12}{sum(one.owed > 0 for one in own):>12}"
                f"{sum(bool(one.untold) for one in own):>9}"
            )
    lines.append("rows gone or another, and below what the rule tells: share of loads with a tier milder in silence")
    for low, high in pairwise((0.0, *SIZES)):
        own = [one for one in found if one.end == "read" and low < one.share <= high]
        if own:
            silent = sum(one.silent > 0 for one in own)
            lines.append(f"  {low:.1%} to {high:.1%}: {silent} of {len(own)}, {silent / len(own):.0%}")
    return "\n".join(lines)


def test_on_a_first_load_what_is_always_said_tells_nothing():
    found = first_loads(3, 1, deaf)
    assert any(one.owed for one in found)
    assert all(len(one.untold) == one.owed for one in found)

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

import numpy as np
import pandas as pd
import pytest

from analytics.errors import HeldLoadError, LoadError
from analytics.loaders import load_table
from analytics.scoring import Assessment, area_counts_for, assess
from analytics.store import Store, counts_of
from analytics.wording.loads import notes
from tests.long.sizes import many, seeds
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
        if not damage.content.endswith(b"\n") and len(after) + len(refused) == loaded.report.read and not (
            refused and max(refused) == loaded.report.read - 1
        ):
            after = as_the_last_line_was_read(after, loaded.frame.reset_index())
        if not replaced:
            truth = truth[truth[key].isin(after[key])]
        yield from losses(table, truth, after)
        for word in damage.renamed:
            column = next(name for name in after if (after[name] == word).any()) if word in after.to_numpy() else None
            rows = int((self.office.read(table, damage.content) == word).to_numpy().sum())
            if table != "areas" and column != "channel":
                yield Loss("a word that nobody knows", (word, f"{rows}"))

    def milder(self, after: Assessment) -> int:
        there = self.before.areas.index.intersection(after.areas.index)
        old, new = (run.areas.index.get_indexer(there) for run in (self.before, after))
        return int(milder(self.before.published[:, old], after.published[:, new], after.carried[:, new]).sum())


def as_the_last_line_was_read(after: pd.DataFrame, read: pd.DataFrame) -> pd.DataFrame:
    """Where a file ends in the middle of a line, what is left of that line is what the loader (``read``) makes of it."""
    at = after.index[-1]
    own = read.iloc[-1].astype(object)
    own = own.replace({True: "是", False: "否"}).where(own.notna(), None)
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
    found = over_an_earlier_load(tmp_path, many(len(DAMAGES)), seeds(1).start)
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
    found = over_an_earlier_load(tmp_path, 12, 0, deaf)
    assert any(one.in_silence for one in found)
    assert all(one.untold for one in found if one.losses)

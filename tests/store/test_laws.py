"""Whatever is loaded and undone in whatever order, the store holds what a small model in memory holds."""

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from analytics.errors import StoreError
from analytics.store import Store
from tests.long.sizes import many
from tests.store import made


@dataclass
class Modelled:
    """A load as a person would keep it on paper."""

    source: str
    rows: dict
    replaces: set = field(default_factory=set)
    undone: bool = False


class StoreAgainstModel(RuleBasedStateMachine):
    @initialize()
    def start(self):
        self.folder = TemporaryDirectory()
        self.waiting = patch("os.fsync")
        self.waiting.start()
        self.store = Store.open(Path(self.folder.name) / "home")
        self.model = {}
        self.commits = 0
        self.digests = {}

    def live(self):
        gone = {number for load in self.model.values() if not load.undone for number in load.replaces}
        return {number: load for number, load in self.model.items() if not load.undone and number not in gone}

    def rows(self):
        """The newest row of an id counts."""
        return {key: row for _, load in sorted(self.live().items()) for key, row in load.rows.items()}

    @rule(
        source=st.sampled_from(["a.csv", "b.csv"]),
        rows=st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("123"), min_size=1),
    )
    def add(self, source, rows):
        live, before = self.live(), self.rows()
        same = [
            number
            for number, load in live.items()
            if list(load.rows.items()) == list(rows.items())
            and not any(later > number and other.rows.keys() & rows.keys() for later, other in live.items())
        ]
        added = self.store.add(made.incidents(rows, source), made.ME)
        if same:
            assert (added.number, added.already) == (None, same[0])
            return
        self.commits += 1
        assert (added.number, added.already) == (self.commits, None)
        replaced = {
            number
            for number, load in live.items()
            if list(load.rows.items()) == list(rows.items())
            or (load.source == source and 2 * len(load.rows.keys() & rows.keys()) >= len(load.rows))
        }
        assert set(added.replaced) == replaced
        kept = {key for number, load in live.items() if number not in replaced for key in load.rows}
        assert added.superseded == len(kept & rows.keys())
        older = {number for one in replaced for number in self.model[one].replaces}
        self.model[self.commits] = Modelled(source, rows, replaced | older)
        assert self.rows().items() >= rows.items()
        assert self.rows().keys() <= before.keys() | rows.keys()

    @rule(number=st.integers(1, 12))
    def undo(self, number):
        load = self.model.get(number)
        if load is None or load.undone:
            with pytest.raises(StoreError):
                self.store.undo(number, made.ME)
            return
        self.store.undo(number, made.ME)
        self.commits += 1
        load.undone = True

    @rule()
    def open_again(self):
        self.store = Store.open(self.store.home)

    @invariant()
    def the_store_holds_what_the_model_holds(self):
        assert made.ids(self.store) == self.rows()
        live = {load.number for load in self.store.loads() if load.status == "live"}
        assert live == set(self.live())

    @invariant()
    def the_same_loads_have_the_same_digest(self):
        assert self.digests.setdefault(frozenset(self.live()), self.store.digest()) == self.store.digest()

    def teardown(self):
        self.waiting.stop()
        self.folder.cleanup()


TestStoreAgainstModel = StoreAgainstModel.TestCase
TestStoreAgainstModel.settings = settings(max_examples=many(15), stateful_step_count=12)

"""The past of areas: spells, changes and turns, reckoned again; and that no tier falls before the day that is told."""

import itertools
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.scheme.model import StabilityRule
from analytics.scoring.area_history import TierDays, Turn, earliest_fall, tier_days, turn_of
from analytics.scoring.overrides import Override, with_overrides
from analytics.scoring.stability import publish
from tests.scoring.small_world import assessed, days, incident, indicator, records, scheme, three_areas


def held(final, computed=None, carried=None):
    """The tiers of one area, A."""
    final = np.array(final, dtype=np.int8)[:, None]
    none = np.zeros(final.shape, dtype=bool)
    return TierDays(
        pd.date_range("2020-01-01", periods=len(final)),
        pd.Index(["A"]),
        final if computed is None else np.array(computed, dtype=np.int8)[:, None],
        final,
        none if carried is None else np.array(carried, dtype=bool)[:, None],
        none,
        none,
    )


@given(st.lists(st.integers(-1, 4), min_size=1, max_size=40))
def test_spells_say_the_days_again(final):
    spells = held(final).spells("A")
    names = ["unknown", "green", "blue", "yellow", "orange", "red"]
    assert [spell.tier for spell in spells for _ in range(spell.length)] == [names[rank + 1] for rank in final]
    assert [spell.start for spell in spells] == [sum(one.length for one in spells[:at]) for at in range(len(spells))]
    assert all(one.tier != other.tier for one, other in itertools.pairwise(spells))


@given(st.lists(st.integers(-1, 4), min_size=1, max_size=40))
def test_changes_are_those_between_known_tiers(final):
    pairs = itertools.pairwise(final)
    assert held(final).changes()["A"] == sum(one != other and -1 not in (one, other) for one, other in pairs)


def test_the_turn_is_the_last_change_and_none_where_nothing_changed():
    assert turn_of(held([0, 1, 1, 3, 3]), "A") == Turn(date(2020, 1, 3), date(2020, 1, 4), "blue")
    assert turn_of(held([2, 2]), "A") is None
    assert held([2, 2]).final_since("A") == 0
    assert turn_of(held([-1, 0]), "A") == Turn(date(2020, 1, 1), date(2020, 1, 2), "unknown")


def test_a_carried_spell_stands_apart_from_the_same_tier_before():
    spells = held([1, 1, 1], carried=[False, True, True]).spells("A")
    assert [(spell.length, spell.carried) for spell in spells] == [(1, False), (2, True)]


def test_pieces_give_what_one_run_gives_and_overrides_are_told():
    world = records(areas=three_areas(), incidents=[incident(n, "A", f"2020-02-{n:02}") for n in range(1, 20)])
    chosen = scheme([indicator()])
    whole = assessed(world, chosen, days("2020-02-01", "2020-02-20"))
    decided = Override("A", "red", "例会", "keeper", date(2020, 2, 10), date(2020, 2, 12))
    pieces = [
        with_overrides(assessed(world, chosen, days(*span)), [decided])
        for span in (("2020-02-01", "2020-02-07"), ("2020-02-08", "2020-02-20"))
    ]
    found = tier_days(pieces)
    assert (found.computed == whole.computed).all()
    assert found.days.equals(whole.days)
    assert [spell for spell in found.spells("A") if spell.override] == [
        spell for spell in found.spells("A") if spell.start == 9
    ]
    assert sum(spell.length for spell in found.spells("A") if spell.override) == 3


RULES = st.builds(
    StabilityRule,
    confirm_up_days=st.integers(1, 5),
    confirm_down_days=st.integers(1, 6),
    minimum_stay_days=st.integers(1, 9),
    at_once_when_tiers_up=st.sampled_from([None, 2]),
    one_step_down=st.booleans(),
)


@given(RULES, st.lists(st.integers(0, 4), min_size=8, max_size=40))
def test_a_tier_never_falls_before_the_day_that_is_told(rule, computed):
    """All later days are green, which is as mild as it gets."""
    history = np.array(computed, dtype=np.int8)[:, None]
    floors = np.full(history.shape, -1, dtype=np.int8)
    tier = publish(history, floors, rule).tier[:, 0]
    last = len(computed) - 1
    if tier[last] != computed[last] or tier[last] == 0:
        return
    changed = np.flatnonzero(tier != tier[last])
    start = int(changed[-1]) + 1 if len(changed) else None
    rose = start is not None and tier[start - 1] < tier[start]
    day = date(2020, 1, 1) + timedelta(days=last)
    since = None if start is None else date(2020, 1, 1) + timedelta(days=start)
    told = (earliest_fall(rule, day, since, rose=rose) - day).days
    later = np.vstack([history, np.zeros((30, 1), dtype=np.int8)])
    after = publish(later, np.full(later.shape, -1, dtype=np.int8), rule).tier[last + 1 :, 0]
    fell = int(np.flatnonzero(after < tier[last])[0]) + 1
    assert fell >= told


@pytest.mark.parametrize(("rose", "falls"), [(True, 21), (False, 20)])
def test_a_stay_counts_from_the_first_day(rose, falls):
    rule = StabilityRule(confirm_up_days=14, confirm_down_days=14, minimum_stay_days=21, one_step_down=True)
    first = date(2020, 1, 1)
    assert earliest_fall(rule, first, first, rose=rose) == first + timedelta(days=falls)
    assert earliest_fall(rule, first, None, rose=rose) == first + timedelta(days=14)

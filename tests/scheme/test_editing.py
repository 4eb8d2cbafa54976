"""Changing a scheme: sums stay 100, locked weights stay, and a changed scheme is still one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from analytics.scheme import Scheme, pack_ids, scheme_named
from analytics.scheme.basics import Bilingual
from analytics.scheme.editing import (
    LEAST,
    TOP,
    begin,
    compared,
    equal_percent,
    levels,
    percentages,
    rebalanced,
    recut,
    restabilised,
    reweighted,
    set_percent,
    threshold,
    whole_percent,
    with_floor,
    with_minimum_known,
    without_floor,
)

SCHEME = scheme_named("epidemic")
percents = st.lists(st.integers(1, 1000), min_size=1, max_size=13).map(
    lambda weights: whole_percent({f"i{at}": weight for at, weight in enumerate(weights)})
)


def valid(scheme):
    return Scheme.model_validate(scheme.model_dump(by_alias=True))


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30).filter(lambda weights: sum(weights) > 1e-6))
def test_whole_percents_sum_to_100_and_none_is_nothing(weights):
    found = whole_percent({str(at): weight for at, weight in enumerate(weights)})
    assert sum(found.values()) == 100
    assert min(found.values()) >= LEAST


def test_weights_that_are_whole_percents_stay_what_they_are():
    assert whole_percent({"a": 9, "b": 6, "c": 3, "d": 2}) == {"a": 45, "b": 30, "c": 15, "d": 10}
    assert whole_percent({"a": 1, "b": 1, "c": 1}) == {"a": 34, "b": 33, "c": 33}
    assert whole_percent({"a": 0, "b": 0, "c": 5}) == {"a": 1, "b": 1, "c": 98}


@given(percents, st.data())
def test_a_moved_weight_leaves_the_sum_at_100_and_locked_ones_alone(level, data):
    changed = data.draw(st.sampled_from(sorted(level)))
    locked = data.draw(st.sets(st.sampled_from(sorted(level))))
    wanted = data.draw(st.integers(-5, 120))
    found = rebalanced(level, changed, wanted, locked)
    assert list(found) == list(level)
    assert sum(found.values()) == 100
    assert min(found.values()) >= LEAST
    assert all(found[name] == level[name] for name in locked if name != changed)
    if changed not in locked and set(level) - locked - {changed}:
        free = [name for name in level if name not in locked and name != changed]
        most = 100 - sum(level[name] for name in locked) - LEAST * len(free)
        assert found[changed] == min(max(wanted, LEAST), most)
    else:
        assert found == level


@given(percents, st.data())
def test_small_steps_end_where_one_large_step_does_and_come_back(level, data):
    changed = data.draw(st.sampled_from(sorted(level)))
    locked = data.draw(st.sets(st.sampled_from(sorted(level))))
    steps = data.draw(st.lists(st.integers(1, 100), min_size=1, max_size=8))
    begun, now = {}, level
    for wanted in steps:
        begun = begin(begun, now, changed, locked)
        now = rebalanced(begun, changed, wanted, locked)
    assert now == rebalanced(level, changed, steps[-1], locked)
    assert rebalanced(begin(begun, now, changed, locked), changed, level[changed], locked) == level


def test_another_slider_begins_from_where_things_stand():
    level = {"a": 40, "b": 40, "c": 20}
    now = rebalanced(level, "a", 10, ())
    assert begin(level, now, "a", ()) == level
    assert begin(level, now, "b", ()) == now
    assert begin(level, {"x": 100}, "x", ()) == {"x": 100}


def test_the_others_give_in_proportion():
    assert rebalanced({"a": 40, "b": 40, "c": 20}, "a", 10, ()) == {"a": 10, "b": 60, "c": 30}
    assert rebalanced({"a": 40, "b": 40, "c": 20}, "a", 10, {"b"}) == {"a": 10, "b": 40, "c": 50}


@given(percents, st.data())
def test_equal_weights_differ_by_one_at_most(level, data):
    locked = data.draw(st.sets(st.sampled_from(sorted(level))))
    found = equal_percent(level, locked)
    free = [found[name] for name in level if name not in locked]
    assert sum(found.values()) == 100
    assert not free or max(free) - min(free) <= 1
    assert all(found[name] == level[name] for name in locked)


@pytest.mark.parametrize("name", pack_ids())
def test_every_level_can_be_weighed_anew_and_nothing_else_changes(name):
    scheme = scheme_named(name)
    for level in levels(scheme):
        wanted = equal_percent(percentages(level), ())
        changed = valid(reweighted(scheme, level.id, wanted))
        for before, after in zip(levels(scheme), levels(changed), strict=True):
            assert percentages(after) == (wanted if after.id == level.id else percentages(before))
        back = reweighted(changed, level.id, {child.id: child.weight for child in level.children})
        assert valid(back).digest() == scheme.digest()


def test_a_level_that_sums_keeps_its_scale():
    summed = SCHEME.model_copy(update={"aggregate": "sum"})
    summed = reweighted(summed, TOP, {"cases": 2, "spread": 1, "people": 0.5, "response": 0.5})
    changed = set_percent(summed, TOP, {"cases": 25, "spread": 25, "people": 40, "response": 10})
    assert [item.weight for item in changed.dimensions] == [1, 1, 1.6, 0.4]
    plain = set_percent(SCHEME, TOP, {"cases": 25, "spread": 25, "people": 40, "response": 10})
    assert [item.weight for item in plain.dimensions] == [25, 25, 40, 10]


def test_cut_offs_have_to_rise():
    assert recut(SCHEME, {"red": 60.5}).tiers.red == 60.5
    with pytest.raises(ValidationError):
        recut(SCHEME, {"red": 20})


def test_a_floor_is_taken_out_and_put_back_and_changed():
    first, second = SCHEME.floors
    without = valid(without_floor(SCHEME, 0))
    assert without.floors == (second,)
    assert valid(with_floor(without, first, 0)).digest() == SCHEME.digest()
    other = compared(second, 4, Bilingual(zh="四例", en="Four cases"))
    assert threshold(other) == 4
    assert valid(with_floor(without, other)).floors == (second, other)


def test_the_rules_for_missing_data_and_steadiness():
    assert valid(with_minimum_known(SCHEME, 75)).missing.minimum_known_weight == 0.75
    assert restabilised(SCHEME, SCHEME.stability, holds=False, settings={}).stability is None
    off = restabilised(SCHEME, None, holds=False, settings={})
    on = valid(
        restabilised(
            off, SCHEME.stability, holds=True, settings={"confirm_up_days": 7, "at_once": 0, "one_step": False}
        )
    )
    assert (on.stability.confirm_up_days, on.stability.at_once_when_tiers_up, on.stability.one_step_down) == (
        7,
        None,
        False,
    )
    assert on.stability.minimum_stay_days == SCHEME.stability.minimum_stay_days


def test_a_level_that_is_not_there_changes_nothing():
    assert reweighted(SCHEME, "nowhere", {"cases": 1}).digest() == SCHEME.digest()
    assert reweighted(SCHEME, TOP, {"nothing": 1}).digest() == SCHEME.digest()


def test_a_locked_one_percent_is_not_lost_to_the_last_digit():
    # 100 * (1 / 100) of a sum that is not quite 100 comes out as 0.9999999999999999.
    exact = {"a": 7.0, "b": 31.999999999999996, "c": 33.0, "d": 27.000000000000004, "e": 0.9999999999999999}
    assert whole_percent(exact) == {"a": 7, "b": 32, "c": 33, "d": 27, "e": 1}

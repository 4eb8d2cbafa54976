"""Stability: every clause by hand, then the laws on random histories and rules."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.scheme.model import StabilityRule
from analytics.scoring.stability import AS_COMPUTED, NO_CHANGE, publish
from tests.long.sizes import many

LETTERS = ".gbyor"  # unknown, then the ranks 0 to 4
FIELDS = ("tier", "carried", "carry_left", "waiting_for", "days_held", "days_needed", "next_change")


def ranks(history):
    """One area's history, written as letters, as an array (days, 1)."""
    return np.array([[LETTERS.index(letter) - 1] for letter in history], dtype=np.int8)


def letters(found):
    return "".join(LETTERS[rank + 1] for rank in found[:, 0])


def no_floors(computed):
    return np.full_like(computed, -1)


def rule(up=1, at_once=None, down=1, stay=1, one_step=False):
    return StabilityRule(
        confirm_up_days=up,
        at_once_when_tiers_up=at_once,
        confirm_down_days=down,
        minimum_stay_days=stay,
        one_step_down=one_step,
    )


@pytest.mark.parametrize(
    ("chosen", "computed", "published"),
    [
        pytest.param(rule(up=3), "ggyyyy", "ggggyy", id="up_on_the_third_day_of_evidence"),
        pytest.param(rule(up=3), "ggyygyyy", "gggggggy", id="a_day_below_begins_the_count_anew"),
        pytest.param(rule(up=3), "ggyoyo", "ggggyy", id="up_to_what_all_days_reach"),
        pytest.param(rule(up=3), "gbbyyy", "gggbby", id="two_rises_each_with_its_own_evidence"),
        pytest.param(rule(up=3), "yyy", "yyy", id="the_first_day_is_as_computed"),
        pytest.param(rule(up=3, at_once=2), "gby", "ggy", id="two_tiers_up_is_at_once"),
        pytest.param(rule(up=3, at_once=3), "gbyo", "gggo", id="three_tiers_up_is_at_once"),
        pytest.param(rule(up=3, at_once=3), "gyyyo", "gggyy", id="the_rise_is_from_the_day_before"),
        pytest.param(rule(up=3, at_once=2, down=2), "gygg", "gyyg", id="at_once_up_then_down_by_its_own_days"),
        pytest.param(rule(down=3), "rgggg", "rrrgg", id="down_on_the_third_day_below"),
        pytest.param(rule(down=3), "rggrggg", "rrrrrrg", id="a_day_back_up_begins_the_count_anew"),
        pytest.param(rule(down=3), "rgybgg", "rrryyb", id="down_to_the_highest_of_the_confirming_days"),
        pytest.param(rule(stay=4), "goggggg", "goooogg", id="stays_four_days_from_the_entry"),
        pytest.param(rule(stay=4), "gogogggg", "goooooog", id="new_evidence_renews_the_stay"),
        pytest.param(rule(up=2, stay=3), "googogggg", "ggooogggg", id="less_than_an_entry_does_not_renew_it"),
        pytest.param(rule(down=2, stay=4), "googggggg", "goooooggg", id="both_confirmation_and_stay"),
        pytest.param(rule(one_step=True), "rggggg", "roybgg", id="one_step_a_day"),
        pytest.param(rule(down=2, one_step=True), "rgggggggg", "rrooyybbg", id="each_step_is_confirmed_anew"),
        pytest.param(rule(down=2, stay=3, one_step=True), "rggggggggg", "rrroooyyyb", id="each_step_has_its_stay"),
        pytest.param(rule(down=2, one_step=True), "rggogggg", "rroooyyb", id="evidence_holds_the_new_tier_too"),
        pytest.param(rule(up=3, down=3), "yy.yy", "yy.yy", id="missing_is_shown_as_missing"),
        pytest.param(rule(down=3), "r.gg", "r.gg", id="and_what_comes_then_begins_anew"),
        pytest.param(rule(up=3, down=2), "g...ygggg", "g...yyggg", id="anew_is_as_a_first_day"),
        pytest.param(rule(up=3), "..yg", "..yg", id="a_history_that_begins_unknown"),
    ],
)
def test_a_clause_of_the_rule(chosen, computed, published):
    history = ranks(computed)
    assert letters(publish(history, no_floors(history), chosen).tier) == published


@pytest.mark.parametrize("at_once", [None, 4])
def test_what_a_floor_demands_is_published_at_once(at_once):
    found = publish(ranks("gyooo"), ranks("..y.."), rule(up=3, at_once=at_once))
    assert letters(found.tier) == "ggyyo"  # the floor lifts to yellow; orange waits for its three days


def test_a_floor_that_the_score_alone_reaches_is_still_at_once():
    by_score_too = publish(ranks("ggr"), ranks("..o"), rule(up=3))
    assert letters(by_score_too.tier) == "ggo"


def counters(computed, chosen):
    history = ranks(computed)
    found = publish(history, no_floors(history), chosen)
    held, needed, to_go = (getattr(found, name)[:, 0].tolist() for name in FIELDS[4:])
    return letters(found.waiting_for), held, needed, to_go


def test_the_counter_of_a_rise_counts_its_days():
    assert counters("gyyyy", rule(up=3)) == ("gyyyy", [0, 1, 2, 0, 0], [0, 3, 3, 0, 0], [-1, 2, 1, -1, -1])


def test_the_counter_of_a_fall_includes_the_stay():
    waiting, held, needed, to_go = counters("gogggggg", rule(down=2, stay=5))
    assert waiting == "gogggggg"
    assert held == [0, 0, 1, 2, 3, 4, 0, 0]
    assert needed == [0, 0, 5, 5, 5, 5, 0, 0]
    assert to_go == [-1, -1, 4, 3, 2, 1, -1, -1]


def test_the_counter_of_each_step_down_begins_anew():
    waiting, held, needed, to_go = counters("rgggggg", rule(down=3, one_step=True))
    assert waiting == "rooyyyb"  # published: r r r o o o y
    assert held == [0, 1, 2, 0, 1, 2, 0]
    assert needed == [0, 3, 3, 3, 3, 3, 3]
    assert to_go == [-1, 2, 1, 3, 2, 1, 3]


def test_nothing_is_waited_for_while_unknown():
    assert counters("gy.", rule(up=3)) == ("gy.", [0, 1, 0], [0, 3, 0], [-1, 2, -1])


def test_a_rise_waits_for_the_tier_that_comes_first():
    assert counters("gbbo", rule(up=4))[0] == "gbbb"
    assert counters("gooo", rule(up=4))[0] == "gooo"


def test_a_fall_waits_for_the_highest_tier_that_still_has_its_stay():
    assert counters("ryggg", rule(stay=4))[0] == "ryyyg"  # published: r r r r y


rules = st.builds(
    rule,
    up=st.integers(1, 5),
    at_once=st.one_of(st.none(), st.integers(1, 4)),
    down=st.integers(1, 5),
    stay=st.integers(1, 7),
    one_step=st.booleans(),
)


@st.composite
def histories(draw, areas=3, unknown=True):
    """Computed ranks and the ranks that floors demand, (days, areas), in runs as real histories have them."""
    days = draw(st.integers(1, 30))
    columns = []
    for _ in range(areas):
        runs = draw(
            st.lists(
                st.tuples(st.integers(-1 if unknown else 0, 4), st.integers(1, 6)), min_size=days, max_size=days
            )  # as many runs as days: enough, whatever their lengths
        )
        columns.append(np.repeat([rank for rank, _ in runs], [length for _, length in runs])[:days])
    computed = np.stack(columns, axis=1).astype(np.int8)
    demanded = draw(st.lists(st.integers(-8, 4), min_size=computed.size, max_size=computed.size))
    return computed, np.minimum(np.maximum(np.reshape(demanded, computed.shape), -1), computed).astype(np.int8)


def worse(draw, computed, floors, days):
    """The same history, on some of ``days`` with higher ranks or a floor; what is unknown stays so."""
    size = computed[days].size
    more = np.reshape(draw(st.lists(st.integers(0, 3), min_size=size, max_size=size)), computed[days].shape)
    demanded = np.reshape(draw(st.lists(st.integers(-9, 4), min_size=size, max_size=size)), computed[days].shape)
    known = computed >= 0
    harder, floored = computed.copy(), floors.copy()
    floored[days] = np.maximum(floors[days], demanded)
    harder[days] = np.minimum(np.maximum(computed[days] + more, floored[days]), 4)
    return np.where(known, harder, computed), np.where(known, floored, floors)


def assert_same(left, right):
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(left, name), getattr(right, name), err_msg=name)


@given(histories())
def test_no_stability_publishes_what_is_computed(history):
    found = publish(*history, AS_COMPUTED)
    np.testing.assert_array_equal(found.tier, history[0])
    np.testing.assert_array_equal(found.waiting_for, history[0])
    assert (found.next_change == NO_CHANGE).all()
    assert not found.days_needed.any()


@given(histories(), rules)
def test_unknown_is_published_exactly_where_it_is_computed(history, chosen):
    np.testing.assert_array_equal(publish(*history, chosen).tier < 0, history[0] < 0)


@given(histories(areas=1, unknown=False), rules)
@settings(max_examples=many(100))
def test_the_clocks_give_what_the_windows_of_the_docstring_give(history, chosen):
    computed, floors = (array[:, 0].tolist() for array in history)
    up, down, stay = chosen.confirm_up_days, chosen.confirm_down_days, chosen.minimum_stay_days
    tier, entry = [computed[0]], [computed[0]]
    for day in range(1, len(computed)):

        def last(length, values, day=day):
            return values[max(0, day - length + 1) : day + 1]

        entry.append(max(min(last(up, computed)), floors[day]))
        if chosen.at_once_when_tiers_up and computed[day] - tier[-1] >= chosen.at_once_when_tiers_up:
            entry[-1] = computed[day]
        terms = [max(last(stay, entry)), min(tier[-1], max(last(down, computed)))]
        if chosen.one_step_down:
            terms.append(max(last(max(stay, down) + 1, tier)) - 1)
        tier.append(max(terms))
    assert publish(*history, chosen).tier[:, 0].tolist() == tier


@given(st.data(), histories(), rules)
@settings(max_examples=many(100))
def test_worse_on_any_days_never_lowers_a_tier_on_any_day(data, history, chosen):
    steady = chosen.model_copy(update={"at_once_when_tiers_up": None})
    harder = worse(data.draw, *history, slice(None))
    assert (publish(*harder, steady).tier >= publish(*history, steady).tier).all()


@given(st.data(), histories(), rules)
@settings(max_examples=many(100))
def test_a_worse_today_after_the_same_past_never_lowers_a_tier(data, history, chosen):
    harder = worse(data.draw, *history, slice(-1, None))
    before, after = publish(*history, chosen).tier, publish(*harder, chosen).tier
    np.testing.assert_array_equal(after[:-1], before[:-1])
    assert (after[-1] >= before[-1]).all()


@given(histories(), rules)
@settings(max_examples=many(25))
def test_a_longer_history_gives_the_same_past(history, chosen):
    whole = publish(*history, chosen)
    for days in range(1, len(history[0])):
        until = publish(*(array[:days] for array in history), chosen)
        for name in FIELDS:
            np.testing.assert_array_equal(getattr(until, name), getattr(whole, name)[:days], err_msg=name)


@given(histories(), rules)
@settings(max_examples=many(80))
def test_the_next_change_comes_when_and_whither_it_is_foretold(history, chosen):
    computed, floors = history
    told = publish(computed, floors, chosen)
    longer = [np.vstack([array, np.repeat(array[-1:], 40, axis=0)]) for array in history]
    ahead = publish(*longer, chosen).tier[len(computed) - 1 :]
    for area in range(computed.shape[1]):
        changes = np.flatnonzero(ahead[:, area] != ahead[0, area])
        when, whither = (changes[0], ahead[changes[0], area]) if len(changes) else (NO_CHANGE, ahead[0, area])
        assert told.next_change[-1, area] == when
        assert told.waiting_for[-1, area] == whither


@given(histories(), rules)
def test_the_counter_is_the_days_held_and_those_to_go(history, chosen):
    found = publish(*history, chosen)
    waits = found.next_change != NO_CHANGE
    assert (found.days_held[waits] + found.next_change[waits] == found.days_needed[waits]).all()
    assert (found.next_change[waits] >= 1).all()
    assert not found.days_held[~waits].any()
    assert not found.days_needed[~waits].any()
    np.testing.assert_array_equal(found.waiting_for != found.tier, waits)


@given(histories(), rules, st.permutations(range(3)))
def test_an_area_knows_nothing_of_the_others(history, chosen, order):
    together = publish(*history, chosen)
    shuffled = publish(*(array[:, order] for array in history), chosen)
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(shuffled, name), getattr(together, name)[:, order], err_msg=name)
    for area in range(3):
        alone = publish(*(array[:, [area]] for array in history), chosen)
        for name in FIELDS:
            np.testing.assert_array_equal(getattr(alone, name)[:, 0], getattr(together, name)[:, area], err_msg=name)


@given(histories(), rules)
def test_the_history_given_is_left_as_it_was(history, chosen):
    before = [array.copy() for array in history]
    assert_same(publish(*history, chosen), publish(*history, chosen))
    for array, was in zip(history, before, strict=True):
        np.testing.assert_array_equal(array, was)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_no_day_and_no_area_are_no_trouble(shape):
    empty = np.empty(shape, dtype=np.int8)
    found = publish(empty, empty, rule(up=3, down=3, stay=3, one_step=True))
    assert {getattr(found, name).shape for name in FIELDS} == {shape}


def test_the_longest_waits_of_a_rule_end_after_a_decade_of_clocks():
    longest = rule(up=366, down=366, stay=366, one_step=True)
    history = ranks("g" * 3000 + "r" * 366 + "g" * (4 * 366 + 1))
    tier = publish(history, no_floors(history), longest).tier[3000:, 0]
    assert np.flatnonzero(np.diff(tier)).tolist() == [364, 730, 1096, 1462, 1828]
    assert tier[[364, 365, 731, 1097, 1463, 1829]].tolist() == [0, 4, 3, 2, 1, 0]


def test_5000_areas_for_a_year_are_as_each_alone():
    random = np.random.default_rng(1)
    weekly = random.integers(-1, 5, (53, 5000)).astype(np.int8)
    computed = np.repeat(weekly, 7, axis=0)[:365]
    chosen = rule(up=14, at_once=2, down=14, stay=21, one_step=True)
    found = publish(computed, no_floors(computed), chosen)
    assert found.tier.shape == (365, 5000)
    assert [getattr(found, name).dtype for name in FIELDS] == [
        *(np.int8, np.int16, np.int16, np.int8, np.int16, np.int16, np.int16),
    ]
    for area in (0, 2499, 4999):
        alone = publish(computed[:, [area]], no_floors(computed[:, [area]]), chosen)
        np.testing.assert_array_equal(alone.tier[:, 0], found.tier[:, area])

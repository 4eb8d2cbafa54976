"""A day without a computed tier: what is carried on, for how long, and what silence takes back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.scoring.stability import AS_COMPUTED, NO_CHANGE, Carrying, publish
from tests.long.sizes import many
from tests.scoring.test_stability import FIELDS, histories, letters, no_floors, ranks, rule, rules
from tests.wording.second_stability import published as second_way


def carrying(computed, days, least=None, limited=True, back=()):
    """What is known of one area's days, written as letters: unless said otherwise nothing, and every day counts."""
    least = ranks(least) if least else np.maximum(ranks(computed), 0)
    reach = np.zeros(least.shape, np.int16)
    reach[len(computed) - len(back) :, 0] = back
    return Carrying(least, np.full(least.shape, limited), reach, days)


def told(computed, chosen, **known):
    history = ranks(computed)
    return publish(history, no_floors(history), chosen, carrying(computed, **known))


@pytest.mark.parametrize(
    ("chosen", "computed", "known", "published"),
    [
        pytest.param(rule(), "r...g", {"days": 3}, "rrrrg", id="the_last_tier_is_carried"),
        pytest.param(rule(), "r....", {"days": 3}, "rrrr.", id="for_so_many_days"),
        pytest.param(rule(), "r..", {"days": 0}, "r..", id="or_for_none"),
        pytest.param(rule(), "r....", {"days": 2, "limited": False}, "rrrrr", id="without_end_where_not_limited"),
        pytest.param(rule(), "..y.", {"days": 3}, "..yy", id="without_an_earlier_one_there_is_none"),
        pytest.param(rule(down=3), "r....gg", {"days": 3}, "rrrr.gg", id="what_comes_then_begins_anew"),
        pytest.param(rule(down=3), "r...ggg", {"days": 3}, "rrrrrrg", id="a_carried_day_is_no_evidence_for_a_fall"),
        pytest.param(rule(up=3), "gyy.y", {"days": 3}, "ggggg", id="nor_for_a_rise"),
        pytest.param(rule(stay=3), "o.gggg", {"days": 3}, "oooogg", id="it_is_a_day_of_that_tier"),
        pytest.param(rule(up=2), "g...", {"days": 3, "least": "gyyy"}, "ggyy", id="it_rises_to_what_is_sure"),
        pytest.param(rule(), "r..", {"days": 3, "least": "rbb"}, "rrr", id="and_never_falls_to_it"),
        pytest.param(rule(), "rg.", {"days": 3, "back": [1]}, "rgg", id="a_fall_before_the_silence_stands"),
        pytest.param(rule(), "rg.", {"days": 3, "back": [2]}, "rgr", id="one_within_it_is_taken_back"),
        pytest.param(rule(), "ryg..", {"days": 9, "back": [0, 3]}, "ryggy", id="also_where_that_is_known_later"),
        pytest.param(rule(), "ry.", {"days": 3, "back": [4]}, "ry.", id="the_wait_counts_from_the_last_record"),
        pytest.param(rule(), "rg..g", {"days": 3, "back": [2, 3, 0]}, "rgrrg", id="till_it_is_known_again"),
    ],
)  # fmt: skip
def test_a_clause_of_what_is_carried(chosen, computed, known, published):
    assert letters(told(computed, chosen, **known).tier) == published


def test_the_counters_of_a_carried_tier():
    found = told("ggg..g.", rule(), days=4, back=[2, 3, 0, 1])
    assert found.carried[:, 0].tolist() == [0, 0, 0, 2, 3, 0, 1]
    assert found.carry_left[:, 0].tolist() == [*[NO_CHANGE] * 3, 2, 1, NO_CHANGE, 3]
    assert (told("g..", rule(), days=4, limited=False).carry_left == NO_CHANGE).all()


@st.composite
def carried_histories(draw, reaching_back=True):
    """A history with days of which nothing is computed, and what is known of those."""
    computed, floors = draw(histories())
    size = computed.size

    def cells(strategy):
        return np.reshape(draw(st.lists(strategy, min_size=size, max_size=size)), computed.shape)

    unknown = computed < 0
    least = np.where(unknown, cells(st.integers(0, 4)), computed).astype(np.int8)
    limited = cells(st.sampled_from([True, True, True, False]))
    back = np.where(unknown, cells(st.sampled_from([0, 0, 0, 1, 2, 5])), 0) if reaching_back else 0 * computed
    return computed, floors, Carrying(least, limited, back.astype(np.int16), draw(st.integers(0, 6)))


def of(history, chosen, length=None):
    computed, floors, known = history
    parts = (getattr(known, name)[:length] for name in ("least", "limited", "back"))
    return publish(computed[:length], floors[:length], chosen, Carrying(*parts, known.days))


@given(carried_histories(), rules)
@settings(max_examples=many(80))
def test_what_is_carried_never_falls_and_ends_only_in_nothing(history, chosen):
    tier, unknown = of(history, chosen).tier, history[0] < 0
    fell = unknown[1:] & (tier[1:] < tier[:-1]) & (tier[1:] >= 0)
    assert not fell.any()
    # Once nothing is known, nothing is carried until a tier is computed.
    assert not (unknown[1:] & (tier[:-1] < 0) & (tier[1:] >= 0)).any()


@given(carried_histories(), rules)
@settings(max_examples=many(80))
def test_carried_days_are_those_without_a_computed_tier(history, chosen):
    found, unknown = of(history, chosen), history[0] < 0
    np.testing.assert_array_equal(found.carried > 0, unknown & (found.tier >= 0))
    assert (found.carry_left[found.carried == 0] == NO_CHANGE).all()
    assert (found.carry_left[~history[2].limited] == NO_CHANGE).all()
    assert (found.carry_left <= history[2].days).all()
    assert (found.tier[~unknown] >= 0).all()


@given(carried_histories(reaching_back=False), rules)
@settings(max_examples=many(80))
def test_the_wait_is_so_many_limited_days(history, chosen):
    (computed, _, known), tier = history, of(history, chosen).tier
    for area in range(computed.shape[1]):
        waited, seen = 0, False
        for day in range(len(computed)):
            if computed[day, area] >= 0:
                waited, seen = 0, True
                continue
            waited += int(known.limited[day, area])
            seen &= waited <= known.days
            assert (tier[day, area] >= 0) == seen


@given(carried_histories(), rules)
@settings(max_examples=many(80))
def test_it_rises_to_what_is_surely_so_after_the_days_that_confirm_it(history, chosen):
    (computed, _, known), tier = history, of(history, chosen).tier
    surely = np.where(computed < 0, known.least, computed)
    wait = chosen.confirm_up_days
    for day in range(wait - 1, len(computed)):
        whole = (tier[day - wait + 1 : day + 1] >= 0).all(axis=0)
        confirmed = surely[day - wait + 1 : day + 1].min(axis=0)
        assert (tier[day][whole] >= confirmed[whole]).all()


@given(carried_histories(), rules)
@settings(max_examples=many(80))
def test_what_fell_since_the_last_record_is_taken_back(history, chosen):
    known, found = history[2], of(history, chosen)
    for day, area in np.argwhere((found.carried > 0) & (known.back > 0)):
        back = int(known.back[day, area])
        since = found.tier[max(0, day - back) : day, area]
        ended = np.flatnonzero(since < 0)  # what was before a day of nothing is another story
        assert found.tier[day, area] >= max(since[ended[-1] + 1 if len(ended) else 0 :], default=-1)
        assert found.carried[day, area] >= back


@given(carried_histories(), rules)
@settings(max_examples=many(25))
def test_a_longer_history_gives_the_same_past(history, chosen):
    whole = of(history, chosen)
    for length in range(1, len(history[0])):
        until = of(history, chosen, length)
        for name in FIELDS:
            np.testing.assert_array_equal(getattr(until, name), getattr(whole, name)[:length], err_msg=name)


@given(st.data(), carried_histories(), rules)
@settings(max_examples=many(60))
def test_where_more_is_surely_so_no_tier_is_lower(data, history, chosen):
    computed, floors, known = history
    size = computed.size
    more = np.reshape(data.draw(st.lists(st.integers(0, 2), min_size=size, max_size=size)), computed.shape)
    least = np.where(computed < 0, np.minimum(known.least + more, 4), known.least).astype(np.int8)
    steady = chosen.model_copy(update={"at_once_when_tiers_up": None})
    harder = computed, floors, Carrying(least, known.limited, known.back, known.days)
    assert (of(harder, steady).tier >= of(history, steady).tier).all()


@given(carried_histories())
def test_without_stability_it_is_carried_all_the_same(history):
    tier = of(history, AS_COMPUTED).tier
    known = history[0] >= 0
    np.testing.assert_array_equal(tier[known], history[0][known])


@given(carried_histories(), rules)
@settings(max_examples=many(100))
def test_a_second_reckoning_publishes_the_same(history, chosen):
    computed, floors, known = history
    found = of(history, chosen)
    second = second_way(computed.astype(int), floors.astype(int), chosen, known, ())
    for name, other in (("tier", "tier"), ("carried", "carried"), ("carry_left", "left")):
        np.testing.assert_array_equal(getattr(found, name), getattr(second, other), err_msg=name)

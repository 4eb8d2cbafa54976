"""What a briefing says is what its release and bulletin say."""

import numpy as np
import pytest

from analytics import tiers
from analytics.briefing.font import require_signs
from analytics.errors import BriefingError
from analytics.words import LANGUAGES


@pytest.mark.parametrize("lang", LANGUAGES)
def test_counts_areas_moves_and_weeks_are_one_number(second, lang):
    told = second[lang]
    counts = {count.tier: count.count for count in told.counts}
    assert tuple(counts) == tiers.SHOWN
    assert {tier: sum(area.tier == tier for area in told.areas) for tier in tiers.SHOWN} == counts
    assert {tier: sum(area.before == tier for area in told.areas) for tier in tiers.SHOWN} == {
        count.tier: count.before for count in told.counts
    }
    assert told.weeks[-1].counts == counts
    moved = {(area.before, area.tier, area.area_id) for area in told.areas if area.before != area.tier}
    assert moved == {(move.before, move.after, area_id) for move in told.moves for area_id in move.area_ids}


def test_areas_come_in_the_order_of_their_work_and_those_without_a_tier_last(second):
    areas = second["zh"].areas
    ranks = [tiers.RANK[area.tier] for area in areas]
    assert ranks == sorted(ranks, reverse=True)
    assert [area.rank for area in areas] == list(range(1, len(areas) + 1))
    assert second["zh"].focus == areas[:5]


def test_the_first_release_is_held_against_nothing(first):
    for lang in LANGUAGES:
        told = first[lang]
        assert told.moves == ()
        assert all(count.before is None for count in told.counts)
        assert all(area.before is None and area.change == "" for area in told.areas)
        assert [card.change for card in told.cards[:3]] == [None, None, None]


def test_a_draft_proves_nothing_and_says_what_it_is(office):
    draft = office.briefing("D1", "zh")
    assert (draft.number, draft.code) == (None, "—")
    assert "草稿" in draft.period


def test_both_languages_say_the_same_figures(second):
    zh, en = second["zh"], second["en"]
    for one, other in zip(zh.areas, en.areas, strict=True):
        assert (one.area_id, one.tier, one.score) == (other.area_id, other.tier, other.score)
        assert {one.change, other.change} == {"持平", "no change"} or one.change == other.change
    assert [card.value for card in zh.cards] == [card.value for card in en.cards]
    np.testing.assert_array_equal(zh.weekly.to_numpy(), en.weekly.to_numpy())


def test_the_whole_that_the_areas_lie_in_is_named(second):
    assert second["zh"].place == "示例街道"


def test_a_sign_that_the_font_cannot_write_is_named_and_no_other():
    with pytest.raises(BriefingError) as raised:
        require_signs(["好", "𰻝𰻝面"])
    assert "𰻝" in raised.value.text("zh")
    assert "好" not in raised.value.text("zh")

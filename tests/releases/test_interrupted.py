"""Releases while a feed is silent: the bulletin says so, is counted twice, and calls nothing better."""

from dataclasses import replace

import numpy as np
import pytest

from analytics import tiers
from analytics.releases.bulletin import bulletin
from analytics.releases.checker import check
from analytics.releases.compare import compare
from analytics.releases.noise_floor import noise_floor
from analytics.releases.publishing import entry_of, predecessor, report
from analytics.scoring.summary import carried_areas
from analytics.words import LANGUAGES
from tests.interrupted import interrupted
from tests.office import office

__all__ = ["office"]

LIGHTER = {"zh": ("下调", "下调为"), "en": ("lighter", "Lowered from")}


@pytest.fixture(scope="module")
def pair(office):
    """Two releases a week apart."""
    entry = entry_of(office.ledger, 2)
    told = report(office.home, office.ledger, predecessor(office.ledger, entry), entry)
    return told.before, told.after


def stopped(pair, seed, *, before=False, after=True, lower=0):
    """The two releases with data interrupted before, after, or both."""
    first, second = pair
    if before:
        first = replace(first, assessment=interrupted(first.assessment, seed, 0.6))
    if after:
        second = replace(second, assessment=interrupted(second.assessment, seed + 1, 0.6, lower))
    return first, second


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("where", [(True, False), (False, True), (True, True)])
def test_a_bulletin_with_carried_tiers_is_checked_and_calls_no_such_change_lighter(pair, seed, where):
    before, after = stopped(pair, seed, before=where[0], after=where[1], lower=2)
    comparison = compare(before, after)
    told = bulletin(before, after, comparison, None)
    check(told, before, after, None)
    carried = {area for one in (before, after) for area in one.assessment.areas.index[carried_areas(one.assessment)]}
    names = {area: str(after.assessment.areas["name"][area]) for area in carried}
    assert carried
    for change in comparison.changes:
        if change.area_id in carried:
            assert change.raised is not False
    for lang in LANGUAGES:
        for sentences in told.sections.values():
            for item in sentences:
                text = item.text(lang)
                if any(word in text for word in LIGHTER[lang]) and "：" in text:
                    said = text.partition("：")[2]
                    assert not any(f"{name}、" in f"{said}、".replace("。", "") for name in names.values())
    if where[1]:
        assert any("沿用" in item.text("zh") for item in told.sections["overall"])
        assert any("门诊" in item.text("zh") for item in told.sections["overall"])


@pytest.mark.parametrize("seed", range(4))
def test_the_share_of_red_and_orange_is_not_held_against_a_day_without_interruption_when_it_fell(pair, seed):
    before, after = stopped(pair, seed, lower=3)
    told = bulletin(before, after, compare(before, after), None)
    assert not any("下降" in item.text("zh") for item in told.sections["overall"])


def test_without_interruption_the_words_are_as_ever(pair):
    before, after = pair
    told = bulletin(before, after, compare(before, after), None)
    check(told, before, after, None)
    assert not any("沿用" in item.text("zh") for some in told.sections.values() for item in some)
    assert any("下调" in item.text("zh") for item in told.sections["moves"])


def test_what_could_not_be_computed_is_no_change_by_chance(pair):
    before, after = stopped(pair, 5)
    everything = replace(after, assessment=replace(
        after.assessment, computed=np.full_like(after.assessment.computed, tiers.UNKNOWN_RANK)
    ))  # fmt: skip
    assert noise_floor(before, everything, {}, {}, 1) is None

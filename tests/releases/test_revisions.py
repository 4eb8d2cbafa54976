"""What changes later of days that were released is a revision of those days, and never this week's change."""

from datetime import timedelta

import numpy as np
import pytest

from analytics.releases.bulletin import as_text
from analytics.releases.publishing import ReleaseInput, entry_of, predecessor, report
from analytics.releases.revision import revision_of
from analytics.scoring import area_counts_for
from analytics.store import Counts
from analytics.store.words import PLAIN, Vocabulary
from analytics.words import say
from tests.long.sizes import seeds
from tests.releases.frozen import KEEPER
from tests.releases.small_office import DAY, Office
from tests.scoring.small_world import incident, indicator, records, scheme, three_areas

COUNTED = scheme([indicator(window_days=28)])
WORD = "甪曱症"


def rows(random, mean):
    """Fevers of the fortnight before the day of the first release, and a call every day after it."""
    return [
        incident(f"{area}{at}-{n}", area, f"{DAY - timedelta(days=at)}")
        for area in "ABC"
        for at in range(1, 15)
        for n in range(random.poisson(mean))
    ] + [incident(f"N{at}", "B", f"{DAY - timedelta(days=30 - at)}", "noise") for at in range(40)]


def late(random, whole):
    """A feed comes back: some records came only after the release."""
    return [row for row in whole if row["category"] == "noise" or random.random() < 0.5], whole, Vocabulary()


def taken_back(random, whole):
    """Records are corrected away."""
    less, _, plain = late(random, whole)
    return whole, less, plain


def word_mapped(random, whole):
    """A word that nobody knew is mapped to a kind that counts."""
    written = [
        row | {"category": WORD} if row["category"] == "fever" and random.random() < 0.5 else row for row in whole
    ]
    return written, written, Vocabulary({"incidents": {"category": {WORD: "fever"}}})


def counted(held, vocabulary=PLAIN):
    made = records(areas=three_areas(), incidents=held)
    return area_counts_for(Counts.of_records(made, vocabulary=vocabulary), COUNTED)


@pytest.mark.parametrize("what", [late, taken_back, word_mapped])
def test_what_changes_later_is_a_revision_and_no_change_of_the_week(tmp_path, what):
    seen = 0
    for seed in seeds(3):
        random = np.random.default_rng([19, seed])
        before, after, vocabulary = what(random, rows(random, 0.4))
        office, later = Office(tmp_path / f"{seed}"), DAY + timedelta(days=1)
        office.home.mkdir()
        for facts, day in ((counted(before), DAY), (counted(after, vocabulary), later)):
            office.publish(ReleaseInput(facts, COUNTED, day, day))
        told = office.report(1, 2)
        # Nothing happened between the two days.
        assert {change.cause for change in told.comparison.changes} <= {"revision"}
        seen += len(told.comparison.changes)
    assert seen


@pytest.mark.parametrize("what", [late, taken_back, word_mapped])
def test_a_revision_is_one_whichever_release_it_is_held_against(tmp_path, what):
    """Whether others were published between, were withdrawn since, or waited as drafts while it was made."""
    seen = 0
    for seed in seeds(3):
        random = np.random.default_rng([15, seed])
        before, after, vocabulary = what(random, rows(random, 0.4))
        office = Office(tmp_path / f"{seed}")
        office.home.mkdir()
        counts = [counted(before), counted(after, vocabulary)]
        days = [DAY + timedelta(days=at) for at in range(4)]
        for at, day in enumerate(days):
            office.publish(ReleaseInput(counts[at == 3], COUNTED, DAY, day), publish=at != 1)
        told = [office.report(number, 3) for number in (1, 2, "D1")]
        office.ledger.withdraw_release(KEEPER, 2, "有误")
        newest = entry_of(office.ledger, 3)
        told.append(report(office.home, office.ledger, predecessor(office.ledger, newest), newest))
        for one in told:
            assert {change.cause for change in one.comparison.changes} <= {"revision"}
            assert ("修订" in as_text(one.bulletin, "zh")) == (revision_of(one.before, one.after) is not None)
            seen += len(one.comparison.changes)
        assert told[-1].before.day == DAY
    assert seen


DAILY = scheme([indicator(window_days=1)])


def town(first, second):
    """Fevers in C that give these tiers on the first day and the one after it."""
    held = [
        incident(f"{at}-{n}", "C", f"{DAY + timedelta(days=at)}")
        for at, rank in enumerate((first, second))
        for n in range(2 * rank)
    ]
    noise = [incident(f"N{at}", "B", f"{DAY - timedelta(days=30 - at)}", "noise") for at in range(40)]
    noise.append(incident("old", "A", f"{DAY - timedelta(days=9)}"))
    return area_counts_for(Counts.of_records(records(areas=three_areas(), incidents=[*held, *noise])), DAILY)


def test_what_was_corrected_and_changed_again_is_told_as_both_and_by_its_own_way(tmp_path):
    """The tier is held against the corrected one: red, corrected to green and now blue, is heavier."""
    ranked = ("green", "blue", "yellow", "orange", "red")
    for was, right, now in ((4, 3, 2), (4, 0, 1), (1, 3, 2), (2, 1, 4), (0, 3, 1)):
        office = Office(tmp_path / f"{was}{right}{now}")
        office.home.mkdir()
        office.publish(ReleaseInput(town(was, 0), DAILY, DAY, DAY))
        office.publish(ReleaseInput(town(right, now), DAILY, DAY, DAY + timedelta(days=1)))
        told = office.report(1, 2)
        (change,) = told.comparison.changes
        assert (change.before, change.after) == (ranked[was], ranked[now])
        assert (change.held_against, change.cause) == (ranked[right], "several")
        assert change.raised == (now > right)
        assert change.detail.key == "compare.revised_and_changed"
        words = {tier: say("zh", f"bulletin.tier_{tier}") for tier in ranked}
        text = as_text(told.bulletin, "zh")
        assert f"由{words[ranked[was]]}更正为{words[ranked[right]]}" in text
        assert f"由{words[ranked[right]]}{'上调' if now > right else '下调'}为{words[ranked[now]]}" in text
        assert f"由{words[ranked[was]]}下调为" not in text
        assert "数据变化1个" not in text

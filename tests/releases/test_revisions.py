"""What changes later of days that were released is a revision of those days, and never this week's change."""

from datetime import timedelta

import numpy as np
import pytest

from analytics.releases.publishing import ReleaseInput
from analytics.scoring import area_counts_for
from analytics.store import Counts
from analytics.store.words import Vocabulary
from tests.long.sizes import seeds
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


@pytest.mark.parametrize("what", [late, taken_back, word_mapped])
def test_what_changes_later_is_a_revision_and_no_change_of_the_week(tmp_path, what):
    seen = 0
    for seed in seeds(3):
        random = np.random.default_rng([19, seed])
        before, after, vocabulary = what(random, rows(random, 0.4))
        office, later = Office(tmp_path / f"{seed}"), DAY + timedelta(days=1)
        office.home.mkdir()
        for held, words, day in ((before, Vocabulary(), DAY), (after, vocabulary, later)):
            counts = Counts.of_records(records(areas=three_areas(), incidents=held), vocabulary=words)
            office.publish(ReleaseInput(area_counts_for(counts, COUNTED), COUNTED, day, day))
        told = office.report(1, 2)
        # Nothing happened between the two days.
        assert {change.cause for change in told.comparison.changes} <= {"revision"}
        seen += len(told.comparison.changes)
    assert seen

"""What "what changed" is held against: the last release, last week, any release; and that figures say which it was."""

from datetime import timedelta

import pandas as pd
import pytest

from analytics.scoring.summary import shown_tiers
from analytics.workspace import published, runs, schemes
from analytics.workspace.baselines import baseline_choices, baseline_for, pair_against
from tests.pages.visits import demo, made


@pytest.fixture
def there():
    """Three releases of the demo street, a week apart, the newest first."""
    made(2, 1, 0)
    ws, data = demo()
    scheme = schemes.scheme_for(ws, data, "epidemic")[0]
    return ws, data, scheme, published.releases(ws, data, scheme.id)


def test_a_release_is_held_against_the_one_before_it_its_own_week_before_or_any_other(there):
    ws, data, scheme, (newest, middle, oldest) = there
    run = published.run_of(ws, data, newest)[0]
    for wanted, way, entry in (
        (None, "previous", middle), ("previous", "previous", middle), ("week", "week", None),
        (oldest.name, "release", oldest), (newest.name, "previous", middle), ("nothing", "previous", middle),
    ):  # fmt: skip
        baseline, said = baseline_for(ws, data, scheme, newest, newest.day, wanted)
        assert (baseline.way, baseline.entry) == (way, entry)
        assert (said is not None) == (wanted in (newest.name, "nothing"))
        pair = pair_against(ws, data, scheme, newest, newest.day, baseline)
        assert (shown_tiers(pair) == shown_tiers(run)).all()
        then = published.run_of(ws, data, entry)[0] if entry else run.on(newest.day - timedelta(weeks=1))
        assert (pair.shown[0] == then.shown[-1]).all()
        assert pair.days[0] == pd.Timestamp(baseline.day)


def test_nothing_is_held_against_what_came_later(there):
    ws, data, scheme, (newest, middle, oldest) = there
    assert baseline_choices(ws, data, scheme, middle, middle.day) == (oldest,)
    assert baseline_choices(ws, data, scheme, None, newest.day) == (newest, middle, oldest)
    assert baseline_choices(ws, data, scheme, None, middle.day) == (middle, oldest)
    first, _ = baseline_for(ws, data, scheme, oldest, oldest.day, None)
    assert (first.way, first.day) == ("week", oldest.day - timedelta(weeks=1))


def test_the_live_run_is_held_against_its_own_week_unless_a_release_is_asked_for(there):
    ws, data, scheme, (newest, *_) = there
    day = newest.day - timedelta(days=3)
    baseline, _ = baseline_for(ws, data, scheme, None, day, None)
    assert (baseline.way, baseline.day, baseline.entry) == ("week", day - timedelta(weeks=1), None)
    pair = pair_against(ws, data, scheme, None, day, baseline)
    assert (pair.shown == runs.assessed(ws, data, scheme, [baseline.day, day]).shown).all()
    previous, _ = baseline_for(ws, data, scheme, None, newest.day, "previous")
    assert previous.entry == newest
    assert (pair_against(ws, data, scheme, None, newest.day, previous).shown[0] ==
            published.run_of(ws, data, newest)[0].shown[-1]).all()  # fmt: skip

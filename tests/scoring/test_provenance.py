"""What made a tier, as one value: two are compared field by field, and what is not on record is no difference."""

from dataclasses import fields, replace
from datetime import date

import pytest

from analytics.scoring.provenance import METHOD_VERSION, FigureSettings, Provenance
from tests.scoring.small_world import assessed, days, given, indicator, records, scheme, three_areas

USUAL = Provenance("a" * 64, "2:" + "b" * 64, 1, FigureSettings(10), date(2026, 2, 10))
OTHER = Provenance("c" * 64, "2:" + "d" * 64, 2, FigureSettings(30), date(2026, 2, 11))
NAMES = [field.name for field in fields(Provenance)]
NOTHING = {"records": None, "method": None, "settings": FigureSettings(None)}


@pytest.mark.parametrize("name", NAMES)
def test_each_field_that_differs_is_named_and_makes_another_digest(name):
    changed = replace(USUAL, **{name: getattr(OTHER, name)})
    assert USUAL.differing(changed) == changed.differing(USUAL) == {name}
    assert USUAL.unrecorded(changed) == frozenset()
    assert USUAL.digest() != changed.digest()
    assert changed.differing(OTHER) == set(NAMES) - {name}


@pytest.mark.parametrize("name", NOTHING)
def test_what_one_does_not_have_on_record_is_no_difference_but_is_named(name):
    changed = replace(OTHER, **{name: NOTHING[name]})
    assert USUAL.differing(changed) == changed.differing(USUAL) == set(NAMES) - {name}
    assert USUAL.unrecorded(changed) == changed.unrecorded(USUAL) == {name}
    assert changed.unrecorded(changed) == {name}
    assert changed.differing(changed) == frozenset()


def test_equal_ones_have_one_digest():
    assert replace(USUAL).digest() == USUAL.digest()
    assert len({replace(USUAL, **{name: getattr(OTHER, name)}).digest() for name in NAMES}) == len(NAMES)


@pytest.fixture
def world():
    return records(areas=three_areas(x=[10, 30, 50]))


def test_an_assessment_says_what_made_it(world):
    chosen = scheme([given("x")])
    found = assessed(world, chosen, days("2026-02-09", "2026-02-11")).provenance
    assert (found.scheme, found.method, found.day) == (chosen.digest(), METHOD_VERSION, date(2026, 2, 11))
    assert found.settings == FigureSettings(1) == FigureSettings.current()
    again = assessed(world, chosen, days("2026-02-09", "2026-02-11")).provenance
    assert found.differing(again) == found.unrecorded(again) == frozenset()
    other = assessed(records(areas=three_areas(x=[10, 30, 51])), chosen, days("2026-02-11")).provenance
    assert found.differing(other) == {"records"}
    another = assessed(world, scheme([given("x")], [indicator()]), days("2026-02-12")).provenance
    assert found.differing(another) == {"scheme", "day"}


def test_of_some_of_its_days_the_last_is_the_day(world):
    run = assessed(world, scheme([given("x")]), days("2026-02-09", "2026-02-11"))
    assert run.on(date(2026, 2, 9), date(2026, 2, 10)).provenance == replace(run.provenance, day=date(2026, 2, 10))
    assert run.on(*run.days).provenance == run.provenance
    assert run.of_areas(run.areas.index[:1]).provenance == run.provenance

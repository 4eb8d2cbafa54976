"""The causes of changes between releases that were published, each by its own way."""

import sys
from datetime import timedelta

import pytest

from analytics.access import Actor
from analytics.scoring import assess, decide
from analytics.scoring.points import points
from analytics.scoring.provenance import FigureSettings
from analytics.store.ledger_entries import OverrideEntry
from tests.releases.small_office import DAY, Office, material, world
from tests.scoring.small_world import indicator, scheme

NEXT = DAY + timedelta(days=1)
STEADY = {"confirm_up_days": 1, "confirm_down_days": 3, "minimum_stay_days": 1}
ASSESSING = sys.modules[assess.__module__]


@pytest.fixture
def office(home):
    return Office(home)


def decided(office, tier, last, area="C", scheme_id="made"):
    entry = OverrideEntry(
        number=0, scheme_id=scheme_id, area_id=area, tier=tier, reason="核实", who="", role="", starts=DAY,
        expires=last, at="", withdrawn=None,
    )  # fmt: skip
    return office.ledger.override(Actor("乙", "admin"), entry)


def test_new_records_are_a_revision_on_the_same_day_and_the_data_on_the_next(office):
    office.publish(material(world()))
    office.publish(material(world(c=5)))
    office.publish(material(world(c=5, later=2), day=NEXT))
    assert office.causes(1, 2) == {"C": ("blue", "yellow", "revision", "compare.revision")}
    assert office.causes(2, 3) == {"C": ("yellow", "orange", "data", "compare.new_records")}


def test_the_same_records_on_a_later_day_are_the_day(office):
    office.publish(material(world()))
    office.publish(material(world(), day=DAY + timedelta(days=8)))
    assert office.causes(1, 2) == {
        "A": ("yellow", "green", "day", "compare.another_day"),
        "C": ("blue", "green", "day", "compare.another_day"),
    }


def test_another_version_of_the_scheme_is_the_method(office):
    office.publish(material(world()))
    office.publish(material(world(), scheme([indicator()], version=2, tiers={"blue": 5, "yellow": 10, "orange": 60,
                                                                           "red": 80})))  # fmt: skip
    assert office.causes(1, 2) == {"C": ("blue", "yellow", "method", "compare.scheme_version")}


def test_another_version_of_the_program_is_the_method_and_with_other_records_one_of_several(office, monkeypatch):
    chosen = scheme([indicator()])
    office.publish(material(world(), chosen))
    monkeypatch.setattr(ASSESSING, "METHOD_VERSION", 99)
    monkeypatch.setattr(decide, "points_of", lambda values, item, *there: points(values, item, *there) / 2)
    office.publish(material(world(), chosen), confirmed=("again",))
    assert office.causes(1, 2) == {
        "A": ("yellow", "blue", "method", "compare.program"),
        "C": ("blue", "green", "method", "compare.program"),
    }
    office.publish(material(world(a=6, c=3), chosen))
    assert office.causes(1, 3)["C"] == ("blue", "green", "several", "compare.several")


def test_an_end_of_waiting_is_the_stability_rule(office):
    chosen = scheme([indicator(window_days=3)], stability=STEADY)
    for at in (0, 4):
        office.publish(material(world(last="2020-02-17"), chosen, day=DAY + timedelta(days=at), first=DAY))
    # By computation all was green on the first of the two days already; one tier goes with every three days.
    assert office.causes(1, 2) == {
        "A": ("yellow", "blue", "stability", "compare.held_steady"),
        "C": ("blue", "green", "stability", "compare.held_steady"),
    }


def test_a_decision_that_is_made_ends_or_says_what_is_published_is_the_decision(office):
    office.publish(material(world()))
    number = decided(office, "red", last=NEXT)
    office.publish(material(world()), confirmed=("again",))
    assert office.causes(1, 2) == {"C": ("blue", "red", "decision", "compare.overridden")}
    office.ledger.withdraw(Actor("乙", "admin"), number)
    office.publish(material(world()), confirmed=("again",))
    assert office.causes(2, 3) == {"C": ("red", "blue", "decision", "compare.override_ended")}
    decided(office, "yellow", last=NEXT)
    office.publish(material(world(c=5), day=NEXT))
    run = office.report(3, 4).after.assessment
    assert run.published[-1, 2] == run.shown[-1, 2]
    assert office.causes(3, 4) == {"C": ("blue", "yellow", "decision", "compare.overridden")}
    office.publish(material(world(c=5), day=NEXT + timedelta(days=1)))
    assert office.causes(4, 5) == {}, "it ended on its last day, and the tier is the same without it"


def test_records_and_a_setting_at_once_are_told_apart_by_nobody(office, monkeypatch):
    office.publish(material(world()))
    monkeypatch.setattr(FigureSettings, "current", classmethod(lambda cls: cls(30)))
    office.publish(material(world(c=5)))
    assert office.causes(1, 2) == {"C": ("blue", "yellow", "several", "compare.several")}
    assert "settings" in office.report(1, 2).comparison.changes[0].detail.text("en")

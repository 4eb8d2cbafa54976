"""A draft that waited is published only while nothing newer was published or decided since."""

from datetime import timedelta

import numpy as np
import pytest

from analytics.access import Actor
from analytics.errors import ReleaseError
from analytics.releases import Intent
from analytics.releases.publishing import publish_draft
from analytics.store.ledger_entries import OverrideEntry
from tests.long.sizes import seeds
from tests.releases.frozen import KEEPER
from tests.releases.small_office import DAY, FEVERS, Office, material, world
from tests.scoring.small_world import indicator, scheme

OTHER = scheme([indicator()], id="other")
LEADER = Actor("乙", "admin")


@pytest.fixture
def office(home):
    return Office(home)


def after(days):
    return DAY + timedelta(days=days)


def decided(office, first, last, tier="red", area="C"):
    entry = OverrideEntry(
        number=0, scheme_id=FEVERS.id, area_id=area, tier=tier, reason="督办", who="", role="", starts=first,
        expires=last, at="", withdrawn=None,
    )  # fmt: skip
    return office.ledger.override(LEADER, entry)


def published(office, draft):
    made = publish_draft(office.home, office.ledger, KEEPER, draft, Intent("发布", publish=True, confirmed={"again"}))
    return made.manifest.number


def refused(office, draft, key):
    before = office.ledger.audit()
    with pytest.raises(ReleaseError) as error:
        published(office, draft)
    (problem,) = error.value.problems
    assert problem.key == f"releases.{key}"
    assert problem.text("zh")
    assert problem.text("en")
    assert office.ledger.audit() == before
    return problem


@pytest.mark.parametrize(("days", "key"), [(1, "older_day"), (0, "draft_overtaken"), (-1, "draft_overtaken")])
def test_what_was_published_since_from_newer_records_is_not_followed_by_a_draft(office, days, key):
    office.publish(material(world(), day=after(-3)))
    draft = office.publish(material(world()), publish=False)
    other = office.publish(material(world(a=8), day=after(days)))
    refused(office, draft, key)
    office.ledger.withdraw_release(KEEPER, other.number, "有误")
    assert published(office, draft) == 3


def test_what_was_published_before_or_of_another_scheme_is_no_hindrance(office):
    office.publish(material(world(), day=after(-3)))
    draft = office.publish(material(world()), publish=False)
    office.publish(material(world(a=8), OTHER, day=after(5)))
    assert published(office, draft) == 3


def test_drafts_of_one_day_after_the_other_are_published_in_their_order(office):
    drafts = [office.publish(material(world(a=5 + at), day=after(at)), publish=False) for at in range(3)]
    assert published(office, drafts[0]) == 1
    assert published(office, drafts[2]) == 2
    refused(office, drafts[1], "older_day")


@pytest.mark.parametrize(("first", "last", "counts"), [(-1, 9, True), (0, 0, True), (1, 9, False), (-5, -1, False)])
def test_a_decision_that_is_in_force_on_the_day_of_a_draft_and_not_in_it_is_not_passed_over(
    office, first, last, counts
):
    draft = office.publish(material(world()), publish=False)
    number = decided(office, after(first), after(last))
    if counts:
        assert "C" in refused(office, draft, "draft_decided").text("zh")
        office.ledger.withdraw(LEADER, number)
    assert published(office, draft) == 1


def test_a_decision_that_was_taken_back_since_is_not_in_force_any_more(office):
    number = decided(office, DAY, after(9))
    draft, kept = (office.publish(material(world(), day=after(at)), publish=False) for at in (0, 1))
    assert published(office, draft) == 1
    office.ledger.withdraw(LEADER, number)
    refused(office, kept, "draft_decided")


def test_of_any_order_no_release_is_made_of_older_records_than_the_one_before_it(tmp_path):
    """``made``: when the records of what is published were taken, in the order of publishing."""
    for seed in seeds(4):
        random = np.random.default_rng([28, seed])
        office = Office(tmp_path / f"{seed}")
        office.home.mkdir()
        waiting, made = [], [(-1, DAY)]
        for step in range(8):
            day = after(int(random.integers(0, 4)))
            if random.random() < 0.5:
                waiting.append((step, day, office.publish(material(world(a=step), day=day), publish=False)))
                continue
            if waiting and random.random() < 0.7:
                when, day, draft = waiting.pop(int(random.integers(len(waiting))))
                try:
                    published(office, draft)
                except ReleaseError:
                    assert when < made[-1][0] or day < made[-1][1]
                    continue
            else:
                when = step
                try:
                    office.publish(material(world(a=step), day=day), confirmed=("again",))
                except ReleaseError:
                    assert day < made[-1][1]
                    continue
            made.append((when, day))
        assert made == sorted(made)
        assert [day for _, day in made] == sorted(day for _, day in made)

"""Two people publish in a workspace: which communities a draft has, who speaks for which, and what papers say."""

from dataclasses import replace

import pytest

from analytics.access import Actor
from analytics.errors import AccessError, LedgerError
from analytics.releases import Intent
from analytics.words import LANGUAGES, say
from analytics.workspace import briefings, ledgers, loads, published, settings, two_hands
from analytics.workspace.datasets import require_own
from analytics.workspace.two_hands import NextDraftStep
from tests.workspace.test_tasks import SCHEME, ws

AREAS = (
    "区域编码,名称,层级,上级,人口\nC1,东社区,社区,,\nC2,西社区,社区,,\nA1,东网格,网格,C1,900\nA2,西网格,网格,C2,800\n"
)

__all__ = ["ws"]


@pytest.fixture
def office(ws):
    settings.save_own_settings(ws, {"two_hands": "on"})
    return ws


@pytest.fixture
def with_communities(office):
    loads.load_file(office, loads.Incoming("areas", ("areas.csv", AREAS.encode("utf-8-sig"))))
    return office


def by(office, name, role, areas=None):
    return replace(office, actor=Actor(name, role, areas))


def drafted(office):
    return published.own_release(office, SCHEME, None, Intent("例会", publish=False))


def test_the_one_who_publishes_at_once_is_told_what_to_do(office):
    data = require_own(office)
    day = data.days(SCHEME)[1]
    for attempt in (
        lambda: published.own_release(office, SCHEME, None, Intent("例会", publish=True)),
        lambda: published.publish(office, data, SCHEME, day, "例会"),
        lambda: published.planned(office, data, SCHEME, day, publish=True),
    ):
        with pytest.raises(LedgerError, match="Save a draft"):
            attempt()
    assert published.planned(office, data, SCHEME, day, publish=False).numbers is None
    assert published.own_releases(office) == ()


def test_a_community_of_the_draft_checks_and_one_that_sees_some_areas_speaks_for_these(with_communities):
    draft = drafted(with_communities)
    (waits,) = two_hands.waiting(with_communities, None)
    assert dict(waits.communities) == {"C1": "东社区", "C2": "西社区"}
    assert waits.unchecked == ("东社区", "西社区")
    assert waits.spoken_for == (None, "C1", "C2")

    east = by(with_communities, "东", "leader", frozenset({"C1"}))
    (seen,) = two_hands.waiting(east, None)
    assert seen.spoken_for == ("C1",)
    assert [two_hands.may_take(east, seen, step) for step in ("check", "object", "approve")] == [True, True, False]
    two_hands.take_step(east, None, NextDraftStep(draft, "check", community="C1"))
    for other, said in (("C2", "Use one of: C1"), (None, "only for its own")):
        with pytest.raises(LedgerError, match=said):
            two_hands.take_step(east, None, NextDraftStep(draft, "check", community=other))
    with pytest.raises(LedgerError, match="only for its own"):
        two_hands.take_step(east, None, NextDraftStep(draft, "approve"))
    one_grid = by(with_communities, "格", "leader", frozenset({"A1"}))
    (little,) = two_hands.waiting(one_grid, None)
    assert (little.spoken_for, two_hands.may_take(one_grid, little, "check")) == ((), False)
    leader = by(with_communities, "领", "leader")
    with pytest.raises(LedgerError, match="no community"):
        two_hands.take_step(leader, None, NextDraftStep(draft, "check", community="C9"))
    two_hands.take_step(leader, None, NextDraftStep(draft, "object", text="2处隐患已整改", community="C2"))
    analyst = by(with_communities, "析", "analyst")
    two_hands.take_step(analyst, None, NextDraftStep(draft, "answer", text="已更正", objection=2))
    (waits,) = two_hands.waiting(with_communities, None)
    assert (waits.state, waits.unchecked) == ("checked", ())
    (seen,) = two_hands.waiting(east, None)
    assert [(one.step, one.community) for one in seen.steps] == [("check", "C1")]
    assert dict(seen.communities) == {"C1": "东社区"}


def test_an_objection_of_another_community_holds_a_draft_back_without_being_read(with_communities):
    draft = drafted(with_communities)
    leader = by(with_communities, "领", "leader")
    two_hands.take_step(leader, None, NextDraftStep(draft, "object", text="2处隐患已整改", community="C2"))
    east = by(with_communities, "东", "leader", frozenset({"C1"}))
    (seen,) = two_hands.waiting(east, None)
    assert (seen.state, seen.steps) == ("objected", ())
    two_hands.take_step(leader, None, NextDraftStep(draft, "object", text="另有1处", community=None))
    assert [one.text for one in two_hands.waiting(east, None)[0].steps] == ["另有1处"]


@pytest.mark.parametrize(
    ("role", "step", "may"),
    [
        ("leader", "check", True), ("analyst", "check", False), ("keeper", "object", False), ("admin", "check", False),
        ("leader", "approve", True), ("admin", "approve", True), ("keeper", "approve", False),
        ("analyst", "answer", True), ("leader", "answer", False), ("root", "check", False),
    ],
)  # fmt: skip
def test_which_step_is_wanted_decides_what_is_asked_for(office, role, step, may):
    wanted = NextDraftStep(replace(drafted(office), digest="0" * 64), step, text="已整改")
    for door in (two_hands.planned_step, two_hands.take_step):
        # Whoever may is told that the draft is another; whoever may not learns nothing of it.
        with pytest.raises(LedgerError if may else AccessError):
            door(by(office, "某", role), None, wanted)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_papers_say_the_roles_of_the_two_where_there_are_two_and_no_name(office, lang):
    draft = drafted(office)
    leader = by(office, "李某某", "leader")
    for step in ("check", "approve"):
        two_hands.take_step(leader, None, NextDraftStep(draft, step))
    keeper = by(office, "钱某某", "keeper")
    entry = published.publish_kept(keeper, require_own(keeper), draft)
    said = briefings.own_briefing(replace(office, lang=lang), entry, lang).small_print
    roles = {"drafted": say(lang, "access.role_local"), "approved": say(lang, "access.role_leader")}
    assert said[0] == say(lang, "two_hands.on_paper", by_two=say(lang, "two_hands.by_two", **roles))
    assert not any("某某" in line for line in said)
    settings.save_own_settings(office, {"two_hands": ""})
    other = published.own_release(office, SCHEME, None, Intent("例会", publish=True, confirmed=("again",)))
    assert not any(
        say(lang, "access.role_leader") in line for line in briefings.own_briefing(office, other, lang).small_print
    )
    assert ledgers.verify_audit(office) > 0


def test_a_draft_that_is_gone_is_said_to_be(office):
    draft = drafted(office)
    gone = replace(draft, draft=9)
    for door in (two_hands.planned_step, two_hands.take_step):
        with pytest.raises(LedgerError, match="D000009"):
            door(by(office, "领", "leader"), None, NextDraftStep(gone, "check"))

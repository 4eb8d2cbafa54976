"""What was asked of a home on its day is asked again from a shell, by the program of today."""

import json
import re

import pytest

from analytics.__main__ import main
from analytics.file_kinds import FORMATS, ending_of
from tests.upgrade.make_home import ASKED
from tests.upgrade.old_homes import NAMES, unpacked


@pytest.fixture(scope="module", params=NAMES)
def old(request, tmp_path_factory):
    return unpacked(request.param, tmp_path_factory.mktemp("old"))


@pytest.fixture
def said(old, capfd):
    def ask(*command):
        code = main([*command, "--home", str(old.folder)])
        told = capfd.readouterr()
        assert code == 0, told.err
        return told.out

    return ask


@pytest.mark.parametrize("name", ASKED)
def test_what_was_asked_is_answered(old, said, name):
    answer = said(*ASKED[name])
    then = old.answers.get(name, "")  # an older home was not asked what its program did not know
    if name.startswith("bulletin"):
        answer, then = (without_rises(text) for text in (answer, then))
    assert len(answer.splitlines()) >= len(then.splitlines())


def without_rises(bulletin):
    """A bulletin without which kinds of incident rose and fell most: it was told of all, and is of the kinds that the
    scheme counts."""
    told = json.loads(bulletin)
    for section in told["sections"]:
        section["sentences"] = [
            one for one in section["sentences"] if not any(fact["name"] == "category" for fact in one["facts"])
        ]
    return json.dumps(told, indent=1)


@pytest.mark.parametrize("name", ["score", "score_elders"])
def test_the_scores_and_tiers_are_those_of_then(old, said, name):
    columns = slice(0, 5)  # area, day, score, computed and published tier
    asked = list(ASKED[name])
    if name == "score_elders":
        # By the scheme that shipped then, which the draft holds: there is a newer version of it today.
        (held,) = (
            one
            for one in old.folder.glob("releases/*/scheme.yaml")
            if one.read_text("utf-8").startswith("id: elders\n")
        )
        asked[asked.index("elders")] = str(held)
    then, now = ([line.split(",")[columns] for line in text.splitlines()] for text in (old.answers[name], said(*asked)))
    assert now == then


def test_the_trail_has_the_entries_of_then_and_its_upgrades(old, said):
    then, now = (int(re.match(r"\d+", text)[0]) for text in (old.answers["audit"], said("audit", "verify")))
    assert now == then + sum("升级" in line for line in said("audit", "list").splitlines())


@pytest.mark.parametrize(("release", "form"), [*(("2", form) for form in FORMATS), ("1", "docx"), ("D1", "docx")])
def test_a_briefing_of_every_kind_is_made(said, tmp_path, release, form):
    out = tmp_path / f"briefing.{ending_of(form)}"
    said("brief", release, "--format", form, "--out", str(out))
    assert out.stat().st_size > 10_000

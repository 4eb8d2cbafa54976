"""Two people publish from a shell: where a draft stands, and each step of it."""

import pytest

from analytics.__main__ import main
from analytics.store.ledger import Ledger
from tests.scoring.small_world import SMALL_SCHEME
from tests.workspace.test_tasks import AREAS, INCIDENTS


@pytest.fixture
def said(capsys, monkeypatch, tmp_path):
    """Run a command as somebody in a role: its code, what it printed, and what went wrong."""
    home = tmp_path / "home"
    monkeypatch.setenv("FIVE_COLOUR_HOME", str(home))

    def run(who, role, *words):
        monkeypatch.setattr("getpass.getuser", lambda: who)
        monkeypatch.setenv("FIVE_COLOUR_ROLE", role)
        capsys.readouterr()
        code = main(list(words))
        held = capsys.readouterr()
        return code, held.out, held.err

    for table, text in (("areas", AREAS), ("incidents", INCIDENTS)):
        file = tmp_path / f"{table}.csv"
        file.write_text(text, encoding="utf-8-sig")
        assert run("甲", "keeper", "load", str(file), "--as", table)[0] == 0
    (tmp_path / "scheme.yaml").write_text(SMALL_SCHEME, encoding="utf-8")
    run.home, run.scheme = home, str(tmp_path / "scheme.yaml")
    return run


def drafted(said):
    code, out, err = said("甲", "analyst", "release", "--scheme", said.scheme, "--reason", "例会")
    assert code == 0, err
    return out


def test_a_draft_goes_from_hand_to_hand_and_each_step_is_told(said):
    assert said("管", "admin", "settings", "two_hands=on")[0] == 0
    code, _, err = said("丁", "keeper", "release", "--scheme", said.scheme, "--publish", "--reason", "例会")
    assert (code, "请先存为草稿" in err) == (2, True)
    drafted(said)
    assert "待社区核对" in said("丁", "keeper", "release-step", "D1")[1]
    code, out, err = said("甲", "leader", "release-step", "D1", "check")
    assert (code, out, "请由另一人办理" in err) == (2, "", True)
    assert said("乙", "leader", "release-step", "D1", "object", "--text", "3处隐患已整改")[1].startswith(
        "已记录：草稿1"
    )
    code, _, err = said("乙", "leader", "release-step", "D1", "approve", "--lang", "en")
    assert (code, "an answer to objection 1" in err) == (2, True)
    assert said("甲", "analyst", "release-step", "D1", "answer", "--objection", "1", "--text", "已更正")[0] == 0
    assert said("乙", "leader", "release-step", "D1", "approve")[1].startswith("已审签：草稿1")
    code, out, _ = said("丁", "keeper", "release-step", "D1", "--lang", "en")
    assert code == 0
    assert "approved and ready to publish" in out
    assert [line.strip()[10:].split(":")[1].split(" — ")[0].strip() for line in out.splitlines()[1:4]] == [
        *("objection 1, all communities", "answer to objection 1", "approved"),
    ]
    assert said("丁", "keeper", "audit", "verify")[0] == 0
    assert [one.action for one in Ledger.open(None, said.home).audit()][-3:] == [
        *("draft_object", "draft_answer", "draft_approve"),
    ]


def test_without_the_setting_it_is_said_that_nobody_asks_for_it(said):
    drafted(said)
    assert "two_hands" in said("丁", "keeper", "release-step", "D1", "--lang", "en")[1]


@pytest.mark.parametrize(
    ("words", "told"),
    [(("D9",), "D9"), (("D1", "check", "--community", "C7"), "C7"), (("D1", "answer", "--text", "无"), "待答复：无")],
)
def test_what_cannot_be_is_a_sentence(said, words, told):
    drafted(said)
    role = "analyst" if "answer" in words else "leader"
    code, out, err = said("乙", role, "release-step", *words)
    assert (code, out, told in err) == (2, "", True)
    assert Ledger.open(None, said.home).release_steps() == ()

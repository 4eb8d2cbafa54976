"""Releases from a shell: made, listed, compared, told and proved, by one person, by two at once, and by one killed."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analytics import tiers
from analytics.__main__ import main
from analytics.access import Actor
from analytics.releases import keep_view, verify
from analytics.releases.codes import read_code
from analytics.releases.compare import CAUSES
from analytics.store import Store
from analytics.store.ledger import Ledger
from tests.test_command_line import STREET
from tests.test_store_commands import TABLES

ROOT = Path(__file__).parents[1]
FIRST, SECOND = "2026-10-24", "2026-10-31"
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
REASON = ("--publish", "--reason", "周例会")
LOADS = len(TABLES)
"""Each is an entry of the audit trail."""


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    """A home that holds the demo street, and no release."""
    home = tmp_path_factory.mktemp("street") / "home"
    for table, file in TABLES.items():
        main(["load", str(STREET / file), "--as", table, "--home", str(home)])
    assert main(["score", "--scheme", "epidemic", "--date", SECOND, "--home", str(home)]) == 0  # keeps the counts
    return home


@pytest.fixture(scope="module")
def two(street, tmp_path_factory):
    """A home with two releases, a week apart, and a draft."""
    home = tmp_path_factory.mktemp("two") / "home"
    shutil.copytree(street, home)
    assert main(["release", *REASON, "--date", FIRST, "--home", str(home)]) == 0
    assert main(["release", *REASON, "--home", str(home)]) == 0
    assert main(["release", "--home", str(home)]) == 0
    return home


@pytest.fixture
def own(two, home):
    """A copy of that home which a test may change; it is the one that commands use."""
    shutil.copytree(two, home)
    return home


def said(capsys, *command):
    capsys.readouterr()
    code = main(list(command))
    held = capsys.readouterr()
    return code, held.out, held.err


def codes_of(capsys, *more):
    """The check codes of release 1 and release 2."""
    lines = said(capsys, "releases", *more)[1].splitlines()
    return [CODE.search(line)[0] for line in reversed(lines) if CODE.search(line)]


def test_releases_are_numbered_and_listed_with_their_codes_and_a_draft_has_none(own, capsys):
    code, out, _ = said(capsys, "releases")
    draft, second, first = out.splitlines()
    assert code == 0
    assert draft.startswith("D000001")
    assert "草稿" in draft
    assert draft.endswith("—")
    assert "第2期（总第2期）" in second
    assert SECOND in second
    assert "已发布" in second
    assert "周例会" in second
    assert "第1期（总第1期）" in first
    assert FIRST in first
    assert [read_code(CODE.search(line)[0]) for line in (first, second)] == [
        verify(own, Ledger.open(None, own), number).code for number in (1, 2)
    ]
    assert "draft" in said(capsys, "releases", "--lang", "en")[1]


def test_a_release_says_its_number_code_and_folder_but_not_where_the_home_is(own, capsys):
    code, out, _ = said(capsys, "release", *REASON, "--scheme", "elders")
    assert code == 0
    assert "第3期（总第3期）" in out
    assert CODE.search(out)
    assert "000003" in out
    assert "elders" in out
    assert str(own) not in out
    assert (own / "releases" / "000003" / "manifest.json").is_file()
    assert verify(own, Ledger.open(None, own), 3).manifest.provenance.records == Store.open(own).digest()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--publish",), "--reason"),
        (("--publish", "--reason", "  "), "--reason"),
        ((*REASON, "--date", "2031-01-01"), "31 October 2026"),
        ((*REASON, "--scheme", "nothing"), "nothing"),
    ],
)
def test_what_cannot_be_released_is_one_sentence_and_nothing_is_numbered(own, capsys, more, told):
    code, out, err = said(capsys, "release", *more, "--lang", "en")
    assert (code, out) == (2, "")
    assert told in err
    assert len(err.splitlines()) == 1
    assert Ledger.open(None, own).verify_audit() == LOADS + 3


def test_nothing_is_released_of_an_empty_home(home, capsys):
    code, out, err = said(capsys, "release", *REASON)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert Ledger.open(None, home).releases() == ()


@pytest.mark.usefixtures("own")
def test_compare_says_counts_then_and_now_and_every_change_with_its_cause(capsys):
    code, out, _ = said(capsys, "compare", "1", "2", "--lang", "en")
    assert code == 0
    head, *lines = out.splitlines()
    assert "24 October 2026" in head
    assert "31 October 2026" in head
    for line in lines[: len(tiers.SHOWN)]:
        before, left, came, added, removed, after = map(int, re.findall(r"\d+", line))
        assert before - left + came + added - removed == after
    changed, *by_cause = map(int, re.findall(r"\d+", lines[len(tiers.SHOWN)]))
    assert len(by_cause) == len(CAUSES)
    assert changed == sum(by_cause) > 0
    named = [line for line in lines if "→" in line]
    assert len(named) == changed
    assert all(re.search(r"\(DS-\d\d-\d\d\): \w[\w ]+ → \w[\w ]+, \w.*: \w", line) for line in named)
    assert "by chance" in lines[-1]
    back = said(capsys, "compare", "2", "1")[1]
    assert len([line for line in back.splitlines()[1:] if "→" in line]) == changed
    assert said(capsys, "compare", "2", "D1", "--lang", "en")[1].splitlines()[-1].startswith("0 tier changes")


@pytest.mark.usefixtures("own")
def test_the_bulletin_tells_a_release_against_the_one_before_in_both_languages(capsys):
    code, chinese, _ = said(capsys, "bulletin", "2")
    assert code == 0
    heads = ["总体情况", "重点区域", "等级变动", "趋势研判", "工作建议", "口径说明"]
    assert [chinese.index(head) for head in heads] == sorted(chinese.index(head) for head in heads)
    assert said(capsys, "bulletin", "1", "2")[1] == chinese
    assert "第2期（总第2期）" in chinese
    english = said(capsys, "bulletin", "2", "--lang", "en")[1]
    assert english.startswith("Five-colour bulletin")
    assert english.count("\n\n") == len(heads)
    held = json.loads(said(capsys, "bulletin", "2", "--format", "json")[1])
    assert [section["heading"]["zh"] for section in held["sections"]] == re.findall(r"\n\n(.+)", chinese)
    assert all(sentence["zh"] in chinese for section in held["sections"] for sentence in section["sentences"])
    assert said(capsys, "bulletin", "1")[0] == 0
    code, _, err = said(capsys, "bulletin", "9", "--lang", "en")
    assert code == 2
    assert "9" in err


@pytest.mark.usefixtures("own")
def test_a_number_a_draft_and_a_code_are_verified(capsys):
    first, second = codes_of(capsys)
    for asked in ("1", "000001", first, first.lower().replace("-", "")):
        code, out, _ = said(capsys, "verify", asked)
        assert code == 0
        assert first in out
        assert "总第1期" in out
        assert "此后已发布" in out
        assert "总第2期" in out
    for asked in ("2", second):
        code, out, _ = said(capsys, "verify", asked, "--lang", "en")
        assert code == 0
        assert second in out
        assert "still the latest" in out
    code, out, _ = said(capsys, "verify", "d1", "--lang", "en")
    assert code == 0
    assert "not published" in out


def test_the_code_of_a_view_leads_back_to_the_view(own, capsys):
    ledger = Ledger.open(None, own)
    code = keep_view(ledger, Actor("x", "local"), verify(own, ledger, 1), {"lang": "en", "area": "DS-06-04"})
    exit_code, out, _ = said(capsys, "verify", code, "--lang", "en")
    assert exit_code == 0
    assert "overall no. 1" in out
    assert "lang=en" in out
    assert "area=DS-06-04" in out


def test_a_home_without_releases_says_how_to_make_one(capsys):
    code, out, _ = said(capsys, "releases")
    assert code == 0
    assert "release --publish" in out
    assert said(capsys, "audit", "list")[:2] == (0, "")


@pytest.mark.usefixtures("own")
def test_what_is_not_known_here_cannot_be_verified(capsys, tmp_path):
    first, _ = codes_of(capsys)
    empty = ("--home", str(tmp_path / "empty"), "--lang", "en")
    code, out, err = said(capsys, "verify", first, *empty)
    assert (code, out) == (2, "")
    assert "No release on this machine" in err
    for asked in ("7", "D7", first[:-1] + ("0" if first[-1] != "0" else "1"), "nonsense", str(tmp_path / "gone")):
        code, out, err = said(capsys, "verify", asked, "--lang", "en")
        assert (code, out) == (2, ""), asked
        assert len(err.splitlines()) == 1, asked
        assert str(tmp_path) not in err


@pytest.mark.parametrize("file", ["days.parquet", "areas.parquet", "manifest.json", "scheme.yaml"])
def test_one_changed_byte_is_refused_with_the_name_of_the_file(own, capsys, file):
    changed = own / "releases" / "000001" / file
    first, _ = codes_of(capsys)
    content = bytearray(changed.read_bytes())
    content[len(content) // 2] ^= 1
    changed.write_bytes(content)
    for command in (("verify", "1"), ("verify", first), ("verify", str(changed.parent)), ("compare", "1", "2"),
                    ("bulletin", "2")):  # fmt: skip
        code, out, err = said(capsys, *command, "--lang", "en")
        assert (code, out) == (2, ""), command
        assert file in err
        assert "000001" in err
        assert str(own) not in err
    assert said(capsys, "verify", "2")[0] == 0


def test_a_release_of_one_home_verifies_in_another(own, capsys, tmp_path):
    first, second = codes_of(capsys)
    whole, fresh = tmp_path / "whole", tmp_path / "fresh"
    shutil.copytree(own, whole)
    assert codes_of(capsys, "--home", str(whole)) == [first, second]
    assert said(capsys, "verify", second, "--home", str(whole))[0] == 0
    carried = tmp_path / "carried" / "issue"
    shutil.copytree(own / "releases" / "000002", carried)
    code, out, _ = said(capsys, "verify", str(carried), "--home", str(fresh), "--lang", "en")
    assert code == 0
    assert "not in the ledger" in out
    assert second.replace("-", "") in out.replace("-", "")
    code, out, _ = said(capsys, "verify", str(carried), "--lang", "en")
    assert code == 0
    assert "still the latest" in out


def test_the_audit_trail_is_listed_and_proved_and_a_raw_edit_is_found(own, capsys):
    code, out, _ = said(capsys, "audit", "verify")
    assert code == 0
    assert out.startswith(f"{LOADS + 3}")
    lines = said(capsys, "audit", "list", "--lang", "en")[1].splitlines()
    assert [line.split()[0] for line in lines] == [f"{number}" for number in range(1, LOADS + 4)]
    assert all("records imported" in line for line in lines[:LOADS])
    assert "published" in lines[LOADS]
    assert "000001" in lines[LOADS]
    assert "drafted" in lines[LOADS + 2]
    connection = sqlite3.connect(own / "ledger.sqlite")
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("UPDATE audit SET who = 'someone else' WHERE number = 2")
    connection.commit()
    connection.close()
    code, out, err = said(capsys, "audit", "verify", "--lang", "en")
    assert (code, out) == (2, "")
    assert "Entry 2" in err


@pytest.mark.usefixtures("own")
def test_a_decision_is_shown_in_the_next_release_and_can_be_withdrawn(capsys):
    change = ["--scheme", "epidemic", "--reason", "现场核实\n两次", "--from", SECOND, "--to", "2026-11-07"]
    assert said(capsys, "overrides", "--lang", "en")[1].startswith("There are no manual overrides")
    code, out, _ = said(capsys, "override", "DS-06-04", "red", *change)
    assert code == 0
    assert "withdraw 1" in out
    line = said(capsys, "overrides", "--lang", "en")[1]
    assert line.startswith("1 ")
    assert len(line.splitlines()) == 1
    for word in ("DS-06-04", "Red", "epidemic", SECOND, "2026-11-07", "现场核实 两次"):
        assert word in line
    assert said(capsys, "release", *REASON)[0] == 0
    told = said(capsys, "compare", "2", "3", "--lang", "en")[1]
    assert re.search(r"\(DS-06-04\): Orange → Red, [\w ]+: manual override", told)
    assert said(capsys, "withdraw", "1")[0] == 0
    assert said(capsys, "overrides", "--lang", "en")[1].startswith("There are no manual overrides")
    assert said(capsys, "withdraw", "1")[0] == 2
    assert said(capsys, "audit", "verify")[1].startswith(f"{LOADS + 6}")


@pytest.mark.parametrize(
    ("area", "change"),
    [
        ("DS-99-99", {}),
        ("DS-06-04", {"--reason": " "}),
        ("DS-06-04", {"--to": FIRST}),
        ("DS-06-04", {"--scheme": "nothing"}),
    ],
)
def test_a_decision_that_cannot_hold_is_refused_in_one_sentence(own, capsys, area, change):
    given = {"--scheme": "epidemic", "--reason": "x", "--from": SECOND, "--to": SECOND} | change
    code, out, err = said(capsys, "override", area, "red", *(part for pair in given.items() for part in pair))
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert Ledger.open(None, own).overrides() == ()


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("leader", ()),
        ("analyst", ("draft",)),
        ("keeper", ("draft", "publish", "load", "undo")),
        ("admin", ("override",)),
        ("local", ("draft", "publish", "load", "undo", "override")),
    ],
)
def test_a_role_does_what_it_may_and_nothing_else(own, capsys, monkeypatch, role, may):
    monkeypatch.setenv("FIVE_COLOUR_ROLE", role)
    commands = {
        "draft": ("release", "--scheme", "elders"),
        "publish": ("release", *REASON, "--scheme", "elders"),
        "load": ("load", str(STREET / TABLES["teams"]), "--as", "teams"),
        "undo": ("undo", "6"),
        "override": ("override", "DS-06-04", "red", "--scheme", "epidemic", "--reason", "x", "--from", SECOND, "--to",
                     SECOND),
    }  # fmt: skip
    before = Store.open(own).digest(), Ledger.open(None, own).verify_audit()
    for name, command in commands.items():
        code, out, err = said(capsys, *command, "--lang", "en")
        assert (code == 0) == (name in may), (name, err)
        if name not in may:
            assert (code, out) == (2, "")
            assert "may not" in err
            assert len(err.splitlines()) == 1
    if not may:
        assert (Store.open(own).digest(), Ledger.open(None, own).verify_audit()) == before
    for command in (("releases",), ("verify", "1"), ("audit", "verify"), ("overrides",)):
        assert said(capsys, *command)[0] == 0


@pytest.mark.usefixtures("own")
def test_a_role_that_does_not_exist_reads_nothing(capsys, monkeypatch):
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "mayor")
    for command in (("releases",), ("compare", "1", "2"), ("bulletin", "2"), ("verify", "1"), ("audit", "list"),
                    ("overrides",), ("undo", "6")):  # fmt: skip
        code, out, err = said(capsys, *command, "--lang", "en")
        assert (code, out) == (2, "")
        assert "mayor" in err


def started(home, *more):
    """A process of its own that publishes."""
    return subprocess.Popen(
        [sys.executable, "-m", "analytics", "release", *REASON, *more, "--home", str(home), "--lang", "en"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_people_who_publish_at_once_get_two_numbers_in_order(street, tmp_path):
    home = tmp_path / "shared"
    shutil.copytree(street, home)
    both = [started(home, "--confirm", "again") for _ in range(2)]
    told = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert sorted(re.search(r"overall no\. (\d+)", out)[1] for out, _ in told) == ["1", "2"]
    ledger = Ledger.open(None, home)
    assert [entry.number for entry in ledger.releases()] == [2, 1]
    second, first = ledger.releases()
    assert second.at >= first.at
    assert [verify(home, ledger, number).manifest.number for number in (1, 2)] == [1, 2]
    assert ledger.verify_audit() == LOADS + 2


def test_the_same_again_is_asked_about_even_of_two_who_publish_at_once(street, tmp_path, capsys):
    home = tmp_path / "asked"
    shutil.copytree(street, home)
    both = [started(home) for _ in range(2)]
    told = [(process.communicate(timeout=60)[1], process.returncode) for process in both]
    assert sorted(code for _, code in told) == [0, 2]
    (asked,) = (err for err, code in told if code == 2)
    assert "--confirm again" in asked
    assert len(Ledger.open(None, home).releases()) == 1
    assert said(capsys, "release", *REASON, "--confirm", "again", "--home", str(home))[0] == 0
    assert len(Ledger.open(None, home).releases()) == 2


def test_a_release_is_withdrawn_stays_readable_and_nothing_is_compared_with_it(own, capsys):
    assert said(capsys, "withdraw-release", "2", "--reason", " ")[0] == 2
    code, out, _ = said(capsys, "withdraw-release", "2", "--reason", "数据有误", "--lang", "en")
    assert code == 0
    assert "withdrawn" in out
    line = said(capsys, "releases", "--lang", "en")[1].splitlines()[1]
    assert "withdrawn" in line
    code, out, _ = said(capsys, "verify", "2")
    assert code == 0
    assert "数据有误" in out
    assert "第1期" in said(capsys, "bulletin", "D1")[1]  # what the draft is held against now
    assert "已撤回" in said(capsys, "bulletin", "2")[1] or said(capsys, "bulletin", "2")[0] == 0
    assert said(capsys, "withdraw-release", "2", "--reason", "x")[0] == 2
    assert said(capsys, "withdraw-release", "9", "--reason", "x")[0] == 2
    assert (own / "releases" / "000002" / "manifest.json").is_file()
    assert said(capsys, "release", *REASON, "--lang", "en")[1].count("overall no. 3") == 1  # no number runs twice


def test_a_killed_release_leaves_none_or_a_whole_one(street, tmp_path, capsys):
    home = tmp_path / "killed"
    shutil.copytree(street, home)
    releases, whole = home / "releases", 0
    for sign, later in ((".making-*", 0), (".making-*", 0.03), ("00*", 0)):
        seen = set(releases.glob(sign))
        process = started(home, "--confirm", "again")
        while process.poll() is None and not set(releases.glob(sign)) - seen:
            time.sleep(0.001)
        time.sleep(later)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        ledger = Ledger.open(None, home)
        entries = ledger.releases()
        assert len(entries) in (whole, whole + 1)
        whole = len(entries)
        assert [entry.number for entry in entries] == list(range(whole, 0, -1))
        assert all(verify(home, ledger, entry.number) for entry in entries)
        assert ledger.verify_audit() == LOADS + whole
    again = ("--confirm", "again", "--home", str(home), "--lang", "en")
    code, out, _ = said(capsys, "release", *REASON, *again)
    assert code == 0
    assert f"overall no. {whole + 1}" in out
    assert said(capsys, "verify", str(whole + 1), "--home", str(home))[0] == 0


@pytest.mark.usefixtures("own")
def test_selfcheck_tries_the_laws_on_the_offices_own_records(capsys, monkeypatch):
    monkeypatch.setattr("analytics.workspace.scoring.sample_files", lambda: pytest.fail("it took the sample"))
    code, out, _ = said(capsys, "selfcheck", "--lang", "en")
    assert code == 0
    assert out.count("✔") == 8

"""``doctor``, ``backup`` and ``restore`` from a shell: what they say, and with what they end."""

import shutil

import pytest

from analytics.__main__ import main
from analytics.briefing import font
from analytics.store import Store
from analytics.store.accounts import ACCOUNTS_FILE
from analytics.workspace import doctor
from tests.releases.small_office import Office, material, world
from tests.store import made
from tests.upgrade.old_homes import NAMES, files_of, unpacked

WORLD = made.incidents({"a": "A", "b": "B"}, "a.csv")


@pytest.fixture
def office(home):
    Store.open(home).add(WORLD, made.ME)
    Office(home).publish(material(world()))
    return home


@pytest.fixture
def asked(capsys):
    """Run a command; its exit code, and what it said on either output."""

    def ask(*command):
        capsys.readouterr()
        code = main([*command, "--lang", "en"])
        told = capsys.readouterr()
        return code, told.out, told.err

    return ask


def lines(out):
    """The state of each part that the doctor names."""
    told = [line.split("  ", 1) for line in out.splitlines() if "  " in line]
    return {(state, said.split(":")[0]) for state, said in told}


def test_a_home_that_is_well(office, asked):
    before = files_of(office)
    code, out, _ = asked("doctor")
    assert (code, {state for state, _ in lines(out)}) == (0, {"ok"}), out
    assert len(lines(out)) == len(doctor._PARTS) == 11
    assert out.splitlines()[-1] == "No problems found."
    assert files_of(office) == before


def test_what_is_wrong_with_the_accounts_is_told_beside_all_the_rest(office, asked, tmp_path):
    areas = tmp_path / "areas.csv"
    areas.write_text("area_id,name,level,population\nA,甲,grid,900\n", encoding="utf-8")
    assert asked("load", str(areas), "--as", "areas")[0] == 0
    file = office / ACCOUNTS_FILE
    file.write_text("format: 1\naccounts: {li: {role: leader, areas: [A, X9]}}\n", encoding="utf-8")
    code, out, _ = asked("doctor")
    assert (code, ("problem", "accounts") in lines(out), "X9" in out) == (1, True, True)
    assert ("ok", "ledger") in lines(out)
    file.write_text("format: 1\naccounts: {li: {role: boss}}\n", encoding="utf-8")
    code, out, _ = asked("doctor")
    assert (code, ("problem", "accounts") in lines(out), "There is no role 'boss'" in out) == (1, True, True)
    assert ("ok", "ledger") in lines(out)


@pytest.mark.parametrize("command", ["verify", "list"])
def test_a_folder_that_is_no_home_proves_nothing_and_stays_as_it_is(tmp_path, asked, command):
    code, out, err = asked("audit", command, "--home", str(tmp_path / "typo"))
    assert (code, out) == (2, "")
    assert "“typo” is no data folder yet" in err
    assert not (tmp_path / "typo").exists()


def test_where_there_is_no_home_yet_nothing_is_made(home, asked):
    code, out, _ = asked("doctor")
    assert code == 0
    assert ("note", "data folder") in lines(out)
    assert not home.exists()


@pytest.mark.parametrize("name", [NAMES[-1], NAMES[0]])
def test_an_older_home_is_not_upgraded_by_looking_at_it(name, tmp_path, asked):
    old = unpacked(name, tmp_path)
    before = files_of(old.folder)
    code, out, _ = asked("doctor", "--home", str(old.folder))
    assert code == 0, out
    assert {("note", "formats"), ("note", "ledger"), ("ok", "imported records")} <= lines(out)
    assert files_of(old.folder) == before


def lose_rows(home):
    next(home.glob("records/*/*.parquet")).unlink()


def change_report(home):
    next(home.glob("reports/*.json")).write_text("{}")


def lose_key(home):
    (home / "key" / "installation.key").unlink()


def damage_description(home):
    (home / "home.json").write_text("{")


def damage_commit(home):
    (home / "commits" / "000001.json").write_text("{}")


def lose_ledger(home):
    (home / "ledger.sqlite").unlink()


def damage_ledger(home):
    (home / "ledger.sqlite").write_bytes(b"no ledger" * 500)


def change_release(home):
    (home / "releases" / "000001" / "scheme.yaml").write_text("id: other\n")


@pytest.mark.parametrize(
    ("damage", "part"),
    [
        (lose_rows, "imported records"),
        (change_report, "imported records"),
        (damage_commit, "imported records"),
        (lose_key, "installation key"),
        (damage_description, "installation key"),
        (lose_ledger, "ledger"),
        (damage_ledger, "ledger"),
        (change_release, "releases"),
    ],
)
def test_what_is_damaged_is_named_with_what_to_do(office, asked, damage, part):
    damage(office)
    code, out, err = asked("doctor")
    assert code == 1, out
    assert ("problem", part) in lines(out)
    assert ("ok", "data folder") in lines(out)
    assert "problem" in out.splitlines()[-1]
    assert (str(office) in out, err) == (False, "")


@pytest.mark.usefixtures("office")
def test_a_setting_a_full_disk_and_a_lost_font_are_named(asked, monkeypatch, tmp_path):
    monkeypatch.setenv("FIVE_COLOUR_WEEK_BEGINS", "someday")
    monkeypatch.setattr(doctor, "LEAST_FREE", 2**80)
    monkeypatch.setattr(font, "FONTS", tmp_path / "static" / "fonts")
    font.widths.cache_clear()
    code, out, _ = asked("doctor")
    font.widths.cache_clear()
    assert code == 1
    assert {("problem", "settings"), ("problem", "disk"), ("problem", "fonts")} <= lines(out)


@pytest.mark.usefixtures("office")
def test_a_home_in_which_nothing_can_be_written(asked, monkeypatch):
    def refuse(**_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", refuse)
    code, out, _ = asked("doctor")
    assert code == 1
    assert ("problem", "data folder") in lines(out)
    assert "cannot be read or written" in out


def test_a_backup_comes_back_from_a_shell(office, asked, tmp_path):
    out, there = tmp_path / "backup.zip", tmp_path / "there"
    code, told, err = asked("backup", str(out))
    assert code == 0
    assert "was written and verified" in told
    assert "not included" in err
    assert "key/installation.key" in err
    key = str(office / "key" / "installation.key")
    code, told, err = asked("restore", str(out), "--home", str(there), "--key", key)
    assert (code, err) == (0, "")
    assert "Verified and restored to “there”" in told
    assert asked("doctor", "--home", str(there))[0] == 0


@pytest.mark.usefixtures("office")
def test_a_backup_with_the_key_says_so_and_one_without_asks_for_it(asked, tmp_path):
    assert "included. Guard" in asked("backup", str(tmp_path / "with.zip"), "--with-key")[2]
    assert asked("restore", str(tmp_path / "with.zip"), "--home", str(tmp_path / "with"))[2] == ""
    asked("backup", str(tmp_path / "without.zip"))
    code, _, err = asked("restore", str(tmp_path / "without.zip"), "--home", str(tmp_path / "without"))
    assert code == 0
    assert "Put the key file" in err
    assert asked("doctor", "--home", str(tmp_path / "without"))[0] == 1


def test_a_backup_of_what_is_damaged_ends_with_3(office, asked, tmp_path):
    lose_rows(office)
    code, _, err = asked("backup", str(tmp_path / "backup.zip"))
    assert code == 3
    assert "were lost or damaged before the backup" in err


def test_what_cannot_be_restored_ends_with_2_and_a_sentence(office, asked, tmp_path):
    out = tmp_path / "backup.zip"
    asked("backup", str(out))
    assert asked("restore", str(out), "--home", str(office))[0] == 2
    out.write_bytes(out.read_bytes()[:-40])
    code, _, err = asked("restore", str(out), "--home", str(tmp_path / "there"))
    assert code == 2
    assert "Use another backup" in err
    assert len(err.strip().splitlines()) == 1
    assert not (tmp_path / "there").exists()
    assert asked("restore", str(tmp_path / "none.zip"), "--home", str(tmp_path / "there"))[0] == 2
    assert asked("backup", str(tmp_path / "nowhere" / "b.zip"))[0] == 2


@pytest.mark.usefixtures("office")
def test_an_older_backup_is_replaced_and_what_is_lost_after_a_restoring_is_named(asked, tmp_path):
    out = tmp_path / "backup.zip"
    for _ in range(2):
        assert asked("backup", str(out), "--with-key")[0] == 0
    asked("restore", str(out), "--home", str(tmp_path / "there"))
    shutil.rmtree(tmp_path / "there" / "releases")
    assert asked("doctor", "--home", str(tmp_path / "there"))[0] == 1

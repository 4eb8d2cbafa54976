"""A release is the run that was shown, to the last bit, and whole or not there."""

import json
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from analytics import __version__
from analytics.access import Actor
from analytics.errors import AccessError, LedgerError, ReleaseError
from analytics.releases import Intent, Release, verify, verify_folder
from analytics.releases.formats import RELEASE_FORMAT
from analytics.releases.freeze import publish_draft
from analytics.scheme import pack_ids, scheme_named
from analytics.scheme.reading import reference_ids
from analytics.scoring.counterfactual import all_smallest_changes, smallest_changes
from analytics.scoring.provenance import METHOD_VERSION
from analytics.store import ledger as ledger_module
from analytics.store.ledger import Ledger
from analytics.wording.areas import place_name
from analytics.words import place_names
from tests.releases.frozen import assert_same, context, frozen, incidents, run
from tests.scoring.small_world import assessed, days, incident, indicator, records, scheme, three_areas

ROOT = Path(__file__).parents[2]
FILES = (
    "areas.parquet",
    "changes.json",
    "context.geojson",
    "days.parquet",
    "holding.parquet",
    "indicators.parquet",
    "manifest.json",
    "matters.parquet",
    "parents.parquet",
    "scheme.yaml",
)


@pytest.fixture(autouse=True)
def _no_ledger_of_the_machine(monkeypatch):
    monkeypatch.delenv("FIVE_COLOUR_LEDGER", raising=False)


@pytest.fixture
def ledger(tmp_path):
    return Ledger.open(None, tmp_path)


# The same run


def test_a_reopened_release_is_the_run_that_was_frozen(tmp_path, ledger):
    assessment = run()
    made = frozen(tmp_path, ledger, assessment)
    opened = Release.open(tmp_path, 1)
    assert_same(assessment, opened.assessment())
    pd.testing.assert_frame_equal(opened.incidents(), incidents(), check_freq=False)
    pd.testing.assert_frame_equal(opened.context(), context())
    assert opened.digest == made.digest == ledger.releases()[0].digest
    assert opened.assessment().score.flags.writeable


def test_a_run_without_shapes_floors_context_or_matters_is_frozen_too(tmp_path, ledger):
    assessment = run(floors=[])
    assessment = replace(assessment, areas=pd.DataFrame(assessment.areas.drop(columns="geometry")))
    frozen(tmp_path, ledger, assessment, incidents=None, context=None, notice=None)
    opened = Release.open(tmp_path, 1)
    assert_same(assessment, opened.assessment())
    assert opened.assessment().holding.shape == (3, 3, 0)
    assert opened.incidents() is None
    assert opened.context() is None
    assert opened.manifest.notice is None


@given(st.data(), st.integers(0, 3), st.integers(1, 3))
@settings(max_examples=40)
def test_whatever_the_arrays_hold_comes_back_to_the_last_bit(tmp_path_factory, data, n_areas, n_days):
    assessment = run()
    assessment = assessment.of_areas(assessment.areas.index[:n_areas]).on(*assessment.days[:n_days])
    drawn = {}
    for name, held in vars(assessment).items():
        if isinstance(held, np.ndarray):
            content = data.draw(arrays_of.arrays(np.uint8, (held.size * held.itemsize,)))
            drawn[name] = (content % 2 if held.dtype == bool else content).view(held.dtype).reshape(held.shape)
    words = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
    drawn["parents"] = data.draw(st.dictionaries(words, words, max_size=3))
    drawn["unplaced"] = data.draw(st.dictionaries(st.sampled_from(["incidents", "checks"]), st.integers(0)))
    drawn["unscored"] = data.draw(st.dictionaries(words, st.integers(0), max_size=3))
    assessment = replace(assessment, behind=None, **drawn)
    home = tmp_path_factory.mktemp("home")
    frozen(home, Ledger.open(None, home), assessment)
    assert_same(assessment, Release.open(home, 1).assessment())


@pytest.mark.parametrize("name", [*pack_ids(), *reference_ids()])
def test_every_scheme_that_ships_comes_back(tmp_path, ledger, name):
    scheme, assessment = scheme_named(name), run()
    number = {"holding": len(scheme.floors)}
    arrays = {
        array: np.zeros((*held.shape[:2], number.get(array, len(scheme.indicators)))[: held.ndim], held.dtype)
        for array, held in vars(assessment).items()
        if isinstance(held, np.ndarray)
    }
    made_by = replace(assessment.provenance, scheme=scheme.digest())
    assessment = replace(assessment, scheme=scheme, provenance=made_by, behind=None, **arrays)
    frozen(tmp_path, ledger, assessment)
    assert Release.open(tmp_path, 1).scheme == assessment.scheme


def test_what_would_lower_a_tier_is_kept_with_it_and_asked_for_without_the_counts(tmp_path, ledger):
    rows = [incident(number, "A", "2020-02-14") for number in range(9)]
    world = records(areas=three_areas(), incidents=rows)
    assessment = assessed(world, scheme([indicator(actionable=True)]), days("2020-02-15"))
    held = frozen(tmp_path, ledger, assessment).assessment()
    assert held.behind == all_smallest_changes(assessment)
    assert any(smallest_changes(held, area_id) for area_id in held.areas.index)
    for area_id in held.areas.index:
        assert smallest_changes(held, area_id) == smallest_changes(assessment, area_id)


def test_both_names_of_an_area_are_kept_and_a_later_library_changes_neither(tmp_path, ledger, monkeypatch):
    assessment = run()
    codes = [str(code) for code in assessment.areas.index]
    names = dict(zip(codes, ("兰汀社区桂帆网格", "St Mary", "船埠"), strict=False))
    named = assessment.areas.assign(name=pd.Series(names))
    above = {**assessment.parents, **names}
    official = {codes[2]: "Boat Quay"}
    held = frozen(tmp_path, ledger, replace(assessment, areas=named, parents=above, english=official)).assessment()
    assert held.english == official
    assert held.pinyin == {codes[0]: "Lantingshequguifan Grid"}
    monkeypatch.setattr(place_names, "_romanised", lambda _: "Other")
    assert [place_name("en", held, code) for code in codes[:3]] == ["Lantingshequguifan Grid", "St Mary", "Boat Quay"]
    assert [place_name("zh", held, code) for code in codes[:3]] == [*names.values()]


def test_the_same_run_is_the_same_bytes_but_for_the_time_and_the_number(tmp_path, monkeypatch):
    found = []
    for home in (tmp_path / "one", tmp_path / "other"):
        monkeypatch.setattr(ledger_module, "now", lambda: "2026-02-12T08:00:00+08:00")
        frozen(home, Ledger.open(None, home), run())
        folder = home / "releases" / "000001"
        found.append({file.name: file.read_bytes() for file in folder.iterdir()})
    assert found[0] == found[1]
    assert tuple(sorted(found[0])) == FILES
    monkeypatch.setattr(ledger_module, "now", lambda: "2027-01-01T08:00:00+08:00")
    later = frozen(home, Ledger.open(None, home), run())
    first = verify_folder(folder)
    changed = {name for name, value in first.manifest if getattr(later.manifest, name) != value}
    assert changed == {"number", "year", "at"}


def test_the_manifest_says_where_the_release_comes_from(tmp_path, ledger):
    assessment = run()
    frozen(tmp_path, ledger, assessment)
    told = json.loads((tmp_path / "releases" / "000001" / "manifest.json").read_text(encoding="utf-8"))
    assert told["scheme"] == {"id": "made", "version": 1}
    assert told["provenance"] == {
        "records": assessment.provenance.records,
        "scheme": assessment.scheme.digest(),
        "method": METHOD_VERSION,
        "settings": {"smallest_count": 1},
        "day": "2026-02-11",
    }
    assert (told["format"], told["program"]) == (RELEASE_FORMAT, __version__)
    assert (told["day"], told["cut_off"]) == ("2026-02-11", "2026-02-12T00:00:00")
    assert told["days"] == ["2026-02-09T00:00:00", "2026-02-10T00:00:00", "2026-02-11T00:00:00"]
    assert (told["author"], told["role"], told["reason"]) == ("甲", "local", "例会")
    assert (told["number"], told["number_of_year"], told["draft"]) == (1, 1, None)
    for file, digest in told["files"].items():
        assert sha256((tmp_path / "releases" / "000001" / file).read_bytes()).hexdigest() == digest
    assert set(told["files"]) | {"manifest.json"} == set(FILES)


def test_the_tables_can_be_read_by_any_program(tmp_path, ledger):
    assessment = run()
    folder = frozen(tmp_path, ledger, assessment).folder
    days = pd.read_parquet(folder / "days.parquet")
    assert days.columns[:2].tolist() == ["day", "area_id"]
    assert days["published"].tolist() == assessment.published.ravel().tolist()
    indicators = pd.read_parquet(folder / "indicators.parquet").set_index(["day", "area_id", "indicator"])
    last = indicators.loc[assessment.days[-1].date(), "B", "y"]
    assert last["values"] == 30
    assert gpd.read_parquet(folder / "areas.parquet").crs == "EPSG:4326"


# One changed byte


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    home = tmp_path_factory.mktemp("made")
    frozen(home, Ledger.open(None, home), run())
    return home


@pytest.fixture
def copy(made, tmp_path):
    return shutil.copytree(made, tmp_path / "copy")


def assert_refused(folder, file):
    with pytest.raises(ReleaseError) as refused:
        verify_folder(folder)
    (problem,) = refused.value.problems
    assert file in problem.text("zh")
    assert file in problem.text("en")
    assert str(folder.parent) not in problem.text("en")


@pytest.mark.parametrize("file", FILES)
def test_one_changed_byte_is_refused_with_the_name_of_the_file(copy, file):
    target = copy / "releases" / "000001" / file
    whole = target.read_bytes()
    for at in {0, 1, len(whole) // 2, len(whole) - 1}:
        for changed in (whole[at] ^ 1, whole[at] ^ 0x80):
            target.write_bytes(whole[:at] + bytes([changed]) + whole[at + 1 :])
            assert_refused(target.parent, file)
    target.write_bytes(whole)
    verify_folder(target.parent)


def test_every_byte_of_the_manifest_counts(copy):
    target = copy / "releases" / "000001" / "manifest.json"
    whole = target.read_bytes()
    for at in range(0, len(whole), 7):
        target.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert_refused(target.parent, "manifest.json")


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("damage", ["gone", "cut", "longer", "a folder"])
def test_a_missing_or_damaged_file_is_refused_with_its_name(copy, file, damage):
    target = copy / "releases" / "000001" / file
    whole = target.read_bytes()
    target.unlink()
    if damage == "a folder":
        target.mkdir()
    elif damage != "gone":
        target.write_bytes(whole[:-1] if damage == "cut" else whole + b"\n")
    assert_refused(target.parent, file)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"[" * 100_000, b'{"digest": 1, "format": "x"}', b"\xff"])
def test_a_manifest_that_is_none_is_refused(copy, content):
    target = copy / "releases" / "000001" / "manifest.json"
    target.write_bytes(content)
    assert_refused(target.parent, "manifest.json")


def test_a_release_of_a_newer_program_says_so(copy):
    target = copy / "releases" / "000001" / "manifest.json"
    whole = target.read_text(encoding="utf-8")
    newer = whole.replace(f'"format": {RELEASE_FORMAT}', f'"format": {RELEASE_FORMAT + 1}')
    target.write_text(newer.replace(f'"program": "{__version__}"', '"program": "9.9"'), encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"version 9\.9 or later"):
        verify_folder(target.parent)


def test_a_file_changed_after_the_release_was_opened_is_refused_when_it_is_read(copy):
    opened = Release.open(copy, 1)
    (opened.folder / "days.parquet").write_bytes(b"other")
    with pytest.raises(ReleaseError, match=r"days\.parquet"):
        opened.assessment()


def test_a_release_exchanged_for_a_whole_one_is_refused_by_the_ledger(copy, tmp_path):
    frozen(tmp_path / "forger", Ledger.open(None, tmp_path / "forger"), run(last="2026-02-10"))
    shutil.rmtree(copy / "releases" / "000001")
    shutil.copytree(tmp_path / "forger" / "releases" / "000001", copy / "releases" / "000001")
    assert verify_folder(copy / "releases" / "000001")
    with pytest.raises(ReleaseError, match="not the one in the ledger"):
        verify(copy, Ledger.open(None, copy), 1)


def test_a_release_made_in_one_home_verifies_in_another(made, tmp_path):
    folder = shutil.copytree(made / "releases" / "000001", tmp_path / "sent")
    assert_same(verify_folder(folder).assessment(), run())
    with pytest.raises(ReleaseError, match="There is no release"):
        verify(tmp_path, Ledger.open(None, tmp_path), 1)


@pytest.mark.parametrize("number", [2, 0, -1, "D1", "../000001", "x", ""])
def test_a_number_that_is_none_is_refused(made, number):
    with pytest.raises(ReleaseError, match="There is no release"):
        Release.open(made, number)


# Draft and published


def test_a_draft_becomes_a_release_as_it_is(tmp_path, ledger):
    assessment = run()
    frozen(tmp_path, ledger, assessment, publish=False, role="analyst", name="丙")
    draft = verify(tmp_path, ledger, "D000001")
    assert draft.manifest.is_draft
    assert (draft.manifest.number, draft.manifest.year) == (None, None)
    made = publish_draft(tmp_path, ledger, Actor("甲", "keeper"), 1, Intent("例会", publish=True))
    assert (made.manifest.name, made.manifest.author, made.manifest.reason) == ("000001", "甲", "例会")
    assert made.manifest.files == draft.manifest.files
    assert_same(assessment, verify(tmp_path, ledger, 1).assessment())
    assert [folder.name for folder in (tmp_path / "releases").iterdir()] == ["000001"]
    with pytest.raises((LedgerError, ReleaseError)):
        publish_draft(tmp_path, ledger, Actor("甲", "keeper"), 1, Intent("例会", publish=True))
    assert [entry.action for entry in ledger.audit()] == ["draft", "publish"]


def test_who_may_not_release_leaves_nothing_behind(tmp_path, ledger):
    for role, publish in (("leader", False), ("analyst", True), ("admin", False), ("admin", True), ("root", True)):
        with pytest.raises(AccessError):
            frozen(tmp_path, ledger, run(), role=role, publish=publish)
    assert not (tmp_path / "releases").exists()
    frozen(tmp_path, ledger, run(), role="analyst", publish=False)
    with pytest.raises(AccessError):
        publish_draft(tmp_path, ledger, Actor("丙", "analyst"), 1, Intent("", publish=True))


def test_a_home_that_cannot_be_written_gives_one_sentence_and_takes_no_number(tmp_path, ledger):
    (tmp_path / "releases").write_text("a file, no folder")
    with pytest.raises(ReleaseError, match="no number was used"):
        frozen(tmp_path, ledger, run())
    assert ledger.audit() == ()


# Others at the same time, and a sudden end


@pytest.mark.parametrize("publish", [True, False])
def test_a_folder_that_the_ledger_does_not_know_is_never_renamed_or_written_over(tmp_path, ledger, publish):
    orphan = tmp_path / "releases" / ("000001" if publish else "D000001")
    orphan.mkdir(parents=True)
    (orphan / "manifest.json").write_text("the only one there is")
    with pytest.raises(ReleaseError, match=f"A folder “{orphan.name}” already exists") as refused:
        frozen(tmp_path, ledger, run(), publish=publish)
    assert "ledger rebuild" in refused.value.text("zh")
    assert ledger.audit() == ()
    assert [folder.name for folder in orphan.parent.iterdir()] == [orphan.name]
    assert [(file.name, file.read_text()) for file in orphan.iterdir()] == [("manifest.json", "the only one there is")]


@pytest.mark.parametrize("processes", [2, 3])
def test_processes_that_publish_at_once_get_numbers_in_order(tmp_path, processes):
    command = [sys.executable, "-m", "tests.releases.children", "publish", str(tmp_path), "4"]
    children = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    until = time.monotonic() + 120
    while len(list(tmp_path.glob("ready-*"))) < processes and time.monotonic() < until:
        time.sleep(0.02)
    (tmp_path / "go").touch()
    told = [child.communicate(timeout=120)[0].split("\n")[:-1] for child in children]
    assert [child.returncode for child in children] == [0] * processes
    own = [[int(line.split()[0]) for line in lines] for lines in told]
    assert all(numbers == sorted(numbers) for numbers in own)
    assert sorted(number for numbers in own for number in numbers) == list(range(1, 4 * processes + 1))
    ledger = Ledger.open(None, tmp_path)
    entries = ledger.releases()[::-1]
    assert [(entry.number, entry.number_of_year) for entry in entries] == [(n, n) for n in range(1, len(entries) + 1)]
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    assert ledger.verify_audit() == 4 * processes
    for entry in entries:
        verify(tmp_path, ledger, entry.number)


def test_killed_at_any_step_a_release_is_whole_or_not_there(tmp_path):
    command = [sys.executable, "-m", "tests.releases.children", "die", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    steps = [line.split() for line in done.stdout.splitlines()]
    assert len(steps) > 100
    assert [made for _, made in steps if made == "0"]
    assert steps[-1][1] == "1"
    # Nothing is given back: once a release was there, killing later cannot take it away.
    ledger = Ledger.open(None, tmp_path)
    count = sum(int(made) for _, made in steps)
    assert count > 1
    assert ledger.verify_audit() == len(ledger.releases()) == count
    assert_same(verify(tmp_path, ledger, count).assessment(), run())
    assert frozen(tmp_path, ledger, run()).manifest.number == count + 1

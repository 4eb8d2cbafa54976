"""Something can be added to all that is written, and everything of old still opens: each is tried with the home of an
older program and with what today's writes, under a program of a later day."""

import json
import subprocess
import sys
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import pandas as pd
import pytest
from pydantic import Field, TypeAdapter

from analytics.errors import ReleaseError
from analytics.evidence import confidence_store
from analytics.releases import Intent, Release, formats, freeze, open_ledger, release, verify
from analytics.releases.freeze import publish_draft
from analytics.scheme import pack_ids, scheme_named
from analytics.scheme.digest import scheme_digest_version_1
from analytics.scoring import Assessment
from analytics.scoring.provenance import FigureSettings
from analytics.store import Store, adding, commits, counts_of, drafts, home
from analytics.store.drafts import Drafts
from analytics.store.ledger_database import CLOCK
from analytics.store.ledger_tables import LEDGER_FORMAT
from tests.releases.frozen import KEEPER, assert_same, frozen, run
from tests.store import made
from tests.upgrade.old_homes import SEAT, unpacked

ROOT = Path(__file__).parents[2]


@pytest.fixture
def old(tmp_path):
    return unpacked("before-12", tmp_path)


def later_program(*words):
    """What a program of a later day, of `added`, says."""
    command = [sys.executable, "-W", "error", "-m", "tests.upgrade.added", *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# A key of a scheme


def test_a_key_with_a_default_changes_no_digest_and_every_scheme_is_known_again(old):
    told = later_program("key", old.folder)
    assert told["the key is there"] == 3
    assert told["packs"] == {
        name: [scheme_named(name).digest(), scheme_digest_version_1(scheme_named(name))] for name in pack_ids()
    }
    assert told["a scheme that uses it is another"]
    assert (told["same"], told["adopted"], told["saved again"]) == (True, True, False)
    assert told["begun from what is in use"]
    assert told["untouched"] == {"epidemic": False, "elders": True}
    ledger = open_ledger(None, old.folder)
    for name, digest in told["releases"].items():
        found = verify(old.folder, ledger, name)
        assert digest == found.digest
        assert told["shown"][name] == found.assessment().shown[-1].tolist()


# An array of a run


def later_run(**metadata):
    """A class of runs that have one more array."""

    @dataclass(frozen=True, eq=False)
    class LaterAssessment(Assessment):
        later: np.ndarray = field(kw_only=True, metadata=metadata)

    return LaterAssessment


@pytest.mark.parametrize(
    ("absent", "dtype", "expected"),
    [
        (0.5, "float64", 0.5),
        (np.float32("nan"), "float32", np.nan),
        (True, "bool", True),
        (np.int16(-2), "int16", -2),
        (lambda held: held["days_held"] * 0 + 3, "int16", 3),
        (lambda held: np.isnan(held["values"]) & True, "bool", None),
    ],
)
def test_an_array_is_what_its_metadata_says_in_releases_that_had_none(old, monkeypatch, absent, dtype, expected):
    open_ledger(None, old.folder)
    before = {name: Release.open(old.folder, name).assessment() for name in ("1", "2", "D1")}
    monkeypatch.setattr(release, "Assessment", later_run(absent=absent))
    for name, then in before.items():
        now = Release.open(old.folder, name).assessment()
        assert now.later.dtype == dtype
        if expected is None:
            assert now.later.tolist() == np.isnan(then.values).tolist()
        else:
            np.testing.assert_array_equal(now.later, np.full(then.shown.shape, expected))
        assert_same(then, Assessment(**{name: value for name, value in vars(now).items() if name != "later"}))


def test_an_array_of_which_nobody_said_what_it_was_before_is_a_sentence(old, monkeypatch):
    monkeypatch.setattr(release, "Assessment", later_run())
    with pytest.raises(ReleaseError) as refused:
        Release.open(old.folder, 1).assessment()
    (problem,) = refused.value.problems
    assert "is intact, but this version can no longer fully read its manifest.json" in problem.text("en")
    assert "000001" in problem.text("zh")


def test_a_run_with_the_array_is_frozen_and_opened_and_one_of_today_beside_it(tmp_path, monkeypatch):
    ledger = open_ledger(None, tmp_path)
    frozen(tmp_path, ledger, run())
    later = later_run(absent=-1.0)
    monkeypatch.setattr(release, "Assessment", later)
    ours = later(**vars(run()), later=np.arange(9.0).reshape(3, 3))
    frozen(tmp_path, ledger, ours)
    assert_same(verify(tmp_path, ledger, 2).assessment(), ours)
    assert verify(tmp_path, ledger, 1).assessment().later.tolist() == [[-1.0] * 3] * 3
    monkeypatch.undo()
    with pytest.raises(ReleaseError, match=r"is intact, but this version can no longer fully read its manifest\.json"):
        verify(tmp_path, ledger, 2).assessment()


# A column of the ledger


@pytest.mark.parametrize("tables", [["releases"], ["loads"], ["releases", "overrides", "scheme_versions", "loads"]])
def test_a_column_is_added_to_ledgers_of_old_and_of_today_which_go_on(old, tmp_path, tables):
    today = tmp_path / "today"
    frozen(today, open_ledger(None, today), run())
    told = later_program("column", old.folder, *tables)
    assert told["steps"] == [f"1 → {LEDGER_FORMAT + 1}"]
    assert told["recorded"] == 9
    assert told["added"] == told["opened again"] == 2 + 9 + len(tables)
    remarks = [table for table in tables if table != "loads"]  # where nothing is written yet, nothing is added to it
    told = later_program("column", today, *remarks) if remarks else None
    if told:
        assert told["steps"] == [f"{LEDGER_FORMAT} → {LEDGER_FORMAT + 1}"]
        assert told["added"] == told["opened again"] == 2 + len(remarks)


# A field of a manifest


LATER_RELEASES = formats.RELEASE_FORMAT + 1


class LaterManifest(release.Manifest):
    """A manifest of a later day: who has approved it is told as well."""

    format: Literal[LATER_RELEASES]
    approved_by: str | None = None


def with_later_manifests(monkeypatch):
    upgrades = {
        **formats.UPGRADES,
        LATER_RELEASES: lambda content: {**content, "format": LATER_RELEASES, "approved_by": None},
    }
    monkeypatch.setattr(formats, "UPGRADES", upgrades)
    for module in (formats, release, freeze_module()):
        monkeypatch.setattr(module, "RELEASE_FORMAT", LATER_RELEASES)
    for module in (release, freeze_module()):
        monkeypatch.setattr(module, "Manifest", LaterManifest)


def freeze_module():
    return sys.modules[freeze.__module__]


def test_a_field_of_a_manifest_is_told_of_releases_of_old_and_of_today(old, monkeypatch):
    ledger = open_ledger(None, old.folder)
    frozen(old.folder, ledger, run(), confirmed={CLOCK})
    frozen(old.folder, ledger, run(), confirmed={CLOCK}, publish=False)
    before = {entry.name: verify(old.folder, ledger, entry.name) for entry in ledger.releases()}
    runs = {name: then.assessment() for name, then in before.items()}
    with_later_manifests(monkeypatch)
    for name, then in before.items():
        now = verify(old.folder, ledger, name)
        assert (now.manifest.approved_by, now.digest, now.code) == (None, then.digest, then.code)
        assert_same(now.assessment(), runs[name])
    for number, draft in ((4, 1), (5, 2)):
        publish_draft(old.folder, ledger, KEEPER, draft, Intent("发布", publish=True, confirmed={CLOCK}))
        found = verify(old.folder, ledger, number)
        assert json.loads((found.folder / "manifest.json").read_text(encoding="utf-8"))["format"] == LATER_RELEASES
        assert_same(found.assessment(), runs[f"D{draft:06}"])
    assert frozen(old.folder, ledger, run(), confirmed={CLOCK}).manifest.format == LATER_RELEASES
    monkeypatch.undo()
    with pytest.raises(ReleaseError, match="Update to version"):
        verify(old.folder, ledger, 5)
    assert verify(old.folder, ledger, 3).digest == before["000003"].digest


# A field of a commit


NEXT = home.STORE_FORMAT + 1


class LaterLoad(commits.Load):
    """A load of a later day: who has checked it is told as well."""

    checked_by: str | None


def with_later_commits(monkeypatch):
    def step(body):
        return body | {"checked_by": None} if body["kind"] == "load" else body

    later = Annotated[
        LaterLoad | commits.Words | commits.Undo | commits.Void | commits.AreaChange | commits.Compact,
        Field(discriminator="kind"),
    ]
    monkeypatch.setattr(commits, "UPGRADES", {**commits.UPGRADES, NEXT: step})
    monkeypatch.setattr(commits, "_COMMIT", TypeAdapter(later))
    for module in (commits, home):
        monkeypatch.setattr(module, "STORE_FORMAT", NEXT)
    monkeypatch.setattr(adding, "Load", lambda **told: LaterLoad(checked_by="复核人", **told))


def test_a_field_of_a_commit_is_told_of_loads_of_old_and_of_today(old, monkeypatch):
    store = Store.open(old.folder)
    store.add(made.incidents("ab", "today.csv"), made.ME)
    store.undo(store.loads()[0].number, made.ME)
    before = store.loads(), store.digest(), store.commits(), counts_of(store).by_area("incidents").tolist()
    with_later_commits(monkeypatch)
    store = Store.open(old.folder)
    assert {load.checked_by for load in store.loads()} == {None}
    for now, then in zip(store.loads(), before[0], strict=True):
        assert now.model_dump(exclude={"checked_by"}) == then.model_dump()
    assert (store.digest(), store.commits()) == before[1:3]
    assert counts_of(store).by_area("incidents").tolist() == before[3]
    added = store.add(made.incidents("cd", "later.csv"), made.ME)
    assert Store.open(old.folder).loads()[0].checked_by == "复核人"
    assert json.loads((old.folder / "home.json").read_text())["format"] == NEXT
    store.undo(added.number, made.ME)
    assert store.digest() == before[1]
    ledger = open_ledger(None, old.folder)
    assert ledger.record_commits(store.commits()) == 13
    assert ledger.record_commits(Store.open(old.folder).commits()) == 0


# A field of a draft


class LaterDraft(drafts.Draft):
    """A draft of a later day: what it is called is told as well."""

    title: str


def test_a_field_of_a_draft_is_told_of_drafts_of_old_and_of_today(old, monkeypatch):
    kept = Drafts(old.folder)
    kept.keep(SEAT, "made", drafts.Draft(yaml_text="id: made", begun_from="2:0"))
    before = {name: kept.of(SEAT, name) for name in ("epidemic", "elders", "made")}
    step = {3: lambda content: {**content, "title": "未命名"}}
    monkeypatch.setattr(drafts, "UPGRADES", {**drafts.UPGRADES, **step})
    monkeypatch.setattr(drafts, "DRAFT_FORMAT", 3)
    monkeypatch.setattr(drafts, "Draft", LaterDraft)
    for name, then in before.items():
        assert kept.of(SEAT, name) == LaterDraft(**then.model_dump(), title="未命名")
    kept.keep(SEAT, "made", LaterDraft(yaml_text="id: made", begun_from="2:0", title="试行稿"))
    assert kept.of(SEAT, "made").title == "试行稿"
    assert {one.scheme_id for one in kept.summaries()} == {"epidemic", "elders"}


# A file of simulations


def test_what_simulations_said_is_found_in_files_of_old_and_of_today(old, monkeypatch):
    found = verify(old.folder, open_ledger(None, old.folder), 2)
    then = confidence_store.load(old.folder, found.provenance, found.scheme)
    next_day = replace(found.provenance, day=date(2026, 11, 1), settings=FigureSettings.current())
    confidence_store.save(old.folder, then, next_day)
    step = {5: lambda held, *_: {**held, "format": 5, "seed": held["seed"] + 1}}
    monkeypatch.setattr(confidence_store, "UPGRADES", {**confidence_store.UPGRADES, **step})
    monkeypatch.setattr(confidence_store, "CONFIDENCE_FORMAT", 5)
    for of in (found.provenance, next_day):
        now = confidence_store.load(old.folder, of, found.scheme)
        assert now.seed == then.seed + 1
        pd.testing.assert_frame_equal(now.shares, then.shares)
    confidence_store.save(old.folder, then, next_day)
    assert confidence_store.load(old.folder, next_day, found.scheme).seed == then.seed
    monkeypatch.undo()
    assert confidence_store.load(old.folder, next_day, found.scheme) is None
    assert confidence_store.load(old.folder, found.provenance, found.scheme).seed == then.seed

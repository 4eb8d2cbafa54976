"""What a newer program wrote is left alone, in one sentence that names the version that can read it."""

import json
from hashlib import sha256

import pytest

from analytics import __version__
from analytics.errors import LedgerError, ReleaseError, StoreError
from analytics.evidence import confidence_store
from analytics.releases import Release, open_ledger, verify
from analytics.releases.formats import RELEASE_FORMAT
from analytics.releases.release import Manifest, _digest, _json
from analytics.store import Store
from analytics.store.commits import _digest as commit_digest
from analytics.store.drafts import DRAFT_FORMAT, Draft, Drafts
from analytics.store.home import STORE_FORMAT
from analytics.store.ledger_tables import LEDGER_FORMAT, canonical
from tests.releases.frozen import frozen, run
from tests.store import made
from tests.upgrade.old_homes import SEAT, files_of, unpacked

NEWER = "7.3"
"""The version of the program that wrote it."""


@pytest.fixture
def home(tmp_path):
    """A home of today with a load, a release, a draft of it and one of a scheme."""
    folder = tmp_path / "home"
    store = Store.open(folder)
    store.add(made.areas({"A1": 1}), made.ME)
    ledger = open_ledger(None, folder)
    frozen(folder, ledger, run())
    frozen(folder, ledger, run(), publish=False)
    Drafts(folder).keep(SEAT, "made", Draft(yaml_text="id: made", begun_from="2:0"))
    return folder


def assert_told(raised):
    """One sentence in each language that names the version, and no folder of the machine."""
    (problem,) = raised.value.problems
    for lang, update in (("zh", f"请升级到{NEWER}或更高版本"), ("en", f"pdate to version {NEWER} or later")):
        assert update in problem.text(lang)
        assert "pytest" not in problem.text(lang)


def test_a_home(home):
    description = home / "home.json"
    told = json.loads(description.read_text())
    description.write_text(json.dumps({**told, "format": STORE_FORMAT + 1, "program": NEWER}))
    before = files_of(home)
    with pytest.raises(StoreError) as raised:
        Store.open(home)
    assert_told(raised)
    assert files_of(home) == before


def test_a_commit(home):
    body = {"kind": "merge", "number": 2, "of": [1]}
    told = {"format": STORE_FORMAT + 1, "program": NEWER, "commit": body, "sha256": commit_digest(body)}
    (home / "commits" / "000002.json").write_text(json.dumps(told))
    before = files_of(home)
    store = Store.open(home)
    asked = [store.loads, store.digest, store.commits, lambda: store.table("areas"), lambda: store.undo(1, made.ME)]
    for ask in (*asked, lambda: store.add(made.areas({"A2": 1}, "b.csv"), made.ME)):
        with pytest.raises(StoreError) as raised:
            ask()
        assert_told(raised)
    assert files_of(home) == before


def test_a_ledger(book):
    book.open()
    book.raw(
        f"INSERT INTO ledger_format VALUES ({LEDGER_FORMAT + 1}, '6.0')",
        f"INSERT INTO ledger_format VALUES ({LEDGER_FORMAT + 2}, '{NEWER}')",
        "ALTER TABLE releases ADD COLUMN later TEXT",
    )
    before = files_of(book.home)
    for issued in ((), ("000001",)):
        with pytest.raises(LedgerError) as raised:
            book.open(*issued)
        assert_told(raised)
    assert files_of(book.home) == before


def newer_manifest(folder):
    file = folder / "manifest.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    content.pop("digest")
    content |= {"format": RELEASE_FORMAT + 1, "program": NEWER, "signed": {"by": "甲"}}
    file.write_text(_json({**content, "digest": _digest(content)}), encoding="utf-8")


def test_a_release_whose_scheme_has_a_key_that_is_not_known_here(home):
    folder = home / "releases" / "000001"
    scheme = folder / "scheme.yaml"
    scheme.write_text(scheme.read_text(encoding="utf-8") + "reviewed_every: 30\n", encoding="utf-8")
    manifest = folder / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content.pop("digest")
    content["files"]["scheme.yaml"] = sha256(scheme.read_bytes()).hexdigest()
    content["program"] = NEWER
    manifest.write_text(_json({**content, "digest": _digest(content)}), encoding="utf-8")
    for ask in (lambda: Release.open(home, 1).scheme, lambda: Release.open(home, 1).assessment()):
        with pytest.raises(ReleaseError) as raised:
            ask()
        (problem,) = raised.value.problems
        assert f"请用制作它的{NEWER}版打开" in problem.text("zh")
        assert f"Open it with version {NEWER}" in problem.text("en")


@pytest.mark.parametrize("name", ["000001", "D000001"])
def test_a_release(home, name):
    ledger = open_ledger(None, home)
    newer_manifest(home / "releases" / name)
    before = files_of(home)
    for opened in (lambda: Release.open(home, name), lambda: verify(home, ledger, name)):
        with pytest.raises(ReleaseError) as raised:
            opened()
        assert_told(raised)
    assert files_of(home) == before
    assert open_ledger(None, home).releases() == ledger.releases()


def test_a_draft(home):
    kept = Drafts(home)
    file = kept._file(SEAT, "made")
    content = canonical({"format": DRAFT_FORMAT + 1, "program": NEWER, "scheme": {}})
    file.write_text(f"{sha256(content.encode()).hexdigest()}\n{content}\n")
    before = files_of(home)
    for _ in range(2):
        with pytest.raises(StoreError) as raised:
            kept.of(SEAT, "made")
        assert_told(raised)
    assert kept.summaries() == ()
    assert files_of(home) == before


def test_a_file_of_simulations_counts_as_none_and_stays(tmp_path):
    old = unpacked("before-12", tmp_path)
    found = verify(old.folder, open_ledger(None, old.folder), 2)
    (file,) = (old.folder / confidence_store.FOLDER).iterdir()
    told = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**told, "format": confidence_store.CONFIDENCE_FORMAT + 1, "program": NEWER}))
    before = files_of(old.folder)
    assert confidence_store.load(old.folder, found.provenance, found.scheme) is None
    assert files_of(old.folder) == before


def test_every_format_says_what_wrote_it(home):
    # Else a program of today could not name the version that is needed for what a newer one wrote.
    told = [json.loads((home / name).read_text()) for name in ("home.json", "commits/000001.json",
                                                                "releases/000001/manifest.json")]  # fmt: skip
    told.append(json.loads(next((home / "drafts").iterdir()).read_text().splitlines()[1]))
    assert [(one["program"], one["format"]) for one in told] == [
        (__version__, number) for number in (STORE_FORMAT, STORE_FORMAT, RELEASE_FORMAT, DRAFT_FORMAT)
    ]
    assert Manifest.model_fields["format"].annotation.__args__ == (RELEASE_FORMAT,)

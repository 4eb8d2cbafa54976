"""Homes of older programs open with the program of today, which finds in them what their own programs found."""

import json
import re
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analytics import tiers
from analytics.access import Actor
from analytics.errors import LedgerError
from analytics.evidence import confidence_store
from analytics.releases import open_ledger, status, verify
from analytics.releases.bulletin import as_json, as_text
from analytics.releases.formats import RELEASE_FORMAT
from analytics.releases.publishing import entry_of, predecessor, report
from analytics.releases.release import Release
from analytics.scheme.reading import scheme_from
from analytics.scoring import area_counts_for, assess
from analytics.store import Store, counts_of
from analytics.store.current_schemes import current_scheme
from analytics.store.drafts import Drafts
from analytics.store.home import STORE_FORMAT
from analytics.store.ledger import says_the_same
from analytics.store.ledger_database import CLOCK
from analytics.words import LANGUAGES
from analytics.workspace import Workspace, ledgers, loads, published
from analytics.workspace import drafts as kept_drafts
from analytics.workspace.datasets import require_own
from tests.upgrade.old_homes import NAMES, SEAT, files_of, unpacked

pytestmark = pytest.mark.parametrize("name", NAMES)

ANALYST, KEEPER = Actor("丙", "analyst"), Actor("甲", "local")
NEWEST = date(2026, 10, 31)


@pytest.fixture
def old(name, tmp_path):
    return unpacked(name, tmp_path / "old")


@pytest.fixture
def ledger(old):
    return open_ledger(None, old.folder)


@pytest.fixture
def ws(old):
    return Workspace(KEEPER, old.folder, date(2026, 11, 28))


def test_its_trail_is_whole_and_its_releases_are_listed(old, ledger):
    entries = int(re.match(r"\d+", old.answers["audit"])[0])
    upgraded = [entry for entry in ledger.audit() if entry.action == "upgrade"]
    assert ledger.verify_audit() == entries + len(upgraded)
    assert [f"{entry.number or entry.name}" for entry in ledger.releases()] == list(old.listed)
    assert not any(entry.withdrawn for entry in ledger.releases())


def test_every_release_is_as_it_was_written_and_has_the_check_code_that_was_handed_out(old, ledger):
    for number, code in old.listed.items():
        found = verify(old.folder, ledger, number)
        assert found.digest == old.manifests[found.folder.name]["digest"]
        if not found.manifest.is_draft:
            assert found.code == code
            assert status(old.folder, ledger, code).number == int(number)
    newest = status(old.folder, ledger, old.listed["2"])
    assert (newest.status, status(old.folder, ledger, old.listed["1"]).status) == ("unchanged", "superseded")


def test_the_code_of_a_view_leads_back_to_it(old, ledger):
    (code,) = {entry.subject for entry in ledger.audit() if entry.action == "code"}
    found = status(old.folder, ledger, code)
    assert (found.number, found.view) == (2, {"lang": "zh", "scheme": "epidemic", "area": "UP-01-01"})


def test_every_release_shows_the_tiers_that_it_showed(old, ledger):
    for number, answer in (("1", "bulletin_first"), ("2", "bulletin")):
        run = verify(old.folder, ledger, number).assessment()
        shown = dict(zip(run.areas.index, tiers.names(run.shown[-1]), strict=True))
        assert shown == old.tiers(answer)
        assert run.provenance.method == old.method(f"{int(number):06}")
        assert run.provenance.records == old.records(f"{int(number):06}")
    draft = verify(old.folder, ledger, "D1").assessment()
    told = old.table("score_elders").set_index("area_id")
    assert list(tiers.names(draft.published[-1])) == told["published_tier"].loc[draft.areas.index].tolist()


RISES = ("category", "matters_of", "matters_rise", "matters_fall")
"""Which kind of incident rose and fell most is told today of the kinds that the scheme counts, of no other."""
CHANGED_SINCE = ("cause.", "digest.scheme", "code", "measure_cadence.", "measure_times.", "measure_weeks.")
"""Facts that say something else today, have another name, or are not said beside an action that says how often."""


def as_today(fact):
    """An area's name was told in one language: today it is in both."""
    named = fact["name"].startswith("name.") and isinstance(fact["value"], dict)
    return fact | {"value": fact["value"]["zh"]} if named else fact


@pytest.mark.parametrize(("number", "answer"), [(1, "bulletin_first"), (2, "bulletin")])
def test_its_bulletins_say_the_same_figures_of_the_same_areas(old, ledger, number, answer):
    entry = entry_of(ledger, number)
    found = report(old.folder, ledger, predecessor(ledger, entry), entry)
    told = json.loads(as_json(found.bulletin))
    sentences = [told["title"], *(one for section in told["sections"] for one in section["sentences"])]
    now = [json.dumps(as_today(fact), sort_keys=True) for one in sentences for fact in one["facts"]]
    counted = found.after.scheme.categories()
    for fact in old.facts(answer):
        if fact["name"] in RISES and fact["rows"][-1] not in counted:
            continue
        # What is a word, and no figure, may be another word by now.
        if not isinstance(fact["value"], dict) and not fact["name"].startswith(CHANGED_SINCE):
            assert json.dumps(as_today(fact), sort_keys=True) in now
    assert all(as_text(found.bulletin, lang) for lang in LANGUAGES)


def test_its_releases_are_compared_and_the_counts_and_the_changes_are_those_of_then(old, ledger):
    found = report(old.folder, ledger, entry_of(ledger, 1), entry_of(ledger, 2)).comparison
    columns = ["before", "left", "came", "added", "removed"]
    told = r"：(\d+) [−-] ?转出 ?(\d+) [+＋] ?转入 ?(\d+) [+＋] ?新纳入 ?(\d+) [−-] ?不再参评 ?(\d+) [=＝] ?(\d+)"
    counts = re.findall(told, old.answers["compare"])
    assert found.counts[[*columns, "after"]].to_numpy().tolist() == [[int(one) for one in row] for row in counts]
    moved = re.findall(r"（(\S+)）：(\S) → (\S)，", old.answers["compare"])
    short = dict(zip("红橙黄蓝绿", tiers.SHOWN, strict=False))
    assert {(change.area_id, change.before, change.after) for change in found.changes} == {
        (area, short[before], short[after]) for area, before, after in moved
    }


def test_its_decisions_hold_on_their_days_and_the_one_taken_back_does_not(old, ledger):
    (found,) = ledger.overrides()
    assert old.answers["overrides"].split()[:3] == [f"{found.number}", found.scheme_id, found.area_id]
    assert (found.tier, found.who, found.role, found.reason) == ("orange", "keeper", "local", "现场核实")
    assert (found.starts, found.expires) == (date(2026, 10, 30), date(2026, 11, 7))
    assert len(ledger.overrides("epidemic", NEWEST)) == 1
    run = verify(old.folder, ledger, 2).assessment()
    assert tiers.names(run.shown[-1, run.areas.index == found.area_id]).tolist() == ["orange"]


def test_its_adopted_scheme_is_in_use_and_is_not_saved_again(ledger):
    (version,) = ledger.scheme_versions("epidemic")
    scheme = scheme_from(version.yaml_text.encode(), "scheme.yaml")
    assert says_the_same(scheme, version)
    used = current_scheme(ledger, "epidemic")
    assert (used.adopted, used.scheme, used.notice, used.scheme.tiers.red) == (version, scheme, None, 52)
    with pytest.raises(LedgerError, match=r"number 1\).*nothing was saved again"):
        ledger.save_scheme(ANALYST, version.yaml_text, "再存一次", {CLOCK})
    assert ledger.save_scheme(ANALYST, version.yaml_text.replace("red: 52", "red: 51"), "改", {CLOCK}).version == 3


def test_its_drafts_open_and_the_one_that_nobody_touched_is_known_as_that(old, ledger, ws):
    drafts = Drafts(old.folder)
    assert {one.scheme_id for one in drafts.summaries()} == {"epidemic", "elders"}
    # What a draft was begun from: the version that was adopted, and a scheme of the program of then, whose words are
    # others today; a draft that still holds what it was begun from is one that nobody touched.
    assert drafts.of(SEAT, "epidemic").begun_from == current_scheme(ledger, "epidemic").scheme.digest()
    for scheme_id in ("epidemic", "elders"):
        found = drafts.of(SEAT, scheme_id)
        scheme = scheme_from(found.yaml_text.encode(), "scheme.yaml")
        assert (scheme.digest() == found.begun_from) == (scheme_id == "elders")
        state = kept_drafts.kept_draft(ws, require_own(ws), SEAT, scheme_id)
        assert (state.scheme, state.begun_from) == (scheme, found.begun_from)
    assert scheme_from(drafts.of(SEAT, "epidemic").yaml_text.encode(), "x").tiers.red == 58
    assert drafts.of(SEAT, "epidemic").locked == ("cases",)


def test_what_the_simulations_of_its_newest_release_said_is_found(old, ledger):
    release = verify(old.folder, ledger, 2)
    found = confidence_store.load(old.folder, release.provenance, release.scheme)
    assert (found.number, list(found.shares.index)) == (1000, list(release.areas().index))
    assert confidence_store.etag(old.folder, release.provenance, release.scheme)
    first = verify(old.folder, ledger, 1)
    assert confidence_store.load(old.folder, first.provenance, first.scheme) is None


@pytest.mark.parametrize(("scheme_id", "answer"), [("epidemic", "score"), ("elders", "score_elders")])
def test_its_records_are_scored_as_they_were(old, ledger, scheme_id, answer):
    then = old.table(answer)
    days = pd.DatetimeIndex(sorted(pd.to_datetime(then["day"].unique())))
    # The draft holds the scheme that shipped then, of which there is a newer version today.
    draft = verify(old.folder, ledger, "D1").scheme
    scheme = draft if draft.id == scheme_id else current_scheme(ledger, scheme_id).scheme
    now = assess(area_counts_for(counts_of(Store.open(old.folder)), scheme), scheme, days).table()
    assert [column for column in now if column in then] == list(then)
    judged = ["computed_tier", "published_tier", "decided_by"]
    for column in then.columns.drop(judged):
        if pd.api.types.is_float_dtype(then[column]):
            np.testing.assert_allclose(now[column].to_numpy("float64"), then[column], rtol=0, atol=1e-9, err_msg=column)
        else:
            assert now[column].tolist() == then[column].tolist(), column
    # Since method 2 a tier is withheld where what is missing could say another one, harder or milder.
    known = now["computed_tier"] != tiers.UNKNOWN
    assert now.loc[known, judged].equals(then.loc[known, judged])
    assert known.all() or now.loc[~known, "least_tier"].ne(now.loc[~known, "most_tier"]).all()


def test_looking_at_it_changes_nothing_but_the_ledger(old, ledger, ws):
    before = files_of(old.folder)
    for number in old.listed:
        verify(old.folder, ledger, number).assessment()
    report(old.folder, ledger, entry_of(ledger, 1), entry_of(ledger, 2))
    loads.history(ws)
    Drafts(old.folder).of(SEAT, "elders")
    assert files_of(old.folder) == before


def test_it_goes_on_with_a_load_and_a_release_and_its_older_loads_get_their_entries(old, ws, tmp_path):
    more = tmp_path / "incidents_of_november.csv"
    more.write_text(
        "incident_id,area_id,occurred_at,category,channel,status,due_at,closed_at\n"
        "N1,UP-01-01,2026-11-01,confirmed_case,grid,open,,\n", encoding="utf-8"
    )  # fmt: skip
    older = Store.open(old.folder).commits()
    assert {commit.role for commit in older} == {"local"}
    _, added = loads.load_file(ws, loads.Incoming("incidents", more))
    assert added.number == len(older) + 1
    assert json.loads((old.folder / "home.json").read_text())["format"] == STORE_FORMAT
    book = ledgers.own_ledger(ws)
    assert [commit.number for commit in book.commits()] == list(range(1, added.number + 1))
    assert book.commits()[:-1] == older
    assert (book.commits()[-1].who, book.commits()[-1].role) == (KEEPER.name, KEEPER.role)

    data = require_own(ws)
    scheme = current_scheme(book, "epidemic").scheme
    made = published.publish(ws, data, scheme, NEWEST + timedelta(days=1), "升级后首期", {CLOCK})
    assert (made.number, made.year) == (3, date.fromisoformat(book.audit()[-1].detail["row"]["at"][:10]).year)
    assert Release.open(old.folder, 3).manifest.format == RELEASE_FORMAT
    assert predecessor(book, made).number == 2
    for lang in LANGUAGES:
        assert as_text(published.comparison_report(ws, data, entry_of(book, 2), made).bulletin, lang)
    assert [verify(old.folder, book, number).code for number in ("1", "2")] == [old.listed["1"], old.listed["2"]]
    assert book.verify_audit() == ledgers.verify_audit(ws) == len(book.audit())


def test_its_newest_release_can_be_withdrawn_and_its_draft_published(old, ws):
    data = require_own(ws)
    published.withdraw(ws, data, 2, "数据有误", {CLOCK})
    book = ledgers.own_ledger(ws)
    assert status(old.folder, book, old.listed["2"]).status == "withdrawn"
    assert status(old.folder, book, old.listed["1"]).status == "unchanged"
    assert verify(old.folder, book, 2).assessment()
    draft = entry_of(book, "D1")
    made = published.publish_kept(ws, data, draft, {CLOCK})
    assert (made.number, made.draft) == (3, 1)
    found = verify(old.folder, book, 3)
    assert found.manifest.files == old.manifests["D000001"]["files"]
    assert ledgers.verify_audit(ws) == len(book.audit())

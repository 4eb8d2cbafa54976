"""What the demo street ships with: releases that today's program makes of today's records, numbered by themselves."""

import tarfile
import threading

import numpy as np
import pandas as pd
import pytest

from analytics.access import Actor
from analytics.scoring.provenance import METHOD_VERSION, FigureSettings, Provenance
from analytics.workspace import briefings, datasets, decisions, ledgers, open_workspace, published, runs, schemes, tasks
from analytics.workspace.samples import SHIPPED, unpack_shipped
from sample_data.make_releases import ASSIGNED, DAYS, DECIDED, FOLLOWED, OFFICE, SAMPLE, make, packed
from tests.upgrade.old_homes import files_of

AGAIN = "Make them again: python -m sample_data.make_releases"
FOLDER = datasets.samples()[SAMPLE].folder


@pytest.fixture(autouse=True)
def _samples_without_releases():
    """Here they start as they ship."""


@pytest.fixture(scope="module")
def first_start(tmp_path_factory):
    """A workspace that nobody has opened yet, and the sample in it."""
    ws = open_workspace(tmp_path_factory.mktemp("first"), Actor("甲", "local"))
    return ws, datasets.find(ws, None)[0]


def test_every_scheme_of_the_sample_has_four_weekly_releases_and_they_are_as_they_were_written(first_start):
    ws, data = first_start
    assert data.id == SAMPLE
    for scheme in data.schemes:
        entries = published.releases(ws, data, scheme)
        assert [entry.day for entry in entries] == sorted(DAYS, reverse=True)
        assert all(entry.stands and not published.frozen(ws, data, entry).manifest.is_draft for entry in entries)
    numbers = [entry.number for entry in published.releases(ws, data)]
    assert numbers == list(range(len(DAYS) * len(data.schemes), 0, -1))
    others = 2 + len(ASSIGNED) + len(FOLLOWED)  # two: the settings and the override
    assert ledgers.verify_audit(ws, data) == len(ledgers.audit_trail(ws, data)) == len(numbers) + others


def test_of_its_six_assignments_three_are_signed_off_two_are_open_and_one_is_late(first_start):
    ws, data = first_start
    held = tasks.assignments(ws, data, DAYS[-1])
    late = [one.entry.number for one in held if one.missed]
    assert [one.entry.number for one in held if one.state == "signed_off"] == [1, 2, 3]
    assert [one.entry.number for one in held if one.state == "open"] == [4, 5, 6]
    assert late == [6]


def test_its_teams_are_of_seventeen_departments_and_120_people_tied_to_its_communities(first_start):
    teams = first_start[1].teams
    assert len({one for held in teams["department"] for one in held.split("、")}) == 17
    assert teams["members"].sum() == 120
    assert teams["home_area_id"].nunique() == 8


def test_they_are_unpacked_by_a_python_without_filters_of_archives_too(monkeypatch, tmp_path):
    monkeypatch.delattr(tarfile, "data_filter", raising=False)  # as before Python 3.11.4
    unpack_shipped(FOLDER, tmp_path / "home")
    assert (tmp_path / "home" / "releases" / "000001").is_dir()


def test_they_are_what_todays_program_makes_of_todays_records(first_start):
    ws, data = first_start
    for scheme in schemes.schemes(ws, data).values():
        now = runs.assessed(ws, data, scheme, DAYS)
        for entry in published.releases(ws, data, scheme.id):
            release, at = published.frozen(ws, data, entry), now.days.get_loc(pd.Timestamp(entry.day))
            usual = FigureSettings.current()
            made_by = Provenance(data.counts.digest, scheme.digest(), METHOD_VERSION, usual, entry.day)
            assert release.provenance == made_by, AGAIN
            frozen = release.assessment()
            # The decision was made before the newest release, and so is in none of the others.
            decided = now.areas.index == DECIDED.area_id if entry.day < DAYS[-1] else np.zeros(len(now.areas), bool)
            assert np.array_equal(frozen.shown[-1][~decided], now.shown[at][~decided]), AGAIN


def test_the_decision_is_in_force_on_the_newest_day_and_shows_another_tier_than_was_computed(first_start):
    ws, data = first_start
    (entry,) = decisions.overrides(ws, data, data.schemes[0], DAYS[-1])
    assert (entry.area_id, entry.tier, entry.role) == (DECIDED.area_id, "yellow", "admin")
    run = runs.assessed(ws, data, schemes.schemes(ws, data)[data.schemes[0]], [DAYS[-1]])
    at = run.areas.index.get_loc(DECIDED.area_id)
    assert run.shown[-1, at] != run.published[-1, at]


def test_every_week_brings_a_change_to_speak_of_and_a_briefing(first_start):
    ws, data = first_start
    for entry in published.releases(ws, data, data.schemes[0])[:-1]:
        before = published.before(ws, data, entry)
        assert published.comparison_report(ws, data, before, entry).comparison.changes
    assert briefings.briefing(ws, data, entry, "zh").office.office("zh") == OFFICE["office_zh"]


def test_the_numbers_of_the_offices_own_releases_begin_at_one(first_start):
    ws, _ = first_start
    assert published.own_releases(ws) == ()
    assert ledgers.own_ledger(ws).audit() == ()


def test_the_records_go_on_after_each_release_so_that_its_follow_up_can_be_seen(first_start):
    _, _data = first_start
    checks, incidents = (pd.read_csv(FOLDER / f"{table}.csv") for table in ("checks", "incidents"))
    for days in (checks.loc[checks["outcome"] == "done", "checked_at"], incidents["closed_at"].dropna()):
        by_day = pd.to_datetime(days.str[:10]).dt.date
        for day in DAYS[:-1]:
            assert ((by_day > day) & (by_day <= DAYS[DAYS.index(day) + 1])).sum() > 50


def test_a_home_of_the_sample_that_is_there_stays_as_it_is(tmp_path):
    home = tmp_path / "samples" / SAMPLE
    home.mkdir(parents=True)
    (home / "mine").write_text("甲")
    unpack_shipped(FOLDER, home)
    assert list(files_of(home)) == ["mine"]


def test_several_that_start_at_once_find_it_whole(tmp_path):
    home = tmp_path / "samples" / SAMPLE
    threads = [threading.Thread(target=unpack_shipped, args=(FOLDER, home)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert packed(home)
    assert [each.name for each in home.parent.iterdir()] == [SAMPLE]


def test_a_sample_without_an_archive_starts_empty(tmp_path):
    unpack_shipped(FOLDER.parent / "trafford", tmp_path / "trafford")
    assert not (tmp_path / "trafford").exists()


def test_it_is_small():
    assert (FOLDER / SHIPPED).stat().st_size < 1_500_000


def test_the_script_makes_the_same_releases_again(tmp_path, first_start, monkeypatch):
    monkeypatch.setattr("sample_data.make_releases.DAYS", DAYS[:1])
    ws, data = first_start
    made = make(tmp_path)
    shipped = published.releases(ws, data)[-len(data.schemes) :]
    for entry in shipped:
        assert files_of(made / "releases" / entry.name) == files_of(data.home / "releases" / entry.name), AGAIN

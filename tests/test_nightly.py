"""The night of an office: whom it reminds, what holds it, and which files it takes again."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
import yaml

from analytics.__main__ import main
from analytics.access import Actor
from analytics.releases import Intent
from analytics.scheme.reading import scheme_from
from analytics.store import Store
from analytics.workspace import Workspace, feeds, loads, open_workspace, published

AREAS = "area_id,name,level,population\nA,甲,grid,1000\nB,乙,grid,2000\nC,丙,grid,500\n"
TODAY = open_workspace().today
CHANNELS = ("clinic", "grid", "12345", "school")


def day(back):
    return TODAY - timedelta(days=back)


def incidents(channel, first, last, area="ABC"):
    """Two incidents a day and area, from ``first`` days ago to ``last`` days ago."""
    rows = [
        (f"{channel}-{one:%m%d}-{at}-{k}", f"{one:%Y-%m-%d}", at, "fever", channel)
        for one in pd.date_range(day(first), day(last))
        for at in area
        for k in range(2)
    ]
    return pd.DataFrame(rows, columns=["incident_id", "occurred_at", "area_id", "category", "channel"])


def scheme_text(name, channels):
    one = {
        "id": "n", "from": "incidents", "where": {"category": ["fever"], "channel": list(channels)}, "measure": "count",
        "window_days": 7, "points": {"method": "linear", "linear": {"low": 0, "high": 60}}, "weight": 1,
    }  # fmt: skip
    told = {"id": name, "version": 1, "level": "grid", "tiers": {"blue": 20, "yellow": 40, "orange": 60, "red": 80}}
    return yaml.safe_dump(told | {"dimensions": [{"id": "d", "weight": 1, "indicators": [one]}]})


def scheme(name, channels):
    return scheme_from(scheme_text(name, channels).encode(), f"{name}.yaml")


def office(silent, every="daily"):
    """An office whose channels all agreed to report; those that are ``silent`` stopped five days ago."""
    ws = Workspace(Actor("甲", "local"), open_workspace().home, TODAY)
    agreed = "\n".join(f"incidents,{one},{every},yes,{one},{day(60)}" for one in CHANNELS)
    texts = {
        "areas": AREAS,
        "agreements": f"table,feed,every,zero_report,unit,since\n{agreed}\n",
        "incidents": pd.concat([incidents(one, 60, 5 if one in silent else 1) for one in CHANNELS]).to_csv(index=False),
    }
    for table, text in texts.items():
        loads.load_file(ws, loads.Incoming(table, (f"{table}.csv", text.encode())))
    return ws


def inbox(tmp_path, **files):
    """The folder of the night, with files by table: name -> text."""
    for table, named in files.items():
        (tmp_path / "in" / table).mkdir(parents=True, exist_ok=True)
        for name, text in named.items():
            (tmp_path / "in" / table / name).write_text(text, encoding="utf-8")
    (tmp_path / "in").mkdir(exist_ok=True)
    (tmp_path / "out").mkdir(exist_ok=True)
    (tmp_path / "scheme.yaml").write_text(scheme_text("one", CHANNELS), encoding="utf-8")


def night(tmp_path, *more):
    return main(
        ["nightly", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--scheme", str(tmp_path / "scheme.yaml"),
         *more]
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_a_night_is_held_by_the_feeds_of_its_scheme_and_unlocked_by_a_release_of_it(seed):
    draw = np.random.default_rng(seed)
    silent = {one for one in CHANNELS if draw.random() < 0.5} or {CHANNELS[seed % 4]}
    ws = office(silent)
    schemes = {
        f"s{n}": draw.choice(CHANNELS, draw.integers(1, len(CHANNELS)), replace=False).tolist() for n in range(3)
    }
    assert {one.feed.code for one in feeds.missing(ws)} == silent
    accepted = set()
    for name in (None, *draw.permutation(list(schemes)).tolist()):
        if name:
            published.own_release(ws, scheme(name, schemes[name]), None, Intent("x", publish=True))
            accepted.add(name)
        for other, channels in schemes.items():
            held = {one.feed.code for one in feeds.unaccepted(ws, scheme(other, channels))}
            assert held == (set() if other in accepted else silent & set(channels)), (other, name)


def test_a_report_that_is_not_due_yet_holds_no_night_and_nobody_is_reminded_of_it():
    ws = office({"clinic"}, every="weekly")
    assert feeds.missing(ws) == ()
    assert feeds.unaccepted(ws, scheme("uses", CHANNELS)) == ()
    found = published.own_release(ws, scheme("uses", CHANNELS), None, Intent("x", publish=True))
    (feed,) = published.own_verified(ws, found).manifest.silent
    assert (feed.code, feed.why) == ("clinic", "waits")


def test_what_a_scheme_does_not_use_is_told_and_reminded_of_but_does_not_hold(tmp_path, capsys):
    office({"clinic"})
    inbox(tmp_path)
    (tmp_path / "scheme.yaml").write_text(scheme_text("other", ["grid"]), encoding="utf-8")
    night(tmp_path)
    said = capsys.readouterr()
    assert "门诊" in said.err
    assert [file.suffix for file in (tmp_path / "out").iterdir()].count(".pdf") >= 1
    assert len(published.own_releases(open_workspace())) == 1
    (tmp_path / "scheme.yaml").write_text(scheme_text("uses", ["grid", "clinic"]), encoding="utf-8")
    assert night(tmp_path, "--lang", "en") == 3
    assert "uses" in capsys.readouterr().err
    assert len(published.own_releases(open_workspace())) == 1


def test_a_file_that_waits_does_not_keep_the_reminders_back(tmp_path, capsys):
    office({"clinic"})
    cut = pd.concat([incidents(one, 60, 25) for one in CHANNELS])
    inbox(tmp_path, incidents={"incidents.csv": cut.to_csv(index=False)})
    assert night(tmp_path) == 3
    said = capsys.readouterr()
    assert "--confirm" in said.err
    assert "门诊" in said.err
    assert [file.suffix for file in (tmp_path / "out").iterdir()] == [".pdf"]
    assert not published.own_releases(open_workspace())


@pytest.mark.parametrize("seed", range(4))
def test_files_that_lie_there_since_another_night_bring_nothing_old_back(tmp_path, capsys, seed):
    draw = np.random.default_rng(seed)
    names = [f"{one}.csv" for one in draw.permutation(list("abcde"))]
    inbox(tmp_path, areas={"areas.csv": AREAS})
    newest = {}
    for name in names:
        chosen = draw.choice(12, draw.integers(4, 9), replace=False).tolist()
        areas = {f"N{one}": str(draw.choice(list("ABC"))) for one in chosen}
        rows = "".join(f"{one},{day(3)},{area},fever,grid\n" for one, area in areas.items())
        inbox(tmp_path, incidents={name: f"incident_id,occurred_at,area_id,category,channel\n{rows}"})
        newest |= areas
        commits = set()
        for _ in range(3):
            night(tmp_path)
            found = Store.open()
            held = found.table("incidents").set_index("incident_id")["area_id"].to_dict()
            assert held == newest, name
            commits.add(len(found.commits()))
        assert len(commits) == 1, name
    capsys.readouterr()
    # Who means it may still load an older file by hand.
    file = tmp_path / "in" / "incidents" / names[0]
    assert main(["load", str(file), "--as", "incidents"]) == 0
    assert "undo" in capsys.readouterr().out


def test_a_correction_that_was_confirmed_is_not_asked_about_again(tmp_path, capsys):
    first = incidents("grid", 60, 3)
    moved = first.assign(area_id=first["area_id"].replace("A", "B"))
    inbox(tmp_path, areas={"areas.csv": AREAS}, incidents={"1.csv": first.to_csv(index=False)})
    night(tmp_path)
    inbox(tmp_path, incidents={"2.csv": moved.to_csv(index=False)})
    assert night(tmp_path) == 3
    assert main(["load", str(tmp_path / "in" / "incidents" / "2.csv"), "--as", "incidents", "--confirm"]) == 0
    commits = len(Store.open().commits())
    capsys.readouterr()
    night(tmp_path)
    assert "--confirm" not in capsys.readouterr().err
    assert len(Store.open().commits()) == commits
    assert not Store.open().table("incidents")["area_id"].eq("A").any()


def test_a_file_is_read_again_where_that_may_bring_something(tmp_path):
    rows = incidents("grid", 20, 3, "ABD").to_csv(index=False)
    inbox(tmp_path, areas={"areas.csv": AREAS}, incidents={"1.csv": rows})
    assert night(tmp_path) == 3
    assert "D" not in set(Store.open().table("incidents")["area_id"])
    inbox(tmp_path, areas={"areas.csv": AREAS + "D,丁,grid,700\n"})
    night(tmp_path)
    assert "D" in set(Store.open().table("incidents")["area_id"]), "its area has come since"
    number = next(load.number for load in Store.open().loads() if load.table == "incidents" and load.status == "live")
    assert main(["undo", str(number)]) == 0
    night(tmp_path)
    assert "D" in set(Store.open().table("incidents")["area_id"]), "what was undone is loaded by the next night"


def test_an_agreement_that_lies_there_holds_from_its_first_night(tmp_path, monkeypatch):
    agreed = "table,feed,every,zero_report\nincidents,clinic,daily,yes\n"
    inbox(tmp_path, areas={"areas.csv": AREAS}, agreements={"agreed.csv": agreed})
    night(tmp_path)
    since = Store.open().table("agreements")["since"].tolist()
    later = open_workspace()
    later = Workspace(later.actor, later.home, TODAY + timedelta(days=3))
    monkeypatch.setattr("analytics.commands.briefing.workspace_of", lambda _: later)
    night(tmp_path)
    assert Store.open().table("agreements")["since"].tolist() == since

"""Makes a home as an office would, with the program as it stands: ``python -m tests.upgrade.make_home NAME``.

Eight grids in two communities, the main tables with hazards told and handed over, two loads and an undo, an order in
force in the second of two releases, a draft, an override in force and one taken back, two assignments, one of them
signed off, a saved and adopted scheme version, a draft of the workbench, and draws; an objection to the draft with its
answer and a check of it, a copy that was taken, and a reason that was taken out of the trail. What the program of the
day answers about it is kept beside it, so that every later program can be held to the same answers. Whoever changes a
format adds the home of its day; a home that is there already is never made again.
"""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import zipfile
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOMES = Path(__file__).parent / "homes"
NEWEST = date(2026, 10, 31)
DAYS = 150
GRIDS = [f"UP-0{community}-0{grid}" for community in (1, 2) for grid in (1, 2, 3, 4)]

ASKED = {
    "releases": ("releases",),
    "verify_1": ("verify", "1"),
    "verify_2": ("verify", "2"),
    "verify_draft": ("verify", "D1"),
    "draft_steps": ("release-step", "D1"),
    "compare": ("compare", "1", "2"),
    "bulletin": ("bulletin", "2", "--format", "json"),
    "bulletin_first": ("bulletin", "1", "--format", "json"),
    "overrides": ("overrides",),
    "scheme_versions": ("scheme-versions",),
    "tasks": ("tasks", "--day", "2027-06-30"),
    "audit": ("audit", "verify"),
    "loads": ("loads",),
    "score": ("score", "--scheme", "epidemic", "--from", "2026-10-25", "--to", "2026-10-31"),
    "score_elders": ("score", "--scheme", "elders", "--date", "2026-10-31"),
}
"""What is asked of the home: its answers are kept under these names."""


def _hazards(places: list[list]) -> list[list]:
    """Checks that found a hazard: told with a deadline, handed over, and one of which only the finding is known."""
    found, told, fix_by = (f"{NEWEST - timedelta(days=days)}" for days in (20, 18, -5))
    stages = ([told, fix_by, "", ""], [told, "", "消防救援站", "消〔2026〕7号"], [""] * 4)
    return [
        [f"H{at}", places[at][0], places[at][1], "inspection", found, "finding", "T1", *stage]
        for at, stage in enumerate(stages)
    ]


def make_files(folder: Path) -> None:
    """The office's files: made up, and the same every time."""
    draw = random.Random(12)
    features = [
        _area("UP-01", "东桥社区", "community", None, 0, 0, 4),
        _area("UP-02", "西溪社区", "community", None, 0, 1, 4),
    ]
    names = ("第一网格", "第二网格", "第三网格", "第四网格")
    for number, grid in enumerate(GRIDS):
        row, column = divmod(number, 4)
        parent = grid[:5]
        name = ("东桥社区", "西溪社区")[row] + names[column]
        features.append(_area(grid, name, "grid", parent, column, row, 1, draw.randint(700, 1600)))
    _write(folder / "areas.geojson", {"type": "FeatureCollection", "features": features})

    residents = []
    for grid in GRIDS:
        for age in ("0-17", "18-59", "60-69", "70-79", "80+"):
            for alone in ("true", "false"):
                for tenure, origin in (("own", "local"), ("rent", "elsewhere")):
                    residents.append([grid, draw.randint(12, 60), age, alone, tenure, origin, "2026-05-31"])
    _table(folder / "residents.csv", "area_id count age_band lives_alone tenure origin as_of", residents)

    kinds = {
        "confirmed_case": 2,
        "close_contact": 4,
        "fever": 9,
        "gathering": 5,
        "noise": 40,
        "fall": 15,
        "elder_help": 25,
    }
    matters = []
    for number in range(1200):
        day = NEWEST - timedelta(days=draw.randrange(DAYS))
        due = day + timedelta(days=5)
        closed = day + timedelta(days=draw.randrange(12)) if draw.random() < 0.8 else None
        closed = closed if closed and closed <= NEWEST else None
        grid = draw.choices(GRIDS, (8, 5, 3, 3, 2, 2, 1, 1))[0]
        matters.append(
            [f"M{number:05}", grid, day.isoformat(), draw.choices(list(kinds), list(kinds.values()))[0],
             draw.choice(("12345", "grid", "clinic")),
             "closed" if closed else "open", due.isoformat(), closed.isoformat() if closed else ""]
        )  # fmt: skip
    heads = "incident_id area_id occurred_at category channel status due_at closed_at"
    edge = (NEWEST - timedelta(days=7)).isoformat()
    _table(folder / "incidents_to_24.csv", heads, [row for row in matters if row[2] <= edge])
    _table(folder / "incidents_to_31.csv", heads, [row for row in matters if row[2] > edge])
    wrong = [[f"W{at}", GRIDS[0], NEWEST.isoformat(), "confirmed_case", "grid", "open", "", ""] for at in range(40)]
    _table(folder / "incidents_wrong.csv", heads, wrong)

    places, checks = [], []
    for grid in GRIDS:
        for kind, number in (("building", 6), ("shop", 5), ("rental", 6), ("venue", 3), ("household", 30)):
            places += [[f"P-{grid}-{kind}-{at}", grid, kind, draw.randint(10, 300)] for at in range(number)]
    for number in range(1500):
        place = draw.choice(places)
        day = NEWEST - timedelta(days=draw.randrange(DAYS))
        outcome = draw.choices(("done", "partly", "nobody_home", "refused"), (8, 1, 2, 1))[0]
        checks.append([f"C{number:05}", place[0], place[1], "visit", day.isoformat(), outcome, "T1"])
    _table(folder / "places.csv", "place_id area_id kind capacity", places)
    heads = "check_id place_id area_id kind checked_at outcome team_id"
    _table(folder / "checks.csv", heads, checks)
    _table(folder / "hazards.csv", f"{heads} told_at fix_by handed_to handed_number", _hazards(places))
    _table(folder / "teams.csv", "team_id name department members home_area_id hours_per_day lead_post",
           [["T1", "东桥组", "网格办、司法所", 6, "UP-01", 6, "包联领导"],
            ["T2", "西溪组", "卫健", 4, "UP-02", 6, ""]])  # fmt: skip
    _table(folder / "orders.csv", "order_id at_least area_id basis from_day to_day measure",
           [["L1", "red", "UP-02-04", "防汛〔2026〕3号", "2026-10-29", "2026-11-05", "加密巡查"]])  # fmt: skip
    (folder / "mapping.yaml").write_text("area_id: area_id\n", encoding="utf-8")


def _area(
    code: str, name: str, level: str, parent: str | None, column: int, row: int, width: int, people: int = 0
) -> dict:
    west, south, step = 118.86 + 0.004 * column, 28.95 + 0.004 * row, 0.004
    ring = [[west, south], [west + step * width, south], [west + step * width, south + step], [west, south + step]]
    said = {"area_id": code, "name": name, "level": level, "parent_id": parent}
    if people:
        said |= {
            "population": people,
            "households": people // 3,
            "buildings": 6,
            "shops": 5,
            "renter_share": 20 + people % 30,
        }
    return {"type": "Feature", "properties": said, "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}}


def _write(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _table(file: Path, heads: str, rows: list[list[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([heads.split(), *rows])


_DRAFT_AND_DRAWS = """
from datetime import date
from analytics.evidence.sampling import UncertaintyRanges
from analytics.scheme.editing import recut
from analytics.workspace import open_workspace
from analytics.workspace import drafts, evidence, published, schemes
from analytics.workspace.datasets import require_own

ws = open_workspace()
data, seat, day = require_own(ws), "0123456789abcdef0123456789abcdef", date(2026, 10, 31)
used = schemes.own_current(ws, "epidemic")
draft = drafts.DraftState(recut(used.scheme, {"red": 58.0}), used.text, used.scheme.digest(), frozenset({"cases"}))
drafts.keep_draft(ws, data, seat, draft)
untouched = schemes.own_current(ws, "elders")
drafts.keep_draft(ws, data, seat, drafts.DraftState(untouched.scheme, untouched.text, untouched.scheme.digest()))
found = evidence.simulate(ws, data, used.scheme, day, UncertaintyRanges())
evidence.keep_simulation(ws, data, used.scheme, day, found)
view = {"lang": "zh", "scheme": "epidemic", "area": "UP-01-01"}
print(published.code_of_view(ws, data, published.own_entry(ws, 2), view))
"""
"""What no command does. A home is made with the program of its day, and so this is what that program needs."""


def make(name: str, program: Path = ROOT) -> None:
    """Make the home ``name`` and what is answered about it, with the program in this folder."""
    target = HOMES / f"{name}.zip"
    if target.exists():
        raise SystemExit(f"{target.name} is there already, and is never made again.")
    with tempfile.TemporaryDirectory() as folder:
        files, home = Path(folder) / "files", Path(folder) / "home"
        files.mkdir()
        make_files(files)

        def run(*words: str, code: int = 0, who: str = "keeper") -> str:
            # The author is the system's user: made up here, since a home is read by others.
            people = {"LOGNAME": who, "USER": who, "FIVE_COLOUR_HOME": str(home), "PYTHONUTF8": "1"}
            done = subprocess.run([sys.executable, *words], cwd=program, env=os.environ | people, text=True,
                                  encoding="utf-8", capture_output=True, check=False)  # fmt: skip
            if done.returncode != code:
                raise SystemExit(f"{words} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
            return done.stdout

        def analytics(*words: str, who: str = "keeper") -> str:
            return run("-m", "analytics", *words, who=who)

        for table, file in (("areas", "areas.geojson"), ("residents", "residents.csv"), ("places", "places.csv"),
                            ("checks", "checks.csv"), ("teams", "teams.csv"),
                            ("incidents", "incidents_to_24.csv")):  # fmt: skip
            analytics("load", str(files / file), "--as", table)
        analytics("load", str(files / "incidents_wrong.csv"), "--as", "incidents")
        analytics("undo", "7")
        analytics("release", "--scheme", "epidemic", "--date", "2026-10-24", "--publish", "--reason", "周例会")
        analytics("load", str(files / "incidents_to_31.csv"), "--as", "incidents")
        analytics("load", str(files / "orders.csv"), "--as", "orders")
        analytics("load", str(files / "hazards.csv"), "--as", "checks")
        analytics("load", str(files / "areas.geojson"), "--as", "areas", "--mapping", str(files / "mapping.yaml"))
        scheme = analytics("scheme-text", "epidemic").replace("red: 55", "red: 52", 1)
        (files / "epidemic.yaml").write_text(scheme, encoding="utf-8")
        analytics("save-scheme", str(files / "epidemic.yaml"), "--reason", "例会议定")
        analytics("adopt-scheme", "1")
        for area, tier in (("UP-02-03", "orange"), ("UP-02-01", "yellow")):
            analytics("override", area, tier, "--scheme", "epidemic", "--reason", "现场核实",
                      "--from", "2026-10-30", "--to", "2026-11-07")  # fmt: skip
        analytics("withdraw", "2")
        for content in ("核查出租屋消防通道", "清理楼道堆物"):
            analytics("task-add", content, "--post", "平安办", "--days", "3")
        analytics("task-step", "1", "report", "--text", "街办〔2026〕12号")
        analytics("task-step", "1", "sign-off", "--post", "督查室")
        analytics("release", "--scheme", "epidemic", "--publish", "--reason", "周例会")
        analytics("release", "--scheme", "elders", "--reason", "待核")
        analytics("release-step", "D1", "object", "--text", "两处走访记录未导入", "--community", "UP-01", who="leader")
        analytics("release-step", "D1", "answer", "--text", "已补导入", "--objection", "1")
        analytics("release-step", "D1", "check", "--community", "UP-02", who="leader")
        analytics("settings", "map_approval=GS（2026）0001")
        analytics("brief", "2", "--format", "png", "--out", str(files / "简报.png"))
        listed = run("-m", "analytics", "audit", "list").splitlines()
        overridden = next(line.split()[0] for line in listed if "UP-02-01" in line)
        analytics("redact", overridden, "reason", "--why", "误填")
        run("-c", _DRAFT_AND_DRAWS)

        answers = {name: analytics(*words) for name, words in ASKED.items()}
        shutil.rmtree(home / "counts", ignore_errors=True)
        HOMES.mkdir(exist_ok=True)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
            for file in sorted(file for file in home.rglob("*") if file.is_file()):
                out.write(file, f"home/{file.relative_to(home).as_posix()}")
            out.writestr("answers.json", json.dumps(answers, ensure_ascii=False, indent=1))
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1024:,.0f} kB")


if __name__ == "__main__":
    make(sys.argv[1], *map(Path, sys.argv[2:]))

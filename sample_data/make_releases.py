"""Makes the releases that the made-up street ships with, by the program itself: the same sample and program give the
same releases.

From the top folder, whenever the sample, a scheme or the method changes: ``python -m sample_data.make_releases``.
"""

from __future__ import annotations

import lzma
import os
import tarfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from analytics import office
from analytics.access import ROLE_SETTING, Actor
from analytics.workspace import Workspace, datasets, decisions, published, schemes, settings, tasks
from analytics.workspace.decisions import Decision
from analytics.workspace.samples import SHIPPED
from analytics.workspace.tasks import NewAssignment, NextStep

SAMPLE = "demo_street"
DAYS = tuple(date(2026, 10, day) for day in (10, 17, 24, 31))
TODAY = date(2026, 11, 1)
"""When the sample's records were all there."""
MORNING, ZONE = time(9), timezone(timedelta(hours=8))
"""When they were published: the morning after."""
KEEPER, ADMIN = Actor("示例", "keeper"), Actor("示例二", "admin")
OFFICE = {
    "office_zh": "示例街道办事处",
    "office_en": "Demo Subdistrict Office",
    "report_to_zh": "示例区委政法委",
    "report_to_en": "Demo District Governance Office",
    "copy_to_zh": "各社区",
    "copy_to_en": "all communities",
}
DECIDED = Decision("DS-03-03", "yellow", "现场核实：临时隔离点尚未撤除", date(2026, 10, 29), date(2026, 11, 12))
"""The one manual override, under the first scheme: it is in force on the newest day."""

MEETING = date(2026, 10, 19)
ASSIGNED = (
    NewAssignment("每日两次巡查，重点楼栋一户不漏", "网格长（杏林网格）", 3, "DS-05-03", "area"),
    NewAssignment("每日两次巡查，发热人员送诊到位", "网格长（归帆网格）", 3, "DS-06-01", "area"),
    NewAssignment("补齐逾期的楼栋巡访", "社区书记（朝岭社区）", 5, "DS-07"),
    NewAssignment("梳理超期未办的12345工单，逐件明确办结日期", "综治中心", 10),
    NewAssignment("未登记出租房逐户补登", "流动人口服务站", 10, "DS-03"),
    NewAssignment("已移交的消防隐患逐处复查", "消防救援站", 4, source="hazard"),
)
"""What the Monday meeting assigned: of the six, three are signed off on the newest day, two are open, one is late."""
FOLLOWED = (
    (date(2026, 10, 21), NextStep(1, "report", "四栋重点楼栋均已巡查，记录已上传平台")),
    (date(2026, 10, 22), NextStep(1, "sign_off", post="包联领导")),
    (date(2026, 10, 22), NextStep(2, "report", "两次巡查已落实，送诊渠道已告知")),
    (date(2026, 10, 23), NextStep(2, "sign_off", post="包联领导")),
    (date(2026, 10, 23), NextStep(4, "progress", "已排出清单，半数明确了办结日期")),
    (date(2026, 10, 26), NextStep(3, "report", "逾期楼栋已全部补访")),
    (date(2026, 10, 27), NextStep(3, "sign_off", post="值班领导")),
    (date(2026, 10, 29), NextStep(5, "progress", "补登过半，其余约定周末上门")),
    (date(2026, 10, 30), NextStep(6, "progress", "两处待产权单位答复")),
)
"""The steps of these by the number of the assignment."""


def main() -> None:
    """Write the archive beside the sample."""
    os.environ.pop(ROLE_SETTING, None)
    with TemporaryDirectory() as folder:
        home = Path(folder)
        made = make(home)
        target = datasets.samples()[SAMPLE].folder / SHIPPED
        target.write_bytes(packed(made))
    print(f"{target.name}: {target.stat().st_size / 1024:,.0f} kB")


def make(home: Path) -> Path:
    """Publish week after week in an empty home; returns the folder of the sample in it."""
    sample = home / "samples" / SAMPLE
    sample.mkdir(parents=True)  # one that is there is not filled with what shipped before
    clock = office.now
    try:
        for morning, done in _mornings(home):
            moment = datetime.combine(morning, MORNING, ZONE)
            office.now = lambda moment=moment: moment
            done()
    finally:
        office.now = clock
    return sample


def _mornings(home: Path) -> list[tuple[date, Callable[[], None]]]:
    """What was done, and on the morning of which day, one after the other."""
    found: list[tuple[date, Callable[[], None]]] = [(MEETING, partial(_assign, home, MEETING))]
    found += [(day + timedelta(days=1), partial(_publish, home, day)) for day in DAYS]
    found += [(day, partial(_follow, home, day, step)) for day, step in FOLLOWED]
    return sorted(found, key=lambda one: one[0])


def _assign(home: Path, day: date) -> None:
    keeper = Workspace(KEEPER, home, day)
    for wanted in ASSIGNED:
        tasks.assign(keeper, datasets.find(keeper, SAMPLE)[0], wanted)


def _follow(home: Path, day: date, step: NextStep) -> None:
    """The second hand is another one than the first."""
    who = Workspace(ADMIN if step.step == "sign_off" else KEEPER, home, day)
    tasks.take_step(who, datasets.find(who, SAMPLE)[0], step)


def _publish(home: Path, day: date) -> None:
    """What the office did that morning. All is read from the records as they ship: whoever scores the day again with
    them finds the same."""
    keeper, admin = (Workspace(actor, home, TODAY) for actor in (KEEPER, ADMIN))
    data = datasets.find(keeper, SAMPLE)[0]
    if day == DAYS[0]:
        settings.save_office_settings(admin, data, OFFICE)
    known = schemes.schemes(keeper, data)
    if DECIDED.first <= day <= DECIDED.last:
        decisions.override(admin, data, known[data.schemes[0]], DECIDED)
    for scheme in known.values():
        published.publish(keeper, data, scheme, day, "周例会")


def packed(folder: Path) -> bytes:
    """All files of a folder in one archive, without anything of who packed it and when."""
    held = BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            entry = tarfile.TarInfo(file.relative_to(folder).as_posix())
            entry.size = file.stat().st_size
            with file.open("rb") as content:
                archive.addfile(entry, content)
    return lzma.compress(held.getvalue(), preset=9 | lzma.PRESET_EXTREME)


if __name__ == "__main__":
    main()

"""Makes the releases that the made-up street ships with, by the program itself: the same sample and program give the
same releases.

From the top folder, whenever the sample, a scheme or the method changes: ``python -m sample_data.make_releases``.
"""

from __future__ import annotations

import lzma
import os
import tarfile
from datetime import date, datetime, time, timedelta, timezone
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from analytics import office
from analytics.access import ROLE_SETTING, Actor
from analytics.disclosure import SETTING as SMALLEST_COUNT_SETTING
from analytics.workspace import Workspace, datasets, decisions, published, schemes, settings
from analytics.workspace.decisions import Decision
from analytics.workspace.samples import SHIPPED

SAMPLE = "demo_street"
DAYS = tuple(date(2026, 10, day) for day in (10, 17, 24, 31))
TODAY = date(2026, 11, 1)
"""When the sample's records were all there."""
MORNING, ZONE = time(9), timezone(timedelta(hours=8))
"""When they were published: the morning after."""
KEEPER, ADMIN = Actor("示例", "keeper"), Actor("示例", "admin")
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


def main() -> None:
    """Write the archive beside the sample."""
    os.environ.pop(ROLE_SETTING, None)
    os.environ.pop(SMALLEST_COUNT_SETTING, None)
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
        for day in DAYS:
            moment = datetime.combine(day + timedelta(days=1), MORNING, ZONE)
            office.now = lambda moment=moment: moment
            _publish(home, day)
    finally:
        office.now = clock
    return sample


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

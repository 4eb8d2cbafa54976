"""The campaigns of an office: a folder each, in ``campaigns/`` of the home.

    campaigns/NAME/campaign.yaml       what the office writes: areas, days, basis, teams
    campaigns/NAME/calls/0001.json     rounds of one import, as counts; the next import has the next number
    campaigns/NAME/sample.json         the households that were drawn for the independent check: once, and never again
    campaigns/NAME/results/0001.json   what the check found

A file is there whole or not at all and is never written again; it says its format, and the program that wrote it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from analytics import __version__
from analytics.errors import StoreError
from analytics.store.disk import create, disk_troubles

FOLDER = "campaigns"
DESCRIPTION = "campaign.yaml"
CAMPAIGN_FILE_FORMAT = 1
"""Of the files that are written here: goes up with every change of what they hold; ``UPGRADES`` then has a step."""

UPGRADES: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""By the format that a step leads to."""

CALLS, RESULTS = "calls", "results"
SAMPLE = "sample.json"

_NUMBERED = re.compile(r"[0-9]{4,}\.json")


@dataclass(frozen=True)
class CampaignFolder:
    """Where a campaign lies, and under which ``name``; ``writable``: not so of one that ships with a sample."""

    folder: Path
    writable: bool = True

    @property
    def name(self) -> str:
        """As the office calls the folder."""
        return self.folder.name

    def seen(self) -> tuple[tuple[str, int, int], ...]:
        """What tells this state of the folder from another without reading it."""
        with disk_troubles(self.folder):
            files = sorted(file for file in self.folder.rglob("*") if file.suffix in (".json", ".yaml"))
            return tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files)

    def description(self) -> bytes:
        """What the office wrote. Raises :class:`StoreError` where it cannot be read."""
        with disk_troubles(self.folder):
            return (self.folder / DESCRIPTION).read_bytes()

    def frames(self, kind: str, dates: Sequence[str] = ()) -> tuple[pd.DataFrame, ...]:
        """The rows of each import of a kind, the oldest first; the columns of ``dates`` as moments."""
        with disk_troubles(self.folder):
            files = sorted(
                (file for file in (self.folder / kind).glob("*.json") if _NUMBERED.fullmatch(file.name)),
                key=lambda file: int(file.stem),
            )
            return tuple(_frame(_content(file), dates) for file in files)

    def sample(self) -> tuple[pd.DataFrame, date] | None:
        """What was drawn, and from what was recorded at the end of which day; None before that."""
        file = self.folder / SAMPLE
        with disk_troubles(self.folder):
            if not file.is_file():
                return None
            content = _content(file)
            return _frame(content, ()), date.fromisoformat(content["day"])

    def keep_sample(self, rows: pd.DataFrame, day: date, about: Mapping[str, object]) -> bool:
        """Keep what was drawn of a day unless something was already: False then."""
        with disk_troubles(self.folder):
            return create(self.folder / SAMPLE, _written(rows, {**about, "day": day.isoformat()}), 0o600)

    def add(self, kind: str, rows: pd.DataFrame, about: Mapping[str, object]) -> int | None:
        """Keep the rows of one import under the next number; None where the newest holds the very same rows. Those of
        an older one are kept again: a correction that is taken back is the newest word."""
        content = _rows_text(rows)
        digest = sha256(content.encode()).hexdigest()
        with disk_troubles(self.folder):
            folder = self.folder / kind
            folder.mkdir(exist_ok=True, mode=0o700)
            files = {int(file.stem): file for file in folder.glob("*.json") if _NUMBERED.fullmatch(file.name)}
            number = max(files, default=0) + 1
            if files and _content(files[number - 1])["digest"] == digest:
                return None
            while not create(folder / f"{number:04}.json", _written(rows, about), 0o600):
                number += 1
        return number


def campaign_folders(home: Path, shipped: Path | None = None) -> dict[str, CampaignFolder]:
    """The campaigns of a home by name, and those that ship with a sample, which nobody writes to."""
    found = {}
    for root, writable in ((shipped, False), (home, True)):
        if root is not None:
            for file in sorted((root / FOLDER).glob(f"*/{DESCRIPTION}")):
                found[file.parent.name] = CampaignFolder(file.parent, writable)
    return found


def _rows_text(rows: pd.DataFrame) -> str:
    table = rows.copy()
    for column in table.select_dtypes(include=["datetime"]).columns:
        table[column] = table[column].dt.strftime("%Y-%m-%dT%H:%M:%S")
    columns = {column: table[column].astype(object).where(table[column].notna(), None).tolist() for column in table}
    return json.dumps(columns, ensure_ascii=False, sort_keys=True)


def _written(rows: pd.DataFrame, about: Mapping[str, object]) -> bytes:
    text = _rows_text(rows)
    head = {
        "format": CAMPAIGN_FILE_FORMAT,
        "program": __version__,
        "at": datetime.now(UTC).isoformat(),
        **about,
        "digest": sha256(text.encode()).hexdigest(),
        "rows": json.loads(text),
    }
    return json.dumps(head, ensure_ascii=False).encode()


def _content(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        written, rows = found["format"], found["rows"]
        digest = sha256(json.dumps(rows, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError.because("sweep.file_damaged", file=file.name) from error
    if written > CAMPAIGN_FILE_FORMAT:
        raise StoreError.because("sweep.file_newer", file=file.name, program=found.get("program", "?"))
    if digest != found["digest"]:
        raise StoreError.because("sweep.file_damaged", file=file.name)
    for step in range(written + 1, CAMPAIGN_FILE_FORMAT + 1):
        found = UPGRADES[step](found)
    return found


def _frame(content: Mapping[str, Any], dates: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(content["rows"])
    for column in dates:
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[us]")
    return frame

"""Homes of older programs, unpacked beside what those programs answered about them."""

import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tests.store.postgres import Server

HOMES = Path(__file__).parent / "homes"
NAMES = tuple(sorted(file.stem for file in HOMES.glob("*.zip")))
TABLES = Path(__file__).parent / "ledger_1.postgresql.sql"
"""The tables of a ledger of the first format as the program of then made them in PostgreSQL."""

SEAT = "0123456789abcdef0123456789abcdef"
"""Whose the drafts are."""

_CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
_STATE = ("audit", "releases", "overrides", "scheme_versions", "codes")


@dataclass(frozen=True)
class OldHome:
    """A home as its program left it, and what that program answered, by the names of `make_home.ASKED`; ``manifests``
    are those of its releases as they were written, by the names of their folders."""

    folder: Path
    answers: dict[str, str]
    manifests: dict[str, dict[str, object]]

    @property
    def listed(self) -> dict[str, str]:
        """Each line of the list of releases by the number, or the draft's name, and the check code in it."""
        found = {}
        for line in self.answers["releases"].splitlines():
            number = re.search(r"总第(\d+)期", line)
            found[number[1] if number else line.split()[0]] = (_CODE.search(line) or [""])[0].replace("-", "")
        return found

    def facts(self, answer: str) -> list[dict[str, object]]:
        """All facts of a bulletin."""
        told = json.loads(self.answers[answer])
        sentences = [told["title"], *(one for section in told["sections"] for one in section["sentences"])]
        return [fact for one in sentences for fact in one["facts"]]

    def tiers(self, answer: str) -> dict[str, str]:
        """The tier shown of each area by a bulletin."""
        shown = [fact for fact in self.facts(answer) if str(fact["name"]).startswith("shown.after.")]
        return {area: fact["name"].rpartition(".")[2] for fact in shown for area in fact["rows"]}

    def records(self, folder: str) -> str:
        """The digest of the records that a release was made of, as its manifest says it."""
        told = self.manifests[folder]
        return told["data_digest"] if told["format"] == 1 else told["provenance"]["records"]

    def method(self, folder: str) -> int:
        """By which method a release was made; the first format had only one."""
        told = self.manifests[folder]
        return 1 if told["format"] == 1 else told["provenance"]["method"]

    def table(self, answer: str) -> pd.DataFrame:
        """The table of a score."""
        return pd.read_csv(io.StringIO(self.answers[answer]))


def unpacked(name: str, folder: Path) -> OldHome:
    """The home of this name, laid into ``folder``."""
    with zipfile.ZipFile(HOMES / f"{name}.zip") as packed:
        packed.extractall(folder)
    answers = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    written = (folder / "home" / "releases").glob("*/manifest.json")
    manifests = {file.parent.name: json.loads(file.read_text(encoding="utf-8")) for file in written}
    return OldHome(folder / "home", answers, manifests)


def files_of(home: Path) -> dict[str, bytes]:
    """Every file of a home."""
    return {file.relative_to(home).as_posix(): file.read_bytes() for file in home.rglob("*") if file.is_file()}


def in_postgresql(old: OldHome, server: Server) -> str:
    """Put the ledger of a home of the first format into a new database, as its program would have; its address."""
    database = server.made()
    server.execute(TABLES.read_text(encoding="utf-8"), database=database)
    file = old.folder / "ledger.sqlite"
    with closing(sqlite3.connect(file)) as held:
        held.row_factory = sqlite3.Row
        for table in _STATE:
            for row in held.execute(f"SELECT * FROM {table}"):
                columns, places = ", ".join(row.keys()), ", ".join(["%s"] * len(row))
                server.put(f"INSERT INTO {table} ({columns}) VALUES ({places})", tuple(row), database)
    file.unlink()
    return server.url(database)

"""The two files of a building sweep: rounds as counts of households by building, as a platform exports them, and what
an independent check found. No row is a household's, and no column that could name one is read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from analytics.errors import LoadError
from analytics.loaders import values
from analytics.loaders.apart import read_sheet_apart
from analytics.loaders.columns import is_private, match_key
from analytics.loaders.files import UploadedBytes
from analytics.loaders.private import looks_personal
from analytics.loaders.report import LoadReport, RowNote
from analytics.loaders.sheet import Sheet, Wanted, shown
from analytics.loaders.times import moments
from analytics.words import Phrase, phrase

_COUNTS = ("called", "met", "recorded", "not_agreed", "vacant")
MOST = 10_000
"""No building has more households, and nobody calls as often."""
_KEYS = {"calls": ["place_id", "checked_at", "team_id", "call"], "results": ["place_id", "number"]}
_HARMLESS = ("sweep.row_twice", "sweep.row_day")
"""What a row is refused for and takes nothing away from the others of its place."""
_TABLES = Path(__file__).with_name("sweep_calls.yaml")

Faulty = Callable[[pd.DataFrame], Mapping[str, Phrase]]
"""What is wrong with the rows of a place taken together, by ``place_id``."""


def load_sweep_calls(
    file: Path | UploadedBytes,
    places: Collection[str],
    teams: Collection[str],
    days: tuple[date, date],
    faulty: Faulty,
) -> tuple[pd.DataFrame, LoadReport]:
    """One row a place, round and call: place_id, checked_at, team_id ("" unknown), call, called, met, recorded,
    not_agreed, vacant (whole numbers) and persons (NaN unknown). Rows of other places, teams or days (from the first
    to the last of ``days``), and those whose place does not add up (``faulty``), are refused. A place is taken whole or
    not at all, as its rows take the place of those before: one that cannot be read would be lost. Raises ``LoadError``
    without a needed column."""
    rows = _Rows("calls", file)
    found = pd.DataFrame({"place_id": rows.codes("place_id"), "checked_at": moments(rows.cells("checked_at")).read})
    found["team_id"] = rows.codes("team_id").fillna("")
    for column in ("call", *_COUNTS):
        found[column] = rows.whole(column, 0.0 if column in ("not_agreed", "vacant") else np.nan)
    found["persons"] = rows.whole("persons", np.nan, needed=False)
    rows.refuse(~found["place_id"].isin(list(places)), "place_id", "sweep.row_place")
    rows.refuse(found["checked_at"].isna(), "checked_at", "sweep.row_time")
    day = found["checked_at"].dt.normalize()
    outside = (day < pd.Timestamp(days[0])) | (day > pd.Timestamp(days[1]))
    rows.refuse(outside, "checked_at", "sweep.row_day", first=days[0], last=days[1])
    rows.refuse(~found["team_id"].isin(["", *teams]), "team_id", "sweep.row_team")
    rows.refuse(found["call"] < 1, "call", "sweep.row_call")
    rows.refuse(found.duplicated(), None, "sweep.row_twice")
    unlike = found.drop_duplicates().duplicated(_KEYS["calls"], keep=False)
    rows.refuse(unlike.reindex(found.index, fill_value=False), None, "sweep.row_unlike")
    half = found.loc[[at for at, note in rows.refused.items() if note.reason.key not in _HARMLESS], "place_id"]
    rows.refuse(found["place_id"].isin(half), None, "sweep.row_half")
    good = rows.good & found[["call", *_COUNTS]].notna().all(axis=1)
    for place, said in faulty(found[good].astype(dict.fromkeys(("call", *_COUNTS), "int64"))).items():
        rows.refuse(found["place_id"] == place, None, said.key, **said.params)
    kept = found[rows.good].astype(dict.fromkeys(("call", *_COUNTS), "int64")).reset_index(drop=True)
    return kept, rows.report("sweep_calls", kept["checked_at"])


def load_sweep_results(
    file: Path | UploadedBytes, drawn: Mapping[tuple[str, int], Collection[str]], teams: Collection[str]
) -> tuple[pd.DataFrame, LoadReport]:
    """One row a household that was looked at again: place_id, number, team_id, confirmed. ``drawn``: what was drawn,
    and the teams that called there, which may not check themselves; ``teams`` are those there are: what is none might
    be a person's name. Raises ``LoadError`` without a needed column."""
    rows = _Rows("results", file)
    found = pd.DataFrame({"place_id": rows.codes("place_id"), "number": rows.whole("number", np.nan)})
    found["team_id"] = rows.codes("team_id").fillna("")
    found["confirmed"] = values.flags(rows.cells("confirmed"))
    keys = list(zip(found["place_id"], found["number"].fillna(0).astype("int64"), strict=True))
    rows.refuse(pd.Series([key not in drawn for key in keys], index=found.index), "number", "sweep.row_not_drawn")
    own = [team in drawn.get(key, ()) for key, team in zip(keys, found["team_id"], strict=True)]
    rows.refuse(pd.Series(own, index=found.index), "team_id", "sweep.row_own_check")
    rows.refuse(found["team_id"] == "", "team_id", "sweep.row_no_team")
    rows.refuse(~found["team_id"].isin(list(teams)), "team_id", "sweep.row_team")
    rows.refuse(found["confirmed"].isna(), "confirmed", "sweep.row_confirmed")
    rows.refuse(found.duplicated(_KEYS["results"]), None, "sweep.row_twice")
    kept = found[rows.good].astype({"number": "int64", "confirmed": "bool"}).reset_index(drop=True)
    return kept, rows.report("sweep_results", None)


@cache
def _tables() -> Mapping[str, Mapping[str, list[str]]]:
    found: Mapping[str, Mapping[str, list[str]]] = yaml.safe_load(_TABLES.read_text(encoding="utf-8"))
    return found


class _Rows:
    """The cells of one file by canonical column, and what is said against its rows. Raises ``LoadError`` for a file
    without a needed column."""

    def __init__(self, table: str, file: Path | UploadedBytes) -> None:
        known = {word: word for column, words in _tables()[table].items() for word in (column, *words)}
        self.sheet: Sheet = read_sheet_apart(table, file, wanted=Wanted(known))
        keys = {column: {match_key(word) for word in (column, *words)} for column, words in _tables()[table].items()}
        self.at: dict[str, int] = {}
        self.private, self.unused = [], []
        for position, header in enumerate(self.sheet.headers):
            column = next(
                (one for one, known in keys.items() if match_key(header) in known and one not in self.at), None
            )
            if column is not None:
                self.at[column] = position
            elif is_private(header) or looks_personal(header):
                self.private.append(header if is_private(header) else "")
            elif header:
                self.unused.append(shown(header))
        for column in _tables()["needed"][table]:
            if column not in self.at:
                label = phrase(f"sweep.column_{column}")
                raise LoadError.because("sweep.column_missing", file=self.sheet.file, column=label)
        self.good = pd.Series(True, index=self.sheet.cells.index)
        self.refused: dict[int, RowNote] = {}

    def cells(self, column: str) -> pd.Series:
        """Ready for parsing; missing where blank or without a header."""
        if column not in self.at:
            return pd.Series(None, index=self.good.index, dtype="str")
        return values.cleaned(self.sheet.cells[self.at[column]])

    def codes(self, column: str) -> pd.Series:
        """Codes as text."""
        return values.codes_plain(self.cells(column))

    def whole(self, column: str, blank: float, *, needed: bool = True) -> pd.Series:
        """Whole numbers (float64), ``blank`` where nothing is said; what is none refuses its row where it is needed."""
        cells = self.cells(column)
        found = values.numbers(cells)
        bad = cells.notna() & ~((found >= 0) & (found <= MOST) & (found % 1 == 0))
        found = found.mask(bad).where(cells.notna(), blank)
        if needed:
            self.refuse(found.isna(), column, "sweep.row_number")
        return found

    def refuse(self, bad: pd.Series, column: str | None, key: str, /, **params: object) -> None:
        """Refuse rows, each for the first thing that was against it."""
        for row in self.good.index[bad.fillna(value=False).to_numpy(bool) & self.good.to_numpy()]:
            sheet, line = self.sheet.at(row)
            header = self.sheet.headers[self.at[column]] if column in self.at else None
            said = {"column": phrase(f"sweep.column_{column}")} if column else {}
            self.refused[int(row)] = RowNote(sheet, line, header, phrase(key, **said, **params))
            self.good[row] = False

    def report(self, table: str, days: pd.Series | None) -> LoadReport:
        """The account of the file."""
        early = self.sheet.refused
        told = (*early, *(note for _, note in sorted(self.refused.items())))
        dated = days is not None and len(days) > 0
        return LoadReport(
            table=table,
            source=self.sheet.file,
            read=len(self.good) + len(early),
            accepted=int(self.good.sum()),
            refused=told,
            recognised={column: self.sheet.headers[at] for column, at in self.at.items()},
            dropped_private=tuple(filter(None, self.private)),
            unused=tuple(self.unused),
            notes=self.sheet.notes,
            first_day=days.min().date() if dated else None,
            last_day=days.max().date() if dated else None,
            sheets=self.sheet.sheets,
        )

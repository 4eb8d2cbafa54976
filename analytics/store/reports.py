"""What a load said of its rows, kept beside the records: ``reports/``, a file a load, which its commit names.

A report is a document of its day. Its sentences are kept as they were said, in each language once: a program of a later
day has other words, and says these. Cells are masked as in the report that can be downloaded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analytics import __version__
from analytics.errors import StoreError
from analytics.loaders import Feed, LoadReport, PointsFound, RowNote, Unmatched
from analytics.store.commits import Load
from analytics.words import LANGUAGES, KeptPhrase, Phrase

REPORT_FORMAT = 1
"""Goes up with every change of what a report file says."""

FOLDER = "reports"

_PLAIN = ("table", "source", "read", "accepted", "repaired_rows", "dropped_private", "unused", "sheets")


def report_bytes(report: LoadReport) -> bytes:
    """A report as its file says it."""
    sentences = _Sentences()
    said = {
        **{name: getattr(report, name) for name in _PLAIN},
        "recognised": dict(report.recognised),
        "notes": [sentences.number(note) for note in report.notes],
        "refused": _rows(report.refused, sentences),
        "repaired": _rows(report.repaired, sentences),
        "first_day": _day(report.first_day),
        "last_day": _day(report.last_day),
        "unmatched": [asdict(area) for area in report.unmatched],
        "points": None if report.points is None else asdict(report.points),
        "feeds": [asdict(feed) for feed in report.feeds],
        "marked": {
            "headers": [str(header) for header in report.marked.columns],
            "rows": report.marked.index.tolist(),
            "cells": [[None if pd.isna(text) else str(text) for text in row] for row in report.marked.to_numpy()],
        },
    }
    found = {"format": REPORT_FORMAT, "program": __version__, "sentences": sentences.texts, "report": said}
    return json.dumps(found, ensure_ascii=False, default=_plain).encode()


def kept_report(home: Path, load: Load) -> LoadReport:
    """The report of a load, as it was written.

    Raises :class:`StoreError` for a load of before reports were kept, and where the file is damaged or lost.
    """
    if load.report is None:
        raise StoreError.because("store.report_not_kept", number=load.number, source=load.source)
    file = home / FOLDER / load.report.file
    damaged = StoreError.because("store.report_damaged", number=load.number, source=load.source, file=file.name)
    try:
        content = file.read_bytes()
    except FileNotFoundError as error:
        raise damaged from error
    if sha256(content).hexdigest() != load.report.sha256:
        raise damaged
    found = json.loads(content)
    if found["format"] > REPORT_FORMAT:
        raise StoreError.because("store.newer_version", folder=home.name, program=found["program"])
    return _report(found["report"], [KeptPhrase("", {}, texts) for texts in found["sentences"]])


class _Sentences:
    """Each sentence once, by its number: thousands of rows often have the same."""

    def __init__(self) -> None:
        self.texts: list[Mapping[str, str]] = []
        self._numbers: dict[tuple[str, ...], int] = {}

    def number(self, sentence: Phrase) -> int:
        said = tuple(sentence.text(lang) for lang in LANGUAGES)
        if said not in self._numbers:
            self._numbers[said] = len(self.texts)
            self.texts.append(dict(zip(LANGUAGES, said, strict=True)))
        return self._numbers[said]


def _rows(notes: Iterable[RowNote], sentences: _Sentences) -> list[list[object]]:
    return [[note.sheet, note.line, note.column, sentences.number(note.reason)] for note in notes]


def _report(said: Mapping[str, Any], sentences: list[KeptPhrase]) -> LoadReport:
    marked = said["marked"]
    return LoadReport(
        table=said["table"],
        source=said["source"],
        read=said["read"],
        accepted=said["accepted"],
        repaired_rows=said["repaired_rows"],
        recognised=said["recognised"],
        dropped_private=tuple(said["dropped_private"]),
        unused=tuple(said["unused"]),
        sheets=tuple(said["sheets"]),
        notes=tuple(sentences[number] for number in said["notes"]),
        refused=_notes(said["refused"], sentences),
        repaired=_notes(said["repaired"], sentences),
        first_day=_date(said["first_day"]),
        last_day=_date(said["last_day"]),
        unmatched=tuple(Unmatched(**{**area, "suggestions": tuple(area["suggestions"])}) for area in said["unmatched"]),
        points=None if said["points"] is None else PointsFound(**said["points"]),
        feeds=tuple(
            Feed(**{**feed, "first_day": _date(feed["first_day"]), "last_day": _date(feed["last_day"])})
            for feed in said["feeds"]
        ),
        marked=pd.DataFrame(
            marked["cells"], columns=marked["headers"], index=pd.Index(marked["rows"], dtype="int64"), dtype="str"
        ),
    )


def _notes(rows: Iterable[list[Any]], sentences: list[KeptPhrase]) -> tuple[RowNote, ...]:
    return tuple(RowNote(sheet, line, column, sentences[number]) for sheet, line, column, number in rows)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _plain(value: object) -> object:
    """What numpy and the calendar count, as JSON has it."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)

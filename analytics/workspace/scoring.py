"""Scoring from files or from the store, without pages, releases or decisions: what ``score`` and ``selfcheck`` do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

import pandas as pd

from analytics.loaders import LoadReport, load_records
from analytics.scheme import Scheme
from analytics.scoring import Assessment, area_counts_for, assess, require_tables
from analytics.scoring.selfcheck import LawResult, selfcheck
from analytics.store import Counts
from analytics.workspace.datasets import require_own, samples
from analytics.workspace.door import Workspace, door


@door("read")
def own_counts(ws: Workspace) -> Counts:
    """The counts of the office's own records; raises ``UserError`` where no areas are loaded."""
    return require_own(ws).counts


@door("read")
def counts_of_files(ws: Workspace, files: Mapping[str, Path]) -> tuple[Counts, Sequence[LoadReport]]:
    """The counts of files, by table, and what was read, repaired and refused of each."""
    records, reports = load_records(files, ws.today)
    digest = sha256(b"".join(sha256(path.read_bytes()).digest() for path in files.values())).hexdigest()
    return Counts.of_records(records, digest), reports


def sample_files() -> Mapping[str, Path]:
    """The files of the made-up sample, by table."""
    sample = next(info for info in samples().values() if info.made_up)
    return {table: sample.folder / name for table, name in sample.files.items()}


@door("read")
def scored(ws: Workspace, counts: Counts, scheme: Scheme, days: pd.DatetimeIndex) -> Assessment:
    """The assessment of some days; raises ``ScoringError`` where the records lack what the scheme needs."""
    require_tables(counts, scheme)
    return assess(area_counts_for(counts, scheme), scheme, days)


@door("read")
def checked(ws: Workspace, counts: Counts, scheme: Scheme, day: date) -> Sequence[LawResult]:
    """The eight laws of the method on these records."""
    require_tables(counts, scheme)
    return selfcheck(area_counts_for(counts, scheme), scheme, day)

"""Freezing: an Assessment becomes a numbered folder, whole or not at all.

Everything is written into a folder of its own beside the releases, and brought to the disk; only then, while others
wait for the ledger, it gets its numbers. A folder that the ledger knows is never renamed, and none is written over.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from analytics import __version__
from analytics.access import Actor
from analytics.errors import ReleaseError
from analytics.releases.formats import RELEASE_FORMAT
from analytics.releases.issued import PENDING, pending_folder, settle
from analytics.releases.release import (
    AREAS,
    CHANGES,
    CONTEXT,
    FOLDER,
    INCIDENTS,
    MANIFEST,
    NOISE,
    PARENTS,
    REVISION,
    SCHEME,
    Manifest,
    Release,
)
from analytics.releases.revision import RatedAgain, again_text
from analytics.releases.verify import verify
from analytics.scoring import Assessment
from analytics.scoring.changes import KEPT_CHANGES
from analytics.scoring.counterfactual import all_smallest_changes
from analytics.scoring.reporting_delay import CompleteTo
from analytics.store.disk import sync_folder
from analytics.store.ledger import Ledger
from analytics.store.ledger_entries import ReleaseEntry
from analytics.words.place_names import english_names

_MAKING = ".making-"
_LEFT_BEHIND_SECONDS = 24 * 3600


@dataclass(frozen=True, eq=False)
class Enclosed:
    """What the pictures show beside a run, kept as it is given: ``incidents`` (weekly, by category), how far they are
    ``complete`` (None: up to the day of the run), ``context`` (water and roads), ``notice`` and ``source`` ({zh, en});
    ``noise`` says how many changes chance alone would have made, and against which release; ``again``, what its records
    say of the days that were released before."""

    incidents: pd.DataFrame | None = None
    complete: CompleteTo | None = None
    context: gpd.GeoDataFrame | None = None
    notice: Mapping[str, str] | None = None
    source: Mapping[str, str] | None = None
    noise: Mapping[str, object] | None = None
    again: Mapping[date, RatedAgain] = field(default_factory=dict)
    recorded: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Intent:
    """What is to become of a run: a draft, or the next release; why; and what was asked about and is ``confirmed``."""

    reason: str
    publish: bool
    confirmed: Collection[str] = ()


def freeze(
    home: Path, ledger: Ledger, actor: Actor, assessment: Assessment, enclosed: Enclosed, intent: Intent,
    guard: Callable[[], object] = lambda: None,
) -> Release:  # fmt: skip
    """Freeze a run as the next release, or as a draft; ``guard`` may still refuse it once others wait for the ledger.

    Raises ``AccessError`` for an actor who may not, ``LedgerError``, ``UnconfirmedError``, and :class:`ReleaseError`
    where the files cannot be written; then nothing is numbered.
    """
    actor.require("release" if intent.publish else "draft")
    day = assessment.days[-1].date()
    scheme, made_by = assessment.scheme, assessment.provenance
    with _making(home, ledger) as folder:
        arrays = _write_files(folder, assessment, enclosed)
        content = {
            "format": RELEASE_FORMAT,
            "program": __version__,
            "scheme": {"id": scheme.id, "version": scheme.version},
            "provenance": asdict(made_by),
            "day": day,
            "cut_off": f"{day + timedelta(days=1)}T00:00:00",
            "days": [stamp.isoformat() for stamp in assessment.days],
            "days_dtype": str(assessment.days.dtype),
            "days_frequency": assessment.days.freqstr,
            "seed": int(sha256(f"{made_by.records} {made_by.scheme}".encode()).hexdigest()[:8], 16),
            "notice": enclosed.notice,
            "source": enclosed.source,
            "complete": asdict(enclosed.complete or CompleteTo(day, None, 0)),
            "unplaced": dict(assessment.unplaced),
            "silent": [asdict(feed) for feed in assessment.silent],
            "orders": [asdict(order) for order in assessment.orders],
            "recorded": enclosed.recorded,
            "doubtful": {name: list(words) for name, words in assessment.doubtful.items()},
            "former_areas": {table: dict(held) for table, held in assessment.former_areas.items()},
            "unscored": dict(assessment.unscored),
            "arrays": arrays,
            "files": {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())},
        }
        return _numbered(home, ledger, actor, _Ready(folder, content, guard), intent)


def publish_draft(
    home: Path, ledger: Ledger, actor: Actor, draft: int, intent: Intent, guard: Callable[[], object] = lambda: None
) -> Release:
    """Turn the draft of this number, as it is, into the next release. Raises as :func:`freeze` does, and
    :class:`ReleaseError` where the draft is not as it was written."""
    actor.require("release")
    held = verify(home, ledger, f"D{draft}")
    with _making(home, ledger) as folder:
        for file in held.manifest.files:
            _write(folder / file, held.bytes_of(file))
        ready = _Ready(folder, held.manifest.model_dump(), guard, draft)
        released = _numbered(home, ledger, actor, ready, intent)
    shutil.rmtree(held.folder, ignore_errors=True)
    return released


@dataclass(frozen=True)
class _Ready:
    """A folder that only lacks its manifest, what that will say beside its numbers, what may still refuse it, and the
    draft that it was."""

    folder: Path
    content: Mapping[str, object]
    guard: Callable[[], object]
    draft: int | None = None


def _numbered(home: Path, ledger: Ledger, actor: Actor, ready: _Ready, intent: Intent) -> Release:
    """Let the ledger number what is ready, and move it to where it belongs.

    While others wait for the ledger, the folder gets its manifest and a name that says which release it is to become.
    It is one as soon as the ledger has written that down: whoever looks for it from then on finds it (`settle`),
    though this process may die before it gives the folder its last name. One of which the ledger has not heard is
    swept like all that was left half done.
    """

    def put(entry: ReleaseEntry) -> str:
        ready.guard()
        numbers = {name: getattr(entry, name) for name in ("number", "number_of_year", "year", "draft", "at")}
        signed = {"author": entry.author, "role": entry.role, "reason": entry.reason}
        manifest = Manifest.model_validate({**ready.content, **numbers, **signed})
        if (home / FOLDER / entry.name).exists():
            raise ReleaseError.because("releases.number_taken", release=entry.name)
        _write(ready.folder / MANIFEST, manifest.text().encode())
        sync_folder(ready.folder)
        pending = pending_folder(home, entry.name, manifest.digest())
        # Whoever died in this very second, before the ledger heard of it, may have left the same one.
        shutil.rmtree(pending, ignore_errors=True)
        ready.folder.rename(pending)
        sync_folder(home / FOLDER)
        return manifest.digest()

    scheme, day = ready.content["scheme"], ready.content["day"]
    planned = ReleaseEntry(
        number=None,
        number_of_year=None,
        year=None,
        draft=ready.draft,
        scheme_id=scheme["id"],
        day=day,
        status="published" if intent.publish else "draft",
        digest="",
        author="",
        role="",
        reason=intent.reason,
        at="",
    )
    entry = ledger.add_release(actor, planned, put, intent.confirmed)
    settle(home, entry)
    return Release.open(home, entry.name)


@contextmanager
def _making(home: Path, ledger: Ledger) -> Iterator[Path]:
    """A folder to write into, on the same disk as the releases. It is gone afterwards, unless it was moved."""
    try:
        (home / FOLDER).mkdir(parents=True, exist_ok=True)
        _sweep(home, ledger)
        folder = home / FOLDER / f"{_MAKING}{uuid4().hex}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise ReleaseError.because("releases.not_written", detail=error.strerror) from error


def _sweep(home: Path, ledger: Ledger) -> None:
    """Remove what processes that died have left half written, once all that the ledger knows has its name."""
    for entry in ledger.releases():
        settle(home, entry)
    for folder in (*(home / FOLDER).glob(f"{_MAKING}*"), *(home / FOLDER).glob(f"{PENDING}*")):
        with suppress(FileNotFoundError):  # whoever writes it has just given it its name
            if time.time() - folder.stat().st_mtime > _LEFT_BEHIND_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _write_files(folder: Path, assessment: Assessment, enclosed: Enclosed) -> dict[str, dict[str, object]]:
    """Write every file but the manifest; returns where each array of the Assessment lies."""
    scheme = assessment.scheme
    written = yaml.safe_dump(scheme.model_dump(mode="json", by_alias=True, exclude_none=True),
                             allow_unicode=True, sort_keys=False)  # fmt: skip
    _write(folder / SCHEME, written.encode())
    _write_frame(folder / AREAS, assessment.areas)
    _write_frame(folder / PARENTS, _names(assessment))
    if assessment.behind is not None:
        _write(folder / CHANGES, KEPT_CHANGES.dump_json(all_smallest_changes(assessment)))
    if enclosed.incidents is not None:
        _write_frame(folder / INCIDENTS, enclosed.incidents)
    if enclosed.context is not None:
        _write(folder / CONTEXT, enclosed.context.to_json(drop_id=True, ensure_ascii=False).encode())
    if enclosed.noise is not None:
        _write(folder / NOISE, json.dumps(enclosed.noise, sort_keys=True).encode())
    if enclosed.again:
        _write(folder / REVISION, again_text(enclosed.again).encode())

    days_areas = {"day": assessment.days.date, "area_id": assessment.areas.index}
    indicators = {**days_areas, "indicator": assessment.indicator_ids}
    floors = {**days_areas, "floor": range(len(scheme.floors))}
    held = {name: array for name, array in vars(assessment).items() if isinstance(array, np.ndarray)}
    holding = {"holding": held.pop("holding")}
    return {
        **_write_arrays(folder / "days.parquet", days_areas, {name: a for name, a in held.items() if a.ndim == 2}),
        **_write_arrays(
            folder / "indicators.parquet", indicators, {name: a for name, a in held.items() if a.ndim == 3}
        ),
        **_write_arrays(folder / "holding.parquet", floors, holding),
    }


def _names(assessment: Assessment) -> pd.DataFrame:
    """The names of all areas: their own, the official English one, and what stands for it where there is none, so that
    no later library changes an old picture."""
    codes = list(assessment.parents)
    within = {str(area_id): str(above) for area_id, above in assessment.areas["parent_id"].dropna().items()}
    english = english_names(assessment.parents, within, assessment.english, {})
    return pd.DataFrame(
        {
            "area_id": codes,
            "name": list(assessment.parents.values()),
            "name_en": [assessment.english.get(code) for code in codes],
            "pinyin": [
                None if code in assessment.english or english[code] == name else english[code]
                for code, name in assessment.parents.items()
            ],
        },
        dtype="str",
    )


def _write_arrays(
    file: Path, axes: Mapping[str, Sequence[object]], arrays: Mapping[str, np.ndarray]
) -> dict[str, dict[str, object]]:
    """One row for each cell of the axes, in their order: a column for each axis and each array."""
    shape = tuple(len(labels) for labels in axes.values())
    columns = {}
    for at, (axis, labels) in enumerate(axes.items()):
        own = [1] * len(shape)
        own[at] = shape[at]
        cells = np.broadcast_to(np.arange(shape[at], dtype=np.int32).reshape(own), shape).ravel()
        columns[axis] = pa.DictionaryArray.from_arrays(cells, pa.array(list(labels)))
    # Not from pandas: there a NaN would become a null and lose its bits.
    columns |= {name: pa.array(array.ravel(), from_pandas=False) for name, array in arrays.items()}
    held = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), held, compression="zstd")
    _write(file, held.getvalue())
    return {
        name: {"file": file.name, "column": name, "shape": shape, "dtype": str(a.dtype)} for name, a in arrays.items()
    }


def _write_frame(file: Path, frame: pd.DataFrame) -> None:
    held = io.BytesIO()
    frame.to_parquet(held, compression="zstd")
    _write(file, held.getbuffer())


def _write(file: Path, content: bytes | memoryview | pa.Buffer) -> None:
    with file.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())

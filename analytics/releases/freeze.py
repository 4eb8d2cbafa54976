"""Freezing: an Assessment becomes a numbered folder, whole or not at all.

Everything is written into a folder of its own beside the releases, and brought to the disk; only then, while others
wait for the ledger, it gets its numbers and its name. A process that dies before the ledger has written leaves a folder
that the ledger does not know: the next release of that number sets it aside.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from analytics.access import require
from analytics.errors import ReleaseError
from analytics.releases.release import (
    AREAS,
    CONTEXT,
    FOLDER,
    FORMAT,
    INCIDENTS,
    MANIFEST,
    NOISE,
    PARENTS,
    SCHEME,
    Manifest,
    Release,
)
from analytics.releases.verify import verify
from analytics.scoring import Assessment
from analytics.store.ledger import Ledger, ReleaseEntry

_MAKING = ".making-"
_SET_ASIDE = ".set-aside-"
_LEFT_BEHIND_SECONDS = 24 * 3600
_ANALYTICS = Path(__file__).parents[1]
_MAKES_TIERS = ("tiers.py", "scheme", "store", "scoring")


@cache
def code_version() -> str:
    """A fingerprint of the source that makes tiers of stored records: equal for equal code, whatever its history."""
    files = [file for part in _MAKES_TIERS for file in (_ANALYTICS / part, *(_ANALYTICS / part).rglob("*.py"))]
    held = sha256()
    for file in sorted({file for file in files if file.is_file()}):
        held.update(f"{file.relative_to(_ANALYTICS).as_posix()}\0".encode() + file.read_bytes() + b"\0")
    return held.hexdigest()[:12]


def freeze(
    home: Path,
    ledger: Ledger,
    assessment: Assessment,
    *,
    data_digest: str,
    incidents: pd.DataFrame | None,
    context: gpd.GeoDataFrame | None,
    notice: Mapping[str, str] | None,
    source: Mapping[str, str] | None,
    noise: Mapping[str, object] | None = None,
    author: str,
    role: str,
    reason: str,
    publish: bool,
) -> Release:
    """Freeze a run as the next release, or as a draft.

    ``incidents`` (weekly, by category), ``context`` (water and roads), ``notice`` and ``source`` ({zh, en}) are what
    the pictures show beside the run; each is kept as it is given. ``noise`` says how many changes chance alone would
    have made, and against which release. Raises ``AccessError`` for a role that may not, ``LedgerError``, and
    :class:`ReleaseError` where the files cannot be written; then nothing is numbered.
    """
    require(role, "release" if publish else "draft")
    day = assessment.days[-1].date()
    scheme = assessment.scheme
    with _making(home) as folder:
        arrays = _write_files(folder, assessment, incidents, context)
        if noise is not None:
            _write(folder / NOISE, json.dumps(noise, sort_keys=True).encode())
        content = {
            "format": FORMAT,
            "scheme": {"id": scheme.id, "version": scheme.version, "digest": scheme.digest()},
            "data_digest": data_digest,
            "code_version": code_version(),
            "day": day,
            "cut_off": f"{day + timedelta(days=1)}T00:00:00",
            "days": [stamp.isoformat() for stamp in assessment.days],
            "days_dtype": str(assessment.days.dtype),
            "days_frequency": assessment.days.freqstr,
            "seed": int(sha256(f"{data_digest} {scheme.digest()}".encode()).hexdigest()[:8], 16),
            "notice": notice,
            "source": source,
            "unplaced": dict(assessment.unplaced),
            "arrays": arrays,
            "files": {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())},
        }
        return _numbered(home, ledger, folder, content, author, role, reason, publish)


def publish_draft(home: Path, ledger: Ledger, draft: int, *, author: str, role: str, reason: str) -> Release:
    """Turn the draft of this number, as it is, into the next release. Raises as :func:`freeze` does, and
    :class:`ReleaseError` where the draft is not as it was written."""
    require(role, "release")
    held = verify(home, ledger, f"D{draft}")
    with _making(home) as folder:
        for file in held.manifest.files:
            _write(folder / file, held.bytes_of(file))
        content = held.manifest.model_dump()
        released = _numbered(home, ledger, folder, content, author, role, reason, True, draft)
    shutil.rmtree(held.folder, ignore_errors=True)
    return released


def _numbered(
    home: Path,
    ledger: Ledger,
    folder: Path,
    content: Mapping[str, object],
    author: str,
    role: str,
    reason: str,
    publish: bool,
    draft: int | None = None,
) -> Release:
    """Let the ledger number what lies in ``folder``, and move it to where it belongs."""

    def put(entry: ReleaseEntry) -> str:
        numbers = {name: getattr(entry, name) for name in ("number", "number_of_year", "year", "draft", "at")}
        signed = {"author": author, "role": role, "reason": reason}
        manifest = Manifest.model_validate({**content, **numbers, **signed})
        _write(folder / MANIFEST, manifest.text().encode())
        _sync_names(folder)
        target = home / FOLDER / entry.name
        if target.exists():
            # Its maker died before the ledger knew of it; or a ledger was lost, and then this is all there is of it.
            target.rename(target.with_name(f"{_SET_ASIDE}{entry.name}-{uuid4().hex}"))
        folder.rename(target)
        _sync_names(target.parent)
        return manifest.digest()

    day, scheme = content["day"], content["scheme"]
    entry = ledger.add_release(
        put,
        scheme_id=scheme["id"],
        day=day,
        author=author,
        role=role,
        reason=reason,
        publish=publish,
        draft=draft,
    )
    return Release.open(home, entry.name)


@contextmanager
def _making(home: Path) -> Iterator[Path]:
    """A folder to write into, on the same disk as the releases. It is gone afterwards, unless it was moved."""
    try:
        (home / FOLDER).mkdir(parents=True, exist_ok=True)
        _sweep(home / FOLDER)
        folder = home / FOLDER / f"{_MAKING}{uuid4().hex}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise ReleaseError.because("releases.not_written", detail=error.strerror) from error


def _sweep(releases: Path) -> None:
    """Remove what processes that died have left half written."""
    for folder in releases.glob(f"{_MAKING}*"):
        if time.time() - folder.stat().st_mtime > _LEFT_BEHIND_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _write_files(
    folder: Path, assessment: Assessment, incidents: pd.DataFrame | None, context: gpd.GeoDataFrame | None
) -> dict[str, dict[str, object]]:
    """Write every file but the manifest; returns where each array of the Assessment lies."""
    scheme = assessment.scheme
    written = yaml.safe_dump(scheme.model_dump(mode="json", by_alias=True, exclude_none=True),
                             allow_unicode=True, sort_keys=False)  # fmt: skip
    _write(folder / SCHEME, written.encode())
    _write_frame(folder / AREAS, assessment.areas)
    parents = {"area_id": list(assessment.parents.keys()), "name": list(assessment.parents.values())}
    _write_frame(folder / PARENTS, pd.DataFrame(parents, dtype="str"))
    if incidents is not None:
        _write_frame(folder / INCIDENTS, incidents)
    if context is not None:
        _write(folder / CONTEXT, context.to_json(drop_id=True, ensure_ascii=False).encode())

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
    return {name: {"file": file.name, "shape": shape, "dtype": str(a.dtype)} for name, a in arrays.items()}


def _write_frame(file: Path, frame: pd.DataFrame) -> None:
    held = io.BytesIO()
    frame.to_parquet(held, compression="zstd")
    _write(file, held.getbuffer())


def _write(file: Path, content: bytes | memoryview | pa.Buffer) -> None:
    with file.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _sync_names(folder: Path) -> None:
    """Bring the names in a folder to the disk; Windows opens no folder, and does so by itself."""
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)

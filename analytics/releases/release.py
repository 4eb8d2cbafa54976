"""A release on disk: a folder of files, and a manifest that holds the digest of each and of itself."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from analytics.errors import ReleaseError
from analytics.releases.codes import check_code
from analytics.releases.formats import RELEASE_FORMAT, upgraded
from analytics.scheme import Scheme
from analytics.scoring import Assessment
from analytics.scoring.assess import NO_OVERRIDE
from analytics.scoring.changes import KEPT_CHANGES, KeptChanges
from analytics.scoring.orders import NOT_ORDERED, Order
from analytics.scoring.provenance import FigureSettings, Provenance
from analytics.scoring.reporting_delay import CompleteTo
from analytics.scoring.silence import SilentFeed
from analytics.tiers import UNKNOWN_RANK

FOLDER = "releases"
MANIFEST = "manifest.json"
SCHEME, AREAS, PARENTS, CONTEXT, INCIDENTS, NOISE, REVISION, CHANGES = (
    "scheme.yaml",
    "areas.parquet",
    "parents.parquet",
    "context.geojson",
    "matters.parquet",
    "noise.json",
    "revision.json",
    "changes.json",
)

FileName = Literal[
    "scheme.yaml",
    "areas.parquet",
    "parents.parquet",
    "context.geojson",
    "matters.parquet",
    "noise.json",
    "revision.json",
    "changes.json",
    "days.parquet",
    "indicators.parquet",
    "holding.parquet",
]
"""The files that a release may have: a manifest from elsewhere cannot point to others."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SchemeOf(_Strict):
    """Which scheme."""

    id: str
    version: int


class SettingsOf(_Strict):
    """The settings that change figures; None where they were not recorded."""

    smallest_count: int | None


class ProvenanceOf(_Strict):
    """What made the tiers, as in :class:`Provenance`. ``scheme`` is the digest as it was then, with its version."""

    records: str | None
    scheme: str
    method: int | None
    settings: SettingsOf
    day: date


class CompleteOf(_Strict):
    """How far the incidents are in, as in :class:`CompleteTo`."""

    day: date
    feed: str | None
    delay: int
    interrupted: bool

    def value(self) -> CompleteTo:
        """As scoring has it."""
        return CompleteTo(self.day, self.feed, self.delay, self.interrupted)


class ArrayOf(_Strict):
    """Where an array of the Assessment lies: a column of a file, its rows in the order of the axes."""

    file: FileName
    column: str
    shape: tuple[int, ...]
    dtype: str


class Manifest(_Strict):
    """What a release says of itself, as of today's format; older ones are brought to it when they are read.

    ``number`` is 总第M期, ``number_of_year`` 第N期 of ``year``; a draft has neither. ``cut_off``: the midnight ending
    ``day`` (24时). ``at``: when it was frozen. ``seed``: of whatever is drawn at random for it. ``program``: the
    version that froze it, nothing where it had none. ``recorded``:
    by table of events, how many records there were up to the day, None where that was not counted. ``files``: the
    SHA-256 of each.
    """

    format: Literal[5]
    program: str
    number: int | None
    number_of_year: int | None
    year: int | None
    draft: int | None
    scheme: SchemeOf
    provenance: ProvenanceOf
    day: date
    cut_off: str
    days: tuple[str, ...]
    days_dtype: str
    days_frequency: str | None
    author: str
    role: str
    reason: str
    at: str
    seed: int
    notice: Mapping[str, str] | None
    source: Mapping[str, str] | None
    complete: CompleteOf
    unplaced: Mapping[str, int]
    silent: tuple[SilentFeed, ...]
    orders: tuple[Order, ...]
    recorded: Mapping[str, int] | None
    doubtful: Mapping[str, tuple[str, ...]]
    former_areas: Mapping[str, Mapping[str, int]]
    unscored: Mapping[str, int]
    arrays: Mapping[str, ArrayOf]
    files: Mapping[FileName, str]

    @property
    def is_draft(self) -> bool:
        """Whether it was not published."""
        return self.number is None

    @property
    def name(self) -> str:
        """The name of its folder: 000012, or D000003 for a draft."""
        return f"D{self.draft:06}" if self.is_draft else f"{self.number:06}"

    def digest(self) -> str:
        """The SHA-256 (hex) of its content, and so of the whole release."""
        return _digest(self.model_dump(mode="json"))

    def text(self) -> str:
        """The file: its content and its digest."""
        return _json({**self.model_dump(mode="json"), "digest": self.digest()})


def _digest(content: Mapping[str, object]) -> str:
    return sha256(_json(content).encode()).hexdigest()


def _json(content: Mapping[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


@dataclass(frozen=True, eq=False)
class Release:
    """A release whose every byte was found as it was written. ``digest`` is its manifest's, as it was written: of
    whatever format that was."""

    folder: Path
    manifest: Manifest
    digest: str

    @classmethod
    def open(cls, home: Path, number: int | str) -> Release:
        """The release of this number, or the draft of this name ("D000003"), in ``home``.

        Raises :class:`ReleaseError` for one that is not there, and for the first file that is not as it was written.
        """
        release = cls.in_folder(home / FOLDER / name_of(number))
        if release.manifest.name != release.folder.name:  # a copy under another number
            raise ReleaseError.because("releases.file_changed", file=MANIFEST, release=release.folder.name)
        return release

    @classmethod
    def in_folder(cls, folder: Path) -> Release:
        """The release in a folder, wherever it was copied to; raises as :meth:`open`."""
        if not folder.is_dir():
            raise ReleaseError.because("releases.not_there", release=folder.name)
        release = cls(folder, *_manifest(folder))
        for file in release.manifest.files:
            release.bytes_of(file)
        return release

    @property
    def code(self) -> str:
        """The check code of the release as a whole: of the view that says nothing."""
        return check_code(self.digest, {})

    def bytes_of(self, file: FileName) -> bytes:
        """A file, found as it was written; raises :class:`ReleaseError` that names it."""
        raw = _read(self.folder, file)
        if sha256(raw).hexdigest() != self.manifest.files[file]:
            raise ReleaseError.because("releases.file_changed", file=file, release=self.folder.name)
        return raw

    @cached_property
    def scheme(self) -> Scheme:
        """The scheme as it was."""
        try:
            scheme = Scheme.model_validate(yaml.safe_load(self.bytes_of(SCHEME)))
        except ValidationError as error:  # it has a key that today's code does not know
            raise self._other_code(SCHEME) from error
        written, now = self.manifest.provenance.scheme, scheme.digest()
        if _version_of(written) == _version_of(now) and written != now:
            # The file is as it was: today's code reads more or less out of it than the code that wrote it.
            raise self._other_code(SCHEME)
        return scheme

    @property
    def provenance(self) -> Provenance:
        """What made its tiers; the digest of its scheme is made anew, so that those of two releases can be compared."""
        held = self.manifest.provenance
        settings = FigureSettings(held.settings.smallest_count)
        return Provenance(held.records, self.scheme.digest(), held.method, settings, held.day)

    def assessment(self) -> Assessment:
        """The Assessment that was frozen, bit for bit; what it did not have yet is what its metadata says of that."""
        held = self.manifest
        arrays = self._arrays()
        for field in fields(Assessment):
            if field.name not in arrays and "absent" in field.metadata:
                absent = field.metadata["absent"]
                arrays[field.name] = absent(arrays) if callable(absent) else np.full(arrays["shown"].shape, absent)
        parents = pd.read_parquet(io.BytesIO(self.bytes_of(PARENTS)))
        try:
            return Assessment(
                scheme=self.scheme,
                provenance=self.provenance,
                days=pd.DatetimeIndex(held.days, dtype=held.days_dtype, freq=held.days_frequency),
                areas=self.areas(),
                parents=dict(zip(parents["area_id"].tolist(), parents["name"].tolist(), strict=True)),
                unplaced=dict(held.unplaced),
                silent=held.silent,
                orders=held.orders,
                doubtful=dict(held.doubtful),
                **arrays,
                former_areas={table: dict(found) for table, found in held.former_areas.items()},
                behind=self._changes(),
                english=_filled(parents, "name_en"),
                pinyin=_filled(parents, "pinyin"),
                unscored=dict(held.unscored),
            )
        except TypeError as error:  # an array was added to an Assessment, and nobody said what stands in it here
            raise self._other_code(MANIFEST) from error

    def carried(self) -> int:
        """How many tiers were carried on in it (as `carried_areas`); none where that was not known yet."""
        held = self._arrays()
        if "carried" not in held:
            return 0
        known = (held["shown"][-1] != UNKNOWN_RANK) & (held["override_left"][-1] == NO_OVERRIDE)
        known &= held.get("without_order", np.full_like(held["shown"], NOT_ORDERED))[-1] == NOT_ORDERED
        return int((known & (held["carried"][-1] > 0)).sum())

    def areas(self) -> pd.DataFrame:
        """The areas, indexed by ``area_id``, with their shapes where they have any."""
        raw = self.bytes_of(AREAS)
        with_shapes = b"geo" in (pq.read_schema(io.BytesIO(raw)).metadata or {})
        return (gpd if with_shapes else pd).read_parquet(io.BytesIO(raw))

    def context(self) -> gpd.GeoDataFrame | None:
        """Water and roads to draw under the areas; None where it has none."""
        return gpd.read_file(io.BytesIO(self.bytes_of(CONTEXT))) if CONTEXT in self.manifest.files else None

    def incidents(self) -> pd.DataFrame | None:
        """The weekly incidents by category, as they were given; None where there were none."""
        return pd.read_parquet(io.BytesIO(self.bytes_of(INCIDENTS))) if INCIDENTS in self.manifest.files else None

    def _changes(self) -> KeptChanges | None:
        """What was found to lower its tiers when it was frozen; None of one that is older than that."""
        return KEPT_CHANGES.validate_json(self.bytes_of(CHANGES)) if CHANGES in self.manifest.files else None

    def _other_code(self, file: str) -> ReleaseError:
        program = self.manifest.program or "—"
        return ReleaseError.because("releases.other_code", file=file, release=self.folder.name, program=program)

    def _arrays(self) -> dict[str, np.ndarray]:
        files = {array.file for array in self.manifest.arrays.values()}
        tables = {file: pq.read_table(io.BytesIO(self.bytes_of(file))) for file in files}
        return {
            name: tables[array.file][array.column].to_numpy().astype(array.dtype).reshape(array.shape)
            for name, array in self.manifest.arrays.items()
        }


def _filled(parents: pd.DataFrame, column: str) -> dict[str, str]:
    """The names of a column by code, where there are any; older releases have no such column."""
    if column not in parents:
        return {}
    held = parents.dropna(subset=[column])
    return dict(zip(held["area_id"].tolist(), held[column].tolist(), strict=True))


def name_of(number: int | str) -> str:
    """The folder's name for a number (12, "12", "D3"); raises :class:`ReleaseError` for what is none."""
    found = re.fullmatch(r"(D?)0*([1-9][0-9]{0,8})", str(number).strip().upper(), flags=re.ASCII)
    if not found:
        raise ReleaseError.because("releases.not_there", release=number)
    return f"{found[1]}{int(found[2]):06}"


def _read(folder: Path, file: str) -> bytes:
    try:
        return (folder / file).read_bytes()
    except FileNotFoundError:
        raise ReleaseError.because("releases.file_missing", file=file, release=folder.name) from None
    except OSError as error:
        raise ReleaseError.because(
            "releases.file_unreadable", file=file, release=folder.name, detail=error.strerror
        ) from error


def _version_of(scheme_digest: str) -> str:
    return scheme_digest.partition(":")[0]


def _manifest(folder: Path) -> tuple[Manifest, str]:
    """The manifest as today's format says it, and the digest of what is written."""
    raw = _read(folder, MANIFEST)
    changed = ReleaseError.because("releases.file_changed", file=MANIFEST, release=folder.name)
    try:
        content = json.loads(raw)
        digest = content.pop("digest")
        if content["format"] > RELEASE_FORMAT:
            program = str(content.get("program", "?"))
            raise ReleaseError.because("releases.newer_format", release=folder.name, program=program)
        if digest != _digest(content) or raw != _json({**content, "digest": digest}).encode():
            raise changed
        return Manifest.model_validate(upgraded(content)), digest
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError, ValidationError):
        raise changed from None

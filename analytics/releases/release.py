"""A release on disk: a folder of files, and a manifest that holds the digest of each and of itself."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
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
from analytics.scheme import Scheme
from analytics.scoring import Assessment

FORMAT = 1
FOLDER = "releases"
MANIFEST = "manifest.json"
SCHEME, AREAS, PARENTS, CONTEXT, INCIDENTS, NOISE = (
    "scheme.yaml",
    "areas.parquet",
    "parents.parquet",
    "context.geojson",
    "matters.parquet",
    "noise.json",
)

FileName = Literal[
    "scheme.yaml",
    "areas.parquet",
    "parents.parquet",
    "context.geojson",
    "matters.parquet",
    "noise.json",
    "days.parquet",
    "indicators.parquet",
    "holding.parquet",
]
"""The files that a release may have: a manifest from elsewhere cannot point to others."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SchemeOf(_Strict):
    """Which scheme, and the digest of its rules."""

    id: str
    version: int
    digest: str


class ArrayOf(_Strict):
    """Where an array of the Assessment lies: a column of a file, its rows in the order of the axes."""

    file: FileName
    shape: tuple[int, ...]
    dtype: str


class Manifest(_Strict):
    """What a release says of itself.

    ``number`` is 总第M期, ``number_of_year`` 第N期 of ``year``; a draft has neither. ``cut_off``: the midnight ending
    ``day`` (24时). ``at``: when it was frozen. ``seed``: of whatever is drawn at random for it. ``code_version``: of
    the code that made tiers of the records. ``files``: the SHA-256 of each.
    """

    format: Literal[1]
    number: int | None
    number_of_year: int | None
    year: int | None
    draft: int | None
    scheme: SchemeOf
    data_digest: str
    code_version: str
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
    unplaced: Mapping[str, int]
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

    def content(self) -> str:
        """Its JSON, without its own digest: the same text for the same content."""
        return _json(self.model_dump(mode="json"))

    def digest(self) -> str:
        """The SHA-256 (hex) of its content, and so of the whole release."""
        return sha256(self.content().encode()).hexdigest()

    def text(self) -> str:
        """The file: its content and its digest."""
        return _json({**self.model_dump(mode="json"), "digest": self.digest()})


def _json(content: Mapping[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


@dataclass(frozen=True, eq=False)
class Release:
    """A release whose every byte was found as it was written. ``digest`` is its manifest's."""

    folder: Path
    manifest: Manifest
    digest: str

    @classmethod
    def open(cls, home: Path, number: int | str) -> Release:
        """The release of this number, or the draft of this name ("D000003"), in ``home``.

        Raises :class:`ReleaseError` for one that is not there, and for the first file that is not as it was written.
        """
        return cls.in_folder(home / FOLDER / name_of(number))

    @classmethod
    def in_folder(cls, folder: Path) -> Release:
        """The release in a folder, wherever it was copied to; raises as :meth:`open`."""
        if not folder.is_dir():
            raise ReleaseError.because("releases.not_there", release=folder.name)
        manifest = _manifest(folder)
        release = cls(folder, manifest, manifest.digest())
        for file in manifest.files:
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
        scheme = Scheme.model_validate(yaml.safe_load(self.bytes_of(SCHEME)))
        if scheme.digest() != self.manifest.scheme.digest:
            # The file is as it was: today's code reads more or less out of it than the code that wrote it.
            raise ReleaseError.because("releases.other_code", file=SCHEME, release=self.folder.name)
        return scheme

    def assessment(self) -> Assessment:
        """The Assessment that was frozen, bit for bit."""
        held = self.manifest
        parents = pd.read_parquet(io.BytesIO(self.bytes_of(PARENTS)))
        try:
            return Assessment(
                scheme=self.scheme,
                days=pd.DatetimeIndex(held.days, dtype=held.days_dtype, freq=held.days_frequency),
                areas=self.areas(),
                parents=dict(zip(parents["area_id"].tolist(), parents["name"].tolist(), strict=True)),
                unplaced=dict(held.unplaced),
                **self._arrays(),
            )
        except TypeError as error:  # an Assessment has come to hold other arrays
            raise ReleaseError.because("releases.other_code", file=MANIFEST, release=self.folder.name) from error

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

    def _arrays(self) -> dict[str, np.ndarray]:
        files = {array.file for array in self.manifest.arrays.values()}
        tables = {file: pq.read_table(io.BytesIO(self.bytes_of(file))) for file in files}
        return {
            name: tables[array.file][name].to_numpy().astype(array.dtype).reshape(array.shape)
            for name, array in self.manifest.arrays.items()
        }


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


def _manifest(folder: Path) -> Manifest:
    raw = _read(folder, MANIFEST)
    changed = ReleaseError.because("releases.file_changed", file=MANIFEST, release=folder.name)
    try:
        content = json.loads(raw)
        content.pop("digest")
        if isinstance(content["format"], int) and content["format"] > FORMAT:
            raise ReleaseError.because("releases.newer_format", release=folder.name)
        manifest = Manifest.model_validate(content)
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError, ValidationError):
        raise changed from None
    if raw != manifest.text().encode():
        raise changed
    return manifest

"""An archive of a home: one zip, in which a manifest says each file with its size and SHA-256, and its own digest.

Nothing of an archive is believed before its manifest says it: names that lead out of the folder, files that are not in
the manifest or lack, links, and any byte that is not as it was written are refused before a file is put in place.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from analytics import __version__
from analytics.errors import BackupError
from analytics.store.disk import disk_troubles, sync_folder, write_new
from analytics.store.home import STORE_FORMAT
from analytics.store.ledger_copy import Kind
from analytics.store.ledger_tables import canonical

ARCHIVE_FORMAT = 1
"""Goes up with every change of what a manifest says; a newer one is left alone."""

KEY_FILE = "key/installation.key"
MANIFEST = "manifest.json"
_ROOM = "home/"
_LARGEST_MANIFEST = 2**26
"""Bytes: a home of some 500,000 files."""
_CHUNK = 2**20
_STORED = (".parquet", ".xz", ".zip")
"""What is packed already."""
_DRIVE = re.compile(r"[A-Za-z]:")
_LINK = 0o120000
_KIND = 0o170000
_ENCRYPTED = 1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What Python's own reader of archives raises for a damaged one: ``NotImplementedError`` is its word for bytes that ask
for a compression or a version that it does not know, ``RuntimeError`` for a member that says it is encrypted."""


class _Held(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int
    sha256: str


class BackupManifest(BaseModel):
    """What an archive holds: ``files`` by their paths in the home; ``made``: when (ISO 8601, the office's clock);
    ``ledger``: where the ledger lay that is in it as ``ledger.sqlite``, None for a home without one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    program: str
    made: str
    store_format: int
    ledger: Kind | None
    files: Mapping[str, _Held]

    @property
    def with_key(self) -> bool:
        """Whether the installation's key is in it."""
        return KEY_FILE in self.files

    @property
    def size(self) -> int:
        """Bytes of all files, unpacked."""
        return sum(held.size for held in self.files.values())


@dataclass(frozen=True)
class Source:
    """A file on its way into an archive, under the ``name`` that it has in the home. ``may_go``: it is no loss where it
    is not there any more."""

    name: str
    file: Path
    may_go: bool = False


class GoneError(Exception):
    """A file that was there when the archive was begun has another name now."""


def write_archive(out: BinaryIO, sources: Iterable[Source], made: str, ledger: Kind | None) -> BackupManifest:
    """Write an archive of ``sources``; returns its manifest. Raises :class:`GoneError` for a file that went meanwhile,
    ``OSError`` where the disk refuses."""
    held: dict[str, _Held] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for source in sources:
            try:
                opened = source.file.open("rb")
            except FileNotFoundError as error:
                if source.may_go:
                    continue
                raise GoneError(source.name) from error
            with opened:
                held[source.name] = _pack(packed, source.name, opened)
        manifest = BackupManifest(
            format=ARCHIVE_FORMAT,
            program=__version__,
            made=made,
            store_format=STORE_FORMAT,
            ledger=ledger,
            files=held,
        )
        said = manifest.model_dump(mode="json")
        packed.writestr(_info(MANIFEST), json.dumps({**said, "sha256": _digest(said)}, ensure_ascii=False, indent=1))
    return manifest


def _pack(packed: zipfile.ZipFile, name: str, opened: BinaryIO) -> _Held:
    digest, size = sha256(), 0
    with packed.open(_info(_ROOM + name), "w", force_zip64=True) as member:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            member.write(chunk)
    return _Held(size=size, sha256=digest.hexdigest())


def _info(name: str) -> zipfile.ZipInfo:
    """A member without a time of its own: the same home gives the same bytes."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_STORED if name.endswith(_STORED) else zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


@contextmanager
def opened_archive(file: Path) -> Iterator[Archive]:
    """An archive with its manifest; raises :class:`BackupError` for one that is none, cut, damaged or of a newer
    program, and for names in it that lead out of a folder."""
    try:
        packed = zipfile.ZipFile(file)
    except FileNotFoundError as error:
        raise BackupError.because("upkeep.no_archive", file=file.name) from error
    except (*_BROKEN, OSError) as error:
        raise BackupError.because("upkeep.archive_damaged", file=file.name) from error
    with packed:
        yield Archive(file, packed, _manifest(file, packed))


@dataclass(frozen=True)
class Archive:
    """An open archive."""

    file: Path
    packed: zipfile.ZipFile
    manifest: BackupManifest

    def read(self, name: str) -> bytes:
        """A small file of the home, found as it was written."""
        parts: list[bytes] = []
        self._copied(name, parts.append)
        return b"".join(parts)

    def verify(self) -> None:
        """Read every file; raises :class:`BackupError` that names the first that is not as it was written."""
        for name in self.manifest.files:
            self._copied(name, len)

    def unpack(self, folder: Path) -> None:
        """Write all files into the new ``folder``, each on the disk before it returns. Raises :class:`BackupError` for
        damage, and :class:`StoreError` where the disk refuses."""
        with disk_troubles(folder.parent):
            folder.mkdir(mode=0o700)
            for name in self.manifest.files:
                file = folder / PurePosixPath(name)
                file.parent.mkdir(parents=True, exist_ok=True)
                write_new(file, partial(self._copied_into, name), 0o600)
            for inner in sorted({file.parent for file in folder.rglob("*")}):
                sync_folder(inner)

    def _copied_into(self, name: str, out: BinaryIO) -> None:
        self._copied(name, out.write)

    def _copied(self, name: str, take: Callable[[bytes], object]) -> None:
        digest = sha256()
        try:
            with self.packed.open(_ROOM + name) as member:
                while chunk := member.read(_CHUNK):
                    digest.update(chunk)
                    take(chunk)
        except (*_BROKEN, KeyError) as error:
            raise self._damaged(name) from error
        if digest.hexdigest() != self.manifest.files[name].sha256:
            raise self._damaged(name)

    def _damaged(self, name: str) -> BackupError:
        return BackupError.because("upkeep.file_damaged", file=self.file.name, name=name)


def _manifest(file: Path, packed: zipfile.ZipFile) -> BackupManifest:
    damaged = BackupError.because("upkeep.archive_damaged", file=file.name)
    members = packed.infolist()
    if not any(one.filename == MANIFEST and one.file_size <= _LARGEST_MANIFEST for one in members):
        raise damaged
    for member in members:
        name = member.filename.removeprefix(_ROOM)
        if not _is_safe(name) or member.external_attr >> 16 & _KIND == _LINK:
            raise BackupError.because("upkeep.leads_out", file=file.name, name=name)
    try:
        said = json.loads(packed.read(MANIFEST))
        if said.get("format", 0) > ARCHIVE_FORMAT:
            raise BackupError.because("upkeep.newer_archive", file=file.name, program=f"{said.get('program', '?')}")
        if said.pop("sha256", "") != _digest(said):
            raise damaged
        manifest = BackupManifest.model_validate(said)
    except (*_BROKEN, AttributeError, TypeError, ValidationError) as error:
        raise damaged from error
    if not all(_is_safe(name) for name in manifest.files):
        raise damaged
    there = {one.filename: one.file_size for one in members if one.filename != MANIFEST}
    said_sizes = {_ROOM + name: held.size for name, held in manifest.files.items()}
    encrypted = any(one.flag_bits & _ENCRYPTED for one in members)
    if encrypted or there != said_sizes or len(members) != len(there) + 1:
        raise damaged
    return manifest


def _is_safe(name: str) -> bool:
    """Whether a name stays in the folder into which it is written, on any system."""
    parts = PurePosixPath(name).parts
    odd = "\\" in name or "\0" in name or _DRIVE.match(name) or name != "/".join(parts)
    return bool(parts) and not odd and not name.startswith("/") and not {".", ".."} & set(parts)


def _digest(said: Mapping[str, object]) -> str:
    return sha256(canonical(dict(said)).encode()).hexdigest()

"""Archives, opened in memory alone: nothing is ever unpacked to a disk."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from lzma import LZMAError
from pathlib import PurePosixPath

from analytics.errors import LoadError
from analytics.loaders.private import MASK, looks_personal
from analytics.loaders.sheet import shown

LARGEST_UNPACKED = 2**30
"""Bytes; what all members of an archive may come to."""

HIGHEST_RATIO = 400
"""Of unpacked to packed bytes; a workbook of blank cells reaches 100, and the format's own limit is 1,032."""

_RATIO_COUNTS_FROM = 2**24  # bytes; below, no ratio does harm
_MOST_MEMBERS = 10_000
_LINK = 0o120000
_KIND_OF_FILE = 0o170000
_NO_MATTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")

# What zipfile and its unpackers raise for bytes that are no archive, or a broken one.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    struct.error,
    EOFError,
    IndexError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class Archive:
    """A zip file whose sizes were checked before anything was unpacked.

    Raises ``LoadError`` for one that is damaged, locked by a password, far larger than it looks, or that holds links
    or paths that lead out of it.
    """

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        except _BROKEN as error:
            raise LoadError.because("files.damaged", file=name) from error
        self._entries = {_decoded(entry): entry for entry in entries}
        if len(self._entries) < len(entries):
            raise LoadError.because("files.damaged", file=name)
        self._require_safe()

    @property
    def members(self) -> list[str]:
        """The names with their folders, in the order of the archive; without what file managers leave behind."""
        return [
            member for member in self._entries if not any(part in _NO_MATTER for part in PurePosixPath(member).parts)
        ]

    def read(self, member: str) -> bytes:
        """The content of a member. Raises ``LoadError`` if it is damaged."""
        return b"".join(self.pieces(member))

    def pieces(self, member: str, size: int = 2**24) -> Iterator[bytes]:
        """The content of a member, ``size`` bytes at a time. Raises ``LoadError`` if it is damaged."""
        try:
            # Its size is the one that was declared: zipfile stops there, and then compares the checksum.
            with self._zip.open(self._entries[member]) as stream:
                while piece := stream.read(size):
                    yield piece
        except _BROKEN as error:
            raise LoadError.because("files.damaged", file=self.name) from error

    def _require_safe(self) -> None:
        entries = self._entries.values()
        if any(entry.flag_bits & 1 for entry in entries):
            raise LoadError.because("files.password", file=self.name)
        if any(_is_unsafe(member, entry) for member, entry in self._entries.items()):
            raise LoadError.because("files.unsafe_member", file=self.name)
        unpacked = sum(entry.file_size for entry in entries)
        swollen = any(
            entry.file_size > max(_RATIO_COUNTS_FROM, HIGHEST_RATIO * entry.compress_size) for entry in entries
        )
        if unpacked > LARGEST_UNPACKED or swollen or len(self._entries) > _MOST_MEMBERS:
            raise LoadError.because("files.unpacks_too_large", file=self.name)


def gunzipped(name: str, content: bytes) -> bytes:
    """The content of a gzip file. Raises ``LoadError`` if it is damaged or far larger than it looks."""
    limit = min(LARGEST_UNPACKED, max(_RATIO_COUNTS_FROM, HIGHEST_RATIO * len(content)))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            unpacked = stream.read(limit + 1)
    except _BROKEN as error:
        raise LoadError.because("files.damaged", file=name) from error
    if len(unpacked) > limit:
        raise LoadError.because("files.unpacks_too_large", file=name)
    return unpacked


def names_of(members: list[str]) -> list[str]:
    """Members as a sentence may name them: without their folders, at most ten."""
    names = [PurePosixPath(member).name for member in members]
    names = [MASK if looks_personal(name) else shown(name) for name in names]
    return names if len(names) <= 10 else [*names[:10], "…"]


def _decoded(entry: zipfile.ZipInfo) -> str:
    """The name of an entry; Chinese systems write it in their own encoding without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _is_unsafe(member: str, entry: zipfile.ZipInfo) -> bool:
    path = member.replace("\\", "/")
    leads_out = path.startswith("/") or ".." in path.split("/") or path[1:2] == ":"
    return leads_out or (entry.external_attr >> 16) & _KIND_OF_FILE == _LINK

"""Files that are there whole or not at all, however the process ends; and what a disk refuses, in a sentence."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from analytics.errors import StoreError

PARTIAL = ".partial"
"""How a file ends that is still being written."""

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_UNSUPPORTED = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


@contextmanager
def disk_troubles(folder: Path) -> Iterator[None]:
    """Tell an ``OSError`` that happens inside as a :class:`StoreError` about ``folder``, named without its path."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StoreError.because("store.disk_full", folder=folder.name) from error
        if error.errno in _FORBIDDEN:
            raise StoreError.because("store.not_permitted", folder=folder.name) from error
        if isinstance(error, FileExistsError | NotADirectoryError):
            raise StoreError.because("store.no_folder", folder=folder.name) from error
        detail = error.strerror or type(error).__name__
        raise StoreError.because("store.disk_fails", folder=folder.name, detail=detail) from error


def partial_of(file: Path) -> Path:
    """A name beside ``file`` that no other process uses."""
    return file.with_name(f"{file.name}-{secrets.token_hex(4)}{PARTIAL}")


def write_new(file: Path, fill: Callable[[BinaryIO], object], mode: int = 0o666) -> None:
    """Have ``fill`` write a file that must not be there yet, and wait until its bytes are on the disk."""
    with open(file, "xb", opener=lambda path, flags: os.open(path, flags, mode)) as out:
        fill(out)
        out.flush()
        os.fsync(out.fileno())


def create(file: Path, content: bytes, mode: int = 0o666) -> bool:
    """Write ``file`` unless it is there; of several processes at once exactly one is told True.

    Raises :class:`StoreError` on a drive without hard links, where that cannot be had.
    """
    partial = partial_of(file)
    try:
        write_new(partial, lambda out: out.write(content), mode)
        os.link(partial, file)
    except FileExistsError:
        return False
    except OSError as error:
        if partial.exists() and error.errno in _UNSUPPORTED:
            raise StoreError.because("store.no_links", folder=file.parent.name) from error
        raise
    finally:
        # A file that is left behind is swept on a later day.
        with suppress(OSError):
            partial.unlink()
    sync_folder(file.parent)
    return True


def replace(file: Path, fill: Callable[[BinaryIO], object]) -> None:
    """Have ``fill`` write ``file`` anew; whoever reads it finds the old one or the new one."""
    partial = partial_of(file)
    try:
        write_new(partial, fill)
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in ``folder`` are on the disk, where the system can say so."""
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in {*_UNSUPPORTED, errno.EINVAL}:
            raise
    finally:
        os.close(opened)

"""What a sample ships with beside its records: releases, a decision, and what its office says of itself.

They lie in one archive beside the sample, a folder as a home has it, with a ledger of its own: their numbers are the
sample's, and no release of the office's own data is ever counted with them.
"""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

from analytics.store.disk import disk_troubles, partial_of, sync_folder

SHIPPED = "releases.tar.xz"


def unpack_shipped(folder: Path, home: Path) -> None:
    """Put what the sample in ``folder`` ships with into ``home``, where nobody has looked at it yet: whole or not at
    all. A home of the sample that is there is somebody's, and stays as it is.

    Raises ``StoreError`` where the disk refuses.
    """
    archive = folder / SHIPPED
    if home.exists() or not archive.is_file():
        return
    with disk_troubles(home.parent):
        home.parent.mkdir(parents=True, exist_ok=True)
        partial = partial_of(home)
        try:
            with tarfile.open(archive, "r:xz") as held:
                held.extraction_filter = getattr(tarfile, "data_filter", _as_it_is)
                held.extractall(partial)
            _rename(partial, home)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def _as_it_is(member: tarfile.TarInfo, _path: str) -> tarfile.TarInfo:
    """For Python before 3.11.4, which has no filter of its own: the archive is the program's."""
    return member


def _rename(partial: Path, home: Path) -> None:
    try:
        partial.rename(home)
    except OSError:
        if not home.exists():  # else somebody else was faster
            raise
    sync_folder(home.parent)

"""What the draws said, kept on disk: one file for each scheme, data, smallest count and day, which cards and briefings
look up.

Only draws by the usual ranges are kept, so that what everybody reads never hangs on what somebody tried. A file is
there whole or not at all. It says itself what it is of, and one that is damaged, or of something else, counts as none:
the draws can always be made again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from pathlib import Path

import pandas as pd

from analytics import tiers
from analytics.disclosure import smallest_count
from analytics.errors import StoreError
from analytics.evidence.confidence import Confidence
from analytics.evidence.sampling import UncertaintyRanges
from analytics.releases import Release

FOLDER = "confidence"
_FORMAT = 3


def save(home: Path, found: Confidence, scheme_digest: str, data_digest: str, day: date) -> None:
    """Write what was found under ``home``, in place of what was kept of the same scheme, data and day before.

    Raises :class:`StoreError` where nothing can be written there, and ValueError for draws that are not usual.
    """
    if not found.is_usual:
        raise ValueError(f"not usual: {found.number} draws of {found.assumed}")
    file = _file(home, scheme_digest, data_digest, day)
    content = {
        **_of(scheme_digest, data_digest, day),
        "error": found.error,
        "assumed": asdict(found.assumed),
        "draws": found.number,
        "seed": found.seed,
        "varied": list(found.varied),
        "first_order": None if found.first_order is None else dict(found.first_order),
        "areas": list(found.shares.index),
        "present": list(found.present),
        "shares": found.shares.to_numpy().tolist(),
    }
    # Two who press the button at once write two files; the later one stays.
    part = file.with_suffix(f".{os.getpid()}-{id(content)}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        part.replace(file)
    except OSError as error:
        with suppress(OSError):  # it may never have been begun
            part.unlink()
        raise StoreError.because("confidence.not_kept", folder=str(file.parent)) from error


def load(home: Path, scheme_digest: str, data_digest: str, day: date) -> Confidence | None:
    """What was kept of this scheme, these data and this day; None where nothing whole is there."""
    try:
        held = json.loads(_file(home, scheme_digest, data_digest, day).read_text(encoding="utf-8"))
        if any(held[name] != value for name, value in _of(scheme_digest, data_digest, day).items()):
            return None
        index = pd.Index(held["areas"], name="area_id", dtype="str")
        return Confidence(
            shares=pd.DataFrame(held["shares"], index=index, columns=list(tiers.SHOWN), dtype=float),
            present=pd.Series(held["present"], index=index, dtype=object),
            varied=tuple(held["varied"]),
            first_order=held["first_order"],
            error=held["error"],
            assumed=UncertaintyRanges(**held["assumed"]),
            number=held["draws"],
            seed=held["seed"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def of_release(release: Release) -> tuple[str, str, date]:
    """The scheme, the data and the day under which draws of a release are kept."""
    held = release.manifest
    return held.scheme.digest, held.data_digest, held.day


def etag(home: Path, scheme_digest: str, data_digest: str, day: date) -> tuple[int, int] | None:
    """What differs when something else was kept; None where nothing is."""
    try:
        seen = _file(home, scheme_digest, data_digest, day).stat()
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_size


def _file(home: Path, scheme_digest: str, data_digest: str, day: date) -> Path:
    name = sha256(json.dumps(_of(scheme_digest, data_digest, day)).encode()).hexdigest()
    return home / FOLDER / f"{name[:32]}.json"


def _of(scheme_digest: str, data_digest: str, day: date) -> Mapping[str, object]:
    # Which counts are protected changes tiers, and is a setting.
    return {
        "format": _FORMAT,
        "scheme": scheme_digest,
        "data": data_digest,
        "day": day.isoformat(),
        "smallest_count": smallest_count(),
    }

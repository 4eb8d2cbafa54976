"""What the simulations said, kept on disk: one file for each provenance, which cards and briefings look up.

Only simulations by the usual ranges are kept, so that what everybody reads never hangs on what somebody tried. A file
is there whole or not at all. It says itself what it is of, and one that is damaged, of something else or of a newer
program counts as none: the simulations can always be made again. A file of an older program is found by the name that
it had then, and brought to today's format when it is read, one step at a time (``UPGRADES``).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path

import pandas as pd

from analytics import __version__, tiers
from analytics.errors import StoreError
from analytics.evidence.confidence import Confidence
from analytics.evidence.sampling import UncertaintyRanges
from analytics.scheme import Scheme
from analytics.scheme.digest import scheme_digest_version_1
from analytics.scoring.provenance import FigureSettings, Provenance
from analytics.store.ledger_tables import canonical

FOLDER = "confidence"
CONFIDENCE_FORMAT = 4
"""Goes up with every change of what a file holds; ``UPGRADES`` then has one more step."""
FIRST_FORMAT = 3
"""Of programs without a version number; what was kept before is not looked for."""
SMALLEST_OF_OLD = 10
"""The setting of those programs, unless an office had changed it: fewer people than that were one number."""

Content = dict[str, object]


def save(home: Path, found: Confidence, of: Provenance) -> None:
    """Write what was found under ``home``, in place of what was kept of the same provenance before.

    Raises :class:`StoreError` where nothing can be written there, and ValueError for simulations that are not usual.
    """
    if not found.is_usual:
        raise ValueError(f"not usual: {found.number} draws of {found.assumed}")
    file = _file(home, of)
    content = {
        "format": CONFIDENCE_FORMAT,
        "program": __version__,
        "provenance": _said(of),
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


def load(home: Path, of: Provenance, scheme: Scheme) -> Confidence | None:
    """What was kept of this provenance, whose ``scheme`` finds what older programs kept; None where nothing whole is
    there."""
    of = _with_settings(of)
    for file in _files(home, of, scheme):
        try:
            held = json.loads(file.read_text(encoding="utf-8"))
            for number in range(held["format"] + 1, CONFIDENCE_FORMAT + 1):
                held = UPGRADES[number](held, of, scheme)
            if held["format"] == CONFIDENCE_FORMAT and held["provenance"] == _said(of):
                return _confidence(held)
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None


def etag(home: Path, of: Provenance, scheme: Scheme) -> tuple[int, int] | None:
    """What differs when something else was kept; None where nothing is."""
    for file in _files(home, _with_settings(of), scheme):
        with suppress(OSError):
            seen = file.stat()
            return seen.st_mtime_ns, seen.st_size
    return None


def _with_settings(of: Provenance) -> Provenance:
    """Releases of old did not record settings: theirs are looked for by the usual ones of then."""
    return of if of.settings.smallest_count is not None else replace(of, settings=FigureSettings(SMALLEST_OF_OLD))


def _said(of: Provenance) -> Content:
    return json.loads(canonical(asdict(of)))


def _files(home: Path, of: Provenance, scheme: Scheme) -> tuple[Path, ...]:
    """Where it would lie: today's file first, then that of the programs before."""
    name = sha256(json.dumps(_key_of_3(of, scheme)).encode()).hexdigest()
    return _file(home, of), home / FOLDER / f"{name[:32]}.json"


def _file(home: Path, of: Provenance) -> Path:
    return home / FOLDER / f"{of.digest()[:32]}.json"


def _key_of_3(of: Provenance, scheme: Scheme) -> Content:
    return {
        "format": FIRST_FORMAT,
        "scheme": scheme_digest_version_1(scheme),
        "data": of.records,
        "day": of.day.isoformat(),
        "smallest_count": SMALLEST_OF_OLD,
    }


def _from_3(held: Content, of: Provenance, scheme: Scheme) -> Content:
    """What it is of was told by four values, under the version of the method that was the first."""
    key = _key_of_3(of, scheme)
    if any(held.pop(name) != value for name, value in key.items()) or of.method != 1:
        raise ValueError
    return {**held, "format": 4, "provenance": _said(of)}


UPGRADES: Mapping[int, Callable[[Content, Provenance, Scheme], Content]] = {4: _from_3}
"""By the format that a step leads to."""


def _confidence(held: Content) -> Confidence:
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

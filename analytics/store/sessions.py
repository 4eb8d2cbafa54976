"""Sign-ins that have begun, each to be told of once, and those that were ended: a browser's cookie could be kept and
used again, since it says itself who signed in."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from analytics.store.disk import disk_troubles, sync_folder

_BEGUN, _ENDED = "signed_in", "signed_out"
_KEPT_SECONDS = 31 * 24 * 3600
"""A cookie of a sign-in lives for thirty days; after that its mark is of no use."""


def begin_session(home: Path, claims: Mapping[str, object]) -> bool:
    """From now on, it is known that somebody has come with these claims; returns whether that is new. Raises
    ``StoreError`` where it cannot be written."""
    return _marked(home, _BEGUN, claims)


def has_begun(home: Path, claims: Mapping[str, object]) -> bool:
    """Whether somebody has come with these claims before."""
    return (home / _BEGUN / _mark(claims)).exists()


def end_session(home: Path, claims: Mapping[str, object]) -> bool:
    """From now on, whoever comes with these claims has not signed in; returns whether that is new. Raises
    ``StoreError`` where it cannot be written."""
    return _marked(home, _ENDED, claims)


def has_ended(home: Path, claims: Mapping[str, object]) -> bool:
    """Whether this sign-in was ended, in this browser or in another."""
    return (home / _ENDED / _mark(claims)).exists()


def _marked(home: Path, name: str, claims: Mapping[str, object]) -> bool:
    folder = home / name
    with disk_troubles(home):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in folder.iterdir():
            if old.stat().st_mtime < time.time() - _KEPT_SECONDS:
                old.unlink(missing_ok=True)
        mark = folder / _mark(claims)
        if mark.exists():
            return False
        mark.touch()
        sync_folder(folder)
        return True


def _mark(claims: Mapping[str, object]) -> str:
    told = {name: claims.get(name) for name in ("iss", "sub", "iat", "exp", "nonce", "sid", "auth_time")}
    return sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()

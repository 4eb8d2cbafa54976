"""The folder of the store: where it lies, which format it has, and the key with which ids are hashed.

``home.json`` says the format, and the version of the program that wrote in it first. Opening a home changes nothing: an
older one gets today's format with the first thing that is written into it, so that whoever only looked can go back.
"""

from __future__ import annotations

import json
import os
import secrets
from hashlib import sha256
from pathlib import Path

import platformdirs

from analytics import __version__
from analytics.errors import StoreError
from analytics.store.disk import create, disk_troubles, replace, sync_folder

HOME_SETTING = "FIVE_COLOUR_HOME"
STORE_FORMAT = 5
"""Goes up with every change of what is written in the folder, so that an older program does not misread it. `commits`
holds the steps that bring what older programs wrote to this format."""

DESCRIPTION = "home.json"
KEY_FOLDER = "key"
_KEY_FILE = "installation.key"
_KEY_BYTES = 32
_MARK = 16
"""Characters of the key's SHA-256, by which a home knows its key."""


def home_folder(given: Path | None) -> Path:
    """The folder that was given, else that of the setting, else one in the user's data folder."""
    setting = given or os.environ.get(HOME_SETTING) or platformdirs.user_data_dir("five-colour", appauthor=False)
    return Path(setting).expanduser().absolute()


def is_home(given: Path | None = None) -> bool:
    """Whether there is a home where :func:`home_folder` says; nothing is made."""
    return (home_folder(given) / DESCRIPTION).is_file()


def open_home(home: Path) -> bytes:
    """The installation's key; folder and key are made on first use, and two processes at once get the same.

    Raises :class:`StoreError` where the folder cannot be used, a newer version wrote it, or its key is lost.
    """
    with disk_troubles(home):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        key_file, description = key_file_of(home), home / DESCRIPTION
        for folder in (home / "commits", home / "records", home / "columns"):
            folder.mkdir(exist_ok=True)
        _make_key(home)
        key = _read_key(key_file)
        if not description.exists():
            create(description, _described(sha256(key).hexdigest()[:_MARK]))
        require_key_of(description.read_bytes(), key_file.read_bytes(), home, key_file.name)
    return key


def format_of(home: Path) -> int:
    """The format that a home says it has; raises :class:`StoreError` where it cannot be told, or is a newer one."""
    with disk_troubles(home):
        content = (home / DESCRIPTION).read_bytes()
    require_key_of(content, None, home, "")
    return int(json.loads(content)["format"])


def require_key_of(description: bytes, key: bytes | None, home: Path, key_file: str) -> None:
    """Raise :class:`StoreError` for a ``description`` (what ``home.json`` holds) that is damaged or of a newer program,
    and for a ``key`` (what its file holds) that is not that home's own."""
    try:
        found = json.loads(description)
        written_by, used = int(found["format"]), found["key"]
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError.because("store.description_damaged", file=DESCRIPTION) from error
    if written_by > STORE_FORMAT:
        raise StoreError.because("store.newer_version", folder=home.name, program=found.get("program", "?"))
    if key is not None and sha256(_key_in(key, key_file)).hexdigest()[:_MARK] != used:
        raise StoreError.because("store.key_lost", file=key_file)


def installation_key(home: Path, *, make: bool) -> bytes | None:
    """The installation's key, of a home into which nothing was loaded yet too, where it is made if that is asked for;
    None where it is not there, or is none."""
    with disk_troubles(home):
        if make:
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make_key(home)
        try:
            return _read_key(key_file_of(home))
        except StoreError:
            return None


def key_file_of(home: Path) -> Path:
    """Where the installation's key lies."""
    return home / KEY_FOLDER / _KEY_FILE


def _make_key(home: Path) -> None:
    """A key where nothing was written with one yet: one that was lost is not made anew."""
    if (home / DESCRIPTION).exists() or any((home / "commits").glob("*.json")):
        return
    file = key_file_of(home)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    sync_folder(home)
    create(file, secrets.token_bytes(_KEY_BYTES).hex().encode(), 0o600)


def raise_format(home: Path) -> None:
    """Let a home of an older format say today's: what is written from now on, an older program could not read."""
    description = home / DESCRIPTION
    found = json.loads(description.read_text(encoding="utf-8"))
    if found["format"] < STORE_FORMAT:
        replace(description, lambda out: out.write(_described(found["key"])))


def _described(mark: str) -> bytes:
    return json.dumps({"format": STORE_FORMAT, "key": mark, "program": __version__}).encode()


def _read_key(file: Path) -> bytes:
    try:
        return _key_in(file.read_bytes(), file.name)
    except FileNotFoundError as error:
        raise StoreError.because("store.key_lost", file=file.name) from error


def _key_in(content: bytes, name: str) -> bytes:
    try:
        key = bytes.fromhex(content.decode("ascii"))
    except ValueError as error:
        raise StoreError.because("store.key_lost", file=name) from error
    if len(key) != _KEY_BYTES:
        raise StoreError.because("store.key_lost", file=name)
    return key

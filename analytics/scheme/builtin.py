"""The schemes that ship, by their own id: with their text, which is what a new version of one is written into."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from analytics.scheme.model import Scheme
from analytics.scheme.reading import PACKS, pack_ids, read_scheme, reference_ids

BUILTIN = "shipped"
"""Stands for the scheme as it ships, beside the numbers of versions."""


@cache
def builtin_text(scheme_id: str) -> str | None:
    """The file's text, or None where no scheme of this id ships."""
    file = _files().get(scheme_id)
    return file.read_text(encoding="utf-8") if file else None


@cache
def builtin_scheme(scheme_id: str) -> Scheme | None:
    """The scheme, or None where no scheme of this id ships."""
    file = _files().get(scheme_id)
    return read_scheme(file) if file else None


def _files() -> dict[str, Path]:
    return {name.rpartition("/")[2]: PACKS / f"{name}.yaml" for name in (*pack_ids(), *reference_ids())}

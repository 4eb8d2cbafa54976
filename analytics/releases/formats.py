"""How the manifests of older releases become today's: one step from each format to the next, in memory alone.

A release is never written again: its files keep their bytes, its manifest its digest, and its check code leads to it as
before. Format 1 is that of programs without a version number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

RELEASE_FORMAT = 5
"""Goes up with every change of what a folder holds; ``UPGRADES`` then has one more step."""

_METHOD_OF_SOURCE = {"12c3a6b82d80": 1}
"""The version of the method by the fingerprint of the source that releases of the first format had instead."""

_MADE_UP_OR_PUBLIC = "notice"
"""Samples, and only they, carry a notice. Their digest of the records was one of file names and times."""

_RENAMED_ARRAYS = {"overridden": "shown"}


def _from_1(content: Mapping[str, Any]) -> dict[str, Any]:
    """Provenance is one value; settings that change figures were not recorded; arrays say which column they are."""
    told = dict(content)
    scheme, records, source = dict(told.pop("scheme")), told.pop("data_digest"), told.pop("code_version")
    provenance = {
        "records": None if told[_MADE_UP_OR_PUBLIC] else records,
        "scheme": f"1:{scheme.pop('digest')}",
        "method": _METHOD_OF_SOURCE.get(source),
        "settings": {"smallest_count": None},
        "day": told["day"],
    }
    arrays = {_RENAMED_ARRAYS.get(name, name): {**where, "column": name} for name, where in told.pop("arrays").items()}
    return {**told, "format": 2, "program": "", "scheme": scheme, "provenance": provenance, "arrays": arrays}


def _from_2(content: Mapping[str, Any]) -> dict[str, Any]:
    """Weeks were the seven days up to a release's own day, each held to be complete; which feeds were silent and which
    words nobody knows was not looked at, and records were not counted. Records of areas that had left the list, or of
    which nobody knew the level, were among those that name an area above the scored level."""
    complete = {"day": content["day"], "feed": None, "delay": 0, "interrupted": False}
    new = {"complete": complete, "silent": (), "recorded": None, "doubtful": {}, "former_areas": {}, "unscored": {}}
    return {**content, "format": 3, **new}


def _from_3(content: Mapping[str, Any]) -> dict[str, Any]:
    """What would lower a tier was not kept, nor any English name: those are as the program of the day makes them."""
    return {**content, "format": 4}


def _from_4(content: Mapping[str, Any]) -> dict[str, Any]:
    """There were no orders."""
    return {**content, "format": 5, "orders": ()}


UPGRADES: Mapping[int, Callable[[Mapping[str, Any]], dict[str, Any]]] = {2: _from_1, 3: _from_2, 4: _from_3, 5: _from_4}
"""By the format that a step leads to."""


def upgraded(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a manifest of any format up to today's, as today's says it."""
    told = dict(content)
    for number in range(told["format"] + 1, RELEASE_FORMAT + 1):
        told = UPGRADES[number](told)
    return told

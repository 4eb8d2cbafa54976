"""A scheme as plain values, and which entries of two schemes are one and the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analytics.scheme.digest import whole_numbers
from analytics.scheme.model import Scheme

_SHARED = ("id", "name", "when")
"""By what an entry is known again, the surest first."""


Entry = Mapping[str, Any]
"""A scheme, or an entry in it, as plain values: its keys and what they hold are as `model` says."""


def plain(scheme: Scheme) -> dict[str, Any]:
    """Every setting by its name in the file, as JSON has values; numbers that are whole are ``int``."""
    said = scheme.model_dump(mode="json", by_alias=True)
    return {key: whole_numbers(held, key) for key, held in said.items()}


def same(one: object, other: object) -> bool:
    """Whether two plain values are equal, the order of their entries and the kinds of their numbers included."""
    return json.dumps(one) == json.dumps(other)


def same_rules(one: Scheme, other: Scheme) -> bool:
    """Whether two schemes are equal but for their version."""
    return same(plain(one) | {"version": 0}, plain(other) | {"version": 0})


def paired(old: Sequence[Entry], new: Sequence[Entry]) -> list[tuple[int | None, int | None]]:
    """Places of entries in ``old`` and ``new`` that are the same one: in the order of ``new``, and then (place, None)
    for each that was removed; (None, place) is one that was added."""
    found = dict(_found(old, new))
    before = {after: place for place, after in found.items()}
    return [(before.get(place), place) for place in range(len(new))] + [
        (place, None) for place in range(len(old)) if place not in found
    ]


def _found(old: Sequence[Entry], new: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    left, right = list(range(len(old))), list(range(len(new)))
    for shared in (None, *_SHARED):
        for place in list(left):
            mark = _mark(old[place], shared)
            after = next((at for at in right if mark and same(mark, _mark(new[at], shared))), None)
            if after is not None:
                left.remove(place)
                right.remove(after)
                yield place, after


def _mark(entry: Entry, shared: str | None) -> object:
    return entry.get(shared) if shared else entry

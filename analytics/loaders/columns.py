"""Which column a header means, which code a cell means, and which headers are never kept. The tables: columns.yaml."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import yaml

from analytics.words import Phrase, phrase

_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_IGNORED = re.compile(r"[\s_\-*:·()\[\]【】]+")


@dataclass(frozen=True)
class Recognition:
    """What the headers of one file mean: positions of canonical columns, refused headers, and all others."""

    columns: Mapping[str, int]
    private: tuple[int, ...]
    others: tuple[int, ...]


def normalised(text: str) -> str:
    """Full-width forms made half-width, and space around it removed."""
    return unicodedata.normalize("NFKC", text).strip()


def match_key(text: str) -> str:
    """What is compared of a header or a code: no case, spaces, underscores, hyphens, asterisks or bracketed remarks."""
    plain = normalised(text).casefold()
    return _IGNORED.sub("", _REMARK.sub("", plain)) or _IGNORED.sub("", plain)


def column_label(column: str) -> Phrase:
    """A canonical column as a sentence names it, in both languages."""
    return phrase(f"loading.column_{column}")


def recognise(table: str, headers: Sequence[str]) -> Recognition:
    """What the ``headers`` of a file of ``table`` mean. A column of the table is never taken for a private one."""
    aliases, fallbacks = _aliases(table)
    columns: dict[str, int] = {}
    left = []
    for position, header in enumerate(headers):
        column = aliases.get(match_key(header))
        if column is not None and column not in columns:
            columns[column] = position
        elif header:
            left.append(position)
    for column, wanted in fallbacks.items():
        if column not in columns:
            by_key = {match_key(headers[position]): position for position in reversed(left)}
            found = next((by_key[key] for key in wanted if key in by_key), None)
            if found is not None:
                columns[column] = found
                left.remove(found)
    own = {position for position in left if match_key(headers[position]) in aliases}
    private = tuple(position for position in left if position not in own and is_private(headers[position]))
    return Recognition(columns, private, tuple(position for position in left if position not in private))


def is_private(header: str) -> bool:
    """Whether the header is on the refuse list, with or without a remark in brackets."""
    keys = {match_key(header), _IGNORED.sub("", normalised(header).casefold())}
    return any(fnmatchcase(key, pattern) for key in keys for pattern in _private_patterns())


@cache
def codes_of(column: str) -> Mapping[str, str]:
    """Match key -> code, for a coded column."""
    return {
        match_key(word): code
        for code, words in _tables()["codes"][column].items()
        for word in (str(code), *map(str, words))
    }


@cache
def booleans() -> Mapping[str, bool]:
    """Match key -> truth."""
    return {match_key(word): truth == "true" for truth, words in _tables()["booleans"].items() for word in words}


@cache
def empty_words() -> frozenset[str]:
    """Words that stand for an empty cell, casefolded."""
    return frozenset(_tables()["empty"])


@cache
def _tables() -> dict:
    return yaml.safe_load(Path(__file__).with_name("columns.yaml").read_text(encoding="utf-8"))


@cache
def _aliases(table: str) -> tuple[Mapping[str, str], Mapping[str, tuple[str, ...]]]:
    found = _tables()["tables"][table]
    aliases = {match_key(str(word)): column for column, words in found["columns"].items() for word in (column, *words)}
    return aliases, {column: tuple(map(match_key, words)) for column, words in found["fallbacks"].items()}


@cache
def _private_patterns() -> tuple[str, ...]:
    # The asterisk is a wildcard here, so that it must outlive the key.
    return tuple(
        "*".join(_IGNORED.sub("", part) for part in str(header).casefold().split("*"))
        for header in _tables()["refused"]
    )

"""Which column a header means, which code a cell means, and which headers are never kept. The tables: columns.yaml."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import yaml

from analytics.loaders.units import without_unit
from analytics.words import Phrase, phrase

_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
# Whatever is no letter and no digit, and the marks that no one sees.
_IGNORED = re.compile(r"[\W_\u115f\u1160\u3164]+")
_TWO_ROWS = "/"

LOCATED = ("residents", "incidents", "places", "checks", "given_values")
"""The tables whose rows lie in an area, by its code or by a point."""

CODED_LOOSELY = ("category", "channel", "severity", "status", "kind", "use", "department", "skills", "tenure", "origin")
"""Columns of words that each office may choose for itself."""


@dataclass(frozen=True)
class Recognition:
    """What the headers of one file mean: positions of canonical columns, refused headers, and all others.

    ``guessed``: canonical columns whose header means them only for want of a better one.
    """

    columns: Mapping[str, int]
    private: tuple[int, ...]
    others: tuple[int, ...]
    guessed: tuple[str, ...] = ()


def normalised(text: str) -> str:
    """Full-width forms made half-width, and space around it and marks without a width removed."""
    plain = unicodedata.normalize("NFKC", text)
    if not plain.isprintable():
        plain = "".join(mark for mark in plain if unicodedata.category(mark) not in ("Cf", "Cc") or mark in "\t\n\r")
    return plain.strip()


def simplified(text: str) -> str:
    """The text :func:`normalised`, its traditional characters simplified."""
    return normalised(text).translate(_simplified())


def match_key(text: str) -> str:
    """What is compared of a header or a code: letters and digits, no case, simplified, without bracketed remarks."""
    plain = normalised(text).casefold().translate(_simplified())
    return _IGNORED.sub("", _REMARK.sub("", plain)) or _IGNORED.sub("", plain) or plain


def full_key(text: str) -> str:
    """As :func:`match_key`, with what stands in brackets."""
    plain = normalised(text).casefold().translate(_simplified())
    return _IGNORED.sub("", plain) or plain


def remarks(text: str) -> tuple[str, ...]:
    """What a text says in brackets."""
    return tuple(found.strip("()[]【】") for found in _REMARK.findall(normalised(text)))


def column_label(column: str) -> Phrase:
    """A canonical column as a sentence names it, in both languages."""
    return phrase(f"loading.column_{column}")


def columns_of(table: str) -> tuple[str, ...]:
    """The columns that ``table`` can take from a file, in their usual order."""
    return tuple(_tables()["tables"][table]["columns"])


def needed_columns(table: str) -> tuple[tuple[str, ...], ...]:
    """What a file of ``table`` cannot do without: of each group one column."""
    return tuple(tuple(group.split(" or ")) for group in _tables()["needed"][table])


def missing_columns(table: str, there: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """The groups of needed columns of which none is ``there``; a longitude counts only beside its latitude."""
    has = set(there) - ({"lon"} if "lat" not in there else set())
    return tuple(group for group in needed_columns(table) if has.isdisjoint(group))


def own_id_of(table: str) -> str | None:
    """The column with the ids of the table's own records; None of areas and people."""
    return _tables()["own_ids"].get(table)


def recognise(
    table: str,
    headers: Sequence[str],
    chosen: Mapping[str, str | None] | None = None,
    barred: Collection[tuple[str, int]] = (),
) -> Recognition:
    """What the ``headers`` of a file of ``table`` mean. A column of the table is never taken for a private one.

    ``chosen``: the user's own choice, canonical column -> header, None where the file has no such column; a header that
    the file does not have is passed over. ``barred``: columns that a header (by its position) does not mean, since its
    cells say otherwise.
    """
    chosen = chosen or {}
    aliases, fallbacks, names, grids = _aliases(table)
    columns = {column: headers.index(header) for column, header in chosen.items() if header and header in headers}
    taken = set(columns.values())
    left = []
    for position, header in enumerate(headers):
        if position in taken:
            continue
        column = means(table, header)
        free = column is not None and column not in columns and column not in chosen
        if column is not None and free and (column, position) not in barred:
            columns[column] = position
        elif header:
            left.append(position)
    left = _earliest_first(table, headers, chosen, columns, left)
    guessed = []
    if "area_id" not in (columns.keys() | chosen.keys()) and not {"lon", "lat"} <= columns.keys():
        found = _first_of(grids, "area_id", headers, left, barred)
        if found is not None:
            columns["area_id"] = found
            left.remove(found)
    # Where there are points, a name would be a coarser answer than they are.
    wanted = (
        dict(fallbacks)
        if {"lon", "lat"} <= columns.keys()
        else {column: (*fallbacks.get(column, ()), *names.get(column, ())) for column in {**fallbacks, **names}}
    )
    for column, keys in wanted.items():
        if column not in columns and column not in chosen:
            found = _first_of(keys, column, headers, left, barred)
            if found is not None:
                columns[column] = found
                left.remove(found)
                guessed.append(column)
    own = {position for position in left if match_key(headers[position]) in aliases}
    private = tuple(position for position in left if position not in own and is_private(headers[position]))
    others = tuple(position for position in left if position not in private)
    return Recognition(columns, private, others, tuple(guessed))


def _first_of(
    keys: Sequence[str], column: str, headers: Sequence[str], left: Sequence[int], barred: Collection[tuple[str, int]]
) -> int | None:
    """The position of ``left`` whose header is the first of ``keys`` that there is."""
    by_key = {
        key: position
        for position in reversed(left)
        if (column, position) not in barred
        for key in (match_key(without_unit(headers[position])), match_key(headers[position]))
    }
    return next((by_key[key] for key in keys if key in by_key), None)


def means(table: str, header: str) -> str | None:
    """The column of ``table`` that the header stands for by itself; None for no column."""
    aliases = _aliases(table)[0]
    return next((aliases[key] for key in header_keys(header) if key in aliases), None)


def _earliest_first(
    table: str, headers: Sequence[str], chosen: Mapping[str, str | None], columns: dict[str, int], left: list[int]
) -> list[int]:
    """Give ``columns`` the times that the table of them (``before``) shares out; returns what is ``left`` then."""
    for early, late in _tables()["before"].get(table, {}).items():
        if early in columns or early in chosen:
            continue
        own = [columns.pop(late)] if late in columns and late not in chosen else []
        wanted = [early] if late in chosen else [early, late]
        found = dict(zip(wanted, _in_order(table, late, headers, [*own, *left]), strict=False))
        columns |= found
        left = sorted({*left, *own} - set(found.values()))
    return left


def _in_order(table: str, column: str, headers: Sequence[str], positions: Sequence[int]) -> list[int]:
    """Those of the ``positions`` whose header means ``column``, in the order of its words."""
    words = [match_key(str(word)) for word in (*_tables()["tables"][table]["columns"][column], column)]
    places = {
        position: min((words.index(key) for key in header_keys(headers[position]) if key in words), default=-1)
        for position in positions
    }
    return sorted((one for one in positions if places[one] >= 0), key=lambda one: (places[one], one))


def header_keys(header: str) -> tuple[str, ...]:
    """What a header may be known by; one of two rows (upper/lower) by both in either order or by its lower part.

    A unit at its end counts as little as a remark in brackets: 人口_万人 and population (thousands) are populations.
    """
    upper, _, lower = header.rpartition(_TWO_ROWS)
    whole = (header, lower + upper, lower if lower.strip() else header, without_unit(header))
    return tuple(dict.fromkeys(match_key(key) for key in whole))


def is_private(header: str) -> bool:
    """Whether the header is on the refuse list, with or without a remark in brackets, or either row of it is."""
    plain = normalised(header).casefold().translate(_simplified())
    keys = {match_key(header), *map(match_key, header.split(_TWO_ROWS)), _IGNORED.sub("", plain)} - {""}
    return any(fnmatchcase(key, pattern) for key in keys for pattern in _private_patterns())


def is_measure(header: str) -> bool:
    """Whether the header is one of a surface or a length, as map files have them of each shape."""
    return _keyed("measures", header)


def is_postcode(header: str) -> bool:
    """Whether the header is one of postal codes: an address of a person, and a code of an area."""
    return _keyed("postcodes", header)


def is_count(header: str) -> bool:
    """Whether the header is one of a number of incidents, and not of what was done or sent with one of them."""
    keys = header_keys(header)
    if any(fnmatchcase(key, pattern) for key in keys for pattern in _of_handling_patterns()):
        return False
    return any(fnmatchcase(key, pattern) for key in keys for pattern in _count_patterns())


def is_zero_report(text: str) -> bool:
    """Whether a header, or the name of a file, says that nothing happened."""
    key = match_key(text)
    return any(word in key for word in _keys_of("zero_reports"))


def is_total(header: str) -> bool:
    """Whether the header is one of sums over the other columns."""
    return _keyed("sums", header)


def _keyed(words: str, header: str) -> bool:
    keys = _keys_of(words)
    return any(key in keys for key in header_keys(header))


@cache
def _keys_of(words: str) -> frozenset[str]:
    return frozenset(match_key(str(word)) for word in _tables()[words])


def upper_level(header: str) -> str | None:
    """The level of the wider areas that a column of this header names: community or street; None for no such header."""
    return _upper_levels().get(match_key(header))


@cache
def _upper_levels() -> Mapping[str, str]:
    return {match_key(word): level for level, words in _tables()["uppers"].items() for word in words}


@cache
def numbers_of(kind: str) -> tuple[str, ...]:
    """The words of a ``kind`` of things that have numbers; see ``numbers_of`` in columns.yaml."""
    return tuple(map(str, _tables()["numbers_of"][kind]))


def completed(table: str, cut: str) -> str:
    """The known header that begins with ``cut``, if all that do mean one column; else ``cut``."""
    found = _tables()["tables"][table]
    words = {**found["fallbacks"], **found["columns"]}
    meant = {column: [str(word) for word in words[column] if str(word).startswith(cut)] for column in words}
    meant = {column: known for column, known in meant.items() if known}
    return min(next(iter(meant.values())), key=len) if len(meant) == 1 else cut


def words_of(header: str) -> frozenset[str]:
    """The words of a header, simplified and without case: Latin words, and the pairs of characters of Chinese ones."""
    plain = _REMARK.sub("", normalised(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header))).casefold().translate(_simplified())
    found = set()
    for word in re.findall(r"[a-z0-9]+|[^\W\d_a-z]+", plain):
        found |= {word} if word.isascii() or len(word) == 1 else {word[at : at + 2] for at in range(len(word) - 1)}
    return frozenset(found)


@cache
def alias_words(table: str) -> Mapping[str, tuple[frozenset[str], ...]]:
    """Column -> the words of each of its aliases that has at least two."""
    columns = _tables()["tables"][table]["columns"]
    found = {column: tuple(map(words_of, map(str, (column, *words)))) for column, words in columns.items()}
    return {column: kept for column, words in found.items() if (kept := tuple(one for one in words if len(one) > 1))}


@cache
def codes_of(column: str) -> Mapping[str, str]:
    """Key with its remarks (:func:`full_key`) -> code, for a coded column."""
    return {
        full_key(word): code
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
def _simplified() -> dict[int, str]:
    return str.maketrans(_tables()["simplified"]["traditional"], _tables()["simplified"]["simplified"])


_Keys = Mapping[str, tuple[str, ...]]


@cache
def _aliases(table: str) -> tuple[Mapping[str, str], _Keys, _Keys, tuple[str, ...]]:
    found = _tables()["tables"][table]
    aliases = {match_key(str(word)): column for column, words in found["columns"].items() for word in (column, *words)}
    fallbacks = {column: tuple(map(match_key, words)) for column, words in found["fallbacks"].items()}
    names = _tables()["named"] if table in LOCATED else {}
    grids = tuple(map(match_key, _tables()["grids"])) if table in LOCATED else ()
    return aliases, fallbacks, {column: tuple(map(match_key, words)) for column, words in names.items()}, grids


@cache
def _private_patterns() -> tuple[str, ...]:
    return _patterns("refused")


@cache
def _count_patterns() -> tuple[str, ...]:
    return _patterns("counts")


@cache
def _of_handling_patterns() -> tuple[str, ...]:
    return _patterns("of_handling")


def _patterns(words: str) -> tuple[str, ...]:
    # The asterisk is a wildcard here, so that it must outlive the key.
    return tuple(
        "*".join(_IGNORED.sub("", normalised(part).casefold()) for part in str(header).split("*"))
        for header in _tables()[words]
    )

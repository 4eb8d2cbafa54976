"""Every visible word, in Chinese and English, side by side in the YAML files of this folder.

A key is ``file.entry``: ``loading.empty_file`` is the entry ``empty_file`` of ``loading.yaml``.
An entry is ``{zh: …, en: …}``; ``{name}`` marks a value that is filled in when it is said. The word that
goes with a count is ``{n:area/areas}`` (1 area, 1,204 areas); ``{n:!is/are}`` is that word without the count. A list
ends in " and " where the words say ``{names:and}`` (a, b and c), and joins by "; " where they say ``{names:;}``. Whole
numbers of five digits and more have their commas; ``{seed:d}`` leaves them out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from numbers import Number
from pathlib import Path
from string import Formatter
from typing import Literal, Self, cast, get_args

import yaml

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_LIST_SEPARATOR = {"zh": "、", "en": ", "}
_SAFE_SEPARATOR = "; "
"""Of English lists whose items have a comma themselves: Bibo Grid, Yingtang Community; Xuri Grid, Hechang Community."""

COMMAS_FROM = 10_000
"""Below it a number may be a year."""

_FOLDER = Path(__file__).parent


@cache
def _entries_of(file: str) -> dict[str, dict[str, str]]:
    """The entries of one file, none where there is no such file. Each is read when it is first asked for."""
    path = _FOLDER / f"{file}.yaml"
    found = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {str(entry): texts for entry, texts in found.items()}


def _texts(key: str) -> dict[str, str] | None:
    file, _, entry = key.partition(".")
    return _entries_of(file).get(entry)


@cache
def keys() -> frozenset[str]:
    """All keys that can be said."""
    return frozenset(f"{file.stem}.{entry}" for file in _FOLDER.glob("*.yaml") for entry in _entries_of(file.stem))


def is_there(key: str) -> bool:
    """Whether the key can be said, without reading the other files of words."""
    return _texts(key) is not None


@dataclass(frozen=True)
class Phrase:
    """A sentence that has not yet chosen its language: a key and the values that fill it."""

    key: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: Language) -> str:
        """The sentence in ``lang``."""
        return say(lang, self.key, **self.params)


@dataclass(frozen=True)
class KeptPhrase(Phrase):
    """A sentence as it was said in each language when it was written down: words of a later day do not change it."""

    texts: Mapping[str, str] = field(default_factory=dict)

    def text(self, lang: Language) -> str:
        """The sentence in ``lang``."""
        return self.texts[lang]


def phrase(key: str, **params: object) -> Phrase:
    """A :class:`Phrase`; its values may be text, numbers, dates, lists of these, or phrases."""
    return Phrase(key, params)


def say(lang: Language, key: str, **params: object) -> str:
    """The words of ``key`` in ``lang``, filled with ``params``.

    Raises ``KeyError`` for a key that is not in the tables, or a value that the words need and did not get.
    """
    texts = _texts(key)
    if texts is None:
        raise KeyError(key)
    said = {name: _said(lang, value) for name, value in params.items()}
    return _COUNTING.vformat(texts[lang], (), said) if _has_words(texts[lang]) else texts[lang].format(**said)


def pick(lang: Language, texts: Mapping[str, str]) -> str:
    """The ``lang`` side of a ``{zh, en}`` pair that came from a file of the user's (a scheme, a data set)."""
    return texts[lang]


class _Counting(Formatter):
    """Fills words as ``str.format`` does, and a count with the word that goes with it (``one/many``)."""

    def format_field(self, value: object, format_spec: str) -> str:
        """``value`` in words: "1 area", "1,204 areas", of ``!is/are`` the word alone."""
        if "/" not in format_spec:
            return cast(str, super().format_field(value, format_spec))
        number = f"{value:,}" if isinstance(value, Number) else str(value)
        one, _, many = format_spec.removeprefix("!").partition("/")
        word = one if number == "1" else many
        return word if format_spec.startswith("!") else f"{number} {word}"


_COUNTING = _Counting()
_has_words = cache(re.compile(r"\{\w+:[^{}]*/").search)


class _Listed(str):
    """Items in a row; ``and`` and ``;`` say how they are joined."""

    __slots__ = ("items",)
    items: Sequence[str]

    def __new__(cls, items: Sequence[str], separator: str) -> Self:
        held = super().__new__(cls, separator.join(items))
        held.items = items
        return held

    def __format__(self, format_spec: str) -> str:
        """The row, joined as the words ask for."""
        if format_spec == "and" and len(self.items) > 1 and not any("," in item for item in self.items):
            return f"{', '.join(self.items[:-1])} and {self.items[-1]}"
        if format_spec == ";":
            return _SAFE_SEPARATOR.join(self.items)
        return super().__format__("" if format_spec == "and" else format_spec)


class _Large(int):
    """A whole number that has its commas unless the words say otherwise."""

    def __format__(self, format_spec: str) -> str:
        """The number as ``int`` writes it; by itself with commas."""
        return super().__format__(format_spec or ",")


def _said(lang: Language, value: object) -> object:
    if isinstance(value, Phrase):
        return value.text(lang)
    if isinstance(value, date):
        return day(lang, value)
    if isinstance(value, list | tuple | set | frozenset):
        items = [f"{_said(lang, item)}" for item in value]
        has_commas = lang == "en" and any("," in item for item in items)
        return _Listed(items, _SAFE_SEPARATOR if has_commas else _LIST_SEPARATOR[lang])
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= COMMAS_FROM:
        return _Large(value)
    return value


def signed(value: float, digits: int | None = None) -> str:
    """A difference with its sign, as it is or with so many decimals: +3, −0.5; of none, and of what would print as
    none, the bare zero."""
    written = f"{value:+,g}" if digits is None else f"{value:+,.{digits}f}"
    return written.replace("-", "−") if float(written.replace(",", "")) else written[1:]


def day(lang: Language, value: date) -> str:
    """A date as official papers write it: 2026年2月27日, 27 February 2026."""
    if lang == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {value:%B} {value.year}"

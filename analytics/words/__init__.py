"""Every visible word, in Chinese and English, side by side in the YAML files of this folder.

A key is ``file.entry``: ``loading.empty_file`` is the entry ``empty_file`` of ``loading.yaml``.
An entry is ``{zh: …, en: …}``; ``{name}`` marks a value that is filled in when it is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import yaml

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_LIST_SEPARATOR = {"zh": "、", "en": ", "}


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
    return texts[lang].format(**{name: _said(lang, value) for name, value in params.items()})


def pick(lang: Language, texts: Mapping[str, str]) -> str:
    """The ``lang`` side of a ``{zh, en}`` pair that came from a file of the user's (a scheme, a data set)."""
    return texts[lang]


def _said(lang: Language, value: object) -> object:
    if isinstance(value, Phrase):
        return value.text(lang)
    if isinstance(value, date):
        return day(lang, value)
    if isinstance(value, list | tuple | set | frozenset):
        return _LIST_SEPARATOR[lang].join(str(_said(lang, item)) for item in value)
    return value


def day(lang: Language, value: date) -> str:
    """A date as official papers write it: 2026年2月27日, 27 February 2026."""
    if lang == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {value:%B} {value.year}"

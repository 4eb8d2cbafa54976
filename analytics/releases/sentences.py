"""Sentences whose numbers know where they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from analytics.scheme import Scheme
from analytics.scheme.basics import Bilingual
from analytics.words import COMMAS_FROM, LANGUAGES, Language, Phrase, phrase, pick, say
from analytics.words import day as full_day

Value = int | float | str | date | Phrase | Bilingual | Mapping[str, str]


@dataclass(frozen=True)
class CitedFigure:
    """One number, date or name in a sentence: ``name`` says what it is (`checker` knows how to find it again),
    ``table`` and ``rows`` (area ids, indicator ids, days of weeks) what it came from."""

    name: str
    value: Value
    table: str
    rows: tuple[str, ...] = ()

    def said(self, lang: Language) -> str:
        """As it stands in the sentence; numbers are said as they are, so they are rounded before."""
        match self.value:
            case date():
                return day_of_month(self.value).text(lang)
            case Phrase() | Bilingual():
                return self.value.text(lang)
            case Mapping():
                return pick(lang, self.value)
            case int() if not self.name.endswith(".seed"):
                return _number(self.value)
        return str(self.value)

    def as_json(self) -> Mapping[str, object]:
        """As plain values."""
        match self.value:
            case date():
                value: object = self.value.isoformat()
            case Phrase() | Bilingual():
                value = {lang: self.value.text(lang) for lang in LANGUAGES}
            case _:
                value = self.value
        return {"name": self.name, "value": value, "table": self.table, "rows": list(self.rows)}


@dataclass(frozen=True)
class Difference(CitedFigure):
    """A signed number that is said without its sign: the words around it say which way."""

    value: int | float

    def said(self, lang: Language) -> str:  # noqa: ARG002 - a number is the same in both
        """The size of the difference."""
        return _number(abs(self.value))


@dataclass(frozen=True)
class FarDay(CitedFigure):
    """A date that lies so far ahead that it is said with its year."""

    value: date

    def said(self, lang: Language) -> str:
        """The whole date."""
        return full_day(lang, self.value)


@dataclass(frozen=True)
class Sentence:
    """A phrase some of whose values, at any depth, are :class:`CitedFigure`."""

    phrase: Phrase

    def text(self, lang: Language) -> str:
        """The sentence in ``lang``."""
        return _filled(self.phrase, lang)

    @property
    def figures(self) -> tuple[CitedFigure, ...]:
        """Every fact in it, in the order of its phrase."""
        return tuple(_figures_in(self.phrase))


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) and value >= COMMAS_FROM else str(value)


def sentence(key: str, **params: object) -> Sentence:
    """A :class:`Sentence` of the words of ``key``."""
    return Sentence(phrase(key, **params))


def areas(fact: CitedFigure) -> Phrase:
    """A number of areas."""
    return phrase("bulletin.areas_one" if fact.value == 1 else "bulletin.areas_many", n=fact)


def days_said(fact: CitedFigure) -> Phrase:
    """A number of days."""
    return phrase("bulletin.days_one" if fact.value == 1 else "bulletin.days_many", n=fact)


def incidents_said(fact: CitedFigure) -> Phrase:
    """A number of incidents."""
    return phrase("bulletin.matters_one" if fact.value == 1 else "bulletin.matters_many", n=fact)


def day_of_month(day: date) -> Phrase:
    """A date as a bulletin writes it, without its year: 2月27日, 27 February."""
    return phrase("bulletin.day", month=phrase(f"bulletin.month_{day.month}"), day=day.day)


def _filled(value: object, lang: Language) -> object:
    match value:
        case CitedFigure():
            return value.said(lang)
        case Phrase():
            return say(lang, value.key, **{name: _filled(held, lang) for name, held in value.params.items()})
        case list() | tuple():
            return [_filled(item, lang) for item in value]
    return value


def _figures_in(value: object) -> Iterator[CitedFigure]:
    match value:
        case CitedFigure():
            yield value
        case Phrase():
            for held in value.params.values():
                yield from _figures_in(held)
        case list() | tuple():
            for item in value:
                yield from _figures_in(item)


def scheme_figures(when: str, scheme: Scheme, day: date) -> Mapping[str, CitedFigure]:
    """Title and version of the scheme of the release ``when`` (before, after) of ``day``, as blanks of a sentence."""
    return {
        "name": CitedFigure(f"scheme_name.{when}", scheme.title(day), "scheme"),
        "version": CitedFigure(f"scheme_version.{when}", scheme.version, "scheme"),
    }

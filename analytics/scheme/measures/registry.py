"""Registration: whether a measure has all its parts. What is forgotten fails here, at import, with its name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import get_args

from analytics.scheme.measures.spec import FORGOTTEN, Documentation, MeasureSpec, Setting, Unit, WholeNumbers
from analytics.scheme.tables import STOCK_TABLES, Table
from analytics.words import is_there


class RegistrationError(Exception):
    """Measures that are not whole: one line for each part that is missing or wrong, with the measure's id."""


def register(specs: Iterable[MeasureSpec]) -> Mapping[str, MeasureSpec]:
    """The measures by their id, in this order; raises :class:`RegistrationError` for all faults of all at once."""
    listed = list(specs)
    known = [spec.id for spec in listed]
    faults = [f"measure {spec.id!r}: {fault}" for spec in listed for fault in _faults(spec, known)]
    faults += [f"measure {id_!r}: registered twice" for id_ in dict.fromkeys(known) if known.count(id_) > 1]
    if faults:
        raise RegistrationError("\n".join(faults))
    return MappingProxyType({spec.id: spec for spec in listed})


def _faults(spec: MeasureSpec, known: Collection[str]) -> Iterator[str]:
    forgotten = [part.name for part in fields(spec) if getattr(spec, part.name) is FORGOTTEN]
    if forgotten:
        # The other parts are looked at once all are there.
        yield from (f"{name} is not given" for name in forgotten)
        return
    yield from _faults_of_sources(spec)
    yield from _faults_of_value(spec, known)
    yield from _faults_of_protection(spec)
    yield from _faults_of_words(spec)


def _faults_of_sources(spec: MeasureSpec) -> Iterator[str]:
    if not spec.sources:
        yield "sources names no table"
    for table, settings in spec.sources.items():
        if table not in get_args(Table):
            yield f"sources names a table {table!r}, there are {', '.join(get_args(Table))}"
        for setting in settings:
            if setting not in get_args(Setting):
                yield f"sources names a setting {setting!r}, there are {', '.join(get_args(Setting))}"
    if spec.of not in (None, "source", *get_args(Table)):
        yield f"of names a table {spec.of!r}, there are {', '.join(get_args(Table))}"
    if spec.is_place_coverage and spec.of != "places":
        yield "is_place_coverage is of places that of does not select"


def _faults_of_value(spec: MeasureSpec, known: Collection[str]) -> Iterator[str]:
    needed = [set(settings) for settings in spec.sources.values()]
    for name in ("value", "events", "denominator"):
        part = getattr(spec, name)
        if not callable(part) and (name == "value" or part is not None):
            yield f"{name} is no function"
    if spec.events is not None and not all("window_days" in settings for settings in needed):
        yield "events are drawn again over window_days, which sources does not ask for"
    if any("per" in settings for settings in needed) != (spec.denominator is not None):
        yield "denominator and the setting per of sources go together"
    if spec.sums_as is not None and spec.sums_as not in known:
        yield f"sums_as names a measure {spec.sums_as!r}, there are {', '.join(known)}"
    if spec.smallest_change is not None and not spec.smallest_change > 0:
        yield "smallest_change is not above zero"
    made_of: object = spec.made_of
    if made_of is not None and not isinstance(made_of, WholeNumbers):
        yield "made_of is no WholeNumbers"


def _faults_of_protection(spec: MeasureSpec) -> Iterator[str]:
    """Whoever is counted from a table of people is named, so that nothing of few of them leaves by a part forgotten."""
    counts_people = any(table in STOCK_TABLES for table in (*spec.sources, spec.of))
    groups: object = spec.groups
    if groups is not None and not callable(groups):
        yield "groups is no function"
    if counts_people and groups is None:
        yield "groups is None, but it counts people or places"


def _faults_of_words(spec: MeasureSpec) -> Iterator[str]:
    unit: object = spec.unit
    documentation: object = spec.documentation
    keys = (spec.words, *unit.words) if isinstance(unit, Unit) else (spec.words,)
    yield from (f"no words {key!r}" for key in keys if not is_there(key))
    if not isinstance(unit, Unit):
        yield "unit is no Unit"
    if not isinstance(documentation, Documentation):
        yield "documentation is no Documentation"
        return
    for part in fields(documentation):
        if not getattr(documentation, part.name).strip():
            yield f"documentation.{part.name} says nothing"

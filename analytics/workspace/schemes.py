"""Schemes: which one is in use for some data, its versions, and what can stand in for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

import pandas as pd

from analytics.errors import UserError
from analytics.scheme import Scheme, pack_ids
from analytics.scheme.basics import required
from analytics.scheme.builtin import BUILTIN, builtin_scheme, builtin_text
from analytics.scheme.reading import scheme_from
from analytics.scheme.writing import yaml_with
from analytics.scoring import area_counts_for, assess, misfit, require_tables
from analytics.scoring.what_if import WhatIf
from analytics.store.current_schemes import CurrentScheme, current_scheme, shipped, version_numbered
from analytics.store.ledger import says_the_same
from analytics.store.ledger_entries import SchemeVersion
from analytics.words import Phrase, phrase
from analytics.workspace.datasets import Dataset, unknown_in_link
from analytics.workspace.door import Workspace, door
from analytics.workspace.ledgers import ledger, own_ledger
from analytics.workspace.own_areas import as_it_is
from analytics.workspace.runs import what_if
from analytics.workspace.settings import office_settings


@door("read", as_it_is)
def scheme_for(ws: Workspace, data: Dataset, wanted: str | None) -> tuple[Scheme, Phrase | None]:
    """The wanted scheme where it fits the data, else the data's usual one, and what to say where it does not exist."""
    used, notice = current(ws, data, wanted if wanted in data.schemes else usual(ws, data))
    if notice is None and wanted is not None and wanted not in pack_ids():
        notice = unknown_in_link(wanted)
    return used.scheme, notice


@door("read", as_it_is)
def usual(ws: Workspace, data: Dataset) -> str:
    """The id of the scheme that opens first: that of the setting where it fits the data, else the first that does."""
    wanted = office_settings(ws, data).first_scheme
    return wanted if wanted in data.schemes else data.schemes[0]


@door("read", as_it_is)
def current(ws: Workspace, data: Dataset, name: str) -> tuple[CurrentScheme, Phrase | None]:
    """The scheme in use and what to say of it: one that was adopted and does not fit the data makes way for the one
    that ships, so that a mistake of one does not shut the pages for all."""
    used = current_scheme(ledger(ws, data), name)
    if used.adopted is None:
        return used, used.notice
    fault = data.results.get(("fault", used.scheme.digest()), lambda: _fault(data, used.scheme))
    if fault is None:
        return used, None
    told = phrase("versions.adopted_unfit", version=used.scheme.version, fault=fault)
    return shipped(name), told


@door("read")
def own_current(ws: Workspace, name: str) -> CurrentScheme:
    """The scheme that the office's own home goes by: of an id the version in use, else the file of this path."""
    return current_scheme(own_ledger(ws), name)


@door("read", as_it_is)
def schemes(ws: Workspace, data: Dataset) -> Mapping[str, Scheme]:
    """The schemes that fit the data, by id."""
    return {name: current(ws, data, name)[0].scheme for name in data.schemes}


@door("read", as_it_is)
def unfit(ws: Workspace, data: Dataset) -> Mapping[str, tuple[Scheme, Phrase]]:
    """The schemes that ship and do not fit the data, by id, and why."""
    return data.results.get(("unfit",), lambda: dict(_unfit(data)))


def _unfit(data: Dataset) -> Iterator[tuple[str, tuple[Scheme, Phrase]]]:
    for name in pack_ids():
        if name in data.schemes:
            continue
        scheme = required(builtin_scheme(name))
        # What fits by its tables, and is not offered by a sample, counts kinds that the sample does not have.
        reason = misfit(data.counts, scheme) or phrase("page.scheme_of_sample")
        yield name, (scheme, reason)


@door("read")
def scheme_text(ws: Workspace, data: Dataset, scheme_id: str) -> str:
    """The file of the scheme in use."""
    return current(ws, data, scheme_id)[0].text


@door("read")
def saved_versions(ws: Workspace, data: Dataset, scheme_id: str) -> tuple[SchemeVersion, ...]:
    """The versions that were saved, the oldest first."""
    return ledger(ws, data).scheme_versions(scheme_id)


@door("read")
def version_texts(ws: Workspace, data: Dataset, scheme_id: str) -> Mapping[str, str]:
    """The files of all versions, the newest first, by number; last the one that ships, where one of this id does."""
    saved = {f"{entry.version}": entry.yaml_text for entry in reversed(saved_versions(ws, data, scheme_id))}
    ships = builtin_text(scheme_id)
    return saved if ships is None else saved | {BUILTIN: ships}


@door("read", as_it_is)
def version_of(ws: Workspace, data: Dataset, scheme: Scheme) -> int | None:
    """The saved version that says what a scheme says; None where none does."""
    saved = reversed(saved_versions(ws, data, scheme.id))
    return next((entry.version for entry in saved if says_the_same(scheme, entry)), None)


@door("draft")
def save_version(
    ws: Workspace, data: Dataset, scheme: Scheme, file_text: str, reason: str, confirmed: Collection[str] = ()
) -> SchemeVersion:
    """Keep a draft as the next version of its scheme, written into the text of its file."""
    return ledger(ws, data).save_scheme(ws.actor, yaml_with(file_text, scheme), reason, confirmed)


@door("adopt")
def adopt_version(ws: Workspace, data: Dataset, number: int, confirmed: Collection[str] = ()) -> None:
    """Put a saved scheme to use."""
    ledger(ws, data).adopt_scheme(ws.actor, number, confirmed)


@door("read")
def adoption(ws: Workspace, data: Dataset, in_use: Scheme, number: int, day: date) -> WhatIf:
    """What adopting a saved version, by its ``number`` in the ledger, does to the tiers of a day. Raises ``UserError``
    where there is none, or where it cannot stand in for the scheme in use on these data."""
    entry = version_numbered(ledger(ws, data), number)
    scheme = scheme_to_try(ws, data, in_use, entry.yaml_text.encode(), f"v{entry.version}")
    return what_if(ws, data, in_use, scheme, day, published=True)


@door("draft")
def save_own(ws: Workspace, yaml_text: str, reason: str, confirmed: Collection[str] = ()) -> SchemeVersion:
    """Keep a scheme file as the next version of its id, in the office's own ledger."""
    return own_ledger(ws).save_scheme(ws.actor, yaml_text, reason, confirmed)


@door("adopt")
def adopt_own(ws: Workspace, number: int, confirmed: Collection[str] = ()) -> SchemeVersion:
    """Put a saved scheme of the office's own ledger to use, and return it."""
    book = own_ledger(ws)
    version = version_numbered(book, number)
    book.adopt_scheme(ws.actor, number, confirmed)
    return version


@door("read")
def own_versions(ws: Workspace, scheme_id: str | None) -> tuple[SchemeVersion, ...]:
    """What was saved in the office's own ledger, of one id or of all, the oldest first."""
    return own_ledger(ws).scheme_versions(scheme_id)


@door("read")
def own_version(ws: Workspace, number: int) -> SchemeVersion:
    """One of them by its number; raises ``LedgerError`` where there is none."""
    return version_numbered(own_ledger(ws), number)


@door("read")
def scheme_to_try(ws: Workspace, data: Dataset, in_use: Scheme, content: bytes, file_name: str) -> Scheme:
    """An edited scheme file, if it can stand in for the scheme in use on these data. Raises ``UserError``: every fault
    with its line, another scheme's id or level of area, or records that lack what it needs."""
    scheme = scheme_from(content, file_name)
    require_level(in_use, scheme)
    _require_scored(data, scheme)
    return scheme


def require_level(in_use: Scheme, scheme: Scheme) -> None:
    """Raise ``UserError`` unless a scheme can stand in for the one in use: the same id, and the same level of area."""
    if (scheme.id, scheme.level) != (in_use.id, in_use.level):
        raise UserError.because(
            "versions.other_scheme", id=scheme.id, level=scheme.level, wanted=in_use.id, wanted_level=in_use.level
        )


def _fault(data: Dataset, scheme: Scheme) -> Phrase | None:
    """What keeps a scheme from being scored on these data."""
    try:
        _require_scored(data, scheme)
    except UserError as error:
        return error.problems[0]
    return None


def _require_scored(data: Dataset, scheme: Scheme) -> None:
    require_tables(data.counts, scheme)
    day = pd.DatetimeIndex([data.days(scheme)[1]])
    assess(area_counts_for(data.counts, scheme), scheme.model_copy(update={"stability": None}), day)

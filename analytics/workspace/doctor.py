"""What is well with an installation and what is not, line by line, each with what to do. Asking changes nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from analytics import office
from analytics.errors import StoreError, UserError
from analytics.loaders.apart import limits_hold, memory_limit, time_limit
from analytics.releases import verify
from analytics.store import Store
from analytics.store.accounts import ACCOUNTS_FILE, accounts_of
from analytics.store.checking import checked
from analytics.store.disk import disk_troubles
from analytics.store.home import STORE_FORMAT, format_of, is_home
from analytics.store.ledger import LEDGER_SETTING
from analytics.store.ledger_copy import ledger_format
from analytics.store.ledger_tables import LEDGER_FORMAT
from analytics.words import Phrase, phrase
from analytics.workspace.datasets import own
from analytics.workspace.door import Workspace, door
from analytics.workspace.ledgers import own_ledger, verify_audit
from analytics.workspace.schemes import own_current
from analytics.workspace.settings import own_settings

LEAST_FREE = 2**30
"""Bytes on the disk of the home."""

State = Literal["well", "note", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One line: ``part`` (its name is ``upkeep.part_NAME``), whether it is well, and what there is to say."""

    part: str
    state: State
    said: Phrase


@door("read")
def examine(ws: Workspace) -> tuple[Finding, ...]:
    """Every part of the installation, in the order in which one rests on the other."""
    return tuple(found for part, look in _PARTS.items() for found in _found(ws, part, look))


def _found(ws: Workspace, part: str, look: Callable[[Workspace], Iterator[tuple[State, Phrase]]]) -> Iterator[Finding]:
    try:
        for state, said in look(ws):
            yield Finding(part, state, said)
    except UserError as error:
        for problem in error.problems:
            yield Finding(part, "wrong", problem)


def _home(ws: Workspace) -> Iterator[tuple[State, Phrase]]:
    if not is_home(ws.home):
        return (yield "note", phrase("upkeep.home_not_yet", folder=ws.home.name))
    with disk_troubles(ws.home):
        next(ws.home.iterdir())
        # A right that is granted may still not hold: of a drive that is read-only, or of a share.
        with tempfile.TemporaryFile(dir=ws.home) as tried:
            tried.write(b"\0")
            tried.flush()
            os.fsync(tried.fileno())
    yield "well", phrase("upkeep.home_well", folder=ws.home.name)
    return None


def _key(ws: Workspace) -> Iterator[tuple[State, Phrase]]:
    if is_home(ws.home):
        Store.open(ws.home)
        yield "well", phrase("upkeep.key_well")


def _formats(ws: Workspace) -> Iterator[tuple[State, Phrase]]:
    if not is_home(ws.home):
        return
    found = {"upkeep.of_store": (format_of(ws.home), STORE_FORMAT)}
    if ledger := ledger_format(os.environ.get(LEDGER_SETTING), ws.home):
        found["upkeep.of_ledger"] = (ledger, LEDGER_FORMAT)
    older = {key: pair for key, pair in found.items() if pair[0] < pair[1]}
    for key, (number, today) in older.items():
        yield "note", phrase("upkeep.older_format", what=phrase(key), number=number, today=today)
    if not older:
        yield "well", phrase("upkeep.formats_well", numbers=[number for number, _ in found.values()])


def _records(ws: Workspace) -> Iterator[tuple[State, Phrase]]:
    if not is_home(ws.home):
        return
    commits, files, wrong = checked(ws.home)
    for problem in wrong:
        yield "wrong", problem
    if not wrong:
        yield "well", phrase("upkeep.records_well", commits=commits, files=files)


def _ledger(ws: Workspace) -> Iterator[tuple[State, Phrase]]:
    if not is_home(ws.home):
        return
    found = ledger_format(os.environ.get(LEDGER_SETTING), ws.home)
    if 0 < found < LEDGER_FORMAT:
        # To open it would bring it to today's format.
        return (yield "note", phrase("upkeep.ledger_older"))
    if not found and not (ws.home / "releases").exists():
        return (yield "well", phrase("upkeep.ledger_not_yet"))
    place = own_ledger(ws).database.place
    yield "well", phrase("upkeep.ledger_well", place=place, entries=verify_audit(ws))
    return None


def _releases(ws: Workspace) -> Iterator[tuple[State, Phrase]]:
    if not is_home(ws.home) or ledger_format(os.environ.get(LEDGER_SETTING), ws.home) != LEDGER_FORMAT:
        return
    ledger, wrong = own_ledger(ws), 0
    entries = ledger.releases()
    for entry in entries:
        try:
            verify(ws.home, ledger, entry.name)
        except UserError as error:
            wrong += 1
            for problem in error.problems:
                yield "wrong", problem
    if not wrong:
        yield "well", phrase("upkeep.releases_well", n=len(entries))


def _disk(ws: Workspace) -> Iterator[tuple[State, Phrase]]:
    there = next(folder for folder in (ws.home, *ws.home.parents) if folder.is_dir())
    with disk_troubles(there):
        free = shutil.disk_usage(there).free
    said = {"gigabytes": f"{free / 2**30:.1f}", "least": LEAST_FREE // 2**30}
    yield (
        ("wrong", phrase("upkeep.disk_low", **said))
        if free < LEAST_FREE
        else ("well", phrase("upkeep.disk_well", **said))
    )


def _settings(ws: Workspace) -> Iterator[tuple[State, Phrase]]:
    wrong = 0
    try:
        office.week_begins()
    except UserError as error:
        wrong += 1
        for problem in error.problems:
            yield "wrong", problem
    if ledger_format(os.environ.get(LEDGER_SETTING), ws.home) == LEDGER_FORMAT:
        first = own_settings(ws).first_scheme
        if first:
            own_current(ws, first)
    if not wrong:
        yield "well", phrase("upkeep.settings_well")


def _uploads(_ws: Workspace) -> Iterator[tuple[State, Phrase]]:
    megabytes, seconds = memory_limit(), time_limit()
    if limits_hold():
        yield "well", phrase("upkeep.uploads_well", megabytes=megabytes, seconds=seconds)
    else:
        yield "note", phrase("upkeep.uploads_by_time", seconds=seconds)


def _fonts(_ws: Workspace) -> Iterator[tuple[State, Phrase]]:
    from analytics.briefing.font import FONTS, widths  # reads fonts, which takes long to import

    try:
        signs = min(len(widths(bold=bold)) for bold in (False, True))
    except Exception as error:  # whatever a damaged font makes its reader raise
        raise StoreError.because("upkeep.fonts_wrong", folder=f"{FONTS.parent.name}/{FONTS.name}") from error
    yield "well", phrase("upkeep.fonts_well", n=signs)


def _accounts(ws: Workspace) -> Iterator[tuple[State, Phrase]]:
    accounts = accounts_of(ws.home)
    if accounts is None:
        return (yield "well", phrase("upkeep.accounts_none"))
    every = [*accounts.accounts.values(), *accounts.commands.values()]
    data = own(ws)
    named = {area for one in every for area in one.areas or ()}
    if unknown := sorted(named - set(data.counts.areas.index)) if data else []:
        yield "wrong", phrase("upkeep.accounts_no_area", file=ACCOUNTS_FILE, areas=unknown)
    else:
        yield "well", phrase("upkeep.accounts_well", n=len(every))
    return None


_PARTS: Mapping[str, Callable[[Workspace], Iterator[tuple[State, Phrase]]]] = {
    "home": _home,
    "key": _key,
    "formats": _formats,
    "records": _records,
    "ledger": _ledger,
    "releases": _releases,
    "disk": _disk,
    "settings": _settings,
    "accounts": _accounts,
    "uploads": _uploads,
    "fonts": _fonts,
}

"""The data that can be looked at: the office's own records, where there are any, and the samples."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path

import geopandas as gpd
import pandas as pd

from analytics.errors import UserError
from analytics.loaders import DatasetInfo, LoadReport, load_records, sample_datasets
from analytics.office import today
from analytics.scheme import Scheme, pack_ids
from analytics.scheme.basics import required
from analytics.scheme.builtin import builtin_scheme
from analytics.scoring import first_full_day, fits, last_known_day
from analytics.store import Counts, Store, counts_of
from analytics.store.ledger import LEDGER_SETTING
from analytics.words import LANGUAGES, Phrase, phrase, say
from analytics.workspace.door import Workspace, door
from analytics.workspace.own_areas import as_it_is
from analytics.workspace.recent import Recent
from analytics.workspace.samples import unpack_shipped

SAMPLES = Path(__file__).parents[2] / "sample_data"
DATA_SETTING = "FIVE_COLOUR_DATA"
OWN = "own"
MOST_KEPT = 24
_MOST_SAMPLES, _MOST_OWN, _MOST_STORES, _MOST_MEASURED = 4, 2, 8, 2
_QUOTED_CHARACTERS = 40


@dataclass(frozen=True, eq=False)
class Dataset:
    """Counts that are ready to be scored, and what is said of them.

    ``home`` is the folder of their releases and drafts, ``ledger_url`` where their ledger is if not there. ``schemes``
    are the ids of those that fit, the usual one first. ``results`` were made from these counts and go when they go;
    ``tried`` is what somebody tries, which pushes out other trials and nothing that all need; ``measured`` what all
    drafts of a scheme begin from, which is large.
    """

    id: str
    name: Mapping[str, str]
    notice: Mapping[str, str] | None
    source: Mapping[str, str]
    schemes: tuple[str, ...]
    counts: Counts
    reports: tuple[LoadReport, ...]
    context: gpd.GeoDataFrame | None
    teams: pd.DataFrame | None
    home: Path
    ledger_url: str | None = None
    results: Recent = field(default_factory=lambda: Recent(MOST_KEPT), repr=False)
    tried: Recent = field(default_factory=lambda: Recent(MOST_KEPT), repr=False)
    measured: Recent = field(default_factory=lambda: Recent(_MOST_MEASURED), repr=False)

    def days(self, scheme: Scheme) -> tuple[date, date]:
        """The first day on which every window of the scheme is full, and the last of which anything is known.

        The last twice where the records are too short for that; today twice where nothing is dated.
        """
        newest = last_known_day(self.counts) or today()
        return min(first_full_day(self.counts, scheme) or newest, newest), newest


_samples, _own, _stores = Recent(_MOST_SAMPLES), Recent(_MOST_OWN), Recent(_MOST_STORES)


@door("read")
def store(ws: Workspace) -> Store:
    """The office's own records on this machine."""
    return _stores.get(ws.home, lambda: Store.open(ws.home))


def samples() -> Mapping[str, DatasetInfo]:
    """The samples that can be chosen, by id: those that ship, and the folder that the setting names."""
    found = {info.id: info for info in sample_datasets(SAMPLES)}
    if setting := os.environ.get(DATA_SETTING):
        folder = Path(setting).resolve()
        found |= {info.id: info for info in sample_datasets(folder.parent) if info.folder == folder}
    return found


@door("read", as_it_is)
def datasets(ws: Workspace) -> Mapping[str, Callable[[], Dataset]]:
    """What can be chosen, by id: the office's own data where any scheme fits them, and the samples."""
    held = own(ws)
    mine = {OWN: lambda: held} if held and held.schemes else {}
    return mine | {name: partial(_sample_now, ws, info) for name, info in samples().items()}


@door("read", as_it_is)
def find(ws: Workspace, asked: str | None) -> tuple[Dataset, Phrase | None]:
    """The data with the id ``asked``, else the office's own, else the sample of the setting, else the first there is;
    and what to say where those that were asked for are not there."""
    known = datasets(ws)
    if asked is not None and asked in known:
        return known[asked](), None
    setting = os.environ.get(DATA_SETTING)
    wanted = Path(setting).name if setting else next(iter(known))
    if wanted not in known:
        raise UserError.because("data.setting_unknown", setting=DATA_SETTING, wanted=wanted, known=list(known))
    found = known[wanted]()
    if asked is None:
        return found, None
    return found, phrase("page.own_gone") if asked == OWN else unknown_in_link(asked)


def unknown_in_link(wanted: str) -> Phrase:
    """What to say of a name that somebody asked for and that is not there."""
    return phrase("page.unknown_in_link", name=quoted(wanted))


def quoted(text: str) -> str:
    """What a sentence may repeat of a link: no mark that a page would take for markup, and not much of it."""
    return "".join(sign for sign in text if sign.isalnum() or sign in "_.-")[:_QUOTED_CHARACTERS]


@door("read", as_it_is)
def own(ws: Workspace) -> Dataset | None:
    """The office's own data; None where no areas are loaded. No scheme may fit them yet."""
    held = store(ws)
    return _own.get((ws.home, held.digest()), lambda: _own_now(ws, held)) if "areas" in held.tables() else None


@door("read", as_it_is)
def require_own(ws: Workspace) -> Dataset:
    """The office's own data; raises ``UserError`` where no areas are loaded."""
    found = own(ws)
    if found is None:
        raise UserError.because("cli.store_without_areas", home=ws.home)
    return found


def _own_now(ws: Workspace, held: Store) -> Dataset:
    counts = counts_of(held)
    label: dict[str, str] = {lang: say(lang, "page.own_data") for lang in LANGUAGES}
    return Dataset(
        id=OWN,
        name=label,
        notice=None,
        source=label,
        schemes=tuple(name for name in pack_ids() if fits(counts, required(builtin_scheme(name)))),
        counts=counts,
        reports=(),
        context=None,
        teams=held.table("teams") if "teams" in held.tables() else None,
        home=ws.home,
        ledger_url=os.environ.get(LEDGER_SETTING),
    )


def _sample_now(ws: Workspace, info: DatasetInfo) -> Dataset:
    paths = [info.folder / name for name in info.files.values()]
    seen = tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths)
    return _samples.get((ws.home, info.id, seen), lambda: _sample(ws, info, paths))


def _sample(ws: Workspace, info: DatasetInfo, paths: Sequence[Path]) -> Dataset:
    files = {table: info.folder / file for table, file in info.files.items()}
    records, reports = load_records(files, ws.today)
    home = ws.home / "samples" / info.id
    unpack_shipped(info.folder, home)
    digest = sha256(b"".join(sha256(path.read_bytes()).digest() for path in paths)).hexdigest()
    return Dataset(
        id=info.id,
        name=info.name,
        notice=info.notice,
        source=info.source,
        schemes=info.schemes,
        counts=Counts.of_records(records, digest),
        reports=reports,
        context=gpd.read_file(info.folder / info.context) if info.context else None,
        teams=records.teams,
        home=home,
    )

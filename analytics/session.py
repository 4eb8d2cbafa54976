"""What a visitor has chosen, and the caches behind it: the one module of `analytics` that imports streamlit.

A choice lives in the session under ``chosen`` as plain text, is read from the link on the first run and written back to
it, and is checked against the data in use on every run: a link that names what is not there gets the nearest that is.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import geopandas as gpd
import pandas as pd
import streamlit as st
from xstatic.pkg import leaflet

from analytics.drawing.area_map import shapes_file
from analytics.drawing.cards import dataset_name
from analytics.errors import UserError
from analytics.loaders import (
    DatasetInfo,
    Guess,
    LoadReport,
    UploadedBytes,
    guess,
    load_records,
    sample_datasets,
)
from analytics.scheme import Scheme, pack_ids, scheme_named
from analytics.scoring import Assessment, Facts, assess, facts_for, first_full_day, fits, last_day, scored_areas
from analytics.store import HOME_SETTING, Counts, Store, counts_of
from analytics.words import LANGUAGES, Language, Phrase, phrase, pick, say

SAMPLES = Path(__file__).parents[1] / "sample_data"
DATA_SETTING = "FIVE_COLOUR_DATA"
OWN = "own"
MOST_KEPT = 12
IN_LINK = ("lang", "data", "scheme", "date", "area")

st.components.v1.declare_component("leaflet", path=leaflet.BASE_DIR)
# Shapes carry no data; the server hands this folder out to frames under the digest of what lies in it, and it is gone
# when the server ends.
_SHAPES_FOLDER = tempfile.TemporaryDirectory(prefix="five-colour-shapes-")
st.components.v1.declare_component("shapes", path=_SHAPES_FOLDER.name)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Counts that are ready to be scored, and what is said of them. ``fingerprint`` differs when the data do."""

    id: str
    name: Mapping[str, str]
    notice: Mapping[str, str] | None
    source: Mapping[str, str]
    schemes: tuple[str, ...]
    counts: Counts
    reports: tuple[LoadReport, ...]
    context: gpd.GeoDataFrame | None
    fingerprint: str
    kept: dict[tuple[object, ...], object] = field(default_factory=dict, repr=False)
    """What was computed from these counts. It goes when they go."""

    def days(self, scheme: Scheme) -> tuple[date, date]:
        """The first day on which every window of the scheme is full, and the last with a record.

        The last twice where the records are too short for that; today twice where nothing is dated.
        """
        newest = last_day(self.counts) or today()
        return min(first_full_day(self.counts, scheme) or newest, newest), newest


def chosen() -> dict[str, str]:
    """The session's choices as text, from the link on the first run."""
    if "chosen" not in st.session_state:
        st.session_state.chosen = {name: st.query_params[name] for name in IN_LINK if name in st.query_params}
    return st.session_state.chosen


def choose(name: str, widget: str) -> None:
    """Callback of a widget: what it now holds becomes the choice ``name``."""
    value = st.session_state[widget]
    if value is None:
        return
    chosen()[name] = value.isoformat() if isinstance(value, date) else str(value)
    if name == "data":
        _forget_area_and_date()


def _forget_area_and_date() -> None:
    """Other data have other areas and days."""
    for name in ("area", "date"):
        chosen().pop(name, None)


def remember_in_link(**values: str | None) -> None:
    """Write the choices as they were used into the link, so that it opens the same view elsewhere."""
    kept = {name: value for name, value in values.items() if value is not None}
    if st.query_params.to_dict() != kept:
        st.query_params.from_dict(kept)


def language() -> Language:
    """The chosen language; at first that of the browser, Chinese when it says none."""
    wanted = chosen().get("lang")
    if wanted in LANGUAGES:
        return wanted
    return "zh" if (st.context.locale or "zh").lower().startswith("zh") else "en"


def samples() -> Mapping[str, DatasetInfo]:
    """The data sets that can be chosen, by id: those that ship, and the folder that the setting names."""
    found = {info.id: info for info in sample_datasets(SAMPLES)}
    if setting := os.environ.get(DATA_SETTING):
        folder = Path(setting).resolve()
        found |= {info.id: info for info in sample_datasets(folder.parent) if info.folder == folder}
    return found


def store() -> Store:
    """The office's own records on this machine."""
    return _store(os.environ.get(HOME_SETTING))


@st.cache_resource(show_spinner=False)
def _store(home: str | None) -> Store:
    return Store.open(Path(home) if home else None)


@st.cache_resource(max_entries=64, show_spinner=False)
def guessed(upload: str, table: str | None, _file: UploadedBytes) -> Guess:  # noqa: ARG001 - what the cache goes by
    """What an uploaded file is taken for; ``upload`` is the browser's own id of it, which no other file has."""
    return guess(_file, table)


def dataset() -> tuple[Dataset, Phrase | None]:
    """The data in use, and what to say where those that were asked for are not there: those of the link, else the
    office's own, else the sample of the setting, else the first there is."""
    known = datasets()
    asked = chosen().get("data")
    if asked in known:
        return known[asked](), None
    setting = os.environ.get(DATA_SETTING)
    wanted = Path(setting).name if setting else next(iter(known))
    if wanted not in known:
        raise UserError.because("data.setting_unknown", setting=DATA_SETTING, wanted=wanted, known=list(known))
    found = known[wanted]()
    if asked is None:
        return found, None
    return found, phrase("page.own_gone") if asked == OWN else phrase("page.unknown_in_link", name=asked[:40])


def datasets() -> Mapping[str, Callable[[], Dataset]]:
    """What can be chosen, by id: the office's own data where any scheme fits them, and the samples."""
    own = {OWN: own_data} if own_data() else {}
    return own | {name: partial(_sample_now, info) for name, info in samples().items()}


def dataset_names(lang: Language) -> Mapping[str, str]:
    """How each of :func:`datasets` is called, and whether it is made up or real."""
    own = {OWN: say(lang, "page.own_data")} if own_data() else {}
    return own | {name: dataset_name(lang, info) for name, info in samples().items()}


def _sample_now(info: DatasetInfo) -> Dataset:
    paths = [info.folder / name for name in info.files.values()]
    return _sample(info.id, tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in paths))


@st.cache_resource(max_entries=4, show_spinner=False)
def _sample(name: str, seen: Sequence[tuple[str, int, int]]) -> Dataset:
    info = samples()[name]
    context = gpd.read_file(info.folder / info.context) if info.context else None
    files = {table: info.folder / file for table, file in info.files.items()}
    records, reports = load_records(files, today())
    fingerprint = hashlib.sha256(repr((name, seen)).encode()).hexdigest()
    counts = Counts.of_records(records)
    return Dataset(name, info.name, info.notice, info.source, info.schemes, counts, reports, context, fingerprint)


def own_data() -> Dataset | None:
    """The office's own data, where areas are there and at least one scheme fits what was loaded."""
    held = store()
    return _own(str(held.home), held.digest()) if "areas" in held.tables() else None


@st.cache_resource(max_entries=2, show_spinner=False)
def _own(home: str, digest: str) -> Dataset | None:  # noqa: ARG001 - what the cache goes by
    counts = counts_of(store())
    fitting = tuple(name for name in pack_ids() if fits(counts, _scheme(name)))
    label = {lang: say(lang, "page.own_data") for lang in LANGUAGES}
    return Dataset(OWN, label, None, label, fitting, counts, (), None, digest) if fitting else None


def use_own() -> None:
    """Show the office's own data from now on, at their newest day."""
    chosen()["data"] = OWN
    _forget_area_and_date()


def today() -> date:
    """The office's own calendar day."""
    return date.today()  # noqa: DTZ011


def scheme_for(data: Dataset) -> tuple[Scheme, Phrase | None]:
    """The chosen scheme where it fits the data, else the data's usual one, and what to say where it does not exist."""
    wanted = chosen().get("scheme")
    if wanted in data.schemes:
        return _scheme(wanted), None
    unknown = wanted is not None and wanted not in pack_ids()
    return _scheme(data.schemes[0]), phrase("page.unknown_in_link", name=wanted[:40]) if unknown else None


@st.cache_resource(show_spinner=False)
def _scheme(name: str) -> Scheme:
    return scheme_named(name)


def schemes(data: Dataset) -> Mapping[str, Scheme]:
    """The schemes that fit the data, by id."""
    return {name: _scheme(name) for name in data.schemes}


def day_for(data: Dataset, scheme: Scheme) -> tuple[date, Phrase | None]:
    """The chosen day, moved into the data where it lies outside, and what to say of that."""
    first, newest = data.days(scheme)
    try:
        wanted = date.fromisoformat(chosen().get("date", ""))
    except ValueError:
        return newest, None
    used = min(max(wanted, first), newest)
    return used, None if used == wanted else phrase("page.day_out_of_range", wanted=wanted, used=used)


def area_for(areas: pd.DataFrame) -> tuple[str | None, Phrase | None]:
    """The chosen area where it is scored, and what to say where it is not there."""
    wanted = chosen().get("area")
    if wanted is None or wanted in areas.index:
        return wanted, None
    return None, phrase("page.unknown_in_link", name=wanted[:40])


def assessed(data: Dataset, scheme: Scheme, days: Sequence[date]) -> Assessment:
    """The assessment of these days; what was made before is taken from ``data.kept``."""
    wanted = tuple(sorted(set(days)))
    key = ("assessed", scheme.digest(), wanted)
    if key not in data.kept:
        if len(data.kept) >= MOST_KEPT:
            data.kept.clear()
        data.kept[key] = assess(facts(data, scheme), scheme, pd.DatetimeIndex(wanted))
    return data.kept[key]


def facts(data: Dataset, scheme: Scheme) -> Facts:
    """The data's records at the level of area that the scheme scores."""
    key = ("facts", scheme.level)
    if key not in data.kept:
        data.kept[key] = facts_for(data.counts, scheme)
    return data.kept[key]


def weeks_to(day: date, weeks: int, first: date) -> list[date]:
    """``day`` and the same weekday of the ``weeks`` weeks before it, oldest first, none before ``first``."""
    ends = (day - timedelta(weeks=back) for back in range(weeks, -1, -1))
    return [end for end in ends if end >= first or end == day]


def weeks_around(day: date, weeks: int, first: date, newest: date) -> list[date]:
    """The newest ``weeks`` week ends and the one before them, or, for an older ``day``, those around it."""
    if day < newest - timedelta(weeks=weeks):
        newest = min(newest, day + timedelta(weeks=weeks // 2))
    return weeks_to(newest, weeks, first)


def shapes_url(data: Dataset, scheme: Scheme) -> str | None:
    """Where a map's frame fetches the shapes of the scored areas; None when the areas have none."""
    areas = scored_areas(data.counts, scheme)
    if not isinstance(areas, gpd.GeoDataFrame) or areas.geometry.isna().all():
        return None
    return f"../{__name__}.shapes/{_shapes(data, scheme)}"


def _shapes(data: Dataset, scheme: Scheme) -> str:
    key = ("shapes", scheme.level)
    if key not in data.kept:
        areas = scored_areas(data.counts, scheme)
        named = areas.assign(parent_name=areas["parent_id"].map(data.counts.areas["name"]))
        content = shapes_file(named, data.context)
        name = f"{hashlib.sha256(content).hexdigest()}.json"
        (Path(_SHAPES_FOLDER.name) / name).write_bytes(content)
        data.kept[key] = name
    return data.kept[key]


def text_of(lang: Language, texts: Mapping[str, str] | None) -> str:
    """The ``lang`` side of a pair that may be absent."""
    return pick(lang, texts) if texts else ""

"""What a visitor has chosen, and the caches behind it: the one module of `analytics` that imports streamlit.

A choice lives in the session under ``chosen`` as plain text, is read from the link on the first run and written back to
it, and is checked against the data in use on every run: a link that names what is not there gets the nearest that is.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import pandas as pd
import streamlit as st
from xstatic.pkg import leaflet

from analytics.access import current_role
from analytics.briefing import Briefing
from analytics.briefing.colour_vision import Vision, simulate_vision
from analytics.briefing.rendering import ExportOptions, briefing_for, render_briefing
from analytics.drawing.area_map import frame_file, shapes_file
from analytics.errors import UserError
from analytics.evidence.confidence import Confidence
from analytics.evidence.confidence_store import etag, of_release
from analytics.evidence.confidence_store import load as load_draws
from analytics.loaders import (
    DatasetInfo,
    Guess,
    LoadReport,
    UploadedBytes,
    guess,
    load_records,
    sample_datasets,
)
from analytics.releases import Release, keep_view, status, verify
from analytics.releases.compare import side_by_side
from analytics.releases.publishing import (
    WORKING,
    ComparisonReport,
    ReleaseInput,
    decided_by_people,
    newest,
    predecessor,
    report,
    weeks_to,
    with_decisions,
)
from analytics.scheme import Scheme, pack_ids, scheme_named
from analytics.scheme.builtin import BUILTIN, builtin_text
from analytics.scheme.reading import scheme_from
from analytics.scheme.writing import yaml_with
from analytics.scoring import (
    AreaCounts,
    Assessment,
    area_counts_for,
    assess,
    first_full_day,
    fits,
    last_day,
    require_tables,
)
from analytics.scoring.rate_support import RateSupport, rate_support
from analytics.store import HOME_SETTING, Counts, Store, counts_of
from analytics.store.current_schemes import CurrentScheme, current_scheme
from analytics.store.ledger import LEDGER_SETTING, Ledger, ReleaseEntry, SchemeVersion
from analytics.wording.map_frame import frame_words
from analytics.wording.provenance import dataset_name
from analytics.words import LANGUAGES, Language, Phrase, phrase, pick, say

SAMPLES = Path(__file__).parents[1] / "sample_data"
DATA_SETTING = "FIVE_COLOUR_DATA"
OWN = "own"
MOST_KEPT = 24
WEEKS_SHOWN = 8
IN_LINK = ("lang", "data", "scheme", "release", "date", "area", "code", "weeks", "map", "against")
OF_SCHEME = ("map", "against")
"""Choices that another scheme does not know: its versions are others."""
OF_DATA = ("area", "date", "release", *OF_SCHEME)
"""And those that other data do not know."""
Kept = TypeVar("Kept")

st.components.v1.declare_component("leaflet", path=leaflet.BASE_DIR)


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
    teams: pd.DataFrame | None
    fingerprint: str
    kept: dict[tuple[object, ...], object] = field(default_factory=dict, repr=False)
    """What was computed from these counts. It goes when they go."""
    trials: dict[tuple[object, ...], object] = field(default_factory=dict, repr=False)

    def keep(self, key: tuple[object, ...], make: Callable[[], Kept]) -> Kept:
        """What ``make`` makes, kept for the next time; when too much is kept, what was longest not asked for goes."""
        return _kept_in(self.kept, key, make)

    def keep_trial(self, key: tuple[object, ...], make: Callable[[], Kept]) -> Kept:
        """The same for what somebody tries: it pushes out other trials, and nothing that all need."""
        return _kept_in(self.trials, key, make)

    def days(self, scheme: Scheme) -> tuple[date, date]:
        """The first day on which every window of the scheme is full, and the last with a record.

        The last twice where the records are too short for that; today twice where nothing is dated.
        """
        newest = last_day(self.counts) or today()
        return min(first_full_day(self.counts, scheme) or newest, newest), newest


def _kept_in(kept: dict[tuple[object, ...], object], key: tuple[object, ...], make: Callable[[], Kept]) -> Kept:
    found = kept.pop(key, _ABSENT)  # that there is nothing to say is kept as well
    if found is _ABSENT:
        found = make()
    kept[key] = found  # at the end: the first is what was longest not asked for
    for old in list(kept)[:-MOST_KEPT]:  # a list, since other visitors' runs change it meanwhile
        kept.pop(old, None)
    return found


_ABSENT = object()


@dataclass(frozen=True, eq=False)
class View:
    """What the overview shows: ``weeks``, one day for each; ``pair``, the day shown (last) and the one before it that
    it is held against, that of the release ``before`` if there is one; what is ``behind`` its rates, where that can
    still be told; ``context`` under the map."""

    weeks: Assessment
    pair: Assessment
    behind: Mapping[str, RateSupport]
    context: gpd.GeoDataFrame | None
    before: ReleaseEntry | None = None


def chosen() -> dict[str, str]:
    """The session's choices as text, from the link on the first run."""
    if "chosen" not in st.session_state:
        st.session_state.chosen = {name: st.query_params[name] for name in IN_LINK if name in st.query_params}
    return st.session_state.chosen


def follow_code() -> Phrase | None:
    """Make the view that the link's check code stands for the chosen one, and return what the code says of it."""
    code = chosen().pop("code", None)
    if code is None:
        return None
    for name, make in datasets().items():
        data = make()
        found = status(release_home(data), ledger(data), code)
        if found.status != "unknown":
            chosen().update({**found.view, "data": name, "release": f"{found.number:06}"})
            chosen().pop("date", None)
            return phrase(f"page.code_{found.status}", code=_quoted(code), number=found.number, newest=found.newest)
    return phrase("page.code_unknown", code=_quoted(code))


def code_of_view(data: Dataset, scheme: Scheme, entry: ReleaseEntry, lang: Language) -> str:
    """The check code of what is on the screen, which opens it again from now on."""
    seen = {"lang": lang, "scheme": scheme.id, **({"area": chosen()["area"]} if "area" in chosen() else {})}
    return keep_view(ledger(data), frozen(data, entry), seen, getpass.getuser(), current_role())


def choose(name: str, widget: str) -> None:
    """Callback of a widget: what it now holds becomes the choice ``name``."""
    value = st.session_state[widget]
    if value is None:
        return
    chosen()[name] = value.isoformat() if isinstance(value, date) else str(value)
    if name == "data":
        _forget(*OF_DATA)
    elif name == "scheme":
        _forget(*OF_SCHEME)
        if chosen().get("release") != WORKING:
            _forget("release")
    elif name == "date":
        chosen()["release"] = WORKING
    elif name == "release":
        _forget("date")


def keep_chosen(**values: str | None) -> None:
    """Take down what a page's own controls say; None: nothing is chosen."""
    _forget(*values)
    chosen().update({name: value for name, value in values.items() if value is not None})


def _forget(*names: str) -> None:
    for name in names:
        chosen().pop(name, None)


def remember_in_link(**values: str | None) -> None:
    """Write the choices as they were used into the link, so that it opens the same view elsewhere; None: not at all."""
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
    return found, phrase("page.own_gone") if asked == OWN else phrase("page.unknown_in_link", name=_quoted(asked))


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
    return Dataset(
        name, info.name, info.notice, info.source, info.schemes, counts, reports, context, records.teams, fingerprint
    )


def own_data() -> Dataset | None:
    """The office's own data, where areas are there and at least one scheme fits what was loaded."""
    held = store()
    return _own(str(held.home), held.digest()) if "areas" in held.tables() else None


@st.cache_resource(max_entries=2, show_spinner=False)
def _own(home: str, digest: str) -> Dataset | None:  # noqa: ARG001 - what the cache goes by
    counts = counts_of(store())
    fitting = tuple(name for name in pack_ids() if fits(counts, _scheme(name)))
    label = {lang: say(lang, "page.own_data") for lang in LANGUAGES}
    teams = store().table("teams") if "teams" in store().tables() else None
    return Dataset(OWN, label, None, label, fitting, counts, (), None, teams, digest) if fitting else None


def use_own() -> None:
    """Show the office's own data from now on, at their newest day."""
    chosen()["data"] = OWN
    _forget(*OF_DATA)


def today() -> date:
    """The office's own calendar day."""
    return date.today()  # noqa: DTZ011


def scheme_for(data: Dataset) -> tuple[Scheme, Phrase | None]:
    """The chosen scheme where it fits the data, else the data's usual one, and what to say where it does not exist."""
    wanted = chosen().get("scheme")
    used, notice = _used(data, wanted if wanted in data.schemes else data.schemes[0])
    unknown = wanted is not None and wanted not in pack_ids()
    return used.scheme, notice or (phrase("page.unknown_in_link", name=_quoted(wanted)) if unknown else None)


def _used(data: Dataset, name: str) -> tuple[CurrentScheme, Phrase | None]:
    """The scheme in use and what to say of it: one that was adopted and does not fit the data makes way for the one
    that ships, so that a mistake of one does not shut the pages for all."""
    used = current_scheme(ledger(data), name)
    if used.adopted is None:
        return used, used.notice
    fault = data.keep(("fault", used.scheme.digest()), lambda: _fault(data, used.scheme))
    if fault is None:
        return used, None
    told = phrase("versions.adopted_unfit", version=used.scheme.version, fault=fault)
    return CurrentScheme(_scheme(name), builtin_text(name)), told


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
    assess(facts(data, scheme).uncached_copy(), scheme.model_copy(update={"stability": None}), day)


@st.cache_resource(show_spinner=False)
def _scheme(name: str) -> Scheme:
    return scheme_named(name)


def scheme_text(data: Dataset, scheme_id: str) -> str:
    """The file of the scheme in use."""
    return _used(data, scheme_id)[0].text


def version_texts(data: Dataset, scheme_id: str) -> Mapping[str, str]:
    """The files of all versions, the newest first, by number; last the one that ships."""
    saved = ledger(data).scheme_versions(scheme_id)
    return {str(entry.version): entry.yaml_text for entry in reversed(saved)} | {BUILTIN: builtin_text(scheme_id)}


def version_of(data: Dataset, scheme: Scheme) -> int | None:
    """The saved version that says what a scheme says; None where none does."""
    saved = reversed(ledger(data).scheme_versions(scheme.id))
    numbered = (
        entry.version
        for entry in saved
        if entry.digest == scheme.model_copy(update={"version": entry.version}).digest()
    )
    return next(numbered, None)


def save_version(data: Dataset, scheme: Scheme, file_text: str, reason: str, who: str, role: str) -> SchemeVersion:
    """Keep a draft as the next version of its scheme, written into the text of its file."""
    return ledger(data).save_scheme(yaml_with(file_text, scheme), who, role, reason)


def scheme_to_try(data: Dataset, in_use: Scheme, content: bytes, file_name: str) -> Scheme:
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


def schemes(data: Dataset) -> Mapping[str, Scheme]:
    """The schemes that fit the data, by id."""
    return {name: _used(data, name)[0].scheme for name in data.schemes}


def day_for(data: Dataset, scheme: Scheme) -> tuple[date, Phrase | None]:
    """The chosen day, moved into the data where it lies outside, and what to say of that."""
    first, newest = data.days(scheme)
    try:
        wanted = date.fromisoformat(chosen().get("date", ""))
    except ValueError:
        return newest, None
    used = min(max(wanted, first), newest)
    return used, None if used == wanted else phrase("page.day_out_of_range", wanted=wanted, used=used)


def _quoted(text: str) -> str:
    """What a sentence may repeat of a link: no mark that a page would take for markup, and not much of it."""
    return re.sub(r"[^\w.-]", "", text)[:40]


def chosen_of(name: str, known: Collection[str]) -> tuple[str | None, Phrase | None]:
    """The choice ``name`` where it is one of the ``known``, and what to say where it is not there."""
    wanted = chosen().get(name)
    if wanted is None or wanted in known:
        return wanted, None
    return None, phrase("page.unknown_in_link", name=_quoted(wanted))


def assessed(data: Dataset, scheme: Scheme, days: Sequence[date]) -> Assessment:
    """The assessment of these days; what was made before is taken from ``data.kept``."""
    wanted = tuple(sorted(set(days)))
    run = data.keep(
        ("assessed", scheme.digest(), wanted), lambda: assess(facts(data, scheme), scheme, pd.DatetimeIndex(wanted))
    )
    return with_decisions(run, decided_by_people(ledger(data), scheme.id))


def tried(data: Dataset, scheme: Scheme, day: date) -> Assessment:
    """A scheme that nobody adopted, on one day, as it would be published had it been in use from the first day on."""
    # What was looked up for them is not kept.
    return data.keep_trial(
        (scheme.digest(), day), lambda: assess(facts(data, scheme).uncached_copy(), scheme, pd.DatetimeIndex([day]))
    )


def facts(data: Dataset, scheme: Scheme) -> AreaCounts:
    """The data's records at the level of area that the scheme scores."""
    return data.keep(("facts", scheme.level), lambda: area_counts_for(data.counts, scheme))


def weeks_around(day: date, weeks: int, first: date, newest: date) -> list[date]:
    """The newest ``weeks`` week ends and the one before them, or, for an older ``day``, those around it."""
    if day < newest - timedelta(weeks=weeks):
        newest = min(newest, day + timedelta(weeks=weeks // 2))
    return weeks_to(newest, weeks, first)


def release_home(data: Dataset) -> Path:
    """Where the releases of these data lie: those of a sample apart from the office's own."""
    home = store().home
    return home if data.id == OWN else home / "samples" / data.id


def ledger(data: Dataset) -> Ledger:
    """Releases, decisions and the audit trail of these data."""
    return _ledger(str(release_home(data)), os.environ.get(LEDGER_SETTING) if data.id == OWN else None)


@st.cache_resource(show_spinner=False)
def _ledger(home: str, url: str | None) -> Ledger:
    Path(home).mkdir(parents=True, exist_ok=True)
    return Ledger.open(url, Path(home))


def material(data: Dataset, scheme: Scheme, day: date) -> ReleaseInput:
    """What a release of these data on this day is made of."""
    return ReleaseInput(
        facts(data, scheme), scheme, data.days(scheme)[0], day, data.fingerprint, data.context, data.notice, data.source
    )


def frozen(data: Dataset, entry: ReleaseEntry) -> Release:
    """A release of these data, once it was found as it was written and as the ledger knows it."""
    home, book = release_home(data), ledger(data)
    return data.keep(("release", entry.name, entry.digest), lambda: verify(home, book, entry.name))


def told(data: Dataset, before: ReleaseEntry | None, after: ReleaseEntry) -> ComparisonReport:
    """What two releases say together: kept, since releases do not change."""
    key = ("report", before and before.digest, after.digest)
    return data.keep(key, lambda: report(release_home(data), ledger(data), before, after))


def release_for(data: Dataset, scheme: Scheme) -> tuple[ReleaseEntry | None, Phrase | None]:
    """The release to show, None for the working run; and what to say where the one that was asked for is not there.

    Without a wish it is the newest published one; a link that names a date alone means the records of that date.
    """
    wanted = chosen().get("release")
    entries = ledger(data).releases(scheme.id)
    if wanted == WORKING or (wanted is None and "date" in chosen()):
        return None, None
    found = next((entry for entry in entries if entry.name == wanted), None)
    if found or wanted is None:
        return found or newest(ledger(data), scheme.id), None
    return newest(ledger(data), scheme.id), phrase("page.unknown_in_link", name=_quoted(wanted))


def newest_release(data: Dataset, scheme: Scheme) -> ReleaseEntry | None:
    """The newest published release of the scheme, else its newest draft."""
    entries = ledger(data).releases(scheme.id)
    return newest(ledger(data), scheme.id) or next(iter(entries), None)


def briefing(data: Dataset, entry: ReleaseEntry, lang: Language) -> Briefing:
    """What a release says in a meeting: kept, since releases do not change."""
    key = ("briefing", *_said_in(data, entry, lang))
    return data.keep(key, lambda: briefing_for(release_home(data), ledger(data), entry, lang))


def _said_in(data: Dataset, entry: ReleaseEntry, lang: Language) -> tuple[object, ...]:
    """What a briefing hangs on: a draft is held against whichever release was published last, and the words for how
    firm its tiers are come with the draws."""
    before = predecessor(ledger(data), entry)
    firm = etag(release_home(data), *of_release(frozen(data, entry)))
    return lang, entry.name, entry.digest, before and before.digest, firm


def confidence_of(data: Dataset, scheme: Scheme, entry: ReleaseEntry | None, day: date) -> Confidence | None:
    """What draws said of how firm the colours of a release are, or of the working run; None where none were made."""
    asked = of_release(frozen(data, entry)) if entry else (scheme.digest(), data.fingerprint, day)
    home = release_home(data)
    return data.keep(("confidence", *asked, etag(home, *asked)), lambda: load_draws(home, *asked))


def briefing_file(
    data: Dataset, entry: ReleaseEntry, lang: Language, wanted: ExportOptions, template: bytes | None = None
) -> bytes:
    """A file for the meeting; ``template`` is an office's own Word template."""
    own = template and hashlib.sha256(template).hexdigest()
    key = ("briefing file", *_said_in(data, entry, lang), wanted, own)
    return data.keep(key, lambda: render_briefing(briefing(data, entry, lang), wanted, template))


def preview(data: Dataset, entry: ReleaseEntry, lang: Language, wanted: ExportOptions, vision: Vision | None) -> bytes:
    """A sheet as a PNG, as it is or as such eyes see it."""
    picture = briefing_file(data, entry, lang, wanted)
    if vision is None:
        return picture
    return data.keep(("seen", *_said_in(data, entry, lang), wanted, vision), lambda: simulate_vision(picture, vision))


def view(data: Dataset, scheme: Scheme, entry: ReleaseEntry | None, day: date) -> View:
    """What the overview shows: a release beside the one before it, or the working run beside a week ago."""
    if entry is None:
        first, last = data.days(scheme)
        weeks = weeks_around(day, WEEKS_SHOWN, first, last)
        week_ago = day - timedelta(weeks=1)
        history = assessed(data, scheme, [*weeks, week_ago, day])
        behind = rate_support(facts(data, scheme), scheme, day)
        return View(history.on(*weeks), history.on(week_ago, day), behind, data.context)
    history, context = run_of(data, entry)
    before = predecessor(ledger(data), entry)
    pair = side_by_side(run_of(data, before)[0], history) if before else history.on(*history.days[-2:])
    return View(history.on(*history.days[-WEEKS_SHOWN - 1 :]), pair, {}, context, before)


def run_of(data: Dataset, entry: ReleaseEntry) -> tuple[Assessment, gpd.GeoDataFrame | None]:
    """What a release shows, and the water and roads under its map."""
    held = frozen(data, entry)
    return data.keep(("run", entry.name, entry.digest), lambda: (held.assessment(), held.context()))


def shapes_url(data: Dataset, assessment: Assessment, context: gpd.GeoDataFrame | None) -> str | None:
    """Where a map's frame fetches the shapes of the scored areas; None when the areas have none."""
    areas = assessment.areas
    if not isinstance(areas, gpd.GeoDataFrame) or areas.geometry.isna().all():
        return None
    # Frames that were frozen are other objects with the same shapes: the file's name is what it holds.
    name = data.keep(("shapes", id(areas)), lambda: (areas, _shapes_file(assessment, context)))[1]
    return f"../{__name__}.shapes/{name}"


@st.cache_resource(show_spinner=False)
def frame_url(lang: Language) -> str:
    """Where a map's frame fetches its own script, which says what it says in ``lang``."""
    content = frame_file(frame_words(lang))
    name = f"{hashlib.sha256(content).hexdigest()}.js"
    (Path(_shapes_folder().name) / name).write_bytes(content)
    return f"../{__name__}.shapes/{name}"


def _shapes_file(assessment: Assessment, context: gpd.GeoDataFrame | None) -> str:
    areas = assessment.areas
    content = shapes_file(areas.assign(parent_name=areas["parent_id"].map(assessment.parents)), context)
    name = f"{hashlib.sha256(content).hexdigest()}.json"
    (Path(_shapes_folder().name) / name).write_bytes(content)
    return name


@st.cache_resource(show_spinner=False)
def _shapes_folder() -> tempfile.TemporaryDirectory:
    """The server hands this folder out to frames, each file under the digest of what lies in it; shapes carry no data.

    Only its owner may read it, it is made with the first map, and it is gone when the server ends.
    """
    folder = tempfile.TemporaryDirectory(prefix="five-colour-shapes-")
    st.components.v1.declare_component("shapes", path=folder.name)
    return folder


def text_of(lang: Language, texts: Mapping[str, str] | None) -> str:
    """The ``lang`` side of a pair that may be absent."""
    return pick(lang, texts) if texts else ""

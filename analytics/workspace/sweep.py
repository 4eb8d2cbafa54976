"""Building sweeps: the campaigns there are, how far one has come, its plan, the independent check, and its papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd

from analytics.errors import UserError
from analytics.exhibits import sweep as tables
from analytics.exhibits.exhibit import PendingExhibit
from analytics.exhibits.sweep import SweepNames
from analytics.loaders import LoadReport, UploadedBytes
from analytics.loaders.sweep_calls import load_sweep_calls, load_sweep_results
from analytics.response.campaign import Campaign, campaign_from
from analytics.response.hazards import FoundByChecks, found_by_checks
from analytics.response.sweep import Register, SweepState, faults, register_of, tally
from analytics.response.sweep_plan import Need, SweepPlan, need_of, pairs_of, plan
from analytics.response.sweep_rounds import merged, told_twice, what_becomes_of
from analytics.response.sweep_sample import Confirmed, confirmed, draw
from analytics.scheme import Where
from analytics.store.campaigns import CALLS, DESCRIPTION, RESULTS, CampaignFolder, campaign_folders
from analytics.store.place_rows import places_and_checks
from analytics.wording import sweep as wording
from analytics.wording.areas import short_name
from analytics.wording.provenance import source_and_notice
from analytics.words import Language, Phrase, phrase, say
from analytics.words.place_names import english_names
from analytics.workspace.datasets import OWN, Dataset, own, samples, store
from analytics.workspace.door import Workspace, door

PLACES: Where = {"kind": ("building", "shop", "venue", "rental")}
SWEEPS: Where = {"kind": ("sweep",)}
HAZARDS: Mapping[str, Sequence[str]] = {"category": ("fire_hazard",), "channel": ("grid", "patrol")}
"""Incidents that whoever goes from door to door finds and hands over."""


@dataclass(frozen=True, eq=False)
class SweepView:
    """A sweep on a day: its ``state``, the ``pairs`` by team, what is still needed (``need``), the ``sample`` that was
    drawn (None before) and what the check of it found (None before each area has a result). ``records``: whoever asks
    may see places by their numbers."""

    name: str
    state: SweepState
    names: SweepNames
    pairs: Mapping[str, int]
    need: Need
    sample: pd.DataFrame | None
    found: Confirmed | None
    records: bool


@dataclass(frozen=True)
class SweepSheet:
    """A paper of a sweep: the ``name`` of its file, and its ``content`` (PDF) when it is called."""

    name: str
    content: Callable[[], bytes]


@dataclass(frozen=True)
class SweepExhibit:
    """A table of a sweep, and by what ``key`` it is asked for: lines, missing, written-off, teams,
    plan, sample."""

    key: str
    exhibit: PendingExhibit


@door("read")
def require_swept(ws: Workspace) -> Dataset:
    """The office's own data, which a sweep is of; raises ``UserError`` that says what is missing for one where there
    are no areas."""
    found = own(ws)
    if found is None:
        known = campaign_folders(ws.home)
        raise UserError.because("sweep.no_areas_yet" if known else "sweep.nothing_yet", home=ws.home, names=list(known))
    return found


@door("read")
def campaigns(ws: Workspace, data: Dataset) -> Mapping[str, Campaign]:
    """The campaigns of some data by name, the one that begins last first."""
    found = {name: _campaign(folder) for name, folder in _folders(data).items()}
    return dict(sorted(found.items(), key=lambda one: (one[1].first, one[0]), reverse=True))


@door("read")
def campaign_on(ws: Workspace, data: Dataset, day: date) -> str | None:
    """The campaign that began last by a day, else the next one; None where there is none."""
    known = campaigns(ws, data)
    begun = [name for name, one in known.items() if one.first <= day]
    return next(iter(begun or reversed(list(known))), None)


@door("read")
def sweep_view(ws: Workspace, data: Dataset, name: str, day: date | None = None) -> SweepView:
    """A campaign at the end of ``day``, by itself its last one or today. Raises ``UserError`` where it is not there,
    its file is wrong, or its areas have no register."""
    folder = _folder(data, name)
    key = ("sweep", name, day, ws.today, ws.lang, ws.actor.may("load"), folder.seen())
    return data.results.get(key, lambda: _view(ws, data, folder, day))


def _view(ws: Workspace, data: Dataset, folder: CampaignFolder, day: date | None) -> SweepView:
    campaign = _campaign(folder)
    day = min(campaign.last, ws.today) if day is None else day
    register, checks = _register(data, campaign)
    calls = folder.frames(CALLS, ["checked_at"])
    rounds = merged(calls) if calls else None
    state = tally(campaign, register, rounds, checks, day)
    pairs = pairs_of(campaign, data.teams)
    sample, found = None, None
    drawn = folder.sample()
    # On a day before the draw nobody knew what it would find; after it, it still speaks of what was recorded then.
    if drawn is not None and drawn[1] <= day:
        sample, results = drawn[0], folder.frames(RESULTS)
        if results:
            every = pd.concat(results, ignore_index=True).drop_duplicates(["place_id", "number"], keep="last")
            found = confirmed(tally(campaign, register, rounds, checks, drawn[1]), sample, every)
    records = ws.actor.may("load")
    names = _names(ws, data, campaign)
    return SweepView(folder.name, state, names, pairs, need_of(state, pairs), sample, found, records)


@door("read")
def sweep_plan(ws: Workspace, view: SweepView) -> SweepPlan:
    """Who does what is left on which day."""
    return plan(view.state, view.pairs)


@door("read")
def summary(ws: Workspace, view: SweepView, lang: Language) -> list[str]:
    """The sweep in sentences: what it is, what is left and why, what it takes, what the check says, and the notes."""
    state, campaign = view.state, view.state.campaign
    drawn = 0 if view.sample is None else len(view.sample)
    names = [view.names.areas.get(area, area) for area in campaign.areas]
    said = [
        wording.head_text(lang, state),
        say(lang, "sweep.areas", n=len(names), names=names),
        *([wording.left_text(lang, state), *wording.target_parts(lang, state)] if state.begun else ()),
    ]
    if wording.has_work(state, view.need):
        said += wording.plan_notes(lang, state, sweep_plan(ws, view), view.names.teams, records=view.records)
    if state.begun:
        said.append(wording.confirmed_text(lang, view.found, drawn))
    said += wording.notes(lang, state, view.names.areas, records=view.records)
    return [one for one in said if one]


@door("read")
def exhibits(ws: Workspace, view: SweepView, lang: Language) -> tuple[SweepExhibit, ...]:
    """The tables of a sweep to take along; the sample is for those who may see records, once it was drawn."""
    state, names = view.state, view.names
    found = [
        SweepExhibit("lines", tables.lines_exhibit(lang, state, names)),
        SweepExhibit("missing", tables.missing_exhibit(lang, state, names, records=view.records)),
        SweepExhibit("written-off", tables.written_off_exhibit(lang, state, names, records=view.records)),
        SweepExhibit("teams", tables.teams_exhibit(lang, state, lambda: plan(state, view.pairs), names)),
        SweepExhibit(
            "plan", tables.plan_exhibit(lang, state, lambda: plan(state, view.pairs), names, records=view.records)
        ),
    ]
    if view.records and view.sample is not None:
        found.append(SweepExhibit("sample", tables.sample_exhibit(lang, state, view.sample, names)))
    return tuple(found)


@door("load")
def load_calls(ws: Workspace, data: Dataset, name: str, file: Path | UploadedBytes) -> LoadReport:
    """Import an export of the platform, rounds as counts by place. It is the platform's word on its places and days
    (:mod:`analytics.response.sweep_rounds`); the report's notes say what it replaces, and what stays beside it. Raises
    ``UserError`` where the file cannot be read at all."""
    folder = _writable(data, name)
    campaign = _campaign(folder)
    register, _ = _register(data, campaign)
    earlier = folder.frames(CALLS, ["checked_at"])
    kept = merged(earlier)
    teams = _teams(data, campaign)

    def faulty(new: pd.DataFrame) -> Mapping[str, Phrase]:
        places = set(new["place_id"])
        twice = {place: phrase("sweep.row_moved", day=day) for place, day in told_twice(kept, new).items()}
        found = faults(register, merged([*earlier, new]))
        said = {place: phrase(f"sweep.row_{one.kind}", **one._asdict()) for place, one in found.items()}
        return twice | {place: one for place, one in said.items() if place in places}

    days = (campaign.first, min(campaign.last, ws.today))
    rows, report = load_sweep_calls(file, list(register.places.index), teams, days, faulty)
    if not len(rows):
        return report
    more = tally(campaign, register, merged([*earlier, rows]), None, campaign.last)
    notes = (*report.notes, *wording.import_notes(what_becomes_of(kept, rows), more, rows))
    folder.add(CALLS, rows, {"source": report.source, "by": ws.actor.role})
    return replace(report, notes=notes)


def _teams(data: Dataset, campaign: Campaign) -> set[str]:
    """The teams there are: those of the table, and those of the campaign."""
    return {one.team for one in campaign.teams} | set([] if data.teams is None else data.teams["team_id"])


@door("load")
def draw_sample(ws: Workspace, data: Dataset, name: str, day: date | None = None) -> SweepView:
    """Draw the households of the independent check, as many and with the seed that the campaign says, from what is
    recorded at the end of ``day``. What was drawn before stays."""
    folder = _writable(data, name)
    recheck = _campaign(folder).recheck
    if recheck is None:
        raise UserError.because("sweep.no_recheck")
    before = folder.sample()
    view = sweep_view(ws, data, name, day)
    if before is not None and before[1] > view.state.day:
        raise UserError.because("sweep.drawn_before", day=before[1])
    if before is None:
        drawn = draw(view.state, recheck.sample, recheck.seed)
        if drawn.empty:
            raise UserError.because("sweep.nothing_to_draw")
        folder.keep_sample(drawn, view.state.day, {"seed": recheck.seed, "size": recheck.sample})
    return sweep_view(ws, data, name, day)


@door("load")
def load_results(ws: Workspace, data: Dataset, name: str, file: Path | UploadedBytes) -> LoadReport:
    """Import what the independent check found. Whoever called in a building may not check there."""
    folder = _writable(data, name)
    before = folder.sample()
    if before is None:
        raise UserError.because("sweep.nothing_drawn")
    sample, day = before
    callers = sweep_view(ws, data, name, day).state.callers
    drawn = {
        (str(place), int(number)): callers.get(str(place), frozenset())
        for place, number in zip(sample["place_id"], sample["number"].tolist(), strict=True)
    }
    rows, report = load_sweep_results(file, drawn, _teams(data, _campaign(folder)))
    if len(rows):
        folder.add(RESULTS, rows, {"source": report.source, "by": ws.actor.role})
    return report


@door("load")
def pair_sheets(ws: Workspace, view: SweepView, lang: Language) -> tuple[SweepSheet, ...]:
    """An A4 for each pair and day: places by number and how many calls, no names. Each is typeset when it is asked
    for."""
    made = plan(view.state, view.pairs)

    def content(day: date, pair: str) -> bytes:
        from analytics.briefing.sweep import pair_sheet  # typesetting takes long to import

        return pair_sheet(lang, view.state, made, view.names, day, pair)

    keys = made.tasks[["day", "pair"]].drop_duplicates()
    return tuple(
        SweepSheet(say(lang, "sweep.file_sheet", day=f"{day:%Y%m%d}", pair=pair) + ".pdf", partial(content, day, pair))
        for day, pair in keys.itertuples(index=False)
    )


@door("load")
def closing_paper(ws: Workspace, data: Dataset, view: SweepView, lang: Language) -> bytes:
    """One page that closes the sweep: its lines, what is left by place and reason, the hazards that were handed over,
    and when the sheets are destroyed (PDF). Raises ``UserError`` before the sweep begins: nothing is to be closed."""
    if not view.state.begun:
        raise UserError.because("sweep.closed_early", first=view.state.campaign.first)
    from analytics.briefing.sweep import closing_sheet  # typesetting takes long to import

    return closing_sheet(
        lang,
        view.state,
        view.names,
        view.found,
        0 if view.sample is None else len(view.sample),
        found_hazards(data, view),
        hazards(ws, data, view),
    )


def found_hazards(data: Dataset, view: SweepView) -> FoundByChecks | None:
    """Hazards that checks found in the campaign's areas and days, with numbers for who may see records; None where
    nobody tells of any."""
    campaign = view.state.campaign
    days = (campaign.first, campaign.last)
    return found_by_checks(data.counts, campaign.areas, days, view.state.day, numbered=view.records)


@door("read")
def hazards(ws: Workspace, data: Dataset, view: SweepView) -> pd.DataFrame | None:
    """Hazards that were reported as incidents in the campaign's areas and days: area_id, incident_id (missing for who
    may not see it), day, closed (whether by the day of the view). None where no incidents are kept one by one."""
    campaign, day = view.state.campaign, pd.Timestamp(view.state.day) + pd.Timedelta(days=1)
    if data.id != OWN or "incidents" not in store(ws).tables():
        return None
    rows = store(ws).table("incidents")
    end = min(day, pd.Timestamp(campaign.last) + pd.Timedelta(days=1))
    inside = (rows["occurred_at"] >= pd.Timestamp(campaign.first)) & (rows["occurred_at"] < end)
    asked = rows["area_id"].isin(campaign.areas) & inside
    for column, words in HAZARDS.items():
        asked &= rows[column].isin(words)
    found = rows[asked].sort_values("occurred_at", kind="stable")
    return pd.DataFrame(
        {
            "area_id": found["area_id"],
            "incident_id": found["incident_id"] if view.records else None,
            "day": found["occurred_at"].dt.date,
            "closed": found["closed_at"] < day,
        }
    ).reset_index(drop=True)


def _folders(data: Dataset) -> Mapping[str, CampaignFolder]:
    known = samples()
    return campaign_folders(data.home, known[data.id].folder if data.id in known else None)


def _folder(data: Dataset, name: str) -> CampaignFolder:
    found = _folders(data)
    if name not in found:
        raise UserError.because("sweep.no_campaign", name=name, known=list(found) or [phrase("sweep.known_none")])
    return found[name]


def _writable(data: Dataset, name: str) -> CampaignFolder:
    folder = _folder(data, name)
    if not folder.writable:
        raise UserError.because("sweep.ships_with_sample")
    return folder


def _campaign(folder: CampaignFolder) -> Campaign:
    return campaign_from(folder.description(), f"{folder.name}/{DESCRIPTION}")


def _register(data: Dataset, campaign: Campaign) -> tuple[Register, pd.DataFrame | None]:
    held, checks = places_and_checks(data.counts, PLACES, SWEEPS, campaign.first, campaign.last)
    return register_of(campaign, data.counts.areas, held), checks if data.counts.has("checks") else None


def _names(ws: Workspace, data: Dataset, campaign: Campaign) -> SweepNames:
    areas = data.counts.areas
    whole = {str(area): str(name) for area, name in areas["name"].items()}
    parents = {str(area): str(above) for area, above in areas["parent_id"].dropna().items()}
    if ws.lang == "en":
        official = areas["name_en"].dropna().to_dict() if "name_en" in areas else {}
        whole = english_names(whole, parents, {str(area): str(name) for area, name in official.items()}, {})
    above = {area: whole.get(parents.get(area, ""), "") for area in campaign.areas}
    teams = {} if data.teams is None else data.teams.set_index("team_id")["name"].to_dict()
    notice = data.notice[ws.lang] if data.notice else ""
    return SweepNames(
        areas={area: short_name(whole[area], above[area]) for area in campaign.areas if area in whole},
        communities={area: name for area, name in above.items() if name},
        teams={str(team): str(name) for team, name in teams.items()},
        source=source_and_notice(ws.lang, data.source[ws.lang], notice),
    )

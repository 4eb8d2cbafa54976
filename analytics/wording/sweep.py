"""A building sweep in words: its lines, what is left and why, what it takes, and what the independent check says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

import pandas as pd

from analytics.response.campaign import Campaign, Line
from analytics.response.sweep import REASONS, LineCount, SweepState, too_many, unlike_area_list
from analytics.response.sweep_plan import Need, SweepPlan
from analytics.response.sweep_rounds import WAITING, Before
from analytics.response.sweep_sample import Confirmed
from analytics.wording.dates import day_near, short_day
from analytics.wording.numbers import FINEST, NOTHING, kept_text
from analytics.words import Language, Phrase, phrase, pick, say

PLACES_TOLD = 8

Named = Mapping[str, str]
"""What areas (or teams) are called, by their ids."""


def campaign_name(lang: Language, campaign: Campaign) -> str:
    """What the office calls it."""
    return campaign.name.text(lang)


def line_name(lang: Language, line: Line) -> str:
    """楼, 店, 户, 人 …"""
    return say(lang, f"sweep.line_{line}")


def count_of(lang: Language, line: Line, number: int) -> str:
    """A number with what it counts: 57栋, 57 buildings."""
    return say(lang, f"sweep.of_{line}", n=number)


def number_text(number: int | None) -> str:
    """A count; a dash where it is not known, for that is not zero."""
    return NOTHING if number is None else f"{number:,}"


def share_done(lang: Language, line: LineCount, done: int | None) -> str:
    """``done`` of what is to do: no share is called all unless it is, and then it is said in a word: a line that is
    complete is not the whole of the sweep."""
    share = line.share(done)
    if share != share:
        return NOTHING
    return say(lang, "sweep.complete") if share == 1 else kept_text(share)


def hours_text(hours: float) -> str:
    """Pair-hours with at most two decimals."""
    return f"{hours:,.2f}".rstrip("0").rstrip(".")


def period_text(lang: Language, campaign: Campaign) -> str:
    """From when to when."""
    last = day_near(lang, campaign.last, campaign.first)
    return say(lang, "sweep.period", first=short_day(lang, campaign.first), last=last)


def stage_text(lang: Language, state: SweepState) -> str:
    """Which of its days it is at the end of the state's day."""
    campaign = state.campaign
    if not state.begun:
        return say(lang, "sweep.not_begun", n=(campaign.first - state.day).days)
    if state.day > campaign.last:
        return say(lang, "sweep.ended")
    return say(lang, "sweep.day_of", n=(state.day - campaign.first).days + 1, days=len(campaign.days()))


def head_text(lang: Language, state: SweepState) -> str:
    """What it is, from when to when, which of its days it is, and on what basis."""
    campaign = state.campaign
    return say(
        lang,
        "sweep.head",
        name=campaign_name(lang, campaign),
        period=period_text(lang, campaign),
        stage=stage_text(lang, state),
        basis=say(lang, "sweep.basis", basis=campaign.basis.text(lang)),
    )


def line_rows(lang: Language, lines: Sequence[LineCount]) -> list[dict[str, str]]:
    """A row a line, as printed: what is to do, called, met and recorded, each beside it; and what is left."""
    return [
        {
            "line": line_name(lang, one.line),
            "code": one.line,
            "registered": number_text(one.registered),
            "more_found": number_text(one.more_found),
            "written_off": number_text(one.written_off),
            "to_do": number_text(one.to_do),
            "called": number_text(one.called),
            "met": number_text(one.met),
            "recorded": number_text(one.recorded),
            "share": share_done(lang, one, one.recorded),
            "left": number_text(one.left),
        }
        for one in lines
    ]


def reason_parts(lang: Language, reasons: Mapping[str, int], of: Line = "household") -> list[str]:
    """Each reason that there is, with its number ``of`` households, shops or venues."""
    return [
        say(
            lang,
            "sweep.reason_of",
            reason=say(lang, f"sweep.reason_{reason}"),
            n=say(lang, f"sweep.few_{of}", n=f"{reasons[reason]:,}"),
        )
        for reason in REASONS
        if reasons.get(reason)
    ]


def left_text(lang: Language, state: SweepState) -> str:
    """How many households are left, and why; nothing where that is not known."""
    line = household_line(state)
    if line is None or line.left is None:
        return ""
    if not line.to_do:
        return say(lang, "sweep.nothing_to_do")
    if not line.left:
        return say(lang, "sweep.left_none")
    return say(lang, "sweep.left", n=line.left, reasons=reason_parts(lang, line.reasons))


def household_line(state: SweepState) -> LineCount | None:
    """The line of households; None where the register has no building."""
    return next((one for one in state.lines() if one.line == "household"), None)


def target_parts(lang: Language, state: SweepState) -> list[str]:
    """Of each line with a target whether it is reached, and what is to go."""
    said = []
    for one in state.lines():
        wanted = state.campaign.targets.get(one.line)
        if wanted is None or not one.to_do or one.recorded is None:
            continue
        # 0.55 × 100 is a little more than 55 to a computer.
        short = ceil(round(wanted * one.to_do, FINEST)) - one.recorded
        told = {
            "line": line_name(lang, one.line),
            "target": say(lang, "sweep.complete") if wanted == 1 else f"{round(100 * wanted, FINEST):g}%",
        }
        if short > 0:
            said.append(say(lang, "sweep.target_open", n=count_of(lang, one.line, short), **told))
        else:
            said.append(say(lang, "sweep.target_met", **told))
    return said


def targets_text(lang: Language, state: SweepState) -> str:
    """The same in a row."""
    return ("" if lang == "zh" else " ").join(target_parts(lang, state))


def notes(lang: Language, state: SweepState, areas: Named, *, records: bool) -> list[str]:
    """What has to be known beside the lines. Places are named to those who may see ``records``."""
    lines = state.lines()
    places = state.places[state.places["kind"] == "building"]
    said = [say(lang, "sweep.never_added") if state.begun else say(lang, "sweep.never_added_yet")]
    if "household" not in state.counted:
        said.append(say(lang, "sweep.nothing_imported"))
    more = [one for one in lines if one.more_found]
    # Where what is to do is not known, nothing was added to it.
    for key, known in (("sweep.more_found", True), ("sweep.more_found_beside", False)):
        items = [count_of(lang, one.line, one.more_found) for one in more if (one.to_do is not None) == known]
        if items:
            said.append(say(lang, key, items=items))
    said += written_off_parts(lang, state)
    said += _of_the_register(lang, state, areas, records=records)
    if not state.begun:
        return said
    if (places["in_vain"] + places["waiting_more"]).any():
        said.append(say(lang, "sweep.vain_rule", hour=state.campaign.evening_from))
    said += [say(lang, "sweep.of_buildings"), say(lang, "sweep.no_persons_called")]
    return said + persons_short(lang, state)


def persons_short(lang: Language, state: SweepState) -> list[str]:
    """Whether the register of persons is short, so that their share is at most what it says; nothing where not."""
    short = [area for area in state.campaign.areas if _is_short_of_persons(state, area)]
    return [say(lang, "sweep.persons_short", n=len(short))] if short else []


def _of_the_register(lang: Language, state: SweepState, areas: Named, *, records: bool) -> list[str]:
    """What of the register is not known or does not fit to what was called."""
    said, register = [], state.register
    places = state.places[state.places["kind"] == "building"]
    homes, away = places["units"], places["left_out"]
    for key, asked in (
        ("sweep.register_holes", homes.isna() & ~away),
        ("sweep.gone_unknown", homes.isna() & away),
        ("sweep.too_many", too_many(places["found"].to_numpy(), homes.to_numpy("float64"))),
    ):
        ids = list(map(str, places.index[asked]))
        if ids:
            named = say(lang, "sweep.named", places=ids[:PLACES_TOLD]) if records else ""
            said.append(say(lang, key, n=len(ids), named=named))
    if state.aside:
        said.append(say(lang, "sweep.aside", n=state.aside))
    for area, (counted, stated) in unlike_area_list(register).items():
        said.append(say(lang, "sweep.unlike", area=areas.get(area, area), counted=counted, stated=stated))
    if "household" in state.counted and places["uncounted"].any():
        said.append(say(lang, "sweep.uncounted", n=int(places["uncounted"].sum())))
    if register.lets:
        said.append(say(lang, "sweep.lets", n=register.lets))
    return said


def written_off_parts(lang: Language, state: SweepState) -> list[str]:
    """What was written off of each line, and why: nothing leaves what is to do in silence."""
    said, off = [], state.places[state.places["written_off"] > 0]
    homes = off[off["kind"] == "building"]
    whole = homes[homes["left_out"]]
    if len(homes):
        told = {"vacant": int(homes["vacant"].sum()), "buildings": len(whole), "gone": int(whole["units"].sum())}
        key = "sweep.written_off_both" if len(whole) and told["vacant"] else "sweep.written_off_gone"
        key = key if len(whole) else "sweep.written_off_vacant"
        said.append(say(lang, key, n=int(homes["written_off"].sum()), **told))
    for kind in ("shop", "venue"):
        closed = int(off.loc[off["kind"] == kind, "written_off"].sum())
        if closed:
            said.append(say(lang, f"sweep.written_off_{kind}", n=closed))
    return said


def written_off_by_place(state: SweepState) -> pd.DataFrame:
    """What left the base, by place: index ``place_id``, ``area_id``, ``kind``, ``number`` (NaN: of a building that is
    not applicable, whose households nobody knows) and ``why`` (vacant, or gone: not applicable)."""
    places = state.places
    off = places[(places["written_off"] > 0) | places["left_out"]]
    vacant = (off["kind"] == "building") & ~off["left_out"]
    number = off["written_off"].astype("float64").mask(off["left_out"] & off["units"].isna())
    why = vacant.map({True: "vacant", False: "gone"})
    return pd.DataFrame({"area_id": off["area_id"], "kind": off["kind"], "number": number, "why": why})


def _is_short_of_persons(state: SweepState, area_id: str) -> bool:
    """Whether in an area as many persons are recorded as are registered, and households are left."""
    lines = {one.line: one for one in state.lines(area_id)}
    person, household = lines.get("person"), lines.get("household")
    if person is None or person.registered is None or person.recorded is None or household is None:
        return False
    return person.recorded >= person.registered and household.left != 0


def import_notes(before: Before, state: SweepState, rows: pd.DataFrame) -> list[Phrase]:
    """What a file with these ``rows`` of calls did to those before it, and what of it has to be looked at: households
    beyond the register, days without a time, at which nobody knows an evening. ``state``: with the file, at the end of
    the sweep."""
    said = []
    if before.same:
        said.append(phrase("sweep.import_same", n=before.same))
    if before.replaced:
        said.append(phrase("sweep.import_replaced", n=before.replaced))
    if before.gone:
        said.append(phrase("sweep.import_gone", n=before.gone))
    if before.beside:
        said.append(phrase("sweep.import_beside", n=before.beside, places=before.places))
    held = state.places[state.places.index.isin(rows["place_id"]) & (state.places["kind"] == "building")]
    more = held[held["found"] > held["units"]]
    if len(more):
        items = [
            phrase("sweep.import_more_of", place=str(row.Index), found=int(row.found), units=int(row.units))
            for row in more.head(PLACES_TOLD).itertuples()
        ]
        said.append(phrase("sweep.import_more", n=len(more), items=items))
    untimed = int((rows["checked_at"] == rows["checked_at"].dt.normalize()).sum())
    if untimed:
        said.append(phrase("sweep.import_untimed", n=untimed))
    return said


def need_text(lang: Language, state: SweepState, need: Need) -> str:
    """What is still needed in pair-hours against those that there are."""
    told = {
        "calls": f"{sum(need.calls):,}",
        "hours": hours_text(need.household_hours),
        "premises": need.premises,
        "premises_hours": hours_text(need.premises_hours),
        "total": hours_text(need.hours),
        "there": hours_text(need.there),
    }
    if state.day >= state.campaign.last:
        return say(lang, "sweep.need_over", total=told["total"]) if need.hours else ""
    if is_missing(need):
        return say(lang, "sweep.need_missing", missing=hours_text(-need.spare), **told)
    return say(lang, "sweep.need", spare=hours_text(need.spare), **told)


def need_brief(lang: Language, state: SweepState, need: Need) -> str:
    """The same in one clause."""
    told = {"total": hours_text(need.hours), "there": hours_text(need.there)}
    if state.day >= state.campaign.last:
        return say(lang, "sweep.need_over", total=told["total"]) if need.hours else ""
    if is_missing(need):
        return say(lang, "sweep.need_brief_missing", missing=hours_text(-need.spare), **told)
    return say(lang, "sweep.need_brief", spare=hours_text(need.spare), **told)


def has_work(state: SweepState, need: Need) -> bool:
    """Whether there is something to plan: a day that is left and calls to make."""
    return state.day < state.campaign.last and need.hours > 0


def is_missing(need: Need) -> bool:
    """Whether pair-hours are missing, of which at least a hundredth is told."""
    return need.spare < -0.005


def plan_notes(lang: Language, state: SweepState, plan: SweepPlan, teams: Named, *, records: bool) -> list[str]:
    """Whether the plan can be done, what moves because a team is withdrawn, and what nobody has the time for."""
    said = [need_text(lang, state, plan.need)]
    for one in state.campaign.teams:
        if one.withdrawn_from is not None:
            held = plan.held[plan.held["moved_from"].map(lambda pair, team=one.team: _team_of(pair) == team)]
            if held.empty:
                continue
            told = {"team": teams.get(one.team, one.team), "day": short_day(lang, one.withdrawn_from)}
            said.append(say(lang, "sweep.withdrawn", n=held["place_id"].nunique(), **told))
    lacking = plan.without
    if lacking.empty:
        said.append(say(lang, "sweep.all_placed") if len(plan.held) else "")
    else:
        ids = list(dict.fromkeys(map(str, lacking["place_id"])))
        told = {"n": len(ids), "hours": hours_text(float(lacking["hours"].sum()))}
        if records:
            said.append(say(lang, "sweep.without", places=ids, **told))
        else:
            said.append(say(lang, "sweep.without_counted", **told))
    if plan.no_weekend:
        said.append(say(lang, "sweep.no_weekend", n=plan.no_weekend))
    return [one for one in said if one]


def pair_text(lang: Language, pair: str, teams: Named) -> str:
    """A pair by its team and number."""
    team, _, number = pair.rpartition("-")
    return say(lang, "sweep.pair_name", team=teams.get(team, team), number=number)


def confirmed_text(lang: Language, found: Confirmed | None, drawn: int) -> str:
    """What the independent check says, whole: beside the reported share, with the interval and its name."""
    if found is None:
        return say(lang, "sweep.check_open", n=drawn) if drawn else say(lang, "sweep.check_none")
    true, low, high = found.of_all()
    said = say(
        lang,
        "sweep.confirmed",
        checked=found.checked,
        confirmed=found.confirmed,
        share=kept_text(found.share),
        low=kept_text(found.low),
        high=kept_text(found.high),
        reported=kept_text(found.reported),
        true=kept_text(true),
        true_low=kept_text(low),
        true_high=kept_text(high),
    )
    if found.checked < found.sampled:
        said += ("" if lang == "zh" else " ") + say(
            lang, "sweep.confirmed_part", sampled=found.sampled, checked=found.checked
        )
    return said


def confirmed_brief(lang: Language, found: Confirmed | None, drawn: int) -> str:
    """The same in one clause."""
    if found is None:
        return confirmed_text(lang, found, drawn)
    return say(
        lang,
        "sweep.confirmed_brief",
        checked=found.checked,
        share=kept_text(found.share),
        low=kept_text(found.low),
        high=kept_text(found.high),
        reported=kept_text(found.reported),
    )


def left_by_place(state: SweepState) -> pd.DataFrame:
    """What is left of households, shops and venues, by place: index ``place_id``, ``area_id``, ``kind``, ``left`` and
    each of `REASONS`, in the order of the register; places without anything left are left out."""
    places = state.places
    reasons = {
        "not_called": places["not_called"].fillna(0).astype("int64"),
        "waiting": places[list(WAITING)].sum(axis=1),
        "in_vain": places["in_vain"],
        "not_agreed": places["not_agreed"],
        "not_recorded": places["met"] - places["recorded"],
    }
    table = pd.DataFrame({"area_id": places["area_id"], "kind": places["kind"], **reasons})
    table.insert(2, "left", table[list(REASONS)].sum(axis=1))
    return table[table["left"] > 0]


def kind_text(lang: Language, kind: str) -> str:
    """What a place is."""
    return say(lang, f"templates.word_kind_{kind}")


def post_text(lang: Language, campaign: Campaign, team: str) -> str:
    """The post that answers for a team; a dash where the campaign names none."""
    post = next((one.post for one in campaign.teams if one.team == team), None)
    return pick(lang, post.model_dump()) if post else NOTHING


def _team_of(pair: str) -> str:
    return pair.rpartition("-")[0]

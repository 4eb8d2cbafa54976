"""The papers of a building sweep: an A4 for each pair and day, and the page that closes it. No person is on them."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analytics import PROGRAM
from analytics.briefing.typesetting import typeset
from analytics.exhibits.sweep import SweepNames
from analytics.response.hazards import FoundByChecks
from analytics.response.sweep import REASONS, SweepState
from analytics.response.sweep_plan import SweepPlan
from analytics.response.sweep_sample import Confirmed
from analytics.wording import sweep as wording
from analytics.wording.dates import cut_off, day_near
from analytics.words import Language, say

MOST_LEFT, MOST_HAZARDS, MOST_REPORTED = 75, 10, 8
"""Places with something left, hazards that checks found, and those that were reported as incidents, that are listed at
most; of more the others are counted, and of places so many that all of it is on one page."""

COLUMNS = 3
"""Of the list of what is left."""


def pair_sheet(lang: Language, state: SweepState, plan: SweepPlan, names: SweepNames, day: date, pair: str) -> bytes:
    """What one pair does on one day, as a PDF. Raises :class:`BriefingError` where the font lacks a sign."""
    tasks = plan.tasks[(plan.tasks["day"] == day) & (plan.tasks["pair"] == pair)]
    keys = ["place_id", "area_id", "kind", "call"]
    tasks = tasks.groupby(keys, sort=False)["calls"].sum().reset_index()
    heads = ("place", "area", "kind", "call", "calls")
    rows = [
        [
            str(row.place_id),
            names.areas.get(row.area_id, row.area_id),
            wording.kind_text(lang, row.kind),
            say(lang, "sweep.call_of", n=row.call),
            wording.count_of(lang, "household" if row.kind == "building" else row.kind, row.calls),
        ]
        for row in tasks.itertuples()
    ]
    campaign = state.campaign
    areas = list(dict.fromkeys(names.areas.get(area, area) for area in tasks["area_id"]))
    return typeset(
        "sweep_sheet",
        {
            **_head(lang, state),
            "title": say(lang, "sweep.sheet_title"),
            "pair": wording.pair_text(lang, pair, names.teams),
            "day": day_near(lang, day, campaign.first),
            "where": say(lang, "overview.names", names=areas),
            "sum": say(
                lang, "sweep.sheet_sum", n=int(tasks["calls"].sum()), hours=wording.hours_text(campaign.hours_a_day)
            ),
            "heads": [say(lang, f"sweep.col_{head}") for head in heads],
            "rows": rows,
            "rules": [say(lang, f"sweep.sheet_{rule}") for rule in ("rule", "three", "platform")],
        },
        "pdf",
    )


def closing_sheet(
    lang: Language,
    state: SweepState,
    names: SweepNames,
    found: Confirmed | None,
    drawn: int,
    hazards: FoundByChecks | None,
    reported: pd.DataFrame | None,
) -> bytes:
    """The page that closes the sweep, as a PDF; ``hazards``: what checks found; ``reported``: hazards that came as
    incidents: area_id, incident_id (missing: not shown), day, closed; None where nothing is known of them."""
    left = wording.left_by_place(state)
    columns = ("line", "registered", "more_found", "written_off", "to_do", "called", "met", "recorded", "share", "left")
    listed = [
        [
            str(place),
            names.areas.get(row["area_id"], row["area_id"]),
            say(lang, "overview.names", names=_reasons(lang, row)),
        ]
        for place, row in left.head(MOST_LEFT).iterrows()
    ]
    return typeset(
        "sweep_closing",
        {
            **_head(lang, state),
            "title": say(lang, "sweep.closing_title", name=wording.campaign_name(lang, state.campaign)),
            "cut_off": cut_off(lang, state.day),
            "line_heads": [say(lang, f"sweep.col_{column}") for column in columns],
            "lines": [[row[column] for column in columns] for row in wording.line_rows(lang, state.lines())],
            "said": [
                one
                for one in (
                    say(lang, "sweep.never_added"),
                    *wording.written_off_parts(lang, state),
                    *wording.persons_short(lang, state),
                    wording.left_text(lang, state),
                    wording.targets_text(lang, state),
                    wording.confirmed_text(lang, found, drawn),
                )
                if one
            ],
            "left_title": say(lang, "sweep.closing_left"),
            "left": listed,
            # What is told of the others, by how many are listed: the page takes as many as it has room for.
            "left_more": [
                say(lang, "sweep.closing_more", n=len(left) - shown) if len(left) > shown else ""
                for shown in range(len(listed) + 1)
            ],
            "columns": COLUMNS,
            "hazards_title": say(lang, "sweep.closing_hazards"),
            "hazards": [_found(lang, state, names, hazards), _reported(lang, state, names, reported)],
            "signed": [say(lang, f"sweep.closing_{part}") for part in ("swept", "checked", "approved")],
        },
        "pdf",
    )


def _head(lang: Language, state: SweepState) -> dict[str, object]:
    campaign = state.campaign
    return {
        "lang": lang,
        "program": PROGRAM,
        "internal": say(lang, "sweep.internal"),
        "campaign": wording.campaign_name(lang, campaign),
        "period": wording.period_text(lang, campaign),
        "basis": say(lang, "sweep.basis", basis=campaign.basis.text(lang)),
        "destroy": say(lang, "sweep.destroy", day=campaign.destroy_on),
        "no_names": say(lang, "sweep.no_names"),
    }


def _reasons(lang: Language, row: pd.Series) -> list[str]:
    kind = "household" if row["kind"] == "building" else row["kind"]
    return wording.reason_parts(lang, {one: int(row[one]) for one in REASONS}, kind)


def _found(lang: Language, state: SweepState, names: SweepNames, hazards: FoundByChecks | None) -> list[str]:
    """How many hazards checks found and what became of them; then a line each, where their places may be told."""
    if hazards is None:
        return [say(lang, "sweep.found_unknown")]
    rows = hazards.rows
    said = []
    if hazards.placeless:
        said.append(say(lang, "sweep.found_placeless", n=hazards.placeless))
    if rows.empty:
        return [say(lang, "sweep.found_none"), *said]
    handed, closed = int(rows["handed"].sum()), int(rows["closed"].sum())
    told = {"n": len(rows), "handed": handed, "open": len(rows) - handed - closed, "closed": closed}
    if rows["place"].isna().all():
        return [say(lang, "sweep.found_counted", **told), *said]
    if len(rows) > MOST_HAZARDS:
        said.insert(0, say(lang, "sweep.hazards_more", n=len(rows) - MOST_HAZARDS))
    listed = [_found_one(lang, state, names, row) for _, row in rows.head(MOST_HAZARDS).iterrows()]
    return [say(lang, "sweep.found_counted", **told), *listed, *said]


def _found_one(lang: Language, state: SweepState, names: SweepNames, row: pd.Series) -> str:
    """A hazard: where, when it was found and its party told, and to whom and by which document it was handed over."""
    key = "sweep.found_handed" if row["handed"] else "sweep.found_closed" if row["closed"] else "sweep.found_open"
    untold = say(lang, "due_list.hazard_untold")
    when = "" if pd.isna(row["told"]) else day_near(lang, row["told"].date(), state.day)
    return say(
        lang,
        key,
        place=row["place"],
        area=names.areas.get(row["area_id"], row["area_id"]),
        found=day_near(lang, row["found"], state.day),
        told=say(lang, "due_list.hazard_told", day=when) if when else untold,
        department=row["department"],
        number=row["number"],
    )


def _reported(lang: Language, state: SweepState, names: SweepNames, hazards: pd.DataFrame | None) -> list[str]:
    """Hazards that came as incidents: how many; then each by number, where and since when, and whether it is closed,
    where the numbers may be told."""
    if hazards is None:
        return [say(lang, "sweep.hazards_unknown")]
    if hazards.empty:
        return [say(lang, "sweep.no_hazards")]
    counted = say(lang, "sweep.hazards_counted", n=len(hazards), closed=int(hazards["closed"].sum()))
    if hazards["incident_id"].isna().all():
        return [counted]
    said = [
        say(
            lang,
            "sweep.hazard_closed" if row.closed else "sweep.hazard_open",
            number=row.incident_id,
            area=names.areas.get(row.area_id, row.area_id),
            day=day_near(lang, row.day, state.day),
        )
        for row in hazards.head(MOST_REPORTED).itertuples()
    ]
    if len(hazards) > MOST_REPORTED:
        said.append(say(lang, "sweep.hazards_more", n=len(hazards) - MOST_REPORTED))
    return [counted, *said]

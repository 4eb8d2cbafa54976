"""The card of a building sweep: a bar a line, none of them added to another; what is left, by area and by reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analytics.drawing.html import render
from analytics.exhibits.sweep import SweepNames, team_rows
from analytics.response.sweep import REASONS, LineCount, SweepState
from analytics.response.sweep_plan import Need, SweepPlan
from analytics.response.sweep_sample import Confirmed
from analytics.wording import sweep as wording
from analytics.words import Language, say


@dataclass(frozen=True, eq=False)
class SweepShown:
    """What the card shows: the ``state`` and what is still needed; what the independent check ``found`` of so many that
    were ``drawn``; names, and the ``tiers`` of the areas where they are known. ``page``: that of an area; ``records``:
    whoever looks may see places by their numbers; ``plan``: of a sweep that has not begun."""

    state: SweepState
    need: Need
    found: Confirmed | None
    drawn: int
    names: SweepNames
    tiers: Mapping[str, str] = field(default_factory=dict)
    page: str = ""
    records: bool = False
    plan: SweepPlan | None = None


def sweep_card(lang: Language, shown: SweepShown) -> str:
    """The whole card; before the sweep begins its plan, and nothing of what was done."""
    if shown.plan is not None:
        return _plan_card(lang, shown, shown.plan)
    state, names = shown.state, shown.names
    household = wording.household_line(state)
    return render(
        lang,
        "sweep.html",
        name=wording.campaign_name(lang, state.campaign),
        when=f"{wording.period_text(lang, state.campaign)} · {wording.stage_text(lang, state)}",
        basis=say(lang, "sweep.basis", basis=state.campaign.basis.text(lang)),
        lines=[
            {**row, **_bars(one)}
            for row, one in zip(wording.line_rows(lang, state.lines()), state.lines(), strict=True)
        ],
        areas=[_area(lang, shown, area_id) for area_id in state.campaign.areas],
        left=wording.number_text(household.left if household else None),
        reasons=_reasons(lang, household),
        need=wording.need_brief(lang, state, shown.need),
        short=wording.is_missing(shown.need),
        check=wording.confirmed_brief(lang, shown.found, shown.drawn),
        targets=wording.targets_text(lang, state),
        notes=wording.notes(lang, state, names.areas, records=shown.records),
        page=shown.page,
    )


def _plan_card(lang: Language, shown: SweepShown, plan: SweepPlan) -> str:
    """What is to be swept, in which areas, by which teams, and whether they have the time."""
    state, names = shown.state, shown.names
    registered = [one for one in state.lines() if one.registered is not None]
    return render(
        lang,
        "sweep_plan.html",
        name=wording.campaign_name(lang, state.campaign),
        when=f"{wording.period_text(lang, state.campaign)} · {wording.stage_text(lang, state)}",
        basis=say(lang, "sweep.basis", basis=state.campaign.basis.text(lang)),
        register=[(wording.line_name(lang, one.line), wording.number_text(one.registered)) for one in registered],
        short=wording.is_missing(shown.need),
        said=wording.plan_notes(lang, state, plan, names.teams, records=shown.records),
        areas=[_area(lang, shown, area_id) for area_id in state.campaign.areas],
        teams=team_rows(lang, state, plan, names),
        notes=wording.notes(lang, state, names.areas, records=shown.records),
        page=shown.page,
    )


def empty_card(lang: Language) -> str:
    """Where there is no sweep: how to have one."""
    return render(lang, "sweep_none.html")


def _bars(line: LineCount) -> dict[str, object]:
    """How long each bar is, in percent of what is to do; a bar that is not full never looks so. Nothing where it is not
    known."""
    stages = {"called": line.called, "met": line.met, "recorded": line.recorded}
    shares = {stage: line.share(done) * 100 for stage, done in stages.items()}
    return {
        "bars": [
            (stage, share if share >= 100 else min(share, 99.0)) for stage, share in shares.items() if share == share
        ]
    }


def _area(lang: Language, shown: SweepShown, area_id: str) -> dict[str, object]:
    """One area's households: what is to do and recorded, the share, and what is left."""
    lines = {one.line: one for one in shown.state.lines(area_id)}
    name = {"id": area_id, "name": shown.names.areas.get(area_id, area_id), "tier": shown.tiers.get(area_id, "")}
    if "household" not in lines:
        return {**name, **dict.fromkeys(("to_do", "recorded", "share", "left"), wording.number_text(None))}
    return {**name, **wording.line_rows(lang, [lines["household"]])[0]}


def _reasons(lang: Language, line: LineCount | None) -> list[dict[str, object]]:
    """Why households are left: each reason that there is, its number, and its bar."""
    held = {reason: line.reasons.get(reason, 0) for reason in REASONS} if line else {}
    most = max(held.values(), default=0)
    return [
        {"name": say(lang, f"sweep.reason_{reason}"), "n": f"{number:,}", "width": 100 * number / most}
        for reason, number in held.items()
        if number
    ]

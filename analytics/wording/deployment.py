"""Community teams and their reinforcement, in words: what stays uncovered, what a proposal changes, how sure."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analytics import tiers
from analytics.response.deployment import Deployment, Stage
from analytics.response.deployment_problem import NEAREST
from analytics.response.duty_load import UntoldHolidays
from analytics.wording.numbers import NOTHING
from analytics.wording.team_hours import holiday_lines
from analytics.wording.tiers import marked, tier_in_sentence
from analytics.words import Language, say

NAMES_TOLD = 4
LEAST_SHOWN = 0.1


def hours_text(hours: float) -> str:
    """Person-hours with a decimal: 0.0 of nothing alone; a dash where they are not known.

    >>> hours_text(0.02), hours_text(0), hours_text(1234.56), hours_text(float("nan"))
    ('0.1', '0.0', '1,234.6', '—')
    """
    if hours != hours:
        return NOTHING
    # A sum of minutes and the same minutes as one number have to read alike.
    return f"{max(round(hours, 6), LEAST_SHOWN) if hours > 0 else 0.0:,.1f}"


def plan_sentence(lang: Language, plan: Deployment) -> str:
    """What the plan asks for and leaves uncovered."""
    hours, overdue = float(plan.areas["hours"].sum()), plan.overdue
    asked = {"asked": hours_text(hours), "due": hours_text(hours - overdue), "overdue": hours_text(overdue)}
    if plan.short.empty:
        return say(lang, "deployment.plan_enough", **asked)
    return say(lang, "deployment.plan_short", **asked, n=len(plan.short), left=_left(lang, plan))


def proposal_sentence(lang: Language, plan: Deployment, found: Deployment) -> str:
    """What a proposal changes, and what stays uncovered by it; that it is only reckoned."""
    before, moved = hours_text(float(plan.uncovered.sum())), int(found.areas["moved"].sum())
    if not moved and found.short.empty:
        return say(lang, "deployment.none_changed")
    said = say(lang, "deployment.moves", n=moved) if moved else say(lang, "deployment.moves_none")
    if not found.short.empty:
        said += say(lang, "deployment.left", before=before, n=len(found.short), left=_left(lang, found))
    elif plan.short.empty:
        said += say(lang, "deployment.left_none_still")
    else:
        said += say(lang, "deployment.left_none", before=before)
    return said + say(lang, "deployment.only_reckoned")


def notes(lang: Language, plan: Deployment, names: Mapping[str, str], holidays: UntoldHolidays | None) -> list[str]:
    """What the plan lacks: communities without a team, hours that are not known, or ``holidays``."""
    said = []
    if without := [names.get(one, one) for one in plan.without_team]:
        form = "without_team" if len(without) <= NAMES_TOLD else "without_team_more"
        said.append(say(lang, f"deployment.{form}", names=without[:NAMES_TOLD], n=len(without)))
    if unknown := plan.unknown:
        said.append(say(lang, "deployment.unknown_areas", n=unknown))
    if untold := plan.untold:
        said.append(say(lang, "deployment.untold_overdue", n=untold))
    if teams := int(plan.teams["hours"].isna().sum()):
        said.append(say(lang, "deployment.unknown_teams", n=teams))
    return [*said, *holiday_lines(lang, holidays)]


def stage_text(lang: Language, stage: Stage) -> str:
    """One objective: what it came to, and how far that may be from the least."""
    if stage.objective == "moved":
        said = say(lang, "deployment.stage_moved", n=round(stage.value))
    elif stage.objective == "distance":
        said = say(lang, "deployment.stage_distance", far=f"{stage.value:,.1f}")
    else:
        tier = tier_in_sentence(lang, stage.objective)
        said = say(lang, "deployment.stage_tier", tier=tier, hours=hours_text(stage.value))
    if not stage.gap:
        return said + say(lang, "deployment.gap_none")
    return said + say(lang, "deployment.gap", gap=f"{max(stage.gap, 0.001):.1%}")


def team_with_hours(lang: Language, team: str, over: float) -> str:
    """A team and the person-hours a week that it has over by the plan."""
    return say(lang, "deployment.team_over", team=team, hours=hours_text(over))


def rules(lang: Language, found: Deployment, names: Mapping[str, str]) -> list[str]:
    """By what a proposal is made, and who has no place from which it could be told how far away they are."""
    if all(stage.objective != "distance" for stage in found.stages):
        return [say(lang, "deployment.rule_no_distance", nearest=NEAREST)]
    said = [say(lang, "deployment.rule", nearest=NEAREST)]
    if unplaced := [names.get(one, one) for one in found.unplaced_teams]:
        form = "unplaced_teams" if len(unplaced) <= NAMES_TOLD else "unplaced_teams_more"
        said.append(say(lang, f"deployment.{form}", names=unplaced[:NAMES_TOLD], n=len(unplaced)))
    if found.unplaced_areas:
        said.append(say(lang, "deployment.unplaced_areas", n=found.unplaced_areas))
    return said


def area_rows(
    lang: Language, found: Deployment, names: pd.Series, called: Mapping[str, str]
) -> list[dict[str, object]]:
    """The areas of which something is asked or not known, in their order: who takes them and what stays uncovered.
    ``names`` of areas; ``called``: communities and teams by their ids."""
    rows = found.areas[found.areas["hours"].ne(0)]
    return [
        {
            "area_id": area,
            "area": names[area],
            "tier": marked(lang, tiers.names(row["rank"])),
            "community": _called(called, row["community"]),
            "team": _called(called, row["team"]),
            "hours": hours_text(row["hours"]),
            "uncovered": hours_text(row["uncovered"]),
            "who": say(lang, f"deployment.who_{_who(row)}") + (say(lang, "deployment.fixed") if row["locked"] else ""),
            "changed": bool(row["moved"]),
            "fixed": bool(row["locked"]),
            "short": bool(row["uncovered"] > 0),
        }
        for area, row in rows.iterrows()
    ]


def _who(row: pd.Series) -> str:
    if row["moved"]:
        return "moved"
    return "home" if isinstance(row["team"], str) else "nobody"


def _called(called: Mapping[str, str], code: object) -> str:
    return called.get(code, code) if isinstance(code, str) else NOTHING


def _left(lang: Language, found: Deployment) -> str:
    """Hours left uncovered, and of them those of each tier that has some."""
    by_tier = [
        say(lang, "deployment.left_of_tier", tier=tier_in_sentence(lang, tier), hours=hours_text(hours))
        for tier, hours in found.uncovered.items()
        if hours > 0
    ]
    return say(lang, "deployment.left_by_tier", hours=hours_text(float(found.uncovered.sum())), tiers=by_tier)

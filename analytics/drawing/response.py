"""The cards of the page on response: what was due by tier, the map's legend, the list of areas, and the teams."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.drawing.cards import notices
from analytics.drawing.html import render
from analytics.response.due import DutyWeek
from analytics.wording import response as wording
from analytics.wording.response import Told
from analytics.wording.team_hours import load_lines, team_rows
from analytics.words import Language


def headline(lang: Language, told: Told, title: str) -> str:
    """What was due and done, and who is not on target."""
    return render(
        lang,
        "headline.html",
        title=title,
        parts=wording.headline(lang, told),
        asides=wording.asides(lang, told),
        notices=notices(lang, told.run),
        page="area",
    )


def by_tier(lang: Language, told: Told, one: DutyWeek) -> str:
    """What was due and done of a duty in each tier; the other duties lead to themselves."""
    return render(
        lang,
        "response_tiers.html",
        rows=wording.tier_rows(lang, told, one),
        duty=one.duty.name.text(lang),
        duties=[
            {"id": other.duty.id, "name": other.duty.name.text(lang), "chosen": other is one} for other in told.duties
        ],
    )


def legend(lang: Language, told: Told, chosen: Sequence[str]) -> str:
    """How many areas of each tier are on target, each count a filter."""
    return render(
        lang, "response_legend.html", columns=wording.state_cells(lang, told, chosen), means=wording.means(lang)
    )


def map_head(lang: Language, outlined: int) -> str:
    """The head of the map, and how many areas are outlined on it."""
    return render(lang, "response_map.html", outlined=outlined)


def areas(lang: Language, told: Told, chosen: Sequence[str], selected: str | None, *, teams: bool) -> str:
    """The areas in the chosen cells; where there are ``teams``, reinforcement is asked for from those that are red or
    orange with something overdue."""
    return render(
        lang,
        "response_areas.html",
        rows=wording.area_rows(lang, told, chosen),
        usual=tuple(chosen) == wording.default_cells(),
        empty=wording.none_listed(lang, told, chosen),
        selected=selected,
        asks=set(told.behind) if teams else set(),
    )


def teams(lang: Language, found: pd.DataFrame | None, load: pd.DataFrame) -> str:
    """What each team did, and its hours; and what the duties ask for."""
    rows = None if found is None else team_rows(lang, found)
    return render(lang, "response_teams.html", rows=rows, load=load_lines(lang, load, found))

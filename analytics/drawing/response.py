"""The cards of the page on response: what was due by tier, the map's legend, the list of areas, and the teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analytics.drawing.cards import notices
from analytics.drawing.html import render
from analytics.response.due import DutyWeek
from analytics.response.duty_load import UntoldHolidays
from analytics.wording import response as wording
from analytics.wording import response_cells
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


def note(lang: Language, text: str, words: str, link: str) -> str:
    """A sentence on what is shown, and the press that undoes it."""
    return render(lang, "response_note.html", text=text, words=words, link=link)


def by_tier(lang: Language, told: Told, one: DutyWeek, chosen: Sequence[str]) -> str:
    """What was due and done of a duty in each tier, a row a filter that a second press undoes (``chosen``: the cells
    that are pressed); the other duties lead to themselves. And in the areas of each team, where
    one is known."""
    return render(
        lang,
        "response_tiers.html",
        rows=[row | _filter(str(row["tier"]), chosen) for row in wording.tier_rows(lang, told, one)],
        teams=wording.by_team_rows(lang, told, one),
        duty=one.duty.name.text(lang),
        month=wording.month_text(lang, told, one),
        tried=wording.tried_text(lang, told, one),
        duties=[
            {"id": other.duty.id, "name": other.duty.name.text(lang), "chosen": other is one} for other in told.duties
        ],
    )


def _filter(tier: str, chosen: Sequence[str]) -> dict[str, object]:
    cells = response_cells.cells_of_tier(tier)
    pressed = set(chosen) == set(cells)
    return {"pressed": pressed, "cells": "" if pressed else response_cells.link_of(cells)}


def legend(lang: Language, told: Told, chosen: Sequence[str]) -> str:
    """How many areas of each tier are on target, each count a filter."""
    return render(
        lang,
        "response_legend.html",
        columns=response_cells.state_cells(lang, told, chosen),
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
        rows=response_cells.area_rows(lang, told, chosen),
        usual=tuple(chosen) == response_cells.default_cells(),
        means=response_cells.means(lang),
        empty=response_cells.none_listed(lang, told, chosen),
        selected=selected,
        outside=response_cells.outside(lang, told, chosen, selected),
        asks=set(told.behind) if teams else set(),
    )


def teams(
    lang: Language,
    found: pd.DataFrame | None,
    communities: Mapping[str, str],
    load: pd.DataFrame,
    holidays: UntoldHolidays | None,
) -> str:
    """What each team did, its hours, and the community (by their ids) whose areas it leads to; and what the duties ask
    for, as far as ``holidays`` are known."""
    rows = None if found is None else team_rows(lang, found, communities)
    return render(lang, "response_teams.html", rows=rows, load=load_lines(lang, load, found, holidays))

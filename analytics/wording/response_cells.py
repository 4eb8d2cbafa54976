"""The cells of tier and coverage that filter the map and the list of areas, in words and as a link names them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analytics import tiers
from analytics.response.on_target import ENOUGH, STATES, by_tier
from analytics.wording.numbers import percent_text
from analytics.wording.response import Told, area_row
from analytics.words import Language, say

NO_CELLS = "none"
"""In a link: no cell of the legend is chosen."""


def default_cells() -> tuple[str, ...]:
    """Red and orange that are not on target: what a meeting asks first."""
    return tuple(f"{tier}.behind" for tier in tiers.ELEVATED)


def cells_of(wanted: str | None) -> tuple[str, ...] | None:
    """The cells that a link names (``red.behind,orange.behind``), the usual ones where it names none; None where it
    names one that there is not."""
    if wanted is None:
        return default_cells()
    named = tuple(dict.fromkeys(wanted.split(","))) if wanted != NO_CELLS else ()
    known = {f"{tier}.{state}" for tier in tiers.SHOWN for state in STATES}
    return named if known.issuperset(named) else None


def state_cells(lang: Language, told: Told, chosen: Sequence[str]) -> list[dict[str, object]]:
    """The legend of the map: for each tier how many areas are on target, are not, and are not judged; each a filter.
    ``chosen``: of these the cells are pressed."""
    table = by_tier(told.run.shown[-1], told.states.to_numpy())
    return [
        {"tier": tier, "cells": [_cell(lang, tier, state, int(table.loc[tier, state]), chosen) for state in STATES]}
        for tier in tiers.SHOWN
    ]


def _cell(lang: Language, tier: str, state: str, n: int, chosen: Sequence[str]) -> dict[str, object]:
    name = f"{tier}.{state}"
    others = [one for one in chosen if one != name]
    return {
        "state": state,
        "n": n,
        "words": say(
            lang, "response.cell", tier=say(lang, f"tiers.{tier}"), state=say(lang, f"response.state_{state}"), n=n
        ),
        "chosen": name in chosen,
        "link": link_of(others if name in chosen else [*others, name]),
    }


def cells_of_tier(tier: str) -> tuple[str, ...]:
    """The cells of all the areas of a tier."""
    return tuple(f"{tier}.{state}" for state in STATES)


def link_of(cells: Sequence[str]) -> str:
    """The cells as a link names them."""
    return ",".join(cells) or NO_CELLS


def outside(lang: Language, told: Told, chosen: Sequence[str], selected: str | None) -> dict[str, str] | None:
    """What is said where the ``selected`` area is in none of the chosen cells, and the link to cells that list it too;
    None where it is listed, or none is selected."""
    if selected is None or in_cells(told, chosen)[selected]:
        return None
    tier, state = str(told.tier[selected]), str(told.states[selected])
    words = {
        "area": told.names[selected],
        "tier": say(lang, f"tiers.{tier}"),
        "state": say(lang, f"response.in_{state}"),
    }
    return {
        "text": say(lang, "response.outside", **words),
        "words": say(lang, "response.outside_add"),
        "link": link_of([*chosen, f"{tier}.{state}"]),
    }


def means(lang: Language) -> str:
    """What on target means."""
    return say(lang, "response.means", share=percent_text(1 - ENOUGH, 0))


def in_cells(told: Told, chosen: Sequence[str]) -> pd.Series:
    """Whether each area is in one of the chosen cells."""
    return (told.tier + "." + told.states).isin(list(chosen))


def area_rows(lang: Language, told: Told, chosen: Sequence[str]) -> list[dict[str, Any]]:
    """The areas in the chosen cells (as of `response.rows_of_all`), most overdue first."""
    inside = in_cells(told, chosen)
    rows = [area_row(lang, told, area) for area in told.order if inside[area]]
    return sorted(rows, key=lambda row: -max((duty["n_overdue"] for duty in row["duties"]), default=0))


def none_listed(lang: Language, told: Told, chosen: Sequence[str]) -> str:
    """What is said where no area is in the chosen cells: where those that are behind are asked for, of how many areas
    of these tiers nobody knows."""
    asked = {cell.removesuffix(".behind") for cell in chosen if cell.endswith(".behind")}
    untold = int((told.tier.isin(asked) & (told.states == "untold")).sum())
    return say(lang, "response.list_none_untold", n=untold) if untold else say(lang, "response.list_none")

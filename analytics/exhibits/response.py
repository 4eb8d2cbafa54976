"""What was due and done as tables: by tier of each duty, by area, and by team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import geopandas as gpd
import pandas as pd

from analytics import tiers
from analytics.exhibits import overview
from analytics.exhibits.exhibit import CaptionMaker, Exhibit, PendingExhibit, pending_table
from analytics.marks import Slant
from analytics.response.due import TRIED, DutyWeek
from analytics.wording import response as wording
from analytics.wording.numbers import NOTHING
from analytics.wording.response import Told
from analytics.wording.team_hours import team_rows
from analytics.wording.tiers import marked
from analytics.words import Language, say

SLANTS: Mapping[str, Slant] = {"behind": "rising", "untold": "falling"}
"""Which way lines run over areas of each state on the map; those on target have none."""


def tiers_of(lang: Language, caption: CaptionMaker, told: Told, one: DutyWeek) -> PendingExhibit:
    """:func:`tiers_table`."""
    make = partial(tiers_table, lang, told, one)
    return pending_table(lang, "response.exhibit_by_tier", caption, make, duty=one.duty.name.text(lang))


def tiers_table(lang: Language, told: Told, one: DutyWeek) -> pd.DataFrame:
    """What was due and done of a duty in each tier, and in all."""
    rows = wording.tier_rows(lang, told, one)
    names = [marked(lang, str(row["tier"])) if row["tier"] else say(lang, "response.total") for row in rows]
    return _named(lang, pd.DataFrame(rows, index=names)[["due", "on_time", "late", "overdue", "share"]], "tier")


def by_team_of(lang: Language, caption: CaptionMaker, told: Told, one: DutyWeek) -> PendingExhibit:
    """:func:`by_team_table`."""
    make = partial(by_team_table, lang, told, one)
    return pending_table(lang, "response.exhibit_by_team", caption, make, duty=one.duty.name.text(lang))


def by_team_table(lang: Language, told: Told, one: DutyWeek) -> pd.DataFrame:
    """What was due and done of a duty in the areas of each team."""
    rows = pd.DataFrame(wording.by_team_rows(lang, told, one)).set_index("team")
    return _named(lang, rows[["due", "on_time", "late", "overdue", "share"]], "team")


def map_of(lang: Language, caption: CaptionMaker, told: Told, context: gpd.GeoDataFrame | None) -> PendingExhibit:
    """The map with lines over the areas that are not on target, and the other way over those that are not judged; its
    table is :func:`areas_table`."""
    plain = overview.map_of(lang, "response.exhibit_map", caption, told.run, context, {})

    def make() -> Exhibit:
        made = plain.make()
        # An area without a tier has lines of its own on every map.
        held = told.states[told.tier != tiers.UNKNOWN]
        slants = {str(area): SLANTS[state] for area, state in held.items() if state in SLANTS}
        hint = say(lang, "response.exhibit_map_hint", **{state: int((held == state).sum()) for state in SLANTS})
        assert made.map is not None
        return replace(made, hint=hint, table=areas_table(lang, told), map=replace(made.map, lines=slants))

    return PendingExhibit(plain.title, make)


def areas(lang: Language, caption: CaptionMaker, told: Told) -> PendingExhibit:
    """:func:`areas_table`."""
    return pending_table(lang, "response.exhibit_areas", caption, partial(areas_table, lang, told))


def areas_table(lang: Language, told: Told) -> pd.DataFrame:
    """Every area and duty, those with most work first: what was due, done and overdue, since when, and who answers."""
    rows = [
        {
            "area": row["name"],
            "tier": marked(lang, str(row["tier"])),
            "state": say(lang, f"response.state_{row['state']}"),
            "duty": duty["name"],
            **{name: duty[name] for name in ("due", "done", "overdue", "share", *TRIED)},
            "since": duty["since"] or NOTHING,
            "next": duty["next"],
            "post": row["post"],
            "team": row["teams"] or NOTHING,
        }
        for row in wording.rows_of_all(lang, told)
        for duty in row["duties"]
    ]
    columns = [
        "area",
        "tier",
        "state",
        "duty",
        "due",
        "done",
        "overdue",
        "share",
        *TRIED,
        "since",
        "next",
        "post",
        "team",
    ]
    table = pd.DataFrame(rows, columns=columns)
    return _named(lang, table.set_index("area"), "area")


def teams(lang: Language, caption: CaptionMaker, found: pd.DataFrame, communities: Mapping[str, str]) -> PendingExhibit:
    """:func:`teams_table`."""
    return pending_table(lang, "response.exhibit_teams", caption, partial(teams_table, lang, found, communities))


def teams_table(lang: Language, found: pd.DataFrame, communities: Mapping[str, str]) -> pd.DataFrame:
    """The teams: checks done, and hours used of those there are."""
    rows = pd.DataFrame(team_rows(lang, found, communities)).set_index("name")
    rows["lead"] = rows["lead"].replace("", NOTHING)
    return _named(lang, rows[["department", "lead", "community", "checks", "hours"]], "team")


def _named(lang: Language, table: pd.DataFrame, index: str) -> pd.DataFrame:
    said = {name: say(lang, f"response.{name}") for name in (*table.columns, index)}
    return table.rename(columns=said).rename_axis(said[index])

"""The exhibits of the area page: the sheet of one area, its tiers by day, what is open; all areas; communities."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd

from analytics import tiers
from analytics.exhibits.exhibit import CaptionMaker, PendingExhibit, pending_table
from analytics.scoring import Assessment
from analytics.scoring.area_history import TierDays
from analytics.scoring.groups import GroupValues
from analytics.scoring.open_incidents import OpenKind
from analytics.wording import area_list
from analytics.wording import area_page as wording
from analytics.wording.areas import short_name
from analytics.wording.numbers import NOTHING
from analytics.wording.reasons import sentence
from analytics.wording.tiers import marked
from analytics.words import Language, say


def sheet(
    lang: Language, caption: CaptionMaker, run: Assessment, area_id: str, groups: Sequence[GroupValues]
) -> PendingExhibit:
    """:func:`sheet_table`, under the sentence that says why."""
    return pending_table(
        lang, "area.sheet", caption, partial(sheet_table, lang, run, area_id, groups),
        hint=sentence(lang, run, area_id), area=run.areas["name"][area_id],
    )  # fmt: skip


def sheet_table(lang: Language, run: Assessment, area_id: str, groups: Sequence[GroupValues]) -> pd.DataFrame:
    """Each indicator of one area: its value, those of the groups it lies in, and its part of the score."""
    at = run.areas.index.get_loc(area_id)
    inside = [held for held in groups if held.position_of(at) is not None]
    names = [short_name(held.groups["name"].iloc[held.position_of(at) or 0]) for held in inside]
    rows = wording.table_rows(lang, run, area_id, inside)
    return pd.DataFrame(
        {
            say(lang, "exhibits.value"): [f"{row['value']}" for row in rows],
            **{
                name: [row["groups"][number] for row in rows]  # type: ignore[index]
                for number, name in enumerate(names)
            },
            say(lang, "area.contribution"): [row["adds"] for row in rows],
        },
        index=pd.Index([f"{row['name']}{row['unit']}" for row in rows], name=say(lang, "exhibits.indicator")),
    )


def tiers_of(lang: Language, caption: CaptionMaker, held: TierDays, run: Assessment, area_id: str) -> PendingExhibit:
    """:func:`tiers_table`."""
    return pending_table(
        lang, "area.tiers_of", caption, partial(tiers_table, lang, held, area_id), area=run.areas["name"][area_id]
    )


def tiers_table(lang: Language, held: TierDays, area_id: str) -> pd.DataFrame:
    """The final and the computed tier of one area, a row a day."""
    at = held.areas.get_loc(area_id)
    final = zip(tiers.names(held.final[:, at]), held.carried[:, at], strict=True)
    return pd.DataFrame(
        {
            say(lang, "area.final"): [marked(lang, tier, carried=bool(carried)) for tier, carried in final],
            say(lang, "area.computed"): [marked(lang, tier) for tier in tiers.names(held.computed[:, at])],
        },
        index=pd.Index(held.days.date, name=say(lang, "exhibits.day")),
    )


def incidents_of(
    lang: Language, caption: CaptionMaker, kinds: Sequence[OpenKind], run: Assessment, area_id: str
) -> PendingExhibit:
    """:func:`incidents_table`."""
    return pending_table(
        lang,
        "area.incidents_of",
        caption,
        partial(incidents_table, lang, kinds),
        hint=wording.open_apart(lang, kinds),
        area=run.areas["name"][area_id],
    )


def incidents_table(lang: Language, kinds: Sequence[OpenKind]) -> pd.DataFrame:
    """Incidents of one area by kind: open, overdue, new in four weeks and in those before, and the due day."""
    rows = wording.open_rows(lang, kinds, most=len(kinds))
    columns = ("open", "overdue", "new", "before", "due")
    return pd.DataFrame(
        {
            say(lang, f"area.col_{name}"): [row[name] if row[name] != "" else NOTHING for row in rows]
            for name in columns
        },
        index=pd.Index([row["kind"] for row in rows], name=say(lang, "area.kind")),
    )


def all_areas(lang: Language, caption: CaptionMaker, run: Assessment, before: Assessment | None) -> PendingExhibit:
    """:func:`all_areas_table`."""
    return pending_table(lang, "area.list_title", caption, partial(all_areas_table, lang, run, before))


def all_areas_table(lang: Language, run: Assessment, before: Assessment | None) -> pd.DataFrame:
    """The list of all areas as the page shows it."""
    table = area_list.areas_table(lang, run, before).set_index("rank")
    told = table.astype(object).where(table.notna() & (table != ""), NOTHING)
    told.columns = [say(lang, f"area.col_{name}") for name in told.columns]
    return told.rename_axis(say(lang, "area.col_rank"))


def communities(lang: Language, caption: CaptionMaker, run: Assessment, held: GroupValues) -> PendingExhibit:
    """:func:`communities_table`."""
    return pending_table(lang, "area.groups", caption, partial(communities_table, lang, run, held))


def communities_table(lang: Language, run: Assessment, held: GroupValues) -> pd.DataFrame:
    """The communities: how many areas are in each tier, the one with most work, and what indicators give."""
    rows = area_list.community_rows(lang, run, held)
    heads = [f"{name} {unit}".strip() for name, unit in area_list.community_heads(lang, run, held)]
    return pd.DataFrame(
        {
            **{marked(lang, tier): [row["counts"][tier] for row in rows] for tier in tiers.SHOWN},  # type: ignore[index]
            say(lang, "area.worst"): [
                say(lang, "reason.named", name=row["worst_name"], value=marked(lang, str(row["tier"])))
                if row["worst"]
                else NOTHING
                for row in rows
            ],
            **{head: [row["values"][number] for row in rows] for number, head in enumerate(heads)},  # type: ignore[index]
        },
        index=pd.Index([row["name"] for row in rows], name=say(lang, "trends.community")),
    )

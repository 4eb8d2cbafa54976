"""The tables and the map that the pages show, as frames in words: what an exhibit is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import pandas as pd

from analytics import tiers
from analytics.briefing.map import map_svg
from analytics.drawing import cards
from analytics.drawing.figures import score_text
from analytics.drawing.ground import ground_of
from analytics.drawing.method import groups
from analytics.drawing.releases import release_rows
from analytics.errors import BriefingError
from analytics.releases.compare import Comparison
from analytics.scheme import Scheme
from analytics.scoring import Assessment, ranking
from analytics.scoring.rate_support import RateSupport
from analytics.scoring.summary import changes, transitions
from analytics.store import Load
from analytics.store.ledger import ReleaseEntry
from analytics.words import Language, say

MAP_WIDTH, MAP_HEIGHT = 1350, 850
NOTHING = "—"
"""Stands where there is nothing to say: an empty cell would leave open whether something was lost."""


def named(lang: Language, table: pd.DataFrame, index: str) -> pd.DataFrame:
    """With the words for its columns and its index."""
    return table.rename(columns=lambda key: say(lang, f"exhibits.{key}")).rename_axis(say(lang, f"exhibits.{index}"))


def _tiers(lang: Language) -> list[str]:
    return [cards.marked(lang, tier) for tier in tiers.SHOWN]


def counts(lang: Language, pair: Assessment) -> pd.DataFrame:
    """Areas in each tier on the first and the last day of ``pair``."""
    then, now = pair.counts().iloc[0].astype(int), pair.counts().iloc[-1].astype(int)
    table = pd.DataFrame(
        {
            "meaning": [say(lang, f"tiers.meaning_{tier}") for tier in tiers.SHOWN],
            "before": then.to_numpy(),
            "after": now.to_numpy(),
            "change": [f"{by:+d}" if by else "0" for by in (now - then)],
        },
        index=_tiers(lang),
    )
    return named(lang, table, "tier")


def areas(lang: Language, assessment: Assessment) -> pd.DataFrame:
    """All areas on the last day, most work first."""
    last, scheme = assessment.on(assessment.days[-1]), assessment.scheme
    ranked = ranking(last)
    rows = [
        {
            "code": area_id,
            "area": row["name"],
            "within": cards.parent_name(last, area_id) or NOTHING,
            "tier": cards.marked(lang, row.tier),
            "score": score_text(row.score, row.tier),
            "why": say(lang, "overview.names", names=cards.leading_values(lang, last, area_id, row.leads)) or NOTHING,
            "measure": scheme.measures[row.tier].text.text(lang) if row.tier in scheme.measures else NOTHING,
        }
        for area_id, row in ranked.iterrows()
    ]
    return named(lang, pd.DataFrame(rows, index=ranked["rank"].to_numpy()), "rank")


def moves(lang: Language, pair: Assessment) -> pd.DataFrame:
    """Which areas went from which tier to which between the first and the last day of ``pair``."""
    names = cards.brief_names(pair)
    rows = [
        {
            "before": cards.marked(lang, row.before),
            "after": cards.marked(lang, row.after),
            "areas": len(row.areas),
            "names": say(lang, "overview.names", names=list(names[row.areas])),
        }
        for row in transitions(changes(pair)).itertuples()
    ]
    table = pd.DataFrame(rows, columns=["before", "after", "areas", "names"])
    return named(lang, table.set_axis(range(1, len(table) + 1)), "number")


def tiers_by_day(lang: Language, assessment: Assessment) -> pd.DataFrame:
    """Areas in each tier, a row a day."""
    held = assessment.counts().astype(int)
    held.index = held.index.date
    return held.set_axis(_tiers(lang), axis=1).rename_axis(say(lang, "exhibits.day"))


def weekly(lang: Language, incidents: pd.DataFrame, names: Mapping[object, str]) -> pd.DataFrame:
    """Incidents by week and kind, named by ``names``."""
    table = incidents.rename(columns=names).astype(int)
    table.index = table.index.date
    return table.rename_axis(say(lang, "exhibits.week"))


def reason(lang: Language, assessment: Assessment, area_id: str, behind: Mapping[str, RateSupport]) -> pd.DataFrame:
    """Each indicator of one area on the last day: value, points, weight and what it adds, and what stands beside."""
    rows = pd.DataFrame(cards.indicator_rows(lang, assessment, area_id, behind)).set_index("name")
    shown = ["value", "points", "weight", "adds"]
    if rows["beside"].any():
        rows["beside"] = rows["beside"].replace("", NOTHING)
        shown.append("beside")
    return named(lang, rows[shown], "indicator")


def method(lang: Language, assessment: Assessment) -> pd.DataFrame:
    """The indicators of a scheme: what is counted, the points it gives, its weight and the one it had."""
    rows = [{**row, "dimension": group["name"]} for group in groups(lang, assessment) for row in group["rows"]]
    table = pd.DataFrame(rows).rename(columns={"share": "weight", "had": "effective"}).set_index("name")
    return named(lang, table[["dimension", "counted", "points", "weight", "effective"]], "indicator")


def compared_counts(lang: Language, comparison: Comparison) -> pd.DataFrame:
    """Each tier's count before and after, and what lies between."""
    table = comparison.counts[["before", "left", "came", "added", "removed", "after"]].astype(int)
    return named(lang, table.set_axis(_tiers(lang)), "tier")


def from_tier_to_tier(lang: Language, transitions: pd.DataFrame) -> pd.DataFrame:
    """How many areas go from which tier (rows) to which (columns)."""
    table = transitions.astype(int).set_axis(_tiers(lang)).set_axis(_tiers(lang), axis=1)
    return table.rename_axis(say(lang, "exhibits.before"))


def compared_areas(lang: Language, comparison: Comparison) -> pd.DataFrame:
    """Every area that changed, with the cause."""
    rows = [
        {
            "code": change.area_id,
            "area": change.name,
            "before": cards.marked(lang, change.before),
            "after": cards.marked(lang, change.after),
            "cause": say(lang, f"release_pages.cause_{change.cause}"),
            "detail": change.detail.text(lang),
        }
        for change in comparison.changes
    ]
    table = pd.DataFrame(rows, columns=["code", "area", "before", "after", "cause", "detail"])
    return named(lang, table.set_axis(range(1, len(table) + 1)), "number")


def compared_causes(lang: Language, comparison: Comparison) -> pd.DataFrame:
    """How many changes each cause has, and all of them."""
    held = {**comparison.by_cause, "all": len(comparison.changes)}
    names = [say(lang, f"release_pages.cause_{cause}") for cause in held]
    return named(lang, pd.DataFrame({"areas": list(held.values())}, index=names), "cause")


def releases(lang: Language, entries: Sequence[ReleaseEntry], schemes: Mapping[str, Scheme]) -> pd.DataFrame:
    """All releases and drafts."""
    table = pd.DataFrame(release_rows(lang, entries, schemes)).set_index("name")
    table = table.rename(columns={"at": "when", "code": "check_code"})
    return named(lang, table[["day", "scheme", "status", "author", "reason", "when", "check_code"]], "period")


def loads(lang: Language, history: Sequence[Load]) -> pd.DataFrame:
    """What was loaded into the store."""
    rows = [
        {
            "when": f"{load.when.astimezone():%Y-%m-%d %H:%M}",
            "author": load.who,
            "table": say(lang, f"tables.{load.table}"),
            "source_file": load.source,
            **{name: getattr(load, name) for name in ("read", "accepted", "repaired", "refused")},
            "status": say(lang, f"data.status_{load.status}"),
        }
        for load in history
    ]
    return named(lang, pd.DataFrame(rows, index=[load.number for load in history]), "number")


def compared_raised(comparison: Comparison) -> Mapping[str, bool]:
    """Areas whose tier differs between two releases, and whether it is a heavier one."""
    return {change.area_id: change.raised for change in comparison.changes if change.raised is not None}


def raised_in(pair: Assessment) -> Mapping[str, bool]:
    """Areas whose tier changed between the first and the last day of ``pair``, and whether to a heavier one."""
    return changes(pair)["raised"].dropna().astype(bool).to_dict()


def map_picture(assessment: Assessment, context: gpd.GeoDataFrame | None, heavier: Mapping[str, bool]) -> str:
    """The map of the last day as an SVG, with a mark on each area that became ``heavier`` or lighter.

    Raises :class:`BriefingError` where the areas have no shapes.
    """
    shapes = assessment.areas
    if not isinstance(shapes, gpd.GeoDataFrame) or shapes.geometry.isna().all():
        raise BriefingError.because("exhibits.no_shapes")
    return map_svg(
        ground_of(shapes, context),
        list(cards.brief_names(assessment)),
        list(cards.tiers_of(assessment)),
        width=MAP_WIDTH,
        height=MAP_HEIGHT,
        changes={
            shapes.index.get_loc(area_id): 1 if more else -1
            for area_id, more in heavier.items()
            if area_id in shapes.index
        },
    )

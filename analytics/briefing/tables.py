"""The tables and the map that the pages show, as frames in words: what an exhibit is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import pandas as pd

from analytics import tiers
from analytics.briefing.map import map_svg
from analytics.drawing import cards
from analytics.drawing.figures import score_text, value_text
from analytics.drawing.ground import ground_of
from analytics.drawing.releases import code_of
from analytics.releases.compare import Comparison
from analytics.scheme import Scheme
from analytics.scoring import Assessment, Gap, ranking, reason_for
from analytics.scoring.summary import changes, transitions
from analytics.store import Load
from analytics.store.ledger import ReleaseEntry
from analytics.words import Language, say

MAP_WIDTH, MAP_HEIGHT = 1350, 850


def _named(lang: Language, table: pd.DataFrame, index: str) -> pd.DataFrame:
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
    return _named(lang, table, "tier")


def areas(lang: Language, assessment: Assessment) -> pd.DataFrame:
    """All areas on the last day, most work first."""
    last, scheme = assessment.on(assessment.days[-1]), assessment.scheme
    ranked = ranking(last)
    rows = [
        {
            "code": area_id,
            "area": row["name"],
            "within": cards.parent_name(last, area_id),
            "tier": cards.marked(lang, row.tier),
            "score": score_text(row.score, row.tier),
            "why": say(lang, "overview.names", names=cards.leading_values(lang, last, area_id, row.leads)),
            "measure": scheme.measures[row.tier].text.text(lang) if row.tier in scheme.measures else "",
        }
        for area_id, row in ranked.iterrows()
    ]
    return _named(lang, pd.DataFrame(rows, index=ranked["rank"].to_numpy()), "rank")


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
    return _named(lang, table.set_axis(range(1, len(table) + 1)), "number")


def tiers_by_day(lang: Language, assessment: Assessment) -> pd.DataFrame:
    """Areas in each tier, a row a day."""
    held = assessment.counts().astype(int)
    held.index = [cards.short_day(lang, day) for day in held.index]
    return held.set_axis(_tiers(lang), axis=1).rename_axis(say(lang, "exhibits.day"))


def weekly(lang: Language, matters: pd.DataFrame, names: Mapping[object, str]) -> pd.DataFrame:
    """Matters by week and kind, named by ``names``."""
    table = matters.rename(columns=names).astype(int)
    table.index = [cards.short_day(lang, day) for day in table.index]
    return table.rename_axis(say(lang, "exhibits.week"))


def reason(lang: Language, assessment: Assessment, area_id: str) -> pd.DataFrame:
    """Each indicator of one area on the last day: value, points, weight and what it adds."""
    scheme, why = assessment.scheme, reason_for(assessment.on(assessment.days[-1]), area_id)
    rows = [
        {
            "value": value_text(lang, item, part.value, part.gap, small=part.small),
            "points": score_text(part.points),
            "weight": f"{part.weight:.0%}",
            "adds": f"{part.contribution:.1f}" if part.gap is Gap.NONE else "—",
        }
        for item, part in zip(scheme.indicators, why.parts.itertuples(), strict=True)
    ]
    return _named(lang, pd.DataFrame(rows, index=[item.name.text(lang) for item in scheme.indicators]), "indicator")


def method(lang: Language, scheme: Scheme) -> pd.DataFrame:
    """The indicators of a scheme with the share of the score that their weights give them."""
    total = sum(dimension.weight for dimension in scheme.dimensions)
    rows, names = [], []
    for dimension in scheme.dimensions:
        listed = dimension.every_indicator()
        whole = sum(item.weight for item in listed)
        for item in listed:
            names.append(item.name.text(lang))
            share = dimension.weight / total * item.weight / whole
            rows.append({"dimension": dimension.name.text(lang), "weight": f"{share:.1%}"})
    return _named(lang, pd.DataFrame(rows, index=names), "indicator")


def compared_counts(lang: Language, comparison: Comparison) -> pd.DataFrame:
    """Each tier's count before and after, and what lies between."""
    table = comparison.counts[["before", "left", "came", "added", "removed", "after"]].astype(int)
    return _named(lang, table.set_axis(_tiers(lang)), "tier")


def compared_tiers(lang: Language, comparison: Comparison) -> pd.DataFrame:
    """Areas in both releases, from tier (rows) to tier (columns)."""
    named = comparison.transitions.astype(int).set_axis(_tiers(lang)).set_axis(_tiers(lang), axis=1)
    return named.rename_axis(say(lang, "exhibits.before"))


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
    return _named(lang, table.set_axis(range(1, len(table) + 1)), "number")


def releases(lang: Language, entries: Sequence[ReleaseEntry], schemes: Mapping[str, Scheme]) -> pd.DataFrame:
    """All releases and drafts."""
    rows = [
        {
            "day": f"{entry.day}",
            "scheme": schemes[entry.scheme_id].name.text(lang) if entry.scheme_id in schemes else entry.scheme_id,
            "status": say(lang, f"release_pages.status_{entry.status}"),
            "author": entry.author,
            "reason": entry.reason,
            "check_code": code_of(entry),
        }
        for entry in entries
    ]
    return _named(lang, pd.DataFrame(rows, index=[cards.release_name(lang, entry) for entry in entries]), "period")


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
    return _named(lang, pd.DataFrame(rows, index=[load.number for load in history]), "number")


def map_picture(assessment: Assessment, context: gpd.GeoDataFrame | None) -> str:
    """The map of the last day as an SVG; nothing where the areas have no shapes."""
    shapes = assessment.areas
    if not isinstance(shapes, gpd.GeoDataFrame) or shapes.geometry.isna().all():
        return ""
    moved = changes(assessment)["heavier"].dropna()
    return map_svg(
        ground_of(shapes, context),
        list(cards.brief_names(assessment)),
        list(cards.tiers_of(assessment)),
        width=MAP_WIDTH,
        height=MAP_HEIGHT,
        changes={shapes.index.get_loc(area_id): 1 if heavier else -1 for area_id, heavier in moved.items()},
    )

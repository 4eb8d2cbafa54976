"""The exhibits of the first page: the map, the counts, the areas by work, who changed, the weeks, one area's reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial

import geopandas as gpd
import pandas as pd

from analytics import tiers
from analytics.errors import BriefingError
from analytics.exhibits.exhibit import (
    CaptionMaker,
    Exhibit,
    MapContent,
    PendingExhibit,
    named,
    numbered,
    pending_table,
)
from analytics.marks import MARKS
from analytics.scoring import Assessment, ranking
from analytics.scoring.rate_support import RateSupport
from analytics.scoring.reasons import shown_tier
from analytics.scoring.summary import area_marks, carried_areas, carried_counts, changes, shown_tiers, transitions
from analytics.wording.areas import brief_names, parent_name
from analytics.wording.indicators import indicator_rows
from analytics.wording.numbers import NOTHING, score_text
from analytics.wording.orders import order_line
from analytics.wording.reasons import leading_reasons, sentence
from analytics.wording.silence import carried_column, interruption
from analytics.wording.tiers import mark_count, marked, tier_labels
from analytics.words import Language, say


def map_of(
    lang: Language, title: str, caption: CaptionMaker, assessment: Assessment, context: gpd.GeoDataFrame | None,
    heavier: Mapping[str, bool],
) -> PendingExhibit:  # fmt: skip
    """The map of the last day under the words of ``title``, with marks on the areas that became ``heavier`` or lighter,
    and its areas as a table. ``context``: water and roads.

    Making it raises ``BriefingError`` where the areas have no shapes.
    """
    said = say(lang, title)

    def make() -> Exhibit:
        beside = caption()
        content = map_content(assessment, context, heavier)
        having = Counter(mark for marks in content.marks.values() for mark in marks)
        return Exhibit(
            lang,
            said,
            beside.place,
            (
                *filter(None, [interruption(lang, assessment), order_line(lang, assessment)]),
                *beside.lines,
                beside.base_map,
            ),
            areas_table(lang, assessment),
            "map",
            content,
            assessment.counts().iloc[-1].astype(int).to_dict(),
            {mark: mark_count(lang, mark, having[mark]) for mark in MARKS if having[mark]},
            assessment.days[-1].date(),
        )

    return PendingExhibit(said, make)


def map_content(assessment: Assessment, context: gpd.GeoDataFrame | None, heavier: Mapping[str, bool]) -> MapContent:
    """What the map of the last day shows; raises ``BriefingError`` where the areas have no shapes."""
    shapes = assessment.areas
    if not isinstance(shapes, gpd.GeoDataFrame) or shapes.geometry.isna().all():
        raise BriefingError.because("exhibits.no_shapes")
    marks = area_marks(assessment)
    for mark, way in (("raised", True), ("lowered", False)):
        marks[mark] = [heavier.get(str(area_id)) is way for area_id in marks.index]
    held = {str(area_id): tuple(row.index[row]) for area_id, row in marks[marks.any(axis=1)].iterrows()}
    return MapContent(shapes, context, tuple(brief_names(assessment)), tuple(shown_tiers(assessment)), held)


def raised_in(pair: Assessment) -> Mapping[str, bool]:
    """Areas whose tier changed between the first and the last day of ``pair``, and whether to a heavier one."""
    return changes(pair)["raised"].dropna().astype(bool).to_dict()


def map_of_changes(
    lang: Language, caption: CaptionMaker, pair: Assessment, context: gpd.GeoDataFrame | None
) -> PendingExhibit:
    """The map of the last day of ``pair``, with marks on the areas that changed since its first."""
    return map_of(lang, "exhibits.map", caption, pair, context, raised_in(pair))


def counts(lang: Language, caption: CaptionMaker, pair: Assessment) -> PendingExhibit:
    """:func:`counts_table`."""
    return pending_table(lang, "exhibits.counts", caption, partial(counts_table, lang, pair))


def counts_table(lang: Language, pair: Assessment) -> pd.DataFrame:
    """Areas in each tier on the first and the last day of ``pair``, and how many of the last are carried on."""
    then, now = pair.counts().iloc[0].astype(int), pair.counts().iloc[-1].astype(int)
    table = pd.DataFrame(
        {
            "meaning": [say(lang, f"tiers.meaning_{tier}") for tier in tiers.SHOWN],
            "before": then.to_numpy(),
            "after": now.to_numpy(),
            "carried_of": carried_counts(pair).to_numpy(),
            "change": [f"{by:+d}" if by else "0" for by in (now - then)],
        },
        index=tier_labels(lang),
    )
    return named(lang, table, "tier")


def areas(lang: Language, caption: CaptionMaker, assessment: Assessment) -> PendingExhibit:
    """:func:`areas_table`."""
    return pending_table(lang, "exhibits.ranking", caption, partial(areas_table, lang, assessment))


def areas_table(lang: Language, assessment: Assessment) -> pd.DataFrame:
    """All areas on the last day, most work first."""
    last, scheme = assessment.on(assessment.days[-1]), assessment.scheme
    ranked = ranking(last)
    rows = [
        {
            "code": area_id,
            "area": row["name"],
            "within": parent_name(last, area_id) or NOTHING,
            "tier": marked(lang, row.tier, carried=row.carried),
            "carried": carried_column(lang, shown_tier(last, area_id)),
            "score": score_text(row.score, scheme, row.computed),
            "why": say(lang, "overview.names", names=leading_reasons(lang, last, area_id, row.leads)) or NOTHING,
            "measure": scheme.measures[row.tier].text.text(lang) if row.tier in scheme.measures else NOTHING,
        }
        for area_id, row in ranked.iterrows()
    ]
    return named(lang, pd.DataFrame(rows, index=ranked["rank"].to_numpy()), "rank")


def moves(lang: Language, caption: CaptionMaker, pair: Assessment) -> PendingExhibit:
    """:func:`moves_table`."""
    return pending_table(lang, "overview.moves", caption, partial(moves_table, lang, pair))


def moves_table(lang: Language, pair: Assessment) -> pd.DataFrame:
    """Which areas went from which tier to which between the first and the last day of ``pair``."""
    names = brief_names(pair)
    carried = [set(pair.areas.index[carried_areas(pair, day)]) for day in (0, -1)]
    rows = [
        {
            "before": marked(lang, row.before, carried=carried[0].issuperset(row.areas)),
            "after": marked(lang, row.after, carried=carried[1].issuperset(row.areas)),
            "areas": len(row.areas),
            "names": say(lang, "overview.names", names=list(names[row.areas])),
        }
        for row in transitions(changes(pair)).itertuples()
    ]
    return numbered(lang, pd.DataFrame(rows, columns=["before", "after", "areas", "names"]))


def tiers_by_day(lang: Language, title: str, caption: CaptionMaker, assessment: Assessment) -> PendingExhibit:
    """:func:`tiers_by_day_table` as stacked columns, under the words of ``title``."""
    return pending_table(lang, title, caption, partial(tiers_by_day_table, lang, assessment), kind="stacked")


def tiers_by_day_table(lang: Language, assessment: Assessment) -> pd.DataFrame:
    """Areas in each tier, a row a day."""
    held = assessment.counts().astype(int)
    held.index = held.index.date
    return held.set_axis(tier_labels(lang), axis=1).rename_axis(say(lang, "exhibits.day"))


def weeks(lang: Language, caption: CaptionMaker, assessment: Assessment) -> PendingExhibit:
    """Areas in each tier at the ends of the weeks before, as stacked columns."""
    return tiers_by_day(lang, "overview.weeks", caption, assessment)


def reason(
    lang: Language, caption: CaptionMaker, assessment: Assessment, area_id: str, behind: Mapping[str, RateSupport]
) -> PendingExhibit:
    """:func:`reason_table`, under the sentence that says the same."""
    return pending_table(
        lang, "exhibits.reason_of", caption, partial(reason_table, lang, assessment, area_id, behind),
        hint=sentence(lang, assessment, area_id), area=assessment.areas["name"][area_id],
    )  # fmt: skip


def reason_table(
    lang: Language, assessment: Assessment, area_id: str, behind: Mapping[str, RateSupport]
) -> pd.DataFrame:
    """Each indicator of one area on the last day: value, points, weight and what it adds, and what stands beside."""
    rows = pd.DataFrame(indicator_rows(lang, assessment, area_id, behind)).set_index("name")
    shown = ["value", "points", "weight", "adds"]
    if rows["beside"].any():
        rows["beside"] = rows["beside"].replace("", NOTHING)
        shown.append("beside")
    return named(lang, rows[shown], "indicator")

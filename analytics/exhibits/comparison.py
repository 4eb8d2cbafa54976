"""The exhibits of two releases side by side: both maps, counts, causes, changes from tier to tier, and the bulletin."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import geopandas as gpd
import pandas as pd

from analytics.exhibits.exhibit import CaptionMaker, PendingExhibit, named, numbered, pending_table
from analytics.exhibits.overview import map_of
from analytics.releases.bulletin import Bulletin, as_text
from analytics.releases.compare import Comparison
from analytics.scoring import Assessment
from analytics.store.ledger import ReleaseEntry
from analytics.wording.comparison import cause_name
from analytics.wording.releases import release_name
from analytics.wording.tiers import marked, tier_labels
from analytics.words import Language, say


def compared_with(lang: Language, before: ReleaseEntry) -> str:
    """That it is held against ``before``, for the caption."""
    return say(lang, "exhibits.compared", release=release_name(lang, before))


def map_before(
    lang: Language, caption: CaptionMaker, assessment: Assessment, context: gpd.GeoDataFrame | None
) -> PendingExhibit:
    """The map of the older release."""
    return map_of(lang, "exhibits.map_before", caption, assessment, context, {})


def map_after(
    lang: Language, caption: CaptionMaker, assessment: Assessment, context: gpd.GeoDataFrame | None,
    comparison: Comparison,
) -> PendingExhibit:  # fmt: skip
    """The map of the newer release, with marks on the areas that changed since the older one."""
    return map_of(lang, "exhibits.map_after", caption, assessment, context, raised(comparison))


def raised(comparison: Comparison) -> Mapping[str, bool]:
    """Areas whose tier differs between two releases, and whether it is a heavier one."""
    return {change.area_id: change.raised for change in comparison.changes if change.raised is not None}


def counts(lang: Language, caption: CaptionMaker, comparison: Comparison) -> PendingExhibit:
    """:func:`counts_table`."""
    return pending_table(lang, "release_pages.counts", caption, partial(counts_table, lang, comparison))


def counts_table(lang: Language, comparison: Comparison) -> pd.DataFrame:
    """Each tier's count before and after, and what lies between."""
    table = comparison.counts[["before", "left", "came", "added", "removed", "after"]].astype(int)
    return named(lang, table.set_axis(tier_labels(lang)), "tier")


def causes(lang: Language, caption: CaptionMaker, comparison: Comparison) -> PendingExhibit:
    """:func:`causes_table`."""
    return pending_table(lang, "release_pages.why_changed", caption, partial(causes_table, lang, comparison))


def causes_table(lang: Language, comparison: Comparison) -> pd.DataFrame:
    """How many changes each cause has, and all of them."""
    held = {**comparison.by_cause, "all": len(comparison.changes)}
    names = [cause_name(lang, cause) for cause in held]
    return named(lang, pd.DataFrame({"areas": list(held.values())}, index=names), "cause")


def transitions(lang: Language, caption: CaptionMaker, table: pd.DataFrame) -> PendingExhibit:
    """:func:`transitions_table`."""
    return pending_table(lang, "release_pages.matrix", caption, partial(transitions_table, lang, table))


def transitions_table(lang: Language, transitions: pd.DataFrame) -> pd.DataFrame:
    """How many areas go from which tier (rows) to which (columns)."""
    table = transitions.astype(int).set_axis(tier_labels(lang)).set_axis(tier_labels(lang), axis=1)
    return table.rename_axis(say(lang, "exhibits.before"))


def changes(lang: Language, caption: CaptionMaker, comparison: Comparison) -> PendingExhibit:
    """:func:`changes_table`."""
    return pending_table(lang, "release_pages.changes", caption, partial(changes_table, lang, comparison))


def changes_table(lang: Language, comparison: Comparison) -> pd.DataFrame:
    """Every area that changed, with the cause."""
    rows = [
        {
            "code": change.area_id,
            "area": change.name,
            "before": marked(lang, change.before, carried=change.carried[0]),
            "after": marked(lang, change.after, carried=change.carried[1]),
            "cause": cause_name(lang, change.cause),
            "detail": change.detail.text(lang),
        }
        for change in comparison.changes
    ]
    return numbered(lang, pd.DataFrame(rows, columns=["code", "area", "before", "after", "cause", "detail"]))


def bulletin_file(lang: Language, told: Bulletin) -> bytes:
    """The bulletin as a text file; its byte order mark lets every editor know that it is UTF-8."""
    return as_text(told, lang).encode("utf-8-sig")

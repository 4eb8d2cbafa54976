"""The exhibits of the page on confidence: how firm each area's tier is, and what moves the colours."""

from __future__ import annotations

from functools import partial

import pandas as pd

from analytics.evidence.confidence import Confidence
from analytics.exhibits.exhibit import CaptionMaker, PendingExhibit, pending_table
from analytics.scoring import Assessment
from analytics.wording.areas import parent_name
from analytics.wording.confidence import firmness_word, mover_rows, sentence_with_settings
from analytics.wording.numbers import NOTHING, share_text
from analytics.wording.tiers import marked
from analytics.words import Language, say


def least_firm_first(found: Confidence) -> pd.Index:
    """The areas by the share of the draws in which each kept its tier, the smallest first; those of unknown tier
    last."""
    share = found.kept.where(found.words.notna())
    return share.sort_values(kind="stable", na_position="last").index


def areas(lang: Language, caption: CaptionMaker, run: Assessment, found: Confidence) -> PendingExhibit:
    """:func:`areas_table`."""
    table = partial(areas_table, lang, run, found)
    return pending_table(lang, "confidence.table", caption, table, hint=sentence_with_settings(lang, found))


def areas_table(lang: Language, run: Assessment, found: Confidence) -> pd.DataFrame:
    """Every area with its word and the share of the draws in each tier, in words, the least firm first."""
    ordered = least_firm_first(found)
    columns = {
        "code": list(ordered),
        "area": list(run.areas["name"].loc[ordered]),
        "within": [parent_name(run, area_id) or NOTHING for area_id in ordered],
        "present": [marked(lang, tier) for tier in found.present[ordered]],
        "word": [firmness_word(lang, found, area_id) for area_id in ordered],
    }
    rows = pd.DataFrame(columns, index=range(1, len(ordered) + 1))
    shares = found.shares.loc[ordered].map(share_text).set_axis(rows.index)
    return (
        rows.rename(columns=lambda key: say(lang, f"confidence.{key}"))
        .join(shares.rename(columns=lambda tier: marked(lang, tier)))
        .rename_axis(say(lang, "confidence.number"))
    )


def movers(lang: Language, caption: CaptionMaker, found: Confidence) -> PendingExhibit:
    """:func:`movers_table`."""
    table = partial(movers_table, lang, found)
    return pending_table(lang, "confidence.movers_table", caption, table, hint=sentence_with_settings(lang, found))


def movers_table(lang: Language, found: Confidence) -> pd.DataFrame:
    """The first-order shares, in words."""
    held = say(lang, "confidence.held")
    rows = [(name, held if share is None else share_text(share)) for name, share, _ in mover_rows(lang, found)]
    names, shares = zip(*rows, strict=True)
    index = pd.Index(names, name=say(lang, "confidence.assumption"))
    return pd.DataFrame({say(lang, "confidence.share"): shares}, index=index)

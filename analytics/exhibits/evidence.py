"""The exhibits of the evidence page: what the map caught, in all and over time, fitted weights, and where nobody
looked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from analytics.evidence.backtest import Backtest, CaptureStats
from analytics.evidence.detection_bias import UNVISITED_DAYS
from analytics.evidence.fitting import FittedWeights
from analytics.exhibits.exhibit import CaptionMaker, PendingExhibit, pending_table
from analytics.scheme import Scheme
from analytics.wording.evidence import orders
from analytics.wording.numbers import NOTHING, decimal_text, percent_text
from analytics.wording.tiers import marked
from analytics.words import Language, say

POINTS_OF_A_CURVE = 201
POINTS_OF_A_TABLE = 21


def compared(
    lang: Language, caption: CaptionMaker, held: Backtest, maps: Mapping[str, CaptureStats], answer: str
) -> PendingExhibit:
    """:func:`compared_table`, under the page's ``answer``."""
    return pending_table(lang, "evidence.compared", caption, partial(compared_table, lang, held, maps), hint=answer)


def compared_table(lang: Language, held: Backtest, maps: Mapping[str, CaptureStats]) -> pd.DataFrame:
    """What each of ``maps`` (by name; the first is that of ``held``) and simpler orders caught in as many areas as the
    first map flags."""
    rows = {name: _cells(found) for name, found in orders(lang, held, maps).items()}
    pooled, mean = held.map.pooled, held.shuffled.mean()
    by_chance = pooled.share_of_areas * mean
    rows[say(lang, "evidence.row_random")] = [
        percent_text(by_chance), percent_text(pooled.share_of_areas), NOTHING, decimal_text(mean, 1),
        decimal_text(by_chance / pooled.hit_rate * pooled.pei, 2),
    ]  # fmt: skip
    columns = ("hit_rate", "share_of_areas", "share_of_population", "pai", "pei")
    named = [say(lang, f"evidence.{column}") for column in columns]
    return pd.DataFrame.from_dict(rows, orient="index", columns=named).rename_axis(say(lang, "evidence.order"))


def _cells(found: CaptureStats) -> list[str]:
    pooled = found.pooled
    shares = [percent_text(pooled[name]) for name in ("hit_rate", "share_of_areas", "share_of_population")]
    return [*shares, decimal_text(pooled.pai, 2), decimal_text(pooled.pei, 2)]


def curve(lang: Language, caption: CaptionMaker, held: Backtest, maps: Mapping[str, CaptureStats]) -> PendingExhibit:
    """:func:`curve_table`."""
    return pending_table(lang, "evidence.curve", caption, partial(curve_table, lang, held, maps))


def capture_curves(lang: Language, held: Backtest, maps: Mapping[str, CaptureStats]) -> pd.DataFrame:
    """Capture curves by name: the share of incidents (0–1) in each share of the areas (index, 0–1), hardest first."""
    share = np.linspace(0, 1, min(POINTS_OF_A_CURVE, len(held.map.curve)))
    lines = {
        name: np.interp(share, np.linspace(0, 1, len(found.curve)), found.curve)
        for name, found in orders(lang, held, maps).items()
    }
    return pd.DataFrame(lines, index=pd.Index(share, name=say(lang, "evidence.curve_areas")))


def curve_table(lang: Language, held: Backtest, maps: Mapping[str, CaptureStats]) -> pd.DataFrame:
    """:func:`capture_curves` at every twentieth, as text."""
    drawn = capture_curves(lang, held, maps)
    share = np.linspace(0, 1, POINTS_OF_A_TABLE)
    lines = {name: [percent_text(value, 0) for value in np.interp(share, drawn.index, drawn[name])] for name in drawn}
    return pd.DataFrame(lines, index=pd.Index([f"{at:.0%}" for at in share], name=drawn.index.name))


def pai_over_time(
    lang: Language, caption: CaptionMaker, held: Backtest, maps: Mapping[str, CaptureStats]
) -> PendingExhibit:
    """:func:`pai_by_day_table` as lines."""
    table = partial(pai_by_day_table, lang, held, maps)
    return pending_table(lang, "evidence.over_time", caption, table, kind="lines")


def pai_by_day(lang: Language, held: Backtest, maps: Mapping[str, CaptureStats]) -> pd.DataFrame:
    """PAI by moment (index: days) of each of ``maps`` and of the last period's counts."""
    lines = {name: found.moments["pai"] for name, found in maps.items()}
    return pd.DataFrame(lines | {say(lang, "evidence.row_last_counts"): held.last_counts.moments["pai"]})


def pai_by_day_table(lang: Language, held: Backtest, maps: Mapping[str, CaptureStats]) -> pd.DataFrame:
    """:func:`pai_by_day` as numbers that can be drawn elsewhere; index: dates."""
    table = pai_by_day(lang, held, maps).round(2)
    return table.set_axis(table.index.date).rename_axis(say(lang, "exhibits.day"))


def fitted_caught(lang: Language, caption: CaptionMaker, fitted: FittedWeights) -> PendingExhibit:
    """:func:`fitted_caught_table`."""
    return pending_table(lang, "evidence.fared", caption, partial(fitted_caught_table, lang, fitted))


def fitted_caught_table(lang: Language, fitted: FittedWeights) -> pd.DataFrame:
    """What the fitted and the present weights and the last period's counts caught on the test moments."""
    rows = {
        say(lang, f"evidence.row_{name}"): [
            percent_text(held.caught.pooled.hit_rate), percent_text(held.caught.pooled.share_of_areas),
            decimal_text(held.caught.pooled.pai, 2), percent_text(held.top_fifth),
        ]
        for name, held in fitted.fared.items()
    }  # fmt: skip
    named = [say(lang, f"evidence.{column}") for column in ("hit_rate", "share_of_areas", "pai", "top_fifth")]
    return pd.DataFrame.from_dict(rows, orient="index", columns=named).rename_axis(say(lang, "evidence.fared"))


def fitted_weights(lang: Language, caption: CaptionMaker, scheme: Scheme, fitted: FittedWeights) -> PendingExhibit:
    """:func:`fitted_weights_table`."""
    return pending_table(lang, "evidence.fitted", caption, partial(fitted_weights_table, lang, scheme, fitted))


def fitted_weights_table(lang: Language, scheme: Scheme, fitted: FittedWeights) -> pd.DataFrame:
    """Overall weights by indicator: present, and fitted."""
    rows = {
        item.name.text(lang): [percent_text(fitted.present[item.id], 0), percent_text(fitted.weights[item.id], 0)]
        for item in scheme.indicators
    }
    named = [say(lang, f"evidence.{column}") for column in ("present", "proposed")]
    return pd.DataFrame.from_dict(rows, orient="index", columns=named).rename_axis(say(lang, "evidence.indicator"))


def detection_bias(lang: Language, caption: CaptionMaker, table: pd.DataFrame) -> PendingExhibit:
    """:func:`detection_bias_table`."""
    return pending_table(lang, "evidence.looked_for", caption, partial(detection_bias_table, lang, table))


def detection_bias_table(lang: Language, table: pd.DataFrame) -> pd.DataFrame:
    """Findings beside checks of every area, in words."""
    rows = with_rates_as_text(marked_first(table)).set_index("name")
    rows["tier"] = [marked(lang, tier) for tier in rows["tier"]]
    rows["mark"] = [say(lang, f"evidence.mark_{mark}") if mark else NOTHING for mark in rows["mark"]]
    columns = ("tier", "findings", "rank_findings", "checks", "lately", "per_100", "rank_per_100", "mark")
    named = {name: say(lang, f"evidence.{name}", days=UNVISITED_DAYS) for name in columns}
    return rows[list(columns)].rename(columns=named).rename_axis(say(lang, "evidence.area"))


def marked_first(table: pd.DataFrame) -> pd.DataFrame:
    """Findings beside checks, the marked areas first, then by findings per 100 checks."""
    keys = table.assign(unmarked=table["mark"] == "")
    return keys.sort_values(["unmarked", "per_100", "name"], ascending=[True, False, True]).drop(columns="unmarked")


def with_rates_as_text(rows: pd.DataFrame) -> pd.DataFrame:
    """Findings beside checks with the rate and the ranks as they are read, a dash where there is none."""
    ranks = {
        name: [NOTHING if pd.isna(value) else str(value) for value in rows[name]]
        for name in ("rank_findings", "rank_per_100")
    }
    return rows.assign(per_100=[decimal_text(value, 1) for value in rows["per_100"]], **ranks)

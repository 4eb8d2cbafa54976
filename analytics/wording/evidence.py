"""Whether the map was right, in words: the answer, how it stands to simpler orders, to chance and to another map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analytics.evidence.backtest import SHUFFLES, Backtest, BacktestComparison, CaptureStats, LeftOut, verdict
from analytics.evidence.detection_bias import UNVISITED_DAYS, WINDOW_DAYS
from analytics.evidence.fitting import FittedWeights
from analytics.scheme import Scheme
from analytics.scheme.basics import required
from analytics.scoring.silence import SilentFeed
from analytics.wording.dates import day_near, short_day
from analytics.wording.numbers import decimal_text, percent_text
from analytics.wording.silence import FEEDS_NAMED, feed_called
from analytics.wording.trends import series_name
from analytics.words import Language, day, say


def left_out(lang: Language, left: LeftOut) -> list[str]:
    """How many moments are left out, and for which feeds; and which areas were silent at others."""
    said = []
    if len(left.days):
        ends = {"first": short_day(lang, left.days[0]), "last": short_day(lang, left.days[-1])}
        feeds = _feeds(lang, left.feeds, left.names)
        said.append(say(lang, "evidence.left_out", n=len(left.days), feeds=feeds, **ends))
    if left.within:
        said.append(say(lang, "evidence.silent_within", feeds=_feeds(lang, left.within, left.names)))
    return said


def _feeds(lang: Language, feeds: Sequence[SilentFeed], names: Mapping[str, str]) -> list[str]:
    """Each feed with its first and last silent day."""
    newest = max(required(feed.until) for feed in feeds)
    named = [
        say(
            lang, "evidence.silent_feed", name=feed_called(lang, feed, names),
            first=day_near(lang, required(feed.since), newest), last=day_near(lang, required(feed.until), newest),
        )
        for feed in feeds[:FEEDS_NAMED]
    ]  # fmt: skip
    return [*named, say(lang, "silence.more", n=len(feeds) - FEEDS_NAMED)] if len(feeds) > FEEDS_NAMED else named


def answer(lang: Language, held: Backtest, weeks: int, kind: str, name: str) -> str:
    """The answer in one sentence; ``kind`` of moments: ``weekly``, ``releases``, or ``days``, those of releases;
    ``name`` of the map, where it is not what everybody takes it for."""
    found = held.map.pooled
    key = "evidence.sentence_none" if np.isnan(found.pai) else f"evidence.sentence_{kind}"
    said = say(
        lang, key, n=len(held.days), weeks=weeks, share=percent_text(found.share_of_areas),
        hit=percent_text(found.hit_rate), pai=decimal_text(found.pai, 2),
    )  # fmt: skip
    return say(lang, "evidence.of_map", name=name, said=said) if name else said


def verdicts(lang: Language, held: Backtest) -> list[str]:
    """How the map stands to chance and to the last period's counts, where anything was flagged and followed; and which
    moments are left out."""
    if np.isnan(held.map.pooled.pai):
        return left_out(lang, held.left_out)
    low, high = (decimal_text(value, 2) for value in held.chance)
    return [
        say(lang, f"evidence.chance_{held.against_chance}", low=low, high=high),
        say(
            lang, f"evidence.last_{verdict(held.map, held.last_counts)}",
            last=percent_text(held.last_counts.pooled.hit_rate),
        ),
        *left_out(lang, held.left_out),
    ]  # fmt: skip


def moments_span(lang: Language, held: Backtest) -> str:
    """From the first to the last moment at which the map was looked at."""
    return say(lang, "evidence.span", first=day(lang, held.days[0]), last=day(lang, held.days[-1]))


def incidents_counted(lang: Language, scheme: Scheme) -> str:
    """The kinds of incidents that are counted."""
    named = [series_name(lang, "category", kind, {}) for kind in scheme.categories()]
    return say(lang, "evidence.compared_hint", matters=named or say(lang, "evidence.all_matters"))


def orders(lang: Language, held: Backtest, maps: Mapping[str, CaptureStats]) -> dict[str, CaptureStats]:
    """The ``maps``, the last period's counts and, where it is known, the population, by what they are called."""
    simpler = {say(lang, "evidence.row_last_counts"): held.last_counts}
    if held.population:
        simpler[say(lang, "evidence.row_population")] = held.population
    return {**maps, **simpler}


def comparison_notes(
    lang: Language, held: Backtest, maps: Mapping[str, CaptureStats], against: BacktestComparison | None, kind: str
) -> list[str]:
    """What the columns mean, what was known at each moment, and what the second of two maps caught in as many areas as
    it flags itself."""
    low, high = (decimal_text(value, 2) for value in held.chance)
    notes = [
        say(lang, "evidence.means", draws=SHUFFLES, low=low, high=high),
        say(lang, "evidence.known_weekly" if kind == "weekly" else "evidence.known_releases"),
    ]
    if against:
        own = against.own.pooled
        share, hit = percent_text(own.share_of_areas), percent_text(own.hit_rate)
        notes.insert(0, say(lang, "evidence.own", second=tuple(maps)[1], share=share, hit=hit))
    return notes


def against_first(lang: Language, held: Backtest, other: CaptureStats, names: Sequence[str]) -> str:
    """The second of two maps against the first, in as many areas; empty where the first flags none."""
    first, second = held.map.pooled, other.pooled
    if np.isnan(first.pai):
        return ""
    return say(
        lang, f"evidence.against_{verdict(other, held.map)}", first=names[0], second=names[1],
        share=percent_text(first.share_of_areas), hit=percent_text(second.hit_rate),
        by=f"{abs(second.hit_rate - first.hit_rate) * 100:.1f}",
    )  # fmt: skip


def flagged_share(lang: Language, held: Backtest) -> str:
    """Which share of the areas the map flags."""
    return say(lang, "evidence.curve_flagged", share=percent_text(held.map.pooled.share_of_areas))


def fit_verdict(lang: Language, fitted: FittedWeights) -> str:
    """Whether what the fitted weights caught speaks for them."""
    rates = {name: held.caught.pooled for name, held in fitted.fared.items()}
    if not rates["present"].share_of_areas > 0:
        return say(lang, "evidence.fit_none")
    return say(
        lang, f"evidence.fit_{fitted.verdict}", fitted=percent_text(rates["fitted"].hit_rate),
        present=percent_text(rates["present"].hit_rate),
    )  # fmt: skip


def fit_notes(lang: Language, fitted: FittedWeights) -> list[str]:
    """How the fitted weights were found, and on which moments."""
    train, test = fitted.train, fitted.test
    learned = say(
        lang, "evidence.learned", train=len(train), train_first=short_day(lang, train[0]),
        train_last=short_day(lang, train[-1]), test=len(test), test_first=short_day(lang, test[0]),
        test_last=short_day(lang, test[-1]),
    )  # fmt: skip
    left = left_out(lang, fitted.left_out)
    return [say(lang, "evidence.unlike_above"), learned, *left, say(lang, "evidence.how_fitted")]


def marked_areas(lang: Language, table: pd.DataFrame) -> str:
    """In how many areas nobody looked, or much was found in few checks, of a table of findings beside checks."""
    return say(lang, "evidence.looked_for_hint", window=WINDOW_DAYS, marks=int((table["mark"] != "").sum()))


def detection_notes(lang: Language, listed: int | None) -> list[str]:
    """What findings beside checks mean; and how many areas are ``listed`` where it is not all."""
    means = [say(lang, "evidence.looked_for_means", days=UNVISITED_DAYS)]
    return [say(lang, "evidence.listed", n=listed), *means] if listed else means

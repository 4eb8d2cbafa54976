"""Feeds that are silent, in words: which, since when, and whom to ask."""

from __future__ import annotations

from datetime import timedelta

from analytics.scoring import Assessment
from analytics.scoring.silence import SilentFeed
from analytics.wording.areas import area_name
from analytics.wording.dates import short_day
from analytics.words import Language, keys, say

FEEDS_NAMED = 3


def feed_name(lang: Language, assessment: Assessment, feed: SilentFeed) -> str:
    """How a feed is called: 门诊, 发热, 走访巡查, 花径一村的事件."""
    table = say(lang, f"tables.{feed.table}")
    if feed.area_id:
        name = assessment.parents.get(feed.area_id) or area_name(assessment, feed.area_id)
        return say(lang, "silence.of_area", area=name, table=table)
    if not feed.column:
        return table
    for entry in (f"templates.word_{feed.column}_{feed.code}", f"categories.{feed.code}"):
        if entry in keys():
            return say(lang, entry)
    return feed.code


def silent_sentence(lang: Language, assessment: Assessment, feed: SilentFeed) -> str:
    """One feed: since when nothing came, or from when to when nothing had come."""
    name = feed_name(lang, assessment, feed)
    if feed.last is None:
        return say(lang, "silence.never", name=name)
    since = short_day(lang, feed.last + timedelta(days=1))
    if feed.until is not None:
        return say(lang, "silence.over", name=name, since=since, until=short_day(lang, feed.until))
    return say(lang, "silence.since", name=name, since=since, n=(assessment.days[-1].date() - feed.last).days)


def silent_sentences(lang: Language, assessment: Assessment) -> list[str]:
    """A sentence for each feed that is silent on the last day or was so in a window that ends with it."""
    return [silent_sentence(lang, assessment, feed) for feed in assessment.silent]


def interruption(lang: Language, assessment: Assessment) -> str:
    """That data are interrupted, which, and how many tiers are carried on; nothing where none is and none are."""
    carried = int((assessment.carried[-1] > 0).sum())
    if not carried and not assessment.silent:
        return ""
    told = silent_sentences(lang, assessment)
    more = say(lang, "silence.more", n=len(told) - FEEDS_NAMED) if len(told) > FEEDS_NAMED else ""
    feeds = say(lang, "reason.separator").join([*told[:FEEDS_NAMED], *filter(None, [more])])
    unknown = int((assessment.shown[-1] < 0).sum())
    key = "silence.interrupted" if feeds else "silence.incomplete"
    return say(lang, key, feeds=feeds, carried=carried, unknown=unknown)

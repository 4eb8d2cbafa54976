"""Feeds that are silent, in words: which, since when, and whom to ask."""

from __future__ import annotations

from datetime import timedelta

from analytics import tiers
from analytics.scoring import Assessment
from analytics.scoring.reasons import ShownTier
from analytics.scoring.silence import SilentFeed
from analytics.scoring.summary import carried_areas
from analytics.wording.dates import short_day
from analytics.wording.numbers import NOTHING
from analytics.words import Language, keys, say

FEEDS_NAMED = 3


def feed_name(lang: Language, assessment: Assessment, feed: SilentFeed) -> str:
    """How a feed is called: 门诊, 发热, 走访巡查, 花径一村的事件."""
    table = say(lang, f"tables.{feed.table}")
    if feed.area_id:
        name = assessment.parents.get(feed.area_id) or str(assessment.areas["name"].get(feed.area_id, feed.area_id))
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
    if told := interruption_parts(lang, assessment):
        return say(lang, "silence.sentence", label=told[0], told=told[1])
    return ""


def interruption_parts(lang: Language, assessment: Assessment) -> tuple[str, str] | None:
    """The same as the label of a banner and what stands in it."""
    carried = int(carried_areas(assessment).sum())
    if not carried and not assessment.silent:
        return None
    named = silent_sentences(lang, assessment)
    more = say(lang, "silence.more", n=len(named) - FEEDS_NAMED) if len(named) > FEEDS_NAMED else ""
    feeds = say(lang, "reason.separator").join([*named[:FEEDS_NAMED], *filter(None, [more])])
    label = say(lang, "silence.interrupted" if feeds else "silence.incomplete")
    if not carried:
        return label, say(lang, "silence.told_feeds", feeds=feeds)
    numbers = {"carried": carried, "unknown": int((assessment.shown[-1] == tiers.UNKNOWN_RANK).sum())}
    state = say(lang, "reason.separator").join(
        say(lang, f"silence.{name}_{'one' if n == 1 else 'many'}", n=n) for name, n in numbers.items() if n
    )
    return label, say(lang, "silence.told" if feeds else "silence.told_state", feeds=feeds, state=state)


def silence_of_area(lang: Language, assessment: Assessment, area_id: str) -> list[str]:
    """A sentence for each silent feed that an area hangs on: those of the whole office, its own, and those of the area
    above."""
    here = ("", area_id, assessment.areas["parent_id"].get(area_id))
    return [silent_sentence(lang, assessment, feed) for feed in assessment.silent if feed.area_id in here]


def carried_column(lang: Language, shown: ShownTier) -> str:
    """For a cell of a table: for how many days a tier has been carried on, and until when; a dash where it is not."""
    if shown.why != "carried":
        return NOTHING
    until = short_day(lang, shown.carried_until) if shown.carried_until else ""
    return say(lang, "silence.column_until" if until else "silence.column", n=shown.carried, until=until)

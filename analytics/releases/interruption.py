"""What the bulletin says of feeds that are silent, and of tiers that are carried on because of them."""

from __future__ import annotations

from collections.abc import Iterator

from analytics.releases.compare import ReleaseContent
from analytics.releases.sentences import CitedFigure, Sentence, areas, sentence
from analytics.releases.trend import category_name
from analytics.scoring.silence import SilentFeed
from analytics.scoring.summary import carried_areas
from analytics.words import Phrase, keys, phrase


def interrupted(after: ReleaseContent) -> Iterator[Sentence]:
    """Which feeds are silent and what that does, so that nothing beside it reads as if things had got better."""
    held = after.assessment
    for number, feed in enumerate(held.silent):
        figures = {"name": CitedFigure(f"feed.{number}", feed_name(after, feed), "silent")}
        if feed.since:
            figures["since"] = CitedFigure(f"feed_since.{number}", feed.since, "silent")
        if feed.until:
            figures["until"] = CitedFigure(f"feed_until.{number}", feed.until, "silent")
        yield sentence(f"bulletin.silent_{way_of(feed)}", **figures)
    carried = tuple(held.areas.index[carried_areas(held)])
    if carried:
        yield sentence("bulletin.carried", areas=areas(CitedFigure("carried", len(carried), "tiers", carried)))


def way_of(feed: SilentFeed) -> str:
    """Whether a feed never reported, did not for some days, or has not since a day."""
    return "never" if feed.last is None else "over" if feed.until else "since"


def feed_name(told: ReleaseContent, feed: SilentFeed) -> str | Phrase:
    """How a feed is called; a word that the tables do not have stays as it is."""
    table = phrase(f"tables.{feed.table}")
    if feed.area_id:
        held = told.assessment
        name = held.parents.get(feed.area_id) or str(held.areas["name"].get(feed.area_id, feed.area_id))
        return phrase("silence.of_area", area=name, table=table)
    if not feed.column:
        return table
    entry = f"templates.word_{feed.column}_{feed.code}"
    return phrase(entry) if entry in keys() else category_name(feed.code)

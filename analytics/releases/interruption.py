"""What the bulletin says of feeds that are silent, of tiers that are carried on, and of days that are rated again."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.releases.compare import ReleaseContent
from analytics.releases.revision import revision_of
from analytics.releases.sentences import CitedFigure, Sentence, areas, sentence
from analytics.releases.trend import category_name
from analytics.scoring.assess import NO_OVERRIDE
from analytics.scoring.silence import SilentFeed
from analytics.scoring.summary import carried_areas, ordered_areas
from analytics.words import Phrase, keys, phrase


def interrupted(before: ReleaseContent | None, after: ReleaseContent) -> Iterator[Sentence]:
    """Which feeds are silent and what that does, so that nothing beside it reads as if things had got better: which
    tiers are carried on, and which of them are lower than ``before`` all the same."""
    held = after.assessment
    for number, feed in enumerate(held.silent):
        figures = {"name": CitedFigure(f"feed.{number}", silent_name(after, feed), "silent")}
        if feed.why == "out_of_date":
            figures["last"] = CitedFigure(f"feed_last.{number}", feed.last, "silent")
        elif feed.since:
            figures["since"] = CitedFigure(f"feed_since.{number}", feed.since, "silent")
        if feed.until:
            figures["until"] = CitedFigure(f"feed_until.{number}", feed.until, "silent")
        yield sentence(f"bulletin.silent_{way_of(feed)}", **figures)
    carried = held.areas.index[carried_areas(held)]
    lowered = carried[_lower(before, after, carried)]
    for entry, rows in (
        ("carried", tuple(carried.difference(lowered, sort=False))),
        ("carried_lowered", tuple(lowered)),
    ):
        if rows:
            yield sentence(f"bulletin.{entry}", areas=areas(CitedFigure(entry, len(rows), "tiers", rows)))


def _lower(before: ReleaseContent | None, after: ReleaseContent, carried: pd.Index) -> np.ndarray:
    """Which of the ``carried`` areas had a harder tier ``before``, that no person decided and no order demanded."""
    if before is None:
        return np.zeros(len(carried), dtype=bool)
    held = before.assessment
    by_rule = held.areas.index[(held.override_left[-1] == NO_OVERRIDE) & ~ordered_areas(held)]
    then, now = (
        pd.Series(told.shown[-1], index=told.areas.index).reindex(carried, fill_value=tiers.UNKNOWN_RANK)
        for told in (held, after.assessment)
    )
    return (carried.isin(by_rule) & (now < then)).to_numpy()


def revised(before: ReleaseContent, after: ReleaseContent) -> Iterator[Sentence]:
    """What came late, and which tiers of the day of ``before`` it corrects: no change of this time."""
    revision = revision_of(before, after)
    if revision is None:
        return
    day = CitedFigure("day.before", before.day, "release")
    if revision.late:
        late = CitedFigure("revision_late", abs(revision.late), "revision")
        yield sentence("bulletin.revision_late" if revision.late > 0 else "bulletin.revision_gone", n=late, day=day)
    for was, now in dict.fromkeys(revision.tiers.values()):
        rows = tuple(area for area, pair in revision.tiers.items() if pair == (was, now))
        told = [CitedFigure("name.after", after.called(area), "areas", (area,)) for area in rows]
        yield sentence(
            "bulletin.revision_tier",
            day=day,
            was=phrase(f"bulletin.tier_{was}"),
            now=phrase(f"bulletin.tier_{now}"),
            areas=areas(CitedFigure(f"revised.{was}.{now}", len(rows), "revision", rows)),
            names=phrase("bulletin.names", names=told),
        )


def way_of(feed: SilentFeed) -> str:
    """Whether a feed never reported, did not for some days, has not since a day, is waited for, or is out of date."""
    if feed.last is None:
        return "never"
    return "over" if feed.until else "since" if feed.why == "silent" else feed.why


def silent_name(told: ReleaseContent, feed: SilentFeed) -> str | Phrase:
    """How a feed is called; a word that the tables do not have stays as it is."""
    name: str | Phrase = phrase(f"tables.{feed.table}")
    if feed.column:
        entry = f"templates.word_{feed.column}_{feed.code}"
        name = phrase(entry) if entry in keys() else category_name(feed.code)
    if feed.area_id:
        return phrase("silence.of_area", area=told.called(feed.area_id), table=name)
    return name

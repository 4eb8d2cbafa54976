"""Feeds that are silent, in words: which, since when, and whom to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from analytics import tiers
from analytics.scheme.basics import required
from analytics.scoring import Assessment
from analytics.scoring.feed_overview import AreaFeeds, FeedState
from analytics.scoring.reasons import ShownTier
from analytics.scoring.silence import SilentFeed
from analytics.scoring.summary import carried_areas
from analytics.wording.dates import day_near, short_day
from analytics.wording.numbers import NOTHING
from analytics.words import Language, keys, say

FEEDS_NAMED = 3
AREAS_NAMED = 5
SOON = 14
"""Days within which a silence is told soon: as long as a tier is carried on by default."""


def feed_name(lang: Language, assessment: Assessment, feed: SilentFeed) -> str:
    """How a feed is called: 门诊, 发热, 走访巡查, 花径一村的事件."""
    own = {str(area_id): str(name) for area_id, name in assessment.areas["name"].items()} if feed.area_id else {}
    return feed_called(lang, feed, {**own, **assessment.parents})


def feed_called(lang: Language, feed: SilentFeed, areas: Mapping[str, str]) -> str:
    """The same with the names of ``areas`` by their ids."""
    table = say(lang, f"tables.{feed.table}")
    name = code_called(lang, feed.column, feed.code) if feed.column else table
    if feed.area_id:
        return say(lang, "silence.of_area", area=areas.get(feed.area_id, feed.area_id), table=name)
    return name


def code_called(lang: Language, column: str, code: str) -> str:
    """How a channel or a kind is called; a word that the tables do not have stays as it is."""
    for entry in (f"data.{column}_{code}", f"templates.word_{column}_{code}", f"categories.{code}"):
        if entry in keys():
            return say(lang, entry)
    return code


def silent_sentence(lang: Language, assessment: Assessment, feed: SilentFeed) -> str:
    """One feed: since when nothing came, or from when to when nothing had come."""
    return _sentence(lang, feed_name(lang, assessment, feed), feed, assessment.days[-1].date())


def _sentence(lang: Language, name: str, feed: SilentFeed, day: date) -> str:
    """The same as of a day."""
    if feed.last is None:
        return say(lang, "silence.never", name=name)
    since = day_near(lang, required(feed.since), day)
    if feed.until is not None:
        return say(lang, "silence.over", name=name, since=since, until=day_near(lang, feed.until, day))
    told = {"silent": "since", "waits": "waits", "out_of_date": "out_of_date"}[feed.why]
    last = day_near(lang, feed.last, day)
    return say(lang, f"silence.{told}", name=name, since=since, last=last, n=(day - feed.last).days)


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
    whys = {feed.why for feed in assessment.silent}
    label = say(lang, f"silence.label_{(whys.pop() if len(whys) == 1 else 'silent') if whys else 'incomplete'}")
    if not carried:
        return label, say(lang, "silence.told_feeds", feeds=feeds)
    numbers = {"carried": carried, "unknown": int((assessment.shown[-1] == tiers.UNKNOWN_RANK).sum())}
    state = say(lang, "reason.separator").join(
        say(lang, f"silence.{name}_{'one' if n == 1 else 'many'}", n=n) for name, n in numbers.items() if n
    )
    return label, say(lang, "silence.told" if feeds else "silence.told_state", feeds=feeds, state=state)


def silence_of_area(lang: Language, assessment: Assessment, area_id: str) -> list[str]:
    """A sentence for each silent feed that an area hangs on: those of the whole office, its own, and those of the area
    above and of areas in it."""
    here = ("", area_id, assessment.areas["parent_id"].get(area_id))
    own = (feed for feed in assessment.silent if feed.area_id in here or feed.in_area == area_id)
    return [silent_sentence(lang, assessment, feed) for feed in own]


def carried_column(lang: Language, shown: ShownTier) -> str:
    """For a cell of a table: for how many days a tier has been carried on, and until when; a dash where it is not."""
    if shown.why != "carried":
        return NOTHING
    until = short_day(lang, shown.carried_until) if shown.carried_until else ""
    return say(lang, "silence.column_until" if until else "silence.column", n=shown.carried, until=until)


def missing_sentences(lang: Language, found: Sequence[tuple[SilentFeed, date]], areas: Mapping[str, str]) -> list[str]:
    """A sentence for each feed that is owed, up to a day."""
    return [_sentence(lang, feed_called(lang, feed, areas), feed, until) for feed, until in found]


def state_line(lang: Language, state: FeedState) -> str:
    """One feed in a line: how it reports, by agreement or by its past, and how soon its silence would tell."""
    name = say(lang, f"tables.{state.table}")
    if state.column:
        name = say(lang, "feeds.of_table", table=name, feed=code_called(lang, state.column, state.code))
    return say(
        lang,
        "feeds.line",
        name=name,
        rows=f"{state.rows:,}",
        last=short_day(lang, state.last) if state.last else NOTHING,
        usual=f"{state.usual:.1f}",
        rhythm=rhythm(lang, state),
        told=told_after(lang, state),
    )


def areas_line(lang: Language, found: AreaFeeds, areas: Mapping[str, str]) -> str:
    """In how many areas the silence of a table would tell soon, late, or not at all, and which these last are."""
    days = list(found.told_after.values())
    hard = [areas.get(area_id, area_id) for area_id, told in found.told_after.items() if told is None]
    more = [say(lang, "silence.more", n=len(hard) - AREAS_NAMED)] if len(hard) > AREAS_NAMED else []
    return say(
        lang,
        "feeds.areas_line",
        table=table_called(lang, found.table),
        soon=sum(told is not None and told <= SOON for told in days),
        later=sum(told is not None and told > SOON for told in days),
        hard=len(hard),
        names=say(lang, "feeds.areas_names", names=[*hard[:AREAS_NAMED], *more]) if hard else "",
        never=say(lang, "feeds.never_told" if found.never_told else "feeds.never_not_told"),
    )


def rhythm(lang: Language, state: FeedState) -> str:
    """How often a feed reports, and how that is known."""
    if state.every is None:
        return say(lang, "feeds.every_none")
    return say(lang, "feeds.agreed" if state.agreed else "feeds.guessed", every=every_text(lang, state.every))


def every_text(lang: Language, every: int) -> str:
    """Every so many days; 0 is every working day."""
    words = {0: "working_day", 1: "day", 7: "week", 31: "month"}
    if every in words:
        return say(lang, f"templates.word_every_{words[every]}")
    return say(lang, "feeds.every_days", n=every)


def told_after(lang: Language, state: FeedState) -> str:
    """After how many days without records a feed's silence would tell."""
    if state.zero_report:
        return say(lang, "feeds.told_at_once")
    if state.told_after is None:
        return say(lang, "feeds.told_never")
    return say(lang, "feeds.told_after", n=state.told_after)


def state_rows(lang: Language, states: Sequence[FeedState]) -> list[dict[str, object]]:
    """The feeds as rows of a table; ``part``: one of a table's feeds; ``by``: over the first by channel or by kind,
    that it is."""
    rows: list[dict[str, object]] = []
    before = ("", "")
    for state in states:
        silent, by = state.silent, ""
        if state.column and (state.table, state.column) != before:
            by = say(lang, "feeds.by_channel" if state.column == "channel" else "feeds.by_kind")
        before = (state.table, state.column)
        words = ""
        if silent is not None:
            words = say(lang, "feeds.silent_since", since=short_day(lang, required(silent.since)))
        rows.append(
            {
                "name": code_called(lang, state.column, state.code)
                if state.column
                else table_called(lang, state.table),
                "part": bool(state.column),
                "by": by,
                "last": short_day(lang, state.last) if state.last else NOTHING,
                "usual": f"{state.usual:.1f}",
                "rhythm": rhythm(lang, state),
                "told": told_after(lang, state),
                "silent": words,
            }
        )
    return rows


def table_called(lang: Language, table: str) -> str:
    """How a table of records is called."""
    return say(lang, f"tables.{table}")


def agreement_rows(lang: Language, states: Sequence[FeedState]) -> list[dict[str, object]]:
    """What was agreed, in the words of a file; where nothing was, what the past suggests of channels."""
    rows = [state for state in states if state.agreed] or [
        state for state in states if state.column == "channel" and state.every is not None
    ]
    return [
        {
            "table": say(lang, f"templates.word_table_{state.table}"),
            "feed": _in_a_file(lang, state) if state.column else "",
            "unit": state.unit,
            "every": every_text(lang, required(state.every)),
            "by_hour": state.by_hour,
            "zero_report": state.zero_report,
            "post": state.post,
            "since": state.since,
        }
        for state in rows
    ]


def _in_a_file(lang: Language, state: FeedState) -> str:
    """A channel or kind as a template has it, which is read again."""
    entry = f"templates.word_{state.column}_{state.code}"
    return say(lang, entry) if entry in keys() else code_called(lang, state.column, state.code)

"""The reminder sheet (催报单): to one unit, which reports are missing, since when, and by when to answer. One A4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from analytics import PROGRAM
from analytics.briefing.typesetting import typeset
from analytics.scoring.silence import SilentFeed
from analytics.wording.dates import day_near, short_day
from analytics.wording.silence import feed_called
from analytics.words import Language, day, say

REPLY_BY = "12:00"
"""Of the day on which the sheet is made."""


def reminder(
    lang: Language, number: int, unit: str, owed: Sequence[tuple[SilentFeed, date]], today: date,
    areas: Mapping[str, str],
) -> bytes:  # fmt: skip
    """The sheet as a PDF. ``owed``: each feed and the last day for which its report is missing; ``areas``: names by id.

    Raises :class:`BriefingError` where the font lacks a sign or the typesetter does not finish.
    """
    rows = []
    for feed, until in owed:
        since = feed.since
        days = (until - since).days + 1 if since else 0
        rows.append(
            {
                "feed": feed_called(lang, feed, areas),
                "last": day_near(lang, feed.last, until) if feed.last else say(lang, "reminder.never"),
                "missing": _days(lang, since, until, days),
                "basis": say(lang, "reminder.agreed" if feed.agreed else "reminder.guessed"),
                "post": feed.post or say(lang, "reminder.no_post"),
            }
        )
    heads = ("feed", "last", "missing", "basis", "post")
    return typeset(
        "reminder",
        {
            "lang": lang,
            "program": PROGRAM,
            "title": say(lang, "reminder.title", number=number),
            "unit": say(lang, "reminder.unit", unit=unit or say(lang, "reminder.no_unit")),
            "lead": say(lang, "reminder.lead", n=len(rows)),
            "heads": [say(lang, f"reminder.head_{head}") for head in heads],
            "rows": [[row[head] for head in heads] for row in rows],
            "ask": say(lang, "reminder.ask"),
            "reply": say(lang, "reminder.reply_by", day=day(lang, today), hour=REPLY_BY),
            "answer": [say(lang, f"reminder.answer_{line}") for line in ("sent", "nothing", "later")],
            "made": say(lang, "reminder.made", day=day(lang, today)),
        },
        "pdf",
    )


def _days(lang: Language, since: date | None, until: date, days: int) -> str:
    if since is None:
        return say(lang, "reminder.all_days")
    if days == 1:
        return short_day(lang, until)
    return say(lang, "reminder.days", first=day_near(lang, since, until), last=short_day(lang, until), n=days)

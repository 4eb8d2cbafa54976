"""How days and moments are written where they are shorter than on official papers (`analytics.words.day`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from analytics.words import Language, day, say

AXIS_MONTHS: Mapping[Language, str] = {"zh": "%y年%-m月", "en": "%b %Y"}
"""Days on the axis of a chart (as d3 formats times) of more than a year."""

AXIS_DAYS: Mapping[Language, str] = {"zh": "%-m月%-d日", "en": "%-d %b"}
"""Of a shorter one."""

AXIS_DAYS_OVER_YEAR: Mapping[Language, str] = {"zh": "%-m月%-d日\n%Y年", "en": "%-d %b\n%Y"}
"""Of one whose labels have two lines: the second is the year, and is written where it changes."""

POINTER_DAYS: Mapping[Language, str] = {"zh": "%Y年%-m月%-d日", "en": "%-d %b %Y"}
"""At the pointer."""


def short_day(lang: Language, moment: date) -> str:
    """2月27日, 27 Feb."""
    return f"{moment.month}月{moment.day}日" if lang == "zh" else f"{moment.day} {moment:%b}"


def brief_day(lang: Language, moment: date) -> str:
    """2.27, 27 Feb: where there is no room for more."""
    return f"{moment.month}.{moment.day}" if lang == "zh" else short_day(lang, moment)


def day_near(lang: Language, moment: date, near: date) -> str:
    """The same, with its year where that is another than that of ``near``: 2021年2月27日, 27 Feb 2021."""
    told = short_day(lang, moment)
    if moment.year == near.year:
        return told
    return f"{moment.year}年{told}" if lang == "zh" else f"{told} {moment.year}"


def cut_off(lang: Language, moment: date) -> str:
    """截至2026年2月27日24时."""
    return say(lang, "page.cut_off", day=day(lang, moment))


def minute_text(moment: str) -> str:
    """A moment of the ledger (ISO 8601) to the minute: 2026-02-27 08:15."""
    return moment[:16].replace("T", " ")

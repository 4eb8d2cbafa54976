"""The closing of incidents in words: periods, rates with their two numbers, changes, and what they are counted by."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from analytics.response.closing import By, Closing, ClosingRow, Rate, Ratio
from analytics.response.periods import MONTHS_OF_A_QUARTER, Period
from analytics.store.closings import OPEN_DAYS
from analytics.wording.dates import day_near, short_day
from analytics.wording.numbers import NOTHING
from analytics.words import Language, is_there, say, signed

MAIN: tuple[Rate, ...] = ("closed", "on_time")
BESIDE: tuple[Rate, ...] = ("satisfied", "signed_for", "repeated", "returned")

SMALL_BASE = 30
"""Of fewer incidents one more or less moves a rate by more than three points. Ours."""

_SMALLEST, _LARGEST = 0.001, 0.999


def period_name(lang: Language, period: Period, now: Period | None = None) -> str:
    """A whole month or quarter by its name, anything else by its days: 2026年10月, 2026年第4季度, 10月25日—10月31日.
    Days of another year than those of ``now`` say it."""
    first, last, near = period.first, period.last, (now or period).last
    if period.over and period.kind == "month":
        month = first.month if lang == "zh" else f"{first:%B}"
        return say(lang, "closing.month", year=first.year, month=month)
    if period.over and period.kind == "quarter":
        return say(lang, "closing.quarter", year=first.year, n=(first.month - 1) // MONTHS_OF_A_QUARTER + 1)
    if first == last:
        return day_near(lang, last, near)
    if first.year != last.year:
        ends = day_near(lang, first, last), day_near(lang, last, first)
    elif lang == "zh":
        ends = day_near(lang, first, near), short_day(lang, last)
    else:
        ends = short_day(lang, first), day_near(lang, last, near)
    return say(lang, "closing.span", first=ends[0], last=ends[1])


def rate_text(rate: Ratio) -> str:
    """In percent with one decimal; 0% and 100% are said of none and of all alone; a dash of none there is."""
    if not rate.of:
        return NOTHING
    if rate.n in (0, rate.of):
        return f"{rate.share:.0%}"
    if rate.share < _SMALLEST:
        return f"<{_SMALLEST:.1%}"
    return f">{_LARGEST:.1%}" if rate.share > _LARGEST else f"{rate.share:.1%}"


def fraction_text(lang: Language, rate: Ratio) -> str:
    """236/264; nothing where there is nothing to be divided by."""
    return say(lang, "closing.fraction", n=f"{rate.n:,}", of=f"{rate.of:,}") if rate.of else ""


def change_text(lang: Language, points: float) -> str:
    """↑ 2.3, ↓ 0.4, that it stayed, or a dash."""
    if points != points:
        return NOTHING
    told = round(points, 1)
    return f"{'↑' if told > 0 else '↓'} {abs(told):.1f}" if told else say(lang, "closing.same")


def key_name(lang: Language, by: By, key: str | None, names: Mapping[str, str]) -> str:
    """How a channel, a kind or an area (by ``names``) is called; a word that the tables do not have stays as it is."""
    if key is None:
        return say(lang, f"closing.no_{by}")
    entry = {"channel": f"data.channel_{key}", "kind": f"categories.{key}"}.get(by, "")
    return say(lang, entry) if entry and is_there(entry) else names.get(key, key)


def row_texts(lang: Language, row: ClosingRow, name: str) -> dict[str, object]:
    """A row as a card shows it: ``name``, ``received``, and for each main rate its ``share``, ``fraction``, and the
    changes, each a text and whether it is worse."""
    return {
        "key": row.key,
        "name": name,
        "received": f"{row.now.received:,}",
        "rates": [
            {
                "share": rate_text(getattr(row.now, rate)),
                "fraction": fraction_text(lang, getattr(row.now, rate)),
                "changes": [
                    {"text": change_text(lang, points), "worse": round(points, 1) < 0}
                    for points in (row.change(rate), row.change(rate, year=True))
                ],
            }
            for rate in MAIN
        ],
    }


def age_names(lang: Language) -> list[str]:
    """The bands of days open."""
    between = [say(lang, "closing.age_between", first=before + 1, last=last) for before, last in pairwise(OPEN_DAYS)]
    first, last = say(lang, "closing.age_to", last=OPEN_DAYS[0]), say(lang, "closing.age_over", last=OPEN_DAYS[-1])
    return [first, *between, last]


def rate_part(lang: Language, row: ClosingRow, rate: Rate) -> str:
    """办结率88.5%（579/654）; a dash where there is nothing to be divided by."""
    return _part(lang, say(lang, f"closing.{rate}"), getattr(row.now, rate))


def _part(lang: Language, name: str, found: Ratio) -> str:
    if not found.of:
        return say(lang, "closing.part_none", rate=name)
    fraction = fraction_text(lang, found)
    return say(lang, "closing.part", rate=name, share=rate_text(found), fraction=fraction)


def summary(lang: Language, found: Closing) -> str:
    """The total in one sentence: how many came, the main rates and how they changed."""
    parts = [
        say(
            lang,
            "closing.part_changed",
            part=_part(lang, say(lang, f"closing.in_{rate}"), getattr(found.total.now, rate)),
            changes=[
                _change_said(lang, say(lang, f"closing.in_{name}"), found.total.change(rate, year=name == "year"))
                for name in (f"before_{found.period.kind}", "year")
            ],
        )
        for rate in MAIN
    ]
    of = {"period": period_name(lang, found.period), "received": found.total.now.received}
    return say(lang, "closing.summary", **of, parts=say(lang, "overview.clause_other").join(parts))


def _change_said(lang: Language, change: str, points: float) -> str:
    if points != points:
        return say(lang, "closing.nothing", change=change)
    told = round(points, 1)
    key = "closing.rose" if told > 0 else "closing.fell" if told else "closing.level"
    return say(lang, key, change=change, points=f"{abs(told):.1f}") if told else say(lang, key, change=change)


def open_line(lang: Language, found: Closing) -> str:
    """How many are open, and how many of them are overdue; that nobody knows, where no closing is ever told."""
    if not found.told:
        return say(lang, "closing.open_untold")
    row = found.total.now
    return say(lang, "closing.open_line", n=f"{row.open_in_all:,}", overdue=f"{row.overdue:,}")


def notes(lang: Language, found: Closing) -> list[str]:
    """What the figures are counted by, what they are held against, and what they leave out."""
    said = [say(lang, "closing.note_rates"), _compared(lang, found)]
    if None in found.compared or found.period.first < found.begins:
        said.append(say(lang, "closing.note_begins", day=found.begins))
    for one, later in zip(found.compared, found.begun_later, strict=True):
        if one is not None and later:
            channels = [key_name(lang, "channel", channel, {}) for channel in later]
            earlier = period_name(lang, one, found.period)
            said.append(say(lang, "closing.note_begun_later", channels=channels, period=earlier))
    if not found.period.over and any(found.compared):
        key = f"closing.note_not_over_{found.period.kind}"
        said.append(say(lang, key, n=found.period.days))
    if found.apart:
        said.append(say(lang, "closing.note_apart", n=f"{found.apart:,}"))
    if found.unclosed:
        channels = [key_name(lang, "channel", channel, {}) for channel in found.unclosed]
        said.append(say(lang, "closing.note_unclosed", channels=channels))
    if found.undated:
        said.append(say(lang, "closing.note_undated", n=f"{found.undated:,}"))
    if any(0 < getattr(row.now, rate).of < SMALL_BASE for row in found.rows for rate in MAIN):
        said.append(say(lang, "closing.note_small", n=SMALL_BASE))
    if found.interrupted:
        periods = [period_name(lang, one, found.period) for one in found.interrupted]
        said.append(say(lang, "closing.note_interrupted", periods=periods))
    return said


def _compared(lang: Language, found: Closing) -> str:
    before, year = (None if one is None else period_name(lang, one, found.period) for one in found.compared)
    if before and year:
        return say(lang, "closing.note_compared", before=before, year=year)
    if before:
        return say(lang, "closing.note_before", before=before)
    return say(lang, "closing.note_year", year=year) if year else say(lang, "closing.note_alone")


def points_text(points: float) -> str:
    """A change as a table has it: +2.3, −0.4, 0.0; a dash."""
    return NOTHING if points != points else signed(points, 1)

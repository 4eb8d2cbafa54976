"""What became of files: the account of each load, what to mend, and the list of loads, as parts of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analytics.drawing.cards import render
from analytics.loaders import Feed, Guess, LoadReport, PointsFound, column_label
from analytics.store import Added, Load
from analytics.words import Language, keys, phrase, say

UNMATCHED_TOLD = 5


def reports(lang: Language, loaded: Sequence[LoadReport]) -> str:
    """What was read, accepted, repaired and refused of every file, and what is worth knowing about it."""
    rows = [
        {
            "table": say(lang, f"tables.{report.table}"),
            "file": report.source,
            "figures": [
                ("read", f"{report.read:,}"),
                ("accepted", f"{report.accepted:,}"),
                ("repaired", f"{report.repaired_rows:,}"),
                ("refused", f"{len(report.refused):,}"),
            ],
            "span": _span(lang, report),
            "notes": notes(lang, report),
            "feeds": [_feed(lang, feed) for feed in report.feeds if feed.days > 1],
        }
        for report in loaded
    ]
    return render(lang, "reports.html", rows=rows)


def _span(lang: Language, report: LoadReport) -> str:
    if report.first_day is None:
        return "—"
    return say(lang, "data.from_to", first=report.first_day, last=report.last_day)


def notes(lang: Language, report: LoadReport) -> list[str]:
    """What is worth knowing about a file, a sentence each."""
    said = [note.text(lang) for note in report.notes]
    if report.points:
        said += _points(lang, report.points)
    for found in report.unmatched[:UNMATCHED_TOLD]:
        key = "data.unmatched" if found.suggestions else "data.unmatched_nothing"
        said.append(say(lang, key, written=found.written, rows=found.rows, suggestions=list(found.suggestions)))
    if len(report.unmatched) > UNMATCHED_TOLD:
        said.append(say(lang, "data.unmatched_more", n=len(report.unmatched) - UNMATCHED_TOLD))
    if report.dropped_private:
        said.append(say(lang, "data.dropped_private", columns=report.dropped_private))
    if report.unused:
        said.append(say(lang, "data.unused", columns=report.unused))
    return said


def _points(lang: Language, points: PointsFound) -> list[str]:
    said = [
        say(
            lang,
            "data.points",
            placed=f"{points.placed:,}",
            outside=f"{points.outside_all:,}",
            elsewhere=f"{points.outside_named:,}",
        )
    ]
    if points.swapped:
        said.append(say(lang, "data.points_swapped", n=f"{points.swapped:,}"))
    if points.looks_like:
        said.append(
            say(lang, "data.points_look_like", datum=f"{points.looks_like}", metres=f"{points.offset_m or 0:,.0f}")
        )
    return said


def _feed(lang: Language, feed: Feed) -> list[str]:
    channel = f"data.channel_{feed.feed}"
    return [
        say(lang, channel) if channel in keys() else feed.feed or say(lang, "data.whole_table"),
        f"{feed.rows:,}",
        f"{feed.first_day}",
        f"{feed.last_day}",
        f"{feed.days_with_records / feed.days:.0%}",
        say(lang, "data.n_days", n=feed.lag_days),
    ]


def stored(lang: Language, told: Sequence[tuple[LoadReport, Added]]) -> str:
    """Under which number each file was stored, or that it was there already."""
    return " ".join(
        say(
            lang,
            "data.loaded_before" if added.already else "data.loaded",
            file=report.source,
            number=added.already or added.number,
        )
        for report, added in told
    )


def report_title(lang: Language, whose: str) -> str:
    """The head of the account of ``whose`` files."""
    title = say(lang, "data.report_of", whose=whose)
    return render(lang, "title.html", title=title, hint=say(lang, "data.report_hint"))


def numbered(lang: Language, told: Sequence[tuple[LoadReport, Added]]) -> str:
    """Which loads these are."""
    return say(lang, "data.loads_numbered", numbers=[added.already or added.number for _, added in told])


def row_notes(lang: Language, loaded: Sequence[LoadReport], most: int) -> tuple[str, int]:
    """At most ``most`` repaired and refused rows, refused ones first; and how many there are.

    Which file and which worksheet is said where there is more than one.
    """
    found = [
        (kind, report, note)
        for kind, notes in (("refused", "refused"), ("repaired", "repaired"))
        for report in loaded
        for note in getattr(report, notes)
    ]
    rows = [
        {
            "file": report.source,
            "sheet": note.sheet or "—",
            "line": note.line,
            "reason": note.reason.text(lang),
            "column": note.column or "—",
            "outcome": say(lang, f"data.{kind}"),
        }
        for kind, report, note in found[:most]
    ]
    sheets = any(row["sheet"] != "—" for row in rows)
    return render(lang, "row_notes.html", rows=rows, files=len(loaded) > 1, sheets=sheets), len(found)


def history(lang: Language, loads: Sequence[Load]) -> str:
    """What was loaded into the store, newest first."""
    rows = [
        {
            "number": load.number,
            "when": f"{load.when.astimezone():%Y-%m-%d %H:%M}",
            "who": load.who,
            "table": say(lang, f"tables.{load.table}"),
            "file": load.source,
            "figures": [f"{number:,}" for number in (load.read, load.accepted, load.repaired, load.refused)],
            "status": say(lang, f"data.status_{load.status}"),
            "live": load.status == "live",
        }
        for load in loads
    ]
    return render(lang, "history.html", rows=rows)


def load_name(lang: Language, load: Load) -> str:
    """What a load is called in a list to choose from."""
    return say(lang, "data.load_named", number=load.number, table=phrase(f"tables.{load.table}"), file=load.source)


def guess_of(lang: Language, found: Guess, picked: Mapping[str, str]) -> str:
    """What of a file will be read (``picked``: column -> header, "" for none), and what will not, and why; which
    columns are needed and lacking, and which are only guessed."""
    read = [header for header in found.headers if header and header in picked.values()]
    left = [header for header in found.headers if header and header not in {*found.private, *picked.values()}]
    parts = [
        ("data.to_read", read),
        ("data.to_drop", list(found.private)),
        ("data.to_leave" if found.table != "areas" else "data.to_keep", left),
    ]
    lacking = [column for column in found.needed if not picked[column]]
    guessed = [column for column in found.unsure if picked[column] == found.columns[column]]
    notes = [("data.guess_needed", lacking), ("data.guess_unsure", guessed)]
    return render(
        lang,
        "notes.html",
        parts=[(say(lang, key), say(lang, "data.listed", all=headers or "—")) for key, headers in parts],
        notes=[
            say(lang, key, columns=[column_label(one).text(lang) for one in columns])
            for key, columns in notes
            if columns
        ],
    )


def headers_of(lang: Language, found: Guess) -> Mapping[str, str]:
    """What a column can be taken from: header → how it is shown; the empty header means that the file has none."""
    return {"": say(lang, "data.no_header")} | {
        header: header for header in found.headers if header and header not in found.private
    }

"""What became of files, in words: the account of each load, what to mend, and the list of loads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analytics.loaders import (
    Feed,
    Guess,
    LoadReport,
    PointsFound,
    PreviewColumn,
    UnknownWord,
    column_label,
    columns_of,
    missing_columns,
    needed_columns,
    preview_columns,
)
from analytics.loaders.coded import CLOSED_COLUMNS, OTHER
from analytics.loaders.rows import quotable
from analytics.office import local_time
from analytics.store import Added, Load
from analytics.store.undoing import UndoOutcome
from analytics.wording.numbers import NOTHING
from analytics.words import Language, Phrase, is_there, keys, phrase, say

UNMATCHED_TOLD = 5
UNREAD_SHOWN = 24
UNKNOWN_TOLD = 12
SWEEP_FILES = ("sweep_calls", "sweep_results")


def report_rows(lang: Language, loaded: Sequence[LoadReport]) -> list[dict[str, object]]:
    """What was read, accepted, repaired and refused of every file, and what is worth knowing about it."""
    return [
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


def _span(lang: Language, report: LoadReport) -> str:
    if report.first_day is None:
        return NOTHING
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
    said += unknown_notes(lang, report.table, report.unknown, report.recognised)
    if report.dropped_private:
        said.append(say(lang, "data.dropped_private", columns=report.dropped_private))
    if report.unused:
        said.append(say(lang, "data.unused", columns=report.unused))
    return said


def unknown_notes(
    lang: Language, table: str, unknown: Sequence[UnknownWord], headers: Mapping[str, str] | None = None
) -> list[str]:
    """The words of coded columns that nobody knows, a sentence a column: each with its rows and what it may mean.

    ``headers``: what the file calls its columns.
    """
    said = []
    for column in dict.fromkeys(one.column for one in unknown):
        found = [one for one in unknown if one.column == column]
        # What may mean something is told before what no scheme can ask for.
        found.sort(key=lambda one: one.guess is None)
        listed = [_unknown_word(lang, one) for one in found[:UNKNOWN_TOLD]]
        if len(found) > UNKNOWN_TOLD:
            listed.append(say(lang, "data.unknown_words_more", n=len(found) - UNKNOWN_TOLD))
        key = "data.unknown_words" if column in CLOSED_COLUMNS else "data.unknown_words_open"
        words = say(lang, "data.unknown_separator").join(listed)
        said.append(
            say(
                lang,
                key,
                column=(headers or {}).get(column) or column_heading(lang, table, column),
                n=len(found),
                words=words,
            )
        )
    return said


def _unknown_word(lang: Language, one: UnknownWord) -> str:
    told = {"word": quoted_word(one.word), "n": f"{one.rows:,}"}
    if one.guess:
        return say(lang, "data.unknown_word_guess", guess=code_label(lang, one.column, one.guess), **told)
    return say(lang, "data.unknown_word" if one.column in CLOSED_COLUMNS else "data.unknown_word_unused", **told)


def quoted_word(word: str) -> str:
    """A word of a file as a sentence may quote it."""
    return quotable(word)


def code_label(lang: Language, column: str, code: str) -> str:
    """A code as people read it; an age band, and a word that is no code, as it is."""
    key = "data.word_other" if code == OTHER else f"templates.word_{column}_{code}"
    return say(lang, key) if key in keys() else code


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
        said.append(say(lang, "data.points_look_like", datum=_datum(points), metres=f"{points.offset_m or 0:,.0f}"))
    return said


def _datum(points: PointsFound) -> Phrase:
    return phrase(f"data.datum_{points.looks_like}".lower())


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


def row_notes(lang: Language, loaded: Sequence[LoadReport], most: int) -> tuple[list[dict[str, object]], int]:
    """At most ``most`` repaired and refused rows, refused ones first; and how many there are."""
    found = [
        (kind, report, note) for kind in ("refused", "repaired") for report in loaded for note in getattr(report, kind)
    ]
    rows = [
        {
            "file": report.source,
            "sheet": note.sheet or NOTHING,
            "line": note.line,
            "reason": note.reason.text(lang),
            "column": note.column or NOTHING,
            "outcome": say(lang, f"data.{kind}"),
        }
        for kind, report, note in found[:most]
    ]
    return rows, len(found)


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


def numbered(lang: Language, told: Sequence[tuple[LoadReport, Added]]) -> str:
    """Which loads these are."""
    return say(lang, "data.loads_numbered", numbers=[added.already or added.number for _, added in told])


def load_rows(lang: Language, loads: Sequence[Load]) -> list[dict[str, object]]:
    """What was loaded into the store, in the order of ``loads``; numbers of rows stay numbers."""
    return [
        {
            "number": load.number,
            "when": f"{local_time(load.when):%Y-%m-%d %H:%M}",
            "who": load.who,
            "table": say(lang, f"tables.{load.table}"),
            "file": load.source,
            **{name: getattr(load, name) for name in ("read", "accepted", "repaired", "refused")},
            "status": say(lang, f"data.status_{load.status}"),
            "live": load.status == "live",
        }
        for load in loads
    ]


def load_name(lang: Language, load: Load) -> str:
    """What a load is called in a list to choose from."""
    return say(lang, "data.load_named", number=load.number, table=phrase(f"tables.{load.table}"), file=load.source)


def undo_plan(lang: Language, outcome: UndoOutcome) -> tuple[str, ...]:
    """What undoing a load does: which rows count no longer, which come back, and what stays as it is."""
    load = outcome.load
    said = [
        say(
            lang,
            "data.undo_plan" if outcome.counted else "data.undo_plan_idle",
            number=load.number,
            table=phrase(f"tables.{load.table}"),
            file=load.source,
            rows=f"{load.rows:,}",
        )
    ]
    for back in outcome.back:
        said.append(say(lang, "data.undo_back", number=back.number, file=back.source, rows=f"{back.rows:,}"))
    if outcome.given_back:
        said.append(say(lang, "data.undo_given_back", n=f"{outcome.given_back:,}"))
    if outcome.counted and load.table == "areas":
        said.append(say(lang, "data.undo_areas"))
    if outcome.counted:
        said.append(say(lang, "data.undo_tiers"))
    return tuple(said)


def preview_table(lang: Language, found: Guess, picked: Mapping[str, str]) -> dict[str, object]:
    """The first rows of a file under its headers, each with what it is taken for (``picked``: column -> header, "" for
    none), or why it is not read."""
    columns = preview_columns(found.preview, picked)
    # What is read is always shown; of the rest of a wide file only the beginning.
    left = [one for one in columns if not one.columns]
    beyond = {id(one) for one in left[UNREAD_SHOWN:]}
    shown = [one for one in columns if id(one) not in beyond]
    rows = zip(found.preview.lines, *(one.cells for one in shown), strict=True)
    return {
        "columns": [
            {"header": one.header or NOTHING, "field": _field(lang, found.table, one), "read": one.why == "read"}
            for one in shown
        ],
        "rows": [{"line": line, "cells": cells} for line, *cells in rows],
        "more": say(lang, "data.preview_more", n=len(beyond)) if beyond else "",
    }


def _field(lang: Language, table: str, column: PreviewColumn) -> str:
    if column.columns:
        return say(lang, "data.preview_columns", columns=[_heading(table, one) for one in column.columns])
    key = "kept_if_numbers" if column.why == "left" and table == "areas" else column.why
    return say(lang, f"data.preview_{key}")


def lacking(found: Guess, file: str, picked: Mapping[str, str]) -> tuple[Phrase, ...]:
    """What keeps a file from being loaded as ``picked``: a sentence for the needed columns that no header is taken for,
    and one for each that is taken from cells which are never read."""
    readable = {column for one in preview_columns(found.preview, picked) for column in one.columns}
    there = {column for column, header in picked.items() if header}
    said = []
    if missing := missing_columns(found.table, there):
        said.append(phrase("data.lacking", file=file, columns=[_any_of(found.table, group) for group in missing]))
    for group in missing_columns(found.table, readable):
        for column in group:
            if column in there - readable:
                column_name, header = _heading(found.table, column), picked[column]
                said.append(phrase("data.lacking_hidden", file=file, header=header, column=column_name))
    return tuple(said)


def _any_of(table: str, group: Sequence[str]) -> Phrase:
    *others, last = (phrase("data.position") if one == "lon" else _heading(table, one) for one in group)
    return phrase("data.any_of", columns=others, last=last) if others else last


def guess_notes(lang: Language, found: Guess, picked: Mapping[str, str]) -> list[str]:
    """What the content says, and which columns are only guessed."""
    guessed = [column for column in found.unsure if picked.get(column) == found.columns[column]]
    columns = [column_heading(lang, found.table, one) for one in guessed]
    told = [note.text(lang) for note in found.notes]
    return [*told, say(lang, "data.guess_unsure", columns=columns)] if columns else told


def mapped_columns(table: str) -> tuple[str, ...]:
    """The columns of ``table`` as they are asked for: first what a file cannot do without."""
    needed = [column for group in needed_columns(table) for column in group]
    if "lon" in needed:
        needed.insert(needed.index("lon") + 1, "lat")
    return tuple(dict.fromkeys((*needed, *columns_of(table))))


def column_asked(lang: Language, table: str, column: str) -> str:
    """A column as a list of headers is headed: whether it is needed, or one of several of which one is."""
    groups = [group for group in needed_columns(table) if column in group or (column == "lat" and "lon" in group)]
    key = "column_needed" if any(len(group) == 1 for group in groups) else "column_either" if groups else "column_open"
    return say(lang, f"data.{key}", column=_heading(table, column))


def headers_of(lang: Language, found: Guess) -> Mapping[str, str]:
    """What a column can be taken from: header → how it is shown; the empty header means that the file has none."""
    return {"": say(lang, "data.no_header")} | {
        header: header for header in found.headers if header and header not in found.private
    }


def position_lines(lang: Language, points: PointsFound) -> list[str]:
    """Where the positions of a file lie, a sentence each, with their share of all: as its workbook says it."""
    positions = points.placed + points.outside_all

    def counted(key: str, n: int) -> str:
        return say(lang, key, n=n, share=f"{n / positions:.1%}" if positions else NOTHING)

    said = [
        say(lang, "templates.report_placed", n=points.placed),
        counted("templates.report_outside_all", points.outside_all),
        counted("templates.report_outside_named", points.outside_named),
    ]
    if points.swapped:
        said.append(say(lang, "templates.report_swapped", n=points.swapped))
    if points.looks_like and points.offset_m is not None:
        metres = round(points.offset_m)
        said.append(say(lang, "templates.report_looks_like", datum=_datum(points), metres=metres))
    return said


def column_heading(lang: Language, table: str, column: str) -> str:
    """A canonical column as the templates head it; what is none, such as a figure of an area, by its own name. The
    files of a sweep have no template, and columns of their own."""
    if table in SWEEP_FILES:
        return say(lang, f"sweep.column_{column}")
    return _heading(table, column).text(lang) if column in columns_of(table) else column


def _heading(table: str, column: str) -> Phrase:
    key = f"templates.header_{table}_{column}"
    return phrase(key) if is_there(key) else column_label(column)

"""What the office says about its own feeds: agreements to report, and reports that nothing happened."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analytics.loaders import values
from analytics.loaders.cells import flag, moment, plain_word, post_or_department
from analytics.loaders.coded import OTHER, code_of, guessed_code, known_codes
from analytics.loaders.columns import column_label, full_key, is_count
from analytics.loaders.placing import known_areas
from analytics.loaders.records import Answer
from analytics.loaders.rows import Rows, quotable
from analytics.loaders.sheet import shown
from analytics.words import is_there, phrase

MappedWords = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Table -> column -> key of a word (`full_key`) -> code, or `OTHER`."""

EVERY_DAYS = {"day": 1, "working_day": 0, "week": 7, "month": 31}
"""How often a feed reports, as days; 0 stands for every working day."""

WORKING_DAY_EVERY = 1.4
"""Every how many days a working day comes."""

WORDS_TOLD = 5
_MOST_DAYS = 3660
_OF_INCIDENTS, _OF_CHECKS = (("incidents", "channel"), ("incidents", "category")), (("checks", "kind"),)
_HOUR = re.compile(r"([01]?[0-9]|2[0-4])(?:[:时點点]([0-5][0-9])?分?)?")
_DAYS = re.compile(r"([0-9]{1,4})(?:天|日|days?)?")


def load_agreements(rows: Rows, mapped: MappedWords) -> Answer:
    """One row a feed: how often it reports, by what hour, whether it says so when nothing happened, and whom to ask.
    ``mapped``: what the office says that words of the records mean."""
    rows.require("every")
    rows.refuse_blank("every")
    every = values.by_value(rows.cells("every"), _every_days).astype("float64")
    rows.refuse(every.isna(), "every", "loading.every_unread", value=rows.cells("every"))
    table, feed, column = _feed(rows, mapped)
    frame = pd.DataFrame(
        {
            "table": table,
            "column": column,
            "feed": feed,
            "unit": plain_word(rows, "unit"),
            "every_days": every.fillna(1),
            "by_hour": values.texts_by_value(rows.cells("by_hour"), _hour),
            "zero_report": flag(rows, "zero_report").fillna(value=False),
            "post": post_or_department(rows, "post"),
            # What was agreed today says nothing of the days before.
            "since": moment(rows, "since", may_lie_ahead=True).dt.normalize().fillna(pd.Timestamp(rows.today)),
        }
    )
    accepted = rows.accepted(frame).reset_index(drop=True).astype({"every_days": "int64"})
    return accepted, rows.report()


def load_reports(rows: Rows, areas: pd.DataFrame, mapped: MappedWords) -> Answer:
    """One row a report that nothing happened: of a feed, in an area or everywhere, from one day to another. ``mapped``:
    what the office says that words of the records mean."""
    rows.require("from_day")
    rows.refuse_blank("from_day")
    table, feed, column = _feed(rows, mapped)
    first = moment(rows, "from_day").dt.normalize()
    last = moment(rows, "to_day").dt.normalize().fillna(first)
    rows.refuse(last < first, "to_day", "loading.report_ends_early", first=first, last=last)
    for position, cells in rows.others().items():
        header = rows.sheet.headers[position]
        if is_count(header):
            happened = values.numbers(cells) > 0
            rows.refuse(happened, "from_day", "loading.report_counts", header=shown(header))
    frame = pd.DataFrame(
        {
            "table": table,
            "column": column,
            "feed": feed,
            "area_id": known_areas(rows, "area_id", areas),
            "from_day": first,
            "to_day": last,
        }
    )
    accepted = rows.accepted(frame).reset_index(drop=True)
    return accepted, rows.report(accepted["from_day"])


def _feed(rows: Rows, mapped: MappedWords) -> tuple[pd.Series, pd.Series, pd.Series]:
    """The table, the code and the column of each row's feed; a blank feed is the whole table.

    Of checks it is a kind. Of incidents a word that is a channel's is one, else that of a kind of incident is that
    kind, and any other is a channel's name, which is told. Where the table is blank the word says which it is.
    """
    cells = rows.cells("table")
    table = known_codes(cells, "feed_table")
    rows.refuse(cells.notna() & table.isna(), "table", "loading.feed_table_unknown", value=cells)
    written = plain_word(rows, "feed")
    any_table = {word: _meant_by(word, (*_OF_INCIDENTS, *_OF_CHECKS), mapped) for word in written.dropna().unique()}
    of_checks = written.map(lambda word: any_table[word].table == "checks", na_action="ignore").eq(other=True)
    table = table.fillna(pd.Series(np.where(of_checks, "checks", "incidents"), index=table.index, dtype="str"))
    columns = {"incidents": _OF_INCIDENTS, "checks": _OF_CHECKS}
    meant = {(of, word): _meant_by(word, columns[of], mapped) for of in columns for word in any_table}
    found = [meant.get((of, word)) for of, word in zip(table, written, strict=True)]
    unknown = pd.Series([one is not None and not one.known for one in found], index=table.index, dtype="bool")
    _tell_unknown(rows, written.where(unknown & rows.good), table)
    named, column = (
        pd.Series([getattr(one, name) if one else None for one in found], index=table.index, dtype="str")
        for name in ("code", "column")
    )
    return table, named, column


class _Meant(NamedTuple):
    """A feed: the ``code`` of a ``column`` of a ``table``; ``known``: somebody knows the word for it."""

    table: str
    column: str
    code: str
    known: bool


def _meant_by(word: str, columns: Sequence[tuple[str, str]], mapped: MappedWords) -> _Meant:
    """What a word means: as the office mapped it, or by the tables, in the first column that knows it; the name of a
    feed of the first column where none does."""
    for table, column in columns:
        code = mapped.get(table, {}).get(column, {}).get(full_key(word)) or code_of(column, word)
        if code:
            return _Meant(table, column, word if code == OTHER else code, known=True)
    return _Meant(*columns[0], word, known=False)


def _tell_unknown(rows: Rows, words: pd.Series, table: pd.Series) -> None:
    """That words of feeds are known to nobody, as of the words of other tables: which, how often, and what they may
    mean."""
    counted = pd.DataFrame({"word": words, "table": table}).dropna().value_counts()
    if counted.empty:
        return
    told = []
    for (word, of), n in counted.items():
        columns = _OF_CHECKS if of == "checks" else _OF_INCIDENTS
        guesses = ((column, guessed_code(of, column, word)) for _, column in columns)
        guess = next((f"templates.word_{column}_{code}" for column, code in guesses if code), "")
        said = {"word": quotable(str(word)), "n": f"{n:,}"}
        if is_there(guess):
            told.append(phrase("data.unknown_word_guess", **said, guess=phrase(guess)))
        else:
            told.append(phrase("data.unknown_word", **said))
    more = [phrase("data.unknown_words_more", n=len(told) - WORDS_TOLD)] if len(told) > WORDS_TOLD else []
    column = column_label("feed")
    rows.say(phrase("loading.feed_unknown", column=column, n=len(told), words=[*told[:WORDS_TOLD], *more]))


def _every_days(text: str) -> int | None:
    if code := code_of("every", text):
        return EVERY_DAYS[code]
    match = _DAYS.fullmatch("".join(text.split()).casefold())
    days = int(match[1]) if match else 0
    return days if match and days <= _MOST_DAYS else None


def _hour(text: str) -> str | None:
    match = _HOUR.fullmatch("".join(text.split()))
    return f"{int(match[1]):02}:{match[2] or '00'}" if match else None

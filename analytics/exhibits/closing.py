"""The exhibits of the closing of incidents: the rates with their numbers and changes; what was rated, repeated and sent
back; how long what is open has been open. And all of it as one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from analytics.exhibits.captions import Caption
from analytics.exhibits.exhibit import CaptionMaker, Exhibit, PendingExhibit, pending_table
from analytics.response.closing import Closing, ClosingRow, Rate
from analytics.wording import closing as wording
from analytics.wording.numbers import NOTHING
from analytics.words import Language, say

_NUMBERS: Mapping[Rate, tuple[str, str]] = {
    "closed": ("n_dated", "n_closed"),
    "on_time": ("n_due", "n_on_time"),
    "satisfied": ("n_rated", "n_satisfied"),
    "repeated": ("n_repeated_told", "n_repeated"),
    "returned": ("n_returned_told", "n_returned"),
    "signed_for": ("n_signed_for_told", "n_signed_for"),
}
"""The words for the two numbers of each rate, the one that divides first."""

Cells = dict[str, object]


def closing(
    lang: Language, caption: CaptionMaker, found: Closing, names: Mapping[str, str]
) -> tuple[PendingExhibit, ...]:
    """:func:`rates_table`, :func:`feedback_table` and :func:`ageing_table`, each over what it is counted by."""
    tables = {"rates": rates_table, "feedback": feedback_table, "ageing": ageing_table}
    return tuple(_pending(lang, caption, found, name, names, make) for name, make in tables.items())


def in_one(lang: Language, caption: CaptionMaker, found: Closing, names: Mapping[str, str]) -> Exhibit:
    """:func:`closing_table`."""
    return _pending(lang, caption, found, "rates", names, closing_table).make()


def rates_table(lang: Language, found: Closing, names: Mapping[str, str]) -> pd.DataFrame:
    """A row for each channel, kind or area (``names`` by id) and the total last: how many came; the main rates, their
    two numbers, and their changes in percentage points."""

    def cells(row: ClosingRow) -> Cells:
        made: Cells = {say(lang, "closing.received"): row.now.received}
        for rate in wording.MAIN:
            made |= _rate_cells(lang, row, rate)
            for change in (f"before_{found.period.kind}", "year"):
                head = {"rate": say(lang, f"closing.{rate}"), "change": say(lang, f"closing.{change}")}
                points = row.change(rate, year=change == "year")
                made[say(lang, "closing.change_column", **head)] = wording.points_text(points)
        return made

    return _table(lang, found, names, cells)


def feedback_table(lang: Language, found: Closing, names: Mapping[str, str]) -> pd.DataFrame:
    """The same rows: how many of the rated are satisfied, and of those told are signed for, repeated or sent back."""

    def cells(row: ClosingRow) -> Cells:
        made: Cells = {}
        for rate in wording.BESIDE:
            made |= _rate_cells(lang, row, rate)
        return made

    return _table(lang, found, names, cells)


def ageing_table(lang: Language, found: Closing, names: Mapping[str, str]) -> pd.DataFrame:
    """The same rows: what is open at the end of the period, by days open, and what of it is overdue."""

    def cells(row: ClosingRow) -> Cells:
        ages = zip(wording.age_names(lang), row.now.open, strict=True)
        made = {
            say(lang, "closing.open"): row.now.open_in_all,
            **{say(lang, "closing.age_column", age=age): n for age, n in ages},
            say(lang, "closing.overdue"): row.now.overdue,
        }
        untold = row.key in found.unclosed if found.by == "channel" and row is not found.total else not found.told
        return dict.fromkeys(made, NOTHING) if untold else made

    return _table(lang, found, names, cells)


def closing_table(lang: Language, found: Closing, names: Mapping[str, str]) -> pd.DataFrame:
    """All three side by side."""
    return pd.concat([make(lang, found, names) for make in (rates_table, feedback_table, ageing_table)], axis=1)


def _pending(
    lang: Language, caption: CaptionMaker, found: Closing, title: str, names: Mapping[str, str],
    make: Callable[[Language, Closing, Mapping[str, str]], pd.DataFrame],
) -> PendingExhibit:  # fmt: skip
    def with_notes() -> Caption:
        beside = caption()
        return replace(beside, lines=(*wording.notes(lang, found), *beside.lines))

    return pending_table(
        lang, f"closing.title_{title}", with_notes, lambda: make(lang, found, names),
        hint=wording.summary(lang, found), by=say(lang, f"closing.by_{found.by}"),
    )  # fmt: skip


def _rate_cells(lang: Language, row: ClosingRow, rate: Rate) -> Cells:
    ratio = getattr(row.now, rate)
    of, n = (say(lang, f"closing.{name}") for name in _NUMBERS[rate])
    # Of what was rated, repeated or sent back no number says nothing at all: nobody told.
    base = ratio.of if ratio.of or rate in wording.MAIN else NOTHING
    return {of: base, n: ratio.n if ratio.of else NOTHING, say(lang, f"closing.{rate}"): wording.rate_text(ratio)}


def _table(
    lang: Language, found: Closing, names: Mapping[str, str], cells: Callable[[ClosingRow], Cells]
) -> pd.DataFrame:
    named = [wording.key_name(lang, found.by, row.key, names) for row in found.rows]
    index = pd.Index([*named, say(lang, "closing.all")], name=say(lang, f"closing.col_{found.by}"))
    return pd.DataFrame([cells(row) for row in (*found.rows, found.total)], index=index)

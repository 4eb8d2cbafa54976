"""What became of files, as parts of a page: the account of each load, what to mend, and the list of loads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analytics.drawing.html import card_head, render
from analytics.loaders import MASK, Guess, LoadReport
from analytics.store import Load
from analytics.wording import loads as wording
from analytics.wording.numbers import NOTHING
from analytics.words import Language, say


def reports(lang: Language, loaded: Sequence[LoadReport]) -> str:
    """What was read, accepted, repaired and refused of every file, and what is worth knowing about it."""
    return render(lang, "reports.html", rows=wording.report_rows(lang, loaded))


def report_title(lang: Language, whose: str) -> str:
    """The head of the account of ``whose`` files."""
    return card_head(lang, say(lang, "data.report_of", whose=whose), say(lang, "data.report_hint"))


def row_notes(lang: Language, loaded: Sequence[LoadReport], most: int) -> tuple[str, int]:
    """At most ``most`` repaired and refused rows, refused ones first; and how many there are.

    Which file and which worksheet is said where there is more than one.
    """
    rows, every = wording.row_notes(lang, loaded, most)
    sheets = any(row["sheet"] != NOTHING for row in rows)
    return render(lang, "row_notes.html", rows=rows, files=len(loaded) > 1, sheets=sheets), every


def history(lang: Language, loads: Sequence[Load]) -> str:
    """What was loaded into the store, newest first."""
    return render(lang, "history.html", rows=wording.load_rows(lang, loads))


def preview(lang: Language, found: Guess, picked: Mapping[str, str]) -> str:
    """The first rows of a file under what its headers are taken for (``picked``: column -> header, "" for none), and
    which of these are only guessed."""
    table, notes = wording.preview_table(lang, found, picked), wording.guess_notes(lang, found, picked)
    return render(lang, "preview.html", **table, notes=notes, mask=MASK)

"""What became of what a check has found: told to its party, given a deadline, handed over to a department."""

from __future__ import annotations

import pandas as pd

from analytics.loaders.cells import moment, plain_word, post_or_department
from analytics.loaders.rows import Rows

FOLLOW_UP = ("told_at", "fix_by", "handed_to", "handed_number")
"""Of checks: when the party that has to put right a finding was told, by what day, and to which department it was
handed over under which number. Kept where a file has them: a file without them is stored as it always was."""


def follow_up(rows: Rows, checked_at: pd.Series) -> dict[str, pd.Series]:
    """Those of `FOLLOW_UP` that the file has. A day before that of the check cannot be right, and is left blank; a
    department without a number, or a number without one, is kept, and told."""
    found = {}
    if rows.has("told_at"):
        told = moment(rows, "told_at", or_blank=True)
        found["told_at"] = _not_before(rows, "told_at", "loading.told_early_blank", told, checked_at)
    if rows.has("fix_by"):
        due = moment(rows, "fix_by", may_lie_ahead=True, or_blank=True).dt.normalize()
        found["fix_by"] = _not_before(rows, "fix_by", "loading.fix_by_early_blank", due, checked_at)
    if rows.has("handed_to"):
        found["handed_to"] = post_or_department(rows, "handed_to")
    if rows.has("handed_number"):
        found["handed_number"] = plain_word(rows, "handed_number")
    if "handed_to" in found or "handed_number" in found:
        nothing = pd.Series(index=checked_at.index, dtype="str")
        department, number = (found.get(name, nothing) for name in ("handed_to", "handed_number"))
        rows.repair(number.notna() & department.isna(), "handed_number", "loading.handed_to_nobody")
        rows.repair(department.notna() & number.isna(), "handed_to", "loading.handed_without_number")
    return found


def _not_before(rows: Rows, column: str, key: str, read: pd.Series, checked_at: pd.Series) -> pd.Series:
    early = read.dt.normalize() < checked_at.dt.normalize()
    rows.repair(early, column, key, day=read, checked=checked_at)
    return read.mask(early)

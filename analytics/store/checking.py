"""Whether a store is as its log says: each commit, each file of rows and each report by its digest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from analytics.errors import StoreError
from analytics.store.commits import Commits, Compact, Load, Void
from analytics.store.disk import disk_troubles
from analytics.store.frames import verified
from analytics.store.reports import kept_report
from analytics.words import Phrase


def checked(home: Path) -> tuple[int, int, tuple[Phrase, ...]]:
    """The number of commits and of their files, and what is wrong with those that are damaged or lost.

    Raises :class:`StoreError` where the log itself cannot be read.
    """
    files = 0
    wrong: list[Phrase] = []
    with disk_troubles(home):
        commits = Commits(home / "commits").log().commits
        for commit in commits:
            for problem in _problems(home, commit):
                files += 1
                wrong += problem
    return len(commits), files, tuple(wrong)


def _problems(home: Path, commit: object) -> Iterator[tuple[Phrase, ...]]:
    """For each file of a commit what is wrong with it: nothing, or a sentence."""
    of = commit.as_load() if isinstance(commit, Compact) else commit
    if not isinstance(of, Load | Void):
        return
    for held in of.files:
        try:
            verified(home / "records", of, held)
        except StoreError as error:
            yield tuple(error.problems)
        else:
            yield ()
    if isinstance(of, Load) and of.report is not None:
        try:
            kept_report(home, of)
        except StoreError as error:
            yield tuple(error.problems)
        else:
            yield ()

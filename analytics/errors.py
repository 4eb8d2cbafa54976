"""Errors of a user's making: one family, whose text says what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from analytics.words import Language, Phrase, phrase


class UserError(Exception):
    """Something that the user can mend. ``text(lang)`` is the sentence to show; nothing was half done.

    A subclass says which part of the work stopped; ``problems`` are the sentences, one for each thing to mend.
    """

    def __init__(self, *problems: Phrase) -> None:
        super().__init__(*problems)
        self.problems: Sequence[Phrase] = problems

    @classmethod
    def because(cls, key: str, **params: object) -> Self:
        """The error that says one sentence of the word tables."""
        return cls(phrase(key, **params))

    def text(self, lang: Language) -> str:
        """All sentences, one a line."""
        return "\n".join(problem.text(lang) for problem in self.problems)

    def __str__(self) -> str:
        return self.text("en")


class UnconfirmedError(UserError):
    """Nothing was done, since it is done only when somebody says that it is meant: ``code`` is how that is said."""

    def __init__(self, code: str, problem: Phrase) -> None:
        super().__init__(problem)
        self.code = code
        self.codes: Sequence[str] = (code,)


class HeldLoadError(UnconfirmedError):
    """A load that waits: ``problems`` say what it would take away, the last of them what is asked. ``codes`` are the
    answers, the first of them to go on as told."""

    def __init__(self, codes: Sequence[str], *problems: Phrase) -> None:
        UserError.__init__(self, *problems)
        self.code, self.codes = codes[0], codes


class LoadError(UserError):
    """A file of records could not be loaded at all."""


class SchemeError(UserError):
    """A scheme file is wrong."""


class ScoringError(UserError):
    """The records and the scheme do not fit each other."""


class StoreError(UserError):
    """The store could not be read or written; nothing was half written."""


class AccessError(UserError):
    """The role of whoever asks does not allow it."""


class LedgerError(UserError):
    """The ledger could not be read or written, or no longer says what was once written."""


class ReleaseError(UserError):
    """A release could not be made or opened, or a file of it is not as it was."""


class BulletinError(UserError):
    """A bulletin says something that its release does not."""


class BriefingError(UserError):
    """A picture, slides or a paper could not be made; no file was written."""


class BackupError(UserError):
    """An archive of a home could not be made, or is not to be restored; nothing was put in place."""

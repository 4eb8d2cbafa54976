"""Which version of a scheme is in use: the one that was adopted last, else the one that ships."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analytics.errors import LedgerError, SchemeError
from analytics.scheme import Scheme, read_scheme
from analytics.scheme.basics import required
from analytics.scheme.builtin import builtin_scheme, builtin_text
from analytics.scheme.reading import scheme_from
from analytics.store.ledger import Ledger
from analytics.store.ledger_entries import SchemeVersion
from analytics.words import Phrase, phrase


@dataclass(frozen=True)
class CurrentScheme:
    """A scheme with the text of its file. ``adopted`` is its entry in the ledger, None where it ships or is a file;
    ``notice`` says that an adopted version cannot be read, and which one is used instead."""

    scheme: Scheme
    text: str
    adopted: SchemeVersion | None = None
    notice: Phrase | None = None


def current_scheme(ledger: Ledger, name: str) -> CurrentScheme:
    """The version in use of the scheme with this id; the file as it is where ``name`` is the path of one.

    Raises ``SchemeError`` where there is neither, and ``LedgerError`` where the adopted version cannot be read and none
    of its id ships.
    """
    scheme_id = name.removeprefix("reference/")
    adopted = _adopted(ledger, scheme_id)
    if builtin_scheme(scheme_id) is None and (adopted is None or Path(name).is_file()):
        file = Path(name)
        return CurrentScheme(read_scheme(file), file.read_text(encoding="utf-8-sig"))
    if adopted is None:
        return shipped(scheme_id)
    try:
        return CurrentScheme(_read(adopted.yaml_text), adopted.yaml_text, adopted)
    except SchemeError as error:
        told = {"scheme": scheme_id, "version": adopted.version, "number": adopted.number, "fault": error.problems[0]}
    if builtin_scheme(scheme_id) is None:
        raise LedgerError.because("scheme.adopted_unreadable", **told)
    return shipped(scheme_id, phrase("scheme.shipped_instead", **told))


def version_numbered(ledger: Ledger, number: int) -> SchemeVersion:
    """The saved scheme of this number in the ledger; raises ``LedgerError`` where there is none."""
    found = next((version for version in ledger.scheme_versions() if version.number == number), None)
    if found is None:
        raise LedgerError.because("ledger.no_scheme", number=number)
    return found


def _adopted(ledger: Ledger, scheme_id: str) -> SchemeVersion | None:
    found = [version for version in ledger.scheme_versions(scheme_id) if version.adopted]
    return max(found, key=lambda version: version.adopted or 0, default=None)


def shipped(scheme_id: str, notice: Phrase | None = None) -> CurrentScheme:
    """The scheme of this id that ships, which there has to be."""
    return CurrentScheme(required(builtin_scheme(scheme_id)), required(builtin_text(scheme_id)), notice=notice)


@lru_cache(maxsize=32)
def _read(text: str) -> Scheme:
    return scheme_from(text.encode(), "scheme.yaml")

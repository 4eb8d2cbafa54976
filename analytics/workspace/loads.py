"""Records on their way in and out: files that are loaded, loads that are taken back, and what can be taken along."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from analytics.errors import LoadError
from analytics.loaders import Datum, Guess, Loaded, LoadReport, UploadedBytes
from analytics.loaders.apart import guess_apart
from analytics.scoring.reporting import contradicted
from analytics.store import Added, Load, load_into
from analytics.store.commits import AreaChange, Compact, Void
from analytics.store.export import Exported
from analytics.store.guard_notes import spans
from analytics.store.loading import Asked
from analytics.store.plan import Seen
from analytics.store.undoing import UndoOutcome
from analytics.words import Language, Phrase, phrase
from analytics.workspace.datasets import require_own, store
from analytics.workspace.door import Workspace, door
from analytics.workspace.ledgers import own_ledger, record_loads
from analytics.workspace.recent import Recent

_MOST_GUESSES = 64
_guesses = Recent(_MOST_GUESSES)


@dataclass(frozen=True)
class Incoming:
    """A file of a table, and how it is to be read: the ``datum`` of its coordinates, and the headers of its columns
    where the guess was wrong (canonical column → header; None: as guessed, or as put right before); ``sheet``: the
    worksheet or layer, None for the one that fits; and what its words mean (``values``: canonical column → word → code;
    None: as they were mapped before)."""

    table: str
    file: Path | UploadedBytes
    datum: Datum = "WGS84"
    columns: Mapping[str, str | None] | None = field(default=None, hash=False)
    sheet: str | None = None
    values: Mapping[str, Mapping[str, str]] | None = field(default=None, hash=False)


@door("load")
def load_file(
    ws: Workspace, incoming: Incoming, progress: Callable[[float], None] | None = None, confirmed: str = ""
) -> tuple[Loaded, Added]:
    """Read a file and commit what was accepted, all of it or nothing; the audit trail tells of it.

    Raises ``HeldLoadError`` where a load takes more away than chance would, or where it has to be said whether it adds
    up with another; one of its ``codes`` as ``confirmed`` goes on.

    Raises ``LoadError`` when nothing could be read, ``StoreError`` when nothing was written, and ``LedgerError`` where
    the ledger refuses to be read or written: before anything is loaded.
    """
    own_ledger(ws)
    how = Asked(incoming.datum, incoming.columns, incoming.sheet, incoming.values, confirmed)
    loaded, added = load_into(store(ws), incoming.table, incoming.file, ws.today, ws.actor, how, progress)
    record_loads(ws)
    if loaded.table == "reports":
        added = replace(added, notes=(*added.notes, *_contradicted(ws, loaded)))
    return loaded, added


def _contradicted(ws: Workspace, loaded: Loaded) -> Iterator[Phrase]:
    """That something was reported on days of which a zero report says that nothing happened."""
    counts = require_own(ws).counts
    for (table, area), days in contradicted(counts, loaded.frame).items():
        name = phrase(f"tables.{table}")
        if area:
            name = phrase("silence.of_area", area=counts.areas["name"].get(area, area), table=name)
        yield phrase("feeds.zero_contradicted", name=name, n=len(days), days=spans([str(day) for day in days]))


@door("load")
def seen(ws: Workspace, incoming: Incoming) -> Seen | None:
    """The load of this very file, where to load it once more brings nothing; raises ``LoadError`` as `load_file`."""
    return store(ws).seen(incoming.table, incoming.file, incoming.datum)


@door("load")
def undoing(ws: Workspace, number: int) -> UndoOutcome:
    """What undoing a load would do; raises ``StoreError`` where it cannot be undone."""
    return store(ws).undoing(number)


@door("load")
def undo(ws: Workspace, number: int) -> tuple[Phrase, ...]:
    """Take a commit back; returns what was done, and then what the user should know."""
    own_ledger(ws)
    done = store(ws).undo(number, ws.actor)
    record_loads(ws)
    return done


@door("load")
def void(ws: Workspace, table: str, number: str, reason: str) -> Void:
    """Let one record count no longer; the audit trail tells of it, with the reason."""
    own_ledger(ws)
    done = store(ws).void(table, number, reason, ws.actor)
    record_loads(ws)
    return done


@door("load")
def change_areas(ws: Workspace, moves: Sequence[tuple[str, str]], day: date) -> AreaChange:
    """Say what became of areas on ``day``, as pairs of an old code and a new one."""
    own_ledger(ws)
    done = store(ws).change_areas(moves, day, ws.actor)
    record_loads(ws)
    return done


@door("load")
def compact(ws: Workspace) -> tuple[Compact, ...]:
    """Fold old loads into one file a table."""
    own_ledger(ws)
    done = store(ws).compact(ws.actor)
    record_loads(ws)
    return done


@door("read")
def corrections(ws: Workspace) -> tuple[Void | AreaChange | Compact, ...]:
    """Records that are void, areas that changed and loads that were folded, the newest first."""
    return store(ws).corrections()


@door("read")
def offered_moves(ws: Workspace) -> tuple[tuple[str, str], ...]:
    """What may have become of areas that left the list, by where their shapes lie: pairs of an old code and a new."""
    return store(ws).offered_moves()


@door("read")
def history(ws: Workspace) -> tuple[Load, ...]:
    """All loads of the office's own records, the newest first."""
    return store(ws).loads()


@door("load")
def load_report(ws: Workspace, number: int) -> LoadReport:
    """What load ``number`` said of its rows when it was made: for those who may mend them."""
    return store(ws).report(number)


@door("read")
def guessed(ws: Workspace, upload: str, table: str | None, file: UploadedBytes, sheet: str | None = None) -> Guess:
    """What an uploaded file, or one worksheet of it, is taken for; ``upload`` is the browser's own id of it, which no
    other file has."""
    found = _guess_of(upload, table, file, sheet)
    # What was put right for one file of a source holds for the next one, its table included.
    known = [one for one, key in found.source_keys.items() if store(ws).columns_for(key) is not None]
    if len(known) != 1 or known[0] == found.table or found.sure:
        return found
    return _guess_of(upload, known[0], file, sheet)


def _guess_of(upload: str, table: str | None, file: UploadedBytes, sheet: str | None) -> Guess:
    """What a file is taken for, or why it cannot be: either is found once, since a page asks at every turn, and a file
    that reaches a limit would take that long each time."""

    def made() -> Guess | LoadError:
        try:
            return guess_apart(file, table, sheet)
        except LoadError as error:
            return LoadError(*error.problems)

    found = _guesses.get((upload, table, sheet), made)
    if isinstance(found, LoadError):
        raise LoadError(*found.problems)
    return found


@door("read")
def remembered_columns(ws: Workspace, found: Guess) -> Mapping[str, str | None] | None:
    """How the headers of files like this one were put right; None if never."""
    return store(ws).columns_for(found.source_key)


@door("read")
def export(ws: Workspace, folder: Path) -> Exported:
    """Write all records that count as files that can be loaded again; with their ids in clear for who keeps them."""
    return store(ws).export(folder, ids_in_clear=ws.actor.may("load"))


@door("read")
def blank_template(ws: Workspace, table: str, lang: Language, *, made_up: bool) -> bytes:
    """An Excel file to fill in, which knows the office's areas."""
    from analytics.loaders.templates import template  # writes Excel, which takes long to import

    return template(table, lang, store(ws).known().areas, made_up=made_up, today=ws.today)
